// The families of rules, and finding a rule by what people call it.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/lint/internal.h"

extern const LintFamily lint_destroys, lint_breaks, lint_fails, lint_locks, lint_locks_postgresql,
    lint_rewrites_postgresql, lint_locks_sqlite, lint_meaning, lint_schema, lint_types, lint_form, lint_names,
    lint_back, lint_history, lint_columns, lint_lost_values, lint_refused_values, lint_read_values,
    lint_itself, lint_live;
extern const LintFamily lint_fails_sqlite, lint_locks_mysql, lint_meaning_mysql, lint_breaks_mysql,
    lint_destroys_mysql, lint_fails_mysql, lint_types_mysql;

const LintFamily *const lint_families[] = { &lint_destroys,
                                            &lint_breaks,
                                            &lint_fails,
                                            &lint_fails_sqlite,
                                            &lint_locks,
                                            &lint_locks_postgresql,
                                            &lint_rewrites_postgresql,
                                            &lint_locks_sqlite,
                                            &lint_meaning,
                                            &lint_form,
                                            &lint_back,
                                            &lint_history,
                                            &lint_schema,
                                            &lint_live,
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

// What a rule is called: its code, its name, or one of its aliases. Sorted, since each finding asks by code.
typedef struct Called {
    const char *p;
    size_t n;
    const LintRule *rule;
    size_t place; // among all: the first of several that share an alias is meant
} Called;
typedef struct CalledIndex {
    Called names[4096];
    size_t count;
} CalledIndex;
static CalledIndex called;

static int compare_called(const void *a, const void *b)
{
    const Called *x = a, *y = b;
    int order = strncasecmp(x->p, y->p, x->n < y->n ? x->n : y->n);
    if (order || x->n != y->n)
        return order ? order : x->n < y->n ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static void index_words(const char *list, const LintRule *rule)
{
    for (const char *p = list; p && *p; p += strspn(p, " ")) {
        size_t n = strcspn(p, " ");
        if (called.count < COUNT_OF(called.names)) {
            called.names[called.count] = (Called){ p, n, rule, called.count };
            called.count++;
        }
        p += n;
    }
}

static void index_rules(void)
{
    for (size_t i = 0; lint_families[i]; i++)
        for (const LintRule *rule = lint_families[i]->rules; rule->code; rule++) {
            index_words(rule->code, rule);
            index_words(rule->name, rule);
        }
    for (size_t i = 0; lint_families[i]; i++) // own names first
        for (const LintRule *rule = lint_families[i]->rules; rule->code; rule++)
            index_words(rule->aliases, rule);
    qsort(called.names, called.count, sizeof(called.names[0]), compare_called);
}

const LintRule *lint_rule(const char *text)
{
    const Called wanted = { .p = text, .n = strlen(text) };
    if (!called.count)
        index_rules();
    size_t low = 0, high = called.count; // the first that is not below it
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare_called(&called.names[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const Called *it = low < called.count ? &called.names[low] : NULL;
    return it && it->n == wanted.n && strncasecmp(it->p, text, wanted.n) == 0 ? it->rule : NULL;
}

const char *lint_group(const LintRule *rule)
{
    for (size_t i = 0; lint_families[i]; i++)
        for (const LintRule *it = lint_families[i]->rules; it->code; it++)
            if (it == rule)
                return lint_families[i]->group;
    return "";
}

static int by_code(const void *a, const void *b)
{
    return strcmp((*(const LintRule *const *)a)->code, (*(const LintRule *const *)b)->code);
}

void lint_rules_each(void (*visit)(void *payload, const LintRule *rule), void *payload)
{
    const LintRule *all[1024];
    size_t count = 0;
    for (size_t i = 0; lint_families[i]; i++)
        for (const LintRule *rule = lint_families[i]->rules; rule->code && count < COUNT_OF(all); rule++)
            all[count++] = rule;
    qsort(all, count, sizeof(all[0]), by_code);
    for (size_t i = 0; i < count; i++)
        visit(payload, all[i]);
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
