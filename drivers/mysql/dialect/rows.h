// rows.h -- how mysql spells rows (core/dialect/rows.h).
#ifndef DRIVERS_MYSQL_DIALECT_ROWS_H
#define DRIVERS_MYSQL_DIALECT_ROWS_H

#include "core/dialect/rows.h"

extern const RowDialect my_rows;

#endif
