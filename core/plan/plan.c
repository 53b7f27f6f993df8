#include "core/plan/plan.h"

#include "core/plan/plan_internal.h"

// A foreign key whose target is there before its own table is made may stand in CREATE TABLE itself.
static void fold_foreign_keys(Planner *p, StepList *steps)
{
    for (size_t i = 0; i < steps->count; i++)
        steps->items[i]->rank = i;
    size_t kept = 0;
    for (size_t i = 0; i < steps->count; i++) {
        Step *step = steps->items[i];
        Step *table = step->kind == STEP_CREATE && step->want->kind == OBJECT_FOREIGN_KEY && step->want_table
                          ? p->create_of[step->want_table->head.slot]
                          : NULL;
        bool folds = table != NULL && !step->restores;
        if (folds)
            VEC_EACH (Step *, before, &step->after)
                folds &= *before == table || (*before)->rank < table->rank;
        if (!folds) {
            steps->items[kept++] = step;
            continue;
        }
        size_t later = 0;
        for (size_t k = 0; k < table->later.count; k++)
            if (&table->later.items[k]->head != step->want)
                table->later.items[later++] = table->later.items[k];
        table->later.count = later;
    }
    steps->count = kept;
}

static bool loses_rows(const Object *object)
{
    // a step that drops has what is dropped
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    return object->kind == OBJECT_TABLE ||
           (object->kind == OBJECT_COLUMN && !((const Column *)(const void *)object)->generated &&
            !option_is(&object->options, "inherited")); // its parent's stays
}

// Values that an enum no longer has.
static void say_lost_values(Arena *arena, const Object *have, const Object *want, StrBuf *said)
{
    const char *lost = enum_values_lost(arena, have, want);
    if (lost)
        strbuf_printf(said, "%sdrops values of %s %s: %s", said->length ? "; " : "",
                      object_kinds[have->kind].word, have->name, lost);
}

// Stored values that another expression computes from now on.
static void say_computed_otherwise(const Planner *p, Step *step, const Object *have, const Object *want,
                                   StrBuf *said)
{
    Arena *arena = p->arena;
    if (have->kind != OBJECT_COLUMN || !want || want->kind != OBJECT_COLUMN)
        return;
    const Column *old = (const Column *)(const void *)have, *new = (const Column *)(const void *)want;
    if (!old->generated || !old->stored || !new->generated ||
        p->dialect->same_sql(arena, old->generated, new->generated)) // it may only have been stated again
        return;
    step->risk.loses_data = true;
    step->risk.note = arena_printf(arena, "column %s of table %s is computed differently", new->head.name,
                                   new->head.table ? new->head.table : "?");
    strbuf_printf(said, "%smay lose data: %s", said->length ? "; " : "", step->risk.note);
}

static void say_altered(const Planner *p, Step *step, const Object *have, const Object *want, StrBuf *said)
{
    say_lost_values(p->arena, have, want, said);
    say_computed_otherwise(p, step, have, want, said);
}

// The object as it is after the renames, which a change that renames it does not have.
static const Object *after_renames(const Change *change)
{
    const Column *column = change->have->kind == OBJECT_COLUMN && change->want && change->have_table
                               ? table_column(change->have_table, change->want->name)
                               : NULL;
    return column ? &column->head : change->have;
}

// A step that asks about the rows before anything is done: another step does what it asks for.
static bool only_asks(const StatementList *statements, size_t first)
{
    for (size_t i = first; i < statements->count; i++)
        if (!statements->items[i].assertion)
            return false;
    return first < statements->count;
}

// What is dropped for good, and not only to make way: above the first statement of the step.
static void say_loss(const Planner *p, Step *step, const StatementList *statements, size_t first)
{
    Arena *arena = p->arena;
    if (only_asks(statements, first))
        return;
    const bool whole = step->risk.loses_data && step->kind == STEP_REBUILD;
    for (size_t i = first; i < statements->count; i++) {
        Statement *statement = &statements->items[i];
        if (!statement->loss)
            continue;
        step->risk.loses_data = true;
        step->risk.note = statement->loss;
        statement->warning = arena_printf(arena, "may lose data: %s", statement->loss);
    }
    const char *table = step->have_table ? step->have_table->head.name
                        : step->have     ? step->have->table
                                         : NULL;
    bool several = false;
    StrBuf columns, said;
    strbuf_init(&columns, arena);
    strbuf_init(&said, arena);
    VEC_EACH (Change, change, &step->changes)
        if (change->kind == CHANGE_DROP && change->have->kind == OBJECT_COLUMN && loses_rows(change->have)) {
            several = columns.length > 0;
            strbuf_printf(&columns, "%s%s", several ? ", " : "", change->have->name);
        }
    if (step->kind == STEP_DROP && !step->restores && loses_rows(step->have)) {
        if (step->have->kind == OBJECT_TABLE)
            strbuf_printf(&said, "loses data: the rows of table %s", step->have->name);
        else
            strbuf_puts(&columns, step->have->name);
    }
    if (step->kind == STEP_DROP && !step->restores && step->have->kind == OBJECT_SEQUENCE)
        strbuf_printf(&said, "loses data: the counter of sequence %s", step->have->name);
    if (whole && step->risk.lost)
        strbuf_printf(&said, "loses data: %s%s%s", step->risk.lost, columns.length ? "; columns " : "",
                      columns.text ? columns.text : "");
    else if (whole)
        strbuf_printf(&said, "loses data: the rows of table %s", table);
    else if (columns.length)
        strbuf_printf(&said, "loses data: column%s %s of table %s", several ? "s" : "", columns.text,
                      table ? table : "?");
    step->risk.loses_data |= said.length > 0;
    VEC_EACH (Change, change, &step->changes)
        if (change->kind == CHANGE_ALTER)
            say_altered(p, step, after_renames(change), change->want, &said);
    if (!step->changes.count && step->kind == STEP_ALTER)
        say_altered(p, step, step->have, step->want, &said);
    if (!said.length || first == statements->count)
        return;
    Statement *statement = &statements->items[first];
    if (statement->warning)
        strbuf_printf(&said, "; %s", statement->warning);
    statement->warning = said.text;
}

