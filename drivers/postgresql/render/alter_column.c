#include <string.h>

#include "drivers/postgresql/render/render.h"
#include "drivers/postgresql/render/sequence_counter.h"

static const Dialect *const D = &postgresql_dialect;

// Of a statement that stays by itself.
static StrBuf alter_column(const Render *r, const Column *column)
{
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ALTER TABLE"), pg_table_of(&column->head), KW("ALTER COLUMN"), ID(column->head.name));
    return text;
}

static Statement *emit_action(const Render *r, const Column *column, const StrBuf *text, PgPass pass)
{
    return pg_emit_action(r, &column->head, text,
                          (TableAction){ .pass = pass, .subject = column->head.name });
}

static void emit_drop(const Render *r, const Column *column, const char *action)
{
    StrBuf text = pg_begin_column(r, column);
    strbuf_printf(&text, " %s", action);
    pg_cost(r, emit_action(r, column, &text, PG_PASS_DROP), "ACCESS EXCLUSIVE", NULL);
}

// Of a value that comes back from jsonb, or whose attributes are others: by their names. NULL: it is none of these.
static const char *value_as_json(const Render *r, const Column *have, const Column *want)
{
    const char *c = pg_quoted(r->arena, want->head.name);
    if (pg_column_goes_round(r->step))
        return strcmp(want->type, "jsonb") == 0 ? NULL : c;
    bool differs = strcmp(have->type, want->type) == 0 && pg_type_is_replaced(r->graph, want->type) &&
                   pg_attributes_differ(r->graph, want->type);
    return differs ? arena_printf(r->arena, "to_jsonb(%s)", c) : NULL;
}

// What the change may do to values and no query can tell, or what was declared to be no matter.
static void note_loss(const Render *r, const Column *have, const Column *want, Statement *statement)
{
    if (want->generated || have->generated || pg_rows_are_elsewhere(r))
        return;
    const char *loss = pg_cast_caveat(r->arena, r->graph, have->type, want->type);
    if (!loss && r->graph->options->allow_loss &&
        pg_values_change(r->arena, r->graph, want->head.name, have->type, want->type))
        loss = arena_printf(r->arena, "values of column %s of table %s are rounded or cut", want->head.name,
                            want->head.table);
    if (!loss)
        return;
    statement->loss = loss;
}

// ALTER COLUMN TYPE with the USING that the two types need, after the assertions that no value is lost on the
// way.
static void render_type(const Render *r, const Column *have, const Column *want)
{
    pg_render_narrowing(r, have, want);
    StrBuf text = pg_begin_column(r, want);
    sql(&text, D, KW("TYPE"), TYPE(want->type));
    if (want->collation) {
        strbuf_puts(&text, " COLLATE ");
        pg_put_collation(&text, want->collation);
    }
    const char *using =
        want->generated
            ? NULL
            : pg_type_using(r->arena, r->graph, pg_quoted(r->arena, want->head.name), have->type, want->type);
    if (!using && !want->generated && pg_type_is_replaced(r->graph, want->type))
        using = pg_through_number(r->arena, r->graph, want);
    if (!using && !want->generated && pg_type_is_replaced(r->graph, want->type))
        using = pg_through_text(r->arena, want);
    StatementList around = { 0 };
    const char *json = pg_rows_are_elsewhere(r) ? NULL : value_as_json(r, have, want);
    if (json)
        using = pg_from_json(r, want, json, &around);
    if (pg_rows_are_elsewhere(r)) // of a foreign table the server takes no expression
        using = NULL;
    if (using)
        strbuf_printf(&text, " USING %s", using);
    if (!json && !pg_column_goes_round(r->step) && !pg_type_is_replaced(r->graph, want->type))
        pg_render_lossy(r, have, want);
    if (around.count)
        *VEC_PUSH(r->arena, r->out) = around.items[0];
    Statement *statement = pg_emit_action(r, &want->head, &text,
                                          (TableAction){ .pass = PG_PASS_TYPE,
                                                         .subject = want->head.name,
                                                         .expressions = pg_one_name(r, using),
                                                         .converts = using != NULL });
    pg_cost(r, statement, "ACCESS EXCLUSIVE", pg_note_of_type(r, have, want, using != NULL));
    note_loss(r, have, want, statement);
    if (around.count)
        *VEC_PUSH(r->arena, r->out) = around.items[1];
}

