// apply.h -- runs revisions on a live database and keeps the version, or writes them as one offline script.
//
// A state machine over recorded facts: lock, version rows, history rows, statements done. It can be killed anywhere:
// what was committed is recorded with it, so the next run goes on or says exactly what to look at (docs/reliability.md).
#ifndef CORE_APPLY_APPLY_H
#define CORE_APPLY_APPLY_H

#include "core/db/driver.h"
#include "core/revision/graph.h"

typedef struct VersionStore {
    const char *schema;  // of the version table; NULL: the default
    const char *table;   // "cmigrate_version", or an adopted "alembic_version"
    const char *history; // "cmigrate_history"
} VersionStore;
// From the setting version_table, "name" or "schema.name". ERR_CONFIG.
bool version_store_named(Arena *arena, const char *table, VersionStore *out, Error *err) MUST_USE;

// The rows of the version table; none where the table is missing. Never creates anything. *exists may be NULL.
bool version_read(Db *db, Arena *arena, const VersionStore *store, NameList *out, bool *exists, Error *err) MUST_USE;
// Resolves them against the graph. A row that no script has is an ERR_STATE: which one, and the command that mends it.
bool version_resolve(Arena *arena, const Graph *graph, const NameList *rows, RevisionList *out, Error *err) MUST_USE;

typedef struct HistoryEntry {
    const char *revision, *direction, *checksum, *started, *finished, *error, *who, *tool;
    unsigned statements_done, statements;
} HistoryEntry;
typedef VEC(HistoryEntry) HistoryList;
bool history_read(Db *db, Arena *arena, const VersionStore *store, HistoryList *out, Error *err) MUST_USE; // oldest first

// Scripts that were changed after they were applied: a warning each, naming file and both checksums' beginnings.
bool history_changed_scripts(Db *db, Arena *arena, const VersionStore *store, const Graph *graph, WarningList *out,
                             Error *err) MUST_USE;

typedef struct ApplyEvents {
    void (*begins)(void *payload, const Move *move, size_t statements, size_t index, size_t total);
    void (*statement)(void *payload, const ScriptStatement *statement, double ms); // after each
    void (*ends)(void *payload, const Move *move, size_t statements, double ms);
    void (*warns)(void *payload, const char *text);
    bool (*interrupted)(void *payload); // asked between statements
    void *payload;
} ApplyEvents;

typedef struct ApplyRequest {
    const VersionStore *store;
    const Graph *graph;
    Direction direction;
    const char *target;        // as in graph.h
    unsigned lock_timeout_ms;
    bool single_transaction;   // the whole run in one, where DDL is transactional
    const char *who, *tool;    // for the history
    const NameList *variables; // -x key=value, for ${x.key}; may be NULL
    const ApplyEvents *events;
} ApplyRequest;

// Takes the lock, reads the version again, runs. ERR_REVISION: statement, file, line, the server's words, the state now
// and what to do next. *moved counts revisions that ran to their end.
bool apply_run(Db *db, Arena *arena, const ApplyRequest *request, size_t *moved, Error *err) MUST_USE;

// Sets the rows without running scripts. `purge` removes unknown rows too.
bool apply_stamp(Db *db, Arena *arena, const ApplyRequest *request, const NameList *targets, bool purge, NameList *before,
                 NameList *after, Error *err) MUST_USE;
bool apply_ensure_version(Db *db, Arena *arena, const VersionStore *store, Error *err) MUST_USE;

// What upgrade or downgrade would run, as a script for the engine's own client, without connecting.
bool apply_offline(Arena *arena, const Dialect *dialect, const ApplyRequest *request, const MoveList *moves, StrBuf *out,
                   Error *err) MUST_USE;

// Test builds stop at the n-th step when CMIGRATE_FAULT says so (tests/fault); otherwise does nothing.
void apply_point(const char *name);

#endif
