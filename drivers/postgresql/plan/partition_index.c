// Indexes and keys of partitions, which come with those of their parents.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

static bool is_made(const StepGraph *graph, const Object *want)
{
    return step_find_create(graph, want) || step_find_alter(graph, want);
}

static Step *making_table(const StepGraph *graph, const Table *want)
{
    Step *step = step_find_create(graph, &want->head);
    return step ? step : step_find_alter(graph, &want->head);
}

// What was to be altered is recreated: it has gone with its parent's.
static void adopt(StepGraph *graph, const Table *table, Object *part, const Step *made)
{
    if (pg_parent_index(graph->arena, graph->want, part) != made->want || step_find_create(graph, part))
        return;
    Step *step = step_find_alter(graph, part);
    if (step && step->kind != STEP_ALTER)
        return;
    if (!step)
        step = step_add(graph, STEP_CREATE, NULL, part);
    step->kind = STEP_CREATE;
    step->have = NULL;
    step->want_table = table;
}

static bool makes_key(const Step *step)
{
    return step->kind == STEP_CREATE && step->want->kind >= OBJECT_PRIMARY_KEY &&
           step->want->kind <= OBJECT_INDEX;
}

// An index of the parent that is recreated gives its partitions new ones, which get their names again.
static void adopt_again(StepGraph *graph)
{
    for (size_t i = 0, n = graph->steps.count; i < n; i++) {
        const Step *made = graph->steps.items[i];
        if (!makes_key(made) || !made->want_table ||
            !option_get(&made->want_table->head.options, PG_PARTITION_BY) || !made->want->name)
            continue;
        VEC_EACH (Table *, table, &graph->want->tables) {
            if (!option_get(&(*table)->head.options, PG_PARTITION_OF) ||
                step_find_create(graph, &(*table)->head))
                continue;
            VEC_EACH (Index *, index, &(*table)->indexes)
                adopt(graph, *table, &(*index)->head, made);
            VEC_EACH (Constraint *, key, &(*table)->constraints)
                adopt(graph, *table, &(*key)->head, made);
        }
    }
}

// A key of a partition's own that serves its parent's index goes with that, and comes back by itself.
static void bring_back_keys(StepGraph *graph)
{
    for (size_t i = 0, n = graph->steps.count; i < n; i++) {
        Step *drop = graph->steps.items[i];
        if (drop->kind != STEP_DROP || drop->have->kind != OBJECT_INDEX ||
            !pg_index_has_keys(graph, drop->have))
            continue;
        const PartList *parts = &((const Index *)(const void *)drop->have)->parts;
        VEC_EACH (Table *, table, &graph->want->tables) {
            const Table *have = schema_table(graph->have, (*table)->head.schema, (*table)->head.name),
                        *parent = have ? pg_parent_of(graph->arena, graph->have, have) : NULL;
            if (!parent || !same_text(parent->head.name, drop->have->table) ||
                !same_text(parent->head.schema, drop->have->schema))
                continue;
            VEC_EACH (Constraint *, key, &(*table)->constraints) {
                bool own = ((*key)->head.kind == OBJECT_PRIMARY_KEY || (*key)->head.kind == OBJECT_UNIQUE) &&
                           (*key)->head.name && !option_get(&(*key)->head.options, PG_PARTITION_OF);
                if (!own || !parts_equal(&(*key)->parts, parts) || is_made(graph, &(*key)->head) ||
                    !table_constraint(have, (*key)->head.name))
                    continue;
                Step *again = step_add(graph, STEP_CREATE, NULL, &(*key)->head);
                again->want_table = *table;
                again->restores = true;
                step_after(graph->arena, again, drop);
            }
        }
    }
}

