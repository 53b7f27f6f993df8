#include "core/apply/apply_internal.h"

#include <stdlib.h>
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
    if (!db->driver->query(db, item->sql, keep_first_row, &first, err))
        return false;
    if (!first.seen)
        return true;
    return error_set(err, ERR_SQL, "%s (first row: %s)", item->statement->assertion, first.values.text);
}

// Of foreign_key_check: table, rowid, the table referred to, the number of the key.
static const char *violation_of(Arena *arena, const Row *row)
{
    const char *parts[3] = { "?", "(without rowid)", "?" };
    for (size_t i = 0; i < row->count && i < COUNT_OF(parts); i++)
        if (row->values[i])
            parts[i] = row->values[i];
    return arena_printf(arena, "row %s of table %s refers to no row of table %s", parts[1], parts[0],
                        parts[2]);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool keep_violation(void *payload, const Row *row, Error *err)
{
    (void)err;
    Attempt *attempt = payload;
    *VEC_PUSH(attempt->arena, &attempt->violations) = violation_of(attempt->arena, row);
    return true;
}

void note_violations(Attempt *attempt, const Section *section)
{
    Error ignored = { 0 }; // a table that is not there yet has none
    attempt->violations.count = 0;
    VEC_EACH (Item, item, &attempt->items)
        if (item->key_check && (!section || item->section == section))
            (void)!attempt->run->db->driver->query(attempt->run->db, item->sql, keep_violation, attempt,
                                                   &ignored);
    if (attempt->violations.count)
        qsort(attempt->violations.items, attempt->violations.count, sizeof(const char *), compare_texts);
}

typedef struct Violations {
    Attempt *attempt;
    size_t count;
    const char *first;
} Violations;

// What was broken before is no fault of this revision: foreign keys are off in SQLite unless an application asks.
static bool count_violation(void *payload, const Row *row, Error *err)
{
    (void)err;
    Violations *violations = payload;
    const NameList *known = &violations->attempt->violations;
    const char *text = violation_of(violations->attempt->arena, row);
    if (known->count && bsearch(&text, known->items, known->count, sizeof(const char *), compare_texts))
        return true;
    if (violations->count++ == 0)
        violations->first = text;
    return true;
}

static bool run_key_check(Attempt *attempt, const Item *item, Error *err)
{
    Violations violations = { attempt, 0, "a foreign key is violated" };
    Db *db = attempt->run->db;
    if (!db->driver->query(db, item->sql, count_violation, &violations, err))
        return false;
    if (violations.count > 1)
        return error_set(err, ERR_SQL, "%s, and %zu rows more violate foreign keys", violations.first,
                         violations.count - 1);
    return violations.count == 0 || error_set(err, ERR_SQL, "%s", violations.first);
}

bool execute_item(Attempt *attempt, const Item *item, Error *err)
{
    const ApplyEvents *events = attempt->run->request->events;
    double start = events && events->statement ? now_ms() : 0;
    if (!fault_point("statement", err))
        return false;
    bool ok = item->statement->assertion ? run_assertion(attempt, item, err)
              : item->key_check          ? run_key_check(attempt, item, err)
                                         : exec_sql(attempt->run->db, item->sql, err);
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
