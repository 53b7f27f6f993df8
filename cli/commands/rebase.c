// Puts one branch on top of another, so that the history is one line again: no merge revision, no renumbering.
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/output/json.h"
#include "cli/workflow/version.h"
#include "core/base/file.h"

typedef struct RebaseOptions {
    const char *onto;
    bool dry_run;
} RebaseOptions;

#define AT(member) offsetof(RebaseOptions, member)
static const Opt options[] = {
    {.name = "onto",
     .kind = OPT_TEXT,
     .offset = AT(onto),
     .value_name = "REV",
     .help = "head to put the branch on (default: the other one)",
     .completes = COMPLETES_REVISION },
    { .name = "dry-run",
     .kind = OPT_FLAG,
     .offset = AT(dry_run),
     .help = "say what would be changed, change nothing" },
    { 0},
};

static Revision *other_head(const Graph *graph, const Revision *moved, Error *err)
{
    Revision *found = NULL;
    size_t count = 0;
    VEC_EACH (Revision *, it, &graph->heads)
        if (!graph_is_ancestor(graph, moved, *it)) {
            found = *it;
            count++;
        }
    if (count == 1)
        return found;
    error_set(err, ERR_USAGE, count ? "there are %zu other heads" : "there is no other head to put it on",
              count);
    error_hint(err, count ? "Say which: --onto REV. 'cmigrate heads' lists them."
                          : "'cmigrate heads' lists them.");
    return NULL;
}

// The lowest revision of what is above the common ground: the one whose parents change.
static Revision *find_bottom(const Graph *graph, const Revision *moved, const Revision *onto, Error *err)
{
    Revision *bottom = NULL;
    VEC_EACH (Revision *, it, &graph->revisions) {
        Revision *revision = *it;
        if (!graph_is_ancestor(graph, revision, moved) || graph_is_ancestor(graph, revision, onto))
            continue;
        bool rests = revision->parents.count == 0;
        VEC_EACH (Revision *, parent, &revision->parents)
            rests = rests || graph_is_ancestor(graph, *parent, onto);
        if (!rests)
            continue;
        if (bottom || revision->parents.count > 1) {
            error_set(err, ERR_USAGE, "the branch of %s is not a single line: %s", moved->id,
                      bottom ? "it begins more than once" : "it merges another");
            error_hint(err, "'cmigrate merge' joins such branches.");
            return NULL;
        }
        bottom = revision;
    }
    if (!bottom)
        error_set(err, ERR_USAGE, "%s is part of what %s builds on already", moved->id, onto->id);
    return bottom;
}

// The line `number` of the text, or the end of the text.
static Text line_of(Text text, unsigned number)
{
    const char *p = text.p, *end = text.p + text.n;
    for (unsigned line = 1; line < number && p < end; line++) {
        const char *next = memchr(p, '\n', (size_t)(end - p));
        p = next ? next + 1 : end;
    }
    const char *line_end = memchr(p, '\n', (size_t)(end - p));
    return (Text){ p, (size_t)((line_end ? line_end + 1 : end) - p) };
}

// The text with another line for its parents, or with one where a base has none.
static Text with_parent(Arena *arena, const Script *script, Text text, const char *parent)
{
    bool has_line = script->parents_at.line > 0; // it may name none
    Text line = line_of(text, has_line ? script->parents_at.line : script->revision_at.line);
    const char *after = line.p + line.n;
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_put(&out, text.p, (size_t)((has_line ? line.p : after) - text.p));
    strbuf_printf(&out, "-- cmigrate: parents %s\n", parent);
    strbuf_put(&out, after, (size_t)(text.p + text.n - after));
    return (Text){ out.text, out.length };
}

static Text with_created(Arena *arena, const Script *script, Text text, const char *created)
{
    StrBuf out;
    const char *at = memmem(text.p, text.n, script->created, strlen(script->created));
    strbuf_init(&out, arena);
    strbuf_put(&out, text.p, (size_t)(at - text.p));
    strbuf_puts(&out, created);
    at += strlen(script->created);
    strbuf_put(&out, at, (size_t)(text.p + text.n - at));
    return (Text){ out.text, out.length };
}

// What the rebase does, found out before anything is done.
typedef struct Rebase {
    Session *session;
    Project *project;
    Revision *moved, *onto, *bottom;
    RevisionList branch; // from bottom to moved
    const char *before;
    NameList paths; // of the branch, as they are then
} Rebase;

