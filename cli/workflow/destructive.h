// destructive.h -- the setting `destructive: allow | confirm | refuse`.
//
// What is destructive, core/lint/destructive.h says. Where nothing is, or the setting allows it, nobody is asked and nothing is
// said. Refused is with status 2, a message for each thing that would be destroyed; a question that is not answered ends with 130.
#ifndef CLI_WORKFLOW_DESTRUCTIVE_H
#define CLI_WORKFLOW_DESTRUCTIVE_H

#include "cli/workflow/project.h"
#include "core/revision/graph.h"

#define DESTRUCTIVE_HELP "permit what destroys data, where `destructive:` is confirm or refuse"

// Of scripts that are about to run, all in one direction. Where their text does not tell, they are run in a scratch place.
bool destructive_permit_moves(Session *session, const Project *project, const Graph *graph,
                              const MoveList *moves, Error *err) MUST_USE;
// The same of what leads from where the database stands to `target`, before the lock is taken, for nobody shall wait for a person.
// The ids of what may run are appended to `permitted`; under the lock destructive_was_asked (ApplyRequest.permits, with that list
// as its payload) makes sure that nothing else runs.
bool destructive_ask_beforehand(Session *session, Project *project, Graph *graph, Direction direction,
                                const char *target, bool stops_at_contract, NameList *permitted,
                                Error *err) MUST_USE;
bool destructive_was_asked(const void *payload, const MoveList *moves, Error *err) MUST_USE;
// The same for a dry run: what would be refused or asked about is said.
bool destructive_foretell(Session *session, const Project *project, const Graph *graph, const MoveList *moves,
                          Error *err) MUST_USE;
// Of a script that migrate is about to write, `text` in whole.
bool destructive_permit_script(Session *session, const Project *project, const Script *head,
                               const StrBuf *text, Error *err) MUST_USE;
// Of a plan that apply is about to run. One that was read from a file (`head->path`) may have been changed by hand: there, what the
// text does not tell counts too. *asked: somebody answered yes.
bool destructive_permit_plan(Session *session, const Project *project, const Script *head, const StrBuf *text,
                             bool *asked, Error *err) MUST_USE;

#endif
