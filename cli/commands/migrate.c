// Diffs the model against the database and writes a revision.
#include <string.h>

#include "cli/output/diff_print.h"
#include "cli/output/lint_print.h"
#include "cli/workflow/destructive.h"
#include "cli/workflow/drift.h"
#include "cli/workflow/engines.h"
#include "cli/workflow/lint_run.h"
#include "cli/workflow/model_ahead.h"
#include "cli/workflow/phased.h"
#include "cli/workflow/prove_new.h"
#include "cli/workflow/renames_ask.h"
#include "cli/workflow/replay.h"
#include "cli/workflow/revision_replace.h"
#include "cli/workflow/version.h"

typedef struct MigrateOptions {
    GraphOptions graph;
    NameList renames;
    bool empty, sql, online, from_history, allow_loss, allow_destructive, allow_delete, no_lint, phased,
        replace, prove;
} MigrateOptions;

#define AT(member) offsetof(MigrateOptions, member)
static const Opt options[] = {
    GRAPH_OPTION_MESSAGE(MigrateOptions, graph),
    {.name = "rename",
                             .kind = OPT_LIST,
                             .offset = AT(renames),
                             .value_name = "OLD=NEW",
                             .help = "a table, or TABLE.COLUMN, that was renamed, not dropped and created; may be repeated" },
    { .name = "empty",
                             .kind = OPT_FLAG,
                             .offset = AT(empty),
                             .help = "write a revision even if there is nothing to do" },
    { .name = "sql", .kind = OPT_FLAG, .offset = AT(sql), .help = "print the SQL, write nothing" },
    { .name = "online",
                             .kind = OPT_FLAG,
                             .offset = AT(online),
                             .help = "prefer what does not block writers over one transaction" },
    { .name = "phased",
                             .kind = OPT_FLAG,
                             .offset = AT(phased),
                             .help = "write up to three revisions, expand, backfill and contract, between which old and new "
              "versions of the application run beside each other" },
    { .name = "from-history",
                             .kind = OPT_FLAG,
                             .offset = AT(from_history),
                             .help = "compare with what the revisions make, replayed in a scratch place, not with the database" },
    { .name = "allow-loss",
                             .kind = OPT_FLAG,
                             .offset = AT(allow_loss),
                             .help = "let changes of type round or cut values: the script says so instead of asserting that none "
              "is changed" },
    { .name = "allow-destructive",
                             .kind = OPT_FLAG,
                             .offset = AT(allow_destructive),
                             .help = DESTRUCTIVE_HELP },
    { .name = "prove",
                             .kind = OPT_FLAG,
                             .offset = AT(prove),
                             .help = "run it on rows in a scratch database first; refuted, nothing is written" },
    { .name = "allow-delete",
                             .kind = OPT_FLAG,
                             .offset = AT(allow_delete),
                             .help = "let mode: sync delete rows that nobody declared, with those that go by a cascade" },
    { .name = "no-lint",
                             .kind = OPT_FLAG,
                             .offset = AT(no_lint),
                             .help = "do not say what lint finds in what was written" },
    { .name = "replace",
                             .kind = OPT_FLAG,
                             .offset = AT(replace),
                             .help = "write the newest revision again, which must not be applied yet: same id, same file" },
    GRAPH_OPTION_ID(MigrateOptions, graph),
    GRAPH_OPTION_HEAD(MigrateOptions, graph),
    GRAPH_OPTION_SPLICE(MigrateOptions, graph),
    GRAPH_OPTION_LABEL(MigrateOptions, graph),
    GRAPH_OPTION_DEPENDS(MigrateOptions, graph),
    GRAPH_OPTION_PATH(MigrateOptions, graph),
    { 0                                                          },
};

typedef struct Migration {
    const MigrateOptions *o;
    Project project;
    Db *db;            // what the model is compared with: the project's database, or a scratch place
    const char *title; // of it
    Graph graph;
    Standing standing;
    Comparison comparison;
    Plan up, down;
    Losses losses;
    Drift drift;
    Script head;
    Revision *replaced; // --replace: the revision that is written again
} Migration;

static bool refuse_behind(const Migration *m, Arena *arena, Error *err)
{
    error_set(err, ERR_STATE, "Target database is not up to date.");
    error_detail(err, "%s is at %s, but the scripts end at %s.", m->project.url_title,
                 standing_text(arena, &m->standing.rows, &m->graph),
                 m->graph.heads.count == 1 ? m->graph.heads.items[0]->id : "several heads");
    return error_hint(
        err,
        "Run 'cmigrate upgrade%s' first. If the newest revision is not wanted as it is, write it again: "
        "cmigrate migrate --replace. Or compare with the revisions alone: --from-history",
        m->graph.heads.count > 1 ? " heads" : "");
}

