// data.h -- declared rows against a database: what differs, and the SQL that leads there and back.
//
// In:   the sets of a model (core/model/data.h), the live schema, and the connection.
// Out:  a DataDiff: for each table the rows that are missing, that differ, and (mode: sync) that are not declared; then
//       statements, and those that put back exactly what was there.
//
// The engine compares. The declared rows of a table are staged in a temporary table whose columns are the live ones, and one
// query joins the two; so that what is equal, what a type makes of a value and what a key's collation takes for the same is
// what the engine itself says. Rows that differ are all that comes back. Nothing stays behind (Driver.stage).
//
// Order: parents before children, by the foreign keys of the model; what is deleted, children first. Rows of one table that
// refer to each other are ordered too; where they go in a cycle, the column that closes it is set by a later statement.
//
// Fails: ERR_SCHEMA placed at the row that the engine does not take, or that cannot become what it says; ERR_SQL. Memory: the
// arena that is passed.
#ifndef CORE_DATA_DATA_H
#define CORE_DATA_DATA_H

#include <stdio.h>

#include "core/base/sha256.h"
#include "core/db/driver.h"
#include "core/model/data.h"

#define DATA_FOLDER "data" // beside the scripts: the files of rows that they name

typedef enum DataChangeKind { DATA_ADDS, DATA_CHANGES, DATA_REMOVES } DataChangeKind;

// A row of a live table, by its natural key.
typedef struct DataNamed {
    const DataReference *form; // its table and columns
    NameList literals;         // of these
} DataNamed;

typedef struct DataChange {
    DataChangeKind kind;
    const DataRow *row; // NULL: a removed one
    const char *title;  // its key, for people
    const char *values; // of a removed row: its key as it stands there
    bool early;         // of a changed row: an added one takes a unique value that it has now
    bool *
        aside; // of a changed row, by column of the set: rows exchange unique values, and this one's is NULL meanwhile. NULL: none
    const char *
        *old; // literals: by column of the set, NULL where it stays; of a removed row by DataTable.kept
    const DataNamed **named; // as old: which row it refers to, in any database; NULL: what `old` says
    const char **live; // of a changed row: literals of all its compared columns, also of those that stay
    bool *late; // of an added row, by column of the set: is set when all rows are there; of a removed one, by
                // DataTable.kept: is NULL before any of them goes. NULL: none
} DataChange;
typedef VEC(DataChange) DataChangeList;

typedef struct DataTable {
    const DataSet *set;
    const Table *live;           // as the database has it; NULL: it is not there yet
    DataRowList rows;            // of this environment
    DataChangeList changes;      // in the order of inserting
    ColumnList kept;             // the columns of the model by which removed rows come back
    const DataReference **forms; // of these: how they say which row they refer to (data_form)
    size_t adds, edits, removes;
    VEC(size_t) unstaged;   // rows whose keys the live columns cannot hold before the revision, by number
    size_t spooled;         // of the adds: rows of a file, of which there are no changes
    FILE *spool;            // with those rows; it has no name. NULL: none, or they are only counted
    Sha256 *spool_hash;     // while it is written
    const char *spool_name; // data/SHA256.csv: where the revision looks for it
    bool has_own_key;       // a foreign key to itself: rows go one by one
    bool refers_to_itself;  // by a natural key, so that one statement cannot insert two rows
} DataTable;
typedef VEC(DataTable) DataTableList;

typedef struct DataDiff {
    const Dialect *dialect;
    const ServerInfo *server; // of the connection: it outlives the plan
    DataTableList tables;     // parents first
    size_t count;             // of changes
    bool removes_first;       // a row that is added needs what a removed one holds
    Issues problems;          // what a plan cannot do: rows of others in the way
} DataDiff;

typedef struct DataSides {
    const Schema *have, *want;
    const RenameList *renames;
    const char *environment; // NULL: none
    bool allow_delete;       // rows that nobody declared may be deleted
    bool spools;             // a plan will be made: rows of files are kept for it
} DataSides;

// Compares the declared rows with those of `db`, which is only read. Rows that cannot be as declared are
// `problems` of `out`, not an error; false is a failure of the database or a file. data_close() releases the
// files of `out`.
bool data_diff(Arena *arena, Db *db, const DataSides *sides, DataDiff *out, Error *err) MUST_USE;

// Do the statements of these rows name the table: their own, or one by whose natural key they refer? `table` may be NULL.
bool data_reads(const DataTable *t, const Table *table);

// A condition that is true of the rows of a table which data_plan_down() deletes or changes; nothing where there are none. False:
// they are too many for it.
bool data_put_touched(StrBuf *out, const DataDiff *diff, const Table *table) MUST_USE;

// The statements that lead to the model, and back. ERR_SCHEMA with every problem.
bool data_plan_up(Arena *arena, const Dialect *dialect, const DataDiff *diff, StatementList *out,
                  Error *err) MUST_USE;
void data_plan_down(Arena *arena, const Dialect *dialect, const DataDiff *diff, StatementList *out);

// Writes the files that the statements name into DATA_FOLDER of the folder that the script is written to.
bool data_keep_files(Arena *arena, const DataDiff *diff, const char *folder, Error *err) MUST_USE;
void data_close(DataDiff *diff); // lets the files go that a diff keeps open

// All rows of a live table as a set of `schema`, for a model that is written. ERR_UNSUPPORTED: it has no key.
// `table` has a key by which its rows are known; else they are not read.
bool data_has_key(const Table *table);
bool data_read_table(Arena *arena, Db *db, Schema *schema, const Table *table, Error *err) MUST_USE;

#endif
