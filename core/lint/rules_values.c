// What becomes of the values of a column that gets another type (D, F and M): lost, refused, or read otherwise. For MySQL
// and MariaDB, where the character set and the mode decide too, rules_values_mysql.c says it.
#include <string.h>
#include <strings.h>

#include "core/base/base.h"
#include "core/lint/locks.h"
#include "core/lint/model.h"
#include "core/lint/types.h"

static const LintRule lost_rules[] = {
    {.code = "D108",
     .name = "lossy-type-change",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "The new type cuts or rounds the values.",
     .why = "Digits after the point, fractions of a second, the time of a date and digits of a float are "
             "gone without "
             "an error.", .instead = "add a column of the new type, fill it, and compare before the old one is dropped",
     .aliases = "changing-column-type" },
    { .code = "D110",
     .name = "drop-enum-value",
     .engines = ON_POSTGRESQL | ON_BOTH_MYSQL,
     .level = LINT_ERROR,
     .summary = "An enum or set loses a value.",
     .why = "Rows that have it are refused; on MySQL and MariaDB without strict mode it becomes ''.",
     .instead = "count the rows first, and move them to another value",
     .aliases = "MY110 MY120" },
    { 0},
};

static const LintRule fail_rules[] = {
    {.code = "F106",
     .name = "values-may-not-fit",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "Values may not fit into the new type.",
     .why = "The first one that does not is refused, after the table was locked and read to that row.",
     .instead = "count them first: SELECT count(*) FROM table WHERE value > limit" },
    { .code = "F107",
     .name = "cast-may-fail",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "A text may not be a value of the new type.",
     .why = "The cast is tried row by row under an ACCESS EXCLUSIVE lock, and refused at the first text "
             "that does not "
             "fit.", .instead = "try the cast in a SELECT first; from 16, pg_input_is_valid() finds the rows" },
    { .code = "F108",
     .name = "rows-may-leave-partition",
     .engines = ON_POSTGRESQL | ON_BOTH_MYSQL,
     .level = LINT_WARNING,
     .summary = "Rows may lie outside of the bounds.",
     .why = "Attaching a table reads its rows, and a new partition those of the default partition: the "
             "first row that "
             "belongs elsewhere is refused.", .instead = "count them first, and move them" },
    { .code = "F113",
     .name = "enum-value-used-at-once",
     .engines = ON_POSTGRESQL,
     .level = LINT_ERROR,
     .summary = "A new value of an enum is used in the transaction that added it.",
     .why = "The server refuses it (55P04), from 17 unless the type was made in the same transaction.",
     .instead = "add the value in a section or a revision of its own",
     .aliases = "alter-enum-add-value" },
    { 0                                                              },
};

static const LintRule meaning_rules[] = {
    {.code = "M103",
     .name = "time-zone-decides",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "The time zone of the session decides what the values become.",
     .why = "Between timestamp and timestamptz each value is converted by the setting TimeZone, which is "
             "another on "
             "another machine. Only where it is UTC the table is not rewritten.", .instead = "SET LOCAL timezone = 'UTC' before it, or USING c AT TIME ZONE 'zone'" },
    { .code = "M105",
     .name = "enum-order-changed",
     .engines = ON_POSTGRESQL | ON_BOTH_MYSQL,
     .level = LINT_WARNING,
     .summary = "The values of the enum are in another order.",
     .why = "ORDER BY, < and > follow the order of the values; MySQL and MariaDB copy the table besides.",
     .instead = "append new values at the end",
     .aliases = "require-enum-value-ordering MY111 MY112" },
    { .code = "M108",
     .name = "literal-frozen",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "'now' and 'today' as literals are read once, when the statement runs.",
     .why = "Every later row gets the moment of the migration.",
     .instead = "now(), current_date" },
    { 0},
};

static const Column *as_column(const Object *object) { return (const Column *)(const void *)object; }
static bool kind_is(const Sentence *s, const char *kind) { return strcmp(s->kind, kind) == 0; }

static Holds holds(const Judge *judge, const char *type)
{
    return type_holds(type, lint_is_engine(judge->lint, ON_BOTH_MYSQL));
}

// A column of a table with rows that the statement gave another type, or would have, had the rows fitted.
typedef struct Retyped {
    const char *table, *name, *have, *want;
    const Clause *clause; // of the text; NULL: not found
} Retyped;

typedef void RetypedFn(const Judge *judge, const Retyped *it);

static const Clause *clause_of(const Judge *judge, const char *column)
{
    VEC_EACH (const Clause, it, &judge->sentence->clauses)
        for (size_t i = 1; i < it->count && i < 4; i++)
            if (token_named(&it->tokens[i], column) && clause_begins(it, "ALTER|MODIFY|CHANGE"))
                return it;
    return NULL;
}

