#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/postgresql/driver/driver.h"

static void put_line(char *line, size_t size, const char *text)
{
    size_t n = 0;
    for (; *text && n + 1 < size; text++)
        line[n++] = *text == '\n' || *text == '\r' ? ' ' : *text;
    while (n && line[n - 1] == ' ')
        n--;
    line[n] = '\0';
}

static void add_detail(Error *err, const char *label, const char *text)
{
    if (!text || !*text)
        return;
    char old[sizeof(err->detail)];
    snprintf(old, sizeof(old), "%s", err->detail);
    error_detail(err, "%s%s%s: %s", old, *old ? "\n" : "", label, text);
}

static void hint_for(Error *err, const char *state)
{
    static const struct {
        const char *state, *hint;
    } hints[] = {
        {"55P03",  "Another session holds a lock on it; the server gave up after lock_timeout. Try again, or "
                   "look into pg_locks."                                           },
        { "42501", "The user of this connection lacks the right; connect as the owner, or GRANT it."},
        { "25006", "This connection or server is read-only (a standby?); connect to the primary."   },
        { "53300", "The server has no free connection: end some, or raise max_connections."         },
        { "40P01", "Two sessions waited for each other; run it again."                              },
    };
    for (size_t i = 0; i < COUNT_OF(hints); i++)
        if (strcmp(hints[i].state, state) == 0 && !err->hint[0])
            error_hint(err, "%s", hints[i].hint);
}

bool pg_connection_error(PgDb *pg, PGconn *conn, Error *err)
{
    char line[1024];
    put_line(line, sizeof(line), PQerrorMessage(conn));
    if (watchdog_has_cut(pg->watchdog))
        snprintf(line, sizeof(line), "the connection is dead: nothing was heard from the server for %u s",
                 pg_patience(pg));
    error_set(err, PQstatus(conn) == CONNECTION_BAD ? ERR_CONNECT : ERR_SQL, "%s",
              *line ? line : "the connection was lost");
    return error_native(err, PQstatus(conn) == CONNECTION_BAD ? "08006" : "");
}

static void add_position(Error *err, const PgDb *pg, const char *position)
{
    unsigned long at = position ? strtoul(position, NULL, 10) : 0;
    if (err && at > pg->prefix)
        err->position = (unsigned)(at - (unsigned long)pg->prefix);
}

static void set_message(Error *err, const char *state, const char *message)
{
    char line[1536];
    put_line(line, sizeof(line), message);
    error_set(err, ERR_SQL, "%s", line);
    error_native(err, state);
}

static void set_words(Error *err, const char *state, const PGresult *result, const char *statement)
{
    Arena *arena = arena_new();
    const PgWords words = pg_words_of_functions(arena, result, statement);
    set_message(err, state, words.message);
    add_detail(err, "DETAIL", PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
    add_detail(err, "HINT", PQresultErrorField(result, PG_DIAG_MESSAGE_HINT));
    add_detail(err, "QUERY", words.query);
    add_detail(err, "CONTEXT", words.context);
    if (words.left_out)
        add_detail(err, "LEFT OUT", "a statement that a function ran; psql prints it");
    arena_free(arena);
}

// The same where they are of rows, and that something was left out of them.
static void set_without_values(Error *err, const char *state, const PGresult *result)
{
    Arena *arena = arena_new();
    const char *message, *detail, *context, *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    bool left_out = pg_message_without_values(arena, result, primary, &message);
    left_out |= pg_detail_without_values(arena, result, &detail);
    left_out |= pg_context_without_values(arena, result, &context);
    set_message(err, state, message);
    add_detail(err, "DETAIL", detail);
    add_detail(err, "HINT", PQresultErrorField(result, PG_DIAG_MESSAGE_HINT));
    add_detail(err, "CONTEXT", context);
    if (left_out)
        add_detail(err, "LEFT OUT", "values of rows; psql prints them when it runs the same statement");
    arena_free(arena);
}

bool pg_result_error(PgDb *pg, const PGresult *result, Error *err)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (!state || !primary) {
        if (PQstatus(pg->conn) == CONNECTION_BAD)
            return pg_connection_error(pg, pg->conn, err);
        char line[1024];
        put_line(line, sizeof(line), PQresultErrorMessage(result));
        return error_set(err, ERR_SQL, "%s", *line ? line : "no answer from the server");
    }
    if (pg_quotes_rows(result))
        set_without_values(err, state, result);
    else
        set_words(err, state, result, pg->sent);
    add_position(err, pg, PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION));
    if (strcmp(state, "55P03") == 0)
        add_detail(err, "HELD BY", pg->blocker);
    hint_for(err, state);
    return false;
}

