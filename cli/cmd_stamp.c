// stamp and ensure-version: the version table, without running a script.
#include "cli/json.h"
#include "cli/version.h"

typedef struct StampOptions {
    bool purge;
} StampOptions;

static const Opt options[] = {
    {.name = "purge",
     .kind = OPT_FLAG,
     .offset = offsetof(StampOptions, purge),
     .help = "empty the version table first: the way past a revision that no script has" },
    { 0},
};

static bool stamp(Session *session, Project *project, Error *err)
{
    const StampOptions *o = session->options;
    Graph graph;
    NameList before = { 0 }, after = { 0 }, targets = session->args;
    if (!project_graph(session, project, &graph, err))
        return false;
    if (!targets.count)
        *VEC_PUSH(session->arena, &targets) = "head";
    const ApplyRequest request = {
        .store = &project->store,
        .graph = &graph,
        .lock_timeout_ms = project->config->lock_timeout_ms,
        .who = session_who(session->arena),
        .tool = "cmigrate " CMIGRATE_VERSION,
    };
    if (!apply_stamp(project->db, session->arena, &request, &targets, o->purge, &before, &after, err))
        return false;
    report_note(&session->report, "Running stamp_revision %s -> %s",
                names_joined(session->arena, &before, ""), names_joined(session->arena, &after, ""));
    report_line(&session->report, "%s is at %s", project->url_title,
                standing_text(session->arena, &after, &graph));
    if (session->json) {
        Json json;
        json_start(&json, session->arena);
        json_open(&json, '{');
        json_put_text(&json, "url", project->url_title);
        json_put_names(&json, "before", &before);
        json_put_names(&json, "after", &after);
        json_close(&json, '}');
        session_answer(session, &json);
    }
    return true;
}

static bool run_stamp(Session *session, Error *err)
{
    Project project;
    bool ok = project_open(session, NEEDS_WRITING, &project, err) && stamp(session, &project, err);
    project_close(session, &project);
    return ok;
}

static bool run_ensure_version(Session *session, Error *err)
{
    Project project;
    bool ok = project_open(session, NEEDS_WRITING, &project, err) &&
              apply_ensure_version(project.db, session->arena, &project.store, err);
    if (ok)
        report_line(&session->report, "%s has its version table %s", project.url_title,
                    project.config->version_table);
    if (ok && session->json) {
        Json json;
        json_start(&json, session->arena);
        json_open(&json, '{');
        json_put_text(&json, "url", project.url_title);
        json_put_text(&json, "version_table", project.config->version_table);
        json_close(&json, '}');
        session_answer(session, &json);
    }
    project_close(session, &project);
    return ok;
}

static const char *const examples[] = {
    "The database has everything already",
    "cmigrate stamp head",
    "A row of a script that was deleted is in the way",
    "cmigrate stamp --purge head",
    NULL,
};

const Command cmd_stamp = {
    .name = "stamp",
    .summary = "set the database's revision without running a script",
    .arguments = "[REV…]",
    .details = "REV is a revision, head, heads or base; the default is head.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(StampOptions),
    .max_args = 64,
    .completes = COMPLETES_REVISION,
    .per_database = true,
    .run = run_stamp,
};

const Command cmd_ensure_version = {
    .name = "ensure-version",
    .summary = "create the version table, if it is missing",
    .arguments = "",
    .per_database = true,
    .run = run_ensure_version,
};
