#include <string.h>

#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

static void put_key_columns(StrBuf *out, const PartList *parts)
{
    strbuf_puts(out, " (");
    VEC_EACH (Part, part, parts) {
        bool period = part->with_operator && strcmp(part->with_operator, "PERIOD") == 0;
        strbuf_puts(out, part == parts->items ? "" : ", ");
        strbuf_puts(out, period ? "PERIOD " : "");
        D->put_identifier(out, part->column ? part->column : "");
        if (part->with_operator && !period)
            strbuf_printf(out, " %s", part->with_operator);
    }
    strbuf_putc(out, ')');
}

static void put_include(StrBuf *out, const NameList *include)
{
    if (!include->count)
        return;
    strbuf_puts(out, " INCLUDE (");
    sql_names(out, D, include);
    strbuf_putc(out, ')');
}

static void put_index_settings(StrBuf *out, const OptionList *options)
{
    const char *with = option_get(options, PG_WITH), *tablespace = option_get(options, PG_TABLESPACE);
    if (with) {
        strbuf_puts(out, " WITH ");
        pg_put_settings(out, with);
    }
    if (tablespace)
        sql(out, D, KW("USING INDEX TABLESPACE"), ID(tablespace));
}

static void put_referred(StrBuf *out, const Constraint *key)
{
    sql(out, D, KW("REFERENCES"), QID(key->referred_schema, key->referred_table));
    bool period = key->parts.count && key->parts.items[key->parts.count - 1].with_operator;
    if (key->referred_columns.count) {
        strbuf_puts(out, " (");
        for (size_t i = 0; i < key->referred_columns.count; i++) {
            strbuf_puts(out, i ? ", " : "");
            strbuf_puts(out, period && i + 1 == key->referred_columns.count ? "PERIOD " : "");
            D->put_identifier(out, key->referred_columns.items[i]);
        }
        strbuf_putc(out, ')');
    }
    if (key->match)
        sql(out, D, KW("MATCH"), WORD(key->match));
    if (key->on_update)
        sql(out, D, KW("ON UPDATE"), EXPR(key->on_update));
    if (key->on_delete)
        sql(out, D, KW("ON DELETE"), EXPR(key->on_delete));
}

static void put_kind(StrBuf *out, const Constraint *c)
{
    switch ((int)c->head.kind) {
    case OBJECT_PRIMARY_KEY: strbuf_puts(out, "PRIMARY KEY"); break;
    case OBJECT_UNIQUE:
        strbuf_puts(out, c->nulls_not_distinct ? "UNIQUE NULLS NOT DISTINCT" : "UNIQUE");
        break;
    case OBJECT_FOREIGN_KEY: strbuf_puts(out, "FOREIGN KEY"); break;
    case OBJECT_EXCLUDE: sql(out, D, KW("EXCLUDE USING"), WORD(c->method ? c->method : "btree")); break;
    default:
        strbuf_puts(out, "CHECK ");
        pg_put_expression(out, c->expression);
        strbuf_puts(out, c->no_inherit ? " NO INHERIT" : "");
        break;
    }
}

