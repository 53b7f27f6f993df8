#include "drivers/mysql/dialect/rows.h"

#include <string.h>
#include <strings.h>

#include "drivers/mysql/dialect/dialect.h"
#include "drivers/mysql/dialect/types.h"

static bool is_binary(const char *type)
{
    return strstr(type, "blob") != NULL || strstr(type, "binary") != NULL;
}

// A text's literal needs no parentheses but as a default.
static void put_value(StrBuf *out, const Column *column, const char *text, bool quoted)
{
    if (my_type_is_numeric(column->type))
        strbuf_puts(out, my_default_literal(out->arena, column->type, text, quoted));
    else
        my_put_literal(out, text);
}

static void put_bytes(StrBuf *out, const unsigned char *bytes, size_t n)
{
    strbuf_puts(out, "x'");
    for (size_t i = 0; i < n; i++)
        strbuf_printf(out, "%02x", bytes[i]);
    strbuf_putc(out, '\'');
}

static void put_as_literal(StrBuf *out, const Column *column, const char *expression)
{
    const char *type = column->type;
    if (strncmp(type, "bit", 3) == 0)
        strbuf_printf(out, "IFNULL(CONCAT('0x', HEX(%s)), 'NULL')", expression);
    else if (is_binary(type) || my_type_is_geometry(type))
        strbuf_printf(out, "IFNULL(CONCAT('x''', HEX(%s), ''''), 'NULL')", expression);
    else if (strncmp(type, "float", 5) == 0) // which is shown with six digits
        strbuf_printf(out, "IFNULL(CONCAT(%s + 0E0), 'NULL')", expression);
    else if (my_type_is_numeric(type))
        strbuf_printf(out, "IFNULL(CONCAT(%s), 'NULL')", expression);
    else
        strbuf_printf(out, "QUOTE(%s)", expression);
}

static void put_as_text(StrBuf *out, const Column *column, const char *expression)
{
    bool bytes = is_binary(column->type) || my_type_is_geometry(column->type);
    bool number = strncmp(column->type, "float", 5) == 0 || strncmp(column->type, "bit", 3) == 0;
    strbuf_printf(out, bytes ? "HEX(%s)" : number ? "%s + 0" : "%s", expression);
}

static void put_same(StrBuf *out, const ServerInfo *server, const Column *column, const char *a,
                     const char *b)
{
    bool text = my_type_is_string(column->type);
    bool checked_json = strcmp(column->type, "json") == 0 && (server->flags & SERVER_MARIADB);
    if (checked_json && server->version >= 100700) // a text there
        strbuf_printf(out, "(JSON_NORMALIZE(%s) <=> JSON_NORMALIZE(%s))", a, b);
    else if (text || checked_json)
        strbuf_printf(out, "(CAST(%s AS BINARY) <=> CAST(%s AS BINARY))", a, b);
    else
        strbuf_printf(out, "(%s <=> %s)", a, b);
}

// The columns of an outer join's empty side may be NULL, whatever they are declared.
// Of a text or of bytes only a part could be indexed.
static void put_stage_index(StrBuf *out, const RowStage *stage)
{
    VEC_EACH (const size_t, place, &stage->key) {
        const char *type = stage->columns.items[*place]->type;
        if (strstr(type, "text") || strstr(type, "blob") || strstr(type, "json") || my_type_is_geometry(type))
            return;
    }
    for (size_t i = 0; i < stage->key.count; i++)
        strbuf_printf(out, "%sc%zu", i ? ", " : ", INDEX (", stage->key.items[i]);
    strbuf_puts(out, stage->key.count ? ")" : "");
}

static void put_stage(StrBuf *out, const RowStage *stage)
{
    strbuf_puts(out, "CREATE TEMPORARY TABLE cmigrate_rows (" ROW_NUMBER " BIGINT NOT NULL PRIMARY KEY");
    put_stage_index(out, stage);
    strbuf_puts(out, ") AS SELECT 0 AS " ROW_NUMBER);
    for (size_t i = 0; i < stage->columns.count; i++) {
        strbuf_puts(out, ", t.");
        my_put_identifier(out, stage->columns.items[i]->head.name);
        strbuf_printf(out, " AS c%zu", i);
    }
    strbuf_printf(out, " FROM (SELECT 1 AS x) AS one LEFT JOIN %s AS t ON 1 = 0 LIMIT 0", stage->live);
}

static bool is_key(const PartList *parts, const NameList *key)
{
    if (parts->count != key->count)
        return false;
    VEC_EACH (Part, part, parts)
        if (!part->column || !names_have(key, part->column))
            return false;
    return true;
}

// ON DUPLICATE KEY UPDATE takes whichever unique key is met.
static bool is_sole_key(const RowUpsert *upsert)
{
    size_t at = 0;
    for (const PartList *parts; (parts = table_next_key(upsert->table, &at));)
        if (!is_key(parts, &upsert->key))
            return false;
    return true;
}

// What the new row is called; NULL: VALUES(column) says its values. MySQL warns of that form since 8.0.20, MariaDB knows no other.
static const char *new_row(const RowUpsert *upsert)
{
    const ServerInfo *server = upsert->server;
    if ((server->flags & SERVER_MARIADB) || server->version < 80019)
        return NULL;
    return strcasecmp(upsert->table->head.name, "declared") == 0 ? "declared_row" : "declared";
}

static void put_assignment(StrBuf *out, const char *column, const char *row)
{
    my_put_identifier(out, column);
    strbuf_printf(out, " = %s%s", row ? row : "VALUES(", row ? "." : "");
    my_put_identifier(out, column);
    strbuf_puts(out, row ? "" : ")");
}

static bool put_upsert(StrBuf *out, const RowUpsert *upsert)
{
    if (!is_sole_key(upsert))
        return false;
    const char *row = upsert->set.count ? new_row(upsert) : NULL;
    if (row)
        strbuf_printf(out, "\nAS %s", row);
    strbuf_printf(out, "%sON DUPLICATE KEY UPDATE ", row ? " " : "\n");
    for (size_t i = 0; i < upsert->set.count; i++) {
        strbuf_puts(out, i ? ", " : "");
        put_assignment(out, upsert->set.items[i]->head.name, row);
    }
    if (!upsert->set.count) { // stays as it is
        my_put_identifier(out, upsert->key.items[0]);
        strbuf_puts(out, " = ");
        my_put_identifier(out, upsert->key.items[0]);
    }
    return true;
}

static void put_probe(StrBuf *out, const char *expression)
{
    strbuf_printf(
        out, "CREATE TEMPORARY TABLE cmigrate_rows (x INT, v INT GENERATED ALWAYS AS ((%s) IS NULL) STORED)",
        expression);
}

const RowDialect my_rows = {
    .is_binary = is_binary,
    .put_value = put_value,
    .put_bytes = put_bytes,
    .put_as_literal = put_as_literal,
    .put_as_text = put_as_text,
    .put_same = put_same,
    .stage = "cmigrate_rows",
    .put_stage = put_stage,
    .put_probe = put_probe,
    .put_upsert = put_upsert,
    .list_of_rows = "",
    .from_nothing = " FROM DUAL",
};
