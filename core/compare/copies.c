#include "core/compare/copies.h"

#include <string.h>

#define COPIED(arena, type, from) ((type *)object_copied_as(arena, from, sizeof(type)))
void *object_copied_as(Arena *arena, const void *from, size_t size)
{
    Object *to = arena_alloc(arena, size);
    memcpy(to, from, size);
    to->depends_on = (ObjectList){ 0 }; // those are the other schema's
    return to;
}

static IndexList copied_indexes(Arena *arena, const IndexList *from)
{
    IndexList out = { 0 };
    VEC_EACH (Index *, it, from)
        *VEC_PUSH(arena, &out) = COPIED(arena, Index, *it);
    return out;
}

Table *table_copied(Arena *arena, const Table *from)
{
    Table *table = COPIED(arena, Table, from);
    table->columns = (ColumnList){ 0 };
    table->constraints = (ConstraintList){ 0 };
    VEC_EACH (Column *, it, &from->columns)
        *VEC_PUSH(arena, &table->columns) = COPIED(arena, Column, *it);
    VEC_EACH (Constraint *, it, &from->constraints)
        *VEC_PUSH(arena, &table->constraints) = COPIED(arena, Constraint, *it);
    table->indexes = copied_indexes(arena, &from->indexes);
    return table;
}

Object *object_copied(Arena *arena, const Object *from)
{
    Object *to = object_copied_as(arena, from, object_kinds[from->kind].size);
    if (from->kind == OBJECT_VIEW) {
        View *view = (View *)(void *)to;
        view->indexes = copied_indexes(arena, &view->indexes);
    }
    return to;
}

// The lists of the model stay as they are: those of the wanted side are others.
void schema_add_tables(Arena *arena, Schema *want, const TableList *more)
{
    TableList all = { 0 };
    VEC_EACH (Table *, it, &want->tables)
        *VEC_PUSH(arena, &all) = *it;
    VEC_EACH (Table *, it, more)
        *VEC_PUSH(arena, &all) = *it;
    want->tables = all;
}

void schema_add_objects(Arena *arena, Schema *want, const ObjectList *more)
{
    ObjectList all = { 0 };
    VEC_EACH (Object *, it, &want->objects)
        *VEC_PUSH(arena, &all) = *it;
    VEC_EACH (Object *, it, more)
        *VEC_PUSH(arena, &all) = *it;
    want->objects = all;
}
