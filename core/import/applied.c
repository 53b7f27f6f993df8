#include "core/import/import_internal.h"

#include <string.h>
#include <strings.h>

typedef struct Rows {
    Arena *arena;
    size_t columns;
    NameList values; // row by row; NULL becomes ""
} Rows;

static bool take_row(void *payload, const Row *row, Error *err)
{
    (void)err;
    Rows *rows = payload;
    for (size_t i = 0; i < rows->columns; i++) {
        const char *value = i < row->count && row->values[i] ? row->values[i] : "";
        size_t n = *value && row->lengths ? row->lengths[i] : strlen(value);
        *VEC_PUSH(rows->arena, &rows->values) = arena_strndup(rows->arena, value, n);
    }
    return true;
}

static const char *table_of(const Import *import)
{
    return import->table ? import->table : import->format->version_table;
}

// "schema.name" or "name"; *schema NULL: where names are looked for.
static const char *split_table(Arena *arena, const char *table, const char **schema)
{
    const char *dot = strchr(table, '.');
    *schema = dot ? arena_strndup(arena, table, (size_t)(dot - table)) : NULL;
    return dot ? dot + 1 : table;
}

static bool is_there(Db *db, Arena *arena, const char *table, bool *exists, Error *err)
{
    StrBuf query;
    Rows rows = { .arena = arena, .columns = 1 };
    const char *schema, *name = split_table(arena, table, &schema);
    strbuf_init(&query, arena);
    (db->dialect->put_quick_table_query ? db->dialect->put_quick_table_query
                                        : db->dialect->put_table_query)(&query, schema, name, NULL);
    if (!db_query_in(db, SCOPE_LOOKUP, query.text, take_row, &rows, err))
        return false;
    *exists = rows.values.count > 0;
    return true;
}

// Columns as names, read in the order of another.
static bool read_rows(const Import *import, Db *db, Arena *arena, const char *const *columns, size_t count,
                      const char *order, Rows *out, Error *err)
{
    StrBuf query;
    const char *schema, *name = split_table(arena, table_of(import), &schema);
    strbuf_init(&query, arena);
    strbuf_puts(&query, "SELECT ");
    for (size_t i = 0; i < count; i++) {
        strbuf_puts(&query, i ? ", " : "");
        db->dialect->put_identifier(&query, columns[i]);
    }
    strbuf_puts(&query, " FROM ");
    if (schema) {
        db->dialect->put_identifier(&query, schema);
        strbuf_putc(&query, '.');
    }
    db->dialect->put_identifier(&query, name);
    if (order) {
        strbuf_puts(&query, " ORDER BY ");
        db->dialect->put_identifier(&query, order);
    }
    *out = (Rows){ .arena = arena, .columns = count };
    if (db_query_in(db, SCOPE_LOOKUP, query.text, take_row, out, err))
        return true;
    return error_prefix(err, "%s, as %s keeps it: ", table_of(import), import->format->name);
}

static bool is_true(const char *value)
{
    return strcmp(value, "1") == 0 || strcasecmp(value, "t") == 0 || strcasecmp(value, "true") == 0;
}

static bool read_versions(const Import *import, Db *db, Arena *arena, const char *column, NameList *out,
                          Error *err)
{
    Rows rows;
    if (!read_rows(import, db, arena, &column, 1, column, &rows, err))
        return false;
    *out = rows.values;
    return true;
}

static bool applied_alembic(const Import *import, Db *db, Arena *arena, NameList *out, Error *err)
{
    return read_versions(import, db, arena, "version_num", out, err);
}

static bool applied_dbmate(const Import *import, Db *db, Arena *arena, NameList *out, Error *err)
{
    return read_versions(import, db, arena, "version", out, err);
}

// All revisions up to a version.
static void add_up_to(const Import *import, Arena *arena, const char *version, NameList *out)
{
    VEC_EACH (Imported *, it, &import->revisions)
        if (digits_at((*it)->version) && version_compare((*it)->version, version) <= 0 &&
            !names_have(out, (*it)->version))
            *VEC_PUSH(arena, out) = (*it)->version;
}

