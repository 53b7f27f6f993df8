#include "core/dialect/lex.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

void lex_init(Lexer *lexer, Text text, unsigned rules, bool keep_all)
{
    *lexer = (Lexer){ .p = text.p, .end = text.p + text.n, .rules = rules, .line = 1, .keep_all = keep_all };
}

// Asked of every byte of a script or a schema: by arithmetic, and by ASCII whatever the locale.
static bool is_digit(char c) { return (unsigned)(c - '0') < 10; }
static bool is_space(char c) { return c == ' ' || (unsigned)(c - '\t') < 5; }
static bool word_start(char c)
{
    unsigned char u = (unsigned char)c;
    return (unsigned)((u | 0x20) - 'a') < 26 || u == '_' || u >= 0x80;
}
static bool word_part(char c) { return word_start(c) || is_digit(c) || c == '$'; }

static char at(const Lexer *lexer, size_t i)
{
    return (size_t)(lexer->end - lexer->p) > i ? lexer->p[i] : '\0';
}

static bool has(const Lexer *lexer, unsigned rule) { return (lexer->rules & rule) != 0; }

// The length of a quoted thing that opens at p[start], its closing quote included; 0 when it does not end.
static size_t quoted(const Lexer *lexer, size_t start, char close, bool backslashes)
{
    size_t n = (size_t)(lexer->end - lexer->p);
    for (size_t i = start + 1; i < n; i++) {
        char c = lexer->p[i];
        if (c == '\\' && backslashes) {
            i++;
        } else if (c == close) {
            if (close != ']' && i + 1 < n && lexer->p[i + 1] == close)
                i++;
            else
                return i + 1;
        }
    }
    return 0;
}

static size_t line_comment(const Lexer *lexer)
{
    size_t n = (size_t)(lexer->end - lexer->p), i = 0;
    while (i < n && lexer->p[i] != '\n')
        i++;
    return i;
}

static size_t block_comment(const Lexer *lexer)
{
    size_t n = (size_t)(lexer->end - lexer->p);
    unsigned depth = 1;
    for (size_t i = 2; i + 1 < n; i++) {
        if (lexer->p[i] == '*' && lexer->p[i + 1] == '/') {
            i++;
            if (--depth == 0)
                return i + 1;
        } else if (lexer->p[i] == '/' && lexer->p[i + 1] == '*' && has(lexer, LEX_NESTED_COMMENTS)) {
            depth++;
            i++;
        }
    }
    return 0;
}

// /*! … */ is code: a string in it may hold what ends a comment, and a comment may stand in it.
static size_t executable_comment(const Lexer *lexer)
{
    size_t n = (size_t)(lexer->end - lexer->p);
    for (size_t i = 2; i + 1 < n; i++) {
        const Lexer inside = { .p = lexer->p + i, .end = lexer->end, .rules = lexer->rules };
        char c = lexer->p[i];
        if (c == '*' && lexer->p[i + 1] == '/')
            return i + 2;
        size_t skip = 1;
        if (c == '\'' || c == '"')
            skip = quoted(&inside, 0, c, has(lexer, LEX_BACKSLASH_ESCAPES));
        else if (c == '`')
            skip = quoted(&inside, 0, c, false);
        else if (c == '/' && lexer->p[i + 1] == '*')
            skip = block_comment(&inside);
        if (skip == 0)
            return 0;
        i += skip - 1;
    }
    return 0;
}

// $tag$ … $tag$; 0: not one; SIZE_MAX: one that does not end.
static size_t dollar_quoted(const Lexer *lexer)
{
    size_t n = (size_t)(lexer->end - lexer->p), tag = 1;
    if (tag < n && is_digit(lexer->p[tag]))
        return 0;
    while (tag < n && word_part(lexer->p[tag]) && lexer->p[tag] != '$')
        tag++;
    if (tag >= n || lexer->p[tag] != '$')
        return 0;
    tag++;
    for (size_t i = tag; i + tag <= n; i++)
        if (lexer->p[i] == '$' && memcmp(lexer->p + i, lexer->p, tag) == 0)
            return i + tag;
    return SIZE_MAX;
}

