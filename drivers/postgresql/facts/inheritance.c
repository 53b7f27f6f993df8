// Parents and children, by partition, by inheritance or by type, and the columns that a table has of them.
#include <string.h>

#include "drivers/postgresql/facts/facts.h"

const Table *pg_counterpart(const Schema *schema, const Table *table)
{
    return schema_table(schema, table->head.schema, table->head.name);
}

bool pg_is_partition_of(Arena *arena, const Table *child, const Table *parent)
{
    const char *of = option_of(child, PG_PARTITION_OF);
    return of && strcmp(of, name_join(arena, parent->head.schema, parent->head.name)) == 0;
}

// All columns of a table, its parents' included.
const CompositeType *pg_row_type(Arena *arena, const Schema *schema, const Table *table)
{
    const char *of = option_get(&table->head.options, PG_OF_TYPE);
    NameList parts = { 0 };
    if (!of || !name_split(arena, of, &parts) || !parts.count)
        return NULL;
    const char *name = parts.items[parts.count - 1], *in = parts.count > 1 ? parts.items[0] : NULL;
    VEC_EACH (Object *, it, &schema->objects)
        if ((*it)->kind == OBJECT_COMPOSITE && strcmp((*it)->name, name) == 0 &&
            ((*it)->schema == in || ((*it)->schema && in && strcmp((*it)->schema, in) == 0)))
            return (const CompositeType *)(const void *)*it;
    return NULL;
}

// The columns of a typed table are its type's attributes, of which it lists those that say more.
static void add_row_type(Arena *arena, const Schema *schema, const Table *table, ColumnList *all)
{
    const CompositeType *type = pg_row_type(arena, schema, table);
    if (!type)
        return;
    VEC_EACH (Column *, it, &type->attributes) {
        Column *own = table_column(table, (*it)->head.name);
        if (!own) {
            own = column_new(arena, table, (*it)->head.name);
            own->type = (*it)->type;
            own->collation = (*it)->collation;
            own->nullable = true;
            own->head.slot = table->head.slot; // a step about it is one about the table
        }
        *VEC_PUSH(arena, all) = own;
    }
}

// What a table says of a column itself says all of it, also where a parent has one of that name.
static void put_own(Arena *arena, ColumnList *all, Column *own)
{
    VEC_EACH (Column *, it, all)
        if (strcmp((*it)->head.name, own->head.name) == 0) {
            *it = own;
            return;
        }
    *VEC_PUSH(arena, all) = own;
}

ColumnList pg_all_columns(Arena *arena, const Schema *schema, const Table *table)
{
    ColumnList all = { 0 };
    TableList parents = pg_parents_of(arena, schema, table);
    VEC_EACH (Table *, parent, &parents) {
        ColumnList columns = pg_all_columns(arena, schema, *parent);
        VEC_EACH (Column *, column, &columns)
            if (!table_column(&(Table){ .columns = all }, (*column)->head.name))
                *VEC_PUSH(arena, &all) = *column;
    }
    add_row_type(arena, schema, table, &all);
    VEC_EACH (Column *, column, &table->columns)
        put_own(arena, &all, *column);
    return all;
}

// Since 16 a child may compute a column in its own way.
bool pg_has_own_expression(const Column *column, const Column *parent)
{
    return column->generated && parent && parent->generated &&
           !same_text(column->generated, parent->generated);
}
