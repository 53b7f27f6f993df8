#include "cli/workflow/since.h"

#include <string.h>

#include "core/base/file.h"
#include "core/base/process.h"

enum { MOST_WORDS = 16 };

typedef struct Since {
    Session *session;
    const Project *project;
    const Graph *graph;
    const char *ref, *base; // as it was given; the commit of the merge base
    RevisionList added, changed;
    VEC(Script *) beyond; // of `ref`, made there since the merge base
    LintNoteList *notes;
    Error *err;
} Since;

// --- git ---------------------------------------------------------------------

static const char *first_line(Arena *arena, Text text)
{
    const char *end = text.n ? memchr(text.p, '\n', text.n) : NULL;
    return arena_strndup(arena, text.n ? text.p : "", end ? (size_t)(end - text.p) : text.n);
}

// Runs git in a folder. *found (may be NULL) is false where git says no; else that is an error.
static bool git(Session *session, const char *folder, const char *const *words, Text *out, bool *found,
                Error *err)
{
    const char *argv[MOST_WORDS + 2] = { "git" };
    ProcessResult result = { 0 };
    for (size_t i = 0; words[i] && i < MOST_WORDS; i++)
        argv[i + 1] = words[i];
    if (!process_run(session->arena, argv, folder, 0, &result, err))
        return error_prefix(err, "git: ");
    *out = result.out;
    if (found)
        *found = result.status == 0;
    if (found || result.status == 0)
        return true;
    return error_set(err, ERR_CONFIG, "git %s: %s", words[0], first_line(session->arena, result.err));
}

static const char *place_of(const Project *project)
{
    return folder_exists(project->directory) ? project->directory : project->config->folder;
}

static bool commit_of(Session *session, const Project *project, const char *ref, bool *found, Text *out,
                      Error *err)
{
    const char *name = arena_printf(session->arena, "%s^{commit}", ref);
    return git(session, place_of(project),
               (const char *const[]){ "rev-parse", "--verify", "--quiet", name, NULL }, out, found, err);
}

bool since_is_there(Session *session, const Project *project, const char *ref)
{
    bool found = false;
    Text out;
    Error ignored = { 0 };
    return ref[0] != '-' && commit_of(session, project, ref, &found, &out, &ignored) && found;
}

// Finds the commit from which this branch started, so that changes of others since then do not count.
static bool find_base(Since *s)
{
    Session *session = s->session;
    bool found = false;
    Text out;
    if (s->ref[0] == '-' || !s->ref[0])
        return error_set(s->err, ERR_USAGE, "--since takes a git revision, not '%s'", s->ref);
    if (!commit_of(session, s->project, s->ref, &found, &out, s->err))
        return false;
    if (!found) {
        error_set(s->err, ERR_CONFIG, "git has no revision '%s'", s->ref);
        return error_hint(s->err, "Fetch it first, as in: git fetch origin main");
    }
    if (!git(session, place_of(s->project), (const char *const[]){ "merge-base", s->ref, "HEAD", NULL }, &out,
             &found, s->err))
        return false;
    if (!found) {
        error_set(s->err, ERR_CONFIG, "git finds no commit that '%s' and HEAD have in common", s->ref);
        return error_hint(s->err,
                          "A shallow clone may lack it: fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab.");
    }
    s->base = first_line(session->arena, out);
    return true;
}

// The next text of a list in which each ends with a NUL.
static const char *next_text(Arena *arena, Text *list)
{
    if (!list->n)
        return NULL;
    const char *end = memchr(list->p, '\0', list->n);
    size_t n = end ? (size_t)(end - list->p) : list->n;
    const char *text = arena_strndup(arena, list->p, n);
    list->p += n + (end != NULL);
    list->n -= n + (end != NULL);
    return text;
}

static bool is_script(const char *name)
{
    size_t n = strlen(name);
    return n > 4 && strcmp(name + n - 4, ".sql") == 0 && name[0] != '.' && !strchr(name, '/');
}

// --- scripts -----------------------------------------------------------------

