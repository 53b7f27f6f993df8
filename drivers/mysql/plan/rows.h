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
// Marks a step of a table that loses what no query can tell beforehand.
void my_mark_losses(const StepGraph *graph, Step *step);

#endif
