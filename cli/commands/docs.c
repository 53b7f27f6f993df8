// Pages of the model for people: written, or compared with those that are there.
#include <string.h>
#include <unistd.h>

#include "cli/output/json.h"
#include "cli/pages/page.h"
#include "cli/pages/pages.h"
#include "cli/workflow/revision_new.h"
#include "core/base/file.h"
#include "core/lint/settings.h"

typedef struct DocsOptions {
    const char *type, *output, *diagrams;
    bool check, no_history, force;
} DocsOptions;

static const char *const types[] = { "markdown", "html", NULL };
static const char *const diagram_words[] = { "none", "mermaid", "svg", NULL };

#define AT(member) offsetof(DocsOptions, member)
static const Opt options[] = {
    {.name = "output",
     .letter = 'o',
     .kind = OPT_TEXT,
     .offset = AT(output),
     .value_name = "FOLDER",
     .help = "folder of the pages",
     .completes = COMPLETES_FOLDER },
    { .name = "type",
     .letter = 't',
     .kind = OPT_CHOICE,
     .offset = AT(type),
     .value_name = "markdown|html",
     .help = "form of the pages (default: markdown)",
     .choices = types },
    { .name = "check",
     .kind = OPT_FLAG,
     .offset = AT(check),
     .help = "write nothing; status 1 where the files differ from what would be written" },
    { .name = "diagrams",
     .kind = OPT_CHOICE,
     .offset = AT(diagrams),
     .value_name = "none|mermaid|svg",
     .help = "diagrams in the pages (default: mermaid in Markdown, none in HTML); svg needs Graphviz",
     .choices = diagram_words },
    { .name = "no-history",
     .kind = OPT_FLAG,
     .offset = AT(no_history),
     .help = "leave out which revision made and changed what" },
    { .name = "force",
     .kind = OPT_FLAG,
     .offset = AT(force),
     .help = "overwrite files that cmigrate docs did not write" },
    { 0},
};

typedef struct Docs {
    Session *session;
    const char *folder;
    bool html;
    PageFiles pages;
    NameList missing, different; // of what would be written
    NameList stale;              // written by an earlier run, for something that is gone
    NameList foreign;            // in the way, and not written by this program
} Docs;

// --- what the pages say --------------------------------------------------------

static bool find_findings(Docs *docs, const Project *project, const Graph *graph, const Schema *model,
                          Lint *lint, Error *err)
{
    LintSettings *settings = ARENA_NEW(docs->session->arena, LintSettings);
    if (!lint_settings_read(docs->session->arena, project->config, settings, err))
        return false;
    *lint = (Lint){ .arena = docs->session->arena,
                    .settings = settings,
                    .dialect = model->dialect,
                    .graph = graph,
                    .filter = &project->filter,
                    .model = model };
    lint_schema_run(lint, model);
    lint_end(lint);
    return true;
}

static bool find_history(Docs *docs, const Project *project, const Graph *graph, SchemaHistory *history,
                         bool *known, Error *err)
{
    const DocsOptions *o = docs->session->options;
    *known = !o->no_history && project->dialect && graph->revisions.count;
    if (!*known) {
        if (!o->no_history && graph->revisions.count)
            report_note(&docs->session->report, "No database is configured, so the pages have no history.");
        return true;
    }
    if (schema_history_read(docs->session, project, graph, history, err))
        return true;
    return err->hint[0] ? false : error_hint(err, "--no-history leaves out what the revisions made.");
}