// ALTER [COLUMN] c [SET DATA] TYPE t, where the server refused the rows
static void each_refused(const Judge *judge, const Table *table, RetypedFn *visit)
{
    const Dialect *dialect = judge->lint->dialect;
    VEC_EACH (const Clause, it, &judge->sentence->clauses) {
        bool alters = clause_begins(it, "ALTER"), modifies = clause_begins(it, "MODIFY");
        size_t at = it->count > 1 && token_is(&it->tokens[1], "COLUMN") ? 2 : 1;
        size_t type = alters ? clause_after(it, "TYPE") : modifies ? at + 1 : 0;
        const char *name = alters || modifies ? clause_name(judge->arena, dialect, it, at) : NULL;
        const Column *column = name ? table_column(table, name) : NULL;
        size_t end = type;
        while (end && end < it->count && !token_is(&it->tokens[end], "USING") &&
               !token_is(&it->tokens[end], "COLLATE") && !token_is(&it->tokens[end], "NOT"))
            end++;
        if (column && end > type)
            visit(judge, &(Retyped){ table->head.name, name, column->type,
                                     clause_text(judge->arena, it, type, end), it });
    }
}

static void each_retyped(const Judge *judge, RetypedFn *visit)
{
    const Table *table = lint_table(judge->before, judge->sentence->object);
    // SQLite keeps a value whatever the type says; MySQL and MariaDB have rules of their own
    if (lint_is_engine(judge->lint, ON_BOTH_MYSQL | ON_SQLITE))
        return;
    VEC_EACH (Change, it, judge->changes) {
        if (it->kind != CHANGE_ALTER || it->want->kind != OBJECT_COLUMN || !(it->facets & FACET_TYPE) ||
            lint_made_here(judge->lint, OBJECT_COLUMN, it->have->schema, it->have->table, it->have->name) ||
            lint_table_is_new(judge, (SqlName){ it->have->schema, it->have->table }))
            continue;
        visit(judge, &(Retyped){ it->want->table, it->want->name, as_column(it->have)->type,
                                 as_column(it->want)->type, clause_of(judge, it->have->name) });
    }
    bool by_rows =
        judge->refused && !judge->after &&
        (strncmp(judge->refused->native, "22", 2) == 0 || strncmp(judge->refused->native, "12", 2) == 0 ||
         strncmp(judge->refused->native, "14", 2) == 0);
    if (by_rows && table && judge->sentence->verb == VERB_ALTER &&
        lint_table_is_old(judge, judge->sentence->object))
        each_refused(judge, table, visit);
}

static bool has_using(const Retyped *it) { return it->clause && clause_after(it->clause, "USING"); }

// --- D: lost ---------------------------------------------------------------

// Calls with what a list of values has lost, and tells whether the rest is in another order.
static const char *lost_value(const NameList *have, const NameList *want, bool *reordered)
{
    const char *lost = NULL;
    size_t last = 0;
    VEC_EACH (const char *, it, have) {
        size_t at = 0;
        while (at < want->count && strcmp(want->items[at], *it) != 0)
            at++;
        if (at == want->count) {
            lost = lost ? lost : *it;
            continue;
        }
        *reordered |= at < last;
        last = at;
    }
    return lost;
}

static void judge_values(const Judge *judge, const Retyped *it)
{
    NameList have = { 0 }, want = { 0 };
    bool reordered = false;
    if (!type_values(judge->arena, it->have, &have) || !type_values(judge->arena, it->want, &want))
        return;
    const char *lost = lost_value(&have, &want, &reordered);
    if (lost)
        lint_found(judge, "D110", it->table, NULL, NULL, "column %s of table %s loses the value '%s'",
                   it->name, it->table, lost);
    if (reordered)
        lint_found(judge, "M105", it->table, NULL, NULL,
                   "the values of column %s of table %s are in another order", it->name, it->table);
}

static void judge_lossy(const Judge *judge, const Retyped *it)
{
    Holds have = holds(judge, it->have), want = holds(judge, it->want);
    // a cast in USING cuts what the plain change refuses
    bool cuts =
        has_using(it) && have.kind == HOLDS_TEXT && want.kind == HOLDS_TEXT && want.digits < have.digits;
    if (type_loses(&have, &want) || cuts)
        lint_found(judge, "D108", it->table, NULL, NULL,
                   "column %s of table %s loses digits or parts: %s to %s", it->name, it->table, it->have,
                   it->want);
    judge_values(judge, it);
}

static void judge_lost(const Judge *judge) { each_retyped(judge, judge_lossy); }

