#include "drivers/sqlite/sqlite.h"
#include "drivers/sqlite/dialect/apply.h"
#include "drivers/sqlite/dialect/key_switch.h"
#include "drivers/sqlite/dialect/values.h"
#include "drivers/sqlite/dialect/rows.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

const OptionInfo sqlite_options[] = {
    {"strict",                OPTION_SWITCH, KIND_BIT(OBJECT_TABLE),                  "STRICT: values must be of the column's type"},
    { "without_rowid",        OPTION_SWITCH, KIND_BIT(OBJECT_TABLE),
     "WITHOUT ROWID: the rows are kept in the primary key"                                                                         },
    { "on_conflict",          OPTION_TEXT,
     KIND_BIT(OBJECT_PRIMARY_KEY) | KIND_BIT(OBJECT_UNIQUE) | KIND_BIT(OBJECT_CHECK),
     "ON CONFLICT: rollback, abort, fail, ignore or replace"                                                                       },
    { "inline",               OPTION_SWITCH, KIND_BIT(OBJECT_PRIMARY_KEY),
     "written at its column: INTEGER PRIMARY KEY DESC is a rowid alias only where it is not"                                       },
    { "not_deferrable",       OPTION_SWITCH, KIND_BIT(OBJECT_FOREIGN_KEY),            "NOT DEFERRABLE is written out"              },
    { "not_null_on_conflict", OPTION_TEXT,   KIND_BIT(OBJECT_COLUMN),                 "ON CONFLICT of NOT NULL"                    },
    { "not_null_name",        OPTION_TEXT,   KIND_BIT(OBJECT_COLUMN),                 "the name of the NOT NULL constraint"        },
    { "default_name",         OPTION_TEXT,   KIND_BIT(OBJECT_COLUMN),                 "the name of the DEFAULT clause"             },
    { "collate_name",         OPTION_TEXT,   KIND_BIT(OBJECT_COLUMN),                 "the name of the COLLATE clause"             },
    { "generated_name",       OPTION_TEXT,   KIND_BIT(OBJECT_COLUMN),                 "the name of the generation clause"          },
    { "lonely_names",         OPTION_SQL,    KIND_BIT(OBJECT_COLUMN),
     "CONSTRAINT names without a clause, which mean nothing"                                                                       },
    { "clauses",              OPTION_SQL,    KIND_BIT(OBJECT_COLUMN),
     "clauses that SQLite accepts without meaning, as they are"                                                                    },
};

const char *sqlite_affinity(const char *type)
{
    // lang: datatype3.html, 3.1 Determination Of Column Affinity; the order of the rules matters
    static const struct {
        const char *holds, *affinity;
    } rules[] = {
        {"INT",   "INTEGER"},
        { "CHAR", "TEXT"   },
        { "CLOB", "TEXT"   },
        { "TEXT", "TEXT"   },
        { "BLOB", "BLOB"   },
        { "REAL", "REAL"   },
        { "FLOA", "REAL"   },
        { "DOUB", "REAL"   }
    };
    if (!type[0])
        return "BLOB";
    for (size_t i = 0; i < COUNT_OF(rules); i++)
        if (sqlite_text_holds(type, rules[i].holds))
            return rules[i].affinity;
    return "NUMERIC";
}

bool sqlite_text_holds(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (; *text; text++)
        if (strncasecmp(text, word, n) == 0)
            return true;
    return false;
}

static bool same_type(Arena *arena, const char *a, const char *b)
{
    if (strcasecmp(a, b) == 0 && !strchr(a, '\''))
        return true;
    TokenList x = lex_all(arena, (Text){ a, strlen(a) }, SQLITE_LEX);
    TokenList y = lex_all(arena, (Text){ b, strlen(b) }, SQLITE_LEX);
    if (x.count != y.count)
        return false;
    for (size_t i = 0; i < x.count; i++)
        if (!tokens_same(&x.items[i], &y.items[i]))
            return false;
    return true;
}

static bool same_sql(Arena *arena, const char *a, const char *b)
{
    return sql_same_tokens(arena, a, b, SQLITE_LEX);
}

