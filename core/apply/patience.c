#include "core/apply/apply_internal.h"

#include <string.h>
#include <time.h>

// Scripts that bound their waiting (SET lock_timeout) give up soon, so that nobody queues up behind them for long. What
// gave up had no effect and is tried again, each time after a longer rest.
enum { TRIES = 5 };

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

static void tell(Attempt *attempt, const Item *item, unsigned seconds, const Error *cause)
{
    const ApplyEvents *events = attempt->run->request->events;
    if (!events || !events->warns)
        return;
    const char *holder = strstr(cause->detail, "HELD BY: ");
    int n = holder ? (int)strcspn(holder + strlen("HELD BY: "), "\n") : 0;
    size_t number = (size_t)(item - attempt->items.items) + 1;
    events->warns(events->payload,
                  arena_printf(attempt->arena,
                               "statement %zu of %zu got no lock in time%s%.*s; try %u of %u follows in %u s",
                               number, attempt->items.count, n ? ": held by " : "", n,
                               holder ? holder + strlen("HELD BY: ") : "", attempt->tries + 1, TRIES,
                               seconds));
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

bool attempt_tries_again(Attempt *attempt, const Item *item, const Error *cause)
{
    const char *code = attempt->run->db->driver->gave_up_code;
    if (!item || !attempt->bounds_waiting || attempt->run->one_transaction || !code || !cause ||
        strcmp(cause->native, code) != 0 || attempt->tries >= TRIES)
        return false;
    unsigned seconds = 1u << (attempt->tries - 1);
    tell(attempt, item, seconds, cause);
    if (attempt->in_transaction)
        attempt_rollback(attempt);
    if (!rest(attempt->run, seconds) || !clean(attempt, item))
        return false;
    attempt->tries++;
    return true;
}