// Rows without a value are named before the statement that would fail on them.
static void look_for_nulls(const Render *r, const Column *want)
{
    if (pg_rows_are_elsewhere(r))
        return;
    StrBuf query = pg_begin(r);
    sql(&query, D, KW("SELECT"), EXPR(pg_row_key(r)), KW("FROM"), pg_table_of(&want->head), KW("WHERE"),
        ID(want->head.name), KW("IS NULL LIMIT 1"));
    pg_emit_assertion(r, &query, &want->head, want->head.name, true,
                      arena_printf(r->arena, "column %s.%s becomes NOT NULL, but has rows with NULL",
                                   want->head.table, want->head.name));
}

static void render_set_not_null(const Render *r, const Column *want)
{
    look_for_nulls(r, want);
    const OptionList *options = &want->head.options;
    bool no_inherit = option_is(options, PG_NOT_NULL_NO_INHERIT),
         not_valid = option_is(options, PG_NOT_NULL_NOT_VALID);
    bool proved = pg_not_null_is_proved(r, want);
    if (!proved && !no_inherit && !not_valid && pg_online_set_not_null(r, want))
        return;
    if (r->version < PG_18 || !(no_inherit || not_valid || pg_not_null_says_name(r, want))) {
        StrBuf text = pg_begin_column(r, want);
        strbuf_puts(&text, " SET NOT NULL");
        pg_cost(r, emit_action(r, want, &text, PG_PASS_NOT_NULL), "ACCESS EXCLUSIVE",
                proved ? NULL : "reads the table");
        return;
    }
    StrBuf text = pg_begin_not_null(r, want);
    strbuf_puts(&text, no_inherit ? " NO INHERIT" : "");
    strbuf_puts(&text, not_valid ? " NOT VALID" : "");
    pg_cost(r, pg_emit_not_null(r, want, &text, false), "ACCESS EXCLUSIVE",
            not_valid || proved ? NULL : "reads the table");
}

// The not-null constraint of 18: its name, whether children inherit it, whether it was checked.
static void render_not_null_marks(const Render *r, const Column *have, const Column *want)
{
    const char *old = pg_not_null_name(r->arena, have), *new = pg_not_null_name(r->arena, want);
    if (option_is(&have->head.options, PG_INHERITED) && option_is(&want->head.options, PG_INHERITED)) {
        pg_render_rename_not_null(r, have, want);
    } else if (strcmp(old, new) != 0) {
        StrBuf text = pg_begin(r);
        sql(&text, D, KW("ALTER TABLE"), pg_table_of(&want->head), KW("RENAME CONSTRAINT"), ID(old), KW("TO"),
            ID(new));
        pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE", NULL);
    }
    bool was = option_is(&have->head.options, PG_NOT_NULL_NO_INHERIT),
         is = option_is(&want->head.options, PG_NOT_NULL_NO_INHERIT);
    if (was != is) {
        StrBuf text = pg_begin(r);
        sql(&text, D, KW("ALTER TABLE"), pg_table_of(&want->head), KW("ALTER CONSTRAINT"), ID(new));
        strbuf_puts(&text, is ? " NO INHERIT" : " INHERIT");
        pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE", NULL);
    }
    bool unchecked = option_is(&have->head.options, PG_NOT_NULL_NOT_VALID),
         stays = option_is(&want->head.options, PG_NOT_NULL_NOT_VALID);
    if (unchecked && !stays) {
        StrBuf text = pg_begin(r);
        sql(&text, D, KW("ALTER TABLE"), pg_table_of(&want->head), KW("VALIDATE CONSTRAINT"), ID(new));
        pg_cost(r, pg_emit(r, &text), "SHARE UPDATE EXCLUSIVE", "reads the table");
    } else if (!unchecked && stays) {
        emit_drop(r, want, "DROP NOT NULL");
        render_set_not_null(r, want);
    }
}

static void render_generated(const Render *r, const Column *have, const Column *want)
{
    if (same_text(have->generated, want->generated) && have->stored == want->stored)
        return;
    if (have->generated && !want->generated) {
        emit_drop(r, want, "DROP EXPRESSION");
        return;
    }
    StrBuf text = alter_column(r, want);
    strbuf_puts(&text, " SET EXPRESSION AS ");
    pg_put_expression(&text, want->generated);
    pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE", want->stored ? "rewrites the table" : NULL);
}

const char *pg_default_storage(const Render *r) { return r->version >= PG_16 ? "DEFAULT" : "EXTENDED"; }

