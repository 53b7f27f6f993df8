#include "core/rows/rows.h"

#include <stdlib.h>
#include <string.h>

#include "core/rows/internal.h"

// --- the order of tables ------------------------------------------------------

// A foreign key from one table to another, by their numbers.
typedef struct Reference {
    size_t to;
    bool needed; // no row without it
} Reference;

typedef struct Order {
    Maker *maker;
    const Table **tables;
    VEC(Reference) * references; // of each table, to others
    bool *done;
    size_t count;
} Order;

enum { NEEDED = 1000 }; // a table that cannot be done without weighs more than all that can

static size_t number_of(const Order *order, const Table *table)
{
    for (size_t i = 0; i < order->count; i++)
        if (order->tables[i] == table)
            return i;
    return SIZE_MAX; // not among those that get rows
}

static bool may_be_null(const Table *table, const Constraint *key)
{
    VEC_EACH (Part, part, &key->parts) {
        const Column *column = part->column ? table_column(table, part->column) : NULL;
        if (column && column->nullable)
            return true;
    }
    return false;
}

static void add_references(Order *order, const Table *table, size_t from)
{
    VEC_EACH (Constraint *, it, &table->constraints) {
        const Table *referred =
            (*it)->head.kind == OBJECT_FOREIGN_KEY ? table_referred(order->maker->schema, *it) : NULL;
        size_t to = referred ? number_of(order, referred) : SIZE_MAX;
        if (to != SIZE_MAX && to != from)
            *VEC_PUSH(order->maker->arena, &order->references[from]) =
                (Reference){ to, !may_be_null(table, *it) };
    }
}

// Triggers may need the rows of a table that they look something up in.
static void add_lookups(Order *order)
{
    Maker *maker = order->maker;
    for (size_t to = 0; maker->bodies.count && to < order->count; to++) {
        if (!lookup_is_made(maker, order->tables[to]))
            continue;
        VEC_EACH (Object *, it, &maker->schema->objects) {
            const Table *table = (*it)->kind == OBJECT_TRIGGER
                                     ? schema_table(maker->schema, (*it)->schema, (*it)->table)
                                     : NULL;
            size_t from = table ? number_of(order, table_root(maker, table)) : SIZE_MAX;
            if (from != SIZE_MAX && from != to)
                *VEC_PUSH(maker->arena, &order->references[from]) = (Reference){ to, false };
        }
    }
}

// Keys of a partition count for the table that its rows go through.
static void find_references(Order *order)
{
    Maker *maker = order->maker;
    order->references = arena_alloc(maker->arena, (order->count + 1) * sizeof(*order->references));
    VEC_EACH (Table *, it, &maker->schema->tables) {
        size_t from = number_of(order, table_is_partition(*it) ? table_root(maker, *it) : *it);
        if (from != SIZE_MAX)
            add_references(order, *it, from);
    }
    add_lookups(order);
}

// What it waits for: the tables that have no rows yet and that it refers to.
static size_t rank_of(const Order *order, size_t table)
{
    size_t rank = 0;
    VEC_EACH (Reference, it, &order->references[table])
        if (!order->done[it->to])
            rank += it->needed ? NEEDED + 1 : 1;
    return rank;
}

static bool leads_to(const Order *order, size_t from, size_t to, bool *seen)
{
    if (seen[from])
        return false;
    seen[from] = true;
    VEC_EACH (Reference, it, &order->references[from])
        if (it->needed && !order->done[it->to] && (it->to == to || leads_to(order, it->to, to, seen)))
            return true;
    return false;
}

// Is it one of tables that need each other's rows? What merely needs theirs waits until these are made.
static bool is_in_circle(const Order *order, size_t table)
{
    return leads_to(order, table, table, arena_alloc(order->maker->arena, order->count + 1));
}