static bool is_error(const PGresult *result)
{
    switch ((int)PQresultStatus(result)) {
    case PGRES_BAD_RESPONSE:
    case PGRES_FATAL_ERROR:
    case PGRES_PIPELINE_ABORTED: return true;
    default: return false;
    }
}

// A COPY that a script begins has no data here: it is ended, so that the connection stays usable.
static void end_copy(PGconn *conn, const PGresult *result)
{
    if (PQresultStatus(result) == PGRES_COPY_IN)
        PQputCopyEnd(conn, "COPY needs its data, which a script cannot hold; use INSERT");
    while (PQresultStatus(result) == PGRES_COPY_OUT) {
        char *row = NULL;
        if (PQgetCopyData(conn, &row, 0) <= 0)
            break;
        PQfreemem(row);
    }
}

static PGresult *get_result(PgDb *pg, PGconn *conn, PgWatch *watch)
{
    while (pg_is_watched(pg, conn) && PQisBusy(conn))
        if (!pg_wait_watched(pg, watch, false))
            break;
    return PQgetResult(conn);
}

// The last result, or the first that is an error.
static PGresult *run_and_wait(PgDb *pg, PGconn *conn, const char *sql)
{
    if (!PQsendQuery(conn, sql))
        return PQmakeEmptyPGresult(conn, PGRES_FATAL_ERROR);
    PGresult *kept = NULL, *next;
    PgWatch watch = { 0 };
    while ((next = get_result(pg, conn, &watch))) {
        end_copy(conn, next);
        if (kept && is_error(kept)) {
            PQclear(next);
            continue;
        }
        PQclear(kept);
        kept = next;
        if (PQstatus(conn) == CONNECTION_BAD)
            break;
    }
    return kept ? kept : PQmakeEmptyPGresult(conn, PGRES_FATAL_ERROR);
}

PGresult *pg_run(PgDb *pg, PGconn *conn, const char *sql)
{
    pg_waits_for(pg, conn);
    PGresult *result = run_and_wait(pg, conn, sql);
    watchdog_answered(pg->watchdog);
    return result;
}

static uint64_t affected(PGresult *result)
{
    const char *rows = PQcmdTuples(result);
    return *rows ? strtoull(rows, NULL, 10) : 0;
}

PGresult *pg_run_own(PgDb *pg, PGconn *conn, const char *sql)
{
    const char *set = pg_path_sql(pg, PATH_OWN, true);
    return pg_run(pg, conn, arena_printf(pg->db.arena, "%s; %s", set, sql));
}

bool pg_command(Db *db, const char *statement, Error *err)
{
    PgDb *pg = pg_db(db);
    pg->prefix = 0;
    pg->sent = statement;
    PGresult *result = pg_run(pg, pg->conn, statement);
    bool ok = !is_error(result) || pg_result_error(pg, result, err);
    pg->sent = NULL;
    PQclear(result);
    return ok;
}

bool pg_exec(Db *db, const char *statement, Error *err)
{
    PgDb *pg = pg_db(db);
    const char *sql;
    if (!pg_on_path(pg, statement, &sql, err))
        return false;
    pg->sent = statement;
    PGresult *result = pg_run(pg, pg->conn, sql);
    bool ok = !is_error(result) || pg_result_error(pg, result, err);
    pg->sent = NULL;
    db->affected = ok ? affected(result) : 0;
    PQclear(result);
    return ok;
}

