// plan.h -- puts the changes of a diff into an order the database will accept, and renders them.
//
// In:   changes (any order) between `have` (as renamed by the diff) and `want`, and the dialect.
// Out:  statements in execution order, each with what it costs.
//
// Order: renames; what is taken down for others; drops of keys, views, routines; creates; alters; indexes,
// foreign
//        keys; what is brought back; drops of tables and types. Inside, by dependency, then by kind and name:
//        a ready step leaves a heap lowest first, so that the same input gives the same bytes.
// Cycles: tables that refer to each other are created without those keys, which follow as steps of their own.
// A downgrade is the same function with have and want exchanged and the renames turned round.
//
// Fails: ERR_UNSUPPORTED when the engine can do it neither in place nor by rebuild.
#ifndef CORE_PLAN_PLAN_H
#define CORE_PLAN_PLAN_H

#include "core/dialect/dialect.h"

typedef struct Plan {
    StepList steps;
    StatementList statements;
} Plan;

// Plans the changes that lead from `have` to `want`, and renders them. `renames` and `options` may be NULL.
// False where the dialect refuses a change, with its place in the model; `out` is in `arena` and keeps
// pointers to both schemas.
bool plan_build(Arena *arena, const Dialect *dialect, const Schema *have, const Schema *want,
                const ChangeList *changes, const RenameList *renames, const PlanOptions *options, Plan *out,
                Error *err) MUST_USE;

#endif
