// A statement that is prepared from a text and executed later (MySQL, MariaDB): lint judges the text.
#include <string.h>
#include <strings.h>

#include "core/base/base.h"
#include "core/lint/internal.h"

// What the session says of a query of one value; NULL: nothing.
static const char *asked(const Judge *judge, const char *query)
{
    const char *value = NULL;
    Error ignored = { 0 };
    bool known =
        judge->lint->scratch && db_value(judge->lint->scratch, judge->arena, query, &value, &ignored);
    return known ? value : NULL;
}

// A literal, or what a user variable of the session holds: 'text', @name. Up to `end`.
static const char *text_at(const Judge *judge, const Clause *all, size_t at, size_t end)
{
    if (at >= end)
        return NULL;
    if (all->tokens[at].kind == TOKEN_STRING)
        return token_name(judge->arena, &all->tokens[at]);
    const char *expression = clause_text(judge->arena, all, at, end);
    if (expression[0] != '@' || expression[1] == '@')
        return NULL;
    return asked(judge, arena_printf(judge->arena, "SELECT %s", expression));
}

// PREPARE name FROM …: the last one before the statement.
static const char *prepared_text(const Judge *judge, const char *name)
{
    for (size_t i = judge->number - 1; i-- > 0;) {
        const Clause *all = &judge->sentences[i].all;
        const char *other =
            clause_begins(all, "PREPARE") ? clause_name(judge->arena, judge->lint->dialect, all, 1) : NULL;
        if (other && strcasecmp(other, name) == 0)
            return all->count > 3 && token_is(&all->tokens[2], "FROM") ? text_at(judge, all, 3, all->count)
                                                                       : NULL;
    }
    return NULL;
}

// The parameter from `*at` on as a literal, so that it may follow LIMIT too; `*at` goes behind its comma. NULL: there is
// none, or nobody knows its value.
static const char *next_parameter(const Judge *judge, const Clause *all, size_t *at)
{
    size_t depth = 0, end = *at;
    for (; end < all->count && (depth || !token_is(&all->tokens[end], ",")); end++) {
        depth += token_is(&all->tokens[end], "(");
        depth -= token_is(&all->tokens[end], ")");
    }
    if (end == *at)
        return NULL;
    const char *expression = clause_text(judge->arena, all, *at, end);
    *at = end + 1;
    return asked(judge, arena_printf(judge->arena, "SELECT IF(%s REGEXP '^-?[0-9]+$', %s, QUOTE(%s))",
                                     expression, expression, expression));
}

// The text with the parameters of USING, from `at` on, in place of its question marks.
static const char *filled(const Judge *judge, const char *text, const Clause *all, size_t at)
{
    TokenList tokens = lex_all(judge->arena, (Text){ text, strlen(text) }, judge->lint->dialect->lex);
    StrBuf out;
    strbuf_init(&out, judge->arena);
    const char *rest = text;
    VEC_EACH (Token, it, &tokens) {
        if (!token_is(it, "?"))
            continue;
        const char *value = next_parameter(judge, all, &at);
        if (!value)
            return NULL;
        strbuf_printf(&out, "%.*s%s", (int)(it->text.p - rest), rest, value);
        rest = it->text.p + it->text.n;
    }
    strbuf_puts(&out, rest);
    return out.text;
}

const char *lint_prepared(const Judge *judge)
{
    const Clause *all = &judge->sentence->all;
    if (!lint_is_engine(judge->lint, ON_BOTH_MYSQL) || !clause_begins(all, "EXECUTE"))
        return NULL;
    size_t values = clause_after(all, "USING");
    const char *text = NULL;
    if (clause_begins(all, "EXECUTE IMMEDIATE")) {
        text = text_at(judge, all, 2, values ? values - 1 : all->count);
    } else {
        const char *name = clause_name(judge->arena, judge->lint->dialect, all, 1);
        text = name ? prepared_text(judge, name) : NULL;
    }
    return text && values ? filled(judge, text, all, values) : text;
}
