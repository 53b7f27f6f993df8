#define _GNU_SOURCE
#include "core/apply/pieces.h"
#include "core/base/sha256.h"
#include "core/revision/splitter.h"

#include <limits.h>
#include <string.h>

// ---- What it will run

static bool refuse_control(const Item *item, Error *err)
{
    Lexer lexer;
    lex_init(&lexer, item->statement->sql, 0, false);
    Token word = lex_next(&lexer);
    SourcePos at = item->statement->at;
    at.length = (unsigned)word.text.n;
    error_at(err, ERR_SCRIPT, at, "%.*s is not allowed here: the section already runs in one transaction",
             (int)word.text.n, word.text.p);
    return error_hint(err, "Leave it out; or put what shall run outside a transaction under `-- cmigrate: "
                           "upgrade no-transaction`.");
}

static bool refuse_outside_only(const Item *item, Error *err)
{
    error_at(err, ERR_SCRIPT, item->statement->at, "this statement cannot run inside a transaction");
    return error_hint(err, "Put it under a header of its own: -- cmigrate: %s no-transaction",
                      item->section->direction == UPGRADE ? "upgrade" : "downgrade");
}

static bool is_transactional(const Attempt *attempt, const Section *section)
{
    return (attempt->run->dialect->caps & CAN_TRANSACTIONAL_DDL) && !section->no_transaction;
}

static bool add_item(Attempt *attempt, const Section *section, const ScriptStatement *statement, Error *err)
{
    const Dialect *dialect = attempt->run->dialect;
    Item *item = VEC_PUSH(attempt->arena, &attempt->items);
    *item = (Item){ .statement = statement, .section = section };
    if (!variables_fill(attempt->arena, attempt->run->request->variables, statement, &item->sql, err))
        return false;
    item_classify(item, dialect);
    attempt->bounds_waiting |= item->bounds_waiting;
    if (!is_transactional(attempt, section))
        return true;
    if (item->control)
        return refuse_control(item, err);
    if (dialect->needs_no_transaction && dialect->needs_no_transaction(item_text(item)))
        return refuse_outside_only(item, err);
    return true;
}

bool apply_can_undo(Arena *arena, const Dialect *dialect, const Script *script, const Move *move, Error *err)
{
    bool reversible = true;
    if (move->direction == UPGRADE ||
        (script_reversible(arena, script, dialect, &reversible, err) && reversible))
        return true;
    if (reversible)
        return false;
    error_at(err, ERR_SCRIPT, (SourcePos){ move->revision->script->path, 0, 0, 0 },
             "%s has no downgrade section: it cannot be undone", move->revision->id);
    return error_hint(
        err, "Write one (`-- cmigrate: downgrade`; empty, where there is nothing to undo); or move the "
             "version and leave the schema as it is: --allow-irreversible");
}

// The verify sections that stand above line `before` and were not added yet, in the transaction of what they look at: the
// section before them. One without a transaction is over by then, so they have one of their own, which the version joins.
static bool add_verifications(Attempt *attempt, SectionList *verify, unsigned before, Error *err)
{
    while (verify->count && verify->items[0]->at.line < before) {
        const Section *section = verify->items[0];
        const Item *last = attempt->items.count ? &attempt->items.items[attempt->items.count - 1] : NULL;
        const Section *joined = last && is_transactional(attempt, last->section) ? last->section : section;
        VEC_EACH (ScriptStatement, statement, &section->statements)
            if (!add_item(attempt, joined, statement, err))
                return false;
        verify->items++;
        verify->count--;
    }
    return true;
}

bool attempt_load(Attempt *attempt, Error *err)
{
    Script *script = ARENA_NEW(attempt->arena, Script);
    SectionList sections = { 0 }, verify = { 0 };
    if (!script_read_whole(attempt->arena, attempt->move->revision->script, script, err) ||
        (!attempt->run->request->allow_irreversible &&
         !apply_can_undo(attempt->arena, attempt->run->dialect, script, attempt->move, err)) ||
        !script_sections(attempt->arena, script, attempt->run->dialect, attempt->move->direction, &sections,
                         err) ||
        (attempt->move->direction == UPGRADE &&
         !script_verifications(attempt->arena, script, attempt->run->dialect, &verify, err)))
        return false;
    script_checksum(attempt->arena, &sections, attempt->checksum);
    sha256_hex(script->text, attempt->file_checksum);
    VEC_EACH (Section *, section, &sections) {
        attempt->sections += (*section)->statements.count > 0;
        attempt->journal |= (*section)->statements.count > 0 && !is_transactional(attempt, *section);
        if (!add_verifications(attempt, &verify, (*section)->at.line, err))
            return false;
        VEC_EACH (ScriptStatement, statement, &(*section)->statements)
            if (!add_item(attempt, *section, statement, err))
                return false;
    }
    if (!add_verifications(attempt, &verify, UINT_MAX, err))
        return false;
    attempt->journal |= attempt->sections > 1;
    if (!pieces_check(attempt, err))
        return false;
    if (attempt->journal)
        session_join(attempt);
    attempt->started = utc_now(attempt->arena);
    attempt->direction = attempt->move->direction == UPGRADE ? "upgrade" : "downgrade";
    return true;
}

