#include "cli/workflow/model_ahead.h"

#include <string.h>
#include <sys/stat.h>

#include "core/base/parallel.h"
#include "core/compare/compare.h"
#include "core/compare/sql_model.h"

enum { WORTH_A_THREAD = 32 * 1024 }; // bytes of YAML: about 1 ms of reading

struct ModelAhead {
    pthread_t thread;
    Arena *arena;
    const NameList *paths;
    Filter filter;
    bool joined;
    const Dialect *dialect;
    bool ok;
    Schema schema;
    RenameList renames;
    Error err;
};

static void *read_ahead(void *payload)
{
    ModelAhead *ahead = payload;
    ahead->ok = compare_model(ahead->arena, ahead->paths, &ahead->filter, ahead->dialect, &ahead->schema,
                              &ahead->renames, &ahead->err);
    return NULL;
}

static bool worth_it(const NameList *paths)
{
    off_t size = 0;
    VEC_EACH (const char *, path, paths) {
        struct stat st;
        if (stat(*path, &st) != 0)
            return false;
        size += S_ISDIR(st.st_mode) ? WORTH_A_THREAD : st.st_size;
    }
    return size >= WORTH_A_THREAD;
}

// A model of plain SQL is read by a connection, which is another stage.
static bool is_sql(Session *session, const Project *project)
{
    bool sql = false;
    Error ignored = { 0 };
    return !sql_model_is(session->arena, &project->schema, &sql, &ignored) || sql;
}

void model_ahead_start(Session *session, Project *project)
{
    if (is_sql(session, project) || !worth_it(&project->schema))
        return;
    ModelAhead *ahead = ARENA_NEW(session->arena, ModelAhead);
    ahead->arena = arena_new();
    ahead->paths = &project->schema;
    ahead->filter = project->filter;
    ahead->dialect = project->dialect;
    if (thread_start(&ahead->thread, read_ahead, ahead))
        project->model_ahead = ahead;
    else
        arena_free(ahead->arena);
}

// What was read lives in the session's arena from now on.
static ModelAhead *join(Session *session, Project *project)
{
    ModelAhead *ahead = project->model_ahead;
    if (ahead->joined)
        return ahead;
    ahead->joined = true;
    pthread_join(ahead->thread, NULL);
    arena_adopt(session->arena, ahead->arena);
    return ahead;
}

// Only the connection knows its default schema for certain: where it is not the one that the URL had let expect, names of
// the model mean something else, and it is read again.
static ModelAhead *finish(Session *session, Project *project)
{
    ModelAhead *ahead = join(session, project);
    const char *expected = ahead->filter.default_schema, *now = project->filter.default_schema;
    if (strcmp(expected ? expected : "", now ? now : "") == 0)
        return ahead;
    ahead->filter.default_schema = now;
    ahead->arena = session->arena;
    ahead->err = (Error){ 0 };
    ahead->renames = (RenameList){ 0 };
    read_ahead(ahead);
    return ahead;
}

const Schema *model_ahead_wait(Session *session, Project *project)
{
    return &finish(session, project)->schema;
}

bool model_ahead_take(Session *session, Project *project, Schema *out, RenameList *renames, Error *err)
{
    const ModelAhead *ahead = finish(session, project);
    project->model_ahead = NULL;
    if (!ahead->ok) {
        *err = ahead->err;
        return false;
    }
    *out = ahead->schema;
    *renames = ahead->renames;
    return true;
}

void model_ahead_drop(Session *session, Project *project)
{
    if (project->model_ahead)
        join(session, project);
    project->model_ahead = NULL;
}