// An index of a partition comes after its parent's. One of its own is created only when the dropped index of
// the parent, which takes it along, is gone.
static void order_indexes(StepGraph *graph)
{
    bring_back_keys(graph);
    adopt_again(graph);
    VEC_EACH (Step *, it, &graph->steps) {
        Step *step = *it;
        if (!step->want || step->want->kind < OBJECT_PRIMARY_KEY || step->want->kind > OBJECT_INDEX ||
            step->kind == STEP_SQL)
            continue;
        const Object *parent = pg_parent_index(graph->arena, graph->want, step->want);
        Step *other = parent ? step_find_create(graph, parent) : NULL;
        step_after(graph->arena, step, other || !parent ? other : step_find_alter(graph, parent));
    }
    VEC_EACH (Step *, it,
              &graph->steps) { // an index on its own comes when the parent's that took it along is gone
        Step *drop = *it;
        bool index = drop->kind == STEP_DROP && drop->have->kind >= OBJECT_PRIMARY_KEY &&
                     drop->have->kind <= OBJECT_INDEX;
        if (!index || !drop->have_table || !option_get(&drop->have_table->head.options, PG_PARTITION_BY))
            continue;
        VEC_EACH (Step *, other, &graph->steps) {
            const Step *made = *other;
            if (made->kind == STEP_CREATE && made->want->kind >= OBJECT_PRIMARY_KEY &&
                made->want->kind <= OBJECT_INDEX && made->want_table &&
                option_get(&made->want_table->head.options, PG_PARTITION_OF))
                step_after(graph->arena, *other, drop);
        }
    }
}

// A foreign key takes the first key that fits: one that is about to go must be gone.
static void order_keys(StepGraph *graph)
{
    VEC_EACH (Step *, it, &graph->steps) {
        Step *drop = *it;
        if (drop->kind != STEP_DROP ||
            (drop->have->kind != OBJECT_PRIMARY_KEY && drop->have->kind != OBJECT_UNIQUE &&
             drop->have->kind != OBJECT_INDEX))
            continue;
        VEC_EACH (Step *, other, &graph->steps) {
            const Step *made = *other;
            if (made->kind != STEP_CREATE || made->want->kind != OBJECT_FOREIGN_KEY)
                continue;
            const Constraint *key = (const Constraint *)(const void *)made->want;
            if (same_text(key->referred_table, drop->have->table) &&
                same_text(key->referred_schema, drop->have->schema))
                step_after(graph->arena, *other, drop);
        }
    }
}

// Sets CLUSTER or REPLICA IDENTITY by an index that the model does not list, because it came with the
// parent's. It is set again where that index is created again.
static void mark(StepGraph *graph, const Table *table, const char *option)
{
    const Table *have = schema_table(graph->have, table->head.schema, table->head.name);
    const char *index = option_get(&table->head.options, option);
    if (!pg_marks_unlisted(table, index))
        return;
    Step *whole = making_table(graph, table), *step = step_add(graph, STEP_SQL, NULL, NULL);
    bool needed = !have || (whole && pg_table_is_remade(whole)) ||
                  !same_text(index, option_get(&have->head.options, option));
    TableList above = pg_ancestors_of(graph->arena, graph->want, table);
    VEC_EACH (Step *, it, &graph->steps)
        VEC_EACH (Table *, parent, &above)
            if (makes_key(*it) && (*it)->want_table == *parent) {
                step_after(graph->arena, step, *it);
                needed = true;
            }
    step_after(graph->arena, step, whole);
    Render r = { .arena = graph->arena, .graph = graph, .step = step, .out = &step->statements };
    if (needed)
        pg_render_index_marks(&r, table, index);
    else
        step_remove(graph, step);
}

static void mark_by_unlisted(StepGraph *graph)
{
    VEC_EACH (Table *, it, &graph->want->tables) {
        mark(graph, *it, PG_REPLICA_IDENTITY);
        mark(graph, *it, PG_CLUSTER_ON);
    }
}

void pg_expand_indexes(StepGraph *graph)
{
    order_indexes(graph);
    order_keys(graph);
    mark_by_unlisted(graph);
}
