// lint.h -- judges revisions before they run: what a statement destroys, breaks, locks, or means besides its text.
//
// The statements are executed one after another in a scratch database that the earlier revisions were replayed in. So
// the schema before and after each statement is known, and their difference tells what it did, whatever its text. Rules
// look at that difference first, and at the text for what leaves no trace in the catalogue (locks, IF EXISTS, a missing
// WHERE, words of transactions).
//
// Each family of rules is one file, rules_<family>.c (see judge.h): its table of rules with their texts, and the functions
// that are called for each statement and each revision.
//
// Fails: as the scratch database or a script does. A statement that the server refuses is no failure of lint: rules may
// ask why. Memory: the arena of the Lint.
#ifndef CORE_LINT_LINT_H
#define CORE_LINT_LINT_H

#include "core/base/error.h"
#include "core/db/driver.h"
#include "core/db/statistics.h"
#include "core/diff/diff.h"
#include "core/lint/sentence.h"
#include "core/model/step.h"
#include "core/revision/graph.h"

typedef enum LintLevel { LINT_OFF, LINT_NOTICE, LINT_WARNING, LINT_ERROR } LintLevel;

// text: rules look at the statement alone. replay: at the schema before and after too. trace: the engine is asked what
// each statement costs besides.
typedef enum LintDepth { LINT_TEXT, LINT_REPLAY, LINT_TRACE } LintDepth;

typedef enum LintEngine {
    ON_SQLITE = 1 << 0,
    ON_POSTGRESQL = 1 << 1,
    ON_MYSQL = 1 << 2,
    ON_MARIADB = 1 << 3,
    ON_ALL = ON_SQLITE | ON_POSTGRESQL | ON_MYSQL | ON_MARIADB,
    ON_BOTH_MYSQL = ON_MYSQL | ON_MARIADB,
} LintEngine;

typedef struct LintRule {
    const char *code, *name; // "L101", "index-not-concurrent"
    unsigned engines;        // of LintEngine
    LintLevel level;         // by default
    const char *summary;     // one sentence: what is wrong, for lists
    const char *why;         // what happens, as far as it was measured; for --explain and docs/lint.md
    const char *instead;     // what to do; NULL: nothing to say
    const char *aliases;     // names of other tools, separated by blanks; NULL: none
    bool online;             // a plan for online changes does it in the way that it asks for, where it can
} LintRule;
const LintRule *lint_rule(const char *text);  // by code, name or alias, case-insensitive; NULL: there is none
const char *lint_group(const LintRule *rule); // "destroys", "breaks", "fails", "locks" …: its family
// Every rule in the order of its code; the payload is handed on.
void lint_rules_each(void (*visit)(void *payload, const LintRule *rule), void *payload);
LintLevel lint_level_named(const char *word, bool *known);
const char *lint_level_word(LintLevel level);

// What was measured of a statement, or is known without measuring.
typedef struct LintFact {
    const char *lock;      // NULL: none worth saying
    const char *algorithm; // MySQL and MariaDB: INSTANT, NOCOPY, INPLACE, COPY; NULL: not asked
    bool rewrites, scans;
    long long rows; // of the table on the target; -1: not known
    bool measured;  // the engine said so; else it follows from the statement
} LintFact;

typedef struct LintFinding {
    const LintRule *rule;
    LintLevel level;
    const Revision *revision; // NULL: of the model or the project
    SourcePos at;
    size_t statement;    // from 1, within its section; 0: of the whole revision
    const char *section; // "upgrade", "downgrade"; NULL: of neither
    const char *table;   // NULL: of none
    const char *message, *instead;
    const LintFact *fact;   // NULL: none
    const char *suppressed; // the reason, "" where none was given; NULL: not suppressed
    Text sql;               // of the statement; empty: it is of no single one
} LintFinding;
typedef VEC(LintFinding) LintFindingList;

