// Enums, domains and composite types: made, and changed as far as the server changes them in place.
#include <string.h>

#include "drivers/postgresql/render/render.h"

static const Dialect *const D = &postgresql_dialect;

static StrBuf alter_head(const Render *r, const char *words, const Object *object)
{
    StrBuf text = pg_begin(r);
    strbuf_puts(&text, words);
    sql(&text, D, QID(pg_written_schema(object), object->name));
    return text;
}

// ---- enums

static void create_enum(const Render *r, const EnumType *type)
{
    StrBuf text = alter_head(r, "CREATE TYPE", &type->head);
    strbuf_puts(&text, " AS ENUM (");
    for (size_t i = 0; i < type->values.count; i++) {
        strbuf_puts(&text, i ? ", " : "");
        D->put_literal(&text, type->values.items[i]);
    }
    strbuf_putc(&text, ')');
    pg_emit(r, &text);
    pg_comment_if(r, &type->head);
}

static void rename_values(const Render *r, const Object *type, const NameList *pairs)
{
    for (size_t i = 0; i + 1 < pairs->count; i += 2) {
        StrBuf text = alter_head(r, "ALTER TYPE", type);
        sql(&text, D, KW("RENAME VALUE"), LIT(pairs->items[i]), KW("TO"), LIT(pairs->items[i + 1]));
        pg_emit(r, &text);
    }
}

// New values go in before the old one that they stand in front of, or at the end.
static void render_enum_values(const Render *r, const EnumType *have, const EnumType *want)
{
    NameList old = { 0 };
    const NameList pairs = enum_values_renamed(r->arena, have, want);
    rename_values(r, &want->head, &pairs);
    VEC_EACH (const char *, value, &have->values)
        *VEC_PUSH(r->arena, &old) = enum_value_renamed_to(&pairs, *value);
    const char *before = NULL; // the last value written: the next new one comes behind it
    for (size_t i = 0; i < want->values.count; i++) {
        const char *value = want->values.items[i];
        if (!names_have(&old, value)) {
            StrBuf text = alter_head(r, "ALTER TYPE", &want->head);
            sql(&text, D, KW("ADD VALUE"), LIT(value));
            bool more_old = false;
            for (size_t k = i + 1; k < want->values.count; k++)
                more_old |= names_have(&old, want->values.items[k]);
            if (more_old && before)
                sql(&text, D, KW("AFTER"), LIT(before));
            else if (more_old && old.count)
                sql(&text, D, KW("BEFORE"), LIT(old.items[0]));
            pg_emit(r, &text);
        }
        before = value;
    }
}

// ---- domains

static void put_check(StrBuf *out, const Constraint *check)
{
    if (check->head.name)
        sql(out, D, KW("CONSTRAINT"), ID(check->head.name));
    strbuf_puts(out, " CHECK ");
    pg_put_expression(out, check->expression);
}

static void add_check(const Render *r, const DomainType *domain, const Constraint *check)
{
    StrBuf text = alter_head(r, "ALTER DOMAIN", &domain->head);
    strbuf_puts(&text, " ADD");
    put_check(&text, check);
    strbuf_puts(&text, check->not_valid ? " NOT VALID" : "");
    Statement *statement = pg_emit(r, &text);
    if (!check->not_valid)
        pg_cost_of_domain_rule(r, statement, domain);
}

static void comment_check(const Render *r, const DomainType *domain, const Constraint *check, bool always)
{
    if (!check->head.name || (!always && !(check->head.comment && check->head.comment[0])))
        return;
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("COMMENT ON CONSTRAINT"), ID(check->head.name), KW("ON DOMAIN"),
        QID(pg_written_schema(&domain->head), domain->head.name), KW("IS"));
    if (check->head.comment && check->head.comment[0])
        sql(&text, D, LIT(check->head.comment));
    else
        strbuf_puts(&text, " NULL");
    pg_emit(r, &text);
}

// Checks that are not valid cannot be part of CREATE DOMAIN: they are added after it.
static void create_domain(const Render *r, const DomainType *domain)
{
    StrBuf text = alter_head(r, "CREATE DOMAIN", &domain->head);
    sql(&text, D, KW("AS"), TYPE(domain->base));
    if (domain->collation) {
        strbuf_puts(&text, " COLLATE ");
        pg_put_collation(&text, domain->collation);
    }
    if (domain->default_sql)
        strbuf_printf(&text, " DEFAULT %s", domain->default_sql);
    const char *name = option_get(&domain->head.options, PG_NOT_NULL_NAME);
    if (!name &&
        r->step->kind == STEP_ALTER) // the old one, which is still there, has the name that it would be given
        name = pg_object_name(r->arena, domain->head.name, NULL, "not_null");
    if (domain->not_null && name && r->version >= PG_17)
        sql(&text, D, KW("CONSTRAINT"), ID(name));
    if (domain->not_null)
        strbuf_puts(&text, " NOT NULL");
    VEC_EACH (Constraint *, check, &domain->checks)
        if (!(*check)->not_valid)
            put_check(&text, *check);
    pg_emit(r, &text);
    pg_comment_if(r, &domain->head);
    VEC_EACH (Constraint *, check, &domain->checks) {
        if ((*check)->not_valid)
            add_check(r, domain, *check);
        comment_check(r, domain, *check, false);
    }
}

