// What a statement cost: the files of the tables, the scans that the server counted, and the locks of this session are read
// before and after it. None of this needs a right, and all of it is seen within the transaction.
#include <stdlib.h>
#include <string.h>

#include "core/base/base.h"
#include "drivers/postgresql/driver/driver.h"

typedef struct Relation {
    unsigned long oid;
    const char *schema, *table; // of an index: its table
    const char *name;
    bool is_index, gone; // gone: dropped, and nothing else is known of it
    unsigned long file;
    long long scans;
    unsigned locks; // bits: 1 << index in lock_modes
} Relation;
typedef VEC(Relation) RelationList;

typedef struct Reading {
    Arena *arena;
    RelationList *out;
} Reading;

// Weakest first; `said` NULL: it hinders nothing but what changes the table itself.
static const struct {
    const char *name, *said;
} lock_modes[] = {
    {"AccessShareLock",           NULL                    },
    { "RowShareLock",             NULL                    },
    { "RowExclusiveLock",         NULL                    },
    { "ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE"},
    { "ShareLock",                "SHARE"                 },
    { "ShareRowExclusiveLock",    "SHARE ROW EXCLUSIVE"   },
    { "ExclusiveLock",            "EXCLUSIVE"             },
    { "AccessExclusiveLock",      "ACCESS EXCLUSIVE"      },
};

#define LOCKS                                                                                                \
    "(SELECT relation, pg_catalog.string_agg(mode, ' ') AS modes FROM pg_catalog.pg_locks"                   \
    " WHERE locktype = 'relation' AND granted AND pid = pg_catalog.pg_backend_pid() AND database ="          \
    " (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())"                \
    " GROUP BY relation OFFSET 0) l"
// Temporary tables are nobody else's. pg_stat_get_xact_numscans counts what has not been reported yet, of this session.
#define RELATIONS(OID, FROM)                                                                                 \
    "SELECT " OID ", NULLIF(n.nspname, 'public'), t.relname, c.relname, c.relkind IN ('i', 'I'),"            \
    " coalesce(pg_catalog.pg_relation_filenode(c.oid), 0), pg_catalog.pg_stat_get_xact_numscans(c.oid),"     \
    " l.modes FROM " FROM " LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid"                         \
    " LEFT JOIN pg_catalog.pg_class t ON t.oid = coalesce(i.indrelid, c.oid)"                                \
    " LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace"                                         \
    " WHERE c.oid IS NULL OR (c.relkind IN ('r', 'p', 'm', 'i', 'I') AND c.relpersistence <> 't'"            \
    " AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_') ORDER BY 1"
static const char all_sql[] =
    RELATIONS("c.oid", "pg_catalog.pg_class c LEFT JOIN " LOCKS " ON l.relation = c.oid");
// What a statement of the open transaction did something to, it has a lock on; of a dropped one there is nothing else.
static const char locked_sql[] =
    RELATIONS("l.relation", LOCKS " LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation");

static unsigned lock_bits(const char *modes)
{
    unsigned bits = 0;
    for (const char *p = modes; p && *p; p += strspn(p, " ")) {
        size_t n = strcspn(p, " ");
        for (size_t i = 0; i < COUNT_OF(lock_modes); i++)
            if (strlen(lock_modes[i].name) == n && memcmp(lock_modes[i].name, p, n) == 0)
                bits |= 1U << i;
        p += n;
    }
    return bits;
}

static void take_relations(void *payload, size_t i, PGresult *result)
{
    const Reading *reading = payload;
    for (int row = 0; i == PG_ASKED && row < PQntuples(result); row++) {
        const char *v[8];
        for (int k = 0; k < 8; k++)
            v[k] = PQgetisnull(result, row, k) ? NULL : PQgetvalue(result, row, k);
        *VEC_PUSH(reading->arena, reading->out) = (Relation){
            .oid = strtoul(v[0], NULL, 10),
            .schema = arena_strdup(reading->arena, v[1]),
            .table = arena_strdup(reading->arena, v[2]),
            .name = arena_strdup(reading->arena, v[3]),
            .is_index = v[4] && v[4][0] == 't',
            .file = v[4] ? strtoul(v[5], NULL, 10) : 0,
            .scans = v[4] ? strtoll(v[6], NULL, 10) : 0,
            .gone = !v[4],
            .locks = lock_bits(v[7]),
        };
    }
}

