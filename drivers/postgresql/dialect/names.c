#include <ctype.h>
#include <string.h>

#include "drivers/postgresql/dialect/dialect.h"

enum { LONGEST_NAME = 63 };

// Reserved words, and those that cannot be the name of a column or type.
bool pg_is_keyword(const char *name)
{
    static const char words[] = " all analyse analyze and any array as asc asymmetric authorization between "
                                "bigint binary bit boolean both case cast "
                                "char character check coalesce collate collation column concurrently "
                                "constraint create cross current_catalog "
                                "current_date current_role current_schema current_time current_timestamp "
                                "current_user dec decimal default deferrable "
                                "desc distinct do else end except exists extract false fetch float for "
                                "foreign freeze from full grant greatest group "
                                "grouping having ilike in initially inner inout int integer intersect "
                                "interval into is isnull join json_array "
                                "json_arrayagg json_exists json_object json_objectagg json_query json_scalar "
                                "json_serialize json_table json_value "
                                "lateral leading least left like limit localtime localtimestamp merge_action "
                                "national natural nchar none normalize "
                                "not notnull null nullif numeric offset on only or order out outer overlaps "
                                "overlay placing position precision primary "
                                "real references returning right row select session_user setof similar "
                                "smallint some substring symmetric system_user "
                                "table tablesample then time timestamp to trailing treat trim true union "
                                "unique user using values varchar variadic "
                                "verbose when where window with xmlattributes xmlconcat xmlelement xmlexists "
                                "xmlforest xmlnamespaces xmlparse xmlpi "
                                "xmlroot xmlserialize xmltable ";
    size_t n = strlen(name);
    for (const char *p = words; (p = strstr(p, name)); p++)
        if (p > words && p[-1] == ' ' && p[n] == ' ')
            return true;
    return false;
}

