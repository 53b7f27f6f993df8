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

// Was the constraint written at the column, so that it goes with it? That is known of a live table only.
static bool goes_along(const Table *table, const Constraint *constraint, const char *column)
{
    return table->ddl && sqlite_same_name(constraint->column, column);
}

static bool has_foreign_key(const Table *table, const char *column)
{
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.kind == OBJECT_FOREIGN_KEY)
            VEC_EACH (Part, part, &(*it)->parts)
                if (sqlite_same_name(part->column, column))
                    return true;
    return false;
}

static bool is_added(const Table *have, const Table *want, const char *column)
{
    return sqlite_column(want, column) && !sqlite_column(have, column);
}

// A generated column cannot be added before the new one that it reads.
static bool reads_later(const Table *have, const Table *want, const Column *column)
{
    for (size_t i = want->columns.count; i-- > 0 && want->columns.items[i] != column;) {
        const char *later = want->columns.items[i]->head.name;
        if (is_added(have, want, later) && sqlite_mentions(column->generated, later))
            return true;
    }
    return false;
}

// ALTER TABLE ADD COLUMN's own rules: https://sqlite.org/lang_altertable.html, section 4.
static bool can_add(const Table *have, const Table *want, const Column *column)
{
    const char *name = column->head.name;
    if (in_key(want, name) || (column->generated && column->stored) || reads_later(have, want, column))
        return false;
    if (column->default_sql && !sqlite_default_is_constant(column->default_sql))
        return false;
    return sqlite_default_is_null(column->default_sql) || !has_foreign_key(want, name);
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

// ALTER TABLE DROP COLUMN's: section 5. It also reads every view and trigger, and respells strings in double quotes.
static bool can_drop(const Schema *schema, const Table *table, const Column *column)
{
    const char *name = column->head.name;
    if (in_key(table, name) || table->columns.count < 2)
        return false;
    VEC_EACH (Constraint *, it, &table->constraints) {
        if (goes_along(table, *it, name))
            continue;
        if ((*it)->head.kind == OBJECT_CHECK && sqlite_mentions((*it)->expression, name))
            return false;
        VEC_EACH (Part, part, &(*it)->parts)
            if (sqlite_same_name(part->column, name))
                return false;
    }
    VEC_EACH (Column *, it, &table->columns)
        if (*it != column && sqlite_mentions((*it)->generated, name))
            return false;
    return !is_mentioned_above(schema, table->head.name, name) && !sqlite_is_touchy(schema);
}

// Constraints are a rebuild, but those of a column that is added or dropped in place come and go with it.
static Fate fate_of_constraint(const Change *change, const Schema *have)
{
    const Object *object = change->want ? change->want : change->have;
    const Constraint *constraint = (const Constraint *)(const void *)object;
    const Table *old = change->have_table, *new = change->want_table;
    const Column *column = NULL;
    if (change->kind == CHANGE_DROP) {
        column = constraint->column && goes_along(old, constraint, constraint->column)
                     ? sqlite_column(old, constraint->column)
                     : NULL;
        bool goes = column && !sqlite_column(new, column->head.name) && can_drop(have, old, column);
        return goes ? FATE_IN_PLACE : FATE_REBUILD;
    }
    if (change->kind == CHANGE_CREATE && object->kind == OBJECT_CHECK)
        column = sqlite_check_carrier(old, new, constraint);
    if (change->kind == CHANGE_CREATE && object->kind == OBJECT_FOREIGN_KEY && constraint->parts.count == 1 &&
        is_added(old, new, constraint->parts.items[0].column))
        column = sqlite_column(new, constraint->parts.items[0].column);
    return column && can_add(old, new, column) ? FATE_IN_PLACE : FATE_REBUILD;
}

Fate sqlite_fate(const Change *change, const Schema *have, const Schema *want)
{
    (void)want;
    const Object *object = change->want ? change->want : change->have;
    switch ((int)object->kind) {
    case OBJECT_TABLE: return change->kind == CHANGE_ALTER ? FATE_REBUILD : FATE_IN_PLACE;
    case OBJECT_COLUMN: {
        bool in_place = change->kind == CHANGE_CREATE
                            ? can_add(change->have_table, change->want_table, as_column(object))
                        : change->kind == CHANGE_DROP ? can_drop(have, change->have_table, as_column(object))
                                                      : false;
        return in_place ? FATE_IN_PLACE : FATE_REBUILD;
    }
    case OBJECT_PRIMARY_KEY:
    case OBJECT_UNIQUE:
    case OBJECT_CHECK:
    case OBJECT_FOREIGN_KEY: return fate_of_constraint(change, have);
    default: return change->kind == CHANGE_ALTER ? FATE_REPLACE : FATE_IN_PLACE;
    }
}

// A trigger goes with its table or view, and so comes back after it was recreated. Other mentions are looked up only
// when they run, but by ALTER TABLE, which reads all views and triggers: no view may be missing that another reads, and
// where a table's own texts name it, its rename in a rebuild is such a reader.
bool sqlite_blocks(const Step *step, const Object *dependent)
{
    bool reads = dependent->kind == OBJECT_TRIGGER || dependent->kind == OBJECT_VIEW;
    if (step->kind == STEP_DROP && step->have->kind == OBJECT_VIEW)
        return reads;
    if (step->kind != STEP_REBUILD)
        return false;
    return reads &&
           (sqlite_names_itself(step->want_table) ||
            (dependent->kind == OBJECT_TRIGGER && sqlite_same_name(dependent->table, step->have->name)));
}

static bool is_constraint(ObjectKind kind)
{
    return kind == OBJECT_PRIMARY_KEY || kind == OBJECT_UNIQUE || kind == OBJECT_CHECK ||
           kind == OBJECT_FOREIGN_KEY;
}

static void remove_what_comes_along(StepGraph *graph)
{
    for (size_t i = 0; i < graph->steps.count;) {
        Step *step = graph->steps.items[i];
        const Object *object = step->want ? step->want : step->have;
        if ((step->kind == STEP_CREATE || step->kind == STEP_DROP) && is_constraint(object->kind))
            step_remove(graph, step);
        else
            i++;
    }
}

// Plain columns that become generated: the expression takes the place of what they hold.
static const char *overwritten(Arena *arena, const Table *have, const Table *want)
{
    StrBuf names;
    strbuf_init(&names, arena);
    VEC_EACH (Column *, it, &want->columns) {
        const Column *old = sqlite_column(have, (*it)->head.name);
        if ((*it)->generated && old && !old->generated)
            strbuf_printf(&names, "%s%s", names.length ? ", " : "", (*it)->head.name);
    }
    return names.length ? arena_printf(arena, "values of %s of table %s, generated from now on", names.text,
                                       have->head.name)
                        : NULL;
}

static void set_risks(StepGraph *graph)
{
    VEC_EACH (Step *, it, &graph->steps) {
        Step *step = *it;
        if (step->kind != STEP_REBUILD)
            continue;
        const Table *have = step->have_table, *want = step->want_table;
        bool virtual = have->is_virtual || want->is_virtual;
        step->risk.rewrites = true;
        step->risk.lost = virtual ? sqlite_virtual_loss(graph, have, want)
                                  : overwritten(graph->arena, have, want);
        step->risk.loses_data = step->risk.lost != NULL;
        step->risk.note = arena_printf(graph->arena, "table %s is recreated with its rows", want->head.name);
        if (step->risk.lost)
            step->risk.note = arena_printf(graph->arena, "table %s is recreated", want->head.name);
    }
}

static void add_key_checks(StepGraph *graph, Step *last, const NameList *tables)
{
    VEC_EACH (const char *, table, tables) {
        StrBuf text;
        strbuf_init(&text, graph->arena);
        strbuf_puts(&text, "PRAGMA foreign_key_check(");
        sqlite_dialect.put_identifier(&text, *table);
        strbuf_putc(&text, ')');
        sqlite_add_statement(graph->arena, &last->statements, text.text);
    }
}

// Foreign keys are off while tables are recreated or dropped: else SQLite would delete the rows one by one, and with
// them, by ON DELETE, others. What could be broken now is checked in the end, when full-text tables have been read again.
static bool frame_with_foreign_keys(StepGraph *graph, Error *err)
{
    NameList checked = { 0 };
    StatementList reindexed = { 0 };
    bool off = false;
    const NameList referred = sqlite_referred_tables(graph->arena, graph->have);
    VEC_EACH (Step *, it, &graph->steps) {
        const Step *step = *it;
        if (step->kind == STEP_REBUILD)
            sqlite_tables_to_check(graph, step, &checked);
        off |= step->kind == STEP_REBUILD || (step->kind == STEP_DROP && step->have->kind == OBJECT_TABLE &&
                                              sqlite_is_referred_to(&referred, step->have->name));
    }
    if (!sqlite_reindex(graph, &reindexed, err))
        return false;
    if (!off)
        return true;
    Step *first = step_add(graph, STEP_SQL, NULL, NULL);
    first->frame = -1;
    sqlite_add_statement(graph->arena, &first->statements, "PRAGMA foreign_keys = OFF");
    if (!checked.count && !reindexed.count)
        return true;
    Step *last = step_add(graph, STEP_SQL, NULL, NULL);
    last->frame = 1;
    last->statements = reindexed;
    add_key_checks(graph, last, &checked);
    VEC_EACH (Step *, it, &graph->steps)
        step_after(graph->arena, last, *it);
    return true;
}

static Step *find_drop(const StepGraph *graph, const Object *have)
{
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->kind == STEP_DROP && (*it)->have == have)
            return *it;
    return NULL;
}

