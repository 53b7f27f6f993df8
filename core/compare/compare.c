#include "core/compare/compare.h"

#include <string.h>

#include "core/compare/kept_partitions.h"
#include "core/model/spelling.h"
#include "core/schema/schema_read.h"

// A model that names the usual schema, or that which its connections work in, does not ask for it to be made: both are never read
// from a database, but for a comment of the usual one. `with_comment`: drop it with its comment, too.
static void drop_default_schema(const char *name, bool with_comment, Schema *model)
{
    size_t kept = 0;
    VEC_EACH (Object *, object, &model->objects)
        if ((*object)->kind != OBJECT_SCHEMA || strcmp((*object)->name, name) != 0 ||
            ((*object)->comment && !with_comment))
            model->objects.items[kept++] = *object;
    model->objects.count = kept;
}

bool compare_model(Arena *arena, const NameList *paths, const Filter *filter, const Dialect *dialect,
                   Schema *out, RenameList *renames, Error *err)
{
    const char *place = filter ? filter->default_schema : NULL, *usual = dialect->default_schema;
    if (!schema_read(arena, paths, dialect, place, out, renames, err))
        return false;
    if (usual)
        drop_default_schema(usual, false, out);
    if (usual && place && strcmp(place, usual) != 0)
        drop_default_schema(place, true, out);
    filter_model(arena, filter, out);
    schema_sort(out);
    return true;
}

// A schema without a server of its own (a model, a file) is meant for the server of the other side.
static void share_server(Comparison *c)
{
    if (!c->want.server.flavor)
        c->want.server = c->have.server;
    else if (!c->have.server.flavor)
        c->have.server = c->want.server;
}

// What a dump says of each materialized view, that it has no rows yet, is no wish.
static void share_unsaid(const Comparison *c)
{
    VEC_EACH (Object *, object, &c->want.objects) {
        View *want = (*object)->kind == OBJECT_VIEW ? (View *)(void *)*object : NULL;
        const Object *have = want && want->data_unsaid ? schema_counterpart(&c->have, *object) : NULL;
        if (have)
            want->with_no_data = ((const View *)(const void *)have)->with_no_data;
    }
}

static bool ask_database(void *payload, Arena *arena, const Schema *have, const RenameMoveList *moves,
                         Schema *copy, Error *err)
{
    Db *db = payload;
    return db->driver->follow_renames(db, arena, have, moves, copy, err);
}

// Fills `oracle` and returns it where the database can say what a rename does to other texts; else NULL.
static const RenameOracle *oracle_of(Db *db, RenameOracle *oracle)
{
    *oracle = (RenameOracle){ ask_database, db };
    return db && db->driver->follow_renames ? oracle : NULL;
}

static bool diff(Arena *arena, Comparison *c, KeptNameList *kept, Error *err)
{
    RenameOracle oracle;
    c->changes = (ChangeList){ 0 };
    c->made = (RenameList){ 0 };
    return renames_made(arena, c->dialect, &c->have, &c->want, &c->renames, &c->made, err) &&
           diff_schemas_asking(arena, c->dialect, &c->have, &c->want, &c->renames, oracle_of(c->db, &oracle),
                               &c->changes, kept, &c->renamed, err);
}

// What the convention named in the model has the name that it has in the database, before and after a revision: a statement of
// either way that drops it, or drops and creates it on the way, uses the name that exists.
static void keep_live_names(const KeptNameList *names)
{
    VEC_EACH (const KeptName, it, names)
        it->want->name = it->live;
}

static bool compare_rows(Arena *arena, const CompareEvents *events, Comparison *c, Error *err)
{
    data_close(&c->data);
    c->data = (DataDiff){ 0 };
    if (!c->db || !c->want.data.count || c->without_data)
        return true;
    const DataSides sides = { .have = &c->have,
                              .want = &c->want,
                              .renames = &c->made,
                              .environment = c->environment,
                              .allow_delete = c->allow_delete,
                              .spools = c->spools };
    if (events)
        events->begins(events->payload, "comparing declared rows");
    bool ok = data_diff(arena, c->db, &sides, &c->data, err);
    if (events)
        events->ended(events->payload);
    return ok;
}

