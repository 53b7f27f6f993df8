// Databases that are made: the file that a URL names, and a scratch place in memory.
#include <string.h>

#include "core/base/file.h"
#include "drivers/sqlite/driver/internal.h"

// The file comes into being with the first transaction that may write.
bool sqlite_create_database(Arena *arena, const Url *url, const ConnectOptions *options, bool *made,
                            Error *err)
{
    ConnectOptions create = *options;
    Db *db = NULL;
    create.read_only = false;
    create.create = true;
    const char *path =
        url->database && options->folder ? path_join(arena, options->folder, url->database) : url->database;
    bool there = !path || !*path || strcmp(path, ":memory:") == 0 || file_exists(path);
    if (!sqlite_connect(arena, url, &create, &db, err))
        return false;
    bool ok = there || (db->driver->begin(db, err) && db->driver->commit(db, err));
    db->driver->close(db);
    *made = !there;
    return ok;
}

bool sqlite_scratch(Db *db, Arena *arena, Db **out, Error *err)
{
    ConnectOptions options = db->options;
    options.read_only = false;
    options.connection = NULL;
    Url memory = { .scheme = "sqlite", .database = "" };
    return sqlite_connect(arena, &memory, &options, out, err);
}