// Where the statements of each step are after some of them were joined: a statement may be of several steps.
static void move_steps(const Plan *plan, const size_t *places)
{
    VEC_EACH (Step *, it, &plan->steps) {
        Step *step = *it;
        size_t from = SIZE_MAX, to = 0;
        for (size_t i = 0; i < step->statement_count; i++) {
            size_t place = places[step->first_statement + i];
            from = place < from ? place : from;
            to = place > to ? place : to;
        }
        if (!step->statement_count)
            continue;
        step->first_statement = from;
        step->statement_count = to - from + 1;
    }
}

static void join_statements(Arena *arena, const Dialect *dialect, Plan *plan)
{
    if (!dialect->join)
        return;
    StatementList joined = { 0 };
    size_t *places = arena_alloc(arena, (plan->statements.count + 1) * sizeof(size_t));
    dialect->join(arena, &plan->statements, &joined, places);
    plan->statements = joined;
    move_steps(plan, places);
}

static void put_warnings(Arena *arena, StatementList *statements)
{
    VEC_EACH (Statement, it, statements)
        if (it->warning)
            it->comment = it->comment ? arena_printf(arena, "%s; %s", it->warning, it->comment) : it->warning;
}

// An object that a statement must name: the engine gives it a name where the model does not, and only a database can
// tell which.
static bool is_named(const Dialect *dialect, const Object *have, Error *err)
{
    bool by_name = have && have->kind >= OBJECT_PRIMARY_KEY && have->kind <= OBJECT_FOREIGN_KEY &&
                   (dialect->caps & NEEDS_CONSTRAINT_NAMES) &&
                   !(have->kind == OBJECT_PRIMARY_KEY && (dialect->caps & KEYS_HAVE_NO_NAME));
    // a check without a name that is part of its column is stated again with it
    bool in_column = have && have->kind == OBJECT_CHECK && (dialect->caps & MERGES_TABLE_CHANGES) &&
                     ((const Constraint *)(const void *)have)->column;
    if (!by_name || have->name || in_column)
        return true;
    error_at(err, ERR_UNSUPPORTED, have->at,
             "the %s of table '%s' has no name: no statement can change or drop it",
             object_kinds[have->kind].word, have->table ? have->table : "?");
    return error_hint(err, "Name it, or compare with a database, which knows the name that it has there.");
}

static bool all_named(const Dialect *dialect, const Step *step, Error *err)
{
    if (step->kind == STEP_SQL || step->kind == STEP_REBUILD)
        return true;
    if (!is_named(dialect, step->have, err))
        return false;
    VEC_EACH (Change, change, &step->changes)
        if (!is_named(dialect, change->have, err))
            return false;
    return true;
}

// The stages of docs/internals/planner.md in their order. What depends on replaced objects is taken down
// twice, because the engine's passes may replace further ones.
bool plan_build(Arena *arena, const Dialect *dialect, const Schema *have, const Schema *want,
                const ChangeList *changes, const RenameList *renames, const PlanOptions *options, Plan *out,
                Error *err)
{
    static const PlanOptions defaults = { 0 };
    static const RenameList none = { 0 };
    *out = (Plan){ 0 };
    if (!changes->count)
        return true;
    Planner p = { .arena = arena, .dialect = dialect };
    sides_build(arena, dialect, have, &p.have);
    sides_build(arena, dialect, want, &p.want);
    sides_share(arena, &p.have, &p.want);
    sides_share(arena, &p.want, &p.have);
    p.drop_of = arena_alloc(arena, (p.have.count + 1) * sizeof(Step *));
    p.touch_of = arena_alloc(arena, (p.have.count + 1) * sizeof(Step *));
    p.create_of = arena_alloc(arena, (p.want.count + 1) * sizeof(Step *));
    p.alter_of = arena_alloc(arena, (p.want.count + 1) * sizeof(Step *));
    p.graph = (StepGraph){ .arena = arena,
                           .have = have,
                           .want = want,
                           .renames = renames ? renames : &none,
                           .options = options ? options : &defaults };
    if (!steps_build(&p, changes, err))
        return false;
    steps_take_down(&p);
    if (dialect->expand && !dialect->expand(&p.graph, err))
        return false;
    steps_take_down(&p);
    steps_untangle_renames(&p);
    edges_build(&p);
    if (!steps_order(&p, &out->steps, err))
        return false;
    if (dialect->caps & FOLDS_FOREIGN_KEYS)
        fold_foreign_keys(&p, &out->steps);
    VEC_EACH (Step *, step, &out->steps) {
        size_t first = out->statements.count;
        if (!all_named(dialect, *step, err) ||
            !dialect->render(arena, &p.graph, *step, &out->statements, err))
            return false;
        say_loss(&p, *step, &out->statements, first);
        (*step)->first_statement = first;
        (*step)->statement_count = out->statements.count - first;
        for (size_t i = first; i < out->statements.count; i++)
            out->statements.items[i].step = *step;
    }
    join_statements(arena, dialect, out);
    put_warnings(arena, &out->statements);
    return true;
}
