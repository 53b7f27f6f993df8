#include <ctype.h>
#include <string.h>

#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

static void put_part(StrBuf *out, const Part *part)
{
    if (part->column)
        D->put_identifier(out, part->column);
    else
        pg_put_expression(out, part->expression);
    if (part->collation) {
        strbuf_puts(out, " COLLATE ");
        pg_put_collation(out, part->collation);
    }
    if (part->opclass)
        strbuf_printf(out, " %s", part->opclass);
    if (part->descending)
        strbuf_puts(out, " DESC");
    if (part->nulls_first != UNSET)
        strbuf_puts(out, part->nulls_first == YES ? " NULLS FIRST" : " NULLS LAST");
    if (part->with_operator)
        strbuf_printf(out, " WITH %s", part->with_operator);
}

void pg_put_parts(StrBuf *out, const PartList *parts)
{
    strbuf_putc(out, '(');
    VEC_EACH (Part, part, parts) {
        strbuf_puts(out, part == parts->items ? "" : ", ");
        put_part(out, part);
    }
    strbuf_putc(out, ')');
}

void pg_put_index(StrBuf *out, const Index *index, const char *how, const char *only)
{
    strbuf_puts(out, index->unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX");
    sql(out, D, TYPE(how), ID(index->head.name), KW("ON"), EXPR(only), pg_table_of(&index->head));
    if (index->method && strcmp(index->method, "btree") != 0)
        sql(out, D, KW("USING"), WORD(index->method));
    strbuf_putc(out, ' ');
    pg_put_parts(out, &index->parts);
    if (index->include.count) {
        strbuf_puts(out, " INCLUDE (");
        sql_names(out, D, &index->include);
        strbuf_putc(out, ')');
    }
    if (index->nulls_not_distinct)
        strbuf_puts(out, " NULLS NOT DISTINCT");
    const char *with = option_get(&index->head.options, PG_WITH),
               *tablespace = option_get(&index->head.options, PG_TABLESPACE);
    if (with) {
        strbuf_puts(out, " WITH ");
        pg_put_settings(out, with);
    }
    if (tablespace)
        sql(out, D, KW("TABLESPACE"), ID(tablespace));
    if (index->where) {
        strbuf_puts(out, " WHERE ");
        pg_put_expression(out, index->where);
    }
}

// `2=500`: the statistics target of an expression of the index.
static void render_statistics(const Render *r, const Object *index, const char *have, const char *want)
{
    SettingList old = pg_settings(r->arena, have), new = pg_settings(r->arena, want);
    VEC_EACH (Setting, it, &old) {
        bool kept = false;
        VEC_EACH (Setting, other, &new)
            kept |= strcmp(it->key, other->key) == 0;
        if (!kept)
            *VEC_PUSH(r->arena, &new) = (Setting){ it->key, "-1" };
    }
    VEC_EACH (Setting, it, &new) {
        StrBuf text = pg_begin(r);
        sql(&text, D, KW("ALTER INDEX"), QID(index->schema, index->name), KW("ALTER COLUMN"), WORD(it->key),
            KW("SET STATISTICS"), WORD(it->value));
        pg_emit(r, &text);
    }
}

static void render_marks(const Render *r, const Index *index)
{
    const char *statistics = option_get(&index->head.options, PG_STATISTICS);
    if (statistics)
        render_statistics(r, &index->head, NULL, statistics);
    pg_comment_if(r, &index->head);
}

// Not every partition has its part of the parent's index: those that have are made, and attached, one by one.
static bool is_attached_alone(const Render *r, const Index *index)
{
    const Table *table = r->step->want_table;
    const char *of = table ? option_get(&table->head.options, PG_PARTITION_OF) : NULL;
    NameList table_name = { 0 }, index_name = { 0 };
    if (!of || !name_split(r->arena, of, &table_name) || !table_name.count ||
        !name_split(r->arena, option_get(&index->head.options, PG_PARTITION_OF), &index_name) ||
        !index_name.count)
        return false;
    const Table *parent = schema_table(r->graph->want, table_name.count > 1 ? table_name.items[0] : NULL,
                                       table_name.items[table_name.count - 1]);
    const Index *whole = parent ? table_index(parent, index_name.items[index_name.count - 1]) : NULL;
    return whole && option_is(&whole->head.options, PG_ONLY);
}

static void create_attached(const Render *r, const Index *index)
{
    StrBuf text = pg_begin(r);
    pg_put_index(&text, index, "", "");
    pg_cost(r, pg_emit(r, &text), "SHARE", "builds an index");
    pg_render_attach_index(r, &index->head);
    render_marks(r, index);
    pg_render_index_marks(r, r->step->want_table, index->head.name);
}

void pg_render_create_index(const Render *r, const Index *index)
{
    if (option_get(&index->head.options, PG_PARTITION_OF)) {
        if (is_attached_alone(r, index))
            create_attached(r, index);
        else
            pg_render_adopt(r, &index->head);
        return;
    }
    if (!pg_online_create_index(r, index)) {
        StrBuf text = pg_begin(r);
        pg_put_index(&text, index, "", option_is(&index->head.options, PG_ONLY) ? "ONLY " : "");
        bool fresh = r->step->want_table && step_find_create(r->graph, &r->step->want_table->head);
        pg_cost(r, pg_emit(r, &text), fresh ? NULL : "SHARE", fresh ? NULL : "builds an index");
    }
    render_marks(r, index);
    if (r->step->want_table)
        pg_render_index_marks(r, r->step->want_table, index->head.name);
    else
        pg_render_view_cluster(
            r, schema_object(r->graph->want, OBJECT_VIEW, index->head.schema, NULL, index->head.table),
            index->head.name);
}

// To its parent's index, which takes the table's rows as covered once all partitions have theirs.
void pg_render_attach_index(const Render *r, const Object *index)
{
    StrBuf text = pg_begin(r);
    strbuf_puts(&text, "ALTER INDEX ");
    pg_put_joined(&text, option_get(&index->options, PG_PARTITION_OF));
    sql(&text, D, KW("ATTACH PARTITION"), QID(index->schema, index->name));
    pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE on both indexes", NULL);
}

void pg_render_index_settings(const Render *r, const Object *have, const Object *want)
{
    StrBuf head = pg_begin(r);
    sql(&head, D, KW("ALTER INDEX"), QID(want->schema, want->name));
    pg_render_settings(r, head.text, option_get(&have->options, PG_WITH),
                       option_get(&want->options, PG_WITH));
    const char *old = option_get(&have->options, PG_TABLESPACE),
               *new = option_get(&want->options, PG_TABLESPACE);
    if ((old || new) && (!old || !new || strcmp(old, new) != 0)) {
        sql(&head, D, KW("SET TABLESPACE"), ID(new ? new : "pg_default"));
        pg_cost(r, pg_emit(r, &head), "ACCESS EXCLUSIVE", "copies the index");
    }
    if (want->kind == OBJECT_INDEX)
        render_statistics(r, want, option_get(&have->options, PG_STATISTICS),
                          option_get(&want->options, PG_STATISTICS));
}

void pg_render_alter_index(const Render *r)
{
    const Index *have = (const Index *)(const void *)r->step->have,
                *want = (const Index *)(const void *)r->step->want;
    unsigned facets = r->step->facets;
    Index named = *want;
    // a name that only the convention gave is not the one that it has there
    named.head.name = facets & FACET_NAME || have->named_by_convention ? want->head.name : have->head.name;
    if (facets & FACET_NAME) {
        StrBuf text = pg_begin(r);
        sql(&text, D, KW("ALTER INDEX"), QID(have->head.schema, have->head.name), KW("RENAME TO"),
            ID(want->head.name));
        pg_cost(r, pg_emit(r, &text), "SHARE UPDATE EXCLUSIVE", NULL);
    }
    if (facets & FACET_OPTIONS && option_get(&want->head.options, PG_PARTITION_OF) &&
        !option_get(&have->head.options, PG_PARTITION_OF))
        pg_render_attach_index(r, &named.head);
    if (facets & FACET_OPTIONS)
        pg_render_index_settings(r, &have->head, &named.head);
    if (facets & FACET_COMMENT)
        pg_render_comment(r, &named.head);
}
