// apply_internal.h -- what the files of this stage share: the run, its bookkeeping, the words of its failures.
#ifndef CORE_APPLY_APPLY_INTERNAL_H
#define CORE_APPLY_APPLY_INTERNAL_H

#include <string.h>

#include "core/apply/apply.h"
#include "core/base/clock.h"
#include "core/base/point.h"

enum { CHECKSUM = 65 };

// A statement of the revision that runs, numbered from 1 over all its sections.
typedef struct Item {
    const ScriptStatement *statement;
    const Section *section;
    const char *sql;     // as it is sent: variables filled in
    TokenList tokens;    // of that, where session.c has read it
    bool joins_next;     // hands something on by the session: commits together with the next
    bool key_switch;     // of Dialect.key_switch: has no effect in a transaction, so it is done around it
    bool key_check;      // of Dialect.key_switch: a row is a failure
    bool left_out;       // MySQL: LOCK TABLES, under which nothing could be noted
    bool session;        // SET and the like: what follows depends on it, so a run that goes on does it again
    bool data;           // changes rows only: commits together with the note that it is done
    bool control;        // begins or ends a transaction
    bool begins;         // begins one
    bool harmless;       // to do it twice is as good as once
    bool bounds_waiting; // says how long to wait for a lock
} Item;
typedef VEC(Item) ItemList;
static inline Text item_text(const Item *item) { return (Text){ item->sql, strlen(item->sql) }; }

typedef struct Run {
    Db *db;
    Arena *arena; // of the run
    const ApplyRequest *request;
    const VersionStore *store; // of the request, or own_store
    VersionStore own_store;    // with the schema that it is in
    const Dialect *dialect;
    const Graph *graph; // of the request, or own_graph: as this database needs it (graph_for_rows)
    Graph own_graph;
    const char *owner;             // of its history rows: the version table (store_owner)
    bool has_version, has_history; // the tables are there
    bool history_has_owner;        // its rows say which version table they belong to
    uint64_t next_id;              // of the history
    HistoryList open;              // attempts that left something done
    bool one_transaction;          // of the whole run, and it is open
    bool unrecorded;               // apply_once: neither version nor history is written
} Run;

// Rows that violate one foreign key, which is known by its table, its columns and the table that it refers to.
typedef struct Violation {
    const char *table, *columns, *parent; // columns joined by a byte that no name holds
    const char *rowid;                    // of one of the rows; NULL: the table has none
    unsigned long long rows;
} Violation;
typedef VEC(Violation) ViolationList;

// One revision on its way up or down.
typedef struct Attempt {
    Run *run;
    Arena *arena; // of this revision only
    const Move *move;
    ItemList items;
    bool items_read;         // their tokens are there
    VEC(size_t) temporaries; // numbers of those that make something temporary
    size_t sections;         // that have statements
    bool journal;            // progress is recorded statement by statement
    char checksum[CHECKSUM], file_checksum[CHECKSUM], done_checksum[CHECKSUM], running_checksum[CHECKSUM],
        committed_checksum[CHECKSUM];
    const char *direction; // "upgrade", "downgrade", "stamp"
    size_t done;           // statements that are done and committed (or in the transaction that is open)
    size_t committed;      // those of them that are committed
    size_t first;          // the statement it began with, from 0
    bool
        bounds_waiting; // a statement does: what gives up waiting is tried again, however short lock_timeout is
    unsigned tries;     // of the section that runs, from 1
    double gave_up_since; // when it did first; 0: not yet
    bool in_transaction;
    bool joined;            // statements that commit together are under way
    bool sent_together;     // all of the transaction in one go, with its books (batch.c)
    bool doubtful;          // what failed may have left something done: the next run looks
    bool users_transaction; // the script itself began one (MySQL)
    bool wrote_row;         // its history row is there
    uint64_t id;            // of the history row
    const char *started;
    const HistoryEntry *resumes;
    const struct PieceMark *mark; // how far a statement in pieces has come; NULL: none was begun (pieces.h)
    const Item *in_pieces;        // of which this run has committed, or tried to commit, a piece
    bool keys_off;                // foreign keys were enforced, and are not for now
    ViolationList violations;     // of before, by the names of after: no fault of this revision
} Attempt;

// attempt.c
bool attempt_load(Attempt *attempt, Error *err) MUST_USE;
bool attempt_run(Attempt *attempt, Error *err) MUST_USE;
bool leaves_session(const Attempt *attempt); // something that the next revision could see
bool attempt_begin(Attempt *attempt, Error *err) MUST_USE;
bool attempt_commit(Attempt *attempt, Error *err) MUST_USE;
void attempt_rollback(Attempt *attempt);
void attempt_keeps(Attempt *attempt); // what is done is committed
bool attempt_fail(Attempt *attempt, const Item *item, const char *step,
                  Error *err); // rolls back, records, describes; false

