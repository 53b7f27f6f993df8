#define _GNU_SOURCE
#include "drivers/sqlite/driver/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "core/base/file.h"

enum { DEFAULT_WAIT_MS = 60000, OPCODES_PER_LOOK = 20000 };

Sqlite *sqlite_of(Db *db) { return (Sqlite *)(void *)db; }

double sqlite_seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

// Waiting for another process's lock: in small sleeps, until lock_timeout.
static int wait_for_lock(void *payload, int times)
{
    Sqlite *self = payload;
    const ConnectOptions *options = &self->db.options;
    if (times == 0) {
        clock_gettime(CLOCK_MONOTONIC, &self->started);
        self->told = 0;
    }
    double waited = sqlite_seconds_since(&self->started);
    unsigned most = options->lock_timeout_ms ? options->lock_timeout_ms : DEFAULT_WAIT_MS;
    // who waited in vain does not wait again for each of the statements that follow
    if (self->gave_up || waited * 1000 >= most) {
        self->gave_up = true;
        return 0;
    }
    if (options->progress && waited - self->told >= 0.5) {
        self->told = waited;
        if (!options->progress(options->payload, "waiting for another process to leave the database", waited,
                               -1))
            return 0;
    }
    // spread out, so that many waiters do not come back all at once
    usleep((useconds_t)(times < 5 ? 1000 + times * 1000 : 5000 + getpid() % 16 * 1000));
    return 1;
}

static int look_at_clock(void *payload)
{
    Sqlite *self = payload;
    const ConnectOptions *options = &self->db.options;
    double seconds = sqlite_seconds_since(&self->started);
    if (options->statement_timeout_ms && seconds * 1000 > options->statement_timeout_ms) {
        self->timed_out = true;
        return 1;
    }
    if (options->progress && seconds - self->told >= 0.5) {
        self->told = seconds;
        return !options->progress(options->payload, NULL, seconds, -1);
    }
    return 0;
}

static void starts(Sqlite *self)
{
    clock_gettime(CLOCK_MONOTONIC, &self->started);
    self->told = 0;
    self->timed_out = false;
}

// A database file is data: nothing that we say ourselves can damage it. A script may do what SQLite lets it. The schema stays
// trusted, as by default: SQLite 3.40 counts its own JSON functions as unsafe, and schemas use them in generated columns.
static void trust(const Sqlite *self)
{
    if (self->borrowed)
        return;
    int script = self->db.scope != SCOPE_OWN;
    sqlite3_db_config(self->handle, SQLITE_DBCONFIG_DEFENSIVE, !script, NULL);
}

typedef struct RowBuffer {
    const char **values;
    size_t *lengths;
    size_t size;
} RowBuffer;

static bool give_row(sqlite3_stmt *statement, RowBuffer *buffer, RowFn *row, void *payload, Error *err)
{
    size_t count = (size_t)sqlite3_column_count(statement);
    if (count > buffer->size) {
        free(buffer->values);
        free(buffer->lengths);
        buffer->values = calloc(count, sizeof(*buffer->values));
        buffer->lengths = calloc(count, sizeof(*buffer->lengths));
        buffer->size = count;
        if (!buffer->values || !buffer->lengths)
            out_of_memory();
    }
    for (size_t i = 0; i < count; i++) {
        buffer->values[i] = (const char *)sqlite3_column_text(statement, (int)i);
        buffer->lengths[i] = (size_t)sqlite3_column_bytes(statement, (int)i);
    }
    Row given = { .values = buffer->values, .lengths = buffer->lengths, .count = count };
    return row(payload, &given, err);
}

static bool run_prepared(Sqlite *self, sqlite3_stmt *statement, RowFn *row, void *payload, Error *err)
{
    RowBuffer buffer = { 0 };
    int code;
    bool ok = true;
    while (ok && (code = sqlite3_step(statement)) != SQLITE_DONE) {
        if (code != SQLITE_ROW)
            ok = sqlite_failed(self, err);
        else if (row)
            ok = give_row(statement, &buffer, row, payload, err);
    }
    self->db.affected = sqlite3_stmt_readonly(statement) ? 0 : (uint64_t)sqlite3_changes(self->handle);
    free(buffer.values);
    free(buffer.lengths);
    return ok;
}

bool sqlite_query(Db *db, const char *text, RowFn *row, void *payload, Error *err)
{
    Sqlite *self = sqlite_of(db);
    const char *whole = text;
    starts(self);
    trust(self);
    db->affected = 0;
    while (*text) { // a text may hold several statements, as MySQL's and PostgreSQL's own clients take them
        sqlite3_stmt *statement = NULL;
        const char *rest = text;
        if (sqlite3_prepare_v2(self->handle, text, -1, &statement, &rest) != SQLITE_OK) {
            (void)sqlite_failed(self, err);
            sqlite_note_position(self, whole, text, err);
            return false;
        }
        if (!statement) // spaces and comments only
            return true;
        bool ok = run_prepared(self, statement, row, payload, err);
        sqlite3_finalize(statement);
        if (!ok)
            return false;
        text = rest;
    }
    return true;
}

