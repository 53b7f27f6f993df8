// A squash stands for the revisions that it replaces, but for a database that is in the middle of them it cannot: there the
// old ones go on, as long as their scripts are kept.
#include "core/revision/graph_internal.h"

#include <string.h>

static const char *last_of(const NameList *names) { return names->items[names->count - 1]; }

Revision *graph_by_row(const Graph *graph, const char *row)
{
    Revision *found = graph_by_id(graph, row);
    VEC_EACH (Revision *, it, &graph->revisions)
        if (!found && (*it)->script->replaces.count && strcmp(last_of(&(*it)->script->replaces), row) == 0)
            found = *it;
    VEC_EACH (Script *, it, &graph->apart)
        if (!found && strcmp((*it)->revision, row) == 0)
            found = graph_by_row(graph, last_of(&(*it)->replaces));
    return found;
}

// Those that replace the row and more after it. A squash of squashes is one of several.
static void squashes_around(Arena *arena, const Graph *graph, const char *row, NameList *out)
{
    const RevisionList *const lists[] = { &graph->revisions, &graph->replaced };
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        VEC_EACH (Revision *, it, lists[i]) {
            const NameList *replaces = &(*it)->script->replaces;
            if (names_have(replaces, row) && strcmp(last_of(replaces), row) != 0 &&
                !names_have(out, (*it)->id))
                *VEC_PUSH(arena, out) = (*it)->id;
        }
}

static void all_scripts(Arena *arena, const Graph *graph, ScriptList *out)
{
    VEC_EACH (Revision *, it, &graph->revisions)
        *VEC_PUSH(arena, out) = (*it)->script;
    VEC_EACH (Revision *, it, &graph->replaced)
        *VEC_PUSH(arena, out) = (*it)->script;
}

bool graph_for_rows(Arena *arena, const Graph *graph, const NameList *rows, Graph *own, const Graph **out,
                    Error *err)
{
    NameList apart = { 0 };
    ScriptList scripts = { 0 };
    const Issues none = { .arena = arena };
    *out = graph;
    VEC_EACH (const char *, row, rows)
        if (!graph_by_row(graph, *row))
            squashes_around(arena, graph, *row, &apart);
    if (!apart.count)
        return true;
    all_scripts(arena, graph, &scripts);
    if (!graph_build_with(arena, &scripts, &apart, &none, own, err)) {
        error_prefix(err, "the database is in the middle of what %s replaces: ", apart.items[0]);
        return error_hint(err, "Bring the scripts that it replaces back until every database is past them.");
    }
    *out = own;
    return true;
}
