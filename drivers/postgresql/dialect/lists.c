// Statements with lists that have no order, in one form. Of CREATE PUBLICATION the server lists each table by itself, with ONLY;
// of CREATE STATISTICS it lists the columns as they appear in the table, which is not the model's order when one came later.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "drivers/postgresql/dialect/dialect.h"

typedef struct Publication {
    Arena *arena;
    const Token *t; // what comes next
    NameList items;
} Publication;

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *joined(Arena *arena, NameList *names)
{
    StrBuf out;
    strbuf_init(&out, arena);
    if (names->count)
        qsort(names->items, names->count, sizeof(*names->items), by_text);
    VEC_EACH (const char *, name, names)
        strbuf_printf(&out, "%s%s", out.length ? ", " : "", *name);
    return out.text;
}

static bool is_name(const Token *t) { return t->kind == TOKEN_WORD || t->kind == TOKEN_NAME; }

// As it is written, in one line; the schema `public` goes without saying, as where the server names its tables.
static bool take_name(Publication *p, StrBuf *out)
{
    if (token_is(p->t, "public") && token_is(&p->t[1], "."))
        p->t += 2;
    if (!is_name(p->t))
        return false;
    strbuf_printf(out, "%.*s", (int)p->t->text.n, p->t->text.p);
    p->t++;
    if (!token_is(p->t, "."))
        return true;
    strbuf_printf(out, ".%.*s", (int)p->t[1].text.n, p->t[1].text.p);
    p->t += 2;
    return is_name(&p->t[-1]);
}

static bool take_columns(Publication *p, StrBuf *out)
{
    NameList names = { 0 };
    for (p->t++; is_name(p->t); p->t++) {
        *VEC_PUSH(p->arena, &names) = arena_strndup(p->arena, p->t->text.p, p->t->text.n);
        if (!token_is(&p->t[1], ","))
            break;
        p->t++;
    }
    if (!is_name(p->t) || !token_is(&p->t[1], ")"))
        return false;
    p->t += 2;
    strbuf_printf(out, " (%s)", joined(p->arena, &names));
    return true;
}

static bool take_condition(Publication *p, StrBuf *out)
{
    size_t depth = 0;
    strbuf_puts(out, " WHERE");
    for (p->t++; p->t->kind != TOKEN_END; p->t++) {
        strbuf_printf(out, " %.*s", (int)p->t->text.n, p->t->text.p);
        depth += token_is(p->t, "(");
        if (token_is(p->t, ")") && --depth == 0) {
            p->t++;
            return true;
        }
        if (!depth)
            return false;
    }
    return false;
}

static bool take_table(Publication *p)
{
    StrBuf out;
    strbuf_init(&out, p->arena);
    strbuf_puts(&out, "TABLE ");
    if (token_is(p->t, "only"))
        p->t++;
    if (!take_name(p, &out))
        return false;
    if (token_is(p->t, "*"))
        p->t++;
    if (token_is(p->t, "(") && !take_columns(p, &out))
        return false;
    if (token_is(p->t, "where") && !take_condition(p, &out))
        return false;
    *VEC_PUSH(p->arena, &p->items) = out.text;
    return true;
}

static bool take_schema(Publication *p)
{
    StrBuf out;
    strbuf_init(&out, p->arena);
    strbuf_puts(&out, "TABLES IN SCHEMA ");
    if (!is_name(p->t))
        return false;
    strbuf_printf(&out, "%.*s", (int)p->t->text.n, p->t->text.p);
    p->t++;
    *VEC_PUSH(p->arena, &p->items) = out.text;
    return true;
}

// A kind holds for what follows it, until the next one.
static bool take_items(Publication *p)
{
    bool schemas = false;
    for (;;) {
        if (token_is(p->t, "tables") && token_is(&p->t[1], "in") && token_is(&p->t[2], "schema")) {
            schemas = true;
            p->t += 3;
        } else if (token_is(p->t, "table")) {
            schemas = false;
            p->t++;
        }
        if (!(schemas ? take_schema(p) : take_table(p)))
            return false;
        if (!token_is(p->t, ","))
            return p->t->kind == TOKEN_END || token_is(p->t, "with") || token_is(p->t, ";");
        p->t++;
    }
}

static const char *publication(Arena *arena, const char *definition, const TokenList *tokens)
{
    const Token *t = tokens->items;
    if (!token_is(&t[3], "for") || token_is(&t[4], "all"))
        return definition;
    Publication p = { .arena = arena, .t = &t[4] };
    if (!take_items(&p))
        return definition;
    const char *rest = p.t->kind == TOKEN_END ? "" : p.t->text.p;
    return arena_printf(arena, "CREATE PUBLICATION %.*s FOR %s %s", (int)t[2].text.n, t[2].text.p,
                        joined(arena, &p.items), rest);
}

// What stands between ON and FROM.
static const char *statistics(Arena *arena, const char *definition, const TokenList *tokens)
{
    const Token *t = tokens->items, *on = t;
    while (on->kind != TOKEN_END && !token_is(on, "on"))
        on++;
    if (on->kind == TOKEN_END)
        return definition;
    NameList items = { 0 };
    StrBuf item;
    strbuf_init(&item, arena);
    size_t depth = 0;
    for (t = on + 1; t->kind != TOKEN_END && (depth || !token_is(t, "from")); t++) {
        if (!depth && token_is(t, ",")) {
            *VEC_PUSH(arena, &items) = arena_strdup(arena, item.text);
            strbuf_clear(&item);
            continue;
        }
        depth += token_is(t, "(");
        depth -= depth && token_is(t, ")");
        strbuf_printf(&item, " %.*s", (int)t->text.n, t->text.p);
    }
    if (t->kind == TOKEN_END)
        return definition;
    *VEC_PUSH(arena, &items) = item.text;
    return arena_printf(arena, "%.*s ON %s %s", (int)(on->text.p - definition), definition,
                        joined(arena, &items), t->text.p);
}

const char *pg_in_any_order(Arena *arena, const char *definition)
{
    TokenList tokens = lex_all(arena, (Text){ definition, strlen(definition) }, LEX_POSTGRESQL);
    if (tokens.count < 6 || !token_is(&tokens.items[0], "create"))
        return definition;
    if (token_is(&tokens.items[1], "publication"))
        return publication(arena, definition, &tokens);
    return token_is(&tokens.items[1], "statistics") ? statistics(arena, definition, &tokens) : definition;
}

NameList pg_array(Arena *arena, const char *text)
{
    NameList items = { 0 };
    if (!text || *text++ != '{')
        return items;
    while (*text && *text != '}') {
        StrBuf item;
        strbuf_init(&item, arena);
        bool quoted = *text == '"';
        text += quoted;
        while (*text && (quoted ? *text != '"' : *text != ',' && *text != '}')) {
            if (*text == '\\' && text[1])
                text++;
            strbuf_putc(&item, *text++);
        }
        text += quoted && *text;
        if (*text == ',')
            text++;
        *VEC_PUSH(arena, &items) = item.text;
    }
    return items;
}