// The second diff runs only where the first found something, so a comparison of equals costs no further question.
bool compare_schemas(Arena *arena, Db *db, const CompareEvents *events, Comparison *c, Error *err)
{
    c->db = db;
    share_server(c);
    share_unsaid(c);
    schema_spell_as(arena, &c->have, &c->want, &c->renames);
    if (c->dialect->caps & FOLDS_COLUMN_CASE)
        columns_spell_as(arena, &c->have, &c->want, &c->renames);
    c->have.columns_ordered = c->want.columns_ordered = c->columns_ordered;
    KeptNameList names = { 0 };
    if (!diff(arena, c, &names, err))
        return false;
    if (!c->changes.count || !db || !db->driver->canonicalise) {
        keep_live_names(&names);
        compare_reverse_value_renames(arena, c);
        return compare_rows(arena, events, c, err);
    }
    if (events)
        events->begins(events->payload, "asking the server for its own form of the model");
    const Schema kept = partitions_kept(arena, &c->want);
    bool ok = db->driver->canonicalise(db, arena, c->renamed, &c->want, &c->changes, err);
    if (events)
        events->ended(events->payload);
    if (!ok)
        return false;
    partitions_leave(arena, &kept, &c->renames,
                     c); // what shares the rows out in the same way may have been said in other words
    names = (KeptNameList){ 0 };
    if (!diff(arena, c, &names, err))
        return false;
    keep_live_names(&names);
    compare_reverse_value_renames(arena, c);
    compare_mark_uncertain(&c->changes);
    return compare_rows(arena, events, c, err);
}

// ---- Rows among the steps of a plan

// Does a step change a table whose rows change, or by which they are looked up, other than by a foreign key?
static bool touches(const Step *step, const DataDiff *data)
{
    const Object *object = step->want ? step->want : step->have;
    if (!object || object->kind == OBJECT_FOREIGN_KEY)
        return false;
    const Table *have = step->have_table, *want = step->want_table;
    if (object->kind == OBJECT_TABLE) {
        want = want ? want : (const Table *)(const void *)step->want;
        have = have ? have : (const Table *)(const void *)step->have;
    }
    VEC_EACH (const DataTable, it, &data->tables)
        if ((it->changes.count || it->spooled) && (data_reads(it, want) || data_reads(it, have)))
            return true;
    return false;
}

// Does a step ask, before anything is changed, about rows of a table whose rows change?
static bool asks_about(const Step *step, const DataDiff *data)
{
    if (step->kind != STEP_SQL || step->want || step->have || !step->have_table || step->spares_rows)
        return false;
    VEC_EACH (const DataTable, it, &data->tables)
        if ((it->changes.count || it->spooled) && data_reads(it, step->have_table))
            return true;
    return false;
}

static void insert_statements(Arena *arena, Plan *plan, size_t at, const StatementList *rows)
{
    StatementList all = { 0 };
    for (size_t i = 0; i <= plan->statements.count; i++) {
        if (i == at)
            VEC_EACH (Statement, row, rows)
                *VEC_PUSH(arena, &all) = *row;
        if (i < plan->statements.count)
            *VEC_PUSH(arena, &all) = plan->statements.items[i];
    }
    VEC_EACH (Step *, step, &plan->steps)
        if ((*step)->first_statement >= at)
            (*step)->first_statement += rows->count;
    plan->statements = all;
}

// As soon as their tables are as they shall be: a foreign key that a later step makes may need them.
static bool add_rows(Arena *arena, const Comparison *c, Plan *plan, Error *err)
{
    StatementList rows = { 0 };
    size_t at = 0;
    VEC_EACH (Step *, step, &plan->steps)
        if (touches(*step, &c->data) && (*step)->first_statement + (*step)->statement_count > at)
            at = (*step)->first_statement + (*step)->statement_count;
    if (!data_plan_up(arena, c->dialect, &c->data, &rows, err))
        return false;
    insert_statements(arena, plan, at, &rows);
    return true;
}

