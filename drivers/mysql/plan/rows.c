#include "drivers/mysql/facts/narrowing.h"
#include "drivers/mysql/plan/rows.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "drivers/mysql/dialect/types.h"
#include "drivers/mysql/render/alter.h"

static const Dialect *const D = &mysql_dialect;

// One table whose rows are looked at. `have` bears its new name where it is renamed; queries need the one it has.
typedef struct Rows {
    StepGraph *graph;
    Step *step; // that holds the queries; NULL: there is none yet
    const Table *have, *want;
    const ChangeList *changes; // of the step that alters the table
    bool mariadb;
} Rows;

// The name that an object has before the revision.
static const char *name_now(const StepGraph *graph, ObjectKind kind, const char *table, const char *name)
{
    VEC_EACH (Rename, it, graph->renames)
        if (it->kind == kind && strcmp(it->to, name) == 0 &&
            (!table || (it->table && strcmp(it->table, table) == 0)))
            return it->from;
    return name;
}

static const char *table_now(const StepGraph *graph, const Table *table)
{
    return name_now(graph, OBJECT_TABLE, NULL, table->head.name);
}

static const char *column_now(const StepGraph *graph, const Table *table, const char *name)
{
    return name_now(graph, OBJECT_COLUMN, table->head.name, name);
}

// `t`.`column`, of this table or, as `p`, of one that a key refers to.
static const char *place_of(const Rows *r, const Table *table, const char *alias, const char *column)
{
    StrBuf out;
    strbuf_init(&out, r->graph->arena);
    sql(&out, D, ID(alias));
    strbuf_putc(&out, '.');
    my_put_identifier(&out, column_now(r->graph, table, column));
    return out.text;
}

static const char *here(const Rows *r, const char *column) { return place_of(r, r->have, "t", column); }

static const Change *change_of(const Rows *r, const Object *want)
{
    VEC_EACH (Change, it, r->changes)
        if (it->want == want)
            return it;
    return NULL;
}

// ---- queries

// What is shown of a row: its key.
static void put_key(const Rows *r, StrBuf *out)
{
    const Constraint *key = table_primary_key(r->have);
    if (!key || key->parts.count == 0) {
        sql(out, D, LIT("the table has no primary key"));
        return;
    }
    VEC_EACH (Part, part, &key->parts)
        sql(out, D, EXPR(part == key->parts.items ? "" : ","), EXPR(here(r, part->column)));
}

// Adds `query` as one that must give no row. The step belongs to the table, so that `migrate` can ask beforehand.
static Statement *add_assertion(Rows *r, const char *query, const char *wrong)
{
    Arena *arena = r->graph->arena;
    if (!r->step) {
        r->step = step_add(r->graph, STEP_SQL, NULL, NULL);
        r->step->frame = -1;
        r->step->have_table = r->have;
        VEC_EACH (Change, it, r->changes)
            *VEC_PUSH(arena, &r->step->changes) = *it;
    }
    Statement *statement = my_statement(arena, &r->step->statements, query);
    statement->assertion = wrong;
    return statement;
}

// `condition`: of a row, whatever others say; NULL: there is to be none at all.
static Statement *assert_none_where(Rows *r, const char *condition, const char *wrong)
{
    StrBuf text;
    strbuf_init(&text, r->graph->arena);
    sql(&text, D, KW("SELECT"));
    put_key(r, &text);
    sql(&text, D, KW("FROM"), ID(table_now(r->graph, r->have)), KW("AS t"));
    if (condition)
        sql(&text, D, KW("WHERE"), EXPR(condition));
    const size_t end = text.length;
    sql(&text, D, KW("LIMIT 1"));
    Statement *statement = add_assertion(r, text.text, wrong);
    statement->condition_at = condition ? end - strlen(condition) : 0;
    statement->condition_end = condition ? end : 0;
    return statement;
}

// ---- columns

