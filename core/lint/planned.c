// A revision that was just planned: what each statement does is known from its step, without a database.
#include <string.h>

#include "core/lint/internal.h"

static void put(Arena *arena, ChangeList *out, const Step *step, ChangeKind kind)
{
    *VEC_PUSH(arena, out) = (Change){ .kind = kind,
                                      .facets = step->facets,
                                      .have = step->have,
                                      .want = step->want,
                                      .have_table = step->have_table,
                                      .want_table = step->want_table };
}

static void put_step(Arena *arena, ChangeList *out, const Step *step)
{
    if (step->restores) // the same before and after
        return;
    switch (step->kind) {
    case STEP_CREATE: put(arena, out, step, CHANGE_CREATE); break;
    case STEP_DROP: put(arena, out, step, CHANGE_DROP); break;
    case STEP_ALTER: put(arena, out, step, CHANGE_ALTER); break;
    case STEP_RENAME:
        put(arena, out, step, CHANGE_ALTER);
        out->items[out->count - 1].facets |= FACET_NAME;
        break;
    case STEP_TABLE:
    case STEP_REBUILD:
        VEC_EACH (const Change, it, &step->changes)
            *VEC_PUSH(arena, out) = *it;
        break;
    case STEP_SQL: break;
    }
}

static const Table *table_of(const LintPlan *plan, const Step *step)
{
    const Object *object = step->want ? step->want : step->have;
    const Table *table = step->have_table ? step->have_table : step->want_table;
    if (!table && object && object->kind == OBJECT_TABLE)
        table = (const Table *)(const void *)object;
    return table ? schema_table(plan->renamed, table->head.schema, table->head.name) : NULL;
}

// What the planner knows of the statement's cost to a table that is there: "ACCESS EXCLUSIVE on a, b" is the lock of each.
static void put_cost(Judge *judge, const LintPlan *plan, const Step *step, const Statement *statement,
                     LintFact *cost, StatementCost *out)
{
    const Table *table = table_of(plan, step);
    const char *lock = statement->lock, *on = lock ? strstr(lock, " on ") : NULL;
    if (!table || (!lock && !statement->rewrites && !statement->scans && !statement->algorithm))
        return;
    if (on)
        lock = arena_strndup(judge->arena, lock, (size_t)(on - lock));
    *out = (StatementCost){ .lock = lock,
                            .algorithm = statement->algorithm,
                            .rewrites = statement->rewrites,
                            .scans = statement->scans };
    *VEC_PUSH(judge->arena, &out->tables) = (TableCost){ .schema = table->head.schema,
                                                         .table = table->head.name,
                                                         .lock = lock,
                                                         .rewritten = statement->rewrites,
                                                         .scanned = statement->scans };
    *cost = (LintFact){ .lock = lock,
                        .algorithm = statement->algorithm,
                        .rewrites = statement->rewrites,
                        .scans = statement->scans,
                        .rows = -1 };
    judge->cost = cost;
    judge->measured = out;
}

// The statement that stands for the step: the first that does something, behind the queries that assert.
static size_t first_of(const LintPlan *plan, const Step *step)
{
    size_t first = step->first_statement, end = first + step->statement_count;
    while (first + 1 < end && first < plan->statements->count && plan->statements->items[first].assertion)
        first++;
    return first;
}

StepsOfStatement *lint_steps_of_statements(Arena *arena, const LintPlan *plan)
{
    size_t count = plan->statements->count;
    StepsOfStatement *out = arena_alloc(arena, (count + 1) * sizeof(*out));
    VEC_EACH (Step *, it, plan->steps)
        for (size_t i = 0; i < (*it)->statement_count && (*it)->first_statement + i < count; i++)
            *VEC_PUSH(arena, &out[(*it)->first_statement + i]) = *it;
    return out;
}

void lint_planned(Judge *judge, const LintPlan *plan, const StepsOfStatement *steps, size_t index,
                  ChangeList *out, LintFact *cost, StatementCost *measured)
{
    judge->before = plan->have;
    judge->renamed = plan->renamed;
    judge->after = plan->want;
    if (index >= plan->statements->count)
        return;
    VEC_EACH (const Step *, it, &steps[index]) {
        if (first_of(plan, *it) == index)
            put_step(judge->arena, out, *it);
        put_cost(judge, plan, *it, &plan->statements->items[index], cost, measured);
    }
}
