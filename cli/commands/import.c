// import: the folder of another migration tool as revisions of this project.
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/output/json.h"
#include "cli/workflow/import_model.h"
#include "cli/workflow/version.h"
#include "core/base/file.h"
#include "core/import/import.h"

typedef struct ImportOptions {
    const char *table, *program;
    bool no_stamp, dry_run;
} ImportOptions;

#define AT(member) offsetof(ImportOptions, member)
static const Opt options[] = {
    {.name = "table",
     .kind = OPT_TEXT,
     .offset = AT(table),
     .value_name = "NAME",
     .help = "the table in which the other tool keeps its versions (default: the usual one)" },
    { .name = "no-stamp",
     .kind = OPT_FLAG,
     .offset = AT(no_stamp),
     .help = "write the revisions, and do not look at the database" },
    { .name = "dry-run",
     .kind = OPT_FLAG,
     .offset = AT(dry_run),
     .help = "say what would be done, write nothing" },
    { .name = "alembic",
     .kind = OPT_TEXT,
     .offset = AT(program),
     .value_name = "COMMAND",
     .help = "how Alembic is called (default: alembic, or 'flask db' in a project of Flask-Migrate)" },
    { .name = "program",
     .kind = OPT_TEXT,
     .offset = AT(program),
     .value_name = "COMMAND",
     .help = "how the tool whose model is taken is called (default: python3, or npx)" },
    { 0                                                                                     },
};

typedef struct Work {
    Session *session;
    Project *project;
    Import import;
    Graph graph;        // of what is there and what comes
    ImportedList fresh; // what is not there from an import before
    NameList paths;     // of their scripts, in the order of the revisions
    NameList texts;
    NameList targets; // what to stamp
    bool found;       // their table is there
    bool stamps;
    bool ahead;       // our own table says more than theirs: upgrades went on here
    NameList written; // files that go again where something fails
} Work;

