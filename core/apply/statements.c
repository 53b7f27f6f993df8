#define _GNU_SOURCE
#include "core/apply/apply_internal.h"

#include <ctype.h>
#include <string.h>

#include "core/revision/directive.h"
#include "core/revision/splitter.h"

static bool is_one_of(const Token *token, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (token_is(token, words[i]))
            return true;
    return false;
}

// Calls of functions that only read, or keywords before a parenthesis. Any other may write.
static bool calls_unknown(const Item *item, unsigned rules)
{
    static const char *const known[] = {
        "select",
        "with",
        "values",
        "from",
        "join",
        "where",
        "and",
        "or",
        "not",
        "in",
        "exists",
        "any",
        "all",
        "some",
        "on",
        "using",
        "as",
        "by",
        "having",
        "case",
        "when",
        "then",
        "else",
        "over",
        "union",
        "except",
        "limit",
        "filter",
        "set",
        "into",
        "count",
        "sum",
        "min",
        "max",
        "avg",
        "lower",
        "upper",
        "coalesce",
        "nullif",
        "length",
        "cast",
        "now",
        "abs",
        "round",
        "concat",
        "trim",
        "replace",
        "substr",
        "substring",
        "row",
        "recursive",
        "materialized",
        "intersect",
        "pg_sleep",
        "sleep",
        "to_regclass",
        "char_length",
        "date",
        "varchar",
        "char",
        "numeric",
        "decimal",
        "last_insert_id",
        "last_insert_rowid",
        "lastval",
        "currval",
    };
    Arena *scratch = arena_new();
    bool unknown = false;
    const TokenList tokens = lex_all(scratch, item_text(item), rules);
    for (size_t i = 0; i + 1 < tokens.count; i++) {
        const Token *t = &tokens.items[i];
        bool name = t->kind == TOKEN_WORD || t->kind == TOKEN_NAME;
        unknown |= name && token_is(t + 1, "(") &&
                   (t->kind == TOKEN_NAME || !is_one_of(t, known, COUNT_OF(known))) &&
                   !(i && (token_is(t - 1, "into") || token_is(t - 1, "with") || token_is(t - 1, ",")));
    }
    arena_free(scratch);
    return unknown;
}

// Outside a transaction by the script's wish, on an engine with transactional DDL: a query of plain words is none the worse
// for one, a function may refuse it.
static bool may_be_in_transaction(const Item *item, const Dialect *dialect, bool query)
{
    return !query || !item->section->no_transaction || !(dialect->caps & CAN_TRANSACTIONAL_DDL) ||
           !dialect->needs_no_transaction || !calls_unknown(item, dialect->lex);
}

void item_classify(Item *item, const Dialect *dialect)
{
    static const char *const session[] = { "SET", "USE", "RESET" };
    static const char *const data[] = { "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE" };
    Lexer lexer;
    const Text sql = { item->sql, strlen(item->sql) };
    lex_init(&lexer, sql, dialect->lex, false);
    Token tokens[4];
    for (size_t i = 0; i < COUNT_OF(tokens); i++)
        tokens[i] = lex_next(&lexer);
    const Token *first = &tokens[0];
    const KeyStatement keys = dialect->key_switch ? dialect->key_switch->kind(sql) : KEY_STATEMENT_NONE;
    item->key_switch = keys == KEY_STATEMENT_SWITCH;
    item->key_check = keys == KEY_STATEMENT_CHECK;
    item->left_out = !(dialect->caps & CAN_TRANSACTIONAL_DDL) &&
                     is_one_of(first, (const char *const[]){ "LOCK", "UNLOCK" }, 2) &&
                     is_one_of(&tokens[1], (const char *const[]){ "TABLES", "TABLE" }, 2);
    item->session = is_one_of(first, session, COUNT_OF(session)) && !token_is(&tokens[1], "GLOBAL") &&
                    !token_is(&tokens[1], "PERSIST");
    item->bounds_waiting =
        item->session && (token_is(&tokens[1], "lock_timeout") || token_is(&tokens[2], "lock_timeout"));
    item->session |= token_is(first, "SELECT") && memmem(sql.p, sql.n, "set_config", 10);
    bool query = is_one_of(first, (const char *const[]){ "SELECT", "WITH", "VALUES" }, 3);
    item->data = is_one_of(first, data, COUNT_OF(data)) ||
                 (query && may_be_in_transaction(item, dialect, query)) ||
                 ((dialect->caps & CAN_TRANSACTIONAL_DDL) && token_is(first, "TRUNCATE"));
    TransactionControl control = statement_control(sql, dialect->lex);
    item->control = control != CONTROLS_NOTHING;
    item->begins = control == CONTROLS_BEGIN;
    item->harmless = item->session || item->control || item->statement->assertion;
}