static bool compare(Session *session, Migration *m, Error *err)
{
    Comparison *c = &m->comparison;
    session->allow_delete = m->o->allow_delete;
    if (!m->graph.revisions.count)
        compare_whole(session, &m->project);
    if (!compare_project(session, &m->project, m->db, m->title, &m->o->renames, c, err))
        return false;
    compare_report(session, &m->project, c);
    report_note(&session->report, "Comparing %s with %s (%zu table%s, %.0f ms)", c->want_title, c->have_title,
                c->model.tables.count, c->model.tables.count == 1 ? "" : "s", c->ms);
    return renames_ask(session, m->db, c, err);
}

// `lint`: what was found in the script; NULL: it was not judged.
static void answer_json(Session *session, const Migration *m, const char *path, const Lint *lint)
{
    Json json;
    session_answer_begin(session, &json, '{');
    json_put_text(&json, "url", m->project.url_title);
    json_put_text(&json, "revision", path ? m->head.revision : NULL);
    json_put_text(&json, "path", path);
    json_key(&json, "changes");
    diff_json(&json, session->arena, &m->comparison, &m->losses);
    json_key(&json, "upgrade");
    plan_json(&json, &m->up);
    json_key(&json, "downgrade");
    plan_json(&json, &m->down);
    drift_json(&json, session->arena, &m->drift);
    lint_findings_json(&json, lint);
    session_answer_end(session, &json, '{');
}

// Before the script, which is nothing without them.
static bool keep_files(Session *session, const Migration *m, const Comparison *c, Error *err)
{
    const char *folder = m->head.folder ? m->head.folder : m->project.directory;
    return data_keep_files(session->arena, &c->data, folder, err);
}

// Notes of what lint finds in the new script; where it was not written with --online, against what that would write.
static void tell_findings(Session *session, const Migration *m, const Lint *lint)
{
    const PlanOptions how = { .online = true, .allow_loss = m->o->allow_loss };
    Plan online = { 0 };
    Error ignored = { 0 };
    bool other = !m->o->online && !session->config.online &&
                 compare_plan_up(session->arena, &m->comparison, &how, &online, &ignored);
    lint_tell_written(session, lint, other ? &online.statements : NULL);
}

// Writes the revision after all that can refuse it: losses, proof. Findings of lint come after it is written;
// they refuse nothing.
static bool write_script(Session *session, Migration *m, Error *err)
{
    const char *path = NULL;
    StrBuf text;
    strbuf_init(&text, session->arena);
    script_write(&text, &m->head, m->project.dialect, &m->up.statements, &m->down.statements);
    if (!m->o->allow_destructive && !destructive_permit_script(session, &m->project, &m->head, &text, err))
        return false;
    if (m->o->prove && !prove_new(session, &m->project, &m->graph, &m->head, &text, err))
        return false;
    if (m->o->sql && session->json) {
        answer_json(session, m, NULL, NULL);
        return true;
    }
    if (m->o->sql) {
        session_print_sql(session, &text);
        return true;
    }
    if (!keep_files(session, m, &m->comparison, err) ||
        !revision_save_text(session, &m->project, &m->head, &text, &path, err) ||
        !revision_note_head(session, &m->project, m->head.revision, err))
        return false;
    const LintPlan plan = { &m->comparison.have, m->comparison.renamed, &m->comparison.want, &m->up.steps,
                            &m->up.statements };
    Lint lint;
    bool wanted = !m->o->no_lint && m->comparison.renamed && (session->json || !session->report.quiet);
    bool judged = wanted && lint_written(session, &m->project, path, &plan, &lint);
    if (session->json)
        answer_json(session, m, path, judged ? &lint : NULL);
    report_line(&session->report, "Wrote %s", path);
    if (!session_goes_on(session, err)) // written all the same, and not judged
        return false;
    if (judged && !session->report.quiet)
        tell_findings(session, m, &lint);
    if (!losses_warn(session, &m->losses, m->comparison.changes.count))
        report_note(&session->report, "Next: read it, then: cmigrate upgrade");
    return true;
}

