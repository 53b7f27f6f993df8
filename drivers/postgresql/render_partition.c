// What children have of their parents: columns with a default of their own, indexes with a name of their own.
#include <string.h>

#include "drivers/postgresql/render.h"

static const Dialect *const D = &postgresql_dialect;

static bool same(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

static void emit_action(const Render *r, const Column *column, const char *action, const char *more)
{
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ALTER TABLE ONLY"), pg_table_of(&column->head), KW("ALTER COLUMN"),
        ID(column->head.name));
    strbuf_printf(&text, " %s%s", action, more);
    pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE", NULL);
}

static const Column *parent_in(const Render *r, const Schema *schema, const Column *column)
{
    const Table *child = schema_table(schema, column->head.schema, column->head.table);
    const char *of = child ? option_get(&child->head.options, PG_PARTITION_OF) : NULL;
    if (child && !of)
        of = option_get(&child->head.options, PG_INHERITS);
    if (!of)
        return NULL;
    VEC_EACH (Table *, it, &schema->tables) {
        const char *name = name_join(r->arena, (*it)->head.schema, (*it)->head.name);
        const Column *found = strstr(of, name) ? table_column(*it, column->head.name) : NULL;
        if (found && *it != child)
            return found;
    }
    return NULL;
}

static const Column *parent_column(const Render *r, const Column *column)
{
    return parent_in(r, r->graph->want, column);
}

// `have` NULL: so far it was as its parent's; `want` NULL: it becomes so.
void pg_render_override(const Render *r, const Column *have, const Column *want)
{
    const Column *any = want ? want : have, *parent = parent_column(r, any);
    const Column *old = have ? have : parent, *new = want ? want : parent;
    const char *old_default = old ? old->default_sql : NULL, *new_default = new ? new->default_sql : NULL;
    if (!same(old_default, new_default) && !any->generated)
        emit_action(r, any, new_default ? "SET DEFAULT " : "DROP DEFAULT", new_default ? new_default : "");
    bool was = old && !old->nullable, is = new && !new->nullable;
    // since 18 a not-null constraint has a name: the child's own makes room for the one that comes from its parent
    const Column *before = have && !want ? parent_in(r, r->graph->have, have) : NULL;
    bool renamed = was && is && r->version >= PG_18 && before && before->nullable;
    if (was != is || renamed)
        emit_action(r, any, is && !renamed ? "SET NOT NULL" : "DROP NOT NULL", "");
    if (!want && have->head.comment) {
        Column without = *have;
        without.head.comment = NULL;
        pg_render_comment(r, &without.head);
    }
}

// The server has named the partition's index itself when its parent's was made: it is found through its parent.
void pg_render_adopt(const Render *r, const Object *object)
{
    const char *parent = option_get(&object->options, PG_PARTITION_OF);
    StrBuf body = pg_begin(r), text = pg_begin(r);
    StrBuf parent_name = pg_begin(r), table = pg_begin(r), name = pg_begin(r);
    pg_put_joined(&parent_name, parent);
    StrBuf parent_literal = pg_begin(r);
    D->put_literal(&parent_literal, parent_name.text);
    D->put_literal(&table, pg_qualified(r->arena, object->schema, object->table));
    D->put_literal(&name, object->name);
    strbuf_printf(
        &body,
        "\nDECLARE\n    found text;\nBEGIN\n"
        "    SELECT c.oid::regclass INTO found FROM pg_inherits i JOIN pg_index x ON x.indexrelid = "
        "i.inhrelid\n"
        "        JOIN pg_class c ON c.oid = x.indexrelid\n"
        "        WHERE i.inhparent = %s::regclass AND x.indrelid = %s::regclass AND c.relname <> %s;\n"
        "    IF found IS NOT NULL THEN\n"
        "        EXECUTE format('ALTER INDEX %%s RENAME TO %%I', found, %s);\n"
        "    END IF;\nEND\n",
        parent_literal.text, table.text, name.text, name.text);
    const char *tag = pg_dollar_tag(r->arena, "adopt", body.text);
    strbuf_printf(&text, "DO %s%s%s", tag, body.text, tag);
    pg_emit(r, &text);
    pg_comment_if(r, object);
    pg_render_inner_comment(r, NULL, object);
}