// One row: the version that it is at, and whether that one failed.
static bool applied_golang_migrate(const Import *import, Db *db, Arena *arena, NameList *out, Error *err)
{
    Rows rows;
    static const char *const columns[] = { "version", "dirty" };
    if (!read_rows(import, db, arena, columns, COUNT_OF(columns), "version", &rows, err))
        return false;
    const char *const *row = rows.values.items;
    if (!rows.values.count || row[0][0] == '-') // -1: nothing has run
        return true;
    if (is_true(row[1])) {
        error_set(err, ERR_STATE, "%s is dirty at version %s: that migration failed in its middle",
                  table_of(import), row[0]);
        return error_hint(err, "Bring the database into order, then: migrate force VERSION");
    }
    add_up_to(import, arena, row[0], out);
    if (!names_have(out, row[0]))
        *VEC_PUSH(arena, out) = row[0];
    return true;
}

static size_t find_version(const NameList *list, const char *version)
{
    for (size_t i = 0; i < list->count; i++)
        if (version_compare(list->items[i], version) == 0)
            return i;
    return list->count;
}

static void remove_version(NameList *list, const char *version)
{
    size_t at = find_version(list, version);
    if (at == list->count)
        return;
    memmove(&list->items[at], &list->items[at + 1], (list->count - at - 1) * sizeof(*list->items));
    list->count--;
}

// A row for each run, up and down: the last of a version says what it is. Version 0 is goose's own beginning.
static bool applied_goose(const Import *import, Db *db, Arena *arena, NameList *out, Error *err)
{
    Rows rows;
    static const char *const columns[] = { "version_id", "is_applied" };
    if (!read_rows(import, db, arena, columns, COUNT_OF(columns), "id", &rows, err))
        return false;
    for (size_t i = 0; i + 1 < rows.values.count; i += COUNT_OF(columns)) {
        const char *version = rows.values.items[i];
        if (version_compare(version, "0") == 0)
            continue;
        remove_version(out, version);
        if (is_true(rows.values.items[i + 1]))
            *VEC_PUSH(arena, out) = version;
    }
    return true;
}

static bool failed_there(const char *table, const char *what, Error *err)
{
    error_set(err, ERR_STATE, "%s says that %s failed", table, what);
    return error_hint(err, "Bring the database into order, then: flyway repair");
}

// Which migrations Flyway's history table calls done: in the order of installed_rank, with undone and deleted
// ones taken out and a baseline standing for all up to it.
static bool applied_flyway(const Import *import, Db *db, Arena *arena, NameList *out, Error *err)
{
    enum { VERSION, TYPE, DESCRIPTION, SUCCESS, COLUMNS };
    static const char *const columns[COLUMNS] = { "version", "type", "description", "success" };
    Rows rows;
    if (!read_rows(import, db, arena, columns, COLUMNS, "installed_rank", &rows, err))
        return false;
    for (size_t i = 0; i + COLUMNS <= rows.values.count; i += COLUMNS) {
        const char *const *row = rows.values.items + i;
        const char *name = row[VERSION][0] ? row[VERSION] : arena_printf(arena, "R %s", row[DESCRIPTION]);
        if (!is_true(row[SUCCESS]))
            return failed_there(table_of(import), name, err);
        if (strcmp(row[TYPE], "SCHEMA") == 0)
            continue;
        if (strncmp(row[TYPE], "UNDO", 4) == 0 || strcmp(row[TYPE], "DELETE") == 0)
            remove_version(out, name);
        else if (strstr(row[TYPE], "BASELINE"))
            add_up_to(import, arena, name, out);
        else if (!names_have(out, name))
            *VEC_PUSH(arena, out) = name;
    }
    return true;
}

// ---- What that is among our revisions

static const Imported *of_version(const Import *import, const char *version)
{
    VEC_EACH (Imported *, it, &import->revisions) {
        const char *own = (*it)->version;
        bool same = import->format->rows_are_heads || !digits_at(own) || !digits_at(version)
                        ? strcmp(own, version) == 0
                        : version_compare(own, version) == 0;
        if (same)
            return *it;
    }
    return NULL;
}

static bool unknown_version(const Import *import, const char *version, Error *err)
{
    error_set(err, ERR_STATE, "%s has the row '%s', and %s has no file of it", table_of(import), version,
              import->folder);
    return error_hint(err, "Bring the file back, or import without looking at the database: --no-stamp");
}

static bool in_a_squash(const Imported *imported, Error *err)
{
    error_set(err, ERR_STATE, "the database is at %s, in the middle of what a baseline replaces",
              imported->version);
    return error_hint(err, "Bring it to the baseline's version with Flyway first.");
}

