// rows.h -- how an engine spells rows: literals of values, inserts that meet a row that is there, and the table in which
// declared rows are staged to be compared.
//
// One const RowDialect per engine, in drivers/<engine>/dialect/rows.c, reached by Dialect.rows. Pure functions; text is
// put into `out`.
#ifndef CORE_DIALECT_ROWS_H
#define CORE_DIALECT_ROWS_H

#include "core/dialect/dialect.h"

// The columns of a stage are c0, c1, … in the order of `columns`, none of them NOT NULL; before them stands ROW_NUMBER.
#define ROW_NUMBER "cmigrate_row"
typedef struct RowStage {
    const char *live;   // the table as it appears now, qualified and quoted
    ColumnList columns; // of it, by the names that it has now
    // Places of those by which rows are looked up from the live table; none: they are not. An engine that joins without an index
    // needs one.
    VEC(size_t) key;
} RowStage;

typedef struct RowUpsert {
    const Table *table;
    const ServerInfo *server;
    NameList key;
    ColumnList set; // what becomes of a row that is there; none: it stays as it is
} RowUpsert;

struct RowDialect {
    // Does a model write values of this type as base64?
    bool (*is_binary)(const char *type);
    // The value that `text` stands for in a column; `quoted`: it stood in quotes in the model. It is not null.
    void (*put_value)(StrBuf *out, const Column *column, const char *text, bool quoted);
    void (*put_bytes)(StrBuf *out, const unsigned char *bytes, size_t n);
    // An expression that gives the value of `expression` as a literal: text that stores just that value again.
    void (*put_as_literal)(StrBuf *out, const Column *column, const char *expression);
    // The same as a model says it: text, bytes as hexadecimal digits.
    void (*put_as_text)(StrBuf *out, const Column *column, const char *expression);
    // A condition that is true where two values of this column are the same, NULL being the same as NULL: numbers and moments
    // by their value, JSON by its meaning, texts by their characters, whatever the collation takes for equal.
    void (*put_same)(StrBuf *out, const ServerInfo *server, const Column *column, const char *a,
                     const char *b);

    const char *stage; // the name of the staging table, which is temporary, as SQL; Driver.stage removes it
    void (*put_stage)(StrBuf *out, const RowStage *stage); // CREATE …

    // A temporary table of the same name with a column `x`, and beside it, generated or indexed, whether an expression is NULL:
    // the engine refuses one whose value changes by itself, now or when a row is inserted.
    void (*put_probe)(StrBuf *out, const char *expression);

    // What follows INSERT … VALUES (…) so that a row that is there is changed or left. False: this key cannot be met
    // so, since another unique key could be met too; then nothing is put.
    bool (*put_upsert)(StrBuf *out, const RowUpsert *upsert);
    // A statement that moves the counter of a column after its greatest value; NULL, or false: it moves by itself.
    bool (*put_counter)(StrBuf *out, const Table *table, const Column *column);
    // Between the columns and the values of an INSERT that sets `column`: what permits it; NULL: nothing is needed.
    const char *(*override)(const Column *column);
    const char *list_of_rows; // between `(a, b) IN (` and rows, as in VALUES (1, 2); "": nothing
    const char *from_nothing; // FROM … of a SELECT without a table; "": none is needed
};

// ON CONFLICT (key) DO UPDATE SET …, as SQLite and PostgreSQL have it. `differs`: the operator between two lists of values,
// so that equal rows are not written again; NULL: no such condition.
void rows_put_on_conflict(StrBuf *out, const Dialect *dialect, const RowUpsert *upsert, const char *differs);

#endif
