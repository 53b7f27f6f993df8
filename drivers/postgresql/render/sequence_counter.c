// Sequences, and the columns that count by one: serial, identity, and the ways between them.
#include "drivers/postgresql/render/sequence_counter.h"

#include <stdlib.h>
#include <string.h>

static const Dialect *const D = &postgresql_dialect;

Numbering pg_numbering_of_sequence(const Sequence *s)
{
    return (Numbering){ .type = s->type ? s->type : "bigint",
                        .start = s->start,
                        .increment = s->increment,
                        .minimum = s->minimum,
                        .maximum = s->maximum,
                        .cache = s->cache,
                        .cycle = s->cycle };
}

static bool falls(const Numbering *n) { return n->increment && n->increment[0] == '-'; }

static const char *lowest_of(const char *type)
{
    if (strcmp(type, "smallint") == 0)
        return "-32768";
    return strcmp(type, "integer") == 0 ? "-2147483648" : "-9223372036854775808";
}

static const char *highest_of(const char *type)
{
    if (strcmp(type, "smallint") == 0)
        return "32767";
    return strcmp(type, "integer") == 0 ? "2147483647" : "9223372036854775807";
}

static const char *minimum_of(const Numbering *n)
{
    return n->minimum ? n->minimum : falls(n) ? lowest_of(n->type) : "1";
}

static const char *maximum_of(const Numbering *n)
{
    return n->maximum ? n->maximum : falls(n) ? "-1" : highest_of(n->type);
}

static const char *start_of(const Numbering *n)
{
    return n->start ? n->start : falls(n) ? maximum_of(n) : minimum_of(n);
}

void pg_put_numbering(StrBuf *out, const Numbering *n)
{
    if (n->type && strcmp(n->type, "bigint") != 0)
        strbuf_printf(out, " AS %s", n->type);
    if (n->start)
        strbuf_printf(out, " START WITH %s", n->start);
    if (n->increment)
        strbuf_printf(out, " INCREMENT BY %s", n->increment);
    if (n->minimum)
        strbuf_printf(out, " MINVALUE %s", n->minimum);
    if (n->maximum)
        strbuf_printf(out, " MAXVALUE %s", n->maximum);
    if (n->cache)
        strbuf_printf(out, " CACHE %s", n->cache);
    if (n->cycle)
        strbuf_puts(out, " CYCLE");
}

static bool differ(const char *a, const char *b) { return strcmp(a, b) != 0; }

static const char *or_one(const char *text) { return text ? text : "1"; }

static void put_bound(StrBuf *out, const char *set, const char *word, const char *value)
{
    if (value)
        strbuf_printf(out, " %s%s %s", set, word, value);
    else
        strbuf_printf(out, " %sNO %s", set, word);
}

void pg_put_numbering_change(StrBuf *out, const Numbering *have, const Numbering *want, const char *set)
{
    if (differ(or_one(have->increment), or_one(want->increment)))
        strbuf_printf(out, " %sINCREMENT BY %s", set, or_one(want->increment));
    if (differ(minimum_of(have), minimum_of(want)))
        put_bound(out, set, "MINVALUE", want->minimum);
    if (differ(maximum_of(have), maximum_of(want)))
        put_bound(out, set, "MAXVALUE", want->maximum);
    if (differ(start_of(have), start_of(want)))
        strbuf_printf(out, " %sSTART WITH %s", set, start_of(want));
    if (differ(or_one(have->cache), or_one(want->cache)))
        strbuf_printf(out, " %sCACHE %s", set, or_one(want->cache));
    if (have->cycle != want->cycle)
        strbuf_printf(out, " %s%s", set, want->cycle ? "CYCLE" : "NO CYCLE");
    long long low = strtoll(minimum_of(want), NULL, 10), high = strtoll(maximum_of(want), NULL, 10);
    if (strtoll(maximum_of(have), NULL, 10) < low || strtoll(minimum_of(have), NULL, 10) > high)
        strbuf_printf(out, " RESTART WITH %s", start_of(want));
}

// Moves the counter to where the new bounds and start allow it to be, as long as the old bounds do too.
void pg_render_recount(const Render *r, const char *sequence, const Numbering *have, const Numbering *want)
{
    long long low = strtoll(minimum_of(want), NULL, 10), high = strtoll(maximum_of(want), NULL, 10);
    long long old_low = strtoll(minimum_of(have), NULL, 10), old_high = strtoll(maximum_of(have), NULL, 10);
    long long start = strtoll(start_of(want), NULL, 10);
    if (old_high < low || old_low > high)
        return;
    StrBuf name = pg_begin(r);
    D->put_literal(&name, sequence);
    const char *move = NULL;
    if (differ(start_of(have), start_of(want)) && start >= old_low && start <= old_high)
        move = arena_printf(r->arena, "SELECT setval(%s, %lld, false) FROM %s WHERE NOT is_called", name.text,
                            start, sequence);
    if (move) {
        StrBuf text = pg_begin(r);
        strbuf_puts(&text, move);
        pg_emit(r, &text);
    }
    if (low > old_low) {
        StrBuf text = pg_begin(r);
        strbuf_printf(&text, "SELECT setval(%s, %lld, false) FROM %s WHERE last_value < %lld", name.text, low,
                      sequence, low);
        pg_emit(r, &text);
    }
    if (high < old_high) {
        StrBuf text = pg_begin(r);
        strbuf_printf(&text, "SELECT setval(%s, %lld) FROM %s WHERE last_value > %lld", name.text, high,
                      sequence, high);
        Statement *statement = pg_emit(r, &text);
        if (!falls(want))
            statement->loss = arena_printf(
                r->arena, "sequence %s is set back to %lld where it has counted beyond", sequence, high);
    }
}

