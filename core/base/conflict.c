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

bool conflict_error(Error *err, ErrorCode code, SourcePos at)
{
    at.column = 1;
    at.length = 7;
    error_at(err, code, at, "a merge conflict is not resolved here");
    return error_hint(err, "Keep what is right of both sides, and remove the lines that begin with "
                           "<<<<<<<, ======= and >>>>>>>.");
}
