// One row: which value each column gets. The first attempt has the edges that its number asks for; later ones are plainer, and
// try other values for what the engine may have refused.
#include <string.h>

#include "core/rows/internal.h"

typedef struct Making {
    Maker *maker;
    const RowsTable *table;
    size_t n; // of the row, beside those that are there
    size_t attempt;
    ValueEdge edge;
    bool least; // only what must be said
    MadeRow *out;
} Making;

// Rows 0 to 3 are: only what must be said, the upper edge, the lower edge, awkward texts. Where there are rows already, only
// columns that are in no key get edges: their values are there.
static void choose_form(Making *m)
{
    static const ValueEdge edges[] = { EDGE_PLAIN, EDGE_UPPER, EDGE_LOWER, EDGE_AWKWARD };
    bool plain = m->attempt > 0 || m->maker->trying;
    m->least = !m->maker->trying && (m->n == 0 ? m->attempt == 0 : m->attempt == 2);
    m->edge = !plain && m->n < COUNT_OF(edges) ? edges[m->n] : EDGE_PLAIN;
}

// Its part of the mixed radix. Each digit is turned by those before it, so that the first rows do not all share the last ones;
// numbers that are distinct stay so, since where all digits before one are the same they turn it alike.
static size_t digit_of(const Making *m, size_t digit)
{
    const RowsTable *t = m->table;
    size_t n = t->there + m->n + m->attempt, turn = 0, value = 0;
    for (size_t i = 0; i < digit; i++) {
        size_t size = t->radix.items[i], own = n % size;
        value = (own + turn) % size;
        turn += own;
        n /= size;
    }
    return value;
}

static uint64_t chance(const Making *m, size_t column)
{
    return value_hash(m->table->hash + m->n * 31 + m->attempt * 7919 + m->table->there * 131,
                      m->table->columns[column].column->head.name);
}

static size_t number_of(const Making *m)
{
    // an attempt takes numbers that no other row has: after all that are wanted
    return m->table->there + m->n +
           (m->attempt ? (m->maker->wanted + 1) * (m->attempt < 6 ? m->attempt : 6) : 0);
}

// The value that its number makes distinct. One row more for a table in which attempts have used numbers up too: after those,
// where the type has so many.
static const char *numbered_value(const Making *m, const RowColumn *c)
{
    Arena *arena = m->maker->arena;
    const Dialect *dialect = m->maker->dialect;
    // where a check wants small ones, later attempts have them
    uint64_t behind = c->type.kind == TAKES_INTEGER && m->attempt < 2 ? c->taken : 0;
    if (m->maker->trying)
        behind += m->table->there * 8 + 8;
    const char *far = behind ? value_key(arena, dialect, &c->type, behind + number_of(m)) : NULL;
    return far ? far : value_key(arena, dialect, &c->type, number_of(m));
}

static const char *plain_value(const Making *m, const RowColumn *c, size_t column)
{
    Arena *arena = m->maker->arena;
    const Dialect *dialect = m->maker->dialect;
    uint64_t start = m->table->hash % 7 + column; // so that columns of a type do not have the same values
    const char *edge = m->edge != EDGE_PLAIN ? value_edge(arena, dialect, &c->type, m->edge) : NULL;
    if (edge)
        return edge;
    if (c->type.kind == TAKES_LIST)
        return value_plain(arena, dialect, &c->type, m->n + m->attempt);
    return value_plain(arena, dialect, &c->type, m->attempt < 2 ? start + m->n : chance(m, column));
}

// A value that a person named comes before one that a trigger looks for, and this before the numbers of keys; all others are plain.
static const char *value_for(const Making *m, size_t column)
{
    const RowColumn *c = &m->table->columns[column];
    Arena *arena = m->maker->arena;
    const Dialect *dialect = m->maker->dialect;
    if (c->own && c->own->count)
        return c->own->items[(c->digit ? digit_of(m, c->digit) : m->n) % c->own->count];
    size_t word = c->optional ? m->n - 1 : m->n; // the first row does without what it can
    if (!m->table->there && !m->attempt && !c->digit && word < c->looked_up.count)
        return c->looked_up.items[word];
    if (c->digit)
        return value_key(arena, dialect, &c->type, digit_of(m, c->digit));
    if (c->numbered) {
        const char *edge = m->edge != EDGE_PLAIN && !m->table->there && !c->excluded && !c->explicit_key &&
                                   c->type.kind == TAKES_TEXT
                               ? value_edge(arena, dialect, &c->type, m->edge)
                               : NULL;
        return edge ? edge : numbered_value(m, c);
    }
    // every third plain value that need not be there is not
    if (c->column->nullable && m->edge == EDGE_PLAIN && !m->maker->trying && m->n > 3 &&
        chance(m, column) % 5 == 0)
        return "NULL";
    return plain_value(m, c, column);
}

