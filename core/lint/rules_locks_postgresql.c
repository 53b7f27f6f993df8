// L1: what PostgreSQL locks while it builds an index, validates, attaches or detaches.
#include <string.h>

#include "core/lint/locks.h"

static const LintRule rules[] = {
    {.code = "L101",
     .online = true,
     .name = "index-not-concurrent",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "The index is built while writers wait.",
     .why =
          "CREATE INDEX holds a SHARE lock on the table until every row is read: nobody can insert, update "
          "or delete meanwhile.", .instead = "CREATE INDEX CONCURRENTLY, in a section `-- cmigrate: upgrade no-transaction`",
     .aliases = "require-concurrent-index-creation PG101 add_index E6 CREATE_INDEX" },
    { .code = "L102",
     .online = true,
     .name = "drop-index-not-concurrent",
     .engines = ON_POSTGRESQL,
     .level = LINT_NOTICE,
     .summary = "Dropping the index takes an ACCESS EXCLUSIVE lock on its table.",
     .why = "The lock is short, but waits for every running query, and whoever comes later waits behind it.",
     .instead = "DROP INDEX CONCURRENTLY, in a section `-- cmigrate: upgrade no-transaction`",
     .aliases = "require-concurrent-index-deletion PG102 remove_index DROP_INDEX" },
    { .code = "L103",
     .name = "reindex-not-concurrent",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "REINDEX blocks writers, and readers of the index.",
     .why =
          "It holds a SHARE lock on the table and an ACCESS EXCLUSIVE lock on each index until it is built.", .instead = "REINDEX ... CONCURRENTLY, in a section `-- cmigrate: upgrade no-transaction`",
     .aliases = "require-concurrent-reindex reindex-non-concurrent REINDEX" },
    { .code = "L112",
     .name = "validated-too-early",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "A constraint is validated in the transaction that added it NOT VALID.",
     .why = "The lock of ADD CONSTRAINT is held until the transaction ends, so the rows are read under it "
             "after "
             "all.", .instead = "validate in a section or a revision of its own",
     .aliases = "not-valid-validate-same-tx" },
    { .code = "L113",
     .online = true,
     .name = "unique-builds-index",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "The unique constraint builds its index while everybody waits.",
     .why = "ALTER TABLE holds an ACCESS EXCLUSIVE lock until every row is read and sorted.",
     .instead = "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT ... UNIQUE USING INDEX",
     .aliases = "disallowed-unique-constraint PG105 add_unique_constraint E7" },
    { .code = "L114",
     .online = true,
     .name = "primary-key-builds-index",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "The primary key builds its index while everybody waits.",
     .why =
          "ALTER TABLE holds an ACCESS EXCLUSIVE lock until every row is read, for the index and, where the "
          "column may be NULL, for NOT NULL.", .instead =
          "CREATE UNIQUE INDEX CONCURRENTLY, make the columns NOT NULL, then ADD CONSTRAINT ... PRIMARY KEY "
          "USING INDEX", .aliases = "adding-serial-primary-key-field PG104 PG304" },
    { .code = "L115",
     .name = "exclusion-builds-index",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "The exclusion constraint builds its index while everybody waits.",
     .why = "ALTER TABLE holds an ACCESS EXCLUSIVE lock until every row is read and compared. An exclusion "
             "constraint cannot be added NOT VALID, nor from an index that is there.", .instead = "add it when nobody writes, or to a new table that the rows are moved to",
     .aliases = "add_exclusion_constraint E8 add-constraint-exclude" },
    { .code = "L116",
     .name = "attach-scans",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "Attaching reads every row of the partition, or of the default partition.",
     .why = "The rows are checked against the bounds under an ACCESS EXCLUSIVE lock on the partition, "
             "unless a valid "
             "CHECK constraint proves that they fit.", .instead = "ADD CONSTRAINT ... CHECK (the bounds) NOT VALID, VALIDATE it, attach, then drop the check",
     .aliases = "attach-partition" },
    { .code = "L117",
     .name = "detach-not-concurrent",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "Detaching takes an ACCESS EXCLUSIVE lock on the whole partitioned table.",
     .why = "Every query of every partition waits until the transaction ends.",
     .instead = "DETACH PARTITION ... CONCURRENTLY in a no-transaction section, where there is no default "
                 "partition", .aliases = "require-concurrent-partition-detach detach-partition" },
    { .code = "L120",
     .name = "refresh-blocks-readers",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "REFRESH MATERIALIZED VIEW blocks its readers until the query has run.",
     .why = "It holds an ACCESS EXCLUSIVE lock on the view.",
     .instead = "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on the view",
     .aliases = "refresh-matview-blocking" },
    { .code = "L121",
     .name = "trigger-locks-writers",
     .engines = ON_POSTGRESQL,
     .level = LINT_OFF,
     .summary = "CREATE TRIGGER waits for all writers of the table.",
     .why = "It takes a SHARE ROW EXCLUSIVE lock: short, but whoever writes later waits behind it.",
     .instead = "set lock_timeout, and try again",
     .aliases = "create-trigger" },
    { 0                                                                               },
};

