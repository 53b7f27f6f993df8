// L1: what PostgreSQL rewrites, reads and locks besides. The server was asked what the statement did (files, scans, locks);
// what changed in the catalogue says why.
#include <string.h>
#include <strings.h>

#include "core/base/base.h"
#include "core/lint/locks.h"
#include "core/lint/model.h"

static const LintRule rules[] = {
    {.code = "L104",
     .name = "type-change-rewrites",
     .engines = ON_POSTGRESQL,
     .level = LINT_ERROR,
     .summary = "The new type makes the server write the whole table again.",
     .why =
          "Table and indexes are written under an ACCESS EXCLUSIVE lock: nobody reads or writes meanwhile. A "
          "longer or unlimited varchar, varchar and text, numeric with more digits at the same scale, a "
          "finer "
          "timestamp, cidr to inet and xml to text are free; all other changes were measured to rewrite.", .instead = "add a column of the new type, fill it in batches, and swap them; or keep the type",
     .aliases = "changing-column-type PG301 change_column E5" },
    { .code = "L105",
     .name = "default-rewrites",
     .engines = ON_POSTGRESQL,
     .level = LINT_ERROR,
     .summary = "The volatile default makes the server write the whole table again.",
     .why = "Each row gets a value of its own under an ACCESS EXCLUSIVE lock. A constant, now() and other "
             "stable "
             "expressions are stored once and rewrite nothing.", .instead = "add the column without a default, SET DEFAULT, then fill the rows in batches",
     .aliases = "adding-field-with-default PG302 add_column_default_callable" },
    { .code = "L106",
     .name = "new-column-rewrites",
     .engines = ON_POSTGRESQL,
     .level = LINT_ERROR,
     .summary =
          "A serial, identity or stored generated column makes the server write the whole table again.", .why = "Each row gets its value under an ACCESS EXCLUSIVE lock.",
     .instead =
          "add a plain column, let new rows have it by a default or trigger, then fill the rest in batches", .aliases = "add_column_generated_stored add_column_auto_incrementing E11 add-serial-column" },
    { .code = "L107",
     .name = "domain-rewrites",
     .engines = ON_POSTGRESQL,
     .level = LINT_ERROR,
     .summary = "A new column of a domain with a CHECK makes the server write the whole table again.",
     .why = "Measured on 15 and 18: even where every value is NULL.",
     .instead = "add a column of the base type with a CHECK ... NOT VALID",
     .aliases = "ban-create-domain-with-constraint" },
    { .code = "L108",
     .name = "table-rewritten",
     .engines = ON_POSTGRESQL,
     .level = LINT_ERROR,
     .summary = "The whole table is written again.",
     .why = "VACUUM FULL, CLUSTER, SET LOGGED, SET UNLOGGED, SET TABLESPACE and SET ACCESS METHOD copy it "
             "under an "
             "ACCESS EXCLUSIVE lock.", .instead = "pg_repack or pg_squeeze; from 19, REPACK (CONCURRENTLY)",
     .aliases = "prefer-repack vacuum-full" },
    { .code = "L109",
     .online = true,
     .name = "not-null-scans",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "NOT NULL reads every row while everybody waits.",
     .why = "SET NOT NULL holds an ACCESS EXCLUSIVE lock, and reads the table unless a valid CHECK "
             "constraint proves "
             "that there is no NULL.", .instead =
          "ADD CONSTRAINT ... CHECK (c IS NOT NULL) NOT VALID, VALIDATE it in another revision, then SET NOT "
          "NULL; from 18, ADD CONSTRAINT ... NOT NULL c NOT VALID", .aliases = "adding-not-nullable-field PG303 change_column_null E2" },
    { .code = "L110",
     .online = true,
     .name = "check-scans",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "A check reads every row while everybody waits.",
     .why = "It is checked under an ACCESS EXCLUSIVE lock, for a new column too, and again when the type of "
             "its column "
             "changes.", .instead = "ADD CONSTRAINT ... CHECK (...) NOT VALID, and VALIDATE it in another revision",
     .aliases = "constraint-missing-not-valid PG305 add_check_constraint E1" },
    { .code = "L111",
     .online = true,
     .name = "foreign-key-scans",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "The foreign key reads every row while writers wait.",
     .why = "Both tables are under a SHARE ROW EXCLUSIVE lock until the last row was looked up.",
     .instead = "ADD CONSTRAINT ... NOT VALID, and VALIDATE it in another revision",
     .aliases = "adding-foreign-key-constraint PG306 add_foreign_key" },
    { .code = "L118",
     .name = "partition-locks-default",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "The default partition is locked against everything.",
     .why = "A partition that comes or goes changes what the default partition may hold, and its rows are "
             "read, "
             "unless a valid CHECK proves that none of them moves.", .instead =
          "create the table by itself, and ATTACH it after a CHECK on the default partition was validated" },
    { .code = "L119",
     .name = "locks-referenced-table",
     .engines = ON_POSTGRESQL,
     .level = LINT_NOTICE,
     .summary = "Dropping a foreign key locks the referenced table against everything.",
     .why =
          "DROP TABLE and DROP CONSTRAINT take an ACCESS EXCLUSIVE lock there too, to remove its triggers.", .instead = "drop one foreign key in each transaction, with a lock_timeout" },
    { .code = "L122",
     .name = "domain-check-scans",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "The domain's new rule reads every table that uses it, while writers wait.",
     .why = "Each of them is under a SHARE lock.",
     .instead = "ALTER DOMAIN ... ADD CONSTRAINT ... NOT VALID, and VALIDATE it in another revision",
     .aliases = "ban-alter-domain-with-add-constraint" },
    { .code = "L123",
     .name = "reference-locks-both",
     .engines = ON_POSTGRESQL,
     .level = LINT_NOTICE,
     .summary = "The foreign key locks the referenced table against writers.",
     .why = "CREATE TABLE, ADD COLUMN and ADD CONSTRAINT with REFERENCES take a SHARE ROW EXCLUSIVE lock on "
             "it, NOT "
             "VALID or not: short, but it waits for every writer.", .instead = "set lock_timeout, and add one foreign key in each transaction",
     .aliases = "add_reference adding-foreign-key-constraint" },
    { .code = "L124",
     .name = "collation-rebuilds-index",
     .engines = ON_POSTGRESQL,
     .level = LINT_WARNING,
     .summary = "The indexes of the column are built again while everybody waits.",
     .why = "The table stays as it is, but another collation or order of the type needs another index, "
             "which is built "
             "under an ACCESS EXCLUSIVE lock.", .instead = "drop the index, change the column, and CREATE INDEX CONCURRENTLY" },
    { 0                                                                                                    },
};

