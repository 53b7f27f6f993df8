// write.h -- what the files of the model's writer share: a Schema becomes a tree of nodes, which emit.h prints.
//
// Each part asks what the reader would make of the short form, and takes the long one where that is not the same.
#ifndef CORE_SCHEMA_WRITE_H
#define CORE_SCHEMA_WRITE_H

#include "core/yaml/emit.h"
#include "core/schema/naming_convention.h"

typedef struct SpeltNode {
    const char *native;
    Node *node;
} SpeltNode;

typedef struct Writer {
    Arena *arena;
    const Dialect *dialect;
    const Schema *schema;
    Convention names;
    VEC(const Object *) types; // enums, domains, composites
    VEC(SpeltNode) spelt;      // types already spelt: the same few come thousands of times
} Writer;

// Adders: nothing is added for NULL, false or an empty list.
void put_text(Writer *w, Node *map, const char *key, const char *text);
void put_number(Writer *w, Node *map, const char *key, const char *number);
void put_true(Writer *w, Node *map, const char *key, bool value);
void put_names(Writer *w, Node *map, const char *key, const NameList *names); // one or several as a list
void put_node(Writer *w, Node *map, const char *key, Node *value);            // not an empty one

// Options: beside the object's own keys, or under `options: {dialect: …}` for a table and where a key means
// something else there.
void put_options(Writer *w, Node *map, const Object *object);

// As the reader has it (default_fits.c).
const char *default_mismatch(Arena *arena, const Dialect *dialect, const char *type, const char *scalar);

// write_column.c
Node *write_type(Writer *w, const char *native);
Node *write_default(Writer *w, const char *type, const char *default_sql);
Node *write_column(Writer *w, const Table *table, const Column *column);
// A constraint or index that is said at its column, by `unique: true` and the like.
bool is_at_column(Writer *w, const Table *table, const Object *object);

// write_constraint.c
Node *write_parts(Writer *w, const PartList *parts);
Node *write_indexes(Writer *w, const Table *table, const IndexList *indexes);
void write_constraints(Writer *w, Node *node, const Table *table);
const char *write_target(Writer *w, const Constraint *key);
void put_reference_details(Writer *w, Node *map, const Constraint *key);
Node *write_check(Writer *w, const Constraint *check, bool with_name);
void choose_names(Writer *w);
bool name_is_given(Writer *w, const Table *table, const Object *object); // by the convention, as it is

// write_object.c
void write_objects(Writer *w, Node *root, bool before_tables);

// write_data.c
void write_data(Writer *w, Node *root);

// As the reader finds them: in the dialect's sense of case.
const Table *written_table(const Writer *w, const char *schema, const char *name);
const Column *written_column(const Writer *w, const Table *table, const char *name);

#endif
