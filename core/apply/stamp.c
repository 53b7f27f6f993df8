#include "core/apply/apply_internal.h"

#include <string.h>

static bool add_row(Run *run, Arena *arena, Revision *revision, const char *checksum, Error *err)
{
    Move move = { .revision = revision };
    Attempt attempt = { .run = run,
                        .arena = arena,
                        .move = &move,
                        .direction = "stamp",
                        .id = run->next_id++,
                        .started = utc_now(arena) };
    memcpy(attempt.checksum, checksum, strlen(checksum));
    return fault_point("history", err) &&
           exec_sql(run->db, history_insert_sql(&attempt, "done", attempt.started, NULL), err);
}

// What is stamped is taken as it appears now: its script's checksum is recorded.
static bool record_stamped(Run *run, const NameList *before, const NameList *after,
                           const ChangedScriptList *changed, Error *err)
{
    VEC_EACH (const char *, id, after) {
        Revision *revision = names_have(before, *id) ? NULL : graph_by_id(run->graph, *id);
        if (!revision)
            continue;
        char checksum[CHECKSUM] = "";
        Error unreadable;
        if (!script_direction_checksum(run->arena, run->dialect, revision->script->path, UPGRADE, checksum,
                                       &unreadable))
            checksum[0] = '\0';
        if (!add_row(run, run->arena, revision, checksum, err))
            return false;
    }
    VEC_EACH (ChangedScript, it, changed)
        if (it->now && !add_row(run, run->arena, it->revision, it->now, err))
            return false;
    VEC_EACH (HistoryEntry, entry, &run->open)
        if (!exec_sql(run->db, history_close_sql(run->arena, run, entry, "abandoned"), err))
            return false;
    return true;
}

static bool clear_rows(Run *run, Error *err)
{
    StrBuf sql;
    strbuf_init(&sql, run->arena);
    strbuf_puts(&sql, "DELETE FROM ");
    put_table(&sql, run->dialect, run->store, run->store->table);
    return fault_point("version", err) && exec_sql(run->db, sql.text, err);
}

static bool write_stamp(Run *run, bool purge, const NameList *before, const NameList *after,
                        const ChangedScriptList *changed, Error *err)
{
    NameList none = { 0 };
    if (!prepare_tables(run, err) || !fault_point("begin", err) || !run->db->driver->begin(run->db, err))
        return false;
    return (!purge || clear_rows(run, err)) &&
           version_write(run, run->arena, purge ? &none : before, after, err) &&
           record_stamped(run, before, after, changed, err) && fault_point("commit", err) &&
           run->db->driver->commit(run->db, err);
}

// Writes `targets` into the version table and nothing else. It returns early, without a transaction, where
// nothing would change: neither rows, checksums nor an interrupted run.
static bool stamp_locked(Run *run, const NameList *targets, bool purge, NameList *before, NameList *after,
                         Error *err)
{
    RevisionList current = { 0 };
    NameList rows = { 0 };
    ChangedScriptList changed = { 0 };
    if (!run_find_tables(run, err) ||
        (run->has_version && !version_rows(run->db, run->arena, run->store, &rows, err)) ||
        !run_graph(run, purge ? NULL : &rows, targets->count == 1 ? targets->items[0] : NULL, err) ||
        (!purge && !version_resolve(run->arena, run->graph, &rows, &current, err)) ||
        !graph_stamp(run->arena, run->graph, &current, targets, after, err) ||
        !version_fits(run, after, err) || !history_begin_run(run, err))
        return false;
    *before = rows;
    bool moves = purge ? rows.count || after->count : !names_equal(&rows, after);
    if (!moves && run->has_history &&
        !history_changed(run->db, run->arena, run->store, run->graph, &changed, err))
        return false;
    if (!moves && !changed.count && !run->open.count)
        return true;
    Error ignored;
    if (write_stamp(run, purge, &rows, after, &changed, err))
        return true;
    run->db->driver->rollback(run->db, &ignored);
    return false;
}

bool apply_stamp(Db *db, Arena *arena, const ApplyRequest *request, const NameList *targets, bool purge,
                 NameList *before, NameList *after, Error *err)
{
    Run run = {
        .db = db, .arena = arena, .request = request, .store = request->store, .dialect = db->dialect
    };
    if (!run_lock(&run, err))
        return false;
    return run_unlock(&run, stamp_locked(&run, targets, purge, before, after, err), err);
}

bool apply_ensure_version(Db *db, Arena *arena, const VersionStore *store, Error *err)
{
    ApplyRequest request = { .store = store };
    Run run = { .db = db, .arena = arena, .request = &request, .store = store, .dialect = db->dialect };
    if (!run_find_tables(&run, err))
        return false;
    // the history comes with the first revision; one of before is brought to the layout of today
    return run.has_history ? prepare_tables(&run, err) : make_version_table(&run, err);
}
