#include "cli/workflow/lint_run.h"

#include <string.h>

#include "cli/output/lint_print.h"
#include "cli/output/progress.h"
#include "cli/workflow/replay.h"
#include "cli/workflow/version.h"
#include "core/base/file.h"
#include "core/compare/sql_model.h"
#include "core/compare/unmanaged.h"
#include "core/lint/judge.h"
#include "core/lint/settings.h"
#include "core/lint/stats.h"

static bool read_request(const LintRequest *o, LintSettings *settings)
{
    bool known = true;
    if (o->fail_on)
        settings->fail_on =
            strcmp(o->fail_on, "never") == 0 ? LINT_OFF : lint_level_named(o->fail_on, &known);
    return known && (!o->depth || lint_depth_named(o->depth, &settings->depth));
}

// Without a URL, the engine that the revisions name.
static bool find_dialect(LintRun *run, Error *err)
{
    const Dialect *dialect = run->project.dialect;
    const RevisionList *named = run->selected.count ? &run->selected : &run->graph.revisions;
    if (!dialect && named->count && named->items[0]->script->dialect)
        dialect = dialect_by_scheme(named->items[0]->script->dialect);
    run->lint.dialect = dialect;
    return dialect ||
           error_set(err, ERR_CONFIG, "no database is configured, and the revisions name no engine");
}

// A scratch database is what most rules need. Where it cannot be had, that is said and the text alone is judged.
static void open_scratch(Session *session, LintRun *run)
{
    Error why = { 0 };
    if (run->settings.depth == LINT_TEXT || !run->project.dialect)
        return;
    if (replay_open(session, &run->project, &run->project.url, run->project.url_folder, &run->scratch, &why))
        return;
    run->scratch = NULL;
    report_warning(&session->report, "no scratch database, so only the text of the statements is judged: %s",
                   why.message);
    if (why.hint[0])
        report_note(&session->report, "%s", why.hint);
}

// --- what the target tells ---------------------------------------------------

// Rule H104: a script that was changed after it was applied. The place is the line of its id, and the text need not name the file again.
static void note_changed_scripts(Session *session, LintRun *run)
{
    WarningList warnings = { 0 };
    Error ignored = { 0 };
    if (!history_changed_scripts(run->project.db, session->arena, &run->project.store, &run->graph, &warnings,
                                 &ignored))
        return;
    VEC_EACH (Warning, it, &warnings) {
        size_t n = it->at.file ? strlen(it->at.file) : 0;
        const Revision *revision = NULL;
        VEC_EACH (Revision *, own, &run->graph.revisions)
            if (n && strcmp((*own)->script->path, it->at.file) == 0)
                revision = *own;
        bool named = n && strncmp(it->text, it->at.file, n) == 0;
        *VEC_PUSH(session->arena, &run->lint.notes) = (LintNote){
            .code = "H104",
            .revision = revision,
            .at = revision ? revision->script->revision_at : it->at,
            .text =
                named ? arena_printf(session->arena, "the script%s. %s", it->text + n, it->hint) : it->text,
        };
    }
}

// The rows, sizes and history of the database that the revisions are for.
static void ask_target(Session *session, LintRun *run)
{
    Standing standing = { 0 };
    Error ignored = { 0 };
    Db *db = run->project.db;
    if (standing_read(session, &run->project, &run->graph, &standing, &ignored)) {
        run->current = standing.current;
        run->lint.current = &run->current;
        run->lint.target = db;
    }
    note_changed_scripts(session, run);
    if (!run->stats.count && db->driver->statistics)
        (void)db->driver->statistics(db, session->arena, &run->stats, &ignored);
}

static bool read_stats(Session *session, LintRun *run, Error *err)
{
    const char *path = run->request->stats;
    if (!path && run->settings.stats)
        path = path_shown(session->arena,
                          path_join(session->arena, run->project.config->folder, run->settings.stats));
    return !path || lint_stats_read(session->arena, path, &run->stats, err);
}

