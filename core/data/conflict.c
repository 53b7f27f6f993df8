// What a plan cannot do is found while it is made: rows of others that hold what is unique, rows that are still referred to,
// references to rows that nobody has.
#include <stdlib.h>
#include <string.h>

#include "core/data/internal.h"

// ---- Unique values that another row has

static bool is_declared_key(const DataTable *t, const PartList *parts)
{
    size_t keys = 0;
    VEC_EACH (const DataColumn, column, &t->set->columns)
        keys += column->is_key && parts_have_column(parts, column->column->head.name);
    return keys == parts->count;
}

static const StagedColumn *staged_for(const DataTable *t, const StagedColumnList *columns, const char *name)
{
    VEC_EACH (StagedColumn, column, columns)
        if (column->name && name && strcmp(t->set->columns.items[column->place].column->head.name, name) == 0)
            return column;
    return NULL;
}

typedef struct Conflict {
    DataJob *job;
    DataTable *t;
    const char *columns; // of the unique key, for people
} Conflict;

static const DataChange *change_of(const DataTable *t, const DataRow *row)
{
    VEC_EACH (DataChange, it, &t->changes)
        if (it->row && it->row->values == row->values)
            return it;
    return NULL;
}

// Is the row with this key deleted by the plan, or declared (then two rows change places, which the engine judges)?
static bool is_in_plan(Conflict *conflict, const char *title)
{
    VEC_EACH (const DataChange, it, &conflict->t->changes)
        if (it->kind == DATA_REMOVES && strcmp(it->values, title) == 0) {
            conflict->job->diff->removes_first = true;
            return true;
        }
    VEC_EACH (const DataRow, row, &conflict->t->rows)
        if (strcmp(data_title(conflict->job->arena, conflict->t->set, row), title) == 0)
            return true;
    return false;
}

// A row of the database that has what a declared row would take. It is no problem where the plan changes or
// removes that row itself.
static bool take_conflict(void *payload, const Row *got, Error *err)
{
    (void)err;
    Conflict *conflict = payload;
    Arena *arena = conflict->job->arena;
    const DataTable *t = conflict->t;
    const DataRow *row = &t->rows.items[strtoull(row_value(got, 0), NULL, 10)];
    StrBuf title;
    strbuf_init(&title, arena);
    for (size_t i = 1; i < got->count; i++) {
        const char *text = row_value(got, i) ? row_value(got, i) : "NULL";
        size_t n = strlen(text);
        bool quoted = n > 1 && text[0] == '\'';
        strbuf_printf(&title, "%s%.*s", i > 1 ? ", " : "", (int)(quoted ? n - 2 : n),
                      quoted ? text + 1 : text);
    }
    if (!change_of(t, row) || is_in_plan(conflict, title.text))
        return true;
    Error *problem =
        issues_add(&conflict->job->diff->problems, ERR_SCHEMA, row->at,
                   "row %s of table '%s' has a %s that row %s of the database has, which is not declared",
                   data_title(arena, t->set, row), t->set->table->head.name, conflict->columns, title.text);
    error_hint(
        problem,
        "Declare row %s under its own key, give this row another %s, or delete the row of the database.",
        title.text, conflict->columns);
    return true;
}

// Joins the staged rows with the live table over the columns of one unique key: rows that agree there, but not
// in the key that rows are known by.
static bool ask_conflict(DataJob *job, DataTable *t, const StagedColumnList *columns, const PartList *parts,
                         Error *err)
{
    StrBuf sql, names;
    strbuf_init(&sql, job->arena);
    strbuf_init(&names, job->arena);
    strbuf_puts(&sql, "SELECT d." ROW_NUMBER);
    VEC_EACH (const StagedColumn, column, columns)
        if (t->set->columns.items[column->place].is_key) {
            StrBuf name;
            strbuf_init(&name, job->arena);
            strbuf_puts(&name, "t.");
            job->dialect->put_identifier(&name, column->live->head.name);
            strbuf_puts(&sql, ", ");
            job->dialect->rows->put_as_literal(&sql, column->live, name.text);
        }
    strbuf_printf(&sql, " FROM %s d JOIN %s t ON ", job->dialect->rows->stage, data_live_name(job, t->live));
    for (size_t i = 0; i < parts->count; i++) {
        const StagedColumn *column = staged_for(t, columns, parts->items[i].column);
        if (!column)
            return true; // rows do not say it
        strbuf_puts(&sql, i ? " AND t." : "t.");
        job->dialect->put_identifier(&sql, column->live->head.name);
        strbuf_printf(&sql, " = d.%s", column->name);
        strbuf_printf(&names, "%s%s", i ? ", " : "", parts->items[i].column);
    }
    strbuf_puts(&sql, " WHERE NOT (");
    bool first = true;
    VEC_EACH (const StagedColumn, column, columns) {
        if (!t->set->columns.items[column->place].is_key)
            continue;
        strbuf_puts(&sql, first ? "t." : " AND t.");
        job->dialect->put_identifier(&sql, column->live->head.name);
        strbuf_printf(&sql, " = d.%s", column->name);
        first = false;
    }
    strbuf_puts(&sql, ")");
    Conflict conflict = { job, t, names.text };
    return db_query_in(job->db, data_scope(t), sql.text, take_conflict, &conflict, err);
}

