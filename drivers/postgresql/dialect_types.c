// Types both ways. Canonical is what format_type() prints (PostgreSQL manual, 8. Data Types; 9.27.3).
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "drivers/postgresql/dialect.h"

const char *const pg_portable_types[] = { "integer", "smallint", "bigint",    "tinyint",  "boolean", "float",
                                          "double",  "numeric",  "string",    "char",     "text",    "date",
                                          "time",    "datetime", "timestamp", "interval", "uuid",    "json",
                                          "binary",  "blob",     "enum",      NULL };

// How the modifier of a type reads.
typedef enum Modifier {
    MODIFIER_NONE,
    MODIFIER_LENGTH,  // (n)
    MODIFIER_NUMERIC, // (p) is (p,0)
    MODIFIER_ONE,     // absent is (1)
    MODIFIER_FLOAT,   // (n) chooses between real and double precision
    MODIFIER_DROPPED, // the engine has none: binary(n)
    MODIFIER_MIDDLE,  // stands behind the first word: timestamp(3) with time zone
} Modifier;

typedef struct TypeName {
    const char *spelling; // lower case, words one space apart
    const char *native;
    Modifier modifier;
} TypeName;

static const TypeName names[] = {
    {"integer",                      "integer",                     MODIFIER_NONE   },
    { "int",                         "integer",                     MODIFIER_NONE   },
    { "int4",                        "integer",                     MODIFIER_NONE   },
    { "smallint",                    "smallint",                    MODIFIER_NONE   },
    { "int2",                        "smallint",                    MODIFIER_NONE   },
    { "tinyint",                     "smallint",                    MODIFIER_NONE   },
    { "bigint",                      "bigint",                      MODIFIER_NONE   },
    { "int8",                        "bigint",                      MODIFIER_NONE   },
    { "boolean",                     "boolean",                     MODIFIER_NONE   },
    { "bool",                        "boolean",                     MODIFIER_NONE   },
    { "real",                        "real",                        MODIFIER_NONE   },
    { "float4",                      "real",                        MODIFIER_NONE   },
    { "float",                       "double precision",            MODIFIER_FLOAT  },
    { "float8",                      "double precision",            MODIFIER_NONE   },
    { "double",                      "double precision",            MODIFIER_NONE   },
    { "double precision",            "double precision",            MODIFIER_NONE   },
    { "numeric",                     "numeric",                     MODIFIER_NUMERIC},
    { "decimal",                     "numeric",                     MODIFIER_NUMERIC},
    { "dec",                         "numeric",                     MODIFIER_NUMERIC},
    { "string",                      "character varying",           MODIFIER_LENGTH },
    { "varchar",                     "character varying",           MODIFIER_LENGTH },
    { "character varying",           "character varying",           MODIFIER_LENGTH },
    { "char varying",                "character varying",           MODIFIER_LENGTH },
    { "national character varying",  "character varying",           MODIFIER_LENGTH },
    { "char",                        "character",                   MODIFIER_ONE    },
    { "character",                   "character",                   MODIFIER_ONE    },
    { "nchar",                       "character",                   MODIFIER_ONE    },
    { "national character",          "character",                   MODIFIER_ONE    },
    { "national char",               "character",                   MODIFIER_ONE    },
    { "bpchar",                      "bpchar",                      MODIFIER_NONE   },
    { "text",                        "text",                        MODIFIER_NONE   },
    { "date",                        "date",                        MODIFIER_NONE   },
    { "time",                        "time without time zone",      MODIFIER_MIDDLE },
    { "time without time zone",      "time without time zone",      MODIFIER_MIDDLE },
    { "time with time zone",         "time with time zone",         MODIFIER_MIDDLE },
    { "timetz",                      "time with time zone",         MODIFIER_MIDDLE },
    { "datetime",                    "timestamp without time zone", MODIFIER_MIDDLE },
    { "timestamp",                   "timestamp without time zone", MODIFIER_MIDDLE },
    { "timestamp without time zone", "timestamp without time zone", MODIFIER_MIDDLE },
    { "timestamp with time zone",    "timestamp with time zone",    MODIFIER_MIDDLE },
    { "timestamptz",                 "timestamp with time zone",    MODIFIER_MIDDLE },
    { "uuid",                        "uuid",                        MODIFIER_NONE   },
    { "json",                        "json",                        MODIFIER_NONE   },
    { "jsonb",                       "jsonb",                       MODIFIER_NONE   },
    { "binary",                      "bytea",                       MODIFIER_DROPPED},
    { "varbinary",                   "bytea",                       MODIFIER_DROPPED},
    { "blob",                        "bytea",                       MODIFIER_NONE   },
    { "bytea",                       "bytea",                       MODIFIER_NONE   },
    { "bit",                         "bit",                         MODIFIER_ONE    },
    { "bit varying",                 "bit varying",                 MODIFIER_LENGTH },
    { "varbit",                      "bit varying",                 MODIFIER_LENGTH },
};

