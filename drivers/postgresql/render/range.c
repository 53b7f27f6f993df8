// Range types: the server gives each a multirange and constructors of the same names, which no other object may take.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

static const Dialect *const D = &postgresql_dialect;

// The value of a setting of CREATE TYPE … AS RANGE (…); NULL: none.
static const char *setting_of(Arena *arena, const Object *range, const char *key)
{
    const char *text = range->definition ? range->definition : "";
    TokenList tokens = lex_all(arena, (Text){ text, strlen(text) }, LEX_POSTGRESQL);
    size_t at = 0;
    while (at + 2 < tokens.count &&
           !(token_is(&tokens.items[at], key) && token_is(&tokens.items[at + 1], "=")))
        at++;
    if (at + 2 >= tokens.count)
        return NULL;
    const char *from = tokens.items[at + 2].text.p, *to = from;
    int depth = 0;
    for (size_t i = at + 2; i < tokens.count; i++) {
        const Token *token = &tokens.items[i];
        if (depth == 0 && (token_is(token, ",") || token_is(token, ")")))
            break;
        depth += token_is(token, "(") ? 1 : token_is(token, ")") ? -1 : 0;
        to = token->text.p + token->text.n;
    }
    return arena_strndup(arena, from, (size_t)(to - from));
}

// As the server names it where nobody does.
const char *pg_multirange_name(Arena *arena, const Object *range)
{
    const char *given = setting_of(arena, range, "multirange_type_name"), *at = strstr(range->name, "range");
    NameList parts = { 0 };
    if (given && name_split(arena, given, &parts) && parts.count)
        return parts.items[parts.count - 1];
    if (at)
        return pg_name_clip(arena,
                            arena_printf(arena, "%.*smulti%s", (int)(at - range->name), range->name, at));
    return pg_object_name(arena, range->name, NULL, "multirange");
}

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
    const char *bound = setting_of(r->arena, range, "subtype");
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

static size_t before_multirange(const char *definition)
{
    const char *at = strstr(definition, ",\n    multirange_type_name");
    return at ? (size_t)(at - definition) : strcspn(definition, "\n") + strlen(definition);
}

bool pg_range_keeps_values(const Object *have, const Object *want)
{
    size_t n = before_multirange(have->definition), m = before_multirange(want->definition);
    return n == m && strncmp(have->definition, want->definition, n) == 0;
}
