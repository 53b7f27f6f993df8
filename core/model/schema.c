#include "core/model/schema.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

Table *schema_table(const Schema *schema, const char *schema_name, const char *name)
{
    const Object wanted = { .kind = OBJECT_TABLE, .schema = schema_name, .name = name };
    size_t low = 0, high = schema->tables.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = object_compare(&schema->tables.items[middle]->head, &wanted);
        if (order == 0)
            return schema->tables.items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

Table *schema_table_named(Arena *arena, const Schema *schema, const Table *table, const char *name)
{
    NameList parts = { 0 };
    if (!name_split(arena, name, &parts) || !parts.count)
        return NULL;
    const char *last = parts.items[parts.count - 1];
    Table *found = schema_table(schema, parts.count > 1 ? parts.items[0] : NULL, last);
    return found ? found : schema_table(schema, table->head.schema, last);
}

static int compare_objects(const Object *a, const Object *b)
{
    return a->kind != b->kind ? (a->kind < b->kind ? -1 : 1) : object_compare(a, b);
}

Object *schema_object(const Schema *schema, ObjectKind kind, const char *schema_name, const char *table,
                      const char *name)
{
    const Object wanted = { .kind = kind, .schema = schema_name, .table = table, .name = name };
    size_t low = 0, high = schema->objects.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_objects(schema->objects.items[middle], &wanted);
        if (order == 0)
            return schema->objects.items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

Column *table_column(const Table *table, const char *name)
{
    VEC_EACH (Column *, column, &table->columns)
        if (strcmp((*column)->head.name, name) == 0)
            return *column;
    return NULL;
}

Index *table_index(const Table *table, const char *name)
{
    VEC_EACH (Index *, index, &table->indexes)
        if (same_text((*index)->head.name, name))
            return *index;
    return NULL;
}

Constraint *table_constraint(const Table *table, const char *name)
{
    VEC_EACH (Constraint *, constraint, &table->constraints)
        if (name && same_text((*constraint)->head.name, name))
            return *constraint;
    return NULL;
}

Constraint *table_primary_key(const Table *table)
{
    VEC_EACH (Constraint *, constraint, &table->constraints)
        if ((*constraint)->head.kind == OBJECT_PRIMARY_KEY)
            return *constraint;
    return NULL;
}

const PartList *table_next_key(const Table *table, size_t *at)
{
    while (*at < table->constraints.count) {
        const Constraint *it = table->constraints.items[(*at)++];
        if (it->head.kind == OBJECT_PRIMARY_KEY || it->head.kind == OBJECT_UNIQUE)
            return &it->parts;
    }
    while (*at < table->constraints.count + table->indexes.count) {
        const Index *it = table->indexes.items[(*at)++ - table->constraints.count];
        if (it->unique && !it->where)
            return &it->parts;
    }
    return NULL;
}

bool column_leaves_rows_empty(const Column *column)
{
    return !column->nullable && !column->default_sql && !column->generated && !column->autoincrement &&
           column->identity == IDENTITY_NONE;
}

bool column_has_expression(const Column *column)
{
    return column->generated || (column->default_sql && strchr(column->default_sql, '('));
}

static bool parts_have_expression(const PartList *parts)
{
    VEC_EACH (const Part, part, parts)
        if (part->expression)
            return true;
    return false;
}

bool table_has_expression(const Table *table)
{
    VEC_EACH (Column *, column, &table->columns)
        if (column_has_expression(*column))
            return true;
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->expression || (*it)->where || parts_have_expression(&(*it)->parts))
            return true;
    VEC_EACH (Index *, index, &table->indexes)
        if ((*index)->where || parts_have_expression(&(*index)->parts))
            return true;
    return false;
}

bool parts_have_column(const PartList *parts, const char *column)
{
    VEC_EACH (Part, part, parts)
        if (same_text(part->column, column))
            return true;
    return false;
}

bool parts_equal(const PartList *a, const PartList *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const Part *x = &a->items[i], *y = &b->items[i];
        if (!same_text(x->column, y->column) || !same_text(x->expression, y->expression) ||
            !same_text(x->collation, y->collation) || !same_text(x->opclass, y->opclass) ||
            !same_text(x->with_operator, y->with_operator) || x->length != y->length ||
            x->descending != y->descending || x->nulls_first != y->nulls_first)
            return false;
    }
    return true;
}

// qsort is not stable: unnamed constraints keep their order by their place in the list.
typedef struct Placed {
    Object *object;
    size_t place;
} Placed;

static int by_order(const void *a, const void *b)
{
    const Placed *x = a, *y = b;
    int order = compare_objects(x->object, y->object);
    return order ? order : (x->place < y->place ? -1 : x->place > y->place);
}

// Sorts `count` pointers to structs that begin with an Object.
static void sort_objects(Object **items, size_t count)
{
    size_t sorted = 1;
    while (sorted < count && compare_objects(items[sorted - 1], items[sorted]) <= 0)
        sorted++;
    if (sorted >= count)
        return;
    Placed few[64];
    Arena *scratch = count > COUNT_OF(few) ? arena_new() : NULL;
    Placed *placed = scratch ? arena_alloc(scratch, count * sizeof(*placed)) : few;
    for (size_t i = 0; i < count; i++)
        placed[i] = (Placed){ items[i], i };
    qsort(placed, count, sizeof(*placed), by_order);
    for (size_t i = 0; i < count; i++)
        items[i] = placed[i].object;
    arena_free(scratch);
}

