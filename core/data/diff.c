#include <stdlib.h>
#include <string.h>

#include "core/data/internal.h"

// ---- Which rows: those of every environment, and over them those of ours

static bool same_key(const DataSet *set, const DataRow *a, const DataRow *b)
{
    for (size_t i = 0; i < set->columns.count; i++) {
        const DataValue *x = &a->values[i], *y = &b->values[i];
        if (!set->columns.items[i].is_key)
            continue;
        if (x->kind != y->kind || strcmp(x->text ? x->text : "", y->text ? y->text : "") != 0 ||
            (x->reference && !names_equal(&x->reference->texts, &y->reference->texts)))
            return false;
    }
    return true;
}

static DataRowList rows_of(Arena *arena, const DataSet *set, const char *environment)
{
    DataRowList out = { 0 };
    size_t common;
    VEC_EACH (DataRow, row, &set->rows)
        if (!row->environment)
            *VEC_PUSH(arena, &out) = *row;
    common = out.count;
    VEC_EACH (DataRow, row, &set->rows) {
        if (!row->environment || !environment || strcmp(row->environment, environment) != 0)
            continue;
        size_t i = 0;
        while (i < common && !same_key(set, &out.items[i], row))
            i++;
        if (i < common)
            out.items[i] = *row;
        else
            *VEC_PUSH(arena, &out) = *row;
    }
    return out;
}

// ---- The columns that are compared

static bool is_compared(const DataTable *t, const StagedColumn *column)
{
    const DataColumn *it = &t->set->columns.items[column->place];
    return !it->is_key && it->rule == DATA_COMPARED && t->set->mode != DATA_INSERT;
}

// A column that is set once, or never looked at, is not staged; nor is one that is not there yet.
static StagedColumnList staged_columns(const DataJob *job, const DataTable *t)
{
    StagedColumnList out = { 0 };
    size_t staged = 0;
    for (size_t i = 0; i < t->set->columns.count; i++) {
        const DataColumn *column = &t->set->columns.items[i];
        StagedColumn *it = VEC_PUSH(job->arena, &out);
        it->place = i;
        it->live = data_live_column(job, t->set->table, t->live, column->column);
        it->form = it->live && is_compared(t, it) ? data_form(job, t, column->column) : NULL;
        it->retyped = it->live && !job->dialect->same_type(job->arena, it->live->type, column->column->type);
        if (it->live && column->rule == DATA_COMPARED && (!it->retyped || column->is_key))
            it->name = arena_printf(job->arena, "c%zu", staged++);
    }
    return out;
}

static const char *live_column(const DataJob *job, const StagedColumn *column)
{
    StrBuf out;
    strbuf_init(&out, job->arena);
    strbuf_puts(&out, "t.");
    job->dialect->put_identifier(&out, column->live->head.name);
    return out.text;
}

// ---- Declared rows that are missing or differ

static void put_join(StrBuf *out, const DataJob *job, const DataTable *t, const StagedColumnList *columns)
{
    bool first = true;
    VEC_EACH (const StagedColumn, column, columns) {
        if (!t->set->columns.items[column->place].is_key)
            continue;
        strbuf_printf(out, "%s%s = d.%s", first ? "" : " AND ", live_column(job, column), column->name);
        first = false;
    }
}

static const StagedColumn *first_key(const DataTable *t, const StagedColumnList *columns)
{
    VEC_EACH (StagedColumn, column, columns)
        if (t->set->columns.items[column->place].is_key)
            return column;
    return NULL;
}

// A row number, whether the row is missing, whether it is ours, and for each compared column: does it differ, and what is
// there. Where a column is not there yet or changes its type, every row is asked for.
static const char *difference_query(const DataJob *job, const DataTable *t, const StagedColumnList *columns)
{
    const RowDialect *rows = job->dialect->rows;
    const char *key = live_column(job, first_key(t, columns));
    StrBuf out, where;
    strbuf_init(&out, job->arena);
    strbuf_init(&where, job->arena);
    strbuf_printf(&out, "SELECT d." ROW_NUMBER ", CASE WHEN %s IS NULL THEN 1 ELSE 0 END", key);
    strbuf_printf(&where, "%s IS NULL", key);
    if (t->set->owns)
        strbuf_printf(&out, ", CASE WHEN (%s) THEN 1 ELSE 0 END", t->set->owns);
    else
        strbuf_puts(&out, ", 1");
    bool all = false;
    VEC_EACH (const StagedColumn, column, columns) {
        if (!is_compared(t, column))
            continue;
        if (!column->live) {
            all = true;
            continue;
        }
        const char *name = live_column(job, column);
        StrBuf same;
        strbuf_init(&same, job->arena);
        if (column->name)
            rows->put_same(&same, &job->db->server, column->live, name,
                           arena_printf(job->arena, "d.%s", column->name));
        else
            strbuf_puts(&same, "1 = 0");
        all = all || !column->name;
        strbuf_printf(&out, ", CASE WHEN %s THEN 0 ELSE 1 END, ", same.text);
        rows->put_as_literal(&out, column->live, name);
        if (column->form)
            data_put_named_columns(&out, job, column->form, name);
        strbuf_printf(&where, " OR NOT (%s)", same.text);
    }
    if (t->set->owns)
        strbuf_printf(&where, " OR NOT (%s)", t->set->owns);
    strbuf_printf(&out, " FROM %s d LEFT JOIN %s t ON ", rows->stage, data_live_name(job, t->live));
    put_join(&out, job, t, columns);
    if (!all)
        strbuf_printf(&out, " WHERE %s", where.text);
    strbuf_puts(&out, " ORDER BY 1");
    return out.text;
}