static bool kind_is(const Sentence *s, const char *kind) { return strcmp(s->kind, kind) == 0; }

static SqlName table_of(const Object *part) { return (SqlName){ part->schema, part->table }; }

static const Column *as_column(const Object *object) { return (const Column *)(const void *)object; }
static const Constraint *as_constraint(const Object *object)
{
    return (const Constraint *)(const void *)object;
}

// --- rewrites --------------------------------------------------------------

static const Clause *type_clause(const Sentence *s)
{
    VEC_EACH (const Clause, it, &s->clauses)
        if (clause_begins(it, "ALTER") && clause_after(it, "TYPE"))
            return it;
    return NULL;
}

static bool is_checked_domain(const Judge *judge, const char *type)
{
    TokenList tokens = lex_all(judge->arena, (Text){ type, strlen(type) }, LEX_POSTGRESQL);
    const Clause clause = { tokens.items, tokens.count ? tokens.count - 1 : 0 };
    SqlName name = clause_sql_name(judge->arena, judge->lint->dialect, &clause, 0, NULL);
    const char *schema = lint_schema_of(judge->lint, name.schema);
    VEC_EACH (Object *, it, &judge->after->objects) {
        const DomainType *domain = (const DomainType *)(const void *)*it;
        if ((*it)->kind == OBJECT_DOMAIN && (domain->checks.count || domain->not_null) && name.name &&
            strcmp((*it)->name, name.name) == 0 && same_text((*it)->schema, schema))
            return true;
    }
    return false;
}

// Why a new column had the table rewritten. False: it did not.
static bool judge_new_column(const Judge *judge, const Column *column, const LintFact *fact, bool alone)
{
    const char *table = column->head.table, *name = column->head.name;
    if (column->autoincrement || column->identity != IDENTITY_NONE || (column->generated && column->stored)) {
        lint_found(judge, "L106", table, fact, NULL, "table %s is written again for the values of column %s",
                   table, name);
    } else if (is_checked_domain(judge, column->type)) {
        lint_found(judge, "L107", table, fact, NULL,
                   "table %s is written again, for column %s has a domain with a rule", table, name);
    } else if (column->default_sql && (alone || strchr(column->default_sql, '('))) {
        lint_found(judge, "L105", table, fact, NULL,
                   "table %s is written again, for the default of column %s differs from row to row", table,
                   name);
    } else {
        return false;
    }
    return true;
}