void schema_walk(const Schema *schema, ObjectVisitor *visit, void *payload)
{
    VEC_EACH (Table *, it, &schema->tables) {
        Table *table = *it;
        visit(payload, &table->head, NULL);
        VEC_EACH (Column *, column, &table->columns)
            visit(payload, &(*column)->head, table);
        VEC_EACH (Constraint *, constraint, &table->constraints)
            visit(payload, &(*constraint)->head, table);
        VEC_EACH (Index *, index, &table->indexes)
            visit(payload, &(*index)->head, table);
    }
    VEC_EACH (Object *, object, &schema->objects) {
        visit(payload, *object, NULL);
        if ((*object)->kind == OBJECT_VIEW)
            VEC_EACH (Index *, index, &((View *)(void *)*object)->indexes)
                visit(payload, &(*index)->head, NULL);
    }
}

static void number(void *payload, Object *object, Table *table)
{
    (void)table;
    size_t *next = payload;
    object->slot = (*next)++;
}

void schema_sort(Schema *schema)
{
    VEC_EACH (Table *, table, &schema->tables) {
        sort_objects((Object **)(void *)(*table)->constraints.items, (*table)->constraints.count);
        sort_objects((Object **)(void *)(*table)->indexes.items, (*table)->indexes.count);
    }
    sort_objects((Object **)(void *)schema->tables.items, schema->tables.count);
    sort_objects(schema->objects.items, schema->objects.count);
    VEC_EACH (Object *, object, &schema->objects) {
        if ((*object)->kind != OBJECT_VIEW)
            continue;
        View *view = (View *)(void *)*object;
        sort_objects((Object **)(void *)view->indexes.items, view->indexes.count);
    }
    schema_number(schema);
}

void schema_number(Schema *schema)
{
    schema->object_count = 0;
    schema_walk(schema, number, &schema->object_count);
}

static Object *index_of_view(const Schema *schema, const Object *object)
{
    Object *view = schema_object(schema, OBJECT_VIEW, object->schema, NULL, object->table);
    if (!view)
        return NULL;
    VEC_EACH (Index *, index, &((View *)(void *)view)->indexes)
        if (same_text((*index)->head.name, object->name))
            return &(*index)->head;
    return NULL;
}

static Object *child_of_table(const Table *table, const Object *object)
{
    if (object->kind == OBJECT_COLUMN) {
        Column *column = table_column(table, object->name);
        return column ? &column->head : NULL;
    }
    if (object->kind == OBJECT_INDEX) {
        Index *index = table_index(table, object->name);
        return index ? &index->head : NULL;
    }
    VEC_EACH (Constraint *, constraint, &table->constraints)
        if ((*constraint)->head.kind == object->kind && same_text((*constraint)->head.name, object->name))
            return &(*constraint)->head;
    return NULL;
}

Object *schema_counterpart(const Schema *schema, const Object *object)
{
    if (object->kind == OBJECT_TABLE) {
        Table *found = schema_table(schema, object->schema, object->name);
        return found ? &found->head : NULL;
    }
    if (!object_kind_is_part(object->kind))
        return schema_object(schema, object->kind, object->schema, object->table, object->name);
    const Table *table = schema_table(schema, object->schema, object->table);
    if (table)
        return child_of_table(table, object);
    return object->kind == OBJECT_INDEX ? index_of_view(schema, object) : NULL;
}

Table *table_new(Arena *arena, const char *schema, const char *name)
{
    Table *table = ARENA_NEW(arena, Table);
    table->head = (Object){ .kind = OBJECT_TABLE, .schema = schema, .name = name };
    return table;
}

Column *column_new(Arena *arena, const Table *table, const char *name)
{
    Column *column = ARENA_NEW(arena, Column);
    column->head = (Object){
        .kind = OBJECT_COLUMN, .schema = table->head.schema, .table = table->head.name, .name = name
    };
    column->nullable = true;
    column->type = "";
    return column;
}

Constraint *constraint_new(Arena *arena, const Table *table, ObjectKind kind, const char *name)
{
    Constraint *constraint = ARENA_NEW(arena, Constraint);
    constraint->head =
        (Object){ .kind = kind, .schema = table->head.schema, .table = table->head.name, .name = name };
    return constraint;
}

const char *match_rule(Arena *arena, const char *text)
{
    if (!text || strcasecmp(text, "SIMPLE") == 0)
        return NULL;
    char *upper = arena_strdup(arena, text);
    for (char *c = upper; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return upper;
}

Index *index_new(Arena *arena, const Table *table, const char *name)
{
    Index *index = ARENA_NEW(arena, Index);
    index->head = (Object){
        .kind = OBJECT_INDEX, .schema = table->head.schema, .table = table->head.name, .name = name
    };
    return index;
}

void *object_new(Arena *arena, ObjectKind kind, const char *schema, const char *table, const char *name)
{
    Object *object = arena_alloc(arena, object_kinds[kind].size);
    *object = (Object){ .kind = kind, .schema = schema, .table = table, .name = name };
    return object;
}
