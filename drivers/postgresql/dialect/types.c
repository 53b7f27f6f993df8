#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "drivers/postgresql/dialect/dialect.h"

// A spelling is read as `head (arguments) tail`, then arrays; head and tail together find their row here.
typedef struct TypeName {
    const char *spelling;
    const char *head, *tail; // format_type's words around the arguments
    int most_arguments;
    const char *otherwise; // the arguments where none are given
    bool only_portable;    // no word of PostgreSQL's: what follows it must be right
} TypeName;

static const TypeName type_names[] = {
    {"integer",                      "integer",                   "",                   0, NULL, false},
    { "int",                         "integer",                   "",                   0, NULL, false},
    { "int4",                        "integer",                   "",                   0, NULL, false},
    { "smallint",                    "smallint",                  "",                   0, NULL, false},
    { "int2",                        "smallint",                  "",                   0, NULL, false},
    { "tinyint",                     "smallint",                  "",                   0, NULL, true },
    { "bigint",                      "bigint",                    "",                   0, NULL, false},
    { "int8",                        "bigint",                    "",                   0, NULL, false},
    { "serial",                      "serial",                    "",                   0, NULL, false},
    { "serial4",                     "serial",                    "",                   0, NULL, false},
    { "smallserial",                 "smallserial",               "",                   0, NULL, false},
    { "serial2",                     "smallserial",               "",                   0, NULL, false},
    { "bigserial",                   "bigserial",                 "",                   0, NULL, false},
    { "serial8",                     "bigserial",                 "",                   0, NULL, false},
    { "boolean",                     "boolean",                   "",                   0, NULL, false},
    { "bool",                        "boolean",                   "",                   0, NULL, false},
    { "real",                        "real",                      "",                   0, NULL, false},
    { "float4",                      "real",                      "",                   0, NULL, false},
    { "double",                      "double precision",          "",                   0, NULL, true },
    { "double precision",            "double precision",          "",                   0, NULL, false},
    { "float8",                      "double precision",          "",                   0, NULL, false},
    { "numeric",                     "numeric",                   "",                   2, NULL, false},
    { "decimal",                     "numeric",                   "",                   2, NULL, false},
    { "dec",                         "numeric",                   "",                   2, NULL, false},
    { "string",                      "character varying",         "",                   1, NULL, true },
    { "varchar",                     "character varying",         "",                   1, NULL, false},
    { "character varying",           "character varying",         "",                   1, NULL, false},
    { "char varying",                "character varying",         "",                   1, NULL, false},
    { "national character varying",  "character varying",         "",                   1, NULL, false},
    { "national char varying",       "character varying",         "",                   1, NULL, false},
    { "nchar varying",               "character varying",         "",                   1, NULL, false},
    { "char",                        "character",                 "",                   1, "1",  false},
    { "character",                   "character",                 "",                   1, "1",  false},
    { "nchar",                       "character",                 "",                   1, "1",  false},
    { "national character",          "character",                 "",                   1, "1",  false},
    { "national char",               "character",                 "",                   1, "1",  false},
    { "text",                        "text",                      "",                   0, NULL, false},
    { "blob",                        "bytea",                     "",                   0, NULL, true },
    { "bytea",                       "bytea",                     "",                   0, NULL, false},
    { "date",                        "date",                      "",                   0, NULL, false},
    { "datetime",                    "timestamp",                 " without time zone", 1, NULL, true },
    { "timestamp",                   "timestamp",                 " without time zone", 1, NULL, false},
    { "timestamp without time zone", "timestamp",                 " without time zone", 1, NULL, false},
    { "timestamp with time zone",    "timestamp",                 " with time zone",    1, NULL, false},
    { "timestamptz",                 "timestamp",                 " with time zone",    1, NULL, false},
    { "time",                        "time",                      " without time zone", 1, NULL, false},
    { "time without time zone",      "time",                      " without time zone", 1, NULL, false},
    { "time with time zone",         "time",                      " with time zone",    1, NULL, false},
    { "timetz",                      "time",                      " with time zone",    1, NULL, false},
    { "interval",                    "interval",                  "",                   1, NULL, false},
    { "interval second",             "interval second",           "",                   1, NULL, false},
    { "interval day to second",      "interval day to second",    "",                   1, NULL, false},
    { "interval hour to second",     "interval hour to second",   "",                   1, NULL, false},
    { "interval minute to second",   "interval minute to second", "",                   1, NULL, false},
    { "bit",                         "bit",                       "",                   1, "1",  false},
    { "bit varying",                 "bit varying",               "",                   1, NULL, false},
    { "varbit",                      "bit varying",               "",                   1, NULL, false},
    { "uuid",                        "uuid",                      "",                   0, NULL, true },
    { "json",                        "json",                      "",                   0, NULL, true },
};

