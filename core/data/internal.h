// internal.h -- what the files of core/data share.
#ifndef CORE_DATA_INTERNAL_H
#define CORE_DATA_INTERNAL_H

#include "core/base/file.h"
#include "core/base/rowfile.h"
#include "core/data/data.h"
#include "core/dialect/rows.h"

enum { ROWS_AT_ONCE = 100 }; // of one INSERT or DELETE

typedef struct DataJob {
    Arena *arena;
    Db *db;
    const Dialect *dialect;
    const DataSides *sides;
    DataDiff *diff;
    StrBuf line; // of the spool
} DataJob;

// A column of a set, and where it is now.
typedef struct StagedColumn {
    size_t place;       // in the set
    const Column *live; // NULL: not there yet
    bool retyped;
    const DataReference *form; // by which its live value is told (data_form); NULL: by itself
    const char *name;          // "c3" of the stage; NULL: not staged
} StagedColumn;
typedef VEC(StagedColumn) StagedColumnList;

// big.c: the rows of a set that stay in their file, one after another
typedef struct DataFileRows {
    const DataSet *set;
    RowFile *file;
    Arena *memory;
    DataRow row;   // the last; its texts are valid until the next
    size_t number; // of rows that were read
} DataFileRows;
bool data_file_open(DataJob *job, const DataTable *t, DataFileRows *out, Error *err) MUST_USE;
void data_file_close(DataFileRows *rows);
bool data_file_next(DataFileRows *rows, bool *more, Error *err) MUST_USE;
bool data_file_row(DataFileRows *rows, size_t n, Error *err) MUST_USE; // goes on to row n
DataRow data_file_copy(Arena *arena, const DataFileRows *rows);
// A row that is to be added: counted, and kept where a plan will be made.
bool data_spool(DataJob *job, DataTable *t, const DataRow *row, Error *err) MUST_USE;
bool data_spool_all(DataJob *job, DataTable *t, Error *err) MUST_USE;
void data_spool_end(DataJob *job, DataTable *t);

// order.c
void data_order_tables(DataJob *job); // of diff->tables
// Orders the added rows of a table, and finds what closes a cycle. False: a cycle that nothing can open (a problem).
void data_order_rows(DataJob *job, size_t table);

bool data_has_texts(const DataSet *set, const DataRow *row,
                    const DataReference *reference); // is it the row that is meant?

// names.c
const Table *data_live_table(const DataJob *job, const Table *want);
const Column *data_live_column(const DataJob *job, const Table *want, const Table *live,
                               const Column *column);
const char *data_live_name(const DataJob *job, const Table *live); // qualified and quoted
const char *data_title(Arena *arena, const DataSet *set, const DataRow *row);

// conflict.c: the literals that the rows which go have in the column at this place of DataTable.kept, sorted; and is one of them
// `value`? Collected once for all rows that ask, so that thousands of rows cost no more than sorting them.
NameList data_removed(Arena *arena, const DataTable *t, size_t place);
bool data_is_removed(const NameList *removed, const char *value);
// The column of `other` that a foreign key of `column` leads to; NULL: none.
const Column *data_refers_to(const Table *table, const Column *column, const Table *other);

// named.c: how a live row says which other it refers to, where ids are the server's; NULL: by its value
const DataReference *data_form(const DataJob *job, const DataTable *t, const Column *column);
// Appends the natural key of the row that `value` refers to, to the columns of a query; and takes it from its answer. False: it
// has none.
void data_put_named_columns(StrBuf *out, const DataJob *job, const DataReference *form, const char *value);
bool data_take_named(const DataJob *job, const DataReference *form, const Row *got, size_t *field,
                     NameList *literals);

// The declared row that a reference means, where the set of its table knows it by another key than the reference; NULL: there is none.
// That key is the same before and after a revision, which may change what the reference says.
const DataRow *data_find_declared(const DataDiff *diff, const DataReference *reference, const DataTable **t);
// The same of a row that the plan changes in what the reference says, or in what `literals`, where there are some, say instead.
const DataRow *data_find_changed(Arena *arena, const DataDiff *diff, const DataReference *reference,
                                 const NameList *literals, const DataTable **t);

// The place of a column of the set's table in the set; the count of its columns: the set does not have it. `column` may be NULL.
size_t data_place_of(const DataSet *set, const char *column);

// values.c: a value as SQL of a script
void data_put_value(StrBuf *out, const DataDiff *diff, const DataSet *set, size_t place,
                    const DataValue *value);
void data_put_text(StrBuf *out, const Dialect *dialect, const Column *column, const char *text, bool quoted);
void data_put_key(StrBuf *out, const DataDiff *diff, const DataSet *set, const DataRow *row);
// Of a row that may not be declared: a query that gives its key.
// `literals`: of its natural key, instead of the texts of the reference; NULL: these.
void data_put_reference(StrBuf *out, const DataDiff *diff, const DataSet *set, const DataReference *reference,
                        const NameList *literals);
// Is the declared value what the literal of a live one says, as far as their texts tell?
bool data_is_literal(Arena *arena, const DataDiff *diff, const DataSet *set, size_t place,
                     const DataValue *value, const char *literal);

// exchange.c: orders the changed rows of a table by the unique values that they take from each other. A circle that nothing can
// open is a problem.
void data_order_exchanges(DataJob *job, DataTable *t);

// plan.c, change.c: the statements of a plan
typedef struct DataPlan {
    Arena *arena;
    const Dialect *dialect;
    const DataDiff *diff;
    StatementList *out;
} DataPlan;
Statement *data_add(const DataPlan *p, const StrBuf *text);
StrBuf data_begin(const DataPlan *p);
void data_put_update(const DataPlan *p, StrBuf *out, const DataTable *t);
void data_assert_references(const DataPlan *p, const DataTable *t, const DataChange *change);
const char *data_what_was(const DataPlan *p, const DataTable *t, const DataChange *change, size_t i);
// `early`: those that let go what an added row takes, or the others.
void data_change_rows(const DataPlan *p, const DataTable *t, bool early);
void data_change_back(const DataPlan *p, const DataTable *t, bool early);
static inline const Column *data_column_of(const DataTable *t, size_t i)
{
    return t->set->columns.items[i].column;
}

// stage.c
bool data_stage_open(DataJob *job, DataTable *t, const StagedColumnList *columns, Error *err) MUST_USE;
bool data_check_expressions(DataJob *job, const DataTable *t, Error *err) MUST_USE; // of {sql: …}
bool data_stage_close(DataJob *job, Error *err) MUST_USE;
NameScope data_scope(const DataTable *t); // of queries that hold a person's SQL, too

// conflict.c: what a plan cannot do
bool data_find_conflicts(DataJob *job, DataTable *t, const StagedColumnList *columns, Error *err) MUST_USE;
bool data_check_removes(DataJob *job, DataTable *t, Error *err) MUST_USE;
bool data_check_references(DataJob *job, Error *err) MUST_USE;
bool data_is_declared(const DataDiff *diff, const DataReference *reference);

#endif
