#include "drivers/postgresql/introspect/introspect.h"

#include <stdlib.h>
#include <string.h>

#include "postgresql_sql.h"

typedef void ReadFn(Rows rows);
typedef struct Query {
    const char *sql;
    ReadFn *read;
    bool of_relations; // asks about single ones too: `-- <these:` lines
} Query;

// In an order in which what a row refers to has been read before.
// clang-format off
static const Query queries[] = {
    { postgresql_sql_schemas, see_schemas, false },
    { postgresql_sql_extensions, see_extensions, false },
    { postgresql_sql_types, see_types, false },
    { postgresql_sql_inherits, see_inherits, false },
    { postgresql_sql_relations, see_relations, true },
    { postgresql_sql_opclasses, see_opclasses, false },
    { postgresql_sql_column_types, see_column_types, true },
    { postgresql_sql_columns, see_columns, true },
    { postgresql_sql_not_nulls, see_not_nulls, true },
    { postgresql_sql_sequences, see_sequences, true },
    { postgresql_sql_constraints, see_constraints, true },
    { postgresql_sql_indexes, see_indexes, true },
    { postgresql_sql_routines, see_routines, false },
    { postgresql_sql_triggers, see_triggers, false },
    { postgresql_sql_rules, see_rules, false },
    { postgresql_sql_policies, see_policies, false },
    { postgresql_sql_statistics, see_statistics, false },
    { postgresql_sql_others, see_others, false },
    { postgresql_sql_comments, see_comments, true },
    { postgresql_sql_depends, see_depends, false },
    { postgresql_sql_privileges, see_privileges, false },
};
// clang-format on
enum { QUERY_COUNT = COUNT_OF(queries), BEFORE = 2, EACH = 2, AFTER = 2 };

// One snapshot, whatever others do meanwhile; JIT costs more than it gives here. What a database or role is set to must not
// change how the server writes its texts.
#define SETTINGS                                                                                             \
    "SELECT pg_catalog.set_config('jit', 'off', true),"                                                      \
    " pg_catalog.set_config('bytea_output', 'hex', true),"                                                   \
    " pg_catalog.set_config('datestyle', 'ISO', true),"                                                      \
    " pg_catalog.set_config('intervalstyle', 'postgres', true),"                                             \
    " pg_catalog.set_config('extra_float_digits', '1', true),"                                               \
    " pg_catalog.set_config('standard_conforming_strings', 'on', true),"                                     \
    " pg_catalog.set_config('timezone', 'UTC', true),"                                                       \
    " pg_catalog.set_config('quote_all_identifiers', 'off', true)"

// Within a script's transaction all of them, and its search_path, are put back afterwards: its next statement means what it
// says under the script's own.
#define OF_A_SCRIPT(KEPT)                                                                                    \
    "SELECT 1" KEPT("search_path") KEPT("bytea_output") KEPT("datestyle") KEPT("intervalstyle")              \
        KEPT("extra_float_digits") KEPT("standard_conforming_strings") KEPT("timezone")                      \
            KEPT("quote_all_identifiers")
#define KEEP(name)                                                                                           \
    ", pg_catalog.set_config('cmigrate." name "', pg_catalog.current_setting('" name "'), true)"
#define PUT_BACK(name)                                                                                       \
    ", pg_catalog.set_config('" name "', pg_catalog.current_setting('cmigrate." name "'), true)"

// The server's texts (pg_get_expr, format_type, regclass) leave out the schemas of the search_path as they are when the query
// runs, and its own names were looked up when it was parsed. So it is parsed with ours, on which there is nothing of other
// users, and sets the other as the first thing it does: the condition without a column is looked at before any row.
static const char *on_path(const Introspection *in, const char *sql, const char *search_path, bool these)
{
    const char *text = see_query_text(in->arena, sql, &(QueryFor){ in->pg, in->absent, these });
    if (!text)
        return NULL;
    StrBuf out;
    strbuf_init(&out, in->arena);
    strbuf_printf(&out, "SELECT q.* FROM (\n%s\n) q WHERE (SELECT pg_catalog.set_config('search_path', ",
                  text);
    postgresql_dialect.put_literal(&out, search_path);
    strbuf_puts(&out, ", true)) IS NOT NULL");
    return out.text;
}

