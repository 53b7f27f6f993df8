#include <string.h>
#include <strings.h>

#include "drivers/mysql/dialect/dialect.h"
#include "drivers/mysql/plan/rows.h"
#include "drivers/mysql/render/alter.h"

// A foreign key is dropped and recreated: first all drops, then the tables, last what is brought back, so that both
// ends of a key can change type in between.
Fate my_fate(const Change *change, const Schema *have, const Schema *want)
{
    (void)have;
    (void)want;
    switch ((int)change->have->kind) {
    case OBJECT_FOREIGN_KEY:
    case OBJECT_FUNCTION:
    case OBJECT_PROCEDURE:
    case OBJECT_PACKAGE:
    case OBJECT_PACKAGE_BODY:
    case OBJECT_TRIGGER:
    case OBJECT_EVENT: return FATE_REPLACE;
    default: return FATE_IN_PLACE;
    }
}

// ---- what must be taken down

static bool has_column(const PartList *parts, const char *name)
{
    VEC_EACH (Part, part, parts)
        if (part->column && strcasecmp(part->column, name) == 0)
            return true;
    return false;
}

static bool names_column(const NameList *names, const char *name)
{
    VEC_EACH (const char *, it, names)
        if (strcasecmp(*it, name) == 0)
            return true;
    return false;
}

// The server refuses to change the type of a column, or to drop one, while a foreign key holds it.
static bool shakes_column(const Change *change)
{
    if (change->kind == CHANGE_DROP)
        return true;
    if (change->kind == CHANGE_CREATE)
        return false;
    const Column *want = (const Column *)(const void *)change->want;
    unsigned serious = FACET_TYPE | FACET_COLLATION | FACET_GENERATED | FACET_OPTIONS;
    return (change->facets & serious) || ((change->facets & FACET_NULLABLE) && !want->nullable);
}

static bool shakes_key(const Change *change, const Constraint *key)
{
    const Object *object = change->have;
    bool child = strcmp(object->table, key->head.table) == 0,
         parent = strcmp(object->table, key->referred_table) == 0;
    if (object->kind == OBJECT_COLUMN)
        return shakes_column(change) && ((child && has_column(&key->parts, object->name)) ||
                                         (parent && names_column(&key->referred_columns, object->name)));
    if (!parent || (object->kind != OBJECT_PRIMARY_KEY && object->kind != OBJECT_INDEX))
        return false;
    return change->kind == CHANGE_DROP || (change->facets & (FACET_PARTS | FACET_METHOD));
}

bool my_blocks(const Step *step, const Object *dependent)
{
    if (dependent->kind != OBJECT_FOREIGN_KEY)
        return false;
    const Constraint *key = (const Constraint *)(const void *)dependent;
    VEC_EACH (Change, change, &step->changes)
        if (change->have && change->have->table && shakes_key(change, key))
            return true;
    return false;
}

// ---- a table's default collation changes, and with it columns that a foreign key holds

static bool collation_changes(const Change *change)
{
    if (change->kind != CHANGE_ALTER || change->have->kind != OBJECT_TABLE)
        return false;
    const char *old = option_get(&change->have->options, "collation"),
               *new = option_get(&change->want->options, "collation");
    return old != new && (!old || !new || strcmp(old, new) != 0);
}

static bool key_touches(const Constraint *key, const char *table)
{
    return key->head.kind == OBJECT_FOREIGN_KEY &&
           (strcmp(key->head.table, table) == 0 || strcmp(key->referred_table, table) == 0);
}

static void take_key_down(StepGraph *graph, Step *step, const Table *have_table, Constraint *key)
{
    Object *want = schema_counterpart(graph->want, &key->head);
    Step *down = step_find_drop(graph, &key->head);
    if (!down) {
        down = step_add(graph, STEP_DROP, &key->head, NULL);
        down->have_table = have_table;
        down->restores = true;
    }
    step_after(graph->arena, step, down);
    if (!want)
        return;
    Step *up = step_find_create(graph, want);
    if (!up) {
        up = step_add(graph, STEP_CREATE, NULL, want);
        up->want_table = schema_table(graph->want, want->schema, want->table);
        down->want_table = up->want_table;
        up->restores = true;
    }
    step_after(graph->arena, up, step);
}