// --- the model ---------------------------------------------------------------

// For what it allows; that it cannot be read is told only where it is judged itself.
static bool read_model(Session *session, LintRun *run, bool needed, Error *err)
{
    Error ignored = { 0 };
    RenameList renames = { 0 };
    if (!needed && !file_exists(run->project.schema.items[0]) && !folder_exists(run->project.schema.items[0]))
        return true;
    bool sql = false;
    if (!sql_model_is(session->arena, &run->project.schema, &sql, needed ? err : &ignored))
        return !needed;
    if (sql && !needed)
        return true; // plain SQL allows nothing
    run->has_model = sql ? compare_read_files(session, &run->project.schema, &run->project, run->lint.dialect,
                                              &run->model, &renames, err)
                         : compare_model(session->arena, &run->project.schema, &run->project.filter,
                                         run->lint.dialect, &run->model, &renames, needed ? err : &ignored);
    if (run->has_model)
        run->lint.model = &run->model;
    return run->has_model || !needed;
}

// H105: what the revisions make, in a scratch database of its own, against the model.
static bool compare_history(Session *session, LintRun *run, Error *err)
{
    Db *scratch = NULL;
    Comparison comparison = { 0 };
    if (run->settings.depth == LINT_TEXT || !run->project.dialect || !lint_is_on(&run->lint, "H105"))
        return true;
    bool ok =
        replay_open(session, &run->project, &run->project.url, run->project.url_folder, &scratch, err) &&
        replay_to(session, &run->project, &run->graph, "heads", scratch, err) &&
        compare_project(session, &run->project, scratch, "the revisions", NULL, &comparison, err);
    if (ok && comparison.changes.count) {
        const Change *first = &comparison.changes.items[0];
        VEC_EACH (Change, it, &comparison.changes)
            if (!(first->want && first->want->at.file) && it->want && it->want->at.file)
                first = it;
        const Object *object = first->want ? first->want : first->have;
        const char *title = object_title(session->arena, object);
        SourcePos at = first->want && first->want->at.file
                           ? first->want->at
                           : (SourcePos){ .file = run->project.schema.items[0], .line = 1, .column = 1 };
        *VEC_PUSH(session->arena, &run->lint.notes) = (LintNote){
            .code = "H105",
            .at = at,
            .text = comparison.changes.count == 1
                        ? arena_printf(session->arena, "the revisions make %s %s otherwise, or not at all",
                                       object_kinds[object->kind].word, title)
                        : arena_printf(session->arena,
                                       "the revisions make %s %s and %zu more otherwise, or not at all",
                                       object_kinds[object->kind].word, title, comparison.changes.count - 1),
        };
    }
    db_close(scratch);
    return ok;
}

static bool judge_database(Session *session, LintRun *run, Error *err)
{
    Schema *live = ARENA_NEW(session->arena, Schema);
    compare_scope(&run->project);
    if (!compare_read_database(session, &run->project, run->project.db, live, err))
        return false;
    unmanaged_remove(&run->project.filter, live);
    LiveFactList facts = { 0 };
    Db *db = run->project.db;
    Error why = { 0 };
    if (db->driver->live_facts && !db->driver->live_facts(db, session->arena, &facts, &why))
        report_warning(&session->report, "rules S106, S203 and S204 are left out: %s", why.message);
    run->lint.live = &facts;
    lint_schema_run(&run->lint, live);
    run->lint.live = NULL;
    return true;
}

// --- all of it ---------------------------------------------------------------

