#include "cli/workflow/project.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/workflow/model_ahead.h"
#include "cli/output/progress.h"
#include "core/base/file.h"

const char *session_who(Arena *arena)
{
    char host[256] = "";
    if (gethostname(host, sizeof(host) - 1) != 0)
        host[0] = '\0';
    const struct passwd *user = getpwuid(geteuid());
    return arena_printf(arena, "%s@%s", user && user->pw_name ? user->pw_name : "?", host[0] ? host : "?");
}

void session_warn_of_password(Session *session, const char *path, const char *or_else)
{
    struct stat st;
    if (stat(path, &st) == 0 && (st.st_mode & (S_IRGRP | S_IROTH)))
        report_warning(&session->report, "%s holds a password and can be read by others: chmod 600 it%s",
                       path_shown(session->arena, path), or_else);
}

bool session_take_env_files(Session *session, Error *err)
{
    VariableList variables = { 0 };
    VEC_EACH (const char *, file, &session->common.env_files) {
        const size_t before = variables.count;
        if (!env_file_read(session->arena, *file, &variables, err)) {
            err->code = ERR_USAGE;
            return error_prefix(err, "--env-file: ");
        }
        if (variables_hold_password(session->arena, &variables, before))
            session_warn_of_password(session, *file, "");
    }
    variables_export(&variables);
    return true;
}

// Do the arguments say all that the command works on?
static bool needs_no_project(const Session *session)
{
    const Command *command = session->command;
    return command && command->sources && session->args.count >= command->sources;
}

bool session_configure(Session *session, Error *err)
{
    if (session->configured)
        return true;
    const CommonOptions *common = &session->common;
    const char *path = common->config ? common->config : config_find(session->arena, ".");
    if (path) {
        if (!config_read(session->arena, path, common->environment, &session->config, err))
            return common->config && !err->at.file
                       ? error_hint(err, "-c names a file of settings, as 'cmigrate init' makes one.")
                       : false;
        if (session->config.holds_password)
            session_warn_of_password(session, path, ", or write ${NAME} for the password");
        VEC_EACH (const char *, file, &session->config.env_files_with_password)
            session_warn_of_password(session, *file, "");
        variables_export(&session->config.variables);
        const char *url = getenv("CMIGRATE_URL"); // it may be one of them
        if (!common->url && url && *url)
            session->common.url = url;
    } else if (common->environment) {
        return error_set(err, ERR_CONFIG, "--name %s: there is no cmigrate.yaml here or in a parent folder",
                         common->environment);
    } else if (common->url || common->directory || common->schema.count || needs_no_project(session)) {
        config_default(session->arena, ".", &session->config);
    } else {
        error_set(err, ERR_CONFIG, "there is no cmigrate.yaml here or in a parent folder");
        return error_hint(err, "'cmigrate init' makes one; or name the database by --url.");
    }
    session->configured = true;
    return true;
}

// schema.yml where there is no schema.yaml: both endings are in use.
static const char *model_path(Arena *arena, const char *path)
{
    static const char usual[] = ".yaml";
    size_t n = strlen(path), end = sizeof(usual) - 1;
    if (n <= end || strcmp(path + n - end, usual) != 0 || file_exists(path))
        return path;
    const char *other = arena_printf(arena, "%.*s.yml", (int)(n - end), path);
    return file_exists(other) ? other : path;
}

static void find_files(Session *session, Project *project)
{
    Arena *arena = session->arena;
    const Config *config = project->config;
    const CommonOptions *common = &session->common;
    const NameList *given = common->schema.count ? &common->schema : &config->schema;
    VEC_EACH (const char *, path, given)
        *VEC_PUSH(arena, &project->schema) = path_shown(
            arena, model_path(arena, common->schema.count ? *path : path_join(arena, config->folder, *path)));
    StrBuf title;
    strbuf_init(&title, arena);
    VEC_EACH (const char *, path, &project->schema)
        strbuf_printf(&title, "%s%s", title.length ? ", " : "", *path);
    project->schema_title = title.text;
    project->directory = path_shown(
        arena, common->directory ? common->directory : path_join(arena, config->folder, config->directory));
    *VEC_PUSH(arena, &project->folders) = project->directory;
    VEC_EACH (const char *, path, &config->version_paths)
        *VEC_PUSH(arena, &project->folders) = path_shown(arena, path_join(arena, config->folder, *path));
}

