// prove_print.h -- what was proved, for people and as JSON.
#ifndef CLI_OUTPUT_PROVE_PRINT_H
#define CLI_OUTPUT_PROVE_PRINT_H

#include "cli/output/json.h"
#include "cli/workflow/prove_run.h"

// The lines of one revision, as soon as it is proved or refuted; nothing where JSON is asked for.
void prove_print_revision(ProveRun *run, const ProveResult *result);
// The last lines; or the whole document.
void prove_print_end(ProveRun *run);
void prove_json(Json *json, const ProveRun *run); // its members
// The findings of a revision alone, each in a line: for `migrate --prove`.
void prove_print_findings(Session *session, const ProveResult *result);

#endif
