// Renames that change places: a becomes b while b becomes a. One of each circle goes by way of a third name.
#include <string.h>

#include "drivers/postgresql/plan.h"

static bool same(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

// Would `rename` take the name that `other` still has?
static bool waits_for(const Step *rename, const Step *other)
{
    const Object *to = rename->want, *held = other->have;
    if (rename == other || other->kind != STEP_RENAME || to->kind != held->kind ||
        !same(to->name, held->name) || !same(to->schema, held->schema))
        return false;
    return to->kind != OBJECT_COLUMN || rename->want_table == other->want_table;
}

static Step *holder_of(const StepGraph *graph, const Step *rename)
{
    VEC_EACH (Step *, it, &graph->steps)
        if (waits_for(rename, *it))
            return *it;
    return NULL;
}

static bool is_in_circle(const StepGraph *graph, const Step *rename)
{
    size_t left = graph->steps.count;
    for (const Step *step = holder_of(graph, rename); step && left > 0; step = holder_of(graph, step), left--)
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

static void go_by_third_name(StepGraph *graph, Step *rename)
{
    const char *third = pg_object_name(graph->arena, rename->have->name, NULL, "swap");
    const Object *between = renamed_copy(graph->arena, rename->have, third);
    Step *away = step_add(graph, STEP_SQL, NULL, NULL);
    Step first = *rename;
    first.want = between;
    Render r = { .arena = graph->arena,
                 .graph = graph,
                 .step = &first,
                 .out = &away->statements,
                 .version = pg_version_of(graph) };
    if (between->kind == OBJECT_COLUMN)
        pg_render_rename_column(&r);
    else if (between->kind == OBJECT_TABLE)
        pg_render_rename_table(&r);
    else
        pg_render_rename_plain(&r, rename->have, third);
    rename->have = between;
    step_after(graph->arena, rename, away);
    VEC_EACH (Step *, it, &graph->steps)
        if (*it != rename && (*it)->kind == STEP_RENAME && same((*it)->want->name, first.have->name) &&
            (*it)->want->kind == first.have->kind)
            step_after(graph->arena, *it, away);
}

void pg_expand_renames(StepGraph *graph)
{
    for (size_t i = 0, n = graph->steps.count; i < n; i++) {
        Step *step = graph->steps.items[i];
        if (step->kind == STEP_RENAME && is_in_circle(graph, step))
            go_by_third_name(graph, step);
    }
    for (size_t i = 0, n = graph->steps.count; i < n; i++) {
        Step *step = graph->steps.items[i];
        if (step->kind == STEP_RENAME)
            step_after(graph->arena, step, holder_of(graph, step));
    }
}
