// naming_convention.h -- the naming convention: what a constraint or index is called that nobody named.
//
//     naming_convention: {unique: "uq_{table}_{columns}", check: null}
//
// A pattern of NULL leaves the thing without a name. The reader fills patterns in, and the writer leaves out the
// names that they give.
#ifndef CORE_SCHEMA_NAMING_CONVENTION_H
#define CORE_SCHEMA_NAMING_CONVENTION_H

#include "core/dialect/dialect.h"

typedef enum NamedKind {
    NAMED_PRIMARY_KEY,
    NAMED_FOREIGN_KEY,
    NAMED_UNIQUE,
    NAMED_INDEX,
    NAMED_CHECK,
    NAMED_COUNT
} NamedKind;

typedef struct Convention {
    const char *patterns[NAMED_COUNT];
} Convention;
extern const Convention default_convention;

// What placeholders stand for: {table} {column} {columns} {name} {referred_table} {referred_columns}.
typedef struct NameFacts {
    const char *table;
    const PartList *parts; // NULL: none
    const char *name;      // of a check: its column, or its number
    const char *referred_table;
    const NameList *referred_columns;
} NameFacts;

// NULL where the pattern is. A name beyond the dialect's limit is cut and gets four digits of its hash.
const char *convention_name(Arena *arena, const Dialect *dialect, const char *pattern,
                            const NameFacts *facts);
// The first placeholder that is not known, with its braces; n is 0 when all are.
Text convention_unknown(const char *pattern);
extern const char *const name_placeholders[6];

#endif