static void assert_not_null(Rows *r, const Change *change)
{
    const Column *have = as_column(change->have), *want = as_column(change->want);
    Arena *arena = r->graph->arena;
    if ((change->facets & FACET_NULLABLE) && !want->nullable && !want->generated && !have->generated)
        (void)assert_none_where(r, arena_printf(arena, "%s IS NULL", here(r, have->head.name)),
                                arena_printf(arena, "column %s.%s becomes NOT NULL, but has rows with NULL",
                                             r->want->head.name, have->head.name));
}

// A row with 0 would get the next number instead.
static void assert_no_zero(Rows *r, const Change *change)
{
    const Column *want = as_column(change->want);
    if (!(change->facets & FACET_AUTOINCREMENT) || !want->autoincrement ||
        !my_type_is_integer(as_column(change->have)->type))
        return;
    (void)assert_none_where(r, arena_printf(r->graph->arena, "%s = 0", here(r, change->have->name)),
                            arena_printf(r->graph->arena,
                                         "%s.%s becomes AUTO_INCREMENT: rows with 0 would get a new number",
                                         r->want->head.name, want->head.name));
}

static void assert_values_stay(Rows *r, const Change *change)
{
    Arena *arena = r->graph->arena;
    const Column *have = as_column(change->have), *want = as_column(change->want);
    const char *condition;
    if (r->graph->options->allow_loss)
        return; // what the server does not refuse is said (mark_losses)
    if (my_narrowing(arena, r->mariadb, have, want, here(r, have->head.name), &condition) == NARROWING_ASKED)
        (void)assert_none_where(r, condition,
                                arena_printf(arena, "column %s.%s has values that %s cannot hold as they are",
                                             r->want->head.name, want->head.name, want->type));
}

// A new column that has nothing for the rows that are there: the server would refuse it late, or make up a date.
static void assert_no_rows(Rows *r, const Column *column)
{
    if (column_leaves_rows_empty(column) && !option_get(&column->head.options, "row_period") &&
        !my_filler(r->mariadb, column->type))
        (void)assert_none_where(
            r, NULL,
            arena_printf(r->graph->arena,
                         "new column %s.%s is NOT NULL without a default, and there are rows",
                         r->want->head.name, column->head.name));
}

static void look_at_column(Rows *r, const Change *change)
{
    if (change->kind == CHANGE_CREATE)
        assert_no_rows(r, as_column(change->want));
    if (change->kind != CHANGE_ALTER)
        return;
    assert_not_null(r, change);
    assert_no_zero(r, change);
    assert_values_stay(r, change);
}

// ---- what a key compares

static bool is_literal(const char *text)
{
    TokenList tokens = { 0 };
    Arena *scratch = arena_new();
    tokens = lex_all(scratch, (Text){ text, strlen(text) }, D->lex);
    bool literal =
        tokens.count == 2 && (tokens.items[0].kind == TOKEN_STRING || tokens.items[0].kind == TOKEN_NUMBER);
    arena_free(scratch);
    return literal;
}

// What all rows get in a new column. NULL: nothing, or not the same in each. *known is false where it cannot be said.
static const char *value_of_new(const Rows *r, const Column *column, bool *known)
{
    *known = !column->generated && !column->autoincrement &&
             (!column->default_sql || is_literal(column->default_sql));
    if (!*known || column->default_sql)
        return column->default_sql;
    if (column->nullable)
        return NULL;
    const char *filler = my_filler(r->mariadb, column->type);
    *known = filler && (strcmp(filler, "0") == 0 || strcmp(filler, "''") == 0);
    return filler;
}

static const char *collation_of(const Rows *r, const Table *table, const Column *column)
{
    const char *of_table = option_get(&table->head.options, "collation");
    return column->collation ? column->collation
           : of_table        ? of_table
                             : r->graph->want->server.default_collation;
}

