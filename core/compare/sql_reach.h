// sql_reach.h -- does a statement reach beyond the database that it is run in?
//
// Asked of SQL that somebody else wrote before it is run in a scratch place. A look at the words, which errs on the side of
// refusing: what it lets pass changes that database and nothing else.
#ifndef CORE_COMPARE_SQL_REACH_H
#define CORE_COMPARE_SQL_REACH_H

#include "core/dialect/dialect.h"

// What the statement would do, as a phrase after "cannot": "change to another database". NULL: it stays inside.
const char *sql_reach(Arena *arena, const Dialect *dialect, const char *statement);

#endif
