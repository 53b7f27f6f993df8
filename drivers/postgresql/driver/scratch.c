// A scratch database is made and dropped by the connection that uses it. Its name says which session made it: one that nobody
// is in, and whose maker is gone, was left behind by a run that was killed, and is dropped by the next. Where the user may not
// make databases, the empty one that scratch_url names serves: all is done there within one transaction, so that nothing stays.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "drivers/postgresql/dialect/dialect.h"
#include "drivers/postgresql/driver/driver.h"

#define SAVEPOINT "cmigrate_within"

bool pg_begin_within(PgDb *pg, Error *err)
{
    pg->savepoint = pg_command(&pg->db, "SAVEPOINT " SAVEPOINT, err);
    return pg->savepoint;
}

bool pg_commit_within(PgDb *pg, Error *err)
{
    if (PQtransactionStatus(pg->conn) == PQTRANS_INERROR) {
        Error ignored = { 0 };
        return pg_rollback_within(pg, &ignored) &&
               error_set(err, ERR_SQL, "the transaction had failed and was rolled back");
    }
    pg->savepoint = false;
    return pg_command(&pg->db, "RELEASE SAVEPOINT " SAVEPOINT, err);
}

// What failed outside of a savepoint took the whole transaction along: what comes now must not stay either.
bool pg_rollback_within(PgDb *pg, Error *err)
{
    pg_forget_path(pg);
    if (pg->savepoint) {
        pg->savepoint = false;
        return pg_command(&pg->db, "ROLLBACK TO SAVEPOINT " SAVEPOINT, err) &&
               pg_command(&pg->db, "RELEASE SAVEPOINT " SAVEPOINT, err);
    }
    return PQtransactionStatus(pg->conn) != PQTRANS_INERROR ||
           (pg_command(&pg->db, "ROLLBACK", err) && pg_command(&pg->db, "BEGIN", err));
}

const char *pg_begin_words(PgDb *pg, const char *usual)
{
    if (!pg->within)
        return usual;
    pg->savepoint = true;
    return "SAVEPOINT " SAVEPOINT;
}

// ---- a database that is made and dropped

static PGconn *connect_elsewhere(PgDb *pg)
{
    static const char *const tries[] = { "postgres", "template1" };
    Error ignored = { 0 };
    PGconn *conn = NULL;
    for (size_t i = 0; i < COUNT_OF(tries) && !conn; i++)
        conn = pg_connect_more(pg, tries[i], &ignored);
    return conn;
}

static bool command_on(PGconn *conn, const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    bool ok = PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
    PQclear(result);
    return ok;
}

void pg_scratch_drop(PgDb *pg)
{
    if (!pg->scratch)
        return;
    PGconn *conn = connect_elsewhere(pg);
    // under another name no later run takes it for one that was left behind
    bool gone =
        conn &&
        command_on(conn, pg->kept
                             ? arena_printf(pg->db.arena, "ALTER DATABASE \"%s\" RENAME TO \"%s\"",
                                            pg->scratch, pg->kept)
                             : arena_printf(pg->db.arena, "DROP DATABASE IF EXISTS \"%s\"", pg->scratch));
    PQfinish(conn);
    guardian_end(pg->guardian, gone);
}

// ---- and dropped where its process was killed

typedef struct Left {
    PgDb *pg;
    const char *name, *maker; // the server's process of the session that makes it
} Left;

// The session that makes it may have been sent CREATE DATABASE, and a server reads on for a while when a client is gone. A pooler's
// session has no end, but it is idle.
static bool maker_is_gone(const Left *left, PGconn *conn)
{
    char sql[200];
    snprintf(sql, sizeof(sql), "SELECT FROM pg_catalog.pg_stat_activity WHERE pid = %s%s", left->maker,
             left->pg->pooled ? " AND state <> 'idle'" : "");
    PGresult *result = PQexec(conn, sql);
    bool gone = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 0;
    PQclear(result);
    return gone;
}

// A GuardianFn. Whoever is in it is of the dead process: nobody else knows its name.
static bool drop_left(void *payload)
{
    const Left *left = payload;
    char sql[300];
    PGconn *conn = connect_elsewhere(left->pg);
    if (!conn)
        return false;
    bool gone = maker_is_gone(left, conn);
    if (gone) {
        snprintf(sql, sizeof(sql),
                 "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname "
                 "= '%s'",
                 left->name);
        gone = command_on(conn, sql);
        snprintf(sql, sizeof(sql), "DROP DATABASE IF EXISTS \"%s\"", left->name);
        gone = gone && command_on(conn, sql);
    }
    PQfinish(conn);
    return gone;
}

