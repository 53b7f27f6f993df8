// driver.h -- a connection to MySQL or MariaDB, by either client library, as the files of this driver share it.
//
// MariaDB's Connector/C and Oracle's libmysqlclient are one code base here: <mysql.h> is the only header used, and the
// few options that have other names stand in driver_options.c.
#ifndef DRIVERS_MYSQL_DRIVER_DRIVER_H
#define DRIVERS_MYSQL_DRIVER_DRIVER_H

#include <mysql.h>

#include <stdatomic.h>

#include "core/db/driver.h"
#include "core/db/guardian.h"
#include "core/db/watchdog.h"
#include "drivers/mysql/dialect/dialect.h"

typedef struct ClusterLock ClusterLock;

typedef struct MyDb {
    Db head;
    MYSQL *connection;
    // These come while the watchdog, whose cut shuts all of them down, is at work already.
    _Atomic(MYSQL *) locker;  // holds GET_LOCK, so that no statement can end the lock
    _Atomic(MYSQL *) monitor; // looks at long statements and stops them; opened when needed
    _Atomic(MYSQL *) lane;    // the catalogue is read by it, too; NULL: not now
    const Url *url;
    const char *database;
    const char *lock_name;
    const char *scratch_name; // a database to be dropped by close; NULL: none
    Guardian *guardian;       // of the scratch database that was made last; NULL: none
    const char *user;         // CURRENT_USER() as `user`@`host`
    const char *default_engine;
    const char *session_mode; // sql_mode of this session
    const char *server_mode;  // sql_mode that the server gives others
    const char *time_zone;    // of this session
    const char *collation;    // collation_connection of this session
    const char *role;         // that it began with; "": none
    unsigned long id;         // of the connection
    NameList told;            // warnings of the server that were passed on
    NameList charsets;        // pairs charset, default collation; filled by the first look
    atomic_bool cancelled;
    char
        blocker[400]; // who holds the lock that the last long statement waited for; empty: it waited for none
    bool holders_hidden;         // what tells whose lock it is may not be read
    _Atomic(const char *) place; // host, port and number of the server, as it says; NULL: not asked yet
    Watchdog *watchdog;          // of all connections; may be NULL
    Watchdog *heart;             // keeps the lock of a run alive; NULL: there is none
    ClusterLock *cluster;        // the lock on a Galera cluster that is held; NULL: none
    atomic_ulong watched;        // the connection whose answer is waited for
    bool multi;                  // several statements in one packet are taken
} MyDb;

static inline MyDb *my_db(Db *db) { return (MyDb *)(void *)db; }
static inline bool my_is_mariadb(const MyDb *my) { return (my->head.server.flags & SERVER_MARIADB) != 0; }

// driver_options.c: a new connection by the URL. `database` may be NULL. NULL with ERR_CONNECT.
MYSQL *my_connect(Arena *arena, const Url *url, const char *database, const ConnectOptions *options,
                  Error *err);
// The same for short questions: no answer takes longer than the connection may take to come about.
MYSQL *my_connect_to_ask(Arena *arena, const Url *url, Error *err);
// The same for a scratch place, on this server or another: what is made there is empty and takes no long time.
MYSQL *my_connect_for_scratch(Arena *arena, const Url *url, Error *err);
unsigned my_patience(const Url *url); // seconds of silence that are borne
bool my_url_check(const Url *url, Error *err);

// driver.c
// fault.c
// values.c: *out: the server's message without values of rows; true: something was left out of it.
bool my_without_values(Arena *arena, unsigned code, const char *message, const char **out);
bool my_fail(MYSQL *connection, Error *err);              // ERR_SQL from the connection's last error
void my_note_position(const char *statement, Error *err); // of a syntax error
extern const FaultCode my_fault_codes[];
int my_descriptor(MYSQL *connection); // its socket
bool my_exec_on(MYSQL *connection, const char *text, Error *err);
bool my_query_on(MYSQL *connection, const char *text, RowFn *row, void *payload, Error *err);
// The same with the watchdog looking after it: of a connection to our own server, by the thread that runs the scripts.
bool my_ask_on(MyDb *my, MYSQL *connection, const char *text, RowFn *row, void *payload, Error *err);
bool my_answered(MyDb *my, bool ok,
                 Error *err); // the end of waiting; where the watchdog ended it, that is the reason
