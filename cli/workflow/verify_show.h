// verify_show.h -- which queries of verify sections do not hold, for people and for programs.
#ifndef CLI_WORKFLOW_VERIFY_SHOW_H
#define CLI_WORKFLOW_VERIFY_SHOW_H

#include "cli/workflow/project.h"

// A line for each query that gives rows, to the session's report.
void verify_print(Session *session, const VerifyReport *verify);

struct Json;
// "verify": {"queries", "failed": [{"revision", "path", "line", "text", "rows", "first", "refusal"}]}
void verify_json(struct Json *json, Session *session, const VerifyReport *verify);

#endif
