// CREATE OR REPLACE keeps a routine's identity as long as its arguments and what it returns stay as they are.
#include <string.h>

#include "drivers/postgresql/plan.h"

static bool ends_signature(const Token *token)
{
    static const char *const words[] = { "language",  "as",    "immutable", "stable",    "volatile", "strict",
                                         "called",    "security", "parallel", "cost",    "rows",     "set",
                                         "window",    "leakproof", "not",    "external", "transform", "support",
                                         "return",    "begin" };
    if (token->kind == TOKEN_END)
        return true;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (token_is(token, words[i]))
            return true;
    return false;
}

// From the argument list to where the signature ends. RETURNS NULL ON NULL INPUT is no part of it.
static void find_signature(const TokenList *tokens, size_t *from, size_t *to)
{
    size_t i = 0, depth = 0;
    while (i < tokens->count && !token_is(&tokens->items[i], "("))
        i++;
    *from = i;
    for (; i < tokens->count; i++) {
        const Token *token = &tokens->items[i];
        if (token_is(token, "("))
            depth++;
        else if (token_is(token, ")") && depth)
            depth--;
        if (depth == 0 && (ends_signature(token) || (token_is(token, "returns") && token_is(token + 1, "null"))))
            break;
    }
    *to = i;
}

static bool says_window(const TokenList *tokens, size_t from)
{
    for (size_t i = from; i < tokens->count; i++)
        if (token_is(&tokens->items[i], "window"))
            return true;
    return false;
}

bool pg_routine_is_replaceable(const Object *have, const Object *want)
{
    if (!have->definition || !want->definition)
        return false;
    Arena *scratch = arena_new();
    TokenList a = lex_all(scratch, (Text){ have->definition, strlen(have->definition) }, LEX_POSTGRESQL);
    TokenList b = lex_all(scratch, (Text){ want->definition, strlen(want->definition) }, LEX_POSTGRESQL);
    size_t a_from, a_to, b_from, b_to;
    find_signature(&a, &a_from, &a_to);
    find_signature(&b, &b_from, &b_to);
    bool same = a_to - a_from == b_to - b_from && says_window(&a, a_to) == says_window(&b, b_to);
    for (size_t i = 0; same && i < a_to - a_from; i++)
        same = tokens_same(&a.items[a_from + i], &b.items[b_from + i]);
    arena_free(scratch);
    return same;
}
