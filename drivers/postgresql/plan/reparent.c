// A table that gets a parent or loses it. Out of the family it keeps what it had from there; into one it must bring
// what the parent has. So its columns, and the parts that came with the parent, are compared as a whole.
#include <string.h>

#include "drivers/postgresql/plan/plan.h"

static const Dialect *const D = &postgresql_dialect;

// The type of the rows is a parent of a kind.
static bool row_type_changes(const StepGraph *graph, const Step *table)
{
    return !same_text(option_get(&table->have->options, PG_OF_TYPE),
                      option_get(&table->want->options, PG_OF_TYPE)) ||
           pg_row_type_step(graph, table->want_table);
}

static bool family_changes(const StepGraph *graph, const Step *step)
{
    if (step->kind != STEP_ALTER || step->want->kind != OBJECT_TABLE || !step->have_table ||
        pg_table_is_remade(step))
        return false;
    const OptionList *have = &step->have->options, *want = &step->want->options;
    return row_type_changes(graph, step) ||
           !same_text(option_get(have, PG_PARTITION_OF), option_get(want, PG_PARTITION_OF)) ||
           !same_text(option_get(have, PG_INHERITS), option_get(want, PG_INHERITS));
}

// The column as the table itself has it: a parent's counter is a plain default here.
static Column *own_column(StepGraph *graph, const Column *column, const Table *table)
{
    Column *own = arena_alloc(graph->arena, sizeof(Column));
    *own = *column;
    bool inherited = !same_text(column->head.table, table->head.name) ||
                     !same_text(column->head.schema, table->head.schema);
    if (inherited && column->autoincrement) {
        StrBuf text;
        strbuf_init(&text, graph->arena);
        strbuf_puts(&text, "nextval(");
        D->put_literal(
            &text, pg_qualified(graph->arena, column->head.schema, pg_sequence_name(graph->arena, column)));
        strbuf_puts(&text, "::regclass)");
        own->default_sql = text.text;
        own->autoincrement = false;
    }
    if (inherited)
        own->identity = IDENTITY_NONE;
    OptionList options = { 0 };
    VEC_EACH (Option, option, &column->head.options)
        if (strcmp(option->key, PG_INHERITED) != 0 && strcmp(option->key, PG_SEQUENCE_NAME) != 0)
            option_set(graph->arena, &options, option->key, option->value);
    if (!column->nullable && pg_version_of(graph) >= PG_18)
        option_set(graph->arena, &options, PG_NOT_NULL_NAME, pg_not_null_name(graph->arena, column));
    own->head.options = options;
    own->head.schema = table->head.schema;
    own->head.table = table->head.name;
    own->head.comment = NULL;
    if (inherited)
        own->head.slot = table->head.slot; // a step about it is none about the parent's column
    return own;
}

static unsigned differing(const Column *a, const Column *b)
{
    unsigned facets = 0;
    facets |= same_text(a->type, b->type) ? 0 : FACET_TYPE;
    facets |= a->nullable == b->nullable ? 0 : FACET_NULLABLE;
    facets |= same_text(a->default_sql, b->default_sql) ? 0 : FACET_DEFAULT;
    facets |= same_text(a->collation, b->collation) ? 0 : FACET_COLLATION;
    facets |= a->identity == b->identity && a->autoincrement == b->autoincrement ? 0 : FACET_IDENTITY;
    facets |= options_equal(&a->head.options, &b->head.options) ? 0 : FACET_OPTIONS;
    return facets;
}

static const Column *find(const ColumnList *columns, const char *name)
{
    return table_column(&(Table){ .columns = *columns }, name);
}

static Step *add_between(StepGraph *graph, StepKind kind, const Object *have, const Object *want, Step *table,
                         Step *out)
{
    Step *step = step_add(graph, kind, have, want);
    step->have_table = table->have_table;
    step->want_table = table->want_table;
    step_after(graph->arena, step, out);
    step_after(graph->arena, table, step);
    return step;
}

// The table's new keys and indexes, which waited for columns whose steps are others now.
static void wait_for_column(StepGraph *graph, const Step *table, Step *column)
{
    for (size_t i = 0; i < graph->steps.count; i++) {
        Step *step = graph->steps.items[i];
        if (step->kind == STEP_CREATE && step->want_table == table->want_table &&
            step->want->kind != OBJECT_TABLE && step->want->kind != OBJECT_COLUMN)
            step_after(graph->arena, step, column);
    }
}

