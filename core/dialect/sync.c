#include "core/dialect/sync.h"

#include <string.h>

const char *sync_text(Arena *arena, const Dialect *dialect, const char *pattern, const ColumnNames *names)
{
    StrBuf out;
    strbuf_init(&out, arena);
    for (const char *p = pattern; *p;) {
        if (strncmp(p, "{row}", 5) == 0)
            strbuf_puts(&out, names->row);
        else if (*p == '{')
            dialect->put_identifier(&out, p[1] == 'a' ? names->a : p[1] == 'b' ? names->b : names->table);
        else
            strbuf_putc(&out, *p);
        p += *p == '{' ? strcspn(p, "}") + 1 : 1;
    }
    return out.text;
}
