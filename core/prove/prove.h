// prove.h -- runs a revision up, down and up again on rows, and says what of them and of the schema did not come through.
//
// In:    a scratch database that the parents of the revision were replayed in, and how the project applies revisions.
// Out:   for each step whether it held, and what was found, with the object, the place in the script and what to do.
//
//     rows    every table has some, made by core/rows
//     up      the upgrade runs on them, by the code of `upgrade`
//     model   what it makes is the model (of the head, and where there is a model)
//     values  every value of every row is accounted for
//     writes  a row more goes into each table
//     down    the downgrade runs; schema and rows are as before, but for losses that the script declares
//     again   the upgrade runs once more and makes the same
//
// Only for databases that db_scratch made: all in them may be lost. Fails with the connection, never because of a revision that
// is wrong: that is a finding. Memory: results live in the arena that is passed.
#ifndef CORE_PROVE_PROVE_H
#define CORE_PROVE_PROVE_H

#include "core/apply/apply.h"
#include "core/rows/rows.h"

typedef enum ProveStep {
    PROVE_ROWS,
    PROVE_UP,
    PROVE_MODEL,
    PROVE_VALUES,
    PROVE_WRITES,
    PROVE_KILL,
    PROVE_DOWN,
    PROVE_AGAIN,
    PROVE_STEP_COUNT
} ProveStep;
extern const char *const prove_step_names[PROVE_STEP_COUNT];

typedef enum ProveState { PROVE_NOT_RUN, PROVE_HOLDS, PROVE_FAILS } ProveState;

typedef struct ProveStepResult {
    ProveState state;
    const char *note; // one phrase, or several joined by ", "; NULL: none
    double ms;
} ProveStepResult;

typedef struct ProveFinding {
    ProveStep step;
    const char *object; // "table user", "column user.email"; NULL: the revision
    const char *text;   // a phrase
    const char *hint;   // what to do; NULL: nothing to say
    SourcePos at;
} ProveFinding;

// A table without rows, or with fewer than were asked for.
typedef struct ProveGap {
    const char *table;
    const char *why;
    bool empty;
} ProveGap;

typedef struct ProveResult {
    const Revision *revision;
    ProveStepResult steps[PROVE_STEP_COUNT];
    VEC(ProveFinding) findings;
    VEC(ProveGap) gaps;
    NameList losses; // declared, and did happen: "column user.nick"
    NameList notes;  // of what is not decided here
    size_t tables, tables_filled, rows;
    // The state that the revision left is not its own: what comes next needs a scratch database of its own.
    bool spoiled;
} ProveResult;

typedef struct Prove {
    Db *db;
    Arena *arena;
    const Graph *graph;
    const VersionStore *store;
    const Filter *filter;
    const NameList *variables;
    const char *who, *tool;
    bool *reached_out; // as ApplyRequest's
    uint64_t seed;
    size_t rows; // of each table; 0: the usual number
    bool kill;   // stop the upgrade after each statement and go on
    const NameList *own_values;
    // How what the database holds differs from the model, but for what rows have `made`: a phrase for each difference. NULL: there
    // is no model to ask.
    bool (*model)(void *payload, Db *db, const NameList *made, NameList *differences, Error *err);
    // Told before a step begins; false: interrupted. May be NULL.
    bool (*tells)(void *payload, const Revision *revision, ProveStep step);
    // Instead of rows that are made here: puts some in. NULL: none.
    bool (*copies)(void *payload, Db *db, const Schema *schema, Error *err);
    void *payload;
    RowsMadeList
        tried; // a row for each table, after the last revision; of use where the next goes on from there
    // As the last revision left the database, in `arena`; NULL: to be read. Of use where the next goes on from there.
    const Schema *left;
    RowsTakenList taken; // what the revisions give to rows of their own, in `arena`
    bool taken_is_known;
    NameList filled; // pairs: a table, and the columns that it was filled with
    NameList
        made; // what triggers made for the rows that were put in, each by prove_object_key: a table for each row, say
} Prove;

// True: proved, or found wrong (result->findings). `fresh`: nothing but the parents was ever run in the database.
bool prove_revision(Prove *prove, const Revision *revision, bool fresh, ProveResult *out,
                    Error *err) MUST_USE;
bool prove_holds(const ProveResult *result);
const char *prove_object_key(Arena *arena, const Object *object);
// Rows that are there break what the upgrade asserts before it runs: it is to be proved in a fresh database.
bool prove_needs_fresh(Prove *prove, const Revision *revision, bool *out, Error *err) MUST_USE;

#endif
