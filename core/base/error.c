#include "core/base/error.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define FORMAT_INTO(field, fmt)                                                                              \
    do {                                                                                                     \
        va_list args;                                                                                        \
        va_start(args, fmt);                                                                                 \
        vsnprintf((field), sizeof(field), (fmt), args);                                                      \
        va_end(args);                                                                                        \
    } while (0)

bool error_set(Error *err, ErrorCode code, const char *fmt, ...)
{
    if (!err)
        return false;
    *err = (Error){ .code = code };
    FORMAT_INTO(err->message, fmt);
    return false;
}

bool error_at(Error *err, ErrorCode code, SourcePos at, const char *fmt, ...)
{
    if (!err)
        return false;
    *err = (Error){ .code = code, .at = at };
    FORMAT_INTO(err->message, fmt);
    return false;
}

bool error_prefix(Error *err, const char *fmt, ...)
{
    if (!err)
        return false;
    char whole[sizeof(err->message)];
    FORMAT_INTO(whole, fmt);
    size_t n = strlen(whole);
    snprintf(whole + n, sizeof(whole) - n, "%s", err->message);
    memcpy(err->message, whole, sizeof(whole));
    return false;
}

bool error_hint(Error *err, const char *fmt, ...)
{
    if (err)
        FORMAT_INTO(err->hint, fmt);
    return false;
}

bool error_label(Error *err, const char *fmt, ...)
{
    if (err)
        FORMAT_INTO(err->label, fmt);
    return false;
}

bool error_detail(Error *err, const char *fmt, ...)
{
    if (err)
        FORMAT_INTO(err->detail, fmt);
    return false;
}

bool error_also(Error *err, SourcePos also, const char *label)
{
    if (err) {
        err->also = also;
        snprintf(err->also_label, sizeof(err->also_label), "%s", label ? label : "");
    }
    return false;
}

bool error_native(Error *err, const char *native)
{
    if (err)
        snprintf(err->native, sizeof(err->native), "%s", native ? native : "");
    return false;
}

int error_exit_status(ErrorCode code)
{
    static const int status[ERR_COUNT] = {
        [ERR_NONE] = 0,        [ERR_USAGE] = 2,  [ERR_CONFIG] = 2,        [ERR_SCHEMA] = 2,  [ERR_SCRIPT] = 2,
        [ERR_UNSUPPORTED] = 2, [ERR_IO] = 2,     [ERR_STATE] = 1,         [ERR_CONNECT] = 3, [ERR_SQL] = 3,
        [ERR_REVISION] = 4,    [ERR_LOCKED] = 5, [ERR_INTERRUPTED] = 130, [ERR_BUG] = 70,
    };
    return status[code];
}

Error *issues_add(Issues *issues, ErrorCode code, SourcePos at, const char *fmt, ...)
{
    Error *err = ARENA_NEW(issues->arena, Error);
    err->code = code;
    err->at = at;
    FORMAT_INTO(err->message, fmt);
    if (issues->last)
        issues->last->next = err;
    else
        issues->first = err;
    issues->last = err;
    issues->count++;
    return err;
}

bool issues_raise(const Issues *issues, Error *err)
{
    if (!issues->first)
        return true;
    if (err)
        *err = *issues->first;
    return false;
}

enum { LONGEST_WORD = 63 };

// Damerau-Levenshtein: inserted, left out, other and swapped characters each count as one. Three rows of the
// matrix are enough; the caller leaves out words longer than LONGEST_WORD.
static unsigned edit_distance(const char *a, size_t n, const char *b, size_t m)
{
    unsigned rows[3][LONGEST_WORD + 1];
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        unsigned *now = rows[i % 3], *up = rows[(i + 2) % 3], *up2 = rows[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            int x = tolower((unsigned char)a[i - 1]), y = tolower((unsigned char)b[j - 1]);
            unsigned best = up[j - 1] + (x != y);
            if (up[j] + 1 < best)
                best = up[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            bool swapped = i > 1 && j > 1 && x == tolower((unsigned char)b[j - 2]) &&
                           y == tolower((unsigned char)a[i - 2]);
            if (swapped && up2[j - 2] + 1 < best)
                best = up2[j - 2] + 1;
            now[j] = best;
        }
    }
    return rows[n % 3][m];
}

// `prod` for `production`.
static const char *only_beginning(const char *word, const char *const *candidates, size_t count)
{
    const char *found = NULL;
    size_t n = strlen(word);
    for (size_t i = 0; i < count && n > 2; i++) {
        if (strncasecmp(candidates[i], word, n) != 0)
            continue;
        if (found)
            return NULL;
        found = candidates[i];
    }
    return found;
}

const char *nearest_word(const char *word, const char *const *candidates, size_t count)
{
    size_t n = strlen(word);
    if (n == 0 || n > LONGEST_WORD)
        return NULL;
    const char *best = NULL;
    unsigned least = (unsigned)(n < 4 ? 2 : 1 + n / 3);
    for (size_t i = 0; i < count; i++) {
        size_t m = strlen(candidates[i]);
        if (m > LONGEST_WORD)
            continue;
        unsigned d = edit_distance(word, n, candidates[i], m);
        if (d < least && d < n) {
            least = d;
            best = candidates[i];
        }
    }
    return best ? best : only_beginning(word, candidates, count);
}
