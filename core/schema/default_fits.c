#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/schema/read.h"

// Is a scalar a value of a portable type? What it is not would be stored as something else (SQLite), frozen at the moment of
// the upgrade ('now()' of PostgreSQL), or refused by the server when the revision runs.

static const char *digits(const char *p)
{
    while (isdigit((unsigned char)*p))
        p++;
    return p;
}

static bool is_whole(const char *text)
{
    const char *p = text + (*text == '-' || *text == '+');
    return *p && *digits(p) == '\0';
}

static bool is_number(const char *text)
{
    static const char *const words[] = { "nan", "inf", "infinity" };
    const char *p = text + (*text == '-' || *text == '+');
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcasecmp(p, words[i]) == 0)
            return true;
    const char *end = digits(p);
    size_t count = (size_t)(end - p);
    if (*end == '.') {
        p = end + 1;
        end = digits(p);
        count += (size_t)(end - p);
    }
    if (count && (*end == 'e' || *end == 'E')) {
        p = end + 1 + (end[1] == '-' || end[1] == '+');
        end = digits(p);
        count = (size_t)(end - p);
    }
    return count && *end == '\0';
}

// 2024-05-31, 10:30, 2024-05-31 10:30:00.5+02, today's words of PostgreSQL that are constants: by the characters alone, for
// each engine checks the rest itself.
static bool is_moment(const char *text)
{
    static const char *const words[] = { "infinity", "-infinity", "epoch", "allballs" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return isdigit((unsigned char)text[0]) && strspn(text, "0123456789-:./+ TZ") == strlen(text);
}

static bool is_truth(const char *text)
{
    static const char *const words[] = { "true", "false", "t", "f", "yes", "no", "on", "off" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return is_whole(text);
}

static bool is_type(const char *portable, const char *name)
{
    size_t n = strlen(name);
    return strncmp(portable, name, n) == 0 && (portable[n] == '\0' || portable[n] == '(');
}

const char *default_mismatch(Arena *arena, const Dialect *dialect, const char *type, const char *scalar)
{
    static const struct {
        const char *type, *what;
        bool (*is)(const char *);
    } kinds[] = {
        {"integer",    "a whole number",  is_whole },
        { "smallint",  "a whole number",  is_whole },
        { "bigint",    "a whole number",  is_whole },
        { "tinyint",   "a whole number",  is_whole },
        { "float",     "a number",        is_number},
        { "double",    "a number",        is_number},
        { "numeric",   "a number",        is_number},
        { "boolean",   "true or false",   is_truth },
        { "date",      "a date",          is_moment},
        { "time",      "a time",          is_moment},
        { "datetime",  "a date and time", is_moment},
        { "timestamp", "a date and time", is_moment},
    };
    const char *portable = dialect->type_portable(arena, type);
    for (size_t i = 0; portable && i < COUNT_OF(kinds); i++)
        if (is_type(portable, kinds[i].type) && !strchr(portable, '['))
            return kinds[i].is(scalar) ? NULL : kinds[i].what;
    return NULL;
}
