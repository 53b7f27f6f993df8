// Where a statement is cut for a range of a key.
#include "core/revision/pieces.h"

#include <string.h>
#include <strings.h>

#include "core/dialect/lex.h"
#include "core/revision/directive.h"

typedef struct Cut {
    Arena *arena;
    const ScriptBatch *batch;
    Text sql;
    SourcePos at;
    TokenList tokens; // ended by a TOKEN_END
    size_t verb;      // which the statement is: UPDATE, DELETE, or the SELECT of an INSERT
    bool updates, inserts;
    Error *err;
} Cut;

// A table of the statement.
typedef struct TableRef {
    const Token *schema, *table; // NULL: none is written; it is a subquery or a function
    const Token *alias;          // NULL: none
    Text source;
} TableRef;
typedef VEC(TableRef) RefList;

static const Token *token_at(const Cut *cut, size_t i)
{
    return &cut->tokens.items[i < cut->tokens.count ? i : cut->tokens.count - 1];
}

static bool ended(const Cut *cut, size_t i) { return token_at(cut, i)->kind == TOKEN_END; }

static bool refuse(const Cut *cut, const Token *token, const char *what, const char *hint)
{
    Text found = token->kind == TOKEN_END ? (Text){ cut->sql.p, 1 } : token->text;
    SourcePos at = text_place(cut->at, cut->sql, (size_t)(found.p - cut->sql.p), text_characters(found));
    error_at(cut->err, ERR_SCRIPT, at, "%s", what);
    return error_hint(cut->err, "%s", hint);
}

// The token after this one that stands in no parentheses which it does not stand in.
static size_t step(const Cut *cut, size_t i)
{
    size_t depth = 0;
    for (; !ended(cut, i); i++) {
        depth += token_is(token_at(cut, i), "(");
        if (depth && token_is(token_at(cut, i), ")"))
            depth--;
        if (!depth)
            return i + 1;
    }
    return i;
}

static bool is_word(const Cut *cut, size_t i, const char *const *words)
{
    const Token *token = token_at(cut, i);
    if (token->kind != TOKEN_WORD || (i && token_is(token_at(cut, i - 1), ".")))
        return false;
    for (; *words; words++)
        if (token_is(token, *words))
            return true;
    return false;
}
#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

// The first of these words from `i` on that stands in no parentheses; the end, where there is none.
static size_t find(const Cut *cut, size_t i, const char *const *words)
{
    while (!ended(cut, i) && !is_word(cut, i, words))
        i = step(cut, i);
    return i;
}

// FROM as a clause, and not of IS DISTINCT FROM.
static size_t find_from(const Cut *cut, size_t i)
{
    for (i = find(cut, i, WORDS("FROM")); !ended(cut, i); i = find(cut, i + 1, WORDS("FROM")))
        if (!token_is(token_at(cut, i - 1), "DISTINCT"))
            break;
    return i;
}

// ---- What the statement does

static bool no_batch_statement(const Cut *cut, size_t i)
{
    return refuse(cut, token_at(cut, i), "batch belongs above an UPDATE, a DELETE or an INSERT … SELECT",
                  "Remove the line `-- cmigrate: batch …`: this statement has no rows to run by in pieces.");
}

// What a WITH changes would be changed by each piece.
static bool check_with(const Cut *cut, size_t verb)
{
    for (size_t i = 0; i < verb; i++)
        if (token_is(token_at(cut, i), "(") &&
            is_word(cut, i + 1, WORDS("INSERT", "UPDATE", "DELETE", "MERGE")))
            return refuse(cut, token_at(cut, i + 1), "each piece of the batch would make this change again",
                          "Make it in a statement of its own.");
    return true;
}

static bool find_verb(Cut *cut)
{
    static const char *const verbs[] = { "UPDATE", "DELETE", "INSERT", "REPLACE", NULL };
    size_t i = token_is(token_at(cut, 0), "WITH") ? find(cut, 0, verbs) : 0;
    if (!is_word(cut, i, verbs))
        return no_batch_statement(cut, 0);
    if (!check_with(cut, i))
        return false;
    cut->updates = token_is(token_at(cut, i), "UPDATE");
    cut->inserts = !cut->updates && !token_is(token_at(cut, i), "DELETE");
    cut->verb = cut->inserts ? find(cut, i, WORDS("SELECT")) : i;
    return !ended(cut, cut->verb) || no_batch_statement(cut, i);
}

// What counts for all rows of the statement together, as no name of a column does that an engine lets be.
static bool counts_for_all(const Cut *cut, size_t i)
{
    const Token *next = token_at(cut, i + 1);
    if (is_word(cut, i, WORDS("OVER")))
        return token_is(token_at(cut, i - 1), ")");
    if (is_word(cut, i, WORDS("OFFSET")))
        return next->kind == TOKEN_NUMBER;
    if (is_word(cut, i, WORDS("FETCH")))
        return is_word(cut, i + 1, WORDS("FIRST", "NEXT"));
    return true;
}