typedef struct Found {
    DataJob *job;
    DataTable *t;
    const StagedColumnList *columns;
    DataFileRows *file; // the rows of a set that has them in a file; NULL: it has not
} Found;

static bool is_true(const char *text) { return text && strcmp(text, "1") == 0; }

static void add_change(Found *found, const DataRow *row, DataChange change)
{
    DataTable *t = found->t;
    change.row = row;
    change.title = data_title(found->job->arena, t->set, row);
    *VEC_PUSH(found->job->arena, &t->changes) = change;
    t->adds += change.kind == DATA_ADDS;
    t->edits += change.kind == DATA_CHANGES;
}

static void not_ours(Found *found, const DataRow *row)
{
    Error *err =
        issues_add(&found->job->diff->problems, ERR_SCHEMA, row->at,
                   "row %s of table '%s' is there, and not ours by 'owns'",
                   data_title(found->job->arena, found->t->set, row), found->t->set->table->head.name);
    error_also(err, found->t->set->owns_at, "this is not true of it");
    error_hint(err,
               "Let 'owns' be true of it, take the row out of the model, or delete it from the database.");
}

static const char *without_quotes(Arena *arena, const char *literal)
{
    size_t n = strlen(literal);
    return n > 1 && literal[0] == '\'' && literal[n - 1] == '\'' ? arena_strndup(arena, literal + 1, n - 2)
                                                                 : literal;
}

// `title` gets it for people. NULL: the row refers to none.
static const DataNamed *take_named(Found *found, const DataReference *form, const Row *got, size_t *field,
                                   StrBuf *title)
{
    DataNamed *out = ARENA_NEW(found->job->arena, DataNamed);
    if (!data_take_named(found->job, form, got, field, &out->literals))
        return NULL;
    out->form = form;
    for (size_t i = 0; title && i < out->literals.count; i++)
        strbuf_printf(title, "%s%s", title->length ? i ? " " : ", " : "",
                      without_quotes(found->job->arena, out->literals.items[i]));
    return out;
}

// Takes one row of the query of differences: number, missing, ours, then for each column whether it differs
// and the rows in the table. Rows from files are spooled or copied, because only one of them is in memory.
static bool take_difference(void *payload, const Row *got, Error *err)
{
    Found *found = payload;
    DataTable *t = found->t;
    size_t n = strtoull(row_value(got, 0), NULL, 10), field = 3;
    if (found->file && !data_file_row(found->file, n, err)) // they come in the order of their numbers
        return false;
    const DataRow *row = found->file ? &found->file->row : &t->rows.items[n];
    if (found->file && is_true(row_value(got, 1)))
        return data_spool(found->job, t, row, err);
    if (is_true(row_value(got, 1))) {
        add_change(found, row, (DataChange){ .kind = DATA_ADDS });
        return true;
    }
    if (!is_true(row_value(got, 2))) {
        not_ours(found, row);
        return true;
    }
    DataChange change = {
        .kind = DATA_CHANGES,
        .old = arena_alloc(found->job->arena, (t->set->columns.count + 1) * sizeof(char *)),
        .named = arena_alloc(found->job->arena, (t->set->columns.count + 1) * sizeof(*change.named)),
        .live = arena_alloc(found->job->arena, (t->set->columns.count + 1) * sizeof(char *))
    };
    bool differs = false;
    VEC_EACH (const StagedColumn, column, found->columns) {
        const DataValue *value = &row->values[column->place];
        if (!is_compared(t, column))
            continue;
        const char *old = NULL;
        bool other = true;
        if (column->live) {
            other = is_true(row_value(got, field));
            old = change.live[column->place] = arena_strdup(found->job->arena, row_value(got, field + 1));
            field += 2;
            if (column->form)
                change.named[column->place] = take_named(found, column->form, got, &field, NULL);
            if (other && !column->name && value->kind != DATA_ABSENT)
                // the type changes
                other =
                    !data_is_literal(found->job->arena, found->job->diff, t->set, column->place, value, old);
        }
        if (!other || value->kind == DATA_ABSENT)
            continue;
        change.old[column->place] = old ? old : "";
        differs = true;
    }
    if (differs && found->file) {
        DataRow *kept = ARENA_NEW(found->job->arena, DataRow);
        *kept = data_file_copy(found->job->arena, found->file);
        row = kept;
    }
    if (differs)
        add_change(found, row, change);
    return true;
}

