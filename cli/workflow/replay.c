#include "cli/workflow/replay.h"

#include <string.h>

#include "cli/output/progress.h"
#include "cli/workflow/version.h"

static bool same_or_empty(const char *a, const char *b) { return strcmp(a ? a : "", b ? b : "") == 0; }

static bool same_place(const Url *a, const Url *b)
{
    return same_or_empty(a->host, b->host) && same_or_empty(a->port, b->port) &&
           same_or_empty(a->database, b->database) &&
           same_or_empty(url_param(a, "host"), url_param(b, "host")) &&
           same_or_empty(url_param(a, "unix_socket"), url_param(b, "unix_socket"));
}

// MySQL: a scratch database has the defaults of the one that it is compared with, not of the one that scratch_url names.
static void take_defaults(const Db *live, Db *beside)
{
    if (!live || live->driver != beside->driver || !live->server.default_charset)
        return;
    beside->server.default_charset = live->server.default_charset;
    beside->server.default_collation = live->server.default_collation;
}

// Where a scratch place is made from: what scratch_url names, or the database itself.
static bool connect_beside(Session *session, const Project *project, const Url *url, const char *folder,
                           Db **out, Error *err)
{
    const Config *config = project->config;
    Url other;
    const char *scratch_url = session_scratch_url(session, url);
    if (!scratch_url)
        return session_connect_beside(session, url, folder, true, out, err);
    if (!url_parse(session->arena, scratch_url, &other, err))
        return error_prefix(err, "scratch_url: ");
    if (!project->scratch_only && other.host && same_place(&other, url))
        return error_set(err, ERR_CONFIG, "scratch_url is the database itself, %s", project->url_title);
    if (!session_connect_beside(session, &other, config->folder, false, out, err))
        return false;
    take_defaults(project->db, *out);
    return true;
}

bool replay_open(Session *session, const Project *project, const Url *url, const char *folder, Db **out,
                 Error *err)
{
    Db *beside;
    if (!connect_beside(session, project, url, folder, &beside, err))
        return false;
    // there is one, or connect_beside() has failed: error_prefix() says false
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    bool ok = beside->driver->scratch
                  ? db_scratch(beside, session->arena, out, err)
                  : error_set(err, ERR_UNSUPPORTED, "%s has no scratch database to replay revisions in",
                              beside->title);
    progress_watch(session->progress, ok ? *out : NULL);
    db_close(beside);
    return ok;
}

static bool run_in_scratch(Session *session, const Project *project, ApplyRequest *request, Db *scratch,
                           Error *err)
{
    size_t moved;
    VersionStore store = project->store;
    store.schema = store.history_schema = NULL; // which need not be there
    request->store = &store;
    request->alone = true;
    request->reached_out = &session->reached_out;
    request->who = session_who(session->arena);
    request->tool = "cmigrate " CMIGRATE_VERSION;
    if (apply_run(scratch, session->arena, request, &moved, err))
        return true;
    if (err->code == ERR_REVISION) {
        error_prefix(err, "replaying the revisions: ");
        error_detail(err, "That was in a scratch place: no database was touched.");
        error_hint(err, "%s",
                   scratch->caveat
                       ? scratch->caveat
                       : "Fix the script, or the object it expects that a fresh database does not have.");
    }
    return false;
}

bool replay_to(Session *session, const Project *project, const Graph *graph, const char *target, Db *scratch,
               Error *err)
{
    ApplyRequest request = {
        .graph = graph,
        .direction = UPGRADE,
        .target = target,
        .variables = &session->common.variables,
    };
    return !graph->revisions.count || run_in_scratch(session, project, &request, scratch, err);
}

bool replay_moves(Session *session, const Project *project, const Graph *graph, const MoveList *moves,
                  const NameList *variables, Db *scratch, Error *err)
{
    ApplyRequest request = {
        .graph = graph,
        .direction = moves->items[0].direction,
        .moves = moves,
        .variables = variables,
    };
    return run_in_scratch(session, project, &request, scratch, err);
}

bool replay_history(Session *session, const Project *project, const Graph *graph, const Url *url,
                    const char *folder, Db **scratch, Schema *out, Error *err)
{
    return replay_open(session, project, url, folder, scratch, err) &&
           replay_to(session, project, graph, "heads", *scratch, err) &&
           compare_read_database(session, project, *scratch, out, err);
}
