// Row types. The server rewrites no table whose row type is the type of a column somewhere: such columns become jsonb
// meanwhile, which keeps their values by the names of the attributes, and come back after it.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

static bool differs(const Step *step, const char *key)
{
    return !same_text(option_get(&step->have->options, key), option_get(&step->want->options, key));
}

// Does the server rewrite the table for it, or look as if it would?
static bool rewrites(const Step *step)
{
    if (!step->have_table || !step->want)
        return false;
    if (step->kind == STEP_ALTER && step->want->kind == OBJECT_TABLE)
        return pg_table_is_remade(step) || differs(step, PG_UNLOGGED) || differs(step, PG_USING);
    if (step->want->kind != OBJECT_COLUMN)
        return false;
    const Column *want = (const Column *)(const void *)step->want;
    if (step->kind == STEP_ALTER)
        return (step->facets & (FACET_TYPE | FACET_COLLATION)) != 0 ||
               (step->facets & FACET_GENERATED && want->generated);
    return step->kind == STEP_CREATE &&
           (want->default_sql || want->autoincrement || want->stored || want->identity != IDENTITY_NONE);
}

// The columns that are jsonb meanwhile: the step there, and the one back.
typedef struct Detour {
    const Column *have;
    Step *out, *back;
} Detour;
typedef VEC(Detour) DetourList;

static bool is_row_type(const StepGraph *graph, const char *type)
{
    const PgTypeName found = pg_type_named(graph->arena, type);
    return found.name && schema_table(graph->have, found.schema, found.name);
}

// Is a value of the type, or one within it, a row of the table? NULL: of any table.
static bool holds_rows_of(const StepGraph *graph, const char *type, const Table *table, unsigned level)
{
    if (level == PG_MOST_TYPE_LEVELS || pg_type_is_builtin(graph->arena, type))
        return false;
    if (table ? pg_is_type_named(graph->arena, type, &table->head) : is_row_type(graph, type))
        return true;
    VEC_EACH (Object *, it, &graph->have->objects) {
        if (((*it)->kind != OBJECT_DOMAIN && (*it)->kind != OBJECT_COMPOSITE) ||
            !pg_is_type_named(graph->arena, type, *it))
            continue;
        if ((*it)->kind == OBJECT_DOMAIN)
            return holds_rows_of(graph, ((const DomainType *)(const void *)*it)->base, table, level + 1);
        VEC_EACH (Column *, attribute, &((const CompositeType *)(const void *)*it)->attributes)
            if (holds_rows_of(graph, (*attribute)->type, table, level + 1))
                return true;
    }
    return false;
}

static Detour *find_detour(const DetourList *list, const Column *have)
{
    VEC_EACH (Detour, it, list)
        if (it->have == have)
            return it;
    return NULL;
}

static Column *as_json(Arena *arena, const Column *column)
{
    Column *json = arena_alloc(arena, sizeof(Column));
    *json = *column;
    json->type = "jsonb";
    json->default_sql = NULL;
    json->collation = NULL;
    return json;
}

static Step *add_alter(StepGraph *graph, const Column *have, const Column *want, const Table *have_table,
                       const Table *want_table)
{
    Step *step = step_add(graph, STEP_ALTER, &have->head, &want->head);
    step->have_table = have_table;
    step->want_table = want_table;
    step->facets = FACET_TYPE | FACET_PARTS; // see pg_column_goes_round
    return step;
}

static Detour *add_detour(StepGraph *graph, DetourList *list, const Column *have, const Column *want,
                          const Table *have_table, const Table *want_table)
{
    Step *pending = step_find_alter(graph, &want->head);
    unsigned facets = pending ? pending->facets : 0;
    StepList after = { 0 };
    if (pending) {
        after = pending->after;
        step_remove(graph, pending);
    }
    Column *there = as_json(graph->arena, have);
    there->head.slot = want->head.slot; // each side is known by its own places
    Step *out = add_alter(graph, have, there, have_table, want_table),
         *back = add_alter(graph, as_json(graph->arena, have), want, have_table, want_table);
    Detour *detour = VEC_PUSH(graph->arena, list);
    *detour = (Detour){ have, out, back };
    detour->back->facets |= facets | FACET_DEFAULT;
    VEC_EACH (Step *, it, &after)
        step_after(graph->arena, detour->back, *it);
    step_after(graph->arena, detour->back, detour->out);
    return detour;
}

static bool is_detour_of(const DetourList *list, const Step *step, const Column *have)
{
    const Detour *detour = find_detour(list, have);
    return detour && (detour->out == step || detour->back == step);
}

