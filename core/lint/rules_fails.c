// F: the statement may fail on rows that the scratch database does not have, or fails at once.
#include <string.h>
#include <strings.h>

#include "core/lint/internal.h"
#include "core/lint/locks.h"
#include "core/lint/model.h"

static const LintRule rules[] = {
    {.code = "F101",
     .name = "duplicates-may-exist",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "The rows may have duplicates.",
     .why = "The unique index or constraint is refused at the first duplicate, after reading every row.",
     .instead = "count them first: SELECT columns FROM table GROUP BY columns HAVING count(*) > 1",
     .aliases = "MF101 data-depends" },
    { .code = "F102",
     .name = "nulls-may-exist",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "The rows may have NULLs.",
     .why = "NOT NULL is refused, or on MySQL without strict mode the NULLs become 0 or ''.",
     .instead = "fill them first, in the same revision",
     .aliases = "MF104 adding-not-nullable-field" },
    { .code = "F103",
     .name = "no-value-for-old-rows",
     .engines = ON_ALL,
     .level = LINT_ERROR,
     .summary = "Rows that are there get no value in the new column.",
     .why = "A column that is NOT NULL and has no default cannot be added to a table with rows.",
     .instead = "give a default, or add it nullable, fill it, and set NOT NULL",
     .aliases = "MF103 adding-required-field" },
    { .code = "F104",
     .name = "rows-may-break-check",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "Rows may break the new check.",
     .why = "The check is refused at the first row that breaks it.",
     .instead = "count them first; PostgreSQL: add it NOT VALID, and VALIDATE later" },
    { .code = "F105",
     .name = "orphans-may-exist",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "Rows may reference what is not there.",
     .why = "The foreign key is refused at the first orphan.",
     .instead = "count them first; PostgreSQL: add it NOT VALID, and VALIDATE later" },
    { .code = "F111",
     .name = "blocked-by-dependent",
     .engines = ON_POSTGRESQL | ON_BOTH_MYSQL,
     .level = LINT_ERROR,
     .summary = "Something depends on the object, so the server refuses.",
     .why = "The scratch database refused the statement because of a dependent object.",
     .instead = "drop the dependents first, and create them again after it" },
    { .code = "F112",
     .name = "foreign-key-mismatch",
     .engines = ON_ALL,
     .level = LINT_ERROR,
     .summary = "The foreign key does not fit what it references.",
     .why = "The referenced columns are no key, or of another type. SQLite accepts the key and then refuses "
             "every write.", .instead = "reference a key, with columns of its types" },
    { .code = "F115",
     .name = "name-taken",
     .engines = ON_ALL,
     .level = LINT_ERROR,
     .summary = "An object of this name exists already.",
     .why = "The scratch database refused the statement because the name is taken.",
     .instead = "choose another name, or drop the old object first" },
    { 0                                                 },
};

static bool kind_is(const Sentence *s, const char *kind) { return strcmp(s->kind, kind) == 0; }

static bool code_is(const Judge *judge, const char *codes)
{
    const char *code = judge->refused ? judge->refused->native : "";
    size_t n = strlen(code);
    for (const char *p = codes; n && *p; p += strcspn(p, " "), p += strspn(p, " "))
        if (strcspn(p, " ") == n && strncmp(p, code, n) == 0)
            return true;
    return false;
}

// --- what the engine refused -----------------------------------------------

static void judge_refusal(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    const char *table = s->object.name, *message = judge->refused->message;
    bool sqlite = lint_is_engine(judge->lint, ON_SQLITE);
    if (code_is(judge, "2BP01 0A000 1451 1829 1828 1091 3730 1553 1833 3108 3837 3855 3959") &&
        s->verb != VERB_CREATE && !code_is(judge, "1091"))
        lint_found(judge, "F111", table, NULL, NULL, "the server refuses: %s", message);
    // MariaDB misses the column in the expression that uses it
    if (code_is(judge, "1054") && s->verb == VERB_ALTER && clause_after(&s->all, "DROP"))
        lint_found(judge, "F111", table, NULL, NULL, "the server refuses: %s", message);
    if (code_is(judge, "42830 42804 1005 1215 1822 3780 6125 1239"))
        lint_found(judge, "F112", table, NULL, NULL, "the server refuses: %s", message);
    bool taken = sqlite && strstr(message, "already exists");
    if (taken || code_is(judge, "42P07 42710 42701 42P06 42723 1050 1060 1061 1826 1304 1359 3822"))
        lint_found(judge, "F115", table, NULL, NULL, "the name is taken: %s", message);
}

// --- duplicates ------------------------------------------------------------