static void set_columns(const Making *m)
{
    for (size_t i = 0; i < m->table->count; i++) {
        const RowColumn *c = &m->table->columns[i];
        bool said = c->explicit_key || (c->by_default && m->attempt >= 2) ||
                    !(c->left_out || (m->least && c->optional && !c->numbered && !c->digit));
        m->out->values[i] = said ? value_for(m, i) : NULL;
    }
}

// A number that the engine gives may be none that a check takes: later attempts say one.
static bool is_said(const Making *m, size_t column)
{
    const RowColumn *c = &m->table->columns[column];
    return !c->left_out || c->explicit_key || (m->attempt > 1 && !c->column->generated && !m->maker->trying);
}

// Columns that checks put in relation: together, one of those that all of them take.
static void set_groups(const Making *m)
{
    VEC_EACH (const CheckGroup, group, &m->table->groups) {
        bool numbered = false, needed = m->attempt > 0 || !m->least;
        for (size_t i = 0; i < group->count; i++) {
            numbered |= m->table->columns[group->columns[i]].numbered;
            needed |= !m->table->columns[group->columns[i]].optional;
        }
        if (!group->taken.count || !needed)
            continue;
        size_t pick = numbered || !m->attempt ? m->n + (numbered ? m->table->there : 0) + m->attempt
                                              : m->n + m->attempt * 7;
        const char **tuple = group->taken.items[pick % group->taken.count];
        for (size_t i = 0; i < group->count; i++)
            if (is_said(m, group->columns[i]))
                m->out->values[group->columns[i]] = tuple[i];
    }
}

static bool agrees(const Making *m, const RowsKey *key, const char *const *pooled, const bool *fixed)
{
    for (size_t i = 0; i < key->count; i++) {
        size_t column = key->columns[i];
        if (fixed[column] && !same_text(m->out->values[column], pooled[i]))
            return false;
    }
    return true;
}

// A row of the referred table whose values agree with those that another key has set already.
static const char **find_row(const Making *m, const RowsKey *key, const bool *fixed)
{
    size_t from = key->digit ? digit_of(m, key->digit) : m->n + m->attempt + m->table->hash % 3;
    for (size_t i = 0; i < key->pool.count; i++) {
        const char **row = key->pool.items[(from + i) % key->pool.count];
        if (agrees(m, key, row, fixed))
            return row;
    }
    return NULL;
}

// Fills the columns of a foreign key from a row of the referred table. A column that an earlier key has fixed
// keeps its value; where the table must refer to itself, a row refers to itself.
static void set_key(const Making *m, const RowsKey *key, bool *fixed)
{
    // A key of one column that a check speaks of has got its value from there.
    const RowColumn *first = &m->table->columns[key->columns[0]];
    if (key->count == 1 && first->group && m->table->groups.items[first->group - 1].asked)
        return;
    const char **row = key->later ? NULL : find_row(m, key, fixed);
    bool left = m->least && key->nullable && !key->digit && !m->maker->trying;
    for (size_t i = 0; i < key->count; i++) {
        size_t column = key->columns[i];
        const RowColumn *c = &m->table->columns[column];
        if (fixed[column])
            continue;
        if (row && !left) {
            m->out->values[column] = row[i];
            fixed[column] = true;
        } else if (key->itself && !key->nullable && i == 0 && c->column) {
            for (size_t k = 0; k < m->table->count; k++)
                if (m->table->columns[k].explicit_key || (m->table->columns[k].numbered && k != column))
                    m->out->values[column] = m->out->values[k];
        } else if (c->column->nullable) {
            m->out->values[column] = "NULL";
        }
    }
}

void row_make(Maker *maker, const RowsTable *t, size_t n, size_t attempt, MadeRow *out)
{
    Making m = { .maker = maker, .table = t, .n = n, .attempt = attempt, .out = out };
    bool *fixed = arena_alloc(maker->arena, t->count + 1);
    out->values = arena_alloc(maker->arena, (t->count + 1) * sizeof(*out->values));
    choose_form(&m);
    set_columns(&m);
    set_groups(&m);
    VEC_EACH (const RowsKey, key, &t->keys)
        set_key(&m, key, fixed);
}
