// compare.h -- the program's way through core/compare: with the project's settings, and progress on the terminal.
#ifndef CLI_WORKFLOW_COMPARE_H
#define CLI_WORKFLOW_COMPARE_H

#include "cli/workflow/project.h"
#include "core/compare/compare.h"

// Reads the model of a project for a dialect; what include: and exclude: leave out is not in it.
// From then on the schemas that it names are in scope (project_claim).
bool compare_read_model(Session *session, Project *project, const Dialect *dialect, Comparison *out,
                        Error *err) MUST_USE;
bool compare_read_files(Session *session, const NameList *paths, Project *project, const Dialect *dialect,
                        Schema *out, RenameList *renames, Error *err) MUST_USE;
// Of a connected project whose database is to be read as it is (inspect, init): which schemas are in scope.
void compare_scope(Project *project);
// Sets project->whole where the model is one that inspect wrote of a whole database. A project's first revision then takes the
// whole of its database for its own; every other leaves alone what the model does not name.
extern const char compare_whole_mark[];
void compare_whole(Session *session, Project *project);
// What is to be said of the model and of what is left alone, and which patterns of include and exclude match nothing.
void compare_report(Session *session, const Project *project, const Comparison *comparison);
bool compare_read_database(Session *session, const Project *project, Db *db, Schema *out,
                           Error *err) MUST_USE;

// compare_schemas with the session's settings and progress.
bool compare_diff(Session *session, Db *db, Comparison *comparison, Error *err) MUST_USE;

// A database with the model of the project: the three above. `db`: the project's own, or a scratch place that its
// revisions were replayed in; `title` names it. `renames`: of --rename, "old=new" each.
bool compare_project(Session *session, Project *project, Db *db, const char *title, const NameList *renames,
                     Comparison *out, Error *err) MUST_USE;

// The last part of it, where `have` and `want` were read already.
bool compare_sides(Session *session, Project *project, Db *db, const NameList *renames, Comparison *out,
                   Error *err) MUST_USE;

// --rename old=new, --rename table.old=new: appended to comparison->renames.
bool compare_add_renames(Session *session, Comparison *comparison, const NameList *given,
                         Error *err) MUST_USE;

#endif
