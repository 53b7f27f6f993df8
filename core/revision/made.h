// made.h -- what the scripts of a history have made of a kind that belongs to no table and no default schema.
//
// A schema or an extension that the model no longer names is the project's own where one of its own scripts made it, and
// somebody else's where none did. The texts of the scripts are searched for it; statements are not run, nor told apart by
// direction: what a downgrade makes again was once dropped by an upgrade of the same history.
#ifndef CORE_REVISION_MADE_H
#define CORE_REVISION_MADE_H

#include "core/revision/graph.h"

typedef struct Made {
    ObjectKind kind;
    const char *name;
} Made;
typedef VEC(Made) MadeList;

// Appends what CREATE statements of a text make: schemas, extensions, servers, wrappers, publications, subscriptions, event
// triggers. Other kinds are passed over.
void made_by_text(Arena *arena, Text text, unsigned rules, MadeList *out);
// The same of all scripts of a graph; one that cannot be read is passed over, for whoever runs it tells that.
void made_by_graph(Arena *arena, const Graph *graph, const Dialect *dialect, MadeList *out);
bool made_has(const MadeList *list, ObjectKind kind, const char *name);

#endif