// The folder that version control keeps, else the one of the configuration.
static const char *project_root(Arena *arena, const char *folder)
{
    char *whole = realpath(folder, NULL), *slash = whole;
    const char *root = folder;
    while (slash && root == folder) {
        if (file_exists(arena_printf(arena, "%s/.git", whole)))
            root = arena_strdup(arena, whole);
        slash = strrchr(whole, '/');
        if (slash)
            *slash = '\0';
    }
    free(whole);
    return root;
}

bool project_may_write(Session *session, const Project *project, const char *path, Error *err)
{
    const Config *config = project->config;
    if (!config->path || session->common.directory || config->directory[0] == '/')
        return true;
    const char *root = project_root(session->arena, config->folder);
    if (path_inside(root, path))
        return true;
    error_set(err, ERR_CONFIG, "%s is outside of the project %s: nothing is written there",
              path_shown(session->arena, path), root);
    return error_hint(
        err, "A relative path of cmigrate.yaml does not lead out of the project, by `..` or by a link. "
             "If it is meant, write `directory:` as an absolute path, or give --directory.");
}

bool project_folder_exists(Session *session, const Project *project, Error *err)
{
    const Config *config = project->config;
    bool by_option = session->common.directory != NULL;
    bool said = by_option || (config->directory_at.line && strcmp(config->directory, "migrations") != 0) ||
                (file_exists(project->directory) && !folder_exists(project->directory));
    if (!said || (session->command->makes_folder && !file_exists(project->directory)) ||
        folder_exists(project->directory))
        return true;
    SourcePos at = by_option ? (SourcePos){ 0 } : config->directory_at;
    if (file_exists(project->directory)) {
        error_at(err, ERR_CONFIG, at, "%s is a file, not a folder", project->directory);
        return error_hint(err, "Revisions are read from it: move the file away, or name another folder with "
                               "directory: or --directory.");
    }
    error_at(err, ERR_CONFIG, at, "there is no folder %s", project->directory);
    return error_hint(err,
                      "Revisions are read from it. Where it is right, and none was written yet: mkdir -p %s",
                      project->directory);
}

static bool find_store(Session *session, Project *project, Error *err)
{
    if (!version_store_named(session->arena, project->config->version_table, &project->store, err))
        return false;
    project->filter = (Filter){
        .include = project->config->include,
        .exclude = project->config->exclude,
        .version_table = project->store.table,
        .version_schema = project->store.schema,
    };
    Filter *filter = &project->filter;
    filter->include_kinds = project->config->include_kinds;
    filter->exclude_kinds = project->config->exclude_kinds;
    filter->include_used = arena_alloc(session->arena, filter->include.count + 1);
    filter->exclude_used = arena_alloc(session->arena, filter->exclude.count + 1);
    memset(filter->include_used, 0, filter->include.count + 1);
    memset(filter->exclude_used, 0, filter->exclude.count + 1);
    return true;
}

// The URL of the options or of the configuration, with the place of the latter for messages. Without one it
// fails only if `needed`.
static bool find_url(Session *session, Project *project, bool needed, Error *err)
{
    const char *text = session->common.url ? session->common.url : project->config->url;
    if (!text || !*text) {
        if (!needed)
            return true;
        if (project->config->url_error && err)
            *err = *project->config->url_error;
        if (project->config->url_error)
            return false;
        error_set(err, ERR_CONFIG, "no database is named");
        return error_hint(err, "Set url: in %s, or give --url or CMIGRATE_URL.",
                          project->config->path ? path_shown(session->arena, project->config->path)
                                                : "cmigrate.yaml");
    }
    if (!url_parse(session->arena, text, &project->url, err)) {
        if (!session->common.url && err)
            err->at = project->config->url_at;
        return false;
    }
    project->url_title = url_redacted(session->arena, &project->url);
    project->url_folder = session->common.url ? NULL : project->config->folder;
    project->dialect = dialect_by_scheme(project->url.scheme);
    if (project->dialect)
        return true;
    if (!driver_for(&project->url, err) && !session->common.url && err) // says which are known
        err->at = project->config->url_at;
    return false;
}

bool project_open(Session *session, ProjectNeeds needs, Project *out, Error *err)
{
    *out = (Project){ .session = session };
    if (!session_configure(session, err))
        return false;
    out->config = &session->config;
    find_files(session, out);
    if (!find_store(session, out, err) || !find_url(session, out, needs >= NEEDS_DIALECT, err))
        return false;
    out->filter.default_schema = filter_default_schema(session->arena, out->dialect, &out->url);
    return needs < NEEDS_READING || project_connect(session, out, needs == NEEDS_READING, err);
}