// The server takes timestamp(7), too, but makes timestamp(6) of it, with a warning only.
const TypeLimit pg_type_limits[] = {
    {"character varying", 1, 10485760, 0,     0,    false},
    { "character",        1, 10485760, 0,     0,    false},
    { "bit",              1, 83886080, 0,     0,    false},
    { "bit varying",      1, 83886080, 0,     0,    false},
    { "numeric",          1, 1000,     -1000, 1000, false},
    { "timestamp",        0, 6,        0,     0,    false},
    { "time",             0, 6,        0,     0,    false},
    { "interval",         0, 6,        0,     0,    false},
    { NULL,               0, 0,        0,     0,    false}
};

const char *const pg_portable_types[] = { "integer", "smallint", "bigint",    "tinyint",  "boolean", "float",
                                          "double",  "numeric",  "string",    "char",     "text",    "date",
                                          "time",    "datetime", "timestamp", "interval", "uuid",    "json",
                                          "binary",  "blob",     "enum",      NULL };

// Names that are nobody's misspelling, near to a portable one or not.
static const char *const known_words[] = {
    "bpchar",
    "name",
    "jsonb",
    "jsonpath",
    "xml",
    "money",
    "inet",
    "cidr",
    "macaddr",
    "macaddr8",
    "point",
    "line",
    "lseg",
    "box",
    "path",
    "polygon",
    "circle",
    "tsvector",
    "tsquery",
    "oid",
    "xid",
    "xid8",
    "cid",
    "tid",
    "int4range",
    "int8range",
    "numrange",
    "tsrange",
    "tstzrange",
    "daterange",
    "citext",
    "hstore",
    "ltree",
    "lquery",
    "cube",
    "seg",
    "geometry",
    "geography",
    "raster",
    "vector",
    "halfvec",
    "sparsevec",
    "regclass",
    "regproc",
    "regtype",
    "regrole",
    "regconfig",
    "pg_lsn",
    "int4multirange",
    "int8multirange",
    "nummultirange",
    "tsmultirange",
    "tstzmultirange",
    "datemultirange",
    "uint",
    "uint8",
    "uint4",
    "uint2",
    "int1",
    "refcursor",
    "void",
    "record",
    "txid_snapshot",
    "pg_snapshot",
};

typedef struct Spelling {
    const char *head, *arguments, *tail; // arguments NULL: none
    bool plain;                          // head and tail are words only
    bool array;
    const char *bad; // where the spelling stops making sense; NULL: nowhere
} Spelling;

static const char *lower(Arena *arena, Text text)
{
    char *out = arena_strndup(arena, text.p, text.n);
    for (char *c = out; *c; c++)
        if ((unsigned char)*c < 0x80)
            *c = (char)tolower((unsigned char)*c);
    return out;
}

static void put_word(StrBuf *out, Arena *arena, const Token *token)
{
    if (out->length && out->text[out->length - 1] != '.')
        strbuf_putc(out, ' ');
    if (token->kind == TOKEN_NAME)
        strbuf_put(out, token->text.p, token->text.n);
    else
        strbuf_puts(out, lower(arena, token->text));
}

// What stands between the parentheses: without space around it and after commas.
static size_t read_arguments(Arena *arena, const TokenList *tokens, size_t i, Spelling *out)
{
    StrBuf text;
    strbuf_init(&text, arena);
    size_t depth = 1;
    const char *end = NULL;
    for (; tokens->items[i].kind != TOKEN_END; i++) {
        const Token *t = &tokens->items[i];
        depth += token_is(t, "(");
        depth -= token_is(t, ")");
        if (depth == 0)
            break;
        bool apart = end && end != t->text.p && (t->kind == TOKEN_WORD || t->kind == TOKEN_NUMBER) &&
                     text.length && isalnum((unsigned char)text.text[text.length - 1]);
        if (apart)
            strbuf_putc(&text, ' ');
        strbuf_put(&text, t->text.p, t->text.n);
        end = t->text.p + t->text.n;
    }
    if (depth)
        out->bad = tokens->items[i].text.p;
    out->arguments = text.text;
    return depth ? i : i + 1;
}