void pg_put_constraint(StrBuf *out, const Render *r, const Constraint *c, bool not_valid)
{
    (void)r;
    ObjectKind kind = c->head.kind;
    if (c->head.name) {
        strbuf_puts(out, "CONSTRAINT ");
        D->put_identifier(out, c->head.name);
        strbuf_putc(out, ' ');
    }
    put_kind(out, c);
    if (kind == OBJECT_EXCLUDE) {
        strbuf_putc(out, ' ');
        pg_put_parts(out, &c->parts);
    } else if (kind != OBJECT_CHECK) {
        put_key_columns(out, &c->parts);
    }
    put_include(out, &c->include);
    if (kind != OBJECT_CHECK && kind != OBJECT_FOREIGN_KEY)
        put_index_settings(out, &c->head.options);
    if (kind == OBJECT_EXCLUDE && c->where) {
        strbuf_puts(out, " WHERE ");
        pg_put_expression(out, c->where);
    }
    if (kind == OBJECT_FOREIGN_KEY)
        put_referred(out, c);
    if (c->deferral != NOT_DEFERRABLE)
        strbuf_puts(out,
                    c->deferral == DEFERRABLE_DEFERRED ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE");
    if (c->not_enforced)
        strbuf_puts(out, " NOT ENFORCED");
    else if (not_valid)
        strbuf_puts(out, " NOT VALID");
}

void pg_render_validate(const Render *r, const Constraint *c)
{
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ALTER TABLE"), pg_table_of(&c->head), KW("VALIDATE CONSTRAINT"), ID(c->head.name));
    pg_cost(r, pg_emit(r, &text),
            c->head.kind == OBJECT_FOREIGN_KEY ? "SHARE UPDATE EXCLUSIVE, ROW SHARE on the referred table"
                                               : "SHARE UPDATE EXCLUSIVE",
            "reads the table");
}

static const char *note_of(const Constraint *c, bool not_valid)
{
    if (not_valid || c->not_enforced)
        return NULL;
    switch ((int)c->head.kind) {
    case OBJECT_PRIMARY_KEY:
    case OBJECT_UNIQUE:
    case OBJECT_EXCLUDE: return "builds an index";
    default: return "reads the table";
    }
}

// A table that the same plan makes: nobody waits for its locks, and it has no rows to read.
static bool is_new(const Render *r, const char *schema, const char *name)
{
    const Table *table = schema_table(r->graph->want, schema, name);
    return table && step_find_create(r->graph, &table->head) != NULL;
}

static void note_cost(const Render *r, const Constraint *c, Statement *statement)
{
    bool key = c->head.kind == OBJECT_FOREIGN_KEY;
    if (!is_new(r, c->head.schema, c->head.table))
        pg_cost(r, statement, key ? "SHARE ROW EXCLUSIVE on both tables" : "ACCESS EXCLUSIVE",
                note_of(c, c->not_valid));
    else if (key && !is_new(r, c->referred_schema, c->referred_table))
        pg_cost(r, statement, "SHARE ROW EXCLUSIVE on the referred table", NULL);
}

// May it be added together with others? A foreign key is left alone: it locks another table, and its rows are looked up by a
// query of their own.
static PgPass pass_of(const Constraint *c)
{
    switch ((int)c->head.kind) {
    case OBJECT_CHECK: return PG_PASS_OTHER;
    case OBJECT_PRIMARY_KEY:
    case OBJECT_UNIQUE: return option_get(&c->head.options, PG_TABLESPACE) ? PG_PASS_NONE : PG_PASS_INDEX;
    default: return PG_PASS_NONE;
    }
}

Statement *pg_emit_add_constraint(const Render *r, const Constraint *c, bool not_valid)
{
    StrBuf text = pg_begin(r);
    strbuf_puts(&text, "ADD ");
    pg_put_constraint(&text, r, c, not_valid);
    TableAction add = { .pass = pass_of(c),
                        .only = option_is(&c->head.options, PG_ONLY),
                        .subject = c->head.name,
                        .expressions = pg_one_name(r, c->expression) };
    VEC_EACH (Part, part, &c->parts)
        if (part->column)
            *VEC_PUSH(r->arena, &add.names) = part->column;
    VEC_EACH (const char *, it, &c->include)
        *VEC_PUSH(r->arena, &add.names) = *it;
    Statement *statement = pg_emit_action(r, &c->head, &text, add);
    if (add.pass == PG_PASS_NONE)
        statement->action = NULL;
    return statement;
}

void pg_render_add_constraint(const Render *r, const Constraint *c)
{
    if (option_get(&c->head.options, PG_PARTITION_OF)) {
        if (c->head.kind != OBJECT_FOREIGN_KEY && c->head.kind != OBJECT_CHECK)
            pg_render_adopt(r, &c->head);
        return;
    }
    if (!pg_online_add_constraint(r, c))
        note_cost(r, c, pg_emit_add_constraint(r, c, c->not_valid));
    pg_comment_if(r, &c->head);
    pg_render_inner_comment(r, NULL, &c->head);
    if (r->step->want_table && c->head.name)
        pg_render_index_marks(r, r->step->want_table, c->head.name);
}

// What can be done in place: a name, the validity, deferral of foreign keys, settings of the index, the comment.
void pg_render_alter_constraint(const Render *r)
{
    const Constraint *have = (const Constraint *)(const void *)r->step->have,
                     *want = (const Constraint *)(const void *)r->step->want;
    unsigned facets = r->step->facets;
    if (facets & FACET_NAME && have->head.name && want->head.name) {
        StrBuf text = pg_begin(r);
        sql(&text, D, KW("ALTER TABLE"), pg_table_of(&want->head), KW("RENAME CONSTRAINT"),
            ID(have->head.name), KW("TO"), ID(want->head.name));
        pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE", NULL);
    }
    // a name that only the convention gave is not the one that it has there
    bool renamed = facets & FACET_NAME || !have->head.name || have->named_by_convention;
    const char *name = renamed ? want->head.name : have->head.name;
    Constraint named = *want;
    named.head.name = name;
    if (facets & FACET_VALIDITY && have->not_valid && !want->not_valid)
        pg_render_validate(r, &named);
    if (facets & FACET_DEFERRAL) {
        StrBuf text = pg_begin(r);
        sql(&text, D, KW("ALTER TABLE"), pg_table_of(&want->head), KW("ALTER CONSTRAINT"), ID(name));
        strbuf_puts(&text, want->deferral == DEFERRABLE_DEFERRED    ? " DEFERRABLE INITIALLY DEFERRED"
                           : want->deferral == DEFERRABLE_IMMEDIATE ? " DEFERRABLE INITIALLY IMMEDIATE"
                                                                    : " NOT DEFERRABLE");
        pg_cost(r, pg_emit(r, &text), "ACCESS EXCLUSIVE", NULL);
    }
    if (facets & FACET_OPTIONS && option_get(&want->head.options, PG_PARTITION_OF))
        pg_render_attach_index(r, &named.head);
    if (facets & FACET_OPTIONS && want->head.kind != OBJECT_CHECK && want->head.kind != OBJECT_FOREIGN_KEY) {
        pg_render_index_settings(r, &have->head, &named.head);
    }
    if (facets & FACET_OPTIONS)
        pg_render_inner_comment(r, &have->head, &named.head);
    if (facets & FACET_COMMENT)
        pg_render_comment(r, &named.head);
}
