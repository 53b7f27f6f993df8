// Types whose values are rows: of a table, of a composite type, or holding one within.
#include <string.h>

#include "drivers/postgresql/facts/facts.h"

// Of a type, or of an array's elements.
PgTypeName pg_type_named(Arena *arena, const char *type)
{
    size_t n = strlen(type);
    while (n > 2 && strcmp(type + n - 2, "[]") == 0 && (n -= 2))
        type = arena_strndup(arena, type, n);
    NameList parts = { 0 };
    if (!name_split(arena, type, &parts) || !parts.count || parts.count > 2 ||
        (parts.count == 1 && pg_type_is_builtin(arena, type)))
        return (PgTypeName){ 0 };
    const char *schema = parts.count > 1 && strcmp(parts.items[0], "public") != 0 ? parts.items[0] : NULL;
    return (PgTypeName){ schema, parts.items[parts.count - 1] };
}

bool pg_is_type_named(Arena *arena, const char *type, const Object *object)
{
    const PgTypeName found = pg_type_named(arena, type);
    return found.name && same_text(found.schema, object->schema) && same_text(found.name, object->name);
}

bool pg_column_goes_round(const Step *step)
{
    return step->kind == STEP_ALTER && step->want && step->want->kind == OBJECT_COLUMN &&
           step->facets & FACET_PARTS;
}

static const CompositeType *composite_named(const StepGraph *graph, const Schema *schema, const char *type)
{
    VEC_EACH (Object *, it, &schema->objects)
        if ((*it)->kind == OBJECT_COMPOSITE && pg_is_type_named(graph->arena, type, *it))
            return (const CompositeType *)(const void *)*it;
    return NULL;
}

static bool attributes_differ(const StepGraph *graph, const char *type, unsigned level)
{
    const CompositeType *have = composite_named(graph, graph->have, type),
                        *want = composite_named(graph, graph->want, type);
    VEC_EACH (Object *, it, &graph->want->objects)
        if ((*it)->kind == OBJECT_DOMAIN && pg_is_type_named(graph->arena, type, *it) &&
            level < PG_MOST_TYPE_LEVELS)
            return attributes_differ(graph, ((const DomainType *)(const void *)*it)->base, level + 1);
    if (!have || !want || level == PG_MOST_TYPE_LEVELS)
        return false;
    bool differ = have->attributes.count != want->attributes.count;
    for (size_t i = 0; !differ && i < want->attributes.count; i++)
        differ = !same_text(have->attributes.items[i]->head.name, want->attributes.items[i]->head.name) ||
                 attributes_differ(graph, want->attributes.items[i]->type, level + 1);
    return differ;
}

// Has the type, or one within it, other attributes on the two sides? As text its values would not fit.
bool pg_attributes_differ(const StepGraph *graph, const char *type)
{
    return attributes_differ(graph, type, 0);
}