// ---- columns

typedef enum Counting { PLAIN, SERIAL, IDENTITY } Counting;

static Counting counting_of(const Column *column)
{
    return column->autoincrement ? SERIAL : column->identity != IDENTITY_NONE ? IDENTITY : PLAIN;
}

static StrBuf alter_column(const Render *r, const Column *column)
{
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ALTER TABLE"), pg_table_of(&column->head), KW("ALTER COLUMN"), ID(column->head.name));
    return text;
}

static void emit_default(const Render *r, const Column *column, PgPass pass, const char *words)
{
    StrBuf text = pg_begin_column(r, column);
    strbuf_puts(&text, words);
    TableAction action = { .pass = pass, .subject = column->head.name };
    pg_cost(r, pg_emit_action(r, &column->head, &text, action), "ACCESS EXCLUSIVE", NULL);
}

static const char *sequence_of(const Render *r, const Column *column)
{
    return pg_qualified(r->arena, column->head.schema, pg_sequence_name(r->arena, column));
}

// The next number is above those that the rows have.
static void render_count_from_rows(const Render *r, const Column *column, bool counted)
{
    Numbering n = pg_numbering_of_text(r->arena, column->identity_options, column->type);
    StrBuf text = pg_begin(r), name = pg_begin(r), id = pg_begin(r);
    D->put_literal(&name, sequence_of(r, column));
    D->put_identifier(&id, column->head.name);
    const char *most = falls(&n) ? "min" : "max";
    strbuf_printf(&text, "SELECT setval(%s, %s(%s)) FROM", name.text, most, id.text);
    sql(&text, D, pg_table_of(&column->head));
    strbuf_printf(&text, " HAVING %s(%s) BETWEEN %s AND %s", most, id.text, minimum_of(&n), maximum_of(&n));
    StrBuf seen = pg_begin(r);
    strbuf_puts(&seen, pg_seen_query(r->graph, column->head.schema, column->head.table, text.text));
    Statement *statement = pg_emit(r, &seen);
    if (counted)
        statement->loss =
            arena_printf(r->arena,
                         "column %s of table %s counts on from its rows: numbers of deleted ones are "
                         "given out again",
                         column->head.name, column->head.table);
}

// The sequence of a column that was serial, as an object of its own from now on.
static void keep_sequence(const Render *r, const Column *have, const Sequence *kept)
{
    Numbering old = { .type = have->type }, new = pg_numbering_of_sequence(kept);
    StrBuf changes = pg_begin(r);
    if (differ(old.type, new.type))
        strbuf_printf(&changes, " AS %s", new.type);
    pg_put_numbering_change(&changes, &old, &new, "");
    strbuf_puts(&changes, " OWNED BY ");
    if (kept->owned_by)
        pg_put_joined(&changes, kept->owned_by);
    else
        strbuf_puts(&changes, "NONE");
    StrBuf text = pg_begin(r);
    strbuf_printf(&text, "ALTER SEQUENCE %s%s", sequence_of(r, have), changes.text);
    pg_emit(r, &text);
    pg_comment_if(r, &kept->head);
}

// Takes the column's counter away. Its sequence stays where another column or the model itself has it.
static void render_leave(const Render *r, const Column *have, Counting to)
{
    if (have->identity != IDENTITY_NONE) {
        StrBuf text = alter_column(r, have);
        strbuf_puts(&text, " DROP IDENTITY");
        pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE", NULL);
        return;
    }
    emit_default(r, have, PG_PASS_DROP, " DROP DEFAULT");
    if (r->step->facets & FACET_SEQUENCE)
        return; // another column takes it
    // a sequence of that name which stays is an object of its own from now on
    Object *kept = to == PLAIN ? schema_object(r->graph->want, OBJECT_SEQUENCE, have->head.schema, NULL,
                                               pg_sequence_name(r->arena, have))
                               : NULL;
    if (kept) {
        keep_sequence(r, have, (const Sequence *)(const void *)kept);
        return;
    }
    StrBuf drop = pg_begin(r);
    sql(&drop, D, KW("DROP SEQUENCE"), EXPR(sequence_of(r, have)));
    pg_emit(r, &drop);
}

