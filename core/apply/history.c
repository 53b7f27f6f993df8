#include "core/apply/apply_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// In the order of the table. One layout for all engines: numbers, and text of bounded length.
enum {
    ID,
    REVISION,
    DIRECTION,
    STATE,
    SHA,
    FILE_SHA,
    STATEMENTS,
    DONE,
    RUNNING,
    DONE_SHA,
    RUNNING_SHA,
    STARTED,
    FINISHED,
    ERROR_TEXT,
    WHO,
    TOOL,
    OWNER,
    COLUMNS
};
static const struct {
    const char *name, *type;
} columns[COLUMNS] = {
    [ID] = {"id",                "BIGINT NOT NULL"      },
    [REVISION] = { "revision",         "VARCHAR(128) NOT NULL"},
    [DIRECTION] = { "direction",        "VARCHAR(16) NOT NULL" },
    [STATE] = { "state",            "VARCHAR(16) NOT NULL" },
    [SHA] = { "checksum",         "VARCHAR(64) NOT NULL" },
    [FILE_SHA] = { "file_checksum",    "VARCHAR(64) NOT NULL" },
    [STATEMENTS] = { "statements",       "INTEGER NOT NULL"     },
    [DONE] = { "statements_done",  "INTEGER NOT NULL"     },
    [RUNNING] = { "running",          "INTEGER NOT NULL"     },
    [DONE_SHA] = { "done_checksum",    "VARCHAR(64) NOT NULL" },
    [RUNNING_SHA] = { "running_checksum", "VARCHAR(64) NOT NULL" },
    [STARTED] = { "started",          "VARCHAR(32) NOT NULL" },
    [FINISHED] = { "finished",         "VARCHAR(32)"          },
    [ERROR_TEXT] = { "error",            "TEXT"                 },
    [WHO] = { "who",              "VARCHAR(255) NOT NULL"},
    [TOOL] = { "tool",             "VARCHAR(64) NOT NULL" },
    [OWNER] = { HISTORY_OWNER,      HISTORY_OWNER_TYPE     },
};

const char *utc_now(Arena *arena)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct tm utc;
    gmtime_r(&now.tv_sec, &utc);
    char text[32];
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
    return arena_printf(arena, "%s.%03ldZ", text, now.tv_nsec / 1000000);
}

void put_history_create(StrBuf *out, const Dialect *dialect, const VersionStore *store, const char *table,
                        bool if_missing)
{
    strbuf_puts(out, if_missing ? "CREATE TABLE IF NOT EXISTS " : "CREATE TABLE ");
    put_table(out, dialect, store, table);
    strbuf_puts(out, " (");
    for (size_t i = 0; i < COLUMNS; i++) {
        dialect->put_identifier(out, columns[i].name);
        strbuf_printf(out, " %s, ", columns[i].type);
    }
    put_own_key(out, dialect, store->history, HISTORY_KEY);
    strbuf_putc(out, ')');
    if (dialect->own_table_options)
        strbuf_printf(out, " %s", dialect->own_table_options);
}

static unsigned number(const char *text) { return text ? (unsigned)strtoul(text, NULL, 10) : 0; }

typedef struct Entries {
    Arena *arena;
    HistoryList *out;
} Entries;