static bool is_within(const PartList *inner, const PartList *outer)
{
    VEC_EACH (Part, it, inner)
        if (!it->column || !parts_have_column(outer, it->column))
            return false;
    return inner->count > 0;
}

// Columns that hold a key already cannot have duplicates.
static bool holds_key(const Table *table, const PartList *columns)
{
    size_t at = 0;
    for (const PartList *parts; (parts = table_next_key(table, &at));)
        if (is_within(parts, columns))
            return true;
    return false;
}

static bool had_column(const Judge *judge, const Table *table, const char *name)
{
    const Table *before = schema_table(judge->renamed, table->head.schema, table->head.name);
    return before && table_column(before, name);
}

// Was the column filled by an earlier UPDATE of the set?
typedef struct Filled {
    const char *table, *column;
} Filled;

static bool fills(const Sentence *earlier, const void *payload)
{
    const Filled *wanted = payload;
    if (earlier->verb != VERB_UPDATE || !earlier->object.name ||
        strcasecmp(earlier->object.name, wanted->table) != 0)
        return false;
    for (size_t i = 0; i + 2 < earlier->all.count; i++)
        if (token_named(&earlier->all.tokens[i], wanted->column))
            return true;
    return false;
}

// A column that is new in this set, has no default and was not filled since is NULL in every row.
static bool is_all_null(const Judge *judge, const Table *table, const char *name)
{
    const Column *column = name ? table_column(table, name) : NULL;
    Filled filled = { table->head.name, name };
    return column && !lint_looks_back(judge, fills, &filled) && column->nullable && !column->default_sql &&
           !column->generated &&
           (lint_made_here(judge->lint, OBJECT_COLUMN, table->head.schema, table->head.name, name) ||
            !had_column(judge, table, name));
}

static bool has_all_null(const Judge *judge, const Table *table, const PartList *columns)
{
    VEC_EACH (Part, it, columns)
        if (is_all_null(judge, table, it->column))
            return true;
    return false;
}

static void judge_unique(const Judge *judge, const Table *before, const Table *after, const PartList *columns,
                         bool nulls_not_distinct, const char *where, const char *name)
{
    if (holds_key(before, columns) || (!nulls_not_distinct && has_all_null(judge, after, columns)))
        return;
    Tristate known = lint_ask_duplicates(judge, &before->head, columns, nulls_not_distinct, where);
    if (known != NO)
        lint_found(judge, "F101", after->head.name, NULL, NULL,
                   "rows of table %s %s duplicates, which %s refuses", after->head.name,
                   known == YES ? "have" : "may have", name ? name : "the new key");
}

// --- by what was made ------------------------------------------------------

// May the expression be false where all that it reads is NULL? An operator makes NULL of it, which a check lets pass.
static bool may_refuse_null(const TokenList *tokens)
{
    static const char *const harmless[] = { "ANY", "ALL",  "SOME",    "IN",      "ARRAY", "AND", "OR",
                                            "NOT", "CHAR", "VARCHAR", "NUMERIC", "BIT",   "LIKE" };
    for (size_t i = 0; i + 1 < tokens->count; i++) {
        const Token *token = &tokens->items[i];
        bool called = token->kind == TOKEN_WORD && token_is(token + 1, "(");
        for (size_t k = 0; called && k < COUNT_OF(harmless); k++)
            called = !token_is(token, harmless[k]);
        if (called || token_is(token, "IS") || token_is(token, "CASE") || token_is(token, "<=>") ||
            token_is(token, "ISNULL") || token_is(token, "NOTNULL"))
            return true;
    }
    return false;
}

// A check of new columns alone, which are NULL in every row.
static bool reads_only_null(const Judge *judge, const Table *table, const char *expression)
{
    TokenList tokens =
        lex_all(judge->arena, (Text){ expression, strlen(expression) }, judge->lint->dialect->lex);
    bool any = false;
    VEC_EACH (Column *, column, &table->columns)
        VEC_EACH (Token, it, &tokens) {
            if (!token_named(it, (*column)->head.name))
                continue;
            if (!is_all_null(judge, table, (*column)->head.name))
                return false;
            any = true;
        }
    return any && !may_refuse_null(&tokens);
}

static void judge_check(const Judge *judge, const Constraint *want, const Table *before, const Table *after,
                        const char *name)
{
    const char *table = after->head.name;
    if (want->not_valid || want->not_enforced || (want->column && is_all_null(judge, after, want->column)) ||
        (want->expression && reads_only_null(judge, after, want->expression)))
        return;
    Tristate known = want->expression ? lint_ask_check(judge, &before->head, want->expression) : UNSET;
    if (known != NO)
        lint_found(judge, "F104", table, NULL, NULL, "rows of table %s %s check %s", table,
                   known == YES ? "break" : "may break", name);
}