// Where file_template gave the file its name, it gets one that follows `onto`'s; others keep theirs. NULL: keeps it.
static const char *new_name(const Rebase *r, const Script *script, time_t when, const char **created)
{
    Arena *arena = r->session->arena;
    struct tm tm = { 0 };
    Error ignored = { 0 };
    const char *base = path_base(script->path);
    if (!script->created || strcmp(base, path_base(r->onto->script->path)) > 0 ||
        !strptime(script->created, "%Y-%m-%dT%H:%M:%SZ", &tm))
        return NULL;
    const char *given = revision_file_name(r->session, r->project, script, timegm(&tm), &ignored);
    const char *next = revision_file_name(r->session, r->project, script, when, &ignored);
    if (!given || !next || strcmp(given, base) != 0 || strcmp(next, base) == 0)
        return NULL;
    char text[64];
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&when, &tm));
    *created = arena_strdup(arena, text);
    return path_join(arena, path_folder(arena, script->path), next);
}

// The file is renamed first and then rewritten in one step, so that no moment has two of it or half of it.
static bool change_file(Rebase *r, Revision *revision, size_t index, Error *err)
{
    Arena *arena = r->session->arena;
    const Script *script = revision->script;
    const RebaseOptions *o = r->session->options;
    const char *created, *path = new_name(r, script, revision_time() + (time_t)index, &created);
    *VEC_PUSH(arena, &r->paths) = path_shown(arena, path ? path : script->path);
    if (o->dry_run || (!path && revision != r->bottom))
        return true;
    Text text;
    if (!project_may_write(r->session, r->project, script->path, err) ||
        !file_read(arena, script->path, 0, &text, err))
        return false;
    if (revision == r->bottom)
        text = with_parent(arena, script, text, r->onto->id);
    if (path)
        text = with_created(arena, script, text, created);
    if (path && file_exists(path))
        return error_set(err, ERR_IO, "%s exists already", path_shown(arena, path));
    if (path && rename(script->path, path) != 0)
        return error_set(err, ERR_IO, "cannot rename %s", path_shown(arena, script->path));
    return file_write(path ? path : script->path, text, false, err);
}

// The moved branch must be in no database: there the revisions would stand in another order than they ran.
static bool is_applied(Rebase *r, const Graph *graph, bool *applied, Error *err)
{
    NameList rows = { 0 };
    Error unreachable = { 0 };
    *applied = false;
    if (!r->project->dialect)
        return true;
    if (!r->project->db && !project_ask(r->session, r->project, &unreachable)) {
        report_warning(&r->session->report, "not asked whether it is applied: %s", unreachable.message);
        return true;
    }
    if (!version_read(r->project->db, r->session->arena, &r->project->store, &rows, NULL, err))
        return false;
    VEC_EACH (const char *, row, &rows) {
        const Revision *at = graph_by_row(graph, *row);
        *applied = *applied || (at && graph_is_ancestor(graph, r->bottom, at));
    }
    return true;
}

static bool refuse_applied(const Rebase *r, Error *err)
{
    // the branch that is moved has a lowest revision: it is found before anything is asked of it
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    error_set(err, ERR_STATE, "%s is applied in %s: it cannot be put elsewhere", r->bottom->id,
              r->project->url_title);
    return error_hint(
        err, "Bring it back first: cmigrate downgrade %s. Or move the other branch: cmigrate rebase %s",
        r->bottom->parents.count ? r->before : "base", r->onto->id);
}

static bool find_all(Rebase *r, const Graph *graph, Error *err)
{
    const RebaseOptions *o = r->session->options;
    r->onto = o->onto ? revision_resolve(r->session, graph, o->onto, err) : other_head(graph, r->moved, err);
    if (!r->onto)
        return false;
    if (graph_is_ancestor(graph, r->moved, r->onto))
        return error_set(err, ERR_USAGE, "%s is part of what %s builds on already", r->moved->id,
                         r->onto->id);
    r->bottom = find_bottom(graph, r->moved, r->onto, err);
    if (!r->bottom)
        return false;
    r->before = r->bottom->parents.count ? r->bottom->parents.items[0]->id : "<base>";
    r->branch.count = 0;
    VEC_EACH (Revision *, it, &graph->revisions)
        if (graph_is_ancestor(graph, r->bottom, *it) && graph_is_ancestor(graph, *it, r->moved))
            *VEC_PUSH(r->session->arena, &r->branch) = *it;
    return true;
}

