// lex.h -- SQL text as tokens, by the lexical rules of an engine.
//
// Used by the splitter of scripts, the DDL parsers, the comparison of SQL texts and the search for mentioned names.
// Tokens point into the text and lose no byte: with spaces and comments kept, their concatenation is the text.
#ifndef CORE_DIALECT_LEX_H
#define CORE_DIALECT_LEX_H

#include "core/base/strbuf.h"
#include "core/base/vec.h"

// SQLite: lang_expr, "Literal Values"; PostgreSQL: 4.1 Lexical Structure; MySQL: 11.1 Literal Values, 11.7 Comments.
typedef enum LexRule {
    LEX_BACKTICK_NAMES = 1 << 0,        // `name`
    LEX_BRACKET_NAMES = 1 << 1,         // [name]
    LEX_DOUBLE_QUOTED_STRINGS = 1 << 2, // "text" is a string (MySQL without ANSI_QUOTES)
    LEX_BACKSLASH_ESCAPES = 1 << 3,     // in every string
    LEX_E_STRINGS = 1 << 4,             // E'…' with backslashes, U&'…', B'…', X'…'
    LEX_DOLLAR_QUOTES = 1 << 5,         // $tag$ … $tag$
    LEX_NESTED_COMMENTS = 1 << 6,
    LEX_HASH_COMMENTS = 1 << 7,
    LEX_EXECUTABLE_COMMENTS = 1 << 8, // /*! … */ and /*+ … */: their inside is code
    LEX_DASHES_NEED_SPACE = 1 << 9, // "--" begins a comment only before a space, control character or the end
    // What a semicolon does not end (core/revision/splitter.h)
    LEX_TRIGGER_BODIES = 1 << 10, // SQLite: CREATE TRIGGER … BEGIN …; END
    LEX_ROUTINE_BODIES =
        1 << 11, // MySQL: routines, triggers, events with BEGIN, IF, CASE, LOOP, REPEAT, WHILE blocks
    LEX_ATOMIC_BODIES = 1 << 12, // PostgreSQL: BEGIN ATOMIC … END, and rules with actions in parentheses
    // The whole of an engine: what its dialect's `lex` is
    LEX_SQLITE = LEX_BACKTICK_NAMES | LEX_BRACKET_NAMES | LEX_TRIGGER_BODIES,
    LEX_POSTGRESQL = LEX_E_STRINGS | LEX_DOLLAR_QUOTES | LEX_NESTED_COMMENTS | LEX_ATOMIC_BODIES,
    LEX_MYSQL = LEX_BACKTICK_NAMES | LEX_DOUBLE_QUOTED_STRINGS | LEX_BACKSLASH_ESCAPES | LEX_HASH_COMMENTS |
                LEX_EXECUTABLE_COMMENTS | LEX_DASHES_NEED_SPACE | LEX_ROUTINE_BODIES,
} LexRule;

typedef enum TokenKind {
    TOKEN_END,
    TOKEN_SPACE,
    TOKEN_COMMENT,
    TOKEN_WORD,   // an identifier or a keyword, not quoted
    TOKEN_NAME,   // a quoted identifier
    TOKEN_STRING, // with its prefix (E, N, X, _utf8mb4 is a word of its own), quotes or dollar tags
    TOKEN_NUMBER,
    TOKEN_SYMBOL, // an operator or punctuation: the longest that the engines share (<>, ::, ->>, ||, :=, …)
    TOKEN_BAD,    // a quote or comment that does not end: the rest of the text
} TokenKind;

typedef struct Token {
    TokenKind kind;
    Text text;
    unsigned line; // of its first byte, from 1
} Token;

typedef struct Lexer {
    const char *p, *end;
    unsigned rules; // of LexRule
    unsigned line;
    bool keep_all; // give spaces and comments too
} Lexer;

// Starts at the beginning of `text`, which must outlive the lexer and its tokens: they point into it.
void lex_init(Lexer *lexer, Text text, unsigned rules, bool keep_all);
Token lex_next(Lexer *lexer); // TOKEN_END at the end, again and again

// All tokens without spaces and comments, ended by a TOKEN_END.
typedef VEC(Token) TokenList;

bool token_is(const Token *token, const char *word_or_symbol); // case-insensitive; words and symbols only
bool token_named(const Token *token, const char *name); // a word (case-insensitive) or a quoted name (exact)
const char *token_name(Arena *arena,
                       const Token *token); // the identifier without quotes; a string's content too
bool tokens_same(const Token *a,
                 const Token *b); // words case-insensitive, "x" equals x, != equals <>, == equals =

// All tokens without spaces and comments, TOKEN_END last, so the list is never empty. The tokens point into
// `text`.
TokenList lex_all(Arena *arena, Text text, unsigned rules);

// Equal token by token, spaces, comments, case of words and enclosing parentheses apart.
bool sql_same_tokens(Arena *arena, const char *a, const char *b, unsigned rules);

#endif
