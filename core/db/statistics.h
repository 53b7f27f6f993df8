// statistics.h -- how many rows tables have, as the server estimates them, for judging what a change of each costs.
#ifndef CORE_DB_STATISTICS_H
#define CORE_DB_STATISTICS_H

#include "core/base/error.h"
#include "core/base/vec.h"

struct Db;

typedef struct TableStat {
    const char *schema; // NULL: the connection's default
    const char *name;
    long long rows;  // an estimate; -1: the server has none
    long long bytes; // with indexes; -1: not known
} TableStat;
typedef VEC(TableStat) TableStatList; // sorted by table_stats_sort

// Sorts by name, then schema, for table_stat().
void table_stats_sort(TableStatList *list);
// By name; NULL: none. Without a schema, the first table of that name.
const TableStat *table_stat(const TableStatList *list, const char *schema, const char *name);

// What a running database tells of itself, and no schema shows.
typedef enum LiveKind { LIVE_KEY, LIVE_UNUSED_INDEX, LIVE_INVALID_INDEX } LiveKind;
typedef struct LiveFact {
    LiveKind kind;
    const char *schema;       // NULL: the connection's default
    const char *table, *name; // the column of a generated key (NULL: not known), or the index
    int percent;              // LIVE_KEY: of its numbers, how many are used
} LiveFact;
typedef VEC(LiveFact) LiveFactList;

// For drivers: what a query gives (kind by its number, schema, table, name, percent). Appends to *out.
bool live_facts_query(struct Db *db, Arena *arena, const char *query, LiveFactList *out, Error *err) MUST_USE;

// For drivers: what a query gives (schema, name, rows, bytes; NULL where not known), sorted. Appends to *out.
bool table_stats_query(struct Db *db, Arena *arena, const char *query, TableStatList *out,
                       Error *err) MUST_USE;

#endif
