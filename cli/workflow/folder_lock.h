// folder_lock.h -- two who write a revision at the same time would both build on the same one, and nobody would hear of
// the two heads. So who writes has the folder to himself for that moment, and looks whether somebody was faster.
#ifndef CLI_WORKFLOW_FOLDER_LOCK_H
#define CLI_WORKFLOW_FOLDER_LOCK_H

#include "cli/workflow/project.h"
#include "core/revision/graph.h"

// Keeps in the session which scripts were there when the graph was read.
void folder_note(Session *session, const Graph *graph);

// Takes the lock of the project's folder of revisions, made where it is missing. ERR_STATE where a script has come since
// that stands where `head` would stand. *lock is to be given to folder_unlock then too.
bool folder_lock(Session *session, const Project *project, const Script *head, int *lock,
                 Error *err) MUST_USE;
void folder_unlock(int lock);

#endif
