// types.h -- MySQL's and MariaDB's types: what the model's names become, and the one spelling of each.
//
// Canonical is what the newest server prints: lower case, default display widths left out, `decimal(10,0)` for
// `numeric`, `tinyint(1)` for `boolean`. CHARACTER SET and COLLATE are no part of it: they belong to the column.
#ifndef DRIVERS_MYSQL_DIALECT_TYPES_H
#define DRIVERS_MYSQL_DIALECT_TYPES_H

#include "core/dialect/dialect.h"

extern const char *const my_portable_types[];
extern const TypeLimit my_type_limits[];

// Slots of Dialect: core/dialect/dialect.h says what each takes and gives.
const char *my_type_native(Arena *arena, const char *spelling, const char **wrong);
const char *my_type_portable(Arena *arena, const char *native);
bool my_same_type(Arena *arena, const char *a, const char *b);

// What may stand in a type as a person writes it but belongs to the column.
typedef struct TypeParts {
    const char *type;      // canonical, without charset and collation
    const char *charset;   // NULL: not said
    const char *collation; // NULL: not said
} TypeParts;
TypeParts my_type_split(Arena *arena, const char *spelling);

bool my_type_is_string(const char *type); // has a collation: char, varchar, text, enum, set
// As the name says, of a type in the server's spelling.
bool my_type_is_integer(const char *type);
bool my_type_is_numeric(const char *type); // integers, decimal, float, double, bit, year
// As the name says, of a type in the server's spelling.
bool my_type_is_geometry(const char *type);

// What MariaDB casts among each other: "plain", "geometry", "uuid", "inet4", "inet6"; and "text", which goes with all.
const char *my_type_cast_family(const char *type);

#endif