static const char *names_array(Arena *arena, const SchemaNameList *names)
{
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_putc(&out, '{');
    VEC_EACH (const SchemaName, name, names) {
        strbuf_puts(&out, name == names->items ? "\"" : ",\"");
        for (const char *c = name->here; *c; c++) {
            if (*c == '"' || *c == '\\')
                strbuf_putc(&out, '\\');
            strbuf_putc(&out, *c);
        }
        strbuf_putc(&out, '"');
    }
    strbuf_putc(&out, '}');
    return out.text;
}

// Each row is read, and let go, as it comes.
static void read_result(void *payload, size_t i, PGresult *result)
{
    Introspection *in = payload;
    if (i < in->before || (i - in->before) / EACH >= in->asked || (i - in->before) % EACH == 0)
        return;
    const Query *query = &queries[in->ask[(i - in->before) / EACH]];
    if (query->read == see_depends && !in->tables_finished)
        see_finish_tables(in);
    query->read((Rows){ .in = in, .result = result, .row = -1 });
}

static void read_present(void *payload, size_t i, PGresult *result)
{
    Introspection *in = payload;
    if (i != in->before + 1 || !PQntuples(result))
        return;
    NameList *absent = arena_alloc(in->arena, sizeof *absent);
    *absent = (NameList){ 0 };
    for (int column = 0; column < PQnfields(result); column++)
        if (*PQgetvalue(result, 0, column) == 'f')
            *VEC_PUSH(in->arena, absent) = arena_strdup(in->arena, PQfname(result, column));
    in->absent = absent;
}

// The words before the queries; how many. The snapshot begins with them.
static size_t begin(const Introspection *in, bool inside, bool own, PgQuery list[BEFORE])
{
    const char *first = own      ? pg_begin_words(in->pg, NULL)
                        : inside ? OF_A_SCRIPT(KEEP)
                                 : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    list[0] = (PgQuery){ first, false };
    list[1] = (PgQuery){ in->look ? SETTINGS ", " SEE_PLAN_FOR_FEW : SETTINGS, false };
    return BEFORE;
}

// Which kinds of objects there are: most databases have few, and planning a query for each of the others would take the server
// half of the time.
static bool ask_present(Introspection *in, bool inside, bool own, Error *err)
{
    PgQuery list[BEFORE + EACH];
    size_t n = in->before = begin(in, inside, own, list), done = 0;
    list[n++] = (PgQuery){ pg_path_sql(in->pg, PATH_OWN, true), false };
    list[n++] = (PgQuery){ postgresql_sql_present, false };
    const PgPipeline pipeline = { .queries = list, .count = n, .take = read_present, .payload = in };
    bool ok = pg_pipeline(in->pg, &pipeline, &done, err);
    in->before = 0;
    return ok;
}

// The queries, in one pipeline with the end of the transaction. A look at some relations begins it there too, for its
// statements are prepared, and a round trip is what it costs.
static bool ask(Introspection *in, const char *search_path, bool inside, bool own, Error *err)
{
    PgDb *pg = in->pg;
    PgQuery list[BEFORE + EACH * QUERY_COUNT + AFTER];
    size_t n = in->before = in->look ? begin(in, inside, own, list) : 0, done = 0, asked[QUERY_COUNT];
    in->ask = asked;
    for (size_t i = 0; i < QUERY_COUNT; i++) {
        if (in->look && !queries[i].of_relations)
            continue;
        const char *sql = in->look ? arena_printf(in->arena, "EXECUTE %s_%zu (NULL, '%s')",
                                                  in->look->prepared, i, in->look->relations)
                                   : on_path(in, queries[i].sql, search_path, false);
        if (!sql)
            continue;
        asked[in->asked++] = i;
        list[n++] = (PgQuery){ pg_path_sql(pg, PATH_OWN, true), false };
        list[n++] = (PgQuery){ sql, !in->look && strstr(sql, "$1") != NULL };
    }
    if (in->look)
        list[n++] = (PgQuery){ "SELECT " SEE_PLAN_AS_USUAL, false };
    if (!own)
        list[n++] = (PgQuery){ inside ? OF_A_SCRIPT(PUT_BACK) : "COMMIT", false };
    const char *parameter = in->only ? names_array(in->arena, in->only) : NULL;
    const PgPipeline pipeline = { list, n, &parameter, 1, read_result, in };
    bool ok = pg_pipeline(pg, &pipeline, &done, err);
    in->ask = NULL;
    return ok;
}

