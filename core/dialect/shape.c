#include "core/dialect/shape.h"

#include <string.h>

#include "core/dialect/lex.h"

static Lexer lexer_of(const Dialect *dialect, const char *text)
{
    Lexer lexer;
    lex_init(&lexer, (Text){ text, strlen(text) }, dialect->lex, true);
    return lexer;
}

// The next that is no space; comments come, for they are refused everywhere.
static Token next(Lexer *lexer)
{
    Token token;
    do
        token = lex_next(lexer);
    while (token.kind == TOKEN_SPACE);
    return token;
}

static bool is_name(const Token *token) { return token->kind == TOKEN_WORD || token->kind == TOKEN_NAME; }

static bool is_one_of(const Token *token, const char *const *symbols)
{
    for (; *symbols; symbols++)
        if (token_is(token, *symbols))
            return true;
    return false;
}

// After an opening parenthesis, up to and with the one that closes it. `symbols`: what may stand there besides words and
// values; NULL: any but one that ends a statement.
static bool closes(Lexer *lexer, const char *const *symbols)
{
    for (int depth = 1; depth > 0;) {
        Token token = next(lexer);
        if (token.kind == TOKEN_END || token.kind == TOKEN_BAD || token.kind == TOKEN_COMMENT ||
            token_is(&token, ";"))
            return false;
        int step = token_is(&token, "(") - token_is(&token, ")");
        if (token.kind == TOKEN_SYMBOL && symbols && step == 0 && !is_one_of(&token, symbols))
            return false;
        depth += step;
    }
    return true;
}

bool shape_is_type(const Dialect *dialect, const char *text)
{
    static const char *const inside[] = { ",", "-", "+", ".", NULL }, *const outside[] = { ".", "[", "]",
                                                                                           "[]", NULL };
    Lexer lexer = lexer_of(dialect, text);
    for (Token token = next(&lexer); token.kind != TOKEN_END; token = next(&lexer)) {
        bool value = is_name(&token) || token.kind == TOKEN_NUMBER || token.kind == TOKEN_STRING;
        if (token_is(&token, "(") ? !closes(&lexer, inside) : !value && !is_one_of(&token, outside))
            return false;
    }
    return true;
}

bool shape_is_operator_class(const Dialect *dialect, const char *text)
{
    Lexer lexer = lexer_of(dialect, text);
    Token token;
    do {
        token = next(&lexer);
        if (!is_name(&token))
            return false;
        token = next(&lexer);
    } while (token_is(&token, "."));
    if (token_is(&token, "(") && closes(&lexer, NULL))
        token = next(&lexer);
    return token.kind == TOKEN_END;
}

bool shape_is_operator(const Dialect *dialect, const char *text)
{
    Lexer lexer = lexer_of(dialect, text);
    Token token = next(&lexer);
    if (token_is(&token, "period"))
        return next(&lexer).kind == TOKEN_END;
    if (token_is(&token, "without")) {
        Token second = next(&lexer);
        return token_is(&second, "overlaps") && next(&lexer).kind == TOKEN_END;
    }
    if (token_is(&token, "operator")) {
        token = next(&lexer);
        return token_is(&token, "(") && closes(&lexer, NULL) && next(&lexer).kind == TOKEN_END;
    }
    for (; token.kind == TOKEN_SYMBOL; token = next(&lexer))
        if (strchr("();,.[]", token.text.p[0]))
            return false;
    return token.kind == TOKEN_END;
}
