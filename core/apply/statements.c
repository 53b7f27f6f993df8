#define _GNU_SOURCE
#include "core/apply/apply_internal.h"

#include <ctype.h>
#include <string.h>

static bool is_one_of(const Token *token, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (token_is(token, words[i]))
            return true;
    return false;
}

// PRAGMA name or PRAGMA schema.name
static bool is_pragma(const Token *tokens, const char *name)
{
    return token_is(&tokens[0], "PRAGMA") &&
           (token_is(&tokens[1], name) || (token_is(&tokens[2], ".") && token_is(&tokens[3], name)));
}

void item_classify(Item *item, const Dialect *dialect)
{
    static const char *const session[] = { "SET", "USE", "RESET" };
    static const char *const data[] = { "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE" };
    static const char *const control[] = { "START", "BEGIN", "COMMIT", "END", "ROLLBACK", "ABORT" };
    Lexer lexer;
    lex_init(&lexer, item->statement->sql, dialect->lex, false);
    Token tokens[4];
    for (size_t i = 0; i < COUNT_OF(tokens); i++)
        tokens[i] = lex_next(&lexer);
    const Token *first = &tokens[0];
    item->foreign_keys = is_pragma(tokens, "foreign_keys");
    item->key_check = is_pragma(tokens, "foreign_key_check");
    item->left_out = !(dialect->caps & CAN_TRANSACTIONAL_DDL) &&
                     is_one_of(first, (const char *const[]){ "LOCK", "UNLOCK" }, 2) &&
                     is_one_of(&tokens[1], (const char *const[]){ "TABLES", "TABLE" }, 2);
    item->session = is_one_of(first, session, COUNT_OF(session)) && !token_is(&tokens[1], "GLOBAL") &&
                    !token_is(&tokens[1], "PERSIST");
    item->session |=
        token_is(first, "SELECT") && memmem(item->statement->sql.p, item->statement->sql.n, "set_config", 10);
    bool query = is_one_of(first, (const char *const[]){ "SELECT", "WITH", "VALUES" }, 3);
    item->data = is_one_of(first, data, COUNT_OF(data)) || (query && !item->section->no_transaction);
    item->control = is_one_of(first, control, COUNT_OF(control)) && !token_is(&tokens[1], "TO") &&
                    !token_is(&tokens[2], "TO") && !(token_is(first, "BEGIN") && token_is(&tokens[1], "NOT"));
    item->begins = item->control && (token_is(first, "START") || token_is(first, "BEGIN"));
    item->harmless = item->session || item->control || query || item->statement->assertion;
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

static SourcePos place_in(const ScriptStatement *statement, size_t offset, size_t length)
{
    SourcePos at = statement->at;
    for (size_t i = 0; i < offset; i++) {
        if (statement->sql.p[i] == '\n') {
            at.line++;
            at.column = 1;
        } else if (((unsigned char)statement->sql.p[i] & 0xc0) != 0x80) {
            at.column++;
        }
    }
    at.length = (unsigned)length;
    return at;
}

// ${x.key} is what -x key=value says; anything else with a dollar stays.
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
    for (size_t i = 0; i < sql.n; i++) {
        size_t n = 0;
        if (sql.n - i > 4 && memcmp(sql.p + i, "${x.", 4) == 0)
            while (i + 4 + n < sql.n &&
                   (isalnum((unsigned char)sql.p[i + 4 + n]) || strchr("_-.", sql.p[i + 4 + n])))
                n++;
        if (!n || i + 4 + n >= sql.n || sql.p[i + 4 + n] != '}') {
            strbuf_putc(&filled, sql.p[i]);
            continue;
        }
        const char *value = value_of(variables, sql.p + i + 4, n);
        if (!value) {
            error_at(err, ERR_SCRIPT, place_in(statement, i, n + 5), "the variable '%.*s' is not set",
                     (int)(n > 200 ? 200 : n), sql.p + i + 4);
            return error_hint(err, "Set it on the command line: -x %.*s=VALUE", (int)(n > 200 ? 200 : n),
                              sql.p + i + 4);
        }
        strbuf_puts(&filled, value);
        i += n + 4;
    }
    *out = filled.text;
    return true;
}
