// The rows of other tables that a table refers to: its foreign keys, and those of its partitions, with what they may take.
#include <string.h>
#include <strings.h>

#include "core/rows/internal.h"

enum { POOL = 200 }; // rows of a referred table that are looked at

static bool same_name(const Maker *maker, const char *a, const char *b)
{
    if (maker->dialect->caps & (FOLDS_NAME_CASE | FOLDS_COLUMN_CASE))
        return a && b && strcasecmp(a, b) == 0;
    return same_text(a, b);
}

typedef struct PoolReader {
    const Maker *maker;
    const RowsKey *key;
    const Column **columns; // referred
    RowsKey *out;
} PoolReader;

static bool take_pool_row(void *payload, const Row *row, Error *err)
{
    PoolReader *reader = payload;
    Arena *arena = reader->maker->arena;
    (void)err;
    const char **values = arena_alloc(arena, (reader->key->count + 1) * sizeof(*values));
    for (size_t i = 0; i < reader->key->count; i++) {
        const char *text = row_value(row, i);
        if (!text)
            return true;
        StrBuf again;
        strbuf_init(&again, arena);
        reader->maker->dialect->put_value_again(&again, reader->columns[i]->type, text);
        values[i] = again.text;
    }
    *VEC_PUSH(arena, &reader->out->pool) = values;
    return true;
}

// The columns that the key refers to, in its order; NULL where one is not there.
static const Column **referred_columns(const Maker *maker, const RowsKey *key)
{
    const Column **columns = arena_alloc(maker->arena, (key->count + 1) * sizeof(*columns));
    const Constraint *primary = table_primary_key(key->referred);
    const NameList *named = &key->constraint->referred_columns;
    for (size_t i = 0; i < key->count; i++) {
        const char *name = named->count                          ? named->items[i]
                           : primary && i < primary->parts.count ? primary->parts.items[i].column
                                                                 : NULL;
        VEC_EACH (Column *, it, &key->referred->columns)
            if (name && same_name(maker, (*it)->head.name, name))
                columns[i] = *it;
        if (!columns[i])
            return NULL;
    }
    return columns;
}

bool key_read_pool(Maker *maker, RowsKey *key, Error *err)
{
    PoolReader reader = { .maker = maker, .key = key, .out = key };
    StrBuf query;
    const char *refusal;
    key->pool.count = 0;
    reader.columns = referred_columns(maker, key);
    if (!reader.columns)
        return true;
    strbuf_init(&query, maker->arena);
    strbuf_puts(&query, "SELECT ");
    for (size_t i = 0; i < key->count; i++) {
        StrBuf name;
        strbuf_init(&name, maker->arena);
        maker->dialect->put_identifier(&name, reader.columns[i]->head.name);
        strbuf_puts(&query, i ? ", " : "");
        maker->dialect->put_value_text(&query, reader.columns[i]->type, name.text);
    }
    strbuf_puts(&query, " FROM ");
    table_put_name(maker, &query, key->referred);
    strbuf_puts(&query, " ORDER BY 1");
    for (size_t i = 1; i < key->count; i++)
        strbuf_printf(&query, ", %zu", i + 1);
    strbuf_printf(&query, " LIMIT %d", POOL);
    VEC_EACH (ReadPool, it, &maker->pools)
        if (strcmp(it->query, query.text) == 0) {
            key->pool = it->rows;
            return true;
        }
    // refused where the table is not there any more: of a schema that was
    if (!ask_query(maker, query.text, take_pool_row, &reader, &refusal, err))
        return false;
    if (maker->trying && key->pool.count)
        *VEC_PUSH(maker->arena, &maker->pools) = (ReadPool){ query.text, key->pool };
    return true;
}

