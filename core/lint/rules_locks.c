// L0: what a section as a whole holds, and for how long.
#include <string.h>
#include <strings.h>

#include "core/base/base.h"
#include "core/lint/locks.h"

static const LintRule rules[] = {
    {.code = "L001",
     .name = "waits-while-locked",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "Long work is done while a table is locked against everything.",
     .why = "A lock is held until its transaction ends: what reads or writes rows after an ACCESS EXCLUSIVE "
             "lock was "
             "taken makes everybody wait for it.", .instead = "put the work in a section or a revision of its own",
     .aliases = "E4 running-statement-while-holding-access-exclusive" },
    { .code = "L002",
     .name = "many-tables-locked",
     .engines = ON_POSTGRESQL,
     .level = LINT_NOTICE,
     .summary = "One transaction locks several tables.",
     .why = "All of them stay locked until the last statement, and two sessions that take them in another "
             "order "
             "wait for each other.", .instead = "a section or a revision for each table",
     .aliases = "wide-lock-window" },
    { .code = "L003",
     .name = "no-lock-timeout",
     .engines = ON_POSTGRESQL | ON_BOTH_MYSQL,
     .level = LINT_WARNING,
     .summary = "Nothing says how long the statement may wait for its lock.",
     .why = "While it waits behind a long query, everybody who comes later waits behind it.",
     .instead = "lock_timeout in cmigrate.yaml, or SET LOCAL lock_timeout in the script",
     .aliases = "require-lock-timeout E9 lock-timeout-warning" },
    { .code = "L004",
     .name = "backfill-in-ddl-transaction",
     .engines = ON_POSTGRESQL | ON_SQLITE,
     .level = LINT_WARNING,
     .summary = "Rows are filled in the transaction that changed a table.",
     .why = "The lock of the ALTER TABLE is held until the last row is written.",
     .instead = "fill the rows in a revision of their own",
     .aliases = "backfilling" },
    { .code = "L005",
     .name = "backfill-not-batched",
     .engines = ON_ALL,
     .level = LINT_NOTICE,
     .summary = "One statement changes every row of the table.",
     .why = "Every row stays locked until the last is written, the log grows by the table, and a replica "
             "falls behind.", .instead = "`-- cmigrate: batch 1000 by id` above it, in a section with no-transaction",
     .aliases = "update-in-migration statement.affected-row-limit" },
    { .code = "L006",
     .name = "alters-not-merged",
     .engines = ON_POSTGRESQL | ON_BOTH_MYSQL,
     .level = LINT_WARNING,
     .summary = "Several statements read or rewrite the same table.",
     .why = "Measured: four changes of type and two NOT NULL on 400,000 rows take 2.1 to 3.6 s one by one "
             "and 0.65 to "
             "0.85 s in one ALTER TABLE.", .instead = "write the actions in one ALTER TABLE, separated by commas",
     .aliases = "W12 multiple-alter-table multiple_alter_table statement.merge-alter-table" },
    { .code = "L007",
     .name = "no-statement-timeout",
     .engines = ON_POSTGRESQL | ON_MARIADB,
     .level = LINT_OFF,
     .summary = "Nothing says how long the statement may run.",
     .why = "A statement that takes longer than was thought holds its locks for as long.",
     .instead = "statement_timeout in cmigrate.yaml, or SET LOCAL statement_timeout in the script",
     .aliases = "require-statement-timeout" },
    { 0                                            },
};

static bool kind_is(const Sentence *s, const char *kind) { return strcmp(s->kind, kind) == 0; }

static bool is_strong(const char *lock)
{
    return lock && (strcmp(lock, "ACCESS EXCLUSIVE") == 0 || strcmp(lock, "EXCLUSIVE") == 0 ||
                    strcmp(lock, "SHARE ROW EXCLUSIVE") == 0);
}

static bool is_new(const Judge *judge, const TableCost *cost)
{
    return lint_made_here(judge->lint, OBJECT_TABLE, cost->schema, NULL, cost->table);
}

// --- rows ------------------------------------------------------------------

// Is it divided by `-- cmigrate: batch`, so that each piece commits by itself?
static bool runs_in_pieces(const Judge *judge)
{
    return judge->statement->batch &&
           (judge->section->no_transaction || !(judge->lint->dialect->caps & CAN_TRANSACTIONAL_DDL));
}

