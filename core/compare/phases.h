// phases.h -- a change in three phases, so that the old and the new version of an application can run beside each other.
//
// In:   a comparison (compare.h) and how to plan.
// Out:  expand, what the new version needs and the old one does not mind: new tables, columns that may be NULL, plain indexes, rules
//       that are relaxed, and triggers that keep two columns equal where one takes the other's place;
//       backfill, the rows that are there get their values in the new columns;
//       contract, what only holds once no old version runs any more: drops, NOT NULL, new constraints, the end of the triggers.
//
// A column that is renamed becomes two columns for a time, and so does one whose type changes (NAME_new meanwhile). Between the
// phases there is a schema of its own: expand is planned from the database to it, contract from it to the model, by the one
// planner, and so are the ways back.
//
// Fails: ERR_UNSUPPORTED for a change that cannot be made in phases; the message names it. Memory: the arena that is passed.
#ifndef CORE_COMPARE_PHASES_H
#define CORE_COMPARE_PHASES_H

#include "core/compare/compare.h"

typedef enum Phase { PHASE_EXPAND, PHASE_BACKFILL, PHASE_CONTRACT, PHASE_COUNT } Phase;
extern const char *const phase_words[PHASE_COUNT]; // "expand", …

typedef struct Phases {
    StatementList up[PHASE_COUNT], down[PHASE_COUNT]; // a phase without a statement up is not needed
} Phases;

// Plans the three phases of a comparison, both ways. False where a change cannot be done in phases, with the
// reason. All of `out` is in `arena`.
bool phases_plan(Arena *arena, const Comparison *comparison, const PlanOptions *options, Phases *out,
                 Error *err) MUST_USE;

#endif
