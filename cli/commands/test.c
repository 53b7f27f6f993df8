// Tests of migrations: checks that need no file, and those that the project has written.
#include <fnmatch.h>
#include <string.h>

#include "cli/output/progress.h"
#include "cli/testing/builtin.h"
#include "cli/testing/run.h"
#include "cli/testing/update.h"
#include "cli/workflow/engines.h"
#include "cli/workflow/revision_new.h"
#include "core/base/clock.h"
#include "core/base/file.h"

typedef struct TestOptions {
    NameList run, tags, skip_tags, engines;
    const char *format;
    bool update, keep, list;
} TestOptions;

#define AT(member) offsetof(TestOptions, member)
static const Opt options[] = {
    {.name = "run",
     .kind = OPT_LIST,
     .offset = AT(run),
     .value_name = "GLOB",
     .help = "only tests whose name matches; may be repeated" },
    { .name = "tag",
     .kind = OPT_LIST,
     .offset = AT(tags),
     .value_name = "WORD",
     .help = "only tests of files that have this tag; may be repeated" },
    { .name = "skip-tag",
     .kind = OPT_LIST,
     .offset = AT(skip_tags),
     .value_name = "WORD",
     .help = "no test that has this tag; may be repeated" },
    { .name = "engine",
     .kind = OPT_LIST,
     .offset = AT(engines),
     .value_name = "NAME",
     .help = "on this engine only; may be repeated (default: all that the project has)" },
    { .name = "update",
     .kind = OPT_FLAG,
     .offset = AT(update),
     .help = "write the rows that came into the files in place of those expected" },
    { .name = "keep",
     .kind = OPT_FLAG,
     .offset = AT(keep),
     .help = "keep the scratch place of a test in a file that failed, and say where it is" },
    { .name = "list",
     .kind = OPT_FLAG,
     .offset = AT(list),
     .help = "print the names of the tests, run none" },
    { .name = "format",
     .kind = OPT_CHOICE,
     .offset = AT(format),
     .value_name = "FORMAT",
     .choices = outcome_formats,
     .help = "text, json, junit or tap" },
    { 0             },
};

typedef struct Testing {
    Session *session;
    const TestOptions *options;
    Project project; // as it is configured
    Graph graph;
    NameList engines, files;
    OutcomeList outcomes;
} Testing;

// ---- what is asked for

static bool is_chosen(const Testing *t, const char *name)
{
    VEC_EACH (const char *, glob, &t->options->run)
        if (fnmatch(*glob, name, 0) == 0)
            return true;
    return !t->options->run.count;
}

static bool has_one_of(const NameList *tags, const NameList *words)
{
    VEC_EACH (const char *, it, tags)
        if (names_have(words, *it))
            return true;
    return false;
}

// By its name, with or without the variables of its case, and by its tags.
static bool is_chosen_test(const Testing *t, const ProjectTest *test)
{
    const TestOptions *o = t->options;
    return (is_chosen(t, test->name) || is_chosen(t, test->title)) &&
           (!o->tags.count || has_one_of(&test->tags, &o->tags)) && !has_one_of(&test->tags, &o->skip_tags);
}

static bool add_engine(Testing *t, const char *word, Error *err)
{
    const char *name = suite_engine(word);
    if (!name) {
        error_set(err, ERR_USAGE, "--engine: there is no engine '%s'", word);
        return error_hint(err, "It is one of sqlite, postgresql, mysql, mariadb, all.");
    }
    if (!names_have(&t->engines, name))
        *VEC_PUSH(t->session->arena, &t->engines) = name;
    return true;
}

// Those of --engine; else those of `dialects:`, that of the URL, or that of the revisions.
static bool choose_engines(Testing *t, Error *err)
{
    const NameList *own = &t->project.config->dialects;
    const RevisionList *revisions = &t->graph.revisions;
    bool all = !t->options->engines.count;
    VEC_EACH (const char *, word, &t->options->engines) {
        all |= strcmp(*word, "all") == 0;
        if (strcmp(*word, "all") != 0 && !add_engine(t, *word, err))
            return false;
    }
    for (size_t i = 0; all && i < own->count; i++)
        if (!add_engine(t, own->items[i], err))
            return false;
    if (all && !t->engines.count && t->project.dialect)
        return add_engine(t, t->project.dialect->name, err);
    if (all && !t->engines.count && revisions->count && revisions->items[0]->script->dialect)
        return add_engine(t, revisions->items[0]->script->dialect, err);
    return t->engines.count ||
           error_set(err, ERR_CONFIG, "no database is named, and the revisions name no engine");
}

static bool add_folder(Testing *t, const char *folder, Error *err)
{
    static const char *const suffixes[] = { ".test.yaml", ".test.yml", ".test.sql" };
    for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
        NameList names = { 0 };
        if (!folder_list(t->session->arena, folder, suffixes[i], &names, err))
            return false;
        VEC_EACH (const char *, name, &names)
            *VEC_PUSH(t->session->arena, &t->files) = path_join(t->session->arena, folder, *name);
    }
    return true;
}

