// Makes a project: from nothing, or from a database that exists.
#include <stdlib.h>
#include <string.h>

#include "cli/workflow/compare.h"
#include "cli/output/json.h"
#include "cli/workflow/version.h"
#include "cli/workflow/templates.h"
#include "core/base/file.h"
#include "core/schema/schema_write.h"

typedef struct InitOptions {
    const char *template_name;
    bool from_database;
} InitOptions;

#define AT(member) offsetof(InitOptions, member)
static const Opt options[] = {
    {.name = "template",
     .letter = 't',
     .kind = OPT_TEXT,
     .offset = AT(template_name),
     .value_name = "NAME",
     .choices = template_names,
     .help = "one of 'cmigrate list-templates' (default: generic)" },
    { .name = "from-database",
     .kind = OPT_FLAG,
     .offset = AT(from_database),
     .help = "take the model from the database, with a baseline revision that is stamped already" },
    { 0},
};

typedef struct Init {
    const char *folder;
    const char *directory; // as written in the configuration
    const char *schema;
    const char *url_text; // as written in the configuration
    const char *url;      // what it stands for now
    const char *url_title;
    bool kept_password;
    bool on_server; // not SQLite's
    NameList created;
    NameList foreign; // tables in which other tools keep their history: left out of the model
} Init;

static const char fallback_scheme[] = "sqlite"; // of the URLs that stand in for a variable that is not set

// What the configuration says for `given`: a password stays out of the file.
static bool choose_url(Session *session, Init *init, Error *err)
{
    Arena *arena = session->arena;
    const char *given = session->common.url, *environment = getenv("DATABASE_URL");
    Url url;
    init->url = given ? given : environment && *environment ? environment : "sqlite:///app.db";
    if (!url_parse(arena, init->url, &url, err))
        return false;
    init->url_title = url_redacted(arena, &url);
    init->kept_password = strstr(init->url_title, "***") != NULL;
    // without the variable, a project for another engine must not fall back on a file of this one
    init->on_server = dialect_by_scheme(url.scheme) != dialect_by_scheme(fallback_scheme);
    if (init->kept_password || strpbrk(init->url, "\"\\}$\n\r\t") || (init->on_server && !given))
        init->url_text = "${DATABASE_URL}";
    else if (given)
        init->url_text = arena_printf(arena, "${DATABASE_URL:-%s}", given);
    else
        init->url_text = "${DATABASE_URL:-sqlite:///app.db}";
    return true;
}

static bool write_new(Session *session, Init *init, const char *name, StrBuf *text, Error *err)
{
    const char *path = path_join(session->arena, init->folder, name);
    if (!file_write(path, (Text){ text->text, text->length }, true, err))
        return false;
    *VEC_PUSH(session->arena, &init->created) = path_shown(session->arena, path);
    return true;
}

static bool write_config(Session *session, Init *init, const Template *template, Error *err)
{
    StrBuf text;
    strbuf_init(&text, session->arena);
    template_fill(&text, template->config, init->url_text,
                  init->on_server ? "${REPORTS_URL}" : "${REPORTS_URL:-sqlite:///reports.db}", init->schema,
                  init->directory);
    if (init->foreign.count)
        strbuf_printf(&text, "\n# kept by other tools\nexclude: [%s]\n",
                      names_joined(session->arena, &init->foreign, ""));
    return write_new(session, init, "cmigrate.yaml", &text, err);
}

static bool write_schema(Session *session, Init *init, const Template *template, const char *name, Error *err)
{
    StrBuf text;
    strbuf_init(&text, session->arena);
    strbuf_puts(&text, template->schema ? template->schema : template_find("generic")->schema);
    if (file_exists(path_join(session->arena, init->folder, name))) {
        report_note(&session->report, "Kept %s as it is", name);
        return true;
    }
    return write_new(session, init, name, &text, err);
}

// `words` follow `cmigrate init`; `also` is a sentence more.
static bool is_free(Session *session, const Init *init, const char *name, const char *words, const char *also,
                    Error *err)
{
    const char *path = path_join(session->arena, init->folder, name);
    if (!file_exists(path))
        return true;
    error_set(err, ERR_IO, "%s exists already", path_shown(session->arena, path));
    return error_hint(err,
                      "init never overwrites a file. Remove it, or make the project in another folder: "
                      "cmigrate init %sDIR%s",
                      words, also);
}

static bool make_files(Session *session, Init *init, const Template *template, Error *err)
{
    if (!is_free(session, init, "cmigrate.yaml", "", "", err))
        return false;
    const char *directory = path_join(session->arena, init->folder, init->directory);
    bool several = template->several;
    if (!folder_make(directory, err))
        return false;
    if (several && (!folder_make(path_join(session->arena, directory, "main"), err) ||
                    !folder_make(path_join(session->arena, directory, "reports"), err) ||
                    !write_schema(session, init, template, "main.yaml", err) ||
                    !write_schema(session, init, template, "reports.yaml", err)))
        return false;
    return (several || write_schema(session, init, template, init->schema, err)) &&
           write_config(session, init, template, err);
}