// [], [3], ARRAY, ARRAY[4], again and again: the server keeps no more than that there is one.
static size_t read_array(const TokenList *tokens, size_t i, Spelling *out)
{
    for (;;) {
        const Token *t = &tokens->items[i];
        if (token_is(t, "array")) {
            out->array = true;
            i++;
            continue;
        }
        if (!token_is(t, "["))
            return i;
        out->array = true;
        i++;
        if (tokens->items[i].kind == TOKEN_NUMBER)
            i++;
        if (!token_is(&tokens->items[i], "]")) {
            out->bad = tokens->items[i].text.p;
            return i;
        }
        i++;
    }
}

// Splits a type into its words in lower case, arguments and array bounds. `bad` is where it stops to be a
// type.
static Spelling read_spelling(Arena *arena, const char *text)
{
    Spelling out = { .plain = true, .tail = "" };
    TokenList tokens = lex_all(arena, (Text){ text, strlen(text) }, LEX_POSTGRESQL);
    StrBuf head, tail;
    strbuf_init(&head, arena);
    strbuf_init(&tail, arena);
    size_t i = 0;
    for (; tokens.items[i].kind != TOKEN_END; i++) {
        const Token *t = &tokens.items[i];
        if (token_is(t, "array"))
            break;
        if (t->kind == TOKEN_WORD) {
            put_word(&head, arena, t);
        } else if (t->kind == TOKEN_NAME || token_is(t, ".")) {
            out.plain = false;
            if (t->kind == TOKEN_NAME)
                put_word(&head, arena, t);
            else
                strbuf_putc(&head, '.');
        } else {
            break;
        }
    }
    out.head = head.text;
    if (token_is(&tokens.items[i], "(")) {
        i = read_arguments(arena, &tokens, i + 1, &out);
        for (; tokens.items[i].kind == TOKEN_WORD && !token_is(&tokens.items[i], "array"); i++)
            put_word(&tail, arena, &tokens.items[i]);
        out.tail = tail.text;
    }
    if (!out.bad)
        i = read_array(&tokens, i, &out);
    if (!out.bad && tokens.items[i].kind != TOKEN_END)
        out.bad = tokens.items[i].text.p;
    if (head.length == 0)
        out.bad = text;
    return out;
}

// How many numbers; -1 when it reads otherwise. A scale may be negative.
static int count_numbers(const char *arguments)
{
    if (!arguments)
        return 0;
    int count = 0;
    for (const char *p = arguments;; p++) {
        if (*p == '-' && count == 1)
            p++;
        if (!isdigit((unsigned char)*p))
            return -1;
        while (isdigit((unsigned char)*p))
            p++;
        count++;
        if (*p == '\0')
            return count;
        if (*p != ',')
            return -1;
    }
}

static const TypeName *find_name(const char *words)
{
    for (size_t i = 0; i < COUNT_OF(type_names); i++)
        if (strcmp(type_names[i].spelling, words) == 0)
            return &type_names[i];
    return NULL;
}

static const char *put_array(Arena *arena, const char *type, bool array)
{
    return array ? arena_printf(arena, "%s[]", type) : type;
}

static const char *native_float(Arena *arena, const Spelling *spelling, const char **wrong)
{
    if (!spelling->arguments)
        return put_array(arena, "double precision", spelling->array);
    if (count_numbers(spelling->arguments) != 1) {
        *wrong = spelling->arguments;
        return NULL;
    }
    bool single = strtol(spelling->arguments, NULL, 10) <= 24;
    return put_array(arena, single ? "real" : "double precision", spelling->array);
}

static const char *native_named(Arena *arena, const TypeName *name, const Spelling *spelling)
{
    const char *arguments = spelling->arguments ? spelling->arguments : name->otherwise;
    if (arguments && strcmp(name->head, "numeric") == 0 && !strchr(arguments, ','))
        arguments = arena_printf(arena, "%s,0", arguments);
    const char *text = arguments ? arena_printf(arena, "%s(%s)%s", name->head, arguments, name->tail)
                                 : arena_printf(arena, "%s%s", name->head, name->tail);
    return put_array(arena, text, spelling->array);
}