// A text as it will compare: in the collation that it is to have.
static const char *as_compared(const Rows *r, const Table *have_table, const Table *want_table,
                               const Column *have, const Column *want, const char *value)
{
    if (!my_type_is_string(have->type) || !want || !my_type_is_string(want->type))
        return value;
    const char *old = collation_of(r, have_table, have), *new = collation_of(r, want_table, want);
    if (!new || (old && strcasecmp(old, new) == 0))
        return value;
    return arena_printf(r->graph->arena, "CONVERT(%s USING %.*s) COLLATE %s", value, (int)strcspn(new, "_"),
                        new, new);
}

// ---- foreign keys

// The comparison of a row with one that it may refer to. false: it cannot be written, or a NULL spares the row the search.
static bool put_comparison(Rows *r, const Constraint *key, const Table *parent, StrBuf *null, StrBuf *same)
{
    const Table *new_parent = schema_table(r->graph->want, key->referred_schema, key->referred_table);
    for (size_t i = 0; i < key->parts.count && i < key->referred_columns.count; i++) {
        const char *name = key->parts.items[i].column;
        const Column *want = table_column(r->want, name), *have = table_column(r->have, name);
        bool known = true;
        const char *value = have ? here(r, name) : want ? value_of_new(r, want, &known) : NULL;
        if (!value || !known || (have && have->generated))
            return false;
        if (have) {
            sql(null, D, EXPR(null->length ? "AND" : ""), EXPR(value), KW("IS NOT NULL"));
            value = as_compared(r, r->have, r->want, have, want, value);
        }
        const char *other = key->referred_columns.items[i];
        const Column *referred = parent ? table_column(parent, other) : NULL;
        if (parent && !referred)
            return false;
        const char *place = parent ? place_of(r, parent, "p", other) : NULL;
        if (parent && new_parent)
            place = as_compared(r, parent, new_parent, referred, table_column(new_parent, other), place);
        sql(same, D, EXPR(same->length ? "AND" : ""), EXPR(place ? place : ""), KW("="), EXPR(value));
    }
    return true;
}

static bool same_target(const Constraint *a, const Constraint *b)
{
    if (!parts_equal(&a->parts, &b->parts) || strcmp(a->referred_table, b->referred_table) != 0 ||
        a->referred_columns.count != b->referred_columns.count ||
        !same_text(a->referred_schema, b->referred_schema))
        return false;
    for (size_t i = 0; i < a->referred_columns.count; i++)
        if (strcasecmp(a->referred_columns.items[i], b->referred_columns.items[i]) != 0)
            return false;
    return true;
}

// Held by a key of the table already, under whatever name.
static bool is_held(const Rows *r, const Constraint *key)
{
    VEC_EACH (Constraint *, it, &r->have->constraints)
        if ((*it)->head.kind == OBJECT_FOREIGN_KEY && same_target(*it, key))
            return true;
    return false;
}

static void look_at_foreign_key(Rows *r, const Constraint *key)
{
    Arena *arena = r->graph->arena;
    StrBuf null, same, condition;
    if (is_held(r, key) || key->referred_schema)
        return;
    strbuf_init(&null, arena);
    strbuf_init(&same, arena);
    strbuf_init(&condition, arena);
    const Table *parent = schema_table(r->graph->have, NULL, key->referred_table);
    if (!put_comparison(r, key, parent, &null, &same))
        return;
    strbuf_puts(&condition, null.text);
    if (parent)
        sql(&condition, D, EXPR(null.length ? "AND NOT EXISTS (SELECT 1 FROM" : "NOT EXISTS (SELECT 1 FROM"),
            ID(table_now(r->graph, parent)), KW("AS p WHERE"), EXPR(same.text), KW(")"));
    assert_none_where(r, condition.length ? condition.text : NULL,
                      arena_printf(arena, "%s refers to %s, but has rows that refer to none",
                                   r->want->head.name, key->referred_table))
        ->condition_at = 0; // it is about the rows of two tables
}