static Guardian *guard(PgDb *pg, Arena *arena, const char *name)
{
    Left *left = ARENA_NEW(arena, Left);
    *left = (Left){ pg, name, strrchr(name, '_') + 1 };
    return pg->db.options.guards ? guardian_start(arena, drop_left, left) : NULL;
}

bool pg_keep_scratch(Db *db, Arena *arena, const char **url, Error *err)
{
    PgDb *pg = pg_db(db);
    if (!pg->scratch)
        return error_set(err, ERR_UNSUPPORTED,
                         "the scratch place is a transaction: nothing of it can be kept");
    pg->kept = arena_printf(db->arena, "cmigrate_kept%s", pg->scratch + strlen("cmigrate_scratch"));
    *url = arena_strdup(arena, pg->kept);
    return true;
}

typedef struct Stale {
    Arena *arena;
    NameList names;
} Stale;

static bool note_stale(void *payload, const Row *row, Error *err)
{
    (void)err;
    Stale *stale = payload;
    *VEC_PUSH(stale->arena, &stale->names) = arena_strdup(stale->arena, row->values[0]);
    return true;
}

// Only our own user's, which nobody is in, and whose maker's session has ended. A name that a pooler's session gave says
// nothing of who lives: it is not of this form.
static void drop_stale(PgDb *pg)
{
    Error ignored = { 0 };
    Stale stale = { .arena = pg->db.arena };
    (void)pg_query(
        &pg->db,
        "SELECT datname FROM pg_catalog.pg_database d WHERE datname ~ '^cmigrate_scratch_[0-9]+_[0-9]+$'"
        " AND pg_catalog.pg_get_userbyid(datdba) = current_user AND NOT EXISTS"
        " (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid OR"
        " a.pid::text = pg_catalog.split_part(d.datname, '_', 4))",
        note_stale, &stale, &ignored);
    VEC_EACH (const char *, name, &stale.names)
        (void)pg_command(&pg->db, arena_printf(pg->db.arena, "DROP DATABASE IF EXISTS \"%s\"", *name),
                         &ignored);
}

static bool read_only_off(PgDb *pg, Error *err)
{
    return !pg->db.options.read_only || pg->pooled ||
           pg_command(&pg->db, "SET default_transaction_read_only = off", err);
}

static PgDb *connect_scratch(PgDb *pg, Arena *arena, const char *name, Error *err)
{
    PgDb *scratch = ARENA_NEW(arena, PgDb);
    *scratch = (PgDb){ .db = pg->db, .keywords = pg->keywords, .values = pg->values };
    scratch->db.arena = arena;
    pg_name_database(scratch, name); // for the connection that locks, too
    scratch->db.options.read_only = false;
    scratch->db.title = arena_printf(arena, "scratch database %s", name);
    PGconn *conn = pg_connect_more(scratch, name, err);
    if (!conn)
        return NULL;
    if (pg_adopt(scratch, conn, err))
        return scratch;
    scratch->db.driver->close(&scratch->db);
    return NULL;
}

// ---- the database that scratch_url names, where its user may not make others

static const char not_empty[] =
    "SELECT n.nspname || '.' || o.name FROM (SELECT oid, relnamespace AS place, relname AS name,"
    " 'pg_catalog.pg_class'::regclass AS kind FROM pg_catalog.pg_class UNION ALL SELECT oid, pronamespace,"
    " proname, 'pg_catalog.pg_proc'::regclass FROM pg_catalog.pg_proc UNION ALL SELECT oid, typnamespace, "
    "typname,"
    " 'pg_catalog.pg_type'::regclass FROM pg_catalog.pg_type) o JOIN pg_catalog.pg_namespace n ON n.oid = "
    "o.place"
    " WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND NOT EXISTS (SELECT FROM"
    " pg_catalog.pg_depend d WHERE d.classid = o.kind AND d.objid = o.oid AND d.deptype = 'e') "
    "ORDER BY o.kind DESC, 1 LIMIT 1";

