// Makes what the model declares in an empty database, and stamps the head: no need to walk through all history.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/diff_print.h"
#include "cli/workflow/create_run.h"
#include "cli/workflow/version.h"
#include "core/base/file.h"
#include "core/db/row_files.h"
#include "core/lint/sentence.h"

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

// ---- Rows of the history, which is not walked through

typedef struct LeftOut {
    SourcePos at;
    const char *revision, *table;
} LeftOut;
typedef VEC(LeftOut) LeftOutList;

static bool is_declared(const Schema *want, const SqlName *table)
{
    VEC_EACH (DataSet *, it, &want->data)
        if (table->name && strcmp((*it)->table->head.name, table->name) == 0)
            return true;
    return false;
}

// What changes rows, in a table that is still there and whose rows the model does not declare.
static void note_left_out(Session *session, const Project *project, const Schema *want,
                          const Revision *revision, const Section *section, LeftOutList *out)
{
    VEC_EACH (const ScriptStatement, it, &section->statements) {
        Sentence sentence;
        const char *sql = arena_strndup(session->arena, it->sql.p, it->sql.n);
        sentence_read(session->arena, project->dialect, sql, &sentence);
        bool rows =
            sentence.verb == VERB_INSERT || sentence.verb == VERB_UPDATE || sentence.verb == VERB_DELETE;
        const SqlName *table = &sentence.object;
        if (!rows || !table->name || is_declared(want, table) ||
            !schema_table(want, table->schema, table->name))
            continue;
        *VEC_PUSH(session->arena, out) = (LeftOut){ it->at, revision->id, table->name };
    }
}

static bool find_left_out(Session *session, const Project *project, const Graph *graph, const Schema *want,
                          LeftOutList *out, Error *err)
{
    VEC_EACH (Revision *, revision, &graph->revisions) {
        Script script = { 0 };
        SectionList sections = { 0 };
        if (!script_read_whole(session->arena, (*revision)->script, &script, err) ||
            !script_sections(session->arena, &script, project->dialect, UPGRADE, &sections, err))
            return false;
        VEC_EACH (Section *, section, &sections)
            note_left_out(session, project, want, *revision, *section, out);
    }
    return true;
}

static void tell_left_out(Session *session, const LeftOutList *list)
{
    VEC_EACH (const LeftOut, it, list)
        report_warning(&session->report,
                       "not run: %s:%u changes rows of table %s, which the model does not declare",
                       path_shown(session->arena, it->at.file), it->at.line, safe(session->arena, it->table));
    if (list->count)
        report_note(&session->report,
                    "Declare those rows under data:, or walk through the history instead: cmigrate upgrade");
}

static void left_out_json(Json *json, Arena *arena, const LeftOutList *list)
{
    json_key(json, "not_run");
    json_open(json, '[');
    VEC_EACH (const LeftOut, it, list) {
        json_open(json, '{');
        json_put_text(json, "revision", it->revision);
        json_put_text(json, "path", path_shown(arena, it->at.file));
        json_put_int(json, "line", it->at.line);
        json_put_text(json, "table", it->table);
        json_close(json, '}');
    }
    json_close(json, ']');
}

// ---- The whole

// The files that rows come from lie in a folder of their own for as long as they are read.
static bool run_plan(Session *session, const Project *project, const Comparison *c, const Plan *plan,
                     Error *err)
{
    const char *base = getenv("TMPDIR");
    char *folder = arena_printf(session->arena, "%s/cmigrate-rows-XXXXXX", base && *base ? base : "/tmp");
    bool files = false;
    VEC_EACH (const DataTable, t, &c->data.tables)
        files = files || t->spool_name;
    if (!files)
        return create_run(session, project->db, &plan->statements, ".", err);
    if (!mkdtemp(folder))
        return error_set(err, ERR_IO, "cannot make the folder %s", folder);
    bool ok = data_keep_files(session->arena, &c->data, folder, err) &&
              create_run(session, project->db, &plan->statements, folder, err);
    VEC_EACH (const DataTable, t, &c->data.tables)
        if (t->spool_name)
            unlink(path_join(session->arena, folder, t->spool_name));
    rmdir(path_join(session->arena, folder, DATA_FOLDER));
    rmdir(folder);
    return ok;
}

// Runs the plan from nothing to the model in a database that is empty, and stamps the heads. What revisions do
// besides the model is reported, since it is left out.
static bool create(Session *session, Project *project, Error *err)
{
    const CreateOptions *o = session->options;
    Graph graph;
    Comparison c;
    Plan plan;
    NameList rows = { 0 };
    LeftOutList left_out = { 0 };
    session->plans = true;
    if (!project_graph(session, project, &graph, err) ||
        !compare_project(session, project, project->db, project->url_title, NULL, &c, err) ||
        !version_read(project->db, session->arena, &project->store, &rows, NULL, err))
        return false;
    if (c.have.tables.count || rows.count)
        return refuse_full(project, &c, err);
    report_warnings(&session->report, &c.want.warnings);
    if (!compare_plan_up(session->arena, &c, NULL, &plan, err) ||
        !find_left_out(session, project, &graph, &c.want, &left_out, err))
        return false;
    tell_left_out(session, &left_out);
    if (o->sql) {
        StrBuf text;
        strbuf_init(&text, session->arena);
        VEC_EACH (Statement, statement, &plan.statements)
            strbuf_printf(&text, "%s;\n", statement->sql);
        session_print_script(session, NULL, &text);
        return true;
    }
    if (!run_plan(session, project, &c, &plan, err) || !stamp(session, project, &graph, err))
        return false;
    Json json;
    if (session_answer_begin(session, &json, '{')) {
        json_put_text(&json, "url", project->url_title);
        json_put_int(&json, "tables", (long long)c.want.tables.count);
        json_put_int(&json, "statements", (long long)plan.statements.count);
        left_out_json(&json, session->arena, &left_out);
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
    .details = "For tests and new installations, which need not walk through all history. Declared rows are "
               "inserted. "
               "Revisions are not run: what changes rows in them that the model does not declare is named. "
               "Refuses, with "
               "status 1, where the database has tables.",
    .options = options,
    .options_size = sizeof(CreateOptions),
    .per_database = true,
    .run = run,
};
