// What values a column takes, by the type as the server spells it.
#include <stdlib.h>
#include <string.h>

#include "core/dialect/sql.h"
#include "drivers/mysql/dialect/types.h"
#include "drivers/mysql/dialect/values.h"

typedef struct TypeRow {
    const char *name; // the first word
    TypeValueKind kind;
    long long least;
    unsigned long long greatest, unsigned_greatest;
    size_t length;          // where no argument says one
    const char *samples[5]; // SQL
    const char *numbered;
} TypeRow;

static const TypeRow types[] = {
    {"tinyint",             TAKES_INTEGER,   -128,        127,        255,        0,  { 0 },                                                                                                  NULL              },
    { "smallint",           TAKES_INTEGER,   -32768,      32767,      65535,      0,  { 0 },                                                                                                  NULL              },
    { "mediumint",          TAKES_INTEGER,   -8388608,    8388607,    16777215,   0,  { 0 },                                                                                                  NULL              },
    { "int",                TAKES_INTEGER,   -2147483648, 2147483647, 4294967295, 0,  { 0 },                                                                                                  NULL              },
    { "bigint",             TAKES_INTEGER,   INT64_MIN,   INT64_MAX,  UINT64_MAX, 0,  { 0 },                                                                                                  NULL              },
    { "year",               TAKES_INTEGER,   1901,        2155,       2155,       0,  { 0 },                                                                                                  NULL              },
    { "decimal",            TAKES_DECIMAL,   0,           0,          0,          0,  { 0 },                                                                                                  NULL              },
    { "float",              TAKES_REAL,      0,           0,          0,          0,  { 0 },                                                                                                  NULL              },
    { "double",             TAKES_REAL,      0,           0,          0,          0,  { 0 },                                                                                                  NULL              },
    { "char",               TAKES_TEXT,      0,           0,          0,          1,  { 0 },                                                                                                  NULL              },
    { "varchar",            TAKES_TEXT,      0,           0,          0,          1,  { 0 },                                                                                                  NULL              },
    { "tinytext",           TAKES_TEXT,      0,           0,          0,          60, { 0 },                                                                                                  NULL              },
    { "text",               TAKES_TEXT,      0,           0,          0,          0,  { 0 },                                                                                                  NULL              },
    { "mediumtext",         TAKES_TEXT,      0,           0,          0,          0,  { 0 },                                                                                                  NULL              },
    { "longtext",           TAKES_TEXT,      0,           0,          0,          0,  { 0 },                                                                                                  NULL              },
    { "binary",             TAKES_BYTES,     0,           0,          0,          1,  { 0 },                                                                                                  NULL              },
    { "varbinary",          TAKES_BYTES,     0,           0,          0,          1,  { 0 },                                                                                                  NULL              },
    { "tinyblob",           TAKES_BYTES,     0,           0,          0,          0,  { 0 },                                                                                                  NULL              },
    { "blob",               TAKES_BYTES,     0,           0,          0,          0,  { 0 },                                                                                                  NULL              },
    { "mediumblob",         TAKES_BYTES,     0,           0,          0,          0,  { 0 },                                                                                                  NULL              },
    { "longblob",           TAKES_BYTES,     0,           0,          0,          0,  { 0 },                                                                                                  NULL              },
    { "date",               TAKES_DATE,      0,           0,          0,          0,  { 0 },                                                                                                  NULL              },
    { "time",               TAKES_TIME,      0,           0,          0,          0,  { 0 },                                                                                                  NULL              },
    { "datetime",           TAKES_TIMESTAMP, 0,           0,          0,          0,  { 0 },                                                                                                  NULL              },
 // a TIMESTAMP ends in 2038, and hours that clocks pass over do not exist
    { "timestamp",
     TAKES_OTHER,                            0,
     0,                                                               0,
     0,                                                                               { "'2020-02-29 12:34:56'", "'1970-01-02 00:00:01'", "'1999-12-31 23:59:59'", "'2038-01-18 03:14:07'" },
     NULL                                                                                                                                                                                                       },
    { "bit",                TAKES_OTHER,     0,           0,          0,          0,  { "b'1'", "b'0'" },                                                                                     NULL              },
    { "json",
     TAKES_OTHER,                            0,
     0,                                                               0,
     0,                                                                               { "'{\"a\": 1}'", "'[]'", "'null'", "'\"text\"'", "'[1, {\"b\": null}]'" },
     "'{\"n\": {n}}'"                                                                                                                                                                                           },
    { "uuid",
     TAKES_OTHER,                            0,
     0,                                                               0,
     0,                                                                               { "'5e9f1c1e-0000-4000-8000-00000000000a'" },
     "'00000000-0000-4000-8000-{x}'"                                                                                                                                                                            },
    { "inet6",              TAKES_OTHER,     0,           0,          0,          0,  { "'::1'", "'2001:db8::1'" },                                                                           "'::{a}:{b}:{c}'" },
    { "inet4",              TAKES_OTHER,     0,           0,          0,          0,  { "'192.0.2.1'" },                                                                                      "'10.{a}.{b}.{c}'"},
    { "geometry",
     TAKES_OTHER,                            0,
     0,                                                               0,
     0,                                                                               { "ST_GeomFromText('POINT(1 2)')", "ST_GeomFromText('LINESTRING(0 0, 1 1)')" },
     "ST_GeomFromText('POINT({n} 1)')"                                                                                                                                                                          },
    { "point",
     TAKES_OTHER,                            0,
     0,                                                               0,
     0,                                                                               { "ST_GeomFromText('POINT(1 2)')", "ST_GeomFromText('POINT(0 0)')" },
     "ST_GeomFromText('POINT({n} 1)')"                                                                                                                                                                          },
    { "linestring",
     TAKES_OTHER,                            0,
     0,                                                               0,
     0,                                                                               { "ST_GeomFromText('LINESTRING(0 0, 1 1)')" },
     "ST_GeomFromText('LINESTRING(0 0, {n} 1)')"                                                                                                                                                                },
    { "polygon",            TAKES_OTHER,     0,           0,          0,          0,  { "ST_GeomFromText('POLYGON((0 0, 4 0, 4 4, 0 0))')" },                                                 NULL              },
    { "multipoint",         TAKES_OTHER,     0,           0,          0,          0,  { "ST_GeomFromText('MULTIPOINT(0 0, 1 1)')" },                                                          NULL              },
    { "multilinestring",
     TAKES_OTHER,                            0,
     0,                                                               0,
     0,                                                                               { "ST_GeomFromText('MULTILINESTRING((0 0, 1 1))')" },
     NULL                                                                                                                                                                                                       },
    { "multipolygon",
     TAKES_OTHER,                            0,
     0,                                                               0,
     0,                                                                               { "ST_GeomFromText('MULTIPOLYGON(((0 0, 4 0, 4 4, 0 0)))')" },
     NULL                                                                                                                                                                                                       },
    { "geometrycollection",
     TAKES_OTHER,                            0,
     0,                                                               0,
     0,                                                                               { "ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1))')" },
     NULL                                                                                                                                                                                                       },
    { "geomcollection",
     TAKES_OTHER,                            0,
     0,                                                               0,
     0,                                                                               { "ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1))')" },
     NULL                                                                                                                                                                                                       },
};

