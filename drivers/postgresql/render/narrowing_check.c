// Values that do not fit into a narrower type: looked for before ALTER … TYPE, which would only say that there is one.
#include <stdlib.h>
#include <string.h>

#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

typedef struct Whole {
    const char *type, *least, *greatest;
} Whole;
static const Whole wholes[] = {
    {"smallint", "-32768",               "32767"              },
    { "integer", "-2147483648",          "2147483647"         },
    { "bigint",  "-9223372036854775808", "9223372036854775807"},
};

static int whole_rank(const char *type)
{
    for (int i = 0; i < (int)COUNT_OF(wholes); i++)
        if (strcmp(type, wholes[i].type) == 0)
            return i;
    return -1;
}

static bool is_type(const char *type, const char *name)
{
    size_t n = strlen(name);
    return strncmp(type, name, n) == 0 && (type[n] == '\0' || type[n] == '(');
}

static bool is_fraction(const char *type)
{
    return is_type(type, "numeric") || is_type(type, "real") || is_type(type, "double precision");
}

// numeric(p,s) as p and s; false: no limit.
static bool digits_of(const char *type, long *precision, long *scale)
{
    const char *open = is_type(type, "numeric") ? strchr(type, '(') : NULL;
    if (!open)
        return false;
    char *end;
    *precision = strtol(open + 1, &end, 10);
    *scale = *end == ',' ? strtol(end + 1, NULL, 10) : 0;
    return true;
}

static const char *beyond_whole(Arena *arena, const char *c, const char *from, const char *to)
{
    int rank = whole_rank(to), had = whole_rank(from);
    if (rank < 0 || !(is_fraction(from) || had > rank))
        return NULL;
    return arena_printf(arena,
                        is_fraction(from) ? "round(%s::numeric) NOT BETWEEN %s::numeric AND %s::numeric"
                                          : "%s NOT BETWEEN %s AND %s",
                        c, wholes[rank].least, wholes[rank].greatest);
}

static const char *beyond_digits(Arena *arena, const char *c, const char *from, const char *to)
{
    long precision, scale, had_precision, had_scale;
    if (!digits_of(to, &precision, &scale) || !(is_fraction(from) || whole_rank(from) >= 0))
        return NULL;
    bool fits = digits_of(from, &had_precision, &had_scale) &&
                had_precision - had_scale <= precision - scale && had_scale <= scale;
    if (fits)
        return NULL;
    return arena_printf(arena, "abs(round(%s::numeric, %ld)) >= 1e%ld", c, scale, precision - scale);
}

// Spaces beyond the length are cut off without a word.
static const char *beyond_length(Arena *arena, const char *c, const char *from, const char *to)
{
    static const char *const kinds[] = { "character varying", "character" };
    const char *open = strchr(to, '('), *had = strchr(from, '(');
    bool limited = false, text = is_type(from, "text");
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        limited |= open && is_type(to, kinds[i]);
        text |= is_type(from, kinds[i]);
    }
    if (!limited || !text)
        return NULL;
    long length = strtol(open + 1, NULL, 10);
    if (had && strtol(had + 1, NULL, 10) <= length)
        return NULL;
    return arena_printf(arena, "rtrim(substr(%s::text, %ld)) <> ''", c, length + 1);
}

// Whichever of them there is: beyond the bounds of the new type.
static const char *beyond(Arena *arena, const char *c, const char *from, const char *to)
{
    if (strstr(from, "[]") || strstr(to, "[]"))
        return NULL; // the server refuses what does not fit
    const char *where = beyond_whole(arena, c, from, to);
    if (!where)
        where = beyond_digits(arena, c, from, to);
    return where ? where : beyond_length(arena, c, from, to);
}

// A text that is no value of the type. The server tells it itself from PostgreSQL 16 on; before, of numbers and truth values.
static const char *unreadable(Arena *arena, unsigned version, const char *c, const char *to)
{
    static const char number[] = "'^\\s*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?\\s*$'";
    int rank = whole_rank(to);
    if (version >= PG_16) {
        StrBuf type;
        strbuf_init(&type, arena);
        pg_put_literal(&type, strcmp(to, "bit") == 0 ? "bit varying" : to); // "bit" is of one bit
        return arena_printf(arena, "NOT pg_catalog.pg_input_is_valid(%s::text, %s)", c, type.text);
    }
    if (rank >= 0)
        return arena_printf(arena,
                            "CASE WHEN %s::text ~ '^\\s*[-+]?[0-9]+\\s*$' THEN %s::text::numeric NOT BETWEEN "
                            "%s::numeric AND %s::numeric "
                            "ELSE true END",
                            c, c, wholes[rank].least, wholes[rank].greatest);
    if (is_fraction(to))
        return arena_printf(arena, "%s::text !~ %s", c, number);
    if (strcmp(to, "boolean") == 0)
        return arena_printf(
            arena,
            "lower(btrim(%s::text)) NOT IN ('t', 'true', 'y', 'yes', 'on', '1', 'f', 'false', "
            "'n', 'no', 'off', '0')",
            c);
    return NULL;
}

