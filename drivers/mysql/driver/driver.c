#include "drivers/mysql/driver/driver.h"
#include "drivers/mysql/driver/scratch.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "drivers/mysql/driver/mode.h"
#include "drivers/mysql/driver/tls.h"

// ---- results

static bool give_rows(MYSQL *connection, MYSQL_RES *result, RowFn *row, void *payload, Error *err)
{
    unsigned columns = mysql_num_fields(result);
    size_t lengths[256];
    MYSQL_ROW values;
    while ((values = mysql_fetch_row(result)) != NULL) {
        unsigned long *sizes = mysql_fetch_lengths(result);
        for (unsigned i = 0; i < columns && i < COUNT_OF(lengths); i++)
            lengths[i] = sizes[i];
        Row it = { .values = (const char *const *)values,
                   .lengths = lengths,
                   .count = columns < COUNT_OF(lengths) ? columns : COUNT_OF(lengths) };
        if (row && !row(payload, &it, err))
            return false;
    }
    return mysql_errno(connection) ? my_fail(connection, err) : true;
}

// Takes the results of everything that was sent. All are read, also after a failure: else the connection is out of step.
static bool take_results(MYSQL *connection, RowFn *row, void *payload, uint64_t *affected, Error *err)
{
    bool ok = true;
    int more;
    do {
        MYSQL_RES *result = mysql_use_result(connection);
        if (result) {
            ok = give_rows(connection, result, ok ? row : NULL, payload, ok ? err : NULL) && ok;
            mysql_free_result(result);
        } else if (mysql_field_count(connection) != 0) {
            return my_fail(connection, ok ? err : NULL);
        } else if (affected) {
            *affected = (uint64_t)mysql_affected_rows(connection);
        }
        more = mysql_next_result(connection);
    } while (more == 0);
    return more > 0 ? my_fail(connection, ok ? err : NULL) : ok;
}

bool my_query_on(MYSQL *connection, const char *text, RowFn *row, void *payload, Error *err)
{
    if (mysql_real_query(connection, text, (unsigned long)strlen(text)) != 0) {
        (void)my_fail(connection, err);
        my_note_position(text, err);
        return false;
    }
    return take_results(connection, row, payload, NULL, err);
}

bool my_exec_on(MYSQL *connection, const char *text, Error *err)
{
    return my_query_on(connection, text, NULL, NULL, err);
}

typedef struct Notices {
    MyDb *my;
    NoticeFn *notice;
    void *payload;
} Notices;

// What the server says of every table alike is said once. Of the width of a boolean, which is the server's own spelling of
// it, nothing is said.
static bool is_worth_saying(MyDb *my, unsigned long code, const char *text)
{
    enum { DEPRECATED_WIDTH = 1681 };
    if (code == DEPRECATED_WIDTH && strstr(text, "display width"))
        return false;
    if (names_have(&my->told, text))
        return false;
    *VEC_PUSH(my->head.arena, &my->told) = arena_strdup(my->head.arena, text);
    return true;
}

static bool give_notice(void *payload, const Row *row, Error *err)
{
    (void)err;
    Notices *notices = payload;
    if (row->count >= 3 && row_value(row, 0) && row_value(row, 1) && row_value(row, 2) &&
        is_worth_saying(notices->my, strtoul(row_value(row, 1), NULL, 10), row_value(row, 2)))
        notices->notice(notices->payload, row_value(row, 0), row_value(row, 2));
    return true;
}

static void tell_warnings(MyDb *my)
{
    Notices notices = { my, my->head.options.notice, my->head.options.payload };
    if (notices.notice && mysql_warning_count(my->connection))
        (void)my_query_on(my->connection, "SHOW WARNINGS", give_notice, &notices, NULL);
}

bool my_answered(MyDb *my, bool ok, Error *err)
{
    watchdog_answered(my->watchdog);
    if (!ok && watchdog_has_cut(my->heart))
        return error_set(err, ERR_SQL, "the lock of this run was lost: another cmigrate has taken it over");
    if (!ok && watchdog_has_cut(my->watchdog))
        return error_set(err, ERR_SQL, "the connection is dead: nothing was heard from the server for %u s",
                         my_patience(my->url));
    return ok;
}

bool my_ask_on(MyDb *my, MYSQL *connection, const char *text, RowFn *row, void *payload, Error *err)
{
    my_waits_for(my, connection);
    return my_answered(my, my_query_on(connection, text, row, payload, err), err);
}

