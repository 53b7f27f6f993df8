// One column: its name, its type of any number of words, and its constraints in any order.
#include "drivers/sqlite/ddl/internal.h"

#include <string.h>
#include <strings.h>

typedef struct ColumnReader {
    Ddl *ddl;
    Table *table;
    Column *column;
    Constraint *key;       // the last REFERENCES: a DEFERRABLE may follow it later
    const char *name;      // the CONSTRAINT name that waits for its clause; NULL: none
    const char *name_from; // where that CONSTRAINT stands
    const char *name_to;
    StrBuf clauses; // what has no meaning, kept as it appears
    StrBuf lonely;  // names without a clause
} ColumnReader;

static bool ends_type(const Ddl *ddl)
{
    static const char *const words[] = { "CONSTRAINT", "PRIMARY", "NOT",        "NULL", "UNIQUE",     "CHECK",
                                         "DEFAULT",    "COLLATE", "REFERENCES", "AS",   "DEFERRABLE", "ON" };
    if (ddl->now.kind != TOKEN_WORD)
        return !ddl_is_name(&ddl->now);
    if (ddl_at(ddl, "GENERATED") && token_is(&ddl->next, "ALWAYS")) {
        Lexer ahead = ddl->lexer;
        Token third = lex_next(&ahead);
        return token_is(&third, "AS"); // else they are words of the type
    }
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (ddl_at(ddl, words[i]))
            return true;
    return false;
}

// Words by one space, "(10, 2)" as everybody writes it: the spelling is the type's, the spaces are not.
static bool read_spread_type(Ddl *ddl, const char **out)
{
    StrBuf type;
    strbuf_init(&type, ddl->arena);
    for (; !ends_type(ddl); ddl_step(ddl)) {
        if (type.length)
            strbuf_putc(&type, ' ');
        strbuf_put(&type, ddl->now.text.p, ddl->now.text.n);
    }
    if (type.length && ddl_take(ddl, "(")) {
        strbuf_putc(&type, '(');
        for (; !ddl_at(ddl, ")"); ddl_step(ddl)) {
            if (ddl->now.kind == TOKEN_END || ddl->now.kind == TOKEN_BAD || ddl_at(ddl, "("))
                return ddl_unexpected(ddl, ")");
            strbuf_put(&type, ddl->now.text.p, ddl->now.text.n);
            if (ddl_at(ddl, ",") || (ddl_is_name(&ddl->now) && ddl_is_name(&ddl->next)))
                strbuf_putc(&type, ' ');
        }
        strbuf_putc(&type, ')');
        ddl_step(ddl);
    }
    *out = type.text;
    return true;
}

// Most types are one word, or one word and one number.
static bool read_type(Ddl *ddl, const char **out)
{
    if (ends_type(ddl)) {
        *out = "";
        return true;
    }
    Ddl start = *ddl;
    const char *from = ddl->now.text.p;
    ddl_step(ddl);
    if (ddl_at(ddl, "(") && ddl->next.kind == TOKEN_NUMBER) {
        ddl_step(ddl);
        ddl_step(ddl);
        if (ddl_take(ddl, ")")) {
            size_t n = (size_t)(ddl->behind - from);
            if (!memchr(from, ' ', n) && !memchr(from, '\n', n) && !memchr(from, '\t', n) &&
                !memchr(from, '-', n) && !memchr(from, '/', n)) {
                *out = arena_strndup(ddl->arena, from, n);
                return true;
            }
        }
    } else if (!ddl_at(ddl, "(") && ends_type(ddl)) {
        *out = arena_strndup(ddl->arena, from, (size_t)(ddl->behind - from));
        return true;
    }
    *ddl = start;
    return read_spread_type(ddl, out);
}

// The waiting name goes to an option of the column, or away.
static void give_name(ColumnReader *r, const char *option)
{
    if (r->name && option)
        option_set(r->ddl->arena, &r->column->head.options, option, r->name);
    r->name = NULL;
}

static void begin_clause(ColumnReader *r, StrBuf *clauses)
{
    if (!clauses->arena)
        strbuf_init(clauses, r->ddl->arena);
    if (clauses->length)
        strbuf_putc(clauses, ' ');
}

// A CONSTRAINT name without a clause: it means nothing, and would name what follows it.
static void keep_lonely_name(ColumnReader *r)
{
    if (!r->name)
        return;
    begin_clause(r, &r->lonely);
    strbuf_put(&r->lonely, r->name_from, (size_t)(r->name_to - r->name_from));
    r->name = NULL;
}

// Keeps the text from `from` to here, with the CONSTRAINT name before it.
static void keep_clause(ColumnReader *r, const char *from)
{
    if (r->name)
        from = r->name_from;
    begin_clause(r, &r->clauses);
    strbuf_put(&r->clauses, from, (size_t)(r->ddl->behind - from));
    r->name = NULL;
}

static bool read_not_null(ColumnReader *r)
{
    r->column->nullable = false;
    give_name(r, "not_null_name");
    return ddl_conflict(r->ddl, &r->column->head.options, "not_null_on_conflict");
}

static bool read_null(ColumnReader *r, const char *from)
{
    bool conflict = ddl_at(r->ddl, "ON") && token_is(&r->ddl->next, "CONFLICT");
    if (!ddl_conflict(r->ddl, NULL, ""))
        return false;
    if (conflict || r->name)
        keep_clause(r, from);
    return true;
}

