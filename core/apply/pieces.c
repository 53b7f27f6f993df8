#include "core/apply/pieces.h"

#include <string.h>
#include <strings.h>

// A statement on its way through its rows.
typedef struct Walk {
    Attempt *attempt;
    const Item *item;
    const ScriptBatch *batch;
    PieceShape shape;
    ColumnList key;
    PieceMark mark;
    double since;
} Walk;

// ---- What the key is

static bool refuse(const Walk *walk, Error *err, const char *what)
{
    error_at(err, ERR_REVISION, walk->batch->at, "%s", what);
    return error_hint(
        err, "Name the columns of a primary key, or of a unique index or constraint, in their order.");
}

// By its name; where that is written without quotes, whatever the case of its letters, for engines fold that.
static const Table *find_table(const Walk *walk, const Schema *schema)
{
    const char *in = walk->shape.schema, *name = walk->shape.table;
    const Table *found = NULL;
    VEC_EACH (Table *, it, &schema->tables) {
        const Object *head = &(*it)->head;
        const char *place = head->schema ? head->schema : schema->server.default_schema;
        bool here = in ? !place || strcasecmp(place, in) == 0 : true;
        if (here && (strcmp(head->name, name) == 0 || (!found && strcasecmp(head->name, name) == 0)))
            if (!found || !head->schema || strcmp(found->head.name, name) != 0)
                found = *it;
    }
    return found;
}

static bool parts_are(const PartList *parts, const ColumnList *key)
{
    bool same = parts->count == key->count;
    for (size_t i = 0; same && i < key->count; i++)
        same = parts->items[i].column && !parts->items[i].length &&
               strcmp(parts->items[i].column, key->items[i]->head.name) == 0;
    return same;
}

static bool is_unique(const Table *table, const ColumnList *key)
{
    size_t at = 0;
    for (const PartList *parts; (parts = table_next_key(table, &at));)
        if (parts_are(parts, key))
            return true;
    return false;
}

static bool find_columns(Walk *walk, const Table *table, Error *err)
{
    Arena *arena = walk->attempt->arena;
    VEC_EACH (const char *, name, &walk->batch->key) {
        Column *found = NULL;
        VEC_EACH (Column *, it, &table->columns)
            if (strcmp((*it)->head.name, *name) == 0 || (!found && strcasecmp((*it)->head.name, *name) == 0))
                found = *it;
        if (!found)
            return refuse(walk, err,
                          arena_printf(arena, "table %s has no column '%s'", walk->shape.table, *name));
        if (!batch_makes_ranges(found))
            return refuse(
                walk, err,
                arena_printf(arena, "the values of column %s are in no order that makes ranges", *name));
        *VEC_PUSH(arena, &walk->key) = found;
    }
    return is_unique(table, &walk->key) ||
           refuse(walk, err,
                  arena_printf(arena, "no primary key or unique index of table %s has just these columns",
                               walk->shape.table));
}

// ---- SQL of ranges

static void put_key(StrBuf *out, const Walk *walk, size_t i, bool in_statement)
{
    if (in_statement) {
        strbuf_put(out, walk->shape.name.p, walk->shape.name.n);
        strbuf_putc(out, '.');
    }
    walk->attempt->run->dialect->put_identifier(out, walk->key.items[i]->head.name);
}

// (a, b) beyond or up to some values, in a form that every engine finds by its index: a >= 1 AND (a > 1 OR b > 2).
static void put_bound(StrBuf *out, const Walk *walk, const NameList *values, bool beyond, bool in_statement,
                      size_t i)
{
    bool last = i + 1 == walk->key.count;
    const char *strict = beyond ? ">" : "<", *loose = beyond ? ">=" : "<=";
    put_key(out, walk, i, in_statement);
    strbuf_printf(out, " %s %s", last && beyond ? strict : loose, values->items[i]);
    if (last)
        return;
    strbuf_puts(out, " AND (");
    put_key(out, walk, i, in_statement);
    strbuf_printf(out, " %s %s OR ", strict, values->items[i]);
    put_bound(out, walk, values, beyond, in_statement, i + 1);
    strbuf_putc(out, ')');
}

// After the last piece, up to `upper`.
static const char *range(const Walk *walk, const NameList *upper, bool in_statement)
{
    StrBuf out;
    strbuf_init(&out, walk->attempt->arena);
    if (!upper->count)
        return "1 = 0";
    if (walk->mark.last.count) {
        put_bound(&out, walk, &walk->mark.last, true, in_statement, 0);
        strbuf_puts(&out, " AND ");
    }
    put_bound(&out, walk, upper, false, in_statement, 0);
    return out.text;
}

