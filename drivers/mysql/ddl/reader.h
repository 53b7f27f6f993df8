// reader.h -- a cursor over the tokens of one CREATE statement.
#ifndef DRIVERS_MYSQL_DDL_READER_H
#define DRIVERS_MYSQL_DDL_READER_H

#include "drivers/mysql/ddl/ddl.h"

typedef struct Reader {
    Arena *arena;
    const DdlServer *server;
    TokenList tokens;
    size_t at;
    Table *table;
    ColumnList collated; // columns that print COLLATE without CHARACTER SET
    const char *charset; // the table's DEFAULT CHARSET as printed
} Reader;

// Starts at the beginning of `plain`, which must outlive the reader.
void reader_open(Reader *r, Arena *arena, const DdlServer *server, const char *plain);
// The token `ahead` of the next one (0: the next); the end where there are fewer.
const Token *reader_peek(const Reader *r, size_t ahead);
// Is the text at its end?
bool reader_done(const Reader *r);
// Is the next token that word, whatever its case?
bool reader_is(const Reader *r, const char *word);
bool reader_take(Reader *r, const char *word); // steps over the word when it is next
// Steps over two words when both are next.
bool reader_take_two(Reader *r, const char *a, const char *b);
const char *reader_name(Reader *r);          // an identifier or word
const char *reader_value(Reader *r);         // a string's content, else the token's text
const char *reader_string(Reader *r);        // a string literal's content
const char *reader_parenthesised(Reader *r); // the text inside ( … ), cursor behind it
const char *reader_slice(const Reader *r, size_t first, size_t last); // source text of tokens [first, last)
void reader_skip_group(Reader *r);                                    // over ( … )

// ddl_key.c: the cursor follows the words PRIMARY KEY, KEY, CONSTRAINT.
void reader_index(Reader *r, const char *method, bool unique);
void reader_primary_key(Reader *r);
void reader_constraint(Reader *r);
bool reader_text_option(Reader *r, Object *object, const char *word, const char *key); // WORD [=] value
void reader_add_other(Reader *r, Object *object, const char *text); // what we have no word for

#endif
