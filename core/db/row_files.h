// row_files.h -- statements whose rows lie in a file beside their script.
//
//     INSERT INTO "country" ("iso", "name") VALUES (:rows 'data/<sha256>.csv' "iso", "name") ON CONFLICT …
//
// Where (:rows 'FILE' columns) stands, so many rows as go into one statement are put, (…), (…), and the statement is run for
// each of them until the file ends. The name of the file is the SHA-256 of what is in it; a file that was changed is refused.
// Memory does not grow with the file.
#ifndef CORE_DB_ROW_FILES_H
#define CORE_DB_ROW_FILES_H

#include "core/db/driver.h"

// An INSERT whose columns are those of the file, in its order.
struct RowLoad {
    const char *table, *columns; // as they are written in it
    const char *before, *after;  // what stands before VALUES, and after the rows
    const char *path;
    bool *
        refused; // set by the driver where nothing was done, since this server takes no files: statements it is
};

// Whether the statement has rows in a file; *name (may be NULL) is that file's.
bool row_file_of(Arena *arena, const Dialect *dialect, const char *sql, const char **name);

// Calls `use` for each statement that becomes of `sql`: for itself where it has no file. `folder`: of the script.
// ERR_SCRIPT where the file is not there, or is another one.
typedef bool RowStatementFn(void *payload, const char *sql, Error *err);
bool row_file_statements(const Dialect *dialect, const char *sql, const char *folder, RowStatementFn *use,
                         void *payload, Error *err) MUST_USE;

// db_exec_in for both kinds.
bool db_exec_rows(Db *db, NameScope scope, const char *sql, const char *folder, Error *err) MUST_USE;

#endif
