#include "core/revision/graph_internal.h"

#include <stdlib.h>
#include <string.h>

RevisionSet set_new(Arena *arena, const Graph *graph)
{
    return (RevisionSet){ arena_alloc(arena, graph->revisions.count + 1), 0 };
}

bool set_add(RevisionSet *set, const Revision *revision)
{
    if (set->has[revision->order])
        return false;
    set->has[revision->order] = 1;
    set->count++;
    return true;
}

bool list_has(const RevisionList *list, const Revision *revision)
{
    VEC_EACH (Revision *, it, list)
        if (*it == revision)
            return true;
    return false;
}

void add_ancestors(Arena *arena, const RevisionList *from, bool dependencies, RevisionSet *set)
{
    RevisionList todo = { 0 };
    VEC_EACH (Revision *, it, from)
        if (set_add(set, *it))
            *VEC_PUSH(arena, &todo) = *it;
    while (todo.count) {
        const Revision *revision = todo.items[--todo.count];
        VEC_EACH (Revision *, parent, &revision->parents)
            if (set_add(set, *parent))
                *VEC_PUSH(arena, &todo) = *parent;
        if (dependencies)
            VEC_EACH (Revision *, other, &revision->depends_on)
                if (set_add(set, *other))
                    *VEC_PUSH(arena, &todo) = *other;
    }
}

// One pass in topological order: a revision descends from the set when a parent (or dependency) is in it.
void add_descendants(Arena *arena, const Graph *graph, const RevisionList *from, bool dependencies,
                     RevisionSet *set)
{
    (void)arena;
    size_t first = graph->revisions.count;
    VEC_EACH (Revision *, it, from) {
        set_add(set, *it);
        if ((*it)->order < first)
            first = (*it)->order;
    }
    for (size_t i = first; i < graph->revisions.count; i++) {
        const Revision *revision = graph->revisions.items[i];
        bool descends = false;
        VEC_EACH (Revision *, parent, &revision->parents)
            descends |= set_has(set, *parent);
        if (dependencies)
            VEC_EACH (Revision *, other, &revision->depends_on)
                descends |= set_has(set, *other);
        if (descends)
            set_add(set, revision);
    }
}

void set_list(Arena *arena, const Graph *graph, const RevisionSet *set, RevisionList *out)
{
    VEC_EACH (Revision *, revision, &graph->revisions)
        if (set_has(set, *revision))
            *VEC_PUSH(arena, out) = *revision;
}

bool is_reached(const Graph *graph, const Revision *ancestor, const Revision *revision, bool dependencies)
{
    if (ancestor == revision)
        return true;
    if (ancestor->order >= revision->order)
        return false;
    // Backwards through the order, no further than the ancestor: what is marked is reached from `revision`
    size_t low = ancestor->order;
    unsigned char *reached = calloc(revision->order - low + 1, 1);
    if (!reached)
        return false;
    reached[revision->order - low] = 1;
    for (size_t i = revision->order; i > low && !reached[0]; i--) {
        if (!reached[i - low])
            continue;
        const Revision *at = graph->revisions.items[i];
        VEC_EACH (Revision *, parent, &at->parents)
            if ((*parent)->order >= low)
                reached[(*parent)->order - low] = 1;
        for (size_t k = 0; dependencies && k < at->depends_on.count; k++)
            if (at->depends_on.items[k]->order >= low)
                reached[at->depends_on.items[k]->order - low] = 1;
    }
    bool found = reached[0];
    free(reached);
    return found;
}

bool graph_is_ancestor(const Graph *graph, const Revision *ancestor, const Revision *revision)
{
    return is_reached(graph, ancestor, revision, true);
}

void graph_minimal(Arena *arena, const Graph *graph, const RevisionList *applied, RevisionList *out)
{
    RevisionSet implied = set_new(arena, graph);
    VEC_EACH (Revision *, it, applied) {
        add_ancestors(arena, &(*it)->parents, true, &implied);
        add_ancestors(arena, &(*it)->depends_on, true, &implied);
    }
    VEC_EACH (Revision *, it, applied)
        if (!set_has(&implied, *it) && !list_has(out, *it))
            *VEC_PUSH(arena, out) = *it;
}

void graph_applied(Arena *arena, const Graph *graph, const RevisionList *current, RevisionList *out)
{
    RevisionSet applied = set_new(arena, graph);
    add_ancestors(arena, current, true, &applied);
    set_list(arena, graph, &applied, out);
}

void graph_reached(Arena *arena, const Graph *graph, const RevisionList *current, RevisionList *out)
{
    RevisionSet applied = set_new(arena, graph);
    add_ancestors(arena, current, true, &applied);
    VEC_EACH (Revision *, it, current)
        *VEC_PUSH(arena, out) = *it;
    VEC_EACH (Revision *, it, &graph->revisions) {
        bool last = set_has(&applied, *it) && !list_has(current, *it);
        VEC_EACH (Revision *, child, &(*it)->children)
            last = last && !set_has(&applied, *child);
        if (last)
            *VEC_PUSH(arena, out) = *it;
    }
}

bool graph_at_head(Arena *arena, const Graph *graph, const RevisionList *current)
{
    RevisionSet applied = set_new(arena, graph);
    add_ancestors(arena, current, true, &applied);
    VEC_EACH (Revision *, head, &graph->heads)
        if (!set_has(&applied, *head))
            return false;
    return true;
}
