// Which step must come before which.
#include <stdlib.h>
#include <string.h>

#include "core/plan/plan_internal.h"

// After which an object can be used: a column of a new table, whose default may come later, is there with the table.
static Step *step_giving(const Planner *p, const Object *want)
{
    const Table *table = want->kind == OBJECT_COLUMN ? p->want.table_of[want->slot] : NULL;
    Step *create = table && !p->create_of[want->slot] ? p->create_of[table->head.slot] : NULL;
    return create ? create : step_making(p, want);
}

// What something new depends on is made or changed before it.
static void edges_of_makers(Planner *p)
{
    for (size_t slot = 0; slot < p->want.count; slot++) {
        const Object *object = p->want.object[slot];
        Step *step = object ? step_making(p, object) : NULL;
        if (!step)
            continue;
        const Table *table = p->want.table_of[slot];
        Step *create = table && &table->head != object ? p->create_of[table->head.slot] : NULL;
        // of a new table's column only the default may come later, and with it what that calls
        bool defaults = create && step->kind == STEP_ALTER && object->kind == OBJECT_COLUMN;
        VEC_EACH (Object *, on, &p->want.depends[slot])
            if (!(step->default_apart && (*on)->kind == OBJECT_FUNCTION))
                step_after(p->arena, defaults && (*on)->kind != OBJECT_FUNCTION ? create : step,
                           step_giving(p, *on));
        step_after(p->arena, step, create);
    }
}

// What depends on something is gone, or changed, before that something goes; and gone before it changes.
static void edges_of_removers(Planner *p)
{
    for (size_t slot = 0; slot < p->have.count; slot++) {
        const Object *object = p->have.object[slot];
        Step *removing = object ? step_removing(p, object) : NULL;
        Step *touching = object ? p->touch_of[slot] : NULL;
        if (!removing && !touching)
            continue;
        bool early = removing && touching && touching->want && touching->want->slot == NO_SLOT;
        if (early) // a default that goes before its table
            step_after(p->arena, removing, touching);
        VEC_EACH (Object *, on, &p->have.depends[slot]) {
            Step *under = step_removing(p, *on);
            if (!removing && touching->default_apart && (*on)->kind == OBJECT_FUNCTION)
                continue;
            bool first = early && (*on)->kind == OBJECT_FUNCTION;
            step_after(p->arena, under, removing && !first ? removing : touching);
            if (removing && !under)
                step_after(p->arena, p->touch_of[(*on)->slot], removing);
        }
    }
}

// Names are free before they are taken again.

typedef struct Holder {
    const char *schema, *table, *name;
    Step *step;
} Holder;
typedef VEC(Holder) HolderList;

