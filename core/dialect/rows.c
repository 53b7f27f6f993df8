#include "core/dialect/rows.h"

#include "core/dialect/sql.h"

static void put_list(StrBuf *out, const Dialect *dialect, const RowUpsert *upsert, const char *from)
{
    strbuf_putc(out, '(');
    for (size_t i = 0; i < upsert->set.count; i++) {
        strbuf_puts(out, i ? ", " : "");
        if (from)
            strbuf_puts(out, from);
        else
            dialect->put_identifier(out, upsert->table->head.name);
        strbuf_putc(out, '.');
        dialect->put_identifier(out, upsert->set.items[i]->head.name);
    }
    strbuf_putc(out, ')');
}

void rows_put_on_conflict(StrBuf *out, const Dialect *dialect, const RowUpsert *upsert, const char *differs)
{
    strbuf_puts(out, "\nON CONFLICT (");
    sql_names(out, dialect, &upsert->key);
    if (!upsert->set.count) {
        strbuf_puts(out, ") DO NOTHING");
        return;
    }
    strbuf_puts(out, ") DO UPDATE SET ");
    for (size_t i = 0; i < upsert->set.count; i++) {
        strbuf_puts(out, i ? ", " : "");
        dialect->put_identifier(out, upsert->set.items[i]->head.name);
        strbuf_puts(out, " = excluded.");
        dialect->put_identifier(out, upsert->set.items[i]->head.name);
    }
    if (!differs)
        return;
    strbuf_puts(out, "\nWHERE ");
    put_list(out, dialect, upsert, NULL);
    strbuf_puts(out, differs);
    put_list(out, dialect, upsert, "excluded");
}
