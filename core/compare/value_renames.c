// Values of enums that get another name, as seen from the way back.
#include "core/compare/compare.h"

#include <string.h>

// What `name` was called before the renames of this revision.
static const char *name_before(const Comparison *c, ObjectKind kind, const char *table, const char *name)
{
    VEC_EACH (const Rename, it, &c->made)
        if (it->kind == kind && strcmp(it->to, name) == 0 && (!table || same_text(it->table, table)))
            return it->from;
    return name;
}

static NameList exchanged(Arena *arena, const NameList *pairs)
{
    NameList out = { 0 };
    for (size_t i = 0; i + 1 < pairs->count; i += 2) {
        *VEC_PUSH(arena, &out) = pairs->items[i + 1];
        *VEC_PUSH(arena, &out) = pairs->items[i];
    }
    return out;
}

// What a list of values was before the renames: those that got another name by their old one, and the others.
static NameList values_before(Arena *arena, const NameList *values, const NameList *reversed)
{
    NameList out = { 0 };
    VEC_EACH (const char *, value, values)
        *VEC_PUSH(arena, &out) = enum_value_renamed_to(reversed, *value);
    return out;
}

static void reverse_of_type(Arena *arena, const Comparison *c, const EnumType *want)
{
    Object *live = schema_object(&c->have, OBJECT_ENUM, want->head.schema, NULL,
                                 name_before(c, OBJECT_ENUM, NULL, want->head.name));
    if (!live)
        return;
    EnumType *have = (EnumType *)(void *)live;
    const NameList pairs = enum_values_renamed(arena, have, want);
    have->renamed_values = exchanged(arena, &pairs);
}

static void reverse_of_column(Arena *arena, const Comparison *c, const Table *want_table, const Column *want)
{
    const char *table = want_table->head.name;
    const Table *have_table =
        schema_table(&c->have, want_table->head.schema, name_before(c, OBJECT_TABLE, NULL, table));
    Column *have =
        have_table ? table_column(have_table, name_before(c, OBJECT_COLUMN, table, want->head.name)) : NULL;
    if (!have || have->enum_type)
        return;
    const NameList pairs = enum_column_renames(arena, have_table, have->head.name, want);
    if (!pairs.count)
        return;
    EnumType *type = ARENA_NEW(arena, EnumType);
    type->renamed_values = exchanged(arena, &pairs);
    type->values = values_before(arena, &want->enum_type->values, &type->renamed_values);
    have->enum_type = type;
}

void compare_reverse_value_renames(Arena *arena, const Comparison *c)
{
    VEC_EACH (Object *, it, &c->want.objects)
        if ((*it)->kind == OBJECT_ENUM && ((const EnumType *)(const void *)*it)->renamed_values.count)
            reverse_of_type(arena, c, (const EnumType *)(const void *)*it);
    VEC_EACH (Table *, table, &c->want.tables)
        VEC_EACH (Column *, column, &(*table)->columns)
            if ((*column)->enum_type && (*column)->enum_type->renamed_values.count)
                reverse_of_column(arena, c, *table, *column);
}
