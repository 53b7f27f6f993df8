// driver.h -- what we ask of a live database: one const Driver per engine, every slot documented.
//
// A driver's own struct begins with Db. SQLite's driver is always linked in; PostgreSQL's and MySQL's are modules
// that db_open loads when a URL asks for them, so that a command that needs neither does not pay for their client
// libraries. Rows arrive as text through a callback; NULL is a NULL pointer.
#ifndef CORE_DB_DRIVER_H
#define CORE_DB_DRIVER_H

#include "core/db/filter.h"
#include "core/db/statistics.h"

typedef struct Db Db;
typedef struct Driver Driver;
typedef struct RowLoad RowLoad; // row_files.h

typedef struct Row {
    const char *const *values; // valid during the callback only
    const size_t *lengths;     // may be NULL: then values are NUL-terminated text
    size_t count;
} Row;
// NULL where the row has no such column: a server may answer anything.
static inline const char *row_value(const Row *row, size_t i)
{
    return i < row->count ? row->values[i] : NULL;
}
typedef bool RowFn(void *payload, const Row *row, Error *err); // false ends the query with err

// A message of the server that is no error (PostgreSQL's NOTICE, MySQL's warnings).
typedef void NoticeFn(void *payload, const char *severity, const char *message);
// Called now and then while something waits or runs long. `who` says what is waited for. Returning false gives up.
typedef bool ProgressFn(void *payload, const char *what, double seconds, double part_done);

typedef struct ConnectOptions {
    bool read_only;             // must not create or change anything, nor a SQLite file that is not there
    bool create;                // SQLite: make the file where it is missing
    const NameList *extensions; // SQLite: shared libraries to load, by their paths; NULL: none
    const NameList *pragmas;    // SQLite: pairs of a name and a value; NULL: none
    // The application's own connection (sqlite3 *, PGconn *): worked through, not closed, and left with the settings that it had.
    // ERR_UNSUPPORTED where the driver cannot. NULL: one is made.
    void *connection;
    // Run by db_open in every connection that it makes, as a script's; not in a scratch place. NULL: none.
    const NameList *on_connect;
    const char *folder; // relative paths of the URL are relative to this folder; NULL: the working directory
    unsigned lock_timeout_ms;      // waiting for another session's locks; 0: the engine's default
    unsigned statement_timeout_ms; // 0: none
    const Url
        *scratch_url; // where scratch databases are made; NULL: beside the database, with its user's rights
    bool guards; // scratch databases are dropped by a child process where this one is killed (guardian.h)
    NoticeFn *notice;
    ProgressFn *progress;
    void *payload;
} ConnectOptions;

typedef struct LockRequest {
    const char *name;    // version table, qualified: two histories in one database do not hinder each other
    unsigned timeout_ms; // 0: do not wait
    // How long a statement of the run may wait for a lock of somebody else: whoever comes later waits after it.
    unsigned statement_ms;
} LockRequest;

// What a statement cost, as the engine itself accounts for it: of a table that was there before it.
typedef struct TableCost {
    const char *schema; // NULL: the default schema
    const char *table;  // or materialized view
    const char *lock;   // the strongest that the statement took; NULL: none worth saying
    bool rewritten;     // into another file
    bool scanned;       // its rows were read
    NameList reindexed; // its indexes that were built again
    bool dropped;       // it is not there any more
} TableCost;
typedef struct StatementCost {
    const char *lock;      // the strongest of them; NULL: none worth saying
    const char *algorithm; // MySQL, MariaDB: the cheapest that the server accepted; NULL: not asked
    bool rewrites, scans;  // any of them
    VEC(TableCost) tables; // those that are locked, rewritten, read or dropped
} StatementCost;

// Whose statement it is that runs. A server that looks up names without a schema along a path which other users may
// write to (PostgreSQL's search_path) does so for scripts alone.
typedef enum NameScope {
    SCOPE_OWN,    // ours: objects that are not the server's own are named with their schema
    SCOPE_SCRIPT, // a script's or a person's
    SCOPE_LOOKUP, // ours, with the names of a script: it qualifies each function and operator itself
} NameScope;

// Statements that go out together. Of them [script_first, script_first + script_count) are a script's, the others ours.
typedef struct Batch {
    const char *const *statements;
    size_t count;
    size_t script_first, script_count;
} Batch;

struct Db {
    const Driver *driver;
    const Dialect *dialect;
    Arena *arena; // the connection's own memory
    ConnectOptions options;
    ServerInfo server;
    const char *title; // the URL for people, without password
    const char *
        caveat; // what is to be known of this connection: what cannot be done, a file that is not there; NULL: nothing
    uint64_t affected; // rows changed by the last exec
    NameScope scope;   // of exec and query; whoever sets it puts SCOPE_OWN back
    void *module;
};

// What is at fault for an error, where it is not the script.
typedef enum Fault {
    FAULT_SCRIPT,
    FAULT_ROWS,      // rows that are in the way
    FAULT_RIGHTS,    // the user may not do it
    FAULT_READ_ONLY, // the database cannot be written to
    FAULT_DISK,      // no room is left
    FAULT_OUTSIDE,   // something else that may pass: a connection, a setting of the server, another process
} Fault;

