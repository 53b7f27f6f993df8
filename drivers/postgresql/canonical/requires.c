// Which extensions require others. No model says it: the server's control files do, also of those that are not installed.
#include <string.h>

#include "drivers/postgresql/canonical/canonical.h"

// Of the version that is asked for, or the usual one: what each of the model's requires, and whether that is installed.
static const char required[] =
    "SELECT e.name, r.name, EXISTS (SELECT FROM pg_catalog.pg_extension x WHERE x.extname "
    "OPERATOR(pg_catalog.=) r.name)"
    " FROM (VALUES %s) e (name, version)"
    " JOIN pg_catalog.pg_available_extensions() a ON a.name OPERATOR(pg_catalog.=) e.name::pg_catalog.name"
    " JOIN pg_catalog.pg_available_extension_versions() v ON v.name OPERATOR(pg_catalog.=) a.name"
    " AND v.version OPERATOR(pg_catalog.=) coalesce(e.version, a.default_version),"
    " pg_catalog.unnest(v.requires) r (name)";

typedef struct Requirements {
    Arena *arena;
    const Schema *have, *want;
} Requirements;

static Object *extension_of(const Schema *schema, const char *name)
{
    return schema_object(schema, OBJECT_EXTENSION, NULL, NULL, name);
}

// An extension that the project does not manage, but the database has, serves; one that is dropped, or nowhere, does not.
static bool take_requirement(void *payload, const Row *row, Error *err)
{
    const Requirements *all = payload;
    Object *extension = extension_of(all->want, row_value(row, 0));
    const char *name = row_value(row, 1);
    Object *on = extension_of(all->want, name);
    if (on) {
        *VEC_PUSH(all->arena, &extension->depends_on) = on;
        return true;
    }
    bool goes = extension_of(all->have, name);
    if (!goes && strcmp(row_value(row, 2), "t") == 0)
        return true;
    error_at(err, ERR_SCHEMA, extension->at,
             "extension '%s' requires extension '%s', which the model does not have", extension->name, name);
    return error_hint(err, "Add %s to extensions: of the model, too.", name);
}

static bool changes_extensions(const ChangeList *changes)
{
    VEC_EACH (const Change, change, changes)
        if ((change->want ? change->want : change->have)->kind == OBJECT_EXTENSION)
            return true;
    return false;
}

bool canonical_requires(PgDb *pg, Arena *arena, const Schema *have, const Schema *want,
                        const ChangeList *changes, Error *err)
{
    if (!changes_extensions(changes))
        return true;
    StrBuf list;
    strbuf_init(&list, arena);
    VEC_EACH (Object *, it, &want->objects) {
        if ((*it)->kind != OBJECT_EXTENSION)
            continue;
        const char *version = option_get(&(*it)->options, PG_VERSION);
        strbuf_puts(&list, list.length ? ", (" : "(");
        postgresql_dialect.put_literal(&list, (*it)->name);
        strbuf_puts(&list, "::text, ");
        if (version)
            postgresql_dialect.put_literal(&list, version);
        else
            strbuf_puts(&list, "NULL");
        strbuf_puts(&list, "::text)");
    }
    if (!list.length)
        return true;
    Requirements all = { arena, have, want };
    return pg_query(&pg->db, arena_printf(arena, required, list.text), take_requirement, &all, err);
}