// Length of a number: decimal, with fraction and exponent, or hexadecimal. A sign is a token of its own, and
// an exponent without digits is not part of the number.
static size_t number(const Lexer *lexer)
{
    size_t i = 0;
    if (at(lexer, 0) == '0' && (at(lexer, 1) == 'x' || at(lexer, 1) == 'X')) {
        for (i = 2; isxdigit((unsigned char)at(lexer, i));)
            i++;
        return i;
    }
    while (is_digit(at(lexer, i)))
        i++;
    if (at(lexer, i) == '.')
        for (i++; is_digit(at(lexer, i));)
            i++;
    if (at(lexer, i) == 'e' || at(lexer, i) == 'E') {
        size_t exponent = i + 1;
        if (at(lexer, exponent) == '+' || at(lexer, exponent) == '-')
            exponent++;
        if (is_digit(at(lexer, exponent)))
            for (i = exponent; is_digit(at(lexer, i));)
                i++;
    }
    return i;
}

static size_t symbol(const Lexer *lexer)
{
    static const char *const longer[] = { "->>", "#>>", "<=>", "!~~*", "!~*", "!~~", "::", "->", "<>", "<=",
                                          ">=",  "!=",  "==",  "||",   "<<",  ">>",  ":=", "&&", "=>", "@>",
                                          "<@",  "#>",  "!~",  "~~",   "~*",  "?|",  "?&", "@@", ".." };
    size_t n = (size_t)(lexer->end - lexer->p);
    if (!strchr("-#<!:>=|&@~?.", *lexer->p)) // most are one character: parentheses, commas, semicolons
        return 1;
    for (size_t i = 0; i < COUNT_OF(longer); i++) {
        size_t k = strlen(longer[i]);
        if (n >= k && memcmp(lexer->p, longer[i], k) == 0)
            return k;
    }
    return 1;
}

// A string after a one- or two-letter prefix: E'…' N'…' X'…' B'…' U&'…'. The prefix's length, or 0.
static size_t string_prefix(const Lexer *lexer)
{
    char c = (char)toupper((unsigned char)at(lexer, 0));
    if (at(lexer, 1) == '\'' && (c == 'N' || c == 'X' || c == 'B' || (c == 'E' && has(lexer, LEX_E_STRINGS))))
        return 1;
    if (c == 'U' && at(lexer, 1) == '&' && (at(lexer, 2) == '\'' || at(lexer, 2) == '"') &&
        has(lexer, LEX_E_STRINGS))
        return 2;
    return 0;
}

static bool begins_line_comment(const Lexer *lexer)
{
    if (at(lexer, 0) == '#')
        return has(lexer, LEX_HASH_COMMENTS);
    if (at(lexer, 0) != '-' || at(lexer, 1) != '-')
        return false;
    unsigned char next = (unsigned char)at(lexer, 2);
    return !has(lexer, LEX_DASHES_NEED_SPACE) || next <= ' ';
}