static Revision *by_path(const Graph *graph, const char *path)
{
    VEC_EACH (Revision *, it, &graph->revisions)
        if (strcmp((*it)->script->path, path) == 0)
            return *it;
    return NULL;
}

static bool has(const RevisionList *list, const Revision *revision)
{
    VEC_EACH (Revision *, it, list)
        if (*it == revision)
            return true;
    return false;
}

static void add(Since *s, RevisionList *list, Revision *revision)
{
    if (revision && !has(list, revision))
        *VEC_PUSH(s->session->arena, list) = revision;
}

// A script as a commit has it; NULL: it is none, or cannot be read as one.
static Script *script_at(Since *s, const char *commit, const char *folder, const char *name)
{
    Arena *arena = s->session->arena;
    Script *script = ARENA_NEW(arena, Script);
    Text text;
    bool found = false;
    Error ignored = { 0 };
    const char *what = arena_printf(arena, "%s:./%s", commit, name);
    return git(s->session, folder, (const char *const[]){ "show", what, NULL }, &text, &found, &ignored) &&
                   found &&
                   script_read_text_as(arena, path_join(arena, folder, name), text, s->project->dialect,
                                       script, &ignored)
               ? script
               : NULL;
}

static bool checksum(Since *s, const Script *script, Direction direction, char out[65])
{
    Error ignored = { 0 };
    SectionList sections = { 0 };
    const Dialect *dialect = s->project->dialect;
    if (!dialect && script->dialect)
        dialect = dialect_by_scheme(script->dialect);
    if (!dialect || !script_sections(s->session->arena, script, dialect, direction, &sections, &ignored))
        return false;
    script_checksum(s->session->arena, &sections, out);
    return true;
}

static bool same_names(const NameList *a, const NameList *b)
{
    bool same = a->count == b->count;
    VEC_EACH (const char *, it, a)
        same = same && names_have(b, *it);
    return same;
}

// Do both run the same statements at the same place? Comments and messages may differ.
static bool is_same(Since *s, const Script *old, const Revision *revision)
{
    Script now = { 0 };
    Error ignored = { 0 };
    char a[2][65] = { "", "" }, b[2][65] = { "", "" };
    if (!script_read_whole(s->session->arena, revision->script, &now, &ignored))
        return false;
    for (int i = 0; i < 2; i++)
        if (!checksum(s, old, i ? DOWNGRADE : UPGRADE, a[i]) ||
            !checksum(s, &now, i ? DOWNGRADE : UPGRADE, b[i]))
            return old->text.n == now.text.n && memcmp(old->text.p, now.text.p, now.text.n) == 0;
    return strcmp(a[0], b[0]) == 0 && strcmp(a[1], b[1]) == 0 && same_names(&old->parents, &now.parents) &&
           same_names(&old->depends_on, &now.depends_on);
}

static void note(Since *s, const char *code, const Revision *revision, const char *path, const char *text)
{
    *VEC_PUSH(s->session->arena, s->notes) = (LintNote){
        .code = code,
        .revision = revision,
        .at = revision ? revision->script->revision_at : (SourcePos){.file = path, .line = 1, .column = 1},
        .text = text,
    };
}

// A script of the merge base that is no more as it was: under its name, another, or not at all.
static void look_at_old(Since *s, const char *folder, const char *name)
{
    Arena *arena = s->session->arena;
    const Script *old = script_at(s, s->base, folder, name);
    Revision *now = old ? graph_by_id(s->graph, old->revision) : NULL;
    if (!old)
        return;
    if (!now) {
        note(s, "H103", NULL, path_join(arena, folder, name),
             arena_printf(arena, "revision %s, which %s has, was removed", old->revision, s->ref));
        return;
    }
    size_t kept = 0;
    for (size_t i = 0; i < s->added.count; i++) // a renamed file is nothing new
        if (s->added.items[i] != now)
            s->added.items[kept++] = s->added.items[i];
    s->added.count = kept;
    if (is_same(s, old, now))
        return;
    add(s, &s->changed, now);
    note(s, "H103", now, NULL,
         arena_printf(arena, "revision %s was changed, and %s has it as it was", now->id, s->ref));
}

