#include <string.h>

#include "drivers/postgresql/introspect/introspect.h"

enum { SCHEMA_OID, SCHEMA_NAME, SCHEMA_OF_EXTENSION, SCHEMA_COMMENTED };

// Those of extensions come with them; `public` and the default schema are everywhere, and named only for a comment.
void see_schemas(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        const char *name = see_row_must(&rows, SCHEMA_NAME);
        bool everywhere = strcmp(name, in->default_schema) == 0 || strcmp(name, "public") == 0;
        bool commented = strcmp(name, "public") == 0 && see_row_true(&rows, SCHEMA_COMMENTED);
        if (in->only || see_row_true(&rows, SCHEMA_OF_EXTENSION) || (everywhere && !commented) ||
            filter_is_own(in->filter, name))
            continue;
        if (!filter_takes_schema(in->filter, name))
            continue;
        Object *schema = object_new(in->arena, OBJECT_SCHEMA, NULL, NULL, see_row_must(&rows, SCHEMA_NAME));
        see_add(in, CLASS_NAMESPACE, see_row_oid(&rows, SCHEMA_OID), schema);
    }
}

enum { EXTENSION_OID, EXTENSION_NAME, EXTENSION_SCHEMA, EXTENSION_VERSION, EXTENSION_RELOCATABLE };

void see_extensions(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        if (!see_takes(in, NULL, see_row_must(&rows, EXTENSION_NAME)))
            continue;
        Object *extension =
            object_new(in->arena, OBJECT_EXTENSION, NULL, NULL, see_row_must(&rows, EXTENSION_NAME));
        see_option(in, extension, PG_SCHEMA, see_row_schema(&rows, EXTENSION_SCHEMA));
        extension->keeps_schema = !see_row_true(&rows, EXTENSION_RELOCATABLE);
        see_add(in, CLASS_EXTENSION, see_row_oid(&rows, EXTENSION_OID), extension);
    }
}

enum {
    TYPE_OID,
    TYPE_SCHEMA,
    TYPE_NAME,
    TYPE_KIND,
    TYPE_VALUES,
    TYPE_BASE,
    TYPE_NOT_NULL,
    TYPE_DEFAULT,
    TYPE_COLLATION,
    TYPE_RELATION,
    TYPE_ARRAY,
    TYPE_NOT_NULL_NAME,
    TYPE_SUBTYPE,
    TYPE_OPCLASS,
    TYPE_SUBTYPE_COLLATION,
    TYPE_CANONICAL,
    TYPE_SUBTYPE_DIFF,
    TYPE_MULTIRANGE,
};

static Object *read_enum(const Rows *rows, const char *schema, const char *name)
{
    EnumType *type = object_new(rows->in->arena, OBJECT_ENUM, schema, NULL, name);
    type->values = pg_array(rows->in->arena, see_row_raw(rows, TYPE_VALUES));
    return &type->head;
}

static Object *read_domain(const Rows *rows, const char *schema, const char *name)
{
    Introspection *in = rows->in;
    DomainType *type = object_new(in->arena, OBJECT_DOMAIN, schema, NULL, name);
    type->base = see_row_must(rows, TYPE_BASE);
    type->default_sql = see_row_text(rows, TYPE_DEFAULT);
    type->not_null = see_row_true(rows, TYPE_NOT_NULL);
    type->collation = see_collation(in, see_row_text(rows, TYPE_COLLATION));
    const char *not_null = see_row_raw(rows, TYPE_NOT_NULL_NAME);
    if (not_null && strcmp(not_null, pg_object_name(in->arena, name, NULL, "not_null")) != 0)
        see_option(in, &type->head, PG_NOT_NULL_NAME, arena_strdup(in->arena, not_null));
    return &type->head;
}

static void put_setting(StrBuf *out, const char *key, const char *value)
{
    if (value)
        strbuf_printf(out, "%s = %s", key, value);
}

// Range types have no decompiler in the server: the statement is put together from the catalogue.
static Object *read_range(const Rows *rows, const char *schema, const char *name)
{
    static const struct {
        int column;
        const char *key;
    } settings[] = {
        {TYPE_OPCLASS,            ",\n    subtype_opclass"     },
        { TYPE_SUBTYPE_COLLATION, ",\n    collation"           },
        { TYPE_CANONICAL,         ",\n    canonical"           },
        { TYPE_SUBTYPE_DIFF,      ",\n    subtype_diff"        },
        { TYPE_MULTIRANGE,        ",\n    multirange_type_name"},
    };
    Arena *arena = rows->in->arena;
    Object *range = object_new(arena, OBJECT_RANGE, schema, NULL, name);
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_puts(&out, "CREATE TYPE ");
    if (schema)
        strbuf_printf(&out, "%s.", pg_quote_ident(arena, schema));
    strbuf_printf(&out, "%s AS RANGE (\n    subtype = %s", pg_quote_ident(arena, name),
                  see_row_text(rows, TYPE_SUBTYPE));
    for (size_t i = 0; i < COUNT_OF(settings); i++)
        put_setting(&out, settings[i].key, see_row_text(rows, settings[i].column));
    strbuf_puts(&out, "\n)");
    range->definition = out.text;
    return range;
}

void see_types(Rows rows)
{
    Introspection *in = rows.in;
    while (see_rows_next(&rows)) {
        const char *schema = see_row_schema(&rows, TYPE_SCHEMA), *name = see_row_must(&rows, TYPE_NAME);
        unsigned oid = see_row_oid(&rows, TYPE_OID);
        if (!see_takes(in, schema, name))
            continue;
        Object *type;
        switch (see_row_char(&rows, TYPE_KIND)) {
        case 'e': type = read_enum(&rows, schema, name); break;
        case 'd': type = read_domain(&rows, schema, name); break;
        case 'r': type = read_range(&rows, schema, name); break;
        default: type = object_new(in->arena, OBJECT_COMPOSITE, schema, NULL, name); break;
        }
        see_add(in, CLASS_TYPE, oid, type);
        see_remember(in, CLASS_TYPE, see_row_oid(&rows, TYPE_ARRAY), type);
        see_remember(in, CLASS_RELATION, see_row_oid(&rows, TYPE_RELATION), type);
    }
}