static int compare_texts(const char *a, const char *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

static int compare_holders(const void *a, const void *b)
{
    const Holder *x = a, *y = b;
    int order = compare_texts(x->name, y->name);
    if (!order)
        order = compare_texts(x->schema, y->schema);
    return order ? order : compare_texts(x->table, y->table);
}

static Holder holder_of(const Planner *p, const Object *object, Step *step)
{
    bool is_constraint = object->kind == OBJECT_CHECK || object->kind == OBJECT_FOREIGN_KEY;
    bool by_table = object->kind == OBJECT_TRIGGER || object->kind == OBJECT_POLICY ||
                    object->kind == OBJECT_RULE ||
                    (is_constraint ? !(p->dialect->caps & CONSTRAINTS_SHARE_NAMES)
                                   : (p->dialect->caps & INDEXES_ARE_PER_TABLE) && object->table);
    return (Holder){ object->schema, by_table ? object->table : NULL, object->name, step };
}

// A name must be free before another object takes it: each step that frees a name precedes the steps that take
// it. Sorted and searched, so that thousands of objects stay fast.
static void edges_of_names(Planner *p)
{
    HolderList freed = { 0 };
    for (size_t slot = 0; slot < p->have.count; slot++) {
        const Object *object = p->have.object[slot];
        Step *step =
            object && object->name && object->kind != OBJECT_COLUMN ? step_removing(p, object) : NULL;
        if (step)
            *VEC_PUSH(p->arena, &freed) = holder_of(p, object, step);
    }
    VEC_EACH (Step *, it, &p->graph.steps)
        if (step_renames(*it) && (*it)->kind == STEP_ALTER)
            *VEC_PUSH(p->arena, &freed) = holder_of(p, (*it)->have, *it);
    if (!freed.count)
        return;
    qsort(freed.items, freed.count, sizeof(Holder), compare_holders);
    for (size_t slot = 0; slot < p->want.count; slot++) {
        const Object *object = p->want.object[slot];
        if (!object || !object->name || object->kind == OBJECT_COLUMN)
            continue;
        Step *step = p->create_of[slot];
        const Table *table = p->want.table_of[slot];
        if (!step && table)
            step = p->create_of[table->head.slot];
        if (!step && p->alter_of[slot] && step_renames(p->alter_of[slot]))
            step = p->alter_of[slot];
        if (!step)
            continue;
        Holder wanted = holder_of(p, object, NULL);
        const Holder *found = bsearch(&wanted, freed.items, freed.count, sizeof(Holder), compare_holders);
        while (found && found > freed.items && compare_holders(found - 1, &wanted) == 0)
            found--;
        for (; found && found < freed.items + freed.count && compare_holders(found, &wanted) == 0; found++)
            if (found->step != step)
                step_after(p->arena, step, found->step);
    }
}

// A table has one primary key at a time; a column's place is free before a column of that name comes again.
static void edges_inside_tables(Planner *p)
{
    VEC_EACH (Step *, it, &p->graph.steps) {
        Step *made = *it;
        if (made->kind != STEP_CREATE || !made->want_table ||
            (made->want->kind != OBJECT_PRIMARY_KEY && made->want->kind != OBJECT_COLUMN))
            continue;
        VEC_EACH (Step *, other, &p->graph.steps) {
            const Step *gone = *other;
            if (gone->kind == STEP_DROP && gone->have->kind == made->want->kind &&
                gone->want_table == made->want_table &&
                (made->want->kind == OBJECT_PRIMARY_KEY ||
                 compare_texts(gone->have->name, made->want->name) == 0))
                step_after(p->arena, made, *other);
        }
    }
}

// What speaks of a renamed thing by its new name comes after the rename.
static void edges_of_renames(Planner *p)
{
    VEC_EACH (Step *, it, &p->graph.steps) {
        Step *rename = *it;
        if (rename->kind != STEP_RENAME)
            continue;
        VEC_EACH (Step *, other, &p->graph.steps) {
            Step *step = *other;
            if (step == rename)
                continue;
            bool drops_of_the_name = step->kind == STEP_DROP && step->have != rename->want &&
                                     step->have->kind == rename->want->kind &&
                                     compare_texts(step->have->name, rename->want->name) == 0 &&
                                     compare_texts(step->have->table, rename->want->table) == 0;
            bool table_first = step->kind == STEP_RENAME && step->want->kind == OBJECT_TABLE &&
                               rename->want->kind == OBJECT_COLUMN && step->want_table == rename->want_table;
            if (drops_of_the_name && !step->have->displaced)
                step_after(p->arena, step, rename); // what has been renamed is recreated
            else if (drops_of_the_name || table_first)
                step_after(p->arena, rename, step);
            else if (step->kind != STEP_RENAME && step->want_table && step->want_table == rename->want_table)
                step_after(p->arena, step, rename);
        }
    }
}

// A new table had better follow the new tables that its foreign keys refer to: the keys can be part of CREATE TABLE then,
// see fold_foreign_keys.
static void wishes_of_foreign_keys(Planner *p)
{
    if (!(p->dialect->caps & FOLDS_FOREIGN_KEYS))
        return;
    VEC_EACH (Step *, it, &p->graph.steps) {
        const Step *made = *it;
        if (made->kind != STEP_CREATE || made->want->kind != OBJECT_FOREIGN_KEY || !made->want_table ||
            made->restores)
            continue;
        const Constraint *key = (const Constraint *)(const void *)made->want;
        const Table *target = schema_table(p->want.schema, key->referred_schema, key->referred_table);
        Step *table = p->create_of[made->want_table->head.slot];
        Step *referred = target ? p->create_of[target->head.slot] : NULL;
        if (table && referred && table != referred)
            *VEC_PUSH(p->arena, &table->behind) = referred;
    }
}

void edges_build(Planner *p)
{
    steps_index(p);
    edges_of_makers(p);
    edges_of_removers(p);
    edges_of_names(p);
    edges_inside_tables(p);
    edges_of_renames(p);
    wishes_of_foreign_keys(p);
}
