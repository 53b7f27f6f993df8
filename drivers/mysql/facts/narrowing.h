// narrowing.h -- what becomes of the values of a column when its type changes, and what a new column holds.
#ifndef DRIVERS_MYSQL_FACTS_NARROWING_H
#define DRIVERS_MYSQL_FACTS_NARROWING_H

#include "drivers/mysql/dialect/dialect.h"

// What becomes of values when a column changes from `have` to `want`.
typedef enum Narrowing {
    NARROWING_NONE,   // each value stays, or the server refuses it
    NARROWING_ASKED,  // *condition is true of the values that would change
    NARROWING_UNKNOWN // values may change, and no query tells which
} Narrowing;

// `value`: the column as SQL. The condition, of the arena, is NULL unless the answer is NARROWING_ASKED.
Narrowing my_narrowing(Arena *arena, bool mariadb, const Column *have, const Column *want, const char *value,
                       const char **condition);

const char *my_misfit(Arena *arena, const MisfitQuestion *question); // dialect->misfit

// What a row gets in a new column that is NOT NULL and has no default: "0", "''", ... NULL: nothing that may stay, as the
// server refuses it or puts a date that is none.
const char *my_filler(bool mariadb, const char *type);
const char *my_fills(const Schema *schema, const Column *column); // dialect->filler

#endif
