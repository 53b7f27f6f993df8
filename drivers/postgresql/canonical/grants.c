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
    " AND relname !~ '^cmigrate_'" // what we keep is made with the first revision, after its grants
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

// Runs the statements; *hold: they change nothing. What the server refuses does not hold. Both looks are of one snapshot: a database
// or a role that another session makes in between is no change of theirs.
static bool change_nothing(PgDb *pg, Arena *arena, const ObjectList *grants, bool *hold, Error *err)
{
    PgQuery *list = arena_alloc(arena, (grants->count + 7) * sizeof(*list));
    size_t n = 0, done = 0;
    list[n++].sql = pg_begin_words(pg, "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE");
    list[n++].sql = "SET LOCAL client_min_messages = error";
    Print print = { .arena = arena, .first = n };
    list[n++].sql = fingerprint;
    list[n++].sql =
        pg_path_sql(pg, PATH_SCRIPT, true); // the model's statements mean what they mean in a script
    VEC_EACH (Object *, grant, grants)
        list[n++].sql = (*grant)->definition;
    list[n++].sql = pg_path_sql(pg, PATH_OWN, true);
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

// GRANT ... ON ALL TABLES IN SCHEMA a, b: the word after ALL; NULL: the grant names its objects. *schemas: the token
// after SCHEMA.
static const Token *kind_granted(const TokenList *tokens, size_t *schemas)
{
    for (size_t i = 0; i + 4 < tokens->count; i++)
        if (token_is(&tokens->items[i], "on") && token_is(&tokens->items[i + 1], "all") &&
            token_is(&tokens->items[i + 3], "in") && token_is(&tokens->items[i + 4], "schema")) {
            *schemas = i + 5;
            return &tokens->items[i + 2];
        }
    return NULL;
}

static bool lists_schema(Arena *arena, const TokenList *tokens, size_t i, const char *schema)
{
    for (;
         i + 1 < tokens->count && !token_is(&tokens->items[i], "to") && !token_is(&tokens->items[i], "from");
         i++)
        if (!token_is(&tokens->items[i], ",") &&
            strcmp(canonical_name(arena, &tokens->items[i]), schema) == 0)
            return true;
    return false;
}

static bool makes_sequence(const Object *object)
{
    if (object->kind == OBJECT_SEQUENCE)
        return true;
    if (object->kind == OBJECT_COLUMN) {
        const Column *column = (const Column *)(const void *)object;
        return column->autoincrement || column->identity != IDENTITY_NONE;
    }
    if (object->kind == OBJECT_TABLE)
        VEC_EACH (Column *, column, &((const Table *)(const void *)object)->columns)
            if (makes_sequence(&(*column)->head))
                return true;
    return false;
}

// Does ALL TABLES, ALL SEQUENCES, ... mean what this change makes?
static bool is_of_kind(const Token *kind, const Change *change)
{
    const Object *made = change->want;
    if (token_is(kind, "sequences"))
        return made && makes_sequence(made);
    if (!made || change->kind != CHANGE_CREATE)
        return false;
    if (token_is(kind, "tables"))
        return made->kind == OBJECT_TABLE || made->kind == OBJECT_VIEW;
    bool procedure = made->kind == OBJECT_PROCEDURE,
         function = object_kind_is_routine(made->kind) && !procedure;
    return (procedure && !token_is(kind, "functions")) || (function && !token_is(kind, "procedures"));
}

// A grant on all objects of a schema holds of those that exist; what this revision makes does not have it yet.
static bool is_for_new_objects(const PgDb *pg, Arena *arena, const Object *grant, const ChangeList *changes)
{
    size_t schemas = 0;
    TokenList tokens = lex_all(arena, (Text){ grant->definition, strlen(grant->definition) }, LEX_POSTGRESQL);
    const Token *kind = grant->kind == OBJECT_GRANT ? kind_granted(&tokens, &schemas) : NULL;
    if (!kind)
        return false;
    VEC_EACH (const Change, change, changes) {
        if (!is_of_kind(kind, change))
            continue;
        const char *schema = change->want->schema ? change->want->schema : pg->db.server.default_schema;
        if (lists_schema(arena, &tokens, schemas, schema))
            return true;
    }
    return false;
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
        if (holds && is_for_new_objects(pg, arena, *grant, changes))
            option_set(arena, &(*grant)->options, PG_HELD_BEFORE, "true");
        else if (holds)
            leave_out(want, *grant);
    }
    schema_sort(want);
    return true;
}
