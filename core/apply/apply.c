#include "core/apply/apply_internal.h"

#include <string.h>

// A target in the middle of what a squash replaces takes it apart, as a row there does.
bool run_graph(Run *run, const NameList *rows, const char *target, Error *err)
{
    NameList all = { 0 };
    for (size_t i = 0; rows && i < rows->count; i++)
        *VEC_PUSH(run->arena, &all) = rows->items[i];
    if (target)
        *VEC_PUSH(run->arena, &all) = target;
    return graph_for_rows(run->arena, run->request->graph, &all, &run->own_graph, &run->graph, err);
}

static bool where_it_is(Run *run, NameList *rows, RevisionList *current, Error *err)
{
    *rows = (NameList){ 0 };
    *current = (RevisionList){ 0 };
    return run_find_tables(run, err) &&
           (!run->has_version || version_rows(run->db, run->arena, run->store, rows, err)) &&
           run_graph(run, rows, run->request->target, err) &&
           version_resolve(run->arena, run->graph, rows, current, err);
}

static bool find_moves(Run *run, const RevisionList *current, MoveList *out, Error *err)
{
    const ApplyRequest *request = run->request;
    *out = (MoveList){ 0 };
    if (request->moves) {
        *out = *request->moves;
        return true;
    }
    if (!(request->direction == UPGRADE ? graph_upgrade_moves : graph_downgrade_moves)(
            run->arena, run->graph, current, request->target, out, err))
        return false;
    if (request->stops_at_contract)
        (void)graph_stop_before_contract(out);
    return true;
}

static bool warn_of_changes(Run *run, Error *err)
{
    const ApplyRequest *request = run->request;
    WarningList warnings = { 0 };
    if (request->direction != UPGRADE || !request->events || !request->events->warns || !run->has_history)
        return true;
    if (!history_changed_scripts(run->db, run->arena, run->store, run->graph, &warnings, err))
        return false;
    VEC_EACH (Warning, warning, &warnings)
        request->events->warns(request->events->payload, warning->text);
    return true;
}

static void begins(const Run *run, const Attempt *attempt, size_t index, size_t total)
{
    const ApplyEvents *events = run->request->events;
    if (events && events->begins)
        events->begins(events->payload, attempt->move, attempt->items.count, index, total);
}

static bool run_move(Run *run, const Move *move, const HistoryEntry *resumes, size_t index, size_t total,
                     Error *err)
{
    const ApplyEvents *events = run->request->events;
    Attempt attempt = { .run = run, .arena = arena_new(), .move = move, .resumes = resumes };
    bool ok = attempt_load(&attempt, err) && (run->one_transaction || prepare_tables(run, err));
    if (ok) {
        begins(run, &attempt, index, total);
        double start = now_ms();
        ok = attempt_run(&attempt, err);
        if (ok && events && events->ends)
            events->ends(events->payload, move, attempt.items.count - attempt.first, now_ms() - start);
    }
    arena_free(attempt.arena);
    return ok;
}

// A squash whose last replaced revision is in the table stands there under its own name from now on.
static bool rename_replaced(Run *run, NameList *rows, const RevisionList *current, Error *err)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (strcmp(rows->items[i], current->items[i]->id) == 0)
            continue;
        NameList before = { 0 }, after = { 0 };
        *VEC_PUSH(run->arena, &before) = rows->items[i];
        *VEC_PUSH(run->arena, &after) = current->items[i]->id;
        if (!fault_point("begin", err) || !run->db->driver->begin(run->db, err))
            return false;
        Error ignored;
        if (!version_write(run, run->arena, &before, &after, err) || !fault_point("commit", err) ||
            !run->db->driver->commit(run->db, err)) {
            run->db->driver->rollback(run->db, &ignored);
            return false;
        }
        rows->items[i] = current->items[i]->id;
    }
    return true;
}

static bool run_moves(Run *run, const MoveList *moves, const HistoryEntry *resumes, size_t *moved, Error *err)
{
    for (size_t i = 0; i < moves->count; i++) {
        if (!run_move(run, &moves->items[i], i == 0 ? resumes : NULL, i, moves->count, err))
            return false;
        if (!run->one_transaction)
            *moved = i + 1;
    }
    return true;
}

// All scripts must fit in one transaction before the first of them runs.
static bool fit_in_one(Run *run, const MoveList *moves, bool *keys_off, Error *err)
{
    if (!(run->dialect->caps & CAN_TRANSACTIONAL_DDL))
        return error_set(err, ERR_USAGE,
                         "this database implicitly commits every DDL statement: --single-transaction is "
                         "not possible");
    VEC_EACH (Move, move, moves) {
        Attempt attempt = { .run = run, .arena = arena_new(), .move = move };
        bool ok = attempt_load(&attempt, err);
        if (ok && attempt.journal)
            ok = error_at(err, ERR_USAGE, (SourcePos){ move->revision->script->path, 0, 0, 0 },
                          "revision %s has several sections or one without a transaction: it does not fit "
                          "into --single-transaction",
                          move->revision->id);
        VEC_EACH (Item, item, &attempt.items)
            *keys_off |= item->key_switch;
        arena_free(attempt.arena);
        if (!ok)
            return false;
    }
    return true;
}

