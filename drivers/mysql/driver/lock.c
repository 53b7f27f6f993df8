#include "drivers/mysql/driver/driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/sha256.h"

// The lock of a run is GET_LOCK on a connection of its own: it ends with the process, and no statement of a script
// (RELEASE_ALL_LOCKS, a lost main connection) can give it away. The connection that runs the scripts takes a second one:
// when a process is killed the server goes on with its statement for a while, and the next run must wait for that.

// MySQL takes names of locks that differ in case only for one, MariaDB does not; databases may differ so on both.
static bool is_lower(const char *text)
{
    for (; *text; text++)
        if ((*text >= 'A' && *text <= 'Z') || (unsigned char)*text >= 0x80)
            return false;
    return true;
}

static const char *lock_name(Arena *arena, const MyDb *my, const char *name)
{
    char *whole = arena_printf(arena, "cmigrate:%s:%s", my->database, name);
    for (char *at = whole; my->head.server.folds_tables && *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at + ('a' - 'A'));
    if (strlen(whole) <= 64 && is_lower(whole))
        return whole;
    char hex[SHA256_HEX];
    sha256_hex((Text){ whole, strlen(whole) }, hex);
    return arena_printf(arena, "cmigrate:%.50s", hex);
}

static bool read_first(void *payload, const Row *row, Error *err)
{
    (void)err;
    char *out = payload;
    snprintf(out, 256, "%s", row_value(row, 0) ? row_value(row, 0) : "");
    return true;
}

// Asked on the connection that waits: once the heart beats, the locker is its alone.
static void holder(MyDb *my, MYSQL *connection, char *out)
{
    Arena *arena = my->head.arena;
    out[0] = '\0';
    const char *query = arena_printf(arena,
                                     "SELECT CONCAT(p.user, '@', p.host, ', connection ', p.id) FROM"
                                     " information_schema.processlist p WHERE p.id = IS_USED_LOCK(%s)",
                                     my_quoted(arena, my->lock_name));
    (void)my_ask_on(my, connection, query, read_first, out, NULL);
    if (!out[0]) {
        query = arena_printf(arena, "SELECT CONCAT('connection ', IS_USED_LOCK(%s))",
                             my_quoted(arena, my->lock_name));
        (void)my_ask_on(my, connection, query, read_first, out, NULL);
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
    if (!my_ask_on(my, connection, query, read_first, answer, err))
        return false;
    *got = strcmp(answer, "1") == 0;
    if (!*got && left > 0 && left < 1) {
        double pause = left < 0.1 ? left : 0.1;
        nanosleep(&(struct timespec){ .tv_nsec = (long)(pause * 1e9) }, NULL);
    }
    return true;
}

enum { BEAT_MS = 2000 };

typedef struct Wsrep {
    bool on;
    char node[64];
} Wsrep;

static bool read_wsrep(void *payload, const Row *row, Error *err)
{
    (void)err;
    Wsrep *wsrep = payload;
    const char *name = row_value(row, 0), *value = row_value(row, 1);
    if (name && value && strcmp(name, "wsrep_on") == 0)
        wsrep->on = strcmp(value, "ON") == 0;
    if (name && value && strcmp(name, "wsrep_gcomm_uuid") == 0)
        snprintf(wsrep->node, sizeof(wsrep->node), "%s", value);
    return true;
}

// A session that is idle for minutes has lost its client: while there is one, it says something every other second, or
// runs statements. So a host that is switched off takes no lock with it for good.
#define SHORT_IDLE "SET SESSION wait_timeout = 600"

static bool open_locker(MyDb *my, Wsrep *wsrep, Error *err)
{
    if (!my->locker)
        my->locker = my_connect(my->head.arena, my->url, NULL, &my->head.options, err);
    return my->locker && my_ask_on(my, my->locker,
                                   SHORT_IDLE "; SHOW VARIABLES LIKE 'wsrep_on'; SHOW STATUS LIKE "
                                              "'wsrep_gcomm_uuid'",
                                   read_wsrep, wsrep, err);
}

// While there is a heart, the locker is its own.
static bool beat(void *payload)
{
    MyDb *my = payload;
    if (my->cluster)
        return my_cluster_beat(my);
    (void)mysql_ping(my->locker); // without it the connection that runs the scripts still holds its own lock
    return true;
}

static void cut(void *payload) { my_cut(payload); }

static bool start_heart(MyDb *my, Error *err)
{
    my->heart = watchdog_start(my->head.arena, &(WatchdogOptions){ .beat = beat, .cut = cut, .payload = my });
    watchdog_beat(my->heart, BEAT_MS);
    return my->heart || !my->cluster || error_set(err, ERR_IO, "cannot start the thread that keeps the lock");
}

// Waits for GET_LOCK in short turns, and between two of them reports who holds it and whether the user
// interrupts.
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
        holder(my, connection, who);
        if (seconds_now() - start >= limit) {
            error_set(err, ERR_LOCKED, "another cmigrate is at work on %s: %s", my->database, who);
            return error_hint(
                err,
                "Wait for it to end, or raise lock_timeout (now %.3g s). The lock ends with that connection.",
                limit);
        }
        bool go_on = !atomic_load(&my->cancelled);
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

static bool settle(MyDb *my, const LockRequest *request, Error *err)
{
    unsigned seconds = (request->statement_ms + 999) / 1000;
    my->head.options.lock_timeout_ms = request->statement_ms; // restore() sets it too
    return my_ask_on(my, my->connection,
                     arena_printf(my->head.arena,
                                  SHORT_IDLE ", lock_wait_timeout = %u, innodb_lock_wait_timeout = %u",
                                  seconds, seconds),
                     NULL, NULL, err);
}

static bool lock_all(MyDb *my, const LockRequest *request, Error *err)
{
    Wsrep wsrep = { 0 };
    if (!open_locker(my, &wsrep, err) || !wait_for(my, my->locker, request, err) ||
        (wsrep.on && !my_cluster_lock(my, wsrep.node, request, err)))
        return false;
    if (!start_heart(my, err))
        return false;
    my->lock_name = work_name(my, request->name);
    return settle(my, request, err) && wait_for(my, my->connection, request, err);
}

bool my_lock_again(MyDb *my, Error *err)
{
    char answer[256] = "";
    if (!my->heart && !my->locker) // there is no run
        return true;
    const char *query = arena_printf(my->head.arena, SHORT_IDLE "; SELECT GET_LOCK(%s, 0)",
                                     my_quoted(my->head.arena, my->lock_name));
    if (!my_query_on(my->connection, query, read_first, answer, err))
        return false;
    return strcmp(answer, "1") == 0 ||
           error_set(err, ERR_SQL, "the lock of this run was lost: another session has taken it");
}

bool my_lock(Db *db, const LockRequest *request, Error *err)
{
    MyDb *my = my_db(db);
    my->lock_name = lock_name(db->arena, my, request->name);
    if (lock_all(my, request, err))
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
    if (my->connection)
        my_waits_for(my, my->connection); // the heart may be in the middle of a beat
    watchdog_stop(my->heart);
    my->heart = NULL;
    if (release && my->connection)
        (void)my_exec_on(my->connection, release, NULL);
    if (my->locker)
        my_cluster_unlock(my);
    watchdog_answered(my->watchdog); // before it is closed: nobody shuts down from now on what is being freed
    if (my->locker)
        mysql_close(my->locker);
    my->locker = NULL;
}
