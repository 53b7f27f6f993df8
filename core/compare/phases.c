#include "core/compare/phases.h"

#include <string.h>

#include "core/compare/phases_internal.h"
#include "core/revision/pieces.h"

const char *const phase_words[] = { "expand", "backfill", "contract" };

// ---- What is between the two

static bool same_or_none(const char *a, const char *b) { return strcmp(a ? a : "", b ? b : "") == 0; }

// A rename of a column is a drop and a create here; other renames are made by contract.
static bool split_renames(const Comparison *c, Arena *arena, RenameList *columns, RenameList *others,
                          Error *err)
{
    VEC_EACH (Rename, it, &c->made) {
        if (it->kind == OBJECT_COLUMN) {
            *VEC_PUSH(arena, columns) = *it;
            continue;
        }
        if (it->kind == OBJECT_TABLE && schema_table(&c->have, it->schema, it->from))
            return phase_refuses(err, it->at, "table %s is renamed to %s", it->from, it->to);
        *VEC_PUSH(arena, others) = *it;
    }
    return true;
}

static bool find_renamed(Between *b, Error *err)
{
    VEC_EACH (Rename, it, &b->column_renames) {
        Table *table = schema_table(b->schema, it->schema, it->table);
        const Table *want_table = schema_table(&b->c->want, it->schema, it->table);
        Column *old = table ? table_column(table, it->from) : NULL;
        const Column *want = want_table ? table_column(want_table, it->to) : NULL;
        if (!old || !want || table_column(table, it->to))
            continue; // made long ago
        if (!between_pair(b, table, old, want_table, want, it->to, err))
            return false;
    }
    return true;
}

static bool is_paired(const Between *b, const Change *change)
{
    const Object *object = change->have ? change->have : change->want;
    const Table *table = change->have ? change->have_table : change->want_table;
    if (object->kind != OBJECT_COLUMN)
        return false;
    VEC_EACH (Pair, pair, &b->pairs) {
        const Column *column = change->have ? pair->old : pair->fresh;
        if (same_or_none(pair->table->head.name, table->head.name) &&
            same_or_none(pair->table->head.schema, table->head.schema) &&
            strcmp(column->head.name, object->name) == 0)
            return true;
    }
    return false;
}

// The schema between: what the database has, and of the model what the old version of the application does not mind.
static bool make_between(Between *b, Error *err)
{
    VEC_EACH (Table *, table, &b->schema->tables)
        (*table)->ddl = NULL; // it is no text of this table any more
    if (!find_renamed(b, err))
        return false;
    VEC_EACH (const Change, change, &b->changes)
        if (!is_paired(b, change) && !between_take(b, change, err))
            return false;
    b->schema->depends_known = false;
    schema_sort(b->schema);
    return true;
}

// ---- The plans

static void append(Arena *arena, StatementList *out, const StatementList *from)
{
    VEC_EACH (const Statement, it, from)
        *VEC_PUSH(arena, out) = *it;
}

static Statement update(const Between *b, const Pair *pair, const char *to, const char *from,
                        const char *value, bool missing)
{
    StrBuf text;
    const Dialect *dialect = b->c->dialect;
    strbuf_init(&text, b->arena);
    sql(&text, dialect, KW("UPDATE"), QID(pair->table->head.schema, pair->table->head.name), KW("SET"),
        ID(to), KW("="), EXPR(value));
    if (missing)
        sql(&text, dialect, KW(" WHERE"), ID(to), KW("IS NULL AND"), ID(from), KW("IS NOT NULL"));
    return (Statement){ .sql = text.text };
}

// Contract drops the old column: every value must have reached the new one.
static Statement all_copied(const Between *b, const Pair *pair)
{
    StrBuf text;
    const Object *table = &pair->table->head;
    const char *old = pair->old->head.name, *fresh = pair->fresh->head.name;
    strbuf_init(&text, b->arena);
    sql(&text, b->c->dialect, KW("SELECT 1 FROM"), QID(table->schema, table->name), KW("WHERE"), ID(fresh),
        KW("IS NULL AND"), ID(old), KW("IS NOT NULL LIMIT 1"));
    return (Statement){ .sql = text.text,
                        .assertion =
                            arena_printf(b->arena,
                                         "column %s of %s does not have all values of %s: run the backfill "
                                         "again",
                                         fresh, table->name, old) };
}

