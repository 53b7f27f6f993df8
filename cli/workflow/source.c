#include "cli/workflow/source.h"

#include <string.h>

#include "cli/workflow/replay.h"
#include "cli/workflow/revision_new.h"
#include "core/base/file.h"
#include "core/compare/kept_partitions.h"
#include "core/compare/unmanaged.h"

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

// A word that only a file can be: with a folder before it, or the ending of a model.
static bool looks_like_path(const char *word)
{
    static const char *const endings[] = { ".yaml", ".yml", ".json", ".sql", ".db" };
    size_t n = strlen(word);
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        if (n > strlen(endings[i]) && strcmp(word + n - strlen(endings[i]), endings[i]) == 0)
            return true;
    return strchr(word, '/') != NULL;
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
        error_set(err, ERR_USAGE,
                  looks_like_path(word)
                      ? "there is no file or folder %s"
                      : "'%s' is neither a URL, a model file or folder, nor database, model or migrations",
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

static const Dialect *dialect_of(const Project *project, const Source *from, const Source *to)
{
    if (from->kind == SOURCE_DATABASE)
        return dialect_by_scheme(from->url.scheme);
    if (to->kind == SOURCE_DATABASE)
        return dialect_by_scheme(to->url.scheme);
    return project->dialect;
}

// A model says less than a database or the migrations. What it leaves open is as the other side has it: compare_diff completes the
// model where it is the second side, so a model that is the first side is completed before.
static bool model_comes_first(const Source *from, const Source *to)
{
    return from->kind == SOURCE_MODEL && to->kind != SOURCE_MODEL;
}

static bool read_in_order(Session *session, Project *project, Source *from, Source *to, Comparison *c,
                          Error *err)
{
    static const SourceKind order[] = { SOURCE_MODEL, SOURCE_MIGRATIONS, SOURCE_DATABASE };
    RenameList ignored = { 0 }, *of_first = model_comes_first(from, to) ? &c->renames : &ignored;
    if (!source_connect(session, project, from, err) || !source_connect(session, project, to, err))
        return false;
    for (size_t i = 0; i < COUNT_OF(order); i++)
        if ((from->kind == order[i] &&
             !source_read(session, project, c->dialect, from, &c->have, of_first, err)) ||
            (to->kind == order[i] &&
             !source_read(session, project, c->dialect, to, &c->want, &c->renames, err)))
            return false;
    return true;
}

// Compares the other way round, as `check` does it, and keeps the model as it is completed by that.
static bool complete_model(Session *session, const Project *project, const Source *other, Db *db,
                           Comparison *c, Error *err)
{
    Arena *arena = session->arena;
    Comparison checked = { .dialect = c->dialect, .have = c->want, .want = c->have, .renames = c->renames };
    c->renames = (RenameList){ 0 };
    if (other->kind == SOURCE_DATABASE)
        unmanaged_leave(arena, &project->filter, project->config->unmanaged, false, &checked);
    else
        partitions_leave(arena, &checked.want, &checked.renames, &checked);
    const bool without_data = session->without_data;
    session->without_data = true; // rows are compared once, with the rest
    bool ok = compare_diff(session, db, &checked, err);
    session->without_data = without_data;
    if (!ok)
        return false;
    c->have = compare_differs(&checked) ? checked.want : checked.have;
    c->want = checked.have;
    c->left = checked.left;
    return renames_reversed(arena, c->dialect, &checked.have, &checked.want, &checked.renames, &c->renames,
                            err);
}

bool sources_read(Session *session, Project *project, Source *from, Source *to, Comparison *c, Error *err)
{
    const Dialect *own = dialect_of(project, from, to);
    *c =
        (Comparison){ .have_title = from->title, .want_title = to->title, .dialect = own ? own : c->dialect };
    if (!c->dialect) {
        error_set(err, ERR_CONFIG, "two models, and no engine to compare them for");
        return error_hint(err, "Set url: in cmigrate.yaml, or give --url.");
    }
    if (!read_in_order(session, project, from, to, c, err))
        return false;
    Db *db = from->db ? from->db : to->db;
    if (db && db->dialect != c->dialect)
        return error_set(err, ERR_USAGE, "%s and %s are of different engines", from->title, to->title);
    if (model_comes_first(from, to))
        return complete_model(session, project, to, db, c, err);
    partitions_leave(session->arena, to->kind == SOURCE_MODEL ? &c->want : &c->have, &c->renames, c);
    if (from->kind == SOURCE_DATABASE && to->kind != SOURCE_DATABASE)
        unmanaged_leave(session->arena, &project->filter, project->config->unmanaged, false, c);
    return true;
}

const Dialect *source_dialect(const Project *project, const Source *source)
{
    if (source->kind == SOURCE_DATABASE)
        return dialect_by_scheme(source->url.scheme);
    if (project->dialect)
        return project->dialect;
    const NameList *dialects = &project->config->dialects;
    return dialects->count ? dialect_by_name(dialects->items[0]) : &sqlite_dialect;
}
