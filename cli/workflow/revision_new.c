#include "cli/workflow/revision_new.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/workflow/folder_lock.h"
#include "cli/output/progress.h"
#include "cli/workflow/version.h"
#include "core/base/file.h"

enum { LONGEST_ID = 128 };

static bool has_scripts(Arena *arena, const char *folder)
{
    NameList names = { 0 };
    Error ignored = { 0 };
    if (!folder_list(arena, folder, ".sql", &names, &ignored))
        return false;
    VEC_EACH (const char *, it, &names) {
        size_t n = strlen(*it);
        if (n < 9 || strcmp(*it + n - 9, ".test.sql") != 0) // a test: `cmigrate test` reads it
            return true;
    }
    return false;
}

// A script that was moved into a sub-folder is not part of the history any more: nobody would miss the last one.
static void warn_of_subfolders(Session *session, const Project *project)
{
    VEC_EACH (const char *, folder, &project->folders) {
        NameList inner = { 0 };
        folder_list_folders(session->arena, *folder, &inner);
        VEC_EACH (const char *, name, &inner) {
            const char *path = path_join(session->arena, *folder, *name);
            if (!names_have(&project->folders, path) && has_scripts(session->arena, path))
                report_warning(&session->report,
                               "%s has scripts that are not read: list it in version_paths:", path);
        }
    }
}

bool project_graph(Session *session, const Project *project, Graph *out, Error *err)
{
    if (!project_folder_exists(session, project, err) ||
        !graph_read(session->arena, &project->folders, out, err))
        return false;
    folder_note(session, out);
    warn_of_subfolders(session, project);
    return true;
}

bool project_look(Session *session, const Project *project, Graph *out, Error *err)
{
    HeadCache *cache = head_cache_open(session->arena, &project->folders, NULL);
    return project_folder_exists(session, project, err) &&
           graph_look(session->arena, &project->folders, cache, out, err);
}

Revision *revision_resolve(Session *session, const Graph *graph, const char *text, Error *err)
{
    RevisionList found = { 0 };
    if (!graph_resolve(session->arena, graph, NULL, text, &found, err))
        return NULL;
    if (found.count == 1)
        return found.items[0];
    if (found.count == 0) {
        error_set(err, ERR_STATE,
                  graph->revisions.count ? "'%s' is not a revision" : "'%s': there are no revisions yet",
                  text);
        return NULL;
    }
    error_set(err, ERR_USAGE,
              "Multiple head revisions are present for given argument '%s'; please specify a specific target "
              "revision, '<branchname>@head' to narrow to a specific head, or 'heads' for all heads",
              text);
    error_hint(err, "'cmigrate heads' lists them; 'cmigrate merge -m MESSAGE heads' joins them.");
    return NULL;
}

// Refuses a name that a target could not be written with: empty, with special characters, or reserved.
static bool check_word(const char *word, const char *what, Error *err)
{
    if (!*word)
        return error_set(err, ERR_USAGE, "an empty %s", what);
    if (strlen(word) > LONGEST_ID) {
        error_set(err, ERR_USAGE, "the %s is longer than %d characters", what, LONGEST_ID);
        return false;
    }
    if (word[0] == '.')
        return error_set(err, ERR_USAGE, "the %s '%s' begins with a point: its file would be hidden", what,
                         word);
    for (const char *c = word; *c; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
                     *c == '_' || *c == '.';
        if (!plain) {
            error_set(err, ERR_USAGE, "Character(s) '%.*s' not allowed in %s '%s'",
                      (unsigned char)*c < 0x80 ? 1 : 4, c, what, word);
            return error_hint(err, "Letters, digits, '_' and '.' are.");
        }
    }
    static const char *const taken[] = { "head", "heads", "base", "current" };
    for (size_t i = 0; i < COUNT_OF(taken); i++)
        if (strcmp(taken[i], word) == 0)
            return error_set(err, ERR_USAGE, "'%s' cannot be a %s: it has a meaning of its own", word, what);
    return true;
}

static bool refuse_branch(const char *parent, Error *err)
{
    error_set(err, ERR_USAGE, "a revision on %s would begin a second line, and linear: true keeps one",
              parent);
    return error_hint(err, "Leave out --head, or take linear: out of cmigrate.yaml.");
}

