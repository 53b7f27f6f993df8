// A revision that was just planned: what each statement does is known from its step, without a database.
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

void lint_planned(Judge *judge, const LintPlan *plan, size_t index, ChangeList *out)
{
    judge->before = plan->have;
    judge->renamed = plan->renamed;
    judge->after = plan->want;
    VEC_EACH (Step *, it, plan->steps)
        if ((*it)->first_statement == index && (*it)->statement_count)
            put_step(judge->arena, out, *it);
}
