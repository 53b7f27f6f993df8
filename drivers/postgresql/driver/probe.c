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

// The first value of a query; a second one, where it is asked for.
typedef struct IndexFacts {
    const char *valid; // 't', 'f', or NULL where there is no such index
    const char *name;  // with its schema, as SQL
} IndexFacts;

typedef struct Taking {
    Arena *arena;
    IndexFacts *out;
} Taking;

static bool take_facts(void *payload, const Row *row, Error *err)
{
    (void)err;
    Taking *taking = payload;
    if (row->count < 2 || !row->values[0] || !row->values[1])
        return true;
    taking->out->valid = arena_strdup(taking->arena, row->values[0]);
    taking->out->name = arena_strdup(taking->arena, row->values[1]);
    return true;
}

// By its own name or, where `table` is not NULL, among the indexes of that table: it lies in the table's schema, wherever
// names are looked for.
static bool index_facts(Probe *probe, const char *name, const char *table, IndexFacts *out, Error *err)
{
    StrBuf sql;
    strbuf_init(&sql, probe->pg->db.arena);
    strbuf_puts(
        &sql,
        "SELECT i.indisvalid, pg_catalog.quote_ident(n.nspname) OPERATOR(pg_catalog.||) '.' "
        "OPERATOR(pg_catalog.||) pg_catalog.quote_ident(c.relname) FROM pg_catalog.pg_index i JOIN "
        "pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) i.indexrelid JOIN pg_catalog.pg_namespace n "
        "ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE ");
    if (table) {
        strbuf_puts(&sql, "i.indrelid OPERATOR(pg_catalog.=) ");
        put_regclass(&sql, table);
        strbuf_puts(&sql, " AND pg_catalog.text(c.relname) OPERATOR(pg_catalog.=) (pg_catalog.parse_ident(");
        postgresql_dialect.put_literal(&sql, name);
        strbuf_puts(&sql, "))[1]");
    } else {
        strbuf_puts(&sql, "c.oid OPERATOR(pg_catalog.=) ");
        put_regclass(&sql, name);
    }
    *out = (IndexFacts){ 0 };
    Taking taking = { probe->pg->db.arena, out };
    return pg_query(&probe->pg->db, sql.text, take_facts, &taking, err);
}

// An index that was begun and not finished is of no use, and in the way of the next attempt.
static bool drop_invalid(Probe *probe, const char *name, Error *err)
{
    StrBuf sql;
    strbuf_init(&sql, probe->pg->db.arena);
    strbuf_printf(&sql, "DROP INDEX CONCURRENTLY IF EXISTS %s", name);
    *probe->done = NO;
    return db_exec_in(&probe->pg->db, SCOPE_SCRIPT, sql.text, err);
}

// CREATE INDEX CONCURRENTLY that was interrupted leaves an index that is not valid: it is dropped, and then
// the statement is not done.
static bool probe_create_index(Probe *probe, Error *err)
{
    IndexFacts facts;
    if (take(probe, "if"))
        probe->at += 2;
    const char *name = token_is(&probe->tokens.items[probe->at], "on") ? NULL : take_name(probe);
    if (!name || !take(probe, "on")) {
        *probe->look_at = "the indexes of its table: this one has no name in the statement";
        return true;
    }
    (void)take(probe, "only");
    const char *table = take_name(probe);
    if (!table)
        return true;
    if (!index_facts(probe, name, table, &facts, err))
        return false;
    if (!facts.valid)
        *probe->done = NO;
    else if (*facts.valid == 't')
        *probe->done = YES;
    else
        return drop_invalid(probe, facts.name, err);
    return true;
}

// One that is half dropped is invalid; dropping it again ends that.
static bool probe_drop_index(Probe *probe, Error *err)
{
    IndexFacts facts;
    if (take(probe, "if"))
        probe->at += 1;
    const char *name = take_name(probe);
    if (!name || token_is(&probe->tokens.items[probe->at], ","))
        return true;
    if (!index_facts(probe, name, NULL, &facts, err))
        return false;
    *probe->done = facts.valid ? NO : YES;
    return true;
}

static bool probe_database(Probe *probe, bool creates, Error *err)
{
    const char *name = take_name(probe), *found = NULL;
    if (!name)
        return true;
    StrBuf sql;
    strbuf_init(&sql, probe->pg->db.arena);
    strbuf_puts(
        &sql,
        "SELECT 1 FROM pg_catalog.pg_database WHERE pg_catalog.quote_ident(datname) OPERATOR(pg_catalog.=) ");
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
    strbuf_puts(
        &sql,
        "SELECT 1 FROM pg_catalog.pg_enum WHERE enumtypid OPERATOR(pg_catalog.=) pg_catalog.to_regtype(");
    postgresql_dialect.put_literal(&sql, type);
    strbuf_puts(&sql, ") AND enumlabel OPERATOR(pg_catalog.=) ");
    strbuf_put(&sql, value->text.p, value->text.n);
    if (!db_value(&probe->pg->db, probe->pg->db.arena, sql.text, &found, err))
        return false;
    *probe->done = found ? YES : NO;
    return true;
}

// Answers by what the catalogue shows. Statements that are harmless to repeat count as not done; for others
// `look_at` says what a person should check.
static bool probe_statement(Db *db, Text statement, Tristate *done, const char **look_at, Error *err)
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
    if (take(&probe, "vacuum") || take(&probe, "analyze") || take(&probe, "cluster") ||
        take(&probe, "checkpoint")) {
        *done = NO; // done twice it is as done once
        return true;
    }
    if (take(&probe, "reindex")) {
        *look_at = "indexes that are not valid: those whose names end with _ccnew or _ccold can be dropped";
        return true;
    }
    if (take(&probe, "alter") && take(&probe, "type"))
        return probe_add_value(&probe, err);
    return true;
}

// What the script names is looked up where the script looks.
bool pg_probe(Db *db, Text statement, Tristate *done, const char **look_at, Error *err)
{
    db->scope = SCOPE_LOOKUP;
    bool ok = probe_statement(db, statement, done, look_at, err);
    db->scope = SCOPE_OWN;
    return ok;
}
