#include <mysqld_error.h>
#include <string.h>

#include "core/dialect/sql.h"
#include "drivers/mysql/driver/driver.h"

static bool note_row(void *payload, const Row *row, Error *err)
{
    (void)row;
    (void)err;
    *(bool *)payload = true;
    return true;
}

// Looked for first: a user who may not make databases may use one that is there.
static bool make(MYSQL *connection, Arena *arena, const char *name, bool *made, Error *err)
{
    StrBuf text;
    bool there = false;
    const char *query = arena_printf(
        arena, "SELECT 1 FROM information_schema.schemata WHERE schema_name = %s", my_quoted(arena, name));
    if (!my_query_on(connection, query, note_row, &there, err))
        return false;
    *made = !there;
    if (there)
        return true;
    strbuf_init(&text, arena);
    sql(&text, &mysql_dialect, KW("CREATE DATABASE"), ID(name));
    if (my_exec_on(connection, text.text, err))
        return true;
    *made = false;
    if (mysql_errno(connection) == ER_DB_CREATE_EXISTS) // somebody else made it meanwhile
        return true;
    if (mysql_errno(connection) == ER_DBACCESS_DENIED_ERROR)
        error_hint(err, "The user needs the right to make it: GRANT ALL ON `%s`.* TO the user.", name);
    return error_prefix(err, "cannot create the database: ");
}

bool my_create_database(Arena *arena, const Url *url, const ConnectOptions *options, bool *made, Error *err)
{
    if (!url->database || !*url->database) {
        error_set(err, ERR_CONFIG, "the URL names no database");
        return error_hint(err, "Write it as mysql://user@host/database.");
    }
    MYSQL *connection = my_connect(arena, url, NULL, options, err);
    if (!connection)
        return false;
    bool ok = make(connection, arena, url->database, made, err);
    mysql_close(connection);
    return ok;
}
