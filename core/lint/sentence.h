// sentence.h -- the outline of a SQL statement: its verb, the object it names, the clauses of an ALTER TABLE.
//
// Not a parser of SQL: what a statement does is asked of the engine. This is for what leaves no trace in the catalogue,
// and to know which table or index the text names. Names come without quotes; unquoted ones are folded as PostgreSQL
// does where the engine is PostgreSQL.
#ifndef CORE_LINT_SENTENCE_H
#define CORE_LINT_SENTENCE_H

#include "core/dialect/dialect.h"

typedef enum Verb {
    VERB_OTHER, // not understood
    VERB_CREATE,
    VERB_ALTER,
    VERB_DROP,
    VERB_RENAME, // RENAME TABLE a TO b (MySQL)
    VERB_TRUNCATE,
    VERB_INSERT, // also REPLACE
    VERB_UPDATE,
    VERB_DELETE,
    VERB_SELECT, // also VALUES, TABLE, SHOW, EXPLAIN
    VERB_SET,    // also RESET, PRAGMA
    VERB_TRANSACTION,
    VERB_GRANT, // also REVOKE
    VERB_COMMENT,
    VERB_MAINTAIN, // VACUUM, ANALYZE, REINDEX, CLUSTER, REFRESH, OPTIMIZE, CHECK TABLE …: see `kind`
    VERB_RUN,      // DO, CALL, EXECUTE: anything may happen
    VERB_LOCK,
} Verb;

// A run of tokens: one action of an ALTER TABLE, or the whole statement.
typedef struct Clause {
    const Token *tokens;
    size_t count;
} Clause;

typedef struct SqlName {
    const char *schema; // NULL: not written
    const char *name;
} SqlName;

typedef struct Sentence {
    Verb verb;
    const char *
        kind; // lower case: "table", "index", "materialized view", "type", …; of VERB_MAINTAIN its first word; ""
    SqlName object;      // the first that it names; name NULL: none
    SqlName on;          // of an index, trigger, policy or rule: its table
    SqlName to;          // of a rename of the object: the new name
    VEC(SqlName) others; // DROP TABLE a, b; TRUNCATE a, b; RENAME TABLE a TO b, c TO d: those after the first
    VEC(SqlName) others_to; // of the last: the new names
    bool if_exists, if_not_exists, temporary, concurrently, cascade, unique, or_replace, only;
    bool sets_config;    // calls PostgreSQL's set_config
    VEC(Clause) clauses; // of ALTER TABLE: its actions
    Clause all;          // every token, without the final TOKEN_END
} Sentence;

typedef VEC(Sentence) SentenceList;

// Reads one statement. Unknown syntax gives VERB_OTHER or an empty kind, never an error. `out` points
// into `sql` and `arena`.
void sentence_read(Arena *arena, const Dialect *dialect, const char *sql, Sentence *out);

// Does the clause begin with these words ("ADD COLUMN")? Case-insensitive; a word may be `a|b`, and `[a]` may be missing.
bool clause_begins(const Clause *clause, const char *words);
// The index of the token after these words, wherever they stand outside parentheses; 0: not there.
size_t clause_after(const Clause *clause, const char *words);
// The same, inside of parentheses too.
size_t clause_after_anywhere(const Clause *clause, const char *words);
// Whether a token at this index is a name or word; its text without quotes, folded.
const char *clause_name(Arena *arena, const Dialect *dialect, const Clause *clause, size_t index);
// A name with its schema at the index; *next (may be NULL) is the index after it.
SqlName clause_sql_name(Arena *arena, const Dialect *dialect, const Clause *clause, size_t index,
                        size_t *next);
// The text of a run of tokens, as it is written.
const char *clause_text(Arena *arena, const Clause *clause, size_t from, size_t to);

#endif
