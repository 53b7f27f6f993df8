#include "core/apply/apply_internal.h"

#include <string.h>
#include <time.h>

// Retry with backoff after a lock timeout. A statement that waits for a lock holds up all who queue after it. So it times out
// early (LockRequest.statement_ms, or what the script itself sets), lets them pass, and is run again, each time after a longer
// pause, until lock_timeout is over. A statement that timed out had no effect. A script that sets a timeout of its own is tried
// TRIES times in any case.
enum { TRIES = 5, LONGEST_REST = 4 };

static bool rest(const Run *run, unsigned seconds)
{
    Error ignored;
    for (unsigned i = 0; i < seconds * 10; i++) {
        if (!was_interrupted(run, &ignored))
            return false;
        nanosleep(&(struct timespec){ .tv_nsec = 100000000L }, NULL);
    }
    return was_interrupted(run, &ignored);
}

static void tell(Attempt *attempt, const Item *item, unsigned seconds, bool is_victim, const char *detail)
{
    const ApplyEvents *events = attempt->run->request->events;
    if (!events || !events->warns)
        return;
    const char *holder = strstr(detail, "HELD BY: ");
    int n = holder ? (int)strcspn(holder + strlen("HELD BY: "), "\n") : 0;
    size_t number = (size_t)(item - attempt->items.items) + 1;
    events->warns(events->payload,
                  arena_printf(attempt->arena, "statement %zu of %zu %s%s%.*s%s; try %u follows in %u s",
                               number, attempt->items.count,
                               is_victim ? "was ended by a deadlock" : "got no lock in time",
                               n ? " (held by " : "", n, holder ? holder + strlen("HELD BY: ") : "",
                               n ? ")" : "", attempt->tries + 1, seconds));
}

// Outside a transaction a statement may have left something behind that serves nobody (an invalid index).
static bool clean(Attempt *attempt, const Item *item)
{
    const Driver *driver = attempt->run->db->driver;
    Tristate done = NO;
    const char *look_at = NULL;
    Error ignored = { 0 };
    if (!item->section->no_transaction || !driver->probe)
        return true;
    const Text sql = { item->sql, strlen(item->sql) };
    return driver->probe(attempt->run->db, sql, &done, &look_at, &ignored) && done != YES;
}

static bool has_time(Attempt *attempt)
{
    if (!attempt->gave_up_since)
        attempt->gave_up_since = now_ms();
    return (attempt->bounds_waiting && attempt->tries < TRIES) ||
           now_ms() - attempt->gave_up_since < attempt->run->request->lock_timeout_ms;
}

static bool has_code(const Error *cause, const char *code)
{
    return code && strcmp(cause->native, code) == 0;
}

// To end a deadlock the server rolls back all of a transaction, also one that the script began: what the script did in it is
// to be done again.
bool attempt_tries_again(Attempt *attempt, const Item *item, const Error *cause)
{
    const Driver *driver = attempt->run->db->driver;
    // Nothing is wrong with the statement: it had no lock in time, or was chosen to end a deadlock
    const bool is_victim = cause && has_code(cause, driver->victim_code);
    const bool gave_up = cause && has_code(cause, driver->gave_up_code);
    if (!item || attempt->run->one_transaction || (!is_victim && !gave_up) || !has_time(attempt))
        return false;
    unsigned seconds = attempt->tries < 3 ? attempt->tries : LONGEST_REST;
    tell(attempt, item, seconds, is_victim, cause->detail);
    if (attempt->in_transaction || (is_victim && attempt->users_transaction)) {
        attempt_rollback(attempt);
        attempt->users_transaction = false;
    }
    if (!rest(attempt->run, seconds) || !clean(attempt, item))
        return false;
    attempt->tries++;
    return true;
}
