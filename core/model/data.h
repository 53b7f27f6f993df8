// data.h -- declared rows: what a model says of the rows of a table.
//
// A DataSet is one entry of `data:`. Its rows are kept as texts with their places; what a text means for its column, the
// engine says (core/dialect/rows.h writes it as a literal, core/data asks the engine to compare it). Sets live in their
// Schema, made by core/schema, and are const afterwards. Live schemas have none.
#ifndef CORE_MODEL_DATA_H
#define CORE_MODEL_DATA_H

#include "core/model/schema.h"

typedef enum DataMode {
    DATA_INSERT, // rows that are missing are added; what is there belongs to its users
    DATA_UPSERT, // and rows that differ are changed
    DATA_SYNC,   // and rows that are not declared are deleted, as far as `owns` reaches
} DataMode;

typedef enum DataRule {
    DATA_COMPARED,
    DATA_IGNORED, // never compared or changed
    DATA_INITIAL, // set when its row is added; its users own it afterwards
} DataRule;

typedef enum DataValueKind {
    DATA_ABSENT, // the row does not say: the column's default, and never compared
    DATA_NULL,
    DATA_TEXT,
    DATA_SQL,       // {sql: EXPRESSION}
    DATA_REFERENCE, // {role.name: admin}: the key of the row of `role` whose name is admin
} DataValueKind;

typedef struct DataReference {
    const Table *table;   // that is referred to
    const Column *result; // whose value is meant
    ColumnList columns;   // by which its row is known
    NameList texts;       // and their values
} DataReference;

typedef struct DataValue {
    DataValueKind kind;
    bool quoted;      // DATA_TEXT: it stood in quotes
    const char *text; // DATA_TEXT, DATA_SQL
    const DataReference *reference;
    SourcePos at;
} DataValue;

typedef struct DataRow {
    DataValue *values;       // by column of the set
    const char *environment; // that it is for; NULL: every one
    SourcePos at;
} DataRow;
typedef VEC(DataRow) DataRowList;

typedef struct DataColumn {
    const Column *column;
    DataRule rule;
    bool is_key;
} DataColumn;

// A file of more rows than a model holds: they are streamed.
typedef struct DataFile {
    const char *path, *shown, *null; // as rowfile_open takes them
    ColumnList columns;              // of the table, for each of the file
    VEC(bool) truths;                // of them: true and false, in whatever words
} DataFile;

typedef struct DataSet {
    const Table *table;
    DataMode mode;
    const char *owns;        // of a sync: SQL that is true of rows that are ours; NULL: all are
    VEC(DataColumn) columns; // those that rows mention, key columns included, in table order
    DataRowList rows;
    const DataFile *file; // instead of rows; NULL: none
    SourcePos at, owns_at;
} DataSet;

#endif
