#include "core/revision/splitter.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

typedef enum StatementKind {
    STATEMENT_NEW, // too few tokens to tell
    STATEMENT_PLAIN,
    STATEMENT_TRIGGER, // SQLite
    STATEMENT_ROUTINE, // MySQL: a body may follow
    STATEMENT_ATOMIC,  // PostgreSQL: a body may follow
    STATEMENT_BLOCK,   // MariaDB: BEGIN NOT ATOMIC, or IF, LOOP … on their own
} StatementKind;

typedef enum BlockKind {
    BLOCK_BEGIN,
    BLOCK_IF,
    BLOCK_CASE,
    BLOCK_CASE_VALUE,
    BLOCK_LOOP,
    BLOCK_REPEAT,
    BLOCK_WHILE,
    BLOCK_FOR
} BlockKind;

void splitter_init(Splitter *splitter, Text text, unsigned rules)
{
    *splitter = (Splitter){ .start = text.p, .rules = rules };
    lex_init(&splitter->lexer, text, rules, true);
}

static bool has(const Splitter *s, unsigned rule) { return (s->lexer.rules & rule) != 0; }

static bool is_any(const Token *token, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (token_is(token, words[i]))
            return true;
    return false;
}
#define IS_ANY(token, ...)                                                                                   \
    is_any((token), (const char *const[]){ __VA_ARGS__ },                                                    \
           sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

// The next token that counts, without moving.
static Token peek(const Splitter *s)
{
    Lexer ahead = s->lexer;
    ahead.keep_all = false;
    return lex_next(&ahead);
}

static void push(Splitter *s, BlockKind kind)
{
    if (s->depth < SPLIT_DEPTH)
        s->blocks[s->depth] = (unsigned char)kind;
    s->depth++;
}

static void pop(Splitter *s)
{
    if (s->depth)
        s->depth--;
}

static bool in_body(const Splitter *s)
{
    return s->depth > 0 || (s->kind == STATEMENT_TRIGGER && s->body && !s->semicolon_end);
}

// What CREATE makes decides what a semicolon means. Options and DEFINER clauses may stand between the two words.
static void classify(Splitter *s, const Token *token)
{
    if (s->tokens == 0) {
        bool mysql = has(s, LEX_ROUTINE_BODIES);
        Token next = peek(s);
        if (mysql && ((token_is(token, "BEGIN") && token_is(&next, "NOT")) ||
                      IS_ANY(token, "IF", "CASE", "LOOP", "REPEAT", "WHILE", "FOR")))
            s->kind = STATEMENT_BLOCK;
        else if (!IS_ANY(token, "CREATE", "ALTER"))
            s->kind = STATEMENT_PLAIN;
        return;
    }
    if (token->kind != TOKEN_WORD)
        return;
    if (has(s, LEX_TRIGGER_BODIES)) {
        if (token_is(token, "TRIGGER"))
            s->kind = STATEMENT_TRIGGER;
        else if (!IS_ANY(token, "TEMP", "TEMPORARY"))
            s->kind = STATEMENT_PLAIN;
        else
            return;
    }
    if (s->kind != STATEMENT_TRIGGER && has(s, LEX_ATOMIC_BODIES)) {
        s->kind = STATEMENT_NEW;
        if (IS_ANY(token, "FUNCTION", "PROCEDURE"))
            s->kind = STATEMENT_ATOMIC;
        else if (!IS_ANY(token, "OR", "REPLACE"))
            s->kind = STATEMENT_PLAIN;
    }
    if (has(s, LEX_ROUTINE_BODIES)) {
        if (IS_ANY(token, "PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"))
            s->kind = STATEMENT_ROUTINE;
        else if (IS_ANY(token, "TABLE", "VIEW", "INDEX", "DATABASE", "SCHEMA", "USER", "ROLE", "UNIQUE",
                        "TEMPORARY"))
            s->kind = STATEMENT_PLAIN;
    }
}

static void atomic_token(Splitter *s, const Token *token)
{
    if (token_is(&s->before, ".") || token_is(&s->before, "AS"))
        return;
    if (s->depth == 0) {
        Token next = peek(s);
        if (token_is(token, "BEGIN") && token_is(&next, "ATOMIC"))
            push(s, BLOCK_BEGIN);
    } else if (token_is(token, "CASE")) {
        push(s, BLOCK_CASE_VALUE);
    } else if (token_is(token, "END")) {
        pop(s);
    }
}

static void trigger_token(Splitter *s, const Token *token)
{
    if (!s->body)
        s->body = token_is(token, "BEGIN");
    else
        s->semicolon_end = token_is(token, "END") && IS_ANY(&s->before, ";", "BEGIN");
}

// MySQL. Where a statement of a body can begin, going by the token before.
static bool statement_place(const Splitter *s)
{
    if (s->depth && s->depth <= SPLIT_DEPTH && s->blocks[s->depth - 1] == BLOCK_CASE_VALUE)
        return false;
    if (s->handler)
        return true;
    if (s->tokens == 0)
        return s->kind == STATEMENT_BLOCK;
    return IS_ANY(&s->before, ";", "BEGIN", "THEN", "ELSE", "LOOP", "REPEAT", "DO", ":", "ATOMIC") &&
           s->depth > 0;
}

static bool begins_plain_statement(const Token *token)
{
    return IS_ANY(token, "RETURN", "SET", "INSERT", "UPDATE", "DELETE", "REPLACE", "SELECT", "CALL", "SIGNAL",
                  "RESIGNAL", "WITH", "LEAVE", "ITERATE", "OPEN", "CLOSE", "FETCH", "GET", "COMMIT",
                  "ROLLBACK", "TRUNCATE", "DROP", "CREATE", "ALTER", "EXECUTE", "PREPARE", "LOAD", "KILL",
                  "FLUSH", "ANALYZE", "OPTIMIZE");
}

// In the header of a routine, before its body: words that also begin statements mean something else after these.
static bool means_header(const Splitter *s)
{
    return IS_ANY(&s->before, "BEFORE", "AFTER", "OR", "CHARACTER", "CHARSET", "RETURNS", "CREATE", "ON", ".",
                  ",", "PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "RENAME", "AT");
}

static bool opens_body(const Splitter *s, const Token *token)
{
    if (s->parens || means_header(s))
        return false;
    Token next = peek(s);
    if (token_is(token, "FOR"))
        return !token_is(&next, "EACH");
    return IS_ANY(token, "BEGIN", "IF", "CASE", "LOOP", "REPEAT", "WHILE");
}

static void open_block(Splitter *s, const Token *token, bool place)
{
    static const struct {
        const char *word;
        BlockKind kind;
    } openers[] = {
        {"BEGIN",   BLOCK_BEGIN },
        { "IF",     BLOCK_IF    },
        { "CASE",   BLOCK_CASE  },
        { "LOOP",   BLOCK_LOOP  },
        { "REPEAT", BLOCK_REPEAT},
        { "WHILE",  BLOCK_WHILE },
        { "FOR",    BLOCK_FOR   },
    };
    for (size_t i = 0; i < COUNT_OF(openers); i++)
        if (token_is(token, openers[i].word)) {
            push(s, openers[i].kind == BLOCK_CASE && !place ? BLOCK_CASE_VALUE : openers[i].kind);
            s->handler = s->declare = false;
            return;
        }
}

// END is a word like others outside the places where it can close something: a column may have that name.
static void close_block(Splitter *s)
{
    BlockKind top = s->depth <= SPLIT_DEPTH ? (BlockKind)s->blocks[s->depth - 1] : BLOCK_BEGIN;
    Token next = peek(s);
    bool closes = top == BLOCK_CASE_VALUE
                      ? !token_is(&next, ".") && !token_is(&s->before, ".")
                      : statement_place(s) || (top == BLOCK_REPEAT && token_is(&next, "REPEAT"));
    if (closes)
        pop(s);
}

static void track_handler(Splitter *s, const Token *token)
{
    if (token_is(token, "DECLARE") && statement_place(s))
        s->declare = true;
    else if (s->declare && token_is(token, "FOR") && token_is(&s->before, "HANDLER"))
        s->handler = true;
    else if (token_is(token, ";") || (s->handler && begins_plain_statement(token)))
        s->handler = s->declare = false;
}

static void body_word(Splitter *s, const Token *token)
{
    if (token_is(token, "END") && s->depth)
        close_block(s);
    else if (token_is(&s->before, "END") && IS_ANY(token, "IF", "CASE", "LOOP", "REPEAT", "WHILE", "FOR"))
        return;
    else if (token_is(token, "CASE") && !token_is(&s->before, "."))
        open_block(s, token, statement_place(s));
    else if (statement_place(s))
        open_block(s, token, true);
}

// MySQL and MariaDB: routines, triggers, events, and blocks on their own.
static void routine_token(Splitter *s, const Token *token)
{
    if (token->kind == TOKEN_WORD && !s->simple) {
        if (s->kind == STATEMENT_BLOCK || s->depth > 0) {
            body_word(s, token);
        } else if (!s->body && opens_body(s, token)) {
            s->body = true;
            open_block(s, token, true);
        } else if (!s->body && !s->parens && !means_header(s) && begins_plain_statement(token)) {
            s->body = s->simple = true;
        }
    }
    track_handler(s, token);
}

// Asked several times of every token.
static bool is_symbol(const Token *token, char symbol)
{
    return token->kind == TOKEN_SYMBOL && token->text.n == 1 && token->text.p[0] == symbol;
}

static void count_parens(Splitter *s, const Token *token)
{
    if (is_symbol(token, '('))
        s->parens++;
    else if (is_symbol(token, ')') && s->parens)
        s->parens--;
}

// Counts a token into the open statement. The first tokens decide its kind, and the kind which words open and
// close bodies.
static void take(Splitter *s, const Token *token)
{
    if (!s->first) {
        s->first = token->text.p;
        s->line = token->line;
    }
    if (s->delimiter.n == 0) {
        if (s->kind == STATEMENT_NEW)
            classify(s, token);
        switch ((StatementKind)s->kind) {
        case STATEMENT_NEW:
        case STATEMENT_PLAIN: break;
        case STATEMENT_TRIGGER: trigger_token(s, token); break;
        case STATEMENT_ATOMIC: atomic_token(s, token); break;
        case STATEMENT_ROUTINE:
        case STATEMENT_BLOCK: routine_token(s, token); break;
        }
        count_parens(s, token);
    }
    s->last = token->text.p + token->text.n;
    s->tokens++;
    s->before2 = s->before;
    s->before = *token;
}

static bool ends_statement(const Splitter *s, const Token *token)
{
    if (s->delimiter.n || !is_symbol(token, ';'))
        return false;
    if (s->parens && has(s, LEX_ATOMIC_BODIES))
        return false;
    return !in_body(s);
}

// Gives the open statement, if there is one, and is ready for the next.
static bool finish(Splitter *s, SplitEvent *out)
{
    const char *first = s->first, *last = s->last;
    unsigned line = s->line;
    Splitter fresh = { .lexer = s->lexer, .start = s->start, .rules = s->rules, .delimiter = s->delimiter };
    *s = fresh;
    if (!first)
        return false;
    s->lexer.rules = splitter_mode((Text){ first, (size_t)(last - first) }, s->lexer.rules, s->rules);
    *out = (SplitEvent){
        SPLIT_STATEMENT, {first, (size_t)(last - first)},
         line, false
    };
    return true;
}

static bool at_delimiter(const Splitter *s)
{
    return s->delimiter.n && (size_t)(s->lexer.end - s->lexer.p) >= s->delimiter.n &&
           memcmp(s->lexer.p, s->delimiter.p, s->delimiter.n) == 0;
}

// A delimiter such as $$ or END_OF_IT may stand right after a word, where the lexer sees one longer word.
static void cut_at_delimiter(Splitter *s, Token *token)
{
    if (!s->delimiter.n ||
        (token->kind != TOKEN_WORD && token->kind != TOKEN_NUMBER && token->kind != TOKEN_SYMBOL))
        return;
    for (size_t i = 1; i < token->text.n; i++) {
        const char *p = token->text.p + i;
        if ((size_t)(s->lexer.end - p) >= s->delimiter.n && memcmp(p, s->delimiter.p, s->delimiter.n) == 0) {
            s->lexer.p = p;
            s->lexer.line = token->line;
            for (const char *q = token->text.p; q < p; q++)
                s->lexer.line += *q == '\n';
            token->text.n = i;
            return;
        }
    }
}

static Text rest_of_line(const Splitter *s, const char *p)
{
    const char *end = p;
    while (end < s->lexer.end && *end != '\n')
        end++;
    while (end > p && isspace((unsigned char)end[-1]))
        end--;
    return (Text){ p, (size_t)(end - p) };
}

static void skip_to(Splitter *s, const char *p) { s->lexer.p = p; }

// DELIMITER and what it is, as the mysql client takes it: the rest of the line up to a blank, quotes left out.
static bool take_delimiter(Splitter *s, const Token *token)
{
    Text line = rest_of_line(s, token->text.p + token->text.n);
    skip_to(s, line.p + line.n);
    while (line.n && isspace((unsigned char)line.p[0]))
        line = (Text){ line.p + 1, line.n - 1 };
    if (line.n >= 3 && strchr("'\"`", line.p[0]) && memchr(line.p + 1, line.p[0], line.n - 1)) {
        const char *close = memchr(line.p + 1, line.p[0], line.n - 1);
        line = (Text){ line.p + 1, (size_t)(close - line.p) - 1 };
    }
    size_t n = 0;
    while (n < line.n && !isspace((unsigned char)line.p[n]))
        n++;
    if (n == 0)
        return false;
    s->delimiter = n == 1 && line.p[0] == ';' ? (Text){ 0 } : (Text){ line.p, n };
    return true;
}

static bool first_on_line(const Splitter *s, const char *p)
{
    while (p > s->start && (p[-1] == ' ' || p[-1] == '\t'))
        p--;
    return p == s->start || p[-1] == '\n';
}

// What only the engine's own client understands: psql's backslash commands, the sqlite3 shell's dot commands, \G.
static bool is_client_command(const Splitter *s, const Token *token)
{
    if (token->kind != TOKEN_SYMBOL)
        return false;
    if (is_symbol(token, '\\') && has(s, LEX_ATOMIC_BODIES))
        return true;
    if (is_symbol(token, '\\') && has(s, LEX_ROUTINE_BODIES) && s->lexer.p < s->lexer.end)
        return strchr("gGcq.!", *s->lexer.p) != NULL;
    return is_symbol(token, '.') && !s->first && has(s, LEX_BRACKET_NAMES) && first_on_line(s, token->text.p);
}

// MySQL 9 has dollar quotes in one place: the body of a routine in another language.
static Token next_token(Splitter *s)
{
    unsigned rules = s->lexer.rules;
    bool dollars = has(s, LEX_ROUTINE_BODIES) && s->kind == STATEMENT_ROUTINE && token_is(&s->before, "AS") &&
                   !s->delimiter.n;
    if (dollars)
        s->lexer.rules |= LEX_DOLLAR_QUOTES;
    Token token = lex_next(&s->lexer);
    s->lexer.rules = rules;
    cut_at_delimiter(s, &token);
    return token;
}

// Reads tokens until there is an event: a statement, a comment alone on its line, a client's command,
// unreadable text, or the end. It never goes back, so a script is read in linear time.
SplitEvent splitter_next(Splitter *s)
{
    SplitEvent event = {
        SPLIT_END, {s->lexer.end, 0},
         s->lexer.line, false
    };
    for (;;) {
        if (at_delimiter(s)) {
            skip_to(s, s->lexer.p + s->delimiter.n);
            if (finish(s, &event))
                return event;
            continue;
        }
        Token token = next_token(s);
        if (token.kind == TOKEN_END) {
            finish(s, &event);
            return event;
        }
        if (token.kind == TOKEN_SPACE)
            continue;
        if (token.kind == TOKEN_BAD)
            return (SplitEvent){ SPLIT_BAD, token.text, token.line, s->first != NULL };
        if (token.kind == TOKEN_COMMENT) {
            bool hidden = in_body(s) || (s->delimiter.n && s->first);
            if (!hidden && token.text.p[0] == '-' && first_on_line(s, token.text.p))
                return (SplitEvent){ SPLIT_COMMENT, token.text, token.line, s->first != NULL };
            continue;
        }
        if (!s->first && token_is(&token, "DELIMITER") && first_on_line(s, token.text.p)) {
            if (!take_delimiter(s, &token))
                return (SplitEvent){ SPLIT_CLIENT, token.text, token.line, false };
            continue;
        }
        if (is_client_command(s, &token)) {
            Text line = rest_of_line(s, token.text.p);
            skip_to(s, line.p + line.n);
            return (SplitEvent){ SPLIT_CLIENT, line, token.line, s->first != NULL };
        }
        if (ends_statement(s, &token)) {
            if (finish(s, &event))
                return event;
            continue;
        }
        take(s, &token);
    }
}

bool statement_begins(Text sql, unsigned rules, const char *first, const char *second)
{
    Lexer lexer;
    lex_init(&lexer, sql, rules, false);
    Token token = lex_next(&lexer);
    if (!token_is(&token, first))
        return false;
    if (!second)
        return true;
    token = lex_next(&lexer);
    return token_is(&token, second);
}

TransactionControl statement_control(Text sql, unsigned rules)
{
    static const struct {
        const char *word;
        TransactionControl control;
    } words[] = {
        {"START",     CONTROLS_BEGIN   },
        { "BEGIN",    CONTROLS_BEGIN   },
        { "COMMIT",   CONTROLS_COMMIT  },
        { "END",      CONTROLS_COMMIT  },
        { "ROLLBACK", CONTROLS_ROLLBACK},
        { "ABORT",    CONTROLS_ROLLBACK},
    };
    Lexer lexer;
    lex_init(&lexer, sql, rules, false);
    Token tokens[3];
    for (size_t i = 0; i < COUNT_OF(tokens); i++)
        tokens[i] = lex_next(&lexer);
    // ROLLBACK TO, ROLLBACK WORK TO; MariaDB's BEGIN NOT ATOMIC is a block
    if (token_is(&tokens[1], "TO") || token_is(&tokens[2], "TO") ||
        (token_is(&tokens[0], "BEGIN") && token_is(&tokens[1], "NOT")))
        return CONTROLS_NOTHING;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (token_is(&tokens[0], words[i].word))
            return words[i].control;
    return CONTROLS_NOTHING;
}
