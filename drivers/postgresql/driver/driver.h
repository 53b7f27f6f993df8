// driver.h -- what the files of the PostgreSQL driver share: the connection, and how a result becomes an error.
#ifndef DRIVERS_POSTGRESQL_DRIVER_DRIVER_H
#define DRIVERS_POSTGRESQL_DRIVER_DRIVER_H

#include <libpq-fe.h>

#include <stdatomic.h>

#include "core/db/driver.h"
#include "core/db/guardian.h"
#include "core/db/watchdog.h"

// The search_path for our own queries: nothing that a user made is found on it.
#define PG_OWN_PATH "pg_catalog, pg_temp"
typedef enum PgPath { PATH_UNSET, PATH_OWN, PATH_SCRIPT, PATH_UNKNOWN } PgPath;

typedef struct PgDb {
    Db db;
    PGconn *conn;
    PGcancel *cancel;
    PGconn *lock_conn;    // holds the lock of a run in a transaction of its own; NULL: none
    bool lock_in_session; // the lock is held by `conn`
    long long lock_key;
    bool
        pooled; // behind a pooler that hands out a session for each transaction: nothing may be set for a session
    const char *const *keywords, *const *values; // libpq's parameters, ended by NULL: for further connections
    PGconn *monitor; // looks what a long statement does; NULL: none was needed yet
    bool monitor_failed;
    char blocker[400];             // who held the lock that the last long statement waited for
    const char *kept;              // its name from then on, where it is not dropped; NULL: it is
    const char *scratch;           // this connection's database, to be dropped with it; NULL: not ours
    Guardian *guardian;            // of that database; NULL: none
    bool within;                   // all is done within one transaction, which is never committed
    bool savepoint;                // and what stands for a transaction there is open
    _Atomic(const char *) started; // when this server was, as it says; NULL: not asked yet
    Watchdog *watchdog;            // of conn and lock_conn; may be NULL
    atomic_int watched;            // the server's process that is waited for; 0: not known which
    const char
        *script_path; // the search_path that the connection came with: a script's names are looked up there
    PgPath session_path;           // what search_path is for the session
    PgPath local_path;             // and for the transaction that is open; PATH_UNSET: the same
    bool borrowed;                 // conn is the application's own
    const char *put_back;          // of a borrowed one: a query that sets its settings as they were
    bool ran_script;               // a statement of a script, in the transaction that is open
    unsigned looks;                // how many times the statements of pg_introspect_since were prepared
    const char *catalogs;          // an array of those that it counts in; NULL: not asked yet
    struct PgRelations *relations; // what relations.c keeps of them; NULL: nothing yet
    size_t prefix;    // characters that the last statement was sent after: error positions count them
    const char *sent; // the statement that is run; NULL: none
} PgDb;

static inline PgDb *pg_db(Db *db) { return (PgDb *)(void *)db; }

// A server that loses its client (its host is switched off) ends the session after a minute, and with it our locks.
#define PG_KEEPALIVES                                                                                        \
    "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"

// driver_connect.c
bool pg_connect(Arena *arena, const Url *url, const ConnectOptions *options, Db **out, Error *err);
bool pg_keep_scratch(Db *db, Arena *arena, const char **url, Error *err);
bool pg_plan_uses(Db *db, Arena *arena, const char *query, const char *index, bool *out, NameList *plan,
                  Error *err);
bool pg_create_database(Arena *arena, const Url *url, const ConnectOptions *options, bool *made, Error *err);
// One more connection with the same parameters; `database` NULL: the same one. NULL with ERR_CONNECT.
void pg_name_database(PgDb *pg, const char *database); // of further connections
PGconn *pg_connect_more(PgDb *pg, const char *database, Error *err);
bool pg_put_back(PgDb *pg, Error *err);            // of a borrowed connection: what the application had set
void pg_return(PgDb *pg);                          // a borrowed connection, to the application
bool pg_adopt(PgDb *pg, PGconn *conn, Error *err); // makes the connection pg's own

// driver_scratch.c: a database of one's own; or one that is given, in a transaction that is never committed, where
// savepoints stand for transactions
bool pg_scratch(Db *db, Arena *arena, Db **out, Error *err);
void pg_scratch_drop(PgDb *pg);
bool pg_begin_within(PgDb *pg, Error *err);
bool pg_commit_within(PgDb *pg, Error *err);
bool pg_rollback_within(PgDb *pg, Error *err);
const char *pg_begin_words(PgDb *pg,
                           const char *usual); // what begins a transaction that driver->rollback ends

// driver_run.c
PGresult *pg_run(PgDb *pg, PGconn *conn,
                 const char *sql); // waits; other results of the same text are dropped
bool pg_result_error(PgDb *pg, const PGresult *result, Error *err); // false, with ERR_SQL filled

