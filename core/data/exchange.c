// Rows of one table that take unique values from each other: the row that gives a value up is changed first. In a cycle one of them
// is set to NULL first.
#include <stdlib.h>
#include <string.h>

#include "core/data/internal.h"

// What a row has in the columns of a unique key, before or after.
typedef struct Tuple {
    const char *text;
    size_t change;
} Tuple;

typedef struct Exchange {
    DataJob *job;
    DataTable *t;
    VEC(Tuple) let_go;    // by changed rows, in the order of their texts
    VEC(size_t) * before; // by change: those that let go what it takes
    int *state;           // 0: not seen, 1: under way, 2: placed
    DataChangeList to;
    const PartList *parts; // of the key that is looked at
} Exchange;

// Of its literal, so that '5' is 5; NULL: it is NULL, or not known.
static const char *plain(Arena *arena, const char *literal)
{
    size_t n = literal ? strlen(literal) : 0;
    if (!n || strcmp(literal, "NULL") == 0)
        return NULL;
    return n > 1 && literal[0] == '\'' && literal[n - 1] == '\'' ? arena_strndup(arena, literal + 1, n - 2)
                                                                 : literal;
}

// The values of a unique key in one text, lengths in front so that no two tuples look alike. NULL where a
// column is not known or NULL, or where the change does not touch the key.
static const char *tuple_of(const Exchange *x, const DataChange *change, bool before)
{
    Arena *arena = x->job->arena;
    const DataSet *set = x->t->set;
    bool changes = change->kind == DATA_ADDS;
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (Part, part, x->parts) {
        size_t i = data_place_of(set, part->column);
        if (i == set->columns.count || change->row->values[i].kind == DATA_ABSENT)
            return NULL;
        const char *old = change->old ? change->old[i] : NULL;
        StrBuf now;
        strbuf_init(&now, arena);
        data_put_value(&now, x->job->diff, set, i, &change->row->values[i]);
        const char *text = plain(arena, before && old ? old : now.text);
        if (!text)
            return NULL;
        changes = changes || old;
        strbuf_printf(&out, "%zu:%s", strlen(text), text);
    }
    return changes ? out.text : NULL;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(((const Tuple *)a)->text, ((const Tuple *)b)->text);
}

static void find_pairs(Exchange *x)
{
    x->let_go.count = 0;
    for (size_t i = 0; i < x->t->changes.count; i++) {
        const DataChange *change = &x->t->changes.items[i];
        const char *text = change->kind == DATA_CHANGES ? tuple_of(x, change, true) : NULL;
        if (text)
            *VEC_PUSH(x->job->arena, &x->let_go) = (Tuple){ text, i };
    }
    if (!x->let_go.count)
        return;
    qsort(x->let_go.items, x->let_go.count, sizeof(Tuple), by_text);
    for (size_t i = 0; i < x->t->changes.count; i++) {
        const DataChange *change = &x->t->changes.items[i];
        const Tuple taken = { change->kind == DATA_REMOVES ? NULL : tuple_of(x, change, false), i };
        const Tuple *found =
            taken.text ? bsearch(&taken, x->let_go.items, x->let_go.count, sizeof(Tuple), by_text) : NULL;
        if (found && found->change != i)
            *VEC_PUSH(x->job->arena, &x->before[i]) = found->change;
    }
}

// This row has what another waits for, and waits itself: is there a column that it can be without meanwhile?
static void let_step_aside(Exchange *x, DataChange *change)
{
    const DataSet *set = x->t->set;
    size_t at = 0;
    if (!change->aside)
        change->aside = arena_alloc(x->job->arena, set->columns.count * sizeof(bool));
    for (const PartList *parts; (parts = table_next_key(set->table, &at));)
        VEC_EACH (Part, part, parts) {
            size_t i = data_place_of(set, part->column);
            if (i < set->columns.count && change->old[i] && !set->columns.items[i].is_key &&
                set->columns.items[i].column->nullable) {
                change->aside[i] = true;
                return;
            }
        }
    Error *err = issues_add(
        &x->job->diff->problems, ERR_SCHEMA, change->row->at,
        "row %s of table '%s' exchanges unique values with other rows, and none of them can be NULL",
        change->title, set->table->head.name);
    error_hint(err,
               "Let it have another value in one revision, and the value that it shall have in the next.");
}

static void place(Exchange *x, size_t i, bool early)
{
    DataChange *change = &x->t->changes.items[i];
    x->state[i] = 1;
    for (size_t k = 0; k < x->before[i].count; k++) {
        size_t other = x->before[i].items[k];
        if (x->state[other] == 1)
            let_step_aside(x, &x->t->changes.items[other]);
        else if (x->state[other] == 0)
            place(x, other, early || change->kind == DATA_ADDS);
    }
    change->early = early && change->kind == DATA_CHANGES;
    x->state[i] = 2;
    if (change->kind == DATA_CHANGES)
        *VEC_PUSH(x->job->arena, &x->to) = *change;
}

// Changed rows that others wait for come before these; rows that are added and go keep their order.
void data_order_exchanges(DataJob *job, DataTable *t)
{
    size_t count = t->changes.count, at = 0;
    Exchange x = { .job = job, .t = t };
    if (!t->edits || !t->live)
        return;
    x.before = arena_alloc(job->arena, count * sizeof(*x.before));
    x.state = arena_alloc(job->arena, count * sizeof(int));
    while ((x.parts = table_next_key(t->set->table, &at)))
        find_pairs(&x);
    for (int adds = 1; adds >= 0; adds--) // what an added row takes is let go before any is added
        for (size_t i = 0; i < count; i++)
            if (!x.state[i] && t->changes.items[i].kind == (adds ? DATA_ADDS : DATA_CHANGES))
                place(&x, i, false);
    VEC_EACH (const DataChange, change, &t->changes)
        if (change->kind != DATA_CHANGES)
            *VEC_PUSH(job->arena, &x.to) = *change;
    t->changes = x.to;
}