static bool kind_is(const Sentence *s, const char *kind) { return strcmp(s->kind, kind) == 0; }

// --- indexes ---------------------------------------------------------------

static void judge_create_index(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    bool old = lint_table_is_old(judge, s->on) || locks_old_view(judge, s->on);
    const TableCost *cost = locks_cost_of(judge, s->on);
    // measured: IF NOT EXISTS may have done nothing, and a partitioned table without partitions holds no rows
    if (s->concurrently || (s->only && !judge->measured) || !old || (judge->measured && !locks_read(judge)))
        return;
    const Table *table = lint_table(judge->before, s->on);
    bool partitioned = table && option_get(&table->head.options, "partition_by");
    lint_found(judge, "L101", s->on.name, locks_fact(judge, cost),
               partitioned ? "CREATE INDEX ON ONLY the partitioned table, CREATE INDEX CONCURRENTLY on each "
                             "partition, then ALTER INDEX ... ATTACH PARTITION"
                           : NULL,
               "nobody can write to table %s until the index is built", s->on.name);
}

// Those that a block of code or a procedure made.
static void judge_hidden_indexes(const Judge *judge)
{
    size_t from = 0;
    for (const Change *it; (it = lint_change(judge, CHANGE_CREATE, OBJECT_INDEX, &from)) != NULL;) {
        SqlName table = { it->want->schema, it->want->table };
        const TableCost *cost = locks_cost_of(judge, table);
        if (cost && cost->scanned && lint_table_is_old(judge, table))
            lint_found(judge, "L101", table.name, locks_fact(judge, cost), NULL,
                       "nobody can write to table %s until index %s is built", table.name, it->want->name);
    }
}

static const Table *table_of_index(const Judge *judge, SqlName name, const Index **out)
{
    if (!judge->before || !name.name)
        return NULL;
    const char *schema = name.schema && strcmp(name.schema, "public") == 0 ? NULL : name.schema;
    VEC_EACH (Table *, it, &judge->before->tables) {
        const Index *index = table_index(*it, name.name);
        bool same = schema ? (*it)->head.schema && strcmp((*it)->head.schema, schema) == 0 : true;
        if (index && same) {
            *out = index;
            return *it;
        }
    }
    return NULL;
}

static void judge_drop_index(const Judge *judge, SqlName name)
{
    const Index *index = NULL;
    const Table *table = table_of_index(judge, name, &index);
    if (judge->sentence->concurrently || (judge->before && !table))
        return;
    if (table) {
        SqlName of = { table->head.schema, table->head.name };
        if (lint_table_is_new(judge, of) || option_get(&table->head.options, "partition_by") ||
            lint_made_here(judge->lint, OBJECT_INDEX, table->head.schema, table->head.name, name.name))
            return;
    }
    const char *title = table ? table->head.name : NULL;
    lint_found(judge, "L102", title, judge->cost, NULL, "dropping index %s locks %s%s against everything",
               name.name, title ? "table " : "its table", title ? title : "");
}

