// field.h -- the fields of each kind of object as a table, so that comparing, listing and printing them is one loop.
//
// The kind of a field says how two values are compared:
//   FIELD_TEXT   bytewise                     FIELD_NAME   by the dialect's sense of identifiers
//   FIELD_SQL    by the dialect's same_sql    FIELD_TYPE   by the dialect's same_type
//   FIELD_BOOL, FIELD_INT (an enum or Tristate, int-sized), FIELD_NAMES, FIELD_PARTS (expressions inside as SQL)
#ifndef CORE_MODEL_FIELD_H
#define CORE_MODEL_FIELD_H

#include "core/model/change.h"

typedef enum FieldKind {
    FIELD_TEXT,
    FIELD_NAME,
    FIELD_SQL,
    FIELD_TYPE,
    FIELD_BOOL,
    FIELD_INT,
    FIELD_NAMES,
    FIELD_PARTS,
} FieldKind;

typedef struct Field {
    const char *key; // the model's key
    FieldKind kind;
    size_t offset;
    unsigned facet;
} Field;

typedef struct FieldTable {
    const Field *fields;
    size_t count;
} FieldTable;

// Beside these every object has its comment, options and, for verbatim kinds, its definition.
FieldTable object_fields(ObjectKind kind);

#endif
