// Checks of a parent that are NOT VALID there and validated in a child: VALIDATE CONSTRAINT on the child alone. It is
// said again where the parent's check is recreated, which leaves all of its children's not valid.
#include "drivers/postgresql/plan/plan.h"

// The check of that name that a table has of a parent; NULL: none.
static const Constraint *check_above(Arena *arena, const Schema *schema, const Table *table, const char *name)
{
    TableList above = pg_ancestors_of(arena, schema, table);
    VEC_EACH (Table *, it, &above) {
        const Constraint *check = table_constraint(*it, name);
        if (check && check->head.kind == OBJECT_CHECK)
            return check;
    }
    return NULL;
}

// A step after which a check is not what it was: recreated, or written again by the server for a column's new type.
static bool remakes(const Step *step, const Constraint *check, const Table *owner)
{
    if (step->want == &check->head)
        return step->kind == STEP_CREATE;
    return step->kind == STEP_ALTER && step->want->kind == OBJECT_COLUMN && step->want_table == owner &&
           step->facets & (FACET_TYPE | FACET_COLLATION);
}

static void validate(StepGraph *graph, Table *child, const Constraint *check, bool known)
{
    Step *create = step_find_create(graph, &child->head), *alter = step_find_alter(graph, &child->head);
    const Table *owner = schema_table(graph->want, check->head.schema, check->head.table);
    StepList before = { 0 };
    VEC_EACH (Step *, it, &graph->steps)
        if (remakes(*it, check, owner))
            *VEC_PUSH(graph->arena, &before) = *it;
    if (known && !before.count && !create)
        return;
    Constraint own = *check;
    own.head.schema = child->head.schema;
    own.head.table = child->head.name;
    Step *step = step_add(graph, STEP_SQL, NULL, NULL);
    Render r = { .arena = graph->arena, .graph = graph, .step = step, .out = &step->statements };
    pg_render_validate(&r, &own);
    step_after(graph->arena, step, create);
    step_after(graph->arena, step, alter);
    VEC_EACH (Step *, it, &before)
        step_after(graph->arena, step, *it);
}

void pg_expand_validated(StepGraph *graph)
{
    Arena *arena = graph->arena;
    VEC_EACH (Table *, it, &graph->want->tables) {
        Table *want = *it;
        const char *list = option_get(&want->head.options, PG_VALIDATED_CHECKS);
        const Table *have = list ? schema_table(graph->have, want->head.schema, want->head.name) : NULL;
        const char *listed = have ? option_get(&have->head.options, PG_VALIDATED_CHECKS) : NULL;
        for (const char *joined; (joined = name_next(arena, &list));) {
            NameList parts = { 0 };
            const Constraint *check = name_split(arena, joined, &parts) && parts.count
                                          ? check_above(arena, graph->want, want, parts.items[0])
                                          : NULL;
            if (check && check->not_valid) // else the parent's is validated, and this one by it
                validate(graph, want, check, name_listed(arena, listed, joined));
        }
    }
}