static bool is_renamed_value(const JudgeRevision *judge, const char *value)
{
    VEC_EACH (Section *, section, &judge->up)
        VEC_EACH (ScriptStatement, it, &(*section)->statements) {
            Sentence s;
            sentence_read(judge->arena, judge->lint->dialect,
                          arena_strndup(judge->arena, it->sql.p, it->sql.n), &s);
            const Clause *clause = locks_clause(&s, "RENAME VALUE");
            if (clause && clause->count > 2 &&
                strcmp(token_name(judge->arena, &clause->tokens[2]), value) == 0)
                return true;
        }
    return false;
}

static const EnumType *enum_before(const JudgeRevision *judge, const Object *type)
{
    return (const EnumType *)(const void *)schema_object(judge->before, OBJECT_ENUM, type->schema, NULL,
                                                         type->name);
}

// PostgreSQL takes no value away from an enum: the type is made again under its name, in any number of statements.
static void judge_enums(const JudgeRevision *judge, bool order)
{
    if (!judge->before || !judge->after || !lint_is_engine(judge->lint, ON_POSTGRESQL))
        return;
    VEC_EACH (Object *, it, &judge->after->objects) {
        if ((*it)->kind != OBJECT_ENUM)
            continue;
        const EnumType *want = (const EnumType *)(const void *)*it, *have = enum_before(judge, *it);
        bool reordered = false;
        const char *lost = have ? lost_value(&have->values, &want->values, &reordered) : NULL;
        if (!order && lost && !is_renamed_value(judge, lost))
            lint_found_in(judge, "D110", lint_place_of(judge, *it), NULL, "enum %s loses the value '%s'",
                          (*it)->name, lost);
        if (order && reordered)
            lint_found_in(judge, "M105", lint_place_of(judge, *it), NULL,
                          "the values of enum %s are in another order", (*it)->name);
    }
}

static void judge_lost_values(const JudgeRevision *judge) { judge_enums(judge, false); }
static void judge_order(const JudgeRevision *judge) { judge_enums(judge, true); }

// --- F: refused ------------------------------------------------------------

static bool is_text(const Holds *holds) { return holds->kind == HOLDS_TEXT; }

static bool is_enum(const Judge *judge, const char *type)
{
    VEC_EACH (Object *, it, &judge->before->objects)
        if ((*it)->kind == OBJECT_ENUM && strcmp((*it)->name, type) == 0)
            return true;
    return false;
}

static void judge_fit(const Judge *judge, const Retyped *it)
{
    Holds have = holds(judge, it->have), want = holds(judge, it->want);
    bool between_texts = is_text(&have) && is_text(&want);
    if (type_may_not_fit(&have, &want) && !(between_texts && has_using(it)))
        lint_found(judge, "F106", it->table, NULL, NULL,
                   "values of column %s of table %s may not fit: %s to %s", it->name, it->table, it->have,
                   it->want);
    bool texts = is_text(&have) || is_enum(judge, it->have);
    bool any = is_text(&want) || strcasecmp(it->want, "bytea") == 0 || strcasecmp(it->want, "name") == 0;
    if (texts && !any)
        lint_found(judge, "F107", it->table, NULL, NULL, "a value of column %s of table %s may be no %s",
                   it->name, it->table, it->want);
}

static bool is_partitioning(const Sentence *s)
{
    return clause_after(&s->all, "ATTACH PARTITION") || clause_after(&s->all, "PARTITION OF");
}

static void judge_bounds(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    const TableCost *read = locks_read(judge);
    const char *name = read ? read->table : s->object.name;
    bool postgresql = lint_is_engine(judge->lint, ON_POSTGRESQL);
    if (postgresql && is_partitioning(s) && (read || locks_rows_refused(judge, "23514")))
        lint_found(judge, "F108", name, NULL, NULL, "rows of table %s may belong to another partition", name);
}

static void judge_failing(const Judge *judge)
{
    each_retyped(judge, judge_fit);
    judge_bounds(judge);
    if (judge->refused && strcmp(judge->refused->native, "55P04") == 0)
        lint_found(judge, "F113", judge->sentence->object.name, NULL, NULL, "the server refuses: %s",
                   judge->refused->message);
}

// --- M: read otherwise -----------------------------------------------------

static bool sets_time_zone(const Sentence *earlier, const void *payload)
{
    (void)payload;
    return earlier->verb == VERB_SET &&
           (clause_after(&earlier->all, "timezone") || clause_after(&earlier->all, "TIME ZONE"));
}

