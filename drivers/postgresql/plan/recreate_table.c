// A table whose partitioning changes is recreated: the old one is renamed into a schema of its own, so that all its
// names are free, and its rows follow.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

static const Dialect *const D = &postgresql_dialect;

static Step *table_alter(StepGraph *graph, const Table *have, const Table *want)
{
    Step *step = step_find_alter(graph, &want->head);
    if (!step || step->kind != STEP_ALTER) {
        step = step_add(graph, STEP_ALTER, &have->head, &want->head);
        step->have_table = have;
        step->want_table = want;
    }
    return step;
}

static void mark_part(StepGraph *graph, Step *step, const Object *part)
{
    *VEC_PUSH(graph->arena, &step->changes) = (Change){
        .kind = CHANGE_ALTER, .have = part, .have_table = step->have_table, .want_table = step->want_table
    };
}

// What depends on a part of the table has to make way as well.
static void mark_parts(StepGraph *graph, Step *step)
{
    VEC_EACH (Column *, column, &step->have_table->columns)
        mark_part(graph, step, &(*column)->head);
    VEC_EACH (Constraint *, key, &step->have_table->constraints)
        if ((*key)->head.kind !=
            OBJECT_FOREIGN_KEY) // dropped first: they would hold other tables' old selves
            mark_part(graph, step, &(*key)->head);
    VEC_EACH (Index *, index, &step->have_table->indexes)
        mark_part(graph, step, &(*index)->head);
}

static void add_part(StepGraph *graph, Step *table, const Object *part)
{
    Step *step = step_add(graph, STEP_CREATE, NULL, part);
    step->want_table = table->want_table;
    step_after(graph->arena, step, table);
}

// A new table brings its indexes and foreign keys as steps of their own; what was to be done to its parts is not.
static void remake(StepGraph *graph, const Table *have, const Table *want)
{
    Step *step = table_alter(graph, have, want);
    if (pg_table_is_remade(step))
        return;
    step->facets |= FACET_PARTS;
    mark_parts(graph, step);
    for (size_t i = graph->steps.count; i > 0; i--) {
        Step *other = graph->steps.items[i - 1];
        const Object *object = other->want ? other->want : other->have;
        if (other->kind == STEP_DROP && object && other->have_table == have &&
            (object->kind == OBJECT_FOREIGN_KEY || object->kind == OBJECT_CHECK)) {
            step_after(graph->arena, step,
                       other); // it would hold another table's old self, or a routine that goes
            continue;
        }
        if (object && object->kind >= OBJECT_COLUMN && object->kind <= OBJECT_FOREIGN_KEY &&
            other->kind != STEP_RENAME && (other->have_table == have || other->want_table == want))
            step_remove(graph, other);
    }
    VEC_EACH (Index *, index, &want->indexes)
        add_part(graph, step, &(*index)->head);
    VEC_EACH (Constraint *, key, &want->constraints)
        if ((*key)->head.kind == OBJECT_FOREIGN_KEY) {
            *VEC_PUSH(graph->arena, &step->later) = *key;
            add_part(graph, step, &(*key)->head);
        }
}

static void remake_children(StepGraph *graph, const Table *have, const Table *want)
{
    VEC_EACH (Table *, child, &graph->want->tables) {
        const Table *old = pg_counterpart(graph->have, *child);
        if (!old || !pg_is_partition_of(graph->arena, *child, want) ||
            !pg_is_partition_of(graph->arena, old, have))
            continue;
        remake(graph, old, *child);
        remake_children(graph, old, *child);
    }
    TableList inheriting = pg_inheriting_tables(graph, have);
    VEC_EACH (Table *, inheritor, &inheriting) {
        const Table *now = pg_counterpart(graph->want, *inheritor);
        if (!now) // it is dropped
            continue;
        remake(graph, *inheritor, now);
        remake_children(graph, *inheritor, now);
    }
}

// A column that stays where it is may be what partitions of the table are partitioned by: those are recreated.
static bool remake_keyed_by(StepGraph *graph, const Table *have, const Table *want, const char *column)
{
    bool any = false;
    for (size_t i = 0; i < graph->want->tables.count; i++) {
        const Table *child = graph->want->tables.items[i], *old = pg_counterpart(graph->have, child);
        if (!old || !pg_is_partition_of(graph->arena, child, want) ||
            !pg_is_partition_of(graph->arena, old, have))
            continue;
        const Step *step = step_find_alter(graph, &child->head);
        bool keyed = pg_mentions(graph->arena, option_of(old, PG_PARTITION_BY), column);
        if (!keyed || (step && pg_table_is_remade(step))) {
            any |= !keyed && remake_keyed_by(graph, old, child, column);
            continue;
        }
        remake(graph, old, child);
        remake_children(graph, old, child);
        any = true;
    }
    return any;
}