static bool same_folder(const char *a, const char *b)
{
    struct stat one, other;
    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

// Their files in our folder would be read as scripts of ours.
static bool check_folders(Work *work, Error *err)
{
    VEC_EACH (const char *, folder, &work->project->folders) {
        if (!same_folder(*folder, work->import.folder))
            continue;
        error_set(err, ERR_USAGE, "%s is the folder of this project's own scripts", work->import.folder);
        return error_hint(err, "Give the revisions another one, by `directory:` in cmigrate.yaml or -d DIR.");
    }
    return true;
}

static int64_t time_of(const Script *head)
{
    struct tm tm = { 0 };
    return head->created && strptime(head->created, "%Y-%m-%dT%H:%M:%S", &tm) ? (int64_t)timegm(&tm) : -1;
}

static const char *file_name(const Work *work, const Imported *imported, Error *err)
{
    const Config *config = work->project->config;
    const char *form = work->import.format->file_template;
    int64_t when = time_of(&imported->head);
    if (!form)
        form = when < 0 ? "{revision}_{slug}" : config->file_template;
    return script_file_name(work->session->arena, form, imported->head.revision, imported->head.message,
                            when < 0 ? 0 : when, config->truncate_slug_length, err);
}

// From an import before: the same revision in the same file. It stays, fixed by hand or not.
static bool is_there(Work *work, const Graph *own, const Imported *imported, const char *path, Text text,
                     Error *err)
{
    Arena *arena = work->session->arena;
    const Revision *revision = graph_by_row(own, imported->head.revision);
    const Script *script = revision ? revision->script : NULL;
    Text there;
    VEC_EACH (Revision *, it, &own->replaced)
        if (strcmp((*it)->id, imported->head.revision) == 0)
            script = (*it)->script;
    if (!script || !same_folder(script->path, path))
        return error_set(err, ERR_IO, "%s exists already", path_shown(arena, path));
    if (!file_read(arena, path, 0, &there, err))
        return false;
    if (there.n != text.n || memcmp(there.p, text.p, text.n) != 0)
        import_warn(&work->import, path, "it stays as it is, and %s would make another of it now",
                    path_shown(arena, imported->head.path));
    return true;
}

static bool prepare_one(Work *work, const Graph *own, Imported *imported, ScriptList *scripts, Error *err)
{
    Arena *arena = work->session->arena;
    StrBuf text;
    strbuf_init(&text, arena);
    const char *name =
        import_script(&work->import, imported, &text, err) ? file_name(work, imported, err) : NULL;
    if (!name)
        return false;
    const char *path = path_join(arena, work->project->directory, name);
    if (file_exists(path))
        return is_there(work, own, imported, path, (Text){ text.text, text.length }, err);
    *VEC_PUSH(arena, &work->fresh) = imported;
    *VEC_PUSH(arena, &work->texts) = text.text;
    *VEC_PUSH(arena, &work->paths) = path;
    *VEC_PUSH(arena, scripts) = &imported->head;
    return true;
}

// Every script as text, and the graph of them all with what is there already: what fails fails here.
static bool prepare(Work *work, Error *err)
{
    Arena *arena = work->session->arena;
    ScriptList scripts = { 0 };
    Graph own;
    if (!project_graph(work->session, work->project, &own, err))
        return false;
    VEC_EACH (Revision *, it, &own.revisions)
        *VEC_PUSH(arena, &scripts) = (*it)->script;
    VEC_EACH (Revision *, it, &own.replaced)
        *VEC_PUSH(arena, &scripts) = (*it)->script;
    VEC_EACH (Imported *, it, &work->import.revisions)
        if (!prepare_one(work, &own, *it, &scripts, err))
            return false;
    return graph_build(arena, &scripts, &work->graph, err);
}

static bool all_reached(Work *work, const NameList *names, const NameList *from)
{
    VEC_EACH (const char *, name, names) {
        const Revision *revision = graph_by_row(&work->graph, *name);
        bool reached = false;
        VEC_EACH (const char *, other, from) {
            const Revision *at = graph_by_row(&work->graph, *other);
            reached = reached || (revision && at && graph_is_ancestor(&work->graph, revision, at));
        }
        if (!reached)
            return false;
    }
    return true;
}

// Whether to stamp, where our table and theirs are read: each may have gone on since an import before.
static bool choose_stamp(Work *work, const NameList *rows, Error *err)
{
    Arena *arena = work->session->arena;
    Project *project = work->project;
    work->stamps = work->found && !names_equal(rows, &work->targets);
    if (!work->stamps || all_reached(work, rows, &work->targets))
        return true;
    work->ahead = all_reached(work, &work->targets, rows);
    work->stamps = !work->ahead;
    if (work->ahead)
        return true;
    error_set(err, ERR_STATE, "%s is at %s in %s already", project->url_title, names_joined(arena, rows, ""),
              project->config->version_table);
    return error_hint(err, "To write the revisions and leave that as it is: --no-stamp");
}

static const char *their_table(const Work *work)
{
    return work->import.table ? work->import.table : work->import.format->version_table;
}

// What the database says of itself, in their table and in ours.
static bool look(Work *work, Error *err)
{
    Arena *arena = work->session->arena;
    Project *project = work->project;
    NameList rows = { 0 };
    bool exists;
    if (!project_connect(work->session, project, true, err))
        return error_hint(err, "To write the revisions without looking at the database: --no-stamp");
    bool ok = import_applied(&work->import, project->db, arena, &work->graph, &work->targets, &exists, err) &&
              version_read(project->db, arena, &project->store, &rows, NULL, err);
    project_close(work->session, project);
    if (!ok)
        return false;
    work->found = exists;
    if (!exists)
        report_note(&work->session->report, "%s has no table %s: nothing is stamped", project->url_title,
                    their_table(work));
    return choose_stamp(work, &rows, err);
}

static bool write_files(Work *work, Error *err)
{
    VEC_EACH (const char *, path, &work->paths) // of all before the first is written
        if (!project_may_write(work->session, work->project, *path, err))
            return false;
    if (!folder_make(work->project->directory, err))
        return false;
    for (size_t i = 0; i < work->paths.count; i++) {
        const char *text = work->texts.items[i], *path = work->paths.items[i];
        if (!folder_make(path_folder(work->session->arena, path), err) ||
            !file_write(path, (Text){ text, strlen(text) }, true, err))
            return false;
        *VEC_PUSH(work->session->arena, &work->written) = path;
    }
    return true;
}

static bool stamp(Work *work, Error *err)
{
    Session *session = work->session;
    Project *project = work->project;
    NameList before = { 0 }, after = { 0 }, targets = work->targets;
    Graph graph;
    if (!work->stamps || !targets.count)
        return true;
    if (!project_graph(session, project, &graph, err) || !project_connect(session, project, false, err))
        return false;
    const ApplyRequest request = {
        .store = &project->store,
        .graph = &graph,
        .lock_timeout_ms = project->config->lock_timeout_ms,
        .who = session_who(session->arena),
        .tool = "cmigrate " CMIGRATE_VERSION,
    };
    bool ok = apply_stamp(project->db, session->arena, &request, &targets, false, &before, &after, err);
    project_close(session, project);
    return ok;
}

static bool carry_out(Work *work, Error *err)
{
    if (write_files(work, err) && stamp(work, err))
        return true;
    VEC_EACH (const char *, path, &work->written)
        unlink(*path);
    return false;
}

// The JSON answer: the revisions that were or would be written, and which of them the database has.
static void answer(const Work *work)
{
    Session *session = work->session;
    Json json;
    if (!session->json)
        return;
    session_answer_begin(session, &json, '{');
    json_put_text(&json, "tool", work->import.format->name);
    json_put_text(&json, "from", work->import.folder);
    json_key(&json, "revisions");
    json_open(&json, '[');
    for (size_t i = 0; i < work->paths.count; i++) {
        const Script *head = &work->fresh.items[i]->head;
        json_open(&json, '{');
        json_put_text(&json, "revision", head->revision);
        json_put_names(&json, "parents", &head->parents);
        json_put_text(&json, "message", head->message);
        json_put_text(&json, "path", path_shown(session->arena, work->paths.items[i]));
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_put_names(&json, "stamped", work->ahead ? &(NameList){ 0 } : &work->targets);
    json_put_names(&json, "variables", &work->import.variables);
    session_answer_end(session, &json, '{');
}

// The other tool's table would be taken for one of the application's.
static void tell_next(const Work *work)
{
    Session *session = work->session;
    const char *table = their_table(work);
    if (!work->found)
        report_note(&session->report, "Next: cmigrate validate, then: cmigrate upgrade");
    else if (filter_takes(&work->project->filter, NULL, table) &&
             !filter_is_own(&work->project->filter, table))
        report_note(
            &session->report,
            "Next: say `exclude: [%s]` in cmigrate.yaml, then take the model from the database: cmigrate "
            "inspect -o schema.yaml",
            table);
    else
        report_note(&session->report,
                    "Next: take the model from the database: cmigrate inspect -o schema.yaml");
}

static void tell_standing(const Work *work, bool dry)
{
    Session *session = work->session;
    const char *title = work->project->url_title;
    if (work->ahead)
        report_note(&session->report, "%s is older than the revision of %s, which stays", their_table(work),
                    title);
    else if (work->targets.count)
        report_line(&session->report, "%s %s at %s, as %s says", title, dry ? "would be" : "is",
                    standing_text(session->arena, &work->targets, &work->graph), their_table(work));
}

static void tell(const Work *work, bool dry)
{
    Session *session = work->session;
    const Import *import = &work->import;
    size_t n = work->fresh.count, there = import->revisions.count - n;
    report_warnings(&session->report, &import->warnings);
    report_line(&session->report, "%s %zu revision%s of %s from %s into %s",
                dry ? "Would import" : "Imported", n, n == 1 ? "" : "s", import->format->name,
                path_shown(session->arena, import->folder),
                path_shown(session->arena, work->project->directory));
    for (size_t i = 0; dry && i < work->paths.count; i++)
        report_line(&session->report, "  %s", path_shown(session->arena, work->paths.items[i]));
    if (there)
        report_note(&session->report, "%zu %s there already", there, there == 1 ? "was" : "were");
    tell_standing(work, dry);
    if (import->variables.count)
        report_note(&session->report, "The scripts ask for: %s",
                    names_joined(session->arena, &import->variables, ""));
    if (!dry)
        tell_next(work);
    answer(work);
}

// An import of a model prints it; one of a migration tool's folder writes revisions and stamps the database.
// Nothing is written before all of it was read.
static bool run(Session *session, Error *err)
{
    const ImportOptions *o = session->options;
    Project project;
    Work work = { .session = session, .project = &project };
    const char *database = session->common.database;
    if (session->database && (!database || strcmp(database, "all") == 0))
        return error_set(err, ERR_USAGE,
                         "the project has several databases: say by --database which one it is");
    if (import_model_knows(session->args.items[0]))
        return import_model_print(session, session->args.items[0],
                                  session->args.count > 1 ? session->args.items[1] : NULL, o->program, err);
    const ImportFormat *format = import_format(session->args.items[0], err);
    if (!format && err)
        return error_hint(
            err, "%s",
            arena_printf(session->arena, "%s Models are taken from %s.", err->hint, import_model_words));
    if (format && session->args.count < 2) {
        error_set(err, ERR_USAGE, "import %s needs the folder of its revisions", session->args.items[0]);
        return error_hint(err, "Write: cmigrate import %s DIR", session->args.items[0]);
    }
    if (!format || !project_open(session, NEEDS_DIALECT, &project, err))
        return false;
    work.import = (Import){
        .arena = session->arena,
        .format = format,
        .folder = session->args.items[1],
        .dialect = project.dialect,
        .program = o->program,
        .table = o->table,
    };
    if (!check_folders(&work, err) || !import_read(&work.import, err) || !prepare(&work, err) ||
        (!o->no_stamp && !look(&work, err)) || (!o->dry_run && !carry_out(&work, err)))
        return false;
    tell(&work, o->dry_run);
    return true;
}

static const char *const examples[] = {
    "Alembic's revisions, and where the database is among them",
    "cmigrate import alembic alembic",
    "dbmate's, without a database",
    "cmigrate import dbmate db/migrations --no-stamp",
    "The models of SQLAlchemy as schema.yaml",
    "cmigrate import sqlalchemy models:Base.metadata > schema.yaml",
    NULL,
};

static const char *const tools[] = { "alembic",    "dbmate", "flyway", "golang-migrate", "goose",
                                     "sqlalchemy", "django", "prisma", "drizzle",        NULL };

const Command cmd_import = {
    .name = "import",
    .summary = "take over the revisions, or the models, of another tool",
    .arguments = "TOOL [DIR|MODELS]",
    .details = "TOOL is alembic, dbmate, goose, flyway or golang-migrate. Ids, order and messages stay. The "
               "database is stamped with the revision that the other tool's table says it is at. Nothing is "
               "overwritten, and nothing half done: where a script cannot be carried over, none is written. "
               "Said again, it takes what has come since.\n\n"
               "Where TOOL is sqlalchemy, django, prisma or drizzle, no revisions are taken over: its models "
               "are printed as "
               "schema.yaml. The tool, where it is installed, says what SQL it would create, and that is run "
               "in a scratch "
               "place and read back.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(ImportOptions),
    .min_args = 1,
    .max_args = 2,
    .first_words = tools,
    .completes = COMPLETES_FOLDER,
    .per_database = true,
    .makes_folder = true,
    .run = run,
};
