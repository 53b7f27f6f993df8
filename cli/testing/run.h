// run.h -- runs tests of files in scratch places.
#ifndef CLI_TESTING_RUN_H
#define CLI_TESTING_RUN_H

#include "cli/testing/outcome.h"
#include "cli/testing/suite.h"
#include "cli/workflow/project.h"
#include "core/revision/graph.h"

// Rows that came in place of those that the file has.
typedef struct TestUpdate {
    TestPlace place;
    const char *file; // the file that has the rows; NULL: the test's own, at `place`
    TestRows rows;
    bool kept; // they are those that the file has
} TestUpdate;
typedef VEC(TestUpdate) TestUpdateList;

// Where a test runs: the project, for one engine.
typedef struct TestBench {
    Session *session;
    const Project *project; // its URL says where scratch places are made
    const Graph *graph;
    bool keep;               // the scratch place of a test that failed
    bool update;             // rows that differ are no failure, but noted here:
    TestUpdateList *updates; // of the file
} TestBench;

// Runs the steps in a scratch place of their own. False where that cannot be had, the connection is lost, or it was
// interrupted: what a step finds wrong is in *out, which has its name already.
bool test_run(const TestBench *bench, const ProjectTest *test, TestOutcome *out, Error *err) MUST_USE;

// run_variables.c: the step with ${x.NAME} filled in. ERR_SCRIPT, placed, for one that is not set.
typedef struct TestRun TestRun;
bool step_fill_variables(TestRun *run, const TestStep *step, TestStep *out, Error *err) MUST_USE;

// run_insert.c
bool step_insert(TestRun *run, const TestStep *step, Error *err) MUST_USE;
bool step_load(TestRun *run, const TestStep *step, Error *err) MUST_USE;
bool step_fill(TestRun *run, const TestStep *step, Error *err) MUST_USE;
// A file that a step names, beside the test's own.
const char *step_file(TestRun *run, const TestStep *step);

// run_rows.c
bool step_rows(TestRun *run, const TestStep *step, Error *err) MUST_USE;
bool step_mark(TestRun *run, const TestStep *step, Error *err) MUST_USE;
bool step_same(TestRun *run, const TestStep *step, Error *err) MUST_USE;

// A table's rows at a mark: how many, and a sum over all of them that does not depend on their order.
typedef struct TableMark {
    const char *mark, *table; // with its schema, where it has one; quoted
    size_t rows;
    uint64_t sum;
} TableMark;

// A test on its way. A step that finds something wrong fails with ERR_STATE and says more in `details`.
struct TestRun {
    const TestBench *bench;
    Db *db;
    Arena *arena; // of the test
    NameList variables;
    VEC(TableMark) marks;
    NameList details;
    double last_ms; // of the step before
};

#endif
