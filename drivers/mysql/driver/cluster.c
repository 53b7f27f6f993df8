// The lock of a run on a Galera cluster, where GET_LOCK reaches no further than its own node: a row that one owner has.
//
// The row is taken by an UPDATE that says whose it was: of two at once, on whichever nodes, the cluster certifies one.
// The owner changes its number every other second. Whoever waits takes the row over when the number has stood still for
// the time of a lease by its own clock; no clock of another machine is asked. What it reads is what the whole cluster has
// seen (wsrep_sync_wait), and a read that had to wait (a long ALTER TABLE stops the whole cluster) proves nothing.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "drivers/mysql/driver/driver.h"

enum { LEASE_MS = 10000, SLOW_MS = 1000, MOST_FAILURES = 5, NO_SUCH_TABLE = 1146 };

struct ClusterLock {
    const char *table, *name; // both as they appear in a statement
    const char *node, *owner; // this node, and our own mark, which begins with it
    const char *beat;         // the statement
    unsigned failures;        // of beats, in a row
};

typedef struct Held {
    Arena *arena;
    const char *owner, *who, *beat;
} Held;

static bool read_held(void *payload, const Row *row, Error *err)
{
    (void)err;
    Held *held = payload;
    held->owner = arena_strdup(held->arena, row_value(row, 0) ? row_value(row, 0) : "");
    held->who = arena_strdup(held->arena, row_value(row, 1) ? row_value(row, 1) : "");
    held->beat = arena_strdup(held->arena, row_value(row, 2) ? row_value(row, 2) : "");
    return true;
}

static bool read_count(void *payload, const Row *row, Error *err)
{
    (void)err;
    *(long *)payload = row_value(row, 0) ? strtol(row_value(row, 0), NULL, 10) : 0;
    return true;
}

// An UPDATE; whether it found its row. One that another node's came before fails, and has found none. The heart runs it
// as well, which nobody looks after.
static bool update(MyDb *my, const char *statement, bool *found)
{
    long rows = 0;
    char text[2048];
    snprintf(text, sizeof(text), "%s; SELECT ROW_COUNT()", statement);
    bool ok = my_query_on(my->locker, text, read_count, &rows, NULL);
    *found = ok && rows == 1;
    return ok;
}

static bool make_row(MyDb *my, const ClusterLock *lock, Error *err)
{
    Arena *arena = my->head.arena;
    const char *create = arena_printf(
        arena,
        "CREATE TABLE IF NOT EXISTS %s (name VARCHAR(64) NOT NULL PRIMARY KEY, owner VARCHAR(255) NOT NULL,"
        " who VARCHAR(255) NOT NULL, beat BIGINT NOT NULL) %s",
        lock->table, mysql_dialect.own_table_options);
    const char *insert =
        arena_printf(arena, "INSERT IGNORE INTO %s VALUES (%s, '', '', 0)", lock->table, lock->name);
    Error ignored = { 0 };
    if (!my_ask_on(my, my->locker, create, NULL, NULL, err))
        return error_prefix(err, "cannot make the table of the cluster's lock: ");
    (void)my_ask_on(my, my->locker, insert, NULL, NULL, &ignored); // another node's may have come first
    return true;
}

static bool look(MyDb *my, const ClusterLock *lock, Held *out, Error *err)
{
    const char *text = arena_printf(my->head.arena, "SELECT owner, who, beat FROM %s WHERE name = %s",
                                    lock->table, lock->name);
    *out = (Held){ .arena = my->head.arena };
    if (my_ask_on(my, my->locker, text, read_held, out, err) && out->owner)
        return true;
    if (!out->owner && mysql_errno(my->locker) != 0 && mysql_errno(my->locker) != NO_SUCH_TABLE)
        return false;
    if (!make_row(my, lock, err) || !my_ask_on(my, my->locker, text, read_held, out, err))
        return false;
    return out->owner || error_set(err, ERR_SQL, "the row of the cluster's lock is not there");
}

static bool take_from(MyDb *my, const ClusterLock *lock, const Held *held, bool *got)
{
    Arena *arena = my->head.arena;
    const char *who = arena_printf(arena, "%s, connection %lu of %s", my->user, my->id, my->place);
    const char *statement =
        arena_printf(arena,
                     "UPDATE %s SET owner = %s, who = LEFT(%s, 255), beat = beat + 1 WHERE name = %s AND "
                     "owner = %s AND beat = %s",
                     lock->table, my_quoted(arena, lock->owner), my_quoted(arena, who), lock->name,
                     my_quoted(arena, held->owner), held->beat);
    my_waits_for(my, my->locker);
    return my_answered(my, update(my, statement, got), NULL);
}

