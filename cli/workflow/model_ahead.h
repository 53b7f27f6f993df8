// model_ahead.h -- reads a large model in a thread of its own, while the database is connected to and read.
//
// Reading a model of a thousand tables takes about as long as reading the database; neither needs the other. The thread
// has an arena of its own, which the session's takes in at the end, and is sent no signals.
#ifndef CLI_WORKFLOW_MODEL_AHEAD_H
#define CLI_WORKFLOW_MODEL_AHEAD_H

#include "cli/workflow/project.h"

typedef struct ModelAhead ModelAhead;

// Starts when the model is large enough to be worth a thread; then project->model_ahead is set.
void model_ahead_start(Session *session, Project *project);
// Waits for it; empty where it could not be read, which model_ahead_take tells.
const Schema *model_ahead_wait(Session *session, Project *project);
// Waits for it and gives what schema_read gave.
bool model_ahead_take(Session *session, Project *project, Schema *out, RenameList *renames,
                      Error *err) MUST_USE;
// Where it was started and nobody took it.
void model_ahead_drop(Session *session, Project *project);

#endif
