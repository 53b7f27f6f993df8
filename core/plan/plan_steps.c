// Changes become steps, and what depends on something that a step takes away is taken down and brought back.
#include <string.h>

#include "core/plan/plan_internal.h"

static Step *add_step(Planner *p, StepKind kind, const Object *have, const Object *want,
                      const Table *have_table, const Table *want_table)
{
    Step *step = step_add(&p->graph, kind, have, want);
    step->have_table = have_table;
    step->want_table = want_table;
    return step;
}

// On the table itself or a column of it.
static bool stands_on(const SideTables *side, const Object *object, const Object *table, unsigned level)
{
    VEC_EACH (Object *, it, &side->depends[object->slot]) {
        const Table *of = (*it)->kind == OBJECT_COLUMN ? side->table_of[(*it)->slot] : NULL;
        if (*it == table || (of && &of->head == table) ||
            (level > 0 && stands_on(side, *it, table, level - 1)))
            return true;
    }
    return false;
}

// A check, an index or a default that calls a function of the table's own rows: neither can be made before the other,
// unless the part comes later; and it goes before both.
static bool is_circular(const SideTables *side, const Object *part, const Object *table)
{
    enum { MOST_CALLS = 4 }; // of functions by functions
    bool defaults = part->kind == OBJECT_COLUMN && ((const Column *)(const void *)part)->default_sql;
    if (part->kind != OBJECT_CHECK && part->kind != OBJECT_INDEX && !defaults)
        return false;
    VEC_EACH (Object *, it, &side->depends[part->slot])
        if ((*it)->kind == OBJECT_FUNCTION && stands_on(side, *it, table, MOST_CALLS))
            return true;
    return false;
}

static const Object *without_default(Arena *arena, const Column *column)
{
    Column *bare = ARENA_NEW(arena, Column);
    *bare = *column;
    bare->default_sql = NULL;
    bare->head.slot = NO_SLOT;
    return &bare->head;
}

// Sets the default of a new table's column, or takes it from one whose table goes.
static void alter_default(Planner *p, const Table *table, const Column *column, bool set)
{
    const Object *bare = without_default(p->arena, column);
    Step *step =
        add_step(p, STEP_ALTER, set ? bare : &column->head, set ? &column->head : bare, table, table);
    step->facets = FACET_DEFAULT;
}

// A materialized view brings its indexes, a table its indexes and, where they cannot be forward, its foreign
// keys.
static void add_create(Planner *p, const Object *want, const Table *have_table, const Table *want_table,
                       bool restores)
{
    Step *step = add_step(p, STEP_CREATE, NULL, want, have_table, want_table);
    step->restores = restores;
    if (want->kind == OBJECT_VIEW)
        VEC_EACH (Index *, index, &((const View *)(const void *)want)->indexes) {
            Step *known = step_find_create(&p->graph, &(*index)->head); // it is a change of its own
            Step *made = known ? known : add_step(p, STEP_CREATE, NULL, &(*index)->head, NULL, NULL);
            made->restores = restores;
        }
    if (want->kind != OBJECT_TABLE)
        return;
    const Table *table = (const Table *)(const void *)want;
    if (!(p->dialect->caps & INLINES_INDEXES))
        VEC_EACH (Index *, index, &table->indexes)
            add_step(p, STEP_CREATE, NULL, &(*index)->head, NULL, table);
    if (p->dialect->caps & INLINES_FOREIGN_KEYS)
        return;
    VEC_EACH (Column *, column, &table->columns)
        if (is_circular(&p->want, &(*column)->head, want)) {
            *VEC_PUSH(p->arena, &step->later_defaults) = *column;
            alter_default(p, table, *column, true);
        }
    VEC_EACH (Constraint *, key, &table->constraints)
        if ((*key)->head.kind == OBJECT_FOREIGN_KEY || is_circular(&p->want, &(*key)->head, want)) {
            *VEC_PUSH(p->arena, &step->later) = *key;
            add_step(p, STEP_CREATE, NULL, &(*key)->head, NULL, table);
        }
}

// Renames that somebody asked for come first, as steps of their own.
static bool is_asked_rename(const Change *change)
{
    return change->kind == CHANGE_ALTER && change->facets == FACET_NAME &&
           (change->have->kind == OBJECT_COLUMN || !object_kind_is_part(change->have->kind));
}

static void add_drop(Planner *p, const Change *change)
{
    const Object *have = change->have;
    add_step(p, STEP_DROP, have, NULL, change->have_table, change->want_table);
    if (have->kind != OBJECT_TABLE || p->dialect->caps & INLINES_FOREIGN_KEYS)
        return;
    const Table *table = (const Table *)(const void *)have;
    VEC_EACH (Column *, it, &table->columns)
        if (is_circular(&p->have, &(*it)->head, have))
            alter_default(p, table, *it, false);
    VEC_EACH (Constraint *, it, &table->constraints)
        if (is_circular(&p->have, &(*it)->head, have))
            add_step(p, STEP_DROP, &(*it)->head, NULL, table, NULL);
    VEC_EACH (Index *, it, &table->indexes)
        if (is_circular(&p->have, &(*it)->head, have))
            add_step(p, STEP_DROP, &(*it)->head, NULL, table, NULL);
}

