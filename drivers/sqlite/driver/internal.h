// internal.h -- the connection, as driver.c, lock.c, introspect.c and canonical.c share it.
#ifndef DRIVERS_SQLITE_DRIVER_INTERNAL_H
#define DRIVERS_SQLITE_DRIVER_INTERNAL_H

#include <sqlite3.h>
#include <time.h>

#include "core/db/driver.h"
#include "drivers/sqlite/sqlite.h"

enum { SESSION_PRAGMAS = 33 };

typedef struct Sqlite {
    Db db; // first
    sqlite3 *handle;
    const char *path;        // NULL: memory
    int lock_file;           // -1: not open
    int64_t lock_byte;       // of the lock that is held; 0: none
    struct timespec started; // of the running statement, or of the wait
    double told;             // seconds since then when progress was told last
    bool timed_out;
    bool borrowed; // the handle is the application's own
    bool gave_up;  // it waited for another process's lock as long as it may
    const char
        *session[SESSION_PRAGMAS]; // how each was before the first script; NULL: this library has it not
    NameList names;                // of what sqlite_restore removes
} Sqlite;

extern const Driver sqlite_driver;

// The connection as this driver has it.
Sqlite *sqlite_of(Db *db);
bool sqlite_failed(Sqlite *self, Error *err); // the handle's last error as an Error; returns false
// fault.c
extern const FaultCode sqlite_fault_codes[];
const char *sqlite_code_name(int code);
// `text`: the statement of `whole`, which may hold several, that could not be prepared.
void sqlite_note_position(const Sqlite *self, const char *whole, const char *text, Error *err);
double sqlite_seconds_since(const struct timespec *start);

// Slots of Driver: core/db/driver.h says what each takes and gives. Each is in the file of its name, unless
// the line above says another.
bool sqlite_exec(Db *db, const char *text, Error *err);
bool sqlite_query(Db *db, const char *text, RowFn *row, void *payload, Error *err);

// A slot of Driver.
bool sqlite_connect(Arena *arena, const Url *url, const ConnectOptions *options, Db **out, Error *err);

// create.c
bool sqlite_create_database(Arena *arena, const Url *url, const ConnectOptions *options, bool *made,
                            Error *err);
bool sqlite_keep_scratch(Db *db, Arena *arena, const char **url, Error *err);
bool sqlite_scratch(Db *db, Arena *arena, Db **out, Error *err);

// explain.c
bool sqlite_plan_uses(Db *db, Arena *arena, const char *query, const char *index, bool *out, NameList *plan,
                      Error *err);

// load.c
bool sqlite_load(Db *db, const RowLoad *load, Error *err);

// session.c
void sqlite_keep_session(Sqlite *self);
bool sqlite_restore(Db *db, Error *err);

// Slots of Driver.
bool sqlite_lock(Db *db, const LockRequest *request, Error *err);
void sqlite_unlock(Db *db);
bool sqlite_canonicalise(Db *db, Arena *arena, const Schema *have, Schema *want, const ChangeList *changes,
                         Error *err);
bool sqlite_follow_renames(Db *db, Arena *arena, const Schema *have, const RenameMoveList *moves,
                           Schema *copy, Error *err);
bool sqlite_introspect(Db *db, Arena *arena, const Filter *filter, Schema *out, Error *err);
bool sqlite_introspect_since(Db *db, Arena *arena, const Filter *filter, const Schema *before, Schema *out,
                             bool *shared, Error *err);
bool sqlite_live_facts(Db *db, Arena *arena, LiveFactList *out, Error *err) MUST_USE;
bool sqlite_statistics(Db *db, Arena *arena, TableStatList *out, Error *err) MUST_USE;

// options.c
bool sqlite_read_url(Sqlite *self, const Url *url, Error *err) MUST_USE; // path, and mode into the options
// borrow.c: a connection of the application's, and how it gets it back
bool sqlite_borrow(Sqlite *self, sqlite3 *handle, Error *err) MUST_USE;
void sqlite_return(Sqlite *self);
bool sqlite_load_extensions(Sqlite *self, Error *err) MUST_USE;
bool sqlite_set_pragmas(Sqlite *self, Error *err) MUST_USE;

#endif