// What a step asks, before anything is changed, of every row of a table, it asks of those that the rows' statements leave alone:
// these may come later then. Where it is refused nothing is done, on an engine that takes nothing back, too.
static void spare_rows(Arena *arena, const Comparison *c, Plan *plan, Step *step)
{
    StrBuf going;
    strbuf_init(&going, arena);
    for (size_t i = 0; i < step->statement_count; i++)
        if (!plan->statements.items[step->first_statement + i].condition_at)
            return;
    if (!asks_about(step, &c->data) || !data_put_touched(&going, &c->data, step->have_table))
        return;
    for (size_t i = 0; going.length && i < step->statement_count; i++) {
        Statement *it = &plan->statements.items[step->first_statement + i];
        const int before = (int)it->condition_at, length = (int)(it->condition_end - it->condition_at);
        it->sql = arena_printf(arena, "%.*s(%.*s)\n  AND NOT (%s)%s", before, it->sql, length,
                               it->sql + before, going.text, it->sql + it->condition_end);
    }
    step->spares_rows = true;
}

// And as late as may be before their tables become what they were, or are asked whether they can: a row that goes is not in
// the way.
static void take_rows_back(Arena *arena, const Comparison *c, Plan *plan)
{
    StatementList rows = { 0 };
    size_t at = plan->statements.count;
    VEC_EACH (Step *, step, &plan->steps)
        spare_rows(arena, c, plan, *step);
    VEC_EACH (Step *, step, &plan->steps)
        if ((touches(*step, &c->data) || asks_about(*step, &c->data)) && (*step)->first_statement < at)
            at = (*step)->first_statement;
    data_plan_down(arena, c->dialect, &c->data, &rows);
    insert_statements(arena, plan, at, &rows);
}

// Does the database have the schema, or the model declare it? A new extension may bring one of its own.
static bool has_schema(const Comparison *c, const char *name)
{
    VEC_EACH (Object *, it, &c->want.objects)
        if (((*it)->kind == OBJECT_SCHEMA && strcmp((*it)->name, name) == 0) ||
            ((*it)->kind == OBJECT_EXTENSION && !schema_counterpart(&c->have, *it)))
            return true;
    return schema_object(&c->have, OBJECT_SCHEMA, NULL, NULL, name) ||
           same_text(name, c->dialect->default_schema) || same_text(name, c->have.server.default_schema);
}

// What lies in a schema that nobody makes would fail only as the revision runs.
static bool refuse_schema_of_nobody(const Comparison *c, Error *err)
{
    VEC_EACH (const Change, it, &c->changes) {
        const Object *want = it->kind == CHANGE_CREATE ? it->want : NULL;
        if (!want || !want->at.file || !want->schema || object_kind_is_part(want->kind) ||
            has_schema(c, want->schema))
            continue;
        error_at(err, ERR_SCHEMA, want->at,
                 "the schema '%s' of %s '%s' is not in the database, and the model does not declare it",
                 want->schema, object_kinds[want->kind].word, want->name);
        return error_hint(err, "Write into the model: schemas: [%s]", want->schema);
    }
    return true;
}

bool compare_plan_up(Arena *arena, const Comparison *c, const PlanOptions *options, Plan *out, Error *err)
{
    return (!(c->dialect->caps & CAN_SCHEMAS) || refuse_schema_of_nobody(c, err)) &&
           plan_build(arena, c->dialect, c->renamed, &c->want, &c->changes, &c->made, options, out, err) &&
           (!(c->data.count || c->data.problems.count) || add_rows(arena, c, out, err));
}

bool compare_plan_down(Arena *arena, const Comparison *c, const PlanOptions *options, Plan *out, Error *err)
{
    PlanOptions how = options ? *options : (PlanOptions){ 0 };
    how.undoes = true;
    RenameList back = { 0 };
    ChangeList changes = { 0 };
    const Schema *from = NULL;
    RenameOracle oracle;
    return renames_reversed(arena, c->dialect, &c->have, &c->want, &c->renames, &back, err) &&
           diff_schemas_asking(arena, c->dialect, &c->want, &c->have, &back, oracle_of(c->db, &oracle),
                               &changes, NULL, &from, err) &&
           plan_build(arena, c->dialect, from, &c->have, &changes, &back, &how, out, err) &&
           (c->data.count ? take_rows_back(arena, c, out) : (void)0, true);
}