// The revision that the new one builds on: --head, or the only head. Several heads, or a name that is no
// revision, are errors that say how to choose.
static bool choose_parent(Session *session, const Project *project, const Graph *graph,
                          const GraphOptions *options, Script *out, Error *err)
{
    if (options->head && strcmp(options->head, "base") == 0)
        return !project->config->linear || !graph->revisions.count || options->joins ||
               refuse_branch("base", err);
    if (!options->head && graph->revisions.count == 0)
        return true;
    if (!options->head && graph->heads.count > 1) {
        error_set(err, ERR_USAGE,
                  "Multiple heads are present; please specify the head revision on which the new revision "
                  "should be based, or perform a merge.");
        return error_hint(err, "Give --head REV, or join them: cmigrate merge -m MESSAGE heads");
    }
    Revision *parent = revision_resolve(session, graph, options->head ? options->head : "head", err);
    if (!parent)
        return false;
    if (!parent->is_head && project->config->linear)
        return refuse_branch(parent->id, err);
    if (!parent->is_head && !options->splice)
        return error_set(err, ERR_USAGE,
                         "Revision %s is not a head revision; please specify --splice to create a new "
                         "branch from this revision",
                         parent->id);
    *VEC_PUSH(session->arena, &out->parents) = parent->id;
    return true;
}

time_t revision_time(void)
{
    static const long long last = 253402300799;      // of the year 9999: files are named after four digits
    const char *fixed = getenv("SOURCE_DATE_EPOCH"); // reproducible output
    long long when = fixed && *fixed ? strtoll(fixed, NULL, 10) : (long long)time(NULL);
    return (time_t)(when < 0 ? 0 : when > last ? last : when);
}

static const char *now_text(Arena *arena)
{
    time_t now = revision_time();
    struct tm tm;
    char text[64];
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
    return arena_strdup(arena, text);
}

