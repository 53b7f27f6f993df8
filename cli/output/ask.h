// ask.h -- questions on a terminal.
#ifndef CLI_OUTPUT_ASK_H
#define CLI_OUTPUT_ASK_H

#include "cli/output/progress.h"

// Prints `question` and waits for yes or no; any other word asks again, for there is no default that could lose data.
// False with ERR_INTERRUPTED (exit 130): a signal came (`progress` knows), or the input ended without an answer.
bool ask_yes_no(const Progress *progress, const char *question, bool *yes, Error *err) MUST_USE;

#endif
