// Values of the model as SQL.
#include <string.h>

#include "core/base/base64.h"
#include "core/data/internal.h"
#include "core/dialect/sql.h"

void data_put_text(StrBuf *out, const Dialect *dialect, const Column *column, const char *text, bool quoted)
{
    size_t n = 0;
    unsigned char *bytes =
        dialect->rows->is_binary(column->type) ? base64_decode(out->arena, text, &n) : NULL;
    if (bytes)
        dialect->rows->put_bytes(out, bytes, n);
    else
        dialect->rows->put_value(out, column, text, quoted);
}

// A row whose natural key changes in the same revision is found by the key of its set, before and after. A table that is inserted
// into cannot be read in the same statement by every engine, but for a derived table that is made beforehand: that is what LIMIT
// is for.
void data_put_reference(StrBuf *out, const DataDiff *diff, const DataSet *set, const DataReference *reference,
                        const NameList *literals)
{
    const Dialect *dialect = diff->dialect;
    const Table *table = reference->table;
    const DataTable *t = NULL;
    const DataRow *row = data_find_changed(out->arena, diff, reference, literals, &t);
    bool itself = table == set->table;
    strbuf_putc(out, '(');
    if (itself)
        sql(out, dialect, KW("SELECT"), ID(reference->result->head.name), KW("FROM ("));
    sql(out, dialect, KW("SELECT"), ID(reference->result->head.name), KW("FROM"),
        QID(table->head.schema, table->head.name), KW("WHERE"));
    strbuf_putc(out, ' ');
    if (row)
        data_put_key(out, diff, t->set, row);
    for (size_t i = 0; !row && i < reference->columns.count; i++) {
        const Column *column = reference->columns.items[i];
        strbuf_puts(out, i ? " AND " : "");
        dialect->put_identifier(out, column->head.name);
        strbuf_puts(out, " = ");
        if (literals)
            strbuf_puts(out, literals->items[i]);
        else
            data_put_text(out, dialect, column, reference->texts.items[i], false);
    }
    strbuf_puts(out, itself ? " LIMIT 2) AS r)" : ")");
}

void data_put_value(StrBuf *out, const DataDiff *diff, const DataSet *set, size_t place,
                    const DataValue *value)
{
    switch (value->kind) {
    case DATA_ABSENT:
    case DATA_NULL: strbuf_puts(out, "NULL"); break;
    case DATA_TEXT:
        data_put_text(out, diff->dialect, set->columns.items[place].column, value->text, value->quoted);
        break;
    case DATA_SQL: strbuf_printf(out, "(%s)", value->text); break;
    case DATA_REFERENCE: data_put_reference(out, diff, set, value->reference, NULL); break;
    }
}

void data_put_key(StrBuf *out, const DataDiff *diff, const DataSet *set, const DataRow *row)
{
    bool first = true;
    for (size_t i = 0; i < set->columns.count; i++) {
        if (!set->columns.items[i].is_key)
            continue;
        strbuf_puts(out, first ? "" : " AND ");
        diff->dialect->put_identifier(out, set->columns.items[i].column->head.name);
        strbuf_puts(out, " = ");
        data_put_value(out, diff, set, i, &row->values[i]);
        first = false;
    }
}

bool data_is_literal(Arena *arena, const DataDiff *diff, const DataSet *set, size_t place,
                     const DataValue *value, const char *literal)
{
    StrBuf declared;
    strbuf_init(&declared, arena);
    data_put_value(&declared, diff, set, place, value);
    const char *a = declared.text;
    size_t n = strlen(literal);
    return strcmp(a, literal) == 0 ||
           (n > 1 && literal[0] == '\'' && strlen(a) == n - 2 && strncmp(a, literal + 1, n - 2) == 0);
}