// The object of the live schema that has just been renamed to what `want` is called.
static const Object *renamed_object(const Planner *p, const Object *want)
{
    const Object *found = schema_counterpart(p->have.schema, want);
    if (!found || !found->displaced)
        return found;
    VEC_EACH (Object *, it, &p->have.schema->objects)
        if (!(*it)->displaced && (*it)->kind == want->kind && same_text((*it)->name, want->name) &&
            same_text((*it)->schema, want->schema) && same_text((*it)->table, want->table))
            return *it;
    return NULL;
}

// An engine that has no means to rename an object of this kind drops it, under the name that it still has, and creates it.
static bool add_recreated(Planner *p, const Change *rename)
{
    const Object *want = rename->want;
    const Object *have =
        p->dialect->renames && !p->dialect->renames(want->kind) ? renamed_object(p, want) : NULL;
    if (!have)
        return false;
    add_step(p, STEP_DROP, have, NULL, rename->have_table, rename->want_table)->old_name = rename->have->name;
    add_create(p, want, rename->have_table, rename->want_table, false);
    p->recreated_to_rename = true;
    return true;
}

static bool is_recreated_to_rename(const Planner *p, const Object *have)
{
    if (p->recreated_to_rename)
        VEC_EACH (Step *, step, &p->graph.steps)
            if ((*step)->kind == STEP_DROP && (*step)->have == have)
                return true;
    return false;
}

static void add_single(Planner *p, const Change *change)
{
    if (change->want && change->want->kind == OBJECT_INDEX && !change->want_table &&
        step_find_create(&p->graph, change->want))
        return; // with the view that it is of
    if (change->kind == CHANGE_ALTER && is_recreated_to_rename(p, change->have))
        return;
    switch (change->kind) {
    case CHANGE_CREATE: add_create(p, change->want, change->have_table, change->want_table, false); break;
    case CHANGE_DROP: add_drop(p, change); break;
    case CHANGE_ALTER:
        if (p->dialect->fate(change, p->have.schema, p->want.schema) == FATE_REPLACE) {
            add_step(p, STEP_DROP, change->have, NULL, change->have_table, change->want_table);
            add_create(p, change->want, change->have_table, change->want_table, false);
        } else {
            add_step(p, STEP_ALTER, change->have, change->want, change->have_table, change->want_table)
                ->facets = change->facets;
        }
        break;
    }
}

static bool merges(const Planner *p, const Change *change)
{
    if (p->dialect->caps & MERGES_TABLE_CHANGES)
        return (change->have ? change->have : change->want)->kind != OBJECT_FOREIGN_KEY;
    return true;
}

static Step *add_table_step(Planner *p, StepKind kind, const Change *change)
{
    return add_step(p, kind, &change->have_table->head, &change->want_table->head, change->have_table,
                    change->want_table);
}

// The changes inside one table: one step each, or one for all.
static void add_table_changes(Planner *p, const ChangeList *changes)
{
    bool rebuild = false;
    if (!(p->dialect->caps & CAN_ALTER_CONSTRAINTS))
        VEC_EACH (Change, change, changes)
            rebuild |= p->dialect->fate(change, p->have.schema, p->want.schema) == FATE_REBUILD;
    bool together = rebuild || p->dialect->caps & MERGES_TABLE_CHANGES;
    Step *whole = NULL;
    VEC_EACH (Change, change, changes) {
        if (!together || !merges(p, change)) {
            add_single(p, change);
            continue;
        }
        if (!whole)
            whole = add_table_step(p, rebuild ? STEP_REBUILD : STEP_TABLE, change);
        *VEC_PUSH(p->arena, &whole->changes) = *change;
    }
}

static bool inside_table(const Change *change)
{
    return change->have_table && change->want_table && !is_asked_rename(change);
}

bool steps_build(Planner *p, const ChangeList *changes, Error *err)
{
    (void)err;
    for (size_t i = 0; i < changes->count;) {
        const Change *change = &changes->items[i];
        if (is_asked_rename(change)) {
            if (!add_recreated(p, change))
                add_step(p, STEP_RENAME, change->have, change->want, change->have_table, change->want_table)
                    ->facets = FACET_NAME;
            i++;
        } else if (!inside_table(change)) {
            add_single(p, change);
            i++;
        } else { // the differ gives all changes of a table in a row
            ChangeList of_table = { 0 };
            for (; i < changes->count && inside_table(&changes->items[i]) &&
                   changes->items[i].want_table == change->want_table;
                 i++)
                *VEC_PUSH(p->arena, &of_table) = changes->items[i];
            add_table_changes(p, &of_table);
        }
    }
    return true;
}

static void index_changes(Planner *p, Step *step)
{
    VEC_EACH (Change, change, &step->changes) {
        if (change->kind == CHANGE_DROP)
            p->drop_of[change->have->slot] = step;
        else if (change->have)
            p->touch_of[change->have->slot] = step;
        if (change->kind == CHANGE_CREATE)
            p->create_of[change->want->slot] = step;
        else if (change->want)
            p->alter_of[change->want->slot] = step;
    }
}

