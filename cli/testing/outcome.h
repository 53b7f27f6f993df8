// outcome.h -- what became of a test, and how it is told: text, JSON, JUnit, TAP.
#ifndef CLI_TESTING_OUTCOME_H
#define CLI_TESTING_OUTCOME_H

#include "cli/commands/command.h"

typedef enum TestStatus { TEST_PASSED, TEST_FAILED, TEST_SKIPPED } TestStatus;

typedef struct TestOutcome {
    const char *name;
    const char *engine; // NULL: it is of none
    const char *path;   // of the file that it stands in; NULL: it is built in
    SourcePos at;       // of what failed, or where the test begins; line 0: nowhere
    TestStatus status;
    const char
        *message;     // what is wrong, or why it was skipped; of one that passed what is to be said, or NULL
    const char *hint; // NULL: none
    NameList details; // a line each: what differs
    double ms;
} TestOutcome;
typedef VEC(TestOutcome) OutcomeList;

extern const char *const outcome_formats[]; // ended by NULL

// As soon as a test is done: a line, where the format is text.
void outcome_tell(Session *session, const char *format, const TestOutcome *outcome);
// When all are done: the rest of the answer, in whichever format.
void outcomes_print(Session *session, const char *format, const OutcomeList *outcomes, double ms);

// How many of them have the status.
size_t outcomes_count(const OutcomeList *outcomes, TestStatus status);

#endif
