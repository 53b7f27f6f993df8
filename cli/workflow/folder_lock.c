#include "cli/workflow/folder_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/file.h"

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void folder_note(Session *session, const Graph *graph)
{
    NameList *scripts = &session->scripts;
    *scripts = (NameList){ 0 };
    VEC_EACH (Revision *, it, &graph->revisions)
        *VEC_PUSH(session->arena, scripts) = (*it)->script->path;
    VEC_EACH (Revision *, it, &graph->replaced) // by a squash, and still there
        *VEC_PUSH(session->arena, scripts) = (*it)->script->path;
    VEC_EACH (Script *, it, &graph->apart)
        *VEC_PUSH(session->arena, scripts) = (*it)->path;
    if (scripts->count)
        qsort(scripts->items, scripts->count, sizeof(*scripts->items), compare_texts);
}

static bool is_known(const NameList *scripts, const char *path)
{
    return scripts->count &&
           bsearch(&path, scripts->items, scripts->count, sizeof(*scripts->items), compare_texts);
}

// Both begin, both build on the same one, or both have the same id.
static bool collides(const Script *a, const Script *b)
{
    if (strcmp(a->revision, b->revision) == 0 || (!a->parents.count && !b->parents.count))
        return true;
    VEC_EACH (const char *, parent, &a->parents)
        if (names_have(&b->parents, *parent))
            return true;
    return false;
}

static bool look_for_new(Session *session, const char *folder, const Script *head, Error *err)
{
    Arena *arena = session->arena;
    NameList names = { 0 };
    if (!folder_list(arena, folder, ".sql", &names, err))
        return false;
    VEC_EACH (const char *, name, &names) {
        const char *path = path_join(arena, folder, *name);
        Script script;
        Error unreadable = { 0 };
        if (is_known(&session->scripts, path) || !script_read_head(arena, path, &script, &unreadable) ||
            !script.revision || !collides(&script, head))
            continue;
        error_set(err, ERR_STATE, "revision %s was written while this one was made: %s", script.revision,
                  path_shown(arena, path));
        error_detail(err, "Both would build on the same revision. Nothing was written.");
        return error_hint(err, "Run it again: it then builds on %s.", script.revision);
    }
    return true;
}

bool folder_lock(Session *session, const Project *project, const Script *head, int *lock, Error *err)
{
    if (!folder_make(project->directory, err))
        return false;
    *lock = open(project->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*lock < 0)
        return error_set(err, ERR_IO, "cannot open the folder %s: %s", project->directory, strerror(errno));
    while (flock(*lock, LOCK_EX) != 0 &&
           errno == EINTR) // where the file system has no locks, nobody is kept out
        continue;
    bool ok = true;
    VEC_EACH (const char *, folder, &project->folders)
        ok = ok && (!folder_exists(*folder) || look_for_new(session, *folder, head, err));
    return ok;
}

void folder_unlock(int lock)
{
    if (lock >= 0)
        close(lock);
}