static bool same_check(const Constraint *a, const Constraint *b)
{
    return D->same_sql ? same_text(a->expression, b->expression) : false;
}

static const Constraint *partner(const ConstraintList *list, const Constraint *check)
{
    VEC_EACH (Constraint *, it, list) {
        bool named = (*it)->head.name && check->head.name && !(*it)->named_by_convention &&
                     !check->named_by_convention;
        if (named ? strcmp((*it)->head.name, check->head.name) == 0 : same_check(*it, check))
            return *it;
    }
    VEC_EACH (Constraint *, it, list)
        if ((*it)->head.name && check->head.name && strcmp((*it)->head.name, check->head.name) == 0)
            return *it;
    return NULL;
}

static void drop_check(const Render *r, const DomainType *domain, const Constraint *check)
{
    StrBuf text = alter_head(r, "ALTER DOMAIN", &domain->head);
    sql(&text, D, KW("DROP CONSTRAINT"), ID(check->head.name));
    pg_emit(r, &text);
}

// Drops before it adds, so that a check can change under its name. A check that became valid is only
// validated.
static void render_domain_checks(const Render *r, const DomainType *have, const DomainType *want)
{
    VEC_EACH (Constraint *, it, &have->checks) {
        const Constraint *kept = partner(&want->checks, *it);
        if ((*it)->head.name && (!kept || !same_check(*it, kept) || (!(*it)->not_valid && kept->not_valid)))
            drop_check(r, want, *it);
    }
    VEC_EACH (Constraint *, it, &want->checks) {
        const Constraint *old = partner(&have->checks, *it);
        if (!old || !same_check(old, *it) || (!old->not_valid && (*it)->not_valid)) {
            add_check(r, want, *it);
            comment_check(r, want, *it, false);
            continue;
        }
        if (old->not_valid && !(*it)->not_valid) {
            StrBuf text = alter_head(r, "ALTER DOMAIN", &want->head);
            sql(&text, D, KW("VALIDATE CONSTRAINT"), ID(old->head.name));
            pg_cost_of_domain_rule(r, pg_emit(r, &text), want);
        }
        const char *a = old->head.comment, *b = (*it)->head.comment;
        if (!same_text(a && a[0] ? a : NULL, b && b[0] ? b : NULL))
            comment_check(r, want, *it, true);
    }
}

static const char *domain_not_null_name(const Render *r, const DomainType *domain)
{
    const char *name = option_get(&domain->head.options, PG_NOT_NULL_NAME);
    return name ? name : pg_object_name(r->arena, domain->head.name, NULL, "not_null");
}

// NOT NULL of a domain is a constraint with a name since 17.
static void render_domain_not_null(const Render *r, const DomainType *have, const DomainType *want)
{
    const char *old = domain_not_null_name(r, have), *new = domain_not_null_name(r, want);
    bool named = r->version >= PG_17 && (!have->not_null || !same_text(old, new));
    if (have->not_null == want->not_null && !(named && want->not_null))
        return;
    StrBuf text = alter_head(r, "ALTER DOMAIN", &want->head);
    if (have->not_null && want->not_null)
        sql(&text, D, KW("RENAME CONSTRAINT"), ID(old), KW("TO"), ID(new));
    else if (want->not_null && named && option_get(&want->head.options, PG_NOT_NULL_NAME))
        sql(&text, D, KW("ADD CONSTRAINT"), ID(new), KW("NOT NULL"));
    else
        strbuf_puts(&text, want->not_null ? " SET NOT NULL" : " DROP NOT NULL");
    Statement *statement = pg_emit(r, &text);
    if (want->not_null && !have->not_null)
        pg_cost_of_domain_rule(r, statement, want);
}

static void alter_domain(const Render *r, const DomainType *have, const DomainType *want)
{
    unsigned facets = r->step->facets;
    if (facets & FACET_DEFAULT) {
        StrBuf text = alter_head(r, "ALTER DOMAIN", &want->head);
        strbuf_puts(&text, want->default_sql ? " SET DEFAULT " : " DROP DEFAULT");
        strbuf_puts(&text, want->default_sql ? want->default_sql : "");
        pg_emit(r, &text);
    }
    if (facets & FACET_EXPRESSION)
        render_domain_checks(r, have, want);
    render_domain_not_null(r, have, want);
    if (facets & FACET_COMMENT)
        pg_render_comment(r, &want->head);
}

// ---- composite types

static void put_attribute(StrBuf *out, const Column *attribute)
{
    sql(out, D, ID(attribute->head.name), TYPE(attribute->type));
    if (attribute->collation) {
        strbuf_puts(out, " COLLATE ");
        pg_put_collation(out, attribute->collation);
    }
}