static void judge_reindex(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    const Clause *all = &s->all;
    if (!clause_begins(all, "REINDEX") || clause_after_anywhere(all, "CONCURRENTLY") ||
        (judge->measured && !locks_read(judge)))
        return;
    lint_found(judge, "L103", NULL, judge->cost, NULL, "nobody can write until the indexes are built again");
}

// --- constraints that need an index ----------------------------------------

static bool uses_index(const Judge *judge)
{
    return clause_after(&judge->sentence->all, "USING INDEX") &&
           !clause_after(&judge->sentence->all, "USING INDEX TABLESPACE");
}

static void found_key(const Judge *judge, ObjectKind kind, SqlName table)
{
    static const struct {
        ObjectKind kind;
        const char *code, *what;
    } found[] = {
        {OBJECT_UNIQUE,       "L113", "unique constraint"   },
        { OBJECT_PRIMARY_KEY, "L114", "primary key"         },
        { OBJECT_EXCLUDE,     "L115", "exclusion constraint"},
    };
    for (size_t i = 0; i < COUNT_OF(found); i++)
        if (found[i].kind == kind)
            lint_found(judge, found[i].code, table.name, locks_fact(judge, locks_cost_of(judge, table)), NULL,
                       "table %s is locked against everything until the index of the %s is built", table.name,
                       found[i].what);
}

// By what was made; where the rows had the server refuse it, by what the text asks for.
static void judge_keys(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    bool code = lint_runs_code(judge);
    bool alters = kind_is(s, "table") && s->verb == VERB_ALTER && lint_table_is_old(judge, s->object);
    if ((!alters && !code) || uses_index(judge))
        return;
    VEC_EACH (Change, it, judge->changes)
        if (it->kind == CHANGE_CREATE && it->want->table &&
            (!code || lint_table_is_old(judge, (SqlName){ it->want->schema, it->want->table })))
            found_key(judge, it->want->kind, (SqlName){ it->want->schema, it->want->table });
    if (code)
        return;
    // DROP and ADD of one key at once are no new object
    if (!judge->after || locks_clause(s, "DROP CONSTRAINT"))
        VEC_EACH (const Clause, it, &s->clauses)
            if (clause_begins(it, "ADD")) {
                if (clause_after(it, "UNIQUE"))
                    found_key(judge, OBJECT_UNIQUE, s->object);
                if (clause_after(it, "PRIMARY KEY"))
                    found_key(judge, OBJECT_PRIMARY_KEY, s->object);
                if (clause_after(it, "EXCLUDE"))
                    found_key(judge, OBJECT_EXCLUDE, s->object);
            }
}

typedef struct Validated {
    const Judge *judge;
    const char *table, *constraint;
} Validated;

// ALTER TABLE table ADD CONSTRAINT constraint … NOT VALID
static bool adds_not_valid(const Sentence *earlier, const void *payload)
{
    const Validated *wanted = payload;
    if (earlier->verb != VERB_ALTER || !earlier->object.name ||
        strcmp(earlier->object.name, wanted->table) != 0)
        return false;
    VEC_EACH (const Clause, it, &earlier->clauses) {
        const char *name = clause_begins(it, "ADD CONSTRAINT")
                               ? clause_name(wanted->judge->arena, wanted->judge->lint->dialect, it, 2)
                               : NULL;
        if (name && strcmp(name, wanted->constraint) == 0 && clause_after(it, "NOT VALID"))
            return true;
    }
    return false;
}

