// Do the grants that the model states hold already? The server is asked: a statement that changes nothing holds. All of
// it happens in a transaction that is rolled back.
#include <string.h>

#include "drivers/postgresql/canonical/canonical.h"

// Whatever GRANT, REVOKE and ALTER DEFAULT PRIVILEGES can change; an ACL that is not there says the same as the usual one.
static const char fingerprint[] =
    "SELECT md5(coalesce(string_agg(acl, ',' ORDER BY acl), '')) FROM ("
    "SELECT 'c' || oid || coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\", "
    "relowner))::text"
    " FROM pg_class WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND (oid >= 16384 OR relacl IS NOT NULL)"
    " AND relname !~ '^cmigrate_'" // what we keep is made with the first revision, behind its grants
    " UNION ALL SELECT 'a' || attrelid || '.' || attnum || attacl::text FROM pg_attribute WHERE attacl IS "
    "NOT NULL"
    " UNION ALL SELECT 'p' || oid || coalesce(proacl, acldefault('f', proowner))::text FROM pg_proc"
    " WHERE oid >= 16384 OR proacl IS NOT NULL"
    " UNION ALL SELECT 't' || oid || coalesce(typacl, acldefault('T', typowner))::text FROM pg_type"
    " WHERE (oid >= 16384 AND typtype IN ('e', 'd', 'r', 'b')) OR typacl IS NOT NULL"
    " UNION ALL SELECT 'n' || oid || coalesce(nspacl, acldefault('n', nspowner))::text FROM pg_namespace"
    " UNION ALL SELECT 'd' || oid || coalesce(datacl, acldefault('d', datdba))::text FROM pg_database"
    " UNION ALL SELECT 'l' || oid || coalesce(lanacl, acldefault('l', lanowner))::text FROM pg_language"
    " UNION ALL SELECT 'f' || oid || coalesce(fdwacl, acldefault('F', fdwowner))::text FROM "
    "pg_foreign_data_wrapper"
    " UNION ALL SELECT 's' || oid || coalesce(srvacl, acldefault('S', srvowner))::text FROM pg_foreign_server"
    " UNION ALL SELECT 'x' || oid || coalesce(spcacl, acldefault('t', spcowner))::text FROM pg_tablespace"
    " UNION ALL SELECT 'm' || roleid || '.' || member || admin_option FROM pg_auth_members"
    " UNION ALL SELECT 'u' || defaclrole || '.' || defaclnamespace || defaclobjtype::text || defaclacl::text "
    "FROM pg_default_acl"
    ") a (acl)";

typedef struct Print {
    Arena *arena;
    size_t first, last; // of the queries that give a fingerprint
    const char *before, *after;
} Print;

static void take_print(void *payload, size_t i, PGresult *result)
{
    Print *print = payload;
    if ((i == print->first || i == print->last) && PQntuples(result) == 1 && PQnfields(result) > 0)
        *(i == print->first ? &print->before : &print->after) =
            arena_strdup(print->arena, PQgetvalue(result, 0, 0));
}

// Runs the statements; *hold: they change nothing. What the server refuses does not hold.
static bool change_nothing(PgDb *pg, Arena *arena, const ObjectList *grants, bool *hold, Error *err)
{
    PgQuery *list = arena_alloc(arena, (grants->count + 7) * sizeof(*list));
    size_t n = 0, done = 0;
    list[n++].sql = pg_begin_words(pg, "BEGIN READ WRITE");
    list[n++].sql = "SET LOCAL client_min_messages = error";
    Print print = { .arena = arena, .first = n };
    list[n++].sql = fingerprint;
    VEC_EACH (Object *, grant, grants)
        list[n++].sql = (*grant)->definition;
    print.last = n;
    list[n++].sql = fingerprint;
    Error refused = { 0 }, ignored = { 0 };
    bool ok = pg_pipeline(pg, &(PgPipeline){ list, n, NULL, 0, take_print, &print }, &done, &refused);
    (void)pg->db.driver->rollback(&pg->db, &ignored);
    *hold = ok && print.before && print.after && strcmp(print.before, print.after) == 0;
    if (PQstatus(pg->conn) != CONNECTION_BAD)
        return true;
    *err = refused;
    return false;
}

static void leave_out(Schema *want, const Object *grant)
{
    ObjectList *all = &want->objects;
    size_t kept = 0;
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i] != grant)
            all->items[kept++] = all->items[i];
    all->count = kept;
}

static ObjectList stated_grants(Arena *arena, Schema *want, const ChangeList *changes)
{
    ObjectList grants = { 0 };
    VEC_EACH (const Change, change, changes) {
        bool states = change->kind == CHANGE_CREATE && change->want->definition &&
                      (change->want->kind == OBJECT_GRANT || change->want->kind == OBJECT_DEFAULT_PRIVILEGE);
        Object *grant = states ? schema_counterpart(want, change->want) : NULL;
        if (grant)
            *VEC_PUSH(arena, &grants) = grant;
    }
    return grants;
}

bool canonical_grants(PgDb *pg, Arena *arena, Schema *want, const ChangeList *changes, Error *err)
{
    ObjectList grants = stated_grants(arena, want, changes);
    bool all = false;
    if (!grants.count)
        return true;
    if (!change_nothing(pg, arena, &grants, &all, err))
        return false;
    VEC_EACH (Object *, grant, &grants) {
        bool holds = all;
        if (!all && grants.count > 1) {
            ObjectList one = { 0 };
            *VEC_PUSH(arena, &one) = *grant;
            if (!change_nothing(pg, arena, &one, &holds, err))
                return false;
        }
        if (holds)
            leave_out(want, *grant);
    }
    schema_sort(want);
    return true;
}
