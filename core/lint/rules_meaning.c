// M: the statement does something else than a reader takes it for.
#include <string.h>
#include <strings.h>

#include "core/lint/internal.h"

static const LintRule rules[] = {
    {.code = "M106",
     .name = "check-not-enforced",
     .engines = ON_POSTGRESQL | ON_BOTH_MYSQL,
     .level = LINT_NOTICE,
     .summary = "The constraint is declared NOT ENFORCED.",
     .why = "It refuses nothing." },
    { .code = "M107",
     .name = "exists-already-hides",
     .engines = ON_ALL,
     .level = LINT_NOTICE,
     .summary = "IF NOT EXISTS keeps whatever has this name already.",
     .why = "The object may have another definition, or be an invalid index of a build that failed, and the "
             "revision counts as "
             "applied.", .instead = "leave IF NOT EXISTS out; for indexes, DROP INDEX CONCURRENTLY IF EXISTS in front" },
    { .code = "M109",
     .name = "string-in-double-quotes",
     .engines = ON_SQLITE,
     .level = LINT_ERROR,
     .summary = "A name in double quotes that is none is taken for a string.",
     .why = "SQLite falls back to a string where the name does not exist, so a misspelt column becomes a "
             "constant.", .instead = "write strings in single quotes" },
    { .code = "M111",
     .name = "default-leaves-old-rows",
     .engines = ON_ALL,
     .level = LINT_OFF,
     .summary = "A new default does not change the rows that are there.",
     .why = "Only rows that are inserted later get it." },
    { .code = "M112",
     .name = "collation-changes-equality",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "Another collation decides differently what is equal, and in which order.",
     .why = "Values that were different may be duplicates of a unique index now, and queries find other "
             "rows." },
    { .code = "M114",
     .name = "duplicate-assignment",
     .engines = ON_ALL,
     .level = LINT_ERROR,
     .summary = "The same column is assigned twice.",
     .why = "PostgreSQL refuses it; MySQL and SQLite keep the last one.",
     .aliases = "ban-duplicate-column-assignments" },
    { 0                                   },
};

// IF NOT EXISTS keeps an existing object, whatever its definition. It is reported where the object exists, or where
// an index made CONCURRENTLY may be left invalid.
static void judge_exists(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    bool index = strcmp(s->kind, "index") == 0;
    bool there = judge->before && (lint_table(judge->before, s->object) != NULL);
    if (judge->before && !there && s->object.name && !index)
        VEC_EACH (Object *, it, &judge->before->objects)
            there |= (*it)->name && strcmp((*it)->name, s->object.name) == 0 && !(*it)->table;
    const Table *on = index ? lint_table(judge->before, s->on) : NULL;
    there |= on && s->object.name && table_index(on, s->object.name);
    if (s->verb == VERB_CREATE && s->if_not_exists && s->object.name && (there || s->concurrently))
        lint_found(judge, "M107", s->object.name, NULL, NULL,
                   "%s %s may exist with another definition, and is kept", s->kind, s->object.name);
    const Table *altered = s->verb == VERB_ALTER ? lint_table(judge->before, s->object) : NULL;
    VEC_EACH (const Clause, it, &s->clauses) {
        size_t at = clause_begins(it, "ADD [COLUMN] IF NOT EXISTS") ? clause_after(it, "EXISTS") : 0;
        const char *name = at ? clause_name(judge->arena, judge->lint->dialect, it, at) : NULL;
        if (name && altered && table_column(altered, name))
            lint_found(judge, "M107", s->object.name, NULL, NULL,
                       "column %s of table %s may exist with another definition, and is kept", name,
                       s->object.name);
    }
}

// Is the name a column or table that the statement can mean?
static bool is_known_name(const Judge *judge, const char *name)
{
    const Schema *schemas[] = { judge->before, judge->after };
    for (size_t i = 0; i < COUNT_OF(schemas); i++) {
        if (!schemas[i])
            continue;
        VEC_EACH (Table *, it, &schemas[i]->tables) {
            if (strcasecmp((*it)->head.name, name) == 0)
                return true;
            VEC_EACH (Column *, column, &(*it)->columns)
                if (strcasecmp((*column)->head.name, name) == 0)
                    return true;
        }
    }
    return false;
}

