#include "drivers/postgresql/dialect/apply.h"

#include <stdio.h>
#include <string.h>

#include "core/dialect/dialect.h"

void postgresql_put_table_query(StrBuf *out, const char *schema, const char *table, const char *column)
{
    StrBuf name;
    strbuf_init(&name, out->arena);
    if (schema) {
        postgresql_dialect.put_identifier(&name, schema);
        strbuf_putc(&name, '.');
    }
    postgresql_dialect.put_identifier(&name, table);
    strbuf_puts(out, "SELECT n.nspname");
    if (column) {
        strbuf_puts(out, ", (SELECT 1 FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND NOT "
                         "a.attisdropped AND a.attname = ");
        postgresql_dialect.put_literal(out, column);
        strbuf_putc(out, ')');
    }
    strbuf_puts(out, " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                     " WHERE c.oid = pg_catalog.to_regclass(");
    postgresql_dialect.put_literal(out, name.text);
    strbuf_putc(out, ')');
}

// A tag that occurs in none of the texts, so that the block cannot be broken out of.
static void choose_tag(char *tag, size_t size, const char *a, const char *b)
{
    for (unsigned i = 0;; i++) {
        snprintf(tag, size, "$assert%u$", i);
        if (!strstr(a, tag) && !strstr(b, tag))
            return;
    }
}

void postgresql_put_assertion(StrBuf *out, const char *query, const char *text)
{
    char tag[32];
    choose_tag(tag, sizeof(tag), query, text);
    strbuf_printf(out, "DO %s BEGIN IF EXISTS (\n%s\n) THEN RAISE EXCEPTION USING MESSAGE = ", tag, query);
    postgresql_dialect.put_literal(out, text);
    strbuf_printf(out, ", ERRCODE = 'assert_failure'; END IF; END %s", tag);
}
