// Until the database answers.
#include "cli/output/json.h"
#include "cli/workflow/wait.h"

typedef struct WaitOptions {
    const char *timeout;
} WaitOptions;

static const Opt options[] = {
    {.name = "timeout",
     .kind = OPT_TEXT,
     .offset = offsetof(WaitOptions, timeout),
     .value_name = "DURATION",
     .help = "how long: 60s, 500ms, 2m; 0: one try (default: 60s)" },
    { 0},
};

static bool run(Session *session, Error *err)
{
    const WaitOptions *o = session->options;
    Project project;
    double waited_ms = 0;
    bool ok = project_open(session, NEEDS_DIALECT, &project, err) &&
              wait_for_database(session, &project, o->timeout ? o->timeout : "60s", &waited_ms, err);
    if (ok) {
        Json json;
        report_line(&session->report, "%s answers", project.url_title);
        if (session_answer_begin(session, &json, '{')) {
            json_put_text(&json, "url", project.url_title);
            json_put_bool(&json, "answers", true);
            json_key(&json, "ms");
            json_ms(&json, waited_ms);
            session_answer_end(session, &json, '{');
        }
    }
    project_close(session, &project);
    return ok;
}

static const char *const examples[] = {
    "Before the application starts, in a container",
    "cmigrate wait --timeout 2m",
    "The same, and then upgrade",
    "cmigrate upgrade --wait 2m",
    NULL,
};

const Command cmd_wait = {
    .name = "wait",
    .summary = "wait until the database answers",
    .arguments = "",
    .details =
        "Status 0 as soon as a connection can be used, 3 when the time is over; the message says why the "
        "last try failed. Why it waits is told on standard error. What waiting cannot change, as a driver "
        "that is missing, ends it at once. Nothing is created or changed.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(WaitOptions),
    .per_database = true,
    .run = run,
};
