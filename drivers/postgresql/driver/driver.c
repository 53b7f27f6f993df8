#include "drivers/postgresql/driver/driver.h"

#include <string.h>

static void disconnect(Db *db)
{
    PgDb *pg = pg_db(db);
    pg_unlock(db);
    watchdog_stop(pg->watchdog);
    pg->watchdog = NULL;
    pg_wait_end(pg);
    PQfreeCancel(pg->cancel);
    if (pg->borrowed)
        pg_return(pg);
    else
        PQfinish(pg->conn);
    pg->cancel = NULL;
    pg->conn = NULL;
    pg_scratch_drop(pg);
}

static bool begin(Db *db, Error *err)
{
    PgDb *pg = pg_db(db);
    if (pg->within)
        return pg_begin_within(pg, err);
    pg_path_begins(pg);
    if (!pg->pooled)
        return pg_command(db, "BEGIN", err);
    return pg_command(db,
                      arena_printf(db->arena,
                                   "BEGIN; SET LOCAL statement_timeout = %u; SET LOCAL lock_timeout = %u;"
                                   " SET LOCAL standard_conforming_strings = on",
                                   db->options.statement_timeout_ms, db->options.lock_timeout_ms),
                      err);
}

static const char *begin_sql(const Db *db)
{
    const PgDb *pg = (const PgDb *)(const void *)db;
    return pg->pooled || pg->within ? NULL : "BEGIN";
}

// Temporary tables need a transaction that may write, even where the connection only reads; it is rolled back.
static bool stage(Db *db, bool opens, Error *err)
{
    PgDb *pg = pg_db(db);
    if (opens && !pg->within)
        pg_path_begins(pg);
    if (opens)
        return pg_command(db, pg_begin_words(pg, "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE"), err);
    return db->driver->rollback(db, err);
}

static bool take_name(void *payload, const Row *row, Error *err)
{
    StrBuf *out = payload;
    (void)err;
    strbuf_printf(out, "DEALLOCATE %s; ", row->values[0]);
    return true;
}

// Statements that scripts have prepared; those of looks at the schema serve again.
static bool deallocate(Db *db, Error *err)
{
    StrBuf out;
    strbuf_init(&out, db->arena);
    return pg_query(db,
                    "SELECT quote_ident(name) FROM pg_prepared_statements WHERE name NOT LIKE '" PG_LOOK_NAME
                    "%'",
                    take_name, &out, err) &&
           (!out.length || pg_command(db, out.text, err));
}

// What scripts set for the session, pg_dump's among them (search_path above all), and SET ROLE.
static bool restore(Db *db, Error *err)
{
    PgDb *pg = pg_db(db);
    bool inside = PQtransactionStatus(pg->conn) != PQTRANS_IDLE;
    // DISCARD ALL cannot run in a transaction and would give away the lock of the run; these are its other parts. A pooler's
    // session is not ours to empty.
    const char *sql = pg->pooled || pg->borrowed ? "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL"
                      : pg->looks
                          ? "CLOSE ALL; RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;"
                            " UNLISTEN *; DISCARD TEMP; DISCARD SEQUENCES; " PG_KEEPALIVES
                          : "CLOSE ALL; RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; DEALLOCATE ALL;"
                            " UNLISTEN *; DISCARD TEMP; DISCARD SEQUENCES; " PG_KEEPALIVES;
    if (!pg_command(db, sql, err) || (pg->borrowed && !pg_put_back(pg, err)))
        return false;
    if (inside)
        pg->local_path = PATH_SCRIPT;
    if (pg->pooled)
        return true;
    if (!pg_command(db,
                    arena_printf(db->arena,
                                 "SET statement_timeout = %u; SET lock_timeout = %u;"
                                 " SET standard_conforming_strings = on; %s",
                                 db->options.statement_timeout_ms, db->options.lock_timeout_ms,
                                 pg_path_sql(pg, PATH_OWN, false)),
                    err))
        return false;
    if (inside)
        pg->local_path = PATH_OWN;
    if (pg->looks && !deallocate(db, err))
        return false;
    pg->session_path = !inside || pg->session_path == PATH_OWN ? PATH_OWN : PATH_UNKNOWN; // as it ends
    return true;
}

// A transaction that has failed is rolled back by COMMIT, which does not call that an error.
static bool commit(Db *db, Error *err)
{
    PgDb *pg = pg_db(db);
    if (pg->within)
        return pg_commit_within(pg, err);
    bool failed = PQtransactionStatus(pg->conn) == PQTRANS_INERROR;
    if (!pg_command(db, pg_commit_words(pg), err))
        return false;
    return !failed || error_set(err, ERR_SQL, "the transaction had failed and was rolled back");
}

static bool rollback(Db *db, Error *err)
{
    PgDb *pg = pg_db(db);
    if (pg->within)
        return pg_rollback_within(pg, err);
    PGTransactionStatusType status = PQtransactionStatus(pg->conn);
    return status == PQTRANS_IDLE || pg_command(db, "ROLLBACK", err);
}

static bool alive(Db *db) { return PQstatus(pg_db(db)->conn) == CONNECTION_OK; }

static void cancel(Db *db)
{
    char ignored[256];
    PgDb *pg = pg_db(db);
    if (pg->cancel)
        PQcancel(pg->cancel, ignored, sizeof(ignored));
}

static const FaultCode fault_codes[] = {
    {"22023",          FAULT_SCRIPT }, // a length of 0, an identity that is a text
    { "22021",               FAULT_SCRIPT }, // bytes that are no text of the client's encoding: a file that is not UTF-8
    { "22*",FAULT_ROWS },
    { "23*",           FAULT_ROWS },
    { "42501",               FAULT_RIGHTS },
    { "25006",FAULT_READ_ONLY },
    { "53100",         FAULT_DISK },
    { "53*",               FAULT_OUTSIDE },
    { "57*",      FAULT_OUTSIDE },
    { "08*",         FAULT_OUTSIDE },
    { "40*",               FAULT_OUTSIDE },
    { 0},
};

extern const Driver postgresql_driver;
const Driver postgresql_driver = {
    .name = "postgresql",
    .dialect = &postgresql_dialect,
    .fault_codes = fault_codes,
    .gave_up_code = "55P03",
    .victim_code = "40P01",
    .names_like_urls =
        "SELECT datname FROM pg_catalog.pg_database WHERE pg_catalog.strpos(datname::text, '://') "
        "OPERATOR(pg_catalog.>) 0",
    .connect = pg_connect,
    .create_database = pg_create_database,
    .close = disconnect,
    .exec = pg_exec,
    .query = pg_query,
    .batch = pg_batch,
    .begin = begin,
    .begin_sql = begin_sql,
    .load = pg_load,
    .stage = stage,
    .restore = restore,
    .commit = commit,
    .rollback = rollback,
    .alive = alive,
    .lock = pg_lock,
    .unlock = pg_unlock,
    .cancel = cancel,
    .probe = pg_probe,
    .introspect = pg_introspect,
    .introspect_since = pg_introspect_since,
    .statistics = pg_statistics,
    .live_facts = pg_live_facts,
    .canonicalise = pg_canonicalise,
    .exec_measured = pg_exec_measured,
    .scratch = pg_scratch,
    .keep_scratch = pg_keep_scratch,
    .plan_uses = pg_plan_uses,
};

#ifndef CMIGRATE_LINK_DRIVERS
extern DRIVER_EXPORT const Driver *const cmigrate_driver;
const Driver *const cmigrate_driver = &postgresql_driver;
#endif