static void judge_new_reference(const Judge *judge, const Constraint *want, const Table *before,
                                const Table *after)
{
    const char *table = after->head.name;
    if (want->not_valid || has_all_null(judge, after, &want->parts))
        return;
    const Table *parent = schema_table(judge->after, want->referred_schema, want->referred_table);
    Tristate known = lint_ask_orphans(judge, &before->head, want, parent);
    if (known != NO)
        lint_found(judge, "F105", table, NULL, NULL, "rows of table %s %s rows of %s that are not there",
                   table, known == YES ? "reference" : "may reference", want->referred_table);
}

static void judge_constraint(const Judge *judge, const Constraint *want, const Table *before,
                             const Table *after)
{
    const char *name = want->head.name ? want->head.name : "(unnamed)";
    switch ((int)want->head.kind) {
    case OBJECT_PRIMARY_KEY:
    case OBJECT_UNIQUE:
        judge_unique(judge, before, after, &want->parts, want->nulls_not_distinct, NULL, want->head.name);
        break;
    case OBJECT_CHECK: judge_check(judge, want, before, after, name); break;
    case OBJECT_FOREIGN_KEY: judge_new_reference(judge, want, before, after); break;
    default: break;
    }
}

static const Constraint *named_constraint(const Table *table, const char *name)
{
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.name && strcmp((*it)->head.name, name) == 0)
            return *it;
    return NULL;
}

static bool changes_table(const Sentence *earlier, const void *payload)
{
    return (earlier->verb == VERB_UPDATE || earlier->verb == VERB_DELETE) && earlier->object.name &&
           strcmp(earlier->object.name, payload) == 0;
}

// ALTER TABLE … VALIDATE CONSTRAINT: the rows that the constraint was not asked of, unless the section put them right.
static void judge_validation(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    const Table *before = lint_table(judge->renamed, s->object), *after = lint_table(judge->after, s->object);
    if (!before || !after || lint_table_is_new(judge, s->object) ||
        lint_looks_back(judge, changes_table, s->object.name))
        return;
    VEC_EACH (const Clause, it, &s->clauses) {
        const char *name = clause_begins(it, "VALIDATE CONSTRAINT")
                               ? clause_name(judge->arena, judge->lint->dialect, it, 2)
                               : NULL;
        const Constraint *have = name ? named_constraint(before, name) : NULL;
        const Constraint *want = name ? named_constraint(after, name) : NULL;
        if (have && have->not_valid && want && !want->not_valid)
            judge_constraint(judge, want, before, after);
    }
}

// The copy of a rebuild: UPDATE of the copy, or INSERT INTO copy SELECT … where NULLs are replaced or left out.
static bool copy_fills(const Judge *judge, const char *table, const char *column)
{
    const Filled filled = { table, column };
    for (size_t i = 0; i < judge->section->statements.count; i++) {
        const Sentence *s = &judge->sentences[i];
        const Text sql = judge->section->statements.items[i].sql;
        bool copies = s->verb == VERB_INSERT && (clause_after_anywhere(&s->all, "ifnull|coalesce|case") ||
                                                 clause_after_anywhere(&s->all, "IS NOT NULL"));
        if (fills(s, &filled) || (copies && memmem(sql.p, sql.n, column, strlen(column))))
            return true;
    }
    return false;
}

// PostgreSQL does not read a table of which a valid CHECK proves that the column has no NULL.
static bool is_proved(const Judge *judge)
{
    return lint_is_engine(judge->lint, ON_POSTGRESQL) && judge->measured && !judge->refused &&
           judge->sentence->verb == VERB_ALTER && judge->measured->tables.count && !locks_read(judge);
}

static void judge_not_null(const Judge *judge, const Change *change)
{
    const Column *want = (const Column *)(const void *)change->want;
    const char *table = want->head.table;
    const Filled filled = { table, want->head.name };
    SqlName name = { want->head.schema, table };
    if (!(change->facets & FACET_NULLABLE) || want->nullable || lint_table_is_new(judge, name) ||
        lint_looks_back(judge, fills, &filled) || is_proved(judge) ||
        (judge->rebuilt && copy_fills(judge, table, want->head.name)))
        return;
    const Object owner = { .kind = OBJECT_TABLE, .schema = want->head.schema, .name = table };
    Tristate known = lint_ask_null(judge, &owner, want->head.name);
    if (known != NO)
        lint_found(judge, "F102", table, NULL, NULL, "rows of table %s %s NULL in column %s", table,
                   known == YES ? "have" : "may have", want->head.name);
}

