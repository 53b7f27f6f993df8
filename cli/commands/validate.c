// The model, the scripts and the graph, without a database.
#include <string.h>

#include "cli/workflow/compare.h"
#include "cli/output/json.h"
#include "cli/workflow/revision_new.h"
#include "core/base/file.h"
#include "core/compare/sql_model.h"

// All problems are wanted, not the first kind of them: each look adds to one chain.
static void add_problems(Arena *arena, Error *all, Error *found)
{
    if (all->code == ERR_NONE) {
        *all = *found;
        return;
    }
    Error *last = all;
    while (last->next)
        last = last->next;
    Error *copy = ARENA_NEW(arena, Error);
    *copy = *found;
    last->next = copy;
}

// `linear: true`: one head, and the file that says so has no conflict left in it.
static bool check_linear(Session *session, const Project *project, const Graph *graph, Error *err)
{
    const char *path = path_join(session->arena, project->directory, "HEAD");
    Text text;
    if (!project->config->linear || !graph->heads.count)
        return true;
    if (graph->heads.count > 1) {
        const Script *first = graph->heads.items[0]->script, *second = graph->heads.items[1]->script;
        error_at(err, ERR_SCRIPT, second->revision_at, "linear: true, and there are %zu heads: %s and %s%s",
                 graph->heads.count, first->revision, second->revision, graph->heads.count > 2 ? " …" : "");
        error_also(err, first->revision_at, "the other one");
        return error_hint(err, "'cmigrate rebase' puts one after the other.");
    }
    if (!file_exists(path))
        return true;
    if (!file_read(session->arena, path, 0, &text, err))
        return false;
    const char *head = graph->heads.items[0]->id;
    if (strcmp(arena_strndup(session->arena, text.p, text.n), arena_printf(session->arena, "%s\n", head)) ==
        0)
        return true;
    error_at(err, ERR_SCRIPT, (SourcePos){ path, 1, 0, 0 }, "the head is %s, and this file does not say so",
             head);
    return error_hint(err, "Was a conflict left in it? Write the head's id into it: echo %s > %s", head,
                      path_shown(session->arena, path));
}

// A model of plain SQL is split, and not run: that takes a database.
static bool read_model(Session *session, Project *project, const Dialect *dialect, Comparison *out, bool *sql,
                       Error *err)
{
    size_t statements = 0;
    if (!sql_model_is(session->arena, &project->schema, sql, err))
        return false;
    if (!*sql)
        return compare_read_model(session, project, dialect, out, err);
    if (!sql_model_look(session->arena, dialect, &project->schema, &statements, err))
        return false;
    report_note(&session->report,
                "%s: %zu statements of plain SQL, which 'cmigrate check' runs in a scratch place",
                project->schema_title, statements);
    return true;
}

// Reports the problems of the model and those of the scripts together, because each is read without the other.
static bool run(Session *session, Error *err)
{
    Project project;
    Comparison model = { 0 };
    Graph graph = { 0 };
    Error found = { 0 };
    if (!project_open(session, NEEDS_FOLDERS, &project, err))
        return false;
    const Dialect *dialect = project.dialect ? project.dialect : &sqlite_dialect;
    bool sql = false;
    bool model_good = read_model(session, &project, dialect, &model, &sql, &found);
    if (!model_good)
        add_problems(session->arena, err, &found);
    found = (Error){ 0 };
    size_t statements = 0;
    HeadCache *cache = head_cache_open(session->arena, &project.folders,
                                       project.dialect ? project.dialect->name : "each its own");
    if (!project_folder_exists(session, &project, &found) ||
        !graph_look_whole(session->arena, &project.folders, cache, project.dialect, &graph, &statements,
                          &found) ||
        !check_linear(session, &project, &graph, &found))
        add_problems(session->arena, err, &found);
    found = (Error){ 0 };
    if (!revision_zone_check(session, project.config, &found))
        add_problems(session->arena, err, &found);
    if (err->code != ERR_NONE)
        return false;
    report_warnings(&session->report, &model.want.warnings);
    if (!sql)
        report_line(&session->report, "%s: %zu table%s", project.schema_title, model.want.tables.count,
                    model.want.tables.count == 1 ? "" : "s");
    report_line(&session->report, "%s: %zu revision%s, %zu head%s, %zu statement%s", project.directory,
                graph.revisions.count, graph.revisions.count == 1 ? "" : "s", graph.heads.count,
                graph.heads.count == 1 ? "" : "s", statements, statements == 1 ? "" : "s");
    if (graph.heads.count > 1)
        report_warning(&session->report, "%zu heads: 'cmigrate merge' joins them", graph.heads.count);
    Json json;
    if (session_answer_begin(session, &json, '{')) {
        json_put_bool(&json, "ok", true);
        json_put_int(&json, "tables", (long long)model.want.tables.count);
        json_put_int(&json, "revisions", (long long)graph.revisions.count);
        json_put_int(&json, "heads", (long long)graph.heads.count);
        json_put_int(&json, "statements", (long long)statements);
        session_answer_end(session, &json, '{');
    }
    return true;
}

const Command cmd_validate = {
    .name = "validate",
    .summary = "check the model, the scripts and the revision graph, without a database",
    .arguments = "",
    .details =
        "Everything that is wrong is told in one go, each with its place. Status 2 where something is.",
    .per_database = true,
    .run = run,
};
