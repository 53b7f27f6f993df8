// Who has the name that the server would give to the NOT NULL of a column (18): looked up, not walked for, since every column
// without NULLs asks.
#include "drivers/postgresql/facts/facts.h"

#include <stdint.h>
#include <string.h>

#include "core/dialect/name_table.h"

struct PgConstraintNames {
    Arena *arena;
    NameTable by_name; // of the schema and the name of a constraint of either side
    TableList holders; // by place
    NameTable parents; // schema and name of tables of the old side that others of their schema inherit from
};

typedef struct Entry {
    const char *name;
    Table *table;
} Entry;
typedef VEC(Entry) EntryList;

static const char *key_of(Arena *arena, const char *schema, const char *name)
{
    return placed_name(arena, (const char *const[]){ schema, name }, 2);
}

static void add(Arena *arena, EntryList *entries, Table *table, const char *name)
{
    if (name)
        *VEC_PUSH(arena, entries) = (Entry){ key_of(arena, table->head.schema, name), table };
}

static void collect(Arena *arena, const Schema *schema, EntryList *constraints)
{
    VEC_EACH (Table *, table, &schema->tables) {
        VEC_EACH (Column *, it, &(*table)->columns)
            add(arena, constraints, *table, option_get(&(*it)->head.options, PG_NOT_NULL_NAME));
        VEC_EACH (Constraint *, it, &(*table)->constraints)
            add(arena, constraints, *table, (*it)->head.name);
    }
}

static void collect_parents(Arena *arena, const Schema *have, EntryList *parents)
{
    VEC_EACH (Table *, it, &have->tables) {
        TableList own = { 0 };
        if (option_of(*it, PG_INHERITS))
            own = pg_parents_of(arena, have, *it);
        VEC_EACH (Table *, parent, &own)
            if (same_text((*parent)->head.schema, (*it)->head.schema))
                add(arena, parents, *parent, (*parent)->head.name);
    }
}

static NameTable table_of(Arena *arena, const EntryList *entries)
{
    NameTable table = name_table_new(arena, NULL, entries->count);
    for (size_t i = entries->count; i-- > 0;)
        name_table_enter(&table, i, entries->items[i].name);
    return table;
}

const PgConstraintNames *pg_constraint_names(Arena *arena, const Schema *have, const Schema *want)
{
    PgConstraintNames *names = ARENA_NEW(arena, PgConstraintNames);
    EntryList constraints = { 0 }, parents = { 0 };
    names->arena = arena;
    collect(arena, have, &constraints);
    collect(arena, want, &constraints);
    collect_parents(arena, have, &parents);
    names->by_name = table_of(arena, &constraints);
    names->parents = table_of(arena, &parents);
    VEC_EACH (Entry, it, &constraints)
        *VEC_PUSH(arena, &names->holders) = it->table;
    return names;
}

bool pg_is_named_elsewhere(const PgConstraintNames *names, const Column *column, const char *name)
{
    const char *key = key_of(names->arena, column->head.schema, name);
    for (size_t place = name_table_first(&names->by_name, key); place != SIZE_MAX;
         place = name_table_next(&names->by_name, place))
        if (!same_text(names->holders.items[place]->head.name, column->head.table))
            return true;
    return false;
}

bool pg_is_carried_down(const PgConstraintNames *names, const Schema *have, const Column *column,
                        const char *name)
{
    const char *key = key_of(names->arena, column->head.schema, column->head.table);
    if (name_table_first(&names->parents, key) == SIZE_MAX)
        return false;
    const Table *old = schema_table(have, column->head.schema, column->head.table);
    const Column *was = old ? table_column(old, column->head.name) : NULL;
    return was && !was->nullable && strcmp(pg_not_null_name(names->arena, was), name) == 0;
}