// `lint:` of cmigrate.yaml, and the command line over it.
typedef struct LintRuleSetting {
    const LintRule *rule;
    LintLevel level;
    NameList patterns; // of name-pattern: pairs "table", "^[a-z_]+$"
    bool level_set;
} LintRuleSetting;
typedef struct LintSettings {
    LintDepth depth;
    LintLevel fail_on; // LINT_OFF: never
    VEC(LintRuleSetting) rules;
    NameList groups;                          // pairs: group, level
    NameList versions;                        // pairs: engine, version that production runs
    NameList ignore_tables, ignore_revisions; // globs; ids
    unsigned long small_table, big_table;
    bool require_reason;
    bool model;        // the model is judged too, whatever is asked for
    const char *stats; // path of the file of `inspect --stats`, relative to the configuration; NULL: none
    bool infers_references; // PARENT_id is a reference to PARENT
    bool lock_timeout;      // the project sets one, so the runner bounds each wait
    bool statement_timeout;
} LintSettings;

// A revision as it was planned a moment ago: what its statements do is known without a database.
typedef struct LintPlan {
    const Schema *have, *renamed, *want; // `renamed`: `have` under its new names
    const StepList *steps;               // in the order of the statements
    const StatementList *statements;
} LintPlan;

// What was found outside of the revisions' statements (git, the history of the target, the model), to be reported by its
// rule: at the revision while that is judged, so that its comments suppress it, else on its own.
typedef struct LintNote {
    const char *code;
    const Revision *revision; // NULL: of none that there is
    SourcePos at;
    const char *text;
    bool reported;
} LintNote;
typedef VEC(LintNote) LintNoteList;

typedef struct LintCoverage {
    size_t statements, understood, traced;
} LintCoverage;

typedef struct Lint {
    Arena *arena;
    const LintSettings *settings;
    const Dialect *dialect;
    const Graph *graph;
    const NameList *variables; // --var NAME=VALUE of the command line
    Db *scratch;               // empty at the beginning; NULL: depth text
    const Filter *filter;
    bool is_last;                // no revision is executed after the one that is judged
    const LintPlan *planned;     // of the one revision that is judged; NULL: it is executed in `scratch`
    Db *target;                  // for rules that ask the rows; NULL: not asked
    LintDepth depth;             // that could be had
    const Schema *model;         // whose `lint: {allow: …}` suppress; NULL: it was not read
    const LiveFactList *live;    // of the database whose schema is judged; NULL: not asked
    const TableStatList *stats;  // of the target, or of a file that inspect wrote; NULL: not known
    const RevisionList *current; // that the target is at: what it has is not asked about; NULL: not known
    LintNoteList notes;
    bool one_by_one;     // each revision is judged as if those before it had been applied long ago
    Direction direction; // which sections are judged; downgrades by their text alone
    ServerInfo server;
    LintFindingList findings;
    LintCoverage coverage;
    bool (*interrupted)(void *payload); // asked after each statement; NULL: never
    void *payload;                      // of it
    const char *reserved;               // PostgreSQL's reserved words, once asked (rules_names.c)
    struct LintSet *set;                // what the revisions that are judged have made so far
    struct LintAllow *allow;            // of the script that is judged
} Lint;

// Judges `selected` (in topological order) against what the revisions before them make. Findings are appended in the
// order of revision, line and code.
bool lint_run(Lint *lint, const RevisionList *selected, Error *err) MUST_USE;
// Judges a schema as it appears by the rules of schemas and names: a model, whose objects know their place, or a live one.
// lint->server says what it is for, as far as that is known. Findings are appended.
void lint_schema_run(Lint *lint, const Schema *schema);
// Reports what lint->model allows of rules that there are not (X102), or that found nothing (X101).
void lint_model_end(Lint *lint);
// Reports the notes that no judged revision took, and puts all findings in their order. Called once, at the end.
void lint_end(Lint *lint);

#endif
