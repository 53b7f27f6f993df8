// One revision in place of a line of them: their statements one behind the other, none reworded.
#include <string.h>
#include <unistd.h>

#include "cli/output/diff_print.h"
#include "cli/output/progress.h"
#include "cli/workflow/replay.h"
#include "cli/workflow/version.h"
#include "core/base/file.h"

typedef struct SquashOptions {
    GraphOptions graph;
    bool remove, sql, unproved;
} SquashOptions;

#define AT(member) offsetof(SquashOptions, member)
static const Opt options[] = {
    GRAPH_OPTION_MESSAGE(SquashOptions, graph),
    GRAPH_OPTION_ID(SquashOptions, graph),
    {.name = "remove",
                            .kind = OPT_FLAG,
                            .offset = AT(remove),
                            .help = "delete the scripts that it replaces: once every database is past them" },
    { .name = "sql", .kind = OPT_FLAG, .offset = AT(sql), .help = "print the script, write nothing" },
    { .name = "unproved",
                            .kind = OPT_FLAG,
                            .offset = AT(unproved),
                            .help = "do not try first, in a scratch place, whether it makes the same schema" },
    { 0   },
};

// FROM:TO as the line of revisions between them, FROM left out, oldest first.
static bool find_line(Session *session, const Graph *graph, const char *range, RevisionList *out, Error *err)
{
    const char *colon = strchr(range, ':');
    const char *from = colon ? arena_strndup(session->arena, range, (size_t)(colon - range)) : "base";
    const char *to = colon ? colon + 1 : range;
    RevisionList below = { 0 };
    Revision *top = revision_resolve(session, graph, *to ? to : "head", err);
    if (!top || !graph_resolve(session->arena, graph, NULL, *from ? from : "base", &below, err))
        return false;
    RevisionList down = { 0 };
    Revision *stop = below.count ? below.items[0] : NULL;
    for (Revision *it = top; it != stop;) {
        if (!it)
            return error_set(
                err, ERR_USAGE,
                "Requested range %s does not refer to ancestor/descendant revisions along the same branch",
                range);
        if (it->parents.count > 1 || (it != top && it->children.count > 1)) {
            error_set(err, ERR_USAGE, "%s is not a single line of revisions: %s %s", range, it->id,
                      it->parents.count > 1 ? "merges others" : "is a branch point");
            return false;
        }
        *VEC_PUSH(session->arena, &down) = it;
        it = it->parents.count ? it->parents.items[0] : NULL;
    }
    for (size_t i = down.count; i-- > 0;)
        *VEC_PUSH(session->arena, out) = down.items[i];
    return true;
}

// `engine`: whose it is, where its script says so and the squash does not.
static void put_section(StrBuf *out, const Revision *revision, const Section *section, const char *engine)
{
    strbuf_printf(out, "\n-- cmigrate: %s%s", direction_word(section->direction),
                  section->no_transaction ? " no-transaction" : "");
    if (section->dialect || engine)
        strbuf_printf(out, " (%s)", section->dialect ? section->dialect : engine);
    strbuf_printf(out, "\n-- from %s\n", revision->id);
    const char *p = section->body.p, *end = p + section->body.n;
    while (p < end && (*p == '\n' || *p == ' '))
        p++;
    while (end > p && (end[-1] == '\n' || end[-1] == ' '))
        end--;
    strbuf_put(out, p, (size_t)(end - p));
    strbuf_putc(out, '\n');
}

// Do all scripts say the same engine, or none any? Then the head of the squash says the project's, as a new script does,
// and no section needs to.
static bool of_one_engine(const RevisionList *line, const Dialect *dialect)
{
    const char *first = line->items[0]->script->dialect;
    VEC_EACH (Revision *, it, line) {
        const char *engine = (*it)->script->dialect;
        if (!engine != !first || (engine && (!dialect || strcmp(engine, dialect->name) != 0)))
            return false;
    }
    return true;
}