// Gathers model, history and findings, and makes the pages. Without a database that can replay revisions the
// pages have no history.
static bool make_pages(Docs *docs, Error *err)
{
    Session *session = docs->session;
    const DocsOptions *o = session->options;
    Project project;
    Graph graph = { 0 };
    Comparison model = { 0 };
    SchemaHistory history = { 0 };
    Lint lint;
    bool known = false;
    if (!project_open(session, NEEDS_FOLDERS, &project, err) ||
        !project_graph(session, &project, &graph, err))
        return false;
    const Dialect *dialect = project.dialect ? project.dialect : &sqlite_dialect;
    if (!compare_read_model(session, &project, dialect, &model, err) ||
        !find_findings(docs, &project, &graph, &model.want, &lint, err) ||
        !find_history(docs, &project, &graph, &history, &known, err))
        return false;
    PageSource source = { .arena = session->arena,
                          .schema = &model.want,
                          .history = known ? &history : NULL,
                          .findings = &lint.findings,
                          .html = docs->html,
                          .diagrams = docs->html ? DIAGRAMS_NONE : DIAGRAMS_MERMAID };
    for (size_t i = 0; o->diagrams && diagram_words[i]; i++)
        if (strcmp(o->diagrams, diagram_words[i]) == 0)
            source.diagrams = (PageDiagrams)i;
    return pages_make(&source, &docs->pages, err);
}

// --- what is there ---------------------------------------------------------------

static bool is_ours(Text text)
{
    size_t n = strlen(page_mark);
    return text.n >= n && memcmp(text.p, page_mark, n) == 0;
}

static bool compare_page(Docs *docs, const PageFile *page, Error *err)
{
    const char *path = path_join(docs->session->arena, docs->folder, page->path);
    Text text;
    if (!file_exists(path)) {
        *VEC_PUSH(docs->session->arena, &docs->missing) = page->path;
        return true;
    }
    if (!file_read(docs->session->arena, path, 0, &text, err))
        return false;
    if (text.n == page->text.n && memcmp(text.p, page->text.p, text.n) == 0)
        return true;
    *VEC_PUSH(docs->session->arena, &docs->different) = page->path;
    if (!is_ours(text))
        *VEC_PUSH(docs->session->arena, &docs->foreign) = page->path;
    return true;
}

static bool is_page(const Docs *docs, const char *path)
{
    VEC_EACH (PageFile, it, &docs->pages)
        if (strcmp(it->path, path) == 0)
            return true;
    return false;
}

// Pages of an earlier run that nothing would be written to now.
static bool find_stale(Docs *docs, Error *err)
{
    static const char *const folders[] = { "", "tables", "objects" };
    Arena *arena = docs->session->arena;
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        const char *folder = folders[i][0] ? path_join(arena, docs->folder, folders[i]) : docs->folder;
        NameList names = { 0 };
        if (!folder_exists(folder))
            continue;
        if (!folder_list(arena, folder, docs->html ? ".html" : ".md", &names, err))
            return false;
        VEC_EACH (const char *, name, &names) {
            const char *path = folders[i][0] ? path_join(arena, folders[i], *name) : *name;
            Text text;
            if (is_page(docs, path))
                continue;
            if (!file_read(arena, path_join(arena, folder, *name), 0, &text, err))
                return false;
            if (is_ours(text))
                *VEC_PUSH(arena, &docs->stale) = path;
        }
    }
    return true;
}

static bool look(Docs *docs, Error *err)
{
    VEC_EACH (PageFile, it, &docs->pages)
        if (!compare_page(docs, it, err))
            return false;
    return find_stale(docs, err);
}

// --- check ---------------------------------------------------------------------

static void print_names(Session *session, const char *what, const NameList *names)
{
    VEC_EACH (const char *, name, names)
        report_line(&session->report, "%s %s", what, *name);
}

// Prints which pages are missing, different or stale; status 1 if any is.
static void answer_check(Docs *docs)
{
    Session *session = docs->session;
    bool same = !docs->missing.count && !docs->different.count && !docs->stale.count;
    Json json;
    if (!same)
        session->status = 1;
    if (session_answer_begin(session, &json, '{')) {
        json_put_text(&json, "folder", docs->folder);
        json_put_bool(&json, "ok", same);
        json_put_int(&json, "pages", (long long)docs->pages.count);
        json_put_names(&json, "missing", &docs->missing);
        json_put_names(&json, "different", &docs->different);
        json_put_names(&json, "stale", &docs->stale);
        session_answer_end(session, &json, '{');
        return;
    }
    print_names(session, "missing  ", &docs->missing);
    print_names(session, "different", &docs->different);
    print_names(session, "stale    ", &docs->stale);
    if (same)
        report_line(&session->report, "%s is what cmigrate docs writes (%zu pages)", docs->folder,
                    docs->pages.count);
    else
        report_note(&session->report, "Next: cmigrate docs -o %s", docs->folder);
}

