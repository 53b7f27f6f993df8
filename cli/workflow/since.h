// since.h -- what the working tree adds to a git revision, among the scripts of a project.
//
// git itself is run, without a shell. Compared are the merge base with the named revision and the files as they are
// now, committed or not; what the named revision has got since the merge base counts as there.
#ifndef CLI_WORKFLOW_SINCE_H
#define CLI_WORKFLOW_SINCE_H

#include "cli/workflow/project.h"
#include "core/lint/lint.h"
#include "core/revision/graph.h"

// Is the project in a git repository that has this revision? Asked before a default is taken; says nothing.
bool since_is_there(Session *session, const Project *project, const char *ref);

// The revisions that are new or changed, in topological order, and what is wrong with them as notes: H102 (they build on
// what is no head of `ref`), H103 (a script that is at `ref` was changed or removed). ERR_USAGE, ERR_CONFIG, ERR_IO.
bool since_select(Session *session, const Project *project, const Graph *graph, const char *ref,
                  RevisionList *selected, LintNoteList *notes, Error *err) MUST_USE;

#endif