// A double-quoted word after DEFAULT, an operator or in a condition that is no name of the database.
static void judge_quotes(const Judge *judge)
{
    const Clause *all = &judge->sentence->all;
    size_t values = judge->sentence->verb == VERB_INSERT ? clause_after(all, "VALUES") : 0;
    for (size_t i = 1; i < all->count && judge->before; i++) {
        const Token *token = &all->tokens[i], *before = &all->tokens[i - 1];
        if (token->kind != TOKEN_NAME || token->text.p[0] != '"')
            continue;
        bool value = token_is(before, "DEFAULT") || token_is(before, "=") || token_is(before, "==") ||
                     token_is(before, "<>") || token_is(before, "!=") || token_is(before, "LIKE") ||
                     token_is(before, "THEN") || token_is(before, "ELSE") || token_is(before, "||") ||
                     (values && i > values && (token_is(before, "(") || token_is(before, ",")));
        const char *name = token_name(judge->arena, token);
        if (value && !is_known_name(judge, name))
            lint_found(judge, "M109", judge->sentence->object.name, NULL, NULL,
                       "\"%s\" is not a name here, so SQLite takes it for a string", name);
    }
}

// UPDATE t SET a = 1, b = 2, a = 3
static void judge_assignments(const Judge *judge)
{
    const Clause *all = &judge->sentence->all;
    NameList seen = { 0 };
    size_t depth = 0, at = clause_after(all, "SET");
    for (bool begins = true; at && at < all->count; at++) {
        const Token *token = &all->tokens[at];
        depth += token_is(token, "(");
        depth -= token_is(token, ")") && depth;
        if (token_is(token, "WHERE") && !depth)
            break;
        if (begins && (token->kind == TOKEN_WORD || token->kind == TOKEN_NAME)) {
            const char *name = clause_name(judge->arena, judge->lint->dialect, all, at);
            if (names_have(&seen, name))
                lint_found(judge, "M114", judge->sentence->object.name, NULL, NULL,
                           "column %s is assigned twice", name);
            *VEC_PUSH(judge->arena, &seen) = name;
        }
        begins = token_is(token, ",") && !depth;
    }
}

static void judge_changes(const Judge *judge)
{
    VEC_EACH (Change, it, judge->changes) {
        if (it->kind != CHANGE_ALTER || it->want->kind != OBJECT_COLUMN ||
            lint_table_is_new(judge, (SqlName){ it->want->schema, it->want->table }) ||
            lint_made_here(judge->lint, OBJECT_COLUMN, it->want->schema, it->want->table, it->want->name))
            continue;
        const Column *want = (const Column *)(const void *)it->want;
        if (it->facets & FACET_DEFAULT && want->default_sql)
            lint_found(judge, "M111", want->head.table, NULL, NULL,
                       "rows that are there keep their value in column %s", want->head.name);
        // of MySQL and MariaDB, where a column follows its table, the values are asked: rules_values_mysql.c
        if (it->facets & FACET_COLLATION && !lint_is_engine(judge->lint, ON_BOTH_MYSQL))
            lint_found(judge, "M112", want->head.table, NULL, NULL,
                       "column %s of table %s compares by another collation", want->head.name,
                       want->head.table);
    }
}

static void judge_statement(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    judge_exists(judge);
    if (lint_is_engine(judge->lint, ON_SQLITE))
        judge_quotes(judge);
    if (s->verb == VERB_UPDATE)
        judge_assignments(judge);
    if ((s->verb == VERB_ALTER || s->verb == VERB_CREATE) && clause_after_anywhere(&s->all, "NOT ENFORCED"))
        lint_found(judge, "M106", s->object.name, NULL, NULL, "the constraint is not enforced");
    judge_changes(judge);
}

const LintFamily lint_meaning = { .group = "meaning", .rules = rules, .statement = judge_statement };
