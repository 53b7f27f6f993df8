// Renames that follow each other, and those that change places: a becomes b while b becomes a. A name is free before it
// is taken; one of each circle goes by way of a third name.
#include <string.h>

#include "core/plan/plan_internal.h"

// Would `rename` take the name that `other` still has?
static bool waits_for(const Step *rename, const Step *other)
{
    const Object *to = rename->want, *held = other->have;
    if (rename == other || other->kind != STEP_RENAME || to->kind != held->kind ||
        !same_text(to->name, held->name) || !same_text(to->schema, held->schema))
        return false;
    return to->kind != OBJECT_COLUMN || rename->want_table == other->want_table;
}

// Among the first `asked` steps: those that go out of the way come behind them.
static Step *holder_of_name(const StepGraph *graph, size_t asked, const Step *rename)
{
    for (size_t i = 0; i < asked; i++)
        if (waits_for(rename, graph->steps.items[i]))
            return graph->steps.items[i];
    return NULL;
}

static bool is_in_circle(const StepGraph *graph, size_t asked, const Step *rename)
{
    size_t left = asked;
    const Step *step = holder_of_name(graph, asked, rename);
    for (; step && left > 0; step = holder_of_name(graph, asked, step), left--)
        if (step == rename)
            return true;
    return false;
}

// The object under another name, with all that its kind has.
static const Object *renamed_copy(Arena *arena, const Object *object, const char *name)
{
    size_t size = object->kind == OBJECT_COLUMN  ? sizeof(Column)
                  : object->kind == OBJECT_TABLE ? sizeof(Table)
                  : object->kind == OBJECT_VIEW  ? sizeof(View)
                  : object->kind == OBJECT_ENUM  ? sizeof(EnumType)
                                                 : sizeof(Object);
    Object *copy = arena_alloc(arena, size);
    memcpy(copy, object, size);
    copy->name = name;
    return copy;
}

static void go_by_third_name(Planner *p, Step *rename, unsigned number)
{
    const char *third = arena_printf(p->arena, "cmigrate_swap_%u", number);
    const Object *from = rename->have;
    Step *away = step_add(&p->graph, STEP_RENAME, from, renamed_copy(p->arena, rename->want, third));
    away->have_table = rename->have_table;
    away->want_table = rename->want_table;
    away->facets = FACET_NAME;
    rename->have = renamed_copy(p->arena, from, third);
    step_after(p->arena, rename, away);
    VEC_EACH (Step *, it, &p->graph.steps)
        if (*it != rename && (*it)->kind == STEP_RENAME && (*it)->want->kind == from->kind &&
            same_text((*it)->want->name, from->name) && same_text((*it)->want->schema, from->schema) &&
            (from->kind != OBJECT_COLUMN || (*it)->want_table == rename->want_table))
            step_after(p->arena, *it, away);
}

void steps_untangle_renames(Planner *p)
{
    unsigned circles = 0;
    size_t asked = p->graph.steps.count;
    for (size_t i = 0; i < asked; i++) {
        Step *step = p->graph.steps.items[i];
        if (step->kind == STEP_RENAME && is_in_circle(&p->graph, asked, step))
            go_by_third_name(p, step, ++circles);
    }
    for (size_t i = 0; i < asked; i++) {
        Step *step = p->graph.steps.items[i];
        if (step->kind == STEP_RENAME)
            step_after(p->arena, step, holder_of_name(&p->graph, asked, step));
    }
}
