// copies.h -- what one side of a comparison takes over from the other.
//
// An object belongs to one schema, which numbers it and finds what it depends on: the other side gets a copy. Texts and lists of
// options are shared. Memory: the arena. Nothing fails.
#ifndef CORE_COMPARE_COPIES_H
#define CORE_COMPARE_COPIES_H

#include "core/model/schema.h"

// A copy of an object that is a struct of `size` bytes, without what it depends on.
void *object_copied_as(Arena *arena, const void *from, size_t size);
// A copy of any object but a table; of a view with its indexes.
Object *object_copied(Arena *arena, const Object *from);
// A copy of a table with its columns, constraints and indexes.
Table *table_copied(Arena *arena, const Table *from);

// Put more into a schema, whose lists may be another's, too: those stay as they are. The caller sorts.
void schema_add_tables(Arena *arena, Schema *schema, const TableList *more);
void schema_add_objects(Arena *arena, Schema *schema, const ObjectList *more);

#endif
