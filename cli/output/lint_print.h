// lint_print.h -- the findings of lint as text and as JSON.
#ifndef CLI_OUTPUT_LINT_PRINT_H
#define CLI_OUTPUT_LINT_PRINT_H

#include "cli/commands/command.h"
#include "core/lint/lint.h"

void lint_print(Session *session, const Lint *lint);
void lint_print_json(Session *session, const Lint *lint);

#endif
