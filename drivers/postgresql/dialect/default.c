#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "drivers/postgresql/dialect/dialect.h"

static bool type_is_one_of(const char *type, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], type) == 0)
            return true;
    return false;
}

static const char *labelled(Arena *arena, const char *text, const char *type)
{
    StrBuf out;
    strbuf_init(&out, arena);
    pg_put_literal(&out, text);
    strbuf_printf(&out, "::%s", type);
    return out.text;
}

static const char *plain_literal(Arena *arena, const char *text)
{
    StrBuf out;
    strbuf_init(&out, arena);
    pg_put_literal(&out, text);
    return out.text;
}

// Digits with an optional sign; *negative says which.
static bool is_whole(const char *text, bool *negative)
{
    *negative = *text == '-';
    const char *p = text + (*text == '-' || *text == '+');
    if (!*p)
        return false;
    while (isdigit((unsigned char)*p))
        p++;
    return *p == '\0';
}

static bool is_decimal(const char *text)
{
    const char *p = text + (*text == '-');
    if (!isdigit((unsigned char)*p))
        return false;
    size_t points = 0;
    for (; *p; p++) {
        points += *p == '.';
        if (!isdigit((unsigned char)*p) && *p != '.')
            return false;
    }
    return points == 1 && p[-1] != '.';
}

// The server keeps a whole number as the smallest type that holds it and shows what is negative, or not an integer, as
// a labelled string.
static const char *whole_number(Arena *arena, const char *text, bool negative)
{
    while (*text == '+')
        text++;
    const char *digits = text + negative;
    while (*digits == '0' && digits[1])
        digits++;
    const char *number = negative && strcmp(digits, "0") != 0 ? arena_printf(arena, "-%s", digits) : digits;
    size_t n = strlen(digits);
    bool small = n < 10 || (n == 10 && strcmp(digits, "2147483647") <= 0);
    bool big = n < 19 || (n == 19 && strcmp(digits, "9223372036854775807") <= 0);
    if (small)
        return *number == '-' ? labelled(arena, number, "integer") : number;
    return labelled(arena, number, big ? "bigint" : "numeric");
}

static const char *boolean(const char *text, bool was_quoted)
{
    static const char *const yes[] = { "true", "t", "yes", "y", "on", "1" };
    static const char *const no[] = { "false", "f", "no", "n", "off", "0" };
    (void)was_quoted;
    for (size_t i = 0; i < COUNT_OF(yes); i++) {
        if (strcasecmp(text, yes[i]) == 0)
            return "true";
        if (strcasecmp(text, no[i]) == 0)
            return "false";
    }
    return NULL;
}

const char *pg_default_literal(Arena *arena, const char *type, const char *scalar, bool was_quoted)
{
    static const char *const whole[] = { "integer", "smallint", "bigint" };
    static const char *const number[] = { "numeric", "double precision", "real" };
    static const char *const labels[] = { "text",
                                          "character varying",
                                          "bpchar",
                                          "json",
                                          "jsonb",
                                          "uuid",
                                          "date",
                                          "inet",
                                          "cidr",
                                          "xml",
                                          "bytea",
                                          "interval",
                                          "timestamp without time zone",
                                          "timestamp with time zone",
                                          "time without time zone",
                                          "time with time zone" };
    if (!was_quoted && strcasecmp(scalar, "null") == 0)
        return "NULL";
    const char *bare = pg_type_bare(arena, type);
    bool negative = false;
    if (type_is_one_of(bare, whole, COUNT_OF(whole)) && is_whole(scalar, &negative))
        return whole_number(arena, scalar, negative);
    if (type_is_one_of(bare, number, COUNT_OF(number)) && !was_quoted) {
        if (is_whole(scalar, &negative))
            return whole_number(arena, scalar, negative);
        if (is_decimal(scalar))
            return *scalar == '-' ? labelled(arena, scalar, "numeric") : scalar;
    }
    const char *truth = strcmp(bare, "boolean") == 0 ? boolean(scalar, was_quoted) : NULL;
    if (truth)
        return truth;
    size_t n = strlen(bare);
    bool array = n > 2 && strcmp(bare + n - 2, "[]") == 0;
    if (array || type_is_one_of(bare, labels, COUNT_OF(labels)))
        return labelled(arena, scalar, bare);
    return plain_literal(arena, scalar);
}