static bool is_copy(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    if (s->verb == VERB_ALTER)
        return clause_after(&s->all, "SET LOGGED|UNLOGGED") || clause_after(&s->all, "SET TABLESPACE") ||
               clause_after(&s->all, "SET ACCESS METHOD");
    if (clause_begins(&s->all, "VACUUM")) {
        size_t at = clause_after_anywhere(&s->all, "FULL");
        return at && !(at < s->all.count &&
                       (token_is(&s->all.tokens[at], "FALSE") || token_is(&s->all.tokens[at], "OFF") ||
                        token_is(&s->all.tokens[at], "0")));
    }
    return clause_begins(&s->all, "CLUSTER|REPACK") && !clause_after_anywhere(&s->all, "CONCURRENTLY");
}

// Did a block of code or a procedure give a column of the table another type?
static bool is_retyped_inside(const Judge *judge, const TableCost *cost)
{
    if (!lint_runs_code(judge))
        return false;
    VEC_EACH (Change, it, judge->changes)
        if (it->kind == CHANGE_ALTER && it->want->kind == OBJECT_COLUMN && it->facets & FACET_TYPE &&
            strcmp(it->want->table, cost->table) == 0 && same_text(it->want->schema, cost->schema))
            return true;
    return false;
}

static void judge_rewrite(const Judge *judge, const TableCost *cost)
{
    const LintFact *fact = locks_fact(judge, cost);
    bool explained = false, typed = type_clause(judge->sentence) || is_retyped_inside(judge, cost);
    if (typed)
        lint_found(judge, "L104", cost->table, fact, NULL,
                   "table %s is written again for the new type, while nobody can read or write it",
                   cost->table);
    VEC_EACH (Change, it, judge->changes)
        if (it->kind == CHANGE_CREATE && it->want->kind == OBJECT_COLUMN &&
            strcmp(it->want->table, cost->table) == 0 && same_text(it->want->schema, cost->schema))
            explained |= judge_new_column(judge, as_column(it->want), fact, !typed);
    if (!explained && !typed)
        lint_found(judge, "L108", cost->table, fact, NULL,
                   "table %s is written again, while nobody can read or write it", cost->table);
}

// REFRESH and TRUNCATE give a table another file, too.
static void judge_rewrites(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    bool looked = judge->measured && s->verb != VERB_TRUNCATE && !clause_begins(&s->all, "REFRESH");
    if (looked)
        VEC_EACH (TableCost, it, &judge->measured->tables)
            if (it->rewritten && !lint_made_here(judge->lint, OBJECT_TABLE, it->schema, NULL, it->table))
                judge_rewrite(judge, it);
    // refused in a transaction, or not executed at all
    if ((!judge->measured || (judge->refused && s->verb == VERB_MAINTAIN)) && is_copy(judge) &&
        (s->verb != VERB_ALTER || lint_table_is_old(judge, s->object)))
        lint_found(judge, "L108", s->object.name, NULL, NULL, "the table is written again");
    // a row that does not fit the new type was met while the table was written
    if (type_clause(s) && lint_table_is_old(judge, s->object) && judge->refused && !judge->after &&
        strncmp(judge->refused->native, "22", 2) == 0)
        lint_found(judge, "L104", s->object.name, NULL, NULL, "table %s is written again for the new type",
                   s->object.name);
}

// --- scans -----------------------------------------------------------------

static bool is_about(const Judge *judge, const char *expression, const char *column)
{
    TokenList tokens = lex_all(judge->arena, (Text){ expression, strlen(expression) }, LEX_POSTGRESQL);
    VEC_EACH (Token, it, &tokens)
        if (token_named(it, column))
            return true;
    return false;
}

// A column whose type changed, and a check of the table that reads it.
static bool is_checked_again(const Judge *judge, const Change *change)
{
    if (change->kind != CHANGE_ALTER || change->want->kind != OBJECT_COLUMN || !(change->facets & FACET_TYPE))
        return false;
    const Table *table = lint_table(judge->after, table_of(change->want));
    if (table)
        VEC_EACH (Constraint *, it, &table->constraints)
            if ((*it)->head.kind == OBJECT_CHECK && (*it)->expression && !(*it)->not_enforced &&
                is_about(judge, (*it)->expression, change->want->name))
                return true;
    return false;
}

