// Judges revisions before anybody runs them.
#include <stdlib.h>
#include <string.h>

#include "cli/output/lint_print.h"
#include "cli/workflow/replay.h"
#include "cli/workflow/revision_new.h"
#include "cli/workflow/version.h"
#include "core/lint/settings.h"

typedef struct LintOptions {
    bool pending, all;
    const char *latest, *depth, *fail_on;
} LintOptions;

static const char *const depths[] = { "text", "replay", "trace", NULL };
static const char *const fail_levels[] = { "error", "warning", "notice", "never", NULL };

#define AT(member) offsetof(LintOptions, member)
static const Opt options[] = {
    {.name = "pending",
     .kind = OPT_FLAG,
     .offset = AT(pending),
     .help = "the revisions that the database does not have yet" },
    { .name = "latest",
     .kind = OPT_TEXT,
     .offset = AT(latest),
     .value_name = "N",
     .help = "the last N revisions" },
    { .name = "all",                    .kind = OPT_FLAG, .offset = AT(all), .help = "every revision" },
    { .name = "depth",
     .kind = OPT_CHOICE,
     .offset = AT(depth),
     .value_name = "DEPTH",
     .choices = depths,
     .help = "text: statements alone; replay: with the schema they meet; trace: measure what each costs" },
    { .name = "fail-on",
     .kind = OPT_CHOICE,
     .offset = AT(fail_on),
     .value_name = "LEVEL",
     .choices = fail_levels,
     .help = "status 1 for findings of this level and above" },
    { 0                   },
};

typedef struct LintRun {
    Project project;
    Graph graph;
    LintSettings settings;
    RevisionList selected;
    Db *scratch;
    Lint lint;
} LintRun;

static bool read_options(const LintOptions *o, LintSettings *settings)
{
    bool known = true;
    if (o->fail_on)
        settings->fail_on =
            strcmp(o->fail_on, "never") == 0 ? LINT_OFF : lint_level_named(o->fail_on, &known);
    return known && (!o->depth || lint_depth_named(o->depth, &settings->depth));
}

static void reverse(RevisionList *list)
{
    for (size_t i = 0; i < list->count / 2; i++) {
        Revision *first = list->items[i];
        list->items[i] = list->items[list->count - 1 - i];
        list->items[list->count - 1 - i] = first;
    }
}

static bool select_latest(Session *session, const Graph *graph, const char *text, RevisionList *out,
                          Error *err)
{
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    if (*end || !n || text[0] == '-')
        return error_set(err, ERR_USAGE, "--latest takes a number from 1, not '%s'", text);
    size_t count = graph->revisions.count;
    for (size_t i = n < count ? count - n : 0; i < count; i++)
        *VEC_PUSH(session->arena, out) = graph->revisions.items[i];
    return true;
}

static bool is_applied(const Graph *graph, const RevisionList *current, const Revision *revision)
{
    VEC_EACH (Revision *, it, current)
        if (graph_is_ancestor(graph, revision, *it))
            return true;
    return false;
}

static bool select_pending(Session *session, LintRun *run, RevisionList *out, Error *err)
{
    Standing standing = { 0 };
    if (!standing_read(session, &run->project, &run->graph, &standing, err))
        return false;
    VEC_EACH (Revision *, it, &run->graph.revisions)
        if (!is_applied(&run->graph, &standing.current, *it))
            *VEC_PUSH(session->arena, out) = *it;
    return true;
}

static void select_all(Session *session, const Graph *graph, RevisionList *out)
{
    VEC_EACH (Revision *, it, &graph->revisions)
        *VEC_PUSH(session->arena, out) = *it;
}

// What is asked for; else the pending revisions where the database answers, else all.
static bool choose(Session *session, LintRun *run, Error *err)
{
    const LintOptions *o = session->options;
    Error ignored = { 0 };
    if (session->args.count) {
        RevisionList current = { 0 };
        if (!graph_range(session->arena, &run->graph, &current, session->args.items[0], &run->selected, err))
            return false;
        reverse(&run->selected); // the oldest first
        run->lint.one_by_one = true;
        return true;
    }
    if (o->latest)
        return select_latest(session, &run->graph, o->latest, &run->selected, err);
    if (o->pending)
        return project_connect(session, &run->project, true, err) &&
               select_pending(session, run, &run->selected, err);
    if (!o->all && run->project.dialect && project_ask(session, &run->project, &ignored))
        return select_pending(session, run, &run->selected, err);
    run->lint.one_by_one = true;
    select_all(session, &run->graph, &run->selected);
    return true;
}

// Without a URL, the engine that the revisions name.
static bool find_dialect(LintRun *run, Error *err)
{
    const Dialect *dialect = run->project.dialect;
    if (!dialect && run->selected.count && run->selected.items[0]->script->dialect)
        dialect = dialect_by_scheme(run->selected.items[0]->script->dialect);
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

static bool fails(const LintRun *run)
{
    VEC_EACH (LintFinding, it, &run->lint.findings)
        if (!it->suppressed && run->settings.fail_on != LINT_OFF && it->level >= run->settings.fail_on)
            return true;
    return false;
}

static bool lint(Session *session, LintRun *run, Error *err)
{
    if (!project_look(session, &run->project, &run->graph, err) ||
        !lint_settings_read(session->arena, run->project.config, &run->settings, err) ||
        !read_options(session->options, &run->settings) || !choose(session, run, err))
        return false;
    if (run->selected.count) {
        if (!find_dialect(run, err))
            return false;
        open_scratch(session, run);
    }
    run->lint.arena = session->arena;
    run->lint.settings = &run->settings;
    run->lint.graph = &run->graph;
    run->lint.variables = &session->common.variables;
    run->lint.scratch = run->scratch;
    run->lint.filter = &run->project.filter;
    run->lint.target = run->project.db;
    if (run->selected.count && !lint_run(&run->lint, &run->selected, err))
        return false;
    if (session->json)
        lint_print_json(session, &run->lint);
    else
        lint_print(session, &run->lint);
    session->status = fails(run) ? 1 : 0;
    return true;
}

static bool run(Session *session, Error *err)
{
    LintRun run = { 0 };
    bool ok = project_open(session, NEEDS_FOLDERS, &run.project, err) && lint(session, &run, err);
    db_close(run.scratch);
    project_close(session, &run.project);
    return ok;
}

static const char *const examples[] = {
    "What the database does not have yet",
    "cmigrate lint --pending",
    "The last revision, measured in a scratch database",
    "cmigrate lint --latest 1 --depth trace",
    NULL,
};

const Command cmd_lint = {
    .name = "lint",
    .summary = "find dangerous changes in revisions",
    .arguments = "[RANGE]",
    .details = "Judges each statement of the revisions against the schema that it meets: the earlier "
               "revisions are replayed in a "
               "scratch database, and the statements executed there. Without RANGE (as of history -r) or an "
               "option, the revisions "
               "that the database does not have yet, or all where no database answers.\n\n"
               "A rule is named by its code or its name. `-- cmigrate: allow RULE reason` before a statement "
               "suppresses it there, "
               "`-- cmigrate: allow-all RULE reason` in the script. `lint:` in cmigrate.yaml sets levels.\n\n"
               "Status 0: nothing at or above the level of --fail-on (error). Status 1: findings.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(LintOptions),
    .max_args = 1,
    .completes = COMPLETES_REVISION,
    .run = run,
};
