// internal.h -- what the files of lint share besides judge.h.
#ifndef CORE_LINT_INTERNAL_H
#define CORE_LINT_INTERNAL_H

#include "core/lint/judge.h"

// made.c: what the revisions under judgement have made, by name.
typedef struct MadeObject {
    ObjectKind kind;
    const char *schema, *table, *name;
    const Revision *revision;
    LintPlace place;
    size_t next; // of the same hash, from 1; 0: none
} MadeObject;
// The numbers, from 1, of what was made, by the hash of its name; 0: none. What came since is entered when one is looked for.
typedef struct MadeIndex {
    size_t *heads, mask, entered;
} MadeIndex;
// What an earlier statement cost a table that was there before the set.
typedef struct SetCost {
    const Section *section;
    size_t statement;
    Verb verb;
    const char *schema, *table, *lock;
    bool rewritten, scanned;
} SetCost;
// A table or a column that a statement gave another name; `table` and `schema` as they were then.
typedef struct RenamedObject {
    const Revision *revision;
    ObjectKind kind;
    const char *schema, *table, *from, *to;
} RenamedObject;
typedef struct LintSet {
    VEC(MadeObject) made, dropped;
    MadeIndex by_name; // of `made`; all 0 when a name changed
    VEC(RenamedObject) renamed;
    VEC(SetCost) costs;
    NameList changed; // tables of which rows were changed
} LintSet;
// Takes in what a statement made, renamed and dropped; called after its rules.
void lint_set_note(const Judge *judge);

// The statement of the revision that dropped an object, or the head of the script where that is not known.
LintPlace lint_place_of_drop(const JudgeRevision *judge, const Object *object);

// The name that a table or a column had before the revision's first statement, if the revision renames it.
const char *lint_name_before(const JudgeRevision *judge, const Object *object);

// allow.c: the comments that suppress findings.
typedef struct Allowance {
    const LintRule *rule; // NULL: every rule
    size_t section;       // index among the sections of the script; statement 0: of the whole script
    size_t statement;
    SourcePos at;
    const char *reason;
    bool used, foreign; // of another tool's comment
} Allowance;
typedef struct LintAllow {
    VEC(Allowance) allowances;
    size_t section_index; // of the one that is judged
} LintAllow;
// Reads the comments of a script's sections; reports unknown rules (X102) and expired ones.
void lint_allow_read(const JudgeRevision *judge, LintAllow *out);
// The reason of the allowance that suppresses this rule at this statement; NULL: none does.
const char *lint_allow_take(LintAllow *allow, const LintRule *rule, size_t section, size_t statement);
void lint_allow_end(const JudgeRevision *judge, const LintAllow *allow); // X101, X104

// rows.c: removes the rows that are in the statement's way from the scratch database, where the server refused it for their
// sake: then it tells what the statement does besides. False: the rows were not the reason. Outside a transaction.
bool lint_empties(const Judge *judge, const Error *refusal);
// The same of the model's `lint: {allow: …}` at an object, its columns or its table. `object` may be NULL.
const char *lint_model_allows(const Lint *lint, const LintRule *rule, const Object *object,
                              const char *table);

// state.c: the schema of the scratch database at one moment.
typedef struct LintState {
    Schema schema;
    struct LintMemory *memory; // shared with the states that it has something in common with
} LintState;
// `since` (may be NULL): the state read last on this way, still there, and shared with where the driver can.
bool lint_state_read(Lint *lint, LintState *since, LintState **out, Error *err) MUST_USE;
void lint_state_free(LintState *state); // NULL is allowed
// What the judged statement did, by the difference: sets judge->renamed, fills `out`. The renames that the text states are
// taken for such where the difference agrees.
void lint_state_changes(Judge *judge, Arena *arena, LintState *before, LintState *after, ChangeList *out);

// rebuilt.c: tables that the revision made again under their name, as if one statement had changed them.
void lint_judge_rebuilt(const JudgeRevision *judge);
// way_back.c: R103. The scratch database is as before afterwards, unless no other revision is judged in it. `now`: its
// state after the upgrade.
void lint_judge_way_back(const JudgeRevision *judge, LintState *now);
// inner.c: the statements of a DO block, and of the functions and procedures that the statement calls.
void lint_inner_read(const Judge *judge, SentenceList *out);
// prepared.c: the text that an EXECUTE of MySQL and MariaDB runs; NULL: another statement, or it is not known.
const char *lint_prepared(const Judge *judge);
// planned.c: the steps that a statement of the plan belongs to, for each statement.
typedef VEC(const Step *) StepsOfStatement;
StepsOfStatement *lint_steps_of_statements(Arena *arena, const LintPlan *plan);
// Before, after, changes and cost of the statement with this index among all of the upgrade.
void lint_planned(Judge *judge, const LintPlan *plan, const StepsOfStatement *steps, size_t index,
                  ChangeList *out, LintFact *cost, StatementCost *measured);

// found.c
LintLevel lint_level_of(const Lint *lint, const LintRule *rule);

#endif
