// What values a column takes. SQLite itself takes nearly everything everywhere: the declared type says what is meant, and a
// STRICT table holds it to that.
#include "drivers/sqlite/sqlite.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/sqlite/dialect/values.h"

typedef struct TypeWord {
    const char *word; // that the declared type holds; the first that fits counts
    TypeValueKind kind;
    long long least;
    unsigned long long greatest;
} TypeWord;

static const TypeWord type_words[] = {
    {"BOOL",       TAKES_INTEGER,   0,           1         },
    { "TINYINT",   TAKES_INTEGER,   -128,        127       },
    { "SMALLINT",  TAKES_INTEGER,   -32768,      32767     },
    { "INT2",      TAKES_INTEGER,   -32768,      32767     },
    { "BIGINT",    TAKES_INTEGER,   INT64_MIN,   INT64_MAX },
    { "INT8",      TAKES_INTEGER,   INT64_MIN,   INT64_MAX },
    { "POINT",     TAKES_TEXT,      0,           0         },
    { "INT",       TAKES_INTEGER,   -2147483648, 2147483647},
    { "UUID",      TAKES_OTHER,     0,           0         },
    { "JSON",      TAKES_OTHER,     0,           0         },
    { "CHAR",      TAKES_TEXT,      0,           0         },
    { "CLOB",      TAKES_TEXT,      0,           0         },
    { "TEXT",      TAKES_TEXT,      0,           0         },
    { "BLOB",      TAKES_BYTES,     0,           0         },
    { "BINARY",    TAKES_BYTES,     0,           0         },
    { "BYTEA",     TAKES_BYTES,     0,           0         },
    { "REAL",      TAKES_REAL,      0,           0         },
    { "FLOA",      TAKES_REAL,      0,           0         },
    { "DOUB",      TAKES_REAL,      0,           0         },
    { "DATETIME",  TAKES_TIMESTAMP, 0,           0         },
    { "TIMESTAMP", TAKES_TIMESTAMP, 0,           0         },
    { "DATE",      TAKES_DATE,      0,           0         },
    { "TIME",      TAKES_TIME,      0,           0         },
    { "NUM",       TAKES_DECIMAL,   0,           0         },
    { "DEC",       TAKES_DECIMAL,   0,           0         },
    { "MONEY",     TAKES_DECIMAL,   0,           0         },
};

// "(10, 2)": 10, 2; nothing: 0, 0
static void read_arguments(const char *type, unsigned long *first, unsigned long *second)
{
    const char *p = strchr(type, '(');
    *first = *second = 0;
    if (!p)
        return;
    char *end;
    *first = strtoul(p + 1, &end, 10);
    while (isspace((unsigned char)*end))
        end++;
    if (*end == ',')
        *second = strtoul(end + 1, NULL, 10);
}

static void add_samples(Arena *arena, const char *word, TypeValues *out)
{
    static const char *const json[] = { "'{\"a\": 1}'", "'[]'", "'[1, null, \"x\"]'", "'\"text\"'",
                                        "'null'" };
    if (strcmp(word, "UUID") == 0) {
        out->numbered = "'00000000-0000-4000-8000-{x}'";
        return;
    }
    for (size_t i = 0; i < COUNT_OF(json); i++)
        *VEC_PUSH(arena, &out->samples) = json[i];
    out->numbered = "'{\"n\": {n}}'";
}

static bool folds_case(const Column *column)
{
    return column->collation && strcmp(column->collation, "BINARY") != 0 &&
           strcmp(column->collation, "binary") != 0;
}

void sqlite_value_type(Arena *arena, const Schema *schema, const Table *table, const Column *column,
                       TypeValues *out)
{
    (void)schema;
    (void)table;
    unsigned long first, second;
    const TypeWord *found = NULL;
    for (size_t i = 0; !found && i < COUNT_OF(type_words); i++)
        if (sqlite_text_holds(column->type, type_words[i].word))
            found = &type_words[i];
    *out = (TypeValues){ .kind = found ? found->kind : TAKES_TEXT,
                         .hex = "X'",
                         .folds_case = folds_case(column) };
    read_arguments(column->type, &first, &second);
    if (!found)
        return;
    out->least = found->least;
    out->greatest = found->greatest;
    if (found->kind == TAKES_TEXT || found->kind == TAKES_BYTES)
        out->length = first;
    if (found->kind == TAKES_DECIMAL) { // beyond 15 digits SQLite keeps a rounded number
        out->digits = first && first < 15 ? (unsigned)first : 15;
        out->scale = first ? (unsigned)second : 3;
    }
    if (found->kind == TAKES_OTHER)
        add_samples(arena, found->word, out);
}

void sqlite_put_value_text(StrBuf *out, const char *type, const char *column)
{
    (void)type;
    strbuf_printf(out, "quote(%s)", column);
}

void sqlite_put_value_again(StrBuf *out, const char *type, const char *text)
{
    (void)type;
    strbuf_puts(out, text); // quote() wrote it
}

bool sqlite_numbers_itself(const Table *table, const Column *column)
{
    return sqlite_rowid_column(table) == column;
}

void sqlite_put_key_waits(StrBuf *out, const Constraint *key, bool waits)
{
    (void)key;
    strbuf_printf(out, "PRAGMA defer_foreign_keys = %s", waits ? "ON" : "OFF");
}
