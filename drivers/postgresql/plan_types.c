// A type that ALTER TYPE cannot bring from one to the other: the old one steps aside under another name, the new one is
// made, the columns follow, and the old one goes.
#include <string.h>

#include "drivers/postgresql/plan.h"

static const Dialect *const D = &postgresql_dialect;

static bool same(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

// ADD VALUE can put new values anywhere, but neither removes nor moves one.
static bool values_only_grow(const EnumType *have, const EnumType *want)
{
    size_t at = 0;
    VEC_EACH (const char *, value, &have->values) {
        const char *name = *value;
        for (size_t i = 0; i + 1 < want->renamed_values.count; i += 2)
            if (strcmp(want->renamed_values.items[i], name) == 0 && !names_have(&want->values, name))
                name = want->renamed_values.items[i + 1];
        while (at < want->values.count && strcmp(want->values.items[at], name) != 0)
            at++;
        if (at == want->values.count)
            return false;
        at++;
    }
    return true;
}

static bool attributes_keep_types(const CompositeType *have, const CompositeType *want)
{
    VEC_EACH (Column *, it, &have->attributes)
        VEC_EACH (Column *, other, &want->attributes)
            if (strcmp((*it)->head.name, (*other)->head.name) == 0 &&
                (!same((*it)->type, (*other)->type) || !same((*it)->collation, (*other)->collation)))
                return false;
    return true;
}

bool pg_type_needs_new(const StepGraph *graph, const Object *have, const Object *want, unsigned facets)
{
    (void)graph;
    switch ((int)want->kind) {
    case OBJECT_ENUM:
        return facets & FACET_VALUES &&
               !values_only_grow((const EnumType *)(const void *)have, (const EnumType *)(const void *)want);
    case OBJECT_DOMAIN: return (facets & (FACET_TYPE | FACET_COLLATION)) != 0;
    case OBJECT_COMPOSITE:
        return facets & FACET_PARTS && !attributes_keep_types((const CompositeType *)(const void *)have,
                                                              (const CompositeType *)(const void *)want);
    default: return false;
    }
}

const char *pg_old_type_name(Arena *arena, const char *name)
{
    return pg_object_name(arena, name, NULL, "old");
}

bool pg_mentions(Arena *arena, const char *text, const char *name)
{
    if (!text || !name)
        return false;
    TokenList tokens = lex_all(arena, (Text){ text, strlen(text) }, LEX_POSTGRESQL);
    VEC_EACH (Token, token, &tokens)
        if (token_named(token, name))
            return true;
    return false;
}

static bool is_user_type(ObjectKind kind)
{
    return kind == OBJECT_ENUM || kind == OBJECT_DOMAIN || kind == OBJECT_COMPOSITE;
}

bool pg_type_is_replaced(const StepGraph *graph, const char *type)
{
    VEC_EACH (Step *, it, &graph->steps) {
        const Step *step = *it;
        if (step->kind == STEP_ALTER && is_user_type(step->want->kind) &&
            pg_type_needs_new(graph, step->have, step->want, step->facets) &&
            pg_mentions(graph->arena, type, step->want->name))
            return true;
    }
    return false;
}

// Each column of that type that stays is altered too, after the type.
static void alter_columns(StepGraph *graph, Step *type_step, Step *drop_old)
{
    VEC_EACH (Table *, table, &graph->want->tables) {
        const Table *have_table = schema_table(graph->have, (*table)->head.schema, (*table)->head.name);
        if (!have_table)
            continue;
        VEC_EACH (Column *, column, &(*table)->columns) {
            const Column *have = table_column(have_table, (*column)->head.name);
            if (!have || option_is(&have->head.options, PG_INHERITED) ||
                !pg_mentions(graph->arena, have->type, type_step->have->name))
                continue;
            Step *step = step_find_alter(graph, &(*column)->head);
            if (step_find_drop(graph, &have->head))
                continue;
            if (!step) {
                step = step_add(graph, STEP_ALTER, &have->head, &(*column)->head);
                step->have_table = have_table;
                step->want_table = *table;
            }
            step->facets |= FACET_TYPE;
            step_after(graph->arena, step, type_step);
            step_after(graph->arena, drop_old, step);
        }
    }
}

static Step *add_drop_of_old(StepGraph *graph, const Step *type_step)
{
    const Object *type = type_step->have;
    Step *drop = step_add(graph, STEP_SQL, NULL, NULL);
    StrBuf text;
    strbuf_init(&text, graph->arena);
    strbuf_puts(&text, type->kind == OBJECT_DOMAIN ? "DROP DOMAIN" : "DROP TYPE");
    sql(&text, D, QID(type->schema, pg_old_type_name(graph->arena, type->name)));
    VEC_PUSH(graph->arena, &drop->statements)->sql = text.text;
    return drop;
}

static bool is_replaced(const StepGraph *graph, const Step *step)
{
    return step->kind == STEP_ALTER && is_user_type(step->want->kind) &&
           pg_type_needs_new(graph, step->have, step->want, step->facets);
}

// A domain over a type that is replaced has to be replaced with it. True where that is one more.
static bool replace_domains(StepGraph *graph, Step *type_step)
{
    bool more = false;
    VEC_EACH (Object *, it, &graph->want->objects) {
        if ((*it)->kind != OBJECT_DOMAIN ||
            !pg_mentions(graph->arena, ((const DomainType *)(const void *)*it)->base, type_step->want->name))
            continue;
        const Object *have = schema_counterpart(graph->have, *it);
        if (!have || step_find_drop(graph, have) ||
            !pg_mentions(graph->arena, ((const DomainType *)(const void *)have)->base, type_step->have->name))
            continue;
        Step *step = step_find_alter(graph, *it);
        if (!step)
            step = step_add(graph, STEP_ALTER, have, *it);
        more |= !(step->facets & FACET_TYPE);
        step->facets |= FACET_TYPE;
        step_after(graph->arena, step, type_step);
    }
    return more;
}

static void replace_all_domains(StepGraph *graph)
{
    for (size_t i = 0; i < graph->steps.count; i++)
        if (is_replaced(graph, graph->steps.items[i]) && replace_domains(graph, graph->steps.items[i]))
            i = (size_t)-1; // one that was passed already may be among them
}

bool pg_expand_types(StepGraph *graph, Error *err)
{
    (void)err;
    replace_all_domains(graph);
    StepList replaced = { 0 }, drops = { 0 };
    for (size_t i = 0, count = graph->steps.count; i < count; i++) {
        Step *step = graph->steps.items[i];
        if (!is_replaced(graph, step))
            continue;
        Step *drop = add_drop_of_old(graph, step);
        *VEC_PUSH(graph->arena, &replaced) = step;
        *VEC_PUSH(graph->arena, &drops) = drop;
        step_after(graph->arena, drop, step);
        alter_columns(graph, step, drop);
        // everything that stood on the old type is gone before it goes
        VEC_EACH (Step *, other, &graph->steps)
            if ((*other)->kind == STEP_DROP)
                step_after(graph->arena, drop, *other);
    }
    for (size_t i = 0; i < replaced.count; i++)
        for (size_t k = 0; k < replaced.count; k++)
            if (replaced.items[k]->have->kind == OBJECT_DOMAIN &&
                pg_mentions(graph->arena, ((const DomainType *)(const void *)replaced.items[k]->have)->base,
                            replaced.items[i]->have->name))
                step_after(graph->arena, drops.items[i], drops.items[k]);
    return true;
}
