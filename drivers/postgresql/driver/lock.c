// The lock of a run is an advisory lock. It is held by a transaction of a second connection, because behind a pooler
// that hands out sessions per transaction a session's lock would stay with a session that is no longer ours. Where a
// second connection cannot be had, the first one holds it in its session.
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/sha256.h"
#include "drivers/postgresql/driver/driver.h"

static long long key_of(Arena *arena, const char *name)
{
    char hex[SHA256_HEX];
    const char *text = arena_printf(arena, "cmigrate lock %s", name);
    sha256_hex((Text){ text, strlen(text) }, hex);
    hex[15] = '\0'; // 60 bits: never negative
    return strtoll(hex, NULL, 16);
}

static double now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static bool first_is_true(PgDb *pg, PGconn *conn, const char *sql, bool *out, Error *err)
{
    PGresult *result = pg_run(pg, conn, sql);
    bool ok = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1 && PQnfields(result) > 0;
    if (ok)
        *out = PQgetvalue(result, 0, 0)[0] == 't';
    else
        pg_result_error(pg, result, err);
    PQclear(result);
    return ok;
}

// "pid 4711 (deploy from 10.0.0.7, cmigrate, since 12:30:01)"
static const char *holder(PgDb *pg, PGconn *conn)
{
    const char *sql = arena_printf(
        pg->db.arena,
        "SELECT a.pid, coalesce(a.usename, '?'), coalesce(nullif(a.application_name, ''), 'no name'),"
        " coalesce(host(a.client_addr), 'this machine'), to_char(coalesce(a.xact_start, a.backend_start), "
        "'HH24:MI:SS')"
        " FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)"
        " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.classid::bigint = %lld AND"
        " l.objid::bigint = %lld AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname ="
        " pg_catalog.current_database())",
        pg->lock_key >> 32, pg->lock_key & 0xffffffffLL);
    PGresult *result = pg_run_own(pg, conn, sql);
    const char *text = "another session";
    if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0 && PQnfields(result) == 5)
        text = arena_printf(pg->db.arena, "pid %s (%s, user %s, from %s, since %s)", PQgetvalue(result, 0, 0),
                            PQgetvalue(result, 0, 2), PQgetvalue(result, 0, 1), PQgetvalue(result, 0, 3),
                            PQgetvalue(result, 0, 4));
    PQclear(result);
    return text;
}

// Whoever waits lets its transaction go between two tries: behind a pooler it would keep a session of the server that
// the run which holds the lock may need.
static bool try_until(PgDb *pg, PGconn *conn, const char *try_sql, const LockRequest *request, Error *err)
{
    double start = now(), limit = request->timeout_ms / 1000.0;
    long pause_ms = 20;
    const char *who = NULL;
    for (;;) {
        bool got = false;
        if (!first_is_true(pg, conn, try_sql, &got, err))
            return false;
        if (got)
            return true;
        if (PQtransactionStatus(conn) == PQTRANS_INTRANS)
            PQclear(pg_run(pg, conn, "ROLLBACK"));
        double waited = now() - start;
        who = holder(pg, conn);
        if (waited >= limit) {
            error_set(err, ERR_LOCKED, "another cmigrate is at work on %s: %s", pg->db.title, who);
            return error_hint(err, "Wait for it, or end it there: SELECT pg_terminate_backend(PID);");
        }
        const char *what = arena_printf(pg->db.arena, "waiting for the lock that %s holds", who);
        if (pg->db.options.progress && !pg->db.options.progress(pg->db.options.payload, what, waited, -1))
            return error_set(err, ERR_INTERRUPTED, "interrupted while waiting for the lock");
        struct timespec nap = { pause_ms / 1000, (pause_ms % 1000) * 1000000L };
        nanosleep(&nap, NULL);
        pause_ms = pause_ms < 250 ? pause_ms * 2 : 250;
    }
}