typedef struct Values {
    Arena *arena;
    NameList *out;
} Values;

static bool take_values(void *payload, const Row *row, Error *err)
{
    (void)err;
    Values *values = payload;
    values->out->count = 0;
    for (size_t i = 0; i < row->count; i++)
        *VEC_PUSH(values->arena, values->out) =
            arena_strndup(values->arena, row->values[i] ? row->values[i] : "NULL",
                          !row->values[i] ? 4
                          : row->lengths  ? row->lengths[i]
                                          : strlen(row->values[i]));
    return true;
}

// The key of one row as SQL: of the first one of an order, or of one that so many rows come before. No row: no values.
static bool ask_key(const Walk *walk, const char *where, bool descending, unsigned long offset, NameList *out,
                    Error *err)
{
    const Run *run = walk->attempt->run;
    StrBuf sql, order, name;
    strbuf_init(&sql, walk->attempt->arena);
    strbuf_init(&order, walk->attempt->arena);
    strbuf_puts(&sql, "SELECT ");
    for (size_t i = 0; i < walk->key.count; i++) {
        strbuf_init(&name, walk->attempt->arena);
        put_key(&name, walk, i, false);
        strbuf_puts(&sql, i ? ", " : "");
        run->dialect->rows->put_as_literal(&sql, walk->key.items[i], name.text);
        strbuf_printf(&order, "%s%s%s", i ? ", " : "", name.text, descending ? " DESC" : "");
    }
    strbuf_puts(&sql, " FROM ");
    strbuf_put(&sql, walk->shape.source.p, walk->shape.source.n);
    strbuf_printf(&sql, "%s%s ORDER BY %s LIMIT 1 OFFSET %lu", where ? " WHERE " : "", where ? where : "",
                  order.text, offset);
    Values values = { walk->attempt->arena, out };
    return db_query_in(run->db, SCOPE_SCRIPT, sql.text, take_values, &values, err);
}

// A row whose key is NULL is in no range.
static bool no_nulls(const Walk *walk, Error *err)
{
    StrBuf where;
    NameList found = { 0 };
    strbuf_init(&where, walk->attempt->arena);
    for (size_t i = 0; i < walk->key.count; i++) {
        if (!walk->key.items[i]->nullable)
            continue;
        strbuf_puts(&where, where.length ? " OR " : "");
        put_key(&where, walk, i, false);
        strbuf_puts(&where, " IS NULL");
    }
    if (where.length && !ask_key(walk, where.text, false, 0, &found, err))
        return false;
    return !found.count ||
           refuse(walk, err, "a row has NULL in the key of the batch, and would be in no piece");
}

// ---- The walk

// Looks at the statement and the table. What a run before this one has done of it is in attempt->mark.
static bool open_walk(Attempt *attempt, const Item *item, Walk *out, Error *err)
{
    Run *run = attempt->run;
    const ScriptBatch *batch = item->statement->batch;
    const Filter filter = { .default_schema = run->db->server.default_schema };
    const size_t number = (size_t)(item - attempt->items.items) + 1;
    Schema schema = { 0 };
    *out = (Walk){ .attempt = attempt, .item = item, .batch = batch, .since = now_ms() };
    if (!batch_cut(attempt->arena, batch, item_text(item), item->statement->at, run->dialect->lex,
                   &out->shape, err) ||
        !run->db->driver->introspect(run->db, attempt->arena, &filter, &schema, err))
        return false;
    const Table *table = find_table(out, &schema);
    if (!table)
        return refuse(
            out, err,
            arena_printf(attempt->arena, "there is no table %s to run by in pieces", out->shape.table));
    if (!find_columns(out, table, err) || !no_nulls(out, err))
        return false;
    out->mark = (PieceMark){ .statement = number, .key = batch->key };
    if (attempt->mark && attempt->mark->statement == number)
        out->mark = *attempt->mark;
    return out->mark.last.count || ask_key(out, NULL, true, 0, &out->mark.end, err);
}

// One piece, in the transaction that is open. `*next`: how far the statement has come then; *last: no row is left behind it.
static bool run_piece(const Walk *walk, PieceMark *next, bool *last, Error *err)
{
    Attempt *attempt = walk->attempt;
    NameList upper = { 0 };
    StrBuf sql;
    strbuf_init(&sql, attempt->arena);
    if (walk->mark.end.count &&
        !ask_key(walk, range(walk, &walk->mark.end, false), false, walk->batch->rows - 1, &upper, err))
        return false;
    *last = !upper.count || names_equal(&upper, &walk->mark.end);
    if (*last)
        upper = walk->mark.end;
    batch_put(&sql, &walk->shape, range(walk, &upper, true));
    *next = walk->mark;
    next->last = upper;
    next->pieces++;
    bool ok = fault_point("statement", err) && db_exec_in(attempt->run->db, SCOPE_SCRIPT, sql.text, err);
    if (!ok && err)
        err->position = 0; // of what was sent, which is no text of the file
    return ok;
}

