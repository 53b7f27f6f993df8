// Sequences of their own, schemas, extensions.
#include <string.h>

#include "drivers/postgresql/render/sequence_counter.h"

static const Dialect *const D = &postgresql_dialect;

static void create_sequence(const Render *r, const Sequence *sequence)
{
    Numbering n = pg_numbering_of_sequence(sequence);
    StrBuf text = pg_begin(r);
    strbuf_puts(&text, option_is(&sequence->head.options, PG_UNLOGGED) ? "CREATE UNLOGGED SEQUENCE"
                                                                       : "CREATE SEQUENCE");
    sql(&text, D, QID(sequence->head.schema, sequence->head.name));
    pg_put_numbering(&text, &n);
    pg_emit(r, &text);
    pg_comment_if(r, &sequence->head);
}

// Brings a sequence from one to the other, each difference by the statement that can change it.
static void alter_sequence(const Render *r, const Sequence *have, const Sequence *want)
{
    const char *name = pg_qualified(r->arena, want->head.schema, want->head.name);
    Numbering old = pg_numbering_of_sequence(have), new = pg_numbering_of_sequence(want);
    StrBuf changes = pg_begin(r);
    if (strcmp(old.type, new.type) != 0)
        strbuf_printf(&changes, " AS %s", new.type);
    pg_put_numbering_change(&changes, &old, &new, "");
    if (changes.length) {
        pg_render_recount(r, name, &old, &new);
        StrBuf text = pg_begin(r);
        strbuf_printf(&text, "ALTER SEQUENCE %s%s", name, changes.text);
        pg_cost(r, pg_emit(r, &text), "SHARE ROW EXCLUSIVE", NULL);
    }
    bool was = option_is(&have->head.options, PG_UNLOGGED), is = option_is(&want->head.options, PG_UNLOGGED);
    if (was != is) {
        StrBuf text = pg_begin(r);
        strbuf_printf(&text, "ALTER SEQUENCE %s SET %s", name, is ? "UNLOGGED" : "LOGGED");
        pg_emit(r, &text);
    }
    if (r->step->facets & FACET_COMMENT)
        pg_render_comment(r, &want->head);
    if (have->owned_by && !want->owned_by) { // a new owner is named by a step of its own
        StrBuf text = pg_begin(r);
        strbuf_printf(&text, "ALTER SEQUENCE %s OWNED BY NONE", name);
        pg_emit(r, &text);
    }
}

static void create_extension(const Render *r, const Object *extension)
{
    const char *schema = option_get(&extension->options, PG_SCHEMA),
               *version = option_get(&extension->options, PG_VERSION);
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("CREATE EXTENSION IF NOT EXISTS"), ID(extension->name));
    if (schema || extension->schema)
        sql(&text, D, KW("WITH SCHEMA"), ID(schema ? schema : extension->schema));
    if (version)
        sql(&text, D, KW("VERSION"), LIT(version));
    pg_emit(r, &text);
    pg_comment_if(r, extension);
}

static void alter_extension(const Render *r, const Object *have, const Object *want)
{
    const char *old = option_get(&have->options, PG_SCHEMA), *new = option_get(&want->options, PG_SCHEMA);
    if (!same_text(old, new)) {
        StrBuf text = pg_begin(r);
        sql(&text, D, KW("ALTER EXTENSION"), ID(want->name), KW("SET SCHEMA"), ID(new ? new : "public"));
        pg_emit(r, &text);
    }
    old = option_get(&have->options, PG_VERSION);
    new = option_get(&want->options, PG_VERSION);
    if (new && !same_text(old, new)) {
        StrBuf text = pg_begin(r);
        sql(&text, D, KW("ALTER EXTENSION"), ID(want->name), KW("UPDATE TO"), LIT(new));
        pg_emit(r, &text);
    }
    if (r->step->facets & FACET_COMMENT)
        pg_render_comment(r, want);
}

static void schema_step(const Render *r, const Object *schema)
{
    bool create = r->step->kind == STEP_CREATE;
    if (create && strcmp(schema->name, "public") != 0) {
        StrBuf text = pg_begin(r);
        sql(&text, D, KW("CREATE SCHEMA"), ID(schema->name));
        pg_emit(r, &text);
    }
    if (create && strcmp(schema->name, "public") == 0)
        pg_render_comment(r, schema);
    else if (create)
        pg_comment_if(r, schema);
    else if (r->step->facets & FACET_COMMENT)
        pg_render_comment(r, schema);
}

bool pg_render_sequence_step(const Render *r)
{
    const Object *have = r->step->have, *want = r->step->want;
    bool create = r->step->kind == STEP_CREATE;
    switch ((int)want->kind) {
    case OBJECT_SCHEMA: schema_step(r, want); break;
    case OBJECT_EXTENSION:
        if (create)
            create_extension(r, want);
        else
            alter_extension(r, have, want);
        break;
    default:
        if (create)
            create_sequence(r, (const Sequence *)(const void *)want);
        else
            alter_sequence(r, (const Sequence *)(const void *)have, (const Sequence *)(const void *)want);
        break;
    }
    return true;
}
