#include "drivers/sqlite/dialect/apply.h"

#include "core/dialect/dialect.h"

void sqlite_put_table_query(StrBuf *out, const char *schema, const char *table, const char *column)
{
    strbuf_puts(out, "SELECT NULL");
    if (column) {
        strbuf_puts(out, ", (SELECT 1 FROM pragma_table_info(");
        sqlite_dialect.put_literal(out, table);
        if (schema) {
            strbuf_puts(out, ", ");
            sqlite_dialect.put_literal(out, schema);
        }
        strbuf_puts(out, ") WHERE name = ");
        sqlite_dialect.put_literal(out, column);
        strbuf_putc(out, ')');
    }
    strbuf_puts(out, " FROM ");
    if (schema) {
        sqlite_dialect.put_identifier(out, schema);
        strbuf_putc(out, '.');
    }
    strbuf_puts(out, "sqlite_master WHERE type = 'table' AND name = ");
    sqlite_dialect.put_literal(out, table);
    strbuf_puts(out, " COLLATE NOCASE");
}

// There is no statement that raises outside a trigger: a temporary table whose CHECK bears the text refuses the row.
void sqlite_put_assertion(StrBuf *out, const char *query, const char *text)
{
    strbuf_puts(out, "DROP TABLE IF EXISTS temp.cmigrate_assert;\nCREATE TEMP TABLE cmigrate_assert (x "
                     "INTEGER CONSTRAINT ");
    sqlite_dialect.put_identifier(out, text);
    strbuf_puts(out, " CHECK (x = 0));\nINSERT INTO temp.cmigrate_assert SELECT 1 WHERE EXISTS (\n");
    strbuf_puts(out, query);
    strbuf_puts(out, "\n);\nDROP TABLE temp.cmigrate_assert");
}
