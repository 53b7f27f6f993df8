// Brings a development database to the model without a revision: plan, question, run; or a plan that was written before.
#include <string.h>

#include "cli/output/ask.h"
#include "cli/output/diff_print.h"
#include "cli/output/progress.h"
#include "cli/workflow/apply_run.h"
#include "cli/workflow/destructive.h"
#include "cli/workflow/model_ahead.h"
#include "cli/workflow/plan_file.h"
#include "cli/workflow/renames_ask.h"
#include "core/base/clock.h"

typedef struct ApplyOptions {
    const char *plan;
    NameList renames;
    bool yes, dry_run, online, allow_loss, allow_destructive;
} ApplyOptions;

#define AT(member) offsetof(ApplyOptions, member)
static const Opt options[] = {
    {.name = "yes",
     .letter = 'y',
     .kind = OPT_FLAG,
     .offset = AT(yes),
     .help = "run the plan without a question" },
    { .name = "plan",
     .kind = OPT_TEXT,
     .offset = AT(plan),
     .value_name = "FILE",
     .help = "write the plan to this file, run nothing",
     .completes = COMPLETES_FILE },
    { .name = "dry-run",
     .kind = OPT_FLAG,
     .offset = AT(dry_run),
     .help = "print what would run, run nothing" },
    { .name = "rename",
     .kind = OPT_LIST,
     .offset = AT(renames),
     .value_name = "OLD=NEW",
     .help = "a table, or TABLE.COLUMN, that was renamed, not dropped and created; may be repeated" },
    { .name = "online",
     .kind = OPT_FLAG,
     .offset = AT(online),
     .help = "prefer what does not block writers over one transaction" },
    { .name = "allow-loss",
     .kind = OPT_FLAG,
     .offset = AT(allow_loss),
     .help = "let changes of type round or cut values" },
    { .name = "allow-destructive",
     .kind = OPT_FLAG,
     .offset = AT(allow_destructive),
     .help = DESTRUCTIVE_HELP },
    { 0                                  },
};

typedef struct Applying {
    Session *session;
    const ApplyOptions *o;
    Project project;
    const char *file; // the plan that was given; NULL: one is made
    PlanFile plan;
    Comparison comparison; // where a plan is made
    Losses losses;
    Plan steps;
    size_t statements;
} Applying;

// ---- The plan

static size_t count_statements(Session *session, const Project *project, const Script *script, Error *err)
{
    SectionList sections = { 0 };
    size_t n = 0;
    if (!script_sections(session->arena, script, project->dialect, UPGRADE, &sections, err))
        return SIZE_MAX;
    VEC_EACH (Section *, section, &sections)
        n += (*section)->statements.count;
    return n;
}

// The state is read before the comparison: what somebody changes in between is a difference when the plan is to run.
static bool make_plan(Applying *a, Error *err)
{
    Session *session = a->session;
    Project *project = &a->project;
    Comparison *c = &a->comparison;
    *c = (Comparison){ .dialect = project->dialect, .have_title = project->url_title };
    const double start = now_ms();
    const PlanOptions how = { .online = a->o->online || session->config.online,
                              .allow_loss = a->o->allow_loss };
    if (!compare_read_model(session, project, project->dialect, c, err))
        return false;
    plan_file_rows(session, &c->want, &a->plan);
    if (!plan_file_state(session, project, &a->plan.rows, a->plan.state, err) ||
        !compare_read_database(session, project, project->db, &c->have, err) ||
        !compare_sides(session, project, project->db, &a->o->renames, c, err))
        return false;
    c->ms = now_ms() - start;
    a->plan.schemas = project->claims;
    compare_report(session, project, c);
    report_note(&session->report, "Comparing %s with %s (%zu table%s, %.0f ms)", c->want_title, c->have_title,
                c->model.tables.count, c->model.tables.count == 1 ? "" : "s", c->ms);
    if (!renames_ask(session, project->db, c, err) ||
        !compare_plan_up(session->arena, c, &how, &a->steps, err) ||
        !losses_count(session, project->db, c, &a->steps, a->o->allow_loss, &a->losses, err))
        return false;
    if (!session->report.quiet)
        diff_print(session, c, &a->losses);
    return plan_file_make(session, project, &a->steps.statements, &a->plan, err);
}

// Asked when a plan is read, and as ApplyRequest.permits: under the lock nobody else's apply or upgrade changes the database any more.
static bool still_fits(const void *payload, const MoveList *moves, Error *err)
{
    const Applying *a = payload;
    char now[SHA256_HEX];
    (void)moves;
    if (!plan_file_state(a->session, &a->project, &a->plan.rows, now, err))
        return false;
    if (strcmp(now, a->plan.state) == 0)
        return true;
    if (!a->file) {
        error_set(err, ERR_STATE, "%s was changed while its plan was made", a->project.url_title);
        return error_hint(err, "Nothing was run. Run 'cmigrate apply' again.");
    }
    error_set(err, ERR_STATE, "%s is not in the state that %s was made for", a->project.url_title, a->file);
    return error_hint(err, "Nothing was run. Make the plan again: cmigrate apply --plan %s", a->file);
}

