// Range types: the server gives each a multirange and constructors of the same names, which no other object may take.
#include <string.h>

#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

static void rename_function(const Render *r, const Object *range, const char *name, const char *arguments,
                            const char *new)
{
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ALTER FUNCTION"), QID(range->schema, name));
    strbuf_printf(&text, "(%s)", arguments);
    sql(&text, D, KW("RENAME TO"), ID(new));
    pg_emit(r, &text);
}

// `range` is what the range type itself is called now.
static void rename_multirange(const Render *r, const Object *range, const char *old, const char *new,
                              const char *range_name)
{
    if (r->version < PG_14) // ranges have none there
        return;
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ALTER TYPE"), QID(range->schema, old), KW("RENAME TO"), ID(new));
    pg_emit(r, &text);
    const char *of = pg_qualified(r->arena, range->schema, range_name);
    rename_function(r, range, old, "", new);
    rename_function(r, range, old, of, new);
    rename_function(r, range, old, arena_printf(r->arena, "%s[]", of), new);
}

void pg_render_range_aside(const Render *r, const Object *range)
{
    const char *bound = pg_range_setting(r->arena, range, "subtype");
    const char *old = pg_old_type_name(r->arena, range->name), *multi = pg_multirange_name(r->arena, range);
    if (!bound)
        return;
    NameList parts = { 0 };
    if (pg_type_is_replaced(r->graph, bound) && name_split(r->arena, bound, &parts) && parts.count)
        bound = pg_qualified(r->arena, parts.count > 1 ? parts.items[0] : NULL,
                             pg_old_type_name(r->arena, parts.items[parts.count - 1]));
    rename_function(r, range, range->name, arena_printf(r->arena, "%s, %s", bound, bound), old);
    rename_function(r, range, range->name, arena_printf(r->arena, "%s, %s, text", bound, bound), old);
    rename_multirange(r, range, multi, pg_old_type_name(r->arena, multi), old);
}

void pg_render_alter_range(const Render *r)
{
    const Object *have = r->step->have, *want = r->step->want;
    const char *old = pg_multirange_name(r->arena, have), *new = pg_multirange_name(r->arena, want);
    if (strcmp(old, new) != 0)
        rename_multirange(r, want, old, new, want->name);
    if (r->step->facets & FACET_COMMENT)
        pg_render_comment(r, want);
}