static bool check_clauses(const Cut *cut)
{
    static const char *const all[] = { "LIMIT", "FETCH", NULL };
    static const char *const selects[] = { "LIMIT", "FETCH", "OFFSET",    "GROUP",  "HAVING",
                                           "UNION", "OVER",  "INTERSECT", "EXCEPT", NULL };
    size_t i = find(cut, cut->verb + 1, cut->inserts ? selects : all);
    while (!ended(cut, i) && !counts_for_all(cut, i))
        i = find(cut, i + 1, cut->inserts ? selects : all);
    if (cut->inserts && token_is(token_at(cut, cut->verb + 1), "DISTINCT"))
        i = cut->verb + 1;
    if (ended(cut, i))
        return true;
    const Text word = token_at(cut, i)->text;
    return refuse(
        cut, token_at(cut, i),
        arena_printf(cut->arena, "%.*s would count for each piece of the batch by itself", (int)word.n,
                     word.p),
        "Write it without, so that what becomes of a row depends on no other one; or run the statement "
        "at once, without batch.");
}

// ---- Its tables

static bool is_name(const Token *token) { return token->kind == TOKEN_WORD || token->kind == TOKEN_NAME; }

static bool is_alias(const Cut *cut, size_t i)
{
    static const char *const no_alias[] = { "SET",         "WHERE",         "JOIN",   "INNER",   "LEFT",
                                            "RIGHT",       "CROSS",         "FULL",   "NATURAL", "ON",
                                            "USING",       "ORDER",         "LIMIT",  "INDEXED", "NOT",
                                            "USE",         "FORCE",         "IGNORE", "FROM",    "GROUP",
                                            "RETURNING",   "SELECT",        "FOR",    "LOCK",    "PARTITION",
                                            "TABLESAMPLE", "STRAIGHT_JOIN", "OUTER",  "AS",      NULL };
    return is_name(token_at(cut, i)) && !is_word(cut, i, no_alias);
}

// [ONLY] [schema.]table [*] [[AS] alias]. Of a subquery or a function the alias alone.
static TableRef read_ref(const Cut *cut, size_t i)
{
    TableRef ref = { 0 };
    i += is_word(cut, i, WORDS("ONLY", "LATERAL"));
    if (is_name(token_at(cut, i))) {
        const char *start = token_at(cut, i)->text.p;
        ref.table = token_at(cut, i);
        while (token_is(token_at(cut, i + 1), ".") && is_name(token_at(cut, i + 2))) {
            ref.schema = ref.table;
            i += 2;
            ref.table = token_at(cut, i);
        }
        ref.source = (Text){ start, (size_t)(ref.table->text.p + ref.table->text.n - start) };
        i++;
    }
    if (token_is(token_at(cut, i), "(")) { // a subquery, or a function's arguments
        ref.table = ref.schema = NULL;
        i = step(cut, i);
    }
    i += token_is(token_at(cut, i), "*");
    i += is_word(cut, i, WORDS("AS"));
    if (is_alias(cut, i))
        ref.alias = token_at(cut, i);
    return ref;
}

// Those of the clauses between `from` and `to`: what follows the first word, a comma, or a JOIN.
static void read_refs(const Cut *cut, size_t from, size_t to, RefList *out)
{
    *VEC_PUSH(cut->arena, out) = read_ref(cut, from);
    for (size_t i = step(cut, from); i < to && !ended(cut, i); i = step(cut, i)) {
        bool using = is_word(cut, i, WORDS("USING")) && !token_is(token_at(cut, i + 1), "(");
        if (using || is_word(cut, i, WORDS("JOIN", "STRAIGHT_JOIN")) || token_is(token_at(cut, i), ","))
            *VEC_PUSH(cut->arena, out) = read_ref(cut, i + 1);
    }
}

// UPDATE [OR REPLACE | LOW_PRIORITY | IGNORE] t; DELETE … FROM t; SELECT … FROM t.
static bool find_refs(const Cut *cut, size_t end, RefList *out)
{
    size_t first = cut->verb + 1;
    if (!cut->updates) {
        size_t from = find_from(cut, first);
        if (from >= end)
            return refuse(cut, token_at(cut, cut->verb), "there is no table here to run by in pieces",
                          "Run the statement at once, without batch.");
        read_refs(cut, from + 1, end, out);
        return true;
    }
    if (is_word(cut, first, WORDS("OR")))
        first += 2;
    while (is_word(cut, first, WORDS("LOW_PRIORITY", "IGNORE")))
        first++;
    size_t set = find(cut, first, WORDS("SET")), from = find_from(cut, set);
    read_refs(cut, first, set, out);
    if (from < end)
        read_refs(cut, from + 1, end, out);
    return true;
}

static bool same_name(const Cut *cut, const Token *token, const char *name)
{
    return token && (token->kind == TOKEN_NAME ? strcmp(token_name(cut->arena, token), name) == 0
                                               : token->text.n == strlen(name) &&
                                                     strncasecmp(token->text.p, name, token->text.n) == 0);
}

