#include <string.h>

#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

// security_barrier, security_invoker and check_option as one list of settings.
static const char *view_settings(Arena *arena, const View *view)
{
    static const char *const keys[] = { PG_SECURITY_BARRIER, PG_SECURITY_INVOKER };
    StrBuf out;
    strbuf_init(&out, arena);
    const char *check = option_get(&view->head.options, PG_CHECK_OPTION);
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (option_is(&view->head.options, keys[i]))
            strbuf_printf(&out, "%s%s=true", out.length ? ", " : "", keys[i]);
    if (check)
        strbuf_printf(&out, "%scheck_option=%s", out.length ? ", " : "", check);
    return out.length ? out.text : NULL;
}

static void put_columns(StrBuf *out, const NameList *columns)
{
    if (!columns->count)
        return;
    strbuf_puts(out, " (");
    sql_names(out, D, columns);
    strbuf_putc(out, ')');
}

static void render_materialized(const Render *r, const View *view)
{
    const OptionList *options = &view->head.options;
    const char *method = option_get(options, PG_USING), *with = option_get(options, PG_WITH);
    const char *tablespace = option_get(options, PG_TABLESPACE);
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("CREATE MATERIALIZED VIEW"), QID(view->head.schema, view->head.name));
    put_columns(&text, &view->columns);
    if (method)
        sql(&text, D, KW("USING"), ID(method));
    if (with) {
        strbuf_puts(&text, " WITH ");
        pg_put_settings(&text, with);
    }
    if (tablespace)
        sql(&text, D, KW("TABLESPACE"), ID(tablespace));
    strbuf_printf(&text, " AS\n%s", view->query);
    if (view->with_no_data)
        strbuf_puts(&text, "\nWITH NO DATA");
    pg_cost(r, pg_emit(r, &text), NULL, view->with_no_data ? NULL : "runs the query and keeps its rows");
}

// COMMENT ON COLUMN, or ALTER COLUMN: `value` NULL takes it away.
static void render_of_column(const Render *r, const View *view, const char *key, const char *column,
                             const char *have, const char *value)
{
    StrBuf text = pg_begin(r);
    if (strcmp(key, PG_COLUMN_COMMENTS) == 0) {
        sql(&text, D, KW("COMMENT ON COLUMN"), QID(view->head.schema, view->head.name), KW("."), ID(column),
            KW("IS"));
        if (value)
            sql(&text, D, LIT(value));
        else
            strbuf_puts(&text, " NULL");
    } else {
        strbuf_puts(&text, view->materialized ? "ALTER MATERIALIZED VIEW" : "ALTER VIEW");
        sql(&text, D, QID(view->head.schema, view->head.name), KW("ALTER COLUMN"), ID(column));
        if (strcmp(key, PG_COLUMN_ATTRIBUTES) == 0) {
            pg_render_settings(r, text.text, have, value);
            return;
        }
        if (strcmp(key, PG_COLUMN_STATISTICS) == 0)
            sql(&text, D, KW("SET STATISTICS"), WORD(value ? value : "-1"));
        else if (strcmp(key, PG_COLUMN_STORAGE) == 0)
            sql(&text, D, KW("SET STORAGE"), WORD(value ? value : pg_default_storage(r)));
        else if (strcmp(key, PG_COLUMN_COMPRESSION) == 0)
            sql(&text, D, KW("SET COMPRESSION"), WORD(value ? value : "default"));
        else if (value)
            sql(&text, D, KW("SET DEFAULT"), EXPR(value));
        else
            sql(&text, D, KW("DROP DEFAULT"));
    }
    pg_emit(r, &text);
}

// `column='text', …`: what differs is said again.
static void render_column_settings(const Render *r, const View *view, const View *have, const char *key)
{
    SettingList old = pg_settings(r->arena, have ? option_get(&have->head.options, key) : NULL),
                new = pg_settings(r->arena, option_get(&view->head.options, key));
    VEC_EACH (Setting, it, &old) {
        bool kept = false;
        VEC_EACH (Setting, other, &new)
            kept |= strcmp(it->key, other->key) == 0;
        if (!kept)
            *VEC_PUSH(r->arena, &new) = (Setting){ it->key, NULL };
    }
    VEC_EACH (Setting, it, &new) {
        const char *was = NULL;
        VEC_EACH (Setting, other, &old)
            if (strcmp(it->key, other->key) == 0)
                was = other->value;
        if (!was || !it->value || strcmp(it->value, was) != 0)
            render_of_column(r, view, key, it->key, was, it->value);
    }
}