static void tell_progress(const Walk *walk)
{
    const ConnectOptions *options = &walk->attempt->run->db->options;
    if (options->progress)
        options->progress(options->payload,
                          arena_printf(walk->attempt->arena, "%lu pieces of %lu rows are done",
                                       walk->mark.pieces, walk->batch->rows),
                          (now_ms() - walk->since) / 1000, -1);
}

static void tell_done(const Walk *walk)
{
    const ApplyEvents *events = walk->attempt->run->request->events;
    if (events && events->statement)
        events->statement(events->payload, walk->item->statement, now_ms() - walk->since);
}

// One after the other, where one transaction holds them all anyway.
bool pieces_run(Attempt *attempt, const Item *item, Error *err)
{
    const ApplyEvents *events = attempt->run->request->events;
    Walk walk;
    bool last = false;
    if (events && events->warns && attempt->tries < 2)
        events->warns(
            events->payload,
            arena_printf(attempt->arena,
                         "statement %zu of %s runs in pieces, but they commit together, with the "
                         "transaction of their section: put it under `-- cmigrate: %s no-transaction`",
                         (size_t)(item - attempt->items.items) + 1, attempt->move->revision->id,
                         attempt->direction));
    if (!open_walk(attempt, item, &walk, err))
        return false;
    while (!last) {
        PieceMark next;
        if (!was_interrupted(attempt->run, err) || !run_piece(&walk, &next, &last, err))
            return false;
        walk.mark = next;
        tell_progress(&walk);
    }
    tell_done(&walk);
    return true;
}

static bool is_atomic(const Walk *walk, Error *err)
{
    bool atomic = true;
    const char *stays = NULL;
    if (!item_is_atomic(walk->attempt->run->db, walk->item, &atomic, &stays, err))
        return false;
    if (atomic)
        return true;
    error_at(err, ERR_REVISION, walk->batch->at,
             "a piece of the batch could stay half done: what it changes is no part of a transaction%s%s",
             stays ? ", by " : "", stays ? stays : "");
    return error_hint(err, "Run the statement at once, without batch.");
}

// The last piece commits together with the note that the statement is done, the others with how far they came.
static bool commit_piece(Attempt *attempt, const Walk *walk, const PieceMark *next, bool last, Error *err)
{
    PieceMark *kept = ARENA_NEW(attempt->arena, PieceMark);
    *kept = *next;
    if (last)
        item_is_done(attempt, walk->item);
    if (!pieces_write(attempt, last ? NULL : kept, err) || (last && !attempt_note(attempt, err)))
        return false;
    attempt->in_pieces = walk->item;
    if (!attempt_commit(attempt, err))
        return false;
    attempt->mark = last ? NULL : kept;
    attempt->tries = 1;
    attempt->gave_up_since = 0;
    return true;
}

bool pieces_run_noted(Attempt *attempt, const Item *item, Error *err)
{
    Walk walk;
    bool last = false;
    if (!open_walk(attempt, item, &walk, err) || !is_atomic(&walk, err))
        return false;
    while (!last) {
        PieceMark next;
        if (!was_interrupted(attempt->run, err) || !attempt_begin(attempt, err) ||
            !run_piece(&walk, &next, &last, err) || !commit_piece(attempt, &walk, &next, last, err))
            return false;
        walk.mark = next;
        tell_progress(&walk);
    }
    tell_done(&walk);
    return true;
}

bool pieces_begun(const Attempt *attempt, const Item *item)
{
    return attempt->in_pieces == item ||
           (attempt->mark && item->statement->batch &&
            attempt->mark->statement == (size_t)(item - attempt->items.items) + 1);
}

bool pieces_check(Attempt *attempt, Error *err)
{
    const Section *section = NULL;
    bool open = false;
    VEC_EACH (Item, item, &attempt->items) {
        open = open && item->section == section;
        section = item->section;
        if (item->control)
            open = item->begins;
        if (!open || !item->statement->batch)
            continue;
        error_at(err, ERR_SCRIPT, item->statement->batch->at,
                 "the pieces of a batch are committed one by one, and the script has begun a transaction");
        return error_hint(err, "End it above this statement, or run the statement at once, without batch.");
    }
    return true;
}
