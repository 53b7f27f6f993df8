#include "core/apply/apply_internal.h"

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

typedef struct FirstRow {
    Arena *arena;
    StrBuf values;
    bool seen;
} FirstRow;

static bool keep_first_row(void *payload, const Row *row, Error *err)
{
    (void)err;
    FirstRow *first = payload;
    if (first->seen)
        return true;
    first->seen = true;
    strbuf_init(&first->values, first->arena);
    for (size_t i = 0; i < row->count && first->values.length < 400; i++) {
        strbuf_puts(&first->values, i ? ", " : "");
        const char *value = row->values[i];
        size_t n = !value ? 4 : row->lengths ? row->lengths[i] : strlen(value);
        strbuf_put(&first->values, value ? value : "NULL", n > 200 ? 200 : n);
    }
    return true;
}

static bool run_assertion(Attempt *attempt, const Item *item, Error *err)
{
    FirstRow first = { .arena = attempt->arena };
    Db *db = attempt->run->db;
    if (!db_query_in(db, SCOPE_SCRIPT, item->sql, keep_first_row, &first, err))
        return false;
    if (!first.seen)
        return true;
    return error_set(err, ERR_SQL, "%s (first row: %s)", item->statement->assertion, first.values.text);
}

bool execute_item(Attempt *attempt, const Item *item, Error *err)
{
    const ApplyEvents *events = attempt->run->request->events;
    double start = events && events->statement ? now_ms() : 0;
    if (!fault_point("statement", err))
        return false;
    bool ok = item->statement->assertion ? run_assertion(attempt, item, err)
              : item->key_check          ? run_key_check(attempt, item, err)
                                         : db_exec_in(attempt->run->db, SCOPE_SCRIPT, item->sql, err);
    if (ok && events && events->statement)
        events->statement(events->payload, item->statement, now_ms() - start);
    return ok;
}

// PRAGMA foreign_keys does nothing inside a transaction, and a rebuilt table whose rows are referred to would take these
// with it. So it is switched off around the transaction, and that it is off is looked at.
bool foreign_keys_off(Attempt *attempt, const Section *section, Error *err)
{
    bool wanted = false;
    VEC_EACH (Item, item, &attempt->items)
        wanted |= item->foreign_keys && (!section || item->section == section);
    if (!wanted || attempt->keys_off)
        return true;
    Db *db = attempt->run->db;
    const char *value = NULL;
    if (!db_value(db, attempt->arena, "PRAGMA foreign_keys", &value, err))
        return false;
    if (!value || strcmp(value, "0") == 0)
        return true;
    if (!fault_point("foreign keys off", err) || !exec_sql(db, "PRAGMA foreign_keys = OFF", err))
        return false;
    attempt->keys_off = true;
    if (!db_value(db, attempt->arena, "PRAGMA foreign_keys", &value, err))
        return false;
    return (value && strcmp(value, "0") == 0) ||
           error_set(
               err, ERR_SQL,
               "foreign_keys cannot be switched off, and rebuilding a table with them on would delete rows");
}

void foreign_keys_on(Attempt *attempt)
{
    Error ignored = { 0 };
    if (attempt->keys_off && exec_sql(attempt->run->db, "PRAGMA foreign_keys = ON", &ignored))
        attempt->keys_off = false;
}
