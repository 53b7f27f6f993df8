// types.h -- what a type can hold, by its spelling: for rules that ask whether values fit into another one.
#ifndef CORE_LINT_TYPES_H
#define CORE_LINT_TYPES_H

#include "core/base/vec.h"

typedef enum HoldKind {
    HOLDS_OTHER,
    HOLDS_INTEGER, // digits: bits
    HOLDS_NUMBER,  // digits before the point, scale
    HOLDS_FLOAT,   // digits: bits
    HOLDS_TEXT,    // digits: the greatest length in characters
    HOLDS_TIME,    // a moment or a time of the day; scale: digits of the second
    HOLDS_DATE,
} HoldKind;

#define HOLDS_ANY 4294967295U // digits or scale without a limit

typedef struct Holds {
    HoldKind kind;
    unsigned digits, scale;
    bool is_unsigned;
    bool zoned; // a moment, whatever the session's time zone
} Holds;

Holds type_holds(const char *type, bool mysql); // type NULL: HOLDS_OTHER; MySQL and MariaDB limit text
bool type_may_not_fit(const Holds *have, const Holds *want); // a value is refused
bool type_loses(const Holds *have, const Holds *want);       // a value is cut or rounded
// The values of MySQL's enum('a','b') and set(…); false: it is neither.
bool type_values(Arena *arena, const char *type, NameList *out);

#endif
