#include "drivers/mysql/driver/scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PREFIX "cmigrate_scratch_"
#define KEPT   "cmigrate_kept" // a table that says of a scratch database that somebody wants to look at it

// The connection that uses a scratch database holds a user lock of its name. One whose lock is free was left behind. A lock is known to
// its own server alone, while replication and Galera give the database to others too: so its name has the mark of the server that it was
// made on, and a server drops no other's. Dropping it there would also end a replication, which cannot drop it once more.
typedef struct Stale {
    Arena *arena;
    const char *mark; // of this server
    NameList names;
} Stale;

static bool note_stale(void *payload, const Row *row, Error *err)
{
    (void)err;
    Stale *stale = payload;
    const char *mark = row_value(row, 0), *name = row_value(row, 1);
    if (mark)
        stale->mark = arena_strdup(stale->arena, mark);
    if (name)
        *VEC_PUSH(stale->arena, &stale->names) = arena_strdup(stale->arena, name);
    return true;
}

// MySQL's uuid lasts as long as its data; MariaDB has none.
static bool find_stale(MyDb *my, MYSQL *connection, Stale *out, Error *err)
{
    const char *server =
        my_is_mariadb(my) ? "CONCAT(@@hostname, ':', @@port, ':', @@server_id)" : "@@server_uuid";
    const char *mark = arena_printf(my->head.arena, "LOWER(LPAD(HEX(CRC32(%s)), 8, '0'))", server);
    const char *query = arena_printf(
        my->head.arena,
        "SELECT %s, NULL UNION ALL SELECT NULL, schema_name FROM information_schema.schemata"
        " WHERE LEFT(schema_name, 26) = CONCAT('" PREFIX "', %s, '_') AND IS_FREE_LOCK(schema_name)"
        " AND NOT EXISTS (SELECT 1 FROM information_schema.tables"
        " WHERE table_schema = schema_name AND table_name = '" KEPT "')",
        mark, mark);
    *out = (Stale){ .arena = my->head.arena };
    if (!my_query_on(connection, query, note_stale, out, err))
        return false;
    return out->mark || error_set(err, ERR_SQL, "the server does not say which one it is");
}

static bool drop(MyDb *my, MYSQL *connection, const char *name)
{
    StrBuf text;
    strbuf_init(&text, my->head.arena);
    sql(&text, &mysql_dialect, KW("DROP DATABASE IF EXISTS"), ID(name));
    return my_exec_on(connection, text.text, NULL);
}

static const Url *place_of(const MyDb *my)
{
    return my->head.options.scratch_url ? my->head.options.scratch_url : my->url;
}

// What is made there must read as it would in the database itself.
static bool set_up(MyDb *my, MYSQL *connection, Error *err)
{
    const char *text = arena_printf(my->head.arena, "%s, foreign_key_checks = 0, wait_timeout = 31536000",
                                    my_session_sql(my));
    if (!my_exec_on(connection, text, err))
        return false;
    my_session_extras(my, connection);
    return true;
}

static bool make(MyDb *my, MYSQL *connection, const char *name, Error *err)
{
    const ServerInfo *server = &my->head.server;
    StrBuf text;
    strbuf_init(&text, my->head.arena);
    sql(&text, &mysql_dialect, KW("CREATE DATABASE"), ID(name), KW("CHARACTER SET"),
        EXPR(server->default_charset), KW("COLLATE"), EXPR(server->default_collation), KW("; USE"), ID(name));
    return my_exec_on(connection, text.text, err);
}

static bool enter(MyDb *my, MYSQL *connection, const Stale *stale, const char *name, Error *err)
{
    VEC_EACH (const char *, it, &stale->names)
        (void)drop(my, connection, *it);
    return set_up(my, connection, err) &&
           my_exec_on(connection, arena_printf(my->head.arena, "DO GET_LOCK('%s', 0)", name), err) &&
           make(my, connection, name, err);
}

// ---- the database that scratch_url names, where its user may not make others

#define MARKER "cmigrate_scratch"

typedef struct Found {
    unsigned objects;
    bool marked;
} Found;

