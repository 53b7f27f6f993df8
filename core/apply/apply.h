// apply.h -- runs revisions on a live database and keeps the version, or writes them as one offline script.
//
// A state machine over recorded facts: lock, version rows, history rows, statements done. It can be killed anywhere:
// what was committed is recorded with it, so the next run goes on or says exactly what to look at (docs/reliability.md).
#ifndef CORE_APPLY_APPLY_H
#define CORE_APPLY_APPLY_H

#include "core/db/driver.h"
#include "core/revision/graph.h"

typedef struct VersionStore {
    const char *schema;         // of the version table; NULL: the default
    const char *table;          // "cmigrate_version", or an adopted "alembic_version"
    const char *history;        // "cmigrate_history"
    const char *history_schema; // NULL: the default
} VersionStore;
// From the setting version_table, "name" or "schema.name". ERR_CONFIG.
bool version_store_named(Arena *arena, const char *table, VersionStore *out, Error *err) MUST_USE;

// The rows of the version table; none where the table is missing. Never creates anything. *exists may be NULL.
bool version_read(Db *db, Arena *arena, const VersionStore *store, NameList *out, bool *exists,
                  Error *err) MUST_USE;
// Resolves them against the graph. A row that no script has is an ERR_STATE: which one, and the command that fixes it.
bool version_resolve(Arena *arena, const Graph *graph, const NameList *rows, RevisionList *out,
                     Error *err) MUST_USE;

// One attempt. A run that is killed leaves its row `running`, one that fails `failed`; where something of it stays done
// (no transaction), the next run goes on after it and the row becomes `resumed`, or `stamp` makes it `abandoned`.
typedef struct HistoryEntry {
    const char *revision;
    const char *direction; // "upgrade", "downgrade", "stamp"
    const char *state;     // "running", "done", "failed", "resumed", "abandoned"
    const char *checksum, *started, *finished, *error, *who, *tool;
    const char *owner;         // the version table that it belongs to; "": it was written before rows had one
    const char *file_checksum; // of the whole file: the same, and nothing in it can have changed
    const char *done_checksum; // script_chain of what is done
    const char *running_checksum; // and of that with the statement that runs
    unsigned statements_done, statements;
    unsigned running; // the number of the statement that runs or ran when the process died; 0: none
    uint64_t id;
} HistoryEntry;
typedef VEC(HistoryEntry) HistoryList;
// Of each revision what was done with it last, oldest first: what this version table did, and what nobody knows the version
// table of. No more than twice the number of revisions, however long the history is.
bool history_read_last(Db *db, Arena *arena, const VersionStore *store, HistoryList *out,
                       Error *err) MUST_USE;

// The attempts, newest first: what this version table did, and what nobody knows the version table of. `limit` 0: all.
bool history_read(Db *db, Arena *arena, const VersionStore *store, size_t limit, HistoryList *out,
                  Error *err) MUST_USE;

// A revision of which a run did a part, and stopped; or does a part just now.
typedef struct Interrupted {
    HistoryEntry entry;
    const char *done;    // "3 of 5 statements are done"
    const char *at_work; // who holds the lock: the run goes on; NULL: it has stopped
    const char *goes_on; // the command that goes on with it; NULL: its script is missing
    const char *undone;  // the command that says where the database is, once that part was undone by hand
    const char *ways_on; // both, as a hint
} Interrupted;
// The first that is to be settled; NULL: none. `current`: where the database is. Takes the lock for a moment, without
// waiting, where a run may be at work.
bool history_interrupted(Db *db, Arena *arena, const VersionStore *store, const Graph *graph,
                         const RevisionList *current, const Interrupted **out, Error *err) MUST_USE;

// A script that was changed after it was applied, with the checksums of what it runs.
typedef struct ChangedScript {
    Revision *revision;
    const char *then;
    const char *now; // NULL: it cannot be read any more
} ChangedScript;
typedef VEC(ChangedScript) ChangedScriptList;
bool history_changed(Db *db, Arena *arena, const VersionStore *store, const Graph *graph,
                     ChangedScriptList *out, Error *err) MUST_USE;
// The same in words, which name the file and how both checksums begin.
const char *changed_script_text(Arena *arena, const ChangedScript *changed);
// What to do with such a script, in one sentence.
extern const char changed_script_advice[];
// Both: a warning for each.
bool history_changed_scripts(Db *db, Arena *arena, const VersionStore *store, const Graph *graph,
                             WarningList *out, Error *err) MUST_USE;