// Copies one row of the history into the list: the driver's own values last only until the next row.
static bool take_entry(void *payload, const Row *row, Error *err)
{
    (void)err;
    Entries *entries = payload;
    const char *value[COLUMNS] = { 0 };
    for (size_t i = 0; i < COLUMNS && i < row->count; i++)
        if (row->values[i])
            value[i] = arena_strndup(entries->arena, row->values[i],
                                     row->lengths ? row->lengths[i] : strlen(row->values[i]));
    for (size_t i = 0; i < COLUMNS; i++) // NOT NULL, but a server or another program may say otherwise
        if (!value[i] && i != FINISHED && i != ERROR_TEXT)
            value[i] = "";
    *VEC_PUSH(entries->arena, entries->out) = (HistoryEntry){
        .id = value[ID] ? strtoull(value[ID], NULL, 10) : 0,
        .revision = value[REVISION],
        .direction = value[DIRECTION],
        .state = value[STATE],
        .checksum = value[SHA],
        .file_checksum = value[FILE_SHA],
        .statements = number(value[STATEMENTS]),
        .statements_done = number(value[DONE]),
        .running = number(value[RUNNING]),
        .done_checksum = value[DONE_SHA],
        .running_checksum = value[RUNNING_SHA],
        .started = value[STARTED],
        .finished = value[FINISHED],
        .error = value[ERROR_TEXT],
        .who = value[WHO],
        .tool = value[TOOL],
        .owner = value[OWNER] ? value[OWNER] : "",
    };
    return true;
}

// The history as one version table sees it: its own rows, and those from before rows had an owner.
typedef struct HistoryView {
    Db *db;
    Arena *arena;
    const VersionStore *store;
    const char *owner; // NULL: the table has no such column yet
} HistoryView;

static HistoryView view_of(const Run *run)
{
    return (HistoryView){ run->db, run->arena, run->store, run->history_has_owner ? run->owner : NULL };
}

static void put_owned(StrBuf *out, const Dialect *dialect, const char *owner)
{
    if (!owner)
        return;
    strbuf_puts(out, " AND (");
    put_equals(out, dialect, HISTORY_OWNER, owner);
    strbuf_puts(out, " OR ");
    put_equals(out, dialect, HISTORY_OWNER, "");
    strbuf_putc(out, ')');
}

static bool read_where(const HistoryView *view, const char *where, const char *order, HistoryList *out,
                       Error *err)
{
    StrBuf query;
    const Dialect *dialect = view->db->dialect;
    strbuf_init(&query, view->arena);
    strbuf_puts(&query, "SELECT ");
    for (size_t i = 0; i < COLUMNS; i++) {
        if (i == OWNER && !view->owner)
            continue;
        strbuf_puts(&query, i ? ", " : "");
        dialect->put_identifier(&query, columns[i].name);
    }
    strbuf_puts(&query, " FROM ");
    put_table(&query, dialect, view->store, view->store->history);
    strbuf_printf(&query, " WHERE %s", where);
    put_owned(&query, dialect, view->owner);
    strbuf_printf(&query, " ORDER BY %s", order);
    Entries entries = { view->arena, out };
    return view->db->driver->query(view->db, query.text, take_entry, &entries, err);
}

// Where the history is to be read by somebody who does not run anything. *exists false: nothing was ever recorded.
static bool find_view(Db *db, Arena *arena, const VersionStore *store, HistoryView *out, bool *exists,
                      Error *err)
{
    TableFacts facts;
    if (!table_find(db, arena, store, &(TableLook){ store->history, HISTORY_OWNER, false }, &facts, err))
        return false;
    VersionStore *found = ARENA_NEW(arena, VersionStore);
    *found = *store;
    found->history_schema = store->history_schema ? store->history_schema : facts.schema;
    *out = (HistoryView){ db, arena, found,
                          facts.has_column ? store_owner(arena, db->dialect, db, store) : NULL };
    *exists = facts.exists;
    return true;
}

// Which rows are read, and in which order.
typedef struct HistoryRows {
    void (*put_where)(StrBuf *out, const HistoryView *view);
    const char *order;
} HistoryRows;

// Reads rows of the history, if there is one. Another project may give the rows their owner between the look at the table and
// the read: then rows of its own could be among those that were read, so they are read again as they are now.
static bool read_rows(Db *db, Arena *arena, const VersionStore *store, const HistoryRows *rows,
                      HistoryList *out, Error *err)
{
    HistoryView view;
    bool exists;
    if (!find_view(db, arena, store, &view, &exists, err))
        return false;
    while (exists) {
        const bool had_owner = view.owner != NULL;
        StrBuf where;
        strbuf_init(&where, arena);
        rows->put_where(&where, &view);
        *out = (HistoryList){ 0 };
        if (!read_where(&view, where.text, rows->order, out, err))
            return false;
        if (had_owner)
            return true;
        if (!find_view(db, arena, store, &view, &exists, err))
            return false;
        if (!view.owner)
            return true;
    }
    return true;
}

