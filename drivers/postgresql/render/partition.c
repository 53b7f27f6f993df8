// What children have of their parents: columns with a default of their own, indexes with a name of their own.
#include <string.h>

#include "drivers/postgresql/render/render.h"
#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

// `pass`: NONE where it stays by itself.
static void emit_action(const Render *r, const Column *column, PgPass pass, const char *action,
                        const char *expression)
{
    StrBuf text = pg_begin_column(r, column);
    strbuf_printf(&text, " %s%s", action, expression ? expression : "");
    Statement *statement = pg_emit_action(r, &column->head, &text,
                                          (TableAction){ .pass = pass,
                                                         .only = true,
                                                         .subject = column->head.name,
                                                         .expressions = pg_one_name(r, expression) });
    if (pass == PG_PASS_NONE)
        statement->action = NULL;
    pg_cost(r, statement, "ACCESS EXCLUSIVE", NULL);
}

// Of the nearest above it that says something of the column.
static const Column *parent_in(const Render *r, const Schema *schema, const Column *column)
{
    const Table *child = schema_table(schema, column->head.schema, column->head.table);
    TableList above = child ? pg_ancestors_of(r->arena, schema, child) : (TableList){ 0 };
    VEC_EACH (Table *, it, &above) {
        const Column *found = table_column(*it, column->head.name);
        if (found)
            return found;
    }
    return NULL;
}

const Column *pg_parent_column(const Render *r, const Column *column)
{
    return parent_in(r, r->graph->want, column);
}

bool pg_goes_with_parent(const Render *r, const Column *column)
{
    const Table *child = schema_table(r->graph->have, column->head.schema, column->head.table);
    TableList above = child ? pg_ancestors_of(r->arena, r->graph->have, child) : (TableList){ 0 };
    VEC_EACH (Table *, it, &above) {
        const Column *found = table_column(*it, column->head.name);
        if (found && step_find_drop(r->graph, &found->head))
            return true;
    }
    return !pg_parent_column(r, column);
}

// What a parent has too gets its type from there, even where the child declares the column again.
bool pg_type_comes_from_parent(const Render *r, const Column *have, const Column *want)
{
    bool inherited =
        option_is(&want->head.options, PG_INHERITED) && option_is(&have->head.options, PG_INHERITED);
    const Column *after = inherited ? NULL : parent_in(r, r->graph->want, want);
    return inherited ||
           (after && parent_in(r, r->graph->have, have) && step_find_alter(r->graph, &after->head));
}

static const char *carried_name(const Render *r, const Column *column, const Column *parent)
{
    bool own = column && (option_get(&column->head.options, PG_NOT_NULL_NAME) || !parent || parent->nullable);
    return own ? pg_not_null_name(r->arena, column) : parent ? pg_not_null_name(r->arena, parent) : NULL;
}

// Since 18 a not-null constraint has a name. One that the parent's stands above is renamed only outside of the family;
// what is no partition would have its columns as its own afterwards, and keeps the name.
void pg_render_rename_not_null(const Render *r, const Column *have, const Column *want)
{
    const Column *any = want ? want : have, *before = parent_in(r, r->graph->have, any),
                 *after = pg_parent_column(r, any);
    const char *from = carried_name(r, have, before), *to = carried_name(r, want, after);
    if (!from || !to || strcmp(from, to) == 0)
        return;
    bool carried = before && after && !before->nullable && !after->nullable;
    const Table *table = schema_table(r->graph->want, any->head.schema, any->head.table);
    bool partition = table && option_get(&table->head.options, PG_PARTITION_OF);
    if (carried && !partition)
        return;
    if (carried)
        pg_render_detach(r, table);
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ALTER TABLE"), pg_table_of(&any->head), KW("RENAME CONSTRAINT"), ID(from), KW("TO"),
        ID(to));
    pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE", NULL);
    if (carried)
        pg_render_attach(r, table);
}

// NOT NULL of a child that differs from its parent's, before (`was`) and after (`is`). From version 18 on it
// is a constraint with a name.
static void override_not_null(const Render *r, const Column *have, const Column *want, bool was, bool is)
{
    const Column *any = want ? want : have;
    const Column *before = parent_in(r, r->graph->have, any), *after = pg_parent_column(r, any);
    // the child's own makes room for the one that comes from its parent
    // the parent's begins to be inherited: it brings the child's
    if (!was && is && !want && before && !before->nullable &&
        option_is(&before->head.options, PG_NOT_NULL_NO_INHERIT))
        return;
    bool makes_room = was && is && r->version >= PG_18 && !want && before && before->nullable;
    bool named = is && want && r->version >= PG_18 && option_get(&want->head.options, PG_NOT_NULL_NAME);
    if (was == is && !makes_room) {
        if (is && r->version >= PG_18)
            pg_render_rename_not_null(r, have, want);
    } else if (named && (!after || after->nullable)) {
        StrBuf text = pg_begin_not_null(r, want);
        pg_cost(r, pg_emit_not_null(r, want, &text, true), "ACCESS EXCLUSIVE", "reads the table");
    } else {
        bool sets = is && !makes_room;
        emit_action(r, any, sets ? PG_PASS_NOT_NULL : PG_PASS_DROP, sets ? "SET NOT NULL" : "DROP NOT NULL",
                    NULL);
    }
}

// What is made of the parent's goes down to the child by itself.
static void override_expression(const Render *r, const Column *any, const Column *old, const Column *new,
                                const Column *parent)
{
    bool follows = new == parent &&parent &&
                   (step_find_create(r->graph, &parent->head) || step_find_alter(r->graph, &parent->head));
    if (!old || !new || !old->generated || !new->generated || same_text(old->generated, new->generated) ||
        follows)
        return;
    emit_action(r, any, PG_PASS_NONE, "SET EXPRESSION AS ", arena_printf(r->arena, "(%s)", new->generated));
}

// `have` NULL: so far it was as its parent's; `want` NULL: it becomes so.
void pg_render_override(const Render *r, const Column *have, const Column *want)
{
    const Column *any = want ? want : have, *parent = pg_parent_column(r, any);
    const Column *old = have ? have : parent, *new = want ? want : parent;
    const char *old_default = old ? old->default_sql : NULL, *new_default = new ? new->default_sql : NULL;
    if (!same_text(old_default, new_default) && !any->generated)
        emit_action(r, any, new_default ? PG_PASS_OTHER : PG_PASS_DROP,
                    new_default ? "SET DEFAULT " : "DROP DEFAULT", new_default);
    override_expression(r, any, old, new, parent);
    bool was = old && !old->nullable, is = new && !new->nullable;
    override_not_null(r, have, want, was, is);
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
        "        EXECUTE pg_catalog.format('ALTER INDEX %%s RENAME TO %%I', found, %s);\n"
        "    END IF;\nEND\n",
        parent_literal.text, table.text, name.text, name.text);
    const char *tag = pg_dollar_tag(r->arena, "adopt", body.text);
    strbuf_printf(&text, "DO %s%s%s", tag, body.text, tag);
    pg_emit(r, &text);
    // it has been given what its parent's has
    const Object *given = pg_parent_index(r->arena, r->graph->want, object);
    if (given)
        pg_render_index_settings(r, given, object);
    pg_comment_if(r, object);
    pg_render_inner_comment(r, NULL, object);
    const Table *table_of = schema_table(r->graph->want, object->schema, object->table);
    if (table_of)
        pg_render_index_marks(r, table_of, object->name);
}
