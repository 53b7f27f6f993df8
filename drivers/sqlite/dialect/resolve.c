// What SQLite makes of a model that was written for every engine: what it has no word for is left out, and said where
// that changes what the database does.
#include <string.h>
#include <strings.h>

#include "drivers/sqlite/ddl/ddl.h"
#include "drivers/sqlite/sqlite.h"

// The type that a STRICT table knows for any other: the one with its affinity.
static const char *strict_type(const char *type)
{
    static const char *const known[] = { "INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY" };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcasecmp(type, known[i]) == 0)
            return type;
    const char *affinity = sqlite_affinity(type);
    if (strcmp(affinity, "NUMERIC") != 0)
        return affinity;
    if (sqlite_text_holds(type, "BOOL"))
        return "INTEGER";
    return sqlite_text_holds(type, "NUM") || sqlite_text_holds(type, "DEC") ? "REAL" : "TEXT";
}

static void left_out(Arena *arena, Schema *schema, const Object *object, const char *what)
{
    Warning *warning = VEC_PUSH(arena, &schema->warnings);
    warning->at = object->at;
    warning->text =
        arena_printf(arena, "%s '%s' of table '%s': SQLite has no %s, so it is left out",
                     object_kinds[object->kind].word, object->name ? object->name : "", object->table, what);
}

// An identity column counts up, and in SQLite only INTEGER PRIMARY KEY does.
static void resolve_identity(const Table *table, Column *column)
{
    if (column->identity == IDENTITY_NONE)
        return;
    const Constraint *key = table_primary_key(table);
    if (key && key->parts.count == 1 && parts_have_column(&key->parts, column->head.name))
        column->type = "INTEGER";
    column->identity = IDENTITY_NONE;
    column->identity_options = NULL;
}

static void resolve_constraint(Arena *arena, Schema *schema, Constraint *constraint)
{
    constraint->method = NULL;
    constraint->include.count = 0;
    if (constraint->head.kind == OBJECT_FOREIGN_KEY)
        return;
    if (constraint->deferral != NOT_DEFERRABLE)
        left_out(arena, schema, &constraint->head, "deferrable keys but foreign ones");
    constraint->deferral = NOT_DEFERRABLE;
    if (constraint->nulls_not_distinct)
        left_out(arena, schema, &constraint->head, "NULLS NOT DISTINCT");
    constraint->nulls_not_distinct = false;
}

static void resolve_index(Arena *arena, Schema *schema, Index *index)
{
    index->method = NULL;
    index->include.count = 0; // a covering column only spares a look at the row
    if (index->nulls_not_distinct)
        left_out(arena, schema, &index->head, "NULLS NOT DISTINCT");
    index->nulls_not_distinct = false;
    VEC_EACH (Part, part, &index->parts) {
        part->opclass = NULL;
        part->nulls_first = UNSET;
        part->length = 0;
    }
}

bool sqlite_resolve(Arena *arena, Schema *schema, Error *err)
{
    VEC_EACH (Object *, it, &schema->objects)
        if ((*it)->kind == OBJECT_TRIGGER && (*it)->definition && !ddl_settle_trigger(arena, *it, err))
            return false;
    VEC_EACH (Table *, it, &schema->tables) {
        Table *table = *it;
        if (table->is_virtual && !ddl_settle_virtual(arena, table, err))
            return false;
        VEC_EACH (Column *, column, &table->columns) {
            resolve_identity(table, *column);
            if (option_is(&table->head.options, "strict"))
                (*column)->type = strict_type((*column)->type);
        }
        VEC_EACH (Constraint *, constraint, &table->constraints)
            resolve_constraint(arena, schema, *constraint);
        VEC_EACH (Index *, index, &table->indexes)
            resolve_index(arena, schema, *index);
    }
    return true;
}
