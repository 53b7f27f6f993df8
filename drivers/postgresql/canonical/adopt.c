// The server's words, read back from the scratch place, into the model.
#include "drivers/postgresql/canonical/canonical.h"

#include <string.h>

static void take_parts(const Canonical *c, PartList *want, const PartList *got)
{
    if (want->count != got->count)
        return;
    want->items = NULL;
    want->count = want->capacity = 0;
    VEC_EACH (const Part, part, got)
        *VEC_PUSH(c->arena, want) = *part;
}

static void take_index(const Canonical *c, Index *want, const Index *got)
{
    if (!got)
        return;
    want->where = got->where;
    take_parts(c, &want->parts, &got->parts);
}

static void take_column(Column *want, const Column *got)
{
    if (!got)
        return;
    want->type = got->type;
    want->collation = got->collation;
    want->generated = got->generated;
    if (!want->autoincrement && want->identity == IDENTITY_NONE)
        want->default_sql = got->default_sql;
}

// Takes the server's spelling of the expressions of a table. Parts are matched by name; one without a name
// keeps the model's text.
static void take_table(const Canonical *c, Table *want, const Table *got)
{
    static const char *const keys[] = { PG_PARTITION_BY, PG_PARTITION_BOUND };
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const char *text = option_get(&got->head.options, keys[i]);
        if (text && option_get(&want->head.options, keys[i]))
            option_set(c->arena, &want->head.options, keys[i], text);
    }
    VEC_EACH (Column *, column, &want->columns)
        take_column(*column, table_column(got, (*column)->head.name));
    VEC_EACH (Constraint *, it, &want->constraints) {
        const Constraint *other = (*it)->head.name ? table_constraint(got, (*it)->head.name) : NULL;
        if (!other || other->head.kind != (*it)->head.kind)
            continue;
        if ((*it)->head.kind == OBJECT_CHECK)
            (*it)->expression = other->expression;
        if ((*it)->head.kind != OBJECT_EXCLUDE)
            continue;
        (*it)->where = other->where;
        take_parts(c, &(*it)->parts, &other->parts);
    }
    VEC_EACH (Index *, index, &want->indexes)
        take_index(c, *index, (*index)->head.name ? table_index(got, (*index)->head.name) : NULL);
}

static void take_view(const Canonical *c, View *want, const View *got)
{
    want->query = got->query;
    want->columns = (NameList){ 0 };
    want->recursive = false;
    VEC_EACH (Index *, it, &want->indexes)
        VEC_EACH (Index *, other, &got->indexes)
            if (strcmp((*it)->head.name, (*other)->head.name) == 0)
                take_index(c, *it, *other);
}

static void take_domain(DomainType *want, const DomainType *got)
{
    want->base = got->base;
    want->default_sql = got->default_sql;
    want->collation = got->collation;
    VEC_EACH (Constraint *, it, &want->checks)
        VEC_EACH (Constraint *, other, &got->checks)
            if (strcmp((*it)->head.name, (*other)->head.name) == 0)
                (*it)->expression = (*other)->expression;
}

static void take_composite(CompositeType *want, const CompositeType *got)
{
    for (size_t i = 0; i < want->attributes.count && want->attributes.count == got->attributes.count; i++) {
        want->attributes.items[i]->type = got->attributes.items[i]->type;
        want->attributes.items[i]->collation = got->attributes.items[i]->collation;
    }
}

void canonical_take(const Canonical *c, Object *object, const Schema *got)
{
    if (object->kind == OBJECT_TABLE) {
        const Table *table = schema_table(got, object->schema, object->name);
        if (table)
            take_table(c, (Table *)(void *)object, table);
        return;
    }
    const Object *other = schema_object(got, object->kind, object->schema, object->table, object->name);
    if (!other)
        return;
    switch ((int)object->kind) {
    case OBJECT_VIEW: take_view(c, (View *)(void *)object, (const View *)(const void *)other); break;
    case OBJECT_DOMAIN:
        take_domain((DomainType *)(void *)object, (const DomainType *)(const void *)other);
        break;
    case OBJECT_COMPOSITE:
        take_composite((CompositeType *)(void *)object, (const CompositeType *)(const void *)other);
        break;
    case OBJECT_ENUM:
    case OBJECT_SEQUENCE: break;
    default: object->definition = other->definition; break;
    }
}

static bool is_user(ObjectKind kind)
{
    return kind == OBJECT_VIEW || kind == OBJECT_FUNCTION || kind == OBJECT_PROCEDURE;
}

void canonical_take_uses(const Canonical *c, const Schema *got)
{
    VEC_EACH (Object *, it, &c->order) {
        const Object *made = is_user((*it)->kind) ? schema_counterpart(got, *it) : NULL;
        if (!made)
            continue;
        (*it)->uses_known = true;
        VEC_EACH (Object *, on, &made->depends_on) {
            bool counts = is_user((*on)->kind) || (*on)->kind == OBJECT_OPERATOR;
            Object *here = counts ? schema_counterpart(c->want, *on) : NULL;
            if (here)
                *VEC_PUSH(c->arena, &(*it)->depends_on) = here;
        }
    }
}