// Keys, checks, indexes and columns that the rows of an existing table may violate. New tables are empty, and
// a key that takes over an index was checked with it.
static void judge_created(const Judge *judge, const Change *change)
{
    const Object *want = change->want;
    SqlName name = { want->schema, want->table };
    const Table *before = lint_table(judge->renamed, name), *after = lint_table(judge->after, name);
    if (!before || !after || lint_table_is_new(judge, name))
        return;
    if (want->kind == OBJECT_INDEX) {
        const Index *index = (const Index *)(const void *)want;
        if (index->unique)
            judge_unique(judge, before, after, &index->parts, index->nulls_not_distinct, index->where,
                         want->name);
    } else if (want->kind == OBJECT_COLUMN) {
        const Column *column = (const Column *)(const void *)want;
        Tristate rows = UNSET;
        if (!judge->rebuilt && column_leaves_rows_empty(column) &&
            !model_has_column(judge->arena, judge->renamed, before, want->name) &&
            !lint_is_engine(judge->lint, ON_BOTH_MYSQL) &&
            (rows = lint_ask_rows(judge, &before->head, NULL)) != NO)
            lint_found(judge, "F103", want->table, NULL, NULL,
                       "column %s takes no NULL and has no default: table %s %s rows", want->name,
                       want->table, rows == YES ? "has" : "may have");
    } else if (want->kind == OBJECT_PRIMARY_KEY || want->kind == OBJECT_UNIQUE ||
               want->kind == OBJECT_CHECK || want->kind == OBJECT_FOREIGN_KEY) {
        if (!clause_after(&judge->sentence->all, "USING INDEX"))
            judge_constraint(judge, (const Constraint *)(const void *)want, before, after);
    }
}

// What the text asks for, where the server refused it on rows of the scratch database.
static void judge_refused_text(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    if (s->verb != VERB_ALTER || !kind_is(s, "table") || lint_table_is_new(judge, s->object))
        return;
    VEC_EACH (const Clause, it, &s->clauses) {
        if (!clause_begins(it, "ADD"))
            continue;
        bool column = !clause_begins(
            it, "ADD CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN|INDEX|KEY|EXCLUDE|FULLTEXT|SPATIAL");
        if (clause_after(it, "UNIQUE|PRIMARY") && code_is(judge, "23505 1062"))
            lint_found(judge, "F101", s->object.name, NULL, NULL,
                       "rows of table %s have duplicates, which the new key refuses", s->object.name);
        if (!clause_after(it, "NOT VALID") && clause_after(it, "CHECK"))
            lint_found(judge, "F104", s->object.name, NULL, NULL, "rows of table %s break the new check",
                       s->object.name);
        if (!clause_after(it, "NOT VALID") && clause_after(it, "FOREIGN KEY"))
            lint_found(judge, "F105", s->object.name, NULL, NULL,
                       "rows of table %s reference what is not there", s->object.name);
        if (column && clause_after(it, "NOT NULL") &&
            !clause_after(it, "DEFAULT|GENERATED|AS|AUTO_INCREMENT"))
            lint_found(judge, "F103", s->object.name, NULL, NULL,
                       "the new column takes no NULL and has no default");
    }
}

// An index that is made again under its name, and unique now.
static void judge_index(const Judge *judge, const Change *change)
{
    const Index *have = (const Index *)(const void *)change->have,
                *want = (const Index *)(const void *)change->want;
    SqlName name = { want->head.schema, want->head.table };
    const Table *before = lint_table(judge->renamed, name), *after = lint_table(judge->after, name);
    if (before && after && want->unique && !lint_table_is_new(judge, name) &&
        (!have->unique || change->facets & FACET_PARTS))
        judge_unique(judge, before, after, &want->parts, want->nulls_not_distinct, want->where,
                     want->head.name);
}

static void judge_statement(const Judge *judge)
{
    if (judge->refused) {
        judge_refusal(judge);
        if (!judge->after) // else the changes tell
            judge_refused_text(judge);
    }
    if (judge->sentence->verb == VERB_ALTER)
        judge_validation(judge);
    VEC_EACH (Change, it, judge->changes) {
        if (it->kind == CHANGE_CREATE)
            judge_created(judge, it);
        else if (it->kind == CHANGE_ALTER && it->want->kind == OBJECT_COLUMN)
            judge_not_null(judge, it);
        else if (it->kind == CHANGE_ALTER && it->want->kind == OBJECT_INDEX)
            judge_index(judge, it);
    }
}

const LintFamily lint_fails = { .group = "fails", .rules = rules, .statement = judge_statement };
