#include "core/apply/apply_internal.h"
#include "core/base/file.h"
#include "core/db/row_files.h"

#include <string.h>

#include "core/revision/directive.h"

typedef struct Offline {
    Run *run;
    StrBuf *out;
    bool open; // a BEGIN stands without its COMMIT
} Offline;

static void put(Offline *offline, const char *sql)
{
    script_put_for_client(offline->out, offline->run->dialect, sql);
}

static void begin(Offline *offline)
{
    if (!offline->open)
        strbuf_puts(offline->out, "BEGIN;\n");
    offline->open = true;
}

static void commit(Offline *offline)
{
    if (offline->open)
        strbuf_puts(offline->out, "COMMIT;\n");
    offline->open = false;
}

static void put_ids(StrBuf *out, const RevisionList *list)
{
    for (size_t i = 0; i < list->count; i++)
        strbuf_printf(out, "%s%s", i ? ", " : "", list->items[i]->id);
}

// -- Running upgrade a -> b, message: a merge names all that it comes from.
static void put_title(Offline *offline, const Attempt *attempt)
{
    StrBuf *out = offline->out;
    const Revision *revision = attempt->move->revision;
    bool up = attempt->move->direction == UPGRADE;
    strbuf_printf(out, "\n-- Running %s ", attempt->direction);
    if (up)
        put_ids(out, &revision->parents);
    else
        strbuf_puts(out, revision->id);
    strbuf_puts(out, " -> ");
    if (up)
        strbuf_puts(out, revision->id);
    else
        put_ids(out, &revision->parents);
    if (revision->script->message && revision->script->message[0]) {
        strbuf_puts(out, ", ");
        put_line_text(out, revision->script->message);
    }
    strbuf_puts(out, "\n\n");
}

// Somebody may have made a table of that name beforehand, whose code would run with the rights of whoever runs the script.
static void put_table_guards(Offline *offline)
{
    const Run *run = offline->run;
    const VersionStore *store = run->store;
    const char *const tables[][2] = {
        {store->schema,          store->table  },
        { store->history_schema, store->history}
    };
    for (size_t i = 0; run->dialect->put_table_guard && i < COUNT_OF(tables); i++) {
        StrBuf sql;
        strbuf_init(&sql, run->arena);
        run->dialect->put_table_guard(&sql, tables[i][0], tables[i][1]);
        put(offline, sql.text);
    }
}

static void put_tables(Offline *offline)
{
    StrBuf sql;
    const Run *run = offline->run;
    strbuf_init(&sql, run->arena);
    put_version_create(&sql, run->dialect, run->store, true);
    put(offline, sql.text);
    strbuf_init(&sql, run->arena);
    put_history_create(&sql, run->dialect, run->store, run->store->history, true);
    put(offline, sql.text);
    put_table_guards(offline);
}

// What the database must be at: the script was written for that, and nobody has looked.
static void put_guards(Offline *offline, const Attempt *attempt)
{
    const Run *run = offline->run;
    VersionChangeList changes = { 0 };
    if (!attempt->move->before.count)
        put(offline, version_guard_sql(attempt->arena, run->dialect, run->store, NULL));
    version_changes(attempt->arena, &attempt->move->before, &attempt->move->after, &changes);
    VEC_EACH (VersionChange, change, &changes)
        if (change->from)
            put(offline, version_guard_sql(attempt->arena, run->dialect, run->store, change->from));
}

static void put_changes(Offline *offline, const Attempt *attempt)
{
    const Run *run = offline->run;
    VersionChangeList changes = { 0 };
    version_changes(attempt->arena, &attempt->move->before, &attempt->move->after, &changes);
    VEC_EACH (VersionChange, change, &changes)
        put(offline, version_change_sql(attempt->arena, run->dialect, run->store, change));
}

static void put_books(Offline *offline, const Attempt *attempt)
{
    put_changes(offline, attempt);
    put(offline, history_offline_sql(attempt));
}

// Not every engine's error can bear the words, so they stand above the statement too.
static void put_words(StrBuf *out, const char *text)
{
    strbuf_puts(out, "-- must hold: ");
    put_line_text(out, text);
    strbuf_putc(out, '\n');
}

// Rows that break foreign keys before the section that checks them: an application need not have had them on.
static void put_broken(Offline *offline, const Attempt *attempt, const Section *section)
{
    NameList statements = { 0 };
    violations_sql(attempt, section, &statements);
    VEC_EACH (const char *, it, &statements)
        put(offline, *it);
}

static bool put_one(void *payload, const char *sql, Error *err)
{
    (void)err;
    put(payload, sql);
    return true;
}

// The rows of a file, so that a client needs no more than the script.
static void put_file(Offline *offline, const Attempt *attempt, const Item *item)
{
    Error why = { 0 };
    const char *folder = path_folder(attempt->arena, item->statement->at.file);
    if (!row_file_statements(offline->run->dialect, item->sql, folder, put_one, offline, &why))
        put(offline, item->sql); // which no client takes
}

