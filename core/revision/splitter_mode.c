// What a SET of sql_mode does to the reading of quotes after it, as the server's own client hears of it.
#include "core/revision/splitter.h"

#include <string.h>
#include <strings.h>

static bool holds(Text text, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= text.n; i++)
        if (strncasecmp(text.p + i, word, n) == 0)
            return true;
    return false;
}

// Modes that are short for several, ANSI_QUOTES among them.
static bool names_ansi_quotes(Text value)
{
    static const char *const words[] = { "ANSI", "ORACLE", "POSTGRESQL", "MSSQL", "DB2", "MAXDB" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (holds(value, words[i]))
            return true;
    return false;
}

typedef struct ModeValue {
    unsigned named;  // rules that the strings of the value take off
    bool keeps;      // the mode before is part of it: CONCAT(@@sql_mode, …)
    bool takes_away; // REPLACE(@@sql_mode, …, '')
    bool is_text;    // there is a string at all; else it is DEFAULT, or a variable that holds an earlier mode
} ModeValue;

// The value goes up to a comma outside parentheses: what follows is another variable's.
static ModeValue read_value(Lexer *lexer)
{
    ModeValue value = { 0 };
    int depth = 0;
    for (Token token = lex_next(lexer); token.kind != TOKEN_END; token = lex_next(lexer)) {
        depth += token_is(&token, "(") - token_is(&token, ")");
        if (depth < 0 || (depth == 0 && token_is(&token, ",")))
            break;
        if (token.kind == TOKEN_STRING || token.kind == TOKEN_NAME) {
            value.is_text = true;
            value.named |= names_ansi_quotes(token.text) ? LEX_DOUBLE_QUOTED_STRINGS : 0u;
            value.named |= holds(token.text, "NO_BACKSLASH_ESCAPES") ? LEX_BACKSLASH_ESCAPES : 0u;
        } else {
            value.keeps |= holds(token.text, "sql_mode");
            value.takes_away |= token_is(&token, "REPLACE");
        }
    }
    return value;
}

// The inside of an executable comment, as mysqldump writes its settings: one token to the lexer.
static Text without_brackets(Text statement)
{
    const char *p = statement.p, *end = p + statement.n;
    if (statement.n < 5 || p[0] != '/' || end[-2] != '*')
        return statement;
    p += 1 + strspn(p + 1, "*M!0123456789");
    return (Text){ p, (size_t)(end - 2 - p) };
}

unsigned splitter_mode(Text statement, unsigned rules, unsigned given)
{
    bool may_set = (given & LEX_ROUTINE_BODIES) && strchr("sS/", statement.p[0]); // in /*! … */ too
    if (!may_set || !holds(statement, "sql_mode"))
        return rules;
    Lexer lexer;
    lex_init(&lexer, without_brackets(statement), rules, false);
    Token token = lex_next(&lexer);
    if (!token_is(&token, "SET"))
        return rules;
    bool named = false, global = false;
    for (; token.kind != TOKEN_END; token = lex_next(&lexer)) {
        bool assigns = token_is(&token, "=") || token_is(&token, ":=");
        if (assigns && named && !global) {
            ModeValue value = read_value(&lexer);
            if (!value.is_text)
                return given;
            if (value.takes_away)
                return rules | (value.named & given);
            return (value.keeps ? rules : given) & ~value.named;
        }
        named = !assigns && holds(token.text, "sql_mode") && !holds(token.text, "old_sql_mode");
        global |= holds(token.text, "global") || token_is(&token, "PERSIST");
    }
    return rules;
}