// Plans the columns again: within a family a table has those of its parents too, so what the diff found does
// not hold for it.
static void compare_columns(StepGraph *graph, Step *table, Step *out)
{
    for (size_t i = graph->steps.count; i > 0; i--) {
        Step *step = graph->steps.items[i - 1];
        const Object *object = step->want ? step->want : step->have;
        if (object && object->kind == OBJECT_COLUMN && step->kind != STEP_RENAME && step->kind != STEP_SQL &&
            step->have_table == table->have_table)
            step_remove(graph, step);
    }
    ColumnList have = pg_all_columns(graph->arena, graph->have, table->have_table);
    ColumnList want = pg_all_columns(graph->arena, graph->want, table->want_table);
    VEC_EACH (Column *, it, &want) {
        const Column *old = find(&have, (*it)->head.name), *new = own_column(graph, *it, table->want_table);
        if (!old) {
            wait_for_column(graph, table, add_between(graph, STEP_CREATE, NULL, &new->head, table, out));
            continue;
        }
        old = own_column(graph, old, table->have_table);
        unsigned facets = differing(old, new);
        // of a table that is not typed pg_expand_types looks for such columns
        Step *replacing =
            option_of(table->want_table, PG_OF_TYPE) ? pg_replacing_step(graph, old->type) : NULL;
        if (replacing)
            facets |= FACET_TYPE;
        if (!facets)
            continue;
        Step *alter = add_between(graph, STEP_ALTER, &old->head, &new->head, table, out);
        alter->facets = facets;
        step_after(graph->arena, alter, replacing);
    }
    VEC_EACH (Column *, it, &have)
        if (!find(&want, (*it)->head.name))
            add_between(graph, STEP_DROP, &own_column(graph, *it, table->have_table)->head, NULL, table, out);
}

static const char *columns_label(Arena *arena, const PartList *parts)
{
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (Part, part, parts)
        strbuf_printf(&out, "%s%s", out.length ? "_" : "", part->column ? part->column : "expr");
    return out.text;
}

// The name that a part of the parent has in the partition.
static const char *name_in_child(Arena *arena, const Object *part, const PartList *parts, const Table *child)
{
    switch ((int)part->kind) {
    case OBJECT_PRIMARY_KEY: return pg_object_name(arena, child->head.name, NULL, "pkey");
    case OBJECT_UNIQUE: return pg_object_name(arena, child->head.name, columns_label(arena, parts), "key");
    case OBJECT_INDEX: return pg_object_name(arena, child->head.name, columns_label(arena, parts), "idx");
    case OBJECT_EXCLUDE: return pg_object_name(arena, child->head.name, columns_label(arena, parts), "excl");
    default: return part->name;
    }
}

static const Object *wanted_part(const Table *want, const Object *part, const PartList *parts,
                                 const char *name)
{
    VEC_EACH (Constraint *, it, &want->constraints)
        if ((*it)->head.kind == part->kind &&
            (same_text((*it)->head.name, name) || (parts->count && parts_equal(&(*it)->parts, parts))))
            return &(*it)->head;
    VEC_EACH (Index *, it, &want->indexes)
        if (part->kind == OBJECT_INDEX &&
            (same_text((*it)->head.name, name) || parts_equal(&(*it)->parts, parts)))
            return &(*it)->head;
    return NULL;
}

// A column that goes takes along what depends on it, so that goes first.
static void let_columns_wait(StepGraph *graph, const Step *table, Step *drop)
{
    VEC_EACH (Step *, it, &graph->steps)
        if (((*it)->kind == STEP_DROP || (*it)->kind == STEP_ALTER) && (*it)->have &&
            (*it)->have->kind == OBJECT_COLUMN && (*it)->have_table == table->have_table)
            step_after(graph->arena, *it, drop);
}

