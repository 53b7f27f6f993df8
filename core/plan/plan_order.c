// One order out of the graph: ready steps leave a heap lowest first, so that the same input gives the same
// plan.
#include <stdlib.h>
#include <string.h>

#include "core/plan/plan_internal.h"

// Where steps come that neither create nor drop, among the phases of object_kinds.
enum {
    PHASE_RENAME = 0, // and what opens the whole plan: see compare_steps
    PHASE_RENAME_COLUMN = 1,
    PHASE_SQL = 15,
    PHASE_TABLE = 33, // after new columns, before constraints
    PHASE_CLOSE = 98
};

// The place of a step among those that nothing else orders; see plan.h.
static unsigned phase_of(const Step *step)
{
    switch (step->kind) {
    case STEP_RENAME: return step->want->kind == OBJECT_COLUMN ? PHASE_RENAME_COLUMN : PHASE_RENAME;
    case STEP_DROP: return object_kinds[step->have->kind].drop;
    case STEP_CREATE: return object_kinds[step->want->kind].create;
    case STEP_ALTER:
        return step->want->kind >= OBJECT_TABLE ? object_kinds[step->want->kind].create + 1U
                                                : CREATE_BEFORE_TABLES;
    case STEP_TABLE:
    case STEP_REBUILD: return PHASE_TABLE;
    case STEP_SQL:
        if (step->frame)
            return step->frame < 0 ? PHASE_RENAME : PHASE_CLOSE;
        return step->want   ? object_kinds[step->want->kind].create
               : step->have ? object_kinds[step->have->kind].drop
                            : PHASE_SQL;
    }
    return PHASE_CLOSE + 1;
}

static int compare_steps(const void *a, const void *b)
{
    const Step *x = *(Step *const *)a, *y = *(Step *const *)b;
    unsigned p = phase_of(x), q = phase_of(y);
    if (p != q)
        return p < q ? -1 : 1;
    const Object *m = x->want ? x->want : x->have, *n = y->want ? y->want : y->have;
    if (!m || !n)
        return (m != NULL) - (n != NULL);
    // parts of tables go table by table; everything else kind by kind
    int order = m->kind == n->kind || (m->table && n->table) ? 0 : (m->kind < n->kind ? -1 : 1);
    // new columns keep the model's order
    if (!order && m->kind == OBJECT_COLUMN && n->kind == OBJECT_COLUMN && m->table && n->table &&
        strcmp(m->table, n->table) == 0 && x->kind == STEP_CREATE && y->kind == STEP_CREATE)
        return m->slot < n->slot ? -1 : m->slot > n->slot;
    if (!order)
        order = object_compare(m, n);
    if (!order && m->kind != n->kind)
        order = m->kind < n->kind ? -1 : 1;
    return order ? order : (x->rank < y->rank ? -1 : x->rank > y->rank);
}

typedef struct Heap {
    Step **items;
    size_t count;
} Heap;

static void heap_push(Heap *heap, Step *step)
{
    size_t i = heap->count++;
    while (i > 0) {
        size_t up = (i - 1) / 2;
        if (heap->items[up]->rank <= step->rank)
            break;
        heap->items[i] = heap->items[up];
        i = up;
    }
    heap->items[i] = step;
}

static Step *heap_pop(Heap *heap)
{
    Step *first = heap->items[0], *last = heap->items[--heap->count];
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= heap->count)
            break;
        if (child + 1 < heap->count && heap->items[child + 1]->rank < heap->items[child]->rank)
            child++;
        if (last->rank <= heap->items[child]->rank)
            break;
        heap->items[i] = heap->items[child];
        i = child;
    }
    heap->items[i] = last;
    return first;
}

typedef struct Order {
    Planner *p;
    size_t n;
    size_t *waits;    // by rank: how many steps must still come first
    StepList *behind; // by rank: who waits for it
    bool *done;
    Heap heap;
} Order;

// Must `step` come, by whatever way, after `before`?
static bool comes_behind(const Step *step, const Step *before, size_t *seen, size_t mark)
{
    if (step == before)
        return true;
    if (seen[step->rank] == mark)
        return false;
    seen[step->rank] = mark;
    VEC_EACH (Step *, it, &step->after)
        if (comes_behind(*it, before, seen, mark))
            return true;
    return false;
}

// Wishes become edges where they make no cycle.
static void grant_wishes(Planner *p)
{
    StepList *steps = &p->graph.steps;
    size_t *seen = arena_alloc(p->arena, (steps->count + 1) * sizeof(size_t)), mark = 0;
    VEC_EACH (Step *, it, steps)
        VEC_EACH (Step *, before, &(*it)->behind)
            if (!comes_behind(*before, *it, seen, ++mark))
                step_after(p->arena, *it, *before);
}

// Sets up the sort: ranks by phase, kind and name, the number of predecessors of each step, and its
// successors. Preferences become edges first where they make no cycle.
static void start(Order *order)
{
    StepList *steps = &order->p->graph.steps;
    order->n = steps->count;
    for (size_t i = 0; i < order->n; i++)
        steps->items[i]->rank = i;
    if (order->n)
        qsort(steps->items, order->n, sizeof(Step *), compare_steps);
    Arena *arena = order->p->arena;
    order->waits = arena_alloc(arena, (order->n + 1) * sizeof(size_t));
    order->behind = arena_alloc(arena, (order->n + 1) * sizeof(StepList));
    order->done = arena_alloc(arena, order->n + 1);
    order->heap.items = arena_alloc(arena, (order->n + 1) * sizeof(Step *));
    for (size_t i = 0; i < order->n; i++)
        steps->items[i]->rank = i;
    grant_wishes(order->p);
    for (size_t i = 0; i < order->n; i++) {
        Step *step = steps->items[i];
        VEC_EACH (Step *, before, &step->after) {
            *VEC_PUSH(arena, &order->behind[(*before)->rank]) = step;
            order->waits[i]++;
        }
    }
}

