// write_internal.h -- what the files that write a model share.
#ifndef CORE_YAML_WRITE_INTERNAL_H
#define CORE_YAML_WRITE_INTERNAL_H

#include "core/dialect/dialect.h"
#include "core/yaml/emit.h"

typedef struct Writer {
    Arena *arena;
    const Dialect *dialect;
    const Schema *schema;
} Writer;

Node *write_parts(Writer *w, const PartList *parts);
Node *write_index(Writer *w, const Index *index);
void write_options(Writer *w, Node *node, const Object *head);
// write_column.c
Node *write_column(Writer *w, const Table *table, const Column *column);
Node *write_default(Writer *w, const char *type, const char *default_sql); // NULL: none
bool write_is_dangling(const Writer *w, const Constraint *key);            // its target is not in the schema
// write_object.c: `types` are written before the tables, the rest behind them
void write_objects(Writer *w, Node *root, bool types);

#endif
