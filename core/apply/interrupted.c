#include "core/apply/apply_internal.h"

#include <string.h>

const char *attempt_done_text(Arena *arena, const HistoryEntry *entry)
{
    return arena_printf(
        arena, "%u of %u statement%s %s done%s", entry->statements_done, entry->statements,
        entry->statements == 1 ? "" : "s", entry->statements_done == 1 ? "is" : "are",
        entry->running
            ? arena_printf(arena, ", and statement %u was running when the process ended", entry->running)
            : "");
}

// Somebody has settled it since, with another tool: the version says that the way up, or down, is behind us.
bool attempt_is_settled(const Graph *graph, const RevisionList *current, const HistoryEntry *entry)
{
    const Revision *revision = graph_by_id(graph, entry->revision);
    if (!revision)
        return false;
    bool applied = false;
    VEC_EACH (Revision *, it, current)
        applied |= graph_is_ancestor(graph, revision, *it);
    return (strcmp(entry->direction, "upgrade") == 0) == applied;
}

const char *attempt_goes_on(Arena *arena, const Graph *graph, const HistoryEntry *entry)
{
    if (!graph_by_id(graph, entry->revision))
        return NULL;
    bool up = strcmp(entry->direction, "upgrade") == 0;
    return arena_printf(arena, "cmigrate %s%s%s", entry->direction, up ? " " : "", up ? entry->revision : "");
}

const char *attempt_undone(Arena *arena, const RevisionList *current)
{
    return arena_printf(arena, "cmigrate stamp %s", current->count ? current->items[0]->id : "base");
}

const char *attempt_ways_on(Arena *arena, const HistoryEntry *entry, const char *goes_on, const char *undone)
{
    if (goes_on)
        return arena_printf(arena, "Resume it: %s. Or undo its statements by hand, then: %s", goes_on,
                            undone);
    return arena_printf(arena,
                        "The script of %s is missing: put it back, then run `cmigrate %s`. Or undo its "
                        "statements by hand, then: %s",
                        entry->revision, entry->direction, undone);
}

// A run that is at work holds the lock. Asking for it without waiting tells; what else may go wrong with it does not matter here.
static const char *who_is_at_work(Db *db, Arena *arena, const VersionStore *store)
{
    const ApplyRequest request = { .store = store };
    Run run = { .db = db, .arena = arena, .request = &request, .store = store, .dialect = db->dialect };
    Error why = { 0 };
    if (run_lock(&run, &why) && run_unlock(&run, true, &why))
        return NULL;
    return why.code == ERR_LOCKED ? arena_strdup(arena, why.message) : NULL;
}

// Nobody holds the lock: what the row says now counts, as the run may have ended since it was read. *open is false where it
// was not interrupted.
static bool read_again(Db *db, Arena *arena, const VersionStore *store, const Graph *graph,
                       HistoryEntry *entry, bool *open, Error *err)
{
    HistoryList now = { 0 };
    if (!history_open(db, arena, store, graph, &now, err))
        return false;
    *open = false;
    VEC_EACH (HistoryEntry, it, &now)
        if (it->id == entry->id) {
            *entry = *it;
            *open = true;
        }
    return true;
}

bool history_interrupted(Db *db, Arena *arena, const VersionStore *store, const Graph *graph,
                         const RevisionList *current, const Interrupted **out, Error *err)
{
    HistoryList open = { 0 };
    *out = NULL;
    if (!history_open(db, arena, store, graph, &open, err))
        return false;
    VEC_EACH (HistoryEntry, entry, &open) {
        if (attempt_is_settled(graph, current, entry))
            continue;
        bool running = strcmp(entry->state, "running") == 0, still_open = true;
        const char *at_work = running ? who_is_at_work(db, arena, store) : NULL;
        if (running && !at_work && !read_again(db, arena, store, graph, entry, &still_open, err))
            return false;
        if (!still_open)
            continue;
        Interrupted *found = ARENA_NEW(arena, Interrupted);
        *found = (Interrupted){
            .entry = *entry,
            .done = attempt_done_text(arena, entry),
            .goes_on = attempt_goes_on(arena, graph, entry),
            .undone = attempt_undone(arena, current),
            .at_work = at_work,
        };
        found->ways_on = attempt_ways_on(arena, entry, found->goes_on, found->undone);
        *out = found;
        return true;
    }
    return true;
}