void steps_index(Planner *p)
{
    memset(p->drop_of, 0, p->have.count * sizeof(Step *));
    memset(p->touch_of, 0, p->have.count * sizeof(Step *));
    memset(p->create_of, 0, p->want.count * sizeof(Step *));
    memset(p->alter_of, 0, p->want.count * sizeof(Step *));
    VEC_EACH (Step *, it, &p->graph.steps) {
        Step *step = *it;
        switch (step->kind) {
        case STEP_DROP:
            if (step->have)
                p->drop_of[step->have->slot] = step;
            break;
        case STEP_CREATE:
            if (step->want)
                p->create_of[step->want->slot] = step;
            break;
        case STEP_ALTER:
        case STEP_TABLE:
        case STEP_REBUILD:
            if (step->have && step->have->slot != NO_SLOT)
                p->touch_of[step->have->slot] = step;
            if (step->want && step->want->slot != NO_SLOT)
                p->alter_of[step->want->slot] = step;
            index_changes(p, step);
            break;
        case STEP_RENAME: // its `have` is of the schema before the renames, whose slots are others
        case STEP_SQL: break;
        }
    }
}

Step *step_making(const Planner *p, const Object *want)
{
    Step *step = p->create_of[want->slot];
    if (!step)
        step = p->alter_of[want->slot];
    const Table *table = p->want.table_of[want->slot];
    if (!step && table && &table->head != want)
        step = p->create_of[table->head.slot];
    const Step *whole = !step && table ? p->alter_of[table->head.slot] : NULL;
    if (whole && whole->kind == STEP_ALTER && whole->facets & FACET_PARTS) // the table is recreated
        step = p->alter_of[table->head.slot];
    return step;
}

Step *step_removing(const Planner *p, const Object *have)
{
    Step *step = p->drop_of[have->slot];
    const Table *table = p->have.table_of[have->slot];
    if (!step && table && &table->head != have)
        step = p->drop_of[table->head.slot];
    return step;
}

// Brings `dependent` down before `step` and back after it. Columns and tables cannot be: their rows would be
// lost.
static bool take_down(Planner *p, Step *step, Object *dependent)
{
    if (dependent->kind == OBJECT_COLUMN || dependent->kind == OBJECT_TABLE || step_removing(p, dependent))
        return false;
    const Table *have_table = p->have.table_of[dependent->slot];
    Object *want = schema_counterpart(p->want.schema, dependent);
    Step *pending = p->touch_of[dependent->slot];
    if (pending && pending->kind == STEP_ALTER && pending->have == dependent) {
        want = pending->want ? p->want.object[pending->want->slot] : want;
        step_remove(&p->graph, pending);
    } else if (pending) {
        return false; // a change of its whole table takes care of it
    }
    const Table *want_table = want ? p->want.table_of[want->slot] : NULL;
    Step *down = add_step(p, STEP_DROP, dependent, NULL, have_table, want_table);
    down->restores = true;
    p->drop_of[dependent->slot] = down; // it may depend on the same step in more than one way
    step_after(p->arena, step, down);
    if (want && !p->create_of[want->slot]) {
        size_t first = p->graph.steps.count;
        add_create(p, want, have_table, want_table, true);
        for (size_t i = first; i < p->graph.steps.count; i++)
            step_after(p->arena, p->graph.steps.items[i], step);
    }
    return true;
}

static bool take_down_dependents(Planner *p, Step *step, const Object *have)
{
    bool any = false;
    const ObjectList *dependents = &p->have.dependents[have->slot];
    for (size_t i = 0; i < dependents->count; i++) {
        Object *dependent = dependents->items[i];
        if (p->dialect->blocks(step, dependent))
            any |= take_down(p, step, dependent);
    }
    return any;
}

static bool take_down_for(Planner *p, Step *step)
{
    bool any = false;
    if ((step->kind == STEP_DROP || step->kind == STEP_ALTER) && step->have->slot != NO_SLOT)
        any |= take_down_dependents(p, step, step->have);
    VEC_EACH (Change, change, &step->changes)
        if (change->have)
            any |= take_down_dependents(p, step, change->have);
    if (step->kind == STEP_REBUILD)
        any |= take_down_dependents(p, step, step->have);
    return any;
}

// What was taken down may itself carry others: until nothing more falls.
void steps_take_down(Planner *p)
{
    steps_index(p);
    if (!p->dialect->blocks)
        return;
    for (size_t i = 0; i < p->graph.steps.count; i++) {
        Step *step = p->graph.steps.items[i];
        if (step->kind == STEP_CREATE || step->kind == STEP_RENAME || step->kind == STEP_SQL)
            continue;
        size_t before = p->graph.steps.count;
        if (take_down_for(p, step)) {
            steps_index(p);
            if (p->graph.steps.count <= before) // an alter was replaced: places have moved
                i = (size_t)-1;
        }
    }
}
