// heads and branches: two looks at the graph.
#include "cli/output/json.h"
#include "cli/workflow/version.h"

typedef struct HeadsOptions {
    bool resolve_dependencies;
} HeadsOptions;

static const Opt heads_options[] = {
    {.name = "resolve-dependencies",
     .kind = OPT_FLAG,
     .offset = offsetof(HeadsOptions, resolve_dependencies),
     .help = "leave out heads that another head depends on" },
    { 0},
};

static bool open_graph(Session *session, Project *project, Graph *graph, Error *err)
{
    return project_open(session, NEEDS_FOLDERS, project, err) && project_look(session, project, graph, err);
}

// Prints the heads. Those that another revision depends on are left out with --resolve-dependencies.
static bool run_heads(Session *session, Error *err)
{
    const HeadsOptions *o = session->options;
    Project project;
    Graph graph;
    Json json;
    if (!open_graph(session, &project, &graph, err))
        return false;
    session_answer_begin(session, &json, '[');
    VEC_EACH (Revision *, it, &graph.heads) {
        if (o->resolve_dependencies && (*it)->is_needed)
            continue;
        revision_json(&json, session, *it, NULL);
        if (session->report.verbose)
            revision_block(session, *it, NULL);
        else
            report_line(&session->report, "%s", revision_line(session->arena, *it, NULL, LINE_LABELS));
    }
    session_answer_end(session, &json, '[');
    if (!graph.heads.count)
        report_note(&session->report, "No revisions in %s", project.directory);
    return true;
}

// Prints the revisions with several children, newest first as Alembic does, each with its children.
static bool run_branches(Session *session, Error *err)
{
    Project project;
    Graph graph;
    Json json;
    size_t count = 0;
    if (!open_graph(session, &project, &graph, err))
        return false;
    session_answer_begin(session, &json, '[');
    for (size_t i = graph.revisions.count; i-- > 0;) {
        const Revision *revision = graph.revisions.items[i];
        if (!revision->is_branch_point)
            continue;
        count++;
        revision_json(&json, session, revision, NULL);
        if (session->report.verbose) {
            revision_block(session, revision, NULL);
            continue;
        }
        report_line(&session->report, "%s",
                    revision_line(session->arena, revision, NULL, LINE_LABELS | LINE_TREE));
        VEC_EACH (Revision *, child, &revision->children)
            report_line(&session->report, "%*s -> %s", (int)text_width(revision->id), "",
                        revision_line(session->arena, *child, NULL, LINE_LABELS | LINE_TREE));
    }
    session_answer_end(session, &json, '[');
    if (!count)
        report_note(&session->report, "No branch points");
    return true;
}

const Command cmd_heads = {
    .name = "heads",
    .summary = "list the heads: revisions that nothing builds on",
    .arguments = "",
    .options = heads_options,
    .options_size = sizeof(HeadsOptions),
    .per_database = true,
    .run = run_heads,
};

const Command cmd_branches = {
    .name = "branches",
    .summary = "list branch points",
    .arguments = "",
    .per_database = true,
    .run = run_branches,
};
