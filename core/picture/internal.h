// internal.h -- what the writers of pictures share.
#ifndef CORE_PICTURE_INTERNAL_H
#define CORE_PICTURE_INTERNAL_H

#include "core/picture/picture.h"

// Leaves the tables that the options ask for: picture_choose.c. Links between them stay.
bool picture_choose(Picture *picture, Error *err) MUST_USE;

// Calls `put` for each character of a text that is valid UTF-8 and no control character, with a blank in place of
// a run of the others: so a line stays a line and the document stays valid.
typedef void PutCharacter(StrBuf *out, const char *p, size_t n);
void picture_put_text(StrBuf *out, const char *text, PutCharacter *put);
// At most `most` characters of it, then an ellipsis.
void picture_put_short(StrBuf *out, const char *text, size_t most, PutCharacter *put);

// mermaid.c: the entity of one table, for picture_split to measure.
void picture_put_entity(const Picture *picture, size_t table, StrBuf *out);

#endif
