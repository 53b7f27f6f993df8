// D1 and F1 of MySQL and MariaDB: what becomes of values when a column changes.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/lint/internal.h"
#include "core/lint/types.h"
#include "core/lint/values.h"

static const LintRule destroying[] = {
    {.code = "D113",
     .name = "charset-narrowed",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_ERROR,
     .summary = "The new character set lacks characters of the old one.",
     .why = "Text with such a character makes the statement fail in strict mode; without that it becomes "
             "'?'.", .instead =
          "look for rows that do not convert: WHERE CONVERT(CONVERT(column USING new) USING old) <> column" },
    { 0},
};

static const LintRule failing[] = {
    {.code = "F114",
     .name = "index-or-row-too-large",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_ERROR,
     .summary = "The index or the row is larger than the engine takes.",
     .why =
          "InnoDB indexes 3072 bytes (767 in the old row formats), four for each character of utf8mb4; a row "
          "without its BLOBs and TEXTs has at most 65535 bytes. TEXT and BLOB are indexed by a prefix "
          "only.", .instead = "index a prefix, name(100), or use shorter columns" },
    { .code = "F116",
     .name = "shrinks-unique-key",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_WARNING,
     .summary = "A unique key loses one of its columns.",
     .why = "MySQL takes the column out of the key without a word, and fails with 1062 where the rest has "
             "duplicates; MariaDB refuses it (1072).", .instead = "drop the key first, or make the one that is wanted" },
    { 0},
};

static const char *title(const Judge *judge, const Column *column)
{
    return arena_printf(judge->arena, "%s.%s", column->head.table, column->head.name);
}

// --- a column that changes -------------------------------------------------

static void judge_type(const Judge *judge, const Column *have, const Column *want)
{
    const char *table = want->head.table, *name = title(judge, want);
    ValueFit fit = values_fit(judge->arena, judge->renamed, have, want);
    if (fit.lost)
        lint_found(judge, "D108", table, NULL, NULL, "%s loses %s: it is %s now, not %s", name, fit.lost,
                   want->type, have->type);
    if (fit.fraction)
        lint_found(judge, "M113", table, NULL, NULL, "%s of %s are %s", fit.lost, name,
                   lint_is_engine(judge->lint, ON_MARIADB) ? "cut" : "rounded");
    if (fit.misfit)
        lint_found(judge, "F106", table, NULL, NULL, "%s may have %s, which %s does not take", name,
                   fit.misfit, want->type);
}

static size_t place_in(const NameList *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0)
            return i;
    return SIZE_MAX;
}

// ENUM and SET store numbers: a value that is gone becomes an empty text, and one that comes in between
// changes the sort order of those after it.
static void judge_values(const Judge *judge, const Column *have, const Column *want)
{
    NameList old = { 0 }, new = { 0 };
    size_t last = 0, passed = 0;
    bool moved = false;
    if (!type_values(judge->arena, have->type, &old) || !type_values(judge->arena, want->type, &new))
        return;
    for (size_t i = 0; i < old.count; i++) {
        size_t at = place_in(&new, old.items[i]);
        if (at == SIZE_MAX) {
            lint_found(judge, "D110", want->head.table, NULL, NULL, "%s has no value '%s' any more",
                       title(judge, want), old.items[i]);
            continue;
        }
        moved |= passed && at < last;
        for (size_t k = 0; k < at; k++)
            moved |= place_in(&old, new.items[k]) == SIZE_MAX; // a new value in front of it
        last = at;
        passed++;
    }
    if (moved)
        lint_found(judge, "M105", want->head.table, NULL, NULL, "the values of %s have another order",
                   title(judge, want));
}

static const Table *table_in(const Schema *schema, const Object *part)
{
    return schema_table(schema, part->schema, part->table);
}

