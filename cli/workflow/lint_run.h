// lint_run.h -- what lint looks at, and the databases that it needs for that.
#ifndef CLI_WORKFLOW_LINT_RUN_H
#define CLI_WORKFLOW_LINT_RUN_H

#include "cli/workflow/project.h"
#include "core/lint/lint.h"

// What is asked for; of the first seven at most one.
typedef struct LintRequest {
    const char *range, *since, *latest;
    bool pending, all;
    const char *file; // a script or plain SQL; "-": standard input
    bool model, database;
    const char *depth, *fail_on, *stats;
} LintRequest;

typedef struct LintRun {
    const LintRequest *request;
    Project project;
    Graph graph;
    LintSettings settings;
    RevisionList selected;
    RevisionList current; // of the target, where that is asked
    TableStatList stats;
    Schema model;
    bool has_model;
    Db *scratch;
    Lint lint;
} LintRun;

// Reads the settings, chooses, judges; run->lint.findings is the answer. lint_run_close in any case.
bool lint_run_open(Session *session, const LintRequest *request, LintRun *run, Error *err) MUST_USE;
bool lint_run_judge(Session *session, LintRun *run, Error *err) MUST_USE;
void lint_run_close(Session *session, LintRun *run);

// Judges a revision that was just written, by its plan alone: no database is asked. False where the script or the settings
// cannot be read. lint_tell_written: notes of the level warning and above; `online`: the statements of the same plan with
// `--online`, which is named where one of them does without what was found; NULL: it was written so, or there is none.
bool lint_written(Session *session, const Project *project, const char *path, const LintPlan *plan,
                  Lint *out) MUST_USE;
void lint_tell_written(Session *session, const Lint *lint, const StatementList *online);

// lint_choose.c: run->selected. *target: the database that the project names is what the revisions are for, so that its
// rows may be asked.
bool lint_choose(Session *session, LintRun *run, bool *target, Error *err) MUST_USE;

// lint_commute.c: H106, noted where it holds.
bool lint_commute(Session *session, LintRun *run, Error *err) MUST_USE;

#endif
