// A table that is made again: the old one moves into a schema of its own, so that all its names are free.
#include <string.h>

#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

static void set_aside(const Render *r, const Object *table)
{
    StrBuf move = pg_begin(r);
    sql(&move, D, KW("ALTER TABLE"), QID(table->schema, table->name), KW("SET SCHEMA"), ID(PG_ASIDE_SCHEMA));
    pg_cost(r, pg_emit(r, &move), "ACCESS EXCLUSIVE", "the table is recreated");
}

static bool is_renamed(const StepGraph *graph, const Table *table)
{
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->kind == STEP_RENAME && (*it)->have == &table->head)
            return true;
    return false;
}

static bool is_remade(const StepGraph *graph, const Table *have)
{
    VEC_EACH (Step *, it, &graph->steps)
        if (pg_table_is_remade(*it) && (*it)->have_table == have)
            return true;
    return false;
}

// Partitions that go or are recreated too are renamed with it: since 18 they hold the names of its not-null constraints.
static void set_partitions_aside(const Render *r, const Table *have)
{
    VEC_EACH (Table *, it, &r->graph->have->tables)
        if (r->version >= PG_18 && pg_is_partition_of(r->arena, *it, have) && !is_renamed(r->graph, *it) &&
            (!pg_counterpart(r->graph->want, *it) || is_remade(r->graph, *it))) {
            set_aside(r, &(*it)->head);
            set_partitions_aside(r, *it);
        }
}

static bool went_with_parent(const Render *r, const Table *have)
{
    VEC_EACH (Table *, it, &r->graph->have->tables)
        if (r->version >= PG_18 && pg_is_partition_of(r->arena, have, *it))
            return is_remade(r->graph, *it) && !is_renamed(r->graph, have);
    return false;
}

static void make_room(const Render *r)
{
    StrBuf schema = pg_begin(r);
    sql(&schema, D, KW("CREATE SCHEMA"), ID(PG_ASIDE_SCHEMA));
    VEC_EACH (Statement, statement, r->out)
        if (strcmp(statement->sql, schema.text) == 0)
            return;
    pg_emit(r, &schema);
}

void pg_render_remade_table(const Render *r)
{
    make_room(r);
    if (!went_with_parent(r, r->step->have_table)) {
        set_aside(r, r->step->have);
        set_partitions_aside(r, r->step->have_table);
    }
    pg_render_create_table(r, r->step->want_table);
}
