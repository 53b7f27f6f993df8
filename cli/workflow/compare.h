// compare.h -- the one place that lines the stages up: database and model become changes, changes become a script.
//
//     introspect → have;  schema_read → want;  diff;  where something is left, the engine's own spelling of the model's
//     texts and diff again;  plan up;  the same from want to have: plan down.
#ifndef CLI_WORKFLOW_COMPARE_H
#define CLI_WORKFLOW_COMPARE_H

#include "cli/workflow/project.h"
#include "core/diff/diff.h"
#include "core/plan/plan.h"

typedef struct Comparison {
    const Dialect *dialect;
    Schema have, want;
    const Schema *renamed; // `have` under its new names
    RenameList renames;
    ChangeList changes; // from have to want
    const char *have_title, *want_title;
    double ms;
} Comparison;

// Reads the model of a project for a dialect; what include: and exclude: leave out is not in it.
bool compare_read_model(Session *session, const Project *project, const Dialect *dialect, Comparison *out,
                        Error *err) MUST_USE;
bool compare_read_files(Session *session, const NameList *paths, const Project *project,
                        const Dialect *dialect, Schema *out, RenameList *renames, Error *err) MUST_USE;
bool compare_read_database(Session *session, const Project *project, Db *db, Schema *out,
                           Error *err) MUST_USE;

// Fills renamed and changes. `db` spells texts that differ; NULL: their first look decides.
bool compare_diff(Session *session, Db *db, Comparison *comparison, Error *err) MUST_USE;

// A database with the model of the project: the three above. `db`: the project's own, or a scratch place that its
// revisions were replayed in; `title` names it. `renames`: of --rename, "old=new" each.
bool compare_project(Session *session, Project *project, Db *db, const char *title, const NameList *renames,
                     Comparison *out, Error *err) MUST_USE;

// --rename old=new, --rename table.old=new: appended to comparison->renames.
bool compare_add_renames(Session *session, Comparison *comparison, const NameList *given,
                         Error *err) MUST_USE;

bool compare_plan_up(Session *session, const Comparison *comparison, bool online, Plan *out,
                     Error *err) MUST_USE;
bool compare_plan_down(Session *session, const Comparison *comparison, bool online, Plan *out,
                       Error *err) MUST_USE;

#endif
