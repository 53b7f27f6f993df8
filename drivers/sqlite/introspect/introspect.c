// The whole database in one query: sqlite_schema's rows, each text read by ddl.c.
#include "drivers/sqlite/driver/internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "drivers/sqlite/ddl/ddl.h"

typedef enum RowKind { ROW_TABLE, ROW_INDEX, ROW_VIEW, ROW_TRIGGER } RowKind;

// A row of sqlite_schema, and what was made of it.
typedef struct SourceRow {
    sqlite3_int64 id;
    RowKind kind;
    const char *name, *table, *text; // the text without what follows its end
    Object *object;                  // of the schema, or the table's; NULL: left out, or an index
} SourceRow;
// Of one look. The row is shared with the look before where it is the same.
typedef struct SeenRow {
    SourceRow *row;
    bool kept; // the same as in the look before
} SeenRow;
typedef VEC(SeenRow) SeenRowList;

// All rows in the order of their ids: what a later look compares with.
typedef struct Source {
    SeenRowList rows;
    bool has_virtual;
} Source;

typedef struct Reader {
    Sqlite *self;
    Arena *arena;
    const Filter *filter;
    Schema *schema;
    const Source *old; // of the look before; NULL: none
    Source *source;
    TableList fresh;  // tables that were read now; by name, case-insensitive, once all are
    NameList shadows; // tables that belong to virtual ones
    NameList stale;   // tables with an index that was made, changed or dropped since
    size_t reused;
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

static Table *find_fresh(const Reader *r, const char *name)
{
    size_t low = 0, high = r->fresh.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcasecmp(r->fresh.items[middle]->head.name, name);
        if (order == 0)
            return r->fresh.items[middle];
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
    return error_hint(r->err, "Leave it out with `exclude: [\"%s\"]` in cmigrate.yaml until this is fixed.",
                      name);
}

static bool names_table(const NameList *list, const char *name)
{
    VEC_EACH (const char *, it, list)
        if (strcasecmp(*it, name) == 0)
            return true;
    return false;
}

// A table whose text and indexes are the same is that of the look before.
static bool read_table(Reader *r, SeenRow *seen)
{
    Table *table;
    const SourceRow *row = seen->row;
    if (seen->kept && (!row->object || !names_table(&r->stale, row->name))) {
        table = (Table *)(void *)row->object;
    } else if (names_table(&r->shadows, row->name)) {
        table = NULL;
    } else {
        if (!ddl_table(r->arena, row->name, row->text, &table, r->err))
            return cannot_read(r, "table", row->name);
        *VEC_PUSH(r->arena, &r->fresh) = table;
    }
    Object *object = table ? &table->head : NULL;
    if (seen->kept && object != row->object) { // the look before keeps its own
        seen->row = ARENA_NEW(r->arena, SourceRow);
        *seen->row = *row;
    }
    seen->row->object = object;
    if (table)
        *VEC_PUSH(r->arena, &r->schema->tables) = table;
    return true;
}

// An index whose table was not read now is in that table already, or the table is left out.
static bool read_index(Reader *r, const SourceRow *row)
{
    Index *index;
    Table *table = find_fresh(r, row->table);
    if (!table)
        return true;
    if (!ddl_index(r->arena, table, row->name, row->text, &index, r->err))
        return cannot_read(r, "index", row->name);
    *VEC_PUSH(r->arena, &table->indexes) = index;
    return true;
}

static bool read_view(Reader *r, SourceRow *row)
{
    View *view;
    if (!ddl_view(r->arena, row->name, row->text, &view, r->err))
        return cannot_read(r, "view", row->name);
    row->object = &view->head;
    return true;
}

static void read_trigger(const Reader *r, SourceRow *row)
{
    if (is_left_out(r, row->table))
        return;
    row->object = object_new(r->arena, OBJECT_TRIGGER, NULL, row->table, row->name);
    row->object->definition = row->text;
}

static bool read_object(Reader *r, SeenRow *seen)
{
    SourceRow *row = seen->row;
    if (row->kind == ROW_TABLE && (seen->kept || !is_left_out(r, row->name)))
        return read_table(r, seen);
    if (row->kind == ROW_VIEW && !seen->kept && !is_left_out(r, row->name) && !read_view(r, row))
        return false;
    if (row->kind == ROW_TRIGGER && !seen->kept)
        read_trigger(r, row);
    if ((row->kind == ROW_VIEW || row->kind == ROW_TRIGGER) && row->object)
        *VEC_PUSH(r->arena, &r->schema->objects) = row->object;
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

static RowKind kind_of(const char *word)
{
    return strcmp(word, "table") == 0   ? ROW_TABLE
           : strcmp(word, "index") == 0 ? ROW_INDEX
           : strcmp(word, "view") == 0  ? ROW_VIEW
                                        : ROW_TRIGGER;
}

static void note_stale(Reader *r, const SourceRow *row)
{
    if (r->old && row->kind == ROW_INDEX && !names_table(&r->stale, row->table))
        *VEC_PUSH(r->arena, &r->stale) = row->table;
}

// `text` is compared without its end, as it was kept.
static bool is_kept(const SourceRow *old, RowKind kind, const char *name, const char *table, const char *text)
{
    size_t n = strlen(old->text);
    return old->kind == kind && strcmp(old->name, name) == 0 && strcmp(old->table, table) == 0 &&
           strncmp(old->text, text, n) == 0 && !text[n + strspn(text + n, "; \t\r\n")];
}

static void reserve(Reader *r, size_t rows)
{
    r->source->rows = (SeenRowList){ arena_alloc(r->arena, rows * sizeof(SeenRow)), 0, rows };
}

// One row of the query. `*at` walks along the rows of the look before.
static void take_row(Reader *r, sqlite3_stmt *rows, size_t *at)
{
    const char *kind = (const char *)sqlite3_column_text(rows, 1);
    const char *name = (const char *)sqlite3_column_text(rows, 2);
    const char *table = (const char *)sqlite3_column_text(rows, 3);
    const char *text = (const char *)sqlite3_column_text(rows, 4);
    if (!kind || !name || !table || !text) // an index that a constraint made has no text
        return;
    sqlite3_int64 id = sqlite3_column_int64(rows, 0);
    const SeenRowList *old = r->old ? &r->old->rows : &(SeenRowList){ 0 };
    for (; *at < old->count && old->items[*at].row->id < id; (*at)++)
        note_stale(r, old->items[*at].row);
    SeenRow *seen = VEC_PUSH(r->arena, &r->source->rows);
    if (*at < old->count && old->items[*at].row->id == id) {
        SourceRow *same = old->items[(*at)++].row;
        if (is_kept(same, kind_of(kind), name, table, text)) {
            *seen = (SeenRow){ same, true };
            r->reused++;
            return;
        }
        note_stale(r, same);
    }
    SourceRow *row = seen->row = ARENA_NEW(r->arena, SourceRow);
    *row = (SourceRow){ .id = id,
                        .kind = kind_of(kind),
                        .name = arena_strdup(r->arena, name),
                        .table = arena_strdup(r->arena, table),
                        .text = keep_text(r->arena, text) };
    r->source->has_virtual |= row->kind == ROW_TABLE && !sqlite3_column_int64(rows, 5);
    note_stale(r, row);
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
    bool any = false;
    VEC_EACH (const SeenRow, it, &r->source->rows) {
        const char *module = it->row->kind == ROW_TABLE ? ddl_module(r->arena, it->row->text) : NULL;
        any |= module != NULL;
        if (module)
            add_shadows_by_name(r, it->row->name, module);
    }
    if (!any || sqlite3_prepare_v2(r->self->handle,
                                   "SELECT name FROM pragma_table_list "
                                   "WHERE type = 'shadow' AND schema = 'main'",
                                   -1, &rows, NULL) != SQLITE_OK)
        return true; // a SQLite before 3.37
    int code;
    while ((code = sqlite3_step(rows)) == SQLITE_ROW)
        *VEC_PUSH(r->arena, &r->shadows) = arena_strdup(r->arena, (const char *)sqlite3_column_text(rows, 0));
    sqlite3_finalize(rows);
    return code == SQLITE_DONE || sqlite_failed(r->self, r->err);
}

static bool read_rows(Reader *r)
{
    sqlite3_stmt *rows;
    size_t at = 0;
    if (sqlite3_prepare_v2(
            r->self->handle,
            "SELECT rowid, type, name, tbl_name, sql, rootpage FROM sqlite_master ORDER BY rowid", -1, &rows,
            NULL) != SQLITE_OK)
        return sqlite_failed(r->self, r->err);
    int code;
    while ((code = sqlite3_step(rows)) == SQLITE_ROW)
        take_row(r, rows, &at);
    for (; r->old && at < r->old->rows.count; at++)
        note_stale(r, r->old->rows.items[at].row);
    bool ok = code == SQLITE_DONE || sqlite_failed(r->self, r->err);
    sqlite3_finalize(rows);
    return ok;
}

static bool make_objects(Reader *r)
{
    VEC_EACH (SeenRow, it, &r->source->rows)
        if (!read_object(r, it))
            return false;
    if (r->fresh.count)
        qsort(r->fresh.items, r->fresh.count, sizeof(Table *), by_name);
    VEC_EACH (const SeenRow, it, &r->source->rows)
        if (it->row->kind == ROW_INDEX && !read_index(r, it->row))
            return false;
    schema_sort(r->schema);
    return true;
}

// One read transaction around all: another process may change the schema between two of them. Which tables belong to a
// virtual one is seen only in all of them, so where there are virtual ones nothing is taken over from the look before.
static bool look(Reader *r, const Source *old)
{
    Sqlite *self = r->self;
    r->source = ARENA_NEW(r->arena, Source);
    r->old = old && !old->has_virtual ? old : NULL;
    if (r->old) // as many, or a few more: a list that doubles leaves three times as much behind at each look
        reserve(r, r->old->rows.count + 8);
    bool own = sqlite3_get_autocommit(self->handle) != 0;
    if (own && sqlite3_exec(self->handle, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_failed(self, r->err);
    bool ok = read_rows(r);
    if (ok && r->source->has_virtual && r->old) {
        *r->source = (Source){ 0 };
        r->old = NULL;
        r->stale = (NameList){ 0 };
        r->reused = 0;
        ok = read_rows(r);
    }
    ok = ok && (!r->source->has_virtual || find_shadows(r)) && make_objects(r);
    if (own)
        sqlite3_exec(self->handle, "COMMIT", NULL, NULL, NULL);
    r->schema->source = r->source;
    return ok;
}

bool sqlite_introspect(Db *db, Arena *arena, const Filter *filter, Schema *out, Error *err)
{
    *out = (Schema){ .server = db->server, .dialect = &sqlite_dialect };
    Reader reader = { .self = sqlite_of(db), .arena = arena, .filter = filter, .schema = out, .err = err };
    return look(&reader, NULL);
}

bool sqlite_introspect_since(Db *db, Arena *arena, const Filter *filter, const Schema *before, Schema *out,
                             bool *shared, Error *err)
{
    *out = (Schema){ .server = db->server, .dialect = &sqlite_dialect };
    Reader reader = { .self = sqlite_of(db), .arena = arena, .filter = filter, .schema = out, .err = err };
    bool ok = look(&reader, before->source);
    *shared = reader.reused > 0;
    return ok;
}
