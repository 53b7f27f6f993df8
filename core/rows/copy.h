// copy.h -- a sample of the rows of one database in another, with the rows that they refer to.
//
// In:    two connections and their Schemas; `from` is only read.
// Out:   up to `sample` rows of each table that both have, in their columns of the same names, and whatever rows these refer to by
//        foreign keys, and these again. A row that the other database refuses is left out and counted.
#ifndef CORE_ROWS_COPY_H
#define CORE_ROWS_COPY_H

#include "core/db/driver.h"

typedef struct RowsCopied {
    size_t tables, rows;
    size_t refused;      // rows
    const char *refusal; // what the first of them was refused for; NULL: none was
} RowsCopied;

// Copies in one transaction of `to`; false leaves nothing behind. `sample`: rows of each table, besides those
// that are referred to.
bool rows_copy(Db *from, const Schema *from_schema, Db *to, const Schema *to_schema, Arena *arena,
               size_t sample, RowsCopied *out, Error *err) MUST_USE;

#endif
