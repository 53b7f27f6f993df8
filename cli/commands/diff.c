// The SQL that leads from one side to the other.
#include "cli/output/diff_print.h"
#include "cli/output/progress.h"
#include "cli/workflow/source.h"

typedef struct DiffOptions {
    bool reverse, exit_code, list, online;
    NameList renames;
} DiffOptions;

#define AT(member) offsetof(DiffOptions, member)
static const Opt options[] = {
    {.name = "reverse",                              .kind = OPT_FLAG, .offset = AT(reverse), .help = "lead from TO to FROM" },
    { .name = "exit-code",
     .kind = OPT_FLAG,
     .offset = AT(exit_code),
     .help = "status 1 where there is a difference" },
    { .name = "list",
     .kind = OPT_FLAG,
     .offset = AT(list),
     .help = "print the list of changes, not their SQL" },
    { .name = "rename",
     .kind = OPT_LIST,
     .offset = AT(renames),
     .value_name = "OLD=NEW",
     .help = "a table, or TABLE.COLUMN, that was renamed; may be repeated" },
    { .name = "online",
     .kind = OPT_FLAG,
     .offset = AT(online),
     .help = "prefer what does not block writers over one transaction" },
    { 0                               },
};

static void print_sql(Session *session, const Plan *plan)
{
    StrBuf out;
    strbuf_init(&out, session->arena);
    VEC_EACH (Statement, statement, &plan->statements) {
        if (statement->comment)
            strbuf_printf(&out, "-- %s\n", safe(session->arena, statement->comment));
        if (statement->assertion)
            strbuf_printf(&out, "-- must give no row: %s\n", safe(session->arena, statement->assertion));
        strbuf_printf(&out, "%s;\n", statement->sql);
    }
    session_print_sql(session, &out);
}

// Prints changes or SQL. With --exit-code a difference is status 1, so that scripts can ask.
static bool answer(Session *session, const Comparison *c, const Plan *plan, Error *err)
{
    const DiffOptions *o = session->options;
    Losses losses = { 0 };
    if (!losses_count(session, NULL, c, plan, false, &losses, err))
        return false;
    if (o->exit_code && compare_differs(c))
        session->status = 1;
    Json json;
    if (session_answer_begin(session, &json, '{')) {
        json_put_text(&json, "from", c->have_title);
        json_put_text(&json, "to", c->want_title);
        json_key(&json, "changes");
        diff_json(&json, session->arena, c, &losses);
        json_key(&json, "sql");
        plan_json(&json, plan);
        session_answer_end(session, &json, '{');
    } else if (o->list) {
        diff_print(session, c, &losses);
    } else {
        print_sql(session, plan);
    }
    if (!compare_differs(c))
        report_note(&session->report, "No changes: %s equals %s", c->have_title, c->want_title);
    return true;
}

static bool compare(Session *session, Project *project, Source *from, Source *to, Error *err)
{
    const DiffOptions *o = session->options;
    Comparison c = { 0 };
    Plan plan = { 0 };
    if (!sources_read(session, project, from, to, &c, err) ||
        !compare_add_renames(session, &c, &o->renames, err))
        return false;
    Db *db = from->db ? from->db : to->db;
    const PlanOptions how = { .online = o->online || session->config.online };
    return compare_diff(session, db, &c, err) && compare_plan_up(session->arena, &c, &how, &plan, err) &&
           answer(session, &c, &plan, err);
}

static bool run(Session *session, Error *err)
{
    const DiffOptions *o = session->options;
    const NameList *args = &session->args;
    Project project;
    Source from = { 0 }, to = { 0 };
    session->plans = true;
    bool ok = project_open(session, NEEDS_FOLDERS, &project, err) &&
              source_find(session, &project, args->count > 0 ? args->items[0] : NULL, false, &from, err) &&
              source_find(session, &project, args->count > 1 ? args->items[1] : NULL, true, &to, err);
    ok = ok && (o->reverse ? compare(session, &project, &to, &from, err)
                           : compare(session, &project, &from, &to, err));
    progress_watch(session->progress, NULL);
    source_close(&from);
    source_close(&to);
    return ok;
}

static const char *const examples[] = {
    "What the database lacks",
    "cmigrate diff",
    "Do the revisions lead to the model?",
    "cmigrate diff migrations schema.yaml --exit-code",
    "How two databases differ, as a list",
    "cmigrate diff postgresql://a/shop postgresql://b/shop --list",
    NULL,
};

const Command cmd_diff = {
    .name = "diff",
    .summary = "print the SQL that leads from FROM to TO",
    .arguments = "[FROM] [TO]",
    .details = "Each is a URL, a model file or folder, or the word migrations: what all revisions together "
               "make, replayed in a "
               "scratch database. By default FROM is the database and TO the model. What a model leaves open "
               "is no difference. Changes nothing.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(DiffOptions),
    .max_args = 2,
    .sources = 2,
    .completes = COMPLETES_FILE,
    .per_database = true,
    .run = run,
};
