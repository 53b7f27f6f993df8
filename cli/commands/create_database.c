// Makes the database itself: what upgrade expects to be there on a server.
#include "cli/output/json.h"
#include "cli/output/progress.h"
#include "cli/workflow/wait.h"

typedef struct CreateDatabaseOptions {
    const char *wait;
} CreateDatabaseOptions;

static const Opt options[] = {
    {.name = "wait",
     .kind = OPT_TEXT,
     .offset = offsetof(CreateDatabaseOptions, wait),
     .value_name = "DURATION",
     .help = "wait for the server to answer first, so long at most: 60s" },
    { 0},
};

static bool make(Session *session, const Project *project, const Url *url, void *payload, Error *err)
{
    const ConnectOptions connect = { .create = true, .folder = project->url_folder };
    const Driver *driver = driver_for(url, err);
    progress_arm(session->progress);
    return driver && driver->create_database(session->arena, url, &connect, payload, err);
}

static bool run(Session *session, Error *err)
{
    const CreateDatabaseOptions *o = session->options;
    Project project;
    bool made = false;
    bool ok = project_open(session, NEEDS_DIALECT, &project, err) &&
              (o->wait ? wait_until(session, &project, o->wait, make, &made, NULL, err)
                       : make(session, &project, &project.url, &made, err));
    if (ok) {
        Json json;
        report_line(&session->report, "%s %s", project.url_title, made ? "was created" : "is there already");
        if (session_answer_begin(session, &json, '{')) {
            json_put_text(&json, "url", project.url_title);
            json_put_bool(&json, "created", made);
            session_answer_end(session, &json, '{');
        }
    }
    project_close(session, &project);
    return ok;
}

static const char *const examples[] = {
    "A new environment: the server is just starting",
    "cmigrate create-database --wait 60s && cmigrate upgrade",
    NULL,
};

const Command cmd_create_database = {
    .name = "create-database",
    .summary = "create the database that the URL names, if it is missing",
    .arguments = "",
    .details =
        "Empty, with the server's own settings for character set, collation and owner. On PostgreSQL the "
        "user needs CREATEDB and connects to the database postgres, or to template1; on SQLite the file "
        "is made. A database that is there already is left as it is, with status 0.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(CreateDatabaseOptions),
    .per_database = true,
    .run = run,
};
