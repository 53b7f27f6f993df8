#include "core/base/base64.h"

#include <ctype.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

unsigned char *base64_decode(Arena *arena, const char *text, size_t *n)
{
    unsigned char *out = arena_alloc(arena, strlen(text) / 4 * 3 + 4);
    unsigned bits = 0, digits = 0, padding = 0;
    *n = 0;
    for (; *text; text++) {
        if (isspace((unsigned char)*text))
            continue;
        const char *at = *text == '=' ? NULL : strchr(alphabet, *text);
        if (*text == '=' ? ++padding > 2 : !at || padding)
            return NULL;
        bits = bits << 6 | (at ? (unsigned)(at - alphabet) : 0);
        if (++digits % 4)
            continue;
        for (int shift = 16; shift >= 0; shift -= 8)
            out[(*n)++] = (unsigned char)(bits >> shift & 0xff);
        *n -= padding;
    }
    return digits % 4 ? NULL : out;
}

void base64_encode(StrBuf *out, const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i += 3) {
        size_t left = n - i;
        unsigned bits = (unsigned)bytes[i] << 16 | (left > 1 ? (unsigned)bytes[i + 1] << 8 : 0) |
                        (left > 2 ? bytes[i + 2] : 0);
        strbuf_putc(out, alphabet[bits >> 18]);
        strbuf_putc(out, alphabet[bits >> 12 & 63]);
        strbuf_putc(out, left > 1 ? alphabet[bits >> 6 & 63] : '=');
        strbuf_putc(out, left > 2 ? alphabet[bits & 63] : '=');
    }
}
