// rows.h -- how sqlite spells rows (core/dialect/rows.h).
#ifndef DRIVERS_SQLITE_DIALECT_ROWS_H
#define DRIVERS_SQLITE_DIALECT_ROWS_H

#include "core/dialect/rows.h"

extern const RowDialect sqlite_rows;

#endif