// What refers to nothing that has no rows; else what can leave that NULL; else a table of a cycle.
static size_t next_table(const Order *order)
{
    size_t best = SIZE_MAX, least = SIZE_MAX;
    for (size_t i = 0; i < order->count && least; i++) {
        size_t rank = order->done[i] ? SIZE_MAX : rank_of(order, i);
        if (rank < least) {
            least = rank;
            best = i;
        }
    }
    for (size_t i = 0; best != SIZE_MAX && least >= NEEDED && i < order->count; i++)
        if (!order->done[i] && is_in_circle(order, i))
            return i;
    return best;
}

// --- which tables -------------------------------------------------------------

static const char *why_apart(const Table *table)
{
    if (table->is_virtual)
        return "a virtual table";
    if (option_get(&table->head.options, "server"))
        return "a foreign table";
    if (!table->columns.count && !option_get(&table->head.options, "inherits"))
        return "a table without columns";
    return NULL;
}

static bool gets_rows(const Maker *maker, const Table *table)
{
    const RowsRequest *request = maker->request;
    return !table_is_partition(table) && (!request->wants || request->wants(request->payload, table));
}

// --- one table ----------------------------------------------------------------

static bool make_table(Maker *maker, const Table *table, RowsMadeList *out, RowsTable **kept, Error *err)
{
    RowsMade *made = VEC_PUSH(maker->arena, out);
    size_t index = out->count - 1;
    *made = (RowsMade){ .table = table, .refused = why_apart(table) };
    *kept = NULL;
    made->apart = made->refused != NULL;
    VEC_EACH (EndedBy, it, &maker->ended_by)
        if (it->table == table)
            made->refused = it->words;
    if (made->refused)
        return true;
    maker->current = table;
    RowsTable *t = ARENA_NEW(maker->arena, RowsTable);
    if (!table_prepare(maker, t, table, &made->refused, err))
        return false;
    if (made->refused)
        return true;
    *kept = t;
    return table_fill(maker, t, &out->items[index], err);
}

// --- how many rows there are ---------------------------------------------------

enum { COUNTED_AT_ONCE = 100 };

static bool take_count(void *payload, const Row *row, Error *err)
{
    Maker *maker = payload;
    const char *number = row_value(row, 0), *count = row_value(row, 1);
    (void)err;
    size_t i = number ? strtoull(number, NULL, 10) : SIZE_MAX;
    if (i < maker->counted)
        maker->counts[i] = count ? strtoull(count, NULL, 10) : 0;
    return true;
}

// In a query for many tables. Where one of them cannot be read, they count as empty: a row that is there already is refused.
static bool count_rows(Maker *maker, Error *err)
{
    const TableList *tables = &maker->schema->tables;
    maker->counted = tables->count;
    maker->counts = arena_alloc(maker->arena, (tables->count + 1) * sizeof(*maker->counts));
    for (size_t from = 0; from < tables->count; from += COUNTED_AT_ONCE) {
        StrBuf query;
        const char *refusal;
        strbuf_init(&query, maker->arena);
        for (size_t i = from; i < tables->count && i < from + COUNTED_AT_ONCE; i++) {
            if (why_apart(tables->items[i]) || !gets_rows(maker, tables->items[i]))
                continue;
            strbuf_printf(&query, "%sSELECT %zu, count(*) FROM ", query.length ? " UNION ALL " : "", i);
            table_put_name(maker, &query, tables->items[i]);
        }
        if (query.length && !ask_query(maker, query.text, take_count, maker, &refusal, err))
            return false;
    }
    return true;
}

static bool has_deferred_keys(const Schema *schema)
{
    VEC_EACH (Table *, table, &schema->tables)
        VEC_EACH (Constraint *, it, &(*table)->constraints)
            if ((*it)->deferral == DEFERRABLE_DEFERRED)
                return true;
    return false;
}