bool my_query(Db *db, const char *statement, RowFn *row, void *payload, Error *err)
{
    MyDb *my = my_db(db);
    bool ok = my_send(my, statement, strlen(statement), err) &&
              take_results(my->connection, row, payload, NULL, err);
    if (!ok)
        my_note_position(statement, err);
    return my_answered(my, ok, err);
}

bool my_exec(Db *db, const char *statement, Error *err)
{
    MyDb *my = my_db(db);
    db->affected = 0;
    bool ok = my_send(my, statement, strlen(statement), err) &&
              take_results(my->connection, NULL, NULL, &db->affected, err);
    if (ok)
        tell_warnings(my);
    else
        my_note_position(statement, err);
    return my_answered(my, ok, err);
}

// ---- many statements in one packet

enum { BATCH_BYTES = 128 * 1024 };

// Runs statements[*done …] as far as one packet holds them; *done counts those that succeeded.
static bool run_packet(MyDb *my, const char *const *statements, size_t count, size_t *done, Error *err)
{
    Arena *scratch = arena_new();
    StrBuf text;
    strbuf_init(&text, scratch);
    size_t last = *done;
    do {
        strbuf_puts(&text, statements[last]);
        strbuf_puts(&text, "\n;");
    } while (++last < count && text.length < BATCH_BYTES);
    text.length -= 1; // an empty statement at the end would be an error
    bool ok = my_send(my, text.text, text.length, err);
    arena_free(scratch);
    if (!ok)
        return false;
    int more;
    do {
        MYSQL_RES *result = mysql_store_result(my->connection);
        if (result)
            mysql_free_result(result);
        (*done)++;
        more = mysql_next_result(my->connection);
    } while (more == 0);
    return more > 0 ? my_fail(my->connection, err) : true;
}

static bool my_batch(Db *db, const Batch *batch, size_t *done, Error *err)
{
    *done = 0;
    while (*done < batch->count)
        if (!my_answered(my_db(db), run_packet(my_db(db), batch->statements, batch->count, done, err), err)) {
            if (*done < batch->count)
                my_note_position(batch->statements[*done], err);
            return false;
        }
    return true;
}

// ---- transactions

static bool my_begin(Db *db, Error *err) { return my_exec(db, "START TRANSACTION", err); }

static const char *my_begin_sql(const Db *db)
{
    (void)db;
    return "START TRANSACTION";
}

static bool my_commit(Db *db, Error *err) { return my_exec(db, "COMMIT", err); }

static bool my_rollback(Db *db, Error *err) { return my_exec(db, "ROLLBACK", err); }

static bool my_alive(Db *db)
{
    MYSQL *connection = my_db(db)->connection;
    unsigned code = mysql_errno(connection);
    if (code == CR_SERVER_GONE_ERROR || code == CR_SERVER_LOST || watchdog_has_cut(my_db(db)->watchdog) ||
        watchdog_has_cut(my_db(db)->heart))
        return false;
    my_waits_for(my_db(db), connection);
    return my_answered(my_db(db), mysql_ping(connection) == 0, NULL);
}

static void my_cancel(Db *db) { atomic_store(&my_db(db)->cancelled, true); }

// ---- opening

// Keeps what the server says of itself and of the session, in the order of the query's columns. Which of the
// two servers it is decides how later statements are written.
static bool keep_facts(void *payload, const Row *row, Error *err)
{
    (void)err;
    MyDb *my = payload;
    Arena *arena = my->head.arena;
    ServerInfo *server = &my->head.server;
    const char *text[14];
    if (row->count < COUNT_OF(text))
        return true;
    for (size_t i = 0; i < COUNT_OF(text); i++)
        text[i] = row_value(row, i) ? arena_strdup(arena, row_value(row, i)) : "";
    bool mariadb = strstr(text[0], "MariaDB") || strstr(text[1], "MariaDB") || strstr(text[1], "mariadb");
    unsigned major = 0, minor = 0, patch = 0;
    // a version that is none is 0.0.0
    // NOLINTNEXTLINE(cert-err34-c)
    (void)sscanf(text[0], "%u.%u.%u", &major, &minor, &patch);
    server->flavor = mariadb ? "mariadb" : "mysql";
    server->flags = mariadb ? SERVER_MARIADB : 0;
    server->version = major * 10000 + minor * 100 + patch;
    server->version_text = text[0];
    server->default_charset = text[2];
    server->default_collation = text[3];
    my->user = text[4];
    my->default_engine = text[5];
    my->server_mode = text[6];
    my->session_mode = mode_for_session(arena, text[7]);
    my->id = strtoul(text[8], NULL, 10);
    my->place = text[9];
    if (*text[10]) // as the server spells it: in lower case, where it folds names
        my->database = server->default_schema = text[10];
    server->folds_tables = strcmp(text[11], "0") != 0;
    my->time_zone = text[12];
    my->role = text[13];
    return true;
}

