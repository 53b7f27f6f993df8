// A statement that is prepared from a text and executed later (MySQL, MariaDB): lint judges the text.
#include <string.h>
#include <strings.h>

#include "core/base/base.h"
#include "core/lint/internal.h"

// A literal, or what a user variable of the session holds: 'text', @name.
static const char *text_at(const Judge *judge, const Clause *all, size_t at)
{
    const char *value = NULL;
    Error ignored = { 0 };
    if (at >= all->count)
        return NULL;
    if (all->tokens[at].kind == TOKEN_STRING)
        return token_name(judge->arena, &all->tokens[at]);
    const char *expression = clause_text(judge->arena, all, at, all->count);
    if (expression[0] != '@' || expression[1] == '@' || !judge->lint->scratch)
        return NULL;
    return db_value(judge->lint->scratch, judge->arena, arena_printf(judge->arena, "SELECT %s", expression),
                    &value, &ignored)
               ? value
               : NULL;
}

// PREPARE name FROM …: the last one before the statement.
static const char *prepared_text(const Judge *judge, const char *name)
{
    for (size_t i = judge->number - 1; i-- > 0;) {
        const Clause *all = &judge->sentences[i].all;
        const char *other =
            clause_begins(all, "PREPARE") ? clause_name(judge->arena, judge->lint->dialect, all, 1) : NULL;
        if (other && strcasecmp(other, name) == 0)
            return all->count > 3 && token_is(&all->tokens[2], "FROM") ? text_at(judge, all, 3) : NULL;
    }
    return NULL;
}

const char *lint_prepared(const Judge *judge)
{
    const Clause *all = &judge->sentence->all;
    if (!lint_is_engine(judge->lint, ON_BOTH_MYSQL) || !clause_begins(all, "EXECUTE") ||
        clause_after(all, "USING"))
        return NULL;
    if (clause_begins(all, "EXECUTE IMMEDIATE"))
        return text_at(judge, all, 2);
    const char *name = clause_name(judge->arena, judge->lint->dialect, all, 1);
    return name ? prepared_text(judge, name) : NULL;
}
