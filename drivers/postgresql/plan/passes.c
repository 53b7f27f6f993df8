#include <string.h>

#include "drivers/postgresql/plan/plan.h"

static const Dialect *const D = &postgresql_dialect;

static Step *add_sql(StepGraph *graph, const char *statement, Step *after)
{
    Step *step = step_add(graph, STEP_SQL, NULL, NULL);
    VEC_PUSH(graph->arena, &step->statements)->sql = statement;
    step_after(graph->arena, step, after);
    return step;
}

static const Column *column_of_family(Arena *arena, const Schema *schema, const Table *table,
                                      const char *name)
{
    const ColumnList all = pg_all_columns(arena, schema, table);
    return table_column(&(Table){ .columns = all }, name);
}

const Table *pg_owner_table(StepGraph *graph, const Schema *schema, const Sequence *sequence,
                            const Column **column)
{
    NameList parts = { 0 };
    *column = NULL;
    if (!sequence->owned_by || !name_split(graph->arena, sequence->owned_by, &parts) || parts.count < 2)
        return NULL;
    const char *schema_name = parts.count > 2 ? parts.items[parts.count - 3] : NULL;
    const Table *table = schema_table(schema, schema_name, parts.items[parts.count - 2]);
    if (!table && !schema_name)
        table = schema_table(schema, sequence->head.schema, parts.items[parts.count - 2]);
    if (table) // it may have the column of its parent
        *column = column_of_family(graph->arena, schema, table, parts.items[parts.count - 1]);
    return table;
}

// A sequence that gets another owner, or none, must not go with its former one: it is given away by `given`.
static void leave_owner(StepGraph *graph, const Step *step, Step *given)
{
    const Column *column;
    const Table *table =
        step->have ? pg_owner_table(graph, graph->have, (const Sequence *)(const void *)step->have, &column)
                   : NULL;
    if (!table || !column)
        return;
    step_after(graph->arena, step_find_drop(graph, &table->head), given);
    step_after(graph->arena, step_find_drop(graph, &column->head), given);
}

static bool is_owned_by(StepGraph *graph, const Step *step, const Table *table)
{
    const Column *column;
    const Sequence *have = (const Sequence *)(const void *)step->have;
    return have && pg_owner_table(graph, graph->have, have, &column) == table;
}

// A sequence is made before the table that counts by it, and given to its column afterwards.
static void own_sequence(StepGraph *graph, Step *step)
{
    const Sequence *sequence = (const Sequence *)(const void *)step->want;
    const Column *column;
    const Table *table = pg_owner_table(graph, graph->want, sequence, &column);
    const Step *remade = table ? step_find_alter(graph, &table->head) : NULL;
    remade = remade && pg_table_is_remade(remade) ? remade : NULL;
    if (!table || !column || (remade && is_owned_by(graph, step, remade->have_table)))
        return; // a recreated table keeps its sequences
    StrBuf text;
    strbuf_init(&text, graph->arena);
    sql(&text, D, KW("ALTER SEQUENCE"), QID(sequence->head.schema, sequence->head.name), KW("OWNED BY"),
        QID(table->head.schema, table->head.name), KW("."), ID(column->head.name));
    Step *own = add_sql(graph, text.text, step);
    step_after(graph->arena, own, step_find_create(graph, &table->head));
    step_after(graph->arena, own, remade ? step_find_alter(graph, &table->head) : NULL);
    step_after(graph->arena, own, step_find_create(graph, &column->head));
    step_after(graph->arena, own, step_find_alter(graph, &column->head));
    leave_owner(graph, step, own);
}

// A sequence goes with the column that owns it.
static bool goes_with_owner(StepGraph *graph, const Step *step)
{
    const Sequence *sequence = (const Sequence *)(const void *)step->have;
    const Column *column;
    const Table *table = pg_owner_table(graph, graph->have, sequence, &column);
    if (!table || !column)
        return false;
    if (step_find_drop(graph, &table->head))
        return true;
    const Table *stays = pg_counterpart(graph->want, table); // a child that says less has the column still
    return step_find_drop(graph, &column->head) &&
           !(stays && column_of_family(graph->arena, graph->want, stays, column->head.name));
}

