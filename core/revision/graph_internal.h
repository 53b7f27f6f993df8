// graph_internal.h -- what the files of the graph share: sets of revisions, walks, the table of labels.
#ifndef CORE_REVISION_GRAPH_INTERNAL_H
#define CORE_REVISION_GRAPH_INTERNAL_H

#include "core/revision/graph.h"

typedef struct LabelEntry {
    const char *label;
    Revision *revision; // that declares it
    SourcePos at;
} LabelEntry;

// A set of revisions, by their `order`. In an arena.
typedef struct RevisionSet {
    unsigned char *has;
    size_t count;
} RevisionSet;
RevisionSet set_new(Arena *arena, const Graph *graph);
static inline bool set_has(const RevisionSet *set, const Revision *revision)
{
    return set->has[revision->order];
}
bool set_add(RevisionSet *set, const Revision *revision); // false: was in it already

// Adds `from` and all that is reached from them. With `dependencies`, depends_on counts as parents do.
void add_ancestors(Arena *arena, const RevisionList *from, bool dependencies, RevisionSet *set);
void add_descendants(Arena *arena, const Graph *graph, const RevisionList *from, bool dependencies,
                     RevisionSet *set);
// In topological order.
void set_list(Arena *arena, const Graph *graph, const RevisionSet *set, RevisionList *out);

// graph_build with what was found before already, and without the squashes that are in `apart` (NULL: none): what they
// replace stands for itself.
bool graph_build_with(Arena *arena, const ScriptList *scripts, const NameList *apart, const Issues *found,
                      Graph *out, Error *err) MUST_USE;

// The entry of a branch label; NULL: no revision has it.
LabelEntry *label_find(const Graph *graph, const char *label);
// graph_is_ancestor, with or without dependencies: what a branch depends on is no part of it.
bool is_reached(const Graph *graph, const Revision *ancestor, const Revision *revision, bool dependencies);
bool list_has(const RevisionList *list, const Revision *revision);
// Is the revision of the branch that carries the label, or an ancestor or descendant of `member`?
bool shares_lineage(Arena *arena, const Graph *graph, const Revision *revision, const char *label_or_id);

#endif
