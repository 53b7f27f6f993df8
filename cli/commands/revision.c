// revision and merge: scripts that are written by hand, or join two heads.
#include <string.h>

#include "cli/output/json.h"
#include "cli/workflow/version.h"
#include "core/base/file.h"

typedef struct RevisionOptions {
    GraphOptions graph;
    bool sql;
} RevisionOptions;

static const Opt revision_options[] = {
    GRAPH_OPTION_MESSAGE(RevisionOptions, graph),
    GRAPH_OPTION_ID(RevisionOptions, graph),
    GRAPH_OPTION_HEAD(RevisionOptions, graph),
    GRAPH_OPTION_SPLICE(RevisionOptions, graph),
    GRAPH_OPTION_LABEL(RevisionOptions, graph),
    GRAPH_OPTION_DEPENDS(RevisionOptions, graph),
    GRAPH_OPTION_PATH(RevisionOptions, graph),
    {.name = "sql",
                              .kind = OPT_FLAG,
                              .offset = offsetof(RevisionOptions, sql),
                              .help = "print the script, write nothing" },
    { 0},
};

static const Opt merge_options[] = {
    GRAPH_OPTION_MESSAGE(RevisionOptions, graph), GRAPH_OPTION_ID(RevisionOptions, graph),
    GRAPH_OPTION_SPLICE(RevisionOptions, graph),  GRAPH_OPTION_LABEL(RevisionOptions, graph),
    GRAPH_OPTION_PATH(RevisionOptions, graph),    { 0 },
};

// The same members, whether a script was written or (`head` NULL) there was nothing to write.
static bool answer_written(Session *session, const Script *head, const char *path)
{
    static const NameList none = { 0 };
    Json json;
    if (session_answer_begin(session, &json, '{')) {
        json_put_text(&json, "revision", head ? head->revision : NULL);
        json_put_names(&json, "parents", head ? &head->parents : &none);
        json_put_text(&json, "path", path);
        session_answer_end(session, &json, '{');
    }
    return true;
}

static bool write_empty(Session *session, const Project *project, const Script *head, Error *err)
{
    const RevisionOptions *o = session->options;
    const char *path = NULL;
    if (o->sql) {
        StrBuf text;
        strbuf_init(&text, session->arena);
        script_write(&text, head, project->dialect, NULL, NULL);
        session_print_script(session, head->revision, &text);
        return true;
    }
    if (!revision_save(session, project, head, project->dialect, NULL, NULL, &path, err))
        return false;
    report_line(&session->report, "Wrote %s", path);
    return answer_written(session, head, path);
}

static bool run_revision(Session *session, Error *err)
{
    const RevisionOptions *o = session->options;
    Project project;
    Graph graph;
    Script head;
    return project_open(session, NEEDS_FOLDERS, &project, err) &&
           project_graph(session, &project, &graph, err) &&
           revision_head(session, &project, &graph, &o->graph, &head, err) &&
           write_empty(session, &project, &head, err);
}

static bool add_parent(Session *session, const RevisionOptions *o, Revision *revision, Script *head,
                       Error *err)
{
    if (!revision->is_head && !o->graph.splice)
        return error_set(
            err, ERR_USAGE,
            "Revision %s is not a head revision; please specify --splice to create a new branch from "
            "this revision",
            revision->id);
    if (!names_have(&head->parents, revision->id))
        *VEC_PUSH(session->arena, &head->parents) = revision->id;
    if (!head->folder)
        head->folder = path_folder(session->arena, revision->script->path);
    return true;
}

static bool choose_parents(Session *session, const Graph *graph, Script *head, Error *err)
{
    const RevisionOptions *o = session->options;
    head->parents = (NameList){ 0 };
    bool all = session->args.count == 0;
    VEC_EACH (const char *, word, &session->args) {
        if (strcmp(*word, "heads") == 0) {
            all = true;
            continue;
        }
        Revision *revision = revision_resolve(session, graph, *word, err);
        if (!revision || !add_parent(session, o, revision, head, err))
            return false;
    }
    if (all)
        VEC_EACH (Revision *, it, &graph->heads)
            if (!add_parent(session, o, *it, head, err))
                return false;
    return true;
}

// Writes an empty revision with several parents. Fewer than two heads is no error: there is nothing to do.
static bool run_merge(Session *session, Error *err)
{
    const RevisionOptions *o = session->options;
    Project project;
    Graph graph;
    Script head;
    GraphOptions placed = o->graph;
    placed.head = "base"; // the parents are ours to choose
    placed.joins = true;
    if (!project_open(session, NEEDS_FOLDERS, &project, err) ||
        !project_graph(session, &project, &graph, err) ||
        !revision_head(session, &project, &graph, &placed, &head, err) ||
        !choose_parents(session, &graph, &head, err))
        return false;
    if (head.parents.count < 2) {
        report_line(&session->report, "Nothing to merge: there %s",
                    graph.heads.count == 1 ? "is one head" : "are fewer than two revisions given");
        return answer_written(session, NULL, NULL);
    }
    if (!head.message || !*head.message)
        head.message =
            arena_printf(session->arena, "merge %s", names_joined(session->arena, &head.parents, ""));
    return write_empty(session, &project, &head, err);
}

const Command cmd_revision = {
    .name = "revision",
    .summary = "write an empty revision, to be filled in by hand",
    .arguments = "",
    .options = revision_options,
    .options_size = sizeof(RevisionOptions),
    .per_database = true,
    .makes_folder = true,
    .run = run_revision,
};

const Command cmd_merge = {
    .name = "merge",
    .summary = "write a revision that joins several heads",
    .arguments = "[REV…]",
    .details = "Without revisions, or with the word heads, all heads are joined.",
    .options = merge_options,
    .options_size = sizeof(RevisionOptions),
    .max_args = 64,
    .completes = COMPLETES_REVISION,
    .per_database = true,
    .run = run_merge,
};