// One of the folders that are read, by any name of it.
static const char *folder_named(const Project *project, Arena *arena, const char *path, Error *err)
{
    const char *wanted = path_shown(arena, path);
    struct stat one, other;
    bool there = stat(path, &one) == 0;
    VEC_EACH (const char *, folder, &project->folders)
        if (strcmp(*folder, wanted) == 0 ||
            (there && stat(*folder, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino))
            return *folder;
    error_set(err, ERR_USAGE, "Path %s is not represented in current version locations", wanted);
    error_hint(err, "Scripts are read from %s. List other folders in version_paths: of cmigrate.yaml.",
               names_joined(arena, &project->folders, ""));
    return NULL;
}

static bool choose_folder(Session *session, const Project *project, const Graph *graph,
                          const GraphOptions *options, Script *out, Error *err)
{
    const Revision *parent = out->parents.count ? graph_by_id(graph, out->parents.items[0]) : NULL;
    if (options->version_path)
        out->folder = folder_named(project, session->arena, options->version_path, err);
    else if (parent)
        out->folder = path_folder(session->arena, parent->script->path);
    return out->folder || !options->version_path;
}

// The revision that has the id, or the squash that stands for it, whether its script is still there or not; NULL: it is free.
static const Revision *owner_of(const Graph *graph, const char *id)
{
    const Revision *own = graph_by_id(graph, id);
    if (own)
        return own;
    VEC_EACH (Revision *, it, &graph->revisions)
        if (names_have(&(*it)->script->replaces, id))
            return *it;
    return NULL;
}

bool revision_head(Session *session, const Project *project, const Graph *graph, const GraphOptions *options,
                   Script *out, Error *err)
{
    Arena *arena = session->arena;
    *out = (Script){ .message = options->message ? options->message : "", .created = now_text(arena) };
    if (project->dialect)
        out->dialect = project->dialect->name;
    if (options->rev_id) {
        if (!check_word(options->rev_id, "revision identifier", err))
            return false;
        const Revision *taken = owner_of(graph, options->rev_id);
        if (taken)
            return error_set(err, ERR_USAGE, "revision %s exists already: %s%s", options->rev_id,
                             path_shown(arena, taken->script->path),
                             strcmp(taken->id, options->rev_id) == 0 ? "" : " replaces it");
        out->revision = options->rev_id;
    } else {
        do
            out->revision = revision_new_id(arena);
        while (owner_of(graph, out->revision));
    }
    if (options->branch_label) {
        if (!check_word(options->branch_label, "branch label", err))
            return false;
        VEC_EACH (Revision *, it, &graph->revisions)
            if (names_have(&(*it)->script->labels, options->branch_label))
                return error_set(err, ERR_USAGE, "the branch label '%s' is used by revision %s already",
                                 options->branch_label, (*it)->id);
        *VEC_PUSH(arena, &out->labels) = options->branch_label;
    }
    VEC_EACH (const char *, text, &options->depends_on) {
        Revision *other = revision_resolve(session, graph, *text, err);
        if (!other)
            return error_prefix(err, "--depends-on: ");
        *VEC_PUSH(arena, &out->depends_on) = names_have(&other->script->labels, *text) ? *text : other->id;
    }
    return choose_parent(session, project, graph, options, out, err) &&
           choose_folder(session, project, graph, options, out, err);
}

// Seconds that the configured time zone is ahead of UTC at `when`.
static int64_t zone_offset(const char *zone, time_t when)
{
    if (!zone || !*zone)
        return 0;
    char *before = getenv("TZ");
    before = before ? strdup(before) : NULL;
    setenv("TZ", zone, 1);
    tzset();
    struct tm tm;
    localtime_r(&when, &tm);
    int64_t offset = tm.tm_gmtoff;
    if (before)
        setenv("TZ", before, 1);
    else
        unsetenv("TZ");
    tzset();
    free(before);
    return offset;
}

bool revision_zone_check(Session *session, const Config *config, Error *err)
{
    const char *zone = config->timezone, *folder = getenv("TZDIR");
    if (!zone || !*zone || strcmp(zone, "UTC") == 0)
        return true;
    const char *path = path_join(session->arena, folder && *folder ? folder : "/usr/share/zoneinfo", zone);
    if (zone[0] != '/' && !strstr(zone, "..") && file_exists(path) && !folder_exists(path))
        return true;
    error_at(err, ERR_CONFIG, config->timezone_at, "Can't locate timezone: %s", zone);
    return error_hint(err,
                      "Zones are named as in Europe/Vienna; the system knows those of its package tzdata.");
}

// The note of a linear project, which says which revision is the last, has to be inside of it like a script.
static bool may_note_head(Session *session, const Project *project, Error *err)
{
    return !project->config->linear ||
           project_may_write(session, project, path_join(session->arena, project->directory, "HEAD"), err);
}

bool revision_note_head(Session *session, const Project *project, const char *id, Error *err)
{
    if (!project->config->linear)
        return true;
    const char *line = arena_printf(session->arena, "%s\n", id);
    return may_note_head(session, project, err) &&
           file_write(path_join(session->arena, project->directory, "HEAD"), (Text){ line, strlen(line) },
                      false, err);
}

// REVISION_SCRIPT_FILENAME, as Alembic's hooks say it, is the first argument; after a dollar it is a variable anyway.
static const char *hook_command(Arena *arena, const char *hook)
{
    static const char token[] = "REVISION_SCRIPT_FILENAME";
    if (!strstr(hook, token))
        return strstr(hook, "$1") ? hook : arena_printf(arena, "%s \"$1\"", hook);
    StrBuf out;
    strbuf_init(&out, arena);
    for (const char *p = hook, *found; *p; p = found + sizeof(token) - 1) {
        found = strstr(p, token);
        char before = found > hook ? found[-1] : ' ';
        if (!found) {
            strbuf_puts(&out, p);
            break;
        }
        strbuf_put(&out, p, (size_t)(found - p));
        strbuf_puts(&out, before == '$' || before == '{' ? token
                          : before == '"'                ? "$1"
                          : before == '\''               ? "'\"$1\"'"
                                                         : "\"$1\"");
    }
    return out.text;
}

static bool run_hook(Session *session, const char *hook, const char *path, Error *err)
{
    const char *command = hook_command(session->arena, hook);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        progress_forked();
        setenv("REVISION_SCRIPT_FILENAME", path, 1);
        dup2(STDERR_FILENO, STDOUT_FILENO); // standard output carries the answer only
        execl("/bin/sh", "sh", "-c", command, "sh", path, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    error_set(err, ERR_STATE, "the hook '%s' failed on %s (status %d)", hook, path,
              WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return error_hint(err, "The script was written and stays. Fix the hook, or run it by hand.");
}

// `template:` a file of one's own around each script. {script} is where it stands.
static bool apply_template(Session *session, const Project *project, const Script *head, const StrBuf *text,
                           StrBuf *out, Error *err)
{
    Arena *arena = session->arena;
    const char *path = path_join(arena, project->config->folder, project->config->template_file);
    Text form;
    if (!file_read(arena, path, 0, &form, err)) {
        err->at = project->config->template_at;
        return error_prefix(err, "template: ");
    }
    if (memchr(form.p, '\0', form.n))
        return error_at(err, ERR_CONFIG, project->config->template_at, "the template %s has a NUL byte",
                        path_shown(arena, path));
    if (!strstr(form.p, "{script}")) {
        error_at(err, ERR_CONFIG, project->config->template_at, "the template %s has no place for the script",
                 path_shown(arena, path));
        return error_hint(err, "Write {script} in a line of its own, where it belongs.");
    }
    const struct {
        const char *word, *value;
    } words[] = {
        {"{script}",    text->text    },
        { "{revision}", head->revision},
        { "{message}",  safe(arena,     head->message ? head->message : "") },
        { "{created}",            head->created ? head->created : ""              }
    };
    for (const char *p = form.p; *p;) {
        size_t i = 0;
        while (i < COUNT_OF(words) && strncmp(p, words[i].word, strlen(words[i].word)) != 0)
            i++;
        if (i == COUNT_OF(words)) {
            strbuf_putc(out, *p++);
        } else {
            strbuf_puts(out, words[i].value);
            p += strlen(words[i].word);
        }
    }
    Script read; // what cannot be read back is not written
    if (script_read_text(arena, path_shown(arena, path), (Text){ out->text, out->length }, &read, err))
        return true;
    err->at = project->config->template_at;
    return error_prefix(err, "what the template %s makes is not a script: ", path_shown(arena, path));
}

const char *revision_file_name(Session *session, const Project *project, const Script *head, time_t when,
                               Error *err)
{
    const Config *config = project->config;
    if (!revision_zone_check(session, config, err))
        return NULL;
    const char *name =
        script_file_name(session->arena, config->file_template, head->revision, head->message,
                         when + zone_offset(config->timezone, when), config->truncate_slug_length, err);
    if (!name && err)
        err->at = config->file_template_at;
    return name;
}

bool revision_save_text(Session *session, const Project *project, const Script *head, const StrBuf *text,
                        const char **path, Error *err)
{
    Arena *arena = session->arena;
    const Config *config = project->config;
    const char *name = head->path ? "" : revision_file_name(session, project, head, revision_time(), err);
    if (!name)
        return false;
    const char *whole =
        head->path ? head->path : path_join(arena, head->folder ? head->folder : project->directory, name);
    StrBuf templated;
    strbuf_init(&templated, arena);
    if (config->template_file) {
        if (!apply_template(session, project, head, text, &templated, err))
            return false;
        text = &templated;
    }
    int lock = -1;
    bool ok = session_goes_on(session, err) && project_may_write(session, project, whole, err) &&
              may_note_head(session, project, err) && folder_lock(session, project, head, &lock, err) &&
              folder_make(path_folder(arena, whole), err) &&
              file_write(whole, (Text){ text->text, text->length }, !head->path, err);
    folder_unlock(lock);
    if (!ok)
        return false;
    session->written = *path = path_shown(arena, whole);
    VEC_EACH (const char *, hook, &config->hooks)
        if (!run_hook(session, *hook, whole, err))
            return false;
    return true;
}

bool revision_save(Session *session, const Project *project, const Script *head, const Dialect *dialect,
                   const StatementList *up, const StatementList *down, const char **path, Error *err)
{
    StrBuf text;
    strbuf_init(&text, session->arena);
    if (project->config->dialects.count > 1)
        dialect = NULL; // a script that is for every engine
    script_write(&text, head, dialect, up, down);
    return revision_save_text(session, project, head, &text, path, err) &&
           revision_note_head(session, project, head->revision, err);
}
