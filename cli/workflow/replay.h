// replay.h -- what the revisions make: run from nothing in a scratch place, and looked at.
//
// The scratch place is of the same engine: memory for SQLite, a database of its own on a server, dropped when the
// connection to it is closed (scratch_url names another server or user for it). The project's database is not touched;
// SQLite needs none to be there.
#ifndef CLI_WORKFLOW_REPLAY_H
#define CLI_WORKFLOW_REPLAY_H

#include "cli/workflow/compare.h"
#include "core/revision/graph.h"

// A connection to an empty scratch place, closed with db_close. `url`: the database that it is to be like.
bool replay_open(Session *session, const Project *project, const Url *url, const char *folder, Db **out,
                 Error *err) MUST_USE;
// Runs the revisions up to `target` (as in graph.h) in it; a later call goes on from there.
bool replay_to(Session *session, const Project *project, const Graph *graph, const char *target, Db *scratch,
               Error *err) MUST_USE;
// Makes these moves, which begin where the scratch place is; all of one direction. `variables` as in ApplyRequest.
bool replay_moves(Session *session, const Project *project, const Graph *graph, const MoveList *moves,
                  const NameList *variables, Db *scratch, Error *err) MUST_USE;
// Both, up to the heads, and what came out.
bool replay_history(Session *session, const Project *project, const Graph *graph, const Url *url,
                    const char *folder, Db **scratch, Schema *out, Error *err) MUST_USE;

#endif