bool data_find_conflicts(DataJob *job, DataTable *t, const StagedColumnList *columns, Error *err)
{
    if (!t->changes.count || t->set->file) // of a file, the revision finds them
        return true;
    size_t at = 0;
    for (const PartList *parts; (parts = table_next_key(t->live, &at));)
        if (!is_declared_key(t, parts) && !ask_conflict(job, t, columns, parts, err))
            return false;
    return true;
}

// ---- What is deleted

static const char *first_titles(Arena *arena, const DataTable *t)
{
    enum { NAMED = 5 };
    StrBuf out;
    strbuf_init(&out, arena);
    size_t n = 0;
    VEC_EACH (const DataChange, it, &t->changes)
        if (it->kind == DATA_REMOVES && n++ < NAMED)
            strbuf_printf(&out, "%s%s", n > 1 ? "; " : "", it->title);
    if (n > NAMED)
        strbuf_printf(&out, " and %zu more", n - NAMED);
    return out.text;
}

static const DataTable *set_of(const DataDiff *diff, const Table *live)
{
    VEC_EACH (const DataTable, it, &diff->tables)
        if (it->live == live)
            return it;
    return NULL;
}

static size_t kept_place(const DataTable *t, const char *column)
{
    for (size_t i = 0; i < t->kept.count; i++)
        if (strcmp(t->kept.items[i]->head.name, column) == 0)
            return i;
    return t->kept.count;
}