// Whose rows are divided: the first table, or the one that the key names. The last one of a name, for MySQL's DELETE
// FROM a USING t AS a names its alias first.
static bool choose_ref(const Cut *cut, const RefList *refs, const TableRef **out)
{
    const char *qualifier = cut->batch->qualifier;
    *out = qualifier ? NULL : &refs->items[0];
    for (size_t i = refs->count; qualifier && !*out && i-- > 0;) {
        const TableRef *ref = &refs->items[i];
        if (same_name(cut, ref->alias ? ref->alias : ref->table, qualifier))
            *out = ref;
    }
    if (*out && (*out)->table)
        return true;
    error_at(cut->err, ERR_SCRIPT, cut->batch->at,
             qualifier ? "the statement has no table '%s'" : "the statement does not begin with a table%s",
             qualifier ? qualifier : "");
    return error_hint(cut->err,
                      "Name the table, or its alias, before the columns: -- cmigrate: batch %lu by "
                      "NAME.%s",
                      cut->batch->rows, cut->batch->key.items[0]);
}

// ---- A key that changes would make rows be met twice, or never

static bool is_key(const Cut *cut, const Token *token)
{
    VEC_EACH (const char *, it, &cut->batch->key)
        if (same_name(cut, token, *it))
            return true;
    return false;
}

static bool check_set(const Cut *cut, size_t end)
{
    size_t set = find(cut, cut->verb, WORDS("SET"));
    bool target = true; // a name here is one that is set
    for (size_t i = set + 1, depth = 0; cut->updates && i < end && !ended(cut, i); i++) {
        const Token *token = token_at(cut, i);
        if (target && is_key(cut, token) && !token_is(token_at(cut, i + 1), "."))
            return refuse(cut, token, "the statement changes the key by which it runs in pieces",
                          "Rows that move along the key would be met twice, or never: batch by another key.");
        depth += token_is(token, "(");
        depth -= depth && token_is(token, ")");
        if (!depth && is_word(cut, i, WORDS("FROM", "WHERE")) && !token_is(token_at(cut, i - 1), "DISTINCT"))
            break;
        if (token_is(token, "="))
            target = false;
        else if (token_is(token, ",") && !depth)
            target = true;
    }
    return true;
}

// ---- The place of the condition

static const char *end_of(const Token *token) { return token->text.p + token->text.n; }

// The first token after the WHERE, or after where one would be.
static size_t find_tail(const Cut *cut)
{
    size_t i = cut->verb + 1;
    for (;; i++) {
        i = find(cut, i, WORDS("RETURNING", "ORDER", "FOR", "LOCK", "ON"));
        if (ended(cut, i) || is_word(cut, i, WORDS("RETURNING", "ORDER")))
            return i;
        if (token_is(token_at(cut, i), "ON")
                ? is_word(cut, i + 1, WORDS("CONFLICT", "DUPLICATE"))
                : is_word(cut, i + 1, WORDS("UPDATE", "SHARE", "NO", "KEY", "IN")))
            return i;
    }
}

static void put_place(const Cut *cut, size_t where, size_t tail, PieceShape *out)
{
    const char *start = cut->sql.p, *stop = end_of(token_at(cut, tail - 1));
    const char *before = where < tail ? end_of(token_at(cut, where)) : stop;
    out->before = (Text){ start, (size_t)(before - start) };
    out->condition = (Text){ before, (size_t)(stop - before) };
    out->after = (Text){ stop, (size_t)(cut->sql.p + cut->sql.n - stop) };
}

// The checks come first: the place of the condition is right only in a statement that they let pass.
static bool cut_statement(Cut *cut, PieceShape *out)
{
    if (!find_verb(cut) || !check_clauses(cut))
        return false;
    size_t tail = find_tail(cut), where = find(cut, cut->verb, WORDS("WHERE"));
    RefList refs = { 0 };
    const TableRef *ref;
    if (!find_refs(cut, where < tail ? where : tail, &refs) || !choose_ref(cut, &refs, &ref))
        return false;
    if (ref == refs.items && !check_set(cut, tail))
        return false;
    *out = (PieceShape){ .schema = ref->schema ? token_name(cut->arena, ref->schema) : NULL,
                         .table = token_name(cut->arena, ref->table),
                         .source = ref->source,
                         .name = ref->alias ? ref->alias->text : ref->table->text };
    put_place(cut, where, tail, out);
    return true;
}

bool batch_cut(Arena *arena, const ScriptBatch *batch, Text sql, SourcePos at, unsigned rules,
               PieceShape *out, Error *err)
{
    Cut cut = { .arena = arena, .batch = batch, .sql = sql, .at = at, .err = err };
    cut.tokens = lex_all(arena, sql, rules);
    return cut_statement(&cut, out);
}

void batch_put(StrBuf *out, const PieceShape *shape, const char *range)
{
    strbuf_put(out, shape->before.p, shape->before.n);
    if (shape->condition.n) {
        strbuf_puts(out, " (");
        strbuf_put(out, shape->condition.p, shape->condition.n);
        strbuf_printf(out, ") AND (%s)", range);
    } else {
        strbuf_printf(out, " WHERE (%s)", range);
    }
    strbuf_put(out, shape->after.p, shape->after.n);
}
