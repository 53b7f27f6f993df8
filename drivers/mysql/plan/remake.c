// plan_remake.c -- what these servers let nobody replace where it stands: it is dropped first and recreated.
#include <string.h>
#include <strings.h>

#include "drivers/mysql/dialect/dialect.h"

// ---- packages (MariaDB): a body falls with its package

// A package that is dropped takes its body along: so the body is dropped before, and created again after it,
// even where it did not change.
static void remake_bodies(StepGraph *graph)
{
    for (size_t i = 0; i < graph->steps.count; i++) {
        Step *drop = graph->steps.items[i];
        if (drop->kind != STEP_DROP || drop->have->kind != OBJECT_PACKAGE)
            continue;
        Object *old = schema_object(graph->have, OBJECT_PACKAGE_BODY, NULL, NULL, drop->have->name);
        if (!old)
            continue;
        Step *down = step_find_drop(graph, old);
        Object *want = schema_counterpart(graph->want, old);
        if (!down) {
            down = step_add(graph, STEP_DROP, old, NULL);
            down->restores = true;
        }
        step_after(graph->arena, drop, down);
        if (want && !step_find_create(graph, want))
            step_add(graph, STEP_CREATE, NULL, want)->restores = true;
    }
    for (size_t i = 0; i < graph->steps.count; i++) {
        Step *create = graph->steps.items[i];
        if (create->kind != STEP_CREATE || create->want->kind != OBJECT_PACKAGE)
            continue;
        Object *body = schema_object(graph->want, OBJECT_PACKAGE_BODY, NULL, NULL, create->want->name);
        Step *up = body ? step_find_create(graph, body) : NULL;
        if (up)
            step_after(graph->arena, up, create);
    }
}

// ---- names that differ in case only are one to the servers: the old one goes first

static bool minds_no_case(const Object *object)
{
    return object->kind == OBJECT_EVENT ||
           (object->kind >= OBJECT_FUNCTION && object->kind <= OBJECT_PACKAGE_BODY);
}

static void drop_before_twin(StepGraph *graph)
{
    VEC_EACH (Step *, create, &graph->steps) {
        const Object *want = (*create)->want;
        if ((*create)->kind != STEP_CREATE || !minds_no_case(want))
            continue;
        VEC_EACH (Step *, drop, &graph->steps) {
            const Object *have = (*drop)->have;
            if ((*drop)->kind == STEP_DROP && have->kind == want->kind &&
                strcasecmp(have->name, want->name) == 0 && strcmp(have->name, want->name) != 0)
                step_after(graph->arena, *create, *drop);
        }
    }
}

// ---- views that change together with what they depend on

static bool query_mentions(Arena *arena, const Object *view, const char *name)
{
    const char *query = ((const View *)(const void *)view)->query;
    TokenList tokens = lex_all(arena, (Text){ query, strlen(query) }, mysql_dialect.lex);
    VEC_EACH (Token, token, &tokens)
        if (token_named(token, name))
            return true;
    return false;
}

// A function has one text at a time: between the old one and the new one there is none that the view could call.
static bool calls_replaced(const StepGraph *graph, const Step *view)
{
    VEC_EACH (Step *, it, &graph->steps) {
        const Object *have = (*it)->kind == STEP_DROP ? (*it)->have : NULL;
        if (have && have->kind == OBJECT_FUNCTION && schema_counterpart(graph->want, have) &&
            query_mentions(graph->arena, view->have, have->name) &&
            query_mentions(graph->arena, view->want, have->name))
            return true;
    }
    return false;
}

// Two views that change places: for a moment each would depend on the other.
static bool stands_and_stood(const StepGraph *graph, const Step *under, const Step *over)
{
    return query_mentions(graph->arena, under->have, over->have->name) &&
           query_mentions(graph->arena, over->want, under->want->name);
}

