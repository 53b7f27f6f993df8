// Rows into their table. All of them in one statement first; where the engine refuses that, one by one, each in as many forms as
// it takes, under a savepoint. What it says last is what is reported.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/dialect/sql.h"
#include "core/rows/internal.h"

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
        return ask_change(maker, insert_of(maker, f->table, row, 1), refusal, err);
    if (!db->driver->exec(db, outer_begin, err) ||
        !ask_change(maker, insert_of(maker, f->table, row, 1), refusal, err) ||
        (!*refusal && !is_guarded(maker, f->table, guarded, err)))
        return false;
    return (!*guarded || db->driver->exec(db, outer_back, err)) && db->driver->exec(db, outer_end, err);
}

// The column that the engine numbers; SIZE_MAX: none.
static size_t numbered_by_engine(const RowsTable *t)
{
    for (size_t i = 0; i < t->count; i++) {
        const RowColumn *c = &t->columns[i];
        if (c->left_out && !c->column->generated &&
            (c->type.kind == TAKES_INTEGER || c->type.kind == TAKES_DECIMAL))
            return i;
    }
    return SIZE_MAX;
}

typedef struct Greatest {
    Arena *arena;
    const char *text;
} Greatest;

static bool note_greatest(void *payload, const Row *row, Error *err)
{
    Greatest *greatest = payload;
    const char *text = row_value(row, 0);
    (void)err;
    greatest->text = text ? arena_strdup(greatest->arena, text) : NULL;
    return true;
}

// The number after all that are there, as SQL.
static bool next_number(Maker *maker, const RowsTable *t, size_t column, const char **out, Error *err)
{
    Greatest greatest = { .arena = maker->arena };
    const char *refusal;
    StrBuf query;
    strbuf_init(&query, maker->arena);
    strbuf_puts(&query, "SELECT max(");
    maker->dialect->put_identifier(&query, t->columns[column].column->head.name);
    strbuf_puts(&query, ") + 1 FROM ");
    table_put_name(maker, &query, t->table);
    if (!ask_query(maker, query.text, note_greatest, &greatest, &refusal, err))
        return false;
    *out = greatest.text ? greatest.text : "1";
    return true;
}

// Is the row taken with a number that is behind all others? Nothing of it stays, and the engine's counter stays where it is.
static bool fits_with_number(const Filling *f, const MadeRow *row, size_t column, bool *out, Error *err)
{
    Maker *maker = f->maker;
    Db *db = maker->db;
    const char *number, *refusal;
    if (!next_number(maker, f->table, column, &number, err))
        return false;
    MadeRow other = { arena_alloc(maker->arena, (f->table->count + 1) * sizeof(*other.values)) };
    memcpy(other.values, row->values, f->table->count * sizeof(*other.values));
    other.values[column] = number;
    if (!db->driver->exec(db, outer_begin, err) ||
        !ask_change(maker, insert_of(maker, f->table, &other, 1), &refusal, err))
        return false;
    *out = !refusal;
    return db->driver->exec(db, outer_back, err) && db->driver->exec(db, outer_end, err);
}

// A row as an application would insert it. Each attempt takes the engine's next number, so one of many would get past the
// numbers that are there, and hide that the counter is behind them. So only the first is made without a number, and one of
// which it is known that the engine takes all but the number.
static bool try_row(Filling *f, bool *taken, Error *err)
{
    size_t column = numbered_by_engine(f->table);
    bool known = false, guarded;
    const char *refusal = NULL;
    *taken = false;
    for (size_t attempt = 0; attempt < ROW_ATTEMPTS && !*taken && !known; attempt++) {
        MadeRow row;
        row_make(f->maker, f->table, 0, attempt, &row);
        bool numbered = column != SIZE_MAX && !row.values[column];
        if (attempt && numbered && !fits_with_number(f, &row, column, &known, err))
            return false;
        if (attempt && numbered && !known)
            continue;
        if (!insert_one(f, &row, &refusal, &guarded, err))
            return false;
        *taken = !refusal;
        f->made->refused = f->made->refused ? f->made->refused : refusal;
        if (!attempt && numbered && refusal && !fits_with_number(f, &row, column, &known, err))
            return false;
    }
    if (*taken)
        f->made->refused = NULL;
    return true;
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
        first = first ? first : refusal;
        *taken = !refusal && !guarded;
        f->made->guarded += guarded;
    }
    if (!*taken && first)
        f->made->refused = first;
    return true;
}

static bool fill_singly(Filling *f, size_t count, Error *err)
{
    for (size_t n = 0; n < count && f->barren < BARREN_MOST; n++) {
        bool taken;
        if (!(f->maker->trying ? try_row(f, &taken, err) : fill_row(f, n, &taken, err)))
            return false;
        f->barren = taken ? 0 : f->barren + 1;
        f->made->made += taken;
    }
    return true;
}

// --- all at once --------------------------------------------------------------

enum { ROWS_AT_ONCE = 500 }; // servers bound the length of a statement

// Puts in rows `first` to `end`, those that name the same columns by one statement. *refusal: the engine does not take one of them.
static bool insert_rows(Filling *f, size_t first, size_t end, const char **refusal, Error *err)
{
    Maker *maker = f->maker;
    size_t count = end - first;
    MadeRow *rows = arena_alloc(maker->arena, (count + 1) * sizeof(*rows));
    for (size_t n = 0; n < count; n++)
        row_make(maker, f->table, first + n, 0, &rows[n]);
    for (size_t from = 0, to; from < count && !*refusal; from = to) {
        for (to = from + 1; to < count && same_columns(f->table, &rows[from], &rows[to]);)
            to++;
        bool defaults = true; // a row of defaults alone takes a statement of its own
        for (size_t i = 0; i < f->table->count; i++)
            defaults &= rows[from].values[i] == NULL;
        to = defaults ? from + 1 : to;
        if (!ask_change(maker, insert_of(maker, f->table, &rows[from], to - from), refusal, err))
            return false;
    }
    return true;
}

