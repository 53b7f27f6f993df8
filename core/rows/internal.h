// internal.h -- what the files of core/rows share.
//
// rows.c takes the tables in an order that foreign keys allow; table.c decides what becomes of each column; keys.c finds the rows
// that it may refer to; check.c asks which values CHECK constraints take; lookup.c what triggers look for; partition.c which fall into partitions; row.c puts a row
// together; insert.c gets it into the table and ask.c asks the engine; value.c makes values.
#ifndef CORE_ROWS_INTERNAL_H
#define CORE_ROWS_INTERNAL_H

#include "core/rows/rows.h"

// value.c ----------------------------------------------------------------

typedef enum ValueEdge { EDGE_PLAIN, EDGE_UPPER, EDGE_LOWER, EDGE_AWKWARD } ValueEdge;

// The nth plain value; not distinct from others. NULL: the type has none.
const char *value_plain(Arena *arena, const Dialect *dialect, const TypeValues *type, uint64_t n);
// NULL: the type has no such edge.
const char *value_edge(Arena *arena, const Dialect *dialect, const TypeValues *type, ValueEdge edge);
// One of values that are all distinct, case and trailing blanks apart; NULL: there are not so many.
const char *value_key(Arena *arena, const Dialect *dialect, const TypeValues *type, uint64_t n);
const char *value_literal(Arena *arena, const Dialect *dialect, const char *text);
// A text that a regular expression matches, the nth; NULL: it cannot be read.
const char *value_of_pattern(Arena *arena, const char *pattern, uint64_t n);
uint64_t value_hash(uint64_t seed, const char *text);

// table.c ----------------------------------------------------------------

typedef struct RowColumn {
    const Column *column;
    TypeValues type;
    bool left_out;       // generated, or numbered by the engine
    bool explicit_key;   // numbered by the engine, but a value must be named
    bool by_default;     // left to a default that is likely to be distinct, at first
    bool numbered;       // its values make a key distinct
    bool checked;        // a CHECK constraint or a domain speaks of it
    bool optional;       // a row without it is complete: a default, or NULL
    bool excluded;       // part of an exclusion constraint: values that do not overlap
    size_t group;        // its number among the check groups, from 1; 0: none
    size_t digit;        // its place in a mixed radix, from 1; 0: none
    uint64_t taken;      // numbers up to this one are for others
    const NameList *own; // values that a person named; NULL: none
    NameList looked_up;  // that triggers look for: a row each, so that they find one and no other
} RowColumn;

typedef VEC(const char **) RowsPool; // SQL of the referred columns, a row each

// A foreign key and the rows that it may refer to.
typedef struct RowsKey {
    const Constraint *constraint;
    const Table *referred;
    size_t *columns; // of the table, by number
    size_t count;
    RowsPool pool;
    bool nullable; // one of its columns is
    bool later;    // it is NULL at first, and set when the referred table has rows
    bool itself;   // it refers to its own table
    size_t digit;  // as of a column
} RowsKey;

// The rows that a query gave to refer to.
typedef struct ReadPool {
    const char *query;
    RowsPool rows;
} ReadPool;

// Columns that CHECK constraints put in relation, and the values that all of these take.
typedef struct CheckGroup {
    size_t *columns;
    size_t count;
    NameList conditions;      // SQL
    NameList titles;          // of the constraints
    VEC(const char **) taken; // a value for each column
    bool asked;               // the engine has answered
} CheckGroup;

typedef struct RowsTable {
    const Table *table;
    RowColumn *columns;
    size_t count;
    VEC(RowsKey) keys;
    VEC(CheckGroup) groups;
    VEC(size_t) radix; // sizes of the digits
    VEC(const Table *) partitions;
    size_t capacity;   // rows that the keys take beside those that are there
    const char *limit; // the key that allows no more
    size_t there;      // rows that are there already
    uint64_t hash;
} RowsTable;

// A text in the triggers of the schema, and how often it is there.
typedef struct SpokenWord {
    const char *text;
    size_t times;
} SpokenWord;

// A table of which a row made the engine end the whole transaction (RAISE(ROLLBACK), a full sequence of SQLite's).
typedef struct EndedBy {
    const Table *table;
    const char *words; // the engine's
} EndedBy;

// A table whose rows refer to rows of another that are not there yet.
typedef struct Promise {
    const Table *from, *to;
    const Constraint *key;
    const char *column, *referred;
    bool kept;      // the rows are there
    bool looked_at; // and the key looks at once again
} Promise;

