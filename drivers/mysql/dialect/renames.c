// What the server renames along with a table: a foreign key whose name begins with TABLE_ibfk_, and on MySQL a check whose
// name begins with TABLE_chk_, whoever named them.
#include <string.h>
#include <strings.h>

#include "drivers/mysql/dialect/dialect.h"

static void carry_name(Arena *arena, Constraint *constraint, const char *from, const char *to,
                       const char *infix)
{
    const char *name = constraint->head.name, *start = arena_printf(arena, "%s%s", from, infix);
    if (name && strncasecmp(name, start, strlen(start)) == 0)
        constraint->head.name = arena_printf(arena, "%s%s", to, name + strlen(from));
}

void my_carry_rename(Arena *arena, Schema *schema, const Object *renamed, const char *from)
{
    const Table *table =
        renamed->kind == OBJECT_TABLE ? schema_table(schema, renamed->schema, renamed->name) : NULL;
    if (!table)
        return;
    bool checks = !(schema->server.flags & SERVER_MARIADB);
    VEC_EACH (Constraint *, it, &table->constraints) {
        if ((*it)->head.kind == OBJECT_FOREIGN_KEY)
            carry_name(arena, *it, from, renamed->name, "_ibfk_");
        else if (checks && (*it)->head.kind == OBJECT_CHECK)
            carry_name(arena, *it, from, renamed->name, "_chk_");
    }
}
