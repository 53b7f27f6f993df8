// A partition whose bounds change is taken out and put in again, with its rows; one that goes makes room before.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

static Statement *add_statement(StepGraph *graph, Step *step, const char *text)
{
    Statement *statement = VEC_PUSH(graph->arena, &step->statements);
    statement->sql = text;
    return statement;
}

static bool bounds_change(const Step *step)
{
    return step->kind == STEP_ALTER && step->want->kind == OBJECT_TABLE && !pg_table_is_remade(step) &&
           option_of(step->have_table, PG_PARTITION_OF) &&
           !same_text(option_of(step->have_table, PG_PARTITION_BOUND),
                      option_of(step->want_table, PG_PARTITION_BOUND)) &&
           same_text(option_of(step->have_table, PG_PARTITION_OF),
                     option_of(step->want_table, PG_PARTITION_OF));
}

Step *pg_detach_step(StepGraph *graph, const Table *have)
{
    Step *step = step_add(graph, STEP_SQL, NULL, NULL);
    Render r = { .arena = graph->arena, .graph = graph, .step = step, .out = &step->statements };
    pg_render_detach(&r, have);
    return step;
}

// A column that goes from above the partition goes from it only while it is in, and before rows come that have none.
static void drop_columns_inside(StepGraph *graph, Step *in, Step *back)
{
    TableList above = pg_ancestors_of(graph->arena, graph->have, in->have_table);
    VEC_EACH (Step *, it, &graph->steps) {
        if ((*it)->kind != STEP_DROP || (*it)->have->kind != OBJECT_COLUMN)
            continue;
        VEC_EACH (Table *, table, &above)
            if (*table == (*it)->have_table) {
                step_after(graph->arena, *it, in);
                step_after(graph->arena, back, *it);
            }
    }
}

// Is a partition made, or given other bounds, further up than beside this one? Then its bounds alone do not say which
// rows may stay.
static bool moves_above(StepGraph *graph, const Table *want)
{
    const Table *parent = pg_parent_of(graph->arena, graph->want, want);
    TableList above = parent ? pg_ancestors_of(graph->arena, graph->want, parent) : (TableList){ 0 };
    VEC_EACH (Step *, it, &graph->steps) {
        const Step *step = *it;
        if ((step->kind != STEP_CREATE && step->kind != STEP_ALTER) || step->want->kind != OBJECT_TABLE)
            continue;
        const Table *of = pg_parent_of(graph->arena, graph->want, as_table(step->want));
        VEC_EACH (Table *, table, &above)
            if (*table == of)
                return true;
    }
    return false;
}

// The rows that have no place within the new bounds leave the partition, and come back through its parent, which knows
// where each belongs. All others stay where they are; a foreign partition's rows are the other server's.
static void move_misplaced(StepGraph *graph, const Step *step, Step *out, Step *back)
{
    const Table *have = step->have_table, *want = step->want_table;
    const char *parent = option_of(want, PG_PARTITION_OF);
    if (!parent || option_of(have, PG_SERVER) || option_of(want, PG_SERVER))
        return;
    const char *rows = pg_aside_name(graph, have, "rows"),
               *name = pg_qualified(graph->arena, have->head.schema, have->head.name),
               *within = moves_above(graph, want) ? NULL : pg_bound_condition(graph, want);
    add_statement(graph, out,
                  pg_take_block(graph, have, name,
                                within ? arena_printf(graph->arena, "(%s) IS NOT TRUE", within) : NULL, rows))
        ->comment = "takes out the rows that the new bounds have no place for";
    NameList parts = { 0 };
    Table unknown = *want; // a parent that is not in the model
    if (name_split(graph->arena, parent, &parts) && parts.count) {
        unknown.head.name = parts.items[parts.count - 1];
        unknown.head.schema = parts.count > 1 ? parts.items[0] : NULL;
    }
    const Table *top = pg_rows_go_through(graph, back, want);
    add_statement(graph, back, pg_copy_block(graph, have, top ? top : &unknown, rows))->comment =
        "puts them back through the parent";
    add_statement(graph, back, arena_printf(graph->arena, "DROP TABLE %s", rows));
}

// Out; misplaced rows out of it; in again with the new bounds. Keys that refer to the parent are dropped meanwhile: the
// server refuses to detach what is referred to, and a row that only moves must not cascade.
static void move_bounds(StepGraph *graph, Step *step)
{
    const Table *have = step->have_table, *want = step->want_table;
    const char *parent = option_of(want, PG_PARTITION_OF);
    Step *out = pg_detach_step(graph, have), *back = step_add(graph, STEP_SQL, NULL, &want->head);
    pg_release_referrers(graph, have, out, back);
    move_misplaced(graph, step, out, back);
    step_after(graph->arena, step, out);
    step_after(graph->arena, back, step);
    drop_columns_inside(graph, step, back);
    VEC_EACH (Step *, it, &graph->steps) {
        if ((*it)->kind == STEP_CREATE && (*it)->want->kind == OBJECT_FOREIGN_KEY)
            step_after(graph->arena, *it, back); // it may refer to the rows that are aside
        bool sibling = (*it)->want && (*it)->want->kind == OBJECT_TABLE && *it != step &&
                       (*it)->kind != STEP_SQL &&
                       same_text(option_of(as_table((*it)->want), PG_PARTITION_OF), parent);
        if (sibling) {
            step_after(graph->arena, *it, out);
            step_after(graph->arena, back, *it);
        }
    }
}

Step *pg_detach_dropped(StepGraph *graph, Step *drop)
{
    Step *out = pg_detach_step(graph, as_table(drop->have));
    VEC_EACH (Step *, it, &drop->after)
        if ((*it)->kind == STEP_SQL && (*it)->statements.count &&
            same_text((*it)->statements.items[0].sql, out->statements.items[0].sql)) {
            step_remove(graph, out);
            return *it;
        }
    step_after(graph->arena, drop, out);
    return out;
}

// A partition that goes is out before one that may overlap with it comes in.
static void detach_dropped(StepGraph *graph, Step *drop)
{
    const Table *have = as_table(drop->have);
    const char *parent = option_of(have, PG_PARTITION_OF);
    Step *out = NULL;
    for (size_t i = 0, n = graph->steps.count; parent && i < n; i++) {
        Step *step = graph->steps.items[i];
        if ((step->kind != STEP_CREATE && step->kind != STEP_ALTER) || step->want->kind != OBJECT_TABLE ||
            !same_text(option_of(as_table(step->want), PG_PARTITION_OF), parent))
            continue;
        if (!out)
            out = pg_detach_dropped(graph, drop);
        step_after(graph->arena, step, out);
    }
}

void pg_expand_bounds(StepGraph *graph)
{
    StepList now = pg_steps_now(graph);
    VEC_EACH (Step *, it, &now) {
        Step *step = *it;
        if (bounds_change(step))
            move_bounds(graph, step);
        else if (step->kind == STEP_DROP && step->have->kind == OBJECT_TABLE)
            detach_dropped(graph, step);
    }
}
