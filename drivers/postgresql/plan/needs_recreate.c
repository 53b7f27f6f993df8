// Which tables cannot become what they are to be, and are recreated; recreate_table.c says how.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

static bool is_among(const TableList *list, const Table *table)
{
    VEC_EACH (Table *, it, list)
        if (*it == table)
            return true;
    return false;
}

TableList pg_inheriting_tables(StepGraph *graph, const Table *table)
{
    TableList inheriting = { 0 };
    for (size_t i = 0; i < graph->have->tables.count; i++) {
        Table *inheritor = graph->have->tables.items[i];
        if (!option_of(inheritor, PG_INHERITS))
            continue;
        TableList parents = pg_parents_of(graph->arena, graph->have, inheritor);
        if (is_among(&parents, table))
            *VEC_PUSH(graph->arena, &inheriting) = inheritor;
    }
    return inheriting;
}

// Do all that inherit from the table go on doing so? Then they can be recreated with it.
static bool inheriting_tables_stay(StepGraph *graph, const Table *table)
{
    TableList inheriting = pg_inheriting_tables(graph, table);
    const Table *want = schema_table(graph->want, table->head.schema, table->head.name);
    VEC_EACH (Table *, inheritor, &inheriting) {
        const Table *new = schema_table(graph->want, (*inheritor)->head.schema, (*inheritor)->head.name);
        TableList parents = { 0 };
        if (new)
            parents = pg_parents_of(graph->arena, graph->want, new);
        if (!want || !is_among(&parents, want) || !inheriting_tables_stay(graph, *inheritor))
            return false;
    }
    return true;
}

static bool has_column(StepGraph *graph, const Table *table, const char *name)
{
    ColumnList all = pg_all_columns(graph->arena, graph->want, table);
    return table_column(&(Table){ .columns = all }, name) != NULL;
}

// A parent that was one before brings the column.
static bool comes_from_old_parent(StepGraph *graph, const Table *have, const TableList *parents,
                                  const char *column)
{
    TableList old = pg_parents_of(graph->arena, graph->have, have);
    VEC_EACH (Table *, it, parents)
        VEC_EACH (Table *, was, &old)
            if (same_text((*it)->head.name, (*was)->head.name) &&
                same_text((*it)->head.schema, (*was)->head.schema) && has_column(graph, *it, column))
                return true;
    return false;
}

// INHERIT leaves the columns of the table its own for ever; to have them from the parent alone, it is recreated.
static bool gives_columns_to_parent(StepGraph *graph, const Step *step)
{
    const Table *have = step->have_table, *want = step->want_table;
    const char *inherits = option_of(want, PG_INHERITS);
    if (step->want->kind != OBJECT_TABLE || !inherits || same_text(inherits, option_of(have, PG_INHERITS)) ||
        !inheriting_tables_stay(graph, have))
        return false;
    TableList parents = pg_parents_of(graph->arena, graph->want, want);
    ColumnList all = pg_all_columns(graph->arena, graph->want, want);
    VEC_EACH (Column *, it, &all) {
        // one that the table lists only for a default or a key of its own is its parent's all the same
        const Column *own = table_column(want, (*it)->head.name);
        if ((!own || option_is(&own->head.options, PG_INHERITED)) &&
            !comes_from_old_parent(graph, have, &parents, (*it)->head.name))
            return true;
    }
    return false;
}

// Nor can a column that the table says beside its parent be left to that alone, or be said by the table later.
static bool changes_who_says_column(StepGraph *graph, const Step *step)
{
    const Table *have = step->have_table, *want = step->want_table;
    const Object *column = step->kind == STEP_DROP ? step->have : step->want;
    if ((step->kind != STEP_DROP && step->kind != STEP_CREATE) || column->kind != OBJECT_COLUMN || !have ||
        !want || option_is(&column->options, PG_INHERITED) || !option_of(have, PG_INHERITS) ||
        !option_of(want, PG_INHERITS) || !inheriting_tables_stay(graph, have))
        return false;
    Table old = { .columns = pg_all_columns(graph->arena, graph->have, have) };
    TableList parents = pg_parents_of(graph->arena, graph->want, want);
    return table_column(&old, column->name) && comes_from_old_parent(graph, have, &parents, column->name);
}

// INHERIT puts a parent after those that the table has: another order is had by creating it with that order.
static bool changes_order_of_parents(StepGraph *graph, const Step *step)
{
    const char *have = option_of(step->have_table, PG_INHERITS),
               *want = option_of(step->want_table, PG_INHERITS);
    if (step->want->kind != OBJECT_TABLE || !have || !want || same_text(have, want) ||
        !inheriting_tables_stay(graph, step->have_table))
        return false;
    StrBuf reached;
    strbuf_init(&reached, graph->arena);
    for (int added = 0; added < 2; added++) {
        const char *list = added ? want : have, *other = added ? have : want;
        for (const char *name; (name = name_next(graph->arena, &list)) != NULL;)
            if (name_listed(graph->arena, other, name) == !added)
                strbuf_printf(&reached, "%s%s", reached.length ? ", " : "", name);
    }
    const char *list = want, *got = reached.text;
    for (const char *name, *now; (name = name_next(graph->arena, &list)) != NULL;)
        if ((now = name_next(graph->arena, &got)) == NULL || strcmp(name, now) != 0)
            return true;
    return false;
}

// A typed table's columns stand in the order of its type's attributes: one that comes back into the middle cannot.
static bool leaves_order_of_type(StepGraph *graph, const Step *step)
{
    if (step->want->kind != OBJECT_TABLE || !option_of(step->want_table, PG_OF_TYPE))
        return false;
    Table have = { .columns = pg_all_columns(graph->arena, graph->have, step->have_table) },
          want = { .columns = pg_all_columns(graph->arena, graph->want, step->want_table) };
    size_t at = 0;
    VEC_EACH (Column *, it, &have.columns)
        if (table_column(&want, (*it)->head.name) &&
            strcmp((*it)->head.name, want.columns.items[at++]->head.name) != 0)
            return true;
    return false;
}

bool pg_table_needs_new(StepGraph *graph, const Step *step)
{
    if (changes_who_says_column(graph, step))
        return true;
    if (step->kind != STEP_ALTER || !step->have_table || !step->want_table)
        return false;
    if (gives_columns_to_parent(graph, step) || changes_order_of_parents(graph, step) ||
        leaves_order_of_type(graph, step))
        return true;
    const char *old = option_of(step->have_table, PG_PARTITION_BY),
               *new = option_of(step->want_table, PG_PARTITION_BY);
    if (step->want->kind == OBJECT_TABLE)
        return !same_text(old, new);
    return step->want->kind == OBJECT_COLUMN && step->facets & (FACET_TYPE | FACET_COLLATION) &&
           pg_mentions(graph->arena, old, step->have->name);
}
