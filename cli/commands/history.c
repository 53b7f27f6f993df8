#include <string.h>

#include "cli/output/json.h"
#include "cli/workflow/version.h"

typedef struct HistoryOptions {
    const char *range;
    bool indicate_current;
} HistoryOptions;

#define AT(member) offsetof(HistoryOptions, member)
static const Opt options[] = {
    {.name = "rev-range",
     .letter = 'r',
     .kind = OPT_TEXT,
     .offset = AT(range),
     .value_name = "A:B",
     .help = "only these: ids, base, head, current, relative (-3:current)",
     .completes = COMPLETES_REVISION },
    { .name = "indicate-current",
     .letter = 'i',
     .kind = OPT_FLAG,
     .offset = AT(indicate_current),
     .help = "mark the revision of the database (connects)" },
    { 0},
};

static bool choose(Session *session, const Graph *graph, const Standing *standing, RevisionList *out,
                   Error *err)
{
    const HistoryOptions *o = session->options;
    if (o->range)
        return graph_range(session->arena, graph, &standing->current, o->range, out, err);
    for (size_t i = graph->revisions.count; i-- > 0;)
        *VEC_PUSH(session->arena, out) = graph->revisions.items[i];
    return true;
}

// Scripts that are not any more what was run are told, where the database can be asked: without one, or with one that
// does not answer, the history is that of the files alone.
static void warn_changed(Session *session, Project *project, const Graph *graph)
{
    WarningList warnings = { 0 };
    Error ignored = { 0 };
    if (!project->dialect || !graph->revisions.count)
        return;
    if (!project->db && !project_ask(session, project, &ignored)) {
        if (session->common.verbose || ignored.code == ERR_LOCKED)
            report_note(&session->report,
                        "Could not check where the database is, and which scripts changed: %s",
                        ignored.message);
        return;
    }
    if (history_changed_scripts(project->db, session->arena, &project->store, graph, &warnings, &ignored))
        report_warnings(&session->report, &warnings);
    Graph whole = *graph; // it becomes what this database needs
    Standing standing = { 0 };
    if (standing_read(session, project, &whole, &standing, &ignored))
        (void)!interrupted_warn(session, project, &whole, &standing.current, NULL, &ignored);
}

static void answer(Session *session, const RevisionList *list, const RevisionList *current)
{
    const HistoryOptions *o = session->options;
    Json json;
    if (session_answer_begin(session, &json, '[')) {
        VEC_EACH (Revision *, it, list)
            revision_json(&json, session, *it, current);
        session_answer_end(session, &json, '[');
    }
    if (!o->indicate_current) // a range may ask for where the database is, and its marks were not
        current = NULL;
    StrBuf words;
    strbuf_init(&words, session->arena);
    VEC_EACH (Revision *, it, list) {
        if (session->report.verbose) {
            revision_block(session, *it, current);
            continue;
        }
        put_revision_line(&words, *it, current, LINE_PARENTS | LINE_LABELS | LINE_TREE);
        report_words(&session->report, &words);
    }
}

static bool needs_database(const HistoryOptions *o)
{
    return o->indicate_current || (o->range && strstr(o->range, "current"));
}

static bool history(Session *session, Project *project, Error *err)
{
    bool connects = needs_database(session->options);
    Graph graph;
    Standing standing = { 0 };
    RevisionList list = { 0 };
    if (!project_look(session, project, &graph, err))
        return false;
    if (connects && (!project_connect(session, project, true, err) ||
                     !standing_read(session, project, &graph, &standing, err)))
        return false;
    if (!choose(session, &graph, &standing, &list, err))
        return false;
    answer(session, &list, connects ? &standing.current : NULL);
    if (!list.count)
        report_note(&session->report, "No revisions in %s", project->directory);
    warn_changed(session, project, &graph);
    return true;
}

static bool run(Session *session, Error *err)
{
    Project project;
    ProjectNeeds needs = needs_database(session->options) ? NEEDS_DIALECT : NEEDS_FOLDERS;
    bool ok = project_open(session, needs, &project, err) && history(session, &project, err);
    project_close(session, &project);
    return ok;
}

static const char *const examples[] = {
    "The last three revisions that this database has",
    "cmigrate history -r -3:current",
    NULL,
};

const Command cmd_history = {
    .name = "history",
    .summary = "list the revisions, newest first",
    .arguments = "",
    .details = "Where the database answers, scripts that were changed after they ran are listed.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(HistoryOptions),
    .per_database = true,
    .run = run,
};
