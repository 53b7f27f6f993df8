// Rows that only move from one table to another of the same family. To the application they are the same rows before
// and afterwards, so nothing that reacts to rows may see the move: one DO block switches triggers, rules and forced row
// security off for as long as it takes, compares how many rows left with how many arrived (and what they say), and
// switches on again what was on. What is on is asked when the script runs: the database may have triggers that the
// model does not.
#include <string.h>

#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

static const char *literal(Arena *arena, const char *text)
{
    StrBuf out;
    strbuf_init(&out, arena);
    D->put_literal(&out, text);
    return out.text;
}

// The tables of the block: `name` and, where it is partitioned, all below it.
static void put_tree(StrBuf *out, const char *name)
{
    const char *text = literal(out->arena, name);
    strbuf_printf(out,
                  "SELECT %s::regclass::oid AS oid, 0 AS level UNION"
                  " SELECT relid, level FROM pg_catalog.pg_partition_tree(%s)",
                  text, text);
}

// Fills `quiet` and `restore` with the commands that switch off, and on again, what would react to the rows of a table.
// A partition's trigger may be switched apart from its parent's, and a parent's command reaches it: parents come first.
static void put_search(StrBuf *out, const char *one, const char *other)
{
    strbuf_puts(out, "    SELECT pg_catalog.string_agg(off, '; ' ORDER BY place, off) FILTER (WHERE is_on),\n"
                     "           pg_catalog.string_agg(back, '; ' ORDER BY place, back)\n"
                     "      INTO quiet, restore\n"
                     "      FROM (WITH involved AS (");
    put_tree(out, one);
    if (other) {
        strbuf_puts(out, "\n                 UNION ");
        put_tree(out, other);
    }
    strbuf_puts(
        out,
        ")\n"
        "            SELECT tgenabled <> 'D' AS is_on, i.level AS place,\n"
        "                   pg_catalog.format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, "
        "tgname) AS off,\n"
        "                   pg_catalog.format('ALTER TABLE %s %s TRIGGER %I', tgrelid::regclass,\n"
        "                          CASE tgenabled WHEN 'O' THEN 'ENABLE' WHEN 'D' THEN 'DISABLE'\n"
        "                               WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END, tgname) AS "
        "back\n"
        "              FROM pg_catalog.pg_trigger JOIN involved i ON tgrelid = i.oid\n"
        "             WHERE NOT tgisinternal OR (tgparentid <> 0::oid AND tgconstraint = 0::oid)\n"
        "            UNION ALL\n"
        "            SELECT ev_enabled <> 'D', i.level,\n"
        "                   pg_catalog.format('ALTER TABLE %s DISABLE RULE %I', ev_class::regclass, "
        "rulename),\n"
        "                   pg_catalog.format('ALTER TABLE %s %s RULE %I', ev_class::regclass,\n"
        "                          CASE ev_enabled WHEN 'O' THEN 'ENABLE' WHEN 'D' THEN 'DISABLE'\n"
        "                               WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END, rulename)\n"
        "              FROM pg_catalog.pg_rewrite JOIN involved i ON ev_class = i.oid\n"
        "            UNION ALL\n"
        "            SELECT true, i.level, pg_catalog.format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', "
        "c.oid::regclass),\n"
        "                   pg_catalog.format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', c.oid::regclass)\n"
        "              FROM pg_catalog.pg_class c JOIN involved i ON c.oid = i.oid WHERE "
        "relforcerowsecurity) "
        "AS found;\n");
}

// DO $move$ … the body between what switches off and what switches on again.
static const char *quiet_block(Arena *arena, const char *one, const char *other, const char *body)
{
    StrBuf text, block;
    strbuf_init(&text, arena);
    strbuf_init(&block, arena);
    strbuf_puts(&text,
                "\nDECLARE\n    quiet text;\n    restore text;\n    had record;\n    got record;\nBEGIN\n"
                "    SET LOCAL row_security = off;\n"
                "    SET CONSTRAINTS ALL IMMEDIATE;\n");
    put_search(&text, one, other);
    strbuf_printf(&text,
                  "    IF quiet IS NOT NULL THEN\n        EXECUTE quiet;\n    END IF;\n%s"
                  "    IF restore IS NOT NULL THEN\n        EXECUTE restore;\n    END IF;\nEND\n",
                  body);
    const char *tag = pg_dollar_tag(arena, "move", text.text);
    strbuf_printf(&block, "DO %s%s%s", tag, text.text, tag);
    return block.text;
}

static void put_comparison(StrBuf *body, const char *table)
{
    strbuf_puts(
        body,
        "    IF had IS DISTINCT FROM got THEN\n        RAISE EXCEPTION USING MESSAGE = pg_catalog.format(");
    D->put_literal(body, arena_printf(body->arena,
                                      "rows of %s were lost or changed on their way: %%s left, %%s arrived",
                                      table));
    strbuf_puts(body, ", had.n, got.n), ERRCODE = 'assert_failure';\n    END IF;\n");
}

// The columns of both sides: their names, the values to insert, and these as they will be read back.
typedef struct Columns {
    StrBuf names, values, stored;
} Columns;

