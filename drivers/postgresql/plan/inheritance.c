// Parents and children: which comes first, and what a child keeps or gives up when its parent changes.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

static Step *making(StepGraph *graph, const Object *want)
{
    Step *step = step_find_create(graph, want);
    return step ? step : step_find_alter(graph, want);
}

// The step about a column of one of the parents; NULL: it stays as it is.
static Step *parent_column_step(StepGraph *graph, const Table *have, const Table *want, const char *column,
                                bool drop)
{
    const Schema *schema = drop ? graph->have : graph->want;
    const Table *child = drop ? have : want;
    if (!child)
        return NULL;
    // what is made goes down to all that are below; what goes is left to its own children
    TableList parents =
        drop ? pg_parents_of(graph->arena, schema, child) : pg_ancestors_of(graph->arena, schema, child);
    VEC_EACH (Table *, parent, &parents) {
        const Column *found = table_column(*parent, column);
        Step *step = !found ? NULL : drop ? step_find_drop(graph, &found->head) : making(graph, &found->head);
        if (step)
            return step;
    }
    return NULL;
}

// A column that leaves the parent and stays in a child as its own: ALTER TABLE ONLY lets each child keep it.
static bool child_keeps(StepGraph *graph, Step *create)
{
    // a step that creates has what is wanted
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    Step *drop = parent_column_step(graph, create->have_table, create->want_table, create->want->name, true);
    if (!drop || !create->have_table || option_get(&create->have_table->head.options, PG_PARTITION_OF))
        return false;
    if (!(drop->facets & FACET_PARTS)) {
        drop->facets |= FACET_PARTS; // see pg_render_drop_column
        VEC_EACH (Table *, it, &graph->want->tables) {
            const Table *have = schema_table(graph->have, (*it)->head.schema, (*it)->head.name);
            if (!have || table_column(*it, create->want->name) ||
                parent_column_step(graph, have, *it, create->want->name, true) != drop)
                continue;
            Column *gone = arena_alloc(graph->arena, sizeof(Column));
            *gone = *(const Column *)(const void *)drop->have;
            gone->head.schema = have->head.schema;
            gone->head.table = have->head.name;
            Step *step = step_add(graph, STEP_SQL, NULL, NULL);
            Render r = { .arena = graph->arena, .graph = graph, .step = step, .out = &step->statements };
            pg_render_drop_column(&r, gone);
            step_after(graph->arena, step, drop);
        }
    }
    return true;
}

static void order_columns(StepGraph *graph)
{
    for (size_t i = 0; i < graph->steps.count; i++) {
        Step *step = graph->steps.items[i];
        const Object *object = step->want ? step->want : step->have;
        if (!object || object->kind != OBJECT_COLUMN || !step->have_table || step->kind == STEP_RENAME)
            continue;
        bool inherited = option_is(&object->options, PG_INHERITED);
        if (step->kind == STEP_DROP) {
            step_after(graph->arena,
                       parent_column_step(graph, step->have_table, step->want_table, object->name, false),
                       step);
        } else if (step->kind == STEP_CREATE && !inherited && child_keeps(graph, step)) {
            step_remove(graph, step);
            i--;
        } else if (inherited || step->kind == STEP_ALTER) {
            step_after(graph->arena, step,
                       parent_column_step(graph, step->have_table, step->want_table, object->name, false));
        }
    }
}

// A parent's column that is recreated, or computed otherwise, takes what a child says of its own along.
static void restate_expressions(StepGraph *graph)
{
    for (size_t i = 0, n = graph->steps.count; i < n; i++) {
        const Step *made = graph->steps.items[i];
        const Column *parent =
            made->want && made->want->kind == OBJECT_COLUMN ? (const Column *)(const void *)made->want : NULL;
        if (!parent || !parent->generated || !made->have_table ||
            (made->kind != STEP_CREATE && !(made->kind == STEP_ALTER && made->facets & FACET_GENERATED)))
            continue;
        VEC_EACH (Table *, it, &graph->want->tables) {
            const Table *have = schema_table(graph->have, (*it)->head.schema, (*it)->head.name);
            Column *own = have ? table_column(*it, parent->head.name) : NULL;
            if (!own || own == parent || !option_is(&own->head.options, PG_INHERITED) ||
                !pg_has_own_expression(own, parent) || step_find_create(graph, &own->head))
                continue;
            TableList above = pg_ancestors_of(graph->arena, graph->want, *it);
            bool below = false;
            VEC_EACH (Table *, up, &above)
                below |= *up == made->want_table;
            Step *step = step_find_alter(graph, &own->head);
            if (!below || (step && step->kind != STEP_ALTER))
                continue;
            if (!step)
                step = step_add(graph, STEP_CREATE, NULL, &own->head);
            step->kind = STEP_CREATE;
            step->have = NULL;
            step->have_table = have;
            step->want_table = *it;
        }
    }
}

