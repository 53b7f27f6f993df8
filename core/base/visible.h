// visible.h -- a text as one line that can be seen: for documents that are made of somebody's names.
//
// What is no valid UTF-8, a control character or a character without a width is left out; a run of them between others
// becomes a blank. Each character goes through `put`, which escapes what has a meaning in the document's language.
#ifndef CORE_BASE_VISIBLE_H
#define CORE_BASE_VISIBLE_H

#include "core/base/strbuf.h"

typedef void PutCharacter(StrBuf *out, const char *p, size_t n);

// Hands the characters of `text` to `put` one by one. A run of those that cannot be seen becomes one space.
void visible_put(StrBuf *out, const char *text, PutCharacter *put);
// At most `most` characters of it, then an ellipsis.
void visible_put_short(StrBuf *out, const char *text, size_t most, PutCharacter *put);

#endif
