// While a statement runs long, a third connection looks what it does: whose lock it waits for, or how far an index is.
// A connection of its own, for the one that holds the lock of the run must not fail.
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "drivers/postgresql/driver/driver.h"

enum { LOOK_EVERY_MS = 500 }; // below what a run waits for a lock: see pg_lock

static double now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static PGconn *monitor(PgDb *pg)
{
    Error ignored = { 0 };
    if (!pg->monitor && !pg->monitor_failed) {
        pg->monitor = pg_connect_more(pg, NULL, &ignored);
        pg->monitor_failed = !pg->monitor;
    }
    return pg->monitor;
}

// The first column says who blocks, the next what stage an index is in, the last how much of it is done.
static const char *look_sql(PgDb *pg)
{
    return arena_printf(
        pg->db.arena,
        "%s; SELECT (SELECT pg_catalog.format('pid %%s (user %%s, %%s, %%s since %%s): %%s', b.pid, "
        "coalesce(b.usename, '?'),"
        " coalesce(nullif(b.application_name, ''), 'no name'), coalesce(b.state, 'at work'),"
        " pg_catalog.to_char(coalesce(b.state_change, b.backend_start), 'HH24:MI:SS'),"
        " pg_catalog.regexp_replace(pg_catalog.left(coalesce(nullif(b.query, ''), 'no query'), 200), "
        "E'[\\\\s]+', ' ', 'g'))"
        " FROM pg_catalog.pg_stat_activity b WHERE b.pid = ANY (pg_catalog.pg_blocking_pids(%d)) ORDER BY "
        "b.xact_start LIMIT 1),"
        " p.phase, CASE WHEN p.blocks_total > 0 THEN p.blocks_done::float8 / p.blocks_total"
        " WHEN p.tuples_total > 0 THEN p.tuples_done::float8 / p.tuples_total"
        " WHEN p.lockers_total > 0 THEN p.lockers_done::float8 / p.lockers_total END"
        " FROM (SELECT) one LEFT JOIN pg_catalog.pg_stat_progress_create_index p ON p.pid = %d",
        pg_path_sql(pg, PATH_OWN, true), PQbackendPID(pg->conn), PQbackendPID(pg->conn));
}

static void tell(PgDb *pg, double running)
{
    const ConnectOptions *options = &pg->db.options;
    const char *what = NULL;
    double part = -1;
    PGresult *result = monitor(pg) ? PQexec(pg->monitor, look_sql(pg)) : NULL;
    if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1) {
        if (!PQgetisnull(result, 0, 0)) {
            snprintf(pg->blocker, sizeof(pg->blocker), "%s", PQgetvalue(result, 0, 0));
            what = arena_printf(pg->db.arena, "waiting for a lock that is held by %s", pg->blocker);
        } else if (!PQgetisnull(result, 0, 1)) {
            what = arena_strdup(pg->db.arena, PQgetvalue(result, 0, 1));
        }
        if (!PQgetisnull(result, 0, 2))
            part = strtod(PQgetvalue(result, 0, 2), NULL);
    }
    PQclear(result);
    options->progress(options->payload, what, running, part); // an interruption cancels by itself
}

// Only what a run does: queries of our own are short.
bool pg_is_watched(const PgDb *pg, const PGconn *conn)
{
    return conn == pg->conn && (pg->lock_conn || pg->lock_in_session) && pg->db.options.progress &&
           !pg->pooled;
}

// Waits until the socket can be read, or written where asked, for a second at most; then tells what goes on.
bool pg_wait_watched(PgDb *pg, PgWatch *watch, bool writing)
{
    struct pollfd fd = { .fd = PQsocket(pg->conn), .events = writing ? POLLIN | POLLOUT : POLLIN };
    if (fd.fd < 0)
        return false;
    if (watch->start == 0) {
        watch->start = now();
        pg->blocker[0] = '\0';
    }
    int ready = poll(&fd, 1, LOOK_EVERY_MS);
    if (ready == 0)
        tell(pg, now() - watch->start);
    return ready <= 0 || !(fd.revents & (POLLIN | POLLHUP | POLLERR)) || PQconsumeInput(pg->conn);
}

void pg_wait_end(PgDb *pg)
{
    PQfinish(pg->monitor);
    pg->monitor = NULL;
}
