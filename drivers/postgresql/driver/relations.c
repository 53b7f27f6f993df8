// What the server says of its relations. Before each statement that is measured all of them count, since nobody knows yet which
// it touches; so what was committed is kept, and only what may differ is read. A row of pg_class tells by its xmin whether it
// was written since. What the open transaction wrote is not kept, for it may be rolled back; what does not add up (a dropped
// relation, one that came back) makes all of them be read.
#include "drivers/postgresql/driver/relations.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/base.h"

struct PgRelations {
    RelationList list; // as committed before `since`
    unsigned long since;
    int server_process; // of the session that was asked
    bool is_known;
};

// What a reading begins with, and its rows.
typedef struct Reading {
    Arena *arena;
    RelationList *out;
    size_t first; // the statement that gives the relations
    unsigned long since;
    unsigned long long count, sum;
    bool schemas_changed;
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

// --- queries -----------------------------------------------------------------

#define LOCKS                                                                                                \
    "(SELECT relation, pg_catalog.string_agg(mode, ' ') AS modes FROM pg_catalog.pg_locks"                   \
    " WHERE locktype = 'relation' AND granted AND pid = pg_catalog.pg_backend_pid() AND database ="          \
    " (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())"                \
    " GROUP BY relation OFFSET 0) l"
// Temporary tables are nobody else's. What initdb made has lower oids.
#define COUNTED                                                                                              \
    "c.relkind IN ('r', 'p', 'm', 'i', 'I') AND c.relpersistence <> 't' AND c.oid >= 16384"                  \
    " AND c.relnamespace <> 'pg_toast'::pg_catalog.regnamespace"
#define TRANSACTION                                                                                          \
    "coalesce(pg_catalog.txid_current_if_assigned(),"                                                        \
    " pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot()))"
// pg_stat_get_xact_numscans counts what has not been reported yet, of this session. OFFSET 0: each row is looked up by its key.
#define RELATIONS(OID, FROM)                                                                                 \
    "SELECT " OID ", coalesce(i.indrelid, c.oid), NULLIF(n.nspname, 'public'), t.relname, c.relname,"        \
    " c.relkind IN ('i', 'I'), c.relfilenode, pg_catalog.pg_stat_get_xact_numscans(c.oid),"                  \
    " l.modes, pg_catalog.age(c.xmin) <= pg_catalog.age(((SELECT " TRANSACTION                               \
    ") & 4294967295)::text::xid) FROM " FROM " LEFT JOIN LATERAL (SELECT i.indrelid"                         \
    " FROM pg_catalog.pg_index i WHERE i.indexrelid = c.oid OFFSET 0) i ON true"                             \
    " LEFT JOIN LATERAL (SELECT t.relname, t.relnamespace FROM pg_catalog.pg_class t"                        \
    " WHERE t.oid = coalesce(i.indrelid, c.oid) OFFSET 0) t ON true"                                         \
    " LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace"                                         \
    " WHERE c.oid IS NULL OR (" COUNTED " AND n.nspname <> 'information_schema')"
#define IN_ORDER   " ORDER BY 1"
#define OF_CLASSES "pg_catalog.pg_class c LEFT JOIN " LOCKS " ON l.relation = c.oid"
static const char all_sql[] = RELATIONS("c.oid", OF_CLASSES) IN_ORDER;
// What a statement of the open transaction did something to, it has a lock on; of a dropped one there is nothing else.
static const char locked_sql[] =
    RELATIONS("l.relation", LOCKS " LEFT JOIN LATERAL (SELECT c.*, c.xmin FROM pg_catalog.pg_class c"
                                  " WHERE c.oid = l.relation OFFSET 0) c ON true") IN_ORDER;
static const char differing_sql[] = RELATIONS(
    "c.oid", "(SELECT c.*, c.xmin, l.modes FROM " OF_CLASSES " WHERE " COUNTED " AND (l.modes IS NOT NULL"
             " OR pg_catalog.age(c.xmin) <= pg_catalog.age('%lu'::xid)"
             " OR pg_catalog.pg_stat_get_xact_numscans(c.oid) > 0) OFFSET 0) c"
             " CROSS JOIN LATERAL (SELECT c.modes) l") IN_ORDER;
// As add_up does. The name of a schema is not in the rows of its relations.
static const char check_sql[] =
    "SELECT " TRANSACTION " & 4294967295, count(*), sum(c.oid::bigint * (c.oid::bigint & 65535)),"
    " EXISTS (SELECT FROM pg_catalog.pg_namespace n"
    " WHERE pg_catalog.age(n.xmin) <= pg_catalog.age('%lu'::xid))"
    " FROM pg_catalog.pg_class c WHERE " COUNTED;

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

const char *pg_strongest_lock(unsigned locks)
{
    for (size_t i = COUNT_OF(lock_modes); i-- > 0;)
        if (locks & (1U << i))
            return lock_modes[i].said;
    return NULL;
}

size_t pg_lock_rank(const char *lock)
{
    for (size_t i = 0; lock && i < COUNT_OF(lock_modes); i++)
        if (lock_modes[i].said && strcmp(lock_modes[i].said, lock) == 0)
            return i;
    return 0;
}

static bool is_true(const char *value) { return value && value[0] == 't'; }

static void take_relation(const Reading *reading, const char *const v[10])
{
    *VEC_PUSH(reading->arena, reading->out) = (Relation){
        .oid = strtoul(v[0], NULL, 10),
        .of = v[1] ? strtoul(v[1], NULL, 10) : 0,
        .schema = arena_strdup(reading->arena, v[2]),
        .table = arena_strdup(reading->arena, v[3]),
        .name = arena_strdup(reading->arena, v[4]),
        .is_index = is_true(v[5]),
        .file = v[6] ? strtoul(v[6], NULL, 10) : 0,
        .scans = v[7] ? strtoll(v[7], NULL, 10) : 0,
        .gone = !v[4],
        .locks = lock_bits(v[8]),
        .uncommitted = is_true(v[9]),
    };
}

static void take_rows(void *payload, size_t i, PGresult *result)
{
    Reading *reading = payload;
    const char *v[10];
    for (int row = 0; i >= PG_ASKED && row < PQntuples(result); row++) {
        for (int k = 0; k < 10 && k < PQnfields(result); k++)
            v[k] = PQgetisnull(result, row, k) ? NULL : PQgetvalue(result, row, k);
        if (i == PG_ASKED + reading->first) {
            take_relation(reading, v);
        } else if (i < PG_ASKED + reading->first) {
            reading->since = strtoul(v[0], NULL, 10);
            reading->count = strtoull(v[1], NULL, 10);
            reading->sum = v[2] ? strtoull(v[2], NULL, 10) : 0;
            reading->schemas_changed = is_true(v[3]);
        }
    }
}

// A script's statements before and after it find what they name on the script's own path.
static bool read_relations(Db *db, Arena *arena, const char *sql, RelationList *out, Error *err)
{
    Reading reading = { .arena = arena, .out = out };
    NameList list = { 0 };
    *VEC_PUSH(arena, &list) = sql;
    return pg_ask(pg_db(db), &list, take_rows, &reading, err);
}

bool pg_read_all_relations(Db *db, Arena *arena, RelationList *out, Error *err)
{
    return read_relations(db, arena, all_sql, out, err);
}

bool pg_read_locked_relations(Db *db, Arena *arena, RelationList *out, Error *err)
{
    return read_relations(db, arena, locked_sql, out, err);
}

// --- the cache -----------------------------------------------------------------

static int by_oid(const void *a, const void *b)
{
    const Relation *x = a, *y = b;
    return x->oid < y->oid ? -1 : x->oid > y->oid;
}

static Relation *find(const RelationList *list, unsigned long oid)
{
    const Relation key = { .oid = oid };
    return list->count ? bsearch(&key, list->items, list->count, sizeof(key), by_oid) : NULL;
}

static void add_up(const RelationList *list, const RelationList *without, Reading *sum)
{
    VEC_EACH (Relation, it, list)
        if (!without || !find(without, it->oid)) {
            sum->count++;
            sum->sum += (unsigned long long)it->oid * (it->oid & 65535);
        }
}

// Takes over what was committed, so that a rolled back transaction leaves it right. Names go to the connection's memory, which
// lasts as long, and only where they are others than before.
static void keep(PgDb *pg, const RelationList *now, unsigned long since)
{
    struct PgRelations *kept = pg->relations;
    size_t before = kept->list.count;
    VEC_EACH (Relation, it, now) {
        Relation *old = find(&(RelationList){ kept->list.items, before, before }, it->oid);
        if (it->uncommitted || (old && old->file == it->file && strcmp(old->name, it->name) == 0 &&
                                same_text(old->schema, it->schema)))
            continue;
        Relation *to = old ? old : VEC_PUSH(pg->db.arena, &kept->list);
        *to = (Relation){ .oid = it->oid,
                          .of = it->of,
                          .schema = arena_strdup(pg->db.arena, it->schema),
                          .table = arena_strdup(pg->db.arena, it->table),
                          .name = arena_strdup(pg->db.arena, it->name),
                          .is_index = it->is_index,
                          .file = it->file };
    }
    if (kept->list.count > before)
        qsort(kept->list.items, kept->list.count, sizeof(*kept->list.items), by_oid);
    kept->since = since;
    kept->server_process = PQbackendPID(pg->conn);
    kept->is_known = true;
}

static bool ask(Db *db, Arena *arena, const char *sql, unsigned long since, Reading *reading, Error *err)
{
    NameList list = { 0 };
    *reading = (Reading){ .arena = arena, .out = reading->out, .first = 1 };
    *reading->out = (RelationList){ 0 };
    *VEC_PUSH(arena, &list) = arena_printf(arena, check_sql, since);
    *VEC_PUSH(arena, &list) = sql;
    return pg_ask(pg_db(db), &list, take_rows, reading, err);
}

bool pg_follow_relations(Db *db, Arena *arena, RelationList *now, Error *err)
{
    PgDb *pg = pg_db(db);
    Reading reading = { .out = now }, sum = { 0 };
    if (!pg->relations) {
        pg->relations = ARENA_NEW(db->arena, struct PgRelations);
        *pg->relations = (struct PgRelations){ 0 };
    }
    struct PgRelations *kept = pg->relations;
    if (kept->is_known && kept->server_process == PQbackendPID(pg->conn)) {
        if (!ask(db, arena, arena_printf(arena, differing_sql, kept->since), kept->since, &reading, err))
            return false;
        add_up(&kept->list, now, &sum);
        add_up(now, NULL, &sum);
        if (!reading.schemas_changed && sum.count == reading.count && sum.sum == reading.sum) {
            keep(pg, now, reading.since);
            return true;
        }
    }
    kept->list.count = 0;
    kept->is_known = false;
    if (!ask(db, arena, all_sql, 0, &reading, err))
        return false;
    keep(pg, now, reading.since);
    return true;
}

bool pg_find_relation(const Db *db, const RelationList *now, unsigned long oid, Relation *out)
{
    const RelationList *kept = &((const PgDb *)(const void *)db)->relations->list;
    const Relation *found = find(now, oid);
    if (!found)
        found = find(kept, oid);
    if (!found)
        return false;
    *out = *found;
    const Relation *table = find(now, out->of); // may have got another name since
    if (!table)
        table = find(kept, out->of);
    if (table) {
        out->schema = table->schema;
        out->table = table->table;
    }
    return true;
}
