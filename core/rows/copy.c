#include "core/rows/copy.h"

#include <string.h>

#include "core/dialect/sql.h"
#include "core/rows/internal.h"

enum { ROUNDS = 40, IN_ONE_QUESTION = 200 };

typedef const char **CopiedRow; // the engine's text of each column; NULL where it is NULL

typedef struct CopiedTable {
    const Table *from, *to;
    const Column **columns; // of `from`, which `to` has too and takes values for
    const Column **targets;
    size_t count;
    VEC(CopiedRow) rows;
    VEC(const char *) seen; // each row as one text
    size_t followed;        // rows whose keys were followed
    bool *written;
} CopiedTable;

typedef struct Copying {
    Db *from, *to;
    const Schema *from_schema, *to_schema;
    Arena *arena;
    VEC(CopiedTable) tables;
    RowsCopied *out;
} Copying;

// --- what both have ------------------------------------------------------------

static void pair_columns(Arena *arena, CopiedTable *t)
{
    size_t size = (t->from->columns.count + 1) * sizeof(Column *);
    t->columns = arena_alloc(arena, size);
    t->targets = arena_alloc(arena, size);
    VEC_EACH (Column *, it, &t->from->columns) {
        const Column *target = table_column(t->to, (*it)->head.name);
        if (!target || target->generated)
            continue;
        t->columns[t->count] = *it;
        t->targets[t->count++] = target;
    }
}

static void pair_tables(Copying *c)
{
    VEC_EACH (Table *, it, &c->to_schema->tables) {
        const Table *from = schema_table(c->from_schema, (*it)->head.schema, (*it)->head.name);
        if (!from || (*it)->is_virtual || table_is_partition(*it) ||
            option_get(&(*it)->head.options, "server"))
            continue;
        CopiedTable t = { .from = from, .to = *it };
        pair_columns(c->arena, &t);
        if (t.count)
            *VEC_PUSH(c->arena, &c->tables) = t;
    }
}

static CopiedTable *table_of(Copying *c, const Table *from)
{
    VEC_EACH (CopiedTable, it, &c->tables)
        if (it->from == from)
            return it;
    return NULL;
}

// --- reading -------------------------------------------------------------------

typedef struct Reader {
    Copying *copying;
    CopiedTable *table;
} Reader;

static bool take_row(void *payload, const Row *row, Error *err)
{
    Reader *reader = payload;
    Arena *arena = reader->copying->arena;
    CopiedTable *t = reader->table;
    StrBuf whole;
    (void)err;
    strbuf_init(&whole, arena);
    CopiedRow values = arena_alloc(arena, (t->count + 1) * sizeof(*values));
    for (size_t i = 0; i < t->count; i++)
        values[i] = arena_strdup(arena, row_value(row, i));
    strbuf_put_list(&whole, values, t->count);
    VEC_EACH (const char *, it, &t->seen)
        if (strcmp(*it, whole.text) == 0)
            return true;
    *VEC_PUSH(arena, &t->seen) = whole.text;
    *VEC_PUSH(arena, &t->rows) = values;
    return true;
}

static void put_select(const Copying *c, const CopiedTable *t, StrBuf *out)
{
    const Dialect *dialect = c->from->dialect;
    for (size_t i = 0; i < t->count; i++) {
        StrBuf name;
        strbuf_init(&name, c->arena);
        dialect->put_identifier(&name, t->columns[i]->head.name);
        strbuf_puts(out, i ? ", " : "SELECT ");
        dialect->put_value_text(out, t->columns[i]->type, name.text);
    }
    sql(out, dialect, KW(" FROM"), QID(t->from->head.schema, t->from->head.name));
}

static bool read_sample(Copying *c, CopiedTable *t, size_t sample, Error *err)
{
    StrBuf query;
    Reader reader = { c, t };
    strbuf_init(&query, c->arena);
    put_select(c, t, &query);
    strbuf_printf(&query, " LIMIT %zu", sample);
    return db_query_in(c->from, SCOPE_SCRIPT, query.text, take_row, &reader, err);
}

static size_t column_index(const CopiedTable *t, const char *name)
{
    for (size_t i = 0; name && i < t->count; i++)
        if (strcmp(t->columns[i]->head.name, name) == 0)
            return i;
    return SIZE_MAX;
}

// "a = 'x' AND b = 'y'" of the referred table; false: the row refers to nothing.
static bool put_reference(const Copying *c, const CopiedTable *t, CopiedRow row, const Constraint *key,
                          const NameList *referred, StrBuf *out)
{
    size_t length = out->length;
    for (size_t i = 0; i < key->parts.count; i++) {
        size_t column = column_index(t, key->parts.items[i].column);
        bool nothing = column == SIZE_MAX || !row[column] || strcmp(row[column], "NULL") == 0;
        if (nothing) {
            out->text[out->length = length] = '\0';
            return false;
        }
        strbuf_puts(out, i ? " AND " : "(");
        c->from->dialect->put_identifier(out, referred->items[i]);
        strbuf_puts(out, " = ");
        c->from->dialect->put_value_again(out, t->columns[column]->type, row[column]);
    }
    strbuf_putc(out, ')');
    return true;
}

