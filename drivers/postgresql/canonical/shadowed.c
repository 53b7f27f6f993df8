// Which names of the default schema find something of the server's own where they are written alone? pg_catalog is
// searched before all other schemas, so DROP FUNCTION unnest(anyarray) does not mean the user's function.
#include <string.h>

#include "drivers/postgresql/canonical/canonical.h"

// By name alone: a schema that is written without need does no harm.
static const char names_of_the_server[] =
    "SELECT n.name FROM (SELECT proname AS name, pronamespace AS place FROM pg_catalog.pg_proc"
    " UNION ALL SELECT typname, typnamespace FROM pg_catalog.pg_type"
    " UNION ALL SELECT relname, relnamespace FROM pg_catalog.pg_class"
    " UNION ALL SELECT collname, collnamespace FROM pg_catalog.pg_collation"
    " UNION ALL SELECT oprname, oprnamespace FROM pg_catalog.pg_operator"
    " UNION ALL SELECT cfgname, cfgnamespace FROM pg_catalog.pg_ts_config"
    " UNION ALL SELECT dictname, dictnamespace FROM pg_catalog.pg_ts_dict"
    " UNION ALL SELECT prsname, prsnamespace FROM pg_catalog.pg_ts_parser"
    " UNION ALL SELECT tmplname, tmplnamespace FROM pg_catalog.pg_ts_template) n"
    " WHERE n.place OPERATOR(pg_catalog.=) 11 AND n.name OPERATOR(pg_catalog.=) ANY (ARRAY[";

static bool can_be_shadowed(const Object *object)
{
    switch ((int)object->kind) {
    case OBJECT_COLLATION:
    case OBJECT_ENUM:
    case OBJECT_DOMAIN:
    case OBJECT_COMPOSITE:
    case OBJECT_RANGE:
    case OBJECT_SEQUENCE:
    case OBJECT_VIEW:
    case OBJECT_FUNCTION:
    case OBJECT_PROCEDURE:
    case OBJECT_AGGREGATE:
    case OBJECT_OPERATOR:
    case OBJECT_TEXT_SEARCH_PARSER:
    case OBJECT_TEXT_SEARCH_TEMPLATE:
    case OBJECT_TEXT_SEARCH_DICTIONARY:
    case OBJECT_TEXT_SEARCH_CONFIGURATION: return !object->schema;
    default: return false;
    }
}

static const char *plain_name(Arena *arena, const Object *object)
{
    const char *arguments;
    return object_kind_has_arguments(object->kind) ? pg_routine_split(arena, object->name, &arguments)
                                                   : object->name;
}

static bool take_name(void *payload, const Row *row, Error *err)
{
    (void)err;
    StrBuf *list = payload;
    name_add(list, NULL, row_value(row, 0));
    return true;
}

static void put_names(StrBuf *sql, const Schema *schema)
{
    VEC_EACH (Object *, it, &schema->objects)
        if (can_be_shadowed(*it)) {
            strbuf_puts(sql, sql->length ? ", " : "");
            postgresql_dialect.put_literal(sql, plain_name(sql->arena, *it));
        }
}

static void mark(Arena *arena, const Schema *schema, const char *shadowed, const char *place)
{
    VEC_EACH (Object *, it, &schema->objects)
        if (can_be_shadowed(*it) && name_listed(arena, shadowed, plain_name(arena, *it)))
            (*it)->written_schema = place;
}

bool canonical_shadowed(PgDb *pg, Arena *arena, const Schema *have, const Schema *want, Error *err)
{
    StrBuf names, found;
    strbuf_init(&names, arena);
    strbuf_init(&found, arena);
    put_names(&names, have);
    put_names(&names, want);
    if (!names.length)
        return true;
    const char *query = arena_printf(arena, "%s%s]::pg_catalog.name[])", names_of_the_server, names.text);
    if (!pg_query(&pg->db, query, take_name, &found, err))
        return false;
    if (!found.length)
        return true;
    mark(arena, have, found.text, pg->db.server.default_schema);
    mark(arena, want, found.text, pg->db.server.default_schema);
    return true;
}
