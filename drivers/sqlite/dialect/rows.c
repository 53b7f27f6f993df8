#include "core/dialect/rows.h"

#include <string.h>
#include <strings.h>

#include "drivers/sqlite/dialect/rows.h"
#include "drivers/sqlite/sqlite.h"

static bool is_binary(const char *type)
{
    return sqlite_text_holds(type, "BLOB") || sqlite_text_holds(type, "BINARY");
}

static void put_value(StrBuf *out, const Column *column, const char *text, bool quoted)
{
    strbuf_puts(out, sqlite_dialect.default_literal(out->arena, column->type, text, quoted));
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
    (void)column;
    strbuf_printf(out, "quote(%s)", expression);
}

static void put_as_text(StrBuf *out, const Column *column, const char *expression)
{
    if (is_binary(column->type))
        strbuf_printf(out, "CASE WHEN %s IS NOT NULL THEN hex(%s) END", expression, expression);
    else
        strbuf_puts(out, expression);
}

static void put_same(StrBuf *out, const ServerInfo *server, const Column *column, const char *a,
                     const char *b)
{
    (void)server;
    if (strcasecmp(column->type, "json") == 0) // which is text here: spaces in it mean nothing
        strbuf_printf(out,
                      "(CASE WHEN json_valid(%s) THEN json(%s) ELSE %s END) IS "
                      "(CASE WHEN json_valid(%s) THEN json(%s) ELSE %s END)",
                      a, a, a, b, b, b);
    else
        strbuf_printf(out, "(%s COLLATE BINARY) IS (%s COLLATE BINARY)", a, b);
}

static void put_stage(StrBuf *out, const RowStage *stage)
{
    strbuf_puts(out, "CREATE TEMP TABLE \"cmigrate_rows\" (\"" ROW_NUMBER "\" INTEGER PRIMARY KEY");
    for (size_t i = 0; i < stage->columns.count; i++) {
        const Column *column = stage->columns.items[i];
        strbuf_printf(out, ", \"c%zu\" %s", i, column->type);
        if (!column->collation)
            continue;
        strbuf_puts(out, " COLLATE ");
        sqlite_dialect.put_identifier(out, column->collation);
    }
    strbuf_putc(out, ')');
}

static bool put_upsert(StrBuf *out, const RowUpsert *upsert)
{
    rows_put_on_conflict(out, &sqlite_dialect, upsert, upsert->set.count > 1 ? " IS NOT " : NULL);
    return true;
}

static void put_probe(StrBuf *out, const char *expression)
{
    strbuf_printf(out, "CREATE TEMP TABLE \"cmigrate_rows\" (x INTEGER, v AS ((%s) IS NULL) STORED)",
                  expression);
}

const RowDialect sqlite_rows = {
    .is_binary = is_binary,
    .put_value = put_value,
    .put_bytes = put_bytes,
    .put_as_literal = put_as_literal,
    .put_as_text = put_as_text,
    .put_same = put_same,
    .stage = "temp.\"cmigrate_rows\"",
    .put_stage = put_stage,
    .put_probe = put_probe,
    .put_upsert = put_upsert,
    .list_of_rows = "VALUES ",
    .from_nothing = "",
};
