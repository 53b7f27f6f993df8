#include "drivers/sqlite/canonical/stage.h"

#include <string.h>

static void answer_nothing(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    (void)values;
    sqlite3_result_null(context);
}

static int compare_bytes(void *payload, int m, const void *a, int n, const void *b)
{
    (void)payload;
    int order = memcmp(a, b, (size_t)(m < n ? m : n));
    return order ? order : m - n;
}

static bool is_borrowed(const Stage *stage, const char *what)
{
    VEC_EACH (const char *, it, &stage->borrowed)
        if (strcmp(*it, what) == 0)
            return true;
    return false;
}

// The name that a message of SQLite's ends with; NULL: it is another message.
static const char *name_in(Stage *stage, const char *message, const char *prefix)
{
    const char *at = strstr(message, prefix);
    return at ? arena_strdup(stage->arena, at + strlen(prefix)) : NULL;
}

// Registers what the message says is missing; false: it says something else, or a stand-in did not help.
static bool borrow(Stage *stage, const char *message)
{
    sqlite3 *handle = sqlite_of(stage->db)->handle;
    const char *function = name_in(stage, message, "no such function: ");
    const char *collation = name_in(stage, message, "no such collation sequence: ");
    const char *what = function    ? arena_printf(stage->arena, "function %s", function)
                       : collation ? arena_printf(stage->arena, "collation %s", collation)
                                   : NULL;
    if (!what || is_borrowed(stage, what))
        return false;
    *VEC_PUSH(stage->arena, &stage->borrowed) = what;
    if (function)
        return sqlite3_create_function(handle, function, -1,
                                       SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL,
                                       answer_nothing, NULL, NULL) == SQLITE_OK;
    return sqlite3_create_collation(handle, collation, SQLITE_UTF8, NULL, compare_bytes) == SQLITE_OK;
}

bool stage_open(Db *db, Arena *arena, Stage *out, Error *err)
{
    *out = (Stage){ .arena = arena };
    return db->driver->scratch(db, arena, &out->db, err);
}

bool stage_takes(Stage *stage, const char *text, Error *why)
{
    for (;;) {
        *why = (Error){ 0 };
        if (stage->db->driver->exec(stage->db, text, why))
            return true;
        if (!borrow(stage, why->message))
            return false;
    }
}

static void create(Stage *stage, const char *text)
{
    Error ignored = { 0 };
    if (!stage_takes(stage, text, &ignored))
        stage->incomplete = true;
}

// A live table by its own text, which has its comments and odd spellings.
static void create_table(Stage *stage, const Table *table)
{
    StrBuf text;
    strbuf_init(&text, stage->arena);
    if (table->is_virtual)
        strbuf_puts(&text, table->head.definition);
    else if (table->ddl)
        strbuf_puts(&text, table->ddl);
    else
        sqlite_put_table(&text, table, NULL, NULL);
    create(stage, text.text);
    VEC_EACH (Index *, index, &table->indexes) {
        strbuf_init(&text, stage->arena);
        sqlite_put_index(&text, *index);
        create(stage, text.text);
    }
}

static void create_objects(Stage *stage, const Schema *schema, ObjectKind kind)
{
    VEC_EACH (Object *, it, &schema->objects) {
        StrBuf text;
        strbuf_init(&text, stage->arena);
        if ((*it)->kind != kind)
            continue;
        if (kind == OBJECT_VIEW)
            sqlite_put_view(&text, (const View *)(const void *)*it);
        else
            strbuf_puts(&text, (*it)->definition);
        create(stage, text.text);
    }
}

void stage_build(Stage *stage, const Schema *schema)
{
    create(stage, "BEGIN");
    VEC_EACH (Table *, it, &schema->tables)
        create_table(stage, *it);
    create_objects(stage, schema, OBJECT_VIEW);
    create_objects(stage, schema, OBJECT_TRIGGER);
    create(stage, "COMMIT");
}