// Copies the rows that the rows of `t` refer to, many in one query. `followed` marks how far it came, so that
// a later call asks only for new rows.
static bool follow_key(Copying *c, const CopiedTable *t, const Constraint *key, Error *err)
{
    const Table *referred = table_referred(c->from_schema, key);
    CopiedTable *parent = referred ? table_of(c, referred) : NULL;
    NameList columns = key->referred_columns;
    const Constraint *primary = referred ? table_primary_key(referred) : NULL;
    for (size_t i = 0; !key->referred_columns.count && primary && i < primary->parts.count; i++)
        *VEC_PUSH(c->arena, &columns) = primary->parts.items[i].column;
    if (!parent || columns.count != key->parts.count)
        return true;
    for (size_t from = t->followed; from < t->rows.count; from += IN_ONE_QUESTION) {
        StrBuf query;
        Reader reader = { c, parent };
        strbuf_init(&query, c->arena);
        put_select(c, parent, &query);
        strbuf_puts(&query, " WHERE ");
        size_t some = 0;
        for (size_t i = from; i < t->rows.count && i < from + IN_ONE_QUESTION; i++) {
            size_t length = query.length;
            strbuf_puts(&query, some ? " OR " : "");
            if (put_reference(c, t, t->rows.items[i], key, &columns, &query))
                some++;
            else
                query.text[query.length = length] = '\0';
        }
        if (some && !db_query_in(c->from, SCOPE_SCRIPT, query.text, take_row, &reader, err))
            return false;
    }
    return true;
}

// Until no row refers to one that was not read.
static bool follow_all(Copying *c, Error *err)
{
    for (int round = 0; round < ROUNDS; round++) {
        bool more = false;
        for (size_t i = 0; i < c->tables.count; i++) {
            CopiedTable *t = &c->tables.items[i];
            size_t count = t->rows.count;
            for (size_t k = 0; count > t->followed && k < t->from->constraints.count; k++)
                if (t->from->constraints.items[k]->head.kind == OBJECT_FOREIGN_KEY &&
                    !follow_key(c, t, t->from->constraints.items[k], err))
                    return false;
            more |= count > t->followed;
            t->followed = count;
        }
        if (!more)
            break;
    }
    return true;
}

// --- writing -------------------------------------------------------------------

// INSERT of one copied row, with OVERRIDING where an identity ALWAYS must keep the value of its source.
static const char *insert_of(const Copying *c, const CopiedTable *t, CopiedRow row)
{
    const Dialect *dialect = c->to->dialect;
    StrBuf out;
    NameList names = { 0 };
    bool overrides = false;
    strbuf_init(&out, c->arena);
    for (size_t i = 0; i < t->count; i++) {
        *VEC_PUSH(c->arena, &names) = t->targets[i]->head.name;
        overrides |= t->targets[i]->identity == IDENTITY_ALWAYS;
    }
    sql(&out, dialect, KW("INSERT INTO"), QID(t->to->head.schema, t->to->head.name), KW("("));
    sql_names(&out, dialect, &names);
    strbuf_printf(&out, ")%s%s VALUES (", overrides ? " " : "", overrides ? dialect->overrides_identity : "");
    for (size_t i = 0; i < t->count; i++) {
        strbuf_puts(&out, i ? ", " : "");
        if (row[i])
            dialect->put_value_again(&out, t->columns[i]->type, row[i]);
        else
            strbuf_puts(&out, "NULL");
    }
    strbuf_putc(&out, ')');
    return out.text;
}

// Those that are refused are tried again when more rows are there: of tables that refer to each other no order is right.
static bool write_rows(Copying *c, Maker *maker, bool *progress, Error *err)
{
    *progress = false;
    c->out->refused = 0;
    VEC_EACH (CopiedTable, t, &c->tables)
        for (size_t i = 0; i < t->rows.count; i++) {
            const char *refusal;
            if (t->written[i])
                continue;
            if (!ask_exec(maker, insert_of(c, t, t->rows.items[i]), &refusal, err))
                return false;
            t->written[i] = !refusal;
            *progress |= !refusal;
            c->out->rows += !refusal;
            c->out->refused += refusal != NULL;
            if (refusal)
                c->out->refusal = refusal;
        }
    return true;
}

static bool write_all(Copying *c, Error *err)
{
    Maker maker = {
        .db = c->to, .kept = c->arena, .arena = c->arena, .dialect = c->to->dialect, .schema = c->to_schema
    };
    Error ignored;
    bool ok = true, progress = true;
    if (!c->to->driver->begin(c->to, err))
        return false;
    VEC_EACH (CopiedTable, t, &c->tables)
        t->written = arena_alloc(c->arena, t->rows.count + 1);
    while (ok && progress)
        ok = write_rows(c, &maker, &progress, err);
    if (ok)
        return c->to->driver->commit(c->to, err);
    (void)c->to->driver->rollback(c->to, &ignored);
    return false;
}

bool rows_copy(Db *from, const Schema *from_schema, Db *to, const Schema *to_schema, Arena *arena,
               size_t sample, RowsCopied *out, Error *err)
{
    Copying c = {
        .from = from, .to = to, .from_schema = from_schema, .to_schema = to_schema, .arena = arena, .out = out
    };
    *out = (RowsCopied){ 0 };
    pair_tables(&c);
    for (size_t i = 0; i < c.tables.count; i++)
        if (!read_sample(&c, &c.tables.items[i], sample, err))
            return false;
    if (!follow_all(&c, err))
        return false;
    out->tables = c.tables.count;
    return write_all(&c, err);
}
