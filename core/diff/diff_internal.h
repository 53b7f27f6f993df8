// diff_internal.h -- what the files of core/diff share.
#ifndef CORE_DIFF_DIFF_INTERNAL_H
#define CORE_DIFF_DIFF_INTERNAL_H

#include "core/dialect/name_table.h"
#include "core/diff/diff.h"
#include "core/model/field.h"

typedef struct Diff {
    Arena *arena;
    Arena *scratch; // for comparisons of texts
    const Dialect *dialect;
    const Schema *have; // renamed
    const Schema *want;
    ChangeList *out;
    KeptNameList *kept; // NULL: nobody asks
} Diff;

// The facets in which two objects of one kind differ: fields, comment, options, definition.
unsigned differing_facets(const Diff *diff, const Object *have, const Object *want);
// Only the fields of the kind's table, a bit set of Facet; texts and names as the dialect sees them.
unsigned differing_fields(const Diff *diff, const Object *have, const Object *want);
bool same_sql_text(const Diff *diff, const char *a, const char *b); // NULL equals NULL only

// Changes of a table that both sides have: columns, constraints, indexes and options (diff_table.c).
void diff_table(const Diff *diff, const Table *have, const Table *want);
// Changes between two lists of indexes, of a table or, with both tables NULL, of a view.
void diff_indexes(const Diff *diff, const IndexList *have, const IndexList *want, const Table *have_table,
                  const Table *want_table);
// Adds a change. The result may be changed until the next one is added.
Change *add_change(const Diff *diff, ChangeKind kind, const Object *have, const Object *want,
                   const Table *have_table, const Table *want_table);

// rename_choose.c
typedef struct Effective {
    const Rename *rename;
    Object *original; // in the live schema
    Table *table;     // of a column, there
} Effective;
typedef VEC(Effective) EffectiveList;
// What a rename talks about, on one side; NULL: absent. *table: a column's.
Object *find_renamed(const Diff *diff, const Schema *schema, const Rename *rename, const char *table_name,
                     const char *name, Table **table);
// One of the command line must find its object, one of the model may have been made long ago.
bool renames_choose(const Diff *diff, const Schema *have, const RenameList *renames, EffectiveList *out,
                    Error *err);

// A copy of `have` under its new names, and the rename changes themselves.
bool apply_renames(const Diff *diff, const Schema *have, const RenameList *renames,
                   const RenameOracle *oracle, const Schema **out, Error *err);

#endif
