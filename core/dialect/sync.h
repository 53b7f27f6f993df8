// sync.h -- texts of triggers that keep two columns equal (Dialect.sync_columns): a pattern with the names filled in.
#ifndef CORE_DIALECT_SYNC_H
#define CORE_DIALECT_SYNC_H

#include "core/dialect/dialect.h"

typedef struct ColumnNames {
    const char *a, *b; // the old column and the new one: {a}, {b}, quoted
    const char *table; // {table}, quoted; may be NULL
    const char *row;   // {row}, SQL as it is; may be NULL
} ColumnNames;

// A pattern has only these words in braces.
const char *sync_text(Arena *arena, const Dialect *dialect, const char *pattern, const ColumnNames *names);

#endif
