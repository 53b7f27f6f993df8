// What a statement cost: the files of the tables, the scans that the server counted, and the locks of this session are read
// before and after it. None of this needs a right, and all of it is seen within the transaction.
#include <string.h>

#include "core/base/base.h"
#include "drivers/postgresql/driver/relations.h"

// --- the difference --------------------------------------------------------

static TableCost *cost_of(Arena *arena, StatementCost *out, const Relation *relation)
{
    for (size_t i = out->tables.count; i-- > 0;)
        if (strcmp(out->tables.items[i].table, relation->table) == 0 &&
            same_text(out->tables.items[i].schema, relation->schema))
            return &out->tables.items[i];
    TableCost *cost = VEC_PUSH(arena, &out->tables);
    *cost = (TableCost){ .schema = arena_strdup(arena, relation->schema),
                         .table = arena_strdup(arena, relation->table) };
    return cost;
}

static void note_difference(Arena *arena, StatementCost *out, const Relation *before, const Relation *after)
{
    const char *lock = before->is_index ? NULL : pg_strongest_lock(after->locks & ~before->locks);
    bool moved = after->file != before->file, scanned = after->scans > before->scans;
    if (!lock && !moved && !scanned)
        return;
    TableCost *cost = cost_of(arena, out, before);
    if (lock)
        cost->lock = lock;
    if (before->is_index && moved)
        *VEC_PUSH(arena, &cost->reindexed) = arena_strdup(arena, before->name);
    else
        cost->rewritten |= moved;
    cost->scanned |= scanned;
}

// An index of a changed column is made again under its name, with another identity, and keeps its file where it need not be built.
static void note_made_again(Arena *arena, StatementCost *out, const Relation *gone, const RelationList *after)
{
    VEC_EACH (Relation, it, after)
        if (it->is_index && !it->gone && it->oid > gone->oid && it->file != gone->file &&
            strcmp(it->name, gone->name) == 0 && strcmp(it->table, gone->table) == 0 &&
            same_text(it->schema, gone->schema))
            *VEC_PUSH(arena, &cost_of(arena, out, gone)->reindexed) = arena_strdup(arena, gone->name);
}

static void note_dropped(Arena *arena, StatementCost *out, const Relation *gone)
{
    TableCost *cost = cost_of(arena, out, gone);
    cost->dropped = true;
    cost->lock = "ACCESS EXCLUSIVE";
}

// `after` NULL: it is not there any more.
static void compare_one(Arena *arena, const Relation *before, const Relation *after,
                        const RelationList *all_after, StatementCost *out)
{
    if (after && !after->gone)
        note_difference(arena, out, before, after);
    else if (before->is_index)
        note_made_again(arena, out, before, all_after);
    else
        note_dropped(arena, out, before);
}

static void sum_up(StatementCost *out)
{
    VEC_EACH (TableCost, it, &out->tables) {
        if (pg_lock_rank(it->lock) > pg_lock_rank(out->lock))
            out->lock = it->lock;
        out->rewrites |= it->rewritten;
        out->scans |= it->scanned;
    }
}

// --- the statement ---------------------------------------------------------

// Within the transaction that is open: what was touched is locked until its end.
static bool measure_inside(Db *db, Arena *arena, Arena *scratch, const char *statement, StatementCost *out,
                           Error *err)
{
    RelationList before = { 0 }, after = { 0 };
    if (!pg_follow_relations(db, scratch, &before, err) || !db_exec_in(db, SCOPE_SCRIPT, statement, err))
        return false;
    uint64_t affected = db->affected;
    if (PQtransactionStatus(pg_db(db)->conn) != PQTRANS_INTRANS)
        return true; // the script's own ROLLBACK TO, or the like: there is nothing to be seen
    if (!pg_read_locked_relations(db, scratch, &after, err))
        return false;
    db->affected = affected;
    VEC_EACH (Relation, it, &after) {
        Relation was;
        if (pg_find_relation(db, &before, it->oid, &was))
            compare_one(arena, &was, it, &after, out);
    }
    return true;
}

// A statement that cannot be in a transaction: no lock is left.
static bool measure_outside(Db *db, Arena *arena, Arena *scratch, const char *statement, StatementCost *out,
                            Error *err)
{
    RelationList before = { 0 }, after = { 0 };
    if (!pg_read_all_relations(db, scratch, &before, err) || !db_exec_in(db, SCOPE_SCRIPT, statement, err))
        return false;
    uint64_t affected = db->affected;
    if (!pg_read_all_relations(db, scratch, &after, err))
        return false;
    db->affected = affected;
    size_t k = 0;
    VEC_EACH (Relation, it, &before) {
        while (k < after.count && after.items[k].oid < it->oid)
            k++;
        bool found = k < after.count && after.items[k].oid == it->oid;
        compare_one(arena, it, found ? &after.items[k] : NULL, &after, out);
    }
    return true;
}

static bool measure(Db *db, Arena *arena, const char *statement, StatementCost *out, Error *err)
{
    bool inside = PQtransactionStatus(pg_db(db)->conn) != PQTRANS_IDLE;
    Arena *scratch = arena_new();
    bool ok = (inside ? measure_inside : measure_outside)(db, arena, scratch, statement, out, err);
    arena_free(scratch);
    sum_up(out);
    return ok;
}

// Locks and counts of scans are seen within a transaction only, so one is made around the statement, unless the statement
// cannot be in one: then its files alone tell.
bool pg_exec_measured(Db *db, Arena *arena, const char *statement, StatementCost *out, Error *err)
{
    PgDb *pg = pg_db(db);
    Error why = { 0 }, ignored = { 0 };
    *out = (StatementCost){ 0 };
    if (PQtransactionStatus(pg->conn) != PQTRANS_IDLE)
        return measure(db, arena, statement, out, err);
    if (!db->driver->begin(db, err))
        return false;
    if (measure(db, arena, statement, out, &why))
        return PQtransactionStatus(pg->conn) == PQTRANS_IDLE || db->driver->commit(db, err);
    (void)db->driver->rollback(db, &ignored);
    *out = (StatementCost){ 0 };
    if (strcmp(why.native, "25001") == 0)
        return measure(db, arena, statement, out, err);
    if (err)
        *err = why;
    return false;
}