// Drops `object` before all renames; where it is to stay, it is created again after them.
static void drop_before_renames(StepGraph *graph, const Object *object, const StepList *renames)
{
    const Object *want = schema_counterpart(graph->want, object);
    Step *drop = find_drop(graph, object), *create = want ? step_find_create(graph, want) : NULL;
    if (!drop) {
        drop = step_add(graph, STEP_DROP, object, NULL);
        drop->restores = want != NULL;
    }
    if (want && !create) {
        create = step_add(graph, STEP_CREATE, NULL, want);
        create->restores = true;
    }
    VEC_EACH (Step *, rename, renames) {
        step_after(graph->arena, *rename, drop);
        step_after(graph->arena, create, *rename);
    }
}

// ALTER TABLE ... RENAME fails while a view or trigger cannot be resolved (canonical/renames.c found which).
static void make_way_for_renames(StepGraph *graph)
{
    StepList renames = { 0 };
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->kind == STEP_RENAME &&
            ((*it)->want->kind == OBJECT_TABLE || (*it)->want->kind == OBJECT_COLUMN))
            *VEC_PUSH(graph->arena, &renames) = *it;
    if (renames.count)
        VEC_EACH (Object *, it, &graph->have->objects)
            if ((*it)->blocks_renames)
                drop_before_renames(graph, *it, &renames);
}

bool sqlite_expand(StepGraph *graph, Error *err)
{
    remove_what_comes_along(graph);
    make_way_for_renames(graph);
    set_risks(graph);
    return frame_with_foreign_keys(graph, err);
}
