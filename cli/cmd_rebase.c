// Puts one branch on top of another, so that the history is one line again: no merge revision, no renumbering.
#include <string.h>

#include "cli/json.h"
#include "cli/version.h"
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
            error_set(err, ERR_USAGE, "the branch of %s is no single line: %s", moved->id,
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

// The file with another line for its parents, or with one where a base has none.
static bool write_parent(Session *session, const Project *project, const Script *script, const char *parent,
                         Error *err)
{
    Text text;
    if (!project_may_write(session, project, script->path, err) ||
        !file_read(session->arena, script->path, 0, &text, err))
        return false;
    bool has_line = script->parents_at.line > 0; // it may name none
    unsigned wanted = has_line ? script->parents_at.line : script->revision_at.line;
    const char *p = text.p, *end = text.p + text.n;
    for (unsigned line = 1; line < wanted && p < end; line++) {
        const char *next = memchr(p, '\n', (size_t)(end - p));
        p = next ? next + 1 : end;
    }
    const char *line_end = memchr(p, '\n', (size_t)(end - p));
    const char *after = line_end ? line_end + 1 : end;
    StrBuf out;
    strbuf_init(&out, session->arena);
    strbuf_put(&out, text.p, (size_t)((has_line ? p : after) - text.p));
    strbuf_printf(&out, "-- cmigrate: parents %s\n", parent);
    strbuf_put(&out, after, (size_t)(end - after));
    return file_write(script->path, (Text){ out.text, out.length }, false, err);
}

static bool rebase(Session *session, const Project *project, const Graph *graph, Error *err)
{
    const RebaseOptions *o = session->options;
    Revision *moved = revision_resolve(session, graph, session->args.items[0], err);
    Revision *onto = !moved    ? NULL
                     : o->onto ? revision_resolve(session, graph, o->onto, err)
                               : other_head(graph, moved, err);
    if (!onto)
        return false;
    if (graph_is_ancestor(graph, moved, onto))
        return error_set(err, ERR_USAGE, "%s is part of what %s builds on already", moved->id, onto->id);
    Revision *bottom = find_bottom(graph, moved, onto, err);
    if (!bottom)
        return false;
    const char *before = bottom->parents.count ? bottom->parents.items[0]->id : "<base>";
    bool nothing = bottom->parents.count && bottom->parents.items[0] == onto;
    if (!nothing && !o->dry_run && !write_parent(session, project, bottom->script, onto->id, err))
        return false;
    const char *path = path_shown(session->arena, bottom->script->path);
    if (nothing)
        report_line(&session->report, "Nothing to do: %s builds on %s already", bottom->id, onto->id);
    else
        report_line(&session->report, "%s: %s %s %s, not on %s", path, bottom->id,
                    o->dry_run ? "would build on" : "builds on", onto->id, before);
    if (!nothing && !o->dry_run)
        report_note(&session->report,
                    "A database that has %s but not %s has to be brought back first: cmigrate downgrade %s",
                    bottom->id, onto->id, bottom->parents.count ? before : "base");
    Json json;
    if (session_answer_begin(session, &json, '{')) {
        json_put_text(&json, "revision", bottom->id);
        json_put_text(&json, "onto", onto->id);
        json_put_text(&json, "path", path);
        json_put_bool(&json, "changed", !nothing && !o->dry_run);
        session_answer_end(session, &json, '{');
    }
    return true;
}

static bool run(Session *session, Error *err)
{
    Project project;
    Graph graph;
    return project_open(session, NEEDS_FOLDERS, &project, err) &&
           project_graph(session, &project, &graph, err) && rebase(session, &project, &graph, err);
}

static const char *const examples[] = {
    "Two branches met: put mine on top of theirs",
    "cmigrate rebase 3f2a9c1b8e07",
    NULL,
};

const Command cmd_rebase = {
    .name = "rebase",
    .summary = "put a branch on top of another head, instead of merging them",
    .arguments = "REV",
    .details = "REV is the head of the branch to move. Its lowest revision gets the other head for its "
               "parent; nothing else "
               "changes, so only a branch that no shared database has yet should be moved.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(RebaseOptions),
    .min_args = 1,
    .max_args = 1,
    .completes = COMPLETES_REVISION,
    .per_database = true,
    .run = run,
};
