// stamp and ensure-version: the version table, without running a script.
#include <string.h>

#include "cli/output/json.h"
#include "cli/workflow/fleet.h"
#include "cli/workflow/version.h"

typedef struct StampOptions {
    bool purge, sql;
    const char *tag;
    FleetOptions fleet;
} StampOptions;

typedef struct EnsureOptions {
    bool sql;
} EnsureOptions;

#define AT(member) offsetof(StampOptions, member)
static const Opt stamp_options[] = {
    {.name = "purge",
     .kind = OPT_FLAG,
     .offset = AT(purge),
     .help = "empty the version table first: the way past a revision that no script has" },
    { .name = "sql",
     .kind = OPT_FLAG,
     .offset = AT(sql),
     .help = "print the script for [FROM:]REV, without connecting" },
    { .name = "tag",
     .kind = OPT_TEXT,
     .offset = AT(tag),
     .value_name = "TEXT",
     .help = "a word for the head of the script" },
    FLEET_OPTIONS(StampOptions, fleet),
    { 0   },
};
static const Opt ensure_options[] = {
    {.name = "sql",
     .kind = OPT_FLAG,
     .offset = offsetof(EnsureOptions, sql),
     .help = "print the script, without connecting" },
    { 0},
};

static void fill_request(Session *session, const Project *project, const Graph *graph, ApplyRequest *out)
{
    *out = (ApplyRequest){
        .store = &project->store,
        .graph = graph,
        .lock_timeout_ms = project->config->lock_timeout_ms,
        .who = session_who(session->arena),
        .tool = "cmigrate " CMIGRATE_VERSION,
    };
}

static void answer(Session *session, const Project *project, const NameList *before, const NameList *after,
                   const StrBuf *sql)
{
    Json json;
    if (!session_answer_begin(session, &json, '{'))
        return;
    json_put_text(&json, "url", project->url_title);
    json_put_names(&json, "before", before);
    json_put_names(&json, "after", after);
    if (sql)
        json_put_text(&json, "sql", sql->text);
    session_answer_end(session, &json, '{');
}

static bool stamp(Session *session, Project *project, Error *err)
{
    const StampOptions *o = session->options;
    Graph graph;
    NameList before = { 0 }, after = { 0 }, targets = session->args;
    ApplyRequest request;
    if (!project_graph(session, project, &graph, err) || !project_connect(session, project, false, err))
        return false;
    if (!targets.count)
        *VEC_PUSH(session->arena, &targets) = "head";
    fill_request(session, project, &graph, &request);
    if (!apply_stamp(project->db, session->arena, &request, &targets, o->purge, &before, &after, err))
        return false;
    report_note(&session->report, "Running stamp_revision %s -> %s",
                names_joined(session->arena, &before, ""), names_joined(session->arena, &after, ""));
    report_line(&session->report, "%s is at %s", project->url_title,
                standing_text(session->arena, &after, &graph));
    answer(session, project, &before, &after, NULL);
    return true;
}

// A revision that a squash replaces and whose script is still there: a database may be at it. NULL: it is none.
static const char *replaced_row(const Graph *graph, const char *id)
{
    VEC_EACH (Revision *, it, &graph->replaced)
        if (strcmp((*it)->id, id) == 0)
            return (*it)->id;
    return NULL;
}

// Reads [FROM:]TO…: the targets, and FROM, NULL where it is left out.
static const char *take_range(Session *session, NameList *targets)
{
    const char *first = session->args.count ? session->args.items[0] : "head";
    const char *colon = strchr(first, ':');
    *VEC_PUSH(session->arena, targets) = !colon ? first : colon[1] ? colon + 1 : "head";
    for (size_t i = 1; i < session->args.count; i++)
        *VEC_PUSH(session->arena, targets) = session->args.items[i];
    return colon && colon != first ? arena_strndup(session->arena, first, (size_t)(colon - first)) : NULL;
}