static void put_identifier(StrBuf *out, const char *name) { strbuf_quoted(out, '"', "\"", name); }

static void put_literal(StrBuf *out, const char *text) { strbuf_quoted(out, '\'', "'", text); }

// A number as SQL and YAML both write it: digits, one point, an exponent.
static bool is_number(const char *text)
{
    const char *c = text + (*text == '-' || *text == '+');
    size_t digits = 0;
    for (; isdigit((unsigned char)*c); c++)
        digits++;
    if (*c == '.')
        for (c++; isdigit((unsigned char)*c); c++)
            digits++;
    if (digits && (*c == 'e' || *c == 'E')) {
        c++;
        c += *c == '-' || *c == '+';
        if (!isdigit((unsigned char)*c))
            return false;
        while (isdigit((unsigned char)*c))
            c++;
    }
    return digits && *c == '\0';
}

static const char *default_literal(Arena *arena, const char *type, const char *scalar, bool was_quoted)
{
    if (!was_quoted) {
        bool text = strcmp(sqlite_affinity(type), "TEXT") == 0;
        if (strcasecmp(scalar, "null") == 0 || strcmp(scalar, "~") == 0)
            return "NULL";
        if (!text && strcasecmp(scalar, "true") == 0)
            return "1";
        if (!text && strcasecmp(scalar, "false") == 0)
            return "0";
        if (!text && is_number(scalar))
            return arena_strdup(arena, scalar);
    }
    StrBuf out;
    strbuf_init(&out, arena);
    put_literal(&out, scalar);
    return out.text;
}

static bool needs_no_transaction(Text statement)
{
    static const char *const words[] = { "VACUUM", "ATTACH", "DETACH" };
    Lexer lexer;
    lex_init(&lexer, statement, SQLITE_LEX, false);
    Token first = lex_next(&lexer);
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (token_is(&first, words[i]))
            return true;
    if (!token_is(&first, "PRAGMA"))
        return false;
    Token pragma = lex_next(&lexer);
    return token_is(&pragma, "journal_mode");
}

static const char *const url_schemes[] = { "sqlite", "sqlite3", NULL };

static bool renames(ObjectKind kind) { return kind == OBJECT_TABLE || kind == OBJECT_COLUMN; }

const Dialect sqlite_dialect = {
    .name = "sqlite",
    .default_schema = "main",
    .url_schemes = url_schemes,
    .quote = '"',
    .lex = SQLITE_LEX,
    .max_identifier = 0,
    .caps = KEYS_MAY_BE_NULL | NULLS_ARE_LEAST | CAN_TRANSACTIONAL_DDL | INLINES_FOREIGN_KEYS |
            FOLDS_NAME_CASE | RENAMES_FOLLOW | FILLS_NULLS,
    .options = sqlite_options,
    .option_count = COUNT_OF(sqlite_options),
    .portable_types = sqlite_portable_types,
    .type_native = sqlite_type_native,
    .type_portable = sqlite_type_portable,
    .asks_for_types = true,
    .same_type = same_type,
    .same_sql = same_sql,
    .put_identifier = put_identifier,
    .put_literal = put_literal,
    .default_literal = default_literal,
    .resolve = sqlite_resolve,
    .renames = renames,
    .fate = sqlite_fate,
    .blocks = sqlite_blocks,
    .expand = sqlite_expand,
    .render = sqlite_render,
    .sync_columns = sqlite_sync_columns,
    .misfit = sqlite_misfit,
    .needs_no_transaction = needs_no_transaction,
    .rows = &sqlite_rows,
    .put_table_query = sqlite_put_table_query,
    .put_assertion = sqlite_put_assertion,
    .client_preamble = ".bail on\n",
    .value_type = sqlite_value_type,
    .put_value_text = sqlite_put_value_text,
    .put_value_again = sqlite_put_value_again,
    .numbers_itself = sqlite_numbers_itself,
    .put_key_waits = sqlite_put_key_waits,
    .insert_defaults = "DEFAULT VALUES",
    .key_switch = &sqlite_key_switch,
};
