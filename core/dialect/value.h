// value.h -- what values a column of a type takes, for whoever makes rows.
//
// A dialect's `value_type` turns a type's spelling into this description. Values that core can make by itself (numbers,
// texts, dates) are described by their bounds; all others by samples of SQL. Every text here is SQL of the engine that can
// stand in VALUES (…). Memory: the arena that was passed, or static.
#ifndef CORE_DIALECT_VALUE_H
#define CORE_DIALECT_VALUE_H

#include "core/model/schema.h"

typedef enum TypeValueKind {
    TAKES_OTHER, // known by samples alone; without any: no value can be made
    TAKES_INTEGER,
    TAKES_DECIMAL,
    TAKES_REAL,
    TAKES_TEXT,
    TAKES_BYTES,
    TAKES_DATE,
    TAKES_TIME,
    TAKES_TIMESTAMP,
    TAKES_LIST, // one of `list`
} TypeValueKind;

typedef struct TypeValues {
    TypeValueKind kind;
    long long least;             // TAKES_INTEGER: the bounds
    unsigned long long greatest; // of TAKES_INTEGER
    unsigned digits, scale;      // TAKES_DECIMAL: of all digits, those after the point; digits 0: no bound
    size_t length;               // TAKES_TEXT: characters, TAKES_BYTES: bytes; 0: no bound
    bool exact_length;           // all values are that long, or padded to it
    bool folds_case;             // values that differ in case only are equal
    NameList list;               // TAKES_LIST: SQL of each value
    NameList samples;            // TAKES_OTHER: SQL, a plain one first; of the other kinds: more of them
    const char
        *numbered; // SQL of distinct values, with {n}, {n+1}, {a} to {c} (bytes of n) and {x} (12 hexadecimal
                   // digits) in it; NULL: the kind's own way, or for TAKES_OTHER none
    const char *hex;  // TAKES_BYTES: what hexadecimal digits and a quote follow
    const char *cast; // the type that a bare literal must be cast to before an expression sees it; NULL: none
} TypeValues;

// `text` with the number filled in.
const char *value_numbered(Arena *arena, const char *text, unsigned long long n);

#endif
