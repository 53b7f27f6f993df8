// Is the database at the head, and equal to the model?
#include "cli/output/diff_print.h"
#include "cli/workflow/fleet.h"
#include "cli/workflow/model_ahead.h"
#include "cli/workflow/pending.h"
#include "cli/workflow/three_way.h"
#include "cli/workflow/verify_show.h"
#include "core/yaml/node.h"

typedef struct CheckOptions {
    bool history, verify, no_data;
    FleetOptions fleet;
} CheckOptions;

static const Opt options[] = {
    {.name = "history",
     .kind = OPT_FLAG,
     .offset = offsetof(CheckOptions, history),
     .help = "replay the revisions in a scratch place and say which drifted: the model, the revisions, the "
              "database" },
    { .name = "verify",
     .kind = OPT_FLAG,
     .offset = offsetof(CheckOptions, verify),
     .help = "ask the queries of the verify sections of all revisions that have run" },
    { .name = "no-data",
     .kind = OPT_FLAG,
     .offset = offsetof(CheckOptions, no_data),
     .help = "leave declared rows out" },
    FLEET_OPTIONS(CheckOptions, fleet),
    { 0              },
};

typedef struct Verdict {
    Project project;
    Graph graph;
    Standing standing;
    Comparison comparison;
    RevisionList pending;
    ChangedScriptList changed_scripts;
    ThreeWay three;      // with --history
    VerifyReport verify; // with --verify
} Verdict;

// The whole verdict, good or bad. Changes that could not be compared are apart from those that are certain.
static void answer_json(Session *session, const Verdict *v, bool good)
{
    const CheckOptions *o = session->options;
    Json json;
    session_answer_begin(session, &json, '{');
    json_put_text(&json, "url", v->project.url_title);
    json_put_bool(&json, "ok", good);
    json_put_bool(&json, "at_head", v->standing.at_head);
    json_put_names(&json, "current", &v->standing.rows);
    json_key(&json, "heads");
    json_open(&json, '[');
    VEC_EACH (Revision *, it, &v->graph.heads)
        json_text(&json, (*it)->id);
    json_close(&json, ']');
    pending_json(&json, session, &v->pending);
    Comparison rest = v->comparison;
    rest.changes = v->comparison.uncertain;
    rest.data = (DataDiff){ 0 };
    json_key(&json, "not_compared");
    diff_json(&json, session->arena, &rest, NULL);
    json_key(&json, "changes");
    diff_json(&json, session->arena, &v->comparison, NULL);
    changed_scripts_json(&json, session, &v->changed_scripts);
    if (v->three.asked)
        three_way_json(&json, session->arena, &v->three);
    if (o->verify)
        verify_json(&json, session, &v->verify);
    session_answer_end(session, &json, '{');
}

// Texts that may differ in their words alone: nobody could ask the server for its own.
static void print_not_compared(Session *session, const Comparison *c)
{
    VEC_EACH (Change, change, &c->uncertain)
        report_line(&session->report, "Could not compare: %s%s%s",
                    change_phrase(session->arena, c->dialect, change), change->want_table ? " of table " : "",
                    change->want_table ? change->want_table->head.name : "");
}