static bool open_database(Session *session, Migration *m, Error *err)
{
    const Interrupted *interrupted = NULL;
    if (!project_connect(session, &m->project, true, err) ||
        (m->replaced && !replace_permits(session, &m->project, m->replaced, err)) ||
        !standing_read(session, &m->project, &m->graph, &m->standing, err) ||
        !interrupted_warn(session, &m->project, &m->graph, &m->standing.current, &interrupted, err) ||
        (interrupted && m->replaced && !replace_is_whole(m->replaced, interrupted, err)))
        return false;
    if (!m->standing.at_head && !m->o->graph.splice)
        return refuse_behind(m, session->arena, err);
    m->db = m->project.db;
    m->title = m->project.url_title;
    return true;
}

static bool open_history(Session *session, Migration *m, Error *err)
{
    m->title = m->project.directory;
    return replay_open(session, &m->project, &m->project.url, m->project.url_folder, &m->db, err) &&
           replay_to(session, &m->project, &m->graph, "heads", m->db, err);
}

static bool write_phases(Session *session, Migration *m, const PlanOptions *how, Error *err)
{
    const Comparison *c = &m->comparison;
    const PhasedOptions written = { .sql = m->o->sql, .allow_destructive = m->o->allow_destructive };
    Phases phases;
    if (!phases_plan(session->arena, c, how, &phases, err) ||
        !losses_count(session, m->project.db, c, NULL, m->o->allow_loss, &m->losses, err))
        return false;
    if (!m->o->sql && !session->report.quiet)
        diff_print(session, c, &m->losses);
    return phased_write(session, &m->project, &m->graph, c, &m->losses, &phases, &m->head,
                        m->o->graph.rev_id != NULL, &written, err);
}

// The graph, and the head of the script that is to be written.
static bool read_graph(Session *session, Migration *m, Error *err)
{
    if (m->o->phased && m->o->replace)
        return error_set(err, ERR_USAGE, "--replace writes one revision again: --phased does not go with it");
    if (!project_graph(session, &m->project, &m->graph, err))
        return false;
    return m->o->replace
               ? replace_begin(session, &m->project, &m->graph, &m->o->graph, &m->head, &m->replaced, err)
               : revision_head(session, &m->project, &m->graph, &m->o->graph, &m->head, err);
}

// There is nothing to write; a revision that was to be written again is not needed any more.
static bool write_nothing(Session *session, const Migration *m, Error *err)
{
    report_line(&session->report, "No changes in schema detected.");
    if (!m->replaced || m->o->sql)
        return true;
    if (!replace_remove(session, &m->project, m->replaced, err))
        return false;
    report_line(&session->report, "Removed %s", path_shown(session->arena, m->replaced->script->path));
    return true;
}

// Compares, plans both ways and writes. Without a difference nothing is written, unless --empty asks for a
// revision.
static bool migrate(Session *session, Migration *m, Error *err)
{
    Comparison *c = &m->comparison;
    if (!read_graph(session, m, err) ||
        !(m->o->from_history ? open_history : open_database)(session, m, err) || !compare(session, m, err))
        return false;
    if (!compare_differs(c) && !m->o->empty) {
        if (session->json)
            answer_json(session, m, NULL, NULL);
        return write_nothing(session, m, err);
    }
    const PlanOptions how = { .online = m->o->online || session->config.online,
                              .allow_loss = m->o->allow_loss };
    if (m->o->phased)
        return write_phases(session, m, &how, err);
    if (!compare_plan_up(session->arena, c, &how, &m->up, err) || !session_goes_on(session, err) ||
        !compare_plan_down(session->arena, c, &how, &m->down, err) ||
        !losses_count(session, m->project.db, c, &m->up, m->o->allow_loss, &m->losses, err))
        return false;
    if (!m->o->sql && !session->report.quiet)
        diff_print(session, c, &m->losses);
    WarningList passed = { 0 };
    compare_warn_of_renames(session->arena, c, &passed);
    report_warnings(&session->report, &passed);
    if (!m->o->from_history && m->standing.at_head) {
        drift_look(session, &m->project, &m->graph, c, &m->drift);
        drift_warn(session, &m->drift);
    }
    return write_script(session, m, err);
}

static void answer_engines(Session *session, const Migration *m, const EngineSides *sides, const char *path)
{
    Json json;
    if (!session_answer_begin(session, &json, '{'))
        return;
    json_put_text(&json, "revision", path ? m->head.revision : NULL);
    json_put_text(&json, "path", path);
    engines_json(&json, session->arena, sides);
    session_answer_end(session, &json, '{');
}

