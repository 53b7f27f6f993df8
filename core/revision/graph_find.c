#include "core/revision/graph_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The first of by_id that is not below `prefix`.
static size_t lower_bound(const Graph *graph, const char *prefix)
{
    size_t low = 0, high = graph->by_id.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(graph->by_id.items[middle]->id, prefix) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static Revision *ambiguous(const Graph *graph, const char *text, size_t first, size_t count, Error *err)
{
    char list[512] = "";
    size_t n = 0;
    for (size_t i = 0; i < count && i < 8 && n < sizeof(list); i++)
        n += (size_t)snprintf(list + n, sizeof(list) - n, "%s'%s'", i ? ", " : "",
                              graph->by_id.items[first + i]->id);
    error_set(err, ERR_USAGE, "Multiple revisions start with '%s': %s%s", text, list, count > 8 ? ", …" : "");
    error_hint(err, "Please specify more of the revision's id.");
    return NULL;
}

static Revision *unknown(const Graph *graph, const char *text, Error *err)
{
    error_set(err, ERR_USAGE, "Can't locate revision identified by '%s'", text);
    const char **known = calloc(graph->by_id.count + graph->label_count + 3, sizeof(*known));
    if (!known)
        return NULL;
    size_t n = 0;
    known[n++] = "head";
    known[n++] = "heads";
    known[n++] = "base";
    for (size_t i = 0; i < graph->by_id.count; i++)
        known[n++] = graph->by_id.items[i]->id;
    for (size_t i = 0; i < graph->label_count; i++)
        known[n++] = graph->label_table[i].label;
    const char *near = nearest_word(text, known, n);
    free(known);
    if (near)
        error_hint(err, "Did you mean '%s'?", near);
    else
        error_hint(err, "`cmigrate history` lists all revisions.");
    return NULL;
}

Revision *graph_find(const Graph *graph, const char *text, Error *err)
{
    Revision *exact = graph_by_id(graph, text);
    if (exact)
        return exact;
    const LabelEntry *label = label_find(graph, text);
    if (label)
        return label->revision;
    size_t n = strlen(text), first = lower_bound(graph, text), count = 0;
    while (n && first + count < graph->by_id.count &&
           strncmp(graph->by_id.items[first + count]->id, text, n) == 0)
        count++;
    if (count == 1)
        return graph->by_id.items[first];
    if (count)
        return ambiguous(graph, text, first, count, err);
    VEC_EACH (Revision *, it, &graph->revisions)
        if (names_have(&(*it)->script->replaces, text))
            return *it;
    VEC_EACH (Script *, it, &graph->apart)
        if (strcmp((*it)->revision, text) == 0)
            return graph_by_row(graph, text);
    return unknown(graph, text, err);
}

bool shares_lineage(Arena *arena, const Graph *graph, const Revision *revision, const char *label_or_id)
{
    if (names_have(&revision->labels, label_or_id))
        return true;
    const LabelEntry *label = label_find(graph, label_or_id);
    const Revision *other = label ? label->revision : graph_by_id(graph, label_or_id);
    (void)arena;
    return other && (is_reached(graph, other, revision, false) || is_reached(graph, revision, other, false));
}