// Native spellings that have a shorter or portable one which gives exactly the same back.
static const struct {
    const char *native, *portable;
} back[] = {
    {"character varying",            "string"     },
    { "character",                   "char"       },
    { "double precision",            "double"     },
    { "timestamp without time zone", "datetime"   },
    { "timestamp with time zone",    "timestamptz"},
    { "time without time zone",      "time"       },
    { "time with time zone",         "timetz"     },
    { "bytea",                       "blob"       },
};

typedef struct Spelt {
    const char *words;    // lower case outside quotes, one space apart, without modifier and array marks
    const char *modifier; // inside the parentheses, without spaces; NULL: none
    unsigned dimensions;
    bool quoted;
    bool odd; // something that is no plain type name: passed through
} Spelt;

static void put_word(StrBuf *words, const Token *token)
{
    if (words->length && words->text[words->length - 1] != '.')
        strbuf_putc(words, ' ');
    for (size_t i = 0; i < token->text.n; i++)
        strbuf_putc(words, token->kind == TOKEN_WORD ? (char)tolower((unsigned char)token->text.p[i])
                                                     : token->text.p[i]);
}

static size_t read_modifier(const TokenList *tokens, size_t i, StrBuf *out)
{
    for (i++; tokens->items[i].kind != TOKEN_END && !token_is(&tokens->items[i], ")"); i++)
        strbuf_put(out, tokens->items[i].text.p, tokens->items[i].text.n);
    return tokens->items[i].kind == TOKEN_END ? i : i + 1;
}

static Spelt take_apart(Arena *arena, const char *spelling)
{
    TokenList tokens = lex_all(arena, (Text){ spelling, strlen(spelling) }, LEX_POSTGRESQL);
    StrBuf words, modifier;
    strbuf_init(&words, arena);
    strbuf_init(&modifier, arena);
    Spelt spelt = { 0 };
    for (size_t i = 0; tokens.items[i].kind != TOKEN_END;) {
        const Token *token = &tokens.items[i];
        if (token->kind == TOKEN_WORD && token_is(token, "array") && words.length) {
            spelt.dimensions++;
            i++;
        } else if (token->kind == TOKEN_WORD || token->kind == TOKEN_NAME) {
            spelt.quoted |= token->kind == TOKEN_NAME;
            put_word(&words, token);
            i++;
        } else if (token_is(token, "(") && !spelt.modifier) {
            i = read_modifier(&tokens, i, &modifier);
            spelt.modifier = modifier.text;
        } else if (token_is(token, "[")) {
            spelt.dimensions++;
            while (tokens.items[i].kind != TOKEN_END && !token_is(&tokens.items[i], "]"))
                i++;
            i += tokens.items[i].kind != TOKEN_END;
        } else if (token_is(token, ".")) {
            strbuf_putc(&words, '.');
            i++;
        } else {
            spelt.odd = true;
            i++;
        }
    }
    spelt.words = words.text;
    return spelt;
}

static const TypeName *find_name(const char *words)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(names[i].spelling, words) == 0)
            return &names[i];
    return NULL;
}