// One script with sections for each engine of `dialects:`.
static bool write_engines(Session *session, Migration *m, const EngineSides *sides, Error *err)
{
    const char *path = NULL;
    StrBuf text;
    strbuf_init(&text, session->arena);
    engines_write(sides, &m->head, &text);
    if (!m->o->allow_destructive && !engines_permit(session, sides, &m->head, &text, err))
        return false;
    VEC_EACH (const EngineSide, side, sides)
        if (m->o->prove && !prove_new(session, &side->project, &m->graph, &m->head, &text, err))
            return false;
    if (m->o->sql && !session->json)
        session_print_sql(session, &text);
    VEC_EACH (const EngineSide, side, sides)
        if (!m->o->sql && !keep_files(session, m, &side->comparison, err))
            return false;
    if (!m->o->sql && (!revision_save_text(session, &m->project, &m->head, &text, &path, err) ||
                       !revision_note_head(session, &m->project, m->head.revision, err)))
        return false;
    answer_engines(session, m, sides, path);
    if (path) {
        report_line(&session->report, "Wrote %s", path);
        report_note(&session->report, "Next: read it, then: cmigrate upgrade");
    }
    return true;
}

static bool migrate_engines(Session *session, Migration *m, EngineSides *sides, Error *err)
{
    const PlanOptions how = { .online = m->o->online || session->config.online,
                              .allow_loss = m->o->allow_loss };
    if (!read_graph(session, m, err))
        return false;
    m->head.dialect = NULL;
    session->allow_delete = m->o->allow_delete;
    if (!engines_compare(session, &m->project, &m->graph, &m->o->renames, &how, sides, err))
        return false;
    if (!engines_differ(sides) && !m->o->empty) {
        answer_engines(session, m, sides, NULL);
        return write_nothing(session, m, err);
    }
    if (!m->o->sql && !session->report.quiet)
        engines_print(session, sides);
    return write_engines(session, m, sides, err);
}

static bool run_engines(Session *session, Migration *m, Error *err)
{
    EngineSides sides = { 0 };
    bool ok = migrate_engines(session, m, &sides, err);
    engines_close(&sides);
    return ok;
}

// Checks options that exclude each other, opens the project and closes what was opened on every way out.
static bool run(Session *session, Error *err)
{
    Migration m = { .o = session->options };
    session->plans = true;
    if (m.o->phased && m.o->empty)
        return error_set(err, ERR_USAGE, "--phased and --empty exclude each other");
    if (m.o->phased && m.o->prove) {
        error_set(err, ERR_USAGE, "--phased and --prove exclude each other");
        return error_hint(err,
                          "Its revisions build on one another: write them, then: cmigrate prove --pending");
    }
    bool ok = project_open(session, NEEDS_DIALECT, &m.project, err) &&
              revision_zone_check(session, m.project.config, err);
    if (ok && m.o->phased && engines_several(m.project.config))
        ok = error_set(err, ERR_USAGE, "--phased writes for one engine, and dialects: names several");
    if (ok && engines_several(m.project.config)) {
        ok = run_engines(session, &m, err);
    } else if (ok) {
        model_ahead_start(session, &m.project);
        ok = migrate(session, &m, err);
    }
    if (m.o->from_history && m.db)
        db_close(m.db);
    data_close(&m.comparison.data);
    project_close(session, &m.project);
    return ok;
}

static const char *const examples[] = {
    "Write a revision that brings the database to the model",
    "cmigrate migrate -m \"add bio\"",
    "The column nick is called alias from now on",
    "cmigrate migrate -m \"rename nick\" --rename user.nick=alias",
    "Write the newest revision again: the model was changed since, and no database has run it",
    "cmigrate migrate --replace",
    "See the script without writing it",
    "cmigrate migrate -m \"add bio\" --sql",
    NULL,
};

const Command cmd_migrate = {
    .name = "migrate",
    .summary = "write a revision that brings the database to the model",
    .arguments = "",
    .details =
        "Compares the model with the database and writes a script with the upgrade and the downgrade. "
        "Without a "
        "difference nothing is written. Refuses, with status 1, when the database is not at the head. "
        "--from-history asks no database where it stands: the revisions are run in a scratch place (memory "
        "for "
        "SQLite, a scratch database on a server), and the model is compared with what they make.\n\n"
        "What loses data is marked, with the number of rows that have a value. A dropped and a new object "
        "that look "
        "like one rename are asked about on a terminal; elsewhere --rename says so. What lint finds in the "
        "script at "
        "level warning or above is said in short, as far as the plan tells it; --no-lint leaves it out.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(MigrateOptions),
    .per_database = true,
    .makes_folder = true,
    .run = run,
};