static bool put_sections(Session *session, const RevisionList *line, Direction direction, bool marks,
                         StrBuf *out, Error *err)
{

    for (size_t i = 0; i < line->count; i++) {
        const Revision *revision = line->items[direction == UPGRADE ? i : line->count - 1 - i];
        Script script;
        if (!script_read(session->arena, revision->script->path, &script, err))
            return false;
        VEC_EACH (Section, section, &script.sections)
            if (section->direction == direction || (direction == UPGRADE && section->direction == VERIFY))
                put_section(out, revision, section, marks ? script.dialect : NULL);
    }
    return true;
}

static void add_names(Arena *arena, NameList *to, const NameList *from)
{
    VEC_EACH (const char *, name, from)
        if (!names_have(to, *name))
            *VEC_PUSH(arena, to) = *name;
}

static void fill_head(Arena *arena, const RevisionList *line, Script *head)
{
    head->parents = line->items[0]->script->parents;
    VEC_EACH (Revision *, it, line) {
        const Script *script = (*it)->script;
        add_names(arena, &head->replaces, &script->replaces);
        *VEC_PUSH(arena, &head->replaces) = (*it)->id;
        add_names(arena, &head->labels, &script->labels);
    }
    VEC_EACH (Revision *, it, line)
        VEC_EACH (const char *, name, &(*it)->script->depends_on)
            if (!names_have(&head->replaces, *name) && !names_have(&head->depends_on, *name))
                *VEC_PUSH(arena, &head->depends_on) = *name;
    if (!head->message || !*head->message)
        head->message =
            arena_printf(arena, "squash %s to %s", line->items[0]->id, line->items[line->count - 1]->id);
}

static bool may_remove_files(Session *session, const Project *project, const RevisionList *line, Error *err)
{
    VEC_EACH (Revision *, it, line)
        if (!project_may_write(session, project, (*it)->script->path, err))
            return false;
    return true;
}

static bool remove_files(Session *session, const RevisionList *line, Error *err)
{
    VEC_EACH (Revision *, it, line)
        if (unlink((*it)->script->path) != 0)
            return error_set(err, ERR_IO, "cannot remove %s",
                             path_shown(session->arena, (*it)->script->path));
    return true;
}

// The graph as it will be: the old scripts, and the new one from its text, of which there is no file yet.
static bool graph_with(Session *session, const Graph *graph, const char *path, Text text, Graph *out,
                       Error *err)
{
    ScriptList scripts = { 0 };
    Script *script = ARENA_NEW(session->arena, Script);
    if (!script_head_text(session->arena, path, text, script, err))
        return false;
    script->text = text;
    *VEC_PUSH(session->arena, &scripts) = script;
    VEC_EACH (Revision *, it, &graph->revisions)
        *VEC_PUSH(session->arena, &scripts) = (*it)->script;
    return graph_build(session->arena, &scripts, out, err);
}

static bool replayed(Session *session, const Project *project, const Graph *graph, const char *target,
                     Db **db, Schema *out, Error *err)
{
    return replay_open(session, project, &project->url, project->url_folder, db, err) &&
           replay_to(session, project, graph, target, *db, err) &&
           compare_read_database(session, project, *db, out, err);
}

static bool compare_both(Session *session, const Project *project, const Graph *graph, const Graph *squashed,
                         const char *last, const char *id, Error *err)
{
    Comparison c = { .dialect = project->dialect, .have_title = last, .want_title = id };
    Db *old = NULL, *new = NULL;
    bool ok = replayed(session, project, graph, last, &old, &c.have, err);
    progress_watch(session->progress, NULL);
    db_close(old); // there may be but one scratch place
    ok = ok && replayed(session, project, squashed, id, &new, &c.want, err) &&
         compare_diff(session, new, &c, err);
    if (ok && c.changes.count) {
        diff_print(session, &c, NULL);
        ok = error_set(err, ERR_STATE, "the squashed revision does not make the schema that %s makes", last);
        error_hint(err, "What differs is above. Nothing was written.");
    }
    db_close(new);
    return ok;
}

