// Rows into their table. All of them in one statement first; where the engine refuses that, one by one, each in as many forms as
// it takes, under a savepoint. What it says last is what is reported.
#include <stdlib.h>
#include <string.h>

#include "core/dialect/sql.h"
#include "core/rows/internal.h"

#define SAVEPOINT "cmigrate_row"

// --- what may be refused ------------------------------------------------------

static bool begin_asking(Maker *maker, Error *err)
{
    return maker->db->driver->exec(maker->db, "SAVEPOINT " SAVEPOINT, err);
}

static bool end_asking(Maker *maker, const char *refusal, Error *err)
{
    Db *db = maker->db;
    Error gone = { 0 };
    if (!refusal)
        return db->driver->exec(db, "RELEASE SAVEPOINT " SAVEPOINT, err);
    if (db->driver->exec(db, "ROLLBACK TO SAVEPOINT " SAVEPOINT, &gone))
        return db->driver->exec(db, "RELEASE SAVEPOINT " SAVEPOINT, err);
    maker->ended = maker->current && gone.code == ERR_SQL && db->driver->alive(db);
    if (maker->ended)
        *VEC_PUSH(maker->arena, &maker->ended_by) = (EndedBy){ maker->current, refusal };
    if (err)
        *err = gone;
    return false;
}

// A refusal is an answer; a lost connection and an interruption are not.
static bool answered(Maker *maker, bool ok, const Error *said, const char **refusal, Error *err)
{
    *refusal = ok ? NULL : arena_strdup(maker->arena, said->message);
    if (!ok && (said->code != ERR_SQL || !maker->db->driver->alive(maker->db))) {
        if (err)
            *err = *said;
        return false;
    }
    return true;
}

bool ask_exec(Maker *maker, const char *statement, const char **refusal, Error *err)
{
    Error said = { 0 };
    if (!begin_asking(maker, err))
        return false;
    bool ok = db_exec_in(maker->db, SCOPE_SCRIPT, statement, &said);
    return answered(maker, ok, &said, refusal, err) && end_asking(maker, *refusal, err);
}

bool ask_query(Maker *maker, const char *statement, RowFn *row, void *payload, const char **refusal,
               Error *err)
{
    Error said = { 0 };
    if (!begin_asking(maker, err))
        return false;
    bool ok = db_query_in(maker->db, SCOPE_SCRIPT, statement, row, payload, &said);
    return answered(maker, ok, &said, refusal, err) && end_asking(maker, *refusal, err);
}

// --- statements ---------------------------------------------------------------

static bool same_columns(const RowsTable *t, const MadeRow *a, const MadeRow *b)
{
    for (size_t i = 0; i < t->count; i++)
        if ((a->values[i] == NULL) != (b->values[i] == NULL))
            return false;
    return true;
}

static void put_row(const RowsTable *t, StrBuf *out, const MadeRow *row)
{
    const char *separator = "(";
    for (size_t i = 0; i < t->count; i++) {
        if (!row->values[i])
            continue;
        strbuf_puts(out, separator);
        strbuf_puts(out, row->values[i]);
        separator = ", ";
    }
    strbuf_putc(out, ')');
}

// INSERT of rows that name the same columns.
static const char *insert_of(const Maker *maker, const RowsTable *t, const MadeRow *rows, size_t count)
{
    StrBuf out;
    strbuf_init(&out, maker->arena);
    NameList names = { 0 };
    bool overrides = false;
    for (size_t i = 0; i < t->count; i++)
        if (rows->values[i]) {
            *VEC_PUSH(maker->arena, &names) = t->columns[i].column->head.name;
            overrides |= t->columns[i].column->identity == IDENTITY_ALWAYS;
        }
    strbuf_puts(&out, "INSERT INTO ");
    table_put_name(maker, &out, t->table);
    if (!names.count) {
        strbuf_printf(&out, " %s", maker->dialect->insert_defaults);
        return out.text;
    }
    strbuf_puts(&out, " (");
    sql_names(&out, maker->dialect, &names);
    strbuf_printf(&out, ")%s%s VALUES ", overrides ? " " : "",
                  overrides ? maker->dialect->overrides_identity : "");
    for (size_t i = 0; i < count; i++) {
        strbuf_puts(&out, i ? ", " : "");
        put_row(t, &out, &rows[i]);
    }
    return out.text;
}

