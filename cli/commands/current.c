#include "cli/output/json.h"
#include "cli/workflow/fleet.h"
#include "cli/workflow/version.h"
#include "core/yaml/node.h"

typedef struct CurrentOptions {
    bool check_heads;
    FleetOptions fleet;
} CurrentOptions;

static const Opt options[] = {
    {.name = "check-heads",
     .kind = OPT_FLAG,
     .offset = offsetof(CurrentOptions, check_heads),
     .help = "status 1 unless the database is at all heads" },
    FLEET_OPTIONS(CurrentOptions, fleet),
    { 0},
};

static void answer_json(Session *session, const Project *project, const Standing *standing,
                        const RevisionList *reached, const Error *why)
{
    Json json;
    session_answer_begin(session, &json, '{');
    json_put_text(&json, "url", project->url_title);
    json_put_names(&json, "current", &standing->rows);
    json_put_bool(&json, "at_head", standing->at_head);
    json_key(&json, "revisions");
    json_open(&json, '[');
    VEC_EACH (Revision *, it, reached)
        revision_json(&json, session, *it, &standing->current);
    json_close(&json, ']');
    if (why)
        json_put_text(&json, "error", why->message);
    session_answer_end(session, &json, '{');
}

// The rows as they are, where a script to one is missing: what the database says must be shown all the same.
static void print_rows(Session *session, const Project *project, const Error *why)
{
    Standing standing = { 0 };
    const RevisionList none = { 0 };
    Error ignored = { 0 };
    if (!version_read(project->db, session->arena, &project->store, &standing.rows, NULL, &ignored))
        return;
    if (session->json)
        answer_json(session, project, &standing, &none, why);
    VEC_EACH (const char *, row, &standing.rows)
        report_line(&session->report, "%s", *row);
}

// Prints where the database is. Its rows are printed even where they name revisions that no file has: then
// they are all that is known.
static bool current(Session *session, Project *project, Error *err)
{
    const CurrentOptions *o = session->options;
    Graph graph;
    Standing standing;
    if (!project_look(session, project, &graph, err))
        return false;
    if (!standing_read(session, project, &graph, &standing, err)) {
        print_rows(session, project, err);
        return false;
    }
    RevisionList reached = { 0 };
    graph_reached(session->arena, &graph, &standing.current, &reached);
    if (session->json)
        answer_json(session, project, &standing, &reached, NULL);
    if (session->report.verbose && project->db->server.protection)
        report_line(&session->report, "Connection: %s", project->db->server.protection);
    if (session->report.verbose)
        report_line(&session->report, "Current revision(s) for %s:", project->url_title);
    VEC_EACH (Revision *, it, &reached) {
        if (session->report.verbose)
            revision_block(session, *it, NULL);
        else
            report_line(&session->report, "%s", revision_line(session->arena, *it, NULL, LINE_TREE));
    }
    if (!interrupted_warn(session, project, &graph, &standing.current, NULL, err))
        return false;
    if (!standing.current.count)
        report_note(&session->report, "%s is at the base: %s", project->url_title,
                    project->db->caveat ? project->db->caveat : "no revision is applied");
    if (o->check_heads && !standing.at_head)
        return error_set(err, ERR_STATE, "Database is not on all head revisions");
    return true;
}

static bool run(Session *session, Error *err)
{
    Project project;
    bool ok = project_open(session, NEEDS_READING, &project, err) && current(session, &project, err);
    project_close(session, &project);
    return ok;
}

static const char *gist(const Session *session, Arena *arena, const Node *answer)
{
    (void)session;
    return arena_printf(arena, "at %s%s", answer_current(arena, answer),
                        node_is_plain(node_get(answer, "at_head"), "true") ? " (head)" : "");
}

const Command cmd_current = {
    .name = "current",
    .summary = "show the revision that the database is at",
    .arguments = "",
    .details = "Reads the version table and creates nothing, where it is missing. A branch that another "
               "depends on is "
               "shown too, though it needs no row of its own.",
    .options = options,
    .options_size = sizeof(CurrentOptions),
    .per_database = true,
    OF_FLEET(CurrentOptions, fleet),
    .gist = gist,
    .run = run,
};
