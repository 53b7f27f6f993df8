// Is the database at the head, and equal to the model?
#include "cli/output/diff_print.h"
#include "cli/workflow/model_ahead.h"
#include "cli/workflow/three_way.h"
#include "cli/workflow/version.h"

typedef struct CheckOptions {
    bool history;
} CheckOptions;

static const Opt options[] = {
    {.name = "history",
     .kind = OPT_FLAG,
     .offset = offsetof(CheckOptions, history),
     .help = "replay the revisions in a scratch place and say which drifted: the model, the revisions, the "
              "database" },
    { 0},
};

typedef struct Verdict {
    Project project;
    Graph graph;
    Standing standing;
    Comparison comparison;
    WarningList changed_scripts;
    ThreeWay three; // with --history
} Verdict;

static void answer_json(Session *session, const Verdict *v, bool good)
{
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
    json_key(&json, "changes");
    diff_json(&json, session->arena, &v->comparison, NULL);
    json_key(&json, "changed_scripts");
    json_open(&json, '[');
    VEC_EACH (Warning, it, &v->changed_scripts)
        json_text(&json, it->text);
    json_close(&json, ']');
    if (v->three.asked)
        three_way_json(&json, session->arena, &v->three);
    session_answer_end(session, &json, '{');
}

static bool check(Session *session, Verdict *v, Error *err)
{
    Report *report = &session->report;
    const CheckOptions *o = session->options;
    const Project *project = &v->project;
    if (!project_graph(session, project, &v->graph, err) ||
        !project_connect(session, &v->project, true, err) ||
        !standing_read(session, project, &v->graph, &v->standing, err) ||
        !compare_project(session, &v->project, project->db, project->url_title, NULL, &v->comparison, err) ||
        (o->history &&
         !three_way_compare(session, project, &v->graph, &v->standing, &v->comparison, &v->three, err)) ||
        !history_changed_scripts(project->db, session->arena, &project->store, &v->graph, &v->changed_scripts,
                                 err))
        return false;
    compare_report(session, project, &v->comparison);
    bool equal = v->comparison.changes.count == 0, changed = v->changed_scripts.count > 0;
    bool good = v->standing.at_head && equal && !changed && three_way_equal(&v->three);
    if (!good)
        session->status = 1;
    if (session->json) {
        answer_json(session, v, good);
        return true;
    }
    if (good) {
        report_line(report, "%s is at the head and equal to %s%s%s", project->url_title,
                    v->comparison.want_title, o->history ? " and " : "",
                    o->history ? project->directory : "");
        return true;
    }
    if (!v->standing.at_head) {
        report_line(report, "Target database is not up to date.");
        report_line(report, "%s is at %s.", project->url_title,
                    standing_text(session->arena, &v->standing.rows, &v->graph));
        report_note(report, "Next: cmigrate upgrade");
    }
    if (!equal) {
        report_line(report, "New upgrade operations detected: %s differs from %s", project->url_title,
                    v->comparison.want_title);
        diff_print(session, &v->comparison, NULL);
        if (v->standing.at_head && !o->history)
            report_note(report, "Next: cmigrate migrate -m MESSAGE, or mend the model");
    }
    if (o->history)
        three_way_print(session, &v->three);
    VEC_EACH (Warning, it, &v->changed_scripts)
        report_line(report, "%s", it->text);
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

static const char *const examples[] = {
    "In a pipeline: fail where model and database have drifted apart",
    "cmigrate check -n production",
    "Who drifted: the model, the revisions, or the database?",
    "cmigrate check --history",
    NULL,
};

const Command cmd_check = {
    .name = "check",
    .summary = "is the database at the head and equal to the model?",
    .arguments = "",
    .details =
        "Status 0: yes. Status 1: no; what differs is printed, and scripts that were changed after "
        "they were applied. "
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
    .run = run,
};