// Reports what was written. A password of the URL is never written into the configuration, which is said here.
static void say_created(Session *session, Init *init, const char *extra)
{
    StrBuf list;
    strbuf_init(&list, session->arena);
    // the configuration is written last and named first
    for (size_t i = 0; i < init->created.count; i++)
        strbuf_printf(&list, "%s%s", i ? ", " : "", init->created.items[i ? i - 1 : init->created.count - 1]);
    const char *directory =
        path_shown(session->arena, path_join(session->arena, init->folder, init->directory));
    report_line(&session->report, "Created %s and %s for %s", list.text,
                extra ? extra : arena_printf(session->arena, "%s/", directory), init->url_title);
    if (init->kept_password)
        report_note(&session->report, "The URL has a password, which was not written: set DATABASE_URL.");
    Json json;
    if (extra)
        *VEC_PUSH(session->arena, &init->created) = extra;
    if (session_answer_begin(session, &json, '{')) {
        json_put_text(&json, "url", init->url_title);
        json_put_names(&json, "created", &init->created);
        json_put_text(&json, "directory", directory);
        session_answer_end(session, &json, '{');
    }
}

// The project that was just written down, without reading it back: its URL may need a variable that is not set.
static bool open_project(Session *session, Init *init, Project *project, Error *err)
{
    config_default(session->arena, init->folder, &session->config);
    session->config.directory = init->directory;
    session->config.url = init->url;
    session->configured = true;
    session->common.directory = NULL;
    session->common.schema = (NameList){ 0 };
    return project_open(session, NEEDS_DIALECT, project, err);
}

// The tables of other tools' histories are no part of the application's schema.
static bool leave_out_foreign(Session *session, Init *init, Project *project, Schema *schema, Error *err)
{
    static const char *const known[] = {
        "alembic_version",   "django_migrations",     "flyway_schema_history", "schema_migrations",
        "databasechangelog", "databasechangeloglock", "_prisma_migrations",    "goose_db_version",
        "knex_migrations",   "knex_migrations_lock",
    };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (schema_table(schema, NULL, known[i]))
            *VEC_PUSH(session->arena, &init->foreign) = known[i];
    if (!init->foreign.count)
        return true;
    report_note(&session->report, "Left out, as other tools keep it: %s",
                names_joined(session->arena, &init->foreign, ""));
    project->filter.exclude = init->foreign;
    project->filter.exclude_used = NULL;
    *schema = (Schema){ 0 };
    return compare_read_database(session, project, project->db, schema, err);
}

// A history that restarts beside one that the database has already would leave both broken.
static bool is_unmanaged(Session *session, const Project *project, Error *err)
{
    NameList rows = { 0 };
    if (!version_read(project->db, session->arena, &project->store, &rows, NULL, err))
        return false;
    if (!rows.count)
        return true;
    error_set(err, ERR_STATE, "%s has a history already: it is at %s", project->url_title,
              names_joined(session->arena, &rows, ""));
    return error_hint(
        err,
        "Take that project's scripts, or give the history up first: cmigrate stamp --purge base --url %s",
        project->url_title);
}

// Takes an existing database as the model and as the first revision, and stamps it: nothing is run in the
// database.
static bool write_baseline(Session *session, Init *init, Project *project, Error *err)
{
    Comparison c = { .dialect = project->dialect, .have_title = "nothing", .want_title = project->url_title };
    Graph graph = { 0 };
    Script head;
    Plan up, down;
    const GraphOptions graph_options = { .message = "baseline" };
    NameList before = { 0 }, after = { 0 }, targets = { 0 };
    const char *path = NULL;
    compare_scope(project);
    if (!compare_read_database(session, project, project->db, &c.want, err) ||
        !leave_out_foreign(session, init, project, &c.want, err))
        return false;
    if (!c.want.tables.count && !c.want.objects.count) {
        error_set(err, ERR_STATE, "%s is empty: there is nothing to take a model from", project->url_title);
        return error_hint(err, "'cmigrate init' without --from-database begins with an empty database.");
    }
    report_warnings(&session->report, &c.want.warnings);
    c.have.dialect = c.want.dialect;
    StrBuf model;
    strbuf_init(&model, session->arena);
    schema_write_yaml(&model, &c.want);
    if (!compare_diff(session, NULL, &c, err) || !compare_plan_up(session->arena, &c, NULL, &up, err) ||
        !compare_plan_down(session->arena, &c, NULL, &down, err) ||
        !revision_head(session, project, &graph, &graph_options, &head, err))
        return false;
    const Template *template = template_find("generic");
    if (!folder_make(project->directory, err) || !write_new(session, init, init->schema, &model, err) ||
        !write_config(session, init, template, err) ||
        !revision_save(session, project, &head, project->dialect, &up.statements, &down.statements, &path,
                       err) ||
        !project_graph(session, project, &graph, err))
        return false;
    project_close(session, project);
    if (!project_connect(session, project, false, err))
        return false;
    *VEC_PUSH(session->arena, &targets) = head.revision;
    const ApplyRequest request = {
        .store = &project->store,
        .graph = &graph,
        .lock_timeout_ms = project->config->lock_timeout_ms,
        .who = session_who(session->arena),
        .tool = "cmigrate " CMIGRATE_VERSION,
    };
    if (!apply_stamp(project->db, session->arena, &request, &targets, false, &before, &after, err))
        return false;
    say_created(session, init, path);
    report_line(&session->report, "%s is at %s (head)", project->url_title, head.revision);
    return true;
}

