#include "drivers/postgresql/dialect/dialect.h"

#include <string.h>
#include <strings.h>

#include "drivers/postgresql/dialect/values.h"
#include "drivers/postgresql/dialect/apply.h"
#include "drivers/postgresql/dialect/rows.h"

void pg_put_identifier(StrBuf *out, const char *name) { strbuf_quoted(out, '"', "\"", name); }

// With a backslash inside it is an E string, which reads the same whatever standard_conforming_strings says.
void pg_put_literal(StrBuf *out, const char *text)
{
    if (strchr(text, '\\'))
        strbuf_putc(out, 'E');
    strbuf_quoted(out, '\'', "'\\", text);
}

static bool same_type(Arena *arena, const char *a, const char *b)
{
    (void)arena;
    return strcmp(a, b) == 0;
}

// Words fold their case, quoted names do not; a name equals the word that it is where it needs no quotes: "user" is
// not user.
static bool same_token(Arena *arena, const Token *a, const Token *b)
{
    if (a->kind != TOKEN_NAME && b->kind != TOKEN_NAME)
        return tokens_same(a, b);
    if (a->kind == b->kind)
        return a->text.n == b->text.n && memcmp(a->text.p, b->text.p, a->text.n) == 0;
    const Token *name = a->kind == TOKEN_NAME ? a : b, *word = name == a ? b : a;
    if (word->kind != TOKEN_WORD)
        return false;
    const char *bare = token_name(arena, name);
    return strlen(bare) == word->text.n && strncasecmp(bare, word->text.p, word->text.n) == 0 &&
           pg_quote_ident(arena, bare) == bare;
}

// Drops parentheses that enclose the whole; `end` is exclusive.
static void unwrap(const TokenList *list, size_t *first, size_t *end)
{
    while (*end - *first >= 2 && token_is(&list->items[*first], "(") &&
           token_is(&list->items[*end - 1], ")")) {
        size_t depth = 0;
        for (size_t i = *first; i < *end - 1; i++) {
            depth += token_is(&list->items[i], "(");
            depth -= token_is(&list->items[i], ")");
            if (depth == 0)
                return;
        }
        (*first)++;
        (*end)--;
    }
}

// CURRENT_TIMESTAMP and its two other names, without a precision (manual, 9.9.5: one and the same time).
static bool says_now(const TokenList *list, size_t first, size_t end)
{
    const Token *t = &list->items[first];
    if (end - first == 1)
        return token_is(t, "current_timestamp");
    return end - first == 3 && (token_is(t, "now") || token_is(t, "transaction_timestamp")) &&
           token_is(t + 1, "(") && token_is(t + 2, ")");
}

// Compares token by token, apart from outer parentheses and casts that mean nothing. Definitions are compared
// without secrets and with their options in any order.
static bool same_sql(Arena *arena, const char *a, const char *b)
{
    if (strcmp(a, b) == 0)
        return true;
    if (strncasecmp(a, "create", strlen("create")) == 0) {
        if (pg_subscription_same(arena, a, b))
            return true;
        a = pg_in_any_order(arena, pg_without_secrets(arena, a));
        b = pg_in_any_order(arena, pg_without_secrets(arena, b));
    }
    a = pg_in_list(arena, a, true);
    b = pg_in_list(arena, b, true);
    TokenList x = lex_all(arena, (Text){ a, strlen(a) }, LEX_POSTGRESQL);
    TokenList y = lex_all(arena, (Text){ b, strlen(b) }, LEX_POSTGRESQL);
    size_t i = 0, i_end = x.count - 1, j = 0, j_end = y.count - 1;
    unwrap(&x, &i, &i_end);
    unwrap(&y, &j, &j_end);
    if (says_now(&x, i, i_end) && says_now(&y, j, j_end))
        return true;
    if (i_end - i != j_end - j)
        return false;
    for (; i < i_end; i++, j++)
        if (!same_token(arena, &x.items[i], &y.items[j]))
            return false;
    return true;
}

static bool has_word(const TokenList *tokens, size_t limit, const char *word)
{
    for (size_t i = 0; i < tokens->count && i < limit; i++)
        if (token_is(&tokens->items[i], word))
            return true;
    return false;
}