// In a transaction that may stay idle as long as the run takes. It is READ COMMITTED whatever the database's default is:
// under another level it would hold a snapshot, and CREATE INDEX CONCURRENTLY waits for those.
static const char *try_in_transaction(PgDb *pg)
{
    return arena_printf(pg->db.arena,
                        "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout "
                        "= 0; SET LOCAL statement_timeout = 0;"
                        " SET LOCAL application_name = 'cmigrate lock'; %s"
                        "SELECT pg_catalog.pg_try_advisory_xact_lock(%lld)",
                        pg->db.server.version >= 170000 ? "SET LOCAL transaction_timeout = 0; " : "",
                        pg->lock_key);
}

// The connection that runs the scripts takes a lock too. When a process is killed the server goes on with what it was
// sent, a statement or a batch with its COMMIT: the next run must wait for that.
static bool lock_work(PgDb *pg, const LockRequest *request, Error *err)
{
    pg->lock_key ^= 1;
    const char *sql = arena_printf(pg->db.arena,
                                   "SELECT pg_catalog.pg_try_advisory_lock(%lld), "
                                   "pg_catalog.set_config('lock_timeout', '%u', false)",
                                   pg->lock_key, pg->db.options.lock_timeout_ms);
    if (try_until(pg, pg->conn, sql, request, err)) {
        pg->lock_in_session = true;
        return true;
    }
    pg_unlock(&pg->db);
    return false;
}

// A session that waits longer than deadlock_timeout (a second, where nobody set it) looks for a deadlock, and one of the
// sessions in it is ended: it shall not be the application's. So this side gives up, and lets go of what it has, before.
// On a server that looks sooner, sooner.
enum { LONGEST_WAIT_MS = 800, SHORTEST_WAIT_MS = 10 };

static unsigned wait_of(Db *db, const LockRequest *request)
{
    const char *setting = NULL;
    Error ignored = { 0 };
    unsigned long looks = LONGEST_WAIT_MS;
    if (db_value(db, db->arena,
                 "SELECT setting::bigint * 4 / 5 FROM pg_catalog.pg_settings WHERE name = 'deadlock_timeout'",
                 &setting, &ignored) &&
        setting)
        looks = strtoul(setting, NULL, 10);
    if (looks > LONGEST_WAIT_MS)
        looks = LONGEST_WAIT_MS;
    if (looks < SHORTEST_WAIT_MS)
        looks = SHORTEST_WAIT_MS;
    return request->statement_ms > looks ? (unsigned)looks : request->statement_ms;
}

bool pg_lock(Db *db, const LockRequest *request, Error *err)
{
    PgDb *pg = pg_db(db);
    if (pg->within) // nobody else sees what is done there
        return true;
    pg->lock_key = key_of(db->arena, request->name);
    const unsigned wait = wait_of(db, request);
    db->options.lock_timeout_ms = wait; // begin() and restore() set it too
    Error ignored = { 0 };
    pg->lock_conn = pg_connect_more(pg, NULL, &ignored);
    bool apart = pg->lock_conn != NULL;
    PGconn *conn = apart ? pg->lock_conn : pg->conn;
    const char *sql =
        apart ? try_in_transaction(pg)
              : arena_printf(db->arena, "SELECT pg_catalog.pg_try_advisory_lock(%lld)", pg->lock_key);
    if (!try_until(pg, conn, sql, request, err)) {
        pg_unlock(db);
        return false;
    }
    pg->lock_in_session = !apart;
    if (pg->pooled)
        return true;
    return apart ? lock_work(pg, request, err)
                 : pg_command(db, arena_printf(db->arena, "SET lock_timeout = %u", wait), err);
}

void pg_unlock(Db *db)
{
    PgDb *pg = pg_db(db);
    PQfinish(pg->lock_conn);
    pg->lock_conn = NULL;
    if (pg->lock_in_session && PQstatus(pg->conn) == CONNECTION_OK) {
        Error ignored = { 0 };
        pg_exec(db, arena_printf(db->arena, "SELECT pg_catalog.pg_advisory_unlock(%lld)", pg->lock_key),
                &ignored);
    }
    pg->lock_in_session = false;
}