static bool note_object(void *payload, const Row *row, Error *err)
{
    (void)err;
    Found *found = payload;
    found->objects++;
    found->marked |= row_value(row, 0) && strcmp(row_value(row, 0), MARKER) == 0;
    return true;
}

static bool is_own_database(const MyDb *my, const Url *place)
{
    const char *host = place->host ? place->host : "", *own = my->url->host ? my->url->host : "";
    const char *port = place->port ? place->port : "", *own_port = my->url->port ? my->url->port : "";
    return strcmp(place->database, my->database) == 0 && strcmp(host, own) == 0 &&
           strcmp(port, own_port) == 0;
}

// Empty, or marked as left behind by a run that was killed in it: nothing else is ever dropped.
static bool may_be_used(MyDb *my, MYSQL *connection, const Url *place, bool beside, Error *err)
{
    Arena *arena = my->head.arena;
    const char *name = my_quoted(arena, place->database);
    Found found = { 0 };
    const char *query =
        arena_printf(arena,
                     "SELECT table_name FROM information_schema.tables WHERE table_schema = %s UNION ALL "
                     "SELECT routine_name FROM"
                     " information_schema.routines WHERE routine_schema = %s UNION ALL SELECT event_name FROM"
                     " information_schema.events WHERE event_schema = %s",
                     name, name, name);
    if (!my_query_on(connection, query, note_object, &found, err))
        return false;
    if ((beside || !is_own_database(my, place)) && (!found.objects || found.marked))
        return true;
    error_set(err, ERR_CONFIG, "scratch_url names database '%s', which is not empty", place->database);
    return error_hint(err, "Name an empty database that nothing else uses.");
}

static bool enter_named(MyDb *my, MYSQL *connection, const Url *place, bool beside, Error *err)
{
    Arena *arena = my->head.arena;
    const char *lock = my_quoted(arena, arena_printf(arena, "cmigrate_scratch %.40s", place->database));
    return set_up(my, connection, err) &&
           my_exec_on(connection, arena_printf(arena, "DO GET_LOCK(%s, 60)", lock), err) &&
           may_be_used(my, connection, place, beside, err) && drop(my, connection, place->database) &&
           make(my, connection, place->database, err) &&
           my_exec_on(connection, "CREATE TABLE " MARKER " (a int)", err);
}

// ---- dropped where its process was killed

typedef struct Left {
    MyDb *my;
    const char *name;
    unsigned long maker; // the connection that makes it; 0: the database is that of scratch_url
    bool beside;
} Left;

typedef struct Sessions {
    MYSQL *connection;
    unsigned count;
} Sessions;

static bool end_session(void *payload, const Row *row, Error *err)
{
    (void)err;
    Sessions *sessions = payload;
    char text[64];
    sessions->count++;
    if (!row_value(row, 1)) // another session has its number where the server was started again meanwhile
        return true;
    snprintf(text, sizeof(text), "KILL %lu", strtoul(row_value(row, 0) ? row_value(row, 0) : "0", NULL, 10));
    return my_exec_on(sessions->connection, text, NULL) || true; // it may have ended by itself
}

// Those of the dead process. In the database they may be in the middle of a statement, and nobody else knows its name: they are
// ended. The one that made it is only waited for.
static bool sessions_are_gone(const Left *left, MYSQL *connection)
{
    MYSQL *other = my_connect_for_scratch(left->my->head.arena, place_of(left->my), NULL);
    Sessions sessions = { .connection = other };
    char text[240];
    snprintf(
        text, sizeof(text),
        "SELECT id, nullif(db = '%s', 0) FROM information_schema.processlist WHERE db = '%s' OR id = %lu",
        left->name, left->name, left->maker);
    bool asked = other && my_query_on(connection, text, end_session, &sessions, NULL);
    if (other)
        mysql_close(other);
    return asked && !sessions.count;
}

// A GuardianFn. The database of scratch_url is emptied by whoever has its lock next, as another run would do it.
static bool drop_left(void *payload)
{
    const Left *left = payload;
    MyDb *my = left->my;
    bool gone = false;
    MYSQL *connection = my_connect_for_scratch(my->head.arena, place_of(my), NULL);
    if (!connection)
        return false;
    if (left->maker) {
        gone = sessions_are_gone(left, connection) && drop(my, connection, left->name);
    } else {
        gone = enter_named(my, connection, place_of(my), left->beside, NULL);
        if (gone)
            my_scratch_clear(my, connection, left->name);
    }
    mysql_close(connection);
    return gone;
}

