// Which index or key of a parent one of a partition belongs to, and what that means for it.
#include <string.h>

#include "drivers/postgresql/facts/facts.h"

static const PartList *parts_of(const Object *part)
{
    return part->kind == OBJECT_INDEX ? &((const Index *)(const void *)part)->parts
                                      : &((const Constraint *)(const void *)part)->parts;
}

static const Object *named_part(Arena *arena, const Table *table, const char *name)
{
    VEC_EACH (Index *, it, &table->indexes)
        if (same_text(name_join(arena, (*it)->head.schema, (*it)->head.name), name))
            return &(*it)->head;
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.name && same_text(name_join(arena, (*it)->head.schema, (*it)->head.name), name))
            return &(*it)->head;
    return NULL;
}

static const Object *part_alike(const Table *table, const Object *part)
{
    VEC_EACH (Index *, it, &table->indexes)
        if (part->kind == OBJECT_INDEX && parts_equal(&(*it)->parts, parts_of(part)))
            return &(*it)->head;
    VEC_EACH (Constraint *, it, &table->constraints)
        if (part->kind == (*it)->head.kind && parts_equal(&(*it)->parts, parts_of(part)))
            return &(*it)->head;
    return NULL;
}

// Between the two there may be partitions whose indexes say nothing of their own, and are not in the model.
const Object *pg_parent_index(Arena *arena, const Schema *schema, const Object *part)
{
    const Table *table = schema_table(schema, part->schema, part->table);
    const char *of = option_get(&part->options, PG_PARTITION_OF);
    if (!table || !of)
        return NULL;
    TableList above = pg_ancestors_of(arena, schema, table);
    const Object *found = NULL;
    for (size_t i = 0; i < above.count && !found; i++)
        found = named_part(arena, above.items[i], of);
    for (size_t i = 0; i < above.count && !found; i++)
        found = part_alike(above.items[i], part);
    return found;
}

// A table may be marked by an index that it has of its parent, and that is not in the model as nothing is said of it.
bool pg_marks_unlisted(const Table *table, const char *index)
{
    return index && option_get(&table->head.options, PG_PARTITION_OF) && strcmp(index, "full") != 0 &&
           strcmp(index, "nothing") != 0 && !table_index(table, index) && !table_constraint(table, index);
}

bool pg_index_has_keys(const StepGraph *graph, const Object *index)
{
    const Table *table = schema_table(graph->have, index->schema, index->table);
    if (!table || !option_get(&table->head.options, PG_PARTITION_BY))
        return false;
    const char *name = name_join(graph->arena, index->schema, index->name);
    VEC_EACH (Table *, it, &graph->have->tables)
        VEC_EACH (Constraint *, key, &(*it)->constraints)
            if (same_text(option_get(&(*key)->head.options, PG_PARTITION_OF), name) ||
                (pg_parent_of(graph->arena, graph->have, *it) == table &&
                 ((*key)->head.kind == OBJECT_PRIMARY_KEY || (*key)->head.kind == OBJECT_UNIQUE) &&
                 parts_equal(&(*key)->parts, &((const Index *)(const void *)index)->parts)))
                return true;
    return false;
}

// A partition with a key of its own that is to serve its parent's unique index cannot be made as PARTITION OF: the
// server would build another index for it.
bool pg_partition_brings_key(const StepGraph *graph, const Table *table)
{
    const Table *parent = pg_parent_of(graph->arena, graph->want, table);
    if (!parent || step_find_create(graph, &parent->head))
        return false;
    VEC_EACH (Constraint *, key, &table->constraints) {
        if ((*key)->head.kind != OBJECT_PRIMARY_KEY && (*key)->head.kind != OBJECT_UNIQUE)
            continue;
        VEC_EACH (Index *, index, &parent->indexes)
            if ((*index)->unique && parts_equal(&(*index)->parts, &(*key)->parts))
                return true;
    }
    return false;
}