// ---- Transactions

bool attempt_begin(Attempt *attempt, Error *err)
{
    Run *run = attempt->run;
    if (run->one_transaction)
        return true;
    if (!fault_point("begin", err) || !run->db->driver->begin(run->db, err))
        return false;
    attempt->in_transaction = true;
    return true;
}

void attempt_keeps(Attempt *attempt)
{
    attempt->committed = attempt->done;
    memcpy(attempt->committed_checksum, attempt->done_checksum, sizeof(attempt->done_checksum));
}

bool attempt_commit(Attempt *attempt, Error *err)
{
    Run *run = attempt->run;
    if (run->one_transaction)
        return true;
    if (!fault_point("commit", err) || !run->db->driver->commit(run->db, err))
        return false;
    attempt->in_transaction = false;
    attempt_keeps(attempt);
    return fault_point("committed", err);
}

void attempt_rollback(Attempt *attempt)
{
    Error ignored = { 0 };
    Run *run = attempt->run;
    run->db->driver->rollback(run->db, &ignored);
    attempt->in_transaction = attempt->joined = false;
    attempt->done = attempt->committed;
    memcpy(attempt->done_checksum, attempt->committed_checksum, sizeof(attempt->done_checksum));
}

// May the script have left something in the session that reaches the next revision? What changes schema and rows in plain words
// does not.
bool leaves_session(const Attempt *attempt)
{
    static const char *const plain[] = { "CREATE",  "ALTER",   "DROP",   "RENAME", "TRUNCATE",
                                         "COMMENT", "GRANT",   "REVOKE", "INSERT", "UPDATE",
                                         "DELETE",  "REPLACE", "MERGE" };
    VEC_EACH (Item, item, &attempt->items) {
        bool known = false;
        for (size_t i = 0; i < COUNT_OF(plain) && !known; i++)
            known = statement_begins(item_text(item), attempt->run->dialect->lex, plain[i], NULL);
        if (item->key_switch || item->key_check || item->statement->assertion)
            continue;
        if (!known || strchr(item->sql, '@') || strcasestr(item->sql, "temp") ||
            strcasestr(item->sql, "last_insert_id"))
            return true;
    }
    return false;
}

static bool restore_session(Attempt *attempt, Error *err)
{
    Db *db = attempt->run->db;
    return !db->driver->restore || !leaves_session(attempt) ||
           (fault_point("restore", err) && db_restore(db, err));
}

// What cannot be put back inside a transaction is put back after it.
static bool restore_after(Attempt *attempt, Error *err)
{
    return attempt->run->one_transaction || !attempt->run->db->driver->restores_after ||
           restore_session(attempt, err);
}

// ---- In one transaction: statements, version and history together

static bool write_books(Attempt *attempt, Error *err)
{
    Run *run = attempt->run;
    if (run->unrecorded)
        return true;
    if (!version_write(run, attempt->arena, &attempt->move->before, &attempt->move->after, err) ||
        !fault_point("history", err))
        return false;
    const char *sql = attempt->wrote_row ? history_end_sql(attempt, "done", NULL)
                                         : history_insert_sql(attempt, "done", utc_now(attempt->arena), NULL);
    return exec_sql(run->db, sql, err);
}

void item_is_done(Attempt *attempt, const Item *item)
{
    attempt->done++;
    if (attempt->journal)
        script_chain(attempt->arena, attempt->done_checksum, item_text(item), attempt->done_checksum);
}

static bool run_items(Attempt *attempt, const Section *section, const Item **failed, Error *err)
{
    note_violations(attempt, section);
    VEC_EACH (Item, item, &attempt->items) {
        size_t index = (size_t)(item - attempt->items.items);
        if ((section && item->section != section) || index < attempt->done)
            continue;
        *failed = item;
        if (!was_interrupted(attempt->run, err))
            return false;
        attempt_starts(attempt, item);
        if (!item->key_switch && !(item->statement->batch ? pieces_run : execute_item)(attempt, item, err))
            return false;
        item_is_done(attempt, item);
    }
    *failed = NULL;
    return true;
}

