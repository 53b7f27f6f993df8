// Which rows come first: tables by the foreign keys of the model, rows of one table by what they say of each other.
#include <string.h>

#include "core/data/internal.h"

static bool names_table(const Constraint *key, const Table *table)
{
    const char *a = key->referred_schema, *b = table->head.schema;
    return key->head.kind == OBJECT_FOREIGN_KEY && key->referred_table &&
           strcmp(key->referred_table, table->head.name) == 0 && strcmp(a ? a : "", b ? b : "") == 0;
}

// ---- Tables

typedef struct Walk {
    DataTableList from, to;
    int *state;    // 0: not seen, 1: under way, 2: placed
    bool *follows; // [i * count + k]: table i refers to table k, and its rows come later
    Arena *arena;
} Walk;

static const Table *table_at(const Walk *walk, size_t i) { return walk->from.items[i].set->table; }

// By a key that a row cannot be without, where `firmly`.
static bool refers_to(const Table *table, const Table *other, bool firmly)
{
    VEC_EACH (Constraint *, key, &table->constraints) {
        bool firm = true;
        if (!names_table(*key, other))
            continue;
        VEC_EACH (Part, part, &(*key)->parts) {
            const Column *column = part->column ? table_column(table, part->column) : NULL;
            firm = firm && column && !column->nullable;
        }
        if (firm || !firmly)
            return true;
    }
    return false;
}

static bool leads_to(const Walk *walk, size_t from, size_t to, bool *seen)
{
    size_t count = walk->from.count;
    if (from == to)
        return true;
    seen[from] = true;
    for (size_t k = 0; k < count; k++)
        if (!seen[k] && k != from && refers_to(table_at(walk, from), table_at(walk, k), false) &&
            leads_to(walk, k, to, seen))
            return true;
    return false;
}

// A key that closes a cycle and may be NULL is set later: it does not say which table comes first.
static void find_edges(Walk *walk)
{
    size_t count = walk->from.count;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++) {
            if (i == k || !refers_to(table_at(walk, i), table_at(walk, k), false))
                continue;
            bool *seen = arena_alloc(walk->arena, count * sizeof(bool));
            walk->follows[i * count + k] =
                !leads_to(walk, k, i, seen) || refers_to(table_at(walk, i), table_at(walk, k), true);
        }
}

static void visit_table(Walk *walk, size_t i)
{
    if (walk->state[i])
        return;
    walk->state[i] = 1;
    for (size_t k = 0; k < walk->from.count; k++)
        if (walk->follows[i * walk->from.count + k])
            visit_table(walk, k);
    walk->state[i] = 2;
    *VEC_PUSH(walk->arena, &walk->to) = walk->from.items[i];
}

void data_order_tables(DataJob *job)
{
    Walk walk = { .from = job->diff->tables, .arena = job->arena };
    size_t count = walk.from.count;
    walk.state = arena_alloc(job->arena, (count + 1) * sizeof(int));
    walk.follows = arena_alloc(job->arena, (count * count + 1) * sizeof(bool));
    find_edges(&walk);
    for (size_t i = 0; i < count; i++)
        visit_table(&walk, i);
    job->diff->tables = walk.to;
}

// ---- Rows of one table

const Column *data_refers_to(const Table *table, const Column *column, const Table *other)
{
    const Constraint *primary = table_primary_key(other);
    VEC_EACH (Constraint *, key, &table->constraints) {
        if (!names_table(*key, other))
            continue;
        for (size_t i = 0; i < (*key)->parts.count; i++) {
            const char *from = (*key)->parts.items[i].column;
            const char *to = i < (*key)->referred_columns.count    ? (*key)->referred_columns.items[i]
                             : primary && i < primary->parts.count ? primary->parts.items[i].column
                                                                   : NULL;
            if (from && to && strcmp(from, column->head.name) == 0)
                return table_column(other, to);
        }
    }
    return NULL;
}

static const Column *refers_within(const Table *table, const Column *column)
{
    return data_refers_to(table, column, table);
}