// ---- unique keys

// The parts of a key by which rows are told apart. false: no rows can be equal, or it cannot be said.
static bool put_groups(Rows *r, const PartList *parts, StrBuf *null, StrBuf *groups)
{
    VEC_EACH (Part, part, parts) {
        const Column *have = part->column ? table_column(r->have, part->column) : NULL;
        const Column *want = part->column ? table_column(r->want, part->column) : NULL;
        bool known = true;
        if (!want || (have && have->generated) || want->generated)
            return false;
        if (!have) {
            if (!value_of_new(r, want, &known) || !known)
                return false;
            continue; // all rows have the same
        }
        const char *value = here(r, part->column);
        if (have->nullable)
            sql(null, D, EXPR(null->length ? "AND" : ""), EXPR(value), KW("IS NOT NULL"));
        value = as_compared(r, r->have, r->want, have, want, value);
        if (part->length)
            value = arena_printf(r->graph->arena, "LEFT(%s, %u)", value, part->length);
        sql(groups, D, EXPR(groups->length ? "," : ""), EXPR(value));
    }
    return true;
}

// Asserts that no values repeat before a unique key is added. The query gives the key of one row, but none of the repeated values.
static void look_at_unique(Rows *r, const char *name, const PartList *parts)
{
    Arena *arena = r->graph->arena;
    const Constraint *key = table_primary_key(r->have);
    StrBuf null, groups, text;
    strbuf_init(&null, arena);
    strbuf_init(&groups, arena);
    strbuf_init(&text, arena);
    if (!put_groups(r, parts, &null, &groups))
        return;
    if (key && key->parts.count == 1 && !parts_have_column(parts, key->parts.items[0].column))
        sql(&text, D, KW("SELECT MIN("), EXPR(here(r, key->parts.items[0].column)), KW(")"));
    else
        sql(&text, D, KW("SELECT"), LIT("more than one row"));
    sql(&text, D, KW("FROM"), ID(table_now(r->graph, r->have)), KW("AS t"));
    if (null.length)
        sql(&text, D, KW("WHERE"), EXPR(null.text));
    if (groups.length)
        sql(&text, D, KW("GROUP BY"), EXPR(groups.text));
    sql(&text, D, KW("HAVING COUNT(*) > 1 LIMIT 1"));
    (void)add_assertion(
        r, text.text,
        arena_printf(arena, "%s of %s is unique, but several rows have the same", name, r->want->head.name));
}

static bool changes_collation(const Rows *r, const PartList *parts)
{
    VEC_EACH (Part, part, parts) {
        const Column *have = part->column ? table_column(r->have, part->column) : NULL,
                     *want = part->column ? table_column(r->want, part->column) : NULL;
        if (have && want && my_type_is_string(have->type) && my_type_is_string(want->type) &&
            !same_text(collation_of(r, r->have, have), collation_of(r, r->want, want)))
            return true;
    }
    return false;
}

// Unique already, by the same columns in whatever order.
static bool was_unique(const Rows *r, const PartList *parts)
{
    const Constraint *key = table_primary_key(r->have);
    if (key && parts_equal(&key->parts, parts))
        return true;
    VEC_EACH (Index *, it, &r->have->indexes)
        if ((*it)->unique && parts_equal(&(*it)->parts, parts))
            return true;
    return false;
}

static void look_at_unique_keys(Rows *r)
{
    const Constraint *key = table_primary_key(r->want);
    if (key && (!was_unique(r, &key->parts) || changes_collation(r, &key->parts)))
        look_at_unique(r, "the primary key", &key->parts);
    VEC_EACH (Index *, it, &r->want->indexes)
        if ((*it)->unique && (!was_unique(r, &(*it)->parts) || changes_collation(r, &(*it)->parts)))
            look_at_unique(r, (*it)->head.name, &(*it)->parts);
}

// ---- checks

