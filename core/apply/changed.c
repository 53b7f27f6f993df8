#include "core/apply/apply_internal.h"

#include <limits.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/sha256.h"

// What was recorded last of a revision that went up or was stamped; NULL where nothing was, or it went down again.
typedef struct Recorded {
    const HistoryEntry **last; // by the revision's order
} Recorded;

static bool read_recorded(Db *db, Arena *arena, const VersionStore *store, const Graph *graph, Recorded *out,
                          Error *err)
{
    HistoryList entries = { 0 };
    if (!history_read_last(db, arena, store, &entries, err))
        return false;
    out->last = arena_alloc(arena, (graph->revisions.count + 1) * sizeof(*out->last));
    VEC_EACH (HistoryEntry, entry, &entries) {
        const Revision *revision = graph_by_id(graph, entry->revision);
        const HistoryEntry *before = revision ? out->last[revision->order] : NULL;
        if (revision &&
            (*entry->owner || !before || !*before->owner)) // one's own row comes before one of nobody
            out->last[revision->order] =
                strcmp(entry->direction, "downgrade") == 0 || !entry->checksum[0] ? NULL : entry;
    }
    return true;
}

bool script_direction_checksum(Arena *arena, const Dialect *dialect, const char *path, Direction direction,
                               char out[CHECKSUM], Error *err)
{
    Script script;
    SectionList sections = { 0 };
    if (!script_read(arena, path, &script, err) ||
        !script_sections(arena, &script, dialect, direction, &sections, err))
        return false;
    script_checksum(arena, &sections, out);
    return true;
}

// The cheap look: the file is, byte for byte, the one that was applied.
static bool same_file(Arena *arena, const HistoryEntry *entry, const char *path)
{
    Text text;
    char now[SHA256_HEX];
    if (!entry->file_checksum || !entry->file_checksum[0] || !file_read(arena, path, 0, &text, NULL))
        return false;
    sha256_hex(text, now);
    return strcmp(now, entry->file_checksum) == 0;
}

static void look_at(Arena *arena, const Dialect *dialect, Revision *revision, const HistoryEntry *recorded,
                    ChangedScriptList *out)
{
    Arena *scratch = arena_new(); // a script at a time: there may be thousands
    const char *path = revision->script->path;
    char now[CHECKSUM];
    Error ignored = { 0 };
    bool same = same_file(scratch, recorded, path);
    bool read = same || script_direction_checksum(scratch, dialect, path, UPGRADE, now, &ignored);
    arena_free(scratch);
    if (!same && !(read && strcmp(now, recorded->checksum) == 0))
        *VEC_PUSH(arena, out) = (ChangedScript){ .revision = revision,
                                                 .then = arena_strdup(arena, recorded->checksum),
                                                 .now = read ? arena_strdup(arena, now) : NULL };
}

// A row without an owner may be of another project that has the same ids: it says something of what is applied here only.
static bool leave_others_out(Db *db, Arena *arena, const VersionStore *store, const Graph *graph,
                             const Recorded *recorded, ChangedScriptList *list, Error *err)
{
    bool doubtful = false;
    NameList rows = { 0 };
    RevisionList current = { 0 };
    ChangedScriptList kept = { 0 };
    Error unknown = { 0 };
    VEC_EACH (ChangedScript, it, list)
        doubtful |= !*recorded->last[it->revision->order]->owner;
    if (!doubtful)
        return true;
    if (!version_read(db, arena, store, &rows, NULL, err))
        return false;
    if (!version_resolve(arena, graph, &rows, &current, &unknown))
        return true;
    VEC_EACH (ChangedScript, it, list) {
        bool applied = *recorded->last[it->revision->order]->owner != '\0';
        for (size_t i = 0; i < current.count && !applied; i++)
            applied = graph_is_ancestor(graph, it->revision, current.items[i]);
        if (applied)
            *VEC_PUSH(arena, &kept) = *it;
    }
    *list = kept;
    return true;
}

bool history_changed(Db *db, Arena *arena, const VersionStore *store, const Graph *graph,
                     ChangedScriptList *out, Error *err)
{
    Arena *records = arena_new(); // of this look alone
    Recorded recorded;
    bool ok = read_recorded(db, records, store, graph, &recorded, err);
    for (size_t i = 0; ok && i < graph->revisions.count; i++)
        if (recorded.last[i])
            look_at(arena, db->dialect, graph->revisions.items[i], recorded.last[i], out);
    ok = ok && leave_others_out(db, arena, store, graph, &recorded, out, err);
    arena_free(records);
    return ok;
}

const char changed_script_advice[] = "Restore it, or accept it as it is now: cmigrate stamp current";

const char *changed_script_text(Arena *arena, const ChangedScript *changed)
{
    return arena_printf(arena, "%s was changed after it was applied (checksum %.8s, now %.*s)",
                        changed->revision->script->path, changed->then, changed->now ? 8 : INT_MAX,
                        changed->now ? changed->now : "unreadable");
}

bool history_changed_scripts(Db *db, Arena *arena, const VersionStore *store, const Graph *graph,
                             WarningList *out, Error *err)
{
    ChangedScriptList list = { 0 };
    if (!history_changed(db, arena, store, graph, &list, err))
        return false;
    VEC_EACH (ChangedScript, it, &list)
        *VEC_PUSH(arena, out) = (Warning){
            .text = changed_script_text(arena, it),
            .at = {it->revision->script->path, 0, 0, 0},
            .hint = changed_script_advice,
        };
    return true;
}