static const DataValue *value_of(const DataSet *set, const DataRow *row, const Column *column)
{
    for (size_t i = 0; i < set->columns.count; i++)
        if (set->columns.items[i].column == column)
            return &row->values[i];
    return NULL;
}

bool data_has_texts(const DataSet *set, const DataRow *row, const DataReference *reference)
{
    for (size_t i = 0; i < reference->columns.count; i++) {
        const DataValue *value = value_of(set, row, reference->columns.items[i]);
        if (!value || value->kind != DATA_TEXT || strcmp(value->text, reference->texts.items[i]) != 0)
            return false;
    }
    return true;
}

// Does the value of column `place` say `row`?
static bool says_row(const DataSet *set, const DataValue *value, const Column *referred, const DataRow *row)
{
    if (value->kind == DATA_REFERENCE)
        return value->reference->table == set->table && data_has_texts(set, row, value->reference);
    const DataValue *other = value_of(set, row, referred);
    return value->kind == DATA_TEXT && other && other->kind == DATA_TEXT &&
           strcmp(other->text, value->text) == 0;
}

static size_t place_of(const ColumnList *columns, const Column *column)
{
    size_t i = 0;
    while (i < columns->count && columns->items[i] != column)
        i++;
    return i;
}

typedef struct RowWalk {
    DataJob *job;
    DataTable *t;
    const Column **referred; // by column of the set: what it refers to in its own table; NULL: nothing
    int *state;
    size_t *stack; // of the rows under way, by depth
    DataChangeList to;
} RowWalk;

static void say_circle(RowWalk *walk, const DataChange *change, size_t place)
{
    const Column *column = walk->t->set->columns.items[place].column;
    Error *err =
        issues_add(&walk->job->diff->problems, ERR_SCHEMA, change->row->values[place].at,
                   "rows of table '%s' refer to each other in a circle, and column '%s' cannot be NULL",
                   walk->t->set->table->head.name, column->head.name);
    error_hint(err, "Make the column nullable, so that one of the rows can be there first.");
}

static void set_late(RowWalk *walk, DataChange *change, size_t place)
{
    const DataSet *set = walk->t->set;
    if (!set->columns.items[place].column->nullable || set->columns.items[place].is_key) {
        if (change->row->values[place].kind == DATA_REFERENCE)
            say_circle(walk, change, place);
        return; // the key may be deferred
    }
    if (!change->late)
        change->late = arena_alloc(walk->job->arena, set->columns.count * sizeof(bool));
    change->late[place] = true;
}

static void visit_row(RowWalk *walk, size_t i);

// Of rows that go, what they hold says who refers to whom.
static void visit_removed(RowWalk *walk, size_t i)
{
    const DataTable *t = walk->t;
    DataChange *change = &t->changes.items[i];
    for (size_t c = 0; c < t->kept.count; c++) {
        size_t to = place_of(&t->kept, refers_within(t->set->table, t->kept.items[c]));
        if (to == t->kept.count || strcmp(change->old[c], "NULL") == 0)
            continue;
        for (size_t k = 0; k < t->changes.count; k++) {
            const DataChange *other = &t->changes.items[k];
            if (other->kind != DATA_REMOVES || walk->state[k] == 2 ||
                strcmp(other->old[to], change->old[c]) != 0)
                continue;
            if (walk->state[k] == 0) {
                visit_row(walk, k);
            } else if (t->kept.items[c]->nullable) {
                if (!change->late)
                    change->late = arena_alloc(walk->job->arena, t->kept.count * sizeof(bool));
                change->late[c] = true;
            }
        }
    }
}

// Depth first, so that a row that another one refers to comes before it. A row that is met while it is visited
// closes a cycle: its reference is set by a later UPDATE.
static void visit_row(RowWalk *walk, size_t i)
{
    DataChange *change = &walk->t->changes.items[i];
    const DataSet *set = walk->t->set;
    walk->state[i] = 1;
    if (change->kind == DATA_REMOVES)
        visit_removed(walk, i);
    for (size_t c = 0; change->row && c < set->columns.count; c++) {
        const DataValue *value = &change->row->values[c];
        if (!walk->referred[c] || value->kind == DATA_ABSENT || value->kind == DATA_NULL)
            continue;
        for (size_t k = 0; k < walk->t->changes.count; k++) {
            const DataChange *other = &walk->t->changes.items[k];
            if (other->kind != DATA_ADDS || walk->state[k] == 2 ||
                !says_row(set, value, walk->referred[c], other->row))
                continue;
            if (walk->state[k] == 1)
                set_late(walk, change, c);
            else
                visit_row(walk, k);
        }
    }
    walk->state[i] = 2;
    *VEC_PUSH(walk->job->arena, &walk->to) = *change;
}

