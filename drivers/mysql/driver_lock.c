#include "drivers/mysql/driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/sha256.h"

// The lock of a run is GET_LOCK on a connection of its own: it ends with the process, and no statement of a script
// (RELEASE_ALL_LOCKS, a lost main connection) can give it away. The connection that runs the scripts takes a second one:
// when a process is killed the server goes on with its statement for a while, and the next run must wait for that.

static const char *lock_name(Arena *arena, const MyDb *my, const char *name)
{
    const char *whole = arena_printf(arena, "cmigrate:%s:%s", my->database, name);
    if (strlen(whole) <= 64)
        return whole;
    char hex[SHA256_HEX];
    sha256_hex((Text){ whole, strlen(whole) }, hex);
    return arena_printf(arena, "cmigrate:%.50s", hex);
}

static bool read_first(void *payload, const Row *row, Error *err)
{
    (void)err;
    char *out = payload;
    snprintf(out, 256, "%s", row->values[0] ? row->values[0] : "");
    return true;
}

static void holder(MyDb *my, char *out)
{
    Arena *arena = my->head.arena;
    out[0] = '\0';
    const char *query = arena_printf(arena,
                                     "SELECT CONCAT(p.user, '@', p.host, ', connection ', p.id) FROM"
                                     " information_schema.processlist p WHERE p.id = IS_USED_LOCK(%s)",
                                     my_quoted(arena, my->lock_name));
    (void)my_query_on(my->locker, query, read_first, out, NULL);
    if (!out[0]) {
        query = arena_printf(arena, "SELECT CONCAT('connection ', IS_USED_LOCK(%s))",
                             my_quoted(arena, my->lock_name));
        (void)my_query_on(my->locker, query, read_first, out, NULL);
    }
    if (!out[0])
        snprintf(out, 256, "a connection that this user may not see");
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

// MySQL counts whole seconds: what is left of one is slept here, a tenth at a time.
static bool try_lock(MyDb *my, MYSQL *connection, double left, bool *got, Error *err)
{
    char answer[256] = "";
    const char *query = arena_printf(my->head.arena, "SELECT GET_LOCK(%s, %d)",
                                     my_quoted(my->head.arena, my->lock_name), left >= 1 ? 1 : 0);
    my_waits_for(my, connection);
    bool ok = my_query_on(connection, query, read_first, answer, err);
    watchdog_answered(my->watchdog);
    if (!ok)
        return false;
    *got = strcmp(answer, "1") == 0;
    if (!*got && left > 0 && left < 1) {
        double pause = left < 0.1 ? left : 0.1;
        nanosleep(&(struct timespec){ .tv_nsec = (long)(pause * 1e9) }, NULL);
    }
    return true;
}

static bool open_locker(MyDb *my, Error *err)
{
    if (my->locker)
        return true;
    my->locker = my_connect(my->head.arena, my->url, NULL, &my->head.options, err);
    // It is idle while the revisions run: the server must not close it for that.
    return my->locker && my_exec_on(my->locker, "SET SESSION wait_timeout = 31536000", err);
}

static bool wait_for(MyDb *my, MYSQL *connection, const LockRequest *request, Error *err)
{
    Db *db = &my->head;
    double start = seconds_now(), limit = request->timeout_ms / 1000.0;
    for (;;) {
        double waited = seconds_now() - start, left = limit - waited;
        bool got = false;
        if (!try_lock(my, connection, waited < 0.001 ? 0 : left, &got, err))
            return false;
        if (got)
            return true;
        char who[256];
        holder(my, who);
        if (seconds_now() - start >= limit) {
            error_set(err, ERR_LOCKED, "another cmigrate is at work on %s: %s", my->database, who);
            return error_hint(
                err,
                "Wait for it to end, or raise lock_timeout (now %.3g s). The lock ends with that connection.",
                limit);
        }
        bool go_on = !my->cancelled;
        if (go_on && db->options.progress)
            go_on = db->options.progress(db->options.payload,
                                         arena_printf(db->arena, "waiting for the lock that %s holds", who),
                                         seconds_now() - start, -1);
        if (!go_on)
            return error_set(err, ERR_INTERRUPTED, "interrupted while waiting for the lock");
    }
}

static const char *work_name(const MyDb *my, const char *name)
{
    return lock_name(my->head.arena, my, arena_printf(my->head.arena, "%s:work", name));
}

bool my_lock(Db *db, const LockRequest *request, Error *err)
{
    MyDb *my = my_db(db);
    my->lock_name = lock_name(db->arena, my, request->name);
    if (!open_locker(my, err) || !wait_for(my, my->locker, request, err))
        return false;
    my->lock_name = work_name(my, request->name);
    if (wait_for(my, my->connection, request, err))
        return true;
    my_unlock(db);
    return false;
}

void my_unlock(Db *db)
{
    MyDb *my = my_db(db);
    const char *release =
        my->lock_name ? arena_printf(db->arena, "DO RELEASE_LOCK(%s)", my_quoted(db->arena, my->lock_name))
                      : NULL;
    if (release && my->connection) {
        my_waits_for(my, my->connection);
        (void)my_exec_on(my->connection, release, NULL);
        watchdog_answered(my->watchdog);
    }
    if (my->locker)
        mysql_close(my->locker);
    my->locker = NULL;
}
