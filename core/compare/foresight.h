// foresight.h -- rows of the live database that a change will fail on, counted before a script is written.
//
// What can be in the way is decided here, in the same way for every engine: NULL in a column that becomes NOT NULL, rows
// without a value for a new column, duplicates under a unique key, orphans under a foreign key, rows that violate a check,
// values that the new type does not hold. The engine answers; for types it says by a hook of its Dialect what does not fit.
//
// Never fails: a question that the database cannot answer is left out, as the script itself will ask again. Memory: the
// arena that is passed.
#ifndef CORE_COMPARE_FORESIGHT_H
#define CORE_COMPARE_FORESIGHT_H

#include "core/compare/compare.h"

typedef struct Foreseen {
    const char *text;  // "2 of 3 rows are NULL"; NULL: nothing is in the way
    const char *query; // shows these rows
} Foreseen;

enum { FORESIGHT_ROWS = 5000000 }; // a larger table is not read for a number

// One answer for each change of `c`, in the same order. `allow_loss`: values may be rounded or cut.
Foreseen *foresee_rows(Arena *arena, Db *db, const Comparison *c, bool allow_loss);

// Names as the database has them now, where the same comparison renames them. `table` is that of a column, by its new name.
const char *compare_name_now(const Comparison *c, ObjectKind kind, const char *table, const char *name);
// "schema"."table" as it is called now. `db` may be NULL: then without the default schema.
void compare_put_table(StrBuf *out, const Comparison *c, const Db *db, const Table *table);

#endif