// Keys that look at the end would refuse all of it then, because of a row that a trigger made, say. So they are asked after each
// table, and where one refuses, all is done once more without that table. What this asks is rolled back, not what it looked at.
static bool look_at_deferred_keys(Maker *maker, const Table *table, Error *err)
{
    static const char begin[] = "SAVEPOINT cmigrate_keys", back[] = "ROLLBACK TO SAVEPOINT cmigrate_keys",
                      end[] = "RELEASE SAVEPOINT cmigrate_keys";
    Db *db = maker->db;
    const char *refusal;
    VEC_EACH (Promise, it, &maker->promises)
        if (!it->kept)
            return true;
    if (!maker->deferred || maker->trying || !maker->dialect->keys_look_now)
        return true;
    if (!db->driver->exec(db, begin, err) || !ask_exec(maker, maker->dialect->keys_look_now, &refusal, err) ||
        !db->driver->exec(db, back, err) || !db->driver->exec(db, end, err))
        return false;
    if (!refusal)
        return true;
    *VEC_PUSH(maker->arena, &maker->ended_by) = (EndedBy){ table, refusal };
    maker->ended = true;
    return error_set(err, ERR_SQL, "%s", refusal);
}

// Tables in the order of their references. Keys that close a cycle are set at the end, when both rows are
// there.
static bool make_all(Maker *maker, RowsMadeList *out, Error *err)
{
    size_t count = maker->schema->tables.count;
    Order order = { .maker = maker,
                    .tables = arena_alloc(maker->arena, (count + 1) * sizeof(*order.tables)),
                    .done = arena_alloc(maker->arena, count + 1) };
    VEC(RowsTable *) kept = { 0 };
    VEC_EACH (Table *, it, &maker->schema->tables)
        if (gets_rows(maker, *it))
            order.tables[order.count++] = *it;
    find_references(&order);
    for (size_t i; (i = next_table(&order)) != SIZE_MAX;) {
        RowsTable *t;
        if (!make_table(maker, order.tables[i], out, &t, err) || !keys_settle(maker, order.tables[i], err) ||
            !look_at_deferred_keys(maker, order.tables[i], err))
            return false;
        order.done[i] = true;
        if (t)
            *VEC_PUSH(maker->arena, &kept) = t;
    }
    for (size_t i = 0; !maker->trying && i < kept.count; i++)
        if (!table_set_later(maker, kept.items[i], err))
            return false;
    return keys_settle(maker, NULL, err);
}

// A guard of which the engine says nothing now (it speaks of what is not made yet) is none.
static bool find_guards(Maker *maker, Error *err)
{
    const NameList *given = maker->request->guards;
    for (size_t i = 0; given && i < given->count; i++) {
        const char *refusal;
        if (!ask_query(maker, given->items[i], NULL, NULL, &refusal, err))
            return false;
        if (!refusal)
            *VEC_PUSH(maker->arena, &maker->guards) = given->items[i];
    }
    return true;
}

// One transaction. Where a row makes the engine end it, all is done once more without that table.
static bool run(Db *db, Arena *arena, const RowsRequest *request, bool trying, RowsMadeList *out, Error *err)
{
    Maker maker = {
        .db = db,
        .kept = arena,
        .arena = arena,
        .request = request,
        .dialect = db->dialect,
        .schema = request->schema,
        .wanted = trying           ? 1
                  : request->count ? request->count
                                   : ROWS_USUAL,
        .trying = trying,
        .deferred = has_deferred_keys(request->schema),
    };
    Error ignored;
    size_t first = out->count;
    bool ok;
    if (!trying)
        lookups_read(&maker);
    do { // once more where a row has ended the transaction
        maker.ended = false;
        maker.current = NULL;
        maker.guards.count = maker.promises.count = maker.pools.count = 0;
        out->count = first;
        if (!db->driver->begin(db, err))
            return false;
        ok = find_guards(&maker, err) && count_rows(&maker, err) && make_all(&maker, out, err);
        if (ok && !trying)
            return db->driver->commit(db, err);
        (void)db->driver->rollback(db, &ignored);
        keys_look_again(&maker);
    } while (!ok && maker.ended && maker.ended_by.count <= request->schema->tables.count);
    return ok;
}

bool rows_make(Db *db, Arena *arena, const RowsRequest *request, RowsMadeList *out, Error *err)
{
    return run(db, arena, request, false, out, err);
}

bool rows_try_one(Db *db, Arena *arena, const RowsRequest *request, RowsMadeList *out, Error *err)
{
    return run(db, arena, request, true, out, err);
}