void item_is_done(Attempt *attempt, const Item *item);    // counts it, and takes it into the checksum
bool attempt_note(Attempt *attempt, Error *err) MUST_USE; // records what is done, and what runs next

// statements.c: what kind of statement it is
void item_classify(Item *item, const Dialect *dialect);

// session.c
typedef struct SessionSource {
    const Item *item;  // NULL: it needs nothing of an earlier statement
    const char *thing; // what it needs of it
} SessionSource;
SessionSource session_source(const Attempt *attempt, size_t index);
void session_join(Attempt *attempt);
// Do the statements after `done` need what one of those did in a session that is gone? ERR_REVISION.
bool session_check(Attempt *attempt, size_t done, Error *err) MUST_USE;

// execute.c: one statement, or as many as go together
void attempt_starts(const Attempt *attempt, const Item *item); // tells who watches
bool execute_item(Attempt *attempt, const Item *item, Error *err) MUST_USE;
// Do the rows that it changes commit with its transaction? *look_at: those that do not.
bool item_is_atomic(Db *db, const Item *item, bool *out, const char **look_at, Error *err) MUST_USE;
bool exec_sql(Db *db, const char *sql, Error *err) MUST_USE;
// Switches the enforcement of foreign keys off for the session, outside a transaction. *suspended: it was on, so the caller
// switches it on again, also after a failure. Needs Dialect.key_switch.
bool session_suspend_keys(Run *run, bool *suspended, Error *err) MUST_USE;
// The same where a statement of the section, or with NULL of the revision, asks for it; and back.
bool keys_suspend(Attempt *attempt, const Section *section, Error *err) MUST_USE;
void keys_enforce(Attempt *attempt);
bool was_interrupted(const Run *run, Error *err) MUST_USE; // true: go on; false: ERR_INTERRUPTED

// What a query that must give no row gave.
typedef struct FoundRows {
    Arena *arena;
    uint64_t count;
    const char *first; // the key of the first row; NULL: nothing that may be shown
} FoundRows;
bool rows_ask(Db *db, Arena *arena, const char *query, FoundRows *out, Error *err) MUST_USE;

// violations.c
void note_violations(Attempt *attempt,
                     const Section *section); // of the keys that its statements check; NULL: of all sections
bool run_key_check(Attempt *attempt, const Item *item, Error *err) MUST_USE; // fails where there are more now
void violations_sql(const Attempt *attempt, const Section *section,
                    NameList *out); // note_violations as statements
// The check as a query that gives no row where there are no more than before.
const char *key_check_query(const Attempt *attempt, const Item *item);

// lock_retry.c: after a statement whose wait for a lock timed out; true: rolled back, paused, to be run once more
bool attempt_tries_again(Attempt *attempt, const Item *item, const Error *cause);

// batch.c: a whole revision in one round trip
bool batch_is_possible(const Attempt *attempt);
bool batch_run(Attempt *attempt, Error *err) MUST_USE;

// resume.c: what a run before this one left
bool resume_check(Run *run, const RevisionList *current, const MoveList *moves, const HistoryEntry **out,
                  Error *err) MUST_USE;
bool resume_begin(Attempt *attempt, Error *err) MUST_USE;

// interrupted.c: words for an attempt that left something done
const char *attempt_done_text(Arena *arena, const HistoryEntry *entry); // "3 of 5 statements are done"
bool attempt_is_settled(const Graph *graph, const RevisionList *current, const HistoryEntry *entry);
// The command that goes on with it; NULL: its script is missing.
const char *attempt_goes_on(Arena *arena, const Graph *graph, const HistoryEntry *entry);
// The hint that tells both ways: `goes_on`, and undoing it by hand.
const char *attempt_ways_on(Arena *arena, const HistoryEntry *entry, const char *goes_on, const char *undone);
// The command that says where the database is, once what is done of it was undone by hand.
const char *attempt_undone(Arena *arena, const RevisionList *current);

// tables.c: the two tables that are kept. Rows of the history belong to a version table: several projects may share one.
#define HISTORY_OWNER      "version_table"
#define HISTORY_OWNER_TYPE "VARCHAR(128) NOT NULL DEFAULT ''"
#define HISTORY_KEY        HISTORY_OWNER ", id"
enum { LONGEST_OWNER = 128 };
typedef struct TableFacts {
    bool exists;
    const char *schema; // where it is; NULL: the engine has none, or it is not there
    bool has_column;    // the one that was asked for
    const char *not_to_read, *not_to_write, *hint; // why it must not be, and what to do; NULL: it may
} TableFacts;
// `column` NULL: none is asked for. ERR_SQL where the table is one that must not be read, or with `writes` one that must not
// be written to (Dialect.put_table_query).
typedef struct TableLook {
    const char *table, *column;
    bool writes;
} TableLook;
bool table_find(Db *db, Arena *arena, const VersionStore *store, const TableLook *look, TableFacts *out,
                Error *err) MUST_USE;
