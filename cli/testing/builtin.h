// builtin.h -- the checks of `cmigrate test` that need no file.
//
// Each has a name, by which it is chosen (--run) or left out (`test: {skip: […]}`). Some are asked once, the others for each engine.
#ifndef CLI_TESTING_BUILTIN_H
#define CLI_TESTING_BUILTIN_H

#include "cli/testing/outcome.h"
#include "cli/workflow/project.h"
#include "core/revision/graph.h"

typedef struct BuiltinBench {
    Session *session;
    Project *project; // for the engine that is tested
    const Graph *graph;
} BuiltinBench;

typedef struct Builtin {
    const char *name;
    const char *summary;
    bool per_engine;
    // Fills what *out says besides its name. False where it could not be asked: no scratch place, no connection.
    bool (*run)(const BuiltinBench *bench, TestOutcome *out, Error *err);
} Builtin;
extern const Builtin *const builtins[];        // in the order of running; ended by NULL
const Builtin *builtin_find(const char *name); // NULL: none

// Runs one; a negative finding is in *out. False only for what ends the whole command (interrupted, out of connections).
bool builtin_run(const BuiltinBench *bench, const Builtin *builtin, TestOutcome *out, Error *err) MUST_USE;

// builtin_schema.c: those that compare schemas
bool builtin_model(const BuiltinBench *bench, TestOutcome *out, Error *err) MUST_USE;
bool builtin_create(const BuiltinBench *bench, TestOutcome *out, Error *err) MUST_USE;
// builtin_proof.c: each revision proved on rows, as `cmigrate prove` does
bool builtin_up_down_up(const BuiltinBench *bench, TestOutcome *out, Error *err) MUST_USE;

// outcome of a finding; true, so that it is the last line
bool builtin_fails(TestOutcome *out, const char *message, const char *hint);
bool builtin_skips(TestOutcome *out, const char *why);
void builtin_detail(const BuiltinBench *bench, TestOutcome *out, const char *line);
// The error of a revision or a script as a finding; false where it is none, and *err is to be handed on.
bool builtin_takes_error(const BuiltinBench *bench, TestOutcome *out, const Error *why, Error *err);

#endif