static bool learn(MyDb *my, Error *err)
{
    bool ok = my_query_on(
        my->connection,
        "SELECT version(), @@version_comment, @@character_set_database, @@collation_database,"
        " CURRENT_USER(), @@default_storage_engine, @@global.sql_mode, @@session.sql_mode, CONNECTION_ID(),"
        " CONCAT(@@hostname, ':', @@port, ':', @@server_id), DATABASE(),"
        " @@lower_case_table_names, @@session.time_zone, CURRENT_ROLE()",
        keep_facts, my, err);
    if (ok && !my->place)
        return error_set(err, ERR_CONNECT,
                         "what answers at %s is not a MySQL or MariaDB server: it does not say what it is",
                         my->head.title);
    return ok;
}

// As the server spells it, to be compared with what routines keep.
static bool keep_mode(void *payload, const Row *row, Error *err)
{
    (void)err;
    MyDb *my = payload;
    my->session_mode = arena_strdup(my->head.arena, row_value(row, 0) ? row_value(row, 0) : "");
    my->collation = arena_strdup(my->head.arena, row_value(row, 1) ? row_value(row, 1) : "");
    if (row_value(row, 2))
        my->time_zone = arena_strdup(my->head.arena, row_value(row, 2));
    return true;
}

// Every session of ours: the one that runs scripts, those that read the catalogue, and the scratch place. The server's own
// settings change neither what a text means nor what a literal of TIMESTAMP is.
const char *my_session_sql(MyDb *my)
{
    return arena_printf(
        my->head.arena,
        "SET NAMES utf8mb4; SET SESSION sql_mode = %s, time_zone = '+00:00', sql_quote_show_create = 1,"
        " autocommit = 1, sql_safe_updates = 0, unique_checks = 1, foreign_key_checks = 1",
        my_quoted(my->head.arena, my->session_mode));
}

// What only some versions have. A generated invisible key is read: else nothing could take its place. Progress packets
// would look like the answer to who waits for one.
void my_session_extras(MyDb *my, MYSQL *connection)
{
    (void)my_exec_on(connection, "SET SESSION explicit_defaults_for_timestamp = 1", NULL);
    if (!my_is_mariadb(my)) {
        (void)my_exec_on(connection, "SET SESSION show_gipk_in_create_table_and_information_schema = 1",
                         NULL);
        return;
    }
    (void)my_exec_on(connection, "SET SESSION system_versioning_alter_history = KEEP",
                     NULL); // else old rows stop it
    (void)my_exec_on(connection, "SET SESSION progress_report_time = 0", NULL);
}

static bool set_session(MyDb *my, Error *err)
{
    const ConnectOptions *options = &my->head.options;
    StrBuf text;
    strbuf_init(&text, my->head.arena);
    strbuf_puts(&text, my_session_sql(my));
    if (options->lock_timeout_ms) {
        unsigned seconds = (options->lock_timeout_ms + 999) / 1000;
        strbuf_printf(&text, ", lock_wait_timeout = %u, innodb_lock_wait_timeout = %u", seconds, seconds);
    }
    if (options->statement_timeout_ms && my_is_mariadb(my))
        strbuf_printf(&text, ", max_statement_time = %.3f", options->statement_timeout_ms / 1000.0);
    if (!my_exec_on(my->connection, text.text, err))
        return false;
    my_session_extras(my, my->connection);
    // A session that only reads is not set READ ONLY: SHOW CREATE of a view over a sequence is refused there.
    return my_query_on(my->connection,
                       "SELECT @@session.sql_mode, @@session.collation_connection, @@session.time_zone",
                       keep_mode, my, err);
}

bool my_set_reading(MyDb *my, MYSQL *connection)
{
    if (!my_exec_on(connection, my_session_sql(my), NULL))
        return false;
    my_session_extras(my, connection);
    return true;
}

static bool restore_role(MyDb *my, Error *err)
{
    if (!my_is_mariadb(my))
        return my_exec_on(my->connection, "SET ROLE DEFAULT", err);
    const char *role = *my->role ? my_quoted(my->head.arena, my->role) : "NONE";
    return my_exec_on(my->connection, arena_printf(my->head.arena, "SET ROLE %s", role), err);
}