// Nothing is written before all that could stop it was looked at: files that exist, revisions, and a database that has a history.
static bool from_database(Session *session, Init *init, Error *err)
{
    Project project = { 0 };
    const char *const files[] = { "cmigrate.yaml", init->schema };
    for (size_t i = 0; i < COUNT_OF(files); i++)
        if (!is_free(session, init, files[i], "--from-database ",
                     ". `cmigrate inspect` prints the model of a live database.", err))
            return false;
    if (!open_project(session, init, &project, err))
        return false;
    Graph graph;
    bool ok =
        project_graph(session, &project, &graph, err) &&
        (!graph.revisions.count || error_set(err, ERR_IO, "%s has revisions already", project.directory)) &&
        project_connect(session, &project, true, err) && is_unmanaged(session, &project, err);
    ok = ok && write_baseline(session, init, &project, err);
    project_close(session, &project);
    return ok;
}

// The usual folder, unless another tool's scripts are in it: Alembic and Flask-Migrate have an env.py there.
static const char *choose_directory(Session *session, const char *folder)
{
    static const char usual[] = "migrations", other[] = "revisions";
    const char *env = path_join(session->arena, path_join(session->arena, folder, usual), "env.py");
    if (session->common.directory)
        return session->common.directory;
    if (!file_exists(env))
        return usual;
    report_note(&session->report, "%s is another tool's: revisions go into %s/",
                path_shown(session->arena, env), other);
    return other;
}

// Makes a new project, from nothing or with --from-database, and says what to do next.
static bool run(Session *session, Error *err)
{
    const InitOptions *o = session->options;
    const Template *template = template_find(o->template_name ? o->template_name : "generic");
    if (!template) {
        const char *names[16];
        size_t count = 0;
        for (const Template *it = templates; it->name; it++)
            names[count++] = it->name;
        const char *near = nearest_word(o->template_name, names, count);
        error_set(err, ERR_USAGE, "there is no template '%s'", o->template_name);
        return error_hint(err, "%s%s%s'cmigrate list-templates' lists them.", near ? "Did you mean '" : "",
                          near ? near : "", near ? "'? " : "");
    }
    if (session->args.count && strstr(session->args.items[0], "://")) {
        error_set(err, ERR_USAGE, "init takes a folder, and this is the URL of a database");
        return error_hint(err, "Write it after --url: cmigrate init --url URL [DIR]");
    }
    Init init = {
        .folder = session->args.count ? session->args.items[0] : ".",
        .schema = session->common.schema.count ? session->common.schema.items[0] : "schema.yaml",
    };
    init.directory = choose_directory(session, init.folder);
    if (!choose_url(session, &init, err) || !folder_make(init.folder, err))
        return false;
    if (o->from_database)
        return from_database(session, &init, err);
    if (!make_files(session, &init, template, err))
        return false;
    say_created(session, &init, NULL);
    report_note(&session->report, "Next: declare your tables in %s, then: cmigrate migrate -m \"initial\"",
                template->schema
                    ? path_shown(session->arena, path_join(session->arena, init.folder, init.schema))
                    : "main.yaml and reports.yaml");
    return true;
}

static bool run_list(Session *session, Error *err)
{
    (void)err;
    Json json;
    session_answer_begin(session, &json, '[');
    for (const Template *it = templates; it->name; it++) {
        report_line(&session->report, "%-10s %s", it->name, it->summary);
        json_open(&json, '{');
        json_put_text(&json, "name", it->name);
        json_put_text(&json, "summary", it->summary);
        json_close(&json, '}');
    }
    session_answer_end(session, &json, '[');
    return true;
}

static const char *const examples[] = {
    "A project for a new SQLite database",
    "cmigrate init",
    "Take over a database that exists",
    "cmigrate init --from-database --url postgresql://localhost/shop",
    NULL,
};

const Command cmd_init = {
    .name = "init",
    .summary = "make a project: cmigrate.yaml, schema.yaml and migrations/",
    .arguments = "[DIR]",
    .details = "In DIR, or here. A file that exists is never overwritten, and a password never written.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(InitOptions),
    .max_args = 1,
    .completes = COMPLETES_FOLDER,
    .makes_folder = true,
    .run = run,
};

const Command cmd_list_templates = {
    .name = "list-templates",
    .summary = "list the templates of init",
    .arguments = "",
    .run = run_list,
};