static bool list_has_revision(const RevisionList *list, const Revision *revision)
{
    VEC_EACH (Revision *, it, list)
        if (*it == revision)
            return true;
    return false;
}

// What runs whenever its text changes may have run before what has come since: here it runs once more after it.
static void drop_repeatables(Import *import, const Graph *graph, RevisionList *applied)
{
    VEC_EACH (Imported *, it, &import->revisions) {
        const Revision *revision = graph_by_row(graph, (*it)->head.revision), *waits = NULL;
        if (strncmp((*it)->version, "R ", 2) != 0 || !revision || !list_has_revision(applied, revision))
            continue;
        VEC_EACH (Revision *, parent, &revision->parents)
            if (!list_has_revision(applied, *parent))
                waits = *parent;
        if (!waits)
            continue;
        size_t kept = 0;
        VEC_EACH (Revision *, other, applied)
            if (*other != revision)
                applied->items[kept++] = *other;
        applied->count = kept;
        import_warn(import, (*it)->head.path, "it has run, and will run again after %s, which has not",
                    waits->id);
    }
}

// Nothing that has run may build on what has not.
static bool check_whole(const Import *import, const RevisionList *applied, Error *err)
{
    VEC_EACH (Revision *, it, applied)
        VEC_EACH (Revision *, parent, &(*it)->parents) {
            if (list_has_revision(applied, *parent))
                continue;
            error_set(err, ERR_STATE, "%s has not run, but %s after it has, according to %s", (*parent)->id,
                      (*it)->id, table_of(import));
            return error_hint(err,
                              "Run it with %s first, or import without looking at the database: --no-stamp",
                              import->format->name);
        }
    return true;
}

bool import_applied(Import *import, Db *db, Arena *arena, const Graph *graph, NameList *out, bool *exists,
                    Error *err)
{
    NameList versions = { 0 };
    RevisionList applied = { 0 }, heads = { 0 };
    if (!is_there(db, arena, table_of(import), exists, err))
        return false;
    if (!*exists)
        return true;
    if (!import->format->applied(import, db, arena, &versions, err))
        return false;
    const Imported *in_squash = NULL;
    VEC_EACH (const char *, version, &versions) {
        const Imported *imported = of_version(import, *version);
        if (!imported)
            return unknown_version(import, *version, err);
        Revision *revision = graph_by_row(graph, imported->head.revision);
        if (!revision)
            in_squash = imported; // all that it stands for, or nothing
        else if (!list_has_revision(&applied, revision))
            *VEC_PUSH(arena, &applied) = revision;
    }
    if (in_squash && !applied.count)
        return in_a_squash(in_squash, err);
    drop_repeatables(import, graph, &applied);
    if (!import->format->rows_are_heads && !check_whole(import, &applied, err))
        return false;
    graph_minimal(arena, graph, &applied, &heads);
    VEC_EACH (Revision *, it, &heads)
        *VEC_PUSH(arena, out) = (*it)->id;
    return true;
}

const ImportFormat import_formats[] = {
    {.name = "alembic",
     .summary = "alembic.ini and env.py; Alembic itself writes its revisions as SQL",
     .version_table = "alembic_version",
     .read = read_alembic,
     .applied = applied_alembic,
     .rows_are_heads = true },
    { .name = "dbmate",
     .summary = "VERSION_title.sql with '-- migrate:up' and '-- migrate:down'",
     .version_table = "schema_migrations",
     .file_template = "{revision}_{slug}",
     .read = read_dbmate,
     .applied = applied_dbmate },
    { .name = "goose",
     .summary = "VERSION_title.sql with '-- +goose Up' and '-- +goose Down'",
     .version_table = "goose_db_version",
     .file_template = "{revision}_{slug}",
     .read = read_goose,
     .applied = applied_goose },
    { .name = "flyway",
     .summary = "V1__title.sql, U1__title.sql, R__title.sql, B1__title.sql",
     .version_table = "flyway_schema_history",
     .file_template = "{revision}_{slug}",
     .read = read_flyway,
     .applied = applied_flyway },
    { .name = "golang-migrate",
     .summary = "VERSION_title.up.sql and VERSION_title.down.sql",
     .version_table = "schema_migrations",
     .file_template = "{revision}_{slug}",
     .read = read_golang_migrate,
     .applied = applied_golang_migrate },
    { 0                                     },
};