bool sqlite_exec(Db *db, const char *statement, Error *err)
{
    return sqlite_query(db, statement, NULL, NULL, err);
}

static bool sqlite_begin(Db *db, Error *err)
{
    if (!sqlite_exec(db, "BEGIN IMMEDIATE", err))
        return false;
    sqlite_of(db)->gave_up = false;
    return true;
}

static bool sqlite_commit(Db *db, Error *err) { return sqlite_exec(db, "COMMIT", err); }

static bool sqlite_rollback(Db *db, Error *err)
{
    if (sqlite3_get_autocommit(sqlite_of(db)->handle))
        return true;
    return sqlite_exec(db, "ROLLBACK", err);
}

static bool sqlite_alive(Db *db)
{
    (void)db;
    return true; // there is no server to lose
}

static void sqlite_cancel(Db *db) { sqlite3_interrupt(sqlite_of(db)->handle); }

static void sqlite_close(Db *db)
{
    Sqlite *self = sqlite_of(db);
    if (self->borrowed) {
        sqlite_return(self);
        return;
    }
    sqlite3_close_v2(self->handle);
    self->handle = NULL;
    // last: closing any descriptor of the file drops the locks that this process's SQLite holds on it
    if (self->lock_file >= 0)
        close(self->lock_file);
    self->lock_file = -1;
}

// In write-ahead mode (bytes 18 and 19 of the header) with nobody using it: a reader would have to make -wal and -shm.
static bool is_idle_wal(const char *path)
{
    unsigned char header[20] = { 0 };
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = file >= 0 ? read(file, header, sizeof(header)) : -1;
    if (file >= 0)
        close(file);
    if (n != (ssize_t)sizeof(header) || header[18] != 2)
        return false;
    char *wal = NULL;
    bool idle = asprintf(&wal, "%s-wal", path) > 0 && access(wal, F_OK) != 0;
    free(wal);
    return idle;
}

// file:… with everything percent-encoded that is special in a URI
static const char *immutable_uri(Arena *arena, const char *path)
{
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_puts(&out, "file:");
    for (const char *c = path; *c; c++) {
        if (strchr("?#%", *c))
            strbuf_printf(&out, "%%%02X", (unsigned)(unsigned char)*c);
        else
            strbuf_putc(&out, *c);
    }
    strbuf_puts(&out, "?immutable=1");
    return out.text;
}

static bool open_handle(Sqlite *self, const char *name, int flags, Error *err)
{
    int code = sqlite3_open_v2(name, &self->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK) {
        sqlite3_extended_result_codes(self->handle, 1);
        return true;
    }
    int reason = self->handle ? sqlite3_system_errno(self->handle) : 0;
    error_set(err, ERR_CONNECT, "cannot open %s: %s%s%s", self->path ? self->path : "a memory database",
              self->handle ? sqlite3_errmsg(self->handle) : "out of memory", reason ? ": " : "",
              reason ? strerror(reason) : "");
    error_hint(err, reason == EISDIR ? "The URL names a folder; a database is a file in one."
                                     : "Check that the folder is there and that you may read and write it.");
    if (self->handle)
        error_native(err, sqlite_code_name(sqlite3_extended_errcode(self->handle)));
    sqlite3_close(self->handle);
    self->handle = NULL;
    return false;
}

static void set_server(Sqlite *self)
{
    self->db.server = (ServerInfo){
        .flavor = "sqlite",
        .version =
            (unsigned)(sqlite3_libversion_number() / 1000000 * 10000 +
                       sqlite3_libversion_number() / 1000 % 1000 * 100 + sqlite3_libversion_number() % 1000),
        .version_text = sqlite3_libversion(),
    };
}

static void set_up(Sqlite *self)
{
    sqlite3_busy_handler(self->handle, wait_for_lock, self);
    if (self->db.options.statement_timeout_ms || self->db.options.progress)
        sqlite3_progress_handler(self->handle, OPCODES_PER_LOOK, look_at_clock, self);
    set_server(self);
}

static bool can_read(Sqlite *self, Error *err)
{
    return sqlite_query(&self->db, "SELECT count(*) FROM sqlite_master", NULL, NULL, err);
}

