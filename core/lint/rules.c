// The families of rules, and finding a rule by what people call it.
#include <string.h>
#include <strings.h>

#include "core/lint/internal.h"

extern const LintFamily lint_destroys, lint_breaks, lint_fails, lint_locks, lint_locks_postgresql,
    lint_rewrites_postgresql, lint_locks_sqlite, lint_meaning, lint_schema, lint_types, lint_form, lint_names,
    lint_back, lint_history, lint_columns, lint_lost_values, lint_refused_values, lint_read_values,
    lint_itself;
extern const LintFamily lint_locks_mysql, lint_meaning_mysql, lint_breaks_mysql, lint_destroys_mysql,
    lint_fails_mysql, lint_types_mysql;

const LintFamily *const lint_families[] = { &lint_destroys,
                                            &lint_breaks,
                                            &lint_fails,
                                            &lint_locks,
                                            &lint_locks_postgresql,
                                            &lint_rewrites_postgresql,
                                            &lint_locks_sqlite,
                                            &lint_meaning,
                                            &lint_form,
                                            &lint_back,
                                            &lint_history,
                                            &lint_schema,
                                            &lint_types,
                                            &lint_names,
                                            &lint_columns,
                                            &lint_lost_values,
                                            &lint_refused_values,
                                            &lint_read_values,
                                            &lint_locks_mysql,
                                            &lint_meaning_mysql,
                                            &lint_breaks_mysql,
                                            &lint_destroys_mysql,
                                            &lint_fails_mysql,
                                            &lint_types_mysql,
                                            &lint_itself,
                                            NULL };

// Is `name` one of the words of the list, which blanks separate?
static bool has_word(const char *list, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = list; p && *p; p += strcspn(p, " "), p += strspn(p, " "))
        if (strcspn(p, " ") == n && strncasecmp(p, name, n) == 0)
            return true;
    return false;
}

static bool is_called(const LintRule *rule, const char *text)
{
    return strcasecmp(rule->code, text) == 0 || strcasecmp(rule->name, text) == 0 ||
           has_word(rule->aliases, text);
}

const LintRule *lint_rule(const char *text)
{
    for (size_t i = 0; lint_families[i]; i++)
        for (const LintRule *rule = lint_families[i]->rules; rule->code; rule++)
            if (is_called(rule, text))
                return rule;
    return NULL;
}

const char *lint_group(const LintRule *rule)
{
    for (size_t i = 0; lint_families[i]; i++)
        for (const LintRule *it = lint_families[i]->rules; it->code; it++)
            if (it == rule)
                return lint_families[i]->group;
    return "";
}

void lint_rules_each(void (*visit)(void *payload, const LintRule *rule), void *payload)
{
    for (size_t i = 0; lint_families[i]; i++)
        for (const LintRule *rule = lint_families[i]->rules; rule->code; rule++)
            visit(payload, rule);
}

static const char *const level_words[] = { "off", "notice", "warning", "error" };

LintLevel lint_level_named(const char *word, bool *known)
{
    for (size_t i = 0; i < COUNT_OF(level_words); i++)
        if (strcmp(level_words[i], word) == 0) {
            *known = true;
            return (LintLevel)i;
        }
    *known = false;
    return LINT_OFF;
}

const char *lint_level_word(LintLevel level) { return level_words[level]; }