static bool is_empty(PgDb *scratch, const char *name, Error *err)
{
    const char *first;
    if (!db_value(&scratch->db, scratch->db.arena, not_empty, &first, err))
        return false;
    if (!first)
        return true;
    error_set(err, ERR_CONFIG, "scratch_url names database %s, which is not empty: it has %s", name, first);
    return error_hint(err,
                      "Name an empty database that nothing else uses, or give its user the right CREATEDB.");
}

// Uses the database of the connection itself, in one transaction that is rolled back, where the user may not
// create databases. It must be empty.
static bool use_named(PgDb *pg, Arena *arena, Db **out, Error *err)
{
    const char *name = arena_strdup(arena, PQdb(pg->conn));
    PgDb *scratch = connect_scratch(pg, arena, name, err);
    if (!scratch)
        return false;
    scratch->within = true;
    scratch->db.caveat = arena_printf(
        arena,
        "All is run there within one transaction, for user %s may not make databases. What cannot be within "
        "one "
        "(CREATE INDEX CONCURRENTLY, the use of an enum's new value) needs the right: ALTER ROLE %s CREATEDB",
        PQuser(pg->conn), PQuser(pg->conn));
    // one at a time: two would wait for each other's names
    if (pg_command(&scratch->db, "BEGIN", err) &&
        pg_exec(&scratch->db,
                "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('cmigrate scratch'))", err) &&
        is_empty(scratch, name, err)) {
        *out = &scratch->db;
        return true;
    }
    scratch->db.driver->close(&scratch->db);
    return false;
}

// Names without a schema mean there what they mean here: the search path is the same, and the default schema is there.
static bool give_search_path(PgDb *pg, Arena *arena, const char *name, Error *err)
{
    const char *path = pg->script_path;
    return !*path || strcmp(path, "\"$user\", public") == 0 ||
           pg_command(&pg->db, arena_printf(arena, "ALTER DATABASE \"%s\" SET search_path = %s", name, path),
                      err);
}

static bool make_default_schema(PgDb *pg, PgDb *scratch, Error *err)
{
    const char *schema = pg->db.server.default_schema;
    if (strcmp(schema, scratch->db.server.default_schema) == 0 || strcmp(schema, PQuser(pg->conn)) == 0)
        return true;
    const char *quoted = pg_quote_ident(scratch->db.arena, schema);
    if (!pg_exec(&scratch->db, arena_printf(scratch->db.arena, "CREATE SCHEMA IF NOT EXISTS %s", quoted),
                 err))
        return false;
    scratch->db.server.default_schema = schema;
    return true;
}

static bool cannot_make(PgDb *pg, Error *err)
{
    const char *user = PQuser(pg->conn);
    error_prefix(err, "cannot make a scratch database: ");
    return error_hint(
        err,
        "Give the right (ALTER ROLE %s CREATEDB), or set scratch_url in cmigrate.yaml to an empty "
        "database that is made for this, in which %s may create schemas and tables.",
        user, user);
}

bool pg_scratch(Db *db, Arena *arena, Db **out, Error *err)
{
    PgDb *pg = pg_db(db);
    const char *name = arena_printf(arena, "cmigrate_scratch_%s%ld_%u", pg->pooled ? "pooled_" : "",
                                    (long)getpid(), (unsigned)PQbackendPID(pg->conn));
    Error why = { 0 };
    if (!read_only_off(pg, err))
        return false;
    drop_stale(pg);
    Guardian *guardian = guard(pg, arena, name);
    if (!pg_command(db, arena_printf(arena, "CREATE DATABASE \"%s\" TEMPLATE template0", name), &why)) {
        guardian_end(guardian, true);
        if (db->options.scratch_url && strcmp(why.native, "42501") == 0)
            return use_named(pg, arena, out, err);
        if (err)
            *err = why;
        return cannot_make(pg, err);
    }
    PgDb *scratch = give_search_path(pg, arena, name, err) ? connect_scratch(pg, arena, name, err) : NULL;
    if (scratch) {
        scratch->scratch = name;
        scratch->guardian = guardian;
        if (make_default_schema(pg, scratch, err)) {
            *out = &scratch->db;
            return true;
        }
        scratch->db.driver->close(&scratch->db);
        return false;
    }
    Error ignored = { 0 };
    guardian_end(guardian,
                 pg_command(db, arena_printf(arena, "DROP DATABASE IF EXISTS \"%s\"", name), &ignored));
    return false;
}
