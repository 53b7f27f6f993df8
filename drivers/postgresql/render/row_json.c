// Values that come back from JSON: those of columns that are jsonb while their row type changes.
#include <string.h>

#include "drivers/postgresql/render/render.h"

// A value of the type from its JSON: rows are made of objects, anything else as the attribute of a row of its own.
const char *pg_from_json(const Render *r, const Column *want, const char *json, StatementList *around)
{
    Arena *arena = r->arena;
    bool row = false;
    VEC_EACH (Table *, it, &r->graph->want->tables)
        row |= pg_is_type_named(arena, want->type, &(*it)->head);
    VEC_EACH (Object *, it, &r->graph->want->objects)
        row |= (*it)->kind == OBJECT_COMPOSITE && pg_is_type_named(arena, want->type, *it);
    if (row && !strstr(want->type, "[]"))
        return arena_printf(arena, "jsonb_populate_record(NULL::%s, %s)", want->type, json);
    const char *type = pg_qualified(arena, want->head.schema,
                                    pg_object_name(arena, want->head.table, want->head.name, "value"));
    VEC_PUSH(arena, around)->sql = arena_printf(arena, "CREATE TYPE %s AS (v %s)", type, want->type);
    VEC_PUSH(arena, around)->sql = arena_printf(arena, "DROP TYPE %s", type);
    return arena_printf(arena, "(jsonb_populate_record(NULL::%s, jsonb_build_object('v', %s))).v", type,
                        json);
}