// A part that came from the parent stays with the table that leaves: kept where it is wanted, dropped where not.
static void keep_part(StepGraph *graph, Step *table, Step *out, const Object *part, const PartList *parts)
{
    const Table *child = table->have_table;
    const char *name = name_in_child(graph->arena, part, parts, child);
    VEC_EACH (Constraint *, own, &child->constraints)
        if (same_text((*own)->head.name, name))
            return;
    VEC_EACH (Index *, own, &child->indexes)
        if (same_text((*own)->head.name, name) ||
            (option_get(&(*own)->head.options, PG_PARTITION_OF) && parts_equal(&(*own)->parts, parts)))
            return;
    const Object *want = wanted_part(table->want_table, part, parts, name);
    Step *create = want ? step_find_create(graph, want) : NULL;
    Object *here = arena_alloc(graph->arena, sizeof(Constraint));
    *here = *part;
    here->name = name;
    here->schema = child->head.schema;
    here->table = child->head.name;
    here->options = (OptionList){ 0 };
    if (create && same_text(want->name, name)) {
        step_remove(graph, create);
        return;
    }
    Step *drop = add_between(graph, STEP_DROP, here, NULL, table, out);
    step_after(graph->arena, create, drop);
    let_columns_wait(graph, table, drop);
}

// What served a part of the parent's under a name of its own stays as it is.
static void keep_named(StepGraph *graph, const Step *table, const Object *have)
{
    if (!option_get(&have->options, PG_PARTITION_OF))
        return;
    const Constraint *key = table_constraint(table->want_table, have->name);
    const Index *index = table_index(table->want_table, have->name);
    const Object *want = key ? &key->head : index ? &index->head : NULL;
    Step *drop = step_find_drop(graph, have), *create = want ? step_find_create(graph, want) : NULL;
    if (drop && create) {
        step_remove(graph, drop);
        step_remove(graph, create);
    }
}

static bool is_parent_of(StepGraph *graph, const Schema *schema, const Table *parent, const Table *child)
{
    TableList parents = pg_parents_of(graph->arena, schema, child);
    VEC_EACH (Table *, it, &parents)
        if (same_text((*it)->head.name, parent->head.name) &&
            same_text((*it)->head.schema, parent->head.schema))
            return true;
    return false;
}

static bool goes_down(const Table *parent, const Constraint *it)
{
    return it->head.name && !it->no_inherit &&
           (it->head.kind == OBJECT_CHECK || option_get(&parent->head.options, PG_PARTITION_BY));
}

static void keep_constraints(StepGraph *graph, Step *table, Step *out, const Table *parent)
{
    if (is_parent_of(graph, graph->want, parent, table->want_table))
        return;
    VEC_EACH (Constraint *, it, &parent->constraints) {
        if (goes_down(parent, *it))
            keep_part(graph, table, out, &(*it)->head, &(*it)->parts);
        step_after(graph->arena, step_find_drop(graph, &(*it)->head), out);
    }
}

static void keep_parts(StepGraph *graph, Step *table, Step *out)
{
    VEC_EACH (Constraint *, it, &table->have_table->constraints)
        keep_named(graph, table, &(*it)->head);
    VEC_EACH (Index *, it, &table->have_table->indexes)
        keep_named(graph, table, &(*it)->head);
    TableList parents = pg_parents_of(graph->arena, graph->have, table->have_table);
    VEC_EACH (Table *, parent, &parents)
        keep_constraints(graph, table, out, *parent);
    const Table *parent = pg_parent_of(graph->arena, graph->have, table->have_table);
    if (!parent)
        return;
    VEC_EACH (Index *, it, &parent->indexes) {
        keep_part(graph, table, out, &(*it)->head, &(*it)->parts);
        step_after(graph->arena, step_find_drop(graph, &(*it)->head), out);
    }
}

// A new parent's checks must be there before.
static void bring_checks(StepGraph *graph, Step *table, Step *out, const Table *parent)
{
    VEC_EACH (Constraint *, it, &parent->constraints) {
        const Constraint *check = *it;
        if (check->head.kind != OBJECT_CHECK || check->no_inherit || !check->head.name)
            continue;
        const Constraint *own = table_constraint(table->have_table, check->head.name);
        Step *drop = own ? step_find_drop(graph, &own->head) : NULL;
        if (own && same_text(own->expression, check->expression)) {
            if (drop)
                step_remove(graph, drop);
            continue;
        }
        Constraint *copy = arena_alloc(graph->arena, sizeof(Constraint));
        *copy = *check;
        copy->head.schema = table->want_table->head.schema;
        copy->head.table = table->want_table->head.name;
        step_after(graph->arena, add_between(graph, STEP_CREATE, NULL, &copy->head, table, out), drop);
    }
}