// values.c: what the server says of rows, without their values. Each gives the words that are shown (NULL: none), and whether
// something was left out of them.
bool pg_quotes_rows(const PGresult *result); // are the words of this error about values of rows?
bool pg_message_without_values(Arena *arena, const PGresult *result, const char *message, const char **out);
bool pg_detail_without_values(Arena *arena, const PGresult *result, const char **out);
bool pg_context_without_values(Arena *arena, const PGresult *result, const char **out);
// The same of an error that is not about values: without statements that functions put together, which may hold some.
typedef struct PgWords {
    const char *message, *query, *context;
    bool left_out;
} PgWords;
PgWords pg_words_of_functions(Arena *arena, const PGresult *result, const char *statement);
bool pg_connection_error(PgDb *pg, PGconn *conn, Error *err); // the same where there is no result
bool pg_load(Db *db, const RowLoad *load, Error *err);        // copy.c
bool pg_exec(Db *db, const char *statement, Error *err);
bool pg_command(Db *db, const char *statement, Error *err); // pg_exec of what names no object: BEGIN, SET
// The same for any connection of ours, with our search_path: the statement must not begin or end a transaction.
PGresult *pg_run_own(PgDb *pg, PGconn *conn, const char *sql);
bool pg_query(Db *db, const char *statement, RowFn *row, void *payload, Error *err);
bool pg_batch(Db *db, const Batch *batch, size_t *done, Error *err);
// Queries that go out in one round trip, each on its own or with the same parameters. `take` (may be NULL) is called
// with each row as it comes, and with none at the end of a query, so that no result is ever held whole. *done counts what succeeded; false: the first that failed is in err.
typedef struct PgQuery {
    const char *sql;
    bool takes_parameters;
} PgQuery;
typedef void PgTakeFn(void *payload, size_t i, PGresult *result);
typedef struct PgPipeline {
    const PgQuery *queries;
    size_t count;
    const char *const *parameters;
    size_t parameter_count;
    PgTakeFn *take;
    void *payload;
} PgPipeline;
bool pg_pipeline(PgDb *pg, const PgPipeline *pipeline, size_t *done, Error *err);

// path.c: which search_path a statement runs with
// *out: the statement, after what sets the path for it where another one is in force.
bool pg_on_path(PgDb *pg, const char *statement, const char **out, Error *err);
const char *pg_path_sql(PgDb *pg, PgPath path, bool local); // sets it, for the transaction or the session
const char *pg_commit_words(PgDb *pg);
void pg_path_begins(PgDb *pg); // with a transaction: that of the session
void pg_forget_path(PgDb *pg); // a savepoint was rolled back: what is in force is not known
bool pg_batch_on_path(PgDb *pg, const Batch *batch, size_t *done, Error *err); // within one transaction
// Statements of ours, within the transaction that is open or one of their own, that leave the search_path as a script has set
// it. `take` (may be NULL) is given the results as in a pipeline; the first statement has the index PG_ASKED.
enum { PG_ASKED = 2 };
bool pg_ask(PgDb *pg, const NameList *statements, PgTakeFn *take, void *payload, Error *err);
#define PG_KEEP_PATH                                                                                         \
    "SELECT pg_catalog.set_config('cmigrate.path', pg_catalog.current_setting('search_path'), true)"
#define PG_PUT_BACK_PATH                                                                                     \
    "SELECT pg_catalog.set_config('search_path', pg_catalog.current_setting('cmigrate.path'), true)"

// driver_wait.c
typedef struct PgWatch {
    double start; // of the statement; 0: it has not been waited for yet
} PgWatch;
bool pg_is_watched(const PgDb *pg, const PGconn *conn);
bool pg_wait_watched(PgDb *pg, PgWatch *watch, bool writing); // false: the connection is lost
void pg_wait_end(PgDb *pg);

// driver_watch.c: notices that the server does not answer any more, and gives the waiting up
void pg_watch(PgDb *pg);
void pg_waits_for(PgDb *pg, const PGconn *conn);
unsigned pg_patience(const PgDb *pg); // seconds of silence that are borne

// driver_lock.c
bool pg_lock(Db *db, const LockRequest *request, Error *err);
void pg_unlock(Db *db);

// driver_probe.c
bool pg_probe(Db *db, Text statement, Tristate *done, const char **look_at, Error *err);

// measure.c
bool pg_exec_measured(Db *db, Arena *arena, const char *statement, StatementCost *out, Error *err);

// introspect.c, canonical.c
bool pg_introspect(Db *db, Arena *arena, const Filter *filter, Schema *out, Error *err);
bool pg_introspect_since(Db *db, Arena *arena, const Filter *filter, const Schema *before, Schema *out,
                         bool *shared, Error *err);
#define PG_LOOK_NAME "cmigrate_look_" // of its prepared statements
// Slots of Driver: core/db/driver.h says what each takes and gives.
bool pg_statistics(Db *db, Arena *arena, TableStatList *out, Error *err) MUST_USE;
bool pg_live_facts(Db *db, Arena *arena, LiveFactList *out, Error *err) MUST_USE;
bool pg_canonicalise(Db *db, Arena *arena, const Schema *have, Schema *want, const ChangeList *changes,
                     Error *err);

// protection.c: whether and how the connection is encrypted, for people.
const char *pg_protection(Arena *arena, PGconn *conn);

#endif
