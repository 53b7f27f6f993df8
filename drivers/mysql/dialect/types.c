#include "drivers/mysql/dialect/types.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "drivers/mysql/dialect/dialect.h"

const char *const my_portable_types[] = {
    "integer", "smallint", "bigint", "tinyint", "boolean", "float",    "double",    "numeric",
    "string",  "char",     "text",   "date",    "time",    "datetime", "timestamp", "interval",
    "uuid",    "json",     "binary", "blob",    "enum",    NULL,
};

// How many characters a varchar may have depends on the character set, the scale of a decimal on the server (MariaDB 38,
// MySQL 30): the server says what remains.
const TypeLimit my_type_limits[] = {
    {"char",       0, 255,   0, 0,  false},
    { "varchar",   0, 65535, 0, 0,  false},
    { "binary",    0, 255,   0, 0,  false},
    { "varbinary", 0, 65535, 0, 0,  false},
    { "bit",       0, 64,    0, 0,  false},
    { "decimal",   0, 65,    0, 38, true },
    { "time",      0, 6,     0, 0,  false},
    { "datetime",  0, 6,     0, 0,  false},
    { "timestamp", 0, 6,     0, 0,  false},
    { "int",       0, 255,   0, 0,  false},
    { "bigint",    0, 255,   0, 0,  false},
    { "smallint",  0, 255,   0, 0,  false},
    { "mediumint", 0, 255,   0, 0,  false},
    { "tinyint",   0, 255,   0, 0,  false},
    { NULL,        0, 0,     0, 0,  false}
};

// What a word stands for. `argument`: what the server puts where no argument is given; `width`: the display widths
// that say nothing (signed, unsigned).
typedef struct TypeName {
    const char *spelt, *native;
    const char *argument;
    unsigned width, unsigned_width;
} TypeName;

static const TypeName type_names[] = {
    {"int",                 "int",            NULL,   11, 10},
    { "integer",            "int",            NULL,   11, 10},
    { "int4",               "int",            NULL,   11, 10},
    { "tinyint",            "tinyint",        NULL,   4,  3 },
    { "int1",               "tinyint",        NULL,   4,  3 },
    { "smallint",           "smallint",       NULL,   6,  5 },
    { "int2",               "smallint",       NULL,   6,  5 },
    { "mediumint",          "mediumint",      NULL,   9,  8 },
    { "int3",               "mediumint",      NULL,   9,  8 },
    { "middleint",          "mediumint",      NULL,   9,  8 },
    { "bigint",             "bigint",         NULL,   20, 20},
    { "int8",               "bigint",         NULL,   20, 20},
    { "bool",               "tinyint",        "1",    4,  3 },
    { "boolean",            "tinyint",        "1",    4,  3 },
    { "decimal",            "decimal",        "10,0", 0,  0 },
    { "numeric",            "decimal",        "10,0", 0,  0 },
    { "dec",                "decimal",        "10,0", 0,  0 },
    { "fixed",              "decimal",        "10,0", 0,  0 },
    { "float4",             "float",          NULL,   0,  0 },
    { "float8",             "double",         NULL,   0,  0 },
    { "real",               "double",         NULL,   0,  0 },
    { "double precision",   "double",         NULL,   0,  0 },
    { "character",          "char",           "1",    0,  0 },
    { "char",               "char",           "1",    0,  0 },
    { "character varying",  "varchar",        NULL,   0,  0 },
    { "char varying",       "varchar",        NULL,   0,  0 },
    { "varcharacter",       "varchar",        NULL,   0,  0 },
    { "string",             "varchar",        "255",  0,  0 },
    { "bit",                "bit",            "1",    0,  0 },
    { "binary",             "binary",         "1",    0,  0 },
    { "long",               "mediumtext",     NULL,   0,  0 },
    { "long varchar",       "mediumtext",     NULL,   0,  0 },
    { "long varbinary",     "mediumblob",     NULL,   0,  0 },
    { "interval",           "time",           "6",    0,  0 },
    { "geometrycollection", "geomcollection", NULL,   0,  0 },
};

static const TypeName *type_name(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(type_names); i++)
        if (strcasecmp(type_names[i].spelt, word) == 0)
            return &type_names[i];
    return NULL;
}

