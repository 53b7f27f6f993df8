#include "core/apply/apply_internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct Names {
    Arena *arena;
    NameList *out;
} Names;

static bool take_name(void *payload, const Row *row, Error *err)
{
    (void)err;
    Names *names = payload;
    const char *value = row->count ? row->values[0] : NULL;
    if (value)
        *VEC_PUSH(names->arena, names->out) =
            arena_strndup(names->arena, value, row->lengths ? row->lengths[0] : strlen(value));
    return true;
}

bool version_rows(Db *db, Arena *arena, const VersionStore *store, NameList *out, Error *err)
{
    StrBuf query;
    strbuf_init(&query, arena);
    strbuf_puts(&query, "SELECT version_num FROM ");
    put_table(&query, db->dialect, store, store->table);
    strbuf_puts(&query, " ORDER BY version_num");
    NameList rows = { 0 };
    Names names = { arena, &rows };
    if (!db->driver->query(db, query.text, take_name, &names, err))
        return false;
    *out = rows;
    return true;
}

enum { NARROWEST = 32 }; // of what Alembic ever made

static bool read_width(Run *run, size_t *width, Error *err)
{
    StrBuf query;
    const char *value = NULL;
    strbuf_init(&query, run->arena);
    strbuf_puts(&query,
                "SELECT character_maximum_length FROM information_schema.columns WHERE table_name = ");
    run->dialect->put_literal(&query, run->store->table);
    strbuf_puts(&query, " AND column_name = 'version_num' AND table_schema = ");
    if (run->store->schema)
        run->dialect->put_literal(&query, run->store->schema);
    else
        strbuf_puts(&query, "DATABASE()");
    if (!db_value(run->db, run->arena, query.text, &value, err))
        return false;
    *width = value ? strtoul(value, NULL, 10) : 0; // no limit, or not to be known
    return true;
}

bool version_fits(Run *run, const NameList *ids, Error *err)
{
    const char *longest = "";
    VEC_EACH (const char *, id, ids)
        longest = strlen(*id) > strlen(longest) ? *id : longest;
    size_t width = 0;
    if (strlen(longest) <= NARROWEST || !run->has_version || !(run->dialect->caps & BOUNDS_TEXT))
        return true;
    if (!read_width(run, &width, err))
        return false;
    if (!width || strlen(longest) <= width)
        return true;
    const Revision *revision = graph_by_id(run->request->graph, longest);
    error_at(err, ERR_SCRIPT, revision ? revision->script->revision_at : (SourcePos){ 0 },
             "the id '%s' has %zu characters, and version_num of %s holds %zu", longest, strlen(longest),
             run->store->table, width);
    return error_hint(err, "Give the revision a shorter id, or widen the column to VARCHAR(128).");
}

bool version_read(Db *db, Arena *arena, const VersionStore *store, NameList *out, bool *exists, Error *err)
{
    TableFacts facts;
    if (!table_find(db, arena, store, &(TableLook){ store->table, NULL, false }, &facts, err))
        return false;
    if (exists)
        *exists = facts.exists;
    VersionStore found = *store;
    found.schema = store->schema ? store->schema : facts.schema;
    return !facts.exists || version_rows(db, arena, &found, out, err);
}

static bool unknown_row(const char *row, Error *err)
{
    error_set(err, ERR_STATE, "Can't locate revision identified by '%s'", row);
    error_detail(err, "The database says that it is at this revision, and no script has it: was its file "
                      "removed, or is this another "
                      "branch's checkout?");
    return error_hint(err,
                      "Restore the file, or record the revision that the database is really at: cmigrate "
                      "stamp --purge REVISION");
}

static bool row_twice(const char *row, Error *err)
{
    error_set(err, ERR_STATE, "the version table lists '%s' twice", row);
    error_detail(err, "Each head is listed once; another program, or a table without a key, let two in.");
    return error_hint(err, "Record the current revision again: cmigrate stamp --purge %s", row);
}

bool version_resolve(Arena *arena, const Graph *graph, const NameList *rows, RevisionList *out, Error *err)
{
    RevisionList found = { 0 };
    VEC_EACH (const char *, row, rows) {
        Revision *revision = graph_by_row(graph, *row);
        if (!revision)
            return unknown_row(*row, err);
        if (row != rows->items && strcmp(row[-1], *row) == 0) // they come sorted
            return row_twice(*row, err);
        *VEC_PUSH(arena, &found) = revision;
    }
    *out = found;
    return true;
}

