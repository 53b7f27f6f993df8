// Defaults that count by the sequence of another table's serial or identity column. The model has no object for such a
// sequence: it is made with the one table and dropped with it, so the default of the other comes after, and goes before.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

// The name in nextval('…'); NULL: the default is another one.
static const char *counted_by(Arena *arena, const Column *column)
{
    if (!column->default_sql || !strstr(column->default_sql, "nextval") ||
        option_is(&column->head.options, PG_INHERITED))
        return NULL;
    TokenList tokens =
        lex_all(arena, (Text){ column->default_sql, strlen(column->default_sql) }, LEX_POSTGRESQL);
    VEC_EACH (Token, token, &tokens)
        if (token->kind == TOKEN_STRING)
            return token_name(arena, token);
    return NULL;
}

static const Column *counter_named(Arena *arena, const Schema *schema, const char *sequence)
{
    NameList parts = { 0 };
    if (!sequence || !name_split(arena, sequence, &parts) || !parts.count)
        return NULL;
    const char *name = parts.items[parts.count - 1], *in = parts.count > 1 ? parts.items[0] : NULL;
    VEC_EACH (Table *, table, &schema->tables)
        VEC_EACH (Column *, column, &(*table)->columns)
            if (((*column)->autoincrement || (*column)->identity != IDENTITY_NONE) &&
                same_text((*table)->head.schema, in) && strcmp(pg_sequence_name(arena, *column), name) == 0)
                return *column;
    return NULL;
}

static const Column *without_default(Arena *arena, const Column *column)
{
    Column *bare = ARENA_NEW(arena, Column);
    *bare = *column;
    bare->default_sql = NULL;
    bare->head.slot = (size_t)-1; // of an object that only a step knows
    return bare;
}

static Step *alter_default(StepGraph *graph, const Table *table, const Column *have, const Column *want)
{
    Step *step = step_add(graph, STEP_ALTER, &have->head, &want->head);
    step->have_table = step->want_table = table;
    step->facets = FACET_DEFAULT;
    return step;
}

// The default is set when the other table is there; a new table is made without it, for the two may need each other.
static void set_after(StepGraph *graph, const Table *table, Column *column)
{
    const Column *counter = counter_named(graph->arena, graph->want, counted_by(graph->arena, column));
    const Table *other =
        counter ? schema_table(graph->want, counter->head.schema, counter->head.table) : NULL;
    if (!other || other == table)
        return;
    Step *made = step_find_create(graph, &other->head), *create = step_find_create(graph, &table->head);
    if (!made)
        made = step_find_create(graph, &counter->head);
    if (!made)
        return;
    if (!create) {
        step_after(graph->arena, step_find_create(graph, &column->head), made);
        step_after(graph->arena, step_find_alter(graph, &column->head), made);
        return;
    }
    *VEC_PUSH(graph->arena, &create->later_defaults) = column;
    Step *set = alter_default(graph, table, without_default(graph->arena, column), column);
    step_after(graph->arena, set, create);
    step_after(graph->arena, set, made);
}

// A default that counts by another table's sequence must go before that sequence does.
static void drop_before(StepGraph *graph, const Table *table, Column *column)
{
    const Column *counter = counter_named(graph->arena, graph->have, counted_by(graph->arena, column));
    const Table *other =
        counter ? schema_table(graph->have, counter->head.schema, counter->head.table) : NULL;
    if (!other || other == table)
        return;
    Step *gone = step_find_drop(graph, &other->head), *drop = step_find_drop(graph, &table->head);
    if (!gone)
        gone = step_find_drop(graph, &counter->head);
    if (!gone)
        return;
    if (!drop) {
        const Table *want = schema_table(graph->want, table->head.schema, table->head.name);
        const Column *after = want ? table_column(want, column->head.name) : NULL;
        step_after(graph->arena, gone, step_find_drop(graph, &column->head));
        step_after(graph->arena, gone, after ? step_find_alter(graph, &after->head) : NULL);
        return;
    }
    Step *off = alter_default(graph, table, column, without_default(graph->arena, column));
    step_after(graph->arena, drop, off);
    step_after(graph->arena, gone, off);
}

void pg_expand_shared_counters(StepGraph *graph)
{
    VEC_EACH (Table *, table, &graph->want->tables)
        VEC_EACH (Column *, column, &(*table)->columns)
            set_after(graph, *table, *column);
    VEC_EACH (Table *, table, &graph->have->tables)
        VEC_EACH (Column *, column, &(*table)->columns)
            drop_before(graph, *table, *column);
}