static const Column *counted_by(StepGraph *graph, const Schema *schema, const Object *sequence)
{
    VEC_EACH (Table *, table, &schema->tables)
        VEC_EACH (Column *, column, &(*table)->columns)
            if ((*column)->autoincrement && object_compare(&(*table)->head, &(*table)->head) == 0 &&
                strcmp(pg_sequence_name(graph->arena, *column), sequence->name) == 0 &&
                (sequence->schema == (*table)->head.schema ||
                 (sequence->schema && (*table)->head.schema &&
                  strcmp(sequence->schema, (*table)->head.schema) == 0)))
                return *column;
    return NULL;
}

static Step *alter_of_column(StepGraph *graph, const Column *have)
{
    VEC_EACH (Step *, it, &graph->steps)
        if ((*it)->kind == STEP_ALTER && (*it)->have == &have->head)
            return *it;
    return NULL;
}

// Sequences that become, or were, those of a column need no step of their own. Others get an owner, or lose
// it, when both exist.
static void expand_sequences(StepGraph *graph)
{
    for (size_t i = 0; i < graph->steps.count; i++) {
        Step *step = graph->steps.items[i];
        if (step->kind == STEP_CREATE && step->want->kind == OBJECT_SEQUENCE) {
            // the sequence of a column that was serial is there already
            const Column *was = counted_by(graph, graph->have, step->want);
            if (was && alter_of_column(graph, was)) {
                step_remove(graph, step);
                i--;
            } else {
                own_sequence(graph, step);
            }
        } else if (step->kind == STEP_ALTER && step->want->kind == OBJECT_SEQUENCE) {
            const Sequence *have = (const Sequence *)(const void *)step->have,
                           *want = (const Sequence *)(const void *)step->want;
            if (want->owned_by && (!have->owned_by || strcmp(have->owned_by, want->owned_by) != 0))
                own_sequence(graph, step);
            else if (have->owned_by && !want->owned_by)
                leave_owner(graph, step, step);
        } else if (step->kind == STEP_DROP && step->have->kind == OBJECT_SEQUENCE) {
            const Column *becomes = counted_by(graph, graph->want, step->have);
            if (goes_with_owner(graph, step) || (becomes && step_find_alter(graph, &becomes->head))) {
                step_remove(graph, step);
                i--;
            }
        }
    }
}

static bool counts(const Column *column)
{
    return column->autoincrement || column->identity != IDENTITY_NONE;
}

static bool counts_by(Arena *arena, const Column *column, const char *schema, const char *sequence)
{
    return counts(column) && strcmp(pg_sequence_name(arena, column), sequence) == 0 &&
           (schema == column->head.schema ||
            (schema && column->head.schema && strcmp(schema, column->head.schema) == 0));
}

static bool step_counts_by(Arena *arena, const Object *object, const char *schema, const char *sequence)
{
    if (object->kind == OBJECT_COLUMN)
        return counts_by(arena, (const Column *)(const void *)object, schema, sequence);
    if (object->kind != OBJECT_TABLE)
        return false;
    VEC_EACH (Column *, column, &((const Table *)(const void *)object)->columns)
        if (counts_by(arena, *column, schema, sequence))
            return true;
    return false;
}

// The counter of a column gets another name: before that name's successor takes the old one, and after the new one is free.
static void rename_counters(StepGraph *graph)
{
    for (size_t i = 0, n = graph->steps.count; i < n; i++) {
        Step *step = graph->steps.items[i];
        if (step->kind != STEP_ALTER || step->want->kind != OBJECT_COLUMN)
            continue;
        const Column *have = (const Column *)(const void *)step->have,
                     *want = (const Column *)(const void *)step->want;
        bool counts = (have->autoincrement && want->autoincrement) ||
                      (have->identity != IDENTITY_NONE && want->identity != IDENTITY_NONE);
        const char *old = pg_sequence_name(graph->arena, have), *new = pg_sequence_name(graph->arena, want);
        if (!counts || strcmp(old, new) == 0)
            continue;
        StrBuf text;
        strbuf_init(&text, graph->arena);
        sql(&text, D, KW("ALTER SEQUENCE"), QID(have->head.schema, old), KW("RENAME TO"), ID(new));
        Step *rename = add_sql(graph, text.text, NULL);
        rename->statements.items[0].comment = "locks: SHARE ROW EXCLUSIVE";
        step_after(graph->arena, step, rename);
        step->facets |= FACET_SEQUENCE; // done: see pg_render_start_counting
        VEC_EACH (Step *, it, &graph->steps) {
            if ((*it)->kind == STEP_CREATE &&
                step_counts_by(graph->arena, (*it)->want, have->head.schema, old))
                step_after(graph->arena, *it, rename);
            if ((*it)->kind == STEP_DROP && step_counts_by(graph->arena, (*it)->have, have->head.schema, new))
                step_after(graph->arena, rename, *it);
        }
    }
}