// A script that cannot be read, or holds what cannot run, is said before the first one runs.
static bool all_can_run(Run *run, const MoveList *moves, Error *err)
{
    bool ok = true;
    for (size_t i = 1; i < moves->count && ok;
         i++) { // the first is looked at when it runs, before anything is done
        Attempt attempt = { .run = run, .arena = arena_new(), .move = &moves->items[i] };
        ok = attempt_load(&attempt, err);
        arena_free(attempt.arena);
    }
    return ok;
}

static bool run_in_one(Run *run, const MoveList *moves, size_t *moved, Error *err)
{
    Db *db = run->db;
    bool keys_off = false;
    Error ignored;
    if (!fit_in_one(run, moves, &keys_off, err) || !prepare_tables(run, err) ||
        (keys_off && !session_suspend_keys(run, &keys_off, err)))
        return false;
    bool ok = fault_point("begin", err) && db->driver->begin(db, err);
    run->one_transaction = ok;
    ok = ok && run_moves(run, moves, NULL, moved, err) && fault_point("commit", err) &&
         db->driver->commit(db, err);
    if (!ok)
        db->driver->rollback(db, &ignored);
    if (keys_off && !exec_sql(db, run->dialect->key_switch->on, &ignored))
        return ok;
    *moved = ok ? moves->count : 0;
    return ok && fault_point("committed", err);
}

// Everything is read again under the lock, because another run may have moved since; and every check that
// needs no statement comes before the first one.
static bool run_locked(Run *run, size_t *moved, Error *err)
{
    NameList rows;
    RevisionList current;
    MoveList moves;
    const HistoryEntry *resumes;
    if (!fault_point("locked", err) || !where_it_is(run, &rows, &current, err) ||
        !find_moves(run, &current, &moves, err) || !history_begin_run(run, err) ||
        !resume_check(run, &current, &moves, &resumes, err) || !warn_of_changes(run, err))
        return false;
    if (!moves.count)
        return true;
    const ApplyRequest *request = run->request;
    if (request->permits && !request->permits(request->permits_payload, &moves, err))
        return false;
    NameList ids = { 0 };
    VEC_EACH (Move, move, &moves)
        *VEC_PUSH(run->arena, &ids) = move->revision->id;
    if (!version_fits(run, &ids, err) || !all_can_run(run, &moves, err) ||
        !rename_replaced(run, &rows, &current, err))
        return false;
    return run->request->single_transaction && !resumes ? run_in_one(run, &moves, moved, err)
                                                        : run_moves(run, &moves, resumes, moved, err);
}

// A statement that waits for a lock holds up all who come after it: so it gives up soon, lets them pass, and tries again
// until lock_timeout is over.
enum { LOCK_SLICES = 12, LEAST_SLICE_MS = 1000 };

bool run_lock(Run *run, Error *err)
{
    if (run->request->alone)
        return fault_point("lock", err);
    // Two histories in one database do not hinder each other, and where a name without a schema leads is known
    if (run->store == run->request->store && !run_find_tables(run, err))
        return false;
    const VersionStore *store = run->store;
    const char *name =
        store->schema ? arena_printf(run->arena, "%s.%s", store->schema, run->owner) : run->owner;
    unsigned timeout = run->request->lock_timeout_ms;
    unsigned slice = timeout / LOCK_SLICES > LEAST_SLICE_MS ? timeout / LOCK_SLICES : LEAST_SLICE_MS;
    LockRequest request = { .name = name,
                            .timeout_ms = timeout,
                            .statement_ms = timeout && timeout < slice ? timeout : slice };
    return fault_point("lock", err) && run->db->driver->lock(run->db, &request, err);
}

bool run_unlock(Run *run, bool ok, Error *err)
{
    Error ignored;
    bool reached = fault_point("unlock", ok ? err : &ignored);
    if (!run->request->alone)
        run->db->driver->unlock(run->db);
    return ok && reached;
}

// At the target already: no lock is needed to say so, and none to find out. What the history says of attempts that did
// not end may be of one that goes on just now: that is looked at after the lock.
static bool nothing_to_do(Run *run, bool *out, Error *err)
{
    NameList rows;
    RevisionList current;
    MoveList moves;
    if (!where_it_is(run, &rows, &current, err) || !find_moves(run, &current, &moves, err))
        return false;
    if (moves.count)
        return true;
    if (!history_begin_run(run, err))
        return false;
    *out = run->open.count == 0;
    return !*out || warn_of_changes(run, err);
}

bool apply_run(Db *db, Arena *arena, const ApplyRequest *request, size_t *moved, Error *err)
{
    Run run = {
        .db = db, .arena = arena, .request = request, .store = request->store, .dialect = db->dialect
    };
    size_t ignored = 0;
    moved = moved ? moved : &ignored;
    *moved = 0;
    bool nothing = false;
    if (request->direction == UPGRADE && !request->resume_at && !nothing_to_do(&run, &nothing, err))
        return false;
    if (nothing)
        return true;
    if (!run_lock(&run, err))
        return false;
    return run_unlock(&run, run_locked(&run, moved, err), err);
}
