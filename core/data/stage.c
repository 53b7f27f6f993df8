// The declared rows of one table in a temporary table of the engine, whose columns are those of the live one.
#include <string.h>

#include "core/data/internal.h"

NameScope data_scope(const DataTable *t)
{
    if (t->set->owns)
        return SCOPE_SCRIPT;
    VEC_EACH (const DataRow, row, &t->rows)
        for (size_t i = 0; i < t->set->columns.count; i++)
            if (row->values[i].kind == DATA_SQL)
                return SCOPE_SCRIPT;
    return SCOPE_OWN;
}

// A part of the condition by which a row that is referred to is found now; its value is to follow. Gives the live column.
static const Column *put_live_part(StrBuf *out, const DataJob *job, const DataReference *reference,
                                   const Column *column, bool first)
{
    const Table *live = data_live_table(job, reference->table);
    const Column *now = data_live_column(job, reference->table, live, column);
    strbuf_puts(out, first ? "" : " AND ");
    job->dialect->put_identifier(out, now->head.name);
    strbuf_puts(out, " = ");
    return now;
}

// The columns by which the row is found: those of the key by which the model knows it, if there is such a row.
static ColumnList found_by(const DataJob *job, const DataReference *reference, const DataTable *t,
                           const DataRow *row)
{
    ColumnList out = { 0 };
    if (!row)
        return reference->columns;
    VEC_EACH (const DataColumn, column, &t->set->columns)
        if (column->is_key)
            *VEC_PUSH(job->arena, &out) = (Column *)(uintptr_t)column->column;
    return out;
}

// By the names that the referred table and its columns have now; a row that is not there yet is NULL. A declared row is the same
// whatever the revision makes of its natural key.
static void put_live_reference(StrBuf *out, const DataJob *job, const DataReference *reference)
{
    const Table *live = data_live_table(job, reference->table);
    const Column *result = data_live_column(job, reference->table, live, reference->result);
    const DataTable *t = NULL;
    const DataRow *row = data_find_declared(job->diff, reference, &t);
    const ColumnList columns = found_by(job, reference, t, row);
    bool known = result != NULL;
    VEC_EACH (Column *, it, &columns)
        known = known && data_live_column(job, reference->table, live, *it);
    if (!known) {
        strbuf_puts(out, "NULL");
        return;
    }
    strbuf_puts(out, "(SELECT ");
    job->dialect->put_identifier(out, result->head.name);
    strbuf_printf(out, " FROM %s WHERE ", data_live_name(job, live));
    for (size_t i = 0; !row && i < reference->columns.count; i++) {
        const Column *column = put_live_part(out, job, reference, columns.items[i], i == 0);
        data_put_text(out, job->dialect, column, reference->texts.items[i], false);
    }
    bool first = true;
    for (size_t i = 0; row && i < t->set->columns.count; i++) {
        const DataValue *value = &row->values[i];
        if (!t->set->columns.items[i].is_key)
            continue;
        (void)put_live_part(out, job, reference, t->set->columns.items[i].column, first);
        first = false;
        if (value->kind == DATA_REFERENCE)
            put_live_reference(out, job, value->reference);
        else
            data_put_value(out, job->diff, t->set, i, value);
    }
    strbuf_putc(out, ')');
}

static void put_row(StrBuf *out, const DataJob *job, const DataTable *t, const StagedColumnList *columns,
                    const DataRow *row, size_t n)
{
    strbuf_printf(out, "(%zu", n);
    VEC_EACH (const StagedColumn, column, columns) {
        if (!column->name)
            continue;
        const DataValue *value = &row->values[column->place];
        strbuf_puts(out, ", ");
        if (value->kind == DATA_REFERENCE)
            put_live_reference(out, job, value->reference);
        else
            data_put_value(out, job->diff, t->set, column->place, value);
    }
    strbuf_putc(out, ')');
}

static void put_insert(StrBuf *sql, const DataJob *job, const StagedColumnList *columns)
{
    strbuf_printf(sql, "INSERT INTO %s (" ROW_NUMBER, job->dialect->rows->stage);
    VEC_EACH (const StagedColumn, column, columns)
        if (column->name)
            strbuf_printf(sql, ", %s", column->name);
    strbuf_puts(sql, ") VALUES ");
}

