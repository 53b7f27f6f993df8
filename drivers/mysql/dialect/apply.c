#include "drivers/mysql/dialect/apply.h"

#include "core/dialect/dialect.h"

static void put_place(StrBuf *out, const char *schema, const char *table)
{
    strbuf_puts(out, " table_schema = ");
    if (schema)
        mysql_dialect.put_literal(out, schema);
    else
        strbuf_puts(out, "DATABASE()");
    strbuf_puts(out, " AND table_name = ");
    mysql_dialect.put_literal(out, table);
}

void mysql_put_table_query(StrBuf *out, const char *schema, const char *table, const char *column)
{
    strbuf_puts(out, "SELECT table_schema");
    if (column) {
        strbuf_puts(out, ", (SELECT 1 FROM information_schema.columns WHERE");
        put_place(out, schema, table);
        strbuf_puts(out, " AND column_name = ");
        mysql_dialect.put_literal(out, column);
        strbuf_putc(out, ')');
    }
    strbuf_puts(out, " FROM information_schema.tables WHERE");
    put_place(out, schema, table);
}

// SIGNAL stands in routines only: a subquery of two rows where one is allowed fails as well, with the text beside it.
void mysql_put_assertion(StrBuf *out, const char *query, const char *text)
{
    strbuf_puts(out, "SELECT CASE WHEN EXISTS (\n");
    strbuf_puts(out, query);
    strbuf_puts(out, "\n) THEN (SELECT ");
    mysql_dialect.put_literal(out, text);
    strbuf_puts(out, " UNION ALL SELECT 'the assertion failed') ELSE 'ok' END AS assertion");
}