// What a server says beside its answers; INFO and its like only where much is to be said.
static void say_notice(void *payload, const char *severity, const char *message)
{
    Session *session = payload;
    bool meant_for_people = strcasecmp(severity, "notice") == 0 || strcasecmp(severity, "warning") == 0;
    if (session->common.verbose || meant_for_people)
        report_note(&session->report, "%s: %s", severity, message);
}

static bool tell_progress(void *payload, const char *what, double seconds, double part_done)
{
    Session *session = payload;
    return progress_tell(session->progress, what, seconds, part_done);
}

const char *session_scratch_url(const Session *session, const Url *url)
{
    const NameList *each = &session->config.scratch_urls;
    const Dialect *dialect = dialect_by_scheme(url->scheme);
    for (size_t i = 0; i + 1 < each->count; i += 2)
        if (dialect && strcmp(each->items[i], dialect->name) == 0)
            return each->items[i + 1];
    return session->config.scratch_url;
}

// Connects with the session's settings. `own` tells the project's database from others, where on_connect is
// not run.
static bool connect_url(Session *session, const Url *url, const char *folder, bool read_only, bool own,
                        Db **out, Error *err)
{
    ConnectOptions options = {
        .read_only = read_only,
        .create = !read_only,
        .folder = folder,
        .lock_timeout_ms = session->config.lock_timeout_ms,
        .guards = true,
        .notice = say_notice,
        .progress = tell_progress,
        .payload = session,
    };
    config_connect(session->arena, &session->config, &options);
    if (!own)
        options.on_connect = NULL;
    Url *scratch = ARENA_NEW(session->arena, Url);
    const char *scratch_text = session_scratch_url(session, url);
    if (scratch_text) {
        if (!url_parse(session->arena, scratch_text, scratch, err))
            return error_prefix(err, "scratch_url: ");
        options.scratch_url = scratch;
    }
    progress_arm(session->progress);
    if (!db_open(session->arena, url, &options, out, err))
        return false;
    progress_watch(session->progress, *out);
    return true;
}

bool session_connect(Session *session, const Url *url, const char *folder, bool read_only, Db **out,
                     Error *err)
{
    return connect_url(session, url, folder, read_only, true, out, err);
}

bool session_connect_beside(Session *session, const Url *url, const char *folder, bool read_only, Db **out,
                            Error *err)
{
    return connect_url(session, url, folder, read_only, false, out, err);
}

bool project_connect(Session *session, Project *project, bool read_only, Error *err)
{
    if (!read_only)
        session_outlives_output(session);
    if (!session_connect(session, &project->url, project->url_folder, read_only, &project->db, err))
        return false;
    project->dialect = project->db->dialect;
    if (project->db->server.default_schema)
        project->filter.default_schema = project->db->server.default_schema;
    return true;
}

bool project_made(Project *project, ObjectKind kind, const char *name)
{
    Arena *arena = project->session->arena;
    if (!project->made) {
        Graph graph = { 0 };
        project->made = ARENA_NEW(arena, MadeList);
        if (graph_read(arena, &project->folders, &graph, NULL))
            made_by_graph(arena, &graph, project->dialect, project->made);
    }
    return made_has(project->made, kind, name);
}

static bool has_made(void *payload, ObjectKind kind, const char *name)
{
    return project_made(payload, kind, name);
}

static bool is_claimed(void *payload, const char *schema)
{
    const Project *project = payload;
    return project->whole || names_have(&project->claims, schema);
}

void project_claim(Session *session, Project *project, const Schema *model)
{
    filter_claims(session->arena, model, &project->claims);
    project_claim_names(project, &project->claims);
}

void project_claim_names(Project *project, const NameList *schemas)
{
    project->claims = *schemas;
    project->filter.names_schema = is_claimed;
    project->filter.made = has_made;
    project->filter.payload = project;
}

bool project_ask(Session *session, Project *project, Error *err)
{
    Url url = project->url;
    if (url.host && !url_param(&url, "connect_timeout")) {
        url.params.capacity = url.params.count; // the project's own stay as they are
        *VEC_PUSH(session->arena, &url.params) = (UrlParam){ "connect_timeout", "2" };
    }
    return session_connect(session, &url, project->url_folder, true, &project->db, err);
}

void project_close(Session *session, Project *project)
{
    model_ahead_drop(session, project);
    if (!project->db)
        return;
    progress_watch(session->progress, NULL);
    db_close(project->db);
    project->db = NULL;
}
