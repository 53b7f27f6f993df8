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
    size_t place = data_place_of(t->set, column->head.name);
    if (place < t->set->columns.count)
        form = form_of_rows(t->set, place);
    if (!form)
        form = form_of_key(job, t->set, column);
    return form && is_live(job, form) ? form : NULL;
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

// ---- Rows whose natural key is another one after the revision

// The set of the table that is referred to, where its rows are known by another key than by what the reference says.
static const DataTable *known_otherwise(const DataDiff *diff, const DataReference *reference)
{
    VEC_EACH (const DataTable, t, &diff->tables) {
        size_t keys = 0;
        if (t->set->table != reference->table)
            continue;
        VEC_EACH (const DataColumn, it, &t->set->columns)
            keys += it->is_key;
        VEC_EACH (Column *, column, &reference->columns) {
            size_t i = data_place_of(t->set, (*column)->head.name);
            keys -= i < t->set->columns.count && t->set->columns.items[i].is_key;
        }
        return keys ? t : NULL;
    }
    return NULL;
}

const DataRow *data_find_declared(const DataDiff *diff, const DataReference *reference, const DataTable **t)
{
    *t = known_otherwise(diff, reference);
    if (!*t || (*t)->set->mode == DATA_INSERT)
        return NULL;
    VEC_EACH (Column *, column, &reference->columns) {
        size_t i = data_place_of((*t)->set, (*column)->head.name);
        if (i == (*t)->set->columns.count || (*t)->set->columns.items[i].rule != DATA_COMPARED)
            return NULL; // it may be what its users made of it
    }
    VEC_EACH (const DataRow, row, &(*t)->rows)
        if (data_has_texts((*t)->set, row, reference))
            return row;
    return NULL;
}

// Had the row these literals, before it was changed?
static bool had(Arena *arena, const DataDiff *diff, const DataSet *set, const DataChange *change,
                const DataReference *form, const NameList *literals)
{
    for (size_t k = 0; k < form->columns.count; k++) {
        size_t i = data_place_of(set, form->columns.items[k]->head.name);
        const char *literal = literals->items[k];
        if (i == set->columns.count)
            return false;
        if (change->live[i] ? strcmp(change->live[i], literal) != 0
                            : !data_is_literal(arena, diff, set, i, &change->row->values[i], literal))
            return false;
    }
    return true;
}

const DataRow *data_find_changed(Arena *arena, const DataDiff *diff, const DataReference *reference,
                                 const NameList *literals, const DataTable **t)
{
    *t = known_otherwise(diff, reference);
    if (!*t || !(*t)->edits)
        return NULL;
    const DataSet *set = (*t)->set;
    VEC_EACH (const DataChange, change, &(*t)->changes) {
        bool touched = false;
        if (change->kind != DATA_CHANGES)
            continue;
        VEC_EACH (Column *, column, &reference->columns) {
            size_t i = data_place_of(set, (*column)->head.name);
            touched = touched || (i < set->columns.count && change->old[i]);
        }
        if (touched && (literals ? had(arena, diff, set, change, reference, literals)
                                 : data_has_texts(set, change->row, reference)))
            return change->row;
    }
    return NULL;
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
