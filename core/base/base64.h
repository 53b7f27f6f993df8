// base64.h -- bytes as text and back, by the alphabet of RFC 4648 with its padding.
#ifndef CORE_BASE_BASE64_H
#define CORE_BASE_BASE64_H

#include "core/base/strbuf.h"

// The bytes of `text`; white space in it counts for nothing. NULL: it is no base64.
unsigned char *base64_decode(Arena *arena, const char *text, size_t *n);
void base64_encode(StrBuf *out, const unsigned char *bytes, size_t n);

#endif