// --- guards -------------------------------------------------------------------

static bool note_row(void *payload, const Row *row, Error *err)
{
    (void)row;
    (void)err;
    *(bool *)payload = true;
    return true;
}

// Does a guard that speaks of the table give a row now?
static bool is_guarded(Maker *maker, const RowsTable *t, bool *out, Error *err)
{
    *out = false;
    VEC_EACH (const char *, guard, &maker->guards) {
        const char *refusal;
        if (text_mentions(maker->dialect, *guard, t->table->head.name) &&
            !ask_query(maker, *guard, note_row, out, &refusal, err))
            return false;
    }
    return true;
}

// --- one by one ---------------------------------------------------------------

typedef struct Filling {
    Maker *maker;
    RowsTable *table;
    RowsMade *made;
    size_t barren; // rows in a row of which no attempt was taken
} Filling;

enum { BARREN_MOST = 3 }; // then the others are not tried

static const char outer_begin[] = "SAVEPOINT cmigrate_rows",
                  outer_back[] = "ROLLBACK TO SAVEPOINT cmigrate_rows",
                  outer_end[] = "RELEASE SAVEPOINT cmigrate_rows";

static bool insert_one(Filling *f, const MadeRow *row, const char **refusal, bool *guarded, Error *err)
{
    Maker *maker = f->maker;
    Db *db = maker->db;
    *guarded = false;
    if (!maker->guards.count)
        return ask_exec(maker, insert_of(maker, f->table, row, 1), refusal, err);
    if (!db->driver->exec(db, outer_begin, err) ||
        !ask_exec(maker, insert_of(maker, f->table, row, 1), refusal, err) ||
        (!*refusal && !is_guarded(maker, f->table, guarded, err)))
        return false;
    return (!*guarded || db->driver->exec(db, outer_back, err)) && db->driver->exec(db, outer_end, err);
}

// Is the row refused for the number that the engine gave it? Each attempt takes the next number, so one of them would get past
// those that are there, and hide that the counter is behind them.
static bool is_about_number(const RowsTable *t, const char *refusal)
{
    const Constraint *primary = table_primary_key(t->table);
    size_t at;
    return refusal && primary && primary->head.name && primary->parts.count == 1 &&
           table_column_number(t, primary->parts.items[0].column, &at) && t->columns[at].left_out &&
           strstr(refusal, primary->head.name);
}

static bool fill_row(Filling *f, size_t n, bool *taken, Error *err)
{
    const char *first = NULL;
    bool guarded = false;
    *taken = false;
    for (size_t attempt = 0; attempt < ROW_ATTEMPTS && !*taken; attempt++) {
        MadeRow row;
        const char *refusal;
        row_make(f->maker, f->table, n, attempt, &row);
        if (!insert_one(f, &row, &refusal, &guarded, err))
            return false;
        first = first || !attempt ? first : refusal;
        if (!attempt)
            first = refusal;
        *taken = !refusal && !guarded;
        f->made->guarded += guarded;
        if (f->maker->trying && is_about_number(f->table, refusal))
            break;
    }
    if (!*taken && first)
        f->made->refused = first;
    return true;
}

static bool fill_singly(Filling *f, size_t count, Error *err)
{
    for (size_t n = 0; n < count && f->barren < BARREN_MOST; n++) {
        bool taken;
        if (!fill_row(f, n, &taken, err))
            return false;
        f->barren = taken ? 0 : f->barren + 1;
        f->made->made += taken;
    }
    return true;
}

// --- all at once --------------------------------------------------------------

