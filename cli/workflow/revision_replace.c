#include "cli/workflow/revision_replace.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/apply/apply.h"

// What is kept of the revision cannot be said otherwise at the same time.
static const char *other_place(const GraphOptions *options)
{
    return options->rev_id             ? "rev-id"
           : options->head             ? "head"
           : options->branch_label     ? "branch-label"
           : options->version_path     ? "version-path"
           : options->depends_on.count ? "depends-on"
           : options->splice           ? "splice"
                                       : NULL;
}

static Revision *newest(const Graph *graph, Error *err)
{
    if (graph->heads.count == 0) {
        error_set(err, ERR_STATE, "there is no revision to replace");
        error_hint(err, "Write the first one: cmigrate migrate -m MESSAGE");
        return NULL;
    }
    if (graph->heads.count > 1) {
        error_set(err, ERR_STATE, "there are several heads: which one is to be replaced is not clear");
        error_hint(err, "'cmigrate heads' lists them. Remove the script of the one that is not wanted.");
        return NULL;
    }
    Revision *head = graph->heads.items[0];
    if (!head->script->replaces.count && !head->is_needed)
        return head;
    error_set(err, ERR_STATE, "revision %s cannot be replaced: %s", head->id,
              head->is_needed ? "another revision depends on it" : "it is a squash of older ones");
    return NULL;
}

static bool graph_without(Arena *arena, const Graph *graph, const Revision *left_out, Graph *out, Error *err)
{
    ScriptList scripts = { 0 };
    VEC_EACH (Revision *, it, &graph->revisions)
        if (*it != left_out)
            *VEC_PUSH(arena, &scripts) = (*it)->script;
    VEC_EACH (Revision *, it, &graph->replaced)
        *VEC_PUSH(arena, &scripts) = (*it)->script;
    return graph_build(arena, &scripts, out, err);
}

bool replace_begin(Session *session, const Project *project, Graph *graph, const GraphOptions *options,
                   Script *out, Revision **chosen, Error *err)
{
    Graph rest = { 0 };
    const char *other = other_place(options);
    if (other) {
        error_set(err, ERR_USAGE, "--replace keeps the place of the revision: --%s does not go with it",
                  other);
        return error_hint(err, "Without --replace, a new revision is written.");
    }
    *chosen = newest(graph, err);
    if (!*chosen || !graph_without(session->arena, graph, *chosen, &rest, err))
        return false;
    const Script *old = (*chosen)->script;
    *out = (Script){ .revision = (*chosen)->id,
                     .parents = old->parents,
                     .labels = old->labels,
                     .depends_on = old->depends_on,
                     .message = options->message ? options->message : old->message,
                     .created = old->created,
                     .dialect = project->dialect ? project->dialect->name : NULL,
                     .path = old->path };
    *graph = rest;
    return true;
}

bool replace_permits(Session *session, const Project *project, const Revision *chosen, Error *err)
{
    NameList rows = { 0 };
    if (!version_read(project->db, session->arena, &project->store, &rows, NULL, err))
        return false;
    if (!names_have(&rows, chosen->id))
        return true;
    error_set(err, ERR_STATE, "revision %s is applied to %s: only one that was not applied can be replaced",
              chosen->id, project->url_title);
    return error_hint(err, "Undo it first, as long as no other database has run it: cmigrate downgrade");
}

bool replace_is_whole(const Revision *chosen, const Interrupted *interrupted, Error *err)
{
    if (strcmp(interrupted->entry.revision, chosen->id) != 0)
        return true;
    error_set(err, ERR_STATE, "revision %s was interrupted part-way: it cannot be replaced", chosen->id);
    return error_hint(err, "%s", interrupted->ways_on);
}

bool replace_remove(Session *session, const Project *project, const Revision *chosen, Error *err)
{
    const char *path = chosen->script->path;
    if (!project_may_write(session, project, path, err))
        return false;
    if (unlink(path) != 0)
        return error_set(err, ERR_IO, "cannot remove %s: %s", path_shown(session->arena, path),
                         strerror(errno));
    const char *parent = chosen->parents.count ? chosen->parents.items[0]->id : "";
    return revision_note_head(session, project, parent, err);
}