// ---- Rows that nobody declared

static ColumnList kept_columns(const DataJob *job, const DataTable *t, ColumnList *live)
{
    ColumnList out = { 0 };
    VEC_EACH (Column *, column, &t->set->table->columns) {
        const Column *now = data_live_column(job, t->set->table, t->live, *column);
        if (!now || now->generated || (*column)->generated)
            continue;
        *VEC_PUSH(job->arena, &out) = *column;
        *VEC_PUSH(job->arena, live) = (Column *)(uintptr_t)now;
    }
    return out;
}

// Rows of the live table that no declared row joins, restricted to those that the set owns. Ordered by the
// key, so that the same input gives the same script.
static const char *surplus_query(const DataJob *job, const DataTable *t, const StagedColumnList *columns,
                                 const ColumnList *live)
{
    StrBuf out;
    strbuf_init(&out, job->arena);
    strbuf_puts(&out, "SELECT ");
    for (size_t i = 0; i < live->count; i++) {
        const StagedColumn column = { .live = live->items[i] };
        strbuf_puts(&out, i ? ", " : "");
        job->dialect->rows->put_as_literal(&out, live->items[i], live_column(job, &column));
    }
    for (size_t i = 0; i < live->count; i++) {
        const StagedColumn column = { .live = live->items[i] };
        if (t->forms[i])
            data_put_named_columns(&out, job, t->forms[i], live_column(job, &column));
    }
    strbuf_printf(&out, " FROM %s t LEFT JOIN %s d ON ", data_live_name(job, t->live),
                  job->dialect->rows->stage);
    put_join(&out, job, t, columns);
    strbuf_puts(&out, " WHERE d." ROW_NUMBER " IS NULL");
    if (t->set->owns)
        strbuf_printf(&out, " AND (%s)", t->set->owns);
    strbuf_puts(&out, " ORDER BY ");
    bool first = true;
    VEC_EACH (const StagedColumn, column, columns) {
        if (!t->set->columns.items[column->place].is_key)
            continue;
        strbuf_printf(&out, "%s%s", first ? "" : ", ", live_column(job, column));
        first = false;
    }
    return out.text;
}

static bool is_key_column(const DataSet *set, const Column *column)
{
    VEC_EACH (const DataColumn, it, &set->columns)
        if (it->column == column)
            return it->is_key;
    return false;
}

// A row that is no longer declared. All its values are kept as literals: the downgrade writes them back.
static bool take_surplus(void *payload, const Row *got, Error *err)
{
    (void)err;
    Found *found = payload;
    DataTable *t = found->t;
    Arena *arena = found->job->arena;
    DataChange change = { .kind = DATA_REMOVES,
                          .old = arena_alloc(arena, (t->kept.count + 1) * sizeof(char *)),
                          .named = arena_alloc(arena, (t->kept.count + 1) * sizeof(*change.named)) };
    size_t field = t->kept.count;
    StrBuf title, values;
    strbuf_init(&title, arena);
    strbuf_init(&values, arena);
    for (size_t i = 0; i < t->kept.count; i++) {
        change.old[i] = arena_strdup(arena, row_value(got, i) ? row_value(got, i) : "NULL");
        bool key = is_key_column(t->set, t->kept.items[i]);
        if (key)
            strbuf_printf(&values, "%s%s", values.length ? ", " : "", without_quotes(arena, change.old[i]));
        if (t->forms[i])
            change.named[i] = take_named(found, t->forms[i], got, &field, key ? &title : NULL);
        if (key && !change.named[i])
            strbuf_printf(&title, "%s%s", title.length ? ", " : "", without_quotes(arena, change.old[i]));
    }
    change.title = title.text;
    change.values = values.text;
    *VEC_PUSH(arena, &t->changes) = change;
    t->removes++;
    return true;
}

// ---- A table

static bool ask_differences(DataJob *job, DataTable *t, const StagedColumnList *columns, Error *err)
{
    Found found = { .job = job, .t = t, .columns = columns };
    DataFileRows rows;
    if (t->set->file && !data_file_open(job, t, &rows, err))
        return false;
    found.file = t->set->file ? &rows : NULL;
    bool ok =
        db_query_in(job->db, data_scope(t), difference_query(job, t, columns), take_difference, &found, err);
    if (t->set->file)
        data_file_close(&rows);
    return ok;
}