// The way back is behind all that is done to the table's columns: a default may be a row of what they are then.
static void come_back_behind(StepGraph *graph, Step *back, const Step *step)
{
    VEC_EACH (Step *, it, &graph->steps) {
        const Object *object = (*it)->want ? (*it)->want : (*it)->have;
        if (object && object->kind == OBJECT_COLUMN && (*it)->have_table == step->have_table &&
            (*it)->kind != STEP_SQL && !pg_column_goes_round(*it))
            step_after(graph->arena, back, *it);
    }
}

// The columns of both sides that hold rows of some table: few, so that what is rewritten looks at these alone.
typedef struct RowColumn {
    const Table *table;
    const Column *column;
} RowColumn;
typedef VEC(RowColumn) RowColumnList;
typedef struct Rounds {
    RowColumnList have, want;
    DetourList list;
} Rounds;

static RowColumnList row_columns(const StepGraph *graph, const Schema *schema)
{
    RowColumnList list = { 0 };
    VEC_EACH (Table *, table, &schema->tables)
        VEC_EACH (Column *, column, &(*table)->columns)
            if (holds_rows_of(graph, (*column)->type, NULL, 0))
                *VEC_PUSH(graph->arena, &list) = (RowColumn){ *table, *column };
    return list;
}

// A column that goes must be gone, and a new one is not there yet.
static void keep_away(StepGraph *graph, const Rounds *rounds, Step *step, const Table *rewritten)
{
    VEC_EACH (const RowColumn, it, &rounds->have) {
        Step *whole = step_find_drop(graph, &it->table->head),
             *drop = whole ? whole : step_find_drop(graph, &it->column->head);
        if (drop && it->table != rewritten && holds_rows_of(graph, it->column->type, rewritten, 0))
            step_after(graph->arena, step, drop);
    }
    VEC_EACH (const RowColumn, it, &rounds->want) {
        Step *whole = step_find_create(graph, &it->table->head),
             *create = whole ? whole : step_find_create(graph, &it->column->head);
        if (create && create != step && holds_rows_of(graph, it->column->type, rewritten, 0))
            step_after(graph->arena, create, step);
    }
}

// True where that is one more.
static bool lead_round(StepGraph *graph, Rounds *rounds, Step *step, const Table *rewritten)
{
    bool more = false;
    keep_away(graph, rounds, step, rewritten);
    VEC_EACH (const RowColumn, it, &rounds->have) {
        const Column *have = it->column;
        const Table *table = schema_table(graph->want, it->table->head.schema, it->table->head.name);
        const Step *whole = table ? step_find_alter(graph, &table->head) : NULL;
        const Column *want = table ? table_column(table, have->head.name) : NULL;
        if (!want || (whole && pg_table_is_remade(whole)) || have->generated || want->generated ||
            option_is(&have->head.options, PG_INHERITED) || step_find_drop(graph, &have->head) ||
            !holds_rows_of(graph, have->type, rewritten, 0) || is_detour_of(&rounds->list, step, have))
            continue;
        Detour *detour = find_detour(&rounds->list, have);
        more |= !detour;
        if (!detour)
            detour = add_detour(graph, &rounds->list, have, want, it->table, table);
        step_after(graph->arena, step, detour->out);
        step_after(graph->arena, detour->back, step);
        come_back_behind(graph, detour->back, step);
    }
    return more;
}

static bool is_heir(const StepGraph *graph, const Table *table, const Table *of)
{
    TableList parents = pg_parents_of(graph->arena, graph->have, table);
    VEC_EACH (Table *, it, &parents)
        if (*it == of || is_heir(graph, *it, of))
            return true;
    return false;
}

// What happens to a table happens to those that inherit from it.
static bool lead_round_all(StepGraph *graph, Rounds *rounds, Step *step)
{
    const Table *rewritten =
        schema_table(graph->have, step->have_table->head.schema, step->have_table->head.name);
    bool more = rewritten && lead_round(graph, rounds, step, rewritten);
    VEC_EACH (Table *, it, &graph->have->tables)
        if (rewritten && *it != rewritten && is_heir(graph, *it, rewritten))
            more |= lead_round(graph, rounds, step, *it);
    return more;
}

void pg_expand_rows(StepGraph *graph)
{
    Rounds rounds = { .have = row_columns(graph, graph->have), .want = row_columns(graph, graph->want) };
    if (!rounds.have.count && !rounds.want.count)
        return;
    for (size_t i = 0; i < graph->steps.count; i++) {
        Step *step = graph->steps.items[i];
        if (rewrites(step) && lead_round_all(graph, &rounds, step))
            i = (size_t)-1; // the columns' own tables are rewritten, too
    }
}

// ---- values