// A process that was killed may have left a journal: undoing it needs to write. The rows stay what they were.
static bool open_to_read(Sqlite *self, Arena *arena, Error *err)
{
    bool idle_wal = is_idle_wal(self->path);
    const char *name = idle_wal ? immutable_uri(arena, self->path) : self->path;
    if (!open_handle(self, name, SQLITE_OPEN_READONLY | (idle_wal ? SQLITE_OPEN_URI : 0), err))
        return false;
    set_up(self);
    Error failure = { 0 };
    if (can_read(self, &failure))
        return true;
    int code = sqlite3_errcode(self->handle) & 0xff;
    if (code != SQLITE_READONLY && code != SQLITE_CANTOPEN) {
        *err = failure;
        return false;
    }
    sqlite3_close(self->handle);
    if (!open_handle(self, self->path, SQLITE_OPEN_READWRITE, err))
        return false;
    set_up(self);
    return can_read(self, err) && sqlite_exec(&self->db, "PRAGMA query_only = ON", err);
}

// Opens the file as requested: for reading only, a file that is missing is an empty database in memory,
// and otherwise it must exist or `create` be set.
static bool open_file(Sqlite *self, Arena *arena, Error *err)
{
    const ConnectOptions *options = &self->db.options;
    bool exists = access(self->path, F_OK) == 0;
    if (!exists && self->db.options.read_only)
        self->db.caveat = "its file does not exist yet";
    if (options->read_only && !exists) // what is not there yet is empty, and stays so
        return open_handle(self, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err) &&
               (set_up(self), true);
    if (options->read_only)
        return open_to_read(self, arena, err);
    if (!exists && !options->create) {
        error_set(err, ERR_CONNECT, "there is no file %s", self->path);
        error_hint(err, "A path after sqlite:/// is relative to the configuration file; an absolute one "
                        "takes four slashes.");
        return false;
    }
    if (!open_handle(self, self->path, SQLITE_OPEN_READWRITE | (options->create ? SQLITE_OPEN_CREATE : 0),
                     err))
        return false;
    set_up(self);
    return can_read(self, err);
}

bool sqlite_connect(Arena *arena, const Url *url, const ConnectOptions *options, Db **out, Error *err)
{
    Sqlite *self = ARENA_NEW(arena, Sqlite);
    self->db = (Db){ .driver = &sqlite_driver,
                     .dialect = &sqlite_dialect,
                     .arena = arena,
                     .options = *options,
                     .title = url_redacted(arena, url) };
    self->lock_file = -1;
    if (!sqlite_read_url(self, url, err))
        return false;
    if (options->connection) {
        set_server(self);
        *out = &self->db;
        return sqlite_borrow(self, options->connection, err);
    }
    bool ok;
    if (self->path) {
        ok = open_file(self, arena, err);
    } else {
        ok = open_handle(self, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);
        if (ok)
            set_up(self);
    }
    ok = ok && sqlite_load_extensions(self, err) && sqlite_set_pragmas(self, err);
    if (!ok) {
        if (err && err->code == ERR_SQL) {
            err->code = ERR_CONNECT;
            error_prefix(err, "cannot read %s: ", self->path ? self->path : "the database");
            if ((sqlite3_errcode(self->handle) & 0xff) == SQLITE_NOTADB)
                error_hint(
                    err,
                    "Check the path in the URL: this file is not a SQLite database, or it is encrypted.");
        }
        sqlite3_close(self->handle);
        return false;
    }
    *out = &self->db;
    return true;
}

// The temporary database is another file, so that one which is only read may have one; a connection that could not be opened to
// read says query_only, which counts for that too.
static bool sqlite_stage(Db *db, bool opens, Error *err)
{
    const char *writes = db->options.read_only ? "PRAGMA query_only = OFF;" : "";
    const char *reads = db->options.read_only ? "PRAGMA query_only = ON;" : "";
    if (opens)
        return sqlite_exec(db, arena_printf(db->arena, "%s SAVEPOINT cmigrate_stage", writes), err);
    return sqlite_exec(
        db, arena_printf(db->arena, "ROLLBACK TO cmigrate_stage; RELEASE cmigrate_stage; %s", reads), err);
}

const Driver sqlite_driver = {
    .name = "sqlite",
    .dialect = &sqlite_dialect,
    .fault_codes = sqlite_fault_codes,
    .connect = sqlite_connect,
    .create_database = sqlite_create_database,
    .close = sqlite_close,
    .exec = sqlite_exec,
    .query = sqlite_query,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .restore = sqlite_restore,
    .restores_after = true,
    .alive = sqlite_alive,
    .lock = sqlite_lock,
    .unlock = sqlite_unlock,
    .cancel = sqlite_cancel,
    .live_facts = sqlite_live_facts,
    .introspect = sqlite_introspect,
    .introspect_since = sqlite_introspect_since,
    .statistics = sqlite_statistics,
    .canonicalise = sqlite_canonicalise,
    .follow_renames = sqlite_follow_renames,
    .load = sqlite_load,
    .stage = sqlite_stage,
    .scratch = sqlite_scratch,
    .keep_scratch = sqlite_keep_scratch,
    .plan_uses = sqlite_plan_uses,
};