// A type taken apart: words, arguments between parentheses, attributes after them.
typedef struct Spelt {
    const char *name;
    NameList arguments; // texts; of an enum or set the values, unquoted
    bool has_arguments, is_list;
    bool is_unsigned, zerofill;
    const char *charset, *collation;
    const char *rest; // attributes that we do not know, as written
} Spelt;

static bool is_list_type(const char *name)
{
    return strcasecmp(name, "enum") == 0 || strcasecmp(name, "set") == 0;
}

// The arguments in parentheses after a type's name. Strings of ENUM and SET are unquoted; of others the text
// is kept. Returns the index of the token after them.
static size_t read_arguments(Arena *arena, const TokenList *tokens, size_t i, Spelt *out)
{
    StrBuf text;
    strbuf_init(&text, arena);
    out->has_arguments = true;
    for (i++; tokens->items[i].kind != TOKEN_END && !token_is(&tokens->items[i], ")"); i++) {
        const Token *token = &tokens->items[i];
        if (token_is(token, ",")) {
            *VEC_PUSH(arena, &out->arguments) = arena_strdup(arena, text.text);
            strbuf_clear(&text);
        } else if (out->is_list) {
            strbuf_puts(&text, token->kind == TOKEN_STRING ? my_string_value(arena, token)
                                                           : token_name(arena, token));
        } else {
            // what stood apart stays apart: together it could be another token
            if (text.length && token->text.p != token[-1].text.p + token[-1].text.n)
                strbuf_putc(&text, ' ');
            strbuf_put(&text, token->text.p, token->text.n);
        }
    }
    if (text.length || out->is_list || out->arguments.count)
        *VEC_PUSH(arena, &out->arguments) = arena_strdup(arena, text.text);
    return tokens->items[i].kind == TOKEN_END ? i : i + 1;
}

static size_t read_attribute(Arena *arena, const TokenList *tokens, size_t i, Spelt *out)
{
    const Token *token = &tokens->items[i], *next = &tokens->items[token->kind == TOKEN_END ? i : i + 1];
    if (token_is(token, "unsigned")) {
        out->is_unsigned = true;
    } else if (token_is(token, "zerofill")) {
        out->zerofill = out->is_unsigned = true;
    } else if (token_is(token, "signed")) {
        return i + 1;
    } else if ((token_is(token, "character") || token_is(token, "char")) && token_is(next, "set")) {
        const Token *value = &tokens->items[i + 2];
        out->charset = token_name(arena, value); // at the end: empty, which is no name
        return value->kind == TOKEN_END ? i + 2 : i + 3;
    } else if (token_is(token, "charset") || token_is(token, "collate")) {
        *(token_is(token, "charset") ? &out->charset : &out->collation) = token_name(arena, next);
        return next->kind == TOKEN_END ? i + 1 : i + 2;
    } else {
        const char *text = arena_strndup(arena, token->text.p, token->text.n);
        out->rest = out->rest ? arena_printf(arena, "%s %s", out->rest, text) : text;
    }
    return i + 1;
}

