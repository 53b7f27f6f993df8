#include "drivers/postgresql/dialect/rows.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/dialect/sql.h"
#include "drivers/postgresql/dialect/dialect.h"

static bool is_one_of(const char *type, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], type) == 0)
            return true;
    return false;
}

static bool is_binary(const char *type) { return strcmp(type, "bytea") == 0; }

static bool is_number(const char *text)
{
    const char *p = text + (*text == '-');
    size_t points = 0;
    if (!isdigit((unsigned char)*p))
        return false;
    for (; *p; p++) {
        points += *p == '.';
        if (!isdigit((unsigned char)*p) && *p != '.')
            return false;
    }
    return points < 2 && p[-1] != '.';
}

static const char *truth_of(const char *text)
{
    static const char *const yes[] = { "true", "yes", "on" }, *const no[] = { "false", "no", "off" };
    for (size_t i = 0; i < COUNT_OF(yes); i++) {
        if (strcasecmp(text, yes[i]) == 0)
            return "true";
        if (strcasecmp(text, no[i]) == 0)
            return "false";
    }
    return NULL;
}

// Numbers and truths bare; anything else as a text without a type, which becomes what its column is.
static void put_value(StrBuf *out, const Column *column, const char *text, bool quoted)
{
    static const char *const numbers[] = { "integer", "smallint",         "bigint",
                                           "numeric", "double precision", "real" };
    const char *bare = pg_type_bare(out->arena, column->type);
    const char *truth = strcmp(bare, "boolean") == 0 ? truth_of(text) : NULL;
    if (truth)
        strbuf_puts(out, truth);
    else if (!quoted && is_one_of(bare, numbers, COUNT_OF(numbers)) && is_number(text))
        strbuf_puts(out, text);
    else
        pg_put_literal(out, text);
}

static void put_bytes(StrBuf *out, const unsigned char *bytes, size_t n)
{
    strbuf_puts(out, "'\\x");
    for (size_t i = 0; i < n; i++)
        strbuf_printf(out, "%02x", bytes[i]);
    strbuf_putc(out, '\'');
}

static void put_as_literal(StrBuf *out, const Column *column, const char *expression)
{
    (void)column;
    strbuf_printf(out, "pg_catalog.quote_nullable(%s::pg_catalog.text)", expression);
}

static void put_as_text(StrBuf *out, const Column *column, const char *expression)
{
    if (is_binary(column->type))
        strbuf_printf(out, "pg_catalog.encode(%s, 'hex')", expression);
    else
        strbuf_printf(out, "%s::pg_catalog.text", expression);
}

// Types whose own equality is the same as being stored alike, or means the same.
static bool has_equality(const Column *column)
{
    static const char *const types[] = {
        "integer",
        "smallint",
        "bigint",
        "numeric",
        "boolean",
        "date",
        "real",
        "double precision",
        "uuid",
        "jsonb",
        "interval",
        "timestamp without time zone",
        "bytea",
        "time",
        "oid",
        "inet",
        "cidr",
        "timestamp with time zone",
        "money",
        "time without time zone",
        "time with time zone",
    };
    Arena *arena = arena_new();
    bool known = is_one_of(pg_type_bare(arena, column->type), types, COUNT_OF(types));
    arena_free(arena);
    return known;
}

static void put_same(StrBuf *out, const ServerInfo *server, const Column *column, const char *a,
                     const char *b)
{
    (void)server;
    if (strcmp(column->type, "json") == 0)
        strbuf_printf(out, "%s::pg_catalog.jsonb IS NOT DISTINCT FROM %s::pg_catalog.jsonb", a, b);
    else if (has_equality(column))
        strbuf_printf(out, "%s IS NOT DISTINCT FROM %s", a, b);
    else
        strbuf_printf(out,
                      "%s::pg_catalog.text COLLATE pg_catalog.\"C\" IS NOT DISTINCT FROM "
                      "%s::pg_catalog.text COLLATE pg_catalog.\"C\"",
                      a, b);
}

static void put_stage(StrBuf *out, const RowStage *stage)
{
    strbuf_puts(out, "CREATE TEMPORARY TABLE cmigrate_rows AS SELECT NULL::pg_catalog.int8 AS " ROW_NUMBER);
    for (size_t i = 0; i < stage->columns.count; i++) {
        strbuf_puts(out, ", ");
        pg_put_identifier(out, stage->columns.items[i]->head.name);
        strbuf_printf(out, " AS c%zu", i);
    }
    strbuf_printf(out, " FROM %s WITH NO DATA", stage->live);
}

static bool put_upsert(StrBuf *out, const RowUpsert *upsert)
{
    bool comparable = true;
    VEC_EACH (Column *, it, &upsert->set) {
        const char *bare = pg_type_bare(out->arena, (*it)->type);
        bool text =
            !(*it)->collation && (strcmp(bare, "text") == 0 || strcmp(bare, "character varying") == 0);
        comparable = comparable && (text || has_equality(*it));
    }
    rows_put_on_conflict(out, &postgresql_dialect, upsert, comparable ? " IS DISTINCT FROM " : NULL);
    return true;
}

// A serial's or an identity's sequence does not see a value that is given.
static bool put_counter(StrBuf *out, const Table *table, const Column *column)
{
    if (!column->autoincrement && column->identity == IDENTITY_NONE)
        return false;
    StrBuf name;
    strbuf_init(&name, out->arena);
    sql(&name, &postgresql_dialect, QID(table->head.schema, table->head.name));
    strbuf_puts(out, "SELECT pg_catalog.setval(s, m) FROM (SELECT pg_catalog.pg_get_serial_sequence(");
    pg_put_literal(out, name.text);
    strbuf_puts(out, ", ");
    pg_put_literal(out, column->head.name);
    strbuf_puts(out, ")::pg_catalog.regclass AS s, (SELECT pg_catalog.max(");
    pg_put_identifier(out, column->head.name);
    strbuf_printf(out,
                  ") FROM %s) AS m) AS x WHERE s IS NOT NULL AND m > "
                  "COALESCE(pg_catalog.pg_sequence_last_value(s), 0)",
                  name.text);
    return true;
}

static const char *override_of(const Column *column)
{
    return column->identity == IDENTITY_ALWAYS ? "OVERRIDING SYSTEM VALUE" : NULL;
}

static void put_probe(StrBuf *out, const char *expression)
{
    strbuf_printf(out,
                  "CREATE TEMPORARY TABLE cmigrate_rows (x pg_catalog.int4); "
                  "CREATE INDEX ON pg_temp.cmigrate_rows (((%s) IS NULL))",
                  expression);
}

const RowDialect pg_rows = {
    .is_binary = is_binary,
    .put_value = put_value,
    .put_bytes = put_bytes,
    .put_as_literal = put_as_literal,
    .put_as_text = put_as_text,
    .put_same = put_same,
    .stage = "pg_temp.cmigrate_rows",
    .put_stage = put_stage,
    .put_probe = put_probe,
    .put_upsert = put_upsert,
    .put_counter = put_counter,
    .override = override_of,
    .list_of_rows = "",
    .from_nothing = "",
};