// Statements that the server refuses within a transaction. Most statements are decided by their first word;
// only candidates are read as a whole.
static bool needs_no_transaction(Text statement)
{
    static const char *const first_words[] = { "vacuum", "create",  "drop",  "reindex",
                                               "alter",  "cluster", "repack" };
    Lexer lexer;
    lex_init(&lexer, statement, LEX_POSTGRESQL, false);
    Token first = lex_next(&lexer), second = lex_next(&lexer);
    bool candidate = false;
    for (size_t i = 0; i < COUNT_OF(first_words); i++)
        candidate |= token_is(&first, first_words[i]);
    if (!candidate)
        return false;
    if (token_is(&first, "vacuum") || token_is(&first, "repack"))
        return true;
    if (token_is(&first, "cluster"))
        return second.kind == TOKEN_END || token_is(&second, ";");
    bool creates = token_is(&first, "create") || token_is(&first, "drop");
    if (creates && (token_is(&second, "database") || token_is(&second, "tablespace")))
        return true;
    if (token_is(&first, "alter") && token_is(&second, "system"))
        return true;
    if (token_is(&first, "reindex") && (token_is(&second, "database") || token_is(&second, "system")))
        return true;
    // CONCURRENTLY stands among the first words of what takes it; elsewhere it would be a name
    Arena *scratch = arena_new();
    TokenList tokens = lex_all(scratch, statement, LEX_POSTGRESQL);
    bool concurrent = false;
    if (creates || token_is(&first, "reindex"))
        concurrent = has_word(&tokens, 6, "concurrently") &&
                     (token_is(&first, "reindex") || has_word(&tokens, 4, "index"));
    else if (token_is(&second, "database"))
        concurrent = has_word(&tokens, 5, "tablespace");
    else if (token_is(&second, "table"))
        concurrent = has_word(&tokens, SIZE_MAX, "detach") && has_word(&tokens, SIZE_MAX, "concurrently");
    arena_free(scratch);
    return concurrent;
}

static const char *const url_schemes[] = { "postgresql", "postgres", NULL };

const Dialect postgresql_dialect = {
    .name = "postgresql",
    .default_schema = "public",
    .url_schema = pg_url_schema,
    .url_schemes = url_schemes,
    .quote = '"',
    .lex = LEX_POSTGRESQL,
    .max_identifier = 63,
    .caps = CAN_TRANSACTIONAL_DDL | CAN_ALTER_CONSTRAINTS | CAN_ALTER_COLUMN | CAN_RENAME_CONSTRAINT |
            CAN_RENAME_INDEX | CAN_SCHEMAS | CAN_COMMENT | NEEDS_CONSTRAINT_NAMES | FOLDS_FOREIGN_KEYS |
            RENAMES_FOLLOW | HAS_TYPES | INTEGER_KEYS_COUNT | KEYS_COUNT_BY_IDENTITY | BOUNDS_TEXT |
            KEYS_MATCH_TYPES | VIEWS_NEED_THEIRS,
    .options = pg_options,
    .option_count = PG_OPTION_COUNT,
    .portable_types = pg_portable_types,
    .type_limits = pg_type_limits,
    .type_native = pg_type_native,
    .type_portable = pg_type_portable,
    .same_type = same_type,
    .same_sql = same_sql,
    .put_identifier = pg_put_identifier,
    .is_reserved = pg_is_keyword,
    .put_literal = pg_put_literal,
    .default_literal = pg_default_literal,
    .resolve = pg_resolve,
    .carry_rename = pg_carry_rename,
    .fate = pg_fate,
    .blocks = pg_blocks,
    .expand = pg_expand,
    .render = pg_render,
    .join = pg_join,
    .sync_columns = pg_sync_columns,
    .misfit = pg_misfit,
    .holds_rows_to_rules = pg_holds_rows_to_rules,
    .needs_no_transaction = needs_no_transaction,
    .rows = &pg_rows,
    .put_table_query = postgresql_put_table_query,
    .put_quick_table_query = postgresql_put_quick_table_query,
    .own_equals = "OPERATOR(pg_catalog.=)",
    .put_table_guard = postgresql_put_table_guard,
    .put_assertion = postgresql_put_assertion,
    .who_runs =
        "CAST(session_user AS text) || '@' || COALESCE(pg_catalog.host(pg_catalog.inet_client_addr()), "
        "'localhost')",
    .put_time_passed = postgresql_put_time_passed,
    .client_preamble = "\\set ON_ERROR_STOP on\nSET standard_conforming_strings = on;\n",
    .value_type = pg_value_type,
    .put_value_text = pg_put_value_text,
    .put_value_again = pg_put_value_again,
    .put_key_waits = pg_put_key_waits,
    .keys_look_now = "SET CONSTRAINTS ALL IMMEDIATE",
    .insert_defaults = "DEFAULT VALUES",
    .overrides_identity = "OVERRIDING SYSTEM VALUE",
};
