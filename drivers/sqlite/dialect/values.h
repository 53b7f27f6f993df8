// values.h -- the hooks of the dialect that makers of rows call (core/dialect/value.h).
#ifndef DRIVERS_SQLITE_DIALECT_VALUES_H
#define DRIVERS_SQLITE_DIALECT_VALUES_H

#include "core/dialect/dialect.h"

// Slots of Dialect: core/dialect/dialect.h says what each takes and gives.
void sqlite_value_type(Arena *arena, const Schema *schema, const Table *table, const Column *column,
                       TypeValues *out);
void sqlite_put_value_text(StrBuf *out, const char *type, const char *column);
void sqlite_put_value_again(StrBuf *out, const char *type, const char *text);
bool sqlite_numbers_itself(const Table *table, const Column *column);
void sqlite_put_key_waits(StrBuf *out, const Constraint *key, bool waits);

#endif
