#include "core/lint/types.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/base.h"

typedef struct KnownType {
    const char *word;
    HoldKind kind;
    unsigned digits, scale; // without arguments
    bool zoned;
} KnownType;

// Longer words first where one begins another.
static const KnownType known[] = {
    {"tinyint",                   HOLDS_INTEGER, 8,          0,         false},
    { "smallint",                 HOLDS_INTEGER, 16,         0,         false},
    { "mediumint",                HOLDS_INTEGER, 24,         0,         false},
    { "integer",                  HOLDS_INTEGER, 32,         0,         false},
    { "int",                      HOLDS_INTEGER, 32,         0,         false},
    { "bigint",                   HOLDS_INTEGER, 64,         0,         false},
    { "numeric",                  HOLDS_NUMBER,  HOLDS_ANY,  HOLDS_ANY, false},
    { "decimal",                  HOLDS_NUMBER,  HOLDS_ANY,  HOLDS_ANY, false},
    { "real",                     HOLDS_FLOAT,   32,         0,         false},
    { "float",                    HOLDS_FLOAT,   32,         0,         false},
    { "double precision",         HOLDS_FLOAT,   64,         0,         false},
    { "double",                   HOLDS_FLOAT,   64,         0,         false},
    { "character varying",        HOLDS_TEXT,    HOLDS_ANY,  0,         false},
    { "varchar",                  HOLDS_TEXT,    HOLDS_ANY,  0,         false},
    { "character",                HOLDS_TEXT,    1,          0,         false},
    { "char",                     HOLDS_TEXT,    1,          0,         false},
    { "citext",                   HOLDS_TEXT,    HOLDS_ANY,  0,         false},
    { "tinytext",                 HOLDS_TEXT,    255,        0,         false},
    { "text",                     HOLDS_TEXT,    65535,      0,         false},
    { "mediumtext",               HOLDS_TEXT,    16777215,   0,         false},
    { "longtext",                 HOLDS_TEXT,    4294967294, 0,         false},
    { "timestamp with time zone", HOLDS_TIME,    1,          6,         true },
    { "timestamptz",              HOLDS_TIME,    1,          6,         true },
    { "timestamp",                HOLDS_TIME,    1,          HOLDS_ANY, false},
    { "datetime",                 HOLDS_TIME,    1,          0,         false},
    { "time",                     HOLDS_TIME,    0,          HOLDS_ANY, false},
    { "date",                     HOLDS_DATE,    1,          0,         false},
};

static bool begins(const char *type, const char *word)
{
    size_t n = strlen(word);
    return strncasecmp(type, word, n) == 0 && (!type[n] || type[n] == ' ' || type[n] == '(');
}

// PostgreSQL writes timestamp(3) without time zone; MySQL's timestamp has no digits where none are written.
static void read_time(const char *type, bool given, Holds *out)
{
    out->zoned |= strstr(type, "with time zone") != NULL;
    if (!given && out->scale == HOLDS_ANY)
        out->scale = strstr(type, "time zone") ? 6 : 0;
}

Holds type_holds(const char *type, bool mysql)
{
    Holds out = { .kind = HOLDS_OTHER };
    if (!type || strchr(type, '['))
        return out;
    for (size_t i = 0; i < COUNT_OF(known) && out.kind == HOLDS_OTHER; i++)
        if (begins(type, known[i].word))
            out = (Holds){ known[i].kind, known[i].digits, known[i].scale, false, known[i].zoned };
    if (!mysql && strcasecmp(type, "text") == 0)
        out.digits = HOLDS_ANY;
    out.is_unsigned = strstr(type, "unsigned") != NULL;
    const char *open = strchr(type, '(');
    char *end = NULL;
    unsigned first = open ? (unsigned)strtoul(open + 1, &end, 10) : 0;
    unsigned second = end && *end == ',' ? (unsigned)strtoul(end + 1, NULL, 10) : 0;
    if (out.kind == HOLDS_TIME)
        read_time(type, open != NULL, &out);
    if (!open)
        return out;
    if (out.kind == HOLDS_TEXT)
        out.digits = first;
    if (out.kind == HOLDS_TIME)
        out.scale = first;
    if (out.kind == HOLDS_NUMBER) {
        out.digits = first > second ? first - second : 0;
        out.scale = second;
    }
    return out;
}

// Decimal digits of the greatest value, for the side that the question is about.
static unsigned digits_of(unsigned bits)
{
    return bits == 64 ? 19 : bits == 32 ? 10 : bits == 24 ? 7 : bits == 16 ? 5 : 3;
}

bool type_may_not_fit(const Holds *have, const Holds *want)
{
    if (have->kind == HOLDS_INTEGER && want->kind == HOLDS_INTEGER) {
        unsigned grown = have->is_unsigned && !want->is_unsigned ? have->digits + 1 : have->digits;
        return want->digits < grown || (want->is_unsigned && !have->is_unsigned);
    }
    if (have->kind == HOLDS_NUMBER && want->kind == HOLDS_NUMBER)
        return want->digits < have->digits;
    if (have->kind == HOLDS_INTEGER && want->kind == HOLDS_NUMBER)
        return want->digits < digits_of(have->digits);
    if (have->kind == HOLDS_NUMBER && want->kind == HOLDS_INTEGER)
        return have->digits >= digits_of(want->digits);
    if (have->kind == HOLDS_FLOAT)
        return want->kind == HOLDS_INTEGER || (want->kind == HOLDS_NUMBER && want->digits != HOLDS_ANY) ||
               (want->kind == HOLDS_FLOAT && want->digits < have->digits);
    return have->kind == HOLDS_TEXT && want->kind == HOLDS_TEXT && want->digits < have->digits;
}

bool type_loses(const Holds *have, const Holds *want)
{
    if (have->kind == HOLDS_NUMBER)
        return (want->kind == HOLDS_NUMBER && want->scale < have->scale) ||
               (want->kind == HOLDS_INTEGER && have->scale > 0) || want->kind == HOLDS_FLOAT;
    if (have->kind == HOLDS_FLOAT)
        return want->kind == HOLDS_INTEGER || (want->kind == HOLDS_FLOAT && want->digits < have->digits) ||
               (want->kind == HOLDS_NUMBER && want->scale != HOLDS_ANY);
    if (have->kind == HOLDS_INTEGER)
        return want->kind == HOLDS_FLOAT && have->digits >= want->digits;
    if (have->kind != HOLDS_TIME)
        return false;
    return want->kind == HOLDS_DATE ||
           (want->kind == HOLDS_TIME && (want->scale < have->scale || want->digits < have->digits));
}

bool type_values(Arena *arena, const char *type, NameList *out)
{
    if (strncasecmp(type, "enum(", 5) != 0 && strncasecmp(type, "set(", 4) != 0)
        return false;
    for (const char *p = strchr(type, '\''); p; p = strchr(p, '\'')) {
        const char *start = ++p;
        while (*p && (*p != '\'' || p[1] == '\''))
            p += *p == '\'' ? 2 : 1;
        *VEC_PUSH(arena, out) = arena_strndup(arena, start, (size_t)(p - start));
        p += *p != '\0';
    }
    return true;
}
