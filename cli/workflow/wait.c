#include "cli/workflow/wait.h"

#include <string.h>
#include <time.h>

#include "cli/output/progress.h"
#include "core/base/clock.h"

// A server that is asked often while it starts does not start sooner; one that is up should not be waited for.
enum { FIRST_PAUSE_MS = 50, LONGEST_PAUSE_MS = 1000, LONGEST_TRY_S = 10 };

static void pause_for(double ms)
{
    const struct timespec nap = { (time_t)(ms / 1000), (long)((long long)(ms * 1e6) % 1000000000) };
    nanosleep(&nap, NULL);
}

// A host that swallows packets must not make a single try longer than what is left.
static Url bounded(Session *session, const Url *url, double left_ms)
{
    Url out = *url;
    long seconds = (long)(left_ms / 1000) + 1;
    seconds = seconds > LONGEST_TRY_S ? LONGEST_TRY_S : seconds < 2 ? 2 : seconds;
    if (!url->host || url_param(url, "connect_timeout"))
        return out;
    out.params.capacity = out.params.count; // the project's own stay as they are
    *VEC_PUSH(session->arena, &out.params) =
        (UrlParam){ "connect_timeout", arena_printf(session->arena, "%ld", seconds) };
    return out;
}

static bool connect_once(Session *session, const Project *project, const Url *url, void *payload, Error *err)
{
    (void)payload;
    Db *db = NULL;
    bool ok = session_connect(session, url, project->url_folder, true, &db, err);
    progress_watch(session->progress, NULL);
    if (ok)
        db_close(db);
    return ok;
}

static void say_why(Session *session, const Project *project, const Error *why, Error *said)
{
    if (strcmp(why->message, said->message) == 0)
        return;
    *said = *why;
    report_note(&session->report, "Waiting for %s: %s", project->url_title, why->message);
}

// One try, or as many as there is time for. False: the last one failed, and *why says with what.
static bool try_for(Session *session, const Project *project, double timeout_ms, WaitTry *attempt,
                    void *payload, Error *why)
{
    double start = now_ms(), pause = FIRST_PAUSE_MS, left = timeout_ms;
    Error said = { 0 };
    for (;;) {
        *why = (Error){ 0 };
        const Url url = bounded(session, &project->url, left);
        if (attempt(session, project, &url, payload, why))
            return true;
        left = timeout_ms - (now_ms() - start);
        if (left <= 0 || (why->code != ERR_CONNECT && why->code != ERR_SQL))
            return false;
        say_why(session, project, why, &said);
        pause_for(pause < left ? pause : left);
        pause = pause * 2 < LONGEST_PAUSE_MS ? pause * 2 : LONGEST_PAUSE_MS;
    }
}

bool wait_until(Session *session, const Project *project, const char *timeout, WaitTry *attempt,
                void *payload, double *waited_ms, Error *err)
{
    unsigned timeout_ms;
    Error why;
    if (!duration_parse(timeout, &timeout_ms)) {
        error_set(err, ERR_USAGE, "'%s' is not a duration", timeout);
        return error_hint(err, "Write 60s, 500ms, 2m or 0.");
    }
    if (!driver_for(&project->url, err))
        return false;
    double start = now_ms();
    progress_begin(session->progress, arena_printf(session->arena, "waiting for %s", project->url_title), 0,
                   0);
    bool ok = try_for(session, project, timeout_ms, attempt, payload, &why);
    progress_end(session->progress);
    if (waited_ms)
        *waited_ms = now_ms() - start;
    if (ok)
        return true;
    if (err)
        *err = why;
    if (why.code != ERR_CONNECT && why.code != ERR_SQL)
        return false;
    return timeout_ms ? error_prefix(err, "no answer within %s: ", timeout) : false;
}

bool wait_for_database(Session *session, const Project *project, const char *timeout, double *waited_ms,
                       Error *err)
{
    return wait_until(session, project, timeout, connect_once, NULL, waited_ms, err);
}