static bool begins_attributes(const Token *token, const Token *next)
{
    static const char *const words[] = { "unsigned", "zerofill", "signed", "charset", "collate" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (token_is(token, words[i]))
            return true;
    return (token_is(token, "character") || token_is(token, "char")) && token_is(next, "set");
}

// Splits a type into its name in lower case, its arguments and its attributes. The name may have several
// words.
static Spelt take_apart(Arena *arena, const char *spelling)
{
    TokenList tokens = lex_all(arena, (Text){ spelling, strlen(spelling) }, mysql_dialect.lex);
    Spelt out = { 0 };
    StrBuf name;
    strbuf_init(&name, arena);
    size_t i = 0;
    for (; tokens.items[i].kind == TOKEN_WORD &&
           !(i && begins_attributes(&tokens.items[i], &tokens.items[i + 1]));
         i++) {
        if (i)
            strbuf_putc(&name, ' ');
        for (size_t k = 0; k < tokens.items[i].text.n; k++) {
            char c = tokens.items[i].text.p[k];
            strbuf_putc(&name, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
        }
    }
    out.name = name.text;
    out.is_list = is_list_type(name.text);
    if (token_is(&tokens.items[i], "("))
        i = read_arguments(arena, &tokens, i, &out);
    while (tokens.items[i].kind != TOKEN_END)
        i = read_attribute(arena, &tokens, i, &out);
    return out;
}

static const char *joined(Arena *arena, const Spelt *spelt)
{
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (const char *, argument, &spelt->arguments) {
        if (argument != spelt->arguments.items)
            strbuf_putc(&out, ',');
        if (spelt->is_list)
            my_put_literal(&out, *argument);
        else
            strbuf_puts(&out, *argument);
    }
    return out.text;
}

// float(24) is a float, float(25) a double; float(7,3) stays.
static void settle_float(Spelt *spelt)
{
    if (strcmp(spelt->name, "float") != 0 || spelt->arguments.count != 1)
        return;
    if (strtoul(spelt->arguments.items[0], NULL, 10) > 24)
        spelt->name = "double";
    spelt->has_arguments = false;
}

static bool argument_says_nothing(const TypeName *known, const Spelt *spelt, const char *arguments)
{
    unsigned long n = strtoul(arguments, NULL, 10);
    if (known && known->width)
        return !spelt->zerofill && n == (spelt->is_unsigned ? known->unsigned_width : known->width);
    if (strcmp(spelt->name, "year") == 0)
        return n != 2; // which MariaDB still has
    bool fraction = strcmp(spelt->name, "datetime") == 0 || strcmp(spelt->name, "timestamp") == 0 ||
                    strcmp(spelt->name, "time") == 0;
    return fraction && strcmp(arguments, "0") == 0;
}

static const char *put_together(Arena *arena, Spelt *spelt)
{
    settle_float(spelt);
    const TypeName *known = type_name(spelt->name);
    const char *arguments = spelt->has_arguments ? joined(arena, spelt) : NULL;
    if (known)
        spelt->name = known->native;
    if (arguments && argument_says_nothing(known, spelt, arguments))
        arguments = NULL;
    else if (!arguments && known && known->argument)
        arguments = known->argument;
    else if (!arguments && spelt->zerofill && known && known->unsigned_width)
        arguments = arena_printf(arena, "%u", known->unsigned_width);
    if (arguments && strcmp(spelt->name, "decimal") == 0 && !strchr(arguments, ','))
        arguments = arena_printf(arena, "%s,0", arguments);
    return arena_printf(arena, "%s%s%s%s%s%s%s%s", spelt->name, arguments ? "(" : "",
                        arguments ? arguments : "", arguments ? ")" : "",
                        spelt->is_unsigned ? " unsigned" : "", spelt->zerofill ? " zerofill" : "",
                        spelt->rest ? " " : "", spelt->rest ? spelt->rest : "");
}

TypeParts my_type_split(Arena *arena, const char *spelling)
{
    Spelt spelt = take_apart(arena, spelling);
    const char *type = put_together(arena, &spelt);
    return (TypeParts){ .type = type, .charset = spelt.charset, .collation = spelt.collation };
}

// MariaDB has a type `uuid` of its own; the model's portable word means char(36) on every server, `uuid()` means that type.
static const char *uuid_native(const Spelt *spelt) { return spelt->has_arguments ? "uuid" : "char(36)"; }

// What begins like a portable type and is none, nor a type of these servers (of which MariaDB takes more by plugins).
static bool is_misspelt(Arena *arena, const char *name)
{
    static const char *const others[] = {
        "varchar",      "nchar",          "nvarchar",   "national",
        "varbinary",    "tinytext",       "mediumtext", "longtext",
        "tinyblob",     "mediumblob",     "longblob",   "set",
        "year",         "serial",         "geometry",   "point",
        "linestring",   "polygon",        "multipoint", "multilinestring",
        "multipolygon", "geomcollection", "vector",     "inet4",
        "inet6",        "clob",           "number",     "varchar2",
        "raw",
    };
    const char *word = arena_strndup(arena, name, strcspn(name, " "));
    for (size_t i = 0; i < COUNT_OF(type_names); i++)
        if (strncmp(type_names[i].spelt, word, strlen(word)) == 0 &&
            strcspn(type_names[i].spelt, " ") == strlen(word))
            return false;
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (strcmp(others[i], word) == 0)
            return false;
    for (const char *const *known = my_portable_types; *known; known++)
        if (strcmp(*known, word) == 0)
            return false;
    return nearest_word(word, my_portable_types, COUNT_OF(my_portable_types) - 1) != NULL;
}

// As all character sets and collations are named; what else stands in quotes there would come back as other words.
static bool is_plain_or_none(const char *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    return !name || (name[0] && !name[strspn(name, plain)]);
}

const char *my_type_native(Arena *arena, const char *spelling, const char **wrong)
{
    Spelt spelt = take_apart(arena, spelling);
    if (!spelt.name[0] || strchr(spelling, '[') || is_misspelt(arena, spelt.name) ||
        !is_plain_or_none(spelt.charset) || !is_plain_or_none(spelt.collation)) {
        *wrong = spelling;
        return NULL;
    }
    if (strcmp(spelt.name, "uuid") == 0)
        return uuid_native(&spelt);
    const char *charset = spelt.charset, *collation = spelt.collation;
    const char *type = put_together(arena, &spelt);
    return arena_printf(arena, "%s%s%s%s%s", type, charset ? " character set " : "", charset ? charset : "",
                        collation ? " collate " : "", collation ? collation : "");
}

static const char *portable_word(Arena *arena, const char *native)
{
    static const char *const exact[][2] = {
        {"int",         "integer"},
        { "tinyint(1)", "boolean"},
        { "uuid",       "uuid()" }
    };
    for (size_t i = 0; i < COUNT_OF(exact); i++)
        if (strcmp(native, exact[i][0]) == 0)
            return exact[i][1];
    if (strncmp(native, "varchar(", 8) == 0)
        return arena_printf(arena, "string%s", native + 7);
    if (strncmp(native, "decimal(", 8) == 0)
        return arena_printf(arena, "numeric%s", native + 7);
    return native;
}

const char *my_type_portable(Arena *arena, const char *native)
{
    const char *word = portable_word(arena, native), *wrong = NULL;
    const char *back = my_type_native(arena, word, &wrong);
    return back && strcmp(back, native) == 0 ? word : native;
}

bool my_same_type(Arena *arena, const char *a, const char *b)
{
    return strcmp(a, b) == 0 || strcmp(my_type_split(arena, a).type, my_type_split(arena, b).type) == 0;
}

// Does `type` begin with one of the words, as a whole word?
static bool begins_with_any(const char *type, const char *const *words, size_t count)
{
    size_t n = strcspn(type, "( ");
    for (size_t i = 0; i < count; i++)
        if (strlen(words[i]) == n && strncasecmp(type, words[i], n) == 0)
            return true;
    return false;
}

bool my_type_is_string(const char *type)
{
    static const char *const words[] = { "char",       "varchar",  "text", "tinytext",
                                         "mediumtext", "longtext", "enum", "set" };
    return begins_with_any(type, words, COUNT_OF(words));
}

bool my_type_is_integer(const char *type)
{
    static const char *const words[] = { "int", "tinyint", "smallint", "mediumint", "bigint" };
    return begins_with_any(type, words, COUNT_OF(words));
}

bool my_type_is_numeric(const char *type)
{
    static const char *const words[] = { "decimal", "float", "double", "bit", "year" };
    return my_type_is_integer(type) || begins_with_any(type, words, COUNT_OF(words));
}

bool my_type_is_geometry(const char *type)
{
    static const char *const words[] = { "geometry",     "point",          "linestring",
                                         "polygon",      "multipoint",     "multilinestring",
                                         "multipolygon", "geomcollection", "geometrycollection" };
    return begins_with_any(type, words, COUNT_OF(words));
}

const char *my_type_cast_family(const char *type)
{
    static const char *const bytes[] = { "binary",     "varbinary", "blob", "tinyblob",
                                         "mediumblob", "longblob",  "json" };
    static const char *const own[] = { "uuid", "inet4", "inet6" };
    if (my_type_is_string(type) || begins_with_any(type, bytes, COUNT_OF(bytes)))
        return "text";
    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (begins_with_any(type, &own[i], 1))
            return own[i];
    return my_type_is_geometry(type) ? "geometry" : "plain";
}
