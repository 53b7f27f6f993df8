// The tables that a table is a partition of or inherits from, as its options name them.
#include "drivers/postgresql/dialect/dialect.h"

static const Table *table_named(Arena *arena, const Schema *schema, const char *joined)
{
    NameList parts = { 0 };
    if (!joined || !name_split(arena, joined, &parts) || !parts.count)
        return NULL;
    return parts.count > 1 ? schema_table(schema, parts.items[0], parts.items[1])
                           : schema_table(schema, NULL, parts.items[0]);
}

const Table *pg_parent_of(Arena *arena, const Schema *schema, const Table *child)
{
    return table_named(arena, schema, option_get(&child->head.options, PG_PARTITION_OF));
}

// The parents of a table, by partition or inheritance.
TableList pg_parents_of(Arena *arena, const Schema *schema, const Table *child)
{
    TableList list = { 0 };
    const Table *parent = pg_parent_of(arena, schema, child);
    if (parent)
        *VEC_PUSH(arena, &list) = schema_table(schema, parent->head.schema, parent->head.name);
    const char *inherits = option_get(&child->head.options, PG_INHERITS);
    for (const char *name; (name = name_next(arena, &inherits));) {
        const Table *found = table_named(arena, schema, name);
        if (found)
            *VEC_PUSH(arena, &list) = schema_table(schema, found->head.schema, found->head.name);
    }
    return list;
}

// Parents, and theirs: the nearest first, each once, also where a model has them in a cycle.
TableList pg_ancestors_of(Arena *arena, const Schema *schema, const Table *child)
{
    TableList all = pg_parents_of(arena, schema, child);
    for (size_t i = 0; i < all.count; i++) {
        TableList parents = pg_parents_of(arena, schema, all.items[i]);
        VEC_EACH (Table *, parent, &parents) {
            bool known = *parent == child;
            VEC_EACH (Table *, it, &all)
                known |= *it == *parent;
            if (!known)
                *VEC_PUSH(arena, &all) = *parent;
        }
    }
    return all;
}