// The rows of one query, as they come.
typedef struct Streaming {
    RowFn *row;
    void *payload;
    const char **values;
    size_t *lengths;
    size_t room; // for so many
    bool seen;   // any result
} Streaming;

static bool make_room(Streaming *s, size_t columns)
{
    if (columns <= s->room)
        return true;
    free(s->values);
    free(s->lengths);
    s->values = calloc(columns, sizeof(*s->values));
    s->lengths = calloc(columns, sizeof(*s->lengths));
    s->room = s->values && s->lengths ? columns : 0;
    return s->room > 0;
}

static bool take_row(Streaming *s, const PGresult *result, int row, Error *err)
{
    const size_t columns = (size_t)PQnfields(result);
    if (!make_room(s, columns))
        return error_set(err, ERR_IO, "out of memory");
    for (size_t i = 0; i < columns; i++) {
        const int at = (int)i;
        s->values[i] = PQgetisnull(result, row, at) ? NULL : PQgetvalue(result, row, at);
        s->lengths[i] = (size_t)PQgetlength(result, row, at);
    }
    return s->row(s->payload, &(Row){ s->values, s->lengths, columns }, err);
}

static bool take_rows(Streaming *s, const PGresult *result, Error *err)
{
    bool ok = true;
    for (int i = 0; ok && s->row && i < PQntuples(result); i++)
        ok = take_row(s, result, i, err);
    return ok;
}

// Row by row, so that a table of any size takes no memory; all are read, also those that nobody wants any more. The path that was
// put before the statement has a result of its own, which is passed over.
static bool stream(PgDb *pg, const char *sql, Streaming *s, Error *err)
{
    PGconn *conn = pg->conn;
    PgWatch watch = { 0 };
    PGresult *next;
    bool ok = true, of_prefix = pg->prefix > 0;
    if (PQsendQuery(conn, sql))
        (void)PQsetSingleRowMode(conn);
    while ((next = get_result(pg, conn, &watch))) {
        end_copy(conn, next);
        s->seen = true;
        if (ok && is_error(next))
            ok = pg_result_error(pg, next, err);
        else if (ok && !of_prefix)
            ok = take_rows(s, next, err);
        of_prefix = of_prefix && PQresultStatus(next) == PGRES_SINGLE_TUPLE;
        PQclear(next);
        if (PQstatus(conn) == CONNECTION_BAD)
            break;
    }
    return ok;
}

bool pg_query(Db *db, const char *statement, RowFn *row, void *payload, Error *err)
{
    PgDb *pg = pg_db(db);
    const char *sql;
    if (!pg_on_path(pg, statement, &sql, err))
        return false;
    Streaming s = { .row = row, .payload = payload };
    pg->sent = statement;
    pg_waits_for(pg, pg->conn);
    bool ok = stream(pg, sql, &s, err);
    watchdog_answered(pg->watchdog);
    pg->sent = NULL;
    free(s.values);
    free(s.lengths);
    return s.seen ? ok : pg_connection_error(pg, pg->conn, err);
}

// Waits until the socket can be read, or written while something is still to be sent.
static bool wait_socket(PgDb *pg, PgWatch *watch, bool writing)
{
    PGconn *conn = pg->conn;
    if (pg_is_watched(pg, conn))
        return pg_wait_watched(pg, watch, writing);
    struct pollfd fd = { .fd = PQsocket(conn), .events = POLLIN };
    if (fd.fd < 0)
        return false;
    if (writing)
        fd.events |= POLLOUT;
    if (poll(&fd, 1, -1) < 0)
        return true; // a signal: look again
    return !(fd.revents & POLLIN) || PQconsumeInput(conn);
}

// The next result; what is still to be sent goes out meanwhile, so that neither side waits with full buffers.
static PGresult *next_result(PgDb *pg)
{
    PGconn *conn = pg->conn;
    PgWatch watch = { 0 };
    for (;;) {
        int unsent = PQflush(conn);
        if (unsent < 0 || PQstatus(conn) == CONNECTION_BAD)
            return NULL;
        if (!PQisBusy(conn) && unsent == 0)
            return PQgetResult(conn);
        if (!PQisBusy(conn))
            return PQgetResult(conn);
        if (!wait_socket(pg, &watch, unsent > 0))
            return NULL;
    }
}