// How many rows of `child` refer to rows that are to be deleted.
static bool count_children(DataJob *job, const DataTable *t, const Table *child, const Constraint *key,
                           size_t place, const char **count, Error *err)
{
    StrBuf sql;
    strbuf_init(&sql, job->arena);
    strbuf_printf(&sql, "SELECT count(*) FROM %s WHERE ", data_live_name(job, child));
    job->dialect->put_identifier(&sql, key->parts.items[0].column);
    strbuf_puts(&sql, " IN (");
    bool first = true;
    VEC_EACH (const DataChange, it, &t->changes)
        if (it->kind == DATA_REMOVES) {
            strbuf_printf(&sql, "%s%s", first ? "" : ", ", it->old[place]);
            first = false;
        }
    strbuf_putc(&sql, ')');
    return db_value(job->db, job->arena, sql.text, count, err);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

NameList data_removed(Arena *arena, const DataTable *t, size_t place)
{
    NameList removed = { 0 };
    VEC_EACH (const DataChange, it, &t->changes)
        if (it->kind == DATA_REMOVES)
            *VEC_PUSH(arena, &removed) = it->old[place];
    if (removed.count)
        qsort(removed.items, removed.count, sizeof(*removed.items), by_text);
    return removed;
}

bool data_is_removed(const NameList *removed, const char *value)
{
    return removed->count &&
           bsearch(&value, removed->items, removed->count, sizeof(*removed->items), by_text);
}

// Rows that go give unique values to others, so they are deleted first and come back last. A row that leaves one of them for
// another needs both meanwhile: on the way up before the deletion, on the way down after it is undone.
static void check_moves(DataJob *job, const DataTable *t, size_t place, const DataTable *child,
                        const char *column)
{
    size_t i = data_place_of(child->set, column);
    if (i == child->set->columns.count)
        return;
    const NameList removed = data_removed(job->arena, t, place);
    VEC_EACH (const DataChange, it, &child->changes)
        if (it->kind == DATA_CHANGES && it->old[i] && data_is_removed(&removed, it->old[i])) {
            Error *problem = issues_add(&job->diff->problems, ERR_SCHEMA, it->row->at,
                                        "row %s of table '%s' refers to a row of table '%s' that is no "
                                        "longer declared, and that gives "
                                        "a unique value to another row",
                                        it->title, child->set->table->head.name, t->set->table->head.name);
            error_hint(problem,
                       "Make two revisions: let it refer to another row first, and leave the row out of the "
                       "model then.");
            return;
        }
}

// How many of the child's rows go too, or refer to another row afterwards. False: it cannot be said, and the engine judges.
static bool count_leaving(Arena *arena, const DataTable *t, size_t place, const DataTable *child,
                          const char *column, size_t *out)
{
    size_t kept = kept_place(child, column), in_set = data_place_of(child->set, column);
    *out = 0;
    if (kept == child->kept.count && in_set == child->set->columns.count)
        return false;
    const NameList removed = data_removed(arena, t, place);
    VEC_EACH (const DataChange, it, &child->changes) {
        const char *value = NULL;
        if (it->kind == DATA_REMOVES && kept < child->kept.count)
            value = it->old[kept];
        else if (it->kind == DATA_CHANGES && in_set < child->set->columns.count)
            value = it->old[in_set];
        *out += value && data_is_removed(&removed, value);
    }
    return true;
}

// Rows that leave may be referred to by a foreign key of one column. Children that leave too, or that the key
// sets to NULL, do not count; what CASCADE would delete needs --allow-delete.
static bool check_children(DataJob *job, DataTable *t, const Table *child, const Constraint *key, Error *err)
{
    const char *a = key->referred_schema, *b = t->live->head.schema, *count = NULL;
    const Constraint *primary = table_primary_key(t->live);
    const char *referred = key->referred_columns.count            ? key->referred_columns.items[0]
                           : primary && primary->parts.count == 1 ? primary->parts.items[0].column
                                                                  : NULL;
    if (key->head.kind != OBJECT_FOREIGN_KEY || key->parts.count != 1 || !referred || !key->referred_table ||
        strcmp(key->referred_table, t->live->head.name) != 0 || strcmp(a ? a : "", b ? b : "") != 0)
        return true;
    size_t place = kept_place(t, referred);
    bool sets = key->on_delete && strncmp(key->on_delete, "SET", 3) == 0;
    const DataTable *declared = set_of(job->diff, child);
    size_t leaving = 0;
    if (place < t->kept.count && declared && job->diff->removes_first)
        check_moves(job, t, place, declared, key->parts.items[0].column);
    if (place == t->kept.count || sets ||
        (declared && !count_leaving(job->arena, t, place, declared, key->parts.items[0].column, &leaving)))
        return true;
    if (!count_children(job, t, child, key, place, &count, err))
        return false;
    bool cascades = key->on_delete && strcmp(key->on_delete, "CASCADE") == 0;
    size_t left = count ? strtoull(count, NULL, 10) : 0;
    if (left <= leaving || (cascades && job->sides->allow_delete))
        return true;
    left -= leaving;
    Error *problem =
        issues_add(&job->diff->problems, ERR_SCHEMA, t->set->at,
                   "rows of table '%s' are no longer declared (%s), and %zu row%s of '%s' refer%s to them%s",
                   t->set->table->head.name, first_titles(job->arena, t), left, left == 1 ? "" : "s",
                   child->head.name, left == 1 ? "s" : "", cascades ? " and would be deleted, too" : "");
    error_hint(problem, cascades ? "No downgrade brings those back. Where that is meant: --allow-delete"
                                 : "Let them refer to another row first, or declare the rows again.");
    return true;
}

// Without `owns` a row that nobody declared may be anybody's.
static void check_owned(DataJob *job, DataTable *t)
{
    if (t->set->owns || job->sides->allow_delete)
        return;
    Error *problem = issues_add(
        &job->diff->problems, ERR_SCHEMA, t->set->at,
        "mode: sync would delete %zu row%s of table '%s' that the model does not declare: %s", t->removes,
        t->removes == 1 ? "" : "s", t->set->table->head.name, first_titles(job->arena, t));
    error_hint(
        problem,
        "Declare them, or say which rows are the model's: owns: \"…\". Where they are to go: --allow-delete");
}

bool data_check_removes(DataJob *job, DataTable *t, Error *err)
{
    if (!t->removes)
        return true;
    check_owned(job, t);
    VEC_EACH (Table *, child, &job->sides->have->tables)
        VEC_EACH (Constraint *, key, &(*child)->constraints)
            if (!check_children(job, t, *child, *key, err))
                return false;
    return true;
}

// ---- References to rows that the model does not declare

// Looks in the live table for a row that a reference of another set names. A table or column that is not there
// yet holds no such row.
static bool is_there(DataJob *job, const DataReference *reference, bool *out, Error *err)
{
    const Table *live = data_live_table(job, reference->table);
    const char *value = NULL;
    StrBuf sql;
    strbuf_init(&sql, job->arena);
    *out = false;
    if (!live)
        return true;
    strbuf_printf(&sql, "SELECT 1 FROM %s WHERE ", data_live_name(job, live));
    for (size_t i = 0; i < reference->columns.count; i++) {
        const Column *column = data_live_column(job, reference->table, live, reference->columns.items[i]);
        if (!column)
            return true;
        strbuf_puts(&sql, i ? " AND " : "");
        job->dialect->put_identifier(&sql, column->head.name);
        strbuf_puts(&sql, " = ");
        data_put_text(&sql, job->dialect, column, reference->texts.items[i], false);
    }
    if (!db_value(job->db, job->arena, sql.text, &value, err))
        return false;
    *out = value != NULL;
    return true;
}

bool data_check_references(DataJob *job, Error *err)
{
    VEC_EACH (DataTable, t, &job->diff->tables)
        VEC_EACH (DataChange, change, &t->changes)
            for (size_t i = 0; change->row && i < t->set->columns.count; i++) {
                const DataValue *value = &change->row->values[i];
                bool there = true;
                if (value->kind != DATA_REFERENCE || data_is_declared(job->diff, value->reference))
                    continue;
                if (!is_there(job, value->reference, &there, err))
                    return false;
                if (!there)
                    error_hint(issues_add(&job->diff->problems, ERR_SCHEMA, value->at,
                                          "table '%s' has no such row, and the model declares none",
                                          value->reference->table->head.name),
                               "Declare it under 'data:', or check what it is called.");
            }
    return true;
}
