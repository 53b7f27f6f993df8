// The statements inside of code: of a DO block, and of the functions and procedures that a statement calls. What they did is
// known by the catalogue; this is for what leaves no trace there, and for the renames that they state.
#include <string.h>
#include <strings.h>

#include "core/base/base.h"
#include "core/lint/internal.h"

enum { DEEPEST = 4 };

typedef struct Inside {
    const Judge *judge;
    SentenceList *out;
    size_t depth;
} Inside;

static void read_text(const Inside *inside, const char *text);

// Where a statement of a block may begin: at its beginning, and after these.
static bool begins_statement(const Clause *all, size_t i)
{
    static const char *const before[] = { ";", "BEGIN", "THEN", "ELSE", "LOOP", "DO" };
    for (size_t k = 0; i && k < COUNT_OF(before); k++)
        if (token_is(&all->tokens[i - 1], before[k]))
            return true;
    return i == 0;
}

static size_t end_of_statement(const Clause *all, size_t i)
{
    while (i < all->count && !token_is(&all->tokens[i], ";"))
        i++;
    return i;
}

// EXECUTE 'text', EXECUTE format('text', …): the text is read where it is a literal.
static void read_executed(const Inside *inside, const Clause *all, size_t from, size_t to)
{
    size_t at = from + 1;
    while (at < to && (token_is(&all->tokens[at], "format") || token_is(&all->tokens[at], "(") ||
                       token_is(&all->tokens[at], "IMMEDIATE")))
        at++;
    if (at < to && all->tokens[at].kind == TOKEN_STRING)
        read_text(inside, token_name(inside->judge->arena, &all->tokens[at]));
}

// Keeps a statement inside of code if rules have something to say about its verb. EXECUTE of a text is read as
// the statement in the text.
static void read_statement(const Inside *inside, const Clause *all, size_t from, size_t to)
{
    Arena *arena = inside->judge->arena;
    const Dialect *dialect = inside->judge->lint->dialect;
    Sentence sentence;
    if (token_is(&all->tokens[from], "EXECUTE")) {
        read_executed(inside, all, from, to);
        return;
    }
    sentence_read(arena, dialect, clause_text(arena, all, from, to), &sentence);
    switch ((int)sentence.verb) {
    case VERB_CREATE:
    case VERB_ALTER:
    case VERB_DROP:
    case VERB_RENAME:
    case VERB_TRUNCATE:
    case VERB_UPDATE:
    case VERB_DELETE:
    case VERB_SELECT:
    case VERB_MAINTAIN: *VEC_PUSH(arena, inside->out) = sentence; break;
    default: break;
    }
}

static void read_text(const Inside *inside, const char *text)
{
    Inside deeper = *inside;
    TokenList tokens =
        lex_all(inside->judge->arena, (Text){ text, strlen(text) }, inside->judge->lint->dialect->lex);
    const Clause all = { tokens.items, tokens.count ? tokens.count - 1 : 0 };
    if (++deeper.depth > DEEPEST)
        return;
    for (size_t i = 0; i < all.count; i++)
        if (begins_statement(&all, i) && all.tokens[i].kind == TOKEN_WORD)
            read_statement(&deeper, &all, i, end_of_statement(&all, i));
}

// AS $$…$$ and AS '…' have the code in a string, the others write it as it is.
static void read_routine(const Inside *inside, const char *definition)
{
    Arena *arena = inside->judge->arena;
    TokenList tokens =
        lex_all(arena, (Text){ definition, strlen(definition) }, inside->judge->lint->dialect->lex);
    for (size_t i = 0; i + 1 < tokens.count; i++)
        if (token_is(&tokens.items[i], "AS") && tokens.items[i + 1].kind == TOKEN_STRING) {
            read_text(inside, token_name(arena, &tokens.items[i + 1]));
            return;
        }
    read_text(inside, definition);
}

// Does the text call it? The name of a routine in a schema may have its types: "f(integer)".
static bool calls(const Clause *all, const char *name)
{
    char word[128];
    size_t n = strcspn(name, "(");
    if (n >= sizeof(word))
        return false;
    memcpy(word, name, n);
    word[n] = '\0';
    for (size_t i = 1; i < all->count; i++)
        if (token_named(&all->tokens[i], word) && (i + 1 == all->count || token_is(&all->tokens[i + 1], "(")))
            return true;
    return false;
}

// WITH gone AS (DELETE FROM t …) …: the verb of the statement is another.
static void read_queries(const Inside *inside)
{
    const Clause *all = &inside->judge->sentence->all;
    for (size_t i = 1; clause_begins(all, "WITH") && i < all->count; i++) {
        if (!token_is(&all->tokens[i - 1], "(") ||
            !(token_is(&all->tokens[i], "DELETE") || token_is(&all->tokens[i], "UPDATE")))
            continue;
        size_t end = i;
        for (size_t depth = 1; end < all->count; end++) {
            depth += token_is(&all->tokens[end], "(");
            depth -= token_is(&all->tokens[end], ")");
            if (!depth)
                break;
        }
        read_statement(inside, all, i, end);
    }
}

void lint_inner_read(const Judge *judge, SentenceList *out)
{
    const Sentence *s = judge->sentence;
    const Inside inside = { judge, out, 0 };
    read_queries(&inside);
    if (s->verb != VERB_RUN && s->verb != VERB_SELECT)
        return;
    for (size_t i = 0; clause_begins(&s->all, "DO") && i < s->all.count; i++)
        if (s->all.tokens[i].kind == TOKEN_STRING && s->all.tokens[i].text.n > 12)
            read_text(&inside, token_name(judge->arena, &s->all.tokens[i]));
    if (!judge->before || clause_begins(&s->all, "DO"))
        return;
    VEC_EACH (Object *, it, &judge->before->objects)
        if (object_kind_is_routine((*it)->kind) && (*it)->definition && calls(&s->all, (*it)->name))
            read_routine(&inside, (*it)->definition);
}