static void judge_charset(const Judge *judge, const Column *have, const Column *want)
{
    const char *old = values_charset(judge->arena, judge->renamed, have);
    const char *new = values_charset(judge->arena, judge->after, want);
    if (old && new && !values_charset_holds(new, old))
        lint_found(judge, "D113", want->head.table, NULL, NULL, "%s is %s now, which lacks characters of %s",
                   title(judge, want), new, old);
}

static bool is_unique_part(const Table *table, const char *column)
{
    size_t at = 0;
    for (const PartList *parts; (parts = table_next_key(table, &at));)
        if (parts_have_column(parts, column))
            return true;
    return false;
}

// Where the default of the table changes, its columns keep theirs: only then it is written out.
static void judge_collation(const Judge *judge, const Column *have, const Column *want, const Table *table)
{
    const char *collation = values_collation(judge->after, want);
    if (same_text(values_collation(judge->renamed, have), collation))
        return;
    lint_found(judge, "M112", want->head.table, NULL, NULL, "%s compares by collation %s now",
               title(judge, want), collation ? collation : "of the server");
    if (table && is_unique_part(table, want->head.name))
        lint_found(judge, "F101", want->head.table, NULL, NULL,
                   "values of %s that are different now may be equal by collation %s", title(judge, want),
                   collation ? collation : "of the server");
}

static void judge_column(const Judge *judge, const Change *change)
{
    const Column *have = (const Column *)(const void *)change->have,
                 *want = (const Column *)(const void *)change->want;
    SqlName name = { want->head.schema, want->head.table };
    if (have->generated || lint_table_is_new(judge, name) ||
        lint_made_here(judge->lint, OBJECT_COLUMN, want->head.schema, want->head.table, have->head.name))
        return;
    if (change->facets & FACET_TYPE) {
        judge_type(judge, have, want);
        judge_values(judge, have, want);
    }
    judge_charset(judge, have, want);
    if (change->facets & FACET_COLLATION)
        judge_collation(judge, have, want, table_in(judge->after, &want->head));
}

// CONVERT TO CHARACTER SET: the columns follow their table, and are no changes of their own.
static void judge_converted(const Judge *judge, const Change *change)
{
    SqlName name = { change->want->schema, change->want->name };
    const Table *before = lint_table(judge->renamed, name), *after = lint_table(judge->after, name);
    if (!before || !after || lint_table_is_new(judge, name))
        return;
    VEC_EACH (Column *, it, &after->columns) {
        const Column *have = table_column(before, (*it)->head.name);
        const char *charset = have ? values_charset(judge->arena, judge->after, *it) : NULL;
        if (!charset || have->collation || (*it)->collation)
            continue;
        judge_charset(judge, have, *it);
        judge_collation(judge, have, *it, after);
    }
}

// --- keys that lose a column -----------------------------------------------

static bool is_dropped(const Judge *judge, const Sentence *s, const char *name)
{
    VEC_EACH (const Clause, it, &s->clauses) {
        size_t at = clause_begins(it, "DROP COLUMN") ? 2 : clause_begins(it, "DROP") ? 1 : 0;
        if (at && clause_after(it, "IF EXISTS") == at + 2)
            at += 2;
        const char *column = at ? clause_name(judge->arena, judge->lint->dialect, it, at) : NULL;
        if (column && strcasecmp(column, name) == 0)
            return true;
    }
    return false;
}

static bool drops_key(const Judge *judge, const Sentence *s, const char *name)
{
    VEC_EACH (const Clause, it, &s->clauses) {
        if (!name && clause_begins(it, "DROP PRIMARY KEY"))
            return true;
        size_t at = clause_begins(it, "DROP INDEX|KEY|CONSTRAINT") ? 2 : 0;
        const char *key = at ? clause_name(judge->arena, judge->lint->dialect, it, at) : NULL;
        if (name && key && strcasecmp(key, name) == 0)
            return true;
    }
    return false;
}

