// phases_internal.h -- the schema between expand and contract, and what is put into it.
#ifndef CORE_COMPARE_PHASES_INTERNAL_H
#define CORE_COMPARE_PHASES_INTERNAL_H

#include "core/compare/phases.h"
#include "core/dialect/sql.h"

// Two columns for one: what was there, and what takes its place.
typedef struct Pair {
    Table *table; // of the schema between
    const Column *old, *fresh;
    const Column *want; // of the model
    ColumnSync sync;
} Pair;
typedef VEC(Pair) PairList;

typedef struct Between {
    Arena *arena;
    const Comparison *c;
    Schema *schema; // it, under construction
    Schema *model;  // a copy, whose objects may be moved into it
    RenameList column_renames, other_renames;
    ChangeList changes; // where a column that is renamed counts as dropped and created
    PairList pairs;
} Between;

// ERR_UNSUPPORTED: what the format says cannot be made in phases.
bool phase_refuses(Error *err, SourcePos at, const char *fmt, ...) PRINTF_LIKE(3, 4);

// Puts a column beside `old`, under the name `name`, for what the model wants.
bool between_pair(Between *b, Table *table, Column *old, const Table *want_table, const Column *want,
                  const char *name, Error *err) MUST_USE;
// Takes of a change what the old version of the application does not mind; contract makes the rest.
bool between_take(Between *b, const Change *change, Error *err) MUST_USE;

#endif
