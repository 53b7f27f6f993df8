#include "core/apply/apply_internal.h"
#include "core/db/row_files.h"

#include <string.h>

enum { LARGEST_BATCH = 500 };

bool batch_is_possible(const Attempt *attempt)
{
    const Run *run = attempt->run;
    const Driver *driver = run->db->driver;
    const ApplyEvents *events = run->request->events;
    if (!driver->batch || !driver->begin_sql || !driver->begin_sql(run->db) || run->one_transaction ||
        run->unrecorded || attempt->journal || (events && (events->statement || events->starts)) ||
        attempt->items.count > LARGEST_BATCH)
        return false;
    if (driver->restore && leaves_session(attempt))
        return false;
    VEC_EACH (Item, item, &attempt->items)
        if (item->session ||
            (run->request->reached_out &&
             (db_reaches_out(run->dialect, item->sql) || db_may_reach_out(run->dialect, item->sql))) ||
            item->statement->assertion || item->statement->batch || item->key_check || item->key_switch ||
            row_file_of(attempt->arena, run->dialect, item->sql, NULL))
            return false;
    return true;
}

typedef VEC(const char *) SqlList;

// Nobody looks at row counts between the statements of a batch, so statements that fail by themselves do.
static void add_check(Attempt *attempt, const char *row, size_t *at, const char **out)
{
    out[(*at)++] = version_guard_sql(attempt->arena, attempt->run->dialect, attempt->run->store, row);
}

// The row of the history comes last, and says when the statements before it have ended.
static void add_books(Attempt *attempt, const char **out, size_t *n)
{
    Run *run = attempt->run;
    VersionChangeList changes = { 0 };
    version_changes(attempt->arena, &attempt->move->before, &attempt->move->after, &changes);
    VEC_EACH (VersionChange, change, &changes) {
        if (change->from && !change->to)
            add_check(attempt, change->from, n, out);
        out[(*n)++] = version_change_sql(attempt->arena, run->dialect, run->store, change);
        if (change->from && change->to)
            add_check(attempt, change->to, n, out);
    }
    attempt->sent_together = true;
    out[(*n)++] = history_insert_sql(attempt, "done", utc_now(attempt->arena), NULL);
    attempt->sent_together = false;
}

bool batch_run(Attempt *attempt, Error *err)
{
    Run *run = attempt->run;
    Db *db = run->db;
    size_t rows = attempt->move->before.count + attempt->move->after.count, n = 0, done = 0;
    const char **statements =
        arena_alloc(attempt->arena, (attempt->items.count + 2 * rows + 8) * sizeof(*statements));
    if (!was_interrupted(run, err))
        return attempt_fail(attempt, NULL, "beginning", err);
    statements[n++] = db->driver->begin_sql(db);
    VEC_EACH (Item, item, &attempt->items)
        statements[n++] = item->sql;
    attempt->done = attempt->items.count;
    add_books(attempt, statements, &n);
    statements[n++] = "COMMIT";
    attempt->tries = 1;
    const Batch batch = { statements, n, 1, attempt->items.count };
    while (!fault_point("batch", err) || !db->driver->batch(db, &batch, &done, err)) {
        bool of_script = done >= 1 && done <= attempt->items.count;
        attempt->in_transaction = true;
        if (of_script && attempt_tries_again(attempt, &attempt->items.items[done - 1], err))
            continue;
        attempt->done = 0;
        const char *step = done == 0       ? "beginning the transaction"
                           : done + 1 == n ? "committing"
                                           : "recording the version";
        return attempt_fail(attempt, of_script ? &attempt->items.items[done - 1] : NULL, step, err);
    }
    attempt->done = attempt->items.count;
    attempt->in_transaction = false;
    attempt_keeps(attempt);
    return fault_point("committed", err);
}