bool run_find_tables(Run *run, Error *err) MUST_USE; // what is there, and the store with its schema
// The name that rows of the history carry. `db` NULL: offline, where nobody knows whether the server folds names.
const char *store_owner(Arena *arena, const Dialect *dialect, const Db *db, const VersionStore *store);
void put_table(StrBuf *out, const Dialect *dialect, const VersionStore *store, const char *table);
// COLUMN = 'VALUE', as Dialect.own_equals says.
void put_equals(StrBuf *out, const Dialect *dialect, const char *column, const char *value);
void put_own_key(StrBuf *out, const Dialect *dialect, const char *table, const char *columns);
void put_version_create(StrBuf *out, const Dialect *dialect, const VersionStore *store, bool if_missing);
bool make_version_table(Run *run, Error *err) MUST_USE; // where it is missing
// Both tables, in the layout of today: in a transaction of their own, where DDL is transactional. None may be open.
bool prepare_tables(Run *run, Error *err) MUST_USE;

// version.c
typedef struct VersionChange {
    const char *from, *to; // both: UPDATE; from only: DELETE; to only: INSERT
} VersionChange;
typedef VEC(VersionChange) VersionChangeList;
void version_changes(Arena *arena, const NameList *before, const NameList *after, VersionChangeList *out);
const char *version_change_sql(Arena *arena, const Dialect *dialect, const VersionStore *store,
                               const VersionChange *change);
// Fails by itself unless the row is there once; row NULL: unless there is none at all.
const char *version_guard_sql(Arena *arena, const Dialect *dialect, const VersionStore *store,
                              const char *row);
bool version_write(Run *run, Arena *arena, const NameList *before, const NameList *after,
                   Error *err) MUST_USE;
// Ids that the column of the version table does not hold are refused before anything is written: Alembic's holds 32.
bool version_fits(Run *run, const NameList *ids, Error *err) MUST_USE;
bool version_rows(Db *db, Arena *arena, const VersionStore *store, NameList *out, Error *err) MUST_USE;

// history.c
void put_history_create(StrBuf *out, const Dialect *dialect, const VersionStore *store, const char *table,
                        bool if_missing);
bool history_begin_run(Run *run, Error *err) MUST_USE; // next_id and the open attempts
// The same attempts, for who only reads.
bool history_open(Db *db, Arena *arena, const VersionStore *store, const Graph *graph, HistoryList *out,
                  Error *err) MUST_USE;
const char *history_insert_sql(const Attempt *attempt, const char *state, const char *finished,
                               const char *error);
const char *history_offline_sql(const Attempt *attempt);
const char *history_note_sql(const Attempt *attempt, size_t running);
// Is this the code of an error about values of rows?
bool history_tells_values(const char *native);
// What the history keeps of an error: its message without the values that a server repeats.
const char *history_error_text(Arena *arena, const Error *err);
const char *history_end_sql(Attempt *attempt, const char *state, const char *error);
size_t
next_running(Attempt *attempt); // attempt.c: the number of the statement that runs next, and its checksum
const char *history_close_sql(Arena *arena, const Run *run, const HistoryEntry *entry, const char *state);
void history_begin_update(const Run *run, StrBuf *sql, Arena *arena); // UPDATE … SET
// WHERE: the row with this id and owner; gives the text.
const char *history_end_update(const Run *run, StrBuf *sql, uint64_t id, const char *owner);
const char *utc_now(Arena *arena);

// claim.c: rows from before they had an owner
bool history_claim(Run *run, Error *err) MUST_USE;

// changed.c
bool script_direction_checksum(Arena *arena, const Dialect *dialect, const char *path, Direction direction,
                               char out[CHECKSUM], Error *err) MUST_USE;

// apply.c
bool run_graph(Run *run, const NameList *rows, const char *target, Error *err) MUST_USE; // of the run
bool run_lock(Run *run, Error *err) MUST_USE;
bool run_unlock(Run *run, bool ok, Error *err) MUST_USE; // ok, unless the step before unlocking fails

// failure.c
bool failure_of_statement(Attempt *attempt, const Item *item,
                          Error *err); // the words for ERR_REVISION; false
bool failure_of_step(Attempt *attempt, const char *step, Error *err);
const char *rows_text(Arena *arena, const NameList *rows); // "at a, b", "at the base"

#endif
