// scratch.h -- an empty database of one's own, dropped when it is closed and, after a killed run, by the next one.
#ifndef DRIVERS_MYSQL_DRIVER_SCRATCH_H
#define DRIVERS_MYSQL_DRIVER_SCRATCH_H

#include "drivers/mysql/driver/driver.h"

// A new connection that is in a new database, under our sql_mode and without foreign key checks; made where scratch_url
// says. Where its user may not make databases, the empty one that scratch_url names serves. `beside`: `my` is connected
// there itself. NULL where neither can be had, saying what to do.
MYSQL *my_scratch_enter(MyDb *my, const char **name, bool beside, Error *err);
void my_scratch_clear(MyDb *my, MYSQL *connection, const char *name); // drops it, or leaves it empty
void my_scratch_leave(MyDb *my, MYSQL *connection,
                      const char *name); // drops it, or leaves it empty, and closes

#endif