static bool insert(const DataJob *job, const DataTable *t, const StagedColumnList *columns,
                   const DataRow *rows, size_t count, size_t number, Error *err)
{
    Arena *scratch = arena_new();
    StrBuf sql;
    strbuf_init(&sql, scratch);
    put_insert(&sql, job, columns);
    for (size_t i = 0; i < count; i++) {
        strbuf_puts(&sql, i ? ", " : "");
        put_row(&sql, job, t, columns, &rows[i], number + i);
    }
    bool ok = db_exec_in(job->db, data_scope(t), sql.text, err);
    arena_free(scratch);
    return ok;
}

static bool create(const DataJob *job, const DataTable *t, const StagedColumnList *columns, Error *err)
{
    RowStage stage = { .live = data_live_name(job, t->live) };
    StrBuf sql;
    strbuf_init(&sql, job->arena);
    VEC_EACH (const StagedColumn, column, columns) {
        if (!column->name)
            continue;
        if (t->set->mode == DATA_SYNC && t->set->columns.items[column->place].is_key)
            *VEC_PUSH(job->arena, &stage.key) = stage.columns.count;
        *VEC_PUSH(job->arena, &stage.columns) = (Column *)(uintptr_t)column->live;
    }
    job->dialect->rows->put_stage(&sql, &stage);
    if (!job->db->driver->stage(job->db, true, err))
        return false;
    if (job->db->driver->exec(job->db, sql.text, err))
        return true;
    return error_hint(
        err, "The rows of the model are compared in a temporary table, which this user must be able to "
             "create. check --no-data leaves rows out.");
}

// Rows, under a savepoint where the engine's transactions need one to go on. *said tells why they are not taken.
static bool try_rows(const DataJob *job, const DataTable *t, const StagedColumnList *columns,
                     const DataRow *rows, size_t count, size_t number, bool *taken, Error *said, Error *err)
{
    Db *db = job->db;
    bool saves = job->dialect->caps & CAN_TRANSACTIONAL_DDL;
    *said = (Error){ 0 };
    if (saves && !db->driver->exec(db, "SAVEPOINT cmigrate_row", err))
        return false;
    *taken = insert(job, t, columns, rows, count, number, said);
    if (!*taken && said->code != ERR_SQL) {
        *err = *said;
        return false;
    }
    return !saves || ((*taken || db->driver->exec(db, "ROLLBACK TO SAVEPOINT cmigrate_row", err)) &&
                      db->driver->exec(db, "RELEASE SAVEPOINT cmigrate_row", err));
}

static bool key_is_retyped(const DataTable *t, const StagedColumnList *columns)
{
    VEC_EACH (const StagedColumn, column, columns)
        if (column->retyped && t->set->columns.items[column->place].is_key)
            return true;
    return false;
}

// Is it the key that is refused, by a type that it has only until this revision? Then no row that is there has it.
static bool is_new_key(const DataJob *job, const DataTable *t, const StagedColumnList *columns,
                       const DataRow *row, size_t number, bool *out, Error *err)
{
    StagedColumnList keys = { 0 };
    bool taken = true;
    Error said;
    VEC_EACH (const StagedColumn, column, columns) {
        StagedColumn *it = VEC_PUSH(job->arena, &keys);
        *it = *column;
        if (!t->set->columns.items[column->place].is_key)
            it->name = NULL;
    }
    if (key_is_retyped(t, columns) && !try_rows(job, t, &keys, row, 1, number, &taken, &said, err))
        return false;
    *out = !taken;
    return true;
}

// The row that the engine does not take is found by giving it one at a time. One whose key the live column cannot hold yet is
// to be added.
static bool stage_singly(DataJob *job, DataTable *t, const StagedColumnList *columns, const DataRow *rows,
                         size_t count, size_t number, Error *err)
{
    for (size_t i = 0; i < count; i++) {
        bool taken, is_new;
        Error said;
        if (!try_rows(job, t, columns, &rows[i], 1, number + i, &taken, &said, err))
            return false;
        if (taken)
            continue;
        if (!is_new_key(job, t, columns, &rows[i], number + i, &is_new, err))
            return false;
        if (is_new) {
            *VEC_PUSH(job->arena, &t->unstaged) = number + i;
            continue;
        }
        error_at(err, ERR_SCHEMA, rows[i].at, "%s does not take this row of table '%s': %s", job->db->title,
                 t->set->table->head.name, said.message);
        error_native(err, said.native);
        return false;
    }
    return true;
}