static void guard(MyDb *my, const char *name, unsigned long maker, bool beside)
{
    Left *left = ARENA_NEW(my->head.arena, Left);
    *left = (Left){ .my = my, .name = name, .maker = maker, .beside = beside };
    my->guardian = my->head.options.guards ? guardian_start(my->head.arena, drop_left, left) : NULL;
}

static void guard_no_more(MyDb *my, bool cleaned)
{
    guardian_end(my->guardian, cleaned);
    my->guardian = NULL;
}

MYSQL *my_scratch_enter(MyDb *my, const char **name, bool beside, Error *err)
{
    const Url *place = place_of(my);
    MYSQL *connection = my_connect_for_scratch(my->head.arena, place, err);
    if (!connection)
        return NULL;
    Stale stale;
    if (find_stale(my, connection, &stale, err)) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        *name = arena_printf(my->head.arena, PREFIX "%s_%lu_%d_%lx", stale.mark, mysql_thread_id(connection),
                             (int)getpid(), (unsigned long)now.tv_nsec);
        guard(my, *name, mysql_thread_id(connection), beside);
        if (enter(my, connection, &stale, *name, err))
            return connection;
        guard_no_more(my, true);
    }
    bool named = my->head.options.scratch_url && place->database;
    if (named) {
        Error why = { 0 };
        *name = place->database;
        guard(my, *name, 0, beside);
        if (enter_named(my, connection, place, beside, &why))
            return connection;
        guard_no_more(my, true);
        *err = why;
    }
    error_prefix(err, "cannot make a scratch database: ");
    if (!named)
        error_hint(err, "Grant it (GRANT ALL ON `" PREFIX
                        "%%`.* TO the user), or set scratch_url to a database made for this.");
    mysql_close(connection);
    return NULL;
}

void my_scratch_clear(MyDb *my, MYSQL *connection, const char *name)
{
    bool gone = drop(my, connection, name);
    if (strncmp(name, PREFIX, strlen(PREFIX)) != 0)
        (void)make(my, connection, name, NULL); // as it was found: empty
    guard_no_more(my, gone);
}

void my_scratch_leave(MyDb *my, MYSQL *connection, const char *name)
{
    my_scratch_clear(my, connection, name);
    mysql_close(connection);
}

bool my_scratch(Db *db, Arena *arena, Db **out, Error *err)
{
    MyDb *my = my_db(db);
    const char *name;
    MYSQL *maker = my_scratch_enter(my, &name, true, err);
    if (!maker)
        return false;
    Url *url = ARENA_NEW(arena, Url);
    *url = *place_of(my);
    url->database = arena_strdup(arena, name);
    ConnectOptions options = db->options;
    options.read_only = false;
    if (!my_open(arena, url, &options, out, err)) {
        my_scratch_leave(my, maker, name);
        return false;
    }
    // The maker goes on holding the lock; close of the scratch drops the database and lets the maker go.
    my_db(*out)->scratch_name = url->database;
    my_db(*out)->guardian = my->guardian;
    my->guardian = NULL;
    my_db(*out)->monitor = maker;
    return true;
}

bool my_keep_scratch(Db *db, Arena *arena, const char **url, Error *err)
{
    MyDb *my = my_db(db);
    if (!my->scratch_name || strncmp(my->scratch_name, PREFIX, strlen(PREFIX)) != 0)
        return error_set(err, ERR_UNSUPPORTED,
                         "the scratch place is the database of scratch_url: it is not kept");
    if (!my_exec(db, "CREATE TABLE IF NOT EXISTS " KEPT " (a int)", err))
        return false;
    *url = arena_strdup(arena, my->scratch_name);
    my->scratch_name = NULL;
    guard_no_more(my, true);
    return true;
}

// A temporary table belongs to no transaction here: one that was left is dropped before and after.
bool my_staging(Db *db, bool opens, Error *err)
{
    (void)opens;
    return my_exec(db, "DROP TEMPORARY TABLE IF EXISTS cmigrate_rows", err);
}