typedef struct FaultCode {
    const char *code; // a native code; one that ends with '*' stands for all that begin so
    Fault fault;
} FaultCode;

struct Driver {
    const char *name;
    const Dialect *dialect;
    const FaultCode *fault_codes; // of errors that no script is at fault for, ended by a NULL code
    const char *
        gave_up_code; // native code of a statement that gave up waiting for a lock, without effect; NULL: none

    // A query for the names of this server's databases that look like a URL ('://' in them): whoever may create a database
    // chooses its name. NULL: the engine has no databases beside each other.
    const char *names_like_urls;

    // Native code of a statement that the server ended because sessions waited for each other: its transaction is rolled
    // back, and it may be tried again. NULL: such a code does not say so.
    const char *victim_code;

    // Makes a connection, or fails with ERR_CONNECT (one line: what, why, what to do). Fills server and title.
    bool (*connect)(Arena *arena, const Url *url, const ConnectOptions *options, Db **out, Error *err);
    void (*close)(Db *db); // any state; rolls back what is open

    // Makes the database that the URL names, empty and by the server's defaults (SQLite: its file). *made false: it was there.
    // ERR_CONNECT as connect; ERR_SQL where rights are missing, saying which; ERR_CONFIG where the URL names none.
    bool (*create_database)(Arena *arena, const Url *url, const ConnectOptions *options, bool *made,
                            Error *err);

    // One statement. ERR_SQL carries the server's message, native code and detail. Sets db->affected.
    bool (*exec)(Db *db, const char *statement, Error *err);
    // One query; `row` is called for each row (may be NULL).
    bool (*query)(Db *db, const char *statement, RowFn *row, void *payload, Error *err);
    // Many statements in order, in as few round trips as the client can. *done counts those that succeeded; on failure
    // it is the index of the one that failed. NULL: exec one after another.
    bool (*batch)(Db *db, const Batch *batch, size_t *done, Error *err);

    // A transaction fit for a revision (SQLite: BEGIN IMMEDIATE). Nesting is a bug of the caller.
    bool (*begin)(Db *db, Error *err);
    bool (*commit)(Db *db, Error *err);
    bool (*rollback)(Db *db, Error *err); // harmless where nothing is open
    // What begin sends, where that is one statement: then a batch may begin with it and end with COMMIT. NULL, or giving
    // NULL: it is more.
    const char *(*begin_sql)(const Db *db);
    // Puts back what a script may have set for the session and left so (search_path, role, sql_mode, foreign_key_checks),
    // inside the transaction that is open or outside one, and forgets what else the session keeps (variables, temporary
    // tables). NULL: nothing to put back.
    bool (*restore)(Db *db, Error *err);
    bool
        restores_after; // part of that is possible outside a transaction only: restore is called once more behind it
    // Is the connection still usable? After ERR_SQL: false means that the server or the network went away.
    bool (*alive)(Db *db);

    // The lock of a whole run: excludes other runs with the same name, ends by itself with the process or connection.
    // ERR_LOCKED after the timeout, saying who holds it. While waiting, options.progress is told.
    bool (*lock)(Db *db, const LockRequest *request, Error *err);
    void (*unlock)(Db *db);

    // Stops the running statement from another thread or a signal handler's side; async-signal-safe or cheap.
    void (*cancel)(Db *db);

    // After a run that was killed inside `statement`, outside a transaction: did it have its effect? YES: it is all
    // there; NO: nothing of it; UNSET: cannot tell (then *look_at, if set, says what to look at, for people). Changes
    // nothing, but may remove what such a statement leaves behind that serves nobody (an invalid index), and say NO.
    // NULL: never known.
    bool (*probe)(Db *db, Text statement, Tristate *done, const char **look_at, Error *err);

    // Do the rows that the statement changes commit and roll back with the transaction that it runs in? *look_at, where they
    // do not: which, for people. NULL: they always do.
    bool (*is_atomic)(Db *db, Text statement, bool *out, const char **look_at, Error *err);

    // The whole database as a Schema, in a constant number of queries. What cannot be carried becomes a warning that
    // names it. Dependencies (head.depends_on) are filled where the server knows them.
    bool (*introspect)(Db *db, Arena *arena, const Filter *filter, Schema *out, Error *err);

    // The same for whom `before` is what either of the two gave on this connection, with this filter, and lives as long as
    // `out`: what did not change since may be shared with it, pointer for pointer (slots are then those of `out`). So a look
    // after each statement costs what the statement changed. *shared: out points into before's memory. NULL: introspect.
    bool (*introspect_since)(Db *db, Arena *arena, const Filter *filter, const Schema *before, Schema *out,
                             bool *shared, Error *err);