// A script's statements before and after it find what they name on the script's own path.
static bool read_relations(Db *db, Arena *arena, const char *sql, RelationList *out, Error *err)
{
    Reading reading = { arena, out };
    NameList list = { 0 };
    *VEC_PUSH(arena, &list) = sql;
    return pg_ask(pg_db(db), &list, take_relations, &reading, err);
}

// --- the difference --------------------------------------------------------

static TableCost *cost_of(Arena *arena, StatementCost *out, const Relation *relation)
{
    for (size_t i = out->tables.count; i-- > 0;)
        if (strcmp(out->tables.items[i].table, relation->table) == 0 &&
            same_text(out->tables.items[i].schema, relation->schema))
            return &out->tables.items[i];
    TableCost *cost = VEC_PUSH(arena, &out->tables);
    *cost = (TableCost){ .schema = relation->schema, .table = relation->table };
    return cost;
}

static const char *strongest(unsigned locks)
{
    for (size_t i = COUNT_OF(lock_modes); i-- > 0;)
        if (locks & (1U << i))
            return lock_modes[i].said;
    return NULL;
}

static void note_difference(Arena *arena, StatementCost *out, const Relation *before, const Relation *after)
{
    const char *lock = before->is_index ? NULL : strongest(after->locks & ~before->locks);
    bool moved = after->file != before->file, scanned = after->scans > before->scans;
    if (!lock && !moved && !scanned)
        return;
    TableCost *cost = cost_of(arena, out, before);
    if (lock)
        cost->lock = lock;
    if (before->is_index && moved)
        *VEC_PUSH(arena, &cost->reindexed) = before->name;
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
            *VEC_PUSH(arena, &cost_of(arena, out, gone)->reindexed) = gone->name;
}

static void note_dropped(Arena *arena, StatementCost *out, const Relation *gone)
{
    TableCost *cost = cost_of(arena, out, gone);
    cost->dropped = true;
    cost->lock = "ACCESS EXCLUSIVE";
}

// Both lists are in the order of their oids. A relation that `after` lacks is as it was before, unless `after` has all.
static void compare(Arena *arena, const RelationList *before, const RelationList *after, bool all,
                    StatementCost *out)
{
    size_t k = 0;
    VEC_EACH (Relation, it, before) {
        while (k < after->count && after->items[k].oid < it->oid)
            k++;
        bool found = k < after->count && after->items[k].oid == it->oid;
        if (found && !after->items[k].gone)
            note_difference(arena, out, it, &after->items[k]);
        else if (!found && !all)
            continue;
        else if (it->is_index)
            note_made_again(arena, out, it, after);
        else
            note_dropped(arena, out, it);
    }
}

static size_t rank(const char *lock)
{
    for (size_t i = 0; lock && i < COUNT_OF(lock_modes); i++)
        if (lock_modes[i].said && strcmp(lock_modes[i].said, lock) == 0)
            return i;
    return 0;
}

static void sum_up(StatementCost *out)
{
    VEC_EACH (TableCost, it, &out->tables) {
        if (rank(it->lock) > rank(out->lock))
            out->lock = it->lock;
        out->rewrites |= it->rewritten;
        out->scans |= it->scanned;
    }
}

// --- the statement ---------------------------------------------------------

static bool measure(Db *db, Arena *arena, const char *statement, StatementCost *out, Error *err)
{
    RelationList before = { 0 }, after = { 0 };
    if (!read_relations(db, arena, all_sql, &before, err) || !db_exec_in(db, SCOPE_SCRIPT, statement, err))
        return false;
    uint64_t affected = db->affected;
    if (PQtransactionStatus(pg_db(db)->conn) == PQTRANS_INERROR)
        return true; // the script's own ROLLBACK TO, or the like: there is nothing to be seen
    bool all = PQtransactionStatus(pg_db(db)->conn) == PQTRANS_IDLE; // no lock is left
    if (!read_relations(db, arena, all ? all_sql : locked_sql, &after, err))
        return false;
    db->affected = affected;
    compare(arena, &before, &after, all, out);
    sum_up(out);
    return true;
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