static bool fetch(Introspection *in, const char *search_path, Error *err)
{
    PgDb *pg = in->pg;
    bool inside = PQtransactionStatus(pg->conn) == PQTRANS_INTRANS, own = pg->within && !pg->savepoint;
    bool ok = (in->look || ask_present(in, inside, own, err)) && ask(in, search_path, inside, own, err);
    if (own) // the settings with it
        return pg_rollback_within(pg, ok ? err : NULL) && ok;
    if (!ok && !inside && PQtransactionStatus(pg->conn) != PQTRANS_IDLE)
        PQclear(pg_run(pg, pg->conn, "ROLLBACK"));
    return ok;
}

// `look` NULL: the whole, and nothing is kept of it; its `relations` NULL: the whole, and what it needs to know later is kept.
static bool see(PgDb *pg, Arena *arena, const Filter *filter, const SchemaNameList *only,
                const char *search_path, Look *look, Schema *out, Error *err)
{
    bool some = look && look->relations;
    Introspection in = { .pg = pg,
                         .arena = arena,
                         .scratch = arena_new(),
                         .out = out,
                         .filter = filter,
                         .only = only,
                         .look = some ? look : NULL,
                         .default_schema = pg->db.server.default_schema };
    if (some) {
        in.opclasses = look->opclasses;
        in.collations = look->collations;
    }
    *out = (Schema){ .server = pg->db.server, .dialect = &postgresql_dialect, .depends_known = true };
    bool ok = fetch(&in, search_path, err);
    if (ok && !in.tables_finished)
        see_finish_tables(&in);
    if (ok)
        schema_sort(out);
    if (ok && look && !some) {
        look->opclasses = see_keep(arena, &in.opclasses);
        look->collations = see_keep(arena, &in.collations);
    }
    if (some)
        in.opclasses = in.collations = (CatalogMap){ 0 }; // the look's own
    CatalogMap *const maps[] = { &in.objects,    &in.columns, &in.checks, &in.opclasses,
                                 &in.collations, &in.parents, &in.types,  &in.relations };
    for (size_t i = 0; i < COUNT_OF(maps); i++)
        see_free(maps[i]);
    arena_free(in.scratch);
    return ok;
}

bool see_schema_of(PgDb *pg, Arena *arena, const Filter *filter, const SchemaNameList *only,
                   const char *search_path, Schema *out, Error *err)
{
    return see(pg, arena, filter, only, search_path, NULL, out, err);
}

bool see_look(PgDb *pg, Arena *arena, const Filter *filter, Look *look, Schema *out, Error *err)
{
    const char *path = pg_quote_ident(arena, pg->db.server.default_schema);
    return see(pg, arena, filter, NULL, path, look, out, err);
}

void see_prepare(PgDb *pg, Arena *arena, const char *prepared, NameList *out)
{
    const char *path = pg_quote_ident(arena, pg->db.server.default_schema);
    const Introspection in = { .pg = pg, .arena = arena };
    for (size_t i = 0; i < QUERY_COUNT; i++)
        if (queries[i].of_relations)
            *VEC_PUSH(arena, out) = arena_printf(arena, "PREPARE %s_%zu (text[], oid[]) AS %s", prepared, i,
                                                 on_path(&in, queries[i].sql, path, true));
}

bool pg_introspect(Db *db, Arena *arena, const Filter *filter, Schema *out, Error *err)
{
    PgDb *pg = pg_db(db);
    const char *path = pg_quote_ident(arena, pg->db.server.default_schema);
    if (see_schema_of(pg, arena, filter, NULL, path, out, err))
        return true;
    return error_prefix(err, "cannot read the schema of %s: ", db->title);
}