static bool changes_places(const StepGraph *graph, const Step *view)
{
    VEC_EACH (Step *, it, &graph->steps)
        if (*it != view && (*it)->kind == STEP_ALTER && (*it)->have->kind == OBJECT_VIEW &&
            (stands_and_stood(graph, *it, view) || stands_and_stood(graph, view, *it)))
            return true;
    return false;
}

static void remake_views(StepGraph *graph)
{
    VEC(Step *) remade = { 0 };
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->kind == STEP_ALTER && (*it)->have->kind == OBJECT_VIEW &&
            (calls_replaced(graph, *it) || changes_places(graph, *it)))
            *VEC_PUSH(graph->arena, &remade) = *it;
    VEC_EACH (Step *, it, &remade) {
        Object *have = schema_counterpart(graph->have, (*it)->have),
               *want = schema_counterpart(graph->want, (*it)->want);
        step_remove(graph, *it);
        Step *down = step_add(graph, STEP_DROP, have, NULL), *up = step_add(graph, STEP_CREATE, NULL, want);
        down->restores = up->restores = true;
        step_after(graph->arena, up, down);
    }
}

// ---- a check of MySQL has its name in the whole database: it is free before another table takes it

static Constraint *holder_of(const Schema *have, const Constraint *check, const char *table)
{
    VEC_EACH (Table *, it, &have->tables)
        VEC_EACH (Constraint *, other, &(*it)->constraints)
            if ((*other)->head.kind == OBJECT_CHECK && (*other)->head.name &&
                strcmp((*it)->head.name, table) != 0 &&
                strcasecmp((*other)->head.name, check->head.name) == 0)
                return *other;
    return NULL;
}

// Takes the drop of a check out of its table's step: it comes before, on its own.
static Step *drop_apart(StepGraph *graph, const Constraint *check)
{
    VEC_EACH (Step *, it, &graph->steps) {
        Step *whole = *it;
        for (size_t i = 0; i < whole->changes.count; i++) {
            Change *change = &whole->changes.items[i];
            if (change->have != &check->head)
                continue;
            if (change->kind == CHANGE_ALTER) {
                change->kind = CHANGE_CREATE;
                change->have = NULL;
            } else {
                memmove(change, change + 1, (whole->changes.count - i - 1) * sizeof *change);
                whole->changes.count--;
            }
            Step *drop = step_add(graph, STEP_DROP, &check->head, NULL);
            drop->have_table = whole->have_table;
            drop->want_table = whole->want_table;
            step_after(graph->arena, whole, drop);
            return drop;
        }
    }
    return step_find_drop(graph, &check->head);
}

static void free_check_names_of(StepGraph *graph, Step *step, const Table *want)
{
    VEC_EACH (Constraint *, it, &want->constraints) {
        if ((*it)->head.kind != OBJECT_CHECK || !(*it)->head.name)
            continue;
        const Constraint *held = holder_of(graph->have, *it, want->head.name);
        const Table *holder = held ? schema_table(graph->have, NULL, held->head.table) : NULL;
        if (!holder)
            continue;
        Step *gone = step_find_drop(graph, &holder->head);
        step_after(graph->arena, step, gone ? gone : drop_apart(graph, held));
    }
}

static void free_check_names(StepGraph *graph)
{
    size_t count = graph->steps.count; // those that are added meanwhile take no name
    for (size_t i = 0; i < count; i++) {
        Step *step = graph->steps.items[i];
        bool creates = step->kind == STEP_CREATE && step->want->kind == OBJECT_TABLE;
        if (creates)
            free_check_names_of(graph, step, (const Table *)(const void *)step->want);
        else if (step->kind == STEP_TABLE && step->want_table)
            free_check_names_of(graph, step, step->want_table);
    }
}

void my_remake(StepGraph *graph)
{
    if (!my_for_mariadb(graph))
        free_check_names(graph);
    remake_bodies(graph);
    drop_before_twin(graph);
    remake_views(graph);
}
