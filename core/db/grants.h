// grants.h -- which statements change privileges that outlive the database that they name, so that no scratch place may run
// them. It reads the statement's first word and fails in no way.
#ifndef CORE_DB_GRANTS_H
#define CORE_DB_GRANTS_H

#include <stdbool.h>

#include "core/dialect/dialect.h"

// Does the statement grant or revoke in a way that dropping a scratch database does not undo?
bool db_grants_for_ever(const Dialect *dialect, const char *statement);

#endif