// What scripts set for the session, mysqldump's among them: the server forgets all of it (variables of either kind, temporary
// tables, prepared statements), and with it the second lock of the run. Nobody can take that meanwhile who has not the first.
static bool my_restore(Db *db, Error *err)
{
    MyDb *my = my_db(db);
    my_waits_for(my, my->connection);
    bool ok =
        (mysql_reset_connection(my->connection) == 0 && mysql_select_db(my->connection, my->database) == 0) ||
        my_fail(my->connection, err);
    ok = ok && restore_role(my, err) && set_session(my, err) && my_lock_again(my, err);
    return my_answered(my, ok, err);
}

static void my_close(Db *db)
{
    MyDb *my = my_db(db);
    if (my->scratch_name && my->connection)
        my_scratch_clear(my, my->connection, my->scratch_name);
    if (my->connection)
        my_waits_for(my, my->connection); // the heart may be in the middle of a beat
    watchdog_stop(my->heart);
    watchdog_stop(my->watchdog);
    my->heart = my->watchdog = NULL;
    MYSQL *all[] = { my->connection, my->locker, my->monitor };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (all[i])
            mysql_close(all[i]);
    my->connection = NULL;
    my->locker = NULL; // each by itself: clang 14 takes no value from an atomic assignment
    my->monitor = NULL;
}

bool my_open(Arena *arena, const Url *url, const ConnectOptions *options, Db **out, Error *err)
{
    MyDb *my = ARENA_NEW(arena, MyDb);
    my->head = (Db){
        .driver = &mysql_driver, .dialect = &mysql_dialect, .arena = arena, .title = url_redacted(arena, url)
    };
    if (options)
        my->head.options = *options;
    my->url = url;
    my->database = url->database;
    if (options && options->connection)
        return error_set(
            err, ERR_UNSUPPORTED,
            "a connection of the application's own cannot be used for MySQL and MariaDB: what a script "
            "leaves in a session is put back by a reset, which would take what is the application's, too");
    if (!my->database || !*my->database) {
        error_set(err, ERR_CONFIG, "the URL names no database");
        return error_hint(err, "Write it as mysql://user@host/database.");
    }
    my->connection = my_connect(arena, url, my->database, options, err);
    if (!my->connection)
        return false;
    TlsRequest tls;
    if (tls_request(url, &tls, err))
        my->head.server.protection = tls_describe(arena, my->connection, &tls);
    my_watch(my);
    my_waits_for(my, my->connection);
    if (!my_answered(my, learn(my, err) && set_session(my, err), err)) {
        if (err)
            err->code = ERR_CONNECT;
        my_close(&my->head);
        return false;
    }
    *out = &my->head;
    return true;
}

const char *my_quoted(Arena *arena, const char *text)
{
    StrBuf out;
    strbuf_init(&out, arena);
    my_put_literal(&out, text);
    return out.text;
}

// Read-only, no right with the binary log on, killed, connection lost, server gone
const Driver mysql_driver = {
    .fault_codes = my_fault_codes,
    .name = "mysql",
    .dialect = &mysql_dialect,
    .gave_up_code = "1205",
    .victim_code = "1213",
    .names_like_urls =
        "SELECT schema_name FROM information_schema.schemata WHERE INSTR(schema_name, '://') > 0",
    .connect = my_open,
    .create_database = my_create_database,
    .close = my_close,
    .exec = my_exec,
    .query = my_query,
    .batch = my_batch,
    .begin = my_begin,
    .commit = my_commit,
    .rollback = my_rollback,
    .alive = my_alive,
    .lock = my_lock,
    .unlock = my_unlock,
    .cancel = my_cancel,
    .begin_sql = my_begin_sql,
    .restore = my_restore,
    .probe = my_probe,
    .is_atomic = my_is_atomic,
    .introspect = my_introspect,
    .statistics = my_statistics,
    .live_facts = my_live_facts,
    .canonicalise = my_canonicalise,
    .exec_measured = my_exec_measured,
    .load = my_load,
    .stage = my_staging,
    .scratch = my_scratch,
    .keep_scratch = my_keep_scratch,
    .plan_uses = my_plan_uses,
};

// The one symbol that a module exports.
extern DRIVER_EXPORT const Driver *const cmigrate_driver;
const Driver *const cmigrate_driver = &mysql_driver;