// In scratch places, the old line and the new revision make the same schema; else it is not written.
static bool prove(Session *session, const Project *project, const Graph *graph, const RevisionList *line,
                  const char *id, const StrBuf *text, Error *err)
{
    const SquashOptions *o = session->options;
    Graph squashed;
    if (o->unproved)
        return true;
    if (!project->dialect) {
        report_warning(
            &session->report,
            "without a URL no engine is known to try it on: that it makes the same schema is not proved");
        return true;
    }
    const char *path = arena_printf(session->arena, "%s.sql", id);
    return graph_with(session, graph, path, (Text){ text->text, text->length }, &squashed, err) &&
           compare_both(session, project, graph, &squashed, line->items[line->count - 1]->id, id, err);
}

// Joins a line of revisions in one that replaces them. It is proved to give the same schema before it is
// written, and files are removed last.
static bool squash(Session *session, const Project *project, const Graph *graph, Error *err)
{
    const SquashOptions *o = session->options;
    RevisionList line = { 0 };
    Script head;
    GraphOptions placed = o->graph;
    placed.head = "base"; // the parents are those of the first
    if (!find_line(session, graph, session->args.count ? session->args.items[0] : "head", &line, err))
        return false;
    if (line.count < 2) {
        report_line(&session->report, "Nothing to squash: that is %zu revision%s", line.count,
                    line.count == 1 ? "" : "s");
        if (session->json)
            report_raw(&session->report, "{\"revision\": null}\n", 19);
        return true;
    }
    if (!revision_head(session, project, graph, &placed, &head, err))
        return false;
    fill_head(session->arena, &line, &head);
    StrBuf text;
    strbuf_init(&text, session->arena);
    // a history of several engines has no engine in its heads
    bool one = project->config->dialects.count < 2 && of_one_engine(&line, project->dialect);
    script_write(&text, &head, one ? project->dialect : NULL, NULL, NULL);
    char *sections = strstr(text.text, "\n-- cmigrate: upgrade");
    if (sections)
        text.length = (size_t)(sections - text.text);
    text.text[text.length] = '\0';
    if (!put_sections(session, &line, UPGRADE, !one, &text, err) ||
        !put_sections(session, &line, DOWNGRADE, !one, &text, err))
        return false;
    if (o->sql) {
        session_print_script(session, head.revision, &text);
        return true;
    }
    const char *path;
    if ((o->remove && !may_remove_files(session, project, &line, err)) ||
        !prove(session, project, graph, &line, head.revision, &text, err) ||
        !revision_save_text(session, project, &head, &text, &path, err) ||
        (line.items[line.count - 1]->is_head && !revision_note_head(session, project, head.revision, err)) ||
        (o->remove && !remove_files(session, &line, err)))
        return false;
    report_line(&session->report, "Wrote %s, which replaces %zu revisions", path, line.count);
    Json json;
    if (session_answer_begin(session, &json, '{')) {
        json_put_text(&json, "revision", head.revision);
        json_put_names(&json, "replaces", &head.replaces);
        json_put_text(&json, "path", path);
        session_answer_end(session, &json, '{');
    }
    return true;
}

static bool run(Session *session, Error *err)
{
    Project project;
    Graph graph;
    return project_open(session, NEEDS_FOLDERS, &project, err) &&
           project_graph(session, &project, &graph, err) && squash(session, &project, &graph, err);
}

static const char *const examples[] = {
    "The first fifty revisions as one",
    "cmigrate squash base:3f2a9c1b8e07 -m \"the first year\"",
    NULL,
};

const Command cmd_squash = {
    .name = "squash",
    .summary = "write one revision that replaces a line of them",
    .arguments = "[FROM:TO]",
    .details =
        "Their statements are put one after the other, as they are. A database that has run all "
        "of the old scripts "
        "counts as having run the new one. One that is in the middle of them keeps using the old "
        "scripts, "
        "which stay in the folder and are not part of the history otherwise: delete them when every database "
        "is past them (--remove does it at once). Before it is written, both are run in scratch places and "
        "must "
        "make the same schema.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(SquashOptions),
    .max_args = 1,
    .completes = COMPLETES_REVISION,
    .per_database = true,
    .run = run,
};