static bool plan_expand(const Between *b, const PlanOptions *options, Phases *out, Error *err)
{
    Comparison c = *b->c;
    Plan up, down;
    c.want = *schema_copy(b->arena, b->schema);
    c.renames = (RenameList){ 0 };
    c.columns_ordered = false;
    if (!compare_schemas(b->arena, NULL, NULL, &c, err) ||
        !compare_plan_up(b->arena, &c, options, &up, err) ||
        !compare_plan_down(b->arena, &c, options, &down, err))
        return false;
    append(b->arena, &out->up[PHASE_EXPAND], &up.statements);
    VEC_EACH (const Pair, pair, &b->pairs) {
        append(b->arena, &out->up[PHASE_EXPAND], &pair->sync.make);
        append(b->arena, &out->down[PHASE_EXPAND], &pair->sync.drop);
    }
    append(b->arena, &out->down[PHASE_EXPAND], &down.statements);
    return true;
}

enum { ROWS_OF_A_PIECE = 1000 };

// A long UPDATE would hold up both versions of the application: it is divided, where the table has a key for that.
static void divide(const Between *b, const Table *table, Statement *statement)
{
    StrBuf text;
    const PartList *key = batch_key_of(table);
    if (!key)
        return;
    strbuf_init(&text, b->arena);
    strbuf_printf(&text, "%d by ", ROWS_OF_A_PIECE);
    VEC_EACH (const Part, it, key) {
        strbuf_puts(&text, it == key->items ? "" : ", ");
        b->c->dialect->put_identifier(&text, it->column);
    }
    statement->batch = text.text;
    statement->no_transaction = true;
}

static void plan_backfill(const Between *b, Phases *out)
{
    VEC_EACH (const Pair, pair, &b->pairs) {
        Statement *statement = VEC_PUSH(b->arena, &out->up[PHASE_BACKFILL]);
        *statement = update(b, pair, pair->fresh->head.name, pair->old->head.name, pair->sync.forth, true);
        divide(b, pair->table, statement);
    }
}

// The renames that are left, and the new columns that take the names of the old ones.
static void renames_of_contract(const Between *b, RenameList *out)
{
    VEC_EACH (const Rename, it, &b->other_renames)
        *VEC_PUSH(b->arena, out) = *it;
    VEC_EACH (const Pair, pair, &b->pairs)
        if (strcmp(pair->fresh->head.name, pair->want->head.name) != 0)
            *VEC_PUSH(b->arena, out) = (Rename){ .kind = OBJECT_COLUMN,
                                                 .schema = pair->table->head.schema,
                                                 .table = pair->table->head.name,
                                                 .from = pair->fresh->head.name,
                                                 .to = pair->want->head.name };
}

// The contract phase starts from the schema in which both columns exist. Its first statements prove that every
// row was copied, before the old column goes; the way down fills it again from the new one.
static bool plan_contract(const Between *b, const PlanOptions *options, Phases *out, Error *err)
{
    Comparison c = *b->c;
    Plan up, down;
    c.have = *schema_copy(b->arena, b->schema);
    c.renames = (RenameList){ 0 };
    renames_of_contract(b, &c.renames);
    if (!compare_schemas(b->arena, NULL, NULL, &c, err) ||
        !compare_plan_up(b->arena, &c, options, &up, err) ||
        !compare_plan_down(b->arena, &c, options, &down, err))
        return false;
    VEC_EACH (const Pair, pair, &b->pairs)
        *VEC_PUSH(b->arena, &out->up[PHASE_CONTRACT]) = all_copied(b, pair);
    VEC_EACH (const Pair, pair, &b->pairs)
        append(b->arena, &out->up[PHASE_CONTRACT], &pair->sync.drop);
    append(b->arena, &out->up[PHASE_CONTRACT], &up.statements);
    append(b->arena, &out->down[PHASE_CONTRACT], &down.statements);
    VEC_EACH (const Pair, pair, &b->pairs) {
        *VEC_PUSH(b->arena, &out->down[PHASE_CONTRACT]) =
            update(b, pair, pair->old->head.name, pair->fresh->head.name, pair->sync.back, false);
        append(b->arena, &out->down[PHASE_CONTRACT], &pair->sync.make);
    }
    return true;
}

bool phases_plan(Arena *arena, const Comparison *c, const PlanOptions *options, Phases *out, Error *err)
{
    Between b = { .arena = arena, .c = c };
    Comparison split = *c;
    *out = (Phases){ 0 };
    if (!split_renames(c, arena, &b.column_renames, &b.other_renames, err))
        return false;
    split.renames = b.other_renames;
    if (!compare_schemas(arena, NULL, NULL, &split, err))
        return false;
    b.changes = split.changes;
    b.schema = schema_copy(arena, &c->have);
    b.model = schema_copy(arena, &c->want);
    return make_between(&b, err) && plan_expand(&b, options, out, err) && (plan_backfill(&b, out), true) &&
           plan_contract(&b, options, out, err);
}