bool my_exec(Db *db, const char *statement, Error *err);
bool my_query(Db *db, const char *statement, RowFn *row, void *payload, Error *err);
const char *my_session_sql(MyDb *my); // how every session of ours is set up; the text is the arena's
void my_session_extras(MyDb *my, MYSQL *connection);   // what not every server knows
bool my_set_reading(MyDb *my, MYSQL *connection);      // a second connection prints as the first one does
const char *my_quoted(Arena *arena, const char *text); // as a literal

// driver_wait.c: sends a statement and waits for its answer, telling about progress, minding timeouts and cancel.
bool my_send(MyDb *my, const char *text, size_t n, Error *err);

// driver_blocker.c: what the statement that runs does, and in `my->blocker` whose lock it waits for. One question, mostly.
typedef struct MyStage {
    char what[480]; // as the server calls it; empty: not known
    double part;    // done, 0 to 1; below 0: not known
} MyStage;
void my_watch_work(MyDb *my, MYSQL *monitor, MyStage *out);

// load.c
bool my_load(Db *db, const RowLoad *load, Error *err);
void my_refuse_files(MYSQL *connection); // no file of this machine goes to the server, whatever it asks for

// driver_watch.c: notices that the server does not answer any more, and gives the waiting up
void my_watch(MyDb *my);
void my_cut(MyDb *my); // shuts all sockets down; they stay open
void my_waits_for(MyDb *my, MYSQL *connection);

// driver_lock.c
bool my_lock(Db *db, const LockRequest *request, Error *err);
void my_unlock(Db *db);
bool my_lock_again(
    MyDb *my, Error *err); // what the connection that runs the scripts holds, after its session was reset

// driver_cluster.c: the same on a Galera cluster; `node` is this one's own name for itself. The beat runs in the heart.
bool my_cluster_lock(MyDb *my, const char *node, const LockRequest *request, Error *err);
void my_cluster_unlock(MyDb *my);
bool my_cluster_beat(MyDb *my);

// driver_probe.c
bool my_probe(Db *db, Text statement, Tristate *done, const char **look_at, Error *err);
bool my_is_atomic(Db *db, Text statement, bool *out, const char **look_at, Error *err);

// measure.c
bool my_exec_measured(Db *db, Arena *arena, const char *statement, StatementCost *out, Error *err);

// introspect.c, canonical.c, scratch.c
bool my_introspect(Db *db, Arena *arena, const Filter *filter, Schema *out, Error *err);
bool my_statistics(Db *db, Arena *arena, TableStatList *out, Error *err) MUST_USE;
bool my_live_facts(Db *db, Arena *arena, LiveFactList *out, Error *err) MUST_USE;
bool my_canonicalise(Db *db, Arena *arena, const Schema *have, Schema *want, const ChangeList *changes,
                     Error *err);
bool my_keep_scratch(Db *db, Arena *arena, const char **url, Error *err);
bool my_plan_uses(Db *db, Arena *arena, const char *query, const char *index, bool *out, NameList *plan,
                  Error *err);
bool my_scratch(Db *db, Arena *arena, Db **out, Error *err);
bool my_staging(Db *db, bool opens, Error *err);
bool my_open(Arena *arena, const Url *url, const ConnectOptions *options, Db **out, Error *err);
bool my_create_database(Arena *arena, const Url *url, const ConnectOptions *options, bool *made, Error *err);

extern const Driver mysql_driver;

#endif