// A condition on columns that are not there yet, or are otherwise until the revision has run, cannot be asked now.
static bool can_be_asked(const Rows *r, const char *expression)
{
    Arena *arena = r->graph->arena;
    TokenList tokens = lex_all(arena, (Text){ expression, strlen(expression) }, D->lex);
    VEC_EACH (Token, token, &tokens) {
        if (token->kind != TOKEN_WORD && token->kind != TOKEN_NAME)
            continue;
        const Column *want = table_column(r->want, token_name(arena, token));
        if (!want)
            continue;
        const Change *change = change_of(r, &want->head);
        const char *now = column_now(r->graph, r->want, want->head.name);
        if (!table_column(r->have, want->head.name) || strcmp(now, want->head.name) != 0 ||
            (change && (change->facets & (FACET_TYPE | FACET_GENERATED | FACET_COLLATION))))
            return false;
    }
    return true;
}

static void look_at_check(Rows *r, const Change *change)
{
    const Constraint *check = as_constraint(change->want);
    if (check->not_enforced || !can_be_asked(r, check->expression))
        return;
    (void)assert_none_where(r, arena_printf(r->graph->arena, "NOT (%s)", check->expression),
                            arena_printf(r->graph->arena, "check %s does not hold for all rows of %s",
                                         check->head.name ? check->head.name : check->expression,
                                         r->want->head.name));
}

// ---- tables

static bool asks_for_keys(const ChangeList *changes)
{
    VEC_EACH (Change, it, changes) {
        const Object *want = it->want;
        if (want &&
            (want->kind == OBJECT_INDEX || want->kind == OBJECT_PRIMARY_KEY || want->kind == OBJECT_TABLE ||
             (want->kind == OBJECT_COLUMN && (it->facets & FACET_COLLATION))))
            return true;
    }
    return false;
}

static void look_at_table(StepGraph *graph, const Step *step)
{
    Rows r = { .graph = graph,
               .have = step->have_table,
               .want = step->want_table,
               .changes = &step->changes,
               .mariadb = my_for_mariadb(graph) };
    VEC_EACH (Change, it, &step->changes) {
        const Object *object = it->want;
        if (!object)
            continue;
        if (object->kind == OBJECT_COLUMN)
            look_at_column(&r, it);
        else if (object->kind == OBJECT_CHECK && (it->kind == CHANGE_CREATE || it->facets & FACET_EXPRESSION))
            look_at_check(&r, it);
        else if (object->kind == OBJECT_FOREIGN_KEY && it->kind != CHANGE_DROP)
            look_at_foreign_key(&r, as_constraint(object));
    }
    if (asks_for_keys(&step->changes))
        look_at_unique_keys(&r);
}

// A key that is a step of its own, on a table that is there.
static void look_at_new_key(StepGraph *graph, const Step *step)
{
    const Table *have = schema_table(graph->have, NULL, step->want->table),
                *want = schema_table(graph->want, NULL, step->want->table);
    ChangeList changes = { 0 };
    if (!have || !want)
        return;
    *VEC_PUSH(graph->arena, &changes) =
        (Change){ .kind = CHANGE_CREATE, .want = step->want, .have_table = have, .want_table = want };
    Rows r = {
        .graph = graph, .have = have, .want = want, .changes = &changes, .mariadb = my_for_mariadb(graph)
    };
    look_at_foreign_key(&r, as_constraint(step->want));
}

void my_look_at_rows(StepGraph *graph)
{
    size_t count = graph->steps.count; // those that are added look at rows
    for (size_t i = 0; i < count; i++) {
        Step *step = graph->steps.items[i];
        if (step->kind == STEP_TABLE && step->have_table && step->want_table) {
            look_at_table(graph, step);
            my_mark_losses(graph, step);
        } else if (step->kind == STEP_CREATE && !step->restores && step->want->kind == OBJECT_FOREIGN_KEY)
            look_at_new_key(graph, step);
    }
}
