// plan.h -- what the files of PostgreSQL's planning share.
//
//   plan.c           fate and blocks: what is in place, what is replaced, what must make way meanwhile
//   plan_routine.c   can CREATE OR REPLACE do it?
//   plan_expand.c    the last look at all steps: what the server does by itself, what it needs besides
//   plan_family.c    parents and children
//   plan_index.c     indexes and keys of partitions
//   plan_attach.c    tables that get a parent or lose it
//   plan_anew.c      tables that have to be made anew
//   plan_move.c      how they are
//   plan_bounds.c    partitions that get other bounds
//   plan_default.c   rows that leave a default partition
//   plan_rows.c      columns whose type is the row of a table that is rewritten
//   plan_validated.c checks that are validated in a child and not in its parent
//   plan_types.c     enums, domains and composite types through a new type
#ifndef DRIVERS_POSTGRESQL_PLAN_PLAN_H
#define DRIVERS_POSTGRESQL_PLAN_PLAN_H

#include "drivers/postgresql/render/render.h"

bool pg_routine_is_replaceable(const Object *have, const Object *want);

// A type that ALTER TYPE cannot bring from one to the other: a new one takes its place, and its columns follow.
bool pg_type_needs_new(const StepGraph *graph, const Object *have, const Object *want, unsigned facets);
bool pg_type_is_replaced(const StepGraph *graph, const char *type); // by a step of the graph
const char *pg_old_type_name(Arena *arena, const char *name);
const char *pg_type_words(const Object *type); // TYPE, DOMAIN, COLLATION
const char *pg_multirange_name(Arena *arena, const Object *range);
bool pg_range_keeps_values(const Object *have, const Object *want); // only its multirange gets another name
void pg_expand_replaced(StepGraph *graph); // what has to be replaced or made anew because of a type
bool pg_expand_types(StepGraph *graph, Error *err);

// A table that is made anew because its partitioning changes (plan_move.c).
static inline const char *option_of(const Table *table, const char *key)
{
    return option_get(&table->head.options, key);
}
static inline const Table *as_table(const Object *object) { return (const Table *)(const void *)object; }

bool pg_table_is_remade(const Step *step);
bool pg_table_needs_new(StepGraph *graph,
                        const Step *step); // what the step asks can only be had of a new table
TableList pg_heirs_of(StepGraph *graph,
                      const Table *table); // those that inherit from it now, not its partitions
void pg_expand_remade_tables(StepGraph *graph);
void pg_expand_bounds(StepGraph *graph);
Step *pg_detach_step(StepGraph *graph, const Table *have);
Step *pg_detach_dropped(StepGraph *graph, Step *drop); // before it; one that is there already serves
void pg_expand_defaults(StepGraph *graph);             // plan_default.c: rows that leave a default partition
// The table that rows are put into which belong to `want` or to another of its family; `back`, the step that does, comes
// when all of them are there. NULL: there is none that stays.
const Table *pg_rows_go_through(StepGraph *graph, Step *back, const Table *want);
StepList pg_steps_now(StepGraph *graph); // a copy, to walk while steps are added and removed
const char *pg_bound_condition(StepGraph *graph, const Table *want); // of a partition's rows; NULL: unknown

// Foreign keys that refer to the table, to what is above it or below it, are dropped before `out` and made after `back`.
void pg_release_referrers(StepGraph *graph, const Table *have, Step *out, Step *back);
// The key is dropped before `out` and made after `back`, where the model has it.
void pg_release_key(StepGraph *graph, Table *table, Constraint *key, Step *out, Step *back);
void pg_expand_logged(StepGraph *graph);          // logged.c
void pg_expand_extensions(StepGraph *graph);      // extensions.c
void pg_expand_shared_counters(StepGraph *graph); // shared_counters.c
void pg_expand_attached(StepGraph *graph);        // plan_attach.c

// Row types (plan_rows.c)
void pg_expand_rows(StepGraph *graph);
bool pg_column_goes_round(const Step *step); // becomes jsonb, or comes back from it
// The expression; `around` gets what must stand before and behind its statement, or stays empty.
const char *pg_from_json(const Render *r, const Column *want, const char *json, StatementList *around);
bool pg_attributes_differ(const StepGraph *graph, const char *type);

// Parents and children (plan_family.c)
const Table *pg_parent_of(Arena *arena, const Schema *schema, const Table *child);
TableList pg_parents_of(Arena *arena, const Schema *schema, const Table *child);
TableList pg_ancestors_of(Arena *arena, const Schema *schema, const Table *child);
const CompositeType *pg_row_type(Arena *arena, const Schema *schema, const Table *table); // of a typed table
Step *pg_row_type_step(const StepGraph *graph, const Table *want); // that changes its attributes; NULL: none
ColumnList pg_all_columns(Arena *arena, const Schema *schema, const Table *table);
void pg_expand_families(StepGraph *graph);
// A table that is made anew is made when what it inherits from has its new columns: its rows have values for them.
void pg_follow_parents(StepGraph *graph, Step *remade, const Table *table);
void pg_expand_validated(StepGraph *graph); // plan_validated.c
void pg_put_like_parent(StrBuf *out, const Table *table);

// Indexes and keys of partitions (plan_index.c)
const Object *pg_parent_index(Arena *arena, const Schema *schema, const Object *part); // NULL: none is known
bool pg_index_has_keys(const StepGraph *graph,
                       const Object *index); // keys of partitions serve it, and go with it
bool pg_partition_brings_key(const StepGraph *graph, const Table *table);
bool pg_marks_unlisted(const Table *table, const char *index); // set when that is there
void pg_expand_indexes(StepGraph *graph);

bool pg_expand_routines(StepGraph *graph, Error *err) MUST_USE;            // plan_routine.c
bool pg_foreign_is_alterable(const Object *have, const Object *want);      // render_foreign.c
bool pg_subscription_is_alterable(const Object *have, const Object *want); // render_subscription.c
void pg_expand_foreign(StepGraph *graph);
void pg_render_privileges(const Render *r); // of what the step makes anew; render_privileges.c

// A text mentions a name as a word of its own.
bool pg_mentions(Arena *arena, const char *text, const char *name);

#endif
