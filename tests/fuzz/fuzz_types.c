// Type texts of each engine: canonical spelling comes to rest at its second, the model's spelling gives it back,
// every type is the same as itself, and a default becomes one token of SQL or a refusal. A text with a quote or parenthesis
// left open is no type: it must only do no harm.
#include "core/dialect/dialect.h"
#include "tests/fuzz/feed.h"

static bool is_closed(Arena *arena, const Dialect *dialect, const char *text)
{
    int depth = 0;
    const TokenList tokens = lex_all(arena, (Text){ text, strlen(text) }, dialect->lex);
    VEC_EACH (Token, token, &tokens) {
        depth += token_is(token, "(") - token_is(token, ")");
        if (token->kind == TOKEN_BAD || depth < 0)
            return false;
    }
    return depth == 0;
}

static void check_type(Arena *arena, const Dialect *dialect, const char *spelling)
{
    const char *wrong = NULL;
    const char *native = dialect->type_native(arena, spelling, &wrong);
    if (!native) {
        if (!wrong)
            feed_broken("a refused type says where", spelling);
        return;
    }
    if (!is_closed(arena, dialect, spelling))
        return;
    // of a real type the first is the last; one with words after its parentheses takes two
    native = dialect->type_native(arena, native, &wrong);
    if (!native)
        return; // read once more it is wrong: no engine has such a type
    const char *again = dialect->type_native(arena, native, &wrong);
    if (!again || strcmp(again, native) != 0)
        feed_broken("a canonical type is its own canonical form",
                    arena_printf(arena, "%s: '%s' -> '%s' -> '%s'", dialect->name, spelling, native,
                                 again ? again : "refused"));
    if (!dialect->same_type(arena, native, native))
        feed_broken("a type equals itself", native);
    const char *portable = dialect->type_portable(arena, native);
    const char *back = portable ? dialect->type_native(arena, portable, &wrong) : NULL;
    if (!back || !dialect->same_type(arena, back, native))
        feed_broken("the model's spelling gives the type back",
                    arena_printf(arena, "%s: '%s' -> '%s' -> '%s'", dialect->name, native,
                                 portable ? portable : "none", back ? back : "refused"));
}

static void check_default(Arena *arena, const Dialect *dialect, const char *type, const char *scalar)
{
    for (int quoted = 0; quoted < 2; quoted++)
        (void)dialect->default_literal(arena, type, scalar, quoted);
    StrBuf literal;
    strbuf_init(&literal, arena);
    dialect->put_literal(&literal, scalar);
    TokenList tokens = lex_all(arena, (Text){ literal.text, literal.length }, dialect->lex);
    if (tokens.count != 2 || tokens.items[0].kind != TOKEN_STRING)
        feed_broken("a literal is one token", literal.text);
    strbuf_clear(&literal);
    dialect->put_identifier(&literal, scalar);
    tokens = lex_all(arena, (Text){ literal.text, literal.length }, dialect->lex);
    if (tokens.count != 2 || tokens.items[0].kind != TOKEN_NAME ||
        strcmp(token_name(arena, &tokens.items[0]), scalar) != 0)
        feed_broken("a quoted name is one token, and that name", literal.text);
}

// TYPE NUL SCALAR
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const Dialect *const dialects[] = { &sqlite_dialect, &postgresql_dialect, &mysql_dialect };
    if (size > 2000)
        return 0;
    Arena *arena = arena_new();
    Feed feed = feed_open(arena, data, size);
    const char *type = feed_until(&feed, '\0'), *scalar = feed_until(&feed, '\0');
    for (size_t i = 0; type && i < COUNT_OF(dialects); i++) {
        check_type(arena, dialects[i], type);
        check_default(arena, dialects[i], type, scalar ? scalar : type);
        (void)!dialects[i]->same_sql(arena, type, scalar ? scalar : type);
    }
    arena_free(arena);
    return 0;
}
