// alter.h -- one ALTER TABLE under construction, and the statements that must stand before and after it.
//
//   render_alter.c    the clauses, in their order
//   render_changes.c  which changes it makes: the step's, and what they take along
//   render_cost.c     what it does with the rows
//   render_around.c   what one ALTER TABLE cannot do: values kept, defaults
//   partitions.c      partitions that come, are divided or united
//   render_versioning.c  the same for MariaDB's system-versioned tables
#ifndef DRIVERS_MYSQL_RENDER_ALTER_H
#define DRIVERS_MYSQL_RENDER_ALTER_H

#include "drivers/mysql/render/render.h"

typedef struct Alter {
    const StepGraph *graph;
    const Step *step;
    const Table *have, *want;
    Spelling how;
    StrBuf text;
    size_t clauses;
    ChangeList changes;           // the step's, and what a column that is recreated takes along
    VEC(const Change *) defaults; // columns whose default follows in a statement of its own
    NameList dated;               // new columns of a default that is taken back after the rows have it
    NameList dropped;             // indexes that a statement before has dropped
    NameList dropped_keys;        // foreign keys, the same
    NameList remade;              // columns that are dropped and added for another one's sake
} Alter;

// The object as a constraint, which its kind says it is.
static inline const Constraint *as_constraint(const Object *object)
{
    return (const Constraint *)(const void *)object;
}
static inline const Column *as_column(const Object *object) { return (const Column *)(const void *)object; }
static inline const Index *as_index(const Object *object) { return (const Index *)(const void *)object; }

// render_changes.c
bool alter_mentions(const Alter *a, const char *text, const char *name);
bool alter_only_visibility(const Change *change);
bool alter_only_enforcement(const Alter *a, const Change *change);
bool alter_keeps_key(const Alter *a, const Change *change);   // changed in place, neither dropped nor added
bool alter_is_remade(const Alter *a, const Change *change);   // a column that is dropped and added
bool alter_keeps_values(const Change *change);                // of a virtual column that becomes a plain one
const char *alter_keeper(const Alter *a, const char *name);   // where they are kept meanwhile
bool alter_passes_text(const Alter *a, const Change *change); // becomes a text first
bool alter_changes_srid(const Alter *a,
                        const Change *change); // then its spatial index goes first and comes back
bool alter_is_of_part(const Step *step);       // carries one key or column, not the table
void alter_gather(Alter *a);

// render_cost.c: what the server does with the rows, dearest last.
typedef enum Cost { COST_INSTANT, COST_IN_PLACE, COST_REBUILD, COST_COPY } Cost;
Cost alter_cost(const Alter *a);
const char *alter_algorithm(const Alter *a, Cost cost); // a clause for online plans; NULL: none
void alter_note_cost(const Alter *a, Cost cost, Statement *statement); // its comment too
void alter_note_copy(const Alter *a,
                     Statement *statement); // of a statement beside the ALTER TABLE of the changes

// render_versioning.c: MariaDB's system-versioned tables
bool alter_versions_anew(
    const Alter *a); // given up before, begun again: the columns of its period come with it
bool alter_is_of_period(const Column *column);
void my_keep_history(StepGraph *graph);            // where the plan alters such tables
bool alter_adds_versioning_inside(const Alter *a); // as a clause of the ALTER that adds the period's columns
bool alter_versions_columns_later(const Alter *a); // which columns keep no history is said after it
bool alter_unpartitions_first(const Alter *a);     // its partitions are gone before
void alter_versioning_before(const Alter *a, StatementList *out);
void alter_versioning_after(const Alter *a, StatementList *out);

// partitions.c: some partitions come, or are made of others, by a statement of its own
bool alter_moves_partitions(const Alter *a);
void alter_put_partitions(const Alter *a, StatementList *out);

// render_around.c
bool alter_gives_other_values(const Alter *a, const Column *column);
void alter_put_before(Alter *a, StatementList *out);
void alter_put_after(const Alter *a, StatementList *out);

#endif