static bool fill_together(Filling *f, size_t count, bool *taken, Error *err)
{
    Maker *maker = f->maker;
    Db *db = maker->db;
    MadeRow *rows = arena_alloc(maker->arena, (count + 1) * sizeof(*rows));
    const char *refusal = NULL;
    bool guarded = false;
    for (size_t n = 0; n < count; n++)
        row_make(maker, f->table, n, 0, &rows[n]);
    if (!db->driver->exec(db, outer_begin, err))
        return false;
    for (size_t from = 0, to; from < count && !refusal; from = to) {
        for (to = from + 1; to < count && rows[to].values && same_columns(f->table, &rows[from], &rows[to]);)
            to++;
        bool defaults = true; // a row of defaults alone takes a statement of its own
        for (size_t i = 0; i < f->table->count; i++)
            defaults &= rows[from].values[i] == NULL;
        to = defaults ? from + 1 : to;
        if (!ask_exec(maker, insert_of(maker, f->table, &rows[from], to - from), &refusal, err))
            return false;
    }
    if (!refusal && maker->guards.count && !is_guarded(maker, f->table, &guarded, err))
        return false;
    *taken = !refusal && !guarded;
    return (*taken || db->driver->exec(db, outer_back, err)) && db->driver->exec(db, outer_end, err);
}

bool table_fill(Maker *maker, RowsTable *t, RowsMade *made, Error *err)
{
    Filling f = { .maker = maker, .table = t, .made = made };
    bool taken = false;
    size_t free = t->capacity > t->there ? t->capacity - t->there : 0;
    size_t count = free < maker->wanted ? free : maker->wanted;
    bool alone = maker->trying && count == 1;
    if (!alone && !fill_together(&f, count, &taken, err))
        return false;
    if (taken)
        made->made = count;
    else if (!fill_singly(&f, count, err))
        return false;
    made->full = !made->refused && made->made < maker->wanted;
    return true;
}

// --- keys that could not be set at first --------------------------------------

static void put_condition(const Maker *maker, StrBuf *out, const RowsTable *t, const RowsKey *own, size_t row)
{
    for (size_t i = 0; i < own->count; i++) {
        const Column *column = t->columns[own->columns[i]].column;
        strbuf_puts(out, i ? " AND " : " WHERE ");
        maker->dialect->put_identifier(out, column->head.name);
        strbuf_printf(out, " = %s", own->pool.items[row][i]);
    }
}

// The primary key as if it were one that refers to its own table: its rows are the pool.
static bool own_rows(Maker *maker, const RowsTable *t, RowsKey *out, Error *err)
{
    const Constraint *primary = table_primary_key(t->table);
    *out = (RowsKey){ .constraint = primary, .referred = t->table };
    if (!primary)
        return true;
    out->columns = arena_alloc(maker->arena, (primary->parts.count + 1) * sizeof(*out->columns));
    VEC_EACH (Part, part, &primary->parts)
        if (table_column_number(t, part->column, &out->columns[out->count]))
            out->count++;
    return out->count != primary->parts.count || key_read_pool(maker, out, err);
}

static bool set_one(Maker *maker, const RowsTable *t, const RowsKey *key, const RowsKey *own, size_t row,
                    Error *err)
{
    StrBuf out;
    const char *refusal;
    const char **values = key->pool.items[(row + 1 + row / 3) % key->pool.count];
    strbuf_init(&out, maker->arena);
    strbuf_puts(&out, "UPDATE ");
    table_put_name(maker, &out, t->table);
    for (size_t i = 0; i < key->count; i++) {
        strbuf_puts(&out, i ? ", " : " SET ");
        maker->dialect->put_identifier(&out, t->columns[key->columns[i]].column->head.name);
        strbuf_printf(&out, " = %s", values[i]);
    }
    put_condition(maker, &out, t, own, row);
    return ask_exec(maker, out.text, &refusal, err);
}

bool table_set_later(Maker *maker, RowsTable *t, Error *err)
{
    RowsKey own;
    bool needed = false;
    VEC_EACH (RowsKey, key, &t->keys)
        needed |= key->later && key->referred;
    if (!needed)
        return true;
    if (!own_rows(maker, t, &own, err))
        return false;
    VEC_EACH (RowsKey, key, &t->keys) {
        if (!key->later || !key->referred)
            continue;
        if (!key_read_pool(maker, key, err))
            return false;
        // two of three rows refer to one, the others stay NULL
        for (size_t row = t->there; key->pool.count && row < own.pool.count; row++)
            if (row % 3 && !set_one(maker, t, key, &own, row, err))
                return false;
    }
    return true;
}
