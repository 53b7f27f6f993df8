// What parents hold while a table that inherits from them is recreated: columns that several of them bring, and names.
//
// A column that a table has of several parents. While it has them all, the server renames it in none of them: the table
// leaves those that another one speaks for, and is recreated when the parents are what they are to be.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

static bool brings(StepGraph *graph, const Table *parent, const char *column)
{
    ColumnList all = pg_all_columns(graph->arena, graph->have, parent);
    return table_column(&(Table){ .columns = all }, column) != NULL;
}

static bool any_brings(StepGraph *graph, const TableList *parents, const char *column)
{
    VEC_EACH (Table *, it, parents)
        if (brings(graph, *it, column))
            return true;
    return false;
}

// The renames of columns in what the table inherits from. A rename tells its table as it is after all renames.
static StepList renames_above(StepGraph *graph, const Table *table)
{
    StepList list = { 0 };
    TableList above = pg_ancestors_of(graph->arena, graph->have, table);
    VEC_EACH (Step *, it, &graph->steps) {
        const Step *step = *it;
        if (step->kind != STEP_RENAME || step->want->kind != OBJECT_COLUMN || !step->want_table)
            continue;
        VEC_EACH (Table *, up, &above)
            if (same_text((*up)->head.name, step->want_table->head.name) &&
                same_text((*up)->head.schema, step->want_table->head.schema))
                *VEC_PUSH(graph->arena, &list) = *it;
    }
    return list;
}

static bool is_renamed_twice(const StepList *renames, const char *column)
{
    size_t n = 0;
    VEC_EACH (Step *, it, renames)
        n += strcmp((*it)->want->name, column) == 0;
    return n > 1;
}

// Does the parent bring a renamed column that one of `kept` brings too?
static bool is_spoken_for(StepGraph *graph, const StepList *renames, const TableList *kept,
                          const Table *parent)
{
    VEC_EACH (Step *, it, renames)
        if (is_renamed_twice(renames, (*it)->want->name) && brings(graph, parent, (*it)->want->name) &&
            any_brings(graph, kept, (*it)->want->name))
            return true;
    return false;
}

static void add_statement(StepGraph *graph, Step *step, const char *text)
{
    VEC_PUSH(graph->arena, &step->statements)->sql = text;
}

bool pg_leave_shared_parents(StepGraph *graph, const Table *have)
{
    if (!option_of(have, PG_INHERITS))
        return false;
    StepList renames = renames_above(graph, have);
    TableList parents = pg_parents_of(graph->arena, graph->have, have), kept = { 0 }, left = { 0 };
    VEC_EACH (Table *, it, &parents)
        *VEC_PUSH(graph->arena, is_spoken_for(graph, &renames, &kept, *it) ? &left : &kept) = *it;
    if (!left.count)
        return false;
    const char *name = pg_qualified(graph->arena, have->head.schema, have->head.name);
    Step *leave = step_add(graph, STEP_SQL, NULL, NULL);
    VEC_EACH (Table *, it, &left)
        add_statement(graph, leave,
                      arena_printf(graph->arena, "ALTER TABLE %s NO INHERIT %s", name,
                                   pg_qualified(graph->arena, (*it)->head.schema, (*it)->head.name)));
    VEC_EACH (Step *, it, &renames) {
        step_after(graph->arena, *it, leave);
        if (!any_brings(graph, &kept, (*it)->want->name)) // no longer renamed along with a parent's
            add_statement(graph, leave,
                          arena_printf(graph->arena, "ALTER TABLE %s RENAME COLUMN %s TO %s", name,
                                       pg_quoted(graph->arena, (*it)->have->name),
                                       pg_quoted(graph->arena, (*it)->want->name)));
    }
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->kind == STEP_RENAME && (*it)->want->kind == OBJECT_TABLE)
            step_after(graph->arena, leave, *it);
    return true;
}

void pg_follow_renames(StepGraph *graph, Step *remade)
{
    StepList renames = renames_above(graph, remade->have_table);
    VEC_EACH (Step *, it, &renames)
        step_after(graph->arena, remade, *it);
}

// ---- names

static bool is_wanted_key(const Schema *want, const Object *key)
{
    VEC_EACH (Table *, it, &want->tables) {
        if (!same_text((*it)->head.schema, key->schema))
            continue;
        VEC_EACH (Constraint *, other, &(*it)->constraints)
            if ((*other)->head.kind != OBJECT_FOREIGN_KEY && (*other)->head.kind != OBJECT_CHECK &&
                same_text((*other)->head.name, key->name))
                return true;
        VEC_EACH (Index *, other, &(*it)->indexes)
            if (same_text((*other)->head.name, key->name))
                return true;
    }
    return false;
}

static void drop_early(StepGraph *graph, Step *table, const Object *key)
{
    if (!key->name || step_find_drop(graph, key) || !is_wanted_key(graph->want, key))
        return;
    Step *drop = step_add(graph, STEP_DROP, key, NULL);
    drop->have_table = table->have_table;
    step_after(graph->arena, table, drop);
}

void pg_free_names_of_old_parents(StepGraph *graph, const Step *remade)
{
    TableList parents = pg_parents_of(graph->arena, graph->have, remade->have_table);
    VEC_EACH (Table *, it, &parents) {
        Step *table = step_find_drop(graph, &(*it)->head);
        if (!table)
            continue;
        VEC_EACH (Constraint *, key, &(*it)->constraints)
            if ((*key)->head.kind != OBJECT_FOREIGN_KEY && (*key)->head.kind != OBJECT_CHECK)
                drop_early(graph, table, &(*key)->head);
        VEC_EACH (Index *, index, &(*it)->indexes)
            drop_early(graph, table, &(*index)->head);
    }
}
