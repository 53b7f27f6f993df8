// compare.h -- lines the stages up: a model and a database become changes, changes become a plan.
//
//     compare_model: schema_read, then the filter             -> want
//     the driver's introspect                                 -> have
//     compare_schemas: diff; where something differs, the engine's own form of the model's texts, and diff again
//     core/data: the declared rows of the model against those of the database
//     compare_plan_up: the plan from have to want; compare_plan_down: the same with the two sides exchanged
//
// The program and the library both call these functions, so that `cmigrate check` and cmigrate_check() cannot disagree.
//
// Fails: with the error of the stage that failed, placed in the model where it can be. Memory: all results live in the
// arena that is passed.
#ifndef CORE_COMPARE_COMPARE_H
#define CORE_COMPARE_COMPARE_H

#include "core/data/data.h"
#include "core/db/driver.h"
#include "core/diff/diff.h"
#include "core/plan/plan.h"

typedef struct Comparison {
    const Dialect *dialect;
    bool columns_ordered; // setting column_order: exact
    Schema have, want;
    const Schema *renamed; // `have` under its new names
    RenameList renames;    // all that the model and the command line say
    RenameList made;       // of those, the ones between `have` and `want`
    ChangeList changes;    // from have to want
    Schema model;          // `want` without what is left alone, once unmanaged_leave was called
    ChangeList uncertain;  // what compare_certain took out of `changes`
    NameList left;         // phrases: what the model does not have and is left alone
    const char *have_title, *want_title;
    Db *db; // as compare_schemas was given it, and open as long as plans are made; NULL: none
    double ms;
    bool without_data;       // declared rows are not compared
    bool allow_delete;       // rows that nobody declared may be deleted (mode: sync)
    bool spools;             // plans will be made: rows of files are kept for them
    const char *environment; // whose rows are meant; NULL: those of every one
    DataDiff data;           // rows that differ; where `db` is NULL, none are looked for
} Comparison;

// Whether anything differs: objects or declared rows.
static inline bool compare_differs(const Comparison *c)
{
    return c->changes.count || c->data.count || c->data.problems.count;
}

// Told when a stage begins that asks the server, and when it has ended. For progress on a terminal.
typedef struct CompareEvents {
    void (*begins)(void *payload, const char *stage);
    void (*ended)(void *payload);
    void *payload;
} CompareEvents;

// Reads the model files for a dialect: sorted, without what the filter leaves out. *out and *renames are appended to.
bool compare_model(Arena *arena, const NameList *paths, const Filter *filter, const Dialect *dialect,
                   Schema *out, RenameList *renames, Error *err) MUST_USE;

// Fills `renamed` and `changes` from `have`, `want` and `renames`. `db` gives the server's own form of texts that differ;
// without it (NULL) texts are compared as they are written. `events` may be NULL.
bool compare_schemas(Arena *arena, Db *db, const CompareEvents *events, Comparison *comparison,
                     Error *err) MUST_USE;

// Moves the changes that are uncertain from `changes` to `uncertain`: where the question is whether two are equal, what could not
// be compared is no difference. A plan needs all of them.
void compare_certain(Arena *arena, Comparison *comparison);
// Warns of each renamed_from that is not followed while what has the old name is dropped, and of renamed_values where the engine
// cannot rename any. After compare_schemas.
void compare_warn_of_renames(Arena *arena, const Comparison *comparison, WarningList *out);
// Lets the enums of `have` say how values are renamed on the way back; compare_schemas does it.
void compare_reverse_value_renames(Arena *arena, const Comparison *comparison);
// Sets Change.uncertain; compare_schemas does it.
void compare_mark_uncertain(ChangeList *changes);

// `options` may be NULL: the defaults.
bool compare_plan_up(Arena *arena, const Comparison *comparison, const PlanOptions *options, Plan *out,
                     Error *err) MUST_USE;
bool compare_plan_down(Arena *arena, const Comparison *comparison, const PlanOptions *options, Plan *out,
                       Error *err) MUST_USE;

#endif