static bool remake_keyed_partitions(StepGraph *graph)
{
    bool any = false;
    for (size_t i = 0; i < graph->steps.count; i++) {
        const Step *step = graph->steps.items[i];
        if (step->kind == STEP_ALTER && step->want->kind == OBJECT_COLUMN && step->have_table &&
            step->want_table && step->facets & (FACET_TYPE | FACET_COLLATION) &&
            option_of(step->have_table, PG_PARTITION_BY) &&
            remake_keyed_by(graph, step->have_table, step->want_table, step->have->name)) {
            any = true;
            i = (size_t)-1; // steps were taken away
        }
    }
    return any;
}

// Tables that leave parents so that these can rename a column which several of them bring.
static bool remake_of_several(StepGraph *graph)
{
    bool any = false;
    VEC_EACH (Table *, it, &graph->have->tables) {
        const Table *want = pg_counterpart(graph->want, *it);
        if (!want || !pg_leave_shared_parents(graph, *it))
            continue;
        remake(graph, *it, want);
        remake_children(graph, *it, want);
        any = true;
    }
    return any;
}

static Statement *add_statement(StepGraph *graph, Step *step, const char *text)
{
    Statement *statement = VEC_PUSH(graph->arena, &step->statements);
    statement->sql = text;
    return statement;
}

// Columns that count go on where the old table's counters are, or above the greatest value where it had none.
static void count_on(StepGraph *graph, Step *step, const Table *have, const Table *want)
{
    Arena *arena = graph->arena;
    VEC_EACH (Column *, it, &want->columns) {
        const Column *column = *it, *old = table_column(have, column->head.name);
        if (!column->autoincrement && column->identity == IDENTITY_NONE)
            continue;
        StrBuf name;
        strbuf_init(&name, arena);
        D->put_literal(&name, pg_qualified(arena, want->head.schema, pg_sequence_name(arena, column)));
        if (old && (old->autoincrement || old->identity != IDENTITY_NONE)) {
            add_statement(
                graph, step,
                arena_printf(arena,
                             "SELECT setval(%s, last_value, is_called) FROM %s, pg_catalog.pg_sequence"
                             " WHERE seqrelid = %s::regclass AND last_value BETWEEN seqmin AND seqmax",
                             name.text, pg_qualified(arena, PG_ASIDE_SCHEMA, pg_sequence_name(arena, old)),
                             name.text));
            continue;
        }
        const char *c = pg_quoted(arena, column->head.name);
        add_statement(
            graph, step,
            pg_seen_query(graph, want->head.schema, want->head.name,
                          arena_printf(arena, "SELECT setval(%s, max(%s)) FROM %s HAVING max(%s) > 0",
                                       name.text, c, pg_qualified(arena, want->head.schema, want->head.name),
                                       c)));
    }
}

// `owned_by` is SCHEMA.TABLE.COLUMN or TABLE.COLUMN.
static bool owner_is(Arena *arena, const char *owned_by, const char *table)
{
    NameList parts = { 0 };
    if (!name_split(arena, owned_by, &parts) || parts.count < 2)
        return false;
    const char *schema = parts.count > 2 ? parts.items[parts.count - 3] : NULL;
    return strcmp(name_join(arena, schema, parts.items[parts.count - 2]), table) == 0;
}

void pg_keep_owned_sequences(StepGraph *graph, Step *gone, Step *back)
{
    const char *table = name_join(graph->arena, gone->have->schema, gone->have->name);
    VEC_EACH (Object *, it, &graph->have->objects) {
        const Sequence *have = (const Sequence *)(const void *)*it;
        if ((*it)->kind != OBJECT_SEQUENCE || !have->owned_by ||
            !owner_is(graph->arena, have->owned_by, table))
            continue;
        const Object *counterpart = schema_counterpart(graph->want, *it);
        if (!counterpart)
            continue; // goes with its owner
        const Sequence *want = (const Sequence *)(const void *)counterpart;
        const char *name = pg_qualified(graph->arena, want->head.schema, want->head.name);
        Step *leave = step_add(graph, STEP_SQL, NULL, NULL);
        add_statement(graph, leave, arena_printf(graph->arena, "ALTER SEQUENCE %s OWNED BY NONE", name));
        step_after(graph->arena, gone, leave);
        if (!want->owned_by || !back)
            continue;
        StrBuf own;
        strbuf_init(&own, graph->arena);
        strbuf_printf(&own, "ALTER SEQUENCE %s OWNED BY ", name);
        pg_put_joined(&own, want->owned_by);
        add_statement(graph, back, own.text);
    }
}

