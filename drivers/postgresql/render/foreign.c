// Foreign data: wrappers, servers and user mappings are kept as their CREATE statements, and altered by what differs.
#include <string.h>

#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

// OPTIONS (a 'x', b 'y') as settings.
static const char *options_of(Arena *arena, const char *definition)
{
    TokenList tokens = lex_all(arena, (Text){ definition, strlen(definition) }, D->lex);
    StrBuf out;
    strbuf_init(&out, arena);
    size_t i = 0;
    while (i + 1 < tokens.count &&
           !(token_is(&tokens.items[i], "options") && token_is(&tokens.items[i + 1], "(")))
        i++;
    for (i += 2; i + 1 < tokens.count && !token_is(&tokens.items[i], ")"); i += 2) {
        if (token_is(&tokens.items[i], ","))
            i++;
        const Token *value = &tokens.items[i + 1];
        strbuf_printf(&out, "%s%s=%.*s", out.length ? ", " : "", token_name(arena, &tokens.items[i]),
                      (int)value->text.n, value->text.p);
    }
    return out.length ? out.text : NULL;
}

static void put_clause(StrBuf *out, Arena *arena, const char *have, const char *want, const char *word,
                       const char *shout)
{
    const char *old = pg_clause_of(arena, have, word), *new = pg_clause_of(arena, want, word);
    if (same_text(old, new))
        return;
    if (new)
        strbuf_printf(out, " %s %s", shout, new);
    else
        strbuf_printf(out, strcmp(word, "version") == 0 ? " %s NULL" : " NO %s", shout);
}

void pg_render_alter_foreign(const Render *r)
{
    const Object *have = r->step->have, *want = r->step->want;
    StrBuf text = pg_begin(r);
    strbuf_puts(&text, "ALTER ");
    pg_put_target(&text, want);
    size_t head = text.length;
    if (want->kind == OBJECT_SERVER)
        put_clause(&text, r->arena, have->definition, want->definition, "version", "VERSION");
    if (want->kind == OBJECT_FOREIGN_DATA_WRAPPER) {
        put_clause(&text, r->arena, have->definition, want->definition, "handler", "HANDLER");
        put_clause(&text, r->arena, have->definition, want->definition, "validator", "VALIDATOR");
    }
    // what is secret is not read from the server, so it is not changed either
    const char *old = options_of(r->arena, pg_without_secrets(r->arena, have->definition)),
               *new = options_of(r->arena, pg_without_secrets(r->arena, want->definition));
    if (!same_text(old, new))
        pg_put_fdw_changes(&text, old, new);
    if (text.length > head)
        pg_emit(r, &text);
}
