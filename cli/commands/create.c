// Makes what the model declares in an empty database, and stamps the head: no need to walk through all history.
#include <string.h>

#include "cli/output/diff_print.h"
#include "cli/workflow/create_run.h"
#include "cli/workflow/version.h"

typedef struct CreateOptions {
    bool sql;
} CreateOptions;

static const Opt options[] = {
    {.name = "sql",
     .kind = OPT_FLAG,
     .offset = offsetof(CreateOptions, sql),
     .help = "print the SQL, run nothing" },
    { 0},
};

static bool refuse_full(const Project *project, const Comparison *c, Error *err)
{
    error_set(err, ERR_STATE, "%s is not empty: it has %zu table%s", project->url_title, c->have.tables.count,
              c->have.tables.count == 1 ? "" : "s");
    return error_hint(err,
                      "create is for an empty database; here, use 'cmigrate upgrade' or 'cmigrate migrate'.");
}

// A statement that puts rows into a table of the project's own.
static bool inserts_rows(Arena *arena, const Dialect *dialect, const ScriptStatement *statement)
{
    static const char *const words[] = { "INSERT", "REPLACE", "COPY", "LOAD", "MERGE" };
    TokenList tokens = lex_all(arena, statement->sql, dialect->lex);
    bool found = false;
    for (size_t i = 0; i < COUNT_OF(words) && tokens.count > 2; i++)
        found = found || token_is(&tokens.items[0], words[i]);
    // a rebuild copies what is there, into a table of ours
    return found && strncmp(token_name(arena, &tokens.items[2]), "cmigrate_", 9) != 0;
}

// Revisions are not run: rows that they insert are not there afterwards.
static void warn_of_rows(Session *session, const Dialect *dialect, const Graph *graph)
{
    VEC_EACH (Revision *, it, &graph->revisions) {
        Script script;
        SectionList sections = { 0 };
        Error ignored = { 0 };
        const ScriptStatement *first = NULL;
        if (!script_read(session->arena, (*it)->script->path, &script, &ignored) ||
            !script_sections(session->arena, &script, dialect, UPGRADE, &sections, &ignored))
            continue;
        VEC_EACH (Section *, section, &sections)
            VEC_EACH (ScriptStatement, statement, &(*section)->statements)
                if (!first && inserts_rows(session->arena, dialect, statement))
                    first = statement;
        if (first)
            report_warning(&session->report,
                           "%s:%u inserts rows: create runs no revision, so they are missing",
                           path_shown(session->arena, script.path), first->at.line);
    }
}

static bool stamp(Session *session, const Project *project, const Graph *graph, Error *err)
{
    NameList before = { 0 }, after = { 0 }, targets = { 0 };
    if (!graph->heads.count)
        return true;
    *VEC_PUSH(session->arena, &targets) = "heads";
    const ApplyRequest request = {
        .store = &project->store,
        .graph = graph,
        .lock_timeout_ms = project->config->lock_timeout_ms,
        .who = session_who(session->arena),
        .tool = "cmigrate " CMIGRATE_VERSION,
    };
    return apply_stamp(project->db, session->arena, &request, &targets, false, &before, &after, err);
}

static bool create(Session *session, Project *project, Error *err)
{
    const CreateOptions *o = session->options;
    Graph graph;
    Comparison c;
    Plan plan;
    NameList rows = { 0 };
    if (!project_graph(session, project, &graph, err) ||
        !compare_project(session, project, project->db, project->url_title, NULL, &c, err) ||
        !version_read(project->db, session->arena, &project->store, &rows, NULL, err))
        return false;
    if (c.have.tables.count || rows.count)
        return refuse_full(project, &c, err);
    report_warnings(&session->report, &c.want.warnings);
    if (!compare_plan_up(session->arena, &c, NULL, &plan, err))
        return false;
    if (o->sql) {
        StrBuf text;
        strbuf_init(&text, session->arena);
        VEC_EACH (Statement, statement, &plan.statements)
            strbuf_printf(&text, "%s;\n", statement->sql);
        session_print_script(session, NULL, &text);
        return true;
    }
    if (!create_run(session, project->db, &plan.statements, err) || !stamp(session, project, &graph, err))
        return false;
    warn_of_rows(session, project->dialect, &graph);
    Json json;
    if (session_answer_begin(session, &json, '{')) {
        json_put_text(&json, "url", project->url_title);
        json_put_int(&json, "tables", (long long)c.want.tables.count);
        json_put_int(&json, "statements", (long long)plan.statements.count);
        session_answer_end(session, &json, '{');
    }
    report_line(&session->report, "Created %zu table%s in %s", c.want.tables.count,
                c.want.tables.count == 1 ? "" : "s", project->url_title);
    return true;
}

static bool run(Session *session, Error *err)
{
    const CreateOptions *o = session->options;
    Project project;
    bool ok = project_open(session, o->sql ? NEEDS_READING : NEEDS_WRITING, &project, err) &&
              create(session, &project, err);
    project_close(session, &project);
    return ok;
}

const Command cmd_create = {
    .name = "create",
    .summary = "make what the model declares in an empty database, and stamp the head",
    .arguments = "",
    .details = "For tests and new installations, which need not walk through all history. Refuses, with "
               "status 1, where the "
               "database has tables.",
    .options = options,
    .options_size = sizeof(CreateOptions),
    .per_database = true,
    .run = run,
};
