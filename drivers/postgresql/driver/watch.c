// What the watchdog asks PostgreSQL, over a connection of its own that must not wait long either.
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "drivers/postgresql/driver/driver.h"

enum { PATIENCE = 30 };

// How long a connection may take to come about is how long a silence may be.
unsigned pg_patience(const PgDb *pg)
{
    const char *text = getenv("PGCONNECT_TIMEOUT");
    for (size_t i = 0; pg->keywords[i]; i++)
        if (strcmp(pg->keywords[i], "connect_timeout") == 0)
            text = pg->values[i];
    unsigned long seconds = text ? strtoul(text, NULL, 10) : 0;
    return seconds ? (unsigned)seconds : PATIENCE;
}

static PGresult *answer_within(PGconn *conn, const char *sql, unsigned seconds)
{
    if (!PQsendQuery(conn, sql))
        return NULL;
    while (PQisBusy(conn)) {
        struct pollfd fd = { .fd = PQsocket(conn), .events = POLLIN };
        if (poll(&fd, 1, (int)seconds * 1000) <= 0 || !PQconsumeInput(conn))
            return NULL;
    }
    return PQgetResult(conn);
}

// What of the session whose answer is waited for? Another server may answer (a list of hosts, a pooler): it cannot tell.
static SessionLook look_at(const PgDb *pg, PGconn *conn, int session, Arena *scratch)
{
    if (!session || !pg->started)
        return PQstatus(conn) == CONNECTION_OK ? LOOK_BUSY : LOOK_UNREACHABLE;
    const char *sql = arena_printf(
        scratch,
        "SELECT pg_catalog.pg_postmaster_start_time()::pg_catalog.text, (SELECT coalesce(state, '?') FROM"
        " pg_catalog.pg_stat_activity WHERE pg_catalog.int4eq(pid, %d))",
        session);
    PGresult *result = answer_within(conn, sql, pg_patience(pg));
    SessionLook look = LOOK_BUSY;
    if (!result)
        look = LOOK_UNREACHABLE;
    else if (PQntuples(result) == 1 && PQnfields(result) == 2 &&
             strcmp(PQgetvalue(result, 0, 0), pg->started) == 0)
        look = PQgetisnull(result, 0, 1)                           ? LOOK_GONE
               : strncmp(PQgetvalue(result, 0, 1), "idle", 4) == 0 ? LOOK_IDLE
                                                                   : LOOK_BUSY;
    PQclear(result);
    return look;
}

static SessionLook look(void *payload)
{
    PgDb *pg = payload;
    int session = atomic_load(&pg->watched);
    PGconn *conn = PQconnectdbParams(pg->keywords, pg->values, 0);
    SessionLook found = LOOK_UNREACHABLE;
    if (PQstatus(conn) == CONNECTION_OK) {
        Arena *scratch = arena_new();
        found = look_at(pg, conn, session, scratch);
        arena_free(scratch);
    } else if (strstr(PQerrorMessage(conn), "FATAL:")) {
        found = LOOK_BUSY; // it is there, and lets nobody else in
    }
    PQfinish(conn);
    return found;
}

static void cut(void *payload)
{
    PgDb *pg = payload;
    PGconn *all[] = { pg->conn, pg->lock_conn, pg->monitor };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (all[i] && PQsocket(all[i]) >= 0)
            shutdown(PQsocket(all[i]), SHUT_RDWR);
}

void pg_watch(PgDb *pg)
{
    pg->watchdog = watchdog_start(
        pg->db.arena,
        &(WatchdogOptions){ .patience_ms = pg_patience(pg) * 1000, .look = look, .cut = cut, .payload = pg });
}

// After a pooler nobody knows which session works for us.
void pg_waits_for(PgDb *pg, const PGconn *conn)
{
    atomic_store(&pg->watched, pg->pooled ? 0 : PQbackendPID(conn));
    watchdog_waits(pg->watchdog);
}