const char *pg_quote_ident(Arena *arena, const char *name)
{
    bool plain = islower((unsigned char)name[0]) || name[0] == '_';
    for (const char *c = name; *c && plain; c++)
        plain = islower((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '_';
    if (plain && !pg_is_keyword(name))
        return name;
    StrBuf out;
    strbuf_init(&out, arena);
    pg_put_identifier(&out, name);
    return out.text;
}

// The greatest count of bytes up to `limit` that does not cut a character in two.
static size_t clip(const char *text, size_t n, size_t limit)
{
    if (n <= limit)
        return n;
    while (limit && ((unsigned char)text[limit] & 0xC0) == 0x80)
        limit--;
    return limit;
}

const char *pg_name_clip(Arena *arena, const char *name)
{
    size_t n = strlen(name);
    return n <= LONGEST_NAME ? name : arena_strndup(arena, name, clip(name, n, LONGEST_NAME));
}

// The server takes a byte off the longer part until all fits.
const char *pg_object_name(Arena *arena, const char *first, const char *second, const char *label)
{
    if (!label) // nothing is added
        return arena_strndup(arena, first, clip(first, strlen(first), LONGEST_NAME));
    size_t overhead = strlen(label) + 1 + (second ? 1 : 0);
    size_t available = LONGEST_NAME - overhead;
    size_t a = strlen(first), b = second ? strlen(second) : 0;
    while (a + b > available) {
        if (a > b)
            a--;
        else
            b--;
    }
    a = clip(first, strlen(first), a);
    b = second ? clip(second, strlen(second), b) : 0;
    if (second)
        return arena_printf(arena, "%.*s_%.*s_%s", (int)a, first, (int)b, second, label);
    return arena_printf(arena, "%.*s_%s", (int)a, first, label);
}

// Backwards from the last parenthesis to the one that opens it, quoted names skipped as a whole.
const char *pg_routine_split(Arena *arena, const char *name, const char **arguments)
{
    *arguments = NULL;
    size_t n = strlen(name);
    if (n < 2 || name[n - 1] != ')')
        return name;
    size_t depth = 0;
    for (size_t i = n; i-- > 0;) {
        if (name[i] == '"') {
            while (i > 0 && name[i - 1] != '"')
                i--;
            if (i == 0)
                return name;
            i--;
            continue;
        }
        depth += name[i] == ')';
        depth -= name[i] == '(';
        if (depth == 0) {
            *arguments = arena_strndup(arena, name + i + 1, n - i - 2);
            return arena_strndup(arena, name, i);
        }
    }
    return name;
}

// One argument of a routine: its mode and name taken off, what follows the type too.
typedef struct Argument {
    const char *type;
    bool output;
} Argument;

static bool is_mode(const Token *token)
{
    static const char *const modes[] = { "in", "out", "inout", "variadic" };
    for (size_t i = 0; i < COUNT_OF(modes); i++)
        if (token_is(token, modes[i]))
            return true;
    return false;
}

// Words that begin a type of several words: what stands there is the type, not a name before it.
static bool begins_long_type(const Token *first, const Token *second)
{
    static const char *const pairs[][2] = {
        {"double",     "precision"},
        { "character", "varying"  },
        { "char",      "varying"  },
        { "bit",       "varying"  },
        { "national",  "character"},
        { "national",  "char"     },
        { "nchar",     "varying"  },
        { "timestamp", "with"     },
        { "timestamp", "without"  },
        { "time",      "with"     },
        { "time",      "without"  },
        { "interval",  "year"     },
        { "interval",  "month"    },
        { "interval",  "day"      },
        { "interval",  "hour"     },
        { "interval",  "minute"   },
        { "interval",  "second"   },
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if (token_is(first, pairs[i][0]) && token_is(second, pairs[i][1]))
            return true;
    return false;
}

static const char *text_between(Arena *arena, const Token *first, const Token *end)
{
    if (first == end)
        return "";
    const Token *last = end - 1;
    return arena_strndup(arena, first->text.p, (size_t)(last->text.p + last->text.n - first->text.p));
}

// Types lose their modifiers as arguments.
static const char *argument_type(Arena *arena, const char *spelling)
{
    const char *wrong = NULL;
    const char *native = pg_type_native(arena, spelling, &wrong);
    if (!native)
        return spelling;
    const char *bare = pg_type_bare(arena, native);
    return strncmp(bare, "bpchar", 6) == 0 && (bare[6] == '\0' || bare[6] == '[')
               ? arena_printf(arena, "character%s", bare + 6)
               : bare;
}

static Argument read_argument(Arena *arena, const Token *first, const Token *end)
{
    Argument out = { 0 };
    const Token *type_end = first;
    while (type_end < end && !token_is(type_end, "default") && !token_is(type_end, "=") &&
           !token_is(type_end, ":="))
        type_end++;
    if (first < type_end && is_mode(first)) {
        out.output = token_is(first, "out");
        first++;
    }
    bool two = type_end - first >= 2 && (first[1].kind == TOKEN_WORD || first[1].kind == TOKEN_NAME) &&
               (first[0].kind == TOKEN_WORD || first[0].kind == TOKEN_NAME);
    if (two && is_mode(&first[1]) && type_end - first > 2) {
        out.output = token_is(&first[1], "out");
        first += 2;
    } else if (two && !begins_long_type(&first[0], &first[1]) && !token_is(&first[1], "array")) {
        first++;
    }
    out.type = argument_type(arena, text_between(arena, first, type_end));
    return out;
}

static const Token *find_open(const TokenList *tokens)
{
    VEC_EACH (Token, t, tokens)
        if (token_is(t, "("))
            return t;
    return NULL;
}

const char *pg_routine_name(Arena *arena, const char *plain, const char *definition)
{
    TokenList tokens = lex_all(arena, (Text){ definition, strlen(definition) }, LEX_POSTGRESQL);
    const Token *t = find_open(&tokens);
    if (!t)
        return plain;
    bool procedure = tokens.count > 3 &&
                     (token_is(&tokens.items[1], "procedure") || token_is(&tokens.items[3], "procedure"));
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_puts(&out, plain);
    strbuf_putc(&out, '(');
    size_t depth = 1;
    bool any = false;
    const Token *first = ++t;
    for (; t->kind != TOKEN_END && depth; t++) {
        depth += token_is(t, "(") || token_is(t, "[");
        depth -= token_is(t, ")") || token_is(t, "]");
        bool ends = depth == 0 || (depth == 1 && token_is(t, ","));
        if (!ends)
            continue;
        Argument argument = read_argument(arena, first, t);
        if (*argument.type && (!argument.output || procedure) && strcmp(argument.type, "*") != 0) {
            strbuf_printf(&out, "%s%s", any ? ", " : "", argument.type);
            any = true;
        }
        first = t + 1;
    }
    strbuf_putc(&out, ')');
    return out.text;
}
