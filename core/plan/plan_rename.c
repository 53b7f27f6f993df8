// Renames that follow each other, and those that change places: a becomes b while b becomes a. A name is free before it
// is taken; one of each cycle goes by way of a third name.
#include <string.h>

#include "core/plan/plan_internal.h"

bool step_renames(const Step *step)
{
    return step->kind == STEP_RENAME || (step->kind == STEP_ALTER && step->facets & FACET_NAME);
}

static bool is_key_or_index(ObjectKind kind)
{
    return kind == OBJECT_PRIMARY_KEY || kind == OBJECT_UNIQUE || kind == OBJECT_EXCLUDE ||
           kind == OBJECT_INDEX;
}

// The keys and indexes of a schema share their names; columns and other constraints have theirs in their table.
static bool share_names(const Step *a, const Step *b)
{
    const ObjectKind kind = a->want->kind;
    if (is_key_or_index(kind))
        return is_key_or_index(b->want->kind);
    bool in_table = kind == OBJECT_COLUMN || kind == OBJECT_CHECK || kind == OBJECT_FOREIGN_KEY;
    return kind == b->want->kind && (!in_table || a->want_table == b->want_table);
}

// Would `rename` take the name that `other` still has?
static bool waits_for(const Step *rename, const Step *other)
{
    return rename != other && step_renames(other) && share_names(rename, other) &&
           same_text(rename->want->name, other->have->name) &&
           same_text(rename->want->schema, other->have->schema);
}

// Among the first `asked` steps: those that go out of the way come after them.
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
static Object *renamed_copy(Arena *arena, const Object *object, const char *name)
{
    const size_t size = object_kinds[object->kind].size;
    Object *copy = arena_alloc(arena, size);
    memcpy(copy, object, size);
    copy->name = name;
    return copy;
}

static void go_by_third_name(Planner *p, Step *rename, unsigned number)
{
    const char *third = arena_printf(p->arena, "cmigrate_swap_%u", number);
    const Object *from = rename->have;
    Object *to = renamed_copy(p->arena, rename->want, third);
    Step *away = step_add(&p->graph, rename->kind, from, to);
    if (rename->kind == STEP_ALTER) { // neither side knows what only passes
        Object *passing = renamed_copy(p->arena, from, from->name);
        passing->slot = to->slot = NO_SLOT;
        away->have = passing;
    }
    away->have_table = rename->have_table;
    away->want_table = rename->want_table;
    away->facets = FACET_NAME;
    rename->have = renamed_copy(p->arena, from, third);
    step_after(p->arena, rename, away);
    VEC_EACH (Step *, it, &p->graph.steps)
        if (*it != rename && step_renames(*it) && share_names(*it, rename) &&
            same_text((*it)->want->name, from->name) && same_text((*it)->want->schema, from->schema))
            step_after(p->arena, *it, away);
}

void steps_untangle_renames(Planner *p)
{
    unsigned circles = 0;
    size_t asked = p->graph.steps.count;
    for (size_t i = 0; i < asked; i++) {
        Step *step = p->graph.steps.items[i];
        if (step_renames(step) && is_in_circle(&p->graph, asked, step))
            go_by_third_name(p, step, ++circles);
    }
    for (size_t i = 0; i < asked; i++) {
        Step *step = p->graph.steps.items[i];
        if (step_renames(step))
            step_after(p->arena, step, holder_of_name(&p->graph, asked, step));
    }
}
