// What the server renames along with a table: a foreign key whose name begins with TABLE_ibfk_, and on MySQL a check whose
// name begins with TABLE_chk_, whoever named them. And along with a column on MariaDB: the partitions that are made by it.
#include <string.h>
#include <strings.h>

#include "core/dialect/sql.h"
#include "drivers/mysql/dialect/dialect.h"

static void carry_name(Arena *arena, Constraint *constraint, const char *from, const char *to,
                       const char *infix)
{
    const char *name = constraint->head.name, *start = arena_printf(arena, "%s%s", from, infix);
    if (name && strncasecmp(name, start, strlen(start)) == 0)
        constraint->head.name = arena_printf(arena, "%s%s", to, name + strlen(from));
}

static void carry_partitions(Arena *arena, Table *table, const char *from, const char *to)
{
    const char *by = option_get(&table->head.options, "partition_by");
    if (!by)
        return;
    OptionList own = { 0 }; // not the live table's
    VEC_EACH (Option, it, &table->head.options)
        *VEC_PUSH(arena, &own) = *it;
    option_set(arena, &own, "partition_by", sql_renamed(arena, &mysql_dialect, by, from, to));
    table->head.options = own;
}

void my_carry_rename(Arena *arena, Schema *schema, const Object *renamed, const char *from)
{
    const bool mariadb = schema->server.flags & SERVER_MARIADB;
    if (renamed->kind == OBJECT_COLUMN && mariadb) {
        Table *table = schema_table(schema, renamed->schema, renamed->table);
        if (table)
            carry_partitions(arena, table, from, renamed->name);
    }
    const Table *table =
        renamed->kind == OBJECT_TABLE ? schema_table(schema, renamed->schema, renamed->name) : NULL;
    if (!table)
        return;
    VEC_EACH (Constraint *, it, &table->constraints) {
        if ((*it)->head.kind == OBJECT_FOREIGN_KEY)
            carry_name(arena, *it, from, renamed->name, "_ibfk_");
        else if (!mariadb && (*it)->head.kind == OBJECT_CHECK)
            carry_name(arena, *it, from, renamed->name, "_chk_");
    }
}