// Rows that could not be staged are to be added.
static bool add_unstaged(DataJob *job, DataTable *t, Error *err)
{
    Found found = { .job = job, .t = t };
    DataFileRows rows;
    bool ok = true;
    if (t->set->file && t->unstaged.count) {
        if (!data_file_open(job, t, &rows, err))
            return false;
        for (size_t i = 0; ok && i < t->unstaged.count; i++)
            ok = data_file_row(&rows, t->unstaged.items[i], err) && data_spool(job, t, &rows.row, err);
        data_file_close(&rows);
    }
    for (size_t i = 0; !t->set->file && i < t->unstaged.count; i++)
        add_change(&found, &t->rows.items[t->unstaged.items[i]], (DataChange){ .kind = DATA_ADDS });
    data_spool_end(job, t);
    return ok;
}

static bool compare_staged(DataJob *job, DataTable *t, const StagedColumnList *columns, Error *err)
{
    Found found = { .job = job, .t = t, .columns = columns };
    if (!ask_differences(job, t, columns, err) || !add_unstaged(job, t, err))
        return false;
    if (t->set->mode == DATA_SYNC) {
        ColumnList live = { 0 };
        t->kept = kept_columns(job, t, &live);
        t->forms = arena_alloc(job->arena, (t->kept.count + 1) * sizeof(*t->forms));
        for (size_t i = 0; i < t->kept.count;
             i++) // rows of one table come back with their ids, by one statement
            t->forms[i] = data_refers_to(t->set->table, t->kept.items[i], t->set->table)
                              ? NULL
                              : data_form(job, t, t->kept.items[i]);
        if (!db_query_in(job->db, data_scope(t), surplus_query(job, t, columns, &live), take_surplus, &found,
                         err))
            return false;
    }
    return data_find_conflicts(job, t, columns, err);
}

static bool add_all(DataJob *job, DataTable *t, Error *err)
{
    Found found = { .job = job, .t = t };
    if (t->set->file)
        return data_spool_all(job, t, err);
    VEC_EACH (DataRow, row, &t->rows)
        add_change(&found, row, (DataChange){ .kind = DATA_ADDS });
    return true;
}

static bool key_is_live(const DataTable *t, const StagedColumnList *columns)
{
    VEC_EACH (const StagedColumn, column, columns)
        if (t->set->columns.items[column->place].is_key && !column->name)
            return false;
    return true;
}

static bool compare_table(DataJob *job, DataTable *t, Error *err)
{
    t->live = data_live_table(job, t->set->table);
    StagedColumnList columns = { 0 };
    if (!data_check_expressions(job, t, err))
        return false;
    if (t->live)
        columns = staged_columns(job, t);
    if (!t->live || !key_is_live(t, &columns)) { // a key that comes with the same revision: no row has it
        return add_all(job, t, err);
    }
    Error failure = { 0 }, ignored = { 0 };
    bool ok = data_stage_open(job, t, &columns, &failure) && compare_staged(job, t, &columns, &failure);
    if (!data_stage_close(job, ok ? &failure : &ignored))
        ok = false;
    if (!ok && failure.code == ERR_SQL)
        error_prefix(&failure, "comparing the rows of table '%s': ", t->set->table->head.name);
    if (!ok)
        *err = failure;
    return ok;
}

static bool is_wanted(const Schema *want, const Table *table)
{
    return schema_table(want, table->head.schema, table->head.name) != NULL;
}

bool data_diff(Arena *arena, Db *db, const DataSides *sides, DataDiff *out, Error *err)
{
    *out = (DataDiff){ .dialect = db->dialect, .server = &db->server, .problems = { .arena = arena } };
    DataJob job = { .arena = arena, .db = db, .dialect = db->dialect, .sides = sides, .diff = out };
    VEC_EACH (DataSet *, set, &sides->want->data)
        if (is_wanted(sides->want, (*set)->table)) // include: and exclude: leave tables out
            *VEC_PUSH(arena, &out->tables) =
                (DataTable){ .set = *set, .rows = rows_of(arena, *set, sides->environment) };
    data_order_tables(&job);
    for (size_t i = 0; i < out->tables.count; i++)
        if (!compare_table(&job, &out->tables.items[i], err))
            return false;
    for (size_t i = 0; i < out->tables.count; i++) // when it is known which of their children go, too
        if (!data_check_removes(&job, &out->tables.items[i], err))
            return false;
    for (size_t i = 0; i < out->tables.count; i++) {
        data_order_rows(&job, i);
        out->count += out->tables.items[i].changes.count + out->tables.items[i].spooled;
    }
    return data_check_references(&job, err);
}