static bool locked(MyDb *my, const Held *held, unsigned timeout_ms, Error *err)
{
    error_set(err, ERR_LOCKED, "another cmigrate is at work on %s, through another node of the cluster: %s",
              my->database, held->who);
    return error_hint(err,
                      "Wait for it to end, or raise lock_timeout (now %.3g s). The lock ends %d s after its "
                      "process.",
                      timeout_ms / 1000.0, LEASE_MS / 1000);
}

static bool tell(MyDb *my, const Held *held, double waited_ms)
{
    const ConnectOptions *options = &my->head.options;
    return !atomic_load(&my->cancelled) &&
           (!options->progress ||
            options->progress(options->payload,
                              arena_printf(my->head.arena, "waiting for the lock that %s holds", held->who),
                              waited_ms / 1000, -1));
}

static bool same(const Held *a, const Held *b)
{
    return a->owner && strcmp(a->owner, b->owner) == 0 && strcmp(a->beat, b->beat) == 0;
}

// Waits until the row of the lock is free, was taken through this node, or has not changed for LEASE_MS: then
// its owner is gone. An answer that took long does not count as unchanged.
static bool wait_for_row(MyDb *my, const ClusterLock *lock, const LockRequest *request, Error *err)
{
    double start = now_ms(), still_since = start;
    Held seen = { 0 }, held;
    for (;;) {
        double asked = now_ms();
        if (!look(my, lock, &held, err))
            return false;
        if (!same(&seen, &held) || now_ms() - asked > SLOW_MS)
            still_since = now_ms();
        seen = held;
        // We have the lock of this node: who had the row through it is gone
        bool is_free = !held.owner[0] || strncmp(held.owner, lock->node, strlen(lock->node)) == 0 ||
                       now_ms() - still_since > LEASE_MS;
        bool got = false;
        if (is_free && take_from(my, lock, &held, &got) && got)
            return true;
        if (now_ms() - start >= request->timeout_ms)
            return locked(my, &held, request->timeout_ms, err);
        if (!tell(my, &held, now_ms() - start))
            return error_set(err, ERR_INTERRUPTED, "interrupted while waiting for the lock");
        usleep(50000 + (useconds_t)(my->id % 16) * 5000);
    }
}

bool my_cluster_lock(MyDb *my, const char *node, const LockRequest *request, Error *err)
{
    Arena *arena = my->head.arena;
    ClusterLock *lock = ARENA_NEW(arena, ClusterLock);
    StrBuf table;
    strbuf_init(&table, arena);
    sql(&table, &mysql_dialect, ID(my->database));
    lock->table = arena_printf(arena, "%s.cmigrate_lock", table.text);
    lock->name = my_quoted(arena, my->lock_name);
    lock->node = arena_printf(arena, "%s:", node);
    lock->owner = arena_printf(arena, "%s%lu:%ld:%.0f", lock->node, mysql_thread_id(my->locker),
                               (long)getpid(), now_ms());
    lock->beat = arena_printf(arena, "UPDATE %s SET beat = beat + 1 WHERE name = %s AND owner = %s",
                              lock->table, lock->name, my_quoted(arena, lock->owner));
    // What is read from now on is what the cluster has agreed on, not what this node has got round to
    static const char causal[] = "SET SESSION wsrep_sync_wait = 15";
    if (!my_ask_on(my, my->locker, causal, NULL, NULL, err) ||
        !my_ask_on(my, my->connection, causal, NULL, NULL, err) || !wait_for_row(my, lock, request, err))
        return false;
    my->cluster = lock;
    return true;
}

void my_cluster_unlock(MyDb *my)
{
    Arena *arena = my->head.arena;
    const ClusterLock *lock = my->cluster;
    if (lock)
        (void)my_exec_on(my->locker,
                         arena_printf(arena,
                                      "UPDATE %s SET owner = '', who = '' WHERE name = %s AND owner = %s",
                                      lock->table, lock->name, my_quoted(arena, lock->owner)),
                         NULL);
    my->cluster = NULL;
}

bool my_cluster_beat(MyDb *my)
{
    ClusterLock *lock = my->cluster;
    bool found = false;
    if (update(my, lock->beat, &found)) {
        lock->failures = 0;
        return found; // another has taken it over: this run must not go on
    }
    return ++lock->failures < MOST_FAILURES;
}
