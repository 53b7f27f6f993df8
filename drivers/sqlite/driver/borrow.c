// The application's own connection. Its busy handler, its callbacks and what else cannot be asked for stay untouched; pragmas are
// put back when it is returned.
#include "drivers/sqlite/driver/internal.h"

bool sqlite_borrow(Sqlite *self, sqlite3 *handle, Error *err)
{
    self->handle = handle;
    self->borrowed = true;
    if (!sqlite3_get_autocommit(handle)) {
        error_set(err, ERR_USAGE, "the connection has a transaction open");
        return error_hint(err, "Commit or roll it back before the connection is handed over.");
    }
    const char *path = sqlite3_db_filename(handle, "main");
    self->path = path && path[0] ? arena_strdup(self->db.arena, path) : NULL;
    self->db.options.read_only = sqlite3_db_readonly(handle, "main") == 1;
    sqlite_keep_session(self);
    if (sqlite_set_pragmas(self, err))
        return true;
    sqlite_return(self);
    return false;
}

// The descriptor of the lock stays open: to close it would drop the locks that the application's connection holds on the file.
void sqlite_return(Sqlite *self)
{
    Error ignored = { 0 };
    if (!sqlite3_get_autocommit(self->handle))
        (void)sqlite_exec(&self->db, "ROLLBACK", &ignored);
    (void)sqlite_restore(&self->db, &ignored);
    self->handle = NULL;
    self->lock_file = -1;
}
