// A look at the schema that follows another: only what the open transaction has changed is read again.
//
// The server is asked which relations these are (sql/changed.sql). Tables, indexes and sequences are read again one by one;
// what may have changed beside them, or is near them (views, types, partitions, grants), is found only by a look at all.
// Dependencies are not kept: an object that both looks share would name one that only the first has.
#include <stdlib.h>
#include <string.h>

#include "drivers/postgresql/introspect/introspect.h"
#include "postgresql_sql.h"

// What a look remembers of itself: Schema.source.
typedef struct Seen {
    Look look;
    const char *transaction;    // that had changed something when it was read; NULL: none had
    const char *others, *types; // as changed.sql gives them
    OidList changed;            // so far in that transaction
} Seen;

// The transaction that is open, and what it has changed.
typedef struct Now {
    Arena *arena;
    const char *transaction; // NULL: it has changed nothing
    bool is_prepared, before_is_committed, whole;
    const char *others, *types, *read; // others NULL: not counted
    OidList changed;                   // in ascending order
} Now;

// --- what is asked -----------------------------------------------------------

static const char *text_of(const Now *now, const PGresult *result, int column)
{
    return PQgetisnull(result, 0, column) ? NULL : arena_strdup(now->arena, PQgetvalue(result, 0, column));
}

static bool is_true(const PGresult *result, int column)
{
    return !PQgetisnull(result, 0, column) && PQgetvalue(result, 0, column)[0] == 't';
}

static void take_transaction(void *payload, size_t i, PGresult *result)
{
    Now *now = payload;
    if (i != PG_ASKED || PQntuples(result) != 1)
        return;
    now->transaction = text_of(now, result, 0);
    now->before_is_committed = is_true(result, 1);
    now->is_prepared = is_true(result, 2);
}

static const char *prepared_name(const PgDb *pg, Arena *arena)
{
    return arena_printf(arena, PG_LOOK_NAME "%u", pg->looks);
}

static bool ask_transaction(PgDb *pg, const Seen *before, Now *now, Error *err)
{
    NameList list = { 0 };
    *VEC_PUSH(now->arena, &list) =
        arena_printf(now->arena,
                     "SELECT txid_current_if_assigned(), txid_status(%s) = 'committed',"
                     " EXISTS (SELECT FROM pg_prepared_statements p WHERE p.name = '%s')",
                     before->transaction ? before->transaction : "NULL", prepared_name(pg, now->arena));
    return pg_ask(pg, &list, take_transaction, now, err);
}

typedef struct Texts {
    Arena *arena;
    const char *text;
} Texts;

static void take_text(void *payload, size_t i, PGresult *result)
{
    Texts *texts = payload;
    if (i == PG_ASKED && PQntuples(result) == 1 && !PQgetisnull(result, 0, 0))
        texts->text = arena_strdup(texts->arena, PQgetvalue(result, 0, 0));
}

// All catalogues but those whose rows describe relations.
static bool ask_catalogs(PgDb *pg, Error *err)
{
    Texts texts = { .arena = pg->db.arena };
    NameList list = { 0 };
    *VEC_PUSH(pg->db.arena, &list) =
        "SELECT array_agg(c.oid)::text FROM pg_class c"
        " WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND c.relname NOT IN"
        " ('pg_class', 'pg_attribute', 'pg_attrdef', 'pg_constraint', 'pg_index', 'pg_depend', 'pg_shdepend',"
        " 'pg_type', 'pg_trigger', 'pg_sequence', 'pg_statistic', 'pg_statistic_ext_data')";
    if (!pg_ask(pg, &list, take_text, &texts, err))
        return false;
    pg->catalogs = texts.text;
    return true;
}

// Statements that a session has for as long as nobody takes them away. The one that is asked for by name is the last.
static bool prepare(PgDb *pg, Arena *arena, Error *err)
{
    NameList list = { 0 };
    if (!pg->catalogs && !ask_catalogs(pg, err))
        return false;
    pg->looks++;
    const char *name = prepared_name(pg, arena);
    see_prepare(pg, arena, name, &list);
    *VEC_PUSH(arena, &list) = arena_printf(arena, "PREPARE %s (oid[]) AS %s", name, postgresql_sql_changed);
    return pg_ask(pg, &list, NULL, NULL, err);
}

static void take_changes(void *payload, size_t i, PGresult *result)
{
    Now *now = payload;
    if (i != PG_ASKED + 1 || PQntuples(result) != 1)
        return;
    now->others = text_of(now, result, 0);
    now->types = text_of(now, result, 1);
    now->whole = is_true(result, 2);
    const char *changed = text_of(now, result, 3);
    unsigned oid = 0;
    while (changed && see_next_number(&changed, &oid))
        *VEC_PUSH(now->arena, &now->changed) = oid;
    now->read = text_of(now, result, 4);
}

static bool ask_changes(PgDb *pg, Now *now, Error *err)
{
    NameList list = { 0 };
    *VEC_PUSH(now->arena, &list) = "SELECT " SEE_PLAN_FOR_FEW;
    *VEC_PUSH(now->arena, &list) =
        arena_printf(now->arena, "EXECUTE %s ('%s')", prepared_name(pg, now->arena), pg->catalogs);
    *VEC_PUSH(now->arena, &list) = "SELECT " SEE_PLAN_AS_USUAL;
    return pg_ask(pg, &list, take_changes, now, err);
}

// --- what both looks have ------------------------------------------------------

static int by_oid(const void *a, const void *b)
{
    const unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return x < y ? -1 : x > y;
}

