#include "core/apply/apply_internal.h"
#include "core/base/file.h"
#include "core/db/row_files.h"
#include "core/db/grants.h"

#include <ctype.h>
#include <string.h>

bool exec_sql(Db *db, const char *sql, Error *err) { return db->driver->exec(db, sql, err); }

bool item_is_atomic(Db *db, const Item *item, bool *out, const char **look_at, Error *err)
{
    *out = true;
    return !item->data || !db->driver->is_atomic ||
           db->driver->is_atomic(db, item_text(item), out, look_at, err);
}

bool was_interrupted(const Run *run, Error *err)
{
    const ApplyEvents *events = run->request->events;
    if (events && events->interrupted && events->interrupted(events->payload))
        return error_set(err, ERR_INTERRUPTED, "interrupted");
    return true;
}

// A number, a UUID or a place in a table: what a row is found by. Any other text may be somebody's name or secret.
static bool is_row_key(const char *value, size_t n)
{
    bool digit = false;
    if (n == 0 || n > 40)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!isxdigit((unsigned char)value[i]) && !strchr("-(),", value[i]))
            return false;
        digit |= isdigit((unsigned char)value[i]) != 0;
    }
    return digit && (n == 36 || strspn(value, "0123456789-(),") >= n);
}

// Values of rows go into no message: they would end in logs. The first column is the key where cmigrate wrote the query.
static bool keep_first_row(void *payload, const Row *row, Error *err)
{
    (void)err;
    FoundRows *found = payload;
    if (found->count++)
        return true;
    const char *value = row->count ? row->values[0] : NULL;
    size_t n = !value ? 0 : row->lengths ? row->lengths[0] : strlen(value);
    if (is_row_key(value, n))
        found->first = arena_strndup(found->arena, value, n);
    return true;
}

bool rows_ask(Db *db, Arena *arena, const char *query, FoundRows *out, Error *err)
{
    *out = (FoundRows){ .arena = arena };
    return db_query_in(db, SCOPE_SCRIPT, query, keep_first_row, out, err);
}

static bool run_assertion(Attempt *attempt, const Item *item, Error *err)
{
    FoundRows found;
    if (!rows_ask(attempt->run->db, attempt->arena, item->sql, &found, err))
        return false;
    if (!found.count)
        return true;
    error_set(err, ERR_SQL, "%s", item->statement->assertion);
    if (found.first)
        error_set(err, ERR_SQL, "%s (first row: %s)", item->statement->assertion, found.first);
    return false;
}

// Of the script: files of rows lie beside it.
static const char *folder_of(const Attempt *attempt, const Item *item)
{
    return path_folder(attempt->arena, item->statement->at.file ? item->statement->at.file : ".");
}

// In a database to be thrown away. A block may do more than that, so it is neither run nor passed over.
static bool is_passed_over(const Attempt *attempt, const Item *item, bool *out, Error *err)
{
    const Run *run = attempt->run;
    if (run->request->reached_out && db_grants_for_ever(run->dialect, item->sql)) {
        *out = true;
        return true;
    }
    *out = run->request->reached_out && db_reaches_out(run->dialect, item->sql);
    if (*out)
        *run->request->reached_out = true;
    if (!run->request->reached_out || *out || !db_may_reach_out(run->dialect, item->sql))
        return true;
    error_set(err, ERR_SQL,
              "this block may change a subscription, and a replay must not reach its publisher");
    return error_hint(err,
                      "Put the change of the subscription into a statement of its own: it is passed over.");
}

void attempt_starts(const Attempt *attempt, const Item *item)
{
    const ApplyEvents *events = attempt->run->request->events;
    if (events && events->starts)
        events->starts(events->payload, (size_t)(item - attempt->items.items) + 1, attempt->items.count);
}

bool execute_item(Attempt *attempt, const Item *item, Error *err)
{
    bool passed_over = false;
    if (!is_passed_over(attempt, item, &passed_over, err) || passed_over)
        return passed_over;
    const ApplyEvents *events = attempt->run->request->events;
    double start = events && events->statement ? now_ms() : 0;
    if (!fault_point("statement", err))
        return false;
    bool ok = item->statement->assertion ? run_assertion(attempt, item, err)
              : item->key_check
                  ? run_key_check(attempt, item, err)
                  : db_exec_rows(attempt->run->db, SCOPE_SCRIPT, item->sql, folder_of(attempt, item), err);
    if (ok && events && events->statement)
        events->statement(events->payload, item->statement, now_ms() - start);
    return ok;
}

// The switch has no effect inside a transaction, and a rebuilt table whose rows are referred to would take these with it. So
// it is set before one begins, and its state is read back: a session that keeps its keys enforced must not go on.
bool session_suspend_keys(Run *run, bool *suspended, Error *err)
{
    const KeySwitch *keys = run->dialect->key_switch;
    const char *value = NULL;
    *suspended = false;
    if (!db_value(run->db, run->arena, keys->state, &value, err))
        return false;
    if (!value || strcmp(value, "0") == 0)
        return true;
    if (!fault_point("foreign keys off", err) || !exec_sql(run->db, keys->off, err))
        return false;
    *suspended = true;
    if (!db_value(run->db, run->arena, keys->state, &value, err))
        return false;
    return (value && strcmp(value, "0") == 0) ||
           error_set(err, ERR_SQL,
                     "%s cannot be switched off, and rebuilding a table with them on would delete rows",
                     keys->setting);
}

bool keys_suspend(Attempt *attempt, const Section *section, Error *err)
{
    bool wanted = false;
    VEC_EACH (Item, item, &attempt->items)
        wanted |= item->key_switch && (!section || item->section == section);
    return !wanted || attempt->keys_off || session_suspend_keys(attempt->run, &attempt->keys_off, err);
}

void keys_enforce(Attempt *attempt)
{
    Error ignored = { 0 };
    if (attempt->keys_off && exec_sql(attempt->run->db, attempt->run->dialect->key_switch->on, &ignored))
        attempt->keys_off = false;
}
