#include "core/model/spelling.h"

#include <string.h>
#include <strings.h>

static void list(Arena *arena, NameList *names, const char *name)
{
    if (name)
        *VEC_PUSH(arena, names) = name;
}

static NameList names_of(Arena *arena, const Schema *as, const RenameList *renames)
{
    NameList names = { 0 };
    VEC_EACH (Table *, it, &as->tables) {
        list(arena, &names, (*it)->head.name);
        VEC_EACH (Constraint *, key, &(*it)->constraints) {
            list(arena, &names, (*key)->referred_table);
            list(arena, &names, (*key)->referred_schema);
        }
    }
    VEC_EACH (Object *, it, &as->objects)
        if ((*it)->kind == OBJECT_VIEW || (*it)->kind == OBJECT_SEQUENCE)
            list(arena, &names, (*it)->name);
    VEC_EACH (Rename, it, renames ? renames : &(RenameList){ 0 })
        if (it->kind != OBJECT_COLUMN)
            list(arena, &names, it->from);
    return names;
}

// The first that fits: what the model has now goes before what it is renamed from.
static const char *spelled(const NameList *names, const char *name)
{
    VEC_EACH (const char *, it, names)
        if (name && strcasecmp(*it, name) == 0)
            return *it;
    return name;
}

static void spell_head(void *payload, Object *object, Table *table)
{
    const NameList *names = payload;
    object->table = spelled(names, object->table);
    if (!table &&
        (object->kind == OBJECT_TABLE || object->kind == OBJECT_VIEW || object->kind == OBJECT_SEQUENCE))
        object->name = spelled(names, object->name);
}

void schema_spell_as(Arena *arena, Schema *schema, const Schema *as, const RenameList *renames)
{
    if (!schema->server.folds_tables)
        return;
    NameList names = names_of(arena, as, renames);
    schema_walk(schema, spell_head, &names);
    VEC_EACH (Table *, it, &schema->tables)
        VEC_EACH (Constraint *, key, &(*it)->constraints) {
            (*key)->referred_table = spelled(&names, (*key)->referred_table);
            (*key)->referred_schema = spelled(&names, (*key)->referred_schema);
        }
    schema_sort(schema);
}

// ---- columns

static const Column *other_case(const Table *have, const Table *want, const char *name)
{
    VEC_EACH (Column *, it, &have->columns)
        if (strcasecmp((*it)->head.name, name) == 0 && !table_column(want, (*it)->head.name))
            return *it;
    return NULL;
}

// The table as the database has it: under the name that it is renamed from, where it is.
static const Table *live_table(const Schema *have, const Table *want, const RenameList *renames)
{
    const Table *table = schema_table(have, want->head.schema, want->head.name);
    VEC_EACH (Rename, it, renames)
        if (!table && it->kind == OBJECT_TABLE && strcmp(it->to, want->head.name) == 0)
            table = schema_table(have, it->schema, it->from);
    return table;
}

static bool is_renamed(const RenameList *renames, const Table *table, const char *to)
{
    VEC_EACH (Rename, it, renames)
        if (it->kind == OBJECT_COLUMN && strcmp(it->table, table->head.name) == 0 && strcmp(it->to, to) == 0)
            return true;
    return false;
}

void columns_spell_as(Arena *arena, const Schema *have, const Schema *want, RenameList *renames)
{
    VEC_EACH (Table *, it, &want->tables) {
        const Table *live = live_table(have, *it, renames);
        VEC_EACH (Column *, column, &(*it)->columns) {
            const char *name = (*column)->head.name;
            if (!live || table_column(live, name) || is_renamed(renames, *it, name))
                continue;
            const Column *old = other_case(live, *it, name);
            if (old)
                *VEC_PUSH(arena, renames) = (Rename){ .kind = OBJECT_COLUMN,
                                                      .schema = (*it)->head.schema,
                                                      .table = (*it)->head.name,
                                                      .from = old->head.name,
                                                      .to = name };
        }
    }
}
