#include "core/dialect/value.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/strbuf.h"

typedef struct Placeholder {
    const char *text;
    const char *format; // of an unsigned long long
    unsigned shift, mask;
    unsigned add;
} Placeholder;

const char *value_numbered(Arena *arena, const char *text, unsigned long long n)
{
    static const Placeholder known[] = {
        {"{n}",    "%llu",    0,  0,    0},
        { "{n+1}", "%llu",    0,  0,    1},
        { "{a}",   "%llu",    16, 0xff, 0},
        { "{b}",   "%llu",    8,  0xff, 0},
        { "{c}",   "%llu",    0,  0xff, 0},
        { "{x}",   "%012llx", 0,  0,    0},
    };
    StrBuf out;
    strbuf_init(&out, arena);
    for (const char *p = text; *p;) {
        const Placeholder *found = NULL;
        for (size_t i = 0; *p == '{' && i < COUNT_OF(known); i++)
            if (strncmp(p, known[i].text, strlen(known[i].text)) == 0)
                found = &known[i];
        if (!found) {
            strbuf_putc(&out, *p++);
            continue;
        }
        unsigned long long value = (n >> found->shift) + found->add;
        value = found->mask ? value & found->mask : value;
        strbuf_printf(&out, found->format[2] == '1' ? "%012llx" : "%llu", value);
        p += strlen(found->text);
    }
    return out.text;
}
