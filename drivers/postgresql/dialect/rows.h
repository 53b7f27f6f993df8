// rows.h -- how postgresql spells rows (core/dialect/rows.h).
#ifndef DRIVERS_POSTGRESQL_DIALECT_ROWS_H
#define DRIVERS_POSTGRESQL_DIALECT_ROWS_H

#include "core/dialect/rows.h"

extern const RowDialect pg_rows;

#endif