static void judge_zone(const Judge *judge, const Retyped *it)
{
    Holds have = holds(judge, it->have), want = holds(judge, it->want);
    bool moments = (have.kind == HOLDS_TIME || have.kind == HOLDS_DATE) &&
                   (want.kind == HOLDS_TIME || want.kind == HOLDS_DATE);
    bool of_day = have.kind == HOLDS_TIME && have.digits == 0 && want.kind == HOLDS_TIME && want.digits == 0;
    bool spelled = it->clause && clause_after(it->clause, "AT TIME ZONE");
    if (moments && !of_day && have.zoned != want.zoned && !spelled &&
        !lint_looks_back(judge, sets_time_zone, NULL))
        lint_found(judge, "M103", it->table, NULL, NULL,
                   "the session's time zone decides what column %s of table %s becomes", it->name, it->table);
}

static bool is_frozen(Arena *arena, const Token *token)
{
    static const char *const words[] = { "now", "today", "tomorrow", "yesterday" };
    if (token->kind != TOKEN_STRING)
        return false;
    const char *text = token_name(arena, token);
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

// Is a type of time written between the column's beginning and the default, or as its cast?
static bool is_of_time(const Judge *judge, const Clause *all, size_t index)
{
    static const char *const words[] = { "timestamp", "timestamptz", "date", "time", "timetz" };
    size_t depth = 0;
    for (size_t i = index + 1; i < all->count && i < index + 3; i++) // 'now'::timestamp
        for (size_t k = 0; k < COUNT_OF(words); k++)
            if (token_is(&all->tokens[i], words[k]))
                return true;
    for (size_t i = index; i-- > 0;) {
        const Token *token = &all->tokens[i];
        depth += token_is(token, ")");
        if ((token_is(token, "(") || token_is(token, ",")) && !depth)
            break;
        depth -= token_is(token, "(") && depth;
        for (size_t k = 0; k < COUNT_OF(words); k++)
            if (token_is(token, words[k]))
                return true;
        const Table *table = lint_table(judge->after, judge->sentence->object);
        const Column *column = token_is(token, "ALTER") && table && i + 1 < all->count
                                   ? table_column(table, token_name(judge->arena, &all->tokens[i + 1]))
                                   : NULL;
        if (token_is(token, "COLUMN") && table && i + 1 < all->count)
            column = table_column(table, token_name(judge->arena, &all->tokens[i + 1]));
        Holds moment = holds(judge, column ? column->type : NULL);
        if (moment.kind == HOLDS_TIME || moment.kind == HOLDS_DATE)
            return true;
    }
    return false;
}

static bool has_literal(const Column *column, const Token *literal)
{
    const char *text = column->default_sql;
    size_t n = literal->text.n;
    for (; text && strlen(text) >= n; text++)
        if (strncasecmp(text, literal->text.p, n) == 0)
            return true;
    return false;
}

// Does a default that the server has now still hold the literal? Then it is read with each row: 'now'::text::timestamp.
static bool stays_literal(const Judge *judge, const Token *literal)
{
    VEC_EACH (Change, it, judge->changes) {
        if (it->want && it->want->kind == OBJECT_COLUMN && has_literal(as_column(it->want), literal))
            return true;
        if (it->want && it->want->kind == OBJECT_TABLE)
            VEC_EACH (Column *, column, &((const Table *)(const void *)it->want)->columns)
                if (has_literal(*column, literal))
                    return true;
    }
    return false;
}

static void judge_literals(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    if (!lint_is_engine(judge->lint, ON_POSTGRESQL) || !kind_is(s, "table") ||
        (s->verb != VERB_CREATE && s->verb != VERB_ALTER))
        return;
    for (size_t i = 1; i < s->all.count; i++) {
        size_t before = i - 1;
        while (before &&
               (token_is(&s->all.tokens[before], "(") || token_is(&s->all.tokens[before], "CAST") ||
                token_is(&s->all.tokens[before], "timestamp") ||
                token_is(&s->all.tokens[before], "timestamptz") || token_is(&s->all.tokens[before], "date")))
            before--;
        if (is_frozen(judge->arena, &s->all.tokens[i]) && token_is(&s->all.tokens[before], "DEFAULT") &&
            is_of_time(judge, &s->all, i) && !stays_literal(judge, &s->all.tokens[i]))
            lint_found(judge, "M108", s->object.name, NULL, NULL,
                       "the default %s is the moment of the migration",
                       clause_text(judge->arena, &s->all, i, i + 1));
    }
}

static void judge_meaning(const Judge *judge)
{
    each_retyped(judge, judge_zone);
    judge_literals(judge);
}

const LintFamily lint_lost_values = {
    .group = "destroys", .rules = lost_rules, .statement = judge_lost, .revision = judge_lost_values
};
const LintFamily lint_refused_values = { .group = "fails", .rules = fail_rules, .statement = judge_failing };
const LintFamily lint_read_values = {
    .group = "meaning", .rules = meaning_rules, .statement = judge_meaning, .revision = judge_order
};