// Under another name, until it goes: as itself, or with the identity of its column.
static const char *step_sequence_aside(StepGraph *graph, const Object *sequence, Step *before)
{
    const char *name = pg_object_name(graph->arena, sequence->name, NULL, "old");
    StrBuf text;
    strbuf_init(&text, graph->arena);
    sql(&text, D, KW("ALTER SEQUENCE"), QID(sequence->schema, sequence->name), KW("RENAME TO"), ID(name));
    Step *rename = add_sql(graph, text.text, NULL);
    rename->statements.items[0].comment = "locks: SHARE ROW EXCLUSIVE";
    step_after(graph->arena, before, rename);
    return name;
}

// The new sequence of that name counts on from there, as far as it reaches.
static void count_on(StepGraph *graph, const Object *sequence, const char *old, Step *made, Step *column)
{
    StrBuf name, text;
    strbuf_init(&name, graph->arena);
    strbuf_init(&text, graph->arena);
    D->put_literal(&name, pg_qualified(graph->arena, sequence->schema, sequence->name));
    strbuf_printf(&text, "SELECT setval(%s, last_value) FROM %s, pg_catalog.pg_sequence", name.text,
                  pg_qualified(graph->arena, sequence->schema, old));
    strbuf_printf(&text,
                  " WHERE is_called AND seqrelid = %s::regclass AND last_value BETWEEN seqmin AND seqmax",
                  name.text);
    step_after(graph->arena, column, add_sql(graph, text.text, made));
}

// A column that counted by a sequence gets an identity, or the other way round, and the two have one name: a column stops
// to use the one and begins to use the other in one step, so that the old one gives up its name before.
static void free_identities(StepGraph *graph)
{
    for (size_t i = 0, n = graph->steps.count; i < n; i++) {
        Step *step = graph->steps.items[i];
        bool made = step->kind == STEP_CREATE && step->want->kind == OBJECT_SEQUENCE,
             gone = step->kind == STEP_DROP && step->have->kind == OBJECT_SEQUENCE;
        for (size_t k = 0; k < n && (made || gone); k++) {
            Step *column = graph->steps.items[k];
            if (column->kind != STEP_ALTER || column->want->kind != OBJECT_COLUMN)
                continue;
            const Object *sequence = made ? step->want : step->have;
            const Column *have = (const Column *)(const void *)column->have,
                         *want = (const Column *)(const void *)column->want, *counter = made ? have : want,
                         *other = made ? want : have;
            if (counter->identity == IDENTITY_NONE || other->identity != IDENTITY_NONE ||
                !counts_by(graph->arena, counter, sequence->schema, sequence->name))
                continue;
            const char *name = step_sequence_aside(graph, sequence, made ? step : column);
            if (made) {
                count_on(graph, sequence, name, step, column);
            } else {
                Sequence *old = arena_alloc(graph->arena, sizeof *old);
                *old = *(const Sequence *)(const void *)sequence;
                old->head.name = name;
                step->have = &old->head;
                step_after(graph->arena, step, column);
            }
            break;
        }
    }
}

// A column that goes, or stays and counts no longer.
static bool ends_counting(const Step *step)
{
    const Column *have = (const Column *)(const void *)step->have,
                 *want = (const Column *)(const void *)step->want;
    return ((step->kind == STEP_DROP && have->head.kind == OBJECT_COLUMN) ||
            (step->kind == STEP_ALTER && want->head.kind == OBJECT_COLUMN && !counts(want))) &&
           counts(have);
}

