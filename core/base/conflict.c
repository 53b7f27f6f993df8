#define _GNU_SOURCE
#include "core/base/conflict.h"

#include <string.h>

// Where the next line begins so, from `from` on, which begins a line; NULL: nowhere.
static const char *line_that_begins(Text text, const char *from, const char *mark)
{
    const char *end = text.p + text.n;
    size_t n = strlen(mark);
    for (const char *at = from; at && at < end; at++) {
        at = memmem(at, (size_t)(end - at), mark, n);
        if (!at || at == text.p || at[-1] == '\n')
            return at;
    }
    return NULL;
}

unsigned conflict_line(Text text)
{
    const char *begins = text.n ? line_that_begins(text, text.p, "<<<<<<< ") : NULL;
    const char *between = begins ? line_that_begins(text, begins, "=======") : NULL;
    if (!between || !line_that_begins(text, between, ">>>>>>> "))
        return 0;
    unsigned line = 1;
    for (const char *p = text.p; p < begins; p++)
        line += *p == '\n';
    return line;
}

bool conflict_begins(Text text, const char *at)
{
    const size_t rest = (size_t)(text.p + text.n - at);
    if (rest < 7 || (at > text.p && at[-1] != '\n'))
        return false;
    if (memcmp(at, "=======", 7) == 0)
        return rest == 7 || at[7] == '\n' || at[7] == '\r';
    return rest > 7 && at[7] == ' ' && (memcmp(at, "<<<<<<<", 7) == 0 || memcmp(at, ">>>>>>>", 7) == 0);
}

unsigned conflict_mark_line(Text text)
{
    unsigned line = 1;
    for (const char *at = text.p, *end = text.p + text.n; at && at < end; line++) {
        if (conflict_begins(text, at))
            return line;
        at = memchr(at, '\n', (size_t)(end - at));
        at = at ? at + 1 : NULL;
    }
    return 0;
}

bool conflict_error(Error *err, ErrorCode code, SourcePos at)
{
    at.column = 1;
    at.length = 7;
    error_at(err, code, at, "a merge conflict is not resolved here");
    return error_hint(err, "Keep what is right of both sides, and remove the lines that begin with "
                           "<<<<<<<, ======= and >>>>>>>.");
}
