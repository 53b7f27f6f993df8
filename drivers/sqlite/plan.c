#include "drivers/sqlite/sqlite.h"

#include <string.h>

static const Column *as_column(const Object *object) { return (const Column *)(const void *)object; }

static bool in_key(const Table *table, const char *column)
{
    VEC_EACH (Constraint *, it, &table->constraints) {
        ObjectKind kind = (*it)->head.kind;
        if (kind != OBJECT_PRIMARY_KEY && kind != OBJECT_UNIQUE)
            continue;
        VEC_EACH (Part, part, &(*it)->parts)
            if (sqlite_same_name(part->column, column))
                return true;
    }
    return false;
}

static bool has_foreign_key(const Table *table, const char *column, bool also_composite)
{
    VEC_EACH (Constraint *, it, &table->constraints) {
        if ((*it)->head.kind != OBJECT_FOREIGN_KEY)
            continue;
        VEC_EACH (Part, part, &(*it)->parts)
            if (sqlite_same_name(part->column, column) && ((*it)->parts.count == 1 || also_composite))
                return true;
    }
    return false;
}

// ALTER TABLE ADD COLUMN's own rules: https://sqlite.org/lang_altertable.html, section 4.
static bool can_add(const Table *table, const Column *column)
{
    const char *name = column->head.name;
    if (in_key(table, name) || (column->generated && column->stored))
        return false;
    if (column->default_sql && !sqlite_default_is_constant(column->default_sql))
        return false;
    return sqlite_default_is_null(column->default_sql) || !has_foreign_key(table, name, true);
}

// ALTER TABLE DROP COLUMN's: section 5. A constraint of the column alone goes with it when it was written there,
// which is known of a live table only.
static bool can_drop(const Table *table, const Column *column)
{
    const char *name = column->head.name;
    if (in_key(table, name) || has_foreign_key(table, name, true) || table->columns.count < 2)
        return false;
    VEC_EACH (Constraint *, it, &table->constraints) {
        bool own = table->ddl && sqlite_same_name((*it)->column, name);
        if ((*it)->head.kind == OBJECT_CHECK && !own && sqlite_mentions((*it)->expression, name))
            return false;
    }
    VEC_EACH (Column *, it, &table->columns)
        if (*it != column && sqlite_mentions((*it)->generated, name))
            return false;
    return true;
}

Fate sqlite_fate(const Change *change, const Schema *have, const Schema *want)
{
    (void)have;
    (void)want;
    const Object *object = change->want ? change->want : change->have;
    switch ((int)object->kind) {
    case OBJECT_TABLE:
        if (change->kind != CHANGE_ALTER)
            return FATE_IN_PLACE;
        return change->have_table->is_virtual || change->want_table->is_virtual ? FATE_REPLACE : FATE_REBUILD;
    case OBJECT_COLUMN:
        if (change->kind == CHANGE_CREATE)
            return can_add(change->want_table, as_column(change->want)) ? FATE_IN_PLACE : FATE_REBUILD;
        if (change->kind == CHANGE_DROP)
            return can_drop(change->have_table, as_column(change->have)) ? FATE_IN_PLACE : FATE_REBUILD;
        return FATE_REBUILD;
    case OBJECT_PRIMARY_KEY:
    case OBJECT_UNIQUE:
    case OBJECT_CHECK:
    case OBJECT_FOREIGN_KEY: return FATE_REBUILD;
    default: return change->kind == CHANGE_ALTER ? FATE_REPLACE : FATE_IN_PLACE;
    }
}

// A trigger goes with its table or view, and so comes back after it was made anew. Other mentions are looked up only
// when they run. Where the table's own texts name it, its rename reads every view and trigger that mentions it.
bool sqlite_blocks(const Step *step, const Object *dependent)
{
    bool anew = step->kind == STEP_REBUILD || (step->kind == STEP_DROP && step->have->kind == OBJECT_VIEW);
    if (!anew)
        return false;
    if (dependent->kind == OBJECT_TRIGGER && sqlite_same_name(dependent->table, step->have->name))
        return true;
    return step->kind == STEP_REBUILD && sqlite_names_itself(step->want_table) &&
           (dependent->kind == OBJECT_TRIGGER || dependent->kind == OBJECT_VIEW);
}

static void set_risks(StepGraph *graph)
{
    VEC_EACH (Step *, it, &graph->steps) {
        Step *step = *it;
        if (step->kind == STEP_REBUILD) {
            step->risk.rewrites = true;
            step->risk.note = arena_printf(graph->arena, "table %s is made anew with its rows",
                                           step->want_table->head.name);
            VEC_EACH (Change, change, &step->changes)
                step->risk.loses_data |= change->kind == CHANGE_DROP && change->have->kind == OBJECT_COLUMN;
        }
        if (step->kind == STEP_DROP &&
            (step->have->kind == OBJECT_TABLE || step->have->kind == OBJECT_COLUMN))
            step->risk.loses_data = true;
    }
}

// Foreign keys are off while tables are made anew, or dropped: else their rows would be deleted one by one, and
// with them, by ON DELETE, others.
bool sqlite_expand(StepGraph *graph, Error *err)
{
    (void)err;
    set_risks(graph);
    return true;
}