// COMMENT ON COLUMN serves attributes too.
static void comment_attribute(const Render *r, const CompositeType *type, const Column *attribute)
{
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("COMMENT ON COLUMN"), QID(pg_written_schema(&type->head), type->head.name), KW("."),
        ID(attribute->head.name), KW("IS"));
    if (attribute->head.comment && attribute->head.comment[0])
        sql(&text, D, LIT(attribute->head.comment));
    else
        strbuf_puts(&text, " NULL");
    pg_emit(r, &text);
}

static void create_composite(const Render *r, const CompositeType *type)
{
    StrBuf text = alter_head(r, "CREATE TYPE", &type->head);
    strbuf_puts(&text, " AS (");
    VEC_EACH (Column *, it, &type->attributes) {
        strbuf_puts(&text, it == type->attributes.items ? "" : ", ");
        put_attribute(&text, *it);
    }
    strbuf_putc(&text, ')');
    pg_emit(r, &text);
    pg_comment_if(r, &type->head);
    VEC_EACH (Column *, it, &type->attributes)
        if ((*it)->head.comment && (*it)->head.comment[0])
            comment_attribute(r, type, *it);
}

static const Column *find_attribute(const CompositeType *type, const char *name)
{
    VEC_EACH (Column *, it, &type->attributes)
        if (strcmp((*it)->head.name, name) == 0)
            return *it;
    return NULL;
}

// Drops, alters and adds attributes in place. Dropping and rounding are losses, since stored values of the
// type have them.
static void alter_composite(const Render *r, const CompositeType *have, const CompositeType *want)
{
    VEC_EACH (Column *, it, &have->attributes)
        if (!find_attribute(want, (*it)->head.name)) {
            StrBuf text = alter_head(r, "ALTER TYPE", &want->head);
            sql(&text, D, KW("DROP ATTRIBUTE"), ID((*it)->head.name));
            pg_emit(r, &text)->loss =
                arena_printf(r->arena, "the values of attribute %s of type %s are dropped", (*it)->head.name,
                             want->head.name);
        }
    VEC_EACH (Column *, it, &want->attributes) {
        const Column *old = find_attribute(have, (*it)->head.name);
        if (!old || !same_text(old->type, (*it)->type) || !same_text(old->collation, (*it)->collation)) {
            StrBuf text = alter_head(r, "ALTER TYPE", &want->head);
            if (old)
                sql(&text, D, KW("ALTER ATTRIBUTE"), ID((*it)->head.name), KW("TYPE"), TYPE((*it)->type));
            else
                strbuf_puts(&text, " ADD ATTRIBUTE");
            if (!old)
                put_attribute(&text, *it);
            Statement *statement = pg_emit(r, &text);
            if (old && pg_values_change(r->arena, r->graph, (*it)->head.name, old->type, (*it)->type))
                statement->loss =
                    arena_printf(r->arena, "values of attribute %s of type %s are rounded or cut",
                                 (*it)->head.name, want->head.name);
        }
        if (!same_text(old ? old->head.comment : NULL, (*it)->head.comment))
            comment_attribute(r, want, *it);
    }
    if (r->step->facets & FACET_COMMENT)
        pg_render_comment(r, &want->head);
}

static void create_type(const Render *r, const void *want)
{
    switch ((int)r->step->want->kind) {
    case OBJECT_ENUM: create_enum(r, want); break;
    case OBJECT_DOMAIN: create_domain(r, want); break;
    case OBJECT_RANGE:
    case OBJECT_COLLATION: pg_render_verbatim_create(r); break;
    default: create_composite(r, want); break;
    }
}

// The old type is renamed out of the way, with the names of values that the new one has; its columns follow the new one in steps of their own.
static void replace_type(const Render *r)
{
    const Object *have = r->step->have;
    if (have->kind == OBJECT_ENUM) {
        const NameList pairs = enum_values_renamed(r->arena, (const EnumType *)(const void *)have,
                                                   (const EnumType *)(const void *)r->step->want);
        rename_values(r, have, &pairs);
    }
    StrBuf text = pg_begin(r);
    sql(&text, D, KW("ALTER"), EXPR(pg_type_words(have)), QID(pg_written_schema(have), have->name),
        KW("RENAME TO"), ID(pg_old_type_name(r->arena, have->name)));
    pg_emit(r, &text);
    if (have->kind == OBJECT_RANGE)
        pg_render_range_aside(r, have);
    create_type(r, r->step->want);
}

bool pg_render_type_step(const Render *r)
{
    const void *have = r->step->have, *want = r->step->want;
    if (r->step->kind == STEP_CREATE) {
        create_type(r, want);
        return true;
    }
    if (pg_type_needs_new(r->graph, have, want, r->step->facets)) {
        replace_type(r);
        return true;
    }
    switch ((int)r->step->want->kind) {
    case OBJECT_ENUM:
        if (r->step->facets & FACET_VALUES)
            render_enum_values(r, have, want);
        if (r->step->facets & FACET_COMMENT)
            pg_render_comment(r, want);
        return true;
    case OBJECT_DOMAIN: alter_domain(r, have, want); return true;
    case OBJECT_RANGE: pg_render_alter_range(r); return true;
    case OBJECT_COLLATION: pg_render_comment(r, want); return true;
    default: alter_composite(r, have, want); return true;
    }
}
