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

static const char *rows_of(StepGraph *graph, const Table *table)
{
    return pg_qualified(graph->arena, table->head.schema,
                        pg_object_name(graph->arena, table->head.name, NULL, "rows"));
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

// Out; its rows aside; in again with the new bounds; the rows through the parent, which knows where each belongs.
static void move_bounds(StepGraph *graph, Step *step)
{
    const Table *have = step->have_table, *want = step->want_table;
    const char *parent = option_of(want, PG_PARTITION_OF), *rows = rows_of(graph, have);
    Step *out = pg_detach_step(graph, have), *back = step_add(graph, STEP_SQL, NULL, &want->head);
    const char *name = pg_qualified(graph->arena, have->head.schema, have->head.name);
    if (parent) {
        add_statement(graph, out,
                      arena_printf(graph->arena, "CREATE TABLE %s AS SELECT * FROM %s", rows, name));
        add_statement(graph, out, arena_printf(graph->arena, "TRUNCATE %s", name))->comment =
            "the rows come back below";
        StrBuf text;
        strbuf_init(&text, graph->arena);
        NameList parts = { 0 };
        Table unknown = *want; // a parent that is not in the model
        if (name_split(graph->arena, parent, &parts) && parts.count) {
            unknown.head.name = parts.items[parts.count - 1];
            unknown.head.schema = parts.count > 1 ? parts.items[0] : NULL;
        }
        const Table *top = pg_rows_go_through(graph, back, want);
        pg_put_copy(&text, graph, have, top ? top : &unknown, rows);
        add_statement(graph, back, text.text)->comment = "copies the rows of the partition";
        add_statement(graph, back, arena_printf(graph->arena, "DROP TABLE %s", rows));
    }
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
    for (size_t i = 0, n = graph->steps.count; i < n; i++) {
        Step *step = graph->steps.items[i];
        if (bounds_change(step))
            move_bounds(graph, step);
        else if (step->kind == STEP_DROP && step->have->kind == OBJECT_TABLE)
            detach_dropped(graph, step);
    }
}
