// `a IN ('x', 'y')` over a varchar. The server prints it as
//     (a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[])
// but reads that text as something else: a cast after ARRAY[] is one of each element, so that it prints
//     (a)::text = ANY (ARRAY[('x'::character varying)::text, ('y'::character varying)::text])
// from then on (parse_expr.c, transformTypeCast). What it reads as the first one is
//     (a)::text = ANY (ARRAY['x'::character varying, 'y'::character varying])
#include <string.h>

#include "drivers/postgresql/dialect/dialect.h"

typedef struct Cut {
    Arena *arena;
    const Token *t; // what comes next
    VEC(Text) away; // of the text, in their order
} Cut;

static void cut(Cut *c, const Token *first, const Token *last)
{
    *VEC_PUSH(c->arena, &c->away) =
        (Text){ first->text.p, (size_t)(last->text.p + last->text.n - first->text.p) };
}

static bool take(Cut *c, const char *word)
{
    if (!token_is(c->t, word))
        return false;
    c->t++;
    return true;
}

static bool take_string(Cut *c)
{
    if (c->t->kind != TOKEN_STRING)
        return false;
    c->t++;
    return take(c, "::") && take(c, "character") && take(c, "varying");
}

// 'x'::character varying, or with a cast of its own: ('x'::character varying)::text
static bool take_element(Cut *c, bool cast)
{
    const Token *open = c->t;
    if (!cast)
        return take_string(c);
    if (!take(c, "(") || !take_string(c))
        return false;
    const Token *close = c->t;
    if (!take(c, ")") || !take(c, "::") || !take(c, "text"))
        return false;
    cut(c, open, open);
    cut(c, close, c->t - 1);
    return true;
}

static bool take_array(Cut *c, bool elements_are_cast)
{
    if (!take(c, "array") || !take(c, "["))
        return false;
    do
        if (!take_element(c, elements_are_cast))
            return false;
    while (take(c, ","));
    return take(c, "]");
}

// What follows ANY or ALL, where that is one of the two forms.
static bool take_form(Cut *c, bool elements_are_cast)
{
    if (!take(c, "("))
        return false;
    if (elements_are_cast)
        return take_array(c, true) && token_is(c->t, ")");
    const Token *open = c->t;
    bool enclosed = take(c, "(");
    if (enclosed)
        cut(c, open, open);
    if (!take_array(c, false))
        return false;
    const Token *close = c->t;
    if ((enclosed && !take(c, ")")) || !take(c, "::") || !take(c, "text") || !take(c, "[") || !take(c, "]"))
        return false;
    cut(c, close, c->t - 1);
    return token_is(c->t, ")");
}

// Nothing is cut where it is not the form.
static bool take_behind(Cut *c, const Token *any, bool elements_are_cast)
{
    size_t before = c->away.count;
    c->t = any + 1;
    if (take_form(c, elements_are_cast))
        return true;
    c->away.count = before;
    return false;
}

const char *pg_in_list(Arena *arena, const char *text, bool both)
{
    if (!strstr(text, "::character varying"))
        return text;
    TokenList tokens = lex_all(arena, (Text){ text, strlen(text) }, LEX_POSTGRESQL);
    Cut c = { .arena = arena };
    for (size_t i = 0; i < tokens.count; i++) {
        const Token *t = &tokens.items[i];
        if (!token_is(t, "any") && !token_is(t, "all"))
            continue;
        if (!take_behind(&c, t, false) && both)
            (void)take_behind(&c, t, true);
    }
    if (!c.away.count)
        return text;
    StrBuf out;
    strbuf_init(&out, arena);
    const char *from = text;
    VEC_EACH (const Text, away, &c.away) {
        strbuf_put(&out, from, (size_t)(away->p - from));
        from = away->p + away->n;
    }
    strbuf_puts(&out, from);
    return out.text;
}
