// What SQLite takes as a schema, the parser reads; and what is written from that is the same schema to the parser and
// to SQLite. A text that SQLite refuses must only not crash it.
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/db/driver.h"
#include "core/diff/diff.h"
#include "drivers/sqlite/ddl/ddl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int only_schemas(void *payload, int action, const char *a, const char *b, const char *c, const char *d)
{
    (void)payload;
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    switch (action) {
    case SQLITE_ATTACH:
    case SQLITE_PRAGMA:
    case SQLITE_CREATE_VTABLE:
    case SQLITE_CREATE_TEMP_TABLE:
    case SQLITE_CREATE_TEMP_VIEW:
    case SQLITE_CREATE_TEMP_INDEX:
    case SQLITE_CREATE_TEMP_TRIGGER:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
    case SQLITE_RECURSIVE: return SQLITE_DENY;
    default: return SQLITE_OK;
    }
}

static Db *open_memory(Arena *arena)
{
    Db *db = NULL;
    const Url url = { .scheme = "sqlite", .database = "" };
    const ConnectOptions options = { 0 };
    if (!db_open(arena, &url, &options, &db, NULL))
        abort();
    return db;
}

static void broken(const char *law, const char *text, const char *detail)
{
    fprintf(stderr, "%s\n--- schema:\n%s\n--- got:\n%s\n", law, text, detail);
    abort();
}

static const char *write_schema(Arena *arena, const Schema *schema)
{
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (Table *, table, &schema->tables) {
        StrBuf text;
        strbuf_init(&text, arena);
        sqlite_put_table(&text, *table, NULL, (*table)->ddl);
        strbuf_printf(&out, "%s;\n", text.text);
        VEC_EACH (Index *, index, &(*table)->indexes) {
            strbuf_init(&text, arena);
            sqlite_put_index(&text, *index);
            strbuf_printf(&out, "%s;\n", text.text);
        }
    }
    VEC_EACH (Object *, object, &schema->objects) {
        StrBuf text;
        strbuf_init(&text, arena);
        if ((*object)->kind == OBJECT_VIEW)
            sqlite_put_view(&text, (const View *)(const void *)*object);
        else
            strbuf_puts(&text, (*object)->definition);
        strbuf_printf(&out, "%s;\n", text.text);
    }
    return out.text;
}

static const char *kept_texts(Db *db, Arena *arena)
{
    const char *texts = NULL;
    if (!db_value(db, arena, "SELECT group_concat(sql, ';' || char(10)) FROM sqlite_master", &texts, NULL))
        abort();
    return texts ? texts : "";
}

static bool see(Db *db, Arena *arena, Schema *schema, Error *err)
{
    const Filter all = { 0 };
    return db->driver->introspect(db, arena, &all, schema, err);
}

static void hold_law(Arena *arena, Db *db)
{
    Schema first, second;
    Error err = { 0 };
    const char *texts = kept_texts(db, arena);
    if (!see(db, arena, &first, &err))
        broken("the parser does not understand what SQLite took", texts, err.message);
    const char *written = write_schema(arena, &first);
    Db *again = open_memory(arena);
    if (!again->driver->exec(again, written, &err))
        broken(err.message, texts, written);
    if (!see(again, arena, &second, &err))
        broken(err.message, texts, written);
    ChangeList changes = { 0 };
    const Schema *renamed;
    if (!diff_schemas(arena, &sqlite_dialect, &second, &first, NULL, &changes, &renamed, &err) ||
        changes.count)
        broken("what was written is not what was read", texts, written);
    db_close(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4000)
        return 0;
    Arena *arena = arena_new();
    char *text = arena_strndup(arena, (const char *)data, size);
    Table *table;
    View *view;
    Index *index;
    (void)!ddl_table(arena, "t", text, &table, NULL);
    (void)!ddl_view(arena, "v", text, &view, NULL);
    (void)!ddl_index(arena, table_new(arena, NULL, "t"), "i", text, &index, NULL);
    sqlite3 *guard; // the same text, with everything but schemas denied, tells whether it is safe to run
    if (sqlite3_open(":memory:", &guard) != SQLITE_OK)
        abort();
    sqlite3_set_authorizer(guard, only_schemas, NULL);
    sqlite3_limit(guard, SQLITE_LIMIT_VDBE_OP, 25000);
    bool takes = sqlite3_exec(guard, text, NULL, NULL, NULL) == SQLITE_OK;
    sqlite3_close(guard);
    if (takes) {
        Db *db = open_memory(arena);
        if (db->driver->exec(db, text, NULL))
            hold_law(arena, db);
        db_close(db);
    }
    arena_free(arena);
    return 0;
}