// Does the condition name a range or a value of a key, or end after some rows?
static bool is_batched(const Judge *judge)
{
    const Clause *all = &judge->sentence->all;
    size_t where = clause_after(all, "WHERE");
    const Table *table = lint_table(judge->before, judge->sentence->object);
    if (clause_after_anywhere(all, "LIMIT"))
        return true;
    if (!where)
        return false;
    for (size_t i = where; i < all->count; i++) {
        const char *name = clause_name(judge->arena, judge->lint->dialect, all, i);
        if (!name)
            continue;
        if (strcasecmp(name, "between") == 0 || strcasecmp(name, "ctid") == 0 ||
            strcasecmp(name, "rowid") == 0)
            return true;
        VEC_EACH (Constraint *, key, table ? &table->constraints : &(ConstraintList){ 0 })
            if (((*key)->head.kind == OBJECT_PRIMARY_KEY || (*key)->head.kind == OBJECT_UNIQUE) &&
                parts_have_column(&(*key)->parts, name))
                return true;
    }
    return false;
}

// WHERE true, WHERE c IS NULL, or none: as a rule, every row or nearly every one.
static bool changes_most_rows(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    if ((s->verb != VERB_UPDATE && s->verb != VERB_DELETE) || !lint_table_is_old(judge, s->object))
        return false;
    size_t where = clause_after(&s->all, "WHERE");
    bool wide = !where || clause_after(&s->all, "IS NULL") ||
                (where + 1 == s->all.count && token_is(&s->all.tokens[where], "TRUE"));
    return wide && !runs_in_pieces(judge) && !is_batched(judge);
}

typedef struct Altered {
    const Judge *judge;
} Altered;

static bool alters_old(const Sentence *earlier, const void *payload)
{
    const Altered *wanted = payload;
    return earlier->verb == VERB_ALTER && kind_is(earlier, "table") &&
           lint_table_is_old(wanted->judge, earlier->object);
}

static void judge_rows(const Judge *judge)
{
    const Altered altered = { judge };
    const char *table = judge->sentence->object.name;
    if (!changes_most_rows(judge))
        return;
    lint_found(judge, "L005", table, NULL, NULL, "all rows of table %s are changed at once", table);
    if (!judge->section->no_transaction && lint_looks_back(judge, alters_old, &altered))
        lint_found(judge, "L004", table, NULL, NULL,
                   "rows of table %s are filled while the lock of an ALTER TABLE is held", table);
}

// --- locks that are held ---------------------------------------------------

static const SetCost *held(const Judge *judge, bool everything)
{
    VEC_EACH (SetCost, it, &judge->lint->set->costs)
        if (it->section == judge->section &&
            (everything ? it->lock && strcmp(it->lock, "ACCESS EXCLUSIVE") == 0 : is_strong(it->lock)))
            return it;
    return NULL;
}

// A plan is written as a whole: a problem of all its statements is reported at the first.
static bool is_said(const Judge *judge, const char *code, const char *table)
{
    VEC_EACH (LintFinding, it, &judge->lint->findings)
        if (judge->lint->planned && strcmp(it->rule->code, code) == 0 && same_text(it->table, table))
            return true;
    return false;
}

static void judge_waiting(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    const SetCost *lock = judge->section->no_transaction ? NULL : held(judge, true);
    const TableCost *read = locks_read(judge);
    bool query = s->verb == VERB_SELECT && clause_after_anywhere(&s->all, "FROM") != 0;
    bool sleeps = clause_after_anywhere(&s->all, "pg_sleep") != 0;
    if (lock && (read || query || sleeps || changes_most_rows(judge)) && !is_said(judge, "L001", lock->table))
        lint_found(judge, "L001", lock->table, judge->cost, NULL,
                   "table %s is locked since statement %zu, and everybody waits for this one too",
                   lock->table, lock->statement);
}

// Is this the first statement of the section to lock a further table?
static void judge_many(const Judge *judge)
{
    const SetCost *first = judge->section->no_transaction ? NULL : held(judge, false);
    if (!first || !judge->measured)
        return;
    VEC_EACH (TableCost, it, &judge->measured->tables) {
        bool known = false;
        VEC_EACH (SetCost, earlier, &judge->lint->set->costs)
            known |= earlier->section == judge->section && is_strong(earlier->lock) &&
                     strcmp(earlier->table, it->table) == 0 && same_text(earlier->schema, it->schema);
        if (is_strong(it->lock) && !known && !is_new(judge, it)) {
            lint_found(judge, "L002", it->table, locks_fact(judge, it), NULL,
                       "table %s is locked while table %s still is", it->table, first->table);
            return;
        }
    }
}

// PostgreSQL checks foreign keys by queries of their own behind the pass over the table: one ALTER TABLE would read no less.
static bool only_adds_foreign_keys(const Judge *judge)
{
    if (!lint_is_engine(judge->lint, ON_POSTGRESQL))
        return false;
    VEC_EACH (const Clause, it, &judge->sentence->clauses)
        if (!clause_begins(it, "ADD") || !clause_after(it, "FOREIGN KEY"))
            return false;
    return true;
}

