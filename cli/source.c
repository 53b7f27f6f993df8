#include "cli/source.h"

#include <string.h>

#include "cli/progress.h"
#include "cli/revision_new.h"
#include "core/base/file.h"

static bool of_project(const Project *project, bool second, Source *out, Error *err)
{
    if (second) {
        *out = (Source){ .kind = SOURCE_MODEL, .title = project->schema_title, .paths = project->schema };
        return true;
    }
    if (!project->dialect) {
        error_set(err, ERR_CONFIG, "no database is named");
        return error_hint(err, "Set url: in cmigrate.yaml, or give --url or CMIGRATE_URL.");
    }
    *out = (Source){ .kind = SOURCE_DATABASE,
                     .title = project->url_title,
                     .url = project->url,
                     .folder = project->url_folder };
    return true;
}

bool source_find(Session *session, const Project *project, const char *word, bool second, Source *out,
                 Error *err)
{
    if (!word)
        return of_project(project, second, out, err);
    if (strcmp(word, "database") == 0)
        return of_project(project, false, out, err);
    if (strcmp(word, "model") == 0)
        return of_project(project, true, out, err);
    if (strstr(word, "://")) {
        *out = (Source){ .kind = SOURCE_DATABASE };
        if (!url_parse(session->arena, word, &out->url, err))
            return false;
        out->title = url_redacted(session->arena, &out->url);
        return true;
    }
    if (strcmp(word, "migrations") == 0) {
        *out = (Source){ .kind = SOURCE_MIGRATIONS,
                         .title = "migrations",
                         .url = project->url,
                         .folder = project->url_folder };
        return project->dialect || of_project(project, false, out, err);
    }
    if (!file_exists(word)) {
        error_set(err, ERR_USAGE, "'%s' is no URL, no model file or folder, and not the word migrations",
                  word);
        return error_hint(err, "For example: cmigrate diff sqlite:///app.db schema.yaml");
    }
    *out = (Source){ .kind = SOURCE_MODEL, .title = word };
    *VEC_PUSH(session->arena, &out->paths) = word;
    return true;
}

// Runs all revisions in an empty scratch database and looks at what came out.
static bool replay(Session *session, const Project *project, Source *source, Schema *out, Error *err)
{
    Graph graph;
    Db *beside = NULL;
    size_t moved = 0;
    const Config *config = project->config;
    Url scratch_url;
    if (!project_graph(session, project, &graph, err))
        return false;
    if (config->scratch_url) {
        if (!url_parse(session->arena, config->scratch_url, &scratch_url, err))
            return error_prefix(err, "scratch_url: ");
        if (!session_connect(session, &scratch_url, config->folder, false, &beside, err))
            return false;
    } else if (!session_connect(session, &source->url, source->folder, true, &beside, err)) {
        return false;
    }
    bool ok =
        beside->driver->scratch != NULL ||
        error_set(err, ERR_UNSUPPORTED, "%s has no scratch database to replay revisions in", beside->title);
    ok = ok && beside->driver->scratch(beside, session->arena, &source->db, err);
    if (ok) {
        progress_watch(session->progress, source->db);
        const ApplyRequest request = {
            .store = &project->store,
            .graph = &graph,
            .direction = UPGRADE,
            .target = "heads",
            .who = session_who(session->arena),
            .tool = "cmigrate " CMIGRATE_VERSION,
            .variables = &session->common.variables,
        };
        ok = (!graph.revisions.count || apply_run(source->db, session->arena, &request, &moved, err)) &&
             compare_read_database(session, project, source->db, out, err);
    }
    progress_watch(session->progress, source->db);
    db_close(beside);
    return ok;
}

bool source_read(Session *session, const Project *project, const Dialect *dialect, Source *source,
                 Schema *out, RenameList *renames, Error *err)
{
    switch (source->kind) {
    case SOURCE_MODEL:
        return compare_read_files(session, &source->paths, project, dialect, out, renames, err);
    case SOURCE_MIGRATIONS: return replay(session, project, source, out, err);
    case SOURCE_DATABASE: break;
    }
    return session_connect(session, &source->url, source->folder, true, &source->db, err) &&
           compare_read_database(session, project, source->db, out, err);
}

void source_close(Source *source)
{
    db_close(source->db);
    source->db = NULL;
}
