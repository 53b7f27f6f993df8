// step.h -- what a plan is made of: steps with an order among them, and the statements that they become.
//
// core/plan turns changes into steps, asks the dialect to expand them as its engine needs, orders them and has the
// dialect render each. The dialect's hooks (core/dialect/dialect.h) work on this plain data.
#ifndef CORE_MODEL_STEP_H
#define CORE_MODEL_STEP_H

#include "core/model/change.h"

typedef enum StepKind {
    STEP_RENAME, // one object gets another name
    STEP_DROP,
    STEP_CREATE,
    STEP_ALTER, // one object in place, by its facets
    STEP_TABLE, // several changes of one table that the engine makes together: one ALTER TABLE, or a rebuild
    STEP_REBUILD, // the same, as a new table that takes the rows (SQLite)
    STEP_SQL,     // `statements` hold what a dialect's expand wrote itself
} StepKind;

// What a step costs: stands as a comment above its statements and is said by `migrate`.
typedef struct Risk {
    const char *lost; // of a rebuild that loses data: what, "column body of table f"; NULL: its rows
    bool loses_data;  // rows or values are gone afterwards
    bool rewrites;    // the table is rewritten
    bool scans;       // the rows are read under the lock
    const char *lock; // "ACCESS EXCLUSIVE", "SHARE ROW EXCLUSIVE"; NULL: none worth saying
    const char *note; // a phrase for people: "drops column nick"; NULL: none
} Risk;

typedef struct Step Step;
typedef VEC(Step *) StepList;

// What a statement does to a table, or says or asks of it, noted where the statement is written. By this Dialect.join decides
// which statements become one; it reads no SQL.
typedef struct TableAction {
    int pass; // when the server does it among the actions of one statement, as the dialect counts; 0: it changes nothing
    bool only;            // not to the tables that inherit
    const char *head;     // ALTER TABLE and the table's name, as the SQL begins
    const char *text;     // the rest of it: the action
    const char *subject;  // the column or constraint that it is about; NULL: a constraint without a name
    NameList names;       // others that it names; of a query: what it only shows
    NameList expressions; // of the model: they may name more
    bool converts;        // a change of type: by an expression
    bool only_null;       // a query: it looks only whether the subject is NULL
} TableAction;

typedef struct Statement {
    const char *sql;     // without the final semicolon
    const char *comment; // put above it as `-- …` lines; NULL: none
    const char *warning; // what is lost, filled by core/plan; comes before the comment; NULL: nothing
    const char *note;    // what it costs besides `lock`, as `comment` says it; NULL: nothing worth saying
    const Step *step;    // that it was rendered for, the first of several; filled by core/plan
    const char
        *assertion; // the statement is a query that must give no row; this is what is wrong where it does
    size_t condition_at,
        condition_end; // of an assertion about rows, each by itself, in `sql`; 0: it is about something else
    const char
        *loss; // what it may do to values that nothing asserts; said above it and by `migrate`; NULL: nothing
    const char *batch; // how it is divided, "1000 by id" (core/revision/pieces.h); NULL: it runs at once
    const char *lock; // that it takes on the table of its step, as `comment` says it; NULL: none worth saying
    const char *algorithm;     // MySQL, MariaDB: how the table is altered, COPY or INPLACE; NULL: not said
    const TableAction *action; // what it does to a table, where it may be joined; NULL: it stays by itself
    bool rewrites, scans;      // that table
    bool no_transaction;       // cannot run inside a transaction (CREATE INDEX CONCURRENTLY)
    bool starts_section;       // needs all before it to be committed (a new enum value is used)
} Statement;
typedef VEC(Statement) StatementList;

struct Step {
    StepKind kind;
    unsigned facets;         // STEP_ALTER: of Facet
    const Object *have;      // NULL for a create
    const Object *want;      // NULL for a drop
    const Table *have_table; // as in Change
    const Table *want_table;
    ChangeList changes; // STEP_TABLE, STEP_REBUILD: all that is done to the table
    ConstraintList
        later; // STEP_CREATE of a table: constraints that are left out here and follow as their own step
    ColumnList later_defaults; // STEP_CREATE of a table: columns whose default follows as its own step
    // STEP_ALTER of a column or a domain: what it calls (a default; of a domain the checks too) goes by another step, which comes
    // before that of the routine; of those (STEP_SQL): they are these
    bool default_apart;
    bool restores;            // taken down and brought back because of another step, itself unchanged
    StatementList statements; // STEP_SQL
    size_t first_statement,
        statement_count; // where its rendered statements are in the plan; filled by core/plan
    Risk risk;
    StepList after; // steps that must come before this one
    const char *
        old_name; // STEP_DROP of an object that is created again under another name: its present one; NULL: have's
    StepList behind; // steps that had better come before it, unless they must come after it
    bool
        spares_rows; // STEP_SQL that asks about rows: not about those that the same script deletes or changes
    int frame;       // STEP_SQL without an object: -1 before all else, 1 behind it
    size_t rank;     // filled by core/plan: the place among independent steps
};

// What core/plan and a dialect's expand work on.
typedef struct StepGraph {
    Arena *arena;
    const Schema *have, *want;
    const RenameList *renames;
    const struct PlanOptions *options;
    StepList steps;
    const void *collected; // by the driver's expand, for the rendering of the steps; NULL: nothing
} StepGraph;

typedef struct PlanOptions {
    bool online;     // prefer what does not block over what is one transaction
    bool undoes;     // a downgrade: what it drops was made by the upgrade
    bool allow_loss; // values may be rounded or cut: said, not asserted
} PlanOptions;

// A new step, last in the graph, without order or facets. `have` and `want` may be NULL, as the kind of step
// allows. The graph's arena has it.
Step *step_add(StepGraph *graph, StepKind kind, const Object *have, const Object *want);
void step_after(Arena *arena, Step *step,
                Step *before); // `before` must come before `step`; NULL and itself are ignored
Step *step_find_drop(const StepGraph *graph, const Object *have);   // NULL: none
Step *step_find_create(const StepGraph *graph, const Object *want); // NULL: none
Step *step_find_alter(const StepGraph *graph,
                      const Object *want);      // NULL: none; STEP_ALTER, TABLE or REBUILD
void step_remove(StepGraph *graph, Step *step); // its edges pass on

#endif
