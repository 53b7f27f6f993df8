// internal.h -- the cursor over a DDL text that ddl*.c share: one token, and one more to look at.
#ifndef DRIVERS_SQLITE_DDL_INTERNAL_H
#define DRIVERS_SQLITE_DDL_INTERNAL_H

#include "drivers/sqlite/ddl/ddl.h"

typedef struct Ddl {
    Arena *arena;
    Lexer lexer;
    Token now, next;
    const char *behind; // the end of the token before `now`
    Error *err;
} Ddl;

// Starts at the beginning of `text`, which must outlive `ddl`. Functions that return false have set `err`.
void ddl_open(Ddl *ddl, Arena *arena, const char *text, Error *err);
// Goes to the next token.
void ddl_step(Ddl *ddl);
// Is the word next, whatever its case?
bool ddl_at(const Ddl *ddl, const char *word);
bool ddl_take(Ddl *ddl, const char *word); // advances past it when it is there
// Advances past both words when both are next.
bool ddl_take_two(Ddl *ddl, const char *first, const char *second);
// As ddl_take, but an error where it is not there.
bool ddl_expect(Ddl *ddl, const char *word) MUST_USE;
bool ddl_unexpected(Ddl *ddl, const char *wanted); // always false
// May the token be a name: a word or a quoted one?
bool ddl_is_name(const Token *token);
// Takes a name; an error where none is next.
bool ddl_name(Ddl *ddl, const char **out) MUST_USE;
// What stands between "(" and its ")", without them; `ddl` ends after the ")".
bool ddl_parenthesised(Ddl *ddl, const char **out) MUST_USE;
bool ddl_create(Ddl *ddl, const char *kind) MUST_USE; // CREATE [TEMP] kind [IF NOT EXISTS] [schema.]name
// "(" part [COLLATE c] [ASC|DESC] [NULLS FIRST|LAST], … ")"; `autoincrement` may be NULL
bool ddl_parts(Ddl *ddl, PartList *out, bool *autoincrement) MUST_USE;
bool ddl_column(Ddl *ddl, Table *table) MUST_USE;
bool ddl_references(Ddl *ddl, Constraint *key) MUST_USE;
bool ddl_deferral(Ddl *ddl, Constraint *key); // false: none stands here
bool ddl_conflict(Ddl *ddl, OptionList *options, const char *key) MUST_USE;

#endif
