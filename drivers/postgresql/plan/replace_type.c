// A type that ALTER TYPE cannot bring from one to the other: the old one is renamed, the new one is
// made, the columns follow, and the old one goes.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

static const Dialect *const D = &postgresql_dialect;

// Is the type made of one of that name: a domain over it, an attribute, the bounds of a range; or sorted by it?
static bool is_made_of(Arena *arena, const Object *type, const char *name)
{
    const DomainType *domain = (const DomainType *)(const void *)type;
    switch ((int)type->kind) {
    case OBJECT_DOMAIN:
        return pg_mentions(arena, domain->base, name) || pg_mentions(arena, domain->collation, name);
    case OBJECT_COMPOSITE:
        VEC_EACH (Column *, it, &((const CompositeType *)(const void *)type)->attributes)
            if (pg_mentions(arena, (*it)->type, name) || pg_mentions(arena, (*it)->collation, name))
                return true;
        return false;
    case OBJECT_RANGE: return strcmp(type->name, name) != 0 && pg_mentions(arena, type->definition, name);
    default: return false;
    }
}

// The default of a column goes before its type changes and comes back after that, where that is planned by steps of their own
// (replace_routine.c).
static void order_default(StepGraph *graph, Step *alter)
{
    VEC_EACH (Step *, it, &graph->steps) {
        if ((*it)->kind != STEP_SQL || !(*it)->default_apart)
            continue;
        if ((*it)->have == alter->have)
            step_after(graph->arena, alter, *it);
        else if ((*it)->want == alter->want)
            step_after(graph->arena, *it, alter);
        else
            continue;
        alter->default_apart = true;
        alter->facets &= ~(unsigned)FACET_DEFAULT;
    }
}

