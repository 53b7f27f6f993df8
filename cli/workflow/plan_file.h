// plan_file.h -- what `apply` is about to run, as text, and as a file with the state of the database that it was made for.
//
// A plan file is a script like those of revisions, under lines of its own:
//
//     -- cmigrate-plan: state SHA256
//     -- cmigrate-plan: schema NAME        (for each schema beside the default one that the model names)
//     -- cmigrate-plan: rows "TABLE"       (for each table whose rows the model declares, and that is there)
//
// The state is that of all that is in scope and of those rows, as `inspect --data` would write it: any other difference, by
// whomever, is another state.
#ifndef CLI_WORKFLOW_PLAN_FILE_H
#define CLI_WORKFLOW_PLAN_FILE_H

#include "cli/workflow/compare.h"
#include "core/base/sha256.h"
#include "core/revision/script.h"

typedef struct PlanFile {
    char state[SHA256_HEX];
    NameList schemas;
    NameList rows; // tables, each as name_split reads it
    Script script; // whole; `path` NULL: it is in no file
    StrBuf text;
} PlanFile;

// The state that the project's database is in now. The schemas that the model names must be claimed before (project.h).
bool plan_file_state(Session *session, const Project *project, const NameList *rows, char out[SHA256_HEX],
                     Error *err) MUST_USE;
// plan->rows: the tables of `model` with declared rows, but for those of files, which may be of any length.
void plan_file_rows(Session *session, const Schema *model, PlanFile *plan);

// Fills `script` and `text` of `plan` from statements; `state` and `schemas` are there.
bool plan_file_make(Session *session, const Project *project, const StatementList *statements, PlanFile *plan,
                    Error *err) MUST_USE;
// ERR_USAGE where the file is there and is no plan.
bool plan_file_write(Session *session, const PlanFile *plan, const char *path, Error *err) MUST_USE;
// ERR_USAGE: it is no plan. ERR_SCRIPT, placed: its text is no script.
bool plan_file_read(Session *session, const char *path, PlanFile *out, Error *err) MUST_USE;

#endif
