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

static bool has_foreign_key(const Table *table, const char *column)
{
    VEC_EACH (Constraint *, it, &table->constraints) {
        if ((*it)->head.kind != OBJECT_FOREIGN_KEY)
            continue;
        VEC_EACH (Part, part, &(*it)->parts)
            if (sqlite_same_name(part->column, column))
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
    return sqlite_default_is_null(column->default_sql) || !has_foreign_key(table, name);
}

static bool is_mentioned_above(const Schema *schema, const char *table, const char *column)
{
    VEC_EACH (Object *, it, &schema->objects) {
        const char *text =
            (*it)->kind == OBJECT_VIEW ? ((const View *)(const void *)*it)->query : (*it)->definition;
        bool of_table = sqlite_same_name((*it)->table, table) || sqlite_mentions(text, table);
        if (of_table && sqlite_mentions(text, column))
            return true;
    }
    return false;
}

// ALTER TABLE DROP COLUMN's: section 5. A constraint of the column alone goes with it when it was written there,
// which is known of a live table only. It also reads every view and trigger, and respells strings in double quotes.
static bool can_drop(const Schema *schema, const Table *table, const Column *column)
{
    const char *name = column->head.name;
    if (in_key(table, name) || has_foreign_key(table, name) || table->columns.count < 2)
        return false;
    VEC_EACH (Constraint *, it, &table->constraints) {
        bool own = table->ddl && sqlite_same_name((*it)->column, name);
        if ((*it)->head.kind == OBJECT_CHECK && !own && sqlite_mentions((*it)->expression, name))
            return false;
    }
    VEC_EACH (Column *, it, &table->columns)
        if (*it != column && sqlite_mentions((*it)->generated, name))
            return false;
    return !is_mentioned_above(schema, table->head.name, name) && !sqlite_is_touchy(schema);
}

Fate sqlite_fate(const Change *change, const Schema *have, const Schema *want)
{
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
            return can_drop(have, change->have_table, as_column(change->have)) ? FATE_IN_PLACE : FATE_REBUILD;
        return FATE_REBUILD;
    case OBJECT_PRIMARY_KEY:
    case OBJECT_UNIQUE:
    case OBJECT_CHECK:
    case OBJECT_FOREIGN_KEY: return FATE_REBUILD;
    default: return change->kind == CHANGE_ALTER ? FATE_REPLACE : FATE_IN_PLACE;
    }
}

static bool is_added(const Step *step, const char *column)
{
    return sqlite_column(step->want_table, column) && !sqlite_column(step->have_table, column);
}

// A generated column cannot be added before the new one that it reads.
static bool reads_later(const Step *step, const Column *column)
{
    const ColumnList *columns = &step->want_table->columns;
    for (size_t i = columns->count; i-- > 0 && columns->items[i] != column;)
        if (is_added(step, columns->items[i]->head.name) &&
            sqlite_mentions(column->generated, columns->items[i]->head.name))
            return true;
    return false;
}

static bool fits_in_place(const Step *step, const Change *change)
{
    const Object *object = change->want ? change->want : change->have;
    switch ((int)object->kind) {
    case OBJECT_INDEX: return true;
    case OBJECT_COLUMN:
        return change->kind == CHANGE_CREATE && can_add(step->want_table, as_column(object)) &&
               !reads_later(step, as_column(object));
    case OBJECT_CHECK:
        return change->kind == CHANGE_CREATE &&
               sqlite_check_carrier(step->have_table, step->want_table,
                                    (const Constraint *)(const void *)object);
    case OBJECT_FOREIGN_KEY: {
        const PartList *parts = &((const Constraint *)(const void *)object)->parts;
        return change->kind == CHANGE_CREATE && parts->count == 1 && is_added(step, parts->items[0].column);
    }
    default: return false;
    }
}

// Constraints are a rebuild by themselves, but those of a new column alone come with it.
static bool is_really_in_place(const Step *step)
{
    VEC_EACH (Change, change, &step->changes)
        if (!fits_in_place(step, change))
            return false;
    return step->kind == STEP_REBUILD;
}

// A trigger goes with its table or view, and so comes back after it was made anew. Other mentions are looked up only
// when they run. Where the table's own texts name it, its rename reads every view and trigger that mentions it.
bool sqlite_blocks(const Step *step, const Object *dependent)
{
    bool rebuild = step->kind == STEP_REBUILD && !is_really_in_place(step);
    if (!rebuild && (step->kind != STEP_DROP || step->have->kind != OBJECT_VIEW))
        return false;
    if (dependent->kind == OBJECT_TRIGGER && sqlite_same_name(dependent->table, step->have->name))
        return true;
    return rebuild && sqlite_names_itself(step->want_table) &&
           (dependent->kind == OBJECT_TRIGGER || dependent->kind == OBJECT_VIEW);
}

static void put_in_place(StepGraph *graph, const Step *whole, const Change *change)
{
    const Object *object = change->want ? change->want : change->have;
    if (object->kind != OBJECT_COLUMN && object->kind != OBJECT_INDEX)
        return; // comes with its column
    for (int create = 0; create < 2; create++) {
        if (change->kind != CHANGE_ALTER && (change->kind == CHANGE_CREATE) != (create == 1))
            continue;
        Step *step = create ? step_add(graph, STEP_CREATE, NULL, change->want)
                            : step_add(graph, STEP_DROP, change->have, NULL);
        step->have_table = whole->have_table;
        step->want_table = whole->want_table;
    }
}

static void split_what_is_in_place(StepGraph *graph)
{
    for (size_t i = 0; i < graph->steps.count;) {
        Step *whole = graph->steps.items[i];
        if (!is_really_in_place(whole)) {
            i++;
            continue;
        }
        step_remove(graph, whole);
        VEC_EACH (Change, change, &whole->changes)
            put_in_place(graph, whole, change);
    }
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

// Foreign keys are off while tables are made anew or dropped: else SQLite would delete the rows one by one, and with
// them, by ON DELETE, others. What could be broken now is looked at in the end.
static void frame_with_foreign_keys(StepGraph *graph)
{
    NameList checked = { 0 };
    bool off = false;
    VEC_EACH (Step *, it, &graph->steps) {
        const Step *step = *it;
        if (step->kind == STEP_REBUILD)
            sqlite_tables_to_check(graph, step, &checked);
        off |= step->kind == STEP_REBUILD || (step->kind == STEP_DROP && step->have->kind == OBJECT_TABLE &&
                                              sqlite_is_referred_to(graph->have, step->have->name));
    }
    if (!off)
        return;
    Step *first = step_add(graph, STEP_SQL, NULL, NULL);
    first->frame = -1;
    sqlite_add_statement(graph->arena, &first->statements, "PRAGMA foreign_keys = OFF");
    if (!checked.count)
        return;
    Step *last = step_add(graph, STEP_SQL, NULL, NULL);
    last->frame = 1;
    VEC_EACH (const char *, table, &checked) {
        StrBuf text;
        strbuf_init(&text, graph->arena);
        strbuf_puts(&text, "PRAGMA foreign_key_check(");
        sqlite_dialect.put_identifier(&text, *table);
        strbuf_putc(&text, ')');
        sqlite_add_statement(graph->arena, &last->statements, text.text);
    }
    VEC_EACH (Step *, it, &graph->steps)
        step_after(graph->arena, last, *it);
}

bool sqlite_expand(StepGraph *graph, Error *err)
{
    (void)err;
    split_what_is_in_place(graph);
    set_risks(graph);
    frame_with_foreign_keys(graph);
    return true;
}
