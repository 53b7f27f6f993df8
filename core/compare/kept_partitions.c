#include "core/compare/kept_partitions.h"

#include <string.h>

#include "core/compare/copies.h"
#include "core/dialect/dialect.h"

#define PARTITIONS   "partitions" // of a table of the model: "ignored"
#define PARTITION_OF "partition_of"
#define PARTITION_BY "partition_by"

// A table whose partitions a job keeps, on the two sides.
typedef struct Keeping {
    Arena *arena;
    Comparison *c;
    const Table *have, *want;
    TableList added; // to `want`
} Keeping;

static const Table *partitioned(Arena *arena, const Schema *schema, const Table *partition)
{
    const char *list = option_get(&partition->head.options, PARTITION_OF);
    NameList parts = { 0 };
    if (!list || !name_split(arena, list, &parts) || !parts.count)
        return NULL;
    return schema_table(schema, parts.count > 1 ? parts.items[0] : NULL, parts.items[parts.count - 1]);
}

// A partition of a partition is one of the whole. A model may hold a cycle, which is refused elsewhere.
static bool is_partition_of(Arena *arena, const Schema *schema, const Table *table, const Table *whole)
{
    enum { MOST_LEVELS = 32 };
    for (int level = 0; table && level < MOST_LEVELS; level++)
        if ((table = partitioned(arena, schema, table)) == whole)
            return table != NULL;
    return false;
}

static const char *new_name(const RenameList *renames, const Table *table)
{
    VEC_EACH (Rename, it, renames)
        if (it->kind == OBJECT_TABLE && strcmp(it->from, table->head.name) == 0 &&
            same_text(it->schema, table->head.schema))
            return it->to;
    return table->head.name;
}

// A table of the model in a schema of before its renames: by its old name, where it has one there.
static const Table *old_table(const Schema *schema, const RenameList *renames, const Table *table)
{
    VEC_EACH (Rename, it, renames)
        if (it->kind == OBJECT_TABLE && strcmp(it->to, table->head.name) == 0 &&
            same_text(it->schema, table->head.schema)) {
            const Table *old = schema_table(schema, it->schema, it->from);
            if (old)
                return old;
        }
    return schema_table(schema, table->head.schema, table->head.name);
}

static void set_option(Arena *arena, Table *table, const char *key, const char *value)
{
    OptionList own = { 0 }; // the list is that of the table it was copied from
    VEC_EACH (Option, it, &table->head.options)
        *VEC_PUSH(arena, &own) = *it;
    option_set(arena, &own, key, value);
    table->head.options = own;
}

// ---- Partitions that are tables of their own

// What the whole no longer has goes from its partitions, too.
static void keep_columns_of(Table *partition, const Table *whole)
{
    size_t kept = 0;
    VEC_EACH (Column *, it, &partition->columns)
        if (!option_is(&(*it)->head.options, "inherited") || table_column(whole, (*it)->head.name))
            partition->columns.items[kept++] = *it;
    partition->columns.count = kept;
}

static void take_over(Keeping *k, const Table *have)
{
    const Table *above = partitioned(k->arena, &k->c->have, have);
    Table *copy = table_copied(k->arena, have);
    keep_columns_of(copy, k->want);
    set_option(k->arena, copy, PARTITION_OF,
               name_join(k->arena, above->head.schema, new_name(&k->c->renames, above)));
    *VEC_PUSH(k->arena, &k->added) = copy;
}

// What lies on the partitions that were taken over (triggers, policies) comes with them.
static void take_over_objects(const Keeping *k, ObjectList *out)
{
    VEC_EACH (Object *, it, &k->c->have.objects)
        VEC_EACH (Table *, table, &k->added)
            if ((*it)->table && same_text((*it)->schema, (*table)->head.schema) &&
                strcmp((*it)->table, (*table)->head.name) == 0)
                *VEC_PUSH(k->arena, out) = object_copied(k->arena, *it);
}

static bool is_taken(const TableList *taken, const char *schema, const char *name)
{
    VEC_EACH (Table *, it, taken)
        if (name && same_text((*it)->head.schema, schema) && strcmp((*it)->head.name, name) == 0)
            return true;
    return false;
}

