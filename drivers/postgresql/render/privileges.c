// Owners and privileges of recreated objects: dropped and created, they would be those of who runs the script.
#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

// What the live object of this name has, on whichever side of the plan it is.
static const Privileges *privileges_of(const Render *r, const Object *object)
{
    if (object->privileges || !r->graph->have)
        return object->privileges;
    const Object *live = schema_counterpart(r->graph->have, object);
    return live ? live->privileges : NULL;
}

// Only DROP and COMMENT ON know the ORDER BY among an aggregate's arguments.
static void put_aggregate(StrBuf *out, const Object *object)
{
    const char *types;
    const char *name = pg_routine_split(out->arena, object->name, &types);
    sql(out, D, KW("FUNCTION"), QID(pg_written_schema(object), name));
    strbuf_printf(out, "(%s)", types ? types : "");
}

static void put_granted(StrBuf *out, const Object *object)
{
    switch ((int)object->kind) {
    case OBJECT_COLUMN: sql(out, D, pg_table_of(object)); return;
    case OBJECT_TABLE:
    case OBJECT_VIEW: sql(out, D, QID(pg_written_schema(object), object->name)); return;
    case OBJECT_ENUM:
    case OBJECT_DOMAIN:
    case OBJECT_COMPOSITE:
    case OBJECT_RANGE: sql(out, D, KW("TYPE"), QID(pg_written_schema(object), object->name)); return;
    case OBJECT_AGGREGATE: put_aggregate(out, object); return;
    case OBJECT_SERVER: sql(out, D, KW("FOREIGN SERVER"), ID(object->name)); return;
    default:
        strbuf_putc(out, ' ');
        pg_put_target(out, object);
        return;
    }
}

// Owner first, because a change of owner rewrites the grants.
static void render_of(const Render *r, const Object *object)
{
    const Privileges *privileges = privileges_of(r, object);
    if (!privileges)
        return;
    if (privileges->owner) {
        StrBuf text = pg_begin(r);
        strbuf_puts(&text, "ALTER ");
        pg_put_target(&text, object);
        sql(&text, D, KW("OWNER TO"), EXPR(privileges->owner));
        pg_emit(r, &text);
    }
    VEC_EACH (const Grant, grant, &privileges->grants) {
        StrBuf text = pg_begin(r);
        strbuf_printf(&text, "%s ON", grant->what);
        if (grant->on)
            strbuf_printf(&text, " %s", grant->on);
        else
            put_granted(&text, object);
        strbuf_printf(&text, " %s", grant->whom);
        pg_emit(r, &text);
    }
}

static bool is_made(const Step *step)
{
    if (step->kind == STEP_CREATE || pg_table_is_remade(step))
        return true;
    return step->kind == STEP_ALTER && pg_type_needs_new(NULL, step->have, step->want, step->facets);
}

void pg_render_privileges(const Render *r)
{
    const Object *object = r->step->want;
    if (!is_made(r->step))
        return;
    render_of(r, object);
    if (object->kind == OBJECT_TABLE)
        VEC_EACH (Column *, column, &((const Table *)(const void *)object)->columns)
            render_of(r, &(*column)->head);
}