static const char *without_prefix(const char *head, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(head, prefix, n) == 0 && !strchr(head + n, '.') ? head + n : head;
}

// A type of the server's own or of somebody's making, not in the table.
static const char *native_other(Arena *arena, const Spelling *spelling)
{
    const char *head = spelling->head;
    if (spelling->arguments && strcmp(head, "bpchar") == 0)
        head = "character";
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_puts(&out, head);
    if (spelling->arguments)
        strbuf_printf(&out, "(%s)", spelling->arguments);
    if (*spelling->tail)
        strbuf_printf(&out, " %s", spelling->tail);
    return put_array(arena, out.text, spelling->array);
}

static bool is_known(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(known_words); i++)
        if (strcmp(known_words[i], word) == 0)
            return true;
    return false;
}

bool pg_type_is_builtin(Arena *arena, const char *native)
{
    Spelling spelling = read_spelling(arena, native);
    return !spelling.bad && spelling.plain && (find_name(spelling.head) || is_known(spelling.head));
}

static bool looks_misspelt(const Spelling *spelling)
{
    return spelling->plain && !strchr(spelling->head, ' ') && !is_known(spelling->head) &&
           nearest_word(spelling->head, pg_portable_types, COUNT_OF(pg_portable_types) - 1);
}

const char *pg_type_native(Arena *arena, const char *text, const char **wrong)
{
    Spelling spelling = read_spelling(arena, text);
    if (spelling.bad) {
        *wrong = spelling.bad;
        return NULL;
    }
    const char *head = without_prefix(spelling.head, "pg_catalog.");
    spelling.head = without_prefix(head, "public.");
    if (!strchr(spelling.head, '.') && !strchr(spelling.head, '"'))
        spelling.plain = true;
    const char *words =
        *spelling.tail ? arena_printf(arena, "%s %s", spelling.head, spelling.tail) : spelling.head;
    if (spelling.plain && strcmp(words, "float") == 0)
        return native_float(arena, &spelling, wrong);
    if (spelling.plain && strcmp(words, "binary") == 0 && count_numbers(spelling.arguments) <= 1)
        return put_array(arena, "bytea", spelling.array);
    const TypeName *name = spelling.plain ? find_name(words) : NULL;
    int numbers = count_numbers(spelling.arguments);
    if (name && numbers >= 0 && numbers <= name->most_arguments)
        return native_named(arena, name, &spelling);
    if (name || looks_misspelt(&spelling)) {
        *wrong = text;
        return NULL;
    }
    return native_other(arena, &spelling);
}

// The portable name of the server's type, for models that people read. A type without one keeps its own name.
static const char *portable_word(Arena *arena, const char *native)
{
    static const char *const pairs[][2] = {
        {"integer",                      "integer"    },
        { "smallint",                    "smallint"   },
        { "bigint",                      "bigint"     },
        { "boolean",                     "boolean"    },
        { "double precision",            "double"     },
        { "character varying",           "string"     },
        { "character",                   "char"       },
        { "timestamp without time zone", "datetime"   },
        { "timestamp with time zone",    "timestamptz"},
        { "time without time zone",      "time"       },
        { "time with time zone",         "timetz"     },
        { "bytea",                       "blob"       },
        { "bit varying",                 "varbit"     },
    };
    Spelling spelling = read_spelling(arena, native);
    const char *words =
        *spelling.tail ? arena_printf(arena, "%s %s", spelling.head, spelling.tail) : spelling.head;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        if (strcmp(pairs[i][0], words) != 0 || !spelling.plain)
            continue;
        const char *text =
            spelling.arguments ? arena_printf(arena, "%s(%s)", pairs[i][1], spelling.arguments) : pairs[i][1];
        return put_array(arena, text, spelling.array);
    }
    return native;
}

const char *pg_type_portable(Arena *arena, const char *native)
{
    const char *word = portable_word(arena, native), *wrong = NULL;
    const char *back = pg_type_native(arena, word, &wrong);
    return back && strcmp(back, native) == 0 ? word : native;
}

const char *pg_type_bare(Arena *arena, const char *native)
{
    if (!strchr(native, '('))
        return native;
    Spelling spelling = read_spelling(arena, native);
    if (spelling.bad || !spelling.arguments)
        return native;
    spelling.arguments = NULL;
    if (strcmp(spelling.head, "character") == 0)
        spelling.head = "bpchar";
    return native_other(arena, &spelling);
}