static void judge_merging(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    const TableCost *cost = locks_cost_of(judge, s->object);
    bool alters = s->verb == VERB_ALTER && kind_is(s, "table") && !locks_clause(s, "VALIDATE") && cost &&
                  !only_adds_foreign_keys(judge);
    if (!alters || (!cost->scanned && !cost->rewritten) || is_said(judge, "L006", cost->table))
        return;
    VEC_EACH (SetCost, it, &judge->lint->set->costs)
        if (it->section == judge->section && it->verb == VERB_ALTER && (it->scanned || it->rewritten) &&
            strcmp(it->table, cost->table) == 0 && same_text(it->schema, cost->schema)) {
            lint_found(judge, "L006", cost->table, locks_fact(judge, cost), NULL,
                       "table %s is read or written again, as by statement %zu", cost->table, it->statement);
            return;
        }
}

// --- timeouts --------------------------------------------------------------

typedef struct Timeout {
    const Judge *judge;
    const char *const *names;
} Timeout;

// SET [LOCAL | SESSION] lock_timeout = '1s', SET lock_timeout TO DEFAULT, and set_config('lock_timeout', …). NO: it is put back
// to no limit, which 0 is. UNSET: the statement is about something else.
static Tristate sets_timeout(const Sentence *earlier, const Timeout *wanted)
{
    const Clause *all = &earlier->all;
    if (earlier->verb != VERB_SET && !earlier->sets_config)
        return UNSET;
    for (size_t i = 0; i < all->count; i++) {
        const char *word = clause_name(wanted->judge->arena, wanted->judge->lint->dialect, all, i);
        for (size_t k = 0; word && wanted->names[k]; k++) {
            if (strcasecmp(word, wanted->names[k]) != 0)
                continue;
            size_t value = i + 1;
            while (value < all->count &&
                   (token_is(&all->tokens[value], "=") || token_is(&all->tokens[value], ",") ||
                    token_is(&all->tokens[value], ":=") || token_is(&all->tokens[value], "TO")))
                value++;
            const char *text = clause_text(wanted->judge->arena, all, value, value + 1);
            text += *text == '\'';
            const char *digit = text + strspn(text, "0.");
            bool zero = *text == '0' && !(*digit >= '1' && *digit <= '9');
            return !*text || zero || strcasecmp(text, "DEFAULT") == 0 ? NO : YES;
        }
    }
    return UNSET;
}

// Is there a limit when the statement runs? The last statement of the section that sets it decides, else the configuration.
static bool has_timeout(const Judge *judge, const char *const *names, bool configured)
{
    const Timeout wanted = { judge, names };
    for (size_t i = judge->number - 1; i-- > 0;) {
        Tristate set = sets_timeout(&judge->sentences[i], &wanted);
        if (set != UNSET)
            return set == YES;
    }
    return configured;
}

// Does the statement wait for a lock on a table that others use?
static bool waits_for_lock(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    // MySQL and MariaDB wait for the table's metadata lock, however little they do then
    if (judge->measured && lint_is_engine(judge->lint, ON_POSTGRESQL)) {
        VEC_EACH (TableCost, it, &judge->measured->tables)
            if (it->lock && !is_new(judge, it))
                return true;
        return false;
    }
    if (s->verb == VERB_CREATE && (kind_is(s, "index") || kind_is(s, "trigger")))
        return !s->concurrently && lint_table_is_old(judge, s->on);
    return kind_is(s, "table") && (s->verb == VERB_ALTER || s->verb == VERB_DROP || s->verb == VERB_RENAME) &&
           lint_table_is_old(judge, s->object);
}

static bool waited_before(const Sentence *earlier, const void *payload)
{
    return alters_old(earlier, payload) || (earlier->verb == VERB_DROP && kind_is(earlier, "table"));
}

static void judge_timeouts(const Judge *judge)
{
    static const char *const lock[] = { "lock_timeout", "lock_wait_timeout", "innodb_lock_wait_timeout",
                                        NULL };
    static const char *const statement[] = { "statement_timeout", "max_statement_time", NULL };
    const Altered altered = { judge };
    const LintSettings *settings = judge->lint->settings;
    const Sentence *s = judge->sentence;
    if (!waits_for_lock(judge) || lint_looks_back(judge, waited_before, &altered))
        return;
    bool waits = !clause_after(&s->all, "NOWAIT") && !clause_after(&s->all, "WAIT");
    if (waits && !has_timeout(judge, lock, settings->lock_timeout))
        lint_found(judge, "L003", s->object.name, judge->cost, NULL,
                   "the statement may wait for its lock forever");
    if (!has_timeout(judge, statement, settings->statement_timeout))
        lint_found(judge, "L007", s->object.name, judge->cost, NULL, "the statement may run forever");
}

static void judge_statement(const Judge *judge)
{
    judge_rows(judge);
    judge_waiting(judge);
    judge_many(judge);
    judge_merging(judge);
    judge_timeouts(judge);
}

const LintFamily lint_locks = {
    .group = "locks", .rules = rules, .statement = judge_statement, .inner = judge_rows
};
