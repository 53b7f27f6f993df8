// Rows of a file by one prepared statement, which is bound for each of them: parsing it costs more than inserting.
#include "core/base/rowfile.h"
#include "core/db/row_files.h"
#include "drivers/sqlite/driver/internal.h"

static bool insert_row(Sqlite *self, sqlite3_stmt *statement, const RowField *fields, Error *err)
{
    int count = sqlite3_bind_parameter_count(statement);
    for (int i = 0; i < count; i++)
        if (sqlite3_bind_text(statement, i + 1, fields[i].text, -1, SQLITE_STATIC) != SQLITE_OK)
            return sqlite_failed(self, err);
    bool ok = sqlite3_step(statement) == SQLITE_DONE || sqlite_failed(self, err);
    self->db.affected += ok ? (uint64_t)sqlite3_changes(self->handle) : 0;
    sqlite3_reset(statement);
    return ok;
}

static bool insert_rows(Sqlite *self, sqlite3_stmt *statement, RowFile *file, const RowLoad *load, Error *err)
{
    const RowField *fields;
    bool more = true;
    while (more) {
        if (!rowfile_next(file, &fields, &more, err))
            return false;
        if (more && !insert_row(self, statement, fields, err))
            return error_prefix(err, "line %u of %s: ", rowfile_line(file), load->path);
    }
    return true;
}

static const char *statement_of(Arena *arena, const RowLoad *load, size_t columns)
{
    StrBuf sql;
    strbuf_init(&sql, arena);
    strbuf_printf(&sql, "%s VALUES (", load->before);
    for (size_t i = 0; i < columns; i++)
        strbuf_puts(&sql, i ? ", ?" : "?");
    strbuf_printf(&sql, ")%s", load->after);
    return sql.text;
}

// In a savepoint, so that it is one statement also where no transaction is open: all rows or none.
bool sqlite_load(Db *db, const RowLoad *load, Error *err)
{
    Sqlite *self = sqlite_of(db);
    Arena *arena = arena_new();
    sqlite3_stmt *statement = NULL;
    RowFile *file = rowfile_open(arena, load->path, load->path, NULL, err);
    bool ok = file && sqlite_exec(db, "SAVEPOINT cmigrate_load", err);
    bool opened = ok;
    if (ok) {
        const char *sql = statement_of(arena, load, rowfile_columns(file)->count);
        db->affected = 0;
        ok = sqlite3_prepare_v2(self->handle, sql, -1, &statement, NULL) == SQLITE_OK ||
             sqlite_failed(self, err);
        ok = ok && insert_rows(self, statement, file, load, err);
        sqlite3_finalize(statement);
    }
    uint64_t affected = db->affected;
    if (opened && !ok)
        (void)sqlite_exec(db, "ROLLBACK TO cmigrate_load", NULL);
    if (opened && !sqlite_exec(db, "RELEASE cmigrate_load", ok ? err : NULL))
        ok = false;
    db->affected = ok ? affected : 0;
    rowfile_close(file);
    arena_free(arena);
    return ok;
}