static void keys_of_converted_tables(StepGraph *graph)
{
    for (size_t i = 0; i < graph->steps.count; i++) {
        Step *step = graph->steps.items[i];
        bool converts = false;
        VEC_EACH (Change, change, &step->changes)
            converts |= collation_changes(change);
        if (!converts || step->kind != STEP_TABLE)
            continue;
        VEC_EACH (Table *, table, &graph->have->tables)
            VEC_EACH (Constraint *, key, &(*table)->constraints)
                if (key_touches(*key, step->want_table->head.name))
                    take_key_down(graph, step, *table, *key);
    }
}

// ---- triggers keep their order

static Object *follower(const Schema *schema, const Object *trigger)
{
    VEC_EACH (Object *, it, &schema->objects) {
        const char *first = (*it)->kind == OBJECT_TRIGGER ? option_get(&(*it)->options, "follows") : NULL;
        if (first && strcmp(first, trigger->name) == 0 && strcmp((*it)->table, trigger->table) == 0)
            return *it;
    }
    return NULL;
}

// A trigger that is made after another one that follows it would run after that: the other is recreated too.
static void order_triggers(StepGraph *graph)
{
    for (size_t i = 0; i < graph->steps.count; i++) {
        Step *step = graph->steps.items[i];
        if (step->kind != STEP_CREATE || step->want->kind != OBJECT_TRIGGER)
            continue;
        Object *next = follower(graph->want, step->want);
        if (!next)
            continue;
        Step *up = step_find_create(graph, next);
        Object *old = schema_counterpart(graph->have, next);
        if (!up && old) {
            Step *down = step_find_drop(graph, old);
            if (!down)
                down = step_add(graph, STEP_DROP, old, NULL);
            up = step_add(graph, STEP_CREATE, NULL, next);
            down->restores = up->restores = true;
            step_after(graph->arena, up, down);
        }
        step_after(graph->arena, up, step);
    }
}

// ---- renames of columns that an expression of the same table mentions

static bool mentions(Arena *arena, const char *text, const char *name)
{
    if (!text)
        return false;
    TokenList tokens = lex_all(arena, (Text){ text, strlen(text) }, mysql_dialect.lex);
    VEC_EACH (Token, token, &tokens)
        if (token_named(token, name))
            return true;
    return false;
}

static bool part_mentions(Arena *arena, const PartList *parts, const char *name)
{
    VEC_EACH (Part, part, parts)
        if (mentions(arena, part->expression, name))
            return true;
    return false;
}

static Step *table_step(StepGraph *graph, const Table *have, const Table *want)
{
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->kind == STEP_TABLE && (*it)->want_table == want)
            return *it;
    Step *step = step_add(graph, STEP_TABLE, &have->head, &want->head);
    step->have_table = have;
    step->want_table = want;
    return step;
}

static bool is_changed(const Step *step, const Object *have)
{
    VEC_EACH (Change, change, &step->changes)
        if (change->have == have)
            return true;
    return false;
}

static void restate(StepGraph *graph, Step *step, const Object *have, unsigned facet)
{
    const Object *want = schema_counterpart(graph->want, have);
    if (want && !is_changed(step, have))
        *VEC_PUSH(graph->arena, &step->changes) = (Change){ .kind = CHANGE_ALTER,
                                                            .facets = facet,
                                                            .have = have,
                                                            .want = want,
                                                            .have_table = step->have_table,
                                                            .want_table = step->want_table };
}

static void restate_mentions(StepGraph *graph, Step *step, const Table *have, const char *name)
{
    VEC_EACH (Constraint *, it, &have->constraints)
        if (mentions(graph->arena, (*it)->expression, name))
            restate(graph, step, &(*it)->head, FACET_EXPRESSION);
    VEC_EACH (Index *, it, &have->indexes)
        if (part_mentions(graph->arena, &(*it)->parts, name))
            restate(graph, step, &(*it)->head, FACET_PARTS);
    VEC_EACH (Column *, it, &have->columns)
        if (mentions(graph->arena, (*it)->generated, name))
            restate(graph, step, &(*it)->head, FACET_GENERATED);
}

// The partitions are made by the name that the column still has: a change of them is in the plan already.
static bool is_partitioned_by(Arena *arena, const Table *table, const char *old_name)
{
    return mentions(arena, option_get(&table->head.options, "partition_by"), old_name);
}

static bool is_mentioned(Arena *arena, const Table *table, const char *name)
{
    VEC_EACH (Constraint *, it, &table->constraints)
        if (mentions(arena, (*it)->expression, name))
            return true;
    VEC_EACH (Index *, it, &table->indexes)
        if (part_mentions(arena, &(*it)->parts, name))
            return true;
    VEC_EACH (Column *, it, &table->columns)
        if (mentions(arena, (*it)->generated, name))
            return true;
    return false;
}

