// Which revisions are judged.
#include <stdlib.h>
#include <string.h>

#include "cli/workflow/lint_run.h"
#include "cli/workflow/pending.h"
#include "cli/workflow/since.h"
#include "core/base/file.h"
#include "core/lint/settings.h"

static void select_all(Session *session, LintRun *run)
{
    VEC_EACH (Revision *, it, &run->graph.revisions)
        *VEC_PUSH(session->arena, &run->selected) = *it;
    run->lint.one_by_one = true;
}

static bool select_range(Session *session, LintRun *run, Error *err)
{
    RevisionList current = { 0 }, *list = &run->selected;
    if (!strchr(run->request->range, ':')) {
        error_set(err, ERR_USAGE, "'%s' is neither a file that is there nor a range of revisions",
                  run->request->range);
        return error_hint(err, "A range is written FROM:TO, FROM: or :TO.");
    }
    if (!graph_range(session->arena, &run->graph, &current, run->request->range, list, err))
        return false;
    for (size_t i = 0; i < list->count / 2; i++) { // the oldest first
        Revision *first = list->items[i];
        list->items[i] = list->items[list->count - 1 - i];
        list->items[list->count - 1 - i] = first;
    }
    run->lint.one_by_one = true;
    return true;
}

static bool select_latest(Session *session, LintRun *run, Error *err)
{
    char *end;
    const char *text = run->request->latest;
    unsigned long n = strtoul(text, &end, 10);
    if (*end || !n || text[0] == '-')
        return error_set(err, ERR_USAGE, "--latest takes a number from 1, not '%s'", text);
    size_t count = run->graph.revisions.count;
    for (size_t i = n < count ? count - n : 0; i < count; i++)
        *VEC_PUSH(session->arena, &run->selected) = run->graph.revisions.items[i];
    return true;
}

static bool select_pending(Session *session, LintRun *run, Error *err)
{
    Standing standing = { 0 };
    return standing_read(session, &run->project, &run->graph, &standing, err) &&
           pending_read(session, &run->graph, &standing.current, &run->selected, err);
}

// --- a file ------------------------------------------------------------------

static bool is_revision(Text text)
{
    static const char mark[] = "-- cmigrate: revision ";
    return text.n && memmem(text.p, text.n, mark, sizeof(mark) - 1);
}

// A script, of the project or not yet: in its place in the graph.
static bool select_script(Session *session, LintRun *run, const char *path, Text text, Error *err)
{
    Arena *arena = session->arena;
    ScriptList scripts = { 0 };
    Script *script = ARENA_NEW(arena, Script);
    if (!script_read_text_as(arena, path, text, run->project.dialect, script, err))
        return false;
    script->text = text;
    VEC_EACH (Revision *, it, &run->graph.revisions)
        if (strcmp((*it)->id, script->revision) != 0)
            *VEC_PUSH(arena, &scripts) = (*it)->script;
    *VEC_PUSH(arena, &scripts) = script;
    if (!graph_build(arena, &scripts, &run->graph, err))
        return false;
    Revision *revision = graph_by_id(&run->graph, script->revision);
    if (revision)
        *VEC_PUSH(arena, &run->selected) = revision;
    return true;
}

// Plain SQL: as if it ran when all revisions have.
static bool select_sql(Session *session, LintRun *run, const char *path, Text text, Error *err)
{
    Arena *arena = session->arena;
    if (!run->project.dialect) {
        error_set(err, ERR_CONFIG, "no database is configured, so the engine of this SQL is not known");
        return error_hint(err, "Name one by --url, as in --url sqlite:///app.db.");
    }
    Revision *revision = ARENA_NEW(arena, Revision);
    *revision = (Revision){ .script = ARENA_NEW(arena, Script), .order = run->graph.revisions.count };
    script_of_sql(arena, path, text, run->project.dialect, revision->script);
    *VEC_PUSH(arena, &run->graph.revisions) = revision;
    *VEC_PUSH(arena, &run->selected) = revision;
    return true;
}

static bool select_file(Session *session, LintRun *run, Error *err)
{
    const char *file = run->request->file;
    bool input = strcmp(file, "-") == 0;
    Text text;
    if (!file_read(session->arena, input ? "/dev/stdin" : file, 0, &text, err))
        return false;
    const char *path = input ? "standard input" : path_shown(session->arena, file);
    return is_revision(text) ? select_script(session, run, path, text, err)
                             : select_sql(session, run, path, text, err);
}

// --- all of them -------------------------------------------------------------

static bool check_request(const LintRequest *o, Error *err)
{
    int chosen = (o->range != NULL) + (o->since != NULL) + (o->latest != NULL) + o->pending + o->all +
                 (o->file != NULL);
    return chosen < 2 ||
           error_set(err, ERR_USAGE,
                     "of RANGE, --pending, --since, --latest, --all and --file only one can be given");
}

// Nothing is said: what the branch adds, else what the database lacks, else all.
static bool choose_by_itself(Session *session, LintRun *run, bool *target, Error *err)
{
    Error ignored = { 0 };
    const char *base = lint_base(run->project.config);
    if (base && since_is_there(session, &run->project, base))
        return since_select(session, &run->project, &run->graph, base, &run->selected, &run->lint.notes, err);
    if (run->project.dialect && project_ask(session, &run->project, &ignored)) {
        *target = true;
        return select_pending(session, run, err);
    }
    select_all(session, run);
    return true;
}

bool lint_choose(Session *session, LintRun *run, bool *target, Error *err)
{
    const LintRequest *o = run->request;
    if (!check_request(o, err))
        return false;
    if (o->range)
        return select_range(session, run, err);
    if (o->latest)
        return select_latest(session, run, err);
    if (o->file)
        return select_file(session, run, err);
    if (o->since)
        return since_select(session, &run->project, &run->graph, o->since, &run->selected, &run->lint.notes,
                            err);
    if (o->pending) {
        *target = true;
        return project_connect(session, &run->project, true, err) && select_pending(session, run, err);
    }
    if (o->all) {
        select_all(session, run);
        return true;
    }
    return o->model || o->database || choose_by_itself(session, run, target, err);
}