// `have`: NULL where the server has just gone back to what it would take by itself.
static void render_option(const Render *r, const Column *have, const Column *want, const char *key,
                          const char *words, const char *none)
{
    const char *old = have ? option_get(&have->head.options, key) : NULL,
               *new = option_get(&want->head.options, key);
    if (same_text(old, new))
        return;
    StrBuf text = pg_begin_column(r, want);
    sql(&text, D, EXPR(words), WORD(new ? new : none));
    pg_cost(r, emit_action(r, want, &text, PG_PASS_LAST),
            strcmp(key, PG_STATISTICS) == 0 ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE", NULL);
}

// A change of type or collation, a parent's too, takes back how the values are stored.
static void render_storage(const Render *r, const Column *have, const Column *want)
{
    bool retyped = (r->step->facets & (FACET_TYPE | FACET_COLLATION)) != 0;
    const Column *was = retyped ? NULL : have;
    render_option(r, was, want, PG_STORAGE, "SET STORAGE", pg_default_storage(r));
    if (r->version >= PG_14)
        render_option(r, was, want, PG_COMPRESSION, "SET COMPRESSION", "default");
}

static void render_options(const Render *r, const Column *have, const Column *want)
{
    render_option(r, have, want, PG_STATISTICS, "SET STATISTICS", "-1");
    pg_render_settings(r, alter_column(r, want).text, option_get(&have->head.options, PG_ATTRIBUTE_OPTIONS),
                       option_get(&want->head.options, PG_ATTRIBUTE_OPTIONS));
    const char *old = option_get(&have->head.options, PG_SERVER_OPTIONS),
               *new = option_get(&want->head.options, PG_SERVER_OPTIONS);
    if (!same_text(old, new)) {
        StrBuf text = alter_column(r, want);
        pg_put_fdw_changes(&text, old, new);
        pg_emit(r, &text);
    }
}

// The default goes before a change of type, since the server might not be able to convert it, and comes back after.
void pg_render_alter_column(const Render *r)
{
    const Column *have = (const Column *)(const void *)r->step->have,
                 *want = (const Column *)(const void *)r->step->want;
    unsigned facets = r->step->facets;
    if (pg_type_comes_from_parent(r, have, want)) {
        facets &= ~(unsigned)(FACET_TYPE | FACET_COLLATION); // follow from the parent's
        if (!pg_has_own_expression(want, pg_parent_column(r, want)))
            facets &= ~(unsigned)FACET_GENERATED;
    }
    bool retype = (facets & (FACET_TYPE | FACET_COLLATION)) != 0;
    bool counted = have->autoincrement || have->identity != IDENTITY_NONE;
    bool apart = r->step->default_apart, had_default = have->default_sql && !counted && !apart,
         has_default = want->default_sql && !apart;
    bool drop_default = had_default && (retype || !has_default);
    if (drop_default)
        emit_drop(r, have, "DROP DEFAULT");
    pg_render_stop_counting(r, have, want);
    if (facets & FACET_NULLABLE && want->nullable)
        emit_drop(r, want, "DROP NOT NULL");
    if (facets & FACET_GENERATED && !want->generated)
        render_generated(r, have, want);
    if (retype)
        render_type(r, have, want);
    if (facets & FACET_GENERATED && want->generated)
        render_generated(r, have, want);
    if (facets & FACET_NULLABLE && !want->nullable)
        render_set_not_null(r, want);
    pg_render_start_counting(r, have, want);
    if (has_default && (drop_default || facets & FACET_DEFAULT)) {
        StrBuf text = pg_begin_column(r, want);
        strbuf_printf(&text, " SET DEFAULT %s", want->default_sql);
        Statement *statement =
            pg_emit_action(r, &want->head, &text,
                           (TableAction){ .pass = PG_PASS_OTHER,
                                          .subject = want->head.name,
                                          .expressions = pg_one_name(r, want->default_sql) });
        pg_cost(r, statement, "ACCESS EXCLUSIVE", NULL);
    }
    render_storage(r, have, want);
    if (facets & FACET_OPTIONS) {
        render_options(r, have, want);
        if (r->version >= PG_18 && !have->nullable && !want->nullable)
            render_not_null_marks(r, have, want);
    }
    if (facets & FACET_OPTIONS)
        pg_render_not_null_comment(r, facets & FACET_NULLABLE ? NULL : have, want);
    bool recounted = (facets & (FACET_IDENTITY | FACET_AUTOINCREMENT)) != 0;
    if (facets & FACET_OPTIONS || recounted)
        pg_render_inner_comment(r, recounted ? NULL : &have->head, &want->head);
    if (facets & FACET_COMMENT)
        pg_render_comment(r, &want->head);
}