// The wanted side without the tables of `gone` and what lies on them. Its lists may be the model's: those stay.
static void leave_out(Arena *arena, Schema *want, const TableList *gone)
{
    TableList tables = { 0 };
    ObjectList objects = { 0 };
    VEC_EACH (Table *, it, &want->tables)
        if (!is_taken(gone, (*it)->head.schema, (*it)->head.name))
            *VEC_PUSH(arena, &tables) = *it;
    VEC_EACH (Object *, it, &want->objects)
        if (!is_taken(gone, (*it)->schema, (*it)->table))
            *VEC_PUSH(arena, &objects) = *it;
    want->tables = tables;
    want->objects = objects;
}

static void keep_tables(Keeping *k)
{
    Comparison *c = k->c;
    TableList gone = { 0 };
    ObjectList objects = { 0 };
    VEC_EACH (Table *, it, &c->have.tables)
        if (is_partition_of(k->arena, &c->have, *it, k->have) &&
            !schema_table(&c->want, (*it)->head.schema, new_name(&c->renames, *it)))
            take_over(k, *it);
    VEC_EACH (Table *, it, &c->want.tables)
        if (is_partition_of(k->arena, &c->want, *it, k->want) && !old_table(&c->have, &c->renames, *it))
            *VEC_PUSH(k->arena, &gone) = *it;
    if (!k->added.count && !gone.count)
        return;
    take_over_objects(k, &objects);
    leave_out(k->arena, &c->want, &gone);
    schema_add_tables(k->arena, &c->want, &k->added);
    schema_add_objects(k->arena, &c->want, &objects);
    schema_sort(&c->want);
}

// ---- Partitions that the table's own text lists

// How the rows are shared out, without the partitions: RANGE (a) of RANGE (a) (PARTITION p VALUES …), HASH (a) of HASH (a) PARTITIONS 4.
static const char *without_partitions(Arena *arena, const char *text, unsigned rules)
{
    TokenList tokens = lex_all(arena, (Text){ text, strlen(text) }, rules);
    for (size_t i = 0; i + 1 < tokens.count; i++) {
        const Token *token = &tokens.items[i];
        bool list = token_is(token, "(") && token_is(token + 1, "partition");
        if (list || token_is(token, "partitions"))
            return arena_strndup(arena, text, (size_t)(token->text.p - text));
    }
    return text;
}

static void keep_list(const Keeping *k)
{
    const Dialect *dialect = k->c->dialect;
    const char *have = option_get(&k->have->head.options, PARTITION_BY);
    const char *want = option_get(&k->want->head.options, PARTITION_BY);
    if (!have || (want && !dialect->same_sql(k->arena, without_partitions(k->arena, have, dialect->lex),
                                             without_partitions(k->arena, want, dialect->lex))))
        return;
    Table *copy = table_copied(k->arena, k->want);
    set_option(k->arena, copy, PARTITION_BY, have);
    TableList tables = { 0 };
    VEC_EACH (Table *, it, &k->c->want.tables)
        *VEC_PUSH(k->arena, &tables) = *it == k->want ? copy : *it;
    k->c->want.tables = tables;
    schema_sort(&k->c->want);
}

Schema partitions_kept(Arena *arena, const Schema *model)
{
    Schema kept = { 0 };
    VEC_EACH (Table *, it, &model->tables)
        if (option_get(&(*it)->head.options, PARTITIONS)) {
            Table *copy = table_copied(arena, *it);
            set_option(arena, copy, PARTITIONS, "ignored"); // in a list of its own
            *VEC_PUSH(arena, &kept.tables) = copy;
        }
    schema_sort(&kept);
    return kept;
}

void partitions_leave(Arena *arena, const Schema *model, const RenameList *renames, Comparison *c)
{
    TableList ignored = { 0 };
    VEC_EACH (Table *, it, &model->tables)
        if (option_get(&(*it)->head.options, PARTITIONS))
            *VEC_PUSH(arena, &ignored) = *it;
    VEC_EACH (Table *, it, &ignored) {
        Keeping k = { .arena = arena, .c = c, .have = old_table(&c->have, renames, *it) };
        k.want = schema_table(&c->want, (*it)->head.schema, (*it)->head.name);
        if (k.want != *it) // two databases
            k.want = old_table(&c->want, renames, *it);
        if (!k.have || !k.want)
            continue;
        if (c->dialect->caps & MERGES_TABLE_CHANGES)
            keep_list(&k);
        else
            keep_tables(&k);
    }
}
