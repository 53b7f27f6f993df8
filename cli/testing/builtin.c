#include "cli/testing/builtin.h"

#include <string.h>

#include "cli/output/lint_print.h"
#include "cli/output/progress.h"
#include "cli/workflow/lint_run.h"
#include "cli/workflow/replay.h"
#include "core/apply/apply.h"
#include "core/base/clock.h"

bool builtin_fails(TestOutcome *out, const char *message, const char *hint)
{
    out->status = TEST_FAILED;
    out->message = message;
    out->hint = hint;
    return true;
}

bool builtin_skips(TestOutcome *out, const char *why)
{
    out->status = TEST_SKIPPED;
    out->message = why;
    return true;
}

void builtin_detail(const BuiltinBench *bench, TestOutcome *out, const char *line)
{
    *VEC_PUSH(bench->session->arena, &out->details) = line;
}

// What the revisions, the scripts or the model are at fault for. That a scratch place cannot be had is no finding.
bool builtin_takes_error(const BuiltinBench *bench, TestOutcome *out, const Error *why, Error *err)
{
    Arena *arena = bench->session->arena;
    if (progress_interrupted(bench->session->progress)) {
        *err = *why;
        return false;
    }
    bool finding = why->code == ERR_REVISION || why->code == ERR_SCRIPT || why->code == ERR_SCHEMA ||
                   why->code == ERR_STATE;
    if (!finding) {
        *err = *why;
        return false;
    }
    builtin_fails(out, arena_strdup(arena, why->message), NULL);
    out->at = why->at;
    if (*why->detail)
        builtin_detail(bench, out, arena_strdup(arena, why->detail));
    return true;
}

// ---- single-head

static bool single_head(const BuiltinBench *bench, TestOutcome *out, Error *err)
{
    (void)err;
    Arena *arena = bench->session->arena;
    const RevisionList *heads = &bench->graph->heads;
    if (heads->count < 2)
        return true;
    VEC_EACH (Revision *, it, heads)
        builtin_detail(bench, out,
                       arena_printf(arena, "%s   %s", (*it)->id, path_shown(arena, (*it)->script->path)));
    return builtin_fails(
        out, arena_printf(arena, "there are %zu heads", heads->count),
        "Join them: cmigrate merge heads -m MESSAGE; or put one after the other: cmigrate rebase");
}

// ---- checksums

// The history of the project's database says what ran. Without one, or before anything ran there, nobody knows: that is
// no failure, for most pipelines have none.
static bool checksums(const BuiltinBench *bench, TestOutcome *out, Error *err)
{
    (void)err;
    Session *session = bench->session;
    Project project;
    Error why = { 0 };
    ChangedScriptList changed = { 0 };
    HistoryList history = { 0 };
    if (!project_open(session, NEEDS_DIALECT, &project, &why))
        return builtin_skips(out, "no database is named");
    bool asked = project_ask(session, &project, &why) &&
                 history_changed(project.db, session->arena, &project.store, bench->graph, &changed, &why) &&
                 history_read(project.db, session->arena, &project.store, 1, &history, &why);
    project_close(session, &project);
    if (!asked)
        return builtin_skips(out,
                             arena_printf(session->arena, "the database cannot be asked: %s", why.message));
    if (!history.count)
        return builtin_skips(out, arena_printf(session->arena, "nothing has run on %s", project.url_title));
    VEC_EACH (ChangedScript, it, &changed)
        builtin_detail(bench, out, changed_script_text(session->arena, it));
    return !changed.count ||
           builtin_fails(out, "scripts were changed after they were applied", changed_script_advice);
}

// ---- upgrade

static bool upgrade(const BuiltinBench *bench, TestOutcome *out, Error *err)
{
    Session *session = bench->session;
    const Project *project = bench->project;
    Db *db = NULL;
    Error why = { 0 };
    if (!bench->graph->revisions.count)
        return builtin_skips(out, "there are no revisions");
    bool ok = replay_open(session, project, &project->url, project->url_folder, &db, &why) &&
              replay_to(session, project, bench->graph, "heads", db, &why);
    db_close(db);
    if (!ok)
        return builtin_takes_error(bench, out, &why, err);
    out->message = arena_printf(session->arena, "%zu revision%s", bench->graph->revisions.count,
                                bench->graph->revisions.count == 1 ? "" : "s");
    return true;
}

// ---- no-lint-errors

// All revisions, by the settings of `lint:`; lint opens what it needs by itself.
static bool no_lint_errors(const BuiltinBench *bench, TestOutcome *out, Error *err)
{
    Session *session = bench->session;
    Arena *arena = session->arena;
    const LintRequest request = { .all = true };
    LintRun run = { 0 };
    Error why = { 0 };
    size_t failures = 0;
    bool ok = lint_run_open(session, &request, &run, &why) && lint_run_judge(session, &run, &why);
    VEC_EACH (LintFinding, it, &run.lint.findings) {
        if (!ok || !lint_is_failure(it, run.settings.fail_on))
            continue;
        failures++;
        builtin_detail(bench, out,
                       arena_printf(arena, "%s:%u: %s [%s %s]",
                                    it->at.file ? path_shown(arena, it->at.file) : "", it->at.line,
                                    it->message, it->rule->code, it->rule->name));
    }
    lint_run_close(session, &run);
    if (!ok)
        return builtin_takes_error(bench, out, &why, err);
    return !failures ||
           builtin_fails(out,
                         arena_printf(arena, "lint finds %zu fault%s", failures, failures == 1 ? "" : "s"),
                         "Details: cmigrate lint --all. About a rule: cmigrate lint --explain RULE");
}

// ---- all of them

#define BUILTIN(NAME, ENGINE, RUN, SUMMARY)                                                                  \
    &(const Builtin) { .name = NAME, .per_engine = ENGINE, .run = RUN, .summary = SUMMARY }

const Builtin *const builtins[] = {
    BUILTIN("single-head", false, single_head, "the revisions have one head"),
    BUILTIN("checksums", false, checksums, "no script was changed after it ran on the database"),
    BUILTIN("no-lint-errors", false, no_lint_errors, "lint finds nothing of the level that fails"),
    BUILTIN("upgrade", true, upgrade, "the revisions run from nothing to the heads"),
    BUILTIN("model-equals-history", true, builtin_model, "what they make equals the model"),
    BUILTIN("up-down-up", true, builtin_up_down_up,
            "each revision can be undone, and done again, on rows, and all is as before"),
    BUILTIN("create-equals-upgrade", true, builtin_create, "'create' makes the same as all revisions"),
    NULL,
};

const Builtin *builtin_find(const char *name)
{
    for (size_t i = 0; builtins[i]; i++)
        if (strcmp(builtins[i]->name, name) == 0)
            return builtins[i];
    return NULL;
}

bool builtin_run(const BuiltinBench *bench, const Builtin *builtin, TestOutcome *out, Error *err)
{
    double start = now_ms();
    progress_begin(bench->session->progress, builtin->name, 0, 0);
    bool ok = builtin->run(bench, out, err);
    progress_end(bench->session->progress);
    progress_watch(bench->session->progress, NULL);
    out->ms = now_ms() - start;
    return ok;
}
