// schema_history.h -- which revision made and changed each table and column.
//
// The revisions are replayed in a scratch place one by one, and the schema is compared after each: what a revision did is
// known whatever its text. Tables and columns are named as they are called at the end, so that a rename does not cut
// a history in two; what was dropped has none.
#ifndef CLI_WORKFLOW_SCHEMA_HISTORY_H
#define CLI_WORKFLOW_SCHEMA_HISTORY_H

#include "cli/workflow/compare.h"
#include "core/revision/graph.h"

typedef struct HistoryEvent {
    const Revision *revision;
    ChangeKind kind;
    ObjectKind object;
    const char *schema, *table; // by their names now; NULL: the table was dropped later
    const char *column;         // NULL: of the table, or of a key or index of it
    const char *phrase;         // "column email: string(120) -> string(254)"
    bool within;                // made with its table: part of that event
    bool gone;                  // its table, or its column, was dropped later
} HistoryEvent;

typedef struct SchemaHistory {
    VEC(HistoryEvent) events; // the oldest first
} SchemaHistory;

// In a scratch place of its own, which is closed again. Fails as a replay does.
bool schema_history_read(Session *session, const Project *project, const Graph *graph, SchemaHistory *out,
                         Error *err) MUST_USE;

// The event that made the table (`column` NULL) or the column; NULL: no revision made it.
const HistoryEvent *schema_history_made(const SchemaHistory *history, const Object *table,
                                        const char *column);
bool history_event_is_of(const HistoryEvent *event, const Object *table); // and is not gone

#endif
