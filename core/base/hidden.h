// hidden.h -- characters that a person does not see as what they are: controls, what turns the direction of writing, what
// has no width. All that is printed shows them escaped.
#ifndef CORE_BASE_HIDDEN_H
#define CORE_BASE_HIDDEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool code_is_hidden(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x061c ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x206f) || code == 0xfeff;
}

// The code point of a valid UTF-8 sequence of n bytes.
static inline uint32_t utf8_code(const char *text, size_t n)
{
    const unsigned char *p = (const unsigned char *)text;
    uint32_t code = n == 1 ? p[0] : p[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++)
        code = code << 6 | (p[i] & 0x3fu);
    return code;
}

#endif