static bool begins_counting(const Step *step)
{
    return step->kind == STEP_ALTER && step->want->kind == OBJECT_COLUMN &&
           !counts((const Column *)(const void *)step->have) &&
           counts((const Column *)(const void *)step->want);
}

// The sequence that one column counts by no longer and another one does from now on goes over to that one, and counts on.
static bool is_handed_over(const Step *end, const Step *begin)
{
    return end->kind == STEP_ALTER && begin->kind == STEP_ALTER &&
           ((const Column *)(const void *)end->have)->autoincrement &&
           ((const Column *)(const void *)begin->want)->autoincrement;
}

// The counter of a column that goes, or counts no longer, has the name that another column's takes.
static void free_counters(StepGraph *graph)
{
    VEC_EACH (Step *, it, &graph->steps) {
        Step *end = *it;
        if (!ends_counting(end))
            continue;
        const Column *column = (const Column *)(const void *)end->have;
        const char *name = pg_sequence_name(graph->arena, column);
        VEC_EACH (Step *, other, &graph->steps) {
            Step *begin = *other;
            if ((begin->kind != STEP_CREATE && !begins_counting(begin)) ||
                !step_counts_by(graph->arena, begin->want, column->head.schema, name))
                continue;
            step_after(graph->arena, begin, end);
            if (is_handed_over(end, begin)) {
                end->facets |= FACET_SEQUENCE; // see render_leave and render_enter
                begin->facets |= FACET_SEQUENCE;
            }
        }
    }
}

// From PostgreSQL 18 on: a NOT NULL constraint takes the name of one that ends. Such a name stays when the column is renamed, so
// that of one column may be made of the name of another.
static void free_not_nulls(StepGraph *graph)
{
    VEC_EACH (Step *, it, &graph->steps) {
        Step *end = *it;
        const Column *had = (const Column *)(const void *)end->have;
        if (!had || had->head.kind != OBJECT_COLUMN || had->nullable ||
            !(end->kind == STEP_DROP ||
              (end->kind == STEP_ALTER && ((const Column *)(const void *)end->want)->nullable)))
            continue;
        const char *name = pg_not_null_name(graph->arena, had);
        VEC_EACH (Step *, other, &graph->steps) {
            Step *begin = *other;
            const Column *gets = (const Column *)(const void *)begin->want;
            if (begin == end || !gets || gets->head.kind != OBJECT_COLUMN || gets->nullable)
                continue;
            bool starts =
                begin->kind == STEP_CREATE ||
                (begin->kind == STEP_ALTER && ((const Column *)(const void *)begin->have)->nullable);
            if (starts && same_text(gets->head.schema, had->head.schema) &&
                same_text(gets->head.table, had->head.table) &&
                strcmp(pg_not_null_name(graph->arena, gets), name) == 0)
                step_after(graph->arena, begin, end);
        }
    }
}

// Generated columns stand in the way of a change of type below them: they are recreated.
static void replace_generated(StepGraph *graph)
{
    size_t count = graph->steps.count;
    for (size_t i = 0; i < count; i++) {
        Step *step = graph->steps.items[i];
        if (step->kind != STEP_ALTER || step->want->kind != OBJECT_COLUMN ||
            !(step->facets & (FACET_TYPE | FACET_COLLATION)))
            continue;
        VEC_EACH (Column *, it, &step->have_table->columns) {
            const Column *column = *it;
            if (!column->generated || !pg_mentions(graph->arena, column->generated, step->have->name) ||
                step_find_drop(graph, &column->head))
                continue;
            Column *want = table_column(step->want_table, column->head.name);
            Step *pending = want ? step_find_alter(graph, &want->head) : NULL;
            if (!want)
                continue;
            if (pending)
                step_remove(graph, pending);
            Step *down = step_add(graph, STEP_DROP, &column->head, NULL),
                 *up = step_add(graph, STEP_CREATE, NULL, &want->head);
            down->have_table = up->have_table = step->have_table;
            down->want_table = up->want_table = step->want_table;
            step_after(graph->arena, step, down);
            step_after(graph->arena, up, step);
            count = graph->steps.count < count ? graph->steps.count : count;
        }
    }
}

