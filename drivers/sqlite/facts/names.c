#include "drivers/sqlite/sqlite.h"

#include <string.h>
#include <strings.h>

bool sqlite_same_name(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    return strcasecmp(a, b) == 0;
}

const Column *sqlite_column(const Table *table, const char *name)
{
    VEC_EACH (Column *, column, &table->columns)
        if (sqlite_same_name((*column)->head.name, name))
            return *column;
    return NULL;
}

// Compares a token's identifier without its quotes, case-insensitive, as SQLite does; a string may stand for a name.
static bool token_says(const Token *token, const char *name)
{
    if (token->kind == TOKEN_WORD)
        return strlen(name) == token->text.n && strncasecmp(token->text.p, name, token->text.n) == 0;
    if ((token->kind != TOKEN_NAME && token->kind != TOKEN_STRING) || token->text.n < 2)
        return false;
    const char *p = token->text.p + 1, *end = token->text.p + token->text.n - 1;
    char quote = token->text.p[0];
    for (; p < end && *name; p++, name++) {
        if (strncasecmp(p, name, 1) != 0)
            return false;
        if (*p == quote && quote != '[')
            p++;
    }
    return p >= end && !*name;
}

bool sqlite_mentions(const char *sql, const char *name)
{
    if (!sql || !name)
        return false;
    Lexer lexer;
    lex_init(&lexer, (Text){ sql, strlen(sql) }, SQLITE_LEX, false);
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer))
        if (token_says(&token, name))
            return true;
    return false;
}

const char *sqlite_third_name(Arena *arena, const char *name)
{
    return arena_printf(arena, "cmigrate_case_%s", name);
}

const Constraint *sqlite_primary_key(const Table *table) { return table_primary_key(table); }

bool sqlite_has_rowid(const Table *table)
{
    return !table->is_virtual && !option_is(&table->head.options, "without_rowid");
}

const Column *sqlite_rowid_column(const Table *table)
{
    const Constraint *key = sqlite_has_rowid(table) ? sqlite_primary_key(table) : NULL;
    if (!key || key->parts.count != 1)
        return NULL;
    const Column *column = sqlite_column(table, key->parts.items[0].column);
    // by an old mistake that SQLite keeps, INTEGER PRIMARY KEY DESC at the column is no alias
    bool by_mistake = key->parts.items[0].descending && option_is(&key->head.options, "inline");
    return column && !by_mistake && strcasecmp(column->type, "INTEGER") == 0 ? column : NULL;
}

const char *sqlite_rowid_name(const Table *a, const Table *b)
{
    static const char *const names[] = { "rowid", "_rowid_", "oid" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (!sqlite_column(a, names[i]) && !sqlite_column(b, names[i]))
            return names[i];
    return NULL;
}

// The tokens of a default without enclosing parentheses: at most three are of interest.
static size_t default_tokens(const char *sql, Token tokens[3])
{
    Lexer lexer;
    lex_init(&lexer, (Text){ sql, strlen(sql) }, SQLITE_LEX, false);
    size_t count = 0, depth = 0;
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer)) {
        if (count == 0 && token_is(&token, "("))
            depth++;
        else if (count > 0 && depth > 0 && token_is(&token, ")"))
            depth--;
        else if (count < 3)
            tokens[count++] = token;
        else
            return 4;
    }
    return count;
}

bool sqlite_default_is_null(const char *sql)
{
    Token tokens[3];
    return !sql || (default_tokens(sql, tokens) == 1 && token_is(&tokens[0], "NULL"));
}

bool sqlite_default_is_constant(const char *sql)
{
    Token tokens[3];
    size_t count = default_tokens(sql, tokens);
    const Token *last = &tokens[count ? count - 1 : 0];
    if (count == 2 && (token_is(&tokens[0], "-") || token_is(&tokens[0], "+")))
        return last->kind == TOKEN_NUMBER;
    if (count != 1)
        return false;
    return last->kind == TOKEN_NUMBER || last->kind == TOKEN_STRING || token_is(last, "NULL") ||
           ((token_is(last, "TRUE") || token_is(last, "FALSE")) && sql[0] != '(');
}

static bool qualifies(const char *sql, const char *table)
{
    if (!sql)
        return false;
    Lexer lexer;
    lex_init(&lexer, (Text){ sql, strlen(sql) }, SQLITE_LEX, false);
    Token before = { 0 };
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer)) {
        if (token_is(&token, ".") && token_says(&before, table))
            return true;
        before = token;
    }
    return false;
}

bool sqlite_names_itself(const Table *table)
{
    VEC_EACH (Constraint *, it, &table->constraints)
        if (qualifies((*it)->expression, table->head.name))
            return true;
    VEC_EACH (Column *, it, &table->columns)
        if (qualifies((*it)->generated, table->head.name))
            return true;
    return false;
}
