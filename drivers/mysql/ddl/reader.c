#include "drivers/mysql/ddl/reader.h"

#include <ctype.h>
#include <string.h>

static size_t skip_quoted(const char *p, size_t i)
{
    char quote = p[i];
    for (i++; p[i]; i++) {
        if (p[i] == '\\' && quote != '`' && p[i + 1])
            i++;
        else if (p[i] == quote && p[i + 1] == quote)
            i++;
        else if (p[i] == quote)
            return i;
    }
    return i - 1;
}

char *ddl_plain(Arena *arena, const char *text)
{
    char *out = arena_strdup(arena, text);
    bool inside = false;
    for (size_t i = 0; out[i]; i++) {
        if (strchr("'\"`", out[i])) {
            i = skip_quoted(out, i);
        } else if (strncmp(out + i, "/*!", 3) == 0 || strncmp(out + i, "/*M!", 4) == 0) {
            for (out[i++] = ' '; out[i] && strchr("*M!", out[i]); i++)
                out[i] = ' ';
            while (isdigit((unsigned char)out[i]))
                out[i++] = ' ';
            i--;
            inside = true;
        } else if (inside && out[i] == '*' && out[i + 1] == '/') {
            out[i] = out[i + 1] = ' ';
            inside = false;
        }
    }
    return out;
}

const char *ddl_without_database(Arena *arena, const char *text, const char *database)
{
    StrBuf qualifier, out;
    strbuf_init(&qualifier, arena);
    my_put_identifier(&qualifier, database);
    strbuf_putc(&qualifier, '.');
    if (!strstr(text, qualifier.text))
        return text;
    strbuf_init(&out, arena);
    for (size_t i = 0; text[i];) {
        size_t n = 1;
        if (strncmp(text + i, qualifier.text, qualifier.length) == 0 && (i == 0 || text[i - 1] != '.')) {
            i += qualifier.length;
            continue;
        }
        if (strchr("'\"`", text[i]))
            n = skip_quoted(text, i) - i + 1;
        strbuf_put(&out, text + i, n);
        i += n;
    }
    return out.text;
}

void reader_open(Reader *r, Arena *arena, const DdlServer *server, const char *plain)
{
    *r = (Reader){ .arena = arena, .server = server };
    r->tokens = lex_all(arena, (Text){ plain, strlen(plain) }, mysql_dialect.lex);
}

const Token *reader_peek(const Reader *r, size_t ahead)
{
    size_t i = r->at + ahead;
    return &r->tokens.items[i < r->tokens.count ? i : r->tokens.count - 1];
}

bool reader_done(const Reader *r) { return reader_peek(r, 0)->kind == TOKEN_END; }

bool reader_is(const Reader *r, const char *word) { return token_is(reader_peek(r, 0), word); }

bool reader_take(Reader *r, const char *word)
{
    if (!reader_is(r, word))
        return false;
    r->at++;
    return true;
}

bool reader_take_two(Reader *r, const char *a, const char *b)
{
    if (!reader_is(r, a) || !token_is(reader_peek(r, 1), b))
        return false;
    r->at += 2;
    return true;
}

const char *reader_name(Reader *r)
{
    const Token *token = reader_peek(r, 0);
    if (token->kind != TOKEN_END)
        r->at++;
    return token_name(r->arena, token);
}

const char *reader_string(Reader *r)
{
    const Token *token = reader_peek(r, 0);
    if (token->kind != TOKEN_END)
        r->at++;
    return my_string_value(r->arena, token);
}

const char *reader_value(Reader *r)
{
    return reader_peek(r, 0)->kind == TOKEN_STRING ? reader_string(r) : reader_name(r);
}

const char *reader_slice(const Reader *r, size_t first, size_t last)
{
    if (last <= first)
        return "";
    const char *from = r->tokens.items[first].text.p;
    Text end = r->tokens.items[last - 1].text;
    return arena_strndup(r->arena, from, (size_t)(end.p + end.n - from));
}

void reader_skip_group(Reader *r)
{
    size_t depth = 0;
    do {
        if (reader_is(r, "("))
            depth++;
        else if (reader_is(r, ")"))
            depth--;
        if (reader_done(r))
            return;
        r->at++;
    } while (depth > 0);
}

const char *reader_parenthesised(Reader *r)
{
    size_t first = r->at + 1;
    reader_skip_group(r);
    return reader_slice(r, first, r->at - 1);
}
