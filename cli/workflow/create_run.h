// create_run.h -- runs the statements of a plan that are in no script: what `create` does in an empty database.
#ifndef CLI_WORKFLOW_CREATE_RUN_H
#define CLI_WORKFLOW_CREATE_RUN_H

#include "cli/workflow/project.h"

// In transactions, where the engine has them and the statements may be in one. A statement that must give no row and gives one
// is ERR_SQL.
// `folder`: where files of rows lie that the statements name.
bool create_run(Session *session, Db *db, const StatementList *statements, const char *folder,
                Error *err) MUST_USE;

#endif