static bool all_digits_and_commas(const char *text)
{
    for (const char *c = text; *c; c++)
        if (!isdigit((unsigned char)*c) && *c != ',' && *c != '-')
            return false;
    return text[0] != '\0';
}

static void put_native(StrBuf *out, const TypeName *name, const char *modifier)
{
    if (modifier && !all_digits_and_commas(modifier))
        modifier = NULL;
    size_t first_word = strcspn(name->native, " ");
    switch (name->modifier) {
    case MODIFIER_NONE:
    case MODIFIER_DROPPED: strbuf_puts(out, name->native); break;
    case MODIFIER_LENGTH: strbuf_printf(out, modifier ? "%s(%s)" : "%s", name->native, modifier); break;
    case MODIFIER_ONE: strbuf_printf(out, "%s(%s)", name->native, modifier ? modifier : "1"); break;
    case MODIFIER_NUMERIC:
        strbuf_printf(out,
                      !modifier               ? "%s"
                      : strchr(modifier, ',') ? "%s(%s)"
                                              : "%s(%s,0)",
                      name->native, modifier);
        break;
    case MODIFIER_FLOAT:
        strbuf_puts(out, modifier && strtol(modifier, NULL, 10) <= 24 ? "real" : "double precision");
        break;
    case MODIFIER_MIDDLE:
        strbuf_put(out, name->native, first_word);
        if (modifier)
            strbuf_printf(out, "(%s)", modifier);
        strbuf_puts(out, name->native + first_word);
        break;
    }
}

const char *pg_type_native(Arena *arena, const char *spelling, const char **wrong)
{
    (void)wrong;
    Spelt spelt = take_apart(arena, spelling);
    if (spelt.odd || !spelt.words[0])
        return arena_strdup(arena, spelling);
    StrBuf out;
    strbuf_init(&out, arena);
    const char *words = spelt.words;
    if (strncmp(words, "pg_catalog.", strlen("pg_catalog.")) == 0)
        words += strlen("pg_catalog.");
    const TypeName *name = spelt.quoted ? NULL : find_name(words);
    if (name)
        put_native(&out, name, spelt.modifier);
    else if (strncmp(words, "interval", strlen("interval")) == 0 && words[strlen("interval")] == ' ' &&
             spelt.modifier)
        strbuf_printf(&out, "%s(%s)", words, spelt.modifier); // interval day to second(3)
    else
        strbuf_printf(&out, spelt.modifier ? "%s(%s)" : "%s", words, spelt.modifier);
    if (spelt.dimensions)
        strbuf_puts(&out, "[]"); // the server forgets how many
    return out.text;
}

const char *pg_type_portable(Arena *arena, const char *native)
{
    Spelt spelt = take_apart(arena, native);
    if (spelt.odd || spelt.quoted)
        return native;
    const char *words = spelt.words;
    for (size_t i = 0; i < COUNT_OF(back); i++)
        if (strcmp(back[i].native, words) == 0)
            words = back[i].portable;
    bool one = strcmp(words, "char") == 0 && spelt.modifier && strcmp(spelt.modifier, "1") == 0;
    const char *text = spelt.modifier && !one ? arena_printf(arena, "%s(%s)", words, spelt.modifier) : words;
    if (spelt.dimensions)
        text = arena_printf(arena, "%s[]", text);
    const char *wrong = NULL, *again = pg_type_native(arena, text, &wrong);
    return again && strcmp(again, native) == 0 ? text : native;
}

const char *pg_type_without_modifier(Arena *arena, const char *type)
{
    const char *open = strchr(type, '(');
    const char *close = open ? strchr(open, ')') : NULL;
    return close ? arena_printf(arena, "%.*s%s", (int)(open - type), type, close + 1) : type;
}

bool pg_type_is_number(const char *type)
{
    static const char *const numbers[] = { "integer", "smallint",         "bigint",
                                           "real",    "double precision", "numeric" };
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        size_t n = strlen(numbers[i]);
        if (strncmp(type, numbers[i], n) == 0 && (type[n] == '\0' || type[n] == '('))
            return true;
    }
    return false;
}