// Puts in all rows, piece by piece; what a piece takes of memory is given back.
static bool insert_all(Filling *f, size_t count, const char **refusal, Error *err)
{
    Maker *maker = f->maker;
    bool ok = true;
    for (size_t from = 0; ok && from < count && !*refusal; from += ROWS_AT_ONCE) {
        maker->arena = arena_new();
        ok = insert_rows(f, from, count - from < ROWS_AT_ONCE ? count : from + ROWS_AT_ONCE, refusal, err);
        *refusal = arena_strdup(maker->kept, *refusal);
        arena_free(maker->arena);
        maker->arena = maker->kept;
    }
    return ok;
}

// Tries all rows at once within a savepoint. `*taken` is false, and nothing is kept, where the engine refuses
// one of them or an assertion of the revision forbids it.
static bool fill_together(Filling *f, size_t count, bool *taken, Error *err)
{
    Maker *maker = f->maker;
    Db *db = maker->db;
    const char *refusal = NULL;
    bool guarded = false;
    if (!db->driver->exec(db, outer_begin, err) || !insert_all(f, count, &refusal, err))
        return false;
    if (!refusal && maker->guards.count && !is_guarded(maker, f->table, &guarded, err))
        return false;
    *taken = !refusal && !guarded;
    return (*taken || db->driver->exec(db, outer_back, err)) && db->driver->exec(db, outer_end, err);
}

static bool take_number(void *payload, const Row *row, Error *err)
{
    const char *text = row_value(row, 0);
    (void)err;
    *(size_t *)payload = text ? strtoull(text, NULL, 10) : 0;
    return true;
}

// Does the trigger or the rule run for an INSERT? The event of a trigger is said before ON, that of a rule behind it.
static bool runs_on_insert(const Dialect *dialect, const Object *object)
{
    Lexer lexer;
    if (!object->definition)
        return true;
    lex_init(&lexer, (Text){ object->definition, strlen(object->definition) }, dialect->lex, false);
    bool behind_on = false;
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer)) {
        if (token_is(&token, "INSERT"))
            return true;
        if (behind_on)
            return false;
        behind_on = token_is(&token, "ON");
    }
    return false;
}

// The triggers and rules that may take a new row away; NULL: there are none.
static const char *takers_of(const Maker *maker, const Table *table)
{
    StrBuf out;
    strbuf_init(&out, maker->arena);
    VEC_EACH (Object *, it, &maker->schema->objects) {
        bool fits = (*it)->kind == OBJECT_TRIGGER || (*it)->kind == OBJECT_RULE;
        if (fits && same_text((*it)->schema, table->head.schema) &&
            same_text((*it)->table, table->head.name) && runs_on_insert(maker->dialect, *it))
            strbuf_printf(&out, "%s%s", out.length ? ", " : "", (*it)->name);
    }
    return out.length ? out.text : NULL;
}

// A trigger or a rule may take a row away, and the engine says nothing of it: the rows in the table are counted. Where there
// are several, nothing tells which of them it was.
static bool see_what_stayed(Maker *maker, const RowsTable *t, RowsMade *made, Error *err)
{
    const char *takers = takers_of(maker, t->table);
    const char *refusal;
    size_t now = 0;
    StrBuf query;
    if (!takers || !made->made || maker->trying)
        return true;
    strbuf_init(&query, maker->arena);
    strbuf_puts(&query, "SELECT count(*) FROM ");
    table_put_name(maker, &query, t->table);
    if (!ask_query(maker, query.text, take_number, &now, &refusal, err))
        return false;
    size_t stayed = now > t->there ? now - t->there : 0;
    if (refusal || stayed >= made->made)
        return true;
    made->refused = arena_printf(maker->arena, "%s take%s away %zu of %zu rows", takers,
                                 strstr(takers, ", ") ? "" : "s", made->made - stayed, made->made);
    made->made = stayed;
    return true;
}

static bool is_word_part(char c) { return c == '_' || isalnum((unsigned char)c); }

// As a word of its own: "id" is none of "revision_id".
static bool says_name(const char *words, const char *name)
{
    size_t n = name ? strlen(name) : 0;
    for (const char *at = n ? strstr(words, name) : NULL; at; at = strstr(at + 1, name))
        if ((at == words || !is_word_part(at[-1])) && !is_word_part(at[n]))
            return true;
    return false;
}

// Does the engine speak of the table, of one of its columns, or of a constraint or an index of it?
static bool is_about(const Table *table, const char *words)
{
    bool about = says_name(words, table->head.name);
    VEC_EACH (Column *, it, &table->columns)
        about |= says_name(words, (*it)->head.name);
    VEC_EACH (Constraint *, it, &table->constraints)
        about |= says_name(words, (*it)->head.name);
    VEC_EACH (Index *, it, &table->indexes)
        about |= says_name(words, (*it)->head.name);
    return about;
}

// What the engine refuses for a reason that lies in another table, or says in words of a script, is in the way of a trigger: of
// one of these.
static void blame_triggers(const Maker *maker, const Table *table, RowsMade *made)
{
    const char *takers = takers_of(maker, table);
    if (made->refused && takers && !is_about(table, made->refused))
        made->refused = arena_printf(maker->arena, "%s refuse%s: %s", takers, strstr(takers, ", ") ? "" : "s",
                                     made->refused);
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
    blame_triggers(maker, t->table, made);
    return see_what_stayed(maker, t, made, err);
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
    return ask_change(maker, out.text, &refusal, err);
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