static void order_tables(StepGraph *graph)
{
    for (size_t i = 0, n = graph->steps.count; i < n; i++) {
        Step *step = graph->steps.items[i];
        const Object *object = step->want ? step->want : step->have;
        if (!object || object->kind != OBJECT_TABLE || step->kind == STEP_RENAME || step->kind == STEP_SQL)
            continue;
        bool drop = step->kind == STEP_DROP;
        TableList parents = pg_parents_of(graph->arena, drop ? graph->have : graph->want,
                                          (const Table *)(const void *)object);
        VEC_EACH (Table *, parent, &parents) {
            if (drop)
                step_after(graph->arena, step_find_drop(graph, &(*parent)->head), step);
            else
                step_after(graph->arena, step, making(graph, &(*parent)->head));
        }
    }
}

// ---- partitions that go while foreign keys point at their parents

static bool refers_to(const Constraint *key, const Table *table)
{
    return key->head.kind == OBJECT_FOREIGN_KEY && same_text(key->referred_table, table->head.name) &&
           same_text(key->referred_schema, table->head.schema);
}

static Step *drop_key(StepGraph *graph, Constraint *key, const Table *table)
{
    Step *step = step_find_drop(graph, &key->head);
    if (!step) {
        step = step_add(graph, STEP_DROP, &key->head, NULL);
        step->have_table = table;
    }
    return step;
}

void pg_follow_parents(StepGraph *graph, Step *remade, const Table *table)
{
    TableList above = pg_ancestors_of(graph->arena, graph->want, table);
    VEC_EACH (Table *, parent, &above)
        VEC_EACH (Step *, it, &graph->steps)
            if ((*it)->kind == STEP_CREATE && (*it)->want->kind == OBJECT_COLUMN &&
                (*it)->want_table == *parent)
                step_after(graph->arena, remade, *it);
}

// A key that is made while the partition is still there would hold it.
static void drop_before_keys(StepGraph *graph, Step *drop, const Table *parent)
{
    VEC_EACH (Step *, it, &graph->steps) {
        Step *make = *it;
        if (make->kind == STEP_CREATE && make->want->kind == OBJECT_FOREIGN_KEY &&
            refers_to((const Constraint *)(const void *)make->want, parent))
            step_after(graph->arena, make, drop);
    }
}

// A partition cannot be dropped while a foreign key refers to one of its ancestors: the keys are dropped
// first, or it is detached.
static void free_partition(StepGraph *graph, Step *drop)
{
    const Table *child = (const Table *)(const void *)drop->have;
    for (const Table *up = pg_parent_of(graph->arena, graph->have, child); up;
         up = pg_parent_of(graph->arena, graph->have, up)) {
        bool goes = step_find_drop(graph, &up->head) != NULL, referred = false;
        drop_before_keys(graph, drop, up);
        VEC_EACH (Table *, table, &graph->have->tables)
            VEC_EACH (Constraint *, key, &(*table)->constraints) {
                if (!refers_to(*key, up))
                    continue;
                Step *gone = step_find_drop(graph, &(*key)->head);
                referred |= !gone;
                if (goes && !gone)
                    gone = drop_key(graph, *key, *table);
                step_after(graph->arena, drop, gone);
            }
        if (!goes && referred) {
            (void)pg_detach_dropped(graph, drop);
            return;
        }
    }
}

void pg_expand_families(StepGraph *graph)
{
    restate_expressions(graph);
    order_tables(graph);
    order_columns(graph);
    for (size_t i = 0, n = graph->steps.count; i < n; i++) {
        Step *step = graph->steps.items[i];
        if (step->kind == STEP_DROP && step->have->kind == OBJECT_TABLE)
            free_partition(graph, step);
    }
    pg_expand_indexes(graph);
}
