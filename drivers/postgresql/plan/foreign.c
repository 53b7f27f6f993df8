// Tables on a server that is made again: they have no rows here, and are made again with it.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

static bool is_foreign_of(const Table *table, const char *server)
{
    return same_text(option_get(&table->head.options, PG_SERVER), server);
}

static void mark_part(StepGraph *graph, Step *gone, const Object *part)
{
    bool foreign = option_get(&gone->have->options, PG_SERVER) != NULL; // its rows are elsewhere
    *VEC_PUSH(graph->arena, &gone->changes) = (Change){ .kind = foreign ? CHANGE_ALTER : CHANGE_DROP,
                                                        .have = part,
                                                        .have_table = gone->have_table };
}

// What depends on a part of the table has to make way as well.
static void mark_parts(StepGraph *graph, Step *gone, const Table *have)
{
    VEC_EACH (Column *, it, &have->columns)
        mark_part(graph, gone, &(*it)->head);
    VEC_EACH (Constraint *, it, &have->constraints)
        mark_part(graph, gone, &(*it)->head);
    VEC_EACH (Index *, it, &have->indexes)
        mark_part(graph, gone, &(*it)->head);
}

// Replaces all steps of a foreign table by its drop and its creation, around those of its server. Renames
// stay: the table is created under its new name.
static void remake(StepGraph *graph, const Table *have, const Table *want, Step *drop)
{
    for (size_t i = graph->steps.count; i > 0; i--) {
        Step *other = graph->steps.items[i - 1];
        if ((other->have_table == have || (want && other->want_table == want)) &&
            other->kind != STEP_RENAME && other->kind != STEP_SQL && !other->restores)
            step_remove(graph, other);
    }
    Step *gone = step_add(graph, STEP_DROP, &have->head, NULL);
    gone->have_table = have;
    gone->restores = true;
    mark_parts(graph, gone, have);
    step_after(graph->arena, drop, gone);
    if (!want)
        return;
    Step *back = step_add(graph, STEP_CREATE, NULL, &want->head),
         *own = step_add(graph, STEP_SQL, NULL, NULL);
    back->want_table = want;
    step_after(graph->arena, back, gone);
    step_after(graph->arena, own, back);
    pg_keep_owned_sequences(graph, gone, own);
    if (!own->statements.count)
        step_remove(graph, own);
    VEC_EACH (Index *, index, &want->indexes)
        step_add(graph, STEP_CREATE, NULL, &(*index)->head)->want_table = want;
}

void pg_expand_foreign(StepGraph *graph)
{
    for (size_t i = 0; i < graph->steps.count; i++) {
        Step *step = graph->steps.items[i];
        if (step->kind == STEP_ALTER && step->want->kind == OBJECT_TABLE && step->have_table &&
            !same_text(option_get(&step->have->options, PG_SERVER),
                       option_get(&step->want->options, PG_SERVER))) {
            remake(graph, step->have_table, step->want_table, NULL);
            i = (size_t)-1;
        } else if (step->kind == STEP_DROP && step->have->kind == OBJECT_SERVER) {
            VEC_EACH (Table *, it, &graph->have->tables)
                if (is_foreign_of(*it, step->have->name) && !step_find_drop(graph, &(*it)->head))
                    remake(graph, *it, schema_table(graph->want, (*it)->head.schema, (*it)->head.name), step);
        }
    }
}
