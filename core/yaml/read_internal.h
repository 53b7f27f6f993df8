// read_internal.h -- what the files that read a model share.
#ifndef CORE_YAML_READ_INTERNAL_H
#define CORE_YAML_READ_INTERNAL_H

#include "core/yaml/node.h"
#include "core/yaml/schema_read.h"

typedef enum Convention {
    CONVENTION_PRIMARY_KEY,
    CONVENTION_FOREIGN_KEY,
    CONVENTION_UNIQUE,
    CONVENTION_INDEX,
    CONVENTION_CHECK,
    CONVENTION_COUNT
} Convention;

// A type of the `types:` section.
typedef struct CustomType {
    const char *name;
    const Node *node;
    EnumType *as_enum; // {enum: […]}
    const char *base;  // {base: …}: the model's spelling
    const char *check; // with VALUE
    const Node *default_node;
    bool not_null;
    const char *native; // HAS_TYPES: the name as the engine spells it
} CustomType;

typedef struct ModelReader {
    Arena *arena;
    const Dialect *dialect;
    Issues *issues;
    Schema *schema;
    RenameList *renames;
    VEC(const Node *) roots;
    const char *convention[CONVENTION_COUNT]; // NULL: leave without a name
    VEC(CustomType) types;
    bool broken;   // a file could not be read to its end
    size_t budget; // nodes that may still be looked at: aliases can make a small file a long walk
} ModelReader;

// Sets of keys, for "unknown key … did you mean".
void reject_unknown(ModelReader *r, const Node *map, const char *const *known, const char *what,
                    ObjectKind options_of);
bool expect_map(ModelReader *r, const Node *node, const char *what);
// The node for this dialect where a map of dialects stands ({default: …, postgresql: …}); NULL: none for this one.
const Node *for_dialect(ModelReader *r, const Node *node);

// Values of a key; absent keys leave *out alone. Wrong kinds are issues.
const char *text_of(ModelReader *r, const Node *node,
                    const char *what); // a scalar; NULL and an issue otherwise
const char *get_text(ModelReader *r, const Node *map, const char *key); // NULL: absent or null
bool get_truth(ModelReader *r, const Node *map, const char *key, bool *out);
void get_names(ModelReader *r, const Node *map, const char *key, NameList *out); // a list or one scalar
void read_options(ModelReader *r, const Node *map, Object *head);
void read_head(ModelReader *r, const Node *map, Object *head,
               const char *table);                    // comment, options, renamed_from
SourcePos place_of(const Node *map, const char *key); // of the key's value; of the map where absent
bool dialect_option(const ModelReader *r, const char *key, ObjectKind kind);

// read_type.c
void read_types(ModelReader *r);
void read_column_type(ModelReader *r, Table *table, Column *column, const Node *node);
const char *native_type(ModelReader *r, const char *spelling, const Node *node);
const char *read_default(ModelReader *r, const Node *node, const char *type);

// read_column.c
void read_columns(ModelReader *r, Table *table, const Node *columns);
void number_key(ModelReader *r, const Table *table,
                const Node *columns); // once all keys of the table are read

// read_key.c
void read_keys(ModelReader *r, Table *table, const Node *map);
void read_indexes(ModelReader *r, const Node *map, const char *key, const Table *table, IndexList *out);
Constraint *read_reference(ModelReader *r, Table *table, const char *column, const Node *map);
Constraint *add_constraint(ModelReader *r, Table *table, ObjectKind kind, const char *name, SourcePos at);
void add_part(ModelReader *r, PartList *parts, const char *column);
void set_target(ModelReader *r, Constraint *key, const char *text, const Node *node);
Deferral read_deferral(ModelReader *r, const Node *map);

// read_table.c
void read_tables(ModelReader *r);
void read_many_to_many(ModelReader *r);

// read_object.c
void read_objects(ModelReader *r);

// read_check.c: names by the convention, references that lead somewhere, names used twice.
void name_by_convention(ModelReader *r);
void finish_tables(ModelReader *r);

#endif
