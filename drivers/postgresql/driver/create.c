// A database is made over a connection to another one, of those that every server has.
#include <string.h>

#include "core/dialect/sql.h"
#include "drivers/postgresql/dialect/dialect.h"
#include "drivers/postgresql/driver/driver.h"

static bool says_code(const Error *err, const char *code) { return strcmp(err->native, code) == 0; }

// The URL with another database; `dbname` among its parameters would be stronger than the path.
static Url beside(Arena *arena, const Url *url, const char *database)
{
    Url out = *url;
    out.database = database;
    memset(&out.params, 0, sizeof(out.params));
    VEC_EACH (const UrlParam, param, &url->params)
        if (strcmp(param->key, "dbname") != 0)
            *VEC_PUSH(arena, &out.params) = *param;
    return out;
}

static bool exists(Db *db, Arena *arena, const char *name, bool *out, Error *err)
{
    StrBuf query;
    const char *found = NULL;
    strbuf_init(&query, arena);
    sql(&query, db->dialect, KW("SELECT 1 FROM pg_catalog.pg_database WHERE datname OPERATOR(pg_catalog.=)"),
        LIT(name));
    if (!db_value(db, arena, query.text, &found, err))
        return false;
    *out = found != NULL;
    return true;
}

static bool make(Db *db, Arena *arena, const char *name, bool *made, Error *err)
{
    StrBuf text;
    bool there;
    if (!exists(db, arena, name, &there, err))
        return false;
    *made = !there;
    if (there)
        return true;
    strbuf_init(&text, arena);
    sql(&text, db->dialect, KW("CREATE DATABASE"), ID(name));
    if (db->driver->exec(db, text.text, err))
        return true;
    *made = false;
    if (says_code(err, "42P04") || says_code(err, "23505")) // somebody else made it meanwhile
        return true;
    if (says_code(err, "42501"))
        error_hint(err, "The user needs the right to make databases: ALTER ROLE … CREATEDB.");
    return error_prefix(err, "cannot create the database: ");
}

bool pg_create_database(Arena *arena, const Url *url, const ConnectOptions *options, bool *made, Error *err)
{
    static const char *const tries[] = { "postgres", "template1" };
    const char *name = url_param(url, "dbname");
    ConnectOptions plain = *options;
    Db *db = NULL;
    plain.read_only = false;
    name = name ? name : url->database;
    if (!name || !*name) {
        error_set(err, ERR_CONFIG, "the URL names no database");
        return error_hint(err, "Write it as postgresql://user@host/database.");
    }
    for (size_t i = 0; i < COUNT_OF(tries) && !db; i++) {
        const Url other = beside(arena, url, tries[i]);
        if (!pg_connect(arena, &other, &plain, &db, err))
            db = NULL;
    }
    bool ok = db && make(db, arena, name, made, err);
    if (db)
        db->driver->close(db);
    return ok;
}