// Kind and length of what begins here; a length of 0 means that it does not end.
static TokenKind scan(const Lexer *lexer, size_t *n)
{
    char c = at(lexer, 0);
    if (is_space(c) || c == '\0') {
        for (*n = 1; lexer->p + *n < lexer->end && is_space(lexer->p[*n]);)
            (*n)++;
        return TOKEN_SPACE;
    }
    if (begins_line_comment(lexer)) {
        *n = line_comment(lexer);
        return TOKEN_COMMENT;
    }
    if (c == '/' && at(lexer, 1) == '*') {
        bool code = has(lexer, LEX_EXECUTABLE_COMMENTS) &&
                    (at(lexer, 2) == '!' || (at(lexer, 2) == 'M' && at(lexer, 3) == '!'));
        *n = code ? executable_comment(lexer) : block_comment(lexer);
        return code && *n ? TOKEN_SYMBOL : TOKEN_COMMENT;
    }
    size_t prefix = word_start(c) ? string_prefix(lexer) : 0;
    if (prefix) {
        bool backslashes = has(lexer, LEX_BACKSLASH_ESCAPES) || toupper((unsigned char)c) == 'E';
        *n = quoted(lexer, prefix, at(lexer, prefix), backslashes);
        return at(lexer, prefix) == '"' ? TOKEN_NAME : TOKEN_STRING;
    }
    if (c == '\'' || (c == '"' && has(lexer, LEX_DOUBLE_QUOTED_STRINGS))) {
        *n = quoted(lexer, 0, c, has(lexer, LEX_BACKSLASH_ESCAPES));
        return TOKEN_STRING;
    }
    if (c == '"' || (c == '`' && has(lexer, LEX_BACKTICK_NAMES))) {
        *n = quoted(lexer, 0, c, false);
        return TOKEN_NAME;
    }
    if (c == '[' && has(lexer, LEX_BRACKET_NAMES)) {
        *n = quoted(lexer, 0, ']', false);
        return TOKEN_NAME;
    }
    if (c == '$' && has(lexer, LEX_DOLLAR_QUOTES) && (*n = dollar_quoted(lexer)) != 0) {
        if (*n == SIZE_MAX)
            *n = 0;
        return TOKEN_STRING;
    }
    if (is_digit(c) || (c == '.' && is_digit(at(lexer, 1)))) {
        *n = number(lexer);
        return TOKEN_NUMBER;
    }
    if (word_start(c)) {
        for (*n = 1; lexer->p + *n < lexer->end && word_part(lexer->p[*n]);)
            (*n)++;
        return TOKEN_WORD;
    }
    *n = symbol(lexer);
    return TOKEN_SYMBOL;
}

Token lex_next(Lexer *lexer)
{
    while (lexer->p < lexer->end) {
        size_t n = 0;
        TokenKind kind = scan(lexer, &n);
        if (n == 0) {
            kind = TOKEN_BAD;
            n = (size_t)(lexer->end - lexer->p);
        }
        Token token = {
            kind, {lexer->p, n},
             lexer->line
        };
        if (kind != TOKEN_WORD && kind != TOKEN_NUMBER) // no line ends in these
            for (size_t i = 0; i < n; i++)
                lexer->line += lexer->p[i] == '\n';
        lexer->p += n;
        if (lexer->keep_all || (kind != TOKEN_SPACE && kind != TOKEN_COMMENT))
            return token;
    }
    return (Token){
        TOKEN_END, {lexer->end, 0},
         lexer->line
    };
}

TokenList lex_all(Arena *arena, Text text, unsigned rules)
{
    TokenList list = { 0 };
    Lexer lexer;
    lex_init(&lexer, text, rules, false);
    Token token;
    do {
        token = lex_next(&lexer);
        *VEC_PUSH(arena, &list) = token;
    } while (token.kind != TOKEN_END);
    return list;
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c; }

// Asked very often, and mostly answered by the first character.
bool token_is(const Token *token, const char *word)
{
    if (token->kind != TOKEN_WORD && token->kind != TOKEN_SYMBOL)
        return false;
    for (size_t i = 0; i < token->text.n; i++)
        if (lower(token->text.p[i]) != lower(word[i])) // at the end of `word` too
            return false;
    return word[token->text.n] == '\0';
}

// The characters between the quotes, doubled quotes undone; a word's own characters.
static Text bare(const Token *token, char *quote)
{
    *quote = '\0';
    if (token->kind != TOKEN_NAME && token->kind != TOKEN_STRING)
        return token->text;
    size_t open = 0;
    while (open < token->text.n && !strchr("'\"`[$", token->text.p[open]))
        open++;
    if (open >= token->text.n)
        return token->text;
    *quote = token->text.p[open] == '[' ? ']' : token->text.p[open];
    if (*quote == '$') {
        size_t tag = open + 1;
        while (tag < token->text.n && token->text.p[tag] != '$')
            tag++;
        tag++;
        *quote = '\0';
        return (Text){ token->text.p + tag, token->text.n - 2 * tag };
    }
    return (Text){ token->text.p + open + 1, token->text.n - open - 2 };
}