// Orders the changes of a table that refers to itself; others keep their order. `refers_to_itself` also tells
// the plan that rows cannot share one INSERT.
static void order_within(DataJob *job, DataTable *t)
{
    const DataSet *set = t->set;
    RowWalk walk = { .job = job, .t = t };
    bool any = false;
    walk.referred = arena_alloc(job->arena, (set->columns.count + 1) * sizeof(*walk.referred));
    walk.state = arena_alloc(job->arena, (t->changes.count + 1) * sizeof(int));
    for (size_t c = 0; c < set->columns.count; c++) {
        walk.referred[c] = refers_within(set->table, set->columns.items[c].column);
        any = any || walk.referred[c];
        for (size_t i = 0; walk.referred[c] && i < t->rows.count; i++)
            t->refers_to_itself |= t->rows.items[i].values[c].kind == DATA_REFERENCE;
    }
    VEC_EACH (Column *, column, &t->kept)
        any = any || refers_within(set->table, *column);
    t->has_own_key = any;
    if (!any)
        return;
    for (size_t i = 0; i < t->changes.count; i++)
        if (!walk.state[i])
            visit_row(&walk, i);
    t->changes = walk.to;
}

// A row that goes refers to one of a later table that goes, too, and before it.
static void find_late_removed(DataJob *job, DataTable *t, const DataTable *later)
{
    for (size_t k = 0; k < t->kept.count; k++) {
        const Column *to = data_refers_to(t->set->table, t->kept.items[k], later->set->table);
        size_t place = to ? place_of(&later->kept, to) : later->kept.count;
        if (place == later->kept.count || !t->kept.items[k]->nullable)
            continue;
        const NameList removed = data_removed(job->arena, later, place);
        VEC_EACH (DataChange, change, &t->changes) {
            if (change->kind != DATA_REMOVES || strcmp(change->old[k], "NULL") == 0 ||
                !data_is_removed(&removed, change->old[k]))
                continue;
            if (!change->late)
                change->late = arena_alloc(job->arena, t->kept.count * sizeof(bool));
            change->late[k] = true;
        }
    }
}

// A column that refers to a table which comes later is set when its rows are there.
static void find_late(DataJob *job, size_t table)
{
    DataTable *t = &job->diff->tables.items[table];
    RowWalk walk = { .job = job, .t = t };
    for (size_t later = table + 1; later < job->diff->tables.count; later++) {
        const Table *other = job->diff->tables.items[later].set->table;
        find_late_removed(job, t, &job->diff->tables.items[later]);
        VEC_EACH (Constraint *, key, &t->set->table->constraints) {
            if (!names_table(*key, other))
                continue;
            for (size_t c = 0; c < t->set->columns.count; c++)
                if (parts_have_column(&(*key)->parts, t->set->columns.items[c].column->head.name))
                    VEC_EACH (DataChange, change, &t->changes)
                        if (change->kind == DATA_ADDS && change->row->values[c].kind > DATA_NULL)
                            set_late(&walk, change, c);
        }
    }
}

void data_order_rows(DataJob *job, size_t table)
{
    order_within(job, &job->diff->tables.items[table]);
    data_order_exchanges(job, &job->diff->tables.items[table]);
    find_late(job, table);
}

bool data_is_declared(const DataDiff *diff, const DataReference *reference)
{
    VEC_EACH (DataTable, t, &diff->tables)
        if (t->set->table == reference->table)
            VEC_EACH (const DataRow, row, &t->rows)
                if (data_has_texts(t->set, row, reference))
                    return true;
    return false;
}
