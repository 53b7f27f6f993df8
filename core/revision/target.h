// target.h -- a TARGET of the command line, taken apart: LABEL@, a symbol (an id, head, base …), +N or -N.
#ifndef CORE_REVISION_TARGET_H
#define CORE_REVISION_TARGET_H

#include "core/revision/graph_internal.h"

typedef struct Target {
    const char *text;   // as written
    const char *label;  // before the @; NULL: none
    const char *symbol; // NULL: none, the target counts from where the database is
    const char *sign;   // at the + or -, for messages
    bool relative;
    int steps;
} Target;

// Takes apart what a user gave as a target. No revision is looked up. ERR_USAGE where it has none of Alembic's
// forms.
bool target_parse(Arena *arena, const char *text, Target *out, Error *err) MUST_USE;
// What the symbol names, of the label's branch: nothing for base.
bool target_symbol(Arena *arena, const Graph *graph, const RevisionList *current, const Target *target,
                   RevisionList *out, Error *err) MUST_USE;
bool target_beside(Arena *arena, const Graph *graph, const RevisionList *current, const Target *target,
                   RevisionList *out, Error *err) MUST_USE;
// Those of the label's branch; all of them where the label is NULL.
bool target_filter(Arena *arena, const Graph *graph, const char *label, const RevisionList *in,
                   RevisionList *out, Error *err) MUST_USE;
// From `start` (NULL: the base) so many steps; *ended: there were not that many.
bool target_walk(Arena *arena, const Graph *graph, const char *label, Revision *start, int steps,
                 Revision **out, bool *ended, Error *err) MUST_USE;
bool target_overshoots(const Target *target, Error *err); // sets the error
bool target_wrong_way(const Target *target, Error *err);  // the same, of a step down where one up is meant

#endif