static const char *value_of(const NameList *variables, const char *key, size_t n)
{
    for (size_t i = variables ? variables->count : 0; i-- > 0;) {
        const char *text = variables->items[i], *equals = strchr(text, '=');
        size_t length = equals ? (size_t)(equals - text) : strlen(text);
        if (length == n && memcmp(text, key, n) == 0)
            return equals ? equals + 1 : "";
    }
    return NULL;
}

typedef struct Variable {
    Text key, fallback; // fallback.p NULL: none
    size_t length;      // of the whole, from the dollar to the brace
} Variable;

// ${x.key} or ${x.key:-default} at `p`; anything else with a dollar is text. *no_brace: before this place no brace closes, which
// is not looked for again, or a text of many openings would take time with the square of their number.
static bool variable_at(const char *p, const char *end, const char **no_brace, Variable *out)
{
    static const char opening[] = "${x.";
    size_t n = sizeof(opening) - 1;
    if ((size_t)(end - p) <= n || memcmp(p, opening, n) != 0)
        return false;
    const char *key = p + n, *stop = key;
    while (stop < end && *stop && (isalnum((unsigned char)*stop) || strchr("_-.", *stop)))
        stop++;
    *out = (Variable){
        .key = {key, (size_t)(stop - key)}
    };
    if (end - stop > 2 && stop[0] == ':' && stop[1] == '-') {
        const char *from = stop + 2;
        for (stop = from < *no_brace ? *no_brace : from; stop < end && *stop != '}' && *stop != '\n';)
            stop++;
        if (stop >= end || *stop != '}')
            *no_brace = stop;
        out->fallback = (Text){ from, (size_t)(stop - from) };
    }
    if (!out->key.n || stop >= end || *stop != '}')
        return false;
    out->length = (size_t)(stop + 1 - p);
    return true;
}

static bool not_set(const ScriptStatement *statement, const char *p, const Variable *variable, Error *err)
{
    int shown = (int)(variable->key.n > 200 ? 200 : variable->key.n);
    size_t offset = (size_t)(p - statement->sql.p);
    error_at(err, ERR_SCRIPT, text_place(statement->at, statement->sql, offset, (unsigned)variable->length),
             "the variable '%.*s' is not set", shown, variable->key.p);
    return error_hint(err, "Set it on the command line: -x %.*s=VALUE", shown, variable->key.p);
}

bool variables_fill(Arena *arena, const NameList *variables, const ScriptStatement *statement,
                    const char **out, Error *err)
{
    Text sql = statement->sql;
    if (!memmem(sql.p, sql.n, "${x.", 4)) {
        *out = arena_strndup(arena, sql.p, sql.n);
        return true;
    }
    StrBuf filled;
    strbuf_init(&filled, arena);
    const char *no_brace = sql.p;
    for (const char *p = sql.p, *end = sql.p + sql.n; p < end;) {
        Variable variable;
        if (!variable_at(p, end, &no_brace, &variable)) {
            strbuf_putc(&filled, *p++);
            continue;
        }
        const char *value = value_of(variables, variable.key.p, variable.key.n);
        if (value)
            strbuf_puts(&filled, value);
        else if (variable.fallback.p)
            strbuf_put(&filled, variable.fallback.p, variable.fallback.n);
        else
            return not_set(statement, p, &variable, err);
        p += variable.length;
    }
    *out = filled.text;
    return true;
}