// Gives the column a counter: an identity, or a sequence of its own, an existing one or one that another
// column hands over.
static void render_enter(const Render *r, const Column *want, bool counted)
{
    if (want->identity != IDENTITY_NONE) {
        StrBuf text = alter_column(r, want);
        const char *name = option_get(&want->head.options, PG_SEQUENCE_NAME),
                   *options = want->identity_options;
        strbuf_printf(&text, " ADD GENERATED %s AS IDENTITY",
                      want->identity == IDENTITY_ALWAYS ? "ALWAYS" : "BY DEFAULT");
        if (name || (options && options[0])) {
            strbuf_puts(&text, " (");
            if (name)
                sql(&text, D, KW("SEQUENCE NAME"), QID(want->head.schema, name));
            strbuf_printf(&text, "%s%s)", name && options ? " " : "", options ? options : "");
        }
        pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE", NULL);
        render_count_from_rows(r, want, counted);
        return;
    }
    const char *sequence = sequence_of(r, want);
    const Object *there = schema_object(r->graph->have, OBJECT_SEQUENCE, want->head.schema, NULL,
                                        pg_sequence_name(r->arena, want));
    bool taken = (r->step->facets & FACET_SEQUENCE) != 0; // from another column
    StrBuf create = pg_begin(r), own = pg_begin(r);
    if (there || taken) {
        sql(&create, D, KW("ALTER SEQUENCE"), EXPR(sequence), KW("AS"), TYPE(want->type));
        Numbering old, new = { .type = want->type };
        if (there) {
            old = pg_numbering_of_sequence((const Sequence *)(const void *)there);
            pg_put_numbering_change(&create, &old, &new, "");
        }
    } else
        sql(&create, D, KW("CREATE SEQUENCE"), EXPR(sequence), KW("AS"), TYPE(want->type));
    pg_emit(r, &create);
    StrBuf words = pg_begin(r);
    strbuf_puts(&words, " SET DEFAULT nextval(");
    D->put_literal(&words, sequence);
    strbuf_puts(&words, ")");
    emit_default(r, want, PG_PASS_OTHER, words.text);
    sql(&own, D, KW("ALTER SEQUENCE"), EXPR(sequence), KW("OWNED BY"), pg_table_of(&want->head), KW("."),
        ID(want->head.name));
    pg_emit(r, &own);
    if (!there && !taken)
        render_count_from_rows(r, want, counted);
}

static void render_identity_change(const Render *r, const Column *have, const Column *want)
{
    Numbering old = pg_numbering_of_text(r->arena, have->identity_options, want->type),
              new = pg_numbering_of_text(r->arena, want->identity_options, want->type);
    StrBuf changes = pg_begin(r);
    if (have->identity != want->identity)
        strbuf_printf(&changes, " SET GENERATED %s",
                      want->identity == IDENTITY_ALWAYS ? "ALWAYS" : "BY DEFAULT");
    pg_put_numbering_change(&changes, &old, &new, "SET ");
    if (!changes.length)
        return;
    pg_render_recount(r, sequence_of(r, have), &old, &new);
    StrBuf text = alter_column(r, want);
    strbuf_puts(&text, changes.text);
    pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE", NULL);
}

static size_t width_of(const char *type)
{
    return strcmp(type, "smallint") == 0 ? 2 : strcmp(type, "integer") == 0 ? 4 : 8;
}

// Before the column's type changes. Bounds that a narrower type does not have go now.
void pg_render_stop_counting(const Render *r, const Column *have, const Column *want)
{
    Counting from = counting_of(have), to = counting_of(want);
    if (from != PLAIN && from != to)
        render_leave(r, have, to);
    if (from == IDENTITY && to == IDENTITY && width_of(want->type) < width_of(have->type)) {
        Column wide = *want;
        wide.type = have->type;
        render_identity_change(r, have, &wide);
    }
}

void pg_render_start_counting(const Render *r, const Column *have, const Column *want)
{
    Counting from = counting_of(have), to = counting_of(want);
    if (to != PLAIN && from != to) {
        render_enter(r, want, from != PLAIN);
        return;
    }
    if (to == PLAIN)
        return;
    const char *old = pg_sequence_name(r->arena, have), *new = pg_sequence_name(r->arena, want);
    if (strcmp(old, new) != 0 && !(r->step->facets & FACET_SEQUENCE)) {
        StrBuf text = pg_begin(r);
        sql(&text, D, KW("ALTER SEQUENCE"), QID(have->head.schema, old), KW("RENAME TO"), ID(new));
        pg_cost(r, pg_emit(r, &text), "SHARE ROW EXCLUSIVE", NULL);
    }
    if (to == IDENTITY && width_of(want->type) < width_of(have->type)) {
        return;
    } else if (to == IDENTITY) {
        Column named = *have;
        named.head.options = want->head.options;
        render_identity_change(r, &named, want);
    } else if (strcmp(have->type, want->type) != 0) {
        StrBuf text = pg_begin(r);
        sql(&text, D, KW("ALTER SEQUENCE"), EXPR(sequence_of(r, want)), KW("AS"), TYPE(want->type));
        pg_emit(r, &text);
    }
}