// Changes for which the server reads every row under the statement's lock. NOT VALID and NOT ENFORCED put the
// reading off or leave it out.
static void judge_scan(const Judge *judge, const Change *change, const LintFact *fact, bool rewritten)
{
    const Object *want = change->want;
    const char *table = want->table;
    bool made = change->kind == CHANGE_CREATE;
    if (want->kind == OBJECT_COLUMN && change->kind == CHANGE_ALTER && change->facets & FACET_NULLABLE &&
        !as_column(want)->nullable)
        lint_found(judge, "L109", table, fact, NULL,
                   "every row of table %s is read for NOT NULL of column %s, while nobody can use it", table,
                   want->name);
    if (made && want->kind == OBJECT_CHECK && !as_constraint(want)->not_valid &&
        !as_constraint(want)->not_enforced)
        lint_found(judge, "L110", table, fact, NULL,
                   "every row of table %s is read for check %s, while nobody can use it", table,
                   want->name ? want->name : "(unnamed)");
    if (made && want->kind == OBJECT_FOREIGN_KEY && !as_constraint(want)->not_valid &&
        !as_constraint(want)->not_enforced)
        lint_found(judge, "L111", table, fact, NULL,
                   "every row of table %s is looked up in %s, while nobody can write to either", table,
                   as_constraint(want)->referred_table);
    if (!rewritten && is_checked_again(judge, change))
        lint_found(judge, "L110", table, fact, NULL,
                   "every row of table %s is read again for the checks of column %s, while nobody can use it",
                   table, want->name);
}

static bool is_partitioned(const Judge *judge, SqlName name)
{
    const Table *table = lint_table(judge->before, name);
    return table && option_get(&table->head.options, "partition_by");
}

static void judge_scans(const Judge *judge)
{
    VEC_EACH (Change, it, judge->changes) {
        const TableCost *cost = it->want && it->want->table ? locks_cost_of(judge, table_of(it->want)) : NULL;
        if (cost && !cost->scanned && is_partitioned(judge, table_of(it->want)) && locks_read(judge))
            cost = locks_read(judge); // the rows are in its partitions
        if (cost && (cost->scanned || cost->rewritten))
            judge_scan(judge, it, locks_fact(judge, cost), cost->rewritten);
    }
}

// Where the rows had the server refuse it, they were read.
static void judge_refused_scans(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    if (!judge->refused || judge->after || s->verb != VERB_ALTER || !lint_table_is_old(judge, s->object))
        return;
    bool domain = kind_is(s, "domain"), table = kind_is(s, "table");
    const char *name = s->object.name;
    if (table && locks_rows_refused(judge, "23502"))
        lint_found(judge, "L109", name, NULL, NULL, "every row of table %s is read for NOT NULL", name);
    if (table && locks_rows_refused(judge, "23514") && clause_after(&s->all, "CHECK"))
        lint_found(judge, "L110", name, NULL, NULL, "every row of table %s is read for the check", name);
    if (table && locks_rows_refused(judge, "23503"))
        lint_found(judge, "L111", name, NULL, NULL, "every row of table %s is looked up for the foreign key",
                   name);
    if (domain)
        lint_found(judge, "L122", name, NULL, NULL, "every table that uses domain %s is read", name);
}

// --- locks on other tables -------------------------------------------------

static bool is_default_partition(const Table *table)
{
    const char *bound = table ? option_get(&table->head.options, "partition_bound") : NULL;
    return bound && strcasecmp(bound, "DEFAULT") == 0;
}

static bool is_partition_of(const Table *table, SqlName parent)
{
    const char *name = option_get(&table->head.options, "partition_of");
    size_t n = name ? strlen(name) : 0, m = parent.name ? strlen(parent.name) : 0;
    return n && m && n >= m && strcmp(name + n - m, parent.name) == 0 && (n == m || name[n - m - 1] == '.');
}

static void found_default(const Judge *judge, const Table *table, const TableCost *cost)
{
    lint_found(judge, "L118", table->head.name, locks_fact(judge, cost), NULL,
               "the default partition %s is locked against everything", table->head.name);
}