// The enum of that name, which the database may not have yet. NULL: it is another type.
static const EnumType *enum_of(Arena *arena, const Schema *schema, const char *type)
{
    NameList parts = { 0 };
    if (!schema || !name_split(arena, type, &parts) || !parts.count)
        return NULL;
    return (const EnumType *)(const void *)schema_object(
        schema, OBJECT_ENUM, parts.count > 1 ? parts.items[0] : NULL, NULL, parts.items[parts.count - 1]);
}

static const char *not_among(Arena *arena, const char *c, const NameList *values)
{
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_printf(&out, "%s::text NOT IN (", c);
    VEC_EACH (const char *, it, values) {
        strbuf_puts(&out, it == values->items ? "" : ", ");
        pg_put_literal(&out, *it);
    }
    strbuf_putc(&out, ')');
    return out.text;
}

const char *pg_misfit(Arena *arena, const MisfitQuestion *q)
{
    const StepGraph graph = { .arena = arena, .have = q->have_schema, .want = q->want_schema };
    bool had_array = false, has_array = false;
    const char *from = pg_base_type(arena, &graph, q->have->type, &had_array);
    const char *to = pg_base_type(arena, &graph, q->want->type, &has_array);
    const char *refused = beyond(arena, q->value, q->have->type, q->want->type);
    bool parsed = !had_array && !has_array && pg_is_string(from) && !pg_is_string(to);
    const EnumType *list = parsed ? enum_of(arena, q->want_schema, to) : NULL;
    if (list && list->values.count)
        refused = not_among(arena, q->value, &list->values);
    else if (parsed)
        refused = unreadable(arena, pg_version_of(&graph), q->value, to);
    const char *changed = q->allow_loss || (parsed && !refused)
                              ? NULL
                              : pg_values_change(arena, &graph, q->value, q->have->type, q->want->type);
    if (!refused || !changed)
        return refused ? refused : changed;
    return arena_printf(arena, "CASE WHEN %s THEN true ELSE %s END", refused, changed);
}

bool pg_holds_rows_to_rules(const Table *table) { return !option_get(&table->head.options, PG_SERVER); }

NameList pg_row_key_names(const Render *r)
{
    const Table *have = r->step->have_table, *want = r->step->want_table;
    const Constraint *key = want ? table_primary_key(want) : NULL;
    NameList names = { 0 };
    for (size_t i = 0; key && i < key->parts.count; i++) {
        const char *column = key->parts.items[i].column;
        if (!column || !have || !table_column(have, column))
            return (NameList){ 0 };
        *VEC_PUSH(r->arena, &names) = column;
    }
    return names;
}

const char *pg_row_key(const Render *r)
{
    NameList names = pg_row_key_names(r);
    StrBuf out = pg_begin(r);
    VEC_EACH (const char *, it, &names)
        strbuf_printf(&out, "%s%s", out.length ? ", " : "", pg_quoted(r->arena, *it));
    return out.length ? out.text : "ctid";
}

bool pg_rows_are_elsewhere(const Render *r)
{
    const Table *table = r->step->want_table;
    return table && !pg_holds_rows_to_rules(table);
}

static void assert_none(const Render *r, const Column *want, const char *where, const char *wrong)
{
    StrBuf query = pg_begin(r);
    sql(&query, D, KW("SELECT"), EXPR(pg_row_key(r)), KW("FROM"), pg_table_of(&want->head), KW("WHERE"),
        EXPR(where), KW("LIMIT 1"));
    pg_emit_assertion(r, &query, &want->head, want->head.name, false, wrong);
}

void pg_render_narrowing(const Render *r, const Column *have, const Column *want)
{
    const char *c = pg_quoted(r->arena, want->head.name);
    const char *where = beyond(r->arena, c, have->type, want->type);
    if (!where || pg_rows_are_elsewhere(r) || have->generated || want->generated)
        return;
    assert_none(r, want, where,
                arena_printf(r->arena, "column %s.%s has values that %s cannot hold", want->head.table,
                             want->head.name, want->type));
}

void pg_render_lossy(const Render *r, const Column *have, const Column *want)
{
    if (pg_rows_are_elsewhere(r) || have->generated || want->generated || r->graph->options->allow_loss)
        return;
    const char *where =
        pg_values_change(r->arena, r->graph, pg_quoted(r->arena, want->head.name), have->type, want->type);
    if (where)
        assert_none(
            r, want, where,
            arena_printf(r->arena,
                         "column %s of %s becomes %s, which would change values: change them first, or "
                         "accept it with migrate --allow-loss",
                         want->head.name, want->head.table, want->type));
}
