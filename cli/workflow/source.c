#include "cli/workflow/source.h"

#include <string.h>

#include "cli/workflow/replay.h"
#include "cli/workflow/revision_new.h"
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

bool source_connect(Session *session, Project *project, Source *source, Error *err)
{
    if (source->kind != SOURCE_DATABASE)
        return true;
    if (!session_connect(session, &source->url, source->folder, true, &source->db, err))
        return false;
    if (source->db->server.default_schema)
        project->filter.default_schema = source->db->server.default_schema;
    return true;
}

bool source_read(Session *session, Project *project, const Dialect *dialect, Source *source, Schema *out,
                 RenameList *renames, Error *err)
{
    Graph graph;
    switch (source->kind) {
    case SOURCE_MODEL:
        return compare_read_files(session, &source->paths, project, dialect, out, renames, err);
    case SOURCE_MIGRATIONS:
        return project_graph(session, project, &graph, err) &&
               replay_history(session, project, &graph, &source->url, source->folder, &source->db, out,
                              err) &&
               (project_claim(session, project, out), true);
    case SOURCE_DATABASE: break;
    }
    return compare_read_database(session, project, source->db, out, err);
}

void source_close(Source *source)
{
    db_close(source->db);
    source->db = NULL;
}