// Which rows the version table has before and after, by the graph that a database between these revisions needs, which
// `graph` becomes: one in the middle of what a squash replaces takes it apart. FROM may be a replaced revision, which is its own row.
static bool find_rows(Session *session, Graph *graph, const char *start, const NameList *targets,
                      NameList *before, NameList *after, Error *err)
{
    Graph own;
    const Graph *needed;
    NameList ends = { 0 };
    RevisionList from = { 0 };
    VEC_EACH (const char *, it, targets)
        *VEC_PUSH(session->arena, &ends) = *it;
    if (start)
        *VEC_PUSH(session->arena, &ends) = start;
    if (!graph_for_rows(session->arena, graph, &ends, &own, &needed, err))
        return false;
    if (needed == &own)
        *graph = own;
    const char *row = start ? replaced_row(graph, start) : NULL;
    if (row)
        *VEC_PUSH(session->arena, before) = row;
    else if (start && !graph_resolve(session->arena, graph, NULL, start, &from, err))
        return false;
    VEC_EACH (Revision *, it, &from)
        *VEC_PUSH(session->arena, before) = (*it)->id;
    return graph_stamp(session->arena, graph, &from, targets, after, err);
}

// The SQL that a stamp would run, from the revisions that the caller names: no database is asked.
static bool stamp_offline(Session *session, Project *project, Error *err)
{
    const StampOptions *o = session->options;
    Graph graph;
    NameList targets = { 0 }, before = { 0 }, after = { 0 };
    const char *start = take_range(session, &targets);
    ApplyRequest request;
    StrBuf sql;
    if (o->purge) {
        error_set(err, ERR_USAGE, "Can't use --purge with --sql mode");
        return error_hint(err, "Say what the table holds instead: cmigrate stamp --sql FROM:REV");
    }
    if (!project_graph(session, project, &graph, err) ||
        !find_rows(session, &graph, start, &targets, &before, &after, err))
        return false;
    fill_request(session, project, &graph, &request);
    request.tag = o->tag;
    strbuf_init(&sql, session->arena);
    if (!apply_stamp_offline(session->arena, project->dialect, &request, &before, &after, &sql, err))
        return false;
    if (session->json)
        answer(session, project, &before, &after, &sql);
    else
        session_print_sql(session, &sql);
    return true;
}

static bool run_stamp(Session *session, Error *err)
{
    const StampOptions *o = session->options;
    Project project;
    bool ok = project_open(session, NEEDS_DIALECT, &project, err) &&
              (o->sql ? stamp_offline : stamp)(session, &project, err);
    project_close(session, &project);
    return ok;
}

static bool ensure_version(Session *session, Project *project, Error *err)
{
    if (!apply_ensure_version(project->db, session->arena, &project->store, err))
        return false;
    report_line(&session->report, "%s has its version table %s", project->url_title,
                project->config->version_table);
    Json json;
    if (session_answer_begin(session, &json, '{')) {
        json_put_text(&json, "url", project->url_title);
        json_put_text(&json, "version_table", project->config->version_table);
        session_answer_end(session, &json, '{');
    }
    return true;
}

static bool ensure_version_offline(Session *session, Project *project, Error *err)
{
    (void)err;
    StrBuf sql;
    ApplyRequest request;
    strbuf_init(&sql, session->arena);
    fill_request(session, project, NULL, &request);
    apply_ensure_version_offline(session->arena, project->dialect, &request, &sql);
    if (session->json)
        session_print_text(session, "sql", &sql);
    else
        session_print_sql(session, &sql);
    return true;
}

static bool run_ensure_version(Session *session, Error *err)
{
    const EnsureOptions *o = session->options;
    Project project;
    bool ok = project_open(session, o->sql ? NEEDS_DIALECT : NEEDS_WRITING, &project, err) &&
              (o->sql ? ensure_version_offline : ensure_version)(session, &project, err);
    project_close(session, &project);
    return ok;
}

static const char *const examples[] = {
    "The database has everything already",
    "cmigrate stamp head",
    "A row of a script that was deleted is in the way",
    "cmigrate stamp --purge head",
    "The script for a database that cannot be reached, and is at the base",
    "cmigrate stamp --sql head",
    NULL,
};

const Command cmd_stamp = {
    .name = "stamp",
    .summary = "set the database's revision without running a script",
    .arguments = "[REV…]",
    .details =
        "REV is a revision, head, heads or base; the default is head. With --sql, FROM:REV says where the "
        "database stands (default: base); the script stops by itself where that is not so.",
    .examples = examples,
    .options = stamp_options,
    .options_size = sizeof(StampOptions),
    .max_args = 64,
    .completes = COMPLETES_REVISION,
    .per_database = true,
    OF_FLEET(StampOptions, fleet),
    .run = run_stamp,
};

const Command cmd_ensure_version = {
    .name = "ensure-version",
    .summary = "create the version table, if it is missing",
    .arguments = "",
    .options = ensure_options,
    .options_size = sizeof(EnsureOptions),
    .per_database = true,
    .run = run_ensure_version,
};
