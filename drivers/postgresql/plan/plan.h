// plan.h -- what the files of PostgreSQL's planning share.
//
// Planning decides: which changes are made in place and which replace the object (fate.c), and in passes over all steps what
// the server does by itself, what it needs besides, and in which order (passes.c, where they are listed). What was decided is
// written on the steps; render/ makes SQL of them, and facts/ answers questions for both.
//
//   default_partition.c  rows that leave a default partition
//   extensions.c         extensions before and after what uses them
//   fate.c               in place or replaced, and what must make way meanwhile
//   foreign.c            tables on a server that is created again
//   inheritance.c        the order of parents and children
//   inherited_checks.c   checks that are validated in a child and not in its parent
//   join_alters.c        changes of one table in one ALTER TABLE
//   logged.c             SET LOGGED and SET UNLOGGED along foreign keys
//   needs_recreate.c     which tables have to be recreated
//   partition_bounds.c   partitions that get other bounds
//   partition_index.c    indexes and keys of partitions
//   recreate_table.c     the steps that recreate a table
//   release_keys.c       foreign keys that are dropped and come back around a step
//   release_domain.c     domains that call a routine that goes
//   reparent.c           tables that get a parent or lose it
//   replace_routine.c    routines that CREATE OR REPLACE cannot change
//   replace_type.c       enums, domains and composite types through a new type
//   row_types.c          columns whose type is the row of a table that is rewritten
//   shared_columns.c     columns of several parents that are renamed
//   shared_counters.c    sequences that several columns count by
#ifndef DRIVERS_POSTGRESQL_PLAN_PLAN_H
#define DRIVERS_POSTGRESQL_PLAN_PLAN_H

#include "drivers/postgresql/render/render.h"

// ---- the passes, called by pg_expand in the order that passes.c gives

void pg_expand_replaced(StepGraph *graph); // what has to be replaced or recreated because of a type
// docs/internals/planner.md says what each does. They fail only where a step cannot be done at all, with its
// place in the model.
bool pg_expand_types(StepGraph *graph, Error *err) MUST_USE;
bool pg_expand_routines(StepGraph *graph, Error *err) MUST_USE;
void pg_expand_remade_tables(StepGraph *graph);
void pg_expand_bounds(StepGraph *graph);
void pg_expand_defaults(StepGraph *graph);
// The table that owns the sequence in that schema, and its column; NULL: none.
const Table *pg_owner_table(StepGraph *graph, const Schema *schema, const Sequence *sequence,
                            const Column **column);
void pg_expand_logged(StepGraph *graph);
void pg_expand_extensions(StepGraph *graph);
void pg_expand_shared_counters(StepGraph *graph);
void pg_expand_attached(StepGraph *graph);
void pg_expand_rows(StepGraph *graph);
void pg_expand_families(StepGraph *graph);
void pg_expand_validated(StepGraph *graph);
void pg_expand_indexes(StepGraph *graph);
void pg_expand_foreign(StepGraph *graph);
void pg_expand_domains(StepGraph *graph);

// ---- questions

// Does CREATE OR REPLACE bring the one to the other?
bool pg_routine_is_replaceable(const Object *have, const Object *want);
// Can what the step asks only be had of a new table?
bool pg_table_needs_new(StepGraph *graph, const Step *step);
// Those that inherit from the table now, not its partitions.
TableList pg_inheriting_tables(StepGraph *graph, const Table *table);
// Whether the table leaves parents, by a step of its own before the renames of a column that several of them bring: INHERIT
// would make other columns its own, so it has to be recreated.
bool pg_leave_shared_parents(StepGraph *graph, const Table *have);
// A parent that goes is dropped when the rows of the table are copied: keys and indexes whose names are taken by then go first.
void pg_free_names_of_old_parents(StepGraph *graph, const Step *remade);
// A table is recreated after the renames of what it inherits.
void pg_follow_renames(StepGraph *graph, Step *remade);
const char *pg_bound_condition(StepGraph *graph, const Table *want); // of a partition's rows; NULL: unknown

// ---- what passes share

StepList pg_steps_now(StepGraph *graph); // a copy, to walk while steps are added and removed
// A step that detaches a partition from its parent, not yet in any order.
Step *pg_detach_step(StepGraph *graph, const Table *have);
Step *pg_detach_dropped(StepGraph *graph, Step *drop); // before it; one that is there already serves
// The table that rows are put into which belong to `want` or to another of its family; `back`, the step that does, comes
// when all of them are there. NULL: there is none that stays.
const Table *pg_rows_go_through(StepGraph *graph, Step *back, const Table *want);
// Foreign keys that refer to the table, to what is above it or below it, are dropped before `out` and made after `back`.
void pg_release_referrers(StepGraph *graph, const Table *have, Step *out, Step *back);
// The key is dropped before `out` and made after `back`, where the model has it.
void pg_release_key(StepGraph *graph, Table *table, Constraint *key, Step *out, Step *back);
// A sequence that a column owns without counting by it would go with its table: it is let go before `gone`, the step that drops
// the table, and is given to its column again by `back`, a step of statements.
void pg_keep_owned_sequences(StepGraph *graph, Step *gone, Step *back);
// A table that is recreated comes when what it inherits from has its new columns: its rows have values for them.
void pg_follow_parents(StepGraph *graph, Step *remade, const Table *table);

#endif
