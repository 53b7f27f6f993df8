// pending.h -- what a database lacks of its revisions, and which of their scripts were changed since they ran: for people and
// for programs, the same in `check` and in `status`.
#ifndef CLI_WORKFLOW_PENDING_H
#define CLI_WORKFLOW_PENDING_H

#include "cli/workflow/version.h"

// The revisions that `upgrade heads` would run on a database that is at `current`, in their order. ERR_SCRIPT.
bool pending_read(Session *session, const Graph *graph, const RevisionList *current, RevisionList *out,
                  Error *err) MUST_USE;

// A line each: id, message, path; as many as fit a screen unless much is to be said (-v).
void pending_print(Session *session, const RevisionList *pending);

// What to do about them: `upgrade` alone would ask which head is meant where there are several.
void pending_next(Session *session, const Graph *graph);

struct Json;
// "pending": [{"revision", "message", "path"}]
void pending_json(struct Json *json, Session *session, const RevisionList *pending);
// "changed_scripts": [{"revision", "path", "applied", "now"}], the checksums of what they ran and would run.
void changed_scripts_json(struct Json *json, Session *session, const ChangedScriptList *list);

#endif