// Where the default partition's own rows had the server refuse it, the text says which table is meant.
static void judge_default_partition(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    if (!judge->before)
        return;
    if (judge->measured)
        VEC_EACH (TableCost, it, &judge->measured->tables) {
            SqlName name = { it->schema, it->table };
            const Table *table = lint_table(judge->before, name);
            bool itself = s->object.name && strcmp(s->object.name, it->table) == 0;
            const char *lock = it->lock ? it->lock : "";
            if (is_default_partition(table) && !itself && !lint_table_is_new(judge, name) && !it->dropped &&
                !it->rewritten && strcmp(lock, "ACCESS EXCLUSIVE") == 0)
                found_default(judge, table, it);
        }
    size_t at = clause_after(&s->all, "PARTITION OF");
    SqlName parent = at ? clause_sql_name(judge->arena, judge->lint->dialect, &s->all, at, NULL) : s->object;
    if (!locks_rows_refused(judge, "23514") || (!at && !clause_after(&s->all, "ATTACH PARTITION")))
        return;
    VEC_EACH (Table *, it, &judge->before->tables) {
        SqlName name = { (*it)->head.schema, (*it)->head.name };
        if (is_default_partition(*it) && is_partition_of(*it, parent) && !lint_table_is_new(judge, name))
            found_default(judge, *it, NULL);
    }
}

static bool is_old_reference(const Judge *judge, const Constraint *key, SqlName *out)
{
    *out = (SqlName){ key->referred_schema, key->referred_table };
    bool self = strcmp(key->referred_table, key->head.table) == 0;
    return key->head.kind == OBJECT_FOREIGN_KEY && !self && lint_table_is_old(judge, *out);
}

static void judge_dropped_key(const Judge *judge, const Constraint *key)
{
    SqlName parent;
    SqlName table = { key->head.schema, key->head.table };
    if (!lint_table_is_new(judge, table) && is_old_reference(judge, key, &parent))
        lint_found(judge, "L119", parent.name, locks_fact(judge, locks_cost_of(judge, parent)), NULL,
                   "table %s, which %s references, is locked against everything", parent.name, table.name);
}

static void judge_made_key(const Judge *judge, const Constraint *key)
{
    SqlName parent;
    if (is_old_reference(judge, key, &parent))
        lint_found(judge, "L123", parent.name, locks_fact(judge, locks_cost_of(judge, parent)), NULL,
                   "table %s is locked against writers for the foreign key of %s", parent.name,
                   key->head.table);
}

static void judge_keys(const Judge *judge)
{
    VEC_EACH (Change, it, judge->changes) {
        const Object *head = it->want ? it->want : it->have;
        if (it->kind == CHANGE_ALTER)
            continue;
        if (head->kind == OBJECT_FOREIGN_KEY && it->kind == CHANGE_CREATE)
            judge_made_key(judge, as_constraint(head));
        else if (head->kind == OBJECT_FOREIGN_KEY)
            judge_dropped_key(judge, as_constraint(head));
        else if (head->kind == OBJECT_TABLE)
            VEC_EACH (Constraint *, key, &((const Table *)(const void *)head)->constraints)
                if ((*key)->head.kind == OBJECT_FOREIGN_KEY)
                    (it->kind == CHANGE_CREATE ? judge_made_key : judge_dropped_key)(judge, *key);
    }
}

// --- domains, indexes ------------------------------------------------------

static void judge_domain(const Judge *judge)
{
    const TableCost *read = locks_read(judge);
    if (read && !clause_after(&judge->sentence->all, "VALIDATE"))
        lint_found(judge, "L122", read->table, locks_fact(judge, read), NULL,
                   "every row of table %s is read for domain %s, while nobody can write to it", read->table,
                   judge->sentence->object.name);
}

static void judge_rebuilt_indexes(const Judge *judge)
{
    if (judge->measured)
        VEC_EACH (TableCost, it, &judge->measured->tables)
            if (it->reindexed.count && !it->rewritten && !it->dropped &&
                !lint_made_here(judge->lint, OBJECT_TABLE, it->schema, NULL, it->table))
                lint_found(judge, "L124", it->table, locks_fact(judge, it), NULL,
                           "index %s of table %s is built again, while nobody can use the table",
                           it->reindexed.items[0], it->table);
}

static void judge_statement(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    if (!lint_is_engine(judge->lint, ON_POSTGRESQL))
        return;
    judge_rewrites(judge);
    judge_scans(judge);
    judge_refused_scans(judge);
    judge_default_partition(judge);
    judge_keys(judge);
    if (s->verb == VERB_ALTER && kind_is(s, "domain"))
        judge_domain(judge);
    if ((s->verb == VERB_ALTER && kind_is(s, "table")) || lint_runs_code(judge))
        judge_rebuilt_indexes(judge);
}

const LintFamily lint_rewrites_postgresql = { .group = "locks",
                                              .rules = rules,
                                              .statement = judge_statement };