static bool is_descendant(StepGraph *graph, const Table *table, const Table *of)
{
    for (const Table *up = pg_parent_of(graph->arena, graph->have, table); up;
         up = pg_parent_of(graph->arena, graph->have, up))
        if (up == of)
            return true;
    return false;
}

// Old tables that refer to each other let go before the first of them is dropped. A key may have gone already, with the
// column or the key of the other side.
static void release_keys(StepGraph *graph, Step *copy, const Table *have)
{
    VEC_EACH (Constraint *, it, &have->constraints) {
        const Constraint *key = *it;
        if (key->head.kind != OBJECT_FOREIGN_KEY || !key->head.name || step_find_drop(graph, &key->head))
            continue;
        const Table *other = schema_table(graph->have, key->referred_schema, key->referred_table);
        const Table *new = other ? pg_counterpart(graph->want, other) : NULL;
        const Step *step = new ? step_find_alter(graph, &new->head) : NULL;
        if (other != have && step && pg_table_is_remade(step)) {
            Object part = { .schema = PG_ASIDE_SCHEMA, .table = have->head.name };
            pg_set_action(graph->arena, add_statement(graph, copy, NULL), &part,
                          arena_printf(graph->arena, "DROP CONSTRAINT IF EXISTS %s",
                                       pg_quoted(graph->arena, key->head.name)),
                          (TableAction){ .pass = PG_PASS_DROP, .subject = key->head.name });
        }
    }
}

// Does the table, or a partition of it, speak of a type, a routine, a sequence?
static bool uses(StepGraph *graph, const Table *table, const Object *object)
{
    const char *types, *name = strchr(object->name, '(')
                                   ? pg_routine_split(graph->arena, object->name, &types)
                                   : object->name;
    bool found = pg_mentions(graph->arena, option_of(table, PG_PARTITION_BY), name) ||
                 object->kind == OBJECT_EXTENSION;
    VEC_EACH (Column *, it, &table->columns)
        found |= pg_mentions(graph->arena, (*it)->type, name) ||
                 pg_mentions(graph->arena, (*it)->collation, name) ||
                 ((*it)->default_sql && strstr((*it)->default_sql, name)) ||
                 pg_mentions(graph->arena, (*it)->generated, name);
    VEC_EACH (Constraint *, it, &table->constraints)
        found |= pg_mentions(graph->arena, (*it)->expression, name) && !step_find_drop(graph, &(*it)->head);
    for (size_t i = 0; !found && i < graph->have->tables.count; i++)
        found = pg_is_partition_of(graph->arena, graph->have->tables.items[i], table) &&
                uses(graph, graph->have->tables.items[i], object);
    return found;
}

// The rows follow once the table and its partitions are there; then the old one goes, when all have their rows.
static void move_rows(StepGraph *graph, Step *remade, Step *copied, Step *last)
{
    const Table *have = remade->have_table, *want = remade->want_table;
    const char *old = pg_qualified(graph->arena, PG_ASIDE_SCHEMA, have->head.name);
    Step *copy = step_add(graph, STEP_SQL, NULL, &want->head),
         *drop = step_add(graph, STEP_SQL, &have->head, NULL);
    const Table *top = pg_rows_go_through(graph, copy, want); // a partition may have others' rows
    bool only = pg_inheriting_tables(graph, have).count > 0;  // which bring their own rows
    add_statement(
        graph, copy,
        pg_copy_block(graph, have, top ? top : want, only ? arena_printf(graph->arena, "ONLY %s", old) : old))
        ->comment = "copies all rows";
    count_on(graph, copy, have, want);
    pg_keep_owned_sequences(graph, remade, copy);
    release_keys(graph, copy, have);
    add_statement(graph, drop, arena_printf(graph->arena, "DROP TABLE %s", old));
    step_after(graph->arena, copy, remade);
    step_after(graph->arena, copied, copy);
    step_after(graph->arena, drop, copied);
    step_after(graph->arena, last, drop);
    VEC_EACH (Step *, it, &graph->steps) {
        if ((*it)->kind == STEP_CREATE && (*it)->want->kind > OBJECT_COLUMN &&
            same_text((*it)->want->table, want->head.name) &&
            same_text((*it)->want->schema, want->head.schema))
            step_after(graph->arena, *it, copy);
        bool child = (*it)->want && (*it)->want->kind == OBJECT_TABLE && *it != remade && *it != copy &&
                     option_of(as_table((*it)->want), PG_PARTITION_OF);
        if (child && ((*it)->kind == STEP_CREATE || (*it)->kind == STEP_ALTER))
            step_after(graph->arena, copy, *it);
    }
    for (size_t i = graph->steps.count; i > 0; i--) {
        Step *other = graph->steps.items[i - 1];
        if (other->kind != STEP_DROP)
            continue;
        if (other->have->kind == OBJECT_TABLE && is_descendant(graph, as_table(other->have), have))
            step_remove(graph, other); // its rows are copied from there, and it goes with its parent
        else if (other->have->kind == OBJECT_CHECK && other->have_table &&
                 is_descendant(graph, other->have_table, have))
            step_after(graph->arena, remade, other); // with which it may be renamed out of the way
        else if (other->have->kind > OBJECT_COLUMN)
            step_after(graph->arena, drop, other);
        else if (other->have->kind < OBJECT_TABLE && other->have->kind != OBJECT_SCHEMA &&
                 uses(graph, have, other->have))
            step_after(graph->arena, other, drop);
    }
}

