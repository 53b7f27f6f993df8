// suite.h -- what `cmigrate test` runs: the project's own tests, as they are written in files.
//
// A test is a list of steps in a scratch place that is empty at first: go to a revision, put rows in, expect rows, expect a
// failure. It is written in YAML (NAME.test.yaml, one or a list of them) or in SQL (NAME.test.sql); docs/testing.md has both
// forms. Reading one tells every fault with its place. Memory: the arena that is passed.
#ifndef CLI_TESTING_SUITE_H
#define CLI_TESTING_SUITE_H

#include "core/dialect/dialect.h"

enum { TEST_MOST_FILLED = 100000 }; // rows that one step makes for a table

typedef enum TestStepKind {
    TEST_TO,     // target, side: upgrade or downgrade until it is there
    TEST_UP,     // count: one revision after another
    TEST_DOWN,   // count
    TEST_INSERT, // table, columns, rows
    TEST_LOAD,   // table, file: the rows of a file
    TEST_FILL,   // columns: the tables, none: all; count: rows for each of them, 0: the usual number; seed
    TEST_SQL,    // sql: statements, each must succeed
    TEST_ROWS,   // sql, rows: what the query must give; file, not NULL: they are in that file
    TEST_NONE,   // sql, with: a query that must give no row; what is wrong where it does
    TEST_FAILS,  // sql, with: the statement must fail; with a text or a code, "": with any
    TEST_HOLDS,  // sql: the first value must be true
    TEST_MARK,   // with: remembers the rows of the table, NULL: of every table, under this name
    TEST_SAME,   // with, table: they are as they were at that mark
    TEST_USES,   // sql, with: the plan of the query uses this index
    TEST_TIME,   // milliseconds: the step before took less
    TEST_SET,    // columns: variables NAME=VALUE, as of -x, from here on
} TestStepKind;

typedef enum TestSide { TEST_AT, TEST_BEFORE, TEST_AFTER } TestSide;

typedef struct TestValue {
    const char *text; // NULL: NULL
    bool exact;       // it was quoted: its text is what counts, "1.0" is not "1"
} TestValue;
typedef VEC(TestValue) TestRow;
typedef VEC(TestRow) TestRows;

// Where `--update` writes the rows that came: the bytes of the file from `start` to `end`.
typedef struct TestPlace {
    size_t start, end;
    unsigned indent; // of a list that goes over several lines: its column; 0: it is on one line
} TestPlace;

typedef struct TestStep {
    TestStepKind kind;
    SourcePos at;
    const char *target, *sql, *table, *with;
    const char *file; // as it is written: relative to the folder of the test
    SourcePos sql_at;
    TestSide side;
    unsigned count, milliseconds;
    unsigned long long seed; // 0: the usual one
    NameList columns;
    TestRows rows;
    TestPlace written; // of TEST_ROWS: where its rows stand in the file
} TestStep;

// A test is read once for each case of its `each`: these have its steps, and differ in name and variables.
typedef struct ProjectTest {
    const char *name, *path;
    const char *title; // without the variables of the case, which are a part of the name
    SourcePos at;
    NameList engines;   // empty: every one that the project has
    NameList tags;      // words that `--tag` chooses by
    NameList variables; // NAME=VALUE of its case, as of -x
    const char *skip;   // why; NULL: it runs
    VEC(TestStep) steps;
} ProjectTest;
typedef VEC(ProjectTest) TestSuite;

// Reads a file by its name: YAML or SQL, which is split by the dialect's rules. Appends the tests that it has. ERR_CONFIG or
// ERR_SCRIPT, placed. `text` receives the whole file, for --update; may be NULL.
bool suite_read(Arena *arena, const char *path, const Dialect *dialect, TestSuite *out, Text *text,
                Error *err) MUST_USE;
bool suite_read_yaml(Arena *arena, const char *path, Text text, TestSuite *out, Error *err) MUST_USE;
bool suite_read_sql(Arena *arena, const char *path, Text text, const Dialect *dialect, TestSuite *out,
                    Error *err) MUST_USE;

// Appends a test for each case, in place of the last one that was read; with no case it stays as it is.
typedef VEC(NameList) TestCases;
void suite_expand(Arena *arena, TestSuite *suite, const TestCases *cases);

// "sqlite", "postgresql", "mysql": the name of an engine as a test may write it; NULL: there is none of this name.
const char *suite_engine(const char *word);

// Rows as they are written after `expect`: "Ada,Lovelace | Madonna,". Nothing is NULL, "" an empty text. And back.
bool suite_parse_rows(Arena *arena, Text text, TestRows *out);
void suite_put_rows(StrBuf *out, const TestRows *rows);

#endif
