// values.h -- what becomes of the values of a column that gets another type, on MySQL and MariaDB.
#ifndef CORE_LINT_VALUES_H
#define CORE_LINT_VALUES_H

#include "core/lint/judge.h"

typedef struct ValueFit {
    const char *lost;   // what is lost without an error: "digits after the point"; NULL: nothing
    const char *misfit; // what strict mode refuses: "longer texts"; NULL: nothing
    bool fraction;      // of seconds, which MySQL rounds and MariaDB cuts
} ValueFit;
// `schema`: that `have` is of.
ValueFit values_fit(Arena *arena, const Schema *schema, const Column *have, const Column *want);

// "utf8mb4" of a column, of its table or of the database; NULL: it holds no text.
const char *values_charset(Arena *arena, const Schema *schema, const Column *column);
// The collation of the same.
const char *values_collation(const Schema *schema, const Column *column);
// Can every text of one character set be written in the other?
bool values_charset_holds(const char *wide, const char *narrow);

#endif
