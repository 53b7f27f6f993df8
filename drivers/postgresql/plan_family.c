// Parents and children: which comes first, and what a child keeps or gives up when its parent changes.
#include <string.h>

#include "drivers/postgresql/plan.h"

static bool same(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

static const Table *table_named(Arena *arena, const Schema *schema, const char *joined)
{
    NameList parts = { 0 };
    if (!joined || !name_split(arena, joined, &parts) || !parts.count)
        return NULL;
    return parts.count > 1 ? schema_table(schema, parts.items[0], parts.items[1])
                           : schema_table(schema, NULL, parts.items[0]);
}

const Table *pg_parent_of(Arena *arena, const Schema *schema, const Table *child)
{
    return table_named(arena, schema, option_get(&child->head.options, PG_PARTITION_OF));
}

// The parents of a table, by partition or inheritance.
TableList pg_parents_of(Arena *arena, const Schema *schema, const Table *child)
{
    TableList list = { 0 };
    const Table *parent = pg_parent_of(arena, schema, child);
    if (parent)
        *VEC_PUSH(arena, &list) = schema_table(schema, parent->head.schema, parent->head.name);
    const char *inherits = option_get(&child->head.options, PG_INHERITS);
    for (const char *name; (name = name_next(arena, &inherits));) {
        const Table *found = table_named(arena, schema, name);
        if (found)
            *VEC_PUSH(arena, &list) = schema_table(schema, found->head.schema, found->head.name);
    }
    return list;
}

// Parents, and theirs: the nearest first, each once, also where a model has them in a circle.
TableList pg_ancestors_of(Arena *arena, const Schema *schema, const Table *child)
{
    TableList all = pg_parents_of(arena, schema, child);
    for (size_t i = 0; i < all.count; i++) {
        TableList parents = pg_parents_of(arena, schema, all.items[i]);
        VEC_EACH (Table *, parent, &parents) {
            bool known = *parent == child;
            VEC_EACH (Table *, it, &all)
                known |= *it == *parent;
            if (!known)
                *VEC_PUSH(arena, &all) = *parent;
        }
    }
    return all;
}

// All columns of a table, its parents' included.
const CompositeType *pg_row_type(Arena *arena, const Schema *schema, const Table *table)
{
    const char *of = option_get(&table->head.options, PG_OF_TYPE);
    NameList parts = { 0 };
    if (!of || !name_split(arena, of, &parts) || !parts.count)
        return NULL;
    const char *name = parts.items[parts.count - 1], *in = parts.count > 1 ? parts.items[0] : NULL;
    VEC_EACH (Object *, it, &schema->objects)
        if ((*it)->kind == OBJECT_COMPOSITE && strcmp((*it)->name, name) == 0 &&
            ((*it)->schema == in || ((*it)->schema && in && strcmp((*it)->schema, in) == 0)))
            return (const CompositeType *)(const void *)*it;
    return NULL;
}

// The columns of a typed table are its type's attributes, of which it lists those that say more.
static void add_row_type(Arena *arena, const Schema *schema, const Table *table, ColumnList *all)
{
    const CompositeType *type = pg_row_type(arena, schema, table);
    if (!type)
        return;
    VEC_EACH (Column *, it, &type->attributes) {
        Column *own = table_column(table, (*it)->head.name);
        if (!own) {
            own = column_new(arena, table, (*it)->head.name);
            own->type = (*it)->type;
            own->collation = (*it)->collation;
            own->nullable = true;
            own->head.slot = table->head.slot; // a step about it is one about the table
        }
        *VEC_PUSH(arena, all) = own;
    }
}

// What a table says of a column itself says all of it, also where a parent has one of that name.
static void put_own(Arena *arena, ColumnList *all, Column *own)
{
    VEC_EACH (Column *, it, all)
        if (strcmp((*it)->head.name, own->head.name) == 0) {
            *it = own;
            return;
        }
    *VEC_PUSH(arena, all) = own;
}

ColumnList pg_all_columns(Arena *arena, const Schema *schema, const Table *table)
{
    ColumnList all = { 0 };
    TableList parents = pg_parents_of(arena, schema, table);
    VEC_EACH (Table *, parent, &parents) {
        ColumnList columns = pg_all_columns(arena, schema, *parent);
        VEC_EACH (Column *, column, &columns)
            if (!table_column(&(Table){ .columns = all }, (*column)->head.name))
                *VEC_PUSH(arena, &all) = *column;
    }
    add_row_type(arena, schema, table, &all);
    VEC_EACH (Column *, column, &table->columns)
        put_own(arena, &all, *column);
    return all;
}

static Step *making(StepGraph *graph, const Object *want)
{
    Step *step = step_find_create(graph, want);
    return step ? step : step_find_alter(graph, want);
}

// The step about a column of one of the parents; NULL: it stays as it is.
static Step *parent_column_step(StepGraph *graph, const Table *have, const Table *want, const char *column,
                                bool drop)
{
    const Schema *schema = drop ? graph->have : graph->want;
    const Table *child = drop ? have : want;
    if (!child)
        return NULL;
    TableList parents = pg_parents_of(graph->arena, schema, child);
    VEC_EACH (Table *, parent, &parents) {
        const Column *found = table_column(*parent, column);
        Step *step = !found ? NULL : drop ? step_find_drop(graph, &found->head) : making(graph, &found->head);
        if (step)
            return step;
    }
    return NULL;
}

// A column that leaves the parent and stays in a child as its own: ALTER TABLE ONLY lets each child keep it.
static bool child_keeps(StepGraph *graph, Step *create)
{
    // a step that creates has what is wanted
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    Step *drop = parent_column_step(graph, create->have_table, create->want_table, create->want->name, true);
    if (!drop || !create->have_table || option_get(&create->have_table->head.options, PG_PARTITION_OF))
        return false;
    if (!(drop->facets & FACET_PARTS)) {
        drop->facets |= FACET_PARTS; // see pg_render_drop_column
        VEC_EACH (Table *, it, &graph->want->tables) {
            const Table *have = schema_table(graph->have, (*it)->head.schema, (*it)->head.name);
            if (!have || table_column(*it, create->want->name) ||
                parent_column_step(graph, have, *it, create->want->name, true) != drop)
                continue;
            Column *gone = arena_alloc(graph->arena, sizeof(Column));
            *gone = *(const Column *)(const void *)drop->have;
            gone->head.schema = have->head.schema;
            gone->head.table = have->head.name;
            Step *step = step_add(graph, STEP_SQL, NULL, NULL);
            Render r = { .arena = graph->arena, .graph = graph, .step = step, .out = &step->statements };
            pg_render_drop_column(&r, gone);
            step_after(graph->arena, step, drop);
        }
    }
    return true;
}

static void order_columns(StepGraph *graph)
{
    for (size_t i = 0; i < graph->steps.count; i++) {
        Step *step = graph->steps.items[i];
        const Object *object = step->want ? step->want : step->have;
        if (!object || object->kind != OBJECT_COLUMN || !step->have_table || step->kind == STEP_RENAME)
            continue;
        bool inherited = option_is(&object->options, PG_INHERITED);
        if (step->kind == STEP_DROP) {
            step_after(graph->arena,
                       parent_column_step(graph, step->have_table, step->want_table, object->name, false),
                       step);
        } else if (step->kind == STEP_CREATE && !inherited && child_keeps(graph, step)) {
            step_remove(graph, step);
            i--;
        } else if (inherited || step->kind == STEP_ALTER) {
            step_after(graph->arena, step,
                       parent_column_step(graph, step->have_table, step->want_table, object->name, false));
        }
    }
}

static void order_tables(StepGraph *graph)
{
    for (size_t i = 0, n = graph->steps.count; i < n; i++) {
        Step *step = graph->steps.items[i];
        const Object *object = step->want ? step->want : step->have;
        if (!object || object->kind != OBJECT_TABLE || step->kind == STEP_RENAME || step->kind == STEP_SQL)
            continue;
        bool drop = step->kind == STEP_DROP;
        TableList parents = pg_parents_of(graph->arena, drop ? graph->have : graph->want,
                                          (const Table *)(const void *)object);
        VEC_EACH (Table *, parent, &parents) {
            if (drop)
                step_after(graph->arena, step_find_drop(graph, &(*parent)->head), step);
            else
                step_after(graph->arena, step, making(graph, &(*parent)->head));
        }
    }
}

// ---- partitions that go while foreign keys point at their parents

static bool refers_to(const Constraint *key, const Table *table)
{
    return key->head.kind == OBJECT_FOREIGN_KEY && same(key->referred_table, table->head.name) &&
           same(key->referred_schema, table->head.schema);
}

static Step *drop_key(StepGraph *graph, Constraint *key, const Table *table)
{
    Step *step = step_find_drop(graph, &key->head);
    if (!step) {
        step = step_add(graph, STEP_DROP, &key->head, NULL);
        step->have_table = table;
    }
    return step;
}

void pg_follow_parents(StepGraph *graph, Step *remade, const Table *table)
{
    TableList above = pg_ancestors_of(graph->arena, graph->want, table);
    VEC_EACH (Table *, parent, &above)
        VEC_EACH (Step *, it, &graph->steps)
            if ((*it)->kind == STEP_CREATE && (*it)->want->kind == OBJECT_COLUMN &&
                (*it)->want_table == *parent)
                step_after(graph->arena, remade, *it);
}

// A key that is made while the partition is still there would hold it.
static void drop_before_keys(StepGraph *graph, Step *drop, const Table *parent)
{
    VEC_EACH (Step *, it, &graph->steps) {
        Step *make = *it;
        if (make->kind == STEP_CREATE && make->want->kind == OBJECT_FOREIGN_KEY &&
            refers_to((const Constraint *)(const void *)make->want, parent))
            step_after(graph->arena, make, drop);
    }
}

static void free_partition(StepGraph *graph, Step *drop)
{
    const Table *child = (const Table *)(const void *)drop->have;
    for (const Table *up = pg_parent_of(graph->arena, graph->have, child); up;
         up = pg_parent_of(graph->arena, graph->have, up)) {
        bool goes = step_find_drop(graph, &up->head) != NULL, referred = false;
        drop_before_keys(graph, drop, up);
        VEC_EACH (Table *, table, &graph->have->tables)
            VEC_EACH (Constraint *, key, &(*table)->constraints) {
                if (!refers_to(*key, up))
                    continue;
                Step *gone = step_find_drop(graph, &(*key)->head);
                referred |= !gone;
                if (goes && !gone)
                    gone = drop_key(graph, *key, *table);
                step_after(graph->arena, drop, gone);
            }
        if (!goes && referred) {
            (void)pg_detach_dropped(graph, drop);
            return;
        }
    }
}

// ---- indexes of partitions

// An index of the parent that is made anew gives its partitions new ones, which get their names again.
static void adopt_again(StepGraph *graph)
{
    for (size_t i = 0, n = graph->steps.count; i < n; i++) {
        const Step *made = graph->steps.items[i];
        if (made->kind != STEP_CREATE || made->want->kind < OBJECT_PRIMARY_KEY ||
            made->want->kind > OBJECT_INDEX || !made->want_table ||
            !option_get(&made->want_table->head.options, PG_PARTITION_BY) || !made->want->name)
            continue;
        const char *name = name_join(graph->arena, made->want->schema, made->want->name);
        VEC_EACH (Table *, table, &graph->want->tables) {
            if (!option_get(&(*table)->head.options, PG_PARTITION_OF) ||
                step_find_create(graph, &(*table)->head))
                continue;
            VEC_EACH (Index *, index, &(*table)->indexes)
                if (same(option_get(&(*index)->head.options, PG_PARTITION_OF), name) &&
                    !making(graph, &(*index)->head))
                    step_add(graph, STEP_CREATE, NULL, &(*index)->head)->want_table = *table;
            VEC_EACH (Constraint *, key, &(*table)->constraints)
                if (same(option_get(&(*key)->head.options, PG_PARTITION_OF), name) &&
                    !making(graph, &(*key)->head))
                    step_add(graph, STEP_CREATE, NULL, &(*key)->head)->want_table = *table;
        }
    }
}

// A key of a partition's own that serves its parent's index goes with that, and comes back by itself.
static void bring_back_keys(StepGraph *graph)
{
    for (size_t i = 0, n = graph->steps.count; i < n; i++) {
        Step *drop = graph->steps.items[i];
        if (drop->kind != STEP_DROP || drop->have->kind != OBJECT_INDEX ||
            !pg_index_has_keys(graph, drop->have))
            continue;
        const PartList *parts = &((const Index *)(const void *)drop->have)->parts;
        VEC_EACH (Table *, table, &graph->want->tables) {
            const Table *have = schema_table(graph->have, (*table)->head.schema, (*table)->head.name),
                        *parent = have ? pg_parent_of(graph->arena, graph->have, have) : NULL;
            if (!parent || !same(parent->head.name, drop->have->table) ||
                !same(parent->head.schema, drop->have->schema))
                continue;
            VEC_EACH (Constraint *, key, &(*table)->constraints) {
                bool own = ((*key)->head.kind == OBJECT_PRIMARY_KEY || (*key)->head.kind == OBJECT_UNIQUE) &&
                           (*key)->head.name && !option_get(&(*key)->head.options, PG_PARTITION_OF);
                if (!own || !parts_equal(&(*key)->parts, parts) || making(graph, &(*key)->head) ||
                    !table_constraint(have, (*key)->head.name))
                    continue;
                Step *again = step_add(graph, STEP_CREATE, NULL, &(*key)->head);
                again->want_table = *table;
                again->restores = true;
                step_after(graph->arena, again, drop);
            }
        }
    }
}

static void order_indexes(StepGraph *graph)
{
    bring_back_keys(graph);
    adopt_again(graph);
    VEC_EACH (Step *, it, &graph->steps) {
        Step *step = *it;
        const char *of = step->want ? option_get(&step->want->options, PG_PARTITION_OF) : NULL;
        if (!of || step->want->kind == OBJECT_TABLE || step->kind == STEP_SQL)
            continue;
        VEC_EACH (Step *, other, &graph->steps) {
            const Object *made = (*other)->want;
            if (made && *other != step && (*other)->kind == STEP_CREATE && made->kind >= OBJECT_PRIMARY_KEY &&
                made->kind <= OBJECT_INDEX && made->name &&
                strcmp(name_join(graph->arena, made->schema, made->name), of) == 0)
                step_after(graph->arena, step, *other);
        }
    }
    VEC_EACH (Step *, it,
              &graph->steps) { // an index on its own comes when the parent's that took it along is gone
        Step *drop = *it;
        bool index = drop->kind == STEP_DROP && drop->have->kind >= OBJECT_PRIMARY_KEY &&
                     drop->have->kind <= OBJECT_INDEX;
        if (!index || !drop->have_table || !option_get(&drop->have_table->head.options, PG_PARTITION_BY))
            continue;
        VEC_EACH (Step *, other, &graph->steps) {
            const Step *made = *other;
            if (made->kind == STEP_CREATE && made->want->kind >= OBJECT_PRIMARY_KEY &&
                made->want->kind <= OBJECT_INDEX && made->want_table &&
                option_get(&made->want_table->head.options, PG_PARTITION_OF))
                step_after(graph->arena, *other, drop);
        }
    }
}

// A foreign key takes the first key that fits: one that is about to go must be gone.
static void order_keys(StepGraph *graph)
{
    VEC_EACH (Step *, it, &graph->steps) {
        Step *drop = *it;
        if (drop->kind != STEP_DROP ||
            (drop->have->kind != OBJECT_PRIMARY_KEY && drop->have->kind != OBJECT_UNIQUE &&
             drop->have->kind != OBJECT_INDEX))
            continue;
        VEC_EACH (Step *, other, &graph->steps) {
            const Step *made = *other;
            if (made->kind != STEP_CREATE || made->want->kind != OBJECT_FOREIGN_KEY)
                continue;
            const Constraint *key = (const Constraint *)(const void *)made->want;
            if (same(key->referred_table, drop->have->table) &&
                same(key->referred_schema, drop->have->schema))
                step_after(graph->arena, *other, drop);
        }
    }
}

void pg_expand_families(StepGraph *graph)
{
    order_tables(graph);
    order_columns(graph);
    for (size_t i = 0, n = graph->steps.count; i < n; i++) {
        Step *step = graph->steps.items[i];
        if (step->kind == STEP_DROP && step->have->kind == OBJECT_TABLE)
            free_partition(graph, step);
    }
    order_indexes(graph);
    order_keys(graph);
}

bool pg_index_has_keys(const StepGraph *graph, const Object *index)
{
    const Table *table = schema_table(graph->have, index->schema, index->table);
    if (!table || !option_get(&table->head.options, PG_PARTITION_BY))
        return false;
    const char *name = name_join(graph->arena, index->schema, index->name);
    VEC_EACH (Table *, it, &graph->have->tables)
        VEC_EACH (Constraint *, key, &(*it)->constraints)
            if (same(option_get(&(*key)->head.options, PG_PARTITION_OF), name) ||
                (pg_parent_of(graph->arena, graph->have, *it) == table &&
                 ((*key)->head.kind == OBJECT_PRIMARY_KEY || (*key)->head.kind == OBJECT_UNIQUE) &&
                 parts_equal(&(*key)->parts, &((const Index *)(const void *)index)->parts)))
                return true;
    return false;
}

// A partition with a key of its own that is to serve its parent's unique index cannot be made as PARTITION OF: the
// server would build another index for it.
bool pg_partition_brings_key(const StepGraph *graph, const Table *table)
{
    const Table *parent = pg_parent_of(graph->arena, graph->want, table);
    if (!parent || step_find_create(graph, &parent->head))
        return false;
    VEC_EACH (Constraint *, key, &table->constraints) {
        if ((*key)->head.kind != OBJECT_PRIMARY_KEY && (*key)->head.kind != OBJECT_UNIQUE)
            continue;
        VEC_EACH (Index *, index, &parent->indexes)
            if ((*index)->unique && parts_equal(&(*index)->parts, &(*key)->parts))
                return true;
    }
    return false;
}

void pg_put_like_parent(StrBuf *out, const Table *table)
{
    strbuf_puts(out, "LIKE ");
    pg_put_joined(out, option_get(&table->head.options, PG_PARTITION_OF));
    strbuf_puts(out, " INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING STORAGE INCLUDING CONSTRAINTS");
}
