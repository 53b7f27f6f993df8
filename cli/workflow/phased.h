// phased.h -- migrate --phased: up to three revisions for one change, one behind the other.
#ifndef CLI_WORKFLOW_PHASED_H
#define CLI_WORKFLOW_PHASED_H

#include "cli/output/diff_print.h"
#include "cli/workflow/revision_new.h"
#include "core/compare/phases.h"

typedef struct PhasedOptions {
    bool sql;               // print, write nothing
    bool allow_destructive; // whatever the policy is
} PhasedOptions;

// Writes a revision for each phase that has something to do. `head` is that of the first; the others get its id with _backfill or
// _contract after it, if that was given (`named`), else ids of their own. `losses` is for the answer in JSON.
bool phased_write(Session *session, Project *project, const Graph *graph, const Comparison *comparison,
                  const Losses *losses, const Phases *phases, const Script *head, bool named,
                  const PhasedOptions *options, Error *err) MUST_USE;

#endif