// --- folders -----------------------------------------------------------------

static bool list_changes(Since *s, const char *folder, const char *to, Text *out)
{
    const char *words[] = {
        "diff", "--name-status", "-z", "--no-renames", "--relative", s->base, "--", ".", NULL, NULL
    };
    if (to) {
        words[6] = to;
        words[7] = "--";
        words[8] = ".";
    }
    return git(s->session, folder, words, out, NULL, s->err);
}

// Sorts the scripts of one folder: new here, changed here, and new on the other branch. Files that git does
// not track are new.
static bool read_folder(Since *s, const char *folder)
{
    Arena *arena = s->session->arena;
    Text list, untracked, theirs;
    NameList old = { 0 };
    if (!list_changes(s, folder, NULL, &list) || !list_changes(s, folder, s->ref, &theirs) ||
        !git(s->session, folder,
             (const char *const[]){ "ls-files", "--others", "--exclude-standard", "-z", "--", ".", NULL },
             &untracked, NULL, s->err))
        return false;
    for (const char *status, *name;
         (status = next_text(arena, &list)) != NULL && (name = next_text(arena, &list)) != NULL;) {
        if (is_script(name) && *status == 'A')
            add(s, &s->added, by_path(s->graph, path_join(arena, folder, name)));
        else if (is_script(name))
            *VEC_PUSH(arena, &old) = name;
    }
    for (const char *name; (name = next_text(arena, &untracked)) != NULL;)
        if (is_script(name))
            add(s, &s->added, by_path(s->graph, path_join(arena, folder, name)));
    for (const char *status, *name;
         (status = next_text(arena, &theirs)) != NULL && (name = next_text(arena, &theirs)) != NULL;) {
        Script *script = is_script(name) && *status == 'A' ? script_at(s, s->ref, folder, name) : NULL;
        if (script)
            *VEC_PUSH(arena, &s->beyond) = script;
    }
    VEC_EACH (const char *, it, &old)
        look_at_old(s, folder, *it);
    return true;
}

// --- below the head ----------------------------------------------------------

// A revision of `ref` that builds on this one; NULL: it is a head there.
static const char *built_on(const Since *s, const Revision *parent)
{
    VEC_EACH (Revision *, it, &parent->children)
        if (!has(&s->added, *it))
            return (*it)->id;
    VEC_EACH (Script *, it, &s->beyond)
        if (names_have(&(*it)->parents, parent->id) && !graph_by_id(s->graph, (*it)->revision))
            return (*it)->revision;
    return NULL;
}

static void look_below(Since *s, const Revision *revision)
{
    VEC_EACH (Revision *, it, &revision->parents) {
        const char *other = has(&s->added, *it) ? NULL : built_on(s, *it);
        if (other)
            note(s, "H102", revision, NULL,
                 arena_printf(s->session->arena, "this builds on %s, and in %s %s already does", (*it)->id,
                              s->ref, other));
    }
}

bool since_select(Session *session, const Project *project, const Graph *graph, const char *ref,
                  RevisionList *selected, LintNoteList *notes, Error *err)
{
    Since s = {
        .session = session, .project = project, .graph = graph, .ref = ref, .notes = notes, .err = err
    };
    if (!find_base(&s))
        return false;
    for (size_t i = 0; i < project->folders.count; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again |= strcmp(project->folders.items[k], project->folders.items[i]) == 0;
        if (!again && folder_exists(project->folders.items[i]) && !read_folder(&s, project->folders.items[i]))
            return false;
    }
    VEC_EACH (Revision *, it, &s.added)
        look_below(&s, *it);
    VEC_EACH (Revision *, it, &graph->revisions)
        if (has(&s.added, *it) || has(&s.changed, *it))
            *VEC_PUSH(session->arena, selected) = *it;
    return true;
}