static bool send_all(PgDb *pg, const PgPipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->count; i++) {
        const PgQuery *query = &pipeline->queries[i];
        int n = query->takes_parameters ? (int)pipeline->parameter_count : 0;
        if (!PQsendQueryParams(pg->conn, query->sql, n, NULL, n ? pipeline->parameters : NULL, NULL, NULL, 0))
            return false;
    }
    return PQpipelineSync(pg->conn);
}

static bool leave_pipeline(PgDb *pg)
{
    bool ok = PQexitPipelineMode(pg->conn);
    return !PQsetnonblocking(pg->conn, 0) && ok;
}

// The results of one query up to its NULL: each row as it comes, then one without rows. False: the connection is lost.
static bool take_one(PgDb *pg, const PgPipeline *pipeline, size_t i, bool *ok, Error *err)
{
    if (pipeline->take)
        (void)PQsetSingleRowMode(pg->conn); // refused, the rows come together
    bool ended = false;
    PGresult *result;
    while ((result = next_result(pg))) {
        ended = ended || PQresultStatus(result) != PGRES_SINGLE_TUPLE;
        pg->sent = pipeline->queries[i].sql;
        if (*ok && is_error(result))
            *ok = pg_result_error(pg, result, err);
        pg->sent = NULL;
        if (*ok && pipeline->take)
            pipeline->take(pipeline->payload, i, result);
        PQclear(result);
    }
    return ended;
}

static bool take_all(PgDb *pg, const PgPipeline *pipeline, size_t *done, Error *err)
{
    bool ok = true;
    for (size_t i = 0; i < pipeline->count; i++) {
        if (!take_one(pg, pipeline, i, &ok, err))
            return pg_connection_error(pg, pg->conn, err);
        if (ok)
            *done = i + 1;
    }
    PGresult *sync = next_result(pg);
    bool synced = sync && PQresultStatus(sync) == PGRES_PIPELINE_SYNC;
    PQclear(sync);
    if (ok && !synced)
        return pg_connection_error(pg, pg->conn, err);
    return ok;
}

bool pg_pipeline(PgDb *pg, const PgPipeline *pipeline, size_t *done, Error *err)
{
    *done = 0;
    pg->prefix = 0;
    if (PQsetnonblocking(pg->conn, 1) || !PQenterPipelineMode(pg->conn))
        return pg_connection_error(pg, pg->conn, err);
    pg_waits_for(pg, pg->conn);
    bool ok = send_all(pg, pipeline);
    ok = ok ? take_all(pg, pipeline, done, err) : pg_connection_error(pg, pg->conn, err);
    watchdog_answered(pg->watchdog);
    leave_pipeline(pg);
    return ok;
}

static bool begins_transaction(const char *statement)
{
    Lexer lexer;
    lex_init(&lexer, (Text){ statement, strlen(statement) }, LEX_POSTGRESQL, false);
    Token first = lex_next(&lexer);
    return token_is(&first, "begin") || token_is(&first, "start");
}

static bool one_by_one(Db *db, const Batch *batch, size_t *done, Error *err)
{
    size_t end = batch->script_first + batch->script_count;
    for (*done = 0; *done < batch->count; ++*done)
        if (!db_exec_in(db, *done >= batch->script_first && *done < end ? SCOPE_SCRIPT : SCOPE_OWN,
                        batch->statements[*done], err))
            return false;
    return true;
}

// Outside a transaction each statement must stand for itself, so there a pipeline would say something else.
bool pg_batch(Db *db, const Batch *batch, size_t *done, Error *err)
{
    PgDb *pg = pg_db(db);
    bool inside = PQtransactionStatus(pg->conn) == PQTRANS_INTRANS ||
                  (batch->count && begins_transaction(batch->statements[0]));
    return inside && batch->count > 1 ? pg_batch_on_path(pg, batch, done, err)
                                      : one_by_one(db, batch, done, err);
}
