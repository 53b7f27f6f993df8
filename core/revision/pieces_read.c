// The line `-- cmigrate: batch N by KEY`.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/dialect/lex.h"
#include "core/revision/directive.h"
#include "core/revision/pieces.h"

static const char form[] =
    "Write how many rows a piece has, and the columns of a primary key or unique index: "
    "-- cmigrate: batch 1000 by id";

enum { LONGEST_NUMBER = 9 }; // digits

typedef struct Line {
    Arena *arena;
    Text rest;
    SourcePos at; // of its first byte
    TokenList tokens;
    size_t next;
} Line;

static const Token *peek(const Line *line) { return &line->tokens.items[line->next]; }

static bool refuse(const Line *line, const Token *token, Error *err, const char *what)
{
    SourcePos at = line->at;
    const char *p = token->kind == TOKEN_END ? line->rest.p + line->rest.n : token->text.p;
    at.column += text_characters((Text){ line->rest.p, (size_t)(p - line->rest.p) });
    at.length = token->kind == TOKEN_END ? 1 : text_characters(token->text);
    error_at(err, ERR_SCRIPT, at, "%s", what);
    return error_hint(err, "%s", form);
}

static bool take(Line *line, const char *word)
{
    bool is = token_is(peek(line), word);
    line->next += is;
    return is;
}

static bool read_number(Line *line, ScriptBatch *out, Error *err)
{
    const Token *token = peek(line);
    bool digits = token->kind == TOKEN_NUMBER;
    for (size_t i = 0; digits && i < token->text.n; i++)
        digits = isdigit((unsigned char)token->text.p[i]) != 0;
    if (!digits)
        return refuse(line, token, err, "batch needs the number of rows of a piece");
    out->rows = token->text.n > LONGEST_NUMBER
                    ? 0
                    : strtoul(arena_strndup(line->arena, token->text.p, token->text.n), NULL, 10);
    if (!out->rows)
        return refuse(line, token, err, "a piece of a batch has from 1 to 999999999 rows");
    line->next++;
    return true;
}

static bool is_name(const Token *token) { return token->kind == TOKEN_WORD || token->kind == TOKEN_NAME; }

// A column, or NAME.column: the same name before each.
static bool read_column(Line *line, ScriptBatch *out, Error *err)
{
    const Token *first = peek(line);
    if (!is_name(first))
        return refuse(line, first, err, "batch needs the columns of a key");
    line->next++;
    const char *qualifier = NULL, *name = token_name(line->arena, first);
    if (take(line, ".")) {
        if (!is_name(peek(line)))
            return refuse(line, peek(line), err, "batch needs a column after the dot");
        qualifier = name;
        name = token_name(line->arena, peek(line));
        line->next++;
    }
    if (out->key.count && strcmp(qualifier ? qualifier : "", out->qualifier ? out->qualifier : "") != 0)
        return refuse(line, first, err, "the columns of a batch's key belong to one table");
    if (names_have(&out->key, name))
        return refuse(line, first, err, "a column is named twice in a batch's key");
    out->qualifier = qualifier;
    *VEC_PUSH(line->arena, &out->key) = name;
    return true;
}

// Every part is asked for by itself, so that each error can say what is missing, and point there.
bool batch_read(Arena *arena, Text rest, SourcePos at, unsigned rules, ScriptBatch *out, Error *err)
{
    static const char word[] = "batch ";
    Line line = { .arena = arena, .rest = rest, .at = at };
    line.at.column += (unsigned)sizeof(word) - 1;
    line.tokens = lex_all(arena, rest, rules & ~(unsigned)LEX_DOUBLE_QUOTED_STRINGS);
    *out = (ScriptBatch){ .at = at };
    out->text = arena_printf(arena, "batch %.*s", (int)rest.n, rest.p);
    out->at.length = text_characters((Text){ out->text, strlen(out->text) });
    if (!read_number(&line, out, err))
        return false;
    if (!take(&line, "by"))
        return refuse(&line, peek(&line), err, "batch needs `by` and the columns of a key");
    bool opened = take(&line, "(");
    do
        if (!read_column(&line, out, err))
            return false;
    while (take(&line, ","));
    if (opened && !take(&line, ")"))
        return refuse(&line, peek(&line), err, "the columns of a batch's key are separated by commas");
    return peek(&line)->kind == TOKEN_END ||
           refuse(&line, peek(&line), err, "the columns of a batch's key are separated by commas");
}
