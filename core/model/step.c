#include "core/model/step.h"

#include <string.h>

Step *step_add(StepGraph *graph, StepKind kind, const Object *have, const Object *want)
{
    Step *step = ARENA_NEW(graph->arena, Step);
    step->kind = kind;
    step->have = have;
    step->want = want;
    *VEC_PUSH(graph->arena, &graph->steps) = step;
    return step;
}

void step_after(Arena *arena, Step *step, Step *before)
{
    if (!step || !before || step == before)
        return;
    VEC_EACH (Step *, it, &step->after)
        if (*it == before)
            return;
    *VEC_PUSH(arena, &step->after) = before;
}

Step *step_find_drop(const StepGraph *graph, const Object *have)
{
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->kind == STEP_DROP && (*it)->have == have)
            return *it;
    return NULL;
}

Step *step_find_create(const StepGraph *graph, const Object *want)
{
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->kind == STEP_CREATE && (*it)->want == want)
            return *it;
    return NULL;
}

Step *step_find_alter(const StepGraph *graph, const Object *want)
{
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->want == want && (*it)->kind != STEP_CREATE && (*it)->kind != STEP_DROP &&
            (*it)->kind != STEP_RENAME && (*it)->kind != STEP_SQL)
            return *it;
    return NULL;
}

void step_remove(StepGraph *graph, Step *step)
{
    size_t kept = 0;
    for (size_t i = 0; i < graph->steps.count; i++) {
        Step *other = graph->steps.items[i];
        if (other == step)
            continue;
        graph->steps.items[kept++] = other;
        size_t edges = 0, wishes = 0;
        bool was_after = false;
        for (size_t k = 0; k < other->after.count; k++) {
            if (other->after.items[k] == step)
                was_after = true;
            else
                other->after.items[edges++] = other->after.items[k];
        }
        other->after.count = edges;
        for (size_t k = 0; k < other->behind.count; k++)
            if (other->behind.items[k] != step)
                other->behind.items[wishes++] = other->behind.items[k];
        other->behind.count = wishes;
        if (was_after)
            VEC_EACH (Step *, before, &step->after)
                step_after(graph->arena, other, *before);
    }
    graph->steps.count = kept;
}
