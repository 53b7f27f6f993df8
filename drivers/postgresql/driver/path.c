// Where names without a schema are looked up. A script's are looked up on the search_path that the connection had; ours in
// pg_catalog alone, for whoever may create in a schema of that path could put an operator or a function of a closer match
// there, and would have it called with our rights. The path is switched in the same message as the first statement that
// needs it, and goes back to ours with the transaction.
#include <ctype.h>
#include <string.h>

#include "drivers/postgresql/driver/driver.h"

static bool in_transaction(const PgDb *pg) { return PQtransactionStatus(pg->conn) == PQTRANS_INTRANS; }

void pg_path_begins(PgDb *pg)
{
    pg->local_path = PATH_UNSET;
    pg->ran_script = false;
}

static PgPath path_now(PgDb *pg)
{
    if (!in_transaction(pg))
        pg_path_begins(pg);
    return pg->local_path == PATH_UNSET ? pg->session_path : pg->local_path;
}

// A path that SET takes as it is printed: names, quoted or not, and commas.
static bool is_plain(const char *path)
{
    bool quoted = false;
    for (const char *p = path; *p; p++) {
        if (*p == '"')
            quoted = !quoted;
        else if (!quoted && !isalnum((unsigned char)*p) && !strchr("_$, ", *p))
            return false;
    }
    return *path && !quoted && !isdigit((unsigned char)*path);
}

// SET takes no snapshot, so that a script can still begin with SET TRANSACTION. A path that came as an option of the
// connection may be one that SET does not read (my-schema).
const char *pg_path_sql(PgDb *pg, PgPath path, bool local)
{
    const char *words = path == PATH_OWN ? PG_OWN_PATH : pg->script_path;
    if (is_plain(words))
        return arena_printf(pg->db.arena, "SET %s search_path = %s", local ? "LOCAL" : "SESSION", words);
    StrBuf sql;
    strbuf_init(&sql, pg->db.arena);
    strbuf_puts(&sql, "SELECT pg_catalog.set_config('search_path', ");
    postgresql_dialect.put_literal(&sql, words);
    strbuf_puts(&sql, local ? ", true)" : ", false)");
    return sql.text;
}

// Characters, as the server counts positions.
static size_t length_of(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static const char *prefixed(PgDb *pg, const char *prefix, const char *statement)
{
    const char *sql = arena_printf(pg->db.arena, "%s; %s", prefix, statement);
    pg->prefix = length_of(prefix) + 2;
    return sql;
}

// Outside of a transaction a script's statement must be alone in its message: CREATE INDEX CONCURRENTLY.
static bool switch_session(PgDb *pg, PgPath path, Error *err)
{
    if (!pg_command(&pg->db, pg_path_sql(pg, path, false), err))
        return false;
    pg->session_path = path;
    return true;
}

bool pg_on_path(PgDb *pg, const char *statement, const char **out, Error *err)
{
    NameScope scope = pg->db.scope;
    PgPath wanted = scope == SCOPE_OWN ? PATH_OWN : PATH_SCRIPT;
    bool inside = in_transaction(pg), fits = path_now(pg) == wanted;
    pg->ran_script |= inside && scope == SCOPE_SCRIPT;
    pg->prefix = 0;
    *out = statement;
    if (fits || (!inside && PQtransactionStatus(pg->conn) != PQTRANS_IDLE))
        return true;
    if (!inside && scope == SCOPE_SCRIPT)
        return switch_session(pg, wanted, err);
    // A script may have set the path of the session where nothing shows it: ours is set for good, not until the end
    bool local = wanted != PATH_OWN || pg->session_path != PATH_OWN || !inside;
    *out = prefixed(pg, pg_path_sql(pg, wanted, local), statement);
    if (inside)
        pg->local_path = wanted;
    return true;
}

// Deferred triggers run with COMMIT, and look for names where the script does.
const char *pg_commit_words(PgDb *pg)
{
    if (path_now(pg) != PATH_OWN || !pg->ran_script)
        return "COMMIT";
    return arena_printf(pg->db.arena, "%s; COMMIT", pg_path_sql(pg, PATH_SCRIPT, true));
}

void pg_forget_path(PgDb *pg) { pg->local_path = PATH_UNKNOWN; }

// A batch goes out as one: its changes of the path are statements of it, and `done` counts without them.
typedef struct Batched {
    PgQuery *queries;
    size_t *place; // of each query in the batch as it was given
    size_t count;
} Batched;

static void add(Batched *batched, const char *sql, size_t place)
{
    batched->queries[batched->count].sql = sql;
    batched->place[batched->count++] = place;
}

bool pg_batch_on_path(PgDb *pg, const Batch *batch, size_t *done, Error *err)
{
    Arena *arena = arena_new();
    Batched all = { arena_alloc(arena, (batch->count + 4) * sizeof(PgQuery)),
                    arena_alloc(arena, (batch->count + 5) * sizeof(size_t)), 0 };
    size_t end = batch->script_first + batch->script_count;
    bool inside = in_transaction(pg);
    if (inside && batch->script_first && path_now(pg) != PATH_OWN)
        add(&all, pg_path_sql(pg, PATH_OWN, true), 0);
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->script_count && i == batch->script_first)
            add(&all, pg_path_sql(pg, PATH_SCRIPT, true), i);
        if (batch->script_count && i == end)
            add(&all, pg_path_sql(pg, PATH_OWN, pg->session_path != PATH_OWN), i);
        if (batch->script_count && i > end && i + 1 == batch->count)
            add(&all, pg_path_sql(pg, PATH_SCRIPT, true), i); // of the triggers that run with COMMIT
        add(&all, batch->statements[i], i);
    }
    all.place[all.count] = batch->count;
    bool ok = pg_pipeline(pg, &(PgPipeline){ .queries = all.queries, .count = all.count }, done, err);
    *done = all.place[*done];
    if (inside && batch->script_count)
        pg->local_path = end < batch->count ? PATH_OWN : PATH_SCRIPT;
    pg->ran_script |= inside && batch->script_count;
    arena_free(arena);
    return ok;
}

bool pg_ask(PgDb *pg, const NameList *statements, PgTakeFn *take, void *payload, Error *err)
{
    Arena *arena = arena_new();
    bool inside = in_transaction(pg);
    PgQuery *list = arena_alloc(arena, (statements->count + 3) * sizeof(PgQuery));
    size_t n = 0, done = 0;
    list[n++] = (PgQuery){ inside ? PG_KEEP_PATH : "BEGIN", false };
    list[n++] = (PgQuery){ pg_path_sql(pg, PATH_OWN, true), false };
    VEC_EACH (const char *, it, statements)
        list[n++] = (PgQuery){ *it, false };
    list[n++] = (PgQuery){ inside ? PG_PUT_BACK_PATH : "COMMIT", false };
    bool ok = pg_pipeline(pg, &(PgPipeline){ list, n, NULL, 0, take, payload }, &done, err);
    if (!ok && !inside && PQtransactionStatus(pg->conn) != PQTRANS_IDLE)
        PQclear(pg_run(pg, pg->conn, "ROLLBACK"));
    arena_free(arena);
    return ok;
}