// Online, an index that is replaced serves under another name until the new one is built.
static void keep_serving(StepGraph *graph)
{
    for (size_t i = 0, n = graph->steps.count; i < n; i++) {
        Step *drop = graph->steps.items[i];
        if (drop->kind != STEP_DROP || drop->have->kind != OBJECT_INDEX || drop->restores ||
            !drop->want_table || option_get(&drop->want_table->head.options, PG_PARTITION_BY))
            continue;
        const Index *want = table_index(drop->want_table, drop->have->name);
        Step *create = want ? step_find_create(graph, &want->head) : NULL;
        if (!create || create->restores)
            continue;
        Index *renamed = arena_alloc(graph->arena, sizeof(Index));
        *renamed = *(const Index *)(const void *)drop->have;
        renamed->head.name = pg_object_name(graph->arena, want->head.name, NULL, "old");
        StrBuf text;
        strbuf_init(&text, graph->arena);
        sql(&text, D, KW("ALTER INDEX"), QID(want->head.schema, want->head.name), KW("RENAME TO"),
            ID(renamed->head.name));
        Step *rename = add_sql(graph, text.text, NULL), *gone = step_add(graph, STEP_SQL, NULL, NULL);
        Step last = { .kind = STEP_DROP, .have = &renamed->head };
        Render r = {
            .arena = graph->arena, .graph = graph, .step = &last, .out = &gone->statements, .online = true
        };
        (void)pg_online_drop_index(&r, &renamed->head);
        step_after(graph->arena, create, rename);
        step_after(graph->arena, gone, create);
        step_remove(graph, drop);
        i--;
        n = graph->steps.count < n ? graph->steps.count : n;
    }
}

static bool is_of_its_types(Arena *arena, const Object *routine, const Object *extension)
{
    if (routine->kind != OBJECT_FUNCTION && routine->kind != OBJECT_PROCEDURE &&
        routine->kind != OBJECT_AGGREGATE)
        return false;
    const char *types;
    (void)pg_routine_split(arena, routine->name, &types);
    return pg_mentions(arena, types, extension->name) ||
           pg_mentions(arena, types, option_get(&extension->options, PG_SCHEMA));
}

// Where an extension moves, all that is made or altered may call its types and functions by their new names; what goes
// is called by the old ones. A model does not know what an extension holds.
static void move_extensions_first(StepGraph *graph)
{
    VEC_EACH (Step *, it, &graph->steps) {
        Step *move = *it;
        if (move->kind != STEP_ALTER || move->want->kind != OBJECT_EXTENSION ||
            same_text(option_get(&move->have->options, PG_SCHEMA),
                      option_get(&move->want->options, PG_SCHEMA)))
            continue;
        VEC_EACH (Step *, other, &graph->steps) {
            if ((*other)->kind == STEP_DROP && is_of_its_types(graph->arena, (*other)->have, move->have))
                step_after(graph->arena, move, *other);
            bool makes = (*other)->kind == STEP_CREATE || (*other)->kind == STEP_ALTER;
            if (makes && (*other)->want->kind != OBJECT_SCHEMA && (*other)->want->kind != OBJECT_EXTENSION)
                step_after(graph->arena, *other, move);
        }
    }
}

static void collect_names(StepGraph *graph)
{
    if (pg_version_of(graph) >= PG_18)
        graph->collected = pg_constraint_names(graph->arena, graph->have, graph->want);
}

bool pg_expand(StepGraph *graph, Error *err)
{
    collect_names(graph);
    pg_expand_domains(graph);
    pg_expand_foreign(graph);
    pg_expand_replaced(graph);
    pg_expand_remade_tables(graph);
    pg_expand_bounds(graph);
    pg_expand_defaults(graph);
    pg_expand_attached(graph);
    expand_sequences(graph);
    pg_expand_shared_counters(graph);
    if (!pg_expand_routines(graph, err) || !pg_expand_types(graph, err))
        return false;
    pg_expand_rows(graph);
    replace_generated(graph);
    rename_counters(graph);
    free_counters(graph);
    free_identities(graph);
    free_not_nulls(graph);
    pg_expand_families(graph);
    pg_expand_validated(graph);
    pg_expand_logged(graph);
    pg_expand_extensions(graph);
    move_extensions_first(graph);
    if (graph->options && graph->options->online)
        keep_serving(graph);
    return true;
}
