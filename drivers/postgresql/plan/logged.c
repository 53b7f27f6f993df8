// SET LOGGED and SET UNLOGGED along foreign keys: a logged table must not refer to an unlogged one at any moment. A table
// that becomes logged follows those that it refers to; one that becomes unlogged follows those that refer to it. Tables in
// a cycle could do neither, and let go of a key meanwhile. Sequences that are to differ from the table that owns them.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

// The step that makes the table logged or unlogged; NULL: it stays what it is.
static Step *switching(StepGraph *graph, const Table *have)
{
    const Table *want = have ? schema_table(graph->want, have->head.schema, have->head.name) : NULL;
    Step *step = want ? step_find_alter(graph, &want->head) : NULL;
    if (!step || step->kind != STEP_ALTER || pg_table_is_remade(step) ||
        option_is(&have->head.options, PG_UNLOGGED) == option_is(&want->head.options, PG_UNLOGGED))
        return NULL;
    return step;
}

static bool comes_after(const Step *step, const Step *before, unsigned level)
{
    VEC_EACH (Step *, it, &step->after)
        if (*it == before || (level > 0 && comes_after(*it, before, level - 1)))
            return true;
    return false;
}

static void order_along(StepGraph *graph, Table *table, Constraint *key)
{
    enum { LONGEST_CYCLE = 16 };
    const Table *other = schema_table(graph->have, key->referred_schema, key->referred_table);
    Step *step = other == table ? NULL : switching(graph, table),
         *target = step ? switching(graph, other) : NULL;
    if (!target || step_find_drop(graph, &key->head))
        return;
    bool logged = option_is(&table->head.options, PG_UNLOGGED);
    Step *first = logged ? target : step, *then = logged ? step : target;
    if (!comes_after(first, then, LONGEST_CYCLE)) {
        step_after(graph->arena, then, first);
        return;
    }
    pg_release_key(graph, table, key, step, target);
    pg_release_key(graph, table, key, target, step);
}

// Since 15 the sequences of a table become logged or unlogged with it. One that is to be otherwise is set back behind it, as
// if it had been what it then is.
static void set_back(StepGraph *graph, const Sequence *want)
{
    const Column *column;
    const Table *owner = pg_owner_table(graph, graph->want, want, &column),
                *was = owner ? schema_table(graph->have, owner->head.schema, owner->head.name) : NULL;
    Step *with = was ? switching(graph, was) : NULL;
    bool unlogged = with && option_is(&owner->head.options, PG_UNLOGGED);
    const Object *have = with ? schema_counterpart(graph->have, &want->head) : NULL;
    if (!have || unlogged == option_is(&want->head.options, PG_UNLOGGED))
        return;
    Step *step = step_find_alter(graph, &want->head);
    if (!step)
        step = step_add(graph, STEP_ALTER, have, &want->head);
    Sequence *then = ARENA_NEW(graph->arena, Sequence);
    *then = *(const Sequence *)(const void *)step->have;
    then->head.options = (OptionList){ 0 };
    VEC_EACH (Option, it, &step->have->options)
        *VEC_PUSH(graph->arena, &then->head.options) = *it;
    option_set(graph->arena, &then->head.options, PG_UNLOGGED, unlogged ? "true" : NULL);
    step->have = &then->head;
    step_after(graph->arena, step, with);
}

void pg_expand_logged(StepGraph *graph)
{
    VEC_EACH (Table *, table, &graph->have->tables)
        VEC_EACH (Constraint *, key, &(*table)->constraints)
            if ((*key)->head.kind == OBJECT_FOREIGN_KEY && (*key)->head.name)
                order_along(graph, *table, *key);
    for (size_t i = 0; graph->have->server.version >= 150000 && i < graph->want->objects.count; i++)
        if (graph->want->objects.items[i]->kind == OBJECT_SEQUENCE)
            set_back(graph, (const Sequence *)(const void *)graph->want->objects.items[i]);
}
