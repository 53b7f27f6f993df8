// What people wrote beside the columns in a CREATE TABLE: no pragma tells it, and a table that is recreated is written
// from the model. So it is taken from the text that SQLite keeps.
#include "drivers/sqlite/ddl/ddl.h"

#include <string.h>

#include "drivers/sqlite/sqlite.h"

// The column that an item defines; "": it is a constraint of the table.
static const char *column_of_item(Arena *arena, const Token *first)
{
    static const char *const words[] = { "CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN" };
    for (size_t i = 0; first->kind == TOKEN_WORD && i < COUNT_OF(words); i++)
        if (token_is(first, words[i]))
            return "";
    return token_name(arena, first);
}

typedef struct Reading {
    Arena *arena;
    DdlCommentList *out;
    size_t depth;
    const char *column,
        *before; // of the item that is read (NULL: its name is still to come), and of the one before
    size_t sure; // of `out`: those after may belong to an expression
    bool
        before_text; // what comes is a CHECK or a generated column's: its text is kept without its parentheses
    bool in_text;    // and this is it
    bool behind_open;  // of its parenthesis
    bool behind_comma; // on the line of the comma: a comment there speaks of the item before
} Reading;

static void read_comment(Reading *r, const Token *token)
{
    // Deeper, it belongs to an expression and stays in its text: between its words, not at its ends
    if (r->depth <= 1 || (r->depth == 2 && r->in_text))
        *VEC_PUSH(r->arena, r->out) = (DdlComment){ r->behind_comma ? r->before : r->column,
                                                    arena_strndup(r->arena, token->text.p, token->text.n) };
    if (r->depth <= 1 || (r->depth == 2 && r->behind_open))
        r->sure = r->out->count;
    r->behind_comma &= token->text.p[0] == '/';
}

// Keeps track of which column the text is at. A comment counts for a column only when the next token shows
// that it was not within an expression.
static void read_token(Reading *r, const Token *token)
{
    if (!r->column) {
        r->column = column_of_item(r->arena, token);
        VEC_EACH (DdlComment, it, r->out)
            it->column = it->column ? it->column : r->column;
    }
    if (r->depth == 2 && token_is(token, ")"))
        r->sure = r->out->count;
    r->out->count = r->sure;
    r->behind_comma = false;
    r->behind_open = token_is(token, "(") && r->depth == 1;
    if (r->depth == 1)
        r->in_text = r->before_text;
    r->before_text = token_is(token, "CHECK") || token_is(token, "AS");
    if (token_is(token, "(")) {
        if (r->depth++ == 0)
            r->column = NULL;
    } else if (token_is(token, ")")) {
        if (r->depth > 0 && --r->depth == 0)
            r->column = "";
    } else if (token_is(token, ",") && r->depth == 1) {
        r->before = r->column;
        r->column = NULL;
        r->behind_comma = true;
    }
}

void ddl_comments(Arena *arena, const char *text, DdlCommentList *out)
{
    *out = (DdlCommentList){ 0 };
    if (!text || (!strstr(text, "--") && !strstr(text, "/*")))
        return;
    Reading r = { .arena = arena, .out = out, .column = "", .before = "" };
    Lexer lexer;
    lex_init(&lexer, (Text){ text, strlen(text) }, SQLITE_LEX, true);
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer)) {
        if (token.kind == TOKEN_SPACE)
            r.behind_comma &= !memchr(token.text.p, '\n', token.text.n);
        else if (token.kind == TOKEN_COMMENT)
            read_comment(&r, &token);
        else
            read_token(&r, &token);
    }
    VEC_EACH (DdlComment, it, out)
        it->column = it->column ? it->column : "";
}
