// destructive.h -- which statements of revisions destroy what a database holds: for the setting `destructive:`.
//
// The rules of the family "destroys" say so, whatever their levels are and whatever the script allows: one list for lint and
// for the policy. Beside them, what the planner itself wrote above its statements ("loses data: …", "may lose data: …",
// "drops values …") counts, for a rebuild shows its losses nowhere else in the text.
//
// Fails: as lint_run does. Memory: the arena of the Lint.
#ifndef CORE_LINT_DESTRUCTIVE_H
#define CORE_LINT_DESTRUCTIVE_H

#include "core/lint/lint.h"

typedef struct Destructive {
    const Revision *revision;
    SourcePos at;
    const char *message; // "drops table old with its rows"
    bool uncertain;      // the text does not tell what the statement does: see lint_destructive
} Destructive;
typedef VEC(Destructive) DestructiveList;

// Appends what the sections of `how->direction` of the revisions destroy, in the order of revision and line. `how` says where
// to look: arena, dialect, graph, variables, filter; with a scratch place the statements are executed in it, and what they did
// is known; else what the text alone cannot tell (a block of code, a rebuild written by hand) is reported as uncertain.
bool lint_destructive(const Lint *how, const RevisionList *revisions, DestructiveList *out,
                      Error *err) MUST_USE;

#endif