static bool has_oid(const OidList *list, uint64_t oid)
{
    const unsigned key = (unsigned)oid;
    return list->count && bsearch(&key, list->items, list->count, sizeof(key), by_oid);
}

// Something that was there when `before` was read in this transaction is not locked any more: a savepoint was rolled back.
static bool was_undone(const Seen *before, const Now *now)
{
    VEC_EACH (const unsigned, oid, &before->changed)
        if (!has_oid(&now->changed, *oid))
            return true;
    return false;
}

// Triggers, policies and the like of a table are read with all the others.
static bool has_other_parts(const Schema *before, const Now *now)
{
    VEC_EACH (Object *, it, &before->objects) {
        const Table *table = (*it)->table ? schema_table(before, (*it)->schema, (*it)->table) : NULL;
        if (table && has_oid(&now->changed, table->head.id))
            return true;
    }
    return false;
}

static bool needs_all(const Schema *before, const Now *now)
{
    const Seen *seen = before->source;
    bool same = seen->transaction && strcmp(seen->transaction, now->transaction) == 0;
    if (!seen->types || (seen->transaction && !same && !now->before_is_committed) || now->whole ||
        !now->others || !same_text(seen->types, now->types) || (same && was_undone(seen, now)))
        return true;
    const char *others =
        same ? seen->others : "0"; // counted from the beginning, or not yet reported from before
    return !same_text(others, now->others) || has_other_parts(before, now);
}

static bool is_sequence(const Object *object) { return object->kind == OBJECT_SEQUENCE; }

static bool has_object(const Schema *schema, const Object *object)
{
    VEC_EACH (Object *, it, &schema->objects)
        if ((*it)->id == object->id)
            return true;
    return false;
}

static void merge(Arena *arena, const Schema *before, const Schema *fresh, const Now *now, Schema *out)
{
    *out = *before;
    out->tables = (TableList){ 0 };
    out->objects = (ObjectList){ 0 };
    VEC_EACH (Table *, it, &before->tables)
        if (!has_oid(&now->changed, (*it)->head.id))
            *VEC_PUSH(arena, &out->tables) = *it;
    VEC_EACH (Table *, it, &fresh->tables)
        if (has_oid(&now->changed, (*it)->head.id))
            *VEC_PUSH(arena, &out->tables) = *it;
    VEC_EACH (Object *, it, &before->objects)
        if (!is_sequence(*it) || !(has_oid(&now->changed, (*it)->id) || has_object(fresh, *it)))
            *VEC_PUSH(arena, &out->objects) = *it;
    VEC_EACH (Object *, it, &fresh->objects)
        *VEC_PUSH(arena, &out->objects) = *it;
    schema_sort(out);
}

static void forget_dependencies(void *payload, Object *object, Table *table)
{
    (void)payload;
    (void)table;
    object->depends_on = (ObjectList){ 0 };
}

// --- the look ----------------------------------------------------------------

static void remember(Arena *arena, const Now *now, const Look *look, Schema *out)
{
    Seen *seen = ARENA_NEW(arena, Seen);
    *seen = (Seen){ .look = *look,
                    .transaction = now->transaction,
                    .others = now->others,
                    .types = now->types,
                    .changed = now->changed };
    out->source = seen;
}

static bool look_at_all(PgDb *pg, Arena *arena, const Filter *filter, const Now *now, Schema *out, Error *err)
{
    Look look = { 0 };
    if (!see_look(pg, arena, filter, &look, out, err))
        return false;
    schema_walk(out, forget_dependencies, NULL);
    out->depends_known = false;
    remember(arena, now, &look, out);
    return true;
}

static bool look_at_changes(PgDb *pg, Arena *arena, const Filter *filter, const Schema *before,
                            const Now *now, Schema *out, Error *err)
{
    Schema fresh = { 0 };
    Look look = ((const Seen *)before->source)->look;
    look.prepared = prepared_name(pg, arena);
    look.relations = now->read ? now->read : "{}";
    if (!see_look(pg, arena, filter, &look, &fresh, err))
        return false;
    schema_walk(&fresh, forget_dependencies, NULL);
    merge(arena, before, &fresh, now, out);
    look.relations = NULL;
    remember(arena, now, &look, out);
    return true;
}

// What a look needs is within one transaction; a pooler's or an application's session is not ours to prepare statements in.
static bool can_follow(const PgDb *pg)
{
    return PQtransactionStatus(pg->conn) == PQTRANS_INTRANS && !pg->within && !pg->pooled && !pg->borrowed;
}

bool pg_introspect_since(Db *db, Arena *arena, const Filter *filter, const Schema *before, Schema *out,
                         bool *shared, Error *err)
{
    static const Seen nothing = { 0 };
    PgDb *pg = pg_db(db);
    const Seen *seen = before->source ? before->source : &nothing;
    Now now = { .arena = arena };
    *shared = false;
    if (!can_follow(pg))
        return pg_introspect(db, arena, filter, out, err);
    if (!ask_transaction(pg, seen, &now, err))
        return error_prefix(err, "cannot read the schema of %s: ", db->title);
    if (!now.transaction && seen->types && (!seen->transaction || now.before_is_committed)) {
        *shared = true;
        *out = *before;
        return true;
    }
    if ((!now.is_prepared && !prepare(pg, arena, err)) || !ask_changes(pg, &now, err))
        return error_prefix(err, "cannot read the schema of %s: ", db->title);
    *shared = now.transaction && before->source && !needs_all(before, &now);
    if (*shared ? look_at_changes(pg, arena, filter, before, &now, out, err)
                : look_at_all(pg, arena, filter, &now, out, err))
        return true;
    return error_prefix(err, "cannot read the schema of %s: ", db->title);
}
