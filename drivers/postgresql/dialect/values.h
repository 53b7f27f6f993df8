// values.h -- the hooks of the dialect that makers of rows call (core/dialect/value.h).
#ifndef DRIVERS_POSTGRESQL_DIALECT_VALUES_H
#define DRIVERS_POSTGRESQL_DIALECT_VALUES_H

#include "core/dialect/dialect.h"

// Slots of Dialect: core/dialect/dialect.h says what each takes and gives.
void pg_value_type(Arena *arena, const Schema *schema, const Table *table, const Column *column,
                   TypeValues *out);
void pg_put_value_text(StrBuf *out, const char *type, const char *column);
void pg_put_value_again(StrBuf *out, const char *type, const char *text);
void pg_put_key_waits(StrBuf *out, const Constraint *key, bool waits);

#endif
