// judge.h -- what a family of rules is given, and how it says what it found.
#ifndef CORE_LINT_JUDGE_H
#define CORE_LINT_JUDGE_H

#include "core/lint/lint.h"

// One statement in its place. `before` is never NULL where the depth is replay or trace.
typedef struct Judge {
    Arena *arena;
    Lint *lint;
    const Revision *revision;
    const Section *section;
    Direction direction;
    const ScriptStatement *statement;
    size_t number;   // from 1, within the section
    const char *sql; // variables filled in
    const Sentence *sentence;
    const Sentence *sentences;     // all of the section, by number - 1
    const SentenceList *inner;     // inside of the code that the statement runs; NULL: looked at one by one
    const Schema *before;          // NULL: depth text
    const Schema *after;           // NULL: it was not executed, or the server refused it
    const Schema *renamed;         // `before` under the new names, where the statement renames
    const ChangeList *changes;     // from renamed to after; never NULL
    const Error *refused;          // NULL: it was executed
    const LintFact *cost;          // NULL: not measured
    const StatementCost *measured; // the same, table by table
    bool rebuilt;                  // no statement of its own: a table that was made again, see rebuilt.c
} Judge;

// A whole revision, after its statements were judged. The scratch database is in the state after it.
typedef struct JudgeRevision {
    Arena *arena;
    Lint *lint;
    const Revision *revision; // NULL: a schema is judged as it appears
    const Script *script;     // NULL with it
    SectionList up, down;
    SectionList verify;           // asked when all of `up` has run         // the sections of this engine
    const Schema *before, *after; // NULL: depth text
    struct KeysBefore *keys;      // model.c's; NULL where there is no `before`
} JudgeRevision;

typedef struct LintFamily {
    const char *group;                     // "destroys"
    const LintRule *rules;                 // by code; ended by an entry without a code
    void (*statement)(const Judge *judge); // NULL: none
    void (*inner)(
        const Judge *judge); // for each statement inside of code, without changes of its own; NULL: none
    void (*revision)(const JudgeRevision *judge); // NULL: none
    void (*schema)(
        const JudgeRevision *judge); // of a schema as it appears: no revision, no script; NULL: none
} LintFamily;
extern const LintFamily *const lint_families[]; // ended by NULL

// Where a finding of a whole revision stands: the statement that made the object, or a line of the script.
typedef struct LintPlace {
    SourcePos at;
    size_t section, statement; // statement 0: of the whole script
    const Object *object;      // that it is about; NULL: not said
} LintPlace;

// A finding of a rule at the statement, unless the rule is off, is of another engine, or the table is ignored. `table`
// may be NULL; `instead` NULL: the rule's own text. The message is one sentence without a final stop.
void lint_found(const Judge *judge, const char *code, const char *table, const LintFact *fact,
                const char *instead, const char *message, ...) PRINTF_LIKE(6, 7);
void lint_found_in(const JudgeRevision *judge, const char *code, LintPlace place, const char *table,
                   const char *message, ...) PRINTF_LIKE(5, 6);
// The same of no statement and no script.
void lint_found_at(Lint *lint, const char *code, const Revision *revision, SourcePos at, const char *message,
                   ...) PRINTF_LIKE(5, 6);
bool lint_is_on(const Lint *lint, const char *code); // for what costs something to look for
// The pattern of `name-pattern: {table: …}` for a kind; NULL: none is set.
const char *lint_pattern(const Lint *lint, const char *code, const char *key);

// --- what rules ask --------------------------------------------------------

// The statement that made an object, or the head of the script where that is not known.
LintPlace lint_place_of(const JudgeRevision *judge, const Object *object);
LintPlace lint_place_at(SourcePos at); // a line of the script
// What the revisions under judgement made themselves: nobody uses it yet, and it holds no rows worth a lock.
bool lint_made_here(const Lint *lint, ObjectKind kind, const char *schema, const char *table,
                    const char *name);
// Of those, what this revision made.
bool lint_made_by(const JudgeRevision *judge, const Object *object);
bool lint_table_is_new(const Judge *judge,
                       SqlName name); // made by this set, temporary, or a copy of a rebuild
// Was it there before the set, so that it may hold rows and be in use? Depth text: it was not made in the set.
bool lint_table_is_old(const Judge *judge, SqlName name);
// Can the statement lock, read or rewrite a table that was there before the set, by its outline?
bool lint_may_cost(const Judge *judge);
// A schema as it is written, as a Schema has it: NULL is the default one.
const char *lint_schema_of(const Lint *lint, const char *schema);
// The table in a schema by the name in the text: of the default schema where none is written. NULL: there is none.
const Table *lint_table(const Schema *schema, SqlName name);
const char *lint_title(Arena *arena, SqlName name);
bool lint_is_engine(const Lint *lint, unsigned engines); // of LintEngine
// Does the statement run code: a block, a procedure, functions in a query? What that did is told by the changes alone.
bool lint_runs_code(const Judge *judge);
// Does a query on the target give a row? UNSET: nobody can be asked, or what the query names is not there yet, or the
// revisions under judgement change rows of this table before. Only whether there is a row is looked at, never a value.
Tristate lint_ask(const Judge *judge, const Object *table, const char *query);
// The usual questions. Is there a row at all, or one for which the condition is true?
Tristate lint_ask_rows(const Judge *judge, const Object *table, const char *where);
Tristate lint_ask_null(const Judge *judge, const Object *table, const char *column);
Tristate lint_ask_check(const Judge *judge, const Object *table,
                        const char *expression); // one that breaks it
Tristate lint_ask_duplicates(const Judge *judge, const Object *table, const PartList *columns,
                             bool nulls_not_distinct, const char *where);
Tristate lint_ask_orphans(const Judge *judge, const Object *table, const Constraint *key,
                          const Table *parent);
// Does the earlier text of the section have this (a test for rules that look back)? Statement numbers from 1.
typedef bool LintLook(const Sentence *earlier, const void *payload);
bool lint_looks_back(const Judge *judge, LintLook *look, const void *payload);
// Every change of a kind of object: NULL ends. `from` begins with 0.
const Change *lint_change(const Judge *judge, ChangeKind kind, ObjectKind object, size_t *from);

#endif