// Of a file, which is read on. Where the type of the key changes, each row may be one that it does not hold yet; else one that is
// refused is one of those that went out together.
static bool insert_file(DataJob *job, DataTable *t, const StagedColumnList *columns, Error *err)
{
    DataFileRows file;
    const bool retyped = key_is_retyped(t, columns);
    bool more = true, ok = true;
    if (!data_file_open(job, t, &file, err))
        return false;
    while (ok && more) {
        Arena *scratch = arena_new();
        DataRowList rows = { 0 };
        size_t begun = file.number;
        while (ok && rows.count < ROWS_AT_ONCE) {
            ok = data_file_next(&file, &more, err);
            if (!ok || !more)
                break;
            *VEC_PUSH(scratch, &rows) = data_file_copy(scratch, &file);
        }
        bool taken = true;
        Error said = { 0 };
        if (ok && rows.count && retyped)
            ok = try_rows(job, t, columns, rows.items, rows.count, begun, &taken, &said, err) &&
                 (taken || stage_singly(job, t, columns, rows.items, rows.count, begun, err));
        else if (ok && rows.count && !insert(job, t, columns, rows.items, rows.count, begun, err)) {
            ok = false;
            if (err->code == ERR_SQL) {
                const char *message = arena_strdup(job->arena, err->message);
                error_at(err, ERR_SCHEMA, rows.items[0].at,
                         "%s does not take this row, or one of the next %zu: %s", job->db->title, rows.count,
                         message);
            }
        }
        arena_free(scratch);
    }
    data_file_close(&file);
    return ok;
}

bool data_stage_open(DataJob *job, DataTable *t, const StagedColumnList *columns, Error *err)
{
    if (!create(job, t, columns, err))
        return false;
    if (t->set->file)
        return insert_file(job, t, columns, err);
    for (size_t i = 0; i < t->rows.count; i += ROWS_AT_ONCE) {
        size_t count = i + ROWS_AT_ONCE < t->rows.count ? ROWS_AT_ONCE : t->rows.count - i;
        if (insert(job, t, columns, &t->rows.items[i], count, i, err))
            continue;
        return err->code == ERR_SQL && data_stage_close(job, err) && create(job, t, columns, err) &&
               stage_singly(job, t, columns, t->rows.items, t->rows.count, 0, err);
    }
    return true;
}

bool data_stage_close(DataJob *job, Error *err) { return job->db->driver->stage(job->db, false, err); }

// An expression is computed wherever and whenever the revision runs: the engine, which refuses a generated column whose value
// would change by itself, says whether it is the same everywhere.
static bool check_expression(DataJob *job, const DataTable *t, size_t place, const DataValue *value,
                             Error *err)
{
    StrBuf probe;
    strbuf_init(&probe, job->arena);
    job->dialect->rows->put_probe(&probe, value->text);
    const char *insert = arena_printf(job->arena, "INSERT INTO %s (x) VALUES (1)", job->dialect->rows->stage);
    Error refused = { 0 }, ignored = { 0 };
    if (!job->db->driver->stage(job->db, true, err))
        return false;
    bool ok = db_exec_in(job->db, SCOPE_SCRIPT, probe.text, &refused) &&
              db_exec_in(job->db, SCOPE_SCRIPT, insert, &refused);
    if (!data_stage_close(job, ok ? err : &ignored))
        return false;
    if (ok)
        return true;
    if (refused.code != ERR_SQL) {
        *err = refused;
        return false;
    }
    const char *column = t->set->columns.items[place].column->head.name;
    error_at(err, ERR_SCHEMA, value->at,
             "the value of column '%s' changes by itself, or is not an expression: %s", column,
             refused.message);
    return error_hint(
        err,
        "A declared value is the same whenever it is asked for. For one that is set when its row is added: "
        "columns: {%s: initial}",
        column);
}

bool data_check_expressions(DataJob *job, const DataTable *t, Error *err)
{
    VEC_EACH (const DataRow, row, &t->rows)
        for (size_t i = 0; i < t->set->columns.count; i++)
            if (row->values[i].kind == DATA_SQL && t->set->columns.items[i].rule != DATA_INITIAL &&
                !check_expression(job, t, i, &row->values[i], err))
                return false;
    return true;
}