bool lint_run_open(Session *session, const LintRequest *request, LintRun *run, Error *err)
{
    bool target = false;
    *run = (LintRun){ .request = request };
    run->lint = (Lint){ .arena = session->arena,
                        .settings = &run->settings,
                        .graph = &run->graph,
                        .variables = &session->common.variables,
                        .filter = &run->project.filter,
                        .stats = &run->stats };
    if (!project_open(session, NEEDS_FOLDERS, &run->project, err) ||
        !project_look(session, &run->project, &run->graph, err) ||
        !lint_settings_read(session->arena, run->project.config, &run->settings, err) ||
        !read_request(request, &run->settings) || !read_stats(session, run, err) ||
        !lint_choose(session, run, &target, err) ||
        (request->database && !run->project.db && !project_connect(session, &run->project, true, err)))
        return false;
    bool model = request->model || run->settings.model;
    if ((run->selected.count || model || request->database) &&
        (!find_dialect(run, err) || !read_model(session, run, model, err)))
        return false;
    if (run->project.db)
        run->lint.server = run->project.db->server;
    if (run->project.db && (target || request->database))
        ask_target(session, run);
    return true;
}

static bool is_interrupted(void *payload)
{
    const Session *session = payload;
    return progress_interrupted(session->progress);
}

bool lint_run_judge(Session *session, LintRun *run, Error *err)
{
    bool model = run->request->model || run->settings.model;
    Lint *lint = &run->lint;
    lint->interrupted = is_interrupted;
    lint->payload = session;
    if (run->selected.count) {
        open_scratch(session, run);
        lint->scratch = run->scratch;
        if (!lint_commute(session, run, err))
            return false;
        if (!lint_run(lint, &run->selected, err))
            return false;
    }
    if (model && (lint_schema_run(lint, &run->model), !compare_history(session, run, err)))
        return false;
    if (run->request->database && !judge_database(session, run, err))
        return false;
    if (model)
        lint_model_end(lint);
    lint_end(lint);
    return true;
}

void lint_run_close(Session *session, LintRun *run)
{
    db_close(run->scratch);
    project_close(session, &run->project);
}

bool lint_written(Session *session, const Project *project, const char *path, const LintPlan *plan, Lint *out)
{
    Arena *arena = session->arena;
    Error ignored = { 0 };
    LintSettings *settings = ARENA_NEW(arena, LintSettings);
    Graph *graph = ARENA_NEW(arena, Graph);
    Script *script = ARENA_NEW(arena, Script);
    Revision *revision = ARENA_NEW(arena, Revision);
    if (!lint_settings_read(arena, project->config, settings, &ignored) ||
        !script_read(arena, path, script, &ignored))
        return false;
    *revision = (Revision){ .script = script, .id = script->revision };
    *VEC_PUSH(arena, &graph->revisions) = revision;
    *out = (Lint){ .arena = arena,
                   .settings = settings,
                   .dialect = project->dialect,
                   .graph = graph,
                   .variables = &session->common.variables,
                   .filter = &project->filter,
                   .planned = plan,
                   .interrupted = is_interrupted,
                   .payload = session,
                   .model = plan->want,
                   .server = plan->have->server };
    if (!lint_run(out, &graph->revisions, &ignored))
        return false;
    lint_end(out);
    return true;
}

static bool has_statement(const StatementList *statements, Text sql)
{
    VEC_EACH (Statement, it, statements)
        if (strlen(it->sql) == sql.n && memcmp(it->sql, sql.p, sql.n) == 0)
            return true;
    return false;
}

// The first finding of a statement that --online would write in another way.
static const LintFinding *avoided_online(const Lint *lint, const StatementList *online)
{
    VEC_EACH (LintFinding, it, &lint->findings)
        if (!it->suppressed && it->level >= LINT_WARNING && it->rule->online && it->sql.n &&
            !has_statement(online, it->sql))
            return it;
    return NULL;
}

void lint_tell_written(Session *session, const Lint *lint, const StatementList *online)
{
    if (!lint_print_short(session, lint))
        return;
    const LintFinding *avoided = online ? avoided_online(lint, online) : NULL;
    if (avoided)
        report_note(&session->report,
                    "migrate --replace --online writes line %u in a way that blocks no writer for long.",
                    avoided->at.line);
    report_note(&session->report,
                "Details: cmigrate lint --latest 1. About a rule: cmigrate lint --explain RULE");
}
