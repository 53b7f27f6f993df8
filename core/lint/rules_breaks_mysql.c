// B113: views of MySQL and MariaDB that cannot be read any more. The server does not say so before somebody reads them.
#include <string.h>
#include <strings.h>

#include "core/dialect/sql.h"
#include "core/lint/internal.h"

static const LintRule rules[] = {
    {.code = "B113",
     .name = "view-breaks",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_ERROR,
     .summary = "A view uses what is not there any more.",
     .why = "MySQL and MariaDB rename and drop tables and columns without a look at the views that use "
             "them. The "
             "view stays, and each query of it fails with error 1356.", .instead = "replace the view in the same revision: CREATE OR REPLACE VIEW" },
    { 0},
};

// Is the view made, replaced or dropped by a later statement of the section?
static bool is_settled_later(const Judge *judge, const char *view)
{
    for (size_t i = judge->number; i < judge->section->statements.count; i++) {
        const Sentence *later = &judge->sentences[i];
        if (strcmp(later->kind, "view") == 0 && later->object.name &&
            strcasecmp(later->object.name, view) == 0)
            return true;
    }
    return false;
}

static bool can_be_read(const Judge *judge, const Schema *schema, const char *view, const char **why)
{
    Db *db = judge->lint->scratch;
    const char *ignored = NULL;
    Error err = { 0 };
    StrBuf query;
    strbuf_init(&query, judge->arena);
    sql(&query, schema->dialect, KW("SELECT 1 FROM"), ID(view), KW("LIMIT 0"));
    if (!db || db_value(db, judge->arena, query.text, &ignored, &err) || strcmp(err.native, "1356") != 0)
        return true;
    *why = arena_strdup(judge->arena, err.message);
    return false;
}

// Only a table or column that is dropped or renamed can break a view.
static bool may_break(const Judge *judge)
{
    if (judge->sentence->verb == VERB_RENAME || (judge->sentence->to.name && judge->after))
        return true;
    VEC_EACH (Change, it, judge->changes) {
        const Object *object = it->want ? it->want : it->have;
        bool renamed = it->kind == CHANGE_ALTER && it->facets & FACET_NAME;
        if ((it->kind == CHANGE_DROP || renamed) &&
            (object->kind == OBJECT_TABLE || object->kind == OBJECT_COLUMN || object->kind == OBJECT_VIEW))
            return true;
    }
    return false;
}

static bool says(const Judge *judge, const View *view, const char *word)
{
    if (!word || !view->query)
        return false;
    TokenList tokens =
        lex_all(judge->arena, (Text){ view->query, strlen(view->query) }, judge->lint->dialect->lex);
    VEC_EACH (Token, it, &tokens)
        if ((it->kind == TOKEN_WORD || it->kind == TOKEN_NAME) &&
            strcasecmp(token_name(judge->arena, it), word) == 0)
            return true;
    return false;
}

// Does the view speak of what the statement took away? One that was broken before does, too, or does not.
static bool uses_what_is_gone(const Judge *judge, const View *view)
{
    if (judge->sentence->to.name && says(judge, view, judge->sentence->object.name))
        return true;
    VEC_EACH (Change, it, judge->changes)
        if (it->have && (it->kind == CHANGE_DROP || it->facets & FACET_NAME) &&
            says(judge, view, it->have->name) &&
            (!it->have->table || says(judge, view, it->have->table) ||
             says(judge, view, judge->sentence->to.name)))
            return true;
    return false;
}

static void judge_statement(const Judge *judge)
{
    if (!lint_is_engine(judge->lint, ON_BOTH_MYSQL) || !judge->after || !may_break(judge))
        return;
    VEC_EACH (Object *, it, &judge->after->objects) {
        const char *why;
        if ((*it)->kind == OBJECT_VIEW && !is_settled_later(judge, (*it)->name) &&
            uses_what_is_gone(judge, (const View *)(const void *)*it) &&
            !can_be_read(judge, judge->after, (*it)->name, &why))
            lint_found(judge, "B113", judge->sentence->object.name, NULL, NULL, "view %s cannot be read: %s",
                       (*it)->name, why);
    }
}

const LintFamily lint_breaks_mysql = { .group = "breaks", .rules = rules, .statement = judge_statement };