static size_t word_length(const char *type) { return strcspn(type, "( "); }

static const TypeRow *find_type(const char *type)
{
    size_t n = word_length(type);
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (strlen(types[i].name) == n && strncmp(types[i].name, type, n) == 0)
            return &types[i];
    return NULL;
}

// 'a','b' within the parentheses of an ENUM or a SET.
static void read_list(Arena *arena, const char *type, NameList *out)
{
    TokenList tokens = lex_all(arena, (Text){ type, strlen(type) }, LEX_MYSQL);
    VEC_EACH (Token, token, &tokens)
        if (token->kind == TOKEN_STRING)
            *VEC_PUSH(arena, out) = arena_strndup(arena, token->text.p, token->text.n);
}

static void of_set(Arena *arena, const char *type, TypeValues *out)
{
    NameList members = { 0 };
    StrBuf all;
    strbuf_init(&all, arena);
    read_list(arena, type, &members);
    out->kind = TAKES_LIST;
    VEC_EACH (const char *, it, &members) {
        size_t n = strlen(*it);
        *VEC_PUSH(arena, &out->list) = *it;
        strbuf_printf(&all, "%s%.*s", all.length ? "," : "'", (int)(n - 2), *it + 1);
    }
    *VEC_PUSH(arena, &out->list) = "''";
    if (members.count > 1) {
        strbuf_putc(&all, '\'');
        *VEC_PUSH(arena, &out->list) = all.text;
    }
}