static bool renames_column_of(const Step *step, const Table *want)
{
    return step->kind == STEP_RENAME && step->want->kind == OBJECT_COLUMN && step->want_table == want;
}

static bool renames_mentioned(const StepGraph *graph, const Table *have, const Table *want)
{
    VEC_EACH (Step *, step, &graph->steps)
        if (renames_column_of(*step, want) && (is_mentioned(graph->arena, have, (*step)->want->name) ||
                                               is_partitioned_by(graph->arena, have, (*step)->have->name)))
            return true;
    return false;
}

static void merge_rename(StepGraph *graph, Step *step, const Step *rename)
{
    const Table *have = step->have_table;
    const Column *held = table_column(have, rename->want->name);
    bool merged = false;
    VEC_EACH (Change, change, &step->changes)
        if (held && change->have == &held->head) {
            change->have = rename->have;
            merged = true;
        }
    if (!merged)
        *VEC_PUSH(graph->arena, &step->changes) = (Change){ .kind = CHANGE_ALTER,
                                                            .facets = FACET_NAME,
                                                            .have = rename->have,
                                                            .want = rename->want,
                                                            .have_table = have,
                                                            .want_table = rename->want_table };
    restate_mentions(graph, step, have, rename->want->name);
}

// MySQL does not rename a column that a check, a generated column, an index expression or PARTITION BY mentions: one ALTER
// TABLE renames it and restates them. It renames all others of the table, too, since one may take the name that another leaves.
static void merge_renames(StepGraph *graph)
{
    for (size_t i = 0; i < graph->steps.count; i++) {
        const Table *want = graph->steps.items[i]->want_table;
        const Table *have = want && renames_column_of(graph->steps.items[i], want)
                                ? schema_table(graph->have, NULL, want->head.name)
                                : NULL;
        if (!have || !renames_mentioned(graph, have, want))
            continue;
        Step *step = table_step(graph, have, want);
        VEC_EACH (Step *, rename, &graph->steps)
            if (renames_column_of(*rename, want))
                merge_rename(graph, step, *rename);
        for (size_t k = graph->steps.count; k-- > 0;)
            if (renames_column_of(graph->steps.items[k], want))
                step_remove(graph, graph->steps.items[k]);
        i = SIZE_MAX; // from the start: places have moved
    }
}

// MariaDB indexes columns only: said here, with the place in the model, and not by the server in the middle of a run.
static bool no_expression_indexes(const StepGraph *graph, Error *err)
{
    VEC_EACH (Table *, table, &graph->want->tables)
        VEC_EACH (Index *, index, &(*table)->indexes)
            VEC_EACH (Part, part, &(*index)->parts)
                if (part->expression && !part->with_operator) {
                    error_at(err, ERR_UNSUPPORTED, (*index)->head.at,
                             "MariaDB has no indexes of expressions ('%s')", (*index)->head.name);
                    return error_hint(err, "Index a generated column that holds the expression.");
                }
    return true;
}

// First of all: what a routine's parameters take from the database is what the model says of it. Tables are written
// with their own collation meanwhile (my_former_collation).
static void database_first(StepGraph *graph)
{
    VEC_EACH (Step *, it, &graph->steps) {
        Step *alter = *it;
        const Object *object = alter->want ? alter->want : alter->have;
        if (!object || object->kind != OBJECT_DATABASE)
            continue;
        VEC_EACH (Step *, other, &graph->steps)
            if ((*other)->frame >= 0)
                step_after(graph->arena, *other, alter);
    }
}

// MariaDB refuses to alter a table while a default of it names a sequence that has got another name.
static void rename_sequences_last(StepGraph *graph)
{
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->kind == STEP_RENAME && (*it)->want->kind == OBJECT_SEQUENCE)
            VEC_EACH (Step *, other, &graph->steps)
                if ((*other)->kind == STEP_RENAME && (*other)->want->kind == OBJECT_COLUMN)
                    step_after(graph->arena, *it, *other);
}

bool my_expand(StepGraph *graph, Error *err)
{
    if (!my_for_mariadb(graph))
        merge_renames(graph);
    else if (!no_expression_indexes(graph, err))
        return false;
    keys_of_converted_tables(graph);
    order_triggers(graph);
    my_remake(graph);
    my_look_at_rows(graph);
    database_first(graph);
    if (my_for_mariadb(graph)) {
        rename_sequences_last(graph);
        my_keep_history(graph);
    }
    return true;
}