// Of a plan from a file: what it loses, by the comments that it was written with.
static bool read_plan(Applying *a, Error *err)
{
    Session *session = a->session;
    SectionList sections = { 0 };
    StrBuf losses;
    strbuf_init(&losses, session->arena);
    if (!plan_file_read(session, a->file, &a->plan, err) ||
        !script_sections(session->arena, &a->plan.script, a->project.dialect, UPGRADE, &sections, err))
        return false;
    project_claim_names(&a->project, &a->plan.schemas);
    if (!still_fits(a, NULL, err))
        return false;
    VEC_EACH (Section *, section, &sections)
        VEC_EACH (ScriptStatement, statement, &(*section)->statements)
            put_losses(session->arena, &losses, &(*section)->body, statement);
    for (const char *line = losses.text; losses.length && *line; line += strcspn(line, "\n") + 1)
        report_note(&session->report, "%.*s", (int)strcspn(line + 3, "\n"), line + 3);
    return true;
}

// ---- What has to be said before

// The revisions of the project do not have what apply changes.
static void warn_of_revisions(Applying *a)
{
    Session *session = a->session;
    Graph graph;
    NameList rows = { 0 };
    RevisionList current = { 0 };
    Error ignored = { 0 };
    if (!project_graph(session, &a->project, &graph, &ignored) || !graph.revisions.count)
        return;
    const size_t n = graph.revisions.count;
    report_warning(
        &session->report,
        "%s has %zu revision%s, and none of them will have what apply changes: 'cmigrate migrate' will "
        "find no difference here. Write the revision with 'cmigrate migrate --from-history -m "
        "MESSAGE', then run 'cmigrate stamp head' here",
        a->project.directory, n, n == 1 ? "" : "s");
    if (version_read(a->project.db, session->arena, &a->project.store, &rows, NULL, &ignored) &&
        version_resolve(session->arena, &graph, &rows, &current, &ignored) &&
        !graph_at_head(session->arena, &graph, &current))
        report_warning(&session->report,
                       "%s is not at the head: 'cmigrate upgrade' will fail on what apply makes before it",
                       a->project.url_title);
}

static bool confirm(Applying *a, Error *err)
{
    Session *session = a->session;
    const char *title = a->project.url_title;
    bool yes = false, asked = false;
    if (!a->o->allow_destructive &&
        !destructive_permit_plan(session, &a->project, &a->plan.script, &a->plan.text, &asked, err))
        return false;
    if (a->o->yes || asked)
        return true;
    if (!session->report.interactive || session->json) {
        error_set(err, ERR_USAGE, "apply asks before it changes %s, and nobody can answer here", title);
        return error_hint(err, "Nothing was changed. --yes answers beforehand.");
    }
    const char *question = arena_printf(session->arena, "Apply %zu statement%s to %s?", a->statements,
                                        a->statements == 1 ? "" : "s", safe(session->arena, title));
    if (!ask_yes_no(session->progress, question, &yes, err))
        return error_hint(err, "Nothing was changed. --yes answers beforehand.");
    return yes || error_set(err, ERR_USAGE, "not confirmed: nothing was changed");
}

// ---- The run

static void on_begins(void *payload, const Move *move, size_t statements, size_t index, size_t total)
{
    (void)move;
    (void)statements;
    const Session *session = payload;
    progress_begin(session->progress, "applying the plan", index, total);
}

static void on_statement(void *payload, const ScriptStatement *statement, double ms)
{
    Session *session = payload;
    const size_t n = statement->sql.n;
    const char *end = session->report.verbose > 1 ? NULL : memchr(statement->sql.p, '\n', n);
    report_note(&session->report, "  %.*s%s  (%.0f ms)", end ? (int)(end - statement->sql.p) : (int)n,
                statement->sql.p, end ? " …" : "", ms);
}

static void on_ends(void *payload, const Move *move, size_t statements, double ms)
{
    (void)move;
    (void)statements;
    (void)ms;
    const Session *session = payload;
    progress_end(session->progress);
}

static void on_warns(void *payload, const char *text)
{
    Session *session = payload;
    report_warning(&session->report, "%s", text);
}

static bool on_interrupted(void *payload)
{
    const Session *session = payload;
    return progress_interrupted(session->progress);
}