static void put_last(StrBuf *out, const HistoryView *view)
{
    const Dialect *dialect = view->db->dialect;
    strbuf_puts(out, "id IN (SELECT MAX(id) FROM ");
    put_table(out, dialect, view->store, view->store->history);
    strbuf_puts(out, " WHERE state = 'done'");
    put_owned(out, dialect, view->owner);
    strbuf_printf(out, " GROUP BY revision%s)", view->owner ? ", " HISTORY_OWNER : "");
}

bool history_read_last(Db *db, Arena *arena, const VersionStore *store, HistoryList *out, Error *err)
{
    return read_rows(db, arena, store, &(HistoryRows){ put_last, "id" }, out, err);
}

static void put_numbered(StrBuf *out, const HistoryView *view)
{
    (void)view;
    strbuf_puts(out, "id > 0");
}

bool history_read(Db *db, Arena *arena, const VersionStore *store, size_t limit, HistoryList *out, Error *err)
{
    const char *order = limit ? arena_printf(arena, "id DESC LIMIT %zu", limit) : "id DESC";
    return read_rows(db, arena, store, &(HistoryRows){ put_numbered, order }, out, err);
}

// Attempts that left something done, or may have.
static const char open_attempts[] = "state IN ('running', 'failed') AND (statements_done > 0 OR running > 0)";

static void keep_own(Arena *arena, const HistoryList *found, const Graph *graph, HistoryList *out)
{
    VEC_EACH (HistoryEntry, entry, found) // without an owner it may be another project's
        if (*entry->owner || graph_by_id(graph, entry->revision))
            *VEC_PUSH(arena, out) = *entry;
}

static void put_open(StrBuf *out, const HistoryView *view)
{
    (void)view;
    strbuf_puts(out, open_attempts);
}

bool history_open(Db *db, Arena *arena, const VersionStore *store, const Graph *graph, HistoryList *out,
                  Error *err)
{
    HistoryList found = { 0 };
    if (!read_rows(db, arena, store, &(HistoryRows){ put_open, "id" }, &found, err))
        return false;
    keep_own(arena, &found, graph, out);
    return true;
}

bool history_begin_run(Run *run, Error *err)
{
    HistoryList open = { 0 };
    run->next_id = 1;
    run->open = (HistoryList){ 0 };
    if (!run->has_history)
        return true;
    const HistoryView view = view_of(run);
    StrBuf query;
    strbuf_init(&query, run->arena);
    strbuf_puts(&query, "SELECT MAX(id) FROM ");
    put_table(&query, run->dialect, run->store, run->store->history);
    strbuf_puts(&query, " WHERE id > 0");
    put_owned(&query, run->dialect, view.owner);
    const char *most = NULL;
    if (!db_value(run->db, run->arena, query.text, &most, err))
        return false;
    run->next_id = most ? strtoull(most, NULL, 10) + 1 : 1;
    if (!read_where(&view, open_attempts, "id", &open, err))
        return false;
    keep_own(run->arena, &open, run->graph, &run->open);
    return true;
}

static void put_text(StrBuf *sql, const Dialect *dialect, const char *text, size_t longest)
{
    if (!text) {
        strbuf_puts(sql, "NULL");
        return;
    }
    size_t n = strlen(text);
    if (n > longest) {
        n = longest;
        while (n && ((unsigned char)text[n] & 0xc0) == 0x80)
            n--;
        text = arena_strndup(sql->arena, text, n);
    }
    dialect->put_literal(sql, text);
}