// The columns that both tables have, with the expression that brings each value over. Generated columns are
// computed again.
static Columns columns_of(StepGraph *graph, const Table *have, const Table *want)
{
    Columns c;
    strbuf_init(&c.names, graph->arena);
    strbuf_init(&c.values, graph->arena);
    strbuf_init(&c.stored, graph->arena);
    ColumnList columns = pg_all_columns(graph->arena, graph->want, want);
    Table all = { .columns = pg_all_columns(graph->arena, graph->have, have) };
    VEC_EACH (Column *, it, &columns) {
        const Column *column = *it, *old = table_column(&all, column->head.name);
        if (!old || column->generated)
            continue;
        const char *name = pg_quoted(graph->arena, column->head.name);
        const char *value = pg_type_using(graph->arena, graph, pg_quoted(graph->arena, column->head.name),
                                          old->type, column->type);
        if (!value && pg_type_is_replaced(graph, column->type))
            value = pg_through_text(graph->arena, column);
        const char *comma = c.names.length ? ", " : "";
        strbuf_printf(&c.names, "%s%s", comma, name);
        strbuf_printf(&c.values, "%s%s", comma, value ? value : name);
        if (value || !same_text(old->type, column->type))
            strbuf_printf(&c.stored, "%s(%s)::%s", comma, value ? value : name, column->type);
        else
            strbuf_printf(&c.stored, "%s%s", comma, name);
    }
    return c;
}

// A sum that does not depend on the order of the rows, nor on how they are stored.
static const char *checksum(Arena *arena, const char *columns)
{
    return arena_printf(arena, "sum(pg_catalog.hashtextextended(ROW(%s)::text, 0))", columns);
}

const char *pg_copy_block(StepGraph *graph, const Table *have, const Table *want, const char *from)
{
    Arena *arena = graph->arena;
    Columns c = columns_of(graph, have, want);
    const char *into = pg_qualified(arena, want->head.schema, want->head.name);
    StrBuf body;
    strbuf_init(&body, arena);
    strbuf_printf(&body, "    SELECT count(*) AS n, %s AS sum INTO had FROM %s;\n",
                  checksum(arena, c.stored.text), from);
    strbuf_printf(&body, "    WITH put AS (\n        INSERT INTO %s", into);
    if (c.names.length)
        strbuf_printf(&body,
                      " (%s) OVERRIDING SYSTEM VALUE\n        SELECT %s FROM %s\n        RETURNING %s)\n",
                      c.names.text, c.values.text, from, c.names.text);
    else // no column is left, but each row is
        strbuf_printf(&body, " SELECT FROM %s\n        RETURNING 1)\n", from);
    strbuf_printf(&body, "    SELECT count(*) AS n, %s AS sum INTO got FROM put;\n",
                  checksum(arena, c.names.text));
    put_comparison(&body, have->head.name);
    const char *plain = strncmp(from, "ONLY ", 5) == 0 ? from + 5 : from;
    return quiet_block(arena, into, plain, body.text);
}

const char *pg_take_block(StepGraph *graph, const Table *have, const char *from, const char *where,
                          const char *aside)
{
    StrBuf body;
    strbuf_init(&body, graph->arena);
    const char *condition = where ? arena_printf(graph->arena, " WHERE %s", where) : "";
    strbuf_printf(&body, "    CREATE TABLE %s AS SELECT * FROM %s%s;\n", aside, from, condition);
    strbuf_printf(&body, "    SELECT count(*) AS n INTO had FROM %s;\n", aside);
    strbuf_printf(
        &body, "    WITH taken AS (DELETE FROM %s%s RETURNING 1) SELECT count(*) AS n INTO got FROM taken;\n",
        from, condition);
    put_comparison(&body, have->head.name);
    return quiet_block(graph->arena, from, NULL, body.text);
}

static bool is_taken(const StepGraph *graph, const char *schema, const char *name)
{
    return schema_table(graph->have, schema, name) || schema_table(graph->want, schema, name) ||
           schema_object(graph->have, OBJECT_VIEW, schema, NULL, name) ||
           schema_object(graph->want, OBJECT_VIEW, schema, NULL, name) ||
           schema_object(graph->have, OBJECT_SEQUENCE, schema, NULL, name) ||
           schema_object(graph->want, OBJECT_SEQUENCE, schema, NULL, name);
}

const char *pg_aside_name(StepGraph *graph, const Table *table, const char *label)
{
    const char *name = pg_object_name(graph->arena, table->head.name, NULL, label);
    for (unsigned n = 1; is_taken(graph, table->head.schema, name); n++)
        name = pg_object_name(graph->arena, table->head.name, NULL,
                              arena_printf(graph->arena, "%s%u", label, n));
    return pg_qualified(graph->arena, table->head.schema, name);
}

static bool is_forced(const Schema *side, const char *schema, const char *name)
{
    const Table *table = schema_table(side, schema, name);
    return table && option_is(&table->head.options, PG_FORCE_ROW_SECURITY);
}

bool pg_hides_rows(const StepGraph *graph, const char *schema, const char *table)
{
    return is_forced(graph->have, schema, table) || is_forced(graph->want, schema, table);
}

const char *pg_seen_query(const StepGraph *graph, const char *schema, const char *table, const char *query)
{
    if (!pg_hides_rows(graph, schema, table))
        return query;
    // SELECT becomes PERFORM inside of the block
    return quiet_block(graph->arena, pg_qualified(graph->arena, schema, table), NULL,
                       arena_printf(graph->arena, "    PERFORM %s;\n", query + strlen("SELECT ")));
}
