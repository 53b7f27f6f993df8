// splitter.h -- walks through SQL text and says where each statement begins and ends.
//
// What ends a statement: a semicolon (or what DELIMITER says) that stands in no quotes, comment, compound body or, on
// PostgreSQL, parentheses. The compound bodies of each engine are known, so no DELIMITER is needed:
//   SQLite      CREATE TRIGGER … ends with `; END ;`, as the engine's own shell decides it.
//   MySQL       blocks nest: BEGIN, IF, CASE, LOOP, REPEAT, WHILE, FOR, each where a statement can begin.
//   PostgreSQL  BEGIN ATOMIC … END, CASE … END inside; dollar quotes are one token anyway.
// Comments come as events too where no body is open: directives stand in them.
#ifndef CORE_REVISION_SPLITTER_H
#define CORE_REVISION_SPLITTER_H

#include "core/dialect/lex.h"

typedef enum SplitKind {
    SPLIT_END,
    SPLIT_STATEMENT, // text: from its first token to its last; terminated or at the end of the text
    SPLIT_COMMENT, // text: a line comment that stands alone on its line, outside bodies; `open`: inside a statement
    SPLIT_BAD,    // text: a quote or comment that does not end; the rest of everything
    SPLIT_CLIENT, // text: a command of the engine's client, which no server understands (\d, .mode, \G)
} SplitKind;

typedef struct SplitEvent {
    SplitKind kind;
    Text text;
    unsigned line; // from 1, within the text
    bool open;     // of SPLIT_COMMENT
} SplitEvent;

enum { SPLIT_DEPTH = 200, SPLIT_DELIMITER = 32 };

typedef struct Splitter {
    Lexer lexer;
    const char *start; // of the whole text
    unsigned rules;    // as they were given; the lexer's follow what the text sets (splitter_mode)
    Text delimiter;    // n 0: the semicolon
    // The statement that is open; first is NULL where none is
    const char *first, *last; // of its first token; after its last
    unsigned line;
    size_t tokens;
    size_t parens;
    unsigned char blocks[SPLIT_DEPTH]; // of BlockKind, innermost last
    size_t depth;
    unsigned char kind; // of StatementKind
    bool body;          // the header of a routine is behind us
    bool simple;        // its body is one plain statement
    bool handler;       // MySQL: in DECLARE … HANDLER FOR, before its statement
    bool declare;
    bool semicolon_end;    // SQLite: `; END` was seen
    Token before, before2; // the last two tokens
} Splitter;

// Starts at the beginning of `text`, which must outlive the splitter. `rules`: of LexRule, for its engine.
void splitter_init(Splitter *splitter, Text text, unsigned rules);
// The next event; SPLIT_END at the end, again and again. SPLIT_BAD is text that cannot be read, and the last
// event that is of use.
SplitEvent splitter_next(Splitter *splitter);

// The rules after a statement: MySQL's `SET sql_mode` may say that backslashes escape nothing or that "x" is a name.
unsigned splitter_mode(Text statement, unsigned rules, unsigned given);

// Words that begin the statement: is it `a`, or `a b`? Comments between are passed over.
bool statement_begins(Text sql, unsigned rules, const char *first, const char *second);

// Does it begin or end a transaction? SAVEPOINT and ROLLBACK TO do not.
typedef enum TransactionControl {
    CONTROLS_NOTHING,
    CONTROLS_BEGIN,
    CONTROLS_COMMIT,
    CONTROLS_ROLLBACK
} TransactionControl;
TransactionControl statement_control(Text sql, unsigned rules);

#endif
