// The whole database in one query: sqlite_schema's rows, each text read by ddl.c.
#include "drivers/sqlite/driver/internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "drivers/sqlite/ddl/ddl.h"

typedef struct Later {
    const char *name, *table, *text;
} Later;
typedef VEC(Later) LaterList;

typedef struct Reader {
    Sqlite *self;
    Arena *arena;
    const Filter *filter;
    Schema *schema;
    TableList tables; // by name, case-blind, once all are read
    NameList shadows; // tables that belong to virtual ones
    Table *last;      // read: its indexes mostly follow it
    LaterList later;  // indexes whose table was not the last
    Error *err;
} Reader;

static bool is_left_out(const Reader *r, const char *name)
{
    return strncasecmp(name, "sqlite_", strlen("sqlite_")) == 0 || filter_is_own(r->filter, name) ||
           !filter_takes(r->filter, NULL, name);
}

static int by_name(const void *a, const void *b)
{
    return strcasecmp((*(Table *const *)a)->head.name, (*(Table *const *)b)->head.name);
}

static Table *find_table(const Reader *r, const char *name)
{
    size_t low = 0, high = r->tables.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcasecmp(r->tables.items[middle]->head.name, name);
        if (order == 0)
            return r->tables.items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool cannot_read(Reader *r, const char *kind, const char *name)
{
    error_prefix(r->err, "cannot read the %s '%s': ", kind, name);
    return error_hint(r->err, "Leave it out with `exclude: [\"%s\"]` in cmigrate.yaml until this is mended.",
                      name);
}

static bool read_table(Reader *r, const char *name, const char *text)
{
    Table *table;
    VEC_EACH (const char *, shadow, &r->shadows)
        if (strcasecmp(*shadow, name) == 0)
            return true;
    if (!ddl_table(r->arena, name, text, &table, r->err))
        return cannot_read(r, "table", name);
    *VEC_PUSH(r->arena, &r->schema->tables) = table;
    r->last = table;
    return true;
}

static bool read_index(Reader *r, Table *table, const char *name, const char *text)
{
    Index *index;
    if (!ddl_index(r->arena, table, name, text, &index, r->err))
        return cannot_read(r, "index", name);
    *VEC_PUSH(r->arena, &table->indexes) = index;
    return true;
}

// Those whose table is not among the ones read are of a table that is left out.
static bool read_later_indexes(Reader *r)
{
    VEC_EACH (Later, later, &r->later) {
        Table *table = find_table(r, later->table);
        if (table && !read_index(r, table, later->name, later->text))
            return false;
    }
    return true;
}

static bool read_view(Reader *r, const char *name, const char *text)
{
    View *view;
    if (!ddl_view(r->arena, name, text, &view, r->err))
        return cannot_read(r, "view", name);
    *VEC_PUSH(r->arena, &r->schema->objects) = &view->head;
    return true;
}

static bool read_trigger(Reader *r, const char *name, const char *table_name, const char *text)
{
    if (is_left_out(r, table_name))
        return true;
    Object *trigger = object_new(r->arena, OBJECT_TRIGGER, NULL, table_name, name);
    trigger->definition = text;
    *VEC_PUSH(r->arena, &r->schema->objects) = trigger;
    return true;
}

// Text without the semicolons and spaces at its end.
static const char *keep_text(Arena *arena, const char *text)
{
    size_t n = strlen(text);
    while (n && strchr("; \t\r\n", text[n - 1]))
        n--;
    return arena_strndup(arena, text, n);
}

static void finish_tables(Reader *r)
{
    size_t n = r->schema->tables.count;
    r->tables.items = arena_alloc(r->arena, (n + 1) * sizeof(Table *));
    r->tables.count = n;
    if (n)
        memcpy(r->tables.items, r->schema->tables.items, n * sizeof(Table *));
    qsort(r->tables.items, n, sizeof(Table *), by_name);
}

static bool read_row(Reader *r, sqlite3_stmt *rows)
{
    const char *kind = (const char *)sqlite3_column_text(rows, 0);
    const char *name = (const char *)sqlite3_column_text(rows, 1);
    const char *table = (const char *)sqlite3_column_text(rows, 2);
    const char *text = (const char *)sqlite3_column_text(rows, 3);
    if (!kind || !name || !table || !text) // an index that a constraint made has no text
        return true;
    bool index = strcmp(kind, "index") == 0, trigger = strcmp(kind, "trigger") == 0;
    if (!index && !trigger && is_left_out(r, name))
        return true;
    name = arena_strdup(r->arena, name);
    text = keep_text(r->arena, text);
    if (index && r->last && strcasecmp(r->last->head.name, table) == 0)
        return read_index(r, r->last, name, text);
    if (index) {
        *VEC_PUSH(r->arena, &r->later) = (Later){ name, arena_strdup(r->arena, table), text };
        return true;
    }
    if (trigger)
        return read_trigger(r, name, arena_strdup(r->arena, table), text);
    return strcmp(kind, "view") == 0 ? read_view(r, name, text) : read_table(r, name, text);
}

// The module's own tables by the names that SQLite's own modules use, for a library without the module; where it
// is there, SQLite says so itself.
static void add_shadows_by_name(Reader *r, const char *name, const char *module)
{
    static const struct {
        const char *module, *suffixes[6];
    } known[] = {
        {"fts3",       { "content", "segments", "segdir", "docsize", "stat" }},
        { "fts4",      { "content", "segments", "segdir", "docsize", "stat" }},
        { "fts5",      { "data", "idx", "content", "docsize", "config" }     },
        { "rtree",     { "node", "rowid", "parent" }                         },
        { "rtree_i32", { "node", "rowid", "parent" }                         },
        { "geopoly",   { "node", "rowid", "parent" }                         },
    };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        for (size_t k = 0; strcasecmp(module, known[i].module) == 0 && known[i].suffixes[k]; k++)
            *VEC_PUSH(r->arena, &r->shadows) = arena_printf(r->arena, "%s_%s", name, known[i].suffixes[k]);
}

static bool find_shadows(Reader *r)
{
    sqlite3_stmt *rows;
    if (sqlite3_prepare_v2(r->self->handle,
                           "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND rootpage = 0", -1,
                           &rows, NULL) != SQLITE_OK)
        return sqlite_failed(r->self, r->err);
    int code;
    bool any = false;
    while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(rows, 0);
        const char *text = (const char *)sqlite3_column_text(rows, 1);
        const char *module = name && text ? ddl_module(r->arena, text) : NULL;
        any |= module != NULL;
        if (module)
            add_shadows_by_name(r, name, module);
    }
    sqlite3_finalize(rows);
    if (code != SQLITE_DONE)
        return sqlite_failed(r->self, r->err);
    if (!any || sqlite3_prepare_v2(r->self->handle,
                                   "SELECT name FROM pragma_table_list "
                                   "WHERE type = 'shadow' AND schema = 'main'",
                                   -1, &rows, NULL) != SQLITE_OK)
        return true; // a SQLite before 3.37
    while (sqlite3_step(rows) == SQLITE_ROW)
        *VEC_PUSH(r->arena, &r->shadows) = arena_strdup(r->arena, (const char *)sqlite3_column_text(rows, 0));
    sqlite3_finalize(rows);
    return true;
}

