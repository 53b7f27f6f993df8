// Apart from driver.c, because driver_for knows every driver, which a module must not bring along.
#include "core/db/driver.h"

bool db_open(Arena *arena, const Url *url, const ConnectOptions *options, Db **out, Error *err)
{
    const Driver *driver = driver_for(url, err);
    Db *db;
    if (!driver || !driver->connect(arena, url, options, &db, err))
        return false;
    if (!db_on_connect(db, err)) {
        db_close(db);
        return false;
    }
    *out = db;
    // A module has its own copy of the dialect; here it is known by the program's, whose address may be compared.
    (*out)->dialect = dialect_by_scheme(url->scheme);
    return true;
}

bool db_scratch(Db *db, Arena *arena, Db **out, Error *err)
{
    if (!db->driver->scratch(db, arena, out, err))
        return false;
    (*out)->dialect = db->dialect;
    (*out)->options.on_connect = NULL; // made by the user of the URL, not by the role that on_connect may set
    return true;
}