// Errors of these kinds repeat values of rows: SQLSTATE 22 and 23, and what MySQL has for them.
bool history_tells_values(const char *native)
{
    static const char *const codes[] = { "1048", "1062", "1216", "1217", "1264", "1265", "1292",
                                         "1366", "1406", "1411", "1425", "1441", "1451", "1452",
                                         "1525", "1526", "1582", "1586", "1690", "1761", "1762",
                                         "1859", "3140", "3141", "3156", "3157", "3819", "4025" };
    if (strlen(native) == 5)
        return strncmp(native, "22", 2) == 0 || strncmp(native, "23", 2) == 0;
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (strcmp(native, codes[i]) == 0)
            return true;
    return false;
}

// Values never go into the history: where the server's text may hold some, all that it quotes is left out.
const char *history_error_text(Arena *arena, const Error *err)
{
    if (!history_tells_values(err->native))
        return err->message;
    StrBuf out;
    strbuf_init(&out, arena);
    char quote = '\0';
    for (const char *c = err->message; *c; c++) {
        const bool mark =
            quote ? *c == quote && !isalnum((unsigned char)c[1])
                  : (*c == '\'' || *c == '"') && (c == err->message || !isalnum((unsigned char)c[-1]));
        if (!quote || mark)
            strbuf_putc(&out, *c);
        if (mark && !quote)
            strbuf_puts(&out, "...");
        if (mark)
            quote = quote ? '\0' : *c;
    }
    return out.text;
}

const char *history_insert_sql(const Attempt *attempt, const char *state, const char *finished,
                               const char *error)
{
    const Run *run = attempt->run;
    const Dialect *dialect = run->dialect;
    StrBuf sql;
    strbuf_init(&sql, attempt->arena);
    strbuf_puts(&sql, "INSERT INTO ");
    put_table(&sql, dialect, run->store, run->store->history);
    strbuf_puts(&sql, " (");
    for (size_t i = 0; i < COLUMNS; i++) {
        strbuf_puts(&sql, i ? ", " : "");
        dialect->put_identifier(&sql, columns[i].name);
    }
    strbuf_printf(&sql, ") VALUES (%llu, ", (unsigned long long)attempt->id);
    put_text(&sql, dialect, attempt->move->revision->id, 128);
    bool running = strcmp(state, "running") == 0 && attempt->journal && attempt->running_checksum[0];
    strbuf_printf(&sql, ", '%s', '%s', '%s', '%s', %zu, %zu, %zu, '%s', '%s', '%s', ", attempt->direction,
                  state, attempt->checksum, attempt->file_checksum, attempt->items.count, attempt->done,
                  running ? attempt->done + 1 : 0, attempt->done_checksum,
                  running ? attempt->running_checksum : "", attempt->started);
    if (attempt->sent_together && dialect->put_time_passed)
        dialect->put_time_passed(&sql, finished);
    else
        put_text(&sql, dialect, finished, 32);
    strbuf_puts(&sql, ", ");
    put_text(&sql, dialect, error, 2000);
    strbuf_puts(&sql, ", ");
    put_text(&sql, dialect, run->request->who ? run->request->who : "", 255);
    strbuf_puts(&sql, ", ");
    put_text(&sql, dialect, run->request->tool ? run->request->tool : "", 64);
    strbuf_puts(&sql, ", ");
    dialect->put_literal(&sql, run->owner);
    strbuf_putc(&sql, ')');
    return sql.text;
}

// Who runs the script is known to the engine; where it knows no users, at least who wrote the script is.
static void put_runner(StrBuf *sql, const Run *run)
{
    const char *who = run->request->who ? run->request->who : "";
    if (run->dialect->who_runs)
        strbuf_puts(sql, run->dialect->who_runs);
    else
        put_text(sql, run->dialect, arena_printf(sql->arena, "script of %s", who), 255);
}