static bool read_default(ColumnReader *r)
{
    Ddl *ddl = r->ddl;
    const char *from = ddl->now.text.p, *inside;
    give_name(r, "default_name");
    if (ddl_at(ddl, "(")) {
        if (!ddl_parenthesised(ddl, &inside))
            return false;
    } else {
        if (ddl_at(ddl, "-") || ddl_at(ddl, "+"))
            ddl_step(ddl);
        if (ddl->now.kind == TOKEN_END || ddl->now.kind == TOKEN_BAD || ddl->now.kind == TOKEN_SYMBOL)
            return ddl_unexpected(ddl, "a default");
        ddl_step(ddl);
    }
    r->column->default_sql = arena_strndup(ddl->arena, from, (size_t)(ddl->behind - from));
    return true;
}

static Constraint *add_constraint(ColumnReader *r, ObjectKind kind)
{
    Constraint *constraint = constraint_new(r->ddl->arena, r->table, kind, r->name);
    r->name = NULL;
    *VEC_PUSH(r->ddl->arena, &r->table->constraints) = constraint;
    if (kind != OBJECT_CHECK)
        VEC_PUSH(r->ddl->arena, &constraint->parts)->column = r->column->head.name;
    return constraint;
}

static bool read_primary_key(ColumnReader *r)
{
    Constraint *key = add_constraint(r, OBJECT_PRIMARY_KEY);
    if (ddl_take(r->ddl, "DESC")) {
        key->parts.items[0].descending = true;
        option_set(r->ddl->arena, &key->head.options, "inline", "true");
    } else {
        (void)ddl_take(r->ddl, "ASC");
    }
    if (!ddl_conflict(r->ddl, &key->head.options, "on_conflict"))
        return false;
    r->column->autoincrement = ddl_take(r->ddl, "AUTOINCREMENT");
    return true;
}

static bool read_check(ColumnReader *r)
{
    Constraint *check = add_constraint(r, OBJECT_CHECK);
    check->column = r->column->head.name;
    return ddl_parenthesised(r->ddl, &check->expression) &&
           ddl_conflict(r->ddl, &check->head.options, "on_conflict");
}

static bool read_collate(ColumnReader *r)
{
    if (r->column->collation) { // the last one counts
        const char *name = option_get(&r->column->head.options, "collate_name");
        begin_clause(r, &r->clauses);
        if (name) {
            strbuf_puts(&r->clauses, "CONSTRAINT ");
            sqlite_dialect.put_identifier(&r->clauses, name);
            strbuf_putc(&r->clauses, ' ');
            option_set(r->ddl->arena, &r->column->head.options, "collate_name", NULL);
        }
        strbuf_puts(&r->clauses, "COLLATE ");
        sqlite_dialect.put_identifier(&r->clauses, r->column->collation);
    }
    give_name(r, "collate_name");
    return ddl_name(r->ddl, &r->column->collation);
}

static bool read_generated(ColumnReader *r)
{
    give_name(r, "generated_name");
    if (!ddl_parenthesised(r->ddl, &r->column->generated))
        return false;
    r->column->stored = ddl_take(r->ddl, "STORED");
    if (!r->column->stored)
        (void)ddl_take(r->ddl, "VIRTUAL");
    return true;
}

static bool read_references(ColumnReader *r)
{
    r->key = add_constraint(r, OBJECT_FOREIGN_KEY);
    r->key->column = r->column->head.name;
    return ddl_references(r->ddl, r->key);
}

static bool read_name(ColumnReader *r, const char *from)
{
    keep_lonely_name(r);
    r->name_from = from;
    if (!ddl_name(r->ddl, &r->name))
        return false;
    r->name_to = r->ddl->behind;
    return true;
}

// *more is false where no constraint begins.
static bool read_constraint(ColumnReader *r, bool *more)
{
    Ddl *ddl = r->ddl;
    const char *from = ddl->now.text.p;
    if (ddl_take(ddl, "CONSTRAINT"))
        return read_name(r, from);
    if (ddl_take_two(ddl, "NOT", "NULL"))
        return read_not_null(r);
    if (ddl_take(ddl, "NULL"))
        return read_null(r, from);
    if (ddl_take(ddl, "DEFAULT"))
        return read_default(r);
    if (ddl_take_two(ddl, "PRIMARY", "KEY"))
        return read_primary_key(r);
    if (ddl_take(ddl, "UNIQUE"))
        return ddl_conflict(ddl, &add_constraint(r, OBJECT_UNIQUE)->head.options, "on_conflict");
    if (ddl_take(ddl, "CHECK"))
        return read_check(r);
    if (ddl_take(ddl, "COLLATE"))
        return read_collate(r);
    if (ddl_take(ddl, "REFERENCES"))
        return read_references(r);
    if (ddl_take_two(ddl, "GENERATED", "ALWAYS"))
        return ddl_expect(ddl, "AS") && read_generated(r);
    if (ddl_take(ddl, "AS"))
        return read_generated(r);
    Constraint none = { 0 };
    *more = ddl_deferral(ddl, r->key ? r->key : &none);
    if (*more && !r->key)
        keep_clause(r, from);
    return true;
}

bool ddl_column(Ddl *ddl, Table *table)
{
    const char *name;
    if (!ddl_name(ddl, &name))
        return false;
    ColumnReader reader = { .ddl = ddl, .table = table, .column = column_new(ddl->arena, table, name) };
    *VEC_PUSH(ddl->arena, &table->columns) = reader.column;
    if (!read_type(ddl, &reader.column->type))
        return false;
    for (bool more = true; more;)
        if (!read_constraint(&reader, &more))
            return false;
    if (reader.clauses.length)
        option_set(ddl->arena, &reader.column->head.options, "clauses", reader.clauses.text);
    keep_lonely_name(&reader);
    if (reader.lonely.length)
        option_set(ddl->arena, &reader.column->head.options, "lonely_names", reader.lonely.text);
    return true;
}