// As few statements as possible: rows that go and rows that come are paired as updates, the rest inserted or deleted.
// What both begin and end with is passed over: nearly all, where there are thousands of heads.
void version_changes(Arena *arena, const NameList *before, const NameList *after, VersionChangeList *out)
{
    NameList gone = { 0 }, come = { 0 }, old = *before, new = *after;
    for (; old.count && new.count &&strcmp(old.items[0], new.items[0]) == 0; old.count--, new.count--)
        old.items++, new.items++;
    while (old.count && new.count && strcmp(old.items[old.count - 1], new.items[new.count - 1]) == 0)
        old.count--, new.count--;
    VEC_EACH (const char *, it, &old)
        if (!names_have(&new, *it))
            *VEC_PUSH(arena, &gone) = *it;
    VEC_EACH (const char *, it, &new)
        if (!names_have(&old, *it))
            *VEC_PUSH(arena, &come) = *it;
    size_t most = gone.count > come.count ? gone.count : come.count;
    for (size_t i = 0; i < most; i++)
        *VEC_PUSH(arena, out) =
            (VersionChange){ i < gone.count ? gone.items[i] : NULL, i < come.count ? come.items[i] : NULL };
}

const char *version_change_sql(Arena *arena, const Dialect *dialect, const VersionStore *store,
                               const VersionChange *change)
{
    StrBuf sql;
    strbuf_init(&sql, arena);
    strbuf_puts(&sql, change->from && change->to ? "UPDATE " : change->to ? "INSERT INTO " : "DELETE FROM ");
    put_table(&sql, dialect, store, store->table);
    if (change->to) {
        strbuf_puts(&sql, change->from ? " SET version_num = " : " (version_num) VALUES (");
        dialect->put_literal(&sql, change->to);
        strbuf_puts(&sql, change->from ? "" : ")");
    }
    if (change->from) {
        strbuf_puts(&sql, " WHERE ");
        put_equals(&sql, dialect, "version_num", change->from);
    }
    return sql.text;
}

// The lock excludes other runs, not a person with another client: a row that is not what it was stops everything.
static bool matched_one(const Run *run, const VersionChange *change, Error *err)
{
    if (run->db->affected == 1)
        return true;
    if (change->to)
        error_set(err, ERR_REVISION,
                  "Online migration expected to match one row when updating '%s' to '%s' in '%s'; %llu found",
                  change->from, change->to, run->store->table, (unsigned long long)run->db->affected);
    else
        error_set(err, ERR_REVISION,
                  "Online migration expected to match one row when deleting '%s' in '%s'; %llu found",
                  change->from, run->store->table, (unsigned long long)run->db->affected);
    return error_hint(err, "Something else wrote to %s while this ran: look with `cmigrate current`.",
                      run->store->table);
}

bool version_write(Run *run, Arena *arena, const NameList *before, const NameList *after, Error *err)
{
    VersionChangeList changes = { 0 };
    version_changes(arena, before, after, &changes);
    VEC_EACH (VersionChange, change, &changes) {
        if (!fault_point("version", err) ||
            !exec_sql(run->db, version_change_sql(arena, run->dialect, run->store, change), err))
            return false;
        if (change->from && !matched_one(run, change, err))
            return false;
    }
    return true;
}

const char *version_guard_sql(Arena *arena, const Dialect *dialect, const VersionStore *store,
                              const char *row)
{
    StrBuf query, out;
    strbuf_init(&query, arena);
    strbuf_init(&out, arena);
    strbuf_puts(&query, "SELECT n FROM (SELECT COUNT(*) AS n FROM ");
    put_table(&query, dialect, store, store->table);
    if (row) {
        strbuf_puts(&query, " WHERE ");
        put_equals(&query, dialect, "version_num", row);
    }
    strbuf_printf(&query, ") AS rows_found WHERE n <> %d", row ? 1 : 0);
    const char *text =
        row ? arena_printf(arena, "the database is not at %s, as %s should say", row, store->table)
            : arena_printf(arena, "the database is not at the base, as %s should say", store->table);
    dialect->put_assertion(&out, query.text, text);
    return out.text;
}
