// apply.h -- what core/apply asks of this engine's dialect: is a table there, and a query that must give no row
// as a statement that fails by itself (for scripts that a person runs with the engine's own client).
#ifndef DRIVERS_MYSQL_DIALECT_APPLY_H
#define DRIVERS_MYSQL_DIALECT_APPLY_H

#include "core/base/strbuf.h"

// Slots of Dialect: core/dialect/dialect.h says what each takes and writes.
void mysql_put_table_query(StrBuf *out, const char *schema, const char *table, const char *column);
void mysql_put_assertion(StrBuf *out, const char *query, const char *text);

#endif