// --- write ---------------------------------------------------------------------

static bool write_page(Docs *docs, const char *path, Error *err)
{
    Arena *arena = docs->session->arena;
    const char *whole = path_join(arena, docs->folder, path);
    VEC_EACH (PageFile, it, &docs->pages)
        if (strcmp(it->path, path) == 0)
            return folder_make(path_folder(arena, whole), err) && file_write(whole, it->text, false, err);
    return true;
}

static bool write_pages(Docs *docs, Error *err)
{
    const DocsOptions *o = docs->session->options;
    Arena *arena = docs->session->arena;
    if (docs->foreign.count && !o->force) {
        error_set(err, ERR_USAGE, "%s exists, and cmigrate docs did not write it",
                  path_join(arena, docs->folder, docs->foreign.items[0]));
        return error_hint(err, "Nothing was written. Give another folder, or overwrite it with --force.");
    }
    if (!folder_make(docs->folder, err))
        return false;
    VEC_EACH (const char *, path, &docs->missing)
        if (!write_page(docs, *path, err))
            return false;
    VEC_EACH (const char *, path, &docs->different)
        if (!write_page(docs, *path, err))
            return false;
    VEC_EACH (const char *, path, &docs->stale)
        if (unlink(path_join(arena, docs->folder, *path)) != 0)
            return error_set(err, ERR_IO, "cannot remove %s", path_join(arena, docs->folder, *path));
    return true;
}

static void answer_written(Docs *docs)
{
    Session *session = docs->session;
    size_t written = docs->missing.count + docs->different.count;
    Json json;
    if (session_answer_begin(session, &json, '{')) {
        json_put_text(&json, "folder", docs->folder);
        json_put_int(&json, "pages", (long long)docs->pages.count);
        json_put_names(&json, "created", &docs->missing);
        json_put_names(&json, "changed", &docs->different);
        json_put_names(&json, "removed", &docs->stale);
        session_answer_end(session, &json, '{');
    }
    if (!written && !docs->stale.count)
        report_note(&session->report, "%s is up to date (%zu pages)", docs->folder, docs->pages.count);
    else
        report_note(&session->report, "Wrote %zu of %zu pages to %s, removed %zu", written, docs->pages.count,
                    docs->folder, docs->stale.count);
}

// Writes the pages, or with --check compares them with the files that are there.
static bool run(Session *session, Error *err)
{
    const DocsOptions *o = session->options;
    Docs docs = { .session = session, .folder = o->output, .html = same_text(o->type, "html") };
    if (!o->output || session->several) {
        error_set(err, ERR_USAGE,
                  o->output ? "-o is the folder of one database's pages, and there are several databases"
                            : "docs needs -o FOLDER");
        return error_hint(err, "%s",
                          o->output ? "Say which: --database NAME"
                                    : "For example: cmigrate docs -o docs/schema");
    }
    if (!make_pages(&docs, err) || !look(&docs, err))
        return false;
    if (o->check) {
        answer_check(&docs);
        return true;
    }
    if (!write_pages(&docs, err))
        return false;
    answer_written(&docs);
    return true;
}

static const char *const examples[] = {
    "Pages beside the code, for GitHub",
    "cmigrate docs -o docs/schema",
    "In a pipeline: fail where they were not renewed",
    "cmigrate docs -o docs/schema --check",
    "A folder that a browser reads",
    "cmigrate docs -t html --diagrams svg -o public",
    NULL,
};

const Command cmd_docs = {
    .name = "docs",
    .summary = "write pages of the model for people",
    .arguments = "",
    .details =
        "A page with all tables, and one for each: its columns and which revision made and changed them, "
        "foreign keys both ways, indexes, checks, triggers, what lint finds, and a diagram. The revisions "
        "are "
        "replayed in a scratch database for that; the project's is not asked.\n\n"
        "Files that cmigrate docs did not write are neither overwritten nor deleted. The pages have no dates "
        "and no paths, so that they change only when the schema does.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(DocsOptions),
    .per_database = true,
    .run = run,
};