// Without REV: of two heads, the one that this database does not have.
static bool choose_moved(Rebase *r, const Graph *graph, Error *err)
{
    Revision *chosen = NULL;
    size_t count = 0;
    for (size_t i = 0; graph->heads.count == 2 && i < 2; i++) {
        bool applied;
        r->moved = graph->heads.items[i];
        if (!find_all(r, graph, err) || !is_applied(r, graph, &applied, err))
            return false;
        if (!applied) {
            chosen = r->moved;
            count++;
        }
    }
    r->moved = chosen;
    if (count == 1)
        return true;
    error_set(err, ERR_USAGE,
              graph->heads.count < 2   ? "there is no other head to put it on"
              : graph->heads.count > 2 ? "there are more than two heads: say which to move"
              : count                  ? "neither head is applied in the database: say which to move"
                                       : "both heads are applied in the database: neither can be moved");
    return error_hint(err, "'cmigrate heads' lists them.");
}

// Writes the branch's files with their new parents and names. With --dry-run it only reports what it would do.
static bool carry_out(Rebase *r, Error *err)
{
    const RebaseOptions *o = r->session->options;
    Report *report = &r->session->report;
    // the branch has a lowest revision
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    bool nothing = r->bottom->parents.count && r->bottom->parents.items[0] == r->onto;
    for (size_t i = 0; !nothing && i < r->branch.count; i++)
        if (!change_file(r, r->branch.items[i], i, err))
            return false;
    if (!nothing && !o->dry_run && !revision_note_head(r->session, r->project, r->moved->id, err))
        return false;
    if (nothing)
        report_line(report, "Nothing to do: %s builds on %s already", r->bottom->id, r->onto->id);
    else
        // change_file() has noted a path for each revision, and there is one
        // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
        report_line(report, "%s: %s %s %s, not on %s", r->paths.items[0], r->bottom->id,
                    o->dry_run ? "would build on" : "builds on", r->onto->id, r->before);
    for (size_t i = 0; i < r->paths.count; i++) {
        const char *was = path_shown(r->session->arena, r->branch.items[i]->script->path);
        if (strcmp(was, r->paths.items[i]) != 0)
            report_line(report, "%s %s %s", was, o->dry_run ? "would become" : "became", r->paths.items[i]);
    }
    if (!nothing && !o->dry_run)
        report_note(report,
                    "A database that has %s but not %s has to be brought back first: cmigrate downgrade %s",
                    r->bottom->id, r->onto->id, r->bottom->parents.count ? r->before : "base");
    Json json;
    if (session_answer_begin(r->session, &json, '{')) {
        json_put_text(&json, "revision", r->bottom->id);
        json_put_text(&json, "onto", r->onto->id);
        json_put_text(&json, "path",
                      nothing ? path_shown(r->session->arena, r->bottom->script->path) : r->paths.items[0]);
        json_put_names(&json, "paths", &r->paths);
        json_put_bool(&json, "changed", !nothing && !o->dry_run);
        session_answer_end(r->session, &json, '{');
    }
    return true;
}

static bool rebase(Session *session, Project *project, const Graph *graph, Error *err)
{
    Rebase r = { .session = session, .project = project };
    bool applied;
    if (session->args.count)
        r.moved = revision_resolve(session, graph, session->args.items[0], err);
    else if (!choose_moved(&r, graph, err))
        return false;
    if (!r.moved || !find_all(&r, graph, err) || !is_applied(&r, graph, &applied, err))
        return false;
    return applied ? refuse_applied(&r, err) : carry_out(&r, err);
}

static bool run(Session *session, Error *err)
{
    Project project;
    Graph graph;
    bool ok = project_open(session, NEEDS_FOLDERS, &project, err) &&
              project_graph(session, &project, &graph, err) && rebase(session, &project, &graph, err);
    project_close(session, &project);
    return ok;
}

static const char *const examples[] = {
    "Two branches met: put mine on top of theirs",
    "cmigrate rebase 3f2a9c1b8e07",
    NULL,
};

const Command cmd_rebase = {
    .name = "rebase",
    .summary = "put a branch on top of another head, instead of merging them",
    .arguments = "[REV]",
    .details =
        "REV is the head of the branch to move; of two heads it is the one that the database does not have. "
        "Its lowest revision gets the other head for its parent, and files that file_template named get "
        "names "
        "that sort after the other's. Ids stay. A branch that is applied in the database is refused.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(RebaseOptions),
    .max_args = 1,
    .completes = COMPLETES_REVISION,
    .per_database = true,
    .run = run,
};