static void render_columns(const Render *r, const View *view, const View *have)
{
    static const char *const keys[] = { PG_COLUMN_DEFAULTS,    PG_COLUMN_STATISTICS, PG_COLUMN_STORAGE,
                                        PG_COLUMN_COMPRESSION, PG_COLUMN_ATTRIBUTES, PG_COLUMN_COMMENTS };
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        render_column_settings(r, view, have, keys[i]);
}

static void render_cluster_mark(const Render *r, const Object *view, const char *index)
{
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ALTER MATERIALIZED VIEW"), QID(view->schema, view->name));
    if (index)
        sql(&text, D, KW("CLUSTER ON"), ID(index));
    else
        strbuf_puts(&text, " SET WITHOUT CLUSTER");
    pg_cost(r, pg_emit(r, &text), "SHARE UPDATE EXCLUSIVE", NULL);
}

void pg_render_view_cluster(const Render *r, const Object *view, const char *index)
{
    const char *cluster = view ? option_get(&view->options, PG_CLUSTER_ON) : NULL;
    if (cluster && strcmp(cluster, index) == 0)
        render_cluster_mark(r, view, index);
}

// By an index that stays: one that the same plan makes is marked when it is there.
static void alter_cluster(const Render *r, const View *have, const View *want)
{
    const char *old = option_get(&have->head.options, PG_CLUSTER_ON),
               *new = option_get(&want->head.options, PG_CLUSTER_ON);
    if (old == new || (old && new &&strcmp(old, new) == 0))
        return;
    VEC_EACH (Index *, it, &want->indexes)
        if (new &&strcmp((*it)->head.name, new) == 0 && step_find_create(r->graph, &(*it)->head))
            return;
    render_cluster_mark(r, &want->head, new);
}

static void render_create(const Render *r, const View *view)
{
    if (view->materialized) {
        render_materialized(r, view);
    } else {
        const char *settings = view_settings(r->arena, view);
        StrBuf text = pg_begin(r);
        strbuf_puts(&text, view->recursive ? "CREATE RECURSIVE VIEW" : "CREATE VIEW");
        sql(&text, D, QID(view->head.schema, view->head.name));
        put_columns(&text, &view->columns);
        if (settings) {
            strbuf_puts(&text, " WITH ");
            pg_put_settings(&text, settings);
        }
        strbuf_printf(&text, " AS\n%s", view->query);
        pg_emit(r, &text);
    }
    pg_comment_if(r, &view->head);
    render_columns(r, view, NULL);
}

static void render_alter(const Render *r, const View *have, const View *want)
{
    StrBuf head = pg_begin(r);
    strbuf_puts(&head, want->materialized ? "ALTER MATERIALIZED VIEW" : "ALTER VIEW");
    sql(&head, D, QID(pg_written_schema(&want->head), want->head.name));
    const char *old = want->materialized ? option_get(&have->head.options, PG_WITH)
                                         : view_settings(r->arena, have),
               *new = want->materialized ? option_get(&want->head.options, PG_WITH)
                                         : view_settings(r->arena, want);
    if (r->step->facets & FACET_OPTIONS)
        pg_render_settings(r, head.text, old, new);
    if (r->step->facets & FACET_OPTIONS)
        alter_cluster(r, have, want);
    render_columns(r, want, have);
    if (r->step->facets & FACET_COMMENT)
        pg_render_comment(r, &want->head);
}

bool pg_render_view_step(const Render *r)
{
    const View *have = (const View *)(const void *)r->step->have,
               *want = (const View *)(const void *)r->step->want;
    if (r->step->kind == STEP_CREATE)
        render_create(r, want);
    else
        render_alter(r, have, want);
    return true;
}
