// change.h -- how one database differs from another: the verbs.
#ifndef CORE_MODEL_CHANGE_H
#define CORE_MODEL_CHANGE_H

#include "core/model/schema.h"

typedef enum ChangeKind { CHANGE_CREATE, CHANGE_DROP, CHANGE_ALTER } ChangeKind;

// What of an object differs. An ALTER carries the set of them.
typedef enum Facet {
    FACET_NAME = 1 << 0, // a rename: have->name is the old one
    FACET_TYPE = 1 << 1,
    FACET_NULLABLE = 1 << 2,
    FACET_DEFAULT = 1 << 3,
    FACET_GENERATED = 1 << 4, // the expression, or stored against virtual, or plain against generated
    FACET_IDENTITY = 1 << 5,
    FACET_AUTOINCREMENT = 1 << 6,
    FACET_COLLATION = 1 << 7,
    FACET_COMMENT = 1 << 8,
    FACET_OPTIONS = 1 << 9, // any option; compare have and want to see which
    FACET_PARTS = 1 << 10,  // the columns of a key or index, the attributes of a type; the table is recreated
    FACET_EXPRESSION = 1 << 11, // a check's expression, a predicate
    FACET_DEFINITION = 1 << 12, // a verbatim body, a view's query or column list
    FACET_REFERENCES = 1 << 13,
    FACET_ACTIONS = 1 << 14, // on delete, on update, match
    FACET_DEFERRAL = 1 << 15,
    FACET_VALIDITY = 1 << 16, // not valid, not enforced, no inherit
    FACET_METHOD = 1 << 17,   // method, uniqueness, included columns, nulls not distinct
    FACET_VALUES = 1 << 18,   // of an enum
    FACET_SEQUENCE = 1 << 19, // start, increment, bounds, cache, cycle, owner
    FACET_POSITION = 1 << 20, // a column's place, where the dialect has CAN_PLACE_COLUMN
} Facet;

typedef struct Change {
    ChangeKind kind;
    unsigned facets;    // of Facet; ALTER only
    const Object *have; // NULL for a create
    const Object *want; // NULL for a drop
    const Table
        *have_table; // the table that a column, constraint or index is of, on either side; NULL otherwise.
    const Table *want_table; // Of a table change: the table itself.
    bool uncertain; // only texts differ, and the database could not be asked for its own form of the model's
} Change;
typedef VEC(Change) ChangeList;

// A rename that somebody asked for: renamed_from in the model, or --rename.
typedef struct Rename {
    ObjectKind kind; // OBJECT_TABLE, OBJECT_COLUMN, …
    const char *schema;
    const char *table; // a column's table, by its new name
    const char *from, *to;
    SourcePos at;
} Rename;
typedef VEC(Rename) RenameList;

// One ALTER ... RENAME in the order in which they are made. A column's table is named as it is called at that moment.
typedef struct RenameMove {
    ObjectKind kind;
    const char *schema, *table;
    const char *from, *to;
} RenameMove;
typedef VEC(RenameMove) RenameMoveList;

#endif
