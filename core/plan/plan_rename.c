// Renames that follow each other, and those that change places: a becomes b while b becomes a. A name is free before it
// is taken; one of each cycle goes by way of a third name.
#include <string.h>

#include "core/dialect/name_table.h"
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

// The steps that rename, by the name that each still has and by the name that it takes.
typedef struct Renames {
    Planner *planner;
    size_t asked; // of the graph's steps: those that untangling adds come behind them
    bool *leaves; // by place: it goes by a third name, so its own is free
    NameTable has, takes;
} Renames;

// A name with all that it must differ within: the keys and indexes of a schema share their names, columns and other
// constraints have theirs in their table.
static const char *name_in_place(Arena *arena, const Step *step, const Object *named)
{
    const ObjectKind kind = step->want->kind;
    const bool in_table = kind == OBJECT_COLUMN || kind == OBJECT_CHECK || kind == OBJECT_FOREIGN_KEY;
    const Object *table = in_table && step->want_table ? &step->want_table->head : NULL;
    const char *parts[] = { object_kinds[is_key_or_index(kind) ? OBJECT_INDEX : kind].word, named->schema,
                            table ? table->schema : NULL, table ? table->name : NULL, named->name };
    return placed_name(arena, parts, COUNT_OF(parts));
}

static void collect(Renames *r)
{
    Arena *arena = r->planner->arena;
    r->leaves = arena_alloc(arena, r->asked + 1);
    r->has = name_table_new(arena, NULL, r->asked);
    r->takes = name_table_new(arena, NULL, r->asked);
    for (size_t i = r->asked; i-- > 0;) {
        const Step *step = r->planner->graph.steps.items[i];
        if (!step_renames(step))
            continue;
        name_table_enter(&r->has, i, name_in_place(arena, step, step->have));
        name_table_enter(&r->takes, i, name_in_place(arena, step, step->want));
    }
}

// The one that still has the name that the one at this place takes; SIZE_MAX: none.
static size_t holder_of_name(const Renames *r, size_t rename)
{
    size_t i = r->takes.names[rename] ? name_table_first(&r->has, r->takes.names[rename]) : SIZE_MAX;
    while (i != SIZE_MAX && (i == rename || r->leaves[i]))
        i = name_table_next(&r->has, i);
    return i;
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

// One of a cycle: it goes out of the way first, and those that take its name come after that.
static void go_by_third_name(Renames *r, size_t place, unsigned number)
{
    Planner *p = r->planner;
    Step *rename = p->graph.steps.items[place];
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
    r->leaves[place] = true;
    size_t i = name_table_first(&r->takes, r->has.names[place]);
    for (; i != SIZE_MAX; i = name_table_next(&r->takes, i))
        if (i != place)
            step_after(p->arena, p->graph.steps.items[i], away);
}

// Who waits for whom makes chains, each of which is walked over once: `walk` says from where. A chain that comes back to
// itself is a cycle; the first of its steps goes by a third name.
static void open_cycles(Renames *r)
{
    size_t *walk = arena_alloc(r->planner->arena, (r->asked + 1) * sizeof(*walk));
    unsigned cycles = 0;
    for (size_t i = 0; i < r->asked; i++) {
        size_t at = i;
        while (at != SIZE_MAX && !walk[at]) {
            walk[at] = i + 1;
            at = holder_of_name(r, at);
        }
        if (at == SIZE_MAX || walk[at] != i + 1)
            continue;
        size_t first = at;
        for (size_t next = holder_of_name(r, at); next != at; next = holder_of_name(r, next))
            first = next < first ? next : first;
        go_by_third_name(r, first, ++cycles);
    }
}

void steps_untangle_renames(Planner *p)
{
    Renames r = { .planner = p, .asked = p->graph.steps.count };
    collect(&r);
    open_cycles(&r);
    for (size_t i = 0; i < r.asked; i++) {
        const size_t holder = holder_of_name(&r, i);
        if (holder != SIZE_MAX)
            step_after(p->arena, p->graph.steps.items[i], p->graph.steps.items[holder]);
    }
}
