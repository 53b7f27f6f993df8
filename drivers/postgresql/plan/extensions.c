// Extensions come before all that may use them and go after it. A model does not know what an extension holds, so no
// text tells who does; where tables form a cycle, the order of kinds alone does not settle it either.
#include "drivers/postgresql/plan/plan.h"

static bool is_under_extensions(const Object *object)
{
    return object->kind == OBJECT_SCHEMA || object->kind == OBJECT_EXTENSION;
}

static void order_around(StepGraph *graph, Step *extension)
{
    VEC_EACH (Step *, it, &graph->steps) {
        Step *step = *it;
        if (step == extension || step->kind == STEP_SQL || step->kind == STEP_RENAME)
            continue;
        if (extension->kind == STEP_CREATE && step->kind != STEP_DROP && !is_under_extensions(step->want))
            step_after(graph->arena, step, extension);
        if (extension->kind == STEP_DROP && step->kind == STEP_DROP && !is_under_extensions(step->have))
            step_after(graph->arena, extension, step);
    }
}

void pg_expand_extensions(StepGraph *graph)
{
    VEC_EACH (Step *, it, &graph->steps) {
        const Object *object = (*it)->want ? (*it)->want : (*it)->have;
        if (((*it)->kind == STEP_CREATE || (*it)->kind == STEP_DROP) && object->kind == OBJECT_EXTENSION)
            order_around(graph, *it);
    }
}