static void order_with_parent(StepGraph *graph, const Table *parent, const Step *table, Step *out, bool old)
{
    for (size_t i = 0; i < graph->steps.count; i++) {
        Step *step = graph->steps.items[i];
        const Object *object = step->want ? step->want : step->have;
        bool part = object && object->kind >= OBJECT_COLUMN && object->kind <= OBJECT_FOREIGN_KEY &&
                    step->kind != STEP_RENAME && step->kind != STEP_SQL &&
                    (old ? step->have_table == parent : step->want_table == parent);
        if (part && old)
            step_after(graph->arena, step, out);
        else if (part && object->kind == OBJECT_COLUMN)
            // const goes: a step gains one that comes before it
            // NOLINTNEXTLINE(performance-no-int-to-ptr)
            step_after(graph->arena, (Step *)(uintptr_t)table, step);
    }
}

static Step *leave_parents(StepGraph *graph, const Step *table)
{
    Step *out = step_add(graph, STEP_SQL, NULL, NULL);
    Render r = { .arena = graph->arena, .graph = graph, .step = out, .out = &out->statements };
    if (option_get(&table->have->options, PG_PARTITION_OF))
        pg_render_detach(&r, table->have_table);
    if (option_get(&table->have->options, PG_OF_TYPE) && row_type_changes(graph, table)) {
        pg_render_not_of(&r, table->have);
        step_after(graph->arena, pg_row_type_step(graph, table->want_table), out);
    }
    pg_render_leave_parents(&r, table->have_table, table->want_table);
    return out;
}

// Names that a table keeps of a parent that is recreated are to be its own before that takes them.
static void rename_before_remade(StepGraph *graph, Step *table, const TableList *left)
{
    VEC_EACH (Table *, it, left) {
        const Table *want = schema_table(graph->want, (*it)->head.schema, (*it)->head.name);
        Step *parent = want ? step_find_alter(graph, &want->head) : NULL;
        if (parent && pg_table_is_remade(parent))
            step_after(graph->arena, parent, table);
    }
}

// Takes the table out of its old parents before its own changes, and puts it into the new ones after them.
static void change_family(StepGraph *graph, Step *table)
{
    Step *out = leave_parents(graph, table);
    step_after(graph->arena, table, out);
    step_after(graph->arena, table, pg_row_type_step(graph, table->want_table));
    compare_columns(graph, table, out);
    keep_parts(graph, table, out);
    const Table *old = pg_parent_of(graph->arena, graph->have, table->have_table);
    TableList left = pg_parents_of(graph->arena, graph->have, table->have_table),
              joined = pg_parents_of(graph->arena, graph->want, table->want_table);
    VEC_EACH (Table *, it, &left)
        order_with_parent(graph, *it, table, out, true);
    if (!joined.count)
        rename_before_remade(graph, table, &left);
    VEC_EACH (Table *, it, &joined) {
        order_with_parent(graph, *it, table, out, false);
        if (!is_parent_of(graph, graph->have, *it, table->have_table))
            bring_checks(graph, table, out, *it);
    }
    // a partition that leaves makes room for others
    VEC_EACH (Step *, it, &graph->steps)
        if (old && *it != table && (*it)->want && (*it)->want->kind == OBJECT_TABLE &&
            ((*it)->kind == STEP_CREATE || (*it)->kind == STEP_ALTER))
            step_after(graph->arena, *it, out);
}

void pg_expand_attached(StepGraph *graph)
{
    for (size_t i = 0, n = graph->steps.count; i < n && i < graph->steps.count; i++) {
        Step *step = graph->steps.items[i];
        if (!family_changes(graph, step) || step->facets & FACET_POSITION)
            continue;
        step->facets |= FACET_POSITION; // looked at
        change_family(graph, step);
        i = (size_t)-1; // steps were taken away and added
        n = graph->steps.count;
    }
}
