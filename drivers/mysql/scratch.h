// scratch.h -- an empty database of one's own, dropped when it is closed and, after a killed run, by the next one.
#ifndef DRIVERS_MYSQL_SCRATCH_H
#define DRIVERS_MYSQL_SCRATCH_H

#include "drivers/mysql/driver.h"

// A new connection that is in a new database, under our sql_mode and without foreign key checks. NULL with ERR_SQL
// where rights are missing, saying what to do.
MYSQL *my_scratch_enter(MyDb *my, const char **name, Error *err);
void my_scratch_leave(MyDb *my, MYSQL *connection, const char *name); // drops it and closes

#endif