static bool read_rows(Reader *r)
{
    sqlite3_stmt *rows;
    if (sqlite3_prepare_v2(r->self->handle, "SELECT type, name, tbl_name, sql FROM sqlite_master", -1, &rows,
                           NULL) != SQLITE_OK)
        return sqlite_failed(r->self, r->err);
    bool ok = true;
    int code = SQLITE_DONE;
    while (ok && (code = sqlite3_step(rows)) == SQLITE_ROW)
        ok = read_row(r, rows);
    if (ok && code != SQLITE_DONE)
        ok = sqlite_failed(r->self, r->err);
    sqlite3_finalize(rows);
    return ok;
}

// One read transaction around all: another process may change the schema between two of them.
bool sqlite_introspect(Db *db, Arena *arena, const Filter *filter, Schema *out, Error *err)
{
    Sqlite *self = sqlite_of(db);
    Reader reader = { .self = self, .arena = arena, .filter = filter, .schema = out, .err = err };
    *out = (Schema){ .server = db->server, .dialect = &sqlite_dialect };
    bool own = sqlite3_get_autocommit(self->handle) != 0;
    if (own && sqlite3_exec(self->handle, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_failed(self, err);
    bool ok = find_shadows(&reader) && read_rows(&reader);
    if (ok) {
        finish_tables(&reader);
        ok = read_later_indexes(&reader);
    }
    if (own)
        sqlite3_exec(self->handle, "COMMIT", NULL, NULL, NULL);
    if (ok)
        schema_sort(out);
    return ok;
}