// The files that are named; else those of the folder `tests` among the revisions.
static bool choose_files(Testing *t, Error *err)
{
    const char *usual = path_join(t->session->arena, t->project.directory, "tests");
    if (!t->session->args.count)
        return !folder_exists(usual) || add_folder(t, usual, err);
    VEC_EACH (const char *, arg, &t->session->args) {
        if (folder_exists(*arg)) {
            if (!add_folder(t, *arg, err))
                return false;
        } else {
            *VEC_PUSH(t->session->arena, &t->files) = *arg;
        }
    }
    return true;
}

static bool check_skips(const Testing *t, Error *err)
{
    const Config *config = t->project.config;
    const char *names[32];
    size_t count = 0;
    for (; builtins[count]; count++)
        names[count] = builtins[count]->name;
    VEC_EACH (const char *, skip, &config->test_skip) {
        if (builtin_find(*skip))
            continue;
        error_at(err, ERR_CONFIG, config->test_at, "there is no check '%s'", *skip);
        const char *near = nearest_word(*skip, names, count);
        return near ? error_label(err, "did you mean '%s'?", near)
                    : error_hint(err, "'cmigrate test --list' names all of them.");
    }
    return true;
}

// ---- running

static void keep(Testing *t, const TestOutcome *outcome)
{
    *VEC_PUSH(t->session->arena, &t->outcomes) = *outcome;
    outcome_tell(t->session, t->options->format, outcome);
}

// Of the engines that a test runs on it names those where there is more than one.
static const char *engine_word(const Testing *t, const char *engine)
{
    return t->engines.count > 1 ? engine : NULL;
}

static bool run_builtin(Testing *t, const Builtin *builtin, Project *project, const char *engine, Error *err)
{
    TestOutcome outcome = { .name = builtin->name, .engine = engine, .status = TEST_PASSED };
    const BuiltinBench bench = { t->session, project, &t->graph };
    if (names_have(&t->project.config->test_skip, builtin->name))
        builtin_skips(&outcome, "left out by the configuration");
    else if (!builtin_run(&bench, builtin, &outcome, err))
        return error_prefix(err, "%s: ", builtin->name);
    keep(t, &outcome);
    return true;
}

static bool run_builtins(Testing *t, Project *project, const char *engine, Error *err)
{
    for (size_t i = 0; builtins[i]; i++) {
        const Builtin *builtin = builtins[i];
        if (builtin->per_engine == (engine != NULL) && is_chosen(t, builtin->name) &&
            !run_builtin(t, builtin, project, engine ? engine_word(t, engine) : NULL, err))
            return false;
    }
    return true;
}

// A test on one engine, where it is chosen and meant for that engine.
static bool run_file_test(Testing *t, const ProjectTest *test, Project *project, const char *engine,
                          TestUpdateList *updates, Error *err)
{
    TestOutcome outcome = {
        .name = test->name, .engine = engine_word(t, engine), .path = test->path, .at = test->at
    };
    const TestBench bench = { .session = t->session,
                              .project = project,
                              .graph = &t->graph,
                              .keep = t->options->keep,
                              .update = t->options->update,
                              .updates = updates };
    if (!is_chosen_test(t, test) || (test->engines.count && !names_have(&test->engines, engine)))
        return true;
    progress_begin(t->session->progress, test->name, 0, 0);
    bool ok = true;
    if (test->skip)
        builtin_skips(&outcome, test->skip);
    else
        ok = test_run(&bench, test, &outcome, err);
    progress_end(t->session->progress);
    if (ok)
        keep(t, &outcome);
    return ok;
}

// Each file on all engines, one after another: what --update writes must be the same for each.
static bool run_file(Testing *t, const char *path, Project *const *projects, Error *err)
{
    Arena *arena = t->session->arena;
    TestUpdateList updates = { 0 };
    NameList written = { 0 };
    Text text = { 0 };
    bool differ = false;
    for (size_t i = 0; i < t->engines.count; i++) {
        TestSuite suite = { 0 };
        if (!suite_read(arena, path, projects[i]->dialect, &suite, &text, err))
            return false;
        VEC_EACH (ProjectTest, test, &suite)
            if (!run_file_test(t, test, projects[i], t->engines.items[i], &updates, err))
                return false;
    }
    if (!update_write_files(arena, &updates, &written, err))
        return false;
    VEC_EACH (const char *, it, &written)
        report_note(&t->session->report, "Wrote %s", path_shown(arena, *it));
    VEC_EACH (TestUpdate, it, &updates)
        differ |= !it->kept && !it->file;
    if (!differ)
        return true;
    if (!update_write(arena, path, text, &updates, err))
        return false;
    report_note(&t->session->report, "Wrote %s", path_shown(arena, path));
    return true;
}