static void judge_key(const Judge *judge, const Table *table, const PartList *parts, const char *name)
{
    const Sentence *s = judge->sentence;
    size_t dropped = 0;
    VEC_EACH (Part, it, parts)
        dropped += it->column && is_dropped(judge, s, it->column);
    if (dropped && dropped < parts->count && !drops_key(judge, s, name))
        lint_found(judge, "F116", table->head.name, NULL, NULL, "unique key %s of table %s loses a column",
                   name ? name : "PRIMARY", table->head.name);
}

static void judge_keys(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    const Table *table = lint_table(judge->before, s->object);
    if (s->verb != VERB_ALTER || !table || lint_table_is_new(judge, s->object))
        return;
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.kind == OBJECT_UNIQUE || (*it)->head.kind == OBJECT_PRIMARY_KEY)
            judge_key(judge, table, &(*it)->parts,
                      (*it)->head.kind == OBJECT_PRIMARY_KEY ? NULL : (*it)->head.name);
    VEC_EACH (Index *, it, &table->indexes)
        if ((*it)->unique)
            judge_key(judge, table, &(*it)->parts, (*it)->head.name);
}

// --- partitions ------------------------------------------------------------

// "LESS THAN (20)": the last bound, where it is one number. False: there is none, or it is something else.
static bool last_bound(const char *text, double *out)
{
    const char *at = NULL;
    for (const char *p = text; (p = strcasestr(p, "LESS THAN")) != NULL; p += 9)
        at = p + 9;
    if (!at)
        return false;
    at += strspn(at, " (");
    char *end;
    *out = strtod(at, &end);
    return end != at;
}

static void judge_partitions(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    const Table *table = lint_table(judge->before, s->object);
    if (s->verb != VERB_ALTER || lint_table_is_new(judge, s->object) || !s->object.name)
        return;
    size_t at = clause_after(&s->all, "PARTITION BY");
    const char *text = at ? clause_text(judge->arena, &s->all, at, s->all.count) : "";
    const char *before = table ? option_get(&table->head.options, "partition_by") : NULL;
    bool open = strcasestr(text, "MAXVALUE") || strcasestr(text, "DEFAULT");
    bool bounded = at && clause_begins(&(Clause){ s->all.tokens + at, s->all.count - at }, "RANGE|LIST");
    double old, new;
    bool grows = before && last_bound(before, &old) && last_bound(text, &new) && new >= old &&
                 !strcasestr(before, "MAXVALUE");
    if (bounded && !open && !grows)
        lint_found(judge, "F108", s->object.name, NULL, NULL,
                   "table %s may have rows that no partition takes", s->object.name);
    VEC_EACH (const Clause, it, &s->clauses)
        if (clause_begins(it, "EXCHANGE PARTITION") && !clause_after(&s->all, "WITHOUT VALIDATION"))
            lint_found(judge, "F108", s->object.name, NULL, NULL,
                       "the exchanged table may have rows that belong into another partition");
}

// --- what the server refused -----------------------------------------------

static void judge_size(const Judge *judge)
{
    static const char *const codes[] = { "1071", "1074", "1117", "1118", "1170", "1709" };
    for (size_t i = 0; judge->refused && i < COUNT_OF(codes); i++)
        if (strcmp(judge->refused->native, codes[i]) == 0)
            lint_found(judge, "F114", judge->sentence->object.name, NULL, NULL, "the server refuses: %s",
                       judge->refused->message);
}

static void judge_statement(const Judge *judge)
{
    if (!lint_is_engine(judge->lint, ON_BOTH_MYSQL))
        return;
    VEC_EACH (Change, it, judge->changes)
        if (it->kind == CHANGE_ALTER && it->want->kind == OBJECT_COLUMN)
            judge_column(judge, it);
        else if (it->kind == CHANGE_ALTER && it->want->kind == OBJECT_TABLE)
            judge_converted(judge, it);
    judge_keys(judge);
    judge_partitions(judge);
    judge_size(judge);
}

const LintFamily lint_destroys_mysql = { .group = "destroys",
                                         .rules = destroying,
                                         .statement = judge_statement };
const LintFamily lint_fails_mysql = { .group = "fails", .rules = failing };