static void finish(Order *order, Step *step, StepList *out)
{
    order->done[step->rank] = true;
    *VEC_PUSH(order->p->arena, out) = step;
    VEC_EACH (Step *, next, &order->behind[step->rank])
        if (--order->waits[(*next)->rank] == 0 && !order->done[(*next)->rank])
            heap_push(&order->heap, *next);
}

static void drop_key_first(Order *order, Constraint *key, const Table *table, StepList *out)
{
    Step *first = ARENA_NEW(order->p->arena, Step);
    *first = (Step){ .kind = STEP_DROP, .have = &key->head, .have_table = table };
    order->p->drop_of[key->head.slot] = first;
    *VEC_PUSH(order->p->arena, out) = first;
}

// Is there another stuck step between the two tables' drops? Then the foreign key goes first, by itself; `towards` that
// table, NULL: whichever.
static void drop_keys_first(Order *order, const Step *step, const Step *towards, StepList *out)
{
    if (step->kind != STEP_DROP || step->have->kind != OBJECT_TABLE ||
        order->p->dialect->caps & INLINES_FOREIGN_KEYS)
        return;
    VEC_EACH (Constraint *, key, &((const Table *)(const void *)step->have)->constraints) {
        if ((*key)->head.kind != OBJECT_FOREIGN_KEY || order->p->drop_of[(*key)->head.slot])
            continue;
        const Table *target =
            schema_table(order->p->have.schema, (*key)->referred_schema, (*key)->referred_table);
        const Step *other = target ? order->p->drop_of[target->head.slot] : NULL;
        if (other && other != step && !order->done[other->rank] && (!towards || other == towards))
            drop_key_first(order, *key, step->have_table, out);
    }
}

// Of a step that is not ready, so there is one.
static Step *waited_for(const Order *order, const Step *step)
{
    size_t i = 0;
    while (order->done[step->after.items[i]->rank])
        i++;
    return step->after.items[i];
}

static const Object *view_of(const Step *step)
{
    const Object *object = step->kind == STEP_DROP     ? step->have
                           : step->kind == STEP_CREATE ? step->want
                                                       : NULL;
    return object && object->kind == OBJECT_VIEW ? object : NULL;
}

// Did the server say what the view of the step reads? What a text seems to name may be a column's name that a view has, too.
static bool reads_known(const Order *order, const Step *step)
{
    const StepGraph *graph = &order->p->graph;
    return step->kind == STEP_DROP ? graph->have->depends_known
                                   : graph->want->depends_known || step->want->uses_known;
}

// CREATE OR REPLACE can lead to views that read each other, but no order of CREATE or of DROP leads there or back.
static bool refuse_views(const Order *order, const Step *first, Error *err)
{
    StrBuf names;
    strbuf_init(&names, order->p->arena);
    const Step *step = first;
    do {
        const Object *view = view_of(step);
        if (!view || !(order->p->dialect->caps & VIEWS_NEED_THEIRS) || !reads_known(order, step))
            return true;
        strbuf_puts(&names, names.length ? ", " : "");
        if (view->schema)
            strbuf_printf(&names, "%s.", view->schema);
        strbuf_puts(&names, view->name);
        step = waited_for(order, step);
    } while (step != first);
    bool drop = first->kind == STEP_DROP;
    error_at(err, ERR_SCHEMA, view_of(first)->at,
             "the views %s read each other: none of them can be %s first", names.text,
             drop ? "dropped" : "created");
    return drop ? error_hint(err, "Drop them by hand, in one statement: DROP VIEW %s", names.text)
                : error_hint(err, "Remove one of these references.");
}

// Nothing is ready: the steps that are left wait for each other. The keys of tables that are dropped together go
// first; then the lowest step that is in the cycle, rather than merely after one, is let through. NULL: an error.
static Step *break_cycle(Order *order, StepList *out, Error *err)
{
    size_t i = 0;
    while (order->done[i])
        i++;
    // walk back along what is waited for until a step comes twice: that one is in the cycle
    bool *seen = arena_alloc(order->p->arena, order->n + 1);
    Step *step = order->p->graph.steps.items[i];
    for (; !seen[step->rank]; step = waited_for(order, step))
        seen[step->rank] = true;
    Step *lowest = step, *first = step;
    if (!refuse_views(order, first, err))
        return NULL;
    do {
        drop_keys_first(order, step, NULL, out);
        if (step->rank < lowest->rank)
            lowest = step;
        step = waited_for(order, step);
    } while (step != first);
    for (; i < order->n; i++) // tables outside the cycle may point into it
        if (!order->done[i])
            drop_keys_first(order, order->p->graph.steps.items[i], lowest, out);
    return lowest;
}

bool steps_order(Planner *p, StepList *out, Error *err)
{
    Order order = { .p = p };
    start(&order);
    for (size_t i = 0; i < order.n; i++)
        if (order.waits[i] == 0)
            heap_push(&order.heap, p->graph.steps.items[i]);
    for (size_t left = order.n; left > 0; left--) {
        Step *step = order.heap.count ? heap_pop(&order.heap) : break_cycle(&order, out, err);
        if (!step)
            return false;
        finish(&order, step, out);
    }
    return true;
}
