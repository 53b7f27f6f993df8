#include "cli/workflow/prove_heads.h"

#include "cli/output/diff_print.h"
#include "cli/workflow/replay.h"
#include "core/diff/diff.h"

// Replays two heads in this order. False with *refused: the order cannot be run.
static bool replay_both(ProveRun *run, const Revision *first, const Revision *second, Schema *out,
                        bool *refused, Error *err)
{
    Session *session = run->session;
    Db *scratch = NULL;
    Error why = { 0 };
    *refused = false;
    if (!replay_open(session, &run->project, &run->project.url, run->project.url_folder, &scratch, err))
        return false;
    bool ok = replay_to(session, &run->project, &run->graph, first->id, scratch, &why) &&
              replay_to(session, &run->project, &run->graph, second->id, scratch, &why);
    *refused = !ok && why.code == ERR_REVISION;
    if (*refused)
        *VEC_PUSH(session->arena, &run->heads_differ) =
            arena_printf(session->arena, "%s does not run after %s: %s", second->id, first->id, why.message);
    else if (!ok && err)
        *err = why;
    ok = ok && compare_read_database(session, &run->project, scratch, out, err);
    db_close(scratch);
    return ok || *refused;
}

static bool prove_pair(ProveRun *run, const Revision *a, const Revision *b, Error *err)
{
    Arena *arena = run->session->arena;
    Schema *one = ARENA_NEW(arena, Schema), *other = ARENA_NEW(arena, Schema);
    bool refused, also_refused;
    ChangeList changes = { 0 };
    RenameList none = { 0 };
    const Schema *renamed;
    if (!replay_both(run, a, b, one, &refused, err) || !replay_both(run, b, a, other, &also_refused, err))
        return false;
    if (refused || also_refused)
        return true;
    if (!diff_schemas(arena, one->dialect ? one->dialect : run->project.dialect, one, other, &none, &changes,
                      &renamed, err))
        return false;
    VEC_EACH (Change, it, &changes)
        *VEC_PUSH(arena, &run->heads_differ) =
            arena_printf(arena, "%s then %s, or the other way round: %s", a->id, b->id,
                         change_phrase(arena, run->project.dialect, it));
    return true;
}

bool prove_heads(ProveRun *run, Error *err)
{
    const RevisionList *heads = &run->graph.heads;
    for (size_t i = 0; i < heads->count; i++)
        for (size_t k = i + 1; k < heads->count; k++)
            if (!prove_pair(run, heads->items[i], heads->items[k], err))
                return false;
    run->heads_proved = true;
    return true;
}
