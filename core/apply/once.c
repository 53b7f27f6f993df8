// A script that is no revision: run with all that makes a revision safe, and recorded nowhere.
#include <string.h>

#include "core/apply/apply_internal.h"

static bool run_attempt(Run *run, Attempt *attempt, Error *err)
{
    const ApplyRequest *request = run->request;
    const ApplyEvents *events = request->events;
    MoveList moves = { 0 };
    *VEC_PUSH(attempt->arena, &moves) = *attempt->move;
    if (!attempt_load(attempt, err) ||
        (request->permits && !request->permits(request->permits_payload, &moves, err)))
        return false;
    if (events && events->begins)
        events->begins(events->payload, attempt->move, attempt->items.count, 0, 1);
    double start = now_ms();
    if (!attempt_run(attempt, err))
        return false;
    if (events && events->ends)
        events->ends(events->payload, attempt->move, attempt->items.count, now_ms() - start);
    return true;
}

// The lock is that of upgrade: the two do not run at the same time.
bool apply_once(Db *db, Arena *arena, const ApplyRequest *request, Script *script, Error *err)
{
    Run run = { .db = db,
                .arena = arena,
                .request = request,
                .store = request->store,
                .dialect = db->dialect,
                .unrecorded = true };
    Revision revision = { .script = script, .id = script->revision };
    const Move move = { .revision = &revision, .direction = UPGRADE };
    if (!run_lock(&run, err))
        return false;
    Attempt attempt = { .run = &run, .arena = arena_new(), .move = &move };
    bool ok = fault_point("locked", err) && run_attempt(&run, &attempt, err);
    arena_free(attempt.arena);
    return run_unlock(&run, ok, err);
}