// That every file can be read is found out before the first test runs.
static bool read_files(const Testing *t, Project *const *projects, Error *err)
{
    Arena *scratch = arena_new();
    bool ok = true;
    for (size_t f = 0; ok && f < t->files.count; f++)
        for (size_t i = 0; ok && i < t->engines.count; i++) {
            TestSuite suite = { 0 };
            ok = suite_read(t->session->arena, t->files.items[f], projects[i]->dialect, &suite, NULL, err);
        }
    arena_free(scratch);
    return ok;
}

// What is read of a scratch place: the schemas that the model names; without one that can be read, all of them.
static void claim(Session *session, Project *project)
{
    Comparison model = { 0 };
    Error ignored = { 0 };
    project->filter.default_schema = filter_default_schema(session->arena, project->dialect, &project->url);
    if (compare_read_model(session, project, project->dialect, &model, &ignored))
        return;
    project->whole = true;
    project_claim_names(project, &project->claims);
}

static bool open_engines(Testing *t, Project **projects, Error *err)
{
    for (size_t i = 0; i < t->engines.count; i++) {
        projects[i] = ARENA_NEW(t->session->arena, Project);
        if (!engines_project(t->session, &t->project, t->engines.items[i], projects[i], err))
            return false;
        claim(t->session, projects[i]);
    }
    return true;
}

// Names alone in JSON; for people with what each is about, or where it stands.
static void print_list(Testing *t, bool builtin, Project *const *projects)
{
    Report *report = &t->session->report;
    Json json;
    session_answer_begin(t->session, &json, '[');
    for (size_t i = 0; builtins[i] && builtin; i++) {
        if (!is_chosen(t, builtins[i]->name))
            continue;
        json_text(&json, builtins[i]->name);
        report_line(report, "%-24s %s", builtins[i]->name, builtins[i]->summary);
    }
    VEC_EACH (const char *, path, &t->files) {
        TestSuite suite = { 0 };
        Error ignored = { 0 };
        if (!suite_read(t->session->arena, *path, projects[0]->dialect, &suite, NULL, &ignored))
            continue;
        VEC_EACH (ProjectTest, test, &suite) {
            if (!is_chosen_test(t, test))
                continue;
            json_text(&json, test->name);
            report_line(report, "%-24s %s", safe(t->session->arena, test->name),
                        path_shown(t->session->arena, *path));
        }
    }
    session_answer_end(t->session, &json, '[');
}

// What needs no engine comes first, as it is quick; then engine by engine, then the files, each on all engines.
static bool run_all(Testing *t, Error *err)
{
    Project **projects = arena_alloc(t->session->arena, (t->engines.count + 1) * sizeof(Project *));
    // files that are named are all that is wanted, and a check has no tag
    bool builtin = !t->session->args.count && !t->options->tags.count;
    if (!open_engines(t, projects, err) || !read_files(t, projects, err))
        return false;
    if (t->options->list) {
        print_list(t, builtin, projects);
        return true;
    }
    double start = now_ms();
    if (builtin && !run_builtins(t, projects[0], NULL, err))
        return false;
    for (size_t i = 0; builtin && i < t->engines.count; i++)
        if (!run_builtins(t, projects[i], t->engines.items[i], err))
            return false;
    VEC_EACH (const char *, path, &t->files)
        if (!run_file(t, *path, projects, err))
            return false;
    outcomes_print(t->session, t->options->format, &t->outcomes, now_ms() - start);
    if (outcomes_count(&t->outcomes, TEST_FAILED))
        t->session->status = 1;
    return t->outcomes.count || error_set(err, ERR_USAGE, "no test has a name or tag that matches");
}

static bool run(Session *session, Error *err)
{
    Testing t = { .session = session, .options = session->options };
    bool ok = project_open(session, NEEDS_FOLDERS, &t.project, err) &&
              project_graph(session, &t.project, &t.graph, err) && check_skips(&t, err) &&
              choose_engines(&t, err) && choose_files(&t, err) && run_all(&t, err);
    project_close(session, &t.project);
    return ok;
}

static const char *const examples[] = {
    "All checks and tests, for a pipeline",
    "cmigrate test --format junit > report.xml",
    "The project's tests about names, on every engine",
    "cmigrate test --run '*name*' --engine all",
    "Take over what a query gives now",
    "cmigrate test migrations/tests/split.test.yaml --update",
    NULL,
};

const Command cmd_test = {
    .name = "test",
    .summary = "run the built-in checks and the project's own tests of its migrations",
    .arguments = "[FILE…]",
    .details =
        "Everything runs in scratch places, which are made and dropped: memory for SQLite, databases of "
        "their "
        "own on a server. Without FILE the built-in checks run, and the files *.test.yaml and *.test.sql in "
        "the folder `tests` among the revisions; a FILE may be a folder. `test: {skip: [NAME]}` in "
        "cmigrate.yaml leaves checks out. docs/testing.md tells how tests are written.\n\n"
        "Status 0: all hold. Status 1: one does not. Status 2: a test cannot be read. Status 3: no scratch "
        "place.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(TestOptions),
    .max_args = 256,
    .completes = COMPLETES_FILE,
    .per_database = true,
    .run = run,
};