// Writes one statement. What cmigrate itself would check while it runs (assertions, foreign keys) becomes SQL
// that fails in the client.
static void put_item(Offline *offline, const Attempt *attempt, const Item *item)
{
    const Dialect *dialect = offline->run->dialect;
    StrBuf sql;
    strbuf_init(&sql, attempt->arena);
    if (item->key_check)
        dialect->put_assertion(
            &sql, key_check_query(attempt, item),
            arena_printf(attempt->arena, "a row refers to no row: %s names it", dialect->key_switch->check));
    else if (item->statement->assertion) {
        put_words(offline->out, item->statement->assertion);
        dialect->put_assertion(&sql, item->sql, item->statement->assertion);
    } else if (row_file_of(attempt->arena, dialect, item->sql, NULL)) {
        put_file(offline, attempt, item);
        return;
    } else {
        if (item->statement->batch)
            strbuf_printf(offline->out, "-- at once: only cmigrate itself runs it in pieces, by %s\n",
                          item->statement->batch->text);
        strbuf_puts(&sql, item->sql);
    }
    put(offline, sql.text);
}

// The switch of foreign keys has no effect inside a transaction: it goes before it, or after it where it comes last.
static void put_section(Offline *offline, const Attempt *attempt, const Section *section)
{
    bool transactional = (offline->run->dialect->caps & CAN_TRANSACTIONAL_DDL) && !section->no_transaction;
    const Item *last_switch = NULL;
    bool begun = false;
    put_broken(offline, attempt, section);
    VEC_EACH (Item, item, &attempt->items) {
        if (item->section != section)
            continue;
        if (item->key_switch && begun) {
            last_switch = item;
            continue;
        }
        if (item->key_switch) {
            commit(offline);
        } else {
            if (transactional)
                begin(offline);
            else
                commit(offline);
            begun = true;
        }
        put_item(offline, attempt, item);
    }
    bool last = !attempt->items.count || attempt->items.items[attempt->items.count - 1].section == section;
    if (last) {
        begin(offline);
        put_books(offline, attempt);
    }
    commit(offline);
    if (last_switch)
        put_item(offline, attempt, last_switch);
}

// Writes one revision with its own transaction and its version row, so that a script that stops leaves the
// database at the last whole revision.
static bool put_move(Offline *offline, const Move *move, bool first, Error *err)
{
    Attempt attempt = { .run = offline->run, .arena = arena_new(), .move = move };
    bool ok = attempt_load(&attempt, err);
    if (ok) {
        bool transactional = (offline->run->dialect->caps & CAN_TRANSACTIONAL_DDL) != 0;
        bool switch_first = attempt.items.count && attempt.items.items[0].key_switch;
        put_title(offline, &attempt);
        if (transactional && !switch_first)
            begin(offline);
        if (first)
            put_tables(offline);
        put_guards(offline, &attempt);
        const Section *section = NULL;
        VEC_EACH (Item, item, &attempt.items) {
            if (item->section != section)
                put_section(offline, &attempt, item->section);
            section = item->section;
        }
        if (!attempt.items.count) {
            begin(offline);
            put_books(offline, &attempt);
            commit(offline);
        }
    }
    arena_free(attempt.arena);
    return ok;
}

static void begin_script(Offline *offline)
{
    const ApplyRequest *request = offline->run->request;
    if (request->tag) {
        strbuf_puts(offline->out, "-- tag: ");
        put_line_text(offline->out, request->tag);
        strbuf_putc(offline->out, '\n');
    }
    if (offline->run->dialect->client_preamble)
        strbuf_puts(offline->out, offline->run->dialect->client_preamble);
}

// As record_stamped does it on a database.
static bool put_stamp_row(Offline *offline, Revision *revision, Error *err)
{
    Run *run = offline->run;
    Move move = { .revision = revision };
    Attempt attempt = { .run = run, .arena = run->arena, .move = &move, .direction = "stamp" };
    if (!script_direction_checksum(run->arena, run->dialect, revision->script->path, UPGRADE,
                                   attempt.checksum, err))
        return false;
    put(offline, history_offline_sql(&attempt));
    return true;
}

bool apply_stamp_offline(Arena *arena, const Dialect *dialect, const ApplyRequest *request,
                         const NameList *before, const NameList *after, StrBuf *out, Error *err)
{
    Run run = { .arena = arena, .request = request, .store = request->store, .dialect = dialect };
    Offline offline = { .run = &run, .out = out };
    const Move move = { .before = *before, .after = *after };
    Attempt attempt = { .run = &run, .arena = arena, .move = &move };
    begin_script(&offline);
    if (dialect->caps & CAN_TRANSACTIONAL_DDL)
        begin(&offline);
    put_tables(&offline);
    put_guards(&offline, &attempt);
    begin(&offline);
    put_changes(&offline, &attempt);
    VEC_EACH (const char *, id, after) {
        Revision *revision = names_have(before, *id) ? NULL : graph_by_id(request->graph, *id);
        if (revision && !put_stamp_row(&offline, revision, err))
            return false;
    }
    commit(&offline);
    return true;
}

void apply_ensure_version_offline(Arena *arena, const Dialect *dialect, const ApplyRequest *request,
                                  StrBuf *out)
{
    Run run = { .arena = arena, .request = request, .store = request->store, .dialect = dialect };
    Offline offline = { .run = &run, .out = out };
    StrBuf sql;
    begin_script(&offline);
    strbuf_init(&sql, arena);
    put_version_create(&sql, dialect, run.store, true);
    put(&offline, sql.text);
}

bool apply_offline(Arena *arena, const Dialect *dialect, const ApplyRequest *request, const MoveList *moves,
                   StrBuf *out, Error *err)
{
    Run run = { .arena = arena, .request = request, .store = request->store, .dialect = dialect };
    Offline offline = { .run = &run, .out = out };
    if (moves->count)
        begin_script(&offline);
    VEC_EACH (Move, move, moves)
        if (!put_move(&offline, move, move == moves->items, err))
            return false;
    return true;
}
