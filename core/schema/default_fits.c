#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/calendar.h"
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

static bool is_interval(const char *text)
{
    return strpbrk(text, "0123456789") != NULL || strcasecmp(text, "infinity") == 0 ||
           strcasecmp(text, "-infinity") == 0;
}

bool default_is_uuid(const char *text)
{
    size_t count = 0;
    for (const char *p = text; *p; p++) {
        count += isxdigit((unsigned char)*p) != 0;
        if (!isxdigit((unsigned char)*p) && !strchr("-{}", *p))
            return false;
    }
    return count == 32;
}

// A day that no calendar has; MySQL's 0000-00-00 is no day, and may be meant.
static bool is_no_day(const char *text)
{
    int year = 0, month = 0, day = 0, end = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 || year == 0)
        return false;
    return !is_calendar_day(year, month, day);
}

// 28.02.2026 and 2/28/2026: engines take the parts in different orders, or refuse them.
bool default_is_year_last(const char *text)
{
    const char *end = digits(text);
    return end - text <= 2 && (*end == '.' || *end == '/') && digits(end + 1) - end <= 3 &&
           *digits(end + 1) == *end;
}

// An hour, minute or second that no clock has. A span of MySQL's TIME is an expression: {sql: "'25:00'"}.
static bool is_no_time(const char *text)
{
    const char *colon = strchr(text, ':');
    if (!colon)
        return false;
    const char *from = colon;
    while (from > text && isdigit((unsigned char)from[-1]))
        from--;
    int hour = 0, minute = 0, second = 0;
    if (sscanf(from, "%4d:%2d:%2d", &hour, &minute, &second) < 2)
        return false;
    return hour > 24 || minute > 59 || second > 60 || (hour == 24 && (minute || second));
}

// 2024-05-31, 10:30, 2024-05-31 10:30:00.5+02, today's words of PostgreSQL that are constants: by the characters alone, for
// each engine checks the rest itself.
static bool is_moment(const char *text)
{
    static const char *const words[] = { "infinity", "-infinity", "epoch", "allballs" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return isdigit((unsigned char)text[0]) && strspn(text, "0123456789-:./+ TZ") == strlen(text) &&
           !is_no_day(text) && !default_is_year_last(text) && !is_no_time(text);
}

// 10:30:00 is no day: PostgreSQL refuses it, also before a date in digits, MySQL and MariaDB read its numbers as year, month
// and day, and SQLite's functions take 2000-01-01.
static bool is_day(const char *text)
{
    const char *end = digits(text);
    return is_moment(text) && (*end != ':' || end - text > 2);
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

// What a number must be to have room in a type; NULL: it has.
static const char *room_for_whole(Arena *arena, const char *portable, const char *text)
{
    static const struct {
        const char *type;
        long long least, greatest;
    } types[] = {
        {"integer",   INT32_MIN, INT32_MAX},
        { "smallint", INT16_MIN, INT16_MAX},
        { "bigint",   INT64_MIN, INT64_MAX},
        { "tinyint",  INT8_MIN,  INT8_MAX },
    };
    errno = 0;
    long long value = strtoll(text, NULL, 10);
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (strcmp(portable, types[i].type) == 0 &&
            (errno == ERANGE || value < types[i].least || value > types[i].greatest))
            return arena_printf(arena, "a whole number from %lld to %lld", types[i].least, types[i].greatest);
    return NULL;
}

static const char *room_for_number(Arena *arena, const char *portable, const char *text)
{
    int precision = 0, scale = 0;
    if (sscanf(portable, "numeric(%d,%d)", &precision, &scale) < 1 || scale < 0 || scale > precision)
        return NULL;
    const char *p = text + (*text == '-' || *text == '+');
    while (*p == '0')
        p++;
    const char *end = digits(p);
    bool plain = *end == '\0' || *end == '.';
    if (!plain || strpbrk(end, "eE") || end - p <= precision - scale)
        return NULL;
    return arena_printf(arena, "a number of at most %d digit%s before the point", precision - scale,
                        precision - scale == 1 ? "" : "s");
}

// Blanks at the end are cut by all engines that bound a text.
static const char *room_for_text(Arena *arena, const char *portable, const char *text)
{
    unsigned limit = 0, count = 0;
    if (sscanf(portable, "string(%u)", &limit) != 1 && sscanf(portable, "char(%u)", &limit) != 1)
        return NULL;
    size_t length = strlen(text);
    while (length && text[length - 1] == ' ')
        length--;
    for (size_t i = 0; i < length; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80; // not a byte that continues a character
    return count <= limit
               ? NULL
               : arena_printf(arena, "a text of at most %u character%s", limit, limit == 1 ? "" : "s");
}

const char *default_mismatch(Arena *arena, const Dialect *dialect, const char *type, const char *scalar)
{
    static const struct {
        const char *type, *what;
        bool (*is)(const char *);
    } kinds[] = {
        {"integer",    "a whole number",  is_whole       },
        { "smallint",  "a whole number",  is_whole       },
        { "bigint",    "a whole number",  is_whole       },
        { "tinyint",   "a whole number",  is_whole       },
        { "float",     "a number",        is_number      },
        { "double",    "a number",        is_number      },
        { "numeric",   "a number",        is_number      },
        { "boolean",   "true or false",   is_truth       },
        { "date",      "a date",          is_day         },
        { "time",      "a time",          is_moment      },
        { "datetime",  "a date and time", is_day         },
        { "timestamp", "a date and time", is_day         },
        { "interval",  "an interval",     is_interval    },
        { "uuid",      "a UUID",          default_is_uuid},
    };
    const char *portable = dialect->type_portable(arena, type);
    if (!portable || strchr(portable, '['))
        return NULL;
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (is_type(portable, kinds[i].type) && !kinds[i].is(scalar))
            return kinds[i].what;
    if (!(dialect->caps & BOUNDS_TEXT)) // SQLite keeps any number and any text in any column
        return NULL;
    const char *whole = room_for_whole(arena, portable, scalar);
    const char *number = whole ? whole : room_for_number(arena, portable, scalar);
    return number ? number : room_for_text(arena, portable, scalar);
}
