// show and edit: one script.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/output/json.h"
#include "cli/output/progress.h"
#include "cli/workflow/version.h"

// The revisions that a word names: one, all heads, or what the database is at.
static bool find(Session *session, Project *project, const char *word, RevisionList *out, Error *err)
{
    Graph *graph = ARENA_NEW(session->arena, Graph);
    bool current = strcmp(word, "current") == 0 || strncmp(word, "current-", 8) == 0 ||
                   strncmp(word, "current+", 8) == 0;
    Standing standing = { 0 };
    if (!project_open(session, current ? NEEDS_READING : NEEDS_FOLDERS, project, err) ||
        !project_look(session, project, graph, err) ||
        (current && !standing_read(session, project, graph, &standing, err)) ||
        !graph_resolve(session->arena, graph, current ? &standing.current : NULL, word, out, err))
        return false;
    if (out->count)
        return true;
    if (current)
        return error_set(err, ERR_STATE, "No current revisions");
    error_set(err, ERR_USAGE, "'%s' is not a revision", word);
    return error_hint(err, graph->revisions.count
                               ? "`cmigrate history` lists all revisions."
                               : "There are no revisions yet: cmigrate migrate -m MESSAGE");
}

// Prints the head of a revision, and with --verbose its text. Several revisions make a JSON list.
static bool show(Session *session, Project *project, Error *err)
{
    RevisionList list = { 0 };
    if (!find(session, project, session->args.count ? session->args.items[0] : "head", &list, err))
        return false;
    Json json;
    json_start(&json, session->arena);
    if (list.count != 1)
        json_open(&json, '[');
    VEC_EACH (Revision *, it, &list) {
        Script whole = { 0 };
        if (session->report.verbose && !script_read(session->arena, (*it)->script->path, &whole, err))
            return false;
        (*it)->script->text = whole.text;
        revision_json(&json, session, *it, NULL);
        revision_block(session, *it, NULL);
        if (whole.text.p && !session->json)
            report_raw(&session->report, whole.text.p, whole.text.n);
    }
    if (list.count != 1)
        json_close(&json, ']');
    session_answer_print(session, &json);
    return true;
}

static bool run_show(Session *session, Error *err)
{
    Project project = { 0 };
    bool ok = show(session, &project, err);
    project_close(session, &project);
    return ok;
}

static const char *editor(void)
{
    const char *visual = getenv("VISUAL"), *plain = getenv("EDITOR");
    if (visual && *visual)
        return visual;
    if (plain && *plain)
        return plain;
    return access("/usr/bin/sensible-editor", X_OK) == 0 ? "sensible-editor" : "vi";
}

// An editor that nobody asked for needs a terminal.
static bool may_edit(const Session *session, Error *err)
{
    const char *visual = getenv("VISUAL"), *plain = getenv("EDITOR");
    if ((visual && *visual) || (plain && *plain) || session->report.interactive)
        return true;
    error_set(err, ERR_USAGE, "there is no terminal to edit on");
    return error_hint(err, "Set VISUAL or EDITOR to an editor that needs none.");
}

static bool edit_file(Session *session, const char *path, Error *err)
{
    if (!may_edit(session, err))
        return false;
    const char *command = arena_printf(session->arena, "%s \"$1\"", editor());
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        progress_forked();
        if (session->json) // standard output is for the answer
            dup2(STDERR_FILENO, STDOUT_FILENO);
        execl("/bin/sh", "sh", "-c", command, "sh", path, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    error_set(err, ERR_CONFIG, "Error executing editor (%s)", editor());
    return error_hint(err, "Set VISUAL or EDITOR to the editor to use.");
}

static bool run_edit(Session *session, Error *err)
{
    Project project = { 0 };
    RevisionList list = { 0 };
    bool ok = find(session, &project, session->args.count ? session->args.items[0] : "head", &list, err);
    project_close(session, &project);
    NameList paths = { 0 };
    VEC_EACH (Revision *, it, &list) {
        ok = ok && edit_file(session, (*it)->script->path, err);
        *VEC_PUSH(session->arena, &paths) = path_shown(session->arena, (*it)->script->path);
    }
    Json json;
    if (ok && session_answer_begin(session, &json, '{')) {
        json_put_names(&json, "edited", &paths);
        session_answer_end(session, &json, '{');
    }
    return ok;
}

const Command cmd_show = {
    .name = "show",
    .summary = "show a revision; with --verbose its script too",
    .arguments = "[REV]",
    .details =
        "REV is an id, a unique beginning of one, a label, head, heads or current; the default is head.",
    .max_args = 1,
    .completes = COMPLETES_REVISION,
    .per_database = true,
    .run = run_show,
};

const Command cmd_edit = {
    .name = "edit",
    .summary = "open a revision's script in VISUAL or EDITOR",
    .arguments = "[REV]",
    .details =
        "REV is an id, a unique beginning of one, a label, head, heads or current; the default is head.",
    .max_args = 1,
    .completes = COMPLETES_REVISION,
    .per_database = true,
    .run = run_edit,
};