// Everything is asked before anything is said: what failed on the way is an error, and no half of an answer.
static bool check(Session *session, Verdict *v, Error *err)
{
    Report *report = &session->report;
    const CheckOptions *o = session->options;
    const Project *project = &v->project;
    session->without_data = o->no_data;
    if (!project_graph(session, project, &v->graph, err) ||
        !project_connect(session, &v->project, true, err) ||
        !standing_read(session, project, &v->graph, &v->standing, err) ||
        !interrupted_warn(session, project, &v->graph, &v->standing.current, NULL, err) ||
        !pending_read(session, &v->graph, &v->standing.current, &v->pending, err) ||
        !compare_project(session, &v->project, project->db, project->url_title, NULL, &v->comparison, err) ||
        (o->history &&
         !three_way_compare(session, project, &v->graph, &v->standing, &v->comparison, &v->three, err)) ||
        (o->verify && !verify_applied(project->db, session->arena, &v->graph, &v->standing.current,
                                      &session->common.variables, &v->verify, err)) ||
        !history_changed(project->db, session->arena, &project->store, &v->graph, &v->changed_scripts, err))
        return false;
    compare_report(session, project, &v->comparison);
    compare_certain(session->arena, &v->comparison);
    bool equal = !compare_differs(&v->comparison), changed = v->changed_scripts.count > 0;
    bool good =
        v->standing.at_head && equal && !changed && three_way_equal(&v->three) && !v->verify.failures.count;
    if (!good)
        session->status = 1;
    if (session->json) {
        answer_json(session, v, good);
        return true;
    }
    if (o->verify)
        verify_print(session, &v->verify);
    print_not_compared(session, &v->comparison);
    if (good) {
        report_line(report, "%s is at the head and %s %s%s%s", project->url_title,
                    v->comparison.uncertain.count ? "as far as it could be compared equal to" : "equal to",
                    v->comparison.want_title, o->history ? " and " : "",
                    o->history ? project->directory : "");
        return true;
    }
    if (!v->standing.at_head) {
        report_line(report, "Target database is not up to date.");
        const char *caveat = v->standing.rows.count ? NULL : project->db->caveat;
        report_line(report, "%s is at %s%s%s.", project->url_title,
                    standing_text(session->arena, &v->standing.rows, &v->graph), caveat ? ": " : "",
                    caveat ? caveat : "");
        if (v->pending.count)
            report_line(report, "Pending:");
        pending_print(session, &v->pending);
        pending_next(session, &v->graph);
    }
    if (!equal) {
        report_line(report, "New upgrade operations detected: %s differs from %s", project->url_title,
                    v->comparison.want_title);
        diff_print(session, &v->comparison, NULL);
        if (v->standing.at_head && !o->history)
            report_note(report, "Next: cmigrate migrate -m MESSAGE, or fix the model");
    }
    if (o->history)
        three_way_print(session, &v->three);
    VEC_EACH (ChangedScript, it, &v->changed_scripts)
        report_line(report, "%s", changed_script_text(session->arena, it));
    if (v->changed_scripts.count)
        report_note(report, "%s", changed_script_advice);
    return true;
}

static bool run(Session *session, Error *err)
{
    Verdict v = { 0 };
    bool ok = project_open(session, NEEDS_DIALECT, &v.project, err);
    if (ok) {
        model_ahead_start(session, &v.project);
        ok = check(session, &v, err);
    }
    three_way_close(&v.three);
    project_close(session, &v.project);
    return ok;
}

static void put_part(StrBuf *out, const char *text)
{
    strbuf_printf(out, "%s%s", out->length ? ", " : "", text);
}

// "at the head and equal to the model", or what is not so.
static const char *gist(const Session *session, Arena *arena, const Node *answer)
{
    (void)session;
    StrBuf out;
    strbuf_init(&out, arena);
    const Node *changes = node_get(answer, "changes"), *changed = node_get(answer, "changed_scripts");
    const Node *rest = node_get(answer, "not_compared");
    if (node_is_plain(node_get(answer, "ok"), "true"))
        return rest && rest->count ? "at the head and equal to the model, as far as it could be compared"
                                   : "at the head and equal to the model";
    if (!node_is_plain(node_get(answer, "at_head"), "true"))
        put_part(&out, arena_printf(arena, "not at the head, at %s", answer_current(arena, answer)));
    if (changes && changes->count)
        put_part(&out, arena_printf(arena, "differs from the model in %u place%s", changes->count,
                                    changes->count == 1 ? "" : "s"));
    if (changed && changed->count)
        put_part(&out, arena_printf(arena, "%u script%s changed after it ran", changed->count,
                                    changed->count == 1 ? "" : "s"));
    const Node *failed = node_get(node_get(answer, "verify"), "failed");
    if (failed && failed->count)
        put_part(&out, arena_printf(arena, "%u quer%s of verify sections failed", failed->count,
                                    failed->count == 1 ? "y" : "ies"));
    if (!out.length)
        put_part(&out, "the model and the revisions differ");
    return out.text;
}

static const char *const examples[] = {
    "In a pipeline: fail where model and database have drifted apart",
    "cmigrate check -n production",
    "Do the rows still hold what the revisions promised of them?",
    "cmigrate check --verify",
    "Who drifted: the model, the revisions, or the database?",
    "cmigrate check --history",
    NULL,
};

const Command cmd_check = {
    .name = "check",
    .summary = "is the database at the head and equal to the model?",
    .arguments = "",
    .details =
        "Status 0: yes. Status 1: no; the differences are printed, and scripts that were changed after they "
        "were applied. "
        "Changes nothing.\n\n"
        "With --history the revisions are replayed in a scratch place, and three things are told apart: the "
        "model "
        "against the history (what no revision makes yet), the history up to where the database stands "
        "against "
        "the database (what was changed by other hands), and the model against the database.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(CheckOptions),
    .per_database = true,
    OF_FLEET(CheckOptions, fleet),
    .gist = gist,
    .run = run,
};