// A row for what came to nothing, in a transaction of its own. That it cannot be written is no second failure.
static void record_failure(Attempt *attempt, const Error *cause)
{
    Error ignored = { 0 };
    Run *run = attempt->run;
    Db *db = run->db;
    if (run->one_transaction || run->unrecorded || (db->driver->alive && !db->driver->alive(db)))
        return;
    const char *message = cause ? history_error_text(attempt->arena, cause) : "";
    if (attempt->wrote_row) {
        if (!exec_sql(db, history_end_sql(attempt, "failed", message), &ignored))
            return;
        return;
    }
    bool wrote =
        attempt_begin(attempt, &ignored) &&
        exec_sql(db, history_insert_sql(attempt, "failed", utc_now(attempt->arena), message), &ignored) &&
        attempt_commit(attempt, &ignored);
    if (!wrote)
        attempt_rollback(attempt);
}

// A statement that failed is not always as if it had never run: an index may be left invalid, rows of an engine without
// transactions stay. What can be removed is; else the next run looks before it goes on.
static bool leaves_something(Attempt *attempt, const Item *item)
{
    const Driver *driver = attempt->run->db->driver;
    const Dialect *dialect = attempt->run->dialect;
    bool atomic = true;
    Tristate done = NO;
    const char *look_at = NULL;
    Error ignored = { 0 };
    if (!attempt->journal || attempt->done != (size_t)(item - attempt->items.items))
        return false;
    if (pieces_begun(attempt, item))
        return true;
    if (item->data)
        return item_is_atomic(attempt->run->db, item, &atomic, &look_at, &ignored) && !atomic;
    if (!item->section->no_transaction || !driver->probe || !dialect->needs_no_transaction ||
        !dialect->needs_no_transaction(item_text(item)))
        return false;
    return !driver->probe(attempt->run->db, item_text(item), &done, &look_at, &ignored) || done == UNSET;
}

bool attempt_fail(Attempt *attempt, const Item *item, const char *step, Error *err)
{
    Error local = { 0 };
    Error *cause = err ? err : &local;
    if (attempt->run->one_transaction)
        return item ? failure_of_statement(attempt, item, cause) : failure_of_step(attempt, step, cause);
    attempt_rollback(attempt);
    keys_enforce(attempt);
    Error first = *cause;
    attempt->doubtful = item && leaves_something(attempt, item);
    record_failure(attempt, &first);
    return item ? failure_of_statement(attempt, item, cause) : failure_of_step(attempt, step, cause);
}

static bool run_in_one_transaction(Attempt *attempt, Error *err)
{
    const Item *failed = NULL;
    attempt->tries = 1;
    do {
        if (!keys_suspend(attempt, NULL, err) || !attempt_begin(attempt, err))
            return attempt_fail(attempt, NULL, "beginning the transaction", err);
        failed = NULL;
        if (run_items(attempt, NULL, &failed, err))
            break;
        if (!attempt_tries_again(attempt, failed, err))
            return attempt_fail(attempt, failed, NULL, err);
    } while (true);
    if (!restore_session(attempt, err) || !write_books(attempt, err))
        return attempt_fail(attempt, NULL, "recording the version", err);
    if (!attempt_commit(attempt, err))
        return attempt_fail(attempt, NULL, "committing", err);
    keys_enforce(attempt);
    return restore_after(attempt, err);
}

// ---- With a journal: each step is noted before and behind it

size_t next_running(Attempt *attempt)
{
    if (attempt->done >= attempt->items.count)
        return 0;
    const Item *next = &attempt->items.items[attempt->done];
    if (is_transactional(attempt, next->section))
        return 0;
    script_chain(attempt->arena, attempt->done_checksum, item_text(next), attempt->running_checksum);
    return attempt->done + 1;
}

static bool begin_journal(Attempt *attempt, Error *err)
{
    Run *run = attempt->run;
    if (run->unrecorded)
        return true;
    if (!attempt_begin(attempt, err))
        return false;
    attempt->running_checksum[0] = '\0';
    next_running(attempt);
    if (attempt->resumes &&
        !exec_sql(run->db, history_close_sql(attempt->arena, run, attempt->resumes, "resumed"), err))
        return false;
    if (!fault_point("journal", err) ||
        !exec_sql(run->db, history_insert_sql(attempt, "running", NULL, NULL), err) ||
        !pieces_carry(attempt, err) || !attempt_commit(attempt, err))
        return false;
    attempt->wrote_row = true;
    return true;
}

