// renames_ask.h -- a drop and a create that look like one rename: asked about on a terminal, hinted at elsewhere.
//
// There is no default answer: a wrong key must not drop a column.
#ifndef CLI_WORKFLOW_RENAMES_ASK_H
#define CLI_WORKFLOW_RENAMES_ASK_H

#include "cli/workflow/compare.h"

// Asks about each suspected rename of `comparison`; where one was meant, the comparison is made again with it. Where nobody can
// be asked, a note names the option to give. False: interrupted, the input ended, or the comparison failed.
bool renames_ask(Session *session, Db *db, Comparison *comparison, Error *err) MUST_USE;

#endif
