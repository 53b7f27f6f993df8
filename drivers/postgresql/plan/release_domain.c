// Domains whose default or checks call a routine that is dropped, perhaps to be created again with the same arguments. Values are
// of the domain, so it cannot go with the routine: what calls it is taken away first, and the domain is altered when the new
// routine is there.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

static const Dialect *const D = &postgresql_dialect;

typedef struct Release {
    StepGraph *graph;
    const DomainType *have; // as it is
    DomainType *rest;       // the domain without them, as the step that alters it finds it
    Step *off, *alter;
    const Step *drop; // of the routine
    const char *routine;
} Release;

static bool calls(const Release *r, const char *text)
{
    return text && pg_mentions(r->graph->arena, text, r->routine);
}

// The step that takes things away from the domain, one for all routines.
static Step *find_off(const StepGraph *graph, const Object *domain)
{
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->kind == STEP_SQL && (*it)->default_apart && (*it)->have == domain)
            return *it;
    return NULL;
}

static DomainType *copied(Arena *arena, const DomainType *domain)
{
    DomainType *copy = ARENA_NEW(arena, DomainType);
    *copy = *domain;
    copy->checks = (ConstraintList){ 0 };
    VEC_EACH (Constraint *, it, &domain->checks)
        *VEC_PUSH(arena, &copy->checks) = *it;
    return copy;
}

static void begin(Release *r, const DomainType *want)
{
    StepGraph *graph = r->graph;
    r->alter = step_find_alter(graph, &want->head);
    r->off = find_off(graph, &r->have->head);
    if (r->off) { // for another routine: a copy of what that left
        r->rest = copied(graph->arena, (const DomainType *)(const void *)r->alter->have);
        r->alter->have = &r->rest->head;
        return;
    }
    r->off = step_add(graph, STEP_SQL, &r->have->head, NULL);
    r->off->default_apart = true;
    r->rest = copied(graph->arena, r->have);
    if (!r->alter)
        r->alter = step_add(graph, STEP_ALTER, NULL, &want->head);
    r->alter->have = &r->rest->head;
    r->alter->default_apart = true;
    step_after(graph->arena, r->alter, r->off);
}

static void take_away(const Release *r, const char *what, const char *name)
{
    StrBuf text;
    strbuf_init(&text, r->graph->arena);
    sql(&text, D, KW("ALTER DOMAIN"), QID(pg_written_schema(&r->have->head), r->have->head.name));
    strbuf_printf(&text, " %s", what);
    if (name)
        sql(&text, D, ID(name));
    VEC_PUSH(r->graph->arena, &r->off->statements)->sql = text.text;
}

static void take_checks(const Release *r)
{
    ConstraintList rest = { 0 };
    VEC_EACH (Constraint *, it, &r->rest->checks) {
        if (!(*it)->head.name || !calls(r, (*it)->expression)) {
            *VEC_PUSH(r->graph->arena, &rest) = *it;
            continue;
        }
        take_away(r, "DROP CONSTRAINT", (*it)->head.name);
        r->alter->facets |= FACET_EXPRESSION;
    }
    r->rest->checks = rest;
}

static void take_default(const Release *r, const DomainType *want)
{
    if (!calls(r, r->rest->default_sql))
        return;
    take_away(r, "DROP DEFAULT", NULL);
    r->rest->default_sql = NULL;
    r->alter->facets &= ~(unsigned)FACET_DEFAULT;
    if (want->default_sql)
        r->alter->facets |= FACET_DEFAULT;
}

// It depends on the routine no more.
static void forget_routine(const Release *r)
{
    ObjectList left = { 0 };
    VEC_EACH (Object *, it, &r->rest->head.depends_on)
        if (*it != r->drop->have)
            *VEC_PUSH(r->graph->arena, &left) = *it;
    r->rest->head.depends_on = left;
}

static bool wants(Arena *arena, const DomainType *want, const char *routine)
{
    bool calls_it = want->default_sql && pg_mentions(arena, want->default_sql, routine);
    VEC_EACH (Constraint *, it, &want->checks)
        calls_it |= pg_mentions(arena, (*it)->expression, routine);
    return calls_it;
}

// A domain that goes itself needs none of this. The altered domain waits for every routine that it calls by then, new ones too.
static void release(StepGraph *graph, Step *drop, const DomainType *domain)
{
    const DomainType *want = (const DomainType *)(const void *)schema_counterpart(graph->want, &domain->head);
    const char *types;
    Release r = { .graph = graph,
                  .have = domain,
                  .drop = drop,
                  .routine = pg_routine_split(graph->arena, drop->have->name, &types) };
    bool concerned = calls(&r, domain->default_sql);
    VEC_EACH (Constraint *, it, &domain->checks)
        concerned |= (*it)->head.name && calls(&r, (*it)->expression);
    if (!want || !concerned || step_find_drop(graph, &domain->head))
        return;
    begin(&r, want);
    take_checks(&r);
    take_default(&r, want);
    forget_routine(&r);
    step_after(graph->arena, drop, r.off);
    step_after(graph->arena, r.alter, drop);
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->kind == STEP_CREATE && object_kind_is_routine((*it)->want->kind) &&
            wants(graph->arena, want, pg_routine_split(graph->arena, (*it)->want->name, &types)))
            step_after(graph->arena, r.alter, *it);
}

void pg_expand_domains(StepGraph *graph)
{
    for (size_t i = 0; i < graph->steps.count; i++) {
        Step *drop = graph->steps.items[i];
        if (drop->kind != STEP_DROP || !object_kind_is_routine(drop->have->kind))
            continue;
        VEC_EACH (Object *, it, &graph->have->objects)
            if ((*it)->kind == OBJECT_DOMAIN)
                release(graph, drop, (const DomainType *)(const void *)*it);
    }
}
