// What a step says of its table, and which version of the server it is for.
#include <string.h>

#include "drivers/postgresql/facts/facts.h"

// The mark of a table that is recreated; see pg_blocks and pg_render_alter_table.
bool pg_table_is_remade(const Step *step)
{
    return step->kind == STEP_ALTER && step->want->kind == OBJECT_TABLE && step->facets & FACET_PARTS;
}

unsigned pg_version_of(const StepGraph *graph)
{
    unsigned have = graph->have ? graph->have->server.version : 0;
    unsigned want = graph->want ? graph->want->server.version : 0;
    unsigned version = have > want ? have : want;
    return version ? version : PG_15;
}

const char *pg_cost_comment(Arena *arena, const char *lock, const char *note)
{
    if (!lock)
        return note;
    return note ? arena_printf(arena, "locks: %s; %s", lock, note) : arena_printf(arena, "locks: %s", lock);
}
