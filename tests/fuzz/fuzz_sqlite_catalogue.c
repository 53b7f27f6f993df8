// SQLite's introspection on a file whose sqlite_schema holds anything, as one that somebody wrote into by hand: read
// without harm, or refused with words; what was seen can be written as a model.
#include <sqlite3.h>

#include "core/db/driver.h"
#include "core/schema/schema_write.h"
#include "tests/fuzz/feed.h"

static bool plant(Db *db, Arena *arena, const FeedRow *row)
{
    StrBuf sql;
    strbuf_init(&sql, arena);
    strbuf_puts(&sql, "INSERT INTO sqlite_master (type, name, tbl_name, sql, rootpage) VALUES (");
    for (size_t i = 0; i < 4; i++) {
        if (row->values[i])
            sqlite_dialect.put_literal(&sql, row->values[i]);
        else
            strbuf_puts(&sql, "NULL");
        strbuf_puts(&sql, i < 3 ? ", " : ", 0)");
    }
    return db->driver->exec(db, sql.text, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 8000)
        return 0;
    Arena *arena = arena_new();
    Feed feed = feed_open(arena, data, size);
    Db *db = NULL;
    const Url url = { .scheme = "sqlite", .database = "" };
    const ConnectOptions options = { 0 };
    if (!db_open(arena, &url, &options, &db, NULL) ||
        !db->driver->exec(db, "PRAGMA writable_schema = ON", NULL))
        abort();
    FeedResult rows = feed_result(&feed);
    bool planted = true;
    VEC_EACH (FeedRow, row, &rows)
        planted = planted && plant(db, arena, row);
    const Filter all = { 0 };
    Schema schema;
    Error err = { 0 };
    if (db->driver->introspect(db, arena, &all, &schema, &err)) {
        StrBuf out;
        strbuf_init(&out, arena);
        schema_write_yaml(&out, &schema);
    } else {
        feed_refused(&err, "catalogue");
    }
    db_close(db);
    arena_free(arena);
    return 0;
}
