#include "core/revision/made.h"

#include <string.h>

static const ObjectKind kinds[] = { OBJECT_SCHEMA,       OBJECT_EXTENSION,
                                    OBJECT_SERVER,       OBJECT_FOREIGN_DATA_WRAPPER,
                                    OBJECT_PUBLICATION,  OBJECT_SUBSCRIPTION,
                                    OBJECT_EVENT_TRIGGER };

// The number of tokens that spell these words, from the i-th on; 0: they do not stand there.
static size_t words_at(Arena *arena, const TokenList *tokens, size_t i, const char *words)
{
    size_t count = 0;
    for (const char *p = words; *p; count++) {
        size_t n = strcspn(p, " ");
        if (i + count >= tokens->count || !token_is(&tokens->items[i + count], arena_strndup(arena, p, n)))
            return 0;
        p += n + (p[n] == ' ');
    }
    return count;
}

void made_by_text(Arena *arena, Text text, unsigned rules, MadeList *out)
{
    Arena *scratch = arena_new();
    TokenList tokens = lex_all(scratch, text, rules);
    for (size_t i = 0; i + 2 < tokens.count; i++) {
        if (!token_is(&tokens.items[i], "CREATE"))
            continue;
        for (size_t k = 0; k < COUNT_OF(kinds); k++) {
            size_t n = words_at(scratch, &tokens, i + 1, object_kinds[kinds[k]].keyword);
            if (!n)
                continue;
            size_t at = i + 1 + n;
            at += words_at(scratch, &tokens, at, "IF NOT EXISTS");
            const char *name = at < tokens.count ? token_name(arena, &tokens.items[at]) : NULL;
            if (name)
                *VEC_PUSH(arena, out) = (Made){ kinds[k], name };
        }
    }
    arena_free(scratch);
}

void made_by_graph(Arena *arena, const Graph *graph, const Dialect *dialect, MadeList *out)
{
    VEC_EACH (Revision *, it, &graph->revisions) {
        Arena *scratch = arena_new();
        Text text;
        if (script_text(scratch, (*it)->script->path, &text, NULL))
            made_by_text(arena, text, dialect->lex, out);
        arena_free(scratch);
    }
}

bool made_has(const MadeList *list, ObjectKind kind, const char *name)
{
    VEC_EACH (Made, it, list)
        if (it->kind == kind && strcmp(it->name, name) == 0)
            return true;
    return false;
}
