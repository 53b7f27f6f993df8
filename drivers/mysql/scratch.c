#include "drivers/mysql/scratch.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PREFIX "cmigrate_scratch_"

// The connection that uses a scratch database holds a user lock of its name. One whose lock is free was left behind.
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

static void drop(MyDb *my, MYSQL *connection, const char *name)
{
    StrBuf text;
    strbuf_init(&text, my->head.arena);
    sql(&text, &mysql_dialect, KW("DROP DATABASE IF EXISTS"), ID(name));
    (void)my_exec_on(connection, text.text, NULL);
}

static void drop_stale(MyDb *my, MYSQL *connection)
{
    Stale stale = { .arena = my->head.arena };
    (void)my_query_on(
        connection,
        "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'cmigrate\\_scratch\\_%'"
        " AND IS_FREE_LOCK(schema_name)",
        note_stale, &stale, NULL);
    VEC_EACH (const char *, name, &stale.names)
        drop(my, connection, *name);
}

static bool enter(MyDb *my, MYSQL *connection, const char *name, Error *err)
{
    Arena *arena = my->head.arena;
    const ServerInfo *server = &my->head.server;
    drop_stale(my, connection);
    return my_exec_on(
        connection,
        arena_printf(
            arena,
            "SET NAMES utf8mb4; SET SESSION sql_mode = %s, foreign_key_checks = 0, sql_quote_show_create = 1,"
            " wait_timeout = 31536000; DO GET_LOCK('%s', 0); CREATE DATABASE `%s` CHARACTER SET %s COLLATE "
            "%s; USE `%s`",
            my_quoted(arena, my->session_mode), name, name, server->default_charset,
            server->default_collation, name),
        err);
}

MYSQL *my_scratch_enter(MyDb *my, const char **name, Error *err)
{
    MYSQL *connection = my_connect(my->head.arena, my->url, NULL, &my->head.options, err);
    if (!connection)
        return NULL;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    *name = arena_printf(my->head.arena, PREFIX "%lu_%d_%lx", mysql_thread_id(connection), (int)getpid(),
                         (unsigned long)now.tv_nsec);
    if (enter(my, connection, *name, err))
        return connection;
    error_prefix(err, "cannot make a scratch database: ");
    error_hint(err, "Grant it (GRANT ALL ON `" PREFIX
                    "%%`.* TO the user), or set scratch_url to a database made for this.");
    mysql_close(connection);
    return NULL;
}

void my_scratch_leave(MyDb *my, MYSQL *connection, const char *name)
{
    drop(my, connection, name);
    mysql_close(connection);
}

bool my_scratch(Db *db, Arena *arena, Db **out, Error *err)
{
    MyDb *my = my_db(db);
    const char *name;
    MYSQL *maker = my_scratch_enter(my, &name, err);
    if (!maker)
        return false;
    Url *url = ARENA_NEW(arena, Url);
    *url = *my->url;
    url->database = arena_strdup(arena, name);
    ConnectOptions options = db->options;
    options.read_only = false;
    if (!my_open(arena, url, &options, out, err)) {
        my_scratch_leave(my, maker, name);
        return false;
    }
    // The maker goes on holding the lock; close of the scratch drops the database and lets the maker go.
    my_db(*out)->scratch_name = url->database;
    my_db(*out)->monitor = maker;
    return true;
}