const char *token_name(Arena *arena, const Token *token)
{
    char quote;
    Text inside = bare(token, &quote);
    char *out = arena_alloc(arena, inside.n + 1);
    size_t w = 0;
    for (size_t i = 0; i < inside.n; i++) {
        out[w++] = inside.p[i];
        if (quote && quote != ']' && inside.p[i] == quote && i + 1 < inside.n && inside.p[i + 1] == quote)
            i++;
    }
    out[w] = '\0';
    return out;
}

// Compares without building: walks the bare text, skipping the second of doubled quotes.
bool token_named(const Token *token, const char *name)
{
    if (token->kind == TOKEN_WORD)
        return strlen(name) == token->text.n && strncasecmp(token->text.p, name, token->text.n) == 0;
    if (token->kind != TOKEN_NAME)
        return false;
    char quote;
    Text inside = bare(token, &quote);
    const char *p = name;
    for (size_t i = 0; i < inside.n; i++, p++) {
        if (*p != inside.p[i])
            return false;
        if (quote != ']' && inside.p[i] == quote)
            i++;
    }
    return *p == '\0';
}

static bool same_symbol(Text a, Text b)
{
    if (a.n == b.n)
        return memcmp(a.p, b.p, a.n) == 0 ||
               (a.n == 2 && ((memcmp(a.p, "!=", 2) == 0 && memcmp(b.p, "<>", 2) == 0) ||
                             (memcmp(a.p, "<>", 2) == 0 && memcmp(b.p, "!=", 2) == 0)));
    return (a.n == 2 && b.n == 1 && memcmp(a.p, "==", 2) == 0 && *b.p == '=') ||
           (a.n == 1 && b.n == 2 && memcmp(b.p, "==", 2) == 0 && *a.p == '=');
}

bool tokens_same(const Token *a, const Token *b)
{
    bool name_a = a->kind == TOKEN_WORD || a->kind == TOKEN_NAME,
         name_b = b->kind == TOKEN_WORD || b->kind == TOKEN_NAME;
    if (name_a && name_b) {
        char quote_a, quote_b;
        Text x = bare(a, &quote_a), y = bare(b, &quote_b);
        return x.n == y.n && strncasecmp(x.p, y.p, x.n) == 0;
    }
    if (a->kind != b->kind)
        return false;
    if (a->kind == TOKEN_SYMBOL)
        return same_symbol(a->text, b->text);
    if (a->kind == TOKEN_NUMBER)
        return a->text.n == b->text.n && strncasecmp(a->text.p, b->text.p, a->text.n) == 0;
    return a->text.n == b->text.n && memcmp(a->text.p, b->text.p, a->text.n) == 0;
}

// Drops parentheses that enclose the whole: moves *first and *last inwards (last is exclusive).
static void unwrap(const TokenList *list, size_t *first, size_t *last)
{
    while (*last - *first >= 2 && token_is(&list->items[*first], "(") &&
           token_is(&list->items[*last - 1], ")")) {
        size_t depth = 0;
        for (size_t i = *first; i < *last; i++) {
            depth += token_is(&list->items[i], "(");
            depth -= token_is(&list->items[i], ")") && depth > 0;
            if (depth == 0 && i < *last - 1)
                return;
        }
        (*first)++;
        (*last)--;
    }
}

bool sql_same_tokens(Arena *arena, const char *a, const char *b, unsigned rules)
{
    if (strcmp(a, b) == 0)
        return true;
    TokenList x = lex_all(arena, (Text){ a, strlen(a) }, rules),
              y = lex_all(arena, (Text){ b, strlen(b) }, rules);
    size_t i = 0, i_end = x.count - 1, j = 0, j_end = y.count - 1;
    unwrap(&x, &i, &i_end);
    unwrap(&y, &j, &j_end);
    if (i_end - i != j_end - j)
        return false;
    for (; i < i_end; i++, j++)
        if (!tokens_same(&x.items[i], &y.items[j]))
            return false;
    return true;
}
