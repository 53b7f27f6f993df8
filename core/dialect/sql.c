#include "core/dialect/sql.h"

#include <string.h>

#include "core/dialect/lex.h"

static void glue(StrBuf *out, const SqlPart *part)
{
    if (out->length == 0)
        return;
    char last = out->text[out->length - 1];
    if (last == ' ' || last == '(' || last == '\n' || last == '.')
        return;
    if (part->kind == SQL_KEYWORD && part->text[0] && strchr(",;).\n ", part->text[0]))
        return;
    strbuf_putc(out, ' ');
}

// A word, a number with its sign, or a text that stands in quotes.
static bool is_word(const Dialect *dialect, const char *text)
{
    Lexer lexer;
    lex_init(&lexer, (Text){ text, strlen(text) }, dialect->lex, true);
    Token token = lex_next(&lexer);
    if (token_is(&token, "-"))
        token = lex_next(&lexer);
    return (token.kind == TOKEN_WORD || token.kind == TOKEN_NUMBER || token.kind == TOKEN_STRING) &&
           lex_next(&lexer).kind == TOKEN_END;
}

static void put_word(StrBuf *out, const Dialect *dialect, const char *text)
{
    if (is_word(dialect, text))
        strbuf_puts(out, text);
    else
        dialect->put_identifier(out, text);
}

void sql_parts(StrBuf *out, const Dialect *dialect, const SqlPart *parts)
{
    for (const SqlPart *part = parts; part->kind != SQL_END; part++) {
        if (part->kind == SQL_TYPE && part->text[0] == '\0')
            continue;
        glue(out, part);
        switch (part->kind) {
        case SQL_END: break;
        case SQL_KEYWORD:
        case SQL_TYPE:
        case SQL_EXPRESSION: strbuf_puts(out, part->text); break;
        case SQL_IDENTIFIER: dialect->put_identifier(out, part->text); break;
        case SQL_QUALIFIED:
            if (part->schema) {
                dialect->put_identifier(out, part->schema);
                strbuf_putc(out, '.');
            }
            dialect->put_identifier(out, part->text);
            break;
        case SQL_LITERAL: dialect->put_literal(out, part->text); break;
        case SQL_WORD: put_word(out, dialect, part->text); break;
        }
    }
}

void sql_names(StrBuf *out, const Dialect *dialect, const NameList *names)
{
    for (size_t i = 0; i < names->count; i++) {
        if (i)
            strbuf_puts(out, ", ");
        dialect->put_identifier(out, names->items[i]);
    }
}

static bool is_plain(const char *name)
{
    if (!((name[0] >= 'a' && name[0] <= 'z') || name[0] == '_'))
        return false;
    for (const char *c = name; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_'))
            return false;
    return true;
}

const char *sql_renamed(Arena *arena, const Dialect *dialect, const char *text, const char *from,
                        const char *to)
{
    if (!text || !strcasestr(text, from))
        return text;
    StrBuf out;
    strbuf_init(&out, arena);
    Lexer lexer;
    lex_init(&lexer, (Text){ text, strlen(text) }, dialect->lex, true);
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer)) {
        if (!token_named(&token, from))
            strbuf_put(&out, token.text.p, token.text.n);
        else if (token.kind == TOKEN_WORD && is_plain(to) &&
                 !(dialect->is_reserved && dialect->is_reserved(to)))
            strbuf_puts(&out, to);
        else
            dialect->put_identifier(&out, to);
    }
    return out.text;
}