bool attempt_note(Attempt *attempt, Error *err)
{
    if (attempt->run->unrecorded)
        return true;
    return fault_point("note", err) &&
           exec_sql(attempt->run->db, history_note_sql(attempt, next_running(attempt)), err);
}

// Rows of an engine without transactions do not commit together with anything.
static bool all_atomic(Attempt *attempt, const Item *item)
{
    bool atomic = true;
    for (const Item *it = item; atomic; it++) {
        const char *look_at = NULL;
        Error ignored = { 0 };
        atomic = item_is_atomic(attempt->run->db, it, &atomic, &look_at, &ignored) && atomic;
        if (!it->joins_next)
            break;
    }
    return atomic;
}

// Changes of rows commit together with their note; several, where one needs what another left in the session.
static bool run_noted(Attempt *attempt, const Item *item, Error *err)
{
    attempt_starts(attempt, item);
    if (item->statement->batch && !attempt->joined)
        return pieces_run_noted(attempt, item, err);
    bool opens = !attempt->joined && !attempt->users_transaction &&
                 (item->data || (item->joins_next && all_atomic(attempt, item)));
    bool together = opens || attempt->joined;
    bool stays = together && item->joins_next && (attempt->joined || all_atomic(attempt, item));
    if (opens && !attempt_begin(attempt, err))
        return false;
    if (!item->key_switch && !item->left_out && !execute_item(attempt, item, err))
        return false;
    attempt->joined = stays;
    if (item->control)
        attempt->users_transaction = item->begins;
    else if (!item->data && !item->harmless)
        attempt->users_transaction = false; // a change of the schema has committed it
    item_is_done(attempt, item);
    if (!together && !attempt->users_transaction)
        attempt_keeps(attempt);
    return attempt_note(attempt, err) && (!together || stays || attempt_commit(attempt, err));
}

static bool run_section_noted(Attempt *attempt, const Section *section, const Item **failed, Error *err)
{
    VEC_EACH (Item, item, &attempt->items) {
        if (item->section != section || (size_t)(item - attempt->items.items) < attempt->done)
            continue;
        *failed = item;
        if (!was_interrupted(attempt->run, err) || !run_noted(attempt, item, err))
            return false;
    }
    *failed = NULL;
    return true;
}

// The last section takes version and history with it, where it is a transaction itself.
static bool run_section_once(Attempt *attempt, const Section *section, bool last, const Item **failed,
                             Error *err)
{
    if (!is_transactional(attempt, section))
        return run_section_noted(attempt, section, failed, err);
    bool ok =
        keys_suspend(attempt, section, err) && attempt_begin(attempt, err) &&
        run_items(attempt, section, failed, err) &&
        (last ? restore_session(attempt, err) && write_books(attempt, err) : attempt_note(attempt, err)) &&
        attempt_commit(attempt, err);
    if (ok)
        keys_enforce(attempt);
    return ok;
}

static bool run_section(Attempt *attempt, const Section *section, bool last, const Item **failed, Error *err)
{
    attempt->tries = 1;
    while (!run_section_once(attempt, section, last, failed, err))
        if (!attempt_tries_again(attempt, *failed, err))
            return false;
    return true;
}

static bool run_with_journal(Attempt *attempt, Error *err)
{
    const Item *failed = NULL;
    if (!pieces_prepare(attempt, err) || !begin_journal(attempt, err))
        return attempt_fail(attempt, NULL, "recording the start", err);
    bool recorded = false;
    while (attempt->done < attempt->items.count) {
        const Section *section = attempt->items.items[attempt->done].section;
        bool last = attempt->items.items[attempt->items.count - 1].section == section;
        if (!run_section(attempt, section, last, &failed, err))
            return attempt_fail(attempt, failed, "recording progress", err);
        recorded = last && is_transactional(attempt, section);
    }
    if (recorded)
        return restore_after(attempt, err);
    if (!restore_session(attempt, err) || !attempt_begin(attempt, err) || !write_books(attempt, err) ||
        !attempt_commit(attempt, err))
        return attempt_fail(attempt, NULL, "recording the version", err);
    return true;
}

bool attempt_run(Attempt *attempt, Error *err)
{
    Run *run = attempt->run;
    attempt->id = run->next_id++;
    if (attempt->resumes && !resume_begin(attempt, err))
        return false;
    if (attempt->journal)
        return run_with_journal(attempt, err);
    return batch_is_possible(attempt) ? batch_run(attempt, err) : run_in_one_transaction(attempt, err);
}