// Two tables that refer to each other and can do neither without: the first is made with keys that the other will have, and the
// engine is told to look later.
static bool promise_keys(Maker *maker, const RowsTable *t, RowsKey *key, Error *err)
{
    const Constraint *primary = table_primary_key(key->referred);
    const Column **columns = referred_columns(maker, key);
    const char *refusal;
    StrBuf wait;
    if (!primary || !columns || key->count != 1 || primary->parts.count != 1 ||
        !parts_have_column(&primary->parts, columns[0]->head.name))
        return true;
    TypeValues type = { 0 };
    maker->dialect->value_type(maker->arena, maker->schema, key->referred, columns[0], &type);
    for (size_t n = 0; n < maker->wanted; n++) {
        const char **values = arena_alloc(maker->arena, sizeof(*values) * 2);
        values[0] = value_key(maker->arena, maker->dialect, &type, n);
        if (values[0])
            *VEC_PUSH(maker->arena, &key->pool) = values;
    }
    *VEC_PUSH(maker->arena, &maker->promises) =
        (Promise){ .from = t->table,
                   .to = key->referred,
                   .key = key->constraint,
                   .column = t->columns[key->columns[0]].column->head.name,
                   .referred = columns[0]->head.name };
    strbuf_init(&wait, maker->arena);
    maker->dialect->put_key_waits(&wait, key->constraint, true);
    return !wait.length || ask_exec(maker, wait.text, &refusal, err);
}

static bool note_missing(void *payload, const Row *row, Error *err)
{
    (void)row;
    (void)err;
    *(bool *)payload = true;
    return true;
}

// Is every row there that the key refers to? The engine may not have looked.
static bool is_kept(Maker *maker, const Promise *promise, bool *out, Error *err)
{
    const Dialect *dialect = maker->dialect;
    const char *refusal;
    bool missing = false;
    StrBuf query;
    strbuf_init(&query, maker->arena);
    strbuf_puts(&query, "SELECT 1 FROM ");
    table_put_name(maker, &query, promise->from);
    strbuf_puts(&query, " AS a WHERE NOT EXISTS (SELECT 1 FROM ");
    table_put_name(maker, &query, promise->to);
    strbuf_puts(&query, " AS b WHERE b.");
    dialect->put_identifier(&query, promise->referred);
    strbuf_puts(&query, " = a.");
    dialect->put_identifier(&query, promise->column);
    strbuf_puts(&query, ") LIMIT 1");
    if (!ask_query(maker, query.text, note_missing, &missing, &refusal, err))
        return false;
    *out = !refusal && !missing;
    return true;
}

static bool is_broken(Maker *maker, const Promise *promise, Error *err)
{
    const char *words = arena_printf(maker->arena, "foreign key %s: table %s has no rows for it",
                                     promise->key->head.name ? promise->key->head.name : promise->column,
                                     promise->to->head.name);
    *VEC_PUSH(maker->arena, &maker->ended_by) = (EndedBy){ promise->from, words };
    maker->ended = true;
    return error_set(err, ERR_SQL, "%s", words);
}

// Once all of them are kept: an engine does not let go of one key while another waits (pending events of PostgreSQL's).
static bool look_at_all(Maker *maker, Error *err)
{
    const char *refusal = NULL;
    Promise *first = NULL;
    VEC_EACH (Promise, it, &maker->promises) {
        if (!it->kept)
            return true;
        first = first || it->looked_at ? first : it;
    }
    if (!first)
        return true;
    if (maker->dialect->keys_look_now && !ask_exec(maker, maker->dialect->keys_look_now, &refusal, err))
        return false;
    if (refusal)
        return is_broken(maker, first, err);
    VEC_EACH (Promise, it, &maker->promises) {
        StrBuf look;
        strbuf_init(&look, maker->arena);
        maker->dialect->put_key_waits(&look, it->key, false);
        if (!it->looked_at && look.length && !ask_exec(maker, look.text, &refusal, err))
            return false;
        if (refusal)
            return is_broken(maker, it, err);
        it->looked_at = true;
    }
    return true;
}

