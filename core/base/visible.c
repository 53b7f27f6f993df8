#include "core/base/visible.h"

#include <string.h>

#include "core/base/hidden.h"

// Appends at most `most` characters; says whether there were more.
static bool put_characters(StrBuf *out, const char *text, size_t most, PutCharacter *put)
{
    size_t n = strlen(text), shown = 0;
    bool blank = false, any = false;
    for (size_t i = 0; i < n;) {
        size_t length = utf8_sequence(text + i, n - i);
        bool hidden = !length || code_is_hidden(utf8_code(text + i, length));
        if (hidden) {
            blank = any;
            i += length ? length : 1;
            continue;
        }
        if (shown + blank >= most)
            return true;
        if (blank)
            put(out, " ", 1);
        put(out, text + i, length);
        shown += 1 + (size_t)blank;
        any = true;
        blank = false;
        i += length;
    }
    return false;
}

void visible_put(StrBuf *out, const char *text, PutCharacter *put)
{
    put_characters(out, text, SIZE_MAX, put);
}

void visible_put_short(StrBuf *out, const char *text, size_t most, PutCharacter *put)
{
    if (put_characters(out, text, most, put))
        put(out, "…", strlen("…"));
}
