// name_table.h -- the places of the names of one list, to be found without reading the list for each name.
#ifndef CORE_DIALECT_NAME_TABLE_H
#define CORE_DIALECT_NAME_TABLE_H

#include "core/base/arena.h"
#include "core/dialect/dialect.h"

// Names by the dialect's sense of case (NULL: case counts); a missing name comes first, and is the same as another.
int compare_names(const Dialect *dialect, const char *a, const char *b);
bool same_name(const Dialect *dialect, const char *a, const char *b);

// A name and the places that it is in (kind, schema, table) as one text, in memory of `arena`: equal for equal parts only.
const char *placed_name(Arena *arena, const char *const *parts, size_t count);

// A hash table with chains. Places that share a chain are in the order of the list.
typedef struct NameTable {
    const Dialect *dialect; // says whether names differ by case; NULL: they do
    const char **names;     // by place; NULL, of what has none, is found as NULL
    size_t *heads, *next;   // a place + 1; 0: none
    size_t mask;
} NameTable;

// A table for `count` names, none of them entered yet, in memory of `arena`. The names are not copied.
NameTable name_table_new(Arena *arena, const Dialect *dialect, size_t count);
// Enters a name at its place, which is below `count`. Enter the last place first, so that the first one is found first.
void name_table_enter(NameTable *table, size_t place, const char *name);
// The first place of the name; SIZE_MAX: none.
size_t name_table_first(const NameTable *table, const char *name);
// The next place behind `place` of the name that is at `place`; SIZE_MAX: none.
size_t name_table_next(const NameTable *table, size_t place);

#endif
