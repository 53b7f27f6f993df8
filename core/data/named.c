// What a live row says of another, by that one's natural key. Where the model refers to rows in this way their ids are the
// server's, and differ from database to database: a revision that named them would change other rows than those that it means.
#include <string.h>

#include "core/data/internal.h"

// As the first row of the set does it that refers by this column; else by the key by which the model knows the rows of that table.
static const DataReference *form_of_rows(const DataSet *set, size_t place)
{
    VEC_EACH (DataRow, row, &set->rows)
        if (row->values[place].kind == DATA_REFERENCE)
            return row->values[place].reference;
    return NULL;
}

static const DataReference *form_of_key(const DataJob *job, const DataSet *set, const Column *column)
{
    VEC_EACH (const DataTable, other, &job->diff->tables) {
        const Column *result = data_refers_to(set->table, column, other->set->table);
        if (!result || other->set->table == set->table)
            continue;
        DataReference *form = ARENA_NEW(job->arena, DataReference);
        *form = (DataReference){ .table = other->set->table, .result = result };
        VEC_EACH (DataColumn, it, &other->set->columns) {
            if (!it->is_key)
                continue;
            if (it->column == result) // the model says the id
                return NULL;
            *VEC_PUSH(job->arena, &form->columns) = (Column *)(uintptr_t)it->column;
        }
        return form->columns.count ? form : NULL;
    }
    return NULL;
}

// A row whose natural key is another one after the revision is known by its id alone throughout.
static bool is_changed(const DataJob *job, const DataReference *form)
{
    VEC_EACH (const DataTable, t, &job->diff->tables)
        for (size_t i = 0; t->set->table == form->table && i < t->set->columns.count; i++)
            VEC_EACH (const DataChange, change, &t->changes)
                for (size_t k = 0; change->kind == DATA_CHANGES && change->old[i] && k < form->columns.count;
                     k++)
                    if (form->columns.items[k] == t->set->columns.items[i].column)
                        return true;
    return false;
}

static bool is_live(const DataJob *job, const DataReference *form)
{
    const Table *live = data_live_table(job, form->table);
    bool known = live && data_live_column(job, form->table, live, form->result);
    VEC_EACH (Column *, it, &form->columns)
        known = known && data_live_column(job, form->table, live, *it);
    return known;
}

const DataReference *data_form(const DataJob *job, const DataTable *t, const Column *column)
{
    const DataReference *form = NULL;
    size_t place = 0;
    while (place < t->set->columns.count && t->set->columns.items[place].column != column)
        place++;
    if (place < t->set->columns.count)
        form = form_of_rows(t->set, place);
    if (!form)
        form = form_of_key(job, t->set, column);
    return form && is_live(job, form) && !is_changed(job, form) ? form : NULL;
}

void data_put_named_columns(StrBuf *out, const DataJob *job, const DataReference *form, const char *value)
{
    const Table *live = data_live_table(job, form->table);
    for (size_t i = 0; form->columns.count > i; i++) {
        const Column *column = data_live_column(job, form->table, live, form->columns.items[i]);
        StrBuf name;
        strbuf_init(&name, job->arena);
        strbuf_puts(&name, "n.");
        job->dialect->put_identifier(&name, column->head.name);
        strbuf_puts(out, ", (SELECT ");
        job->dialect->rows->put_as_literal(out, column, name.text);
        strbuf_printf(out, " FROM %s n WHERE n.", data_live_name(job, live));
        job->dialect->put_identifier(out, data_live_column(job, form->table, live, form->result)->head.name);
        strbuf_printf(out, " = %s)", value);
    }
}

bool data_take_named(const DataJob *job, const DataReference *form, const Row *got, size_t *field,
                     NameList *literals)
{
    bool known = true;
    *literals = (NameList){ 0 };
    for (size_t i = 0; i < form->columns.count; i++, (*field)++) {
        const char *text = row_value(got, *field);
        known = known && text && strcmp(text, "NULL") != 0;
        *VEC_PUSH(job->arena, literals) = arena_strdup(job->arena, text ? text : "NULL");
    }
    return known;
}

static bool is_same(const Table *a, const Table *b) { return object_compare(&a->head, &b->head) == 0; }

bool data_reads(const DataTable *t, const Table *table)
{
    if (!table)
        return false;
    if (is_same(t->set->table, table))
        return true;
    for (size_t i = 0; t->forms && i < t->kept.count; i++)
        if (t->forms[i] && is_same(t->forms[i]->table, table))
            return true;
    VEC_EACH (const DataRow, row, &t->rows)
        for (size_t i = 0; i < t->set->columns.count; i++)
            if (row->values[i].kind == DATA_REFERENCE && is_same(row->values[i].reference->table, table))
                return true;
    return false;
}