static void judge_validation(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    if (judge->section->no_transaction || s->verb != VERB_ALTER || !lint_table_is_old(judge, s->object))
        return;
    VEC_EACH (const Clause, it, &s->clauses) {
        if (!clause_begins(it, "VALIDATE CONSTRAINT"))
            continue;
        const char *name = clause_name(judge->arena, judge->lint->dialect, it, 2);
        const Validated wanted = { judge, s->object.name, name ? name : "" };
        if (lint_looks_back(judge, adds_not_valid, &wanted))
            lint_found(judge, "L112", s->object.name, locks_fact(judge, locks_cost_of(judge, s->object)),
                       NULL,
                       "constraint %s of table %s was added in this transaction, whose lock is still held",
                       wanted.constraint, s->object.name);
    }
}

// --- partitions, views, triggers -------------------------------------------

static void judge_partitions(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    const Clause *detach = locks_clause(s, "DETACH PARTITION");
    if (detach && !clause_after(detach, "CONCURRENTLY") && !clause_after(detach, "FINALIZE") &&
        lint_table_is_old(judge, s->object))
        lint_found(judge, "L117", s->object.name, locks_fact(judge, locks_cost_of(judge, s->object)), NULL,
                   "table %s and all of its partitions are locked against everything", s->object.name);
    const Clause *attach = locks_clause(s, "ATTACH PARTITION");
    if (!attach || !kind_is(s, "table"))
        return;
    SqlName partition = clause_sql_name(judge->arena, judge->lint->dialect, attach, 2, NULL);
    const TableCost *read = locks_read(judge);
    if (!judge->measured && judge->before && lint_table_is_old(judge, partition))
        lint_found(judge, "L116", partition.name, NULL, NULL, "every row of %s is read for its bounds",
                   partition.name);
    else if (read)
        lint_found(judge, "L116", read->table, locks_fact(judge, read), NULL,
                   "every row of %s is read for the bounds of the partition", read->table);
}

static void judge_refresh(const Judge *judge)
{
    const Clause *all = &judge->sentence->all;
    size_t at = clause_after(all, "REFRESH MATERIALIZED VIEW");
    if (!at || (at < all->count && token_is(&all->tokens[at], "CONCURRENTLY")))
        return;
    SqlName name = clause_sql_name(judge->arena, judge->lint->dialect, all, at, NULL);
    if (!judge->before || locks_old_view(judge, name))
        lint_found(judge, "L120", name.name, judge->cost, NULL, "nobody can read %s until its query has run",
                   name.name);
}

// What the text says, of a statement inside of code too.
static void judge_text(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    if (!lint_is_engine(judge->lint, ON_POSTGRESQL))
        return;
    if (s->verb == VERB_DROP && kind_is(s, "index")) {
        judge_drop_index(judge, s->object);
        VEC_EACH (const SqlName, it, &s->others)
            judge_drop_index(judge, *it);
    }
    if (s->verb == VERB_MAINTAIN) {
        judge_reindex(judge);
        judge_refresh(judge);
    }
    if (s->verb == VERB_CREATE && kind_is(s, "trigger") && lint_table_is_old(judge, s->on))
        lint_found(judge, "L121", s->on.name, locks_fact(judge, locks_cost_of(judge, s->on)), NULL,
                   "the trigger waits for all writers of table %s", s->on.name);
    if (s->verb == VERB_ALTER) {
        judge_validation(judge);
        judge_partitions(judge);
    }
}

static void judge_statement(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    if (!lint_is_engine(judge->lint, ON_POSTGRESQL))
        return;
    if (s->verb == VERB_CREATE && kind_is(s, "index"))
        judge_create_index(judge);
    if (lint_runs_code(judge)) {
        judge_hidden_indexes(judge);
        judge_keys(judge);
    }
    judge_text(judge);
    if (s->verb == VERB_ALTER)
        judge_keys(judge);
}

const LintFamily lint_locks_postgresql = {
    .group = "locks", .rules = rules, .statement = judge_statement, .inner = judge_text
};