static void of_bits(Arena *arena, unsigned long length, TypeValues *out)
{
    StrBuf ones;
    strbuf_init(&ones, arena);
    for (unsigned long i = 0; i < (length ? length : 1) && i < 64; i++)
        strbuf_putc(&ones, '1');
    *VEC_PUSH(arena, &out->samples) = arena_printf(arena, "b'%s'", ones.text);
    if (length >= 8)
        out->numbered = "{n}";
}

static void of_vector(Arena *arena, unsigned long length, TypeValues *out)
{
    StrBuf numbers;
    strbuf_init(&numbers, arena);
    for (unsigned long i = 0; i < (length ? length : 3); i++)
        strbuf_printf(&numbers, "%s%lu", i ? "," : "", i % 9);
    // each server has a word of its own, and both take the bytes: of four for each number
    StrBuf bytes;
    strbuf_init(&bytes, arena);
    for (unsigned long i = 0; i < (length ? length : 3); i++)
        strbuf_puts(&bytes, "0000803f");
    *VEC_PUSH(arena, &out->samples) = arena_printf(arena, "X'%s'", bytes.text);
}

void my_value_type(Arena *arena, const Schema *schema, const Table *table, const Column *column,
                   TypeValues *out)
{
    const char *type = column->type;
    const TypeRow *row = find_type(type);
    const char *open = strchr(type, '(');
    char *end = NULL;
    unsigned long first = open ? strtoul(open + 1, &end, 10) : 0;
    (void)schema;
    (void)table;
    *out = (TypeValues){ .hex = "X'", .folds_case = my_type_is_string(type) };
    if (strncmp(type, "enum(", 5) == 0) {
        out->kind = TAKES_LIST;
        read_list(arena, type, &out->list);
    } else if (strncmp(type, "set(", 4) == 0) {
        of_set(arena, type, out);
    } else if (strncmp(type, "vector", 6) == 0) {
        of_vector(arena, first, out);
    }
    if (!row)
        return;
    bool is_unsigned = strstr(type, " unsigned") != NULL;
    out->kind = row->kind;
    out->least = is_unsigned ? 0 : row->least;
    out->greatest = is_unsigned ? row->unsigned_greatest : row->greatest;
    if (strncmp(type, "tinyint(1)", 10) == 0) {
        out->least = 0;
        out->greatest = 1;
    }
    out->length = row->kind == TAKES_TEXT || row->kind == TAKES_BYTES ? first ? first : row->length : 0;
    out->exact_length = strncmp(type, "char", 4) == 0 || strncmp(type, "binary", 6) == 0;
    out->digits = row->kind == TAKES_DECIMAL ? first ? (unsigned)first : 10 : 0;
    out->scale = row->kind == TAKES_DECIMAL && end && *end == ',' ? (unsigned)strtoul(end + 1, NULL, 10) : 0;
    for (size_t i = 0; i < COUNT_OF(row->samples) && row->samples[i]; i++)
        *VEC_PUSH(arena, &out->samples) = row->samples[i];
    out->numbered = row->numbered;
    if (strcmp(row->name, "bit") == 0)
        of_bits(arena, first, out);
}

// Bytes that are no text, and numbers of which a text has fewer digits.
void my_put_value_text(StrBuf *out, const char *type, const char *column)
{
    const TypeRow *row = find_type(type);
    if ((row && row->kind == TAKES_BYTES) || strncmp(type, "bit", 3) == 0 ||
        strncmp(type, "vector", 6) == 0 || my_type_is_geometry(type))
        strbuf_printf(out, "HEX(%s)", column);
    else if (strncmp(type, "float", 5) == 0)
        strbuf_printf(out, "CAST(%s + 0e0 AS CHAR)", column);
    else
        strbuf_printf(out, "CAST(%s AS CHAR CHARACTER SET utf8mb4)", column);
}

void my_put_value_again(StrBuf *out, const char *type, const char *text)
{
    const TypeRow *row = find_type(type);
    if ((row && row->kind == TAKES_BYTES) || strncmp(type, "bit", 3) == 0)
        strbuf_printf(out, "X'%s'", text);
    else
        mysql_dialect.put_literal(out, text);
}

void my_put_key_waits(StrBuf *out, const Constraint *key, bool waits)
{
    (void)key;
    strbuf_printf(out, "SET foreign_key_checks = %d", !waits);
}