bool keys_settle(Maker *maker, const Table *filled, Error *err)
{
    VEC_EACH (Promise, it, &maker->promises) {
        if (it->kept || (filled && it->to != filled))
            continue;
        if (!is_kept(maker, it, &it->kept, err))
            return false;
        if (!it->kept)
            return is_broken(maker, it, err);
    }
    return look_at_all(maker, err);
}

void keys_look_again(Maker *maker)
{
    VEC_EACH (Promise, it, &maker->promises) {
        StrBuf look;
        Error ignored = { 0 };
        strbuf_init(&look, maker->arena);
        maker->dialect->put_key_waits(&look, it->key, false);
        if (!it->looked_at && look.length)
            (void)maker->db->driver->exec(maker->db, look.text, &ignored);
    }
}

// Does it refer, by keys that must not be NULL, to this table again?
static bool refers_back(const Maker *maker, const Table *from, const Table *to, int depth)
{
    VEC_EACH (Constraint *, it, &from->constraints) {
        const Table *referred =
            (*it)->head.kind == OBJECT_FOREIGN_KEY ? table_referred(maker->schema, *it) : NULL;
        if (referred && (referred == to ||
                         (depth > 0 && referred != from && refers_back(maker, referred, to, depth - 1))))
            return true;
    }
    return false;
}

// Reads the rows that a key may refer to. A key to an empty table is set later where it may be NULL; where
// both tables need each other the rows are promised first.
static bool look_at_key(Maker *maker, RowsTable *t, const Constraint *constraint, const char **refused,
                        Error *err)
{
    RowsKey key = { .constraint = constraint, .referred = table_referred(maker->schema, constraint) };
    const char *title = constraint->head.name ? constraint->head.name : constraint->referred_table;
    if (constraint->not_enforced || !constraint->parts.count)
        return true;
    key.columns = arena_alloc(maker->arena, (constraint->parts.count + 1) * sizeof(*key.columns));
    VEC_EACH (Part, part, &constraint->parts) {
        size_t number;
        if (!table_column_number(t, part->column, &number))
            return true;
        key.columns[key.count++] = number;
        key.nullable |= t->columns[number].column->nullable;
    }
    key.itself = key.referred == t->table;
    if (key.referred && !key_read_pool(maker, &key, err))
        return false;
    if (!key.pool.count && !key.nullable && !key.itself && key.referred && !maker->trying &&
        refers_back(maker, key.referred, t->table, 3) && !promise_keys(maker, t, &key, err))
        return false;
    if (!key.pool.count && !key.nullable && !key.itself && !*refused)
        *refused = arena_printf(maker->arena, "foreign key %s: table %s has no rows", title,
                                constraint->referred_table);
    key.later = key.nullable && (key.itself || !key.pool.count);
    *VEC_PUSH(maker->arena, &t->keys) = key;
    return true;
}

// --- all of them -------------------------------------------------------------

static bool is_looked_at(const RowsTable *t, const Constraint *constraint)
{
    VEC_EACH (const RowsKey, key, &t->keys) {
        const PartList *a = &key->constraint->parts, *b = &constraint->parts;
        bool same = same_text(key->constraint->referred_table, constraint->referred_table) &&
                    same_text(key->constraint->referred_schema, constraint->referred_schema) &&
                    a->count == b->count;
        for (size_t i = 0; same && i < a->count; i++)
            same = same_text(a->items[i].column, b->items[i].column);
        if (same)
            return true;
    }
    return false;
}

// Its own, and those that only its partitions have: its rows go there.
bool keys_find(Maker *maker, RowsTable *t, const char **refused, Error *err)
{
    VEC_EACH (Table *, table, &maker->schema->tables) {
        if (*table != t->table && (!table_is_partition(*table) || table_root(maker, *table) != t->table))
            continue;
        VEC_EACH (Constraint *, it, &(*table)->constraints)
            if ((*it)->head.kind == OBJECT_FOREIGN_KEY && (*table == t->table || !is_looked_at(t, *it)) &&
                !look_at_key(maker, t, *it, refused, err))
                return false;
    }
    return true;
}
