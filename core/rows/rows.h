// rows.h -- makes rows for the tables of a database, so that what is done to it is done to rows.
//
// In:    a connection to a scratch database or to any other whose rows nobody minds, and its Schema as its driver read it.
// Out:   rows in its tables, and for each table how many it got. The law: whatever the schema, a row is in the table because the
//        engine took it, or the table is reported with the constraint in the way.
//
// The rows of a table are not all alike: the first has only what must be said, then one at the upper and one at the lower edge
// of each type, one of awkward texts, and plain ones, among which each value of an enum comes. Foreign keys point to rows that
// are there; keys are numbered; what CHECK constraints and domains take is found by asking the engine, for values that their
// own texts suggest. What the engine refuses even then is tried in other ways, under a savepoint.
//
// The same seed, schema and rows give the same rows. Rows that are there stay as they are.
//
// Fails only when the connection does. Memory: results live in the arena that is passed.
#ifndef CORE_ROWS_ROWS_H
#define CORE_ROWS_ROWS_H

#include "core/db/driver.h"

enum { ROWS_USUAL = 20 };

// What became of a table.
typedef struct RowsMade {
    const Table *table;
    size_t made; // rows that were added
    bool full;   // fewer than asked for, because its keys take no more
    // Why fewer than asked for: the constraint in the way, or the engine's words. NULL: all are there, or the table is full.
    const char *refused;
    size_t guarded; // rows that were left out because of a guard
    // The tables whose rows are not made here say so in `refused` and are `apart`: foreign and virtual ones.
    bool apart;
} RowsMade;
typedef VEC(RowsMade) RowsMadeList;

// Numbers up to `most` are for others in a column: made rows are numbered behind them.
typedef struct RowsTaken {
    const char *table, *column; // without a schema
    uint64_t most;
} RowsTaken;
typedef VEC(RowsTaken) RowsTakenList;

typedef struct RowsRequest {
    const Schema *schema;
    uint64_t seed;
    size_t count; // rows that each table shall get beside those that are there; 0: ROWS_USUAL
    // Which tables get rows; NULL: all. The others may still be referred to.
    bool (*wants)(void *payload, const Table *table);
    void *payload;
    // Queries that must give no row, however many there are: rows that make one give some are left out. One that the engine
    // refuses is passed over.
    const NameList *guards;
    // Values that a person names: pairs of "table.column" (with a schema where that is not the default one) and SQL. They are
    // tried before all others.
    const NameList *own_values;
    const RowsTakenList *taken; // NULL: none
} RowsRequest;

// Within a transaction of its own, committed at the end. `db` must not be in one.
bool rows_make(Db *db, Arena *arena, const RowsRequest *request, RowsMadeList *out, Error *err) MUST_USE;

// One plain row more for each table, as an application would insert it: columns that the engine fills are left out. Nothing of
// it stays where the engine can roll rows back. `refused` says why where one is not taken.
bool rows_try_one(Db *db, Arena *arena, const RowsRequest *request, RowsMadeList *out, Error *err) MUST_USE;

#endif
