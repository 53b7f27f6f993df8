// Did a statement that runs outside a transaction have its effect? It was cut off when the process or the server died;
// what it makes or drops is looked for.
#include <string.h>

#include "drivers/postgresql/driver/driver.h"

typedef struct Probe {
    PgDb *pg;
    TokenList tokens;
    size_t at;
    Tristate *done;
    const char **look_at;
} Probe;

static bool take(Probe *probe, const char *word)
{
    if (!token_is(&probe->tokens.items[probe->at], word))
        return false;
    probe->at++;
    return true;
}

// A name, perhaps qualified, as SQL text.
static const char *take_name(Probe *probe)
{
    const Token *t = &probe->tokens.items[probe->at];
    if (t->kind != TOKEN_WORD && t->kind != TOKEN_NAME)
        return NULL;
    const char *start = t->text.p, *end = t->text.p + t->text.n;
    probe->at++;
    while (take(probe, ".")) {
        t = &probe->tokens.items[probe->at++];
        end = t->text.p + t->text.n;
    }
    return arena_strndup(probe->pg->db.arena, start, (size_t)(end - start));
}

static void put_regclass(StrBuf *out, const char *name)
{
    strbuf_puts(out, "pg_catalog.to_regclass(");
    postgresql_dialect.put_literal(out, name);
    strbuf_puts(out, ")");
}

// 't', 'f', or NULL where there is no such index.
static bool index_state(Probe *probe, const char *name, const char **valid, Error *err)
{
    StrBuf sql;
    strbuf_init(&sql, probe->pg->db.arena);
    strbuf_puts(&sql, "SELECT indisvalid FROM pg_catalog.pg_index WHERE indexrelid = ");
    put_regclass(&sql, name);
    return db_value(&probe->pg->db, probe->pg->db.arena, sql.text, valid, err);
}

// An index that was begun and not finished is of no use, and in the way of the next attempt.
static bool drop_invalid(Probe *probe, const char *name, Error *err)
{
    StrBuf sql;
    strbuf_init(&sql, probe->pg->db.arena);
    strbuf_printf(&sql, "DROP INDEX CONCURRENTLY IF EXISTS %s", name);
    *probe->done = NO;
    return pg_exec(&probe->pg->db, sql.text, err);
}

static bool probe_create_index(Probe *probe, Error *err)
{
    if (take(probe, "if"))
        probe->at += 2;
    const char *name = take_name(probe), *valid = NULL;
    if (!name || token_is(&probe->tokens.items[probe->at - 1], "on"))
        return true; // without a name: cannot tell
    if (!index_state(probe, name, &valid, err))
        return false;
    if (!valid)
        *probe->done = NO;
    else if (*valid == 't')
        *probe->done = YES;
    else
        return drop_invalid(probe, name, err);
    return true;
}

static bool probe_drop_index(Probe *probe, Error *err)
{
    if (take(probe, "if"))
        probe->at += 1;
    const char *name = take_name(probe), *valid = NULL;
    if (!name || token_is(&probe->tokens.items[probe->at], ","))
        return true;
    if (!index_state(probe, name, &valid, err))
        return false;
    if (!valid)
        *probe->done = YES;
    else if (*valid == 't')
        *probe->done = NO;
    else
        *probe->look_at = arena_printf(
            probe->pg->db.arena, "the index %s is half dropped: DROP INDEX CONCURRENTLY %s", name, name);
    return true;
}

static bool probe_database(Probe *probe, bool creates, Error *err)
{
    const char *name = take_name(probe), *found = NULL;
    if (!name)
        return true;
    StrBuf sql;
    strbuf_init(&sql, probe->pg->db.arena);
    strbuf_puts(&sql, "SELECT 1 FROM pg_catalog.pg_database WHERE pg_catalog.quote_ident(datname) = ");
    postgresql_dialect.put_literal(&sql, name);
    if (!db_value(&probe->pg->db, probe->pg->db.arena, sql.text, &found, err))
        return false;
    *probe->done = (found != NULL) == creates ? YES : NO;
    return true;
}

// ALTER TYPE t ADD VALUE [IF NOT EXISTS] 'x' …
static bool probe_add_value(Probe *probe, Error *err)
{
    const char *type = take_name(probe), *found = NULL;
    if (!type || !take(probe, "add") || !take(probe, "value"))
        return true;
    if (take(probe, "if"))
        probe->at += 2;
    const Token *value = &probe->tokens.items[probe->at];
    if (value->kind != TOKEN_STRING)
        return true;
    StrBuf sql;
    strbuf_init(&sql, probe->pg->db.arena);
    strbuf_puts(&sql, "SELECT 1 FROM pg_catalog.pg_enum WHERE enumtypid = pg_catalog.to_regtype(");
    postgresql_dialect.put_literal(&sql, type);
    strbuf_puts(&sql, ") AND enumlabel = ");
    strbuf_put(&sql, value->text.p, value->text.n);
    if (!db_value(&probe->pg->db, probe->pg->db.arena, sql.text, &found, err))
        return false;
    *probe->done = found ? YES : NO;
    return true;
}

bool pg_probe(Db *db, Text statement, Tristate *done, const char **look_at, Error *err)
{
    *done = UNSET;
    *look_at = NULL;
    Probe probe = { .pg = pg_db(db), .done = done, .look_at = look_at };
    probe.tokens = lex_all(db->arena, statement, LEX_POSTGRESQL);
    bool creates = take(&probe, "create");
    if (creates || take(&probe, "drop")) {
        if (creates)
            (void)take(&probe, "unique");
        if (take(&probe, "index") && take(&probe, "concurrently"))
            return creates ? probe_create_index(&probe, err) : probe_drop_index(&probe, err);
        return !take(&probe, "database") || probe_database(&probe, creates, err);
    }
    if (take(&probe, "alter") && take(&probe, "type"))
        return probe_add_value(&probe, err);
    return true;
}
