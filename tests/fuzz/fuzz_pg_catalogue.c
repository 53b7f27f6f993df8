// PostgreSQL's introspection on a server that answers anything. The seam is pg_pipeline: here it hands out results made of
// the input, by libpq's own functions. What was seen can be written as a model; laws of the dialect's names go with it.
#include "core/schema/schema_write.h"
#include "drivers/postgresql/introspect/introspect.h"
#include "tests/fuzz/feed.h"

static Feed *answers;

static PGresult *make_result(const FeedResult *rows)
{
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc columns[FEED_COLUMNS];
    char name[] = "c";
    for (size_t i = 0; i < FEED_COLUMNS; i++)
        columns[i] = (PGresAttDesc){ .name = name };
    if (!PQsetResultAttrs(result, FEED_COLUMNS, columns))
        abort();
    for (size_t row = 0; row < rows->count; row++)
        for (int i = 0; i < FEED_COLUMNS; i++) {
            const char *value = rows->items[row].values[i];
            char *copy = value ? arena_strdup(answers->arena, value) : NULL;
            if (!PQsetvalue(result, (int)row, i, copy, value ? (int)strlen(value) : -1))
                abort();
        }
    return result;
}

bool pg_pipeline(PgDb *pg, const PgPipeline *pipeline, size_t *done, Error *err)
{
    (void)pg;
    (void)err;
    for (*done = 0; *done < pipeline->count; ++*done) {
        FeedResult rows = { 0 };
        if (strncmp(pipeline->queries[*done].sql, "BEGIN", 5) != 0 && *done > 1)
            rows = feed_result(answers);
        PGresult *result = make_result(&rows);
        pipeline->take(pipeline->payload, *done, result);
        PQclear(result);
    }
    return true;
}

const char *pg_path_sql(PgDb *pg, PgPath path, bool local)
{
    (void)pg;
    (void)path;
    (void)local;
    return "SELECT 1";
}

bool pg_ask(PgDb *pg, const NameList *statements, PgTakeFn *take, void *payload, Error *err)
{
    (void)pg;
    (void)statements;
    (void)take;
    (void)payload;
    return error_set(err, ERR_UNSUPPORTED, "nobody is asked here");
}

PGresult *pg_run(PgDb *pg, PGconn *conn, const char *sql)
{
    (void)pg;
    (void)conn;
    (void)sql;
    return NULL;
}

const char *pg_begin_words(PgDb *pg, const char *usual)
{
    (void)pg;
    return usual;
}

bool pg_rollback_within(PgDb *pg, Error *err)
{
    (void)pg;
    (void)err;
    return true;
}

static void check_names(Arena *arena, const char *text)
{
    const char *arguments;
    (void)pg_routine_split(arena, text, &arguments);
    (void)pg_routine_name(arena, "f", text);
    (void)pg_array(arena, text);
    (void)see_settings(arena, text);
    if (strlen(pg_name_clip(arena, text)) > 63 || strlen(pg_object_name(arena, text, text, "key")) > 63)
        feed_broken("a name fits", text);
    const char *quoted = pg_quote_ident(arena, text);
    TokenList tokens = lex_all(arena, (Text){ quoted, strlen(quoted) }, LEX_POSTGRESQL);
    if (text[0] && (tokens.count != 2 || strcmp(token_name(arena, &tokens.items[0]), text) != 0))
        feed_broken("a quoted name is that name", quoted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 40000)
        return 0;
    Arena *arena = arena_new();
    Feed feed = feed_open(arena, data, size);
    check_names(arena, feed.p);
    answers = &feed;
    PgDb pg = {
        .db = {.dialect = &postgresql_dialect,
               .title = "postgresql://h/d",
               .server = { .version = 180000, .default_schema = "public" }}
    };
    const Filter all = { 0 };
    Schema schema;
    Error err = { 0 };
    if (pg_introspect(&pg.db, arena, &all, &schema, &err)) {
        StrBuf out;
        strbuf_init(&out, arena);
        schema_write_yaml(&out, &schema);
    } else {
        feed_refused(&err, "catalogue");
    }
    arena_free(arena);
    return 0;
}