// A query of a verify section that does not hold: it gave rows, or the database refuses it.
typedef struct VerifyFailure {
    const Revision *revision;
    SourcePos at;
    const char *text; // what is wrong then
    uint64_t rows;
    const char *first;   // the key of the first of them; NULL: nothing that may be shown
    const char *refusal; // why it cannot be asked: the schema may have moved on; NULL: it was
} VerifyFailure;
typedef struct VerifyReport {
    size_t queries; // that were asked
    VEC(VerifyFailure) failures;
} VerifyReport;
// Asks the verify sections of all revisions that a database which is at `current` has run. Changes nothing, where the
// connection is one that only reads. `variables` as in ApplyRequest.
bool verify_applied(Db *db, Arena *arena, const Graph *graph, const RevisionList *current,
                    const NameList *variables, VerifyReport *out, Error *err) MUST_USE;

typedef struct ApplyEvents {
    void (*begins)(void *payload, const Move *move, size_t statements, size_t index, size_t total);
    // Before each. Where this or the next is set, no statements are sent together: set it where somebody watches.
    void (*starts)(void *payload, size_t number, size_t total);
    // After each, with its time: set it for -v only.
    void (*statement)(void *payload, const ScriptStatement *statement, double ms);
    void (*ends)(void *payload, const Move *move, size_t statements, double ms);
    void (*warns)(void *payload, const char *text);
    bool (*interrupted)(void *payload); // asked between statements
    void *payload;
} ApplyEvents;

typedef struct ApplyRequest {
    const VersionStore *store;
    const Graph *graph;
    Direction direction;
    const char *target; // as in graph.h
    // These, which begin where the database is, in place of those that lead to the target; NULL: the target says it.
    const MoveList *moves;
    unsigned lock_timeout_ms;
    // The database is this process's own, one that db_scratch made: no other run can be at work on it, and no lock is taken.
    bool alone;
    bool single_transaction;   // the whole run in one, where DDL is transactional
    bool stops_at_contract;    // an upgrade ends before a revision of `phase contract`
    bool allow_irreversible;   // a downgrade of a script without a downgrade section only moves the version
    const char *who, *tool;    // for the history
    const char *tag;           // of an offline script: a line at its top; NULL: none
    const NameList *variables; // -x key=value, for ${x.key}; may be NULL
    // --resume-at N, or --resume-after N-1: go on with this statement (from 1) of the revision that was interrupted, whatever
    // the history says of it. 0: not said.
    unsigned resume_at;
    // Asked under the lock, before anything runs: may these moves be made? NULL: every one may.
    bool (*permits)(const void *payload, const MoveList *moves, Error *err);
    const void *permits_payload;
    // The database is one to be thrown away: statements that would reach another server (db_reaches_out) are passed over as if
    // they had been done, and *reached_out is set. NULL: every statement runs.
    bool *reached_out;
    const ApplyEvents *events;
} ApplyRequest;

// Takes the lock, reads the version again, runs. ERR_REVISION: statement, file, line, the server's words, the state now
// and what to do next. *moved counts revisions that ran to their end.
bool apply_run(Db *db, Arena *arena, const ApplyRequest *request, size_t *moved, Error *err) MUST_USE;

// Runs the upgrade sections of a script that is no revision, under the lock of the version table and with all that makes a
// revision safe (transactions, assertions, checks of keys, what waits for locks is tried again). Neither version nor history is
// written. What stays done after a failure the error says. Of `request`, target, direction and graph are not read; `permits` is
// asked under the lock. `script->path` NULL: its text is in no file.
bool apply_once(Db *db, Arena *arena, const ApplyRequest *request, Script *script, Error *err) MUST_USE;

// Sets the rows without running scripts. `purge` removes unknown rows too.
bool apply_stamp(Db *db, Arena *arena, const ApplyRequest *request, const NameList *targets, bool purge,
                 NameList *before, NameList *after, Error *err) MUST_USE;
bool apply_ensure_version(Db *db, Arena *arena, const VersionStore *store, Error *err) MUST_USE;

// What upgrade or downgrade would run, as a script for the engine's own client, without connecting.
bool apply_offline(Arena *arena, const Dialect *dialect, const ApplyRequest *request, const MoveList *moves,
                   StrBuf *out, Error *err) MUST_USE;
// The same of stamp, for a database whose table holds `before`, and of ensure-version.
bool apply_stamp_offline(Arena *arena, const Dialect *dialect, const ApplyRequest *request,
                         const NameList *before, const NameList *after, StrBuf *out, Error *err) MUST_USE;
void apply_ensure_version_offline(Arena *arena, const Dialect *dialect, const ApplyRequest *request,
                                  StrBuf *out);

// ERR_SCRIPT where the move is a downgrade of a script that has no downgrade section.
bool apply_can_undo(Arena *arena, const Dialect *dialect, const Script *script, const Move *move,
                    Error *err) MUST_USE;

// A statement as it is sent: ${x.key} and ${x.key:-default} filled in. ERR_SCRIPT, placed, for a key without a value.
bool variables_fill(Arena *arena, const NameList *variables, const ScriptStatement *statement,
                    const char **out, Error *err) MUST_USE;

#endif