typedef struct Maker {
    Db *db;
    Arena *kept;  // the caller's
    Arena *arena; // the same, or one that lives as long as some rows are put in
    const RowsRequest *request;
    const Dialect *dialect;
    const Schema *schema;
    size_t wanted;
    NameList guards; // that the engine answers
    bool trying;     // rows_try_one
    size_t *counts;  // rows that each table that gets some has at the beginning
    size_t counted;
    const Table *current;
    VEC(Promise) promises; // keys of tables that were used before these have rows: they must come out so
    VEC(ReadPool) pools;   // what was read, where one row is tried: several tables refer to the same
    VEC(TokenList) bodies; // of triggers and routines, where there are triggers
    VEC(SpokenWord) spoken;
    VEC(EndedBy) ended_by; // they get no rows
    bool ended;            // just now: all is done once more, without the table
    bool deferred;         // there are keys that look at the end of the transaction
} Maker;

// What is to be known of a table before rows are made: rows that are there, keys, checks, the rows that it may refer to.
// *refused: why no row can be made.
bool table_prepare(Maker *maker, RowsTable *out, const Table *table, const char **refused,
                   Error *err) MUST_USE;

// keys.c: the foreign keys of a table and of its partitions. *refused: one of them can refer to nothing.
bool keys_find(Maker *maker, RowsTable *t, const char **refused, Error *err) MUST_USE;
// The promises that `filled` (NULL: all the others) had to keep. Where they are not kept, the whole is made once more without the
// tables that relied on them.
bool keys_settle(Maker *maker, const Table *filled, Error *err) MUST_USE;
void keys_look_again(Maker *maker); // after a rollback
// Reads the rows that a key may refer to.
bool key_read_pool(Maker *maker, RowsKey *key, Error *err) MUST_USE;
const Table *table_referred(const Schema *schema, const Constraint *key); // NULL: absent
bool table_is_partition(const Table *table);
const Table *table_partitioned(Maker *maker,
                               const Table *partition); // the table that it is a part of; NULL: none
// The partitioned table that its rows go through; itself where it is no partition.
const Table *table_root(Maker *maker, const Table *table);
bool table_column_number(const RowsTable *t, const char *name, size_t *out);
void table_put_name(const Maker *maker, StrBuf *out, const Table *table);
bool text_mentions(const Dialect *dialect, const char *sql, const char *name);

// partition.c: values of the columns that a table is partitioned by, for each of its partitions.
void partition_values(Maker *maker, RowsTable *t);

// lookup.c
void lookups_read(Maker *maker); // fills maker->bodies and maker->spoken, once
// Appends the values of a column that bodies look rows up by, as SQL: of a table that they read.
void lookup_words(const Maker *maker, const Table *table, const Column *column, const TypeValues *type,
                  NameList *out);
bool lookup_is_made(const Maker *maker, const Table *table); // are there any of its columns?

// check.c
void check_mark(Maker *maker, RowsTable *t); // which columns are `checked`
bool check_find(Maker *maker, RowsTable *t, Error *err) MUST_USE;

// row.c ------------------------------------------------------------------

typedef struct MadeRow {
    const char **values; // SQL by column; NULL: left out
} MadeRow;

// The `n`th row; `attempt` 0 is the best there is, more are simpler and others.
void row_make(Maker *maker, const RowsTable *t, size_t n, size_t attempt, MadeRow *out);
enum { ROW_ATTEMPTS = 50 };

// ask.c ------------------------------------------------------------------

// A statement that may be refused: *refusal NULL where it was not. The transaction stays usable.
bool ask_exec(Maker *maker, const char *sql, const char **refusal, Error *err) MUST_USE;
// The same of one statement that changes rows: it and its savepoint take one round trip, where the driver can.
bool ask_change(Maker *maker, const char *sql, const char **refusal, Error *err) MUST_USE;
bool ask_query(Maker *maker, const char *sql, RowFn *row, void *payload, const char **refusal,
               Error *err) MUST_USE;

// insert.c ---------------------------------------------------------------

// The rows of a table that table_prepare has looked at. made->refused: why there are fewer than asked for.
bool table_fill(Maker *maker, RowsTable *t, RowsMade *made, Error *err) MUST_USE;
// Sets the foreign keys that were left NULL.
bool table_set_later(Maker *maker, RowsTable *t, Error *err) MUST_USE;

#endif
