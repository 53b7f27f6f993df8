// Databases that are made: the file that a URL names, and a scratch place in memory.
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

// What is in memory goes to a file.
bool sqlite_keep_scratch(Db *db, Arena *arena, const char **url, Error *err)
{
    StrBuf text;
    struct timespec now;
    const char *folder = getenv("TMPDIR");
    clock_gettime(CLOCK_REALTIME, &now);
    const char *path = arena_printf(arena, "%s/cmigrate-kept-%d-%lx.db", folder && *folder ? folder : "/tmp",
                                    (int)getpid(), (unsigned long)now.tv_nsec);
    strbuf_init(&text, arena);
    sql(&text, db->dialect, KW("VACUUM INTO"), LIT(path));
    *url = arena_printf(arena, "sqlite:///%s", path);
    return sqlite_exec(db, text.text, err);
}