// Each column of that type that stays is altered too, after the type.
static void alter_columns(StepGraph *graph, Step *type_step, Step *drop_old)
{
    bool collates = type_step->have->kind == OBJECT_COLLATION;
    VEC_EACH (Table *, table, &graph->want->tables) {
        const Table *have_table = schema_table(graph->have, (*table)->head.schema, (*table)->head.name);
        const Step *whole = step_find_alter(graph, &(*table)->head);
        if (!have_table || (whole && pg_table_is_remade(whole)))
            continue;
        VEC_EACH (Column *, column, &(*table)->columns) {
            const Column *have = table_column(have_table, (*column)->head.name);
            if (!have || option_is(&have->head.options, PG_INHERITED) ||
                !pg_mentions_type(graph->arena, collates ? have->collation : have->type, type_step->have))
                continue;
            Step *step = step_find_alter(graph, &(*column)->head);
            if (step_find_drop(graph, &have->head))
                continue;
            if (!step) {
                step = step_add(graph, STEP_ALTER, &have->head, &(*column)->head);
                step->have_table = have_table;
                step->want_table = *table;
            }
            order_default(graph, step);
            step->facets |= collates ? FACET_COLLATION : FACET_TYPE;
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
    strbuf_printf(&text, "DROP %s", pg_type_words(type));
    sql(&text, D, QID(type->schema, pg_old_type_name(graph->arena, type->name)));
    VEC_PUSH(graph->arena, &drop->statements)->sql = text.text;
    return drop;
}

static bool is_replaced(const StepGraph *graph, const Step *step)
{
    return step->kind == STEP_ALTER && pg_is_user_type(step->want->kind) &&
           pg_type_needs_new(graph, step->have, step->want, step->facets);
}

// What is made of a type that is replaced has to be replaced with it. True where that is one more.
static bool replace_users(StepGraph *graph, Step *type_step)
{
    bool more = false;
    VEC_EACH (Object *, it, &graph->want->objects) {
        if (!is_made_of(graph->arena, *it, type_step->want->name))
            continue;
        const Object *have = schema_counterpart(graph->have, *it);
        if (!have || step_find_drop(graph, have) || !is_made_of(graph->arena, have, type_step->have->name))
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

static void replace_all_users(StepGraph *graph)
{
    for (size_t i = 0; i < graph->steps.count; i++)
        if (is_replaced(graph, graph->steps.items[i]) && replace_users(graph, graph->steps.items[i]))
            i = (size_t)-1; // one that was passed already may be among them
}

static bool has_check(const DomainType *domain, const Constraint *check)
{
    VEC_EACH (Constraint *, it, &domain->checks)
        if (same_text((*it)->expression, check->expression) && (*it)->not_valid == check->not_valid)
            return true;
    return false;
}

// Is there something that the server would have to look for among the rows?
static bool gets_stricter(const DomainType *have, const DomainType *want)
{
    if (want->not_null && !have->not_null)
        return true;
    VEC_EACH (Constraint *, it, &want->checks)
        if (!(*it)->not_valid && !has_check(have, *it))
            return true;
    return false;
}

// Values of the domain that lie within others: in arrays, in composites and ranges.
static bool lies_within(const StepGraph *graph, const DomainType *domain)
{
    VEC_EACH (Object *, it, &graph->have->objects) {
        bool itself =
            (*it)->kind == OBJECT_DOMAIN && !strstr(((const DomainType *)(const void *)*it)->base, "[]");
        if (!itself && is_made_of(graph->arena, *it, domain->head.name))
            return true;
    }
    VEC_EACH (Table *, table, &graph->have->tables)
        VEC_EACH (Column *, column, &(*table)->columns)
            if (strstr((*column)->type, "[]") &&
                pg_mentions(graph->arena, (*column)->type, domain->head.name))
                return true;
    return false;
}

// The server does not look into those, and refuses: the domain is recreated.
static void replace_nested_domains(StepGraph *graph)
{
    VEC_EACH (Step *, it, &graph->steps) {
        Step *step = *it;
        const DomainType *have = (const DomainType *)(const void *)step->have,
                         *want = (const DomainType *)(const void *)step->want;
        if (step->kind == STEP_ALTER && step->want->kind == OBJECT_DOMAIN && gets_stricter(have, want) &&
            lies_within(graph, have))
            step->facets |= FACET_TYPE;
    }
}

// A table whose type gets other attributes leaves it, and comes back when its columns are those.
static void change_typed_tables(StepGraph *graph)
{
    VEC_EACH (Table *, it, &graph->want->tables) {
        Table *have = schema_table(graph->have, (*it)->head.schema, (*it)->head.name);
        if (!have || !option_get(&have->head.options, PG_OF_TYPE) || !pg_row_type_step(graph, *it))
            continue;
        Step *step = step_find_alter(graph, &(*it)->head);
        if (!step) {
            step = step_add(graph, STEP_ALTER, &have->head, &(*it)->head);
            step->have_table = have;
            step->want_table = *it;
        }
        step->facets |= FACET_OPTIONS;
    }
}

// Partitioned tables cannot follow the type of a column that they are partitioned by: they are recreated.
static void change_partition_keys(StepGraph *graph)
{
    VEC_EACH (Table *, it, &graph->want->tables) {
        const char *key = option_get(&(*it)->head.options, PG_PARTITION_BY);
        Table *have = schema_table(graph->have, (*it)->head.schema, (*it)->head.name);
        VEC_EACH (Column *, column, &(*it)->columns) {
            const Column *old = have && key ? table_column(have, (*column)->head.name) : NULL;
            if (!old || !pg_mentions(graph->arena, key, old->head.name) ||
                !(pg_type_is_replaced(graph, old->type) ||
                  (old->collation && pg_type_is_replaced(graph, old->collation))))
                continue;
            Step *step = step_find_alter(graph, &(*column)->head);
            if (step && step->kind != STEP_ALTER)
                continue;
            if (!step)
                step = step_add(graph, STEP_ALTER, &old->head, &(*column)->head);
            step->facets |= FACET_TYPE;
            step->have_table = have;
            step->want_table = *it;
        }
    }
}

void pg_expand_replaced(StepGraph *graph)
{
    replace_nested_domains(graph);
    replace_all_users(graph);
    change_typed_tables(graph);
    change_partition_keys(graph);
}

// The old domain still calls what its checks called, and the old range what compares its bounds.
static bool calls(const StepGraph *graph, const Object *type, const Object *routine)
{
    bool is_routine = routine->kind == OBJECT_FUNCTION || routine->kind == OBJECT_AGGREGATE;
    if ((type->kind != OBJECT_DOMAIN && type->kind != OBJECT_RANGE) || !is_routine)
        return false;
    const char *types, *name = pg_routine_split(graph->arena, routine->name, &types);
    if (type->kind == OBJECT_RANGE)
        return pg_mentions(graph->arena, type->definition, name);
    const DomainType *domain = (const DomainType *)(const void *)type;
    VEC_EACH (Constraint *, it, &domain->checks)
        if (pg_mentions(graph->arena, (*it)->expression, name))
            return true;
    return pg_mentions(graph->arena, domain->default_sql, name);
}

static bool old_type_calls(const StepGraph *graph, const Object *routine)
{
    VEC_EACH (Step *, it, &graph->steps)
        if (is_replaced(graph, *it) && calls(graph, (*it)->have, routine))
            return true;
    return false;
}

// What an old type is made of. (A model does not know what an extension holds.)
static bool is_under(const StepGraph *graph, const Object *object, const Object *type)
{
    VEC_EACH (Object *, on, &type->depends_on)
        if (*on == object)
            return true;
    return object->kind == OBJECT_EXTENSION ||
           (pg_is_user_type(object->kind) && is_made_of(graph->arena, type, object->name));
}

bool pg_expand_types(StepGraph *graph, Error *err)
{
    (void)err;
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
        // everything that depended on the old type is gone before it goes
        VEC_EACH (Step *, other, &graph->steps)
            if ((*other)->kind == STEP_DROP &&
                (is_under(graph, (*other)->have, step->have) || old_type_calls(graph, (*other)->have)))
                step_after(graph->arena, *other, drop);
            else if ((*other)->kind == STEP_DROP || ((*other)->kind == STEP_SQL && (*other)->have) ||
                     ((*other)->kind == STEP_ALTER && (*other)->want->kind == OBJECT_TABLE))
                step_after(graph->arena, drop, *other);
    }
    for (size_t i = 0; i < replaced.count; i++)
        for (size_t k = 0; k < replaced.count; k++)
            if (is_made_of(graph->arena, replaced.items[k]->have, replaced.items[i]->have->name))
                step_after(graph->arena, drops.items[i], drops.items[k]);
    return true;
}
