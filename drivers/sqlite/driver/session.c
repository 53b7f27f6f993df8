// What a script may set for the connection, and how it was when the connection was opened.
#include <string.h>

#include "drivers/sqlite/driver/internal.h"

// All of SQLite's pragmas that set something for a connection and can be read. Those of the file (journal_mode, user_version,
// page_size, auto_vacuum, ...) are what a revision may be there to set.
static const char *const pragmas[] = {
    "analysis_limit",
    "automatic_index",
    "busy_timeout",
    "cache_size",
    "cache_spill",
    "cell_size_check",
    "checkpoint_fullfsync",
    "count_changes",
    "defer_foreign_keys",
    "empty_result_callbacks",
    "foreign_keys",
    "full_column_names",
    "fullfsync",
    "ignore_check_constraints",
    "journal_size_limit",
    "legacy_alter_table",
    "locking_mode",
    "max_page_count",
    "mmap_size",
    "query_only",
    "read_uncommitted",
    "recursive_triggers",
    "reverse_unordered_selects",
    "secure_delete",
    "short_column_names",
    "soft_heap_limit",
    "hard_heap_limit",
    "synchronous",
    "temp_store",
    "threads",
    "trusted_schema",
    "wal_autocheckpoint",
    "writable_schema",
};
_Static_assert(COUNT_OF(pragmas) == SESSION_PRAGMAS, "as many values are kept");

static const char *value_of(Sqlite *self, const char *pragma)
{
    const char *value = NULL;
    Error ignored = { 0 };
    Arena *arena = self->db.arena;
    // one that this library does not have gives no row
    if (!db_value(&self->db, arena, arena_printf(arena, "PRAGMA %s", pragma), &value, &ignored))
        return NULL;
    return value;
}

void sqlite_keep_session(Sqlite *self)
{
    for (size_t i = 0; i < COUNT_OF(pragmas); i++)
        self->session[i] = value_of(self, pragmas[i]);
}

static bool keep_name(void *payload, const Row *row, Error *err)
{
    (void)err;
    Sqlite *self = payload;
    if (row->count && row->values[0])
        *VEC_PUSH(self->db.arena, &self->names) = arena_strdup(self->db.arena, row->values[0]);
    return true;
}

// Names that a query gives, each put into a statement: `before` name.
static bool for_each_name(Sqlite *self, const char *query, const char *before, Error *err)
{
    self->names.count = 0;
    if (!sqlite_query(&self->db, query, keep_name, self, err))
        return false;
    VEC_EACH (const char *, name, &self->names) {
        StrBuf sql;
        strbuf_init(&sql, self->db.arena);
        strbuf_puts(&sql, before);
        sqlite_dialect.put_identifier(&sql, *name);
        if (!sqlite_exec(&self->db, sql.text, err))
            return false;
    }
    return true;
}

// Inside a transaction some have no effect (foreign_keys, synchronous, temp_store) and nothing can be detached.
bool sqlite_restore(Db *db, Error *err)
{
    Sqlite *self = sqlite_of(db);
    Error ignored = { 0 };
    bool outside = sqlite3_get_autocommit(self->handle) != 0;
    if (!self->borrowed && !sqlite_exec(db, "PRAGMA case_sensitive_like = OFF", err)) // it cannot be read
        return false;
    for (size_t i = 0; i < COUNT_OF(pragmas); i++) {
        const char *now = self->session[i] ? value_of(self, pragmas[i]) : NULL;
        if (now && strcmp(now, self->session[i]) != 0 &&
            (outside || strcmp(pragmas[i], "synchronous") != 0) &&
            (outside || strcmp(pragmas[i], "temp_store") != 0) &&
            !sqlite_exec(db, arena_printf(db->arena, "PRAGMA %s = %s", pragmas[i], self->session[i]), err))
            return false;
    }
    if (self->borrowed) // what is temporary or attached is the application's, too
        return true;
    sqlite3_set_last_insert_rowid(self->handle, 0);
    return !outside ||
           (for_each_name(self, "SELECT name FROM temp.sqlite_master WHERE type = 'view'", "DROP VIEW temp.",
                          err) &&
            for_each_name(self, "SELECT name FROM temp.sqlite_master WHERE type = 'trigger'",
                          "DROP TRIGGER temp.", err) &&
            for_each_name(self,
                          "SELECT name FROM temp.sqlite_master WHERE type = 'table' AND name NOT LIKE "
                          "'sqlite\\_%' ESCAPE '\\'",
                          "DROP TABLE temp.", err) &&
            for_each_name(self, "SELECT name FROM pragma_database_list WHERE name NOT IN ('main', 'temp')",
                          "DETACH ", &ignored));
}
