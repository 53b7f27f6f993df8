// Foreign keys that refer to a family whose rows move: dropped before, made after. While they are there the server
// refuses to detach a partition that is referred to, and a DELETE that only moves a row would cascade.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

StepList pg_steps_now(StepGraph *graph)
{
    StepList now = { 0 };
    VEC_EACH (Step *, it, &graph->steps)
        *VEC_PUSH(graph->arena, &now) = *it;
    return now;
}

static bool is_among(const TableList *list, const Table *table)
{
    VEC_EACH (Table *, it, list)
        if (*it == table)
            return true;
    return false;
}

// Is one of the two tables the other, or above it?
static bool same_line(StepGraph *graph, const Table *a, const Table *b)
{
    if (a == b)
        return true;
    TableList above = pg_ancestors_of(graph->arena, graph->have, a);
    if (is_among(&above, b))
        return true;
    above = pg_ancestors_of(graph->arena, graph->have, b);
    return is_among(&above, a);
}

static Step *drop_of(StepGraph *graph, Table *table, Constraint *key)
{
    Step *drop = step_find_drop(graph, &key->head);
    if (drop)
        return drop;
    drop = step_add(graph, STEP_DROP, &key->head, NULL);
    drop->have_table = table;
    drop->want_table = schema_table(graph->want, table->head.schema, table->head.name);
    drop->restores = true;
    step_after(graph->arena, step_find_drop(graph, &table->head), drop);
    if (drop->want_table) { // it may be recreated
        Step *altered = step_find_alter(graph, &drop->want_table->head);
        if (altered && pg_table_is_remade(altered))
            step_after(graph->arena, altered, drop);
    }
    return drop;
}

static Step *create_of(StepGraph *graph, const Step *drop, const Constraint *key)
{
    const Object *want = drop->want_table ? schema_counterpart(graph->want, &key->head) : NULL;
    Step *create = want ? step_find_create(graph, want) : NULL;
    if (!want || create)
        return create;
    Step *pending = step_find_alter(graph, want);
    if (pending && pending->kind == STEP_ALTER)
        step_remove(graph, pending);
    create = step_add(graph, STEP_CREATE, NULL, want);
    create->have_table = drop->have_table;
    create->want_table = drop->want_table;
    create->restores = true;
    return create;
}

void pg_release_key(StepGraph *graph, Table *table, Constraint *key, Step *out, Step *back)
{
    Step *drop = drop_of(graph, table, key), *create = create_of(graph, drop, key);
    step_after(graph->arena, out, drop);
    if (create) {
        step_after(graph->arena, create, back);
        step_after(graph->arena, create, drop);
    }
}

void pg_release_referrers(StepGraph *graph, const Table *have, Step *out, Step *back)
{
    VEC_EACH (Table *, it, &graph->have->tables)
        VEC_EACH (Constraint *, part, &(*it)->constraints) {
            Constraint *key = *part;
            if (key->head.kind != OBJECT_FOREIGN_KEY || !key->head.name ||
                option_get(&key->head.options, PG_PARTITION_OF))
                continue;
            const Table *other = schema_table(graph->have, key->referred_schema, key->referred_table);
            if (!other || !same_line(graph, other, have))
                continue;
            pg_release_key(graph, *it, key, out, back);
        }
}