static bool parent_is_remade(StepGraph *graph, const Table *want)
{
    const char *of = option_of(want, PG_PARTITION_OF);
    NameList parts = { 0 };
    if (!of || !name_split(graph->arena, of, &parts))
        return false;
    const Table *parent = parts.count > 1 ? schema_table(graph->want, parts.items[0], parts.items[1])
                                          : schema_table(graph->want, NULL, parts.items[0]);
    const Step *step = parent ? step_find_alter(graph, &parent->head) : NULL;
    return step && pg_table_is_remade(step);
}

// A partition whose parent stays leaves it first, and its successor comes when the parent is what it is to be.
static void leave_parent(StepGraph *graph, Step *remade)
{
    const Table *parent = pg_parent_of(graph->arena, graph->have, remade->have_table);
    if (!parent)
        return;
    Step *out = pg_detach_step(graph, remade->have_table);
    step_after(graph->arena, remade, out);
    VEC_EACH (Step *, it, &graph->steps) {
        const Object *part = (*it)->want ? (*it)->want : (*it)->have;
        if ((*it)->kind == STEP_SQL || !part || part->kind != OBJECT_COLUMN || !(*it)->have_table)
            continue;
        bool above = false;
        for (const Table *up = parent; up; up = pg_parent_of(graph->arena, graph->have, up))
            above |= same_text(up->head.name, (*it)->have_table->head.name) &&
                     same_text(up->head.schema, (*it)->have_table->head.schema);
        if (!above)
            continue;
        step_after(graph->arena, *it, out);
        step_after(graph->arena, remade, *it);
    }
}

static Step *drop_of_old(StepGraph *graph, const Table *have)
{
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->kind == STEP_SQL && (*it)->have == &have->head && !(*it)->want)
            return *it;
    return NULL;
}

// Heirs are made after what they inherit from, and the old ones go first.
static void order_heirs(StepGraph *graph, const StepList *remade)
{
    VEC_EACH (Step *, it, remade) {
        TableList inheriting = pg_inheriting_tables(graph, (*it)->have_table);
        VEC_EACH (Table *, inheritor, &inheriting) {
            const Table *now = pg_counterpart(graph->want, *inheritor);
            if (now)
                step_after(graph->arena, step_find_alter(graph, &now->head), *it);
            step_after(graph->arena, drop_of_old(graph, (*it)->have_table), drop_of_old(graph, *inheritor));
        }
    }
}

// A step that its table cannot take, of a table that is not recreated yet; NULL: none is left.
static const Step *next_to_remake(StepGraph *graph)
{
    VEC_EACH (Step *, it, &graph->steps)
        if (pg_table_needs_new(graph, *it) && !pg_table_is_remade(*it))
            return *it;
    return NULL;
}

void pg_expand_remade_tables(StepGraph *graph)
{
    bool any = false;
    for (const Step *step; (step = next_to_remake(graph)) != NULL; any = true) {
        const Table *have = step->have_table, *want = step->want_table;
        remake(graph, have, want); // takes steps away
        remake_children(graph, have, want);
    }
    any |= remake_keyed_partitions(graph);
    any |= remake_of_several(graph);
    if (!any)
        return;
    Step *last = step_add(graph, STEP_SQL, NULL, NULL);
    add_statement(graph, last,
                  arena_printf(graph->arena, "DROP SCHEMA %s", pg_quoted(graph->arena, PG_ASIDE_SCHEMA)));
    Step *copied = step_add(graph, STEP_SQL, NULL, NULL);
    StepList remade = { 0 };
    VEC_EACH (Step *, it, &graph->steps)
        if (pg_table_is_remade(*it) && !parent_is_remade(graph, (*it)->want_table))
            *VEC_PUSH(graph->arena, &remade) = *it;
    VEC_EACH (Step *, it, &remade) {
        move_rows(graph, *it, copied, last);
        leave_parent(graph, *it);
        pg_free_names_of_old_parents(graph, *it);
        if (option_of((*it)->want_table, PG_INHERITS)) {
            pg_follow_parents(graph, *it, (*it)->want_table);
            pg_follow_renames(graph, *it);
        }
    }
    order_heirs(graph, &remade);
}