    // Where declared and live text differ: makes the declared objects of `changes` in a scratch place, reads them back
    // and writes the server's spelling into `want` (which is mutable here). Leaves nothing behind. A declared text that
    // the server refuses is an ERR_SCHEMA placed in the model. NULL: the dialect's first look is exact.
    bool (*canonicalise)(Db *db, Arena *arena, const Schema *have, Schema *want, const ChangeList *changes,
                         Error *err);

    // Does the plan of a query use this index? Where a table is so small that it would be read whole, as if that were dear. The
    // plan's lines are appended to `plan`. Executes nothing. NULL: the engine does not say.
    bool (*plan_uses)(Db *db, Arena *arena, const char *query, const char *index, bool *out, NameList *plan,
                      Error *err);

    // As exec, and asks the engine what the statement cost. Only in a scratch database: a statement may be tried in several
    // ways before it is executed. NULL: the engine does not say.
    bool (*exec_measured)(Db *db, Arena *arena, const char *statement, StatementCost *out, Error *err);

    // What the engine makes of the texts of `have` when it makes `moves`: written into `copy`, which is `have` under its
    // new names (core/diff/diff.h, RenameOracle). Objects that hinder every rename get blocks_renames. ERR_SCHEMA where
    // the engine refuses. NULL: what names another object follows it by identity, so there is no text to ask for.
    bool (*follow_renames)(Db *db, Arena *arena, const Schema *have, const RenameMoveList *moves,
                           Schema *copy, Error *err);

    // How many rows each table has, by the server's own estimate, in a constant number of queries that read no table whole.
    // NULL: not known.
    bool (*statistics)(Db *db, Arena *arena, TableStatList *out, Error *err);

    // What the server counts or marks while it runs: how much of the generated keys is used, indexes that no query has used,
    // indexes that are not valid. NULL: nothing of that.
    bool (*live_facts)(Db *db, Arena *arena, LiveFactList *out, Error *err);

    // Inserts all rows of a file at once, quicker than statements do. NULL: statements it is.
    bool (*load)(Db *db, const RowLoad *load, Error *err);

    // Opens a place in which a temporary table may be made for a while, on a connection that only reads too, and closes it:
    // then nothing of it is left. Not within a transaction of a script.
    bool (*stage)(Db *db, bool open, Error *err);

    // An empty scratch database of the same engine as a connection of its own, dropped by close (SQLite: memory). For
    // replaying history. NULL: not possible; ERR_SQL where rights are missing, saying what to set (scratch_url).
    bool (*scratch)(Db *db, Arena *arena, Db **out, Error *err);

    // Of a scratch database: close does not drop it, nor does any later run. *url: where it is, for people. NULL, or
    // ERR_UNSUPPORTED: it cannot be kept.
    bool (*keep_scratch)(Db *db, Arena *arena, const char **url, Error *err);
};

// The driver for a URL's scheme, loading its module when needed. ERR_CONFIG for an unknown scheme (with the known
// ones), ERR_CONNECT when the module or its client library is missing (with the package to install).
const Driver *driver_for(const Url *url, Error *err);
bool db_open(Arena *arena, const Url *url, const ConnectOptions *options, Db **out, Error *err) MUST_USE;
void db_close(Db *db); // NULL is allowed
// driver->restore, and what on_connect has set once more.
bool db_on_connect(Db *db, Error *err) MUST_USE; // the statements of options.on_connect
bool db_restore(Db *db, Error *err) MUST_USE;
// driver->scratch. ERR_SQL where rights are missing; `driver->scratch` must not be NULL.
bool db_scratch(Db *db, Arena *arena, Db **out, Error *err) MUST_USE;

// driver->exec and driver->query with a scope.
bool db_exec_in(Db *db, NameScope scope, const char *statement, Error *err) MUST_USE;
// A script's statement in a scratch database. What makes or changes a subscription is left out, as if it had been done: it
// would reach the publisher, which is no scratch place. So are rows of files (row_files.h).
bool db_exec_scratch(Db *db, const char *statement, Error *err) MUST_USE;
bool db_reaches_out(const Dialect *dialect, const char *statement);
bool db_may_reach_out(const Dialect *dialect, const char *statement); // a block (DO) that names subscriptions
bool db_query_in(Db *db, NameScope scope, const char *statement, RowFn *row, void *payload,
                 Error *err) MUST_USE;

// For plan_uses: keeps each row's values as one line in `plan`; `names`, where it is not NULL, says whether a row names the index.
typedef struct PlanRows {
    Arena *arena;
    const char *index;
    bool (*names)(const Row *row, const char *index);
    NameList *plan;
    bool found;
} PlanRows;
bool plan_row(void *payload, const Row *row, Error *err); // RowFn
bool text_names(const char *text, const char *name);      // as a word of its own, in quotes or without

// The first value of the first row, copied into the arena; *out NULL where there is no row or the value is NULL.
bool db_value(Db *db, Arena *arena, const char *query, const char **out, Error *err) MUST_USE;

// The one symbol that a module exports (cmake/module.map): a pointer to its Driver.
#define DRIVER_MODULE_SYMBOL "cmigrate_driver"
#define DRIVER_EXPORT        __attribute__((visibility("default")))

#endif
