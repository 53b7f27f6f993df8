#include "core/apply/pieces.h"

#include <string.h>

bool resume_check(Run *run, const RevisionList *current, const MoveList *moves, const HistoryEntry **out,
                  Error *err)
{
    *out = NULL;
    VEC_EACH (HistoryEntry, entry, &run->open) {
        if (attempt_is_settled(run->graph, current, entry))
            continue;
        const Move *first = moves->count ? &moves->items[0] : NULL;
        const char *direction = first && first->direction == UPGRADE ? "upgrade" : "downgrade";
        if (first && strcmp(first->revision->id, entry->revision) == 0 &&
            strcmp(direction, entry->direction) == 0) {
            *out = entry;
            continue;
        }
        NameList rows = { 0 };
        VEC_EACH (Revision *, it, current)
            *VEC_PUSH(run->arena, &rows) = (*it)->id;
        error_set(err, ERR_REVISION, "the %s of %s was interrupted part-way: %s", entry->direction,
                  entry->revision, attempt_done_text(run->arena, entry));
        error_detail(err, "The database is recorded %s.%s%s", rows_text(run->arena, &rows),
                     entry->error && entry->error[0] ? " It failed with: " : "",
                     entry->error ? entry->error : "");
        return error_hint(err, "%s",
                          attempt_ways_on(run->arena, entry, attempt_goes_on(run->arena, run->graph, entry),
                                          attempt_undone(run->arena, current)));
    }
    if (run->request->resume_at && !*out)
        return error_set(err, ERR_USAGE, "there is nothing to resume: no revision was interrupted");
    return true;
}

// The checksum of the first n statements as they appear now.
static void chain_of(Attempt *attempt, size_t n, char out[CHECKSUM])
{
    out[0] = '\0';
    for (size_t i = 0; i < n; i++)
        script_chain(attempt->arena, out, item_text(&attempt->items.items[i]), out);
}

static bool changed_since(Attempt *attempt, Error *err)
{
    const HistoryEntry *old = attempt->resumes;
    const Revision *revision = attempt->move->revision;
    error_at(err, ERR_REVISION, (SourcePos){ revision->script->path, 0, 0, 0 },
             "%s of %s was interrupted when %s, and %s changed in the script since", old->direction,
             revision->id, attempt_done_text(attempt->arena, old),
             old->statements_done == 1 ? "it was" : "these were");
    return error_hint(err,
                      "Put %s back as %s and run it again; or name the statement to resume at:\n"
                      "cmigrate %s --resume-at N\n"
                      "or undo its statements by hand and record the revision: cmigrate stamp REVISION",
                      old->statements_done == 1
                          ? "the first statement"
                          : arena_printf(attempt->arena, "the first %u statements", old->statements_done),
                      old->statements_done == 1 ? "it was" : "they were", old->direction);
}

static bool cannot_know(Attempt *attempt, const Item *item, const char *look_at, bool changed, Error *err)
{
    const HistoryEntry *old = attempt->resumes;
    error_at(err, ERR_REVISION, item->statement->at,
             "%s of %s %s in statement %u of %u, and it is not known whether that took effect",
             old->direction, attempt->move->revision->id,
             strcmp(old->state, "failed") == 0 ? "failed" : "was killed", old->running, old->statements);
    error_label(err, "did this take effect?");
    const char *before =
        old->statements_done == 0 ? "No statement before it is done."
        : old->statements_done == 1
            ? "Statement 1 is done."
            : arena_printf(attempt->arena, "Statements 1-%u are done.", old->statements_done);
    error_detail(err, "%s%s%s", before, changed ? " The script was changed since." : "",
                 look_at ? arena_printf(attempt->arena, " Look at %s.", look_at) : "");
    return error_hint(err,
                      "Check the database: did all of this statement take effect? If it did:\n"
                      "    cmigrate %s --resume-after %u\n"
                      "If nothing of it did (or you have undone it):\n"
                      "    cmigrate %s --resume-at %u",
                      old->direction, old->running, old->direction, old->running);
}

// A statement was running: was it done? What only reads, or commits together with its note, was not.
static bool decide(Attempt *attempt, size_t *done, Error *err)
{
    const HistoryEntry *old = attempt->resumes;
    Db *db = attempt->run->db;
    if (old->running > attempt->items.count)
        return changed_since(attempt, err);
    const Item *item = &attempt->items.items[old->running - 1];
    char running[CHECKSUM];
    chain_of(attempt, old->running, running);
    if (strcmp(running, old->running_checksum) != 0)
        return cannot_know(attempt, item, pieces_left(attempt), true, err);
    bool atomic = true;
    const char *rows_stay = NULL;
    if (!item_is_atomic(db, item, &atomic, &rows_stay, err))
        return false;
    if (!atomic)
        return cannot_know(attempt, item, rows_stay, false, err);
    if (item->harmless || item->data || item->left_out)
        return true;
    Tristate had_effect = UNSET;
    const char *look_at = NULL;
    if (db->driver->probe &&
        (!fault_point("probe", err) || !db->driver->probe(db, item_text(item), &had_effect, &look_at, err)))
        return false;
    if (had_effect == UNSET)
        return cannot_know(attempt, item, look_at, false, err);
    if (had_effect == YES)
        *done = old->running;
    return true;
}

// A statement that cannot run in a transaction may leave something useless behind when it fails; the driver removes it.
static bool clear_leftover(Attempt *attempt, size_t done, Error *err)
{
    Db *db = attempt->run->db;
    const Dialect *dialect = attempt->run->dialect;
    if (done >= attempt->items.count || !dialect->needs_no_transaction || !db->driver->probe)
        return true;
    Text sql = item_text(&attempt->items.items[done]);
    Tristate ignored = UNSET;
    const char *look_at = NULL;
    return !dialect->needs_no_transaction(sql) || db->driver->probe(db, sql, &ignored, &look_at, err);
}

bool resume_begin(Attempt *attempt, Error *err)
{
    const HistoryEntry *old = attempt->resumes;
    unsigned at = attempt->run->request->resume_at;
    size_t done = old->statements_done;
    char chain[CHECKSUM];
    if (at > attempt->items.count + 1)
        return error_set(err, ERR_USAGE, "%s has %zu statements: it cannot resume at statement %u",
                         attempt->move->revision->id, attempt->items.count, at);
    if (!at) {
        if (done > attempt->items.count)
            return changed_since(attempt, err);
        chain_of(attempt, done, chain);
        if (strcmp(chain, old->done_checksum) != 0)
            return changed_since(attempt, err);
        if (old->running ? !decide(attempt, &done, err) : !clear_leftover(attempt, done, err))
            return false;
        if (old->running && !pieces_resume(attempt, done, err))
            return false;
    } else {
        done = at - 1;
    }
    if (!session_check(attempt, done, err))
        return false;
    attempt->journal = true;
    session_join(attempt);
    attempt->done = attempt->first = done;
    chain_of(attempt, done, attempt->done_checksum);
    attempt_keeps(attempt);
    for (size_t i = 0; i < done; i++)
        if (attempt->items.items[i].session && !execute_item(attempt, &attempt->items.items[i], err))
            return failure_of_statement(attempt, &attempt->items.items[i], err);
    return true;
}
