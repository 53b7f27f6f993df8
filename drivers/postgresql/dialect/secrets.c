// Secrets inside texts: the options of servers, wrappers, user mappings and foreign tables, the connection of a subscription. What is read from a server is said
// without them, and they make no difference: a model may state one for what it creates.
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/base/url.h"
#include "drivers/postgresql/dialect/dialect.h"

bool pg_key_is_secret(const char *key)
{
    return (url_key_is_secret(key, strlen(key)) && !strcasestr(key, "required")) ||
           strncasecmp(key, "scram_", 6) == 0;
}

// One `key = value` of a connection text; false at its end.
static bool next_pair(const char **p, Text *pair, const char **key, Arena *arena)
{
    while (isspace((unsigned char)**p))
        ++*p;
    const char *from = *p;
    size_t n = strcspn(from, "= \t\n");
    if (!n)
        return false;
    *key = arena_strndup(arena, from, n);
    *p += n;
    *p += strspn(*p, " \t\n");
    *p += **p == '=';
    *p += strspn(*p, " \t\n");
    const bool quoted = **p == '\'';
    for (*p += quoted; **p && (quoted ? **p != '\'' : !isspace((unsigned char)**p)); ++*p)
        *p += **p == '\\' && (*p)[1];
    *p += quoted && **p;
    *pair = (Text){ from, (size_t)(*p - from) };
    return true;
}

static const char *pairs_without_secrets(Arena *arena, const char *text)
{
    StrBuf out;
    strbuf_init(&out, arena);
    const char *p = text, *key;
    Text pair;
    while (next_pair(&p, &pair, &key, arena)) {
        if (pg_key_is_secret(key))
            continue;
        strbuf_puts(&out, out.length ? " " : "");
        strbuf_put(&out, pair.p, pair.n);
    }
    return out.text;
}

// scheme://user:password@host/db?password=…&…
static const char *url_without_secrets(Arena *arena, const char *text)
{
    StrBuf out;
    strbuf_init(&out, arena);
    const char *authority = strstr(text, "://") + strlen("://"), *end = authority + strcspn(authority, "/?");
    const char *at = NULL;
    for (const char *p = authority; p < end; p++)
        at = *p == '@' ? p : at;
    const char *colon = at ? memchr(authority, ':', (size_t)(at - authority)) : NULL;
    strbuf_put(&out, text, (size_t)((colon ? colon : authority) - text));
    const char *query = strchr(colon ? at : authority, '?');
    const char *rest = colon ? at : authority;
    strbuf_put(&out, rest, query ? (size_t)(query - rest) : strlen(rest));
    bool first = true;
    while (query && query[1]) {
        const char *from = query + 1;
        size_t n = strcspn(from, "&");
        query = from[n] ? from + n : NULL;
        if (pg_key_is_secret(arena_strndup(arena, from, strcspn(from, "=&"))))
            continue;
        strbuf_putc(&out, first ? '?' : '&');
        strbuf_put(&out, from, n);
        first = false;
    }
    return out.text;
}

const char *pg_connection_without_secrets(Arena *arena, const char *text)
{
    bool url = strncmp(text, "postgresql://", 13) == 0 || strncmp(text, "postgres://", 11) == 0;
    return url ? url_without_secrets(arena, text) : pairs_without_secrets(arena, text);
}

// CREATE USER MAPPING, SERVER, FOREIGN DATA WRAPPER … OPTIONS (a 'x', password 'y')
static const char *mapping_without_secrets(Arena *arena, const char *definition, const TokenList *tokens)
{
    size_t i = 0;
    while (i + 1 < tokens->count &&
           !(token_is(&tokens->items[i], "options") && token_is(&tokens->items[i + 1], "(")))
        i++;
    if (i + 1 >= tokens->count)
        return definition;
    StrBuf out, head;
    strbuf_init(&out, arena);
    strbuf_init(&head, arena);
    strbuf_put(&head, definition, (size_t)(tokens->items[i].text.p - definition));
    for (i += 2; i + 1 < tokens->count && !token_is(&tokens->items[i], ")"); i++) {
        const Token *name = &tokens->items[i], *value = name + 1;
        if (token_is(name, ",") || value->kind == TOKEN_END)
            continue;
        i++;
        const char *key = token_name(arena, name);
        if (!pg_key_is_secret(key)) // reserved words may stand there without quotes
            strbuf_printf(&out, "%s%s %.*s", out.length ? ", " : "", pg_quote_ident(arena, key),
                          (int)value->text.n, value->text.p);
    }
    while (head.length && isspace((unsigned char)head.text[head.length - 1]))
        head.text[--head.length] = '\0';
    return out.length ? arena_printf(arena, "%s OPTIONS (%s)", head.text, out.text) : head.text;
}

static const char *subscription_without_secrets(Arena *arena, const char *definition, const TokenList *tokens)
{
    for (size_t i = 0; i + 1 < tokens->count; i++) {
        const Token *text = &tokens->items[i + 1];
        if (!token_is(&tokens->items[i], "connection") || text->kind != TOKEN_STRING)
            continue;
        const char *connection = token_name(arena, text);
        const char *bare = pg_connection_without_secrets(arena, connection);
        if (strcmp(bare, connection) == 0)
            return definition;
        StrBuf out;
        strbuf_init(&out, arena);
        strbuf_put(&out, definition, (size_t)(text->text.p - definition));
        pg_put_literal(&out, bare);
        strbuf_puts(&out, text->text.p + text->text.n);
        return out.text;
    }
    return definition;
}

const char *pg_without_secrets(Arena *arena, const char *definition)
{
    TokenList tokens = lex_all(arena, (Text){ definition, strlen(definition) }, LEX_POSTGRESQL);
    if (tokens.count < 3 || !token_is(&tokens.items[0], "create"))
        return definition;
    if (token_is(&tokens.items[1], "user") && token_is(&tokens.items[2], "mapping"))
        return mapping_without_secrets(arena, definition, &tokens);
    if (token_is(&tokens.items[1], "server") || token_is(&tokens.items[1], "foreign"))
        return mapping_without_secrets(arena, definition, &tokens);
    if (token_is(&tokens.items[1], "subscription"))
        return subscription_without_secrets(arena, definition, &tokens);
    return definition;
}
