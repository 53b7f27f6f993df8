// rows.h -- what a change asks of the rows that are there: told by queries that run before all else, or to a person.
//
// MySQL and MariaDB commit each statement. A row that is in the way of the last statement of a revision would leave the
// database between two states, so each is looked for before the first statement. The queries speak of tables and columns
// as they are called then, and show the key of a row, none of its values.
#ifndef DRIVERS_MYSQL_PLAN_ROWS_H
#define DRIVERS_MYSQL_PLAN_ROWS_H

#include "drivers/mysql/dialect/dialect.h"

// Adds a step before all others for each table whose rows must be looked at, and marks the steps that may lose values.
void my_look_at_rows(StepGraph *graph);

// What becomes of values when a column changes from `have` to `want`.
typedef enum Narrowing {
    NARROWING_NONE,   // each value stays, or the server refuses it
    NARROWING_ASKED,  // *condition is true of the values that would change
    NARROWING_UNKNOWN // values may change, and no query tells which
} Narrowing;

// `value`: the column as SQL. The condition, of the arena, is NULL unless the answer is NARROWING_ASKED.
Narrowing my_narrowing(Arena *arena, bool mariadb, const Column *have, const Column *want, const char *value,
                       const char **condition);

// What a row gets in a new column that is NOT NULL and has no default: "0", "''", ... NULL: nothing that may stay, as the
// server refuses it or puts a date that is none.
const char *my_filler(const char *type);

#endif