// Numbers and times come from the database: nobody knows them when the script is written.
const char *history_offline_sql(const Attempt *attempt)
{
    const Run *run = attempt->run;
    StrBuf sql;
    strbuf_init(&sql, attempt->arena);
    strbuf_puts(&sql, "INSERT INTO ");
    put_table(&sql, run->dialect, run->store, run->store->history);
    strbuf_puts(&sql, " (");
    for (size_t i = 0; i < COLUMNS; i++) {
        strbuf_puts(&sql, i ? ", " : "");
        run->dialect->put_identifier(&sql, columns[i].name);
    }
    strbuf_puts(&sql, ")\nSELECT COALESCE(MAX(id), 0) + 1, ");
    put_text(&sql, run->dialect, attempt->move->revision->id, 128);
    strbuf_printf(&sql, ", '%s', 'done', '%s', '%s', %zu, %zu, 0, '', '', ", attempt->direction,
                  attempt->checksum, attempt->file_checksum, attempt->items.count, attempt->items.count);
    strbuf_puts(&sql, "CAST(CURRENT_TIMESTAMP AS CHAR(32)), CAST(CURRENT_TIMESTAMP AS CHAR(32)), NULL, ");
    put_runner(&sql, run);
    strbuf_puts(&sql, ", ");
    put_text(&sql, run->dialect, run->request->tool ? run->request->tool : "", 64);
    const char *owner = store_owner(attempt->arena, run->dialect, NULL, run->store);
    strbuf_puts(&sql, ", ");
    run->dialect->put_literal(&sql, owner);
    strbuf_puts(&sql, "\nFROM ");
    put_table(&sql, run->dialect, run->store, run->store->history);
    strbuf_puts(&sql, " WHERE id > 0");
    put_owned(&sql, run->dialect, owner);
    return sql.text;
}

void history_begin_update(const Run *run, StrBuf *sql, Arena *arena)
{
    strbuf_init(sql, arena);
    strbuf_puts(sql, "UPDATE ");
    put_table(sql, run->dialect, run->store, run->store->history);
    strbuf_puts(sql, " SET ");
}

const char *history_end_update(const Run *run, StrBuf *sql, uint64_t id, const char *owner)
{
    strbuf_printf(sql, " WHERE id = %llu AND " HISTORY_OWNER " = ", (unsigned long long)id);
    run->dialect->put_literal(sql, owner);
    return sql->text;
}

const char *history_note_sql(const Attempt *attempt, size_t running)
{
    StrBuf sql;
    history_begin_update(attempt->run, &sql, attempt->arena);
    strbuf_printf(&sql, "statements_done = %zu, done_checksum = '%s', running = %zu, running_checksum = '%s'",
                  attempt->done, attempt->done_checksum, running, running ? attempt->running_checksum : "");
    return history_end_update(attempt->run, &sql, attempt->id, attempt->run->owner);
}

const char *history_end_sql(Attempt *attempt, const char *state, const char *error)
{
    const Dialect *dialect = attempt->run->dialect;
    StrBuf sql;
    size_t running = attempt->doubtful ? next_running(attempt) : 0;
    history_begin_update(attempt->run, &sql, attempt->arena);
    strbuf_printf(
        &sql,
        "state = '%s', statements_done = %zu, done_checksum = '%s', running = %zu, running_checksum "
        "= '%s', finished = '%s', error = ",
        state, attempt->done, attempt->done_checksum, running, running ? attempt->running_checksum : "",
        utc_now(attempt->arena));
    put_text(&sql, dialect, error, 2000);
    return history_end_update(attempt->run, &sql, attempt->id, attempt->run->owner);
}

const char *history_close_sql(Arena *arena, const Run *run, const HistoryEntry *entry, const char *state)
{
    StrBuf sql;
    history_begin_update(run, &sql, arena);
    strbuf_printf(&sql, "state = '%s'", state);
    return history_end_update(run, &sql, entry->id, entry->owner);
}
