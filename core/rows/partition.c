// Values that fall into the partitions of a table, taken from the texts of their bounds: a row for each of them in turn.
#include <stdlib.h>
#include <string.h>

#include "core/rows/internal.h"

static bool is_literal(const Token *token)
{
    return token->kind == TOKEN_STRING || token->kind == TOKEN_NUMBER;
}

// The values of a bound: all that IN names, or what FROM names; else (MINVALUE) what TO names, less one where it is a number.
typedef struct Bound {
    NameList in, from, to;
} Bound;

// Takes the literals out of FOR VALUES IN, FROM and TO. Other expressions are left out: they are not computed
// here.
static void read_bound(Maker *maker, const char *text, Bound *out)
{
    NameList *list = NULL;
    Lexer lexer;
    Token before = { 0 };
    lex_init(&lexer, (Text){ text, strlen(text) }, maker->dialect->lex, false);
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer)) {
        if (token_is(&token, "IN"))
            list = &out->in;
        else if (token_is(&token, "FROM"))
            list = &out->from;
        else if (token_is(&token, "TO"))
            list = &out->to;
        else if (token_is(&token, "WITH"))
            list = NULL;
        else if (list && is_literal(&token))
            *VEC_PUSH(maker->arena, list) = arena_printf(
                maker->arena, "%s%.*s", token_is(&before, "-") ? "-" : "", (int)token.text.n, token.text.p);
        else if (list && (token_is(&token, "MINVALUE") || token_is(&token, "NULL")))
            *VEC_PUSH(maker->arena, list) = NULL;
        before = token;
    }
}

static const char *below(Maker *maker, const char *text)
{
    char *end;
    double value = text ? strtod(text, &end) : 0;
    return text && end != text && !*end ? arena_printf(maker->arena, "%.15g", value - 1) : NULL;
}

// The nth value of a bound for the nth column of the key; NULL: it does not say one.
static const char *value_within(Maker *maker, const Bound *bound, size_t place)
{
    if (place < bound->from.count && bound->from.items[place])
        return bound->from.items[place];
    return place < bound->to.count ? below(maker, bound->to.items[place]) : NULL;
}

// The columns of "RANGE (a, b)", in their order.
static size_t key_columns(Maker *maker, const RowsTable *t, const char *key, size_t *out)
{
    size_t count = 0;
    Lexer lexer;
    lex_init(&lexer, (Text){ key, strlen(key) }, maker->dialect->lex, false);
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END && !token_is(&token, "PARTITION");
         token = lex_next(&lexer))
        for (size_t i = 0; i < t->count && count < t->count; i++)
            if (token_named(&token, t->columns[i].column->head.name))
                out[count++] = i;
    return count;
}

static void add_value(Maker *maker, RowsTable *t, size_t column, const char *value)
{
    RowColumn *c = &t->columns[column];
    if (!value || c->left_out)
        return;
    NameList *list = c->own ? (NameList *)(void *)(uintptr_t)c->own : ARENA_NEW(maker->arena, NameList);
    *VEC_PUSH(maker->arena, list) = value;
    c->own = list;
}

// Partitions that are tables of their own.
static void of_tables(Maker *maker, RowsTable *t, const size_t *columns, size_t count)
{
    VEC_EACH (const Table *, it, &t->partitions) {
        const char *text = option_get(&(*it)->head.options, "partition_bound");
        Bound bound = { 0 };
        if (!text)
            continue;
        read_bound(maker, text, &bound);
        for (size_t i = 0; count == 1 && i < bound.in.count; i++)
            add_value(maker, t, columns[0], bound.in.items[i]);
        for (size_t i = 0; i < count; i++)
            add_value(maker, t, columns[i], value_within(maker, &bound, i));
    }
}

// Partitions that the table's own text lists: VALUES LESS THAN (…), VALUES IN (…). Of a function of a date, the year counts.
static void of_list(Maker *maker, RowsTable *t, const char *text, size_t column)
{
    const RowColumn *c = &t->columns[column];
    bool dated = c->type.kind == TAKES_DATE || c->type.kind == TAKES_TIMESTAMP, less = false, values = false;
    Lexer lexer;
    lex_init(&lexer, (Text){ text, strlen(text) }, maker->dialect->lex, false);
    for (Token token = lex_next(&lexer); token.kind != TOKEN_END; token = lex_next(&lexer)) {
        if (token_is(&token, "VALUES"))
            values = true;
        else if (token_is(&token, "LESS") || token_is(&token, "IN"))
            less = token_is(&token, "LESS");
        else if (token_is(&token, "PARTITION"))
            values = false;
        if (!values || !is_literal(&token))
            continue;
        const char *literal = arena_strndup(maker->arena, token.text.p, token.text.n);
        bool year = dated && token.kind == TOKEN_NUMBER && token.text.n == 4;
        if (year)
            add_value(maker, t, column,
                      arena_printf(maker->arena, "'%ld-06-15'", strtol(literal, NULL, 10) - less));
        else if (!dated || token.kind == TOKEN_STRING)
            add_value(maker, t, column, less ? below(maker, literal) : literal);
    }
}

void partition_values(Maker *maker, RowsTable *t)
{
    const char *key = option_get(&t->table->head.options, "partition_by");
    size_t *columns = arena_alloc(maker->arena, (t->count + 1) * sizeof(*columns));
    size_t count = key ? key_columns(maker, t, key, columns) : 0;
    if (!count)
        return;
    if (t->partitions.count)
        of_tables(maker, t, columns, count);
    else if (strstr(key, "VALUES") || strstr(key, "values"))
        of_list(maker, t, key, columns[0]);
}

// --- which table a partition is of --------------------------------------------

const Table *table_partitioned(Maker *maker, const Table *partition)
{
    const char *list = option_get(&partition->head.options, "partition_of");
    const char *name = list ? name_next(maker->arena, &list) : NULL;
    return name ? schema_table_named(maker->arena, maker->schema, partition, name) : NULL;
}

const Table *table_root(Maker *maker, const Table *table)
{
    for (int depth = 0; depth < 8; depth++) {
        const Table *above = table_partitioned(maker, table);
        if (!above)
            break;
        table = above;
    }
    return table;
}
