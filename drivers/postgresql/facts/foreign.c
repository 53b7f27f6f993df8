// Foreign data wrappers, servers and user mappings: the clauses of their CREATE statements.
#include <string.h>

#include "drivers/postgresql/facts/facts.h"

// What follows a word outside parentheses: a literal, or a name.
const char *pg_clause_of(Arena *arena, const char *definition, const char *word)
{
    TokenList tokens = lex_all(arena, (Text){ definition, strlen(definition) }, LEX_POSTGRESQL);
    size_t depth = 0;
    for (size_t i = 0; i + 1 < tokens.count; i++) {
        depth += token_is(&tokens.items[i], "(");
        depth -= token_is(&tokens.items[i], ")") && depth > 0;
        if (depth || !token_is(&tokens.items[i], word) || (i > 0 && token_is(&tokens.items[i - 1], "no")))
            continue;
        const Token *from = &tokens.items[i + 1], *to = from;
        while (token_is(to + 1, ".") && to[1].kind != TOKEN_END)
            to += 2;
        return arena_strndup(arena, from->text.p, (size_t)(to->text.p + to->text.n - from->text.p));
    }
    return NULL;
}

bool pg_foreign_is_alterable(const Object *have, const Object *want)
{
    if (have->kind != OBJECT_SERVER)
        return have->kind == OBJECT_USER_MAPPING || have->kind == OBJECT_FOREIGN_DATA_WRAPPER;
    Arena *scratch = arena_new();
    const char *a = have->definition ? have->definition : "", *b = want->definition ? want->definition : "";
    bool alterable = same_text(pg_clause_of(scratch, a, "type"), pg_clause_of(scratch, b, "type")) &&
                     same_text(pg_clause_of(scratch, a, "wrapper"), pg_clause_of(scratch, b, "wrapper"));
    arena_free(scratch);
    return alterable;
}