static bool run_plan(Applying *a, Error *err)
{
    Session *session = a->session;
    const ApplyEvents events = {
        .begins = on_begins,
        .statement = session->report.verbose ? on_statement : NULL,
        .ends = on_ends,
        .warns = on_warns,
        .interrupted = on_interrupted,
        .payload = session,
    };
    const ApplyRequest request = {
        .store = &a->project.store,
        .lock_timeout_ms = a->project.config->lock_timeout_ms,
        .variables = &session->common.variables,
        .permits = still_fits,
        .permits_payload = a,
        .events = &events,
    };
    return apply_once(a->project.db, session->arena, &request, &a->plan.script, err);
}

// ---- The answer

static void answer(const Applying *a, const char *written, bool applied)
{
    Session *session = a->session;
    Json json;
    if (!session_answer_begin(session, &json, '{'))
        return;
    json_put_text(&json, "url", a->project.url_title);
    json_put_text(&json, "plan", written ? written : a->file);
    json_put_text(&json, "state", a->plan.state);
    json_put_bool(&json, "applied", applied);
    json_put_int(&json, "statements", (long long)a->statements);
    if (!a->file) {
        json_key(&json, "changes");
        diff_json(&json, session->arena, &a->comparison, &a->losses);
        json_key(&json, "upgrade");
        plan_json(&json, &a->steps);
    }
    session_answer_end(session, &json, '{');
}

static bool write_plan(Applying *a, Error *err)
{
    Session *session = a->session;
    if (!plan_file_write(session, &a->plan, a->o->plan, err))
        return false;
    answer(a, a->o->plan, false);
    report_line(&session->report, "Wrote %s (%zu statement%s)", a->o->plan, a->statements,
                a->statements == 1 ? "" : "s");
    report_note(&session->report, "Next: read it, then: cmigrate apply %s", a->o->plan);
    return true;
}

static bool show_plan(const Applying *a)
{
    if (a->session->json)
        answer(a, NULL, false);
    else
        session_print_sql(a->session, &a->plan.text);
    return true;
}

static bool apply_plan(Applying *a, Error *err)
{
    Session *session = a->session;
    if (!a->statements) {
        answer(a, NULL, false);
        report_line(&session->report, "Nothing to apply: %s is equal to %s", a->project.url_title,
                    a->file ? "the model of the plan" : a->comparison.want_title);
        return true;
    }
    warn_of_revisions(a);
    if (!confirm(a, err) || !run_plan(a, err))
        return false;
    answer(a, NULL, true);
    report_line(&session->report, "Applied %zu statement%s to %s", a->statements,
                a->statements == 1 ? "" : "s", a->project.url_title);
    return true;
}

static bool apply(Applying *a, Error *err)
{
    if (!(a->file ? read_plan : make_plan)(a, err))
        return false;
    a->statements = count_statements(a->session, &a->project, &a->plan.script, err);
    if (a->statements == SIZE_MAX)
        return false;
    return a->o->plan ? write_plan(a, err) : a->o->dry_run ? show_plan(a) : apply_plan(a, err);
}

static bool check_usage(const Applying *a, Error *err)
{
    const ApplyOptions *o = a->o;
    if (a->file && (o->plan || o->renames.count || o->online || o->allow_loss))
        return error_set(err, ERR_USAGE,
                         "%s is a plan already: --plan, --rename, --online and --allow-loss go "
                         "with the making of one",
                         a->file);
    if (o->plan && a->session->several) {
        error_set(err, ERR_USAGE, "--plan writes one plan, and there are several databases");
        return error_hint(err, "Say which: --database NAME");
    }
    return true;
}

static bool run(Session *session, Error *err)
{
    Applying a = { .session = session,
                   .o = session->options,
                   .file = session->args.count ? session->args.items[0] : NULL };
    const bool reads = a.o->plan || a.o->dry_run;
    bool ok = check_usage(&a, err) &&
              project_open(session, reads ? NEEDS_READING : NEEDS_WRITING, &a.project, err) && apply(&a, err);
    project_close(session, &a.project);
    return ok;
}

static const char *const examples[] = {
    "See what would change, and answer yes",
    "cmigrate apply",
    "Write a plan, read it, run it",
    "cmigrate apply --plan plan.sql && cmigrate apply plan.sql --yes",
    NULL,
};

const Command cmd_apply = {
    .name = "apply",
    .summary = "bring a development database to the model without a revision",
    .arguments = "[FILE]",
    .details =
        "Compares the model with the database, prints what differs and what is lost, asks, and runs the "
        "statements "
        "under the lock of the database with the same care as upgrade. No revision is written, and the "
        "version "
        "table is not touched: other databases do not get the change. For databases of developers and "
        "tests.\n\n"
        "--plan FILE writes the plan with the state of the database that it was made for; apply FILE runs "
        "it, "
        "and refuses, with status 1, where the database is in another state. Under `destructive: confirm` or "
        "`refuse`, --yes alone does not permit what destroys data.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(ApplyOptions),
    .max_args = 1,
    .completes = COMPLETES_FILE,
    .per_database = true,
    .run = run,
};
