// plan_internal.h -- what the files of core/plan share: the steps by object, and what depends on what.
//
// Side tables are indexed by an object's slot (see schema_sort). Files, in the order of their work:
//   plan_depend.c   what each object depends on, on both sides
//   plan_steps.c    changes become steps; what must be taken down for them is found
//   plan_rename.c   renames that follow each other or change places
//   plan_edges.c    which step must come before which
//   plan_order.c    one order, cycles broken
#ifndef CORE_PLAN_PLAN_INTERNAL_H
#define CORE_PLAN_PLAN_INTERNAL_H

#include "core/plan/plan.h"

#define NO_SLOT ((size_t)-1) // of an object that only a step knows: neither side has it

typedef struct SideTables {
    const Schema *schema;
    size_t count;
    Object **object;        // by slot
    const Table **table_of; // the table that it hangs on; a table: itself; NULL: none
    ObjectList *depends;    // what it depends on
    ObjectList *dependents; // the reverse
} SideTables;

typedef struct Planner {
    Arena *arena;
    const Dialect *dialect;
    SideTables have, want;
    Step **drop_of;   // by slot of have
    Step **touch_of;  // by slot of have: an alter of it, alone or within its table
    Step **create_of; // by slot of want
    Step **alter_of;  // by slot of want
    StepGraph graph;
    bool recreated_to_rename; // is anything?
} Planner;

// plan_depend.c
void sides_build(Arena *arena, const Dialect *dialect, const Schema *schema, SideTables *out);
void sides_share(Arena *arena, SideTables *side, const SideTables *other); // who uses operators and casts

// plan_steps.c
bool steps_build(Planner *planner, const ChangeList *changes, Error *err) MUST_USE;
void steps_take_down(Planner *planner);
void steps_index(Planner *planner); // fills drop_of … from graph.steps again, after a dialect's expand

// plan_rename.c
bool step_renames(const Step *step); // also an ALTER that renames a key or an index among other changes
void steps_untangle_renames(Planner *planner);

// plan_edges.c
void edges_build(Planner *planner);

// plan_order.c. An error: views that read each other are to be dropped or made.
bool steps_order(Planner *planner, StepList *out, Error *err) MUST_USE;

// The step that makes or changes an object of want, or of the table that carries it; NULL: untouched.
Step *step_making(const Planner *planner, const Object *want);
// The step that removes an object of have, or its table; NULL: stays.
Step *step_removing(const Planner *planner, const Object *have);

#endif
