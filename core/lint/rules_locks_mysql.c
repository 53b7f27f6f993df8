// L2: what InnoDB does with a table for an ALTER TABLE. The server has told: each way was tried, the cheapest first.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/lint/internal.h"

static const LintRule rules[] = {
    {.code = "L201",
     .name = "copies-table",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_ERROR,
     .summary = "The table is copied, and cannot be written meanwhile.",
     .why =
          "The server accepts the statement with ALGORITHM=COPY only: it writes every row into a new table "
          "and builds every index, while writers wait. MySQL 9.7 and MariaDB 10.11 copy for any other type, "
          "a shorter varchar, one that crosses 255 bytes, another character set, an enum value that is not "
          "at the end, an enforced CHECK and a foreign key.", .instead = "choose a change that is done in place (values at the end of an enum, a length within the "
                 "same length "
                 "byte), or copy it online with gh-ost, spirit or pt-online-schema-change", .aliases = "add_foreign_key_mysql add_check_constraint_mysql MY110 MY111 MY112" },
    { .code = "L202",
     .name = "rebuilds-in-place",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_NOTICE,
     .summary = "Every row is written again, while the table is read and written.",
     .why = "ALGORITHM=INPLACE with a rebuild: readers and writers continue, but it takes as long as "
             "writing the "
             "table, room for another copy of it, and time again on each replica.", .instead = "run it when the server has room and little to do" },
    { .code = "L203",
     .name = "blocks-writers",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_WARNING,
     .summary = "Nobody can write to the table until the statement is done.",
     .why = "The server refuses LOCK=NONE: full-text, spatial and functional indexes are built under "
             "LOCK=SHARED. A statement may ask for such a lock as well.", .instead = "run it when nobody writes, and leave LOCK out or say LOCK=NONE where that is possible",
     .aliases = "lock_option" },
    { .code = "L204",
     .name = "algorithm-not-asserted",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_OFF,
     .summary = "The statement does not say which ALGORITHM it expects.",
     .why = "Another version, or a table in another state, takes a dearer way without a word: after 255 "
             "instant changes (64 before MySQL 9.1) ADD COLUMN rebuilds the table.", .instead =
          "say ALGORITHM=INSTANT, or ALGORITHM=INPLACE, LOCK=NONE: the server refuses what it cannot do so; "
          "`cmigrate migrate --online` writes it" },
    { .code = "L205",
     .name = "copy-asked-for",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_ERROR,
     .summary = "The statement asks for ALGORITHM=COPY.",
     .why = "The table is copied and writers wait, even where the server could do without.",
     .instead = "leave ALGORITHM out, or say INPLACE or INSTANT",
     .aliases = "copy_algorithm" },
    { .code = "L206",
     .name = "cheap-and-dear-mixed",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_WARNING,
     .summary = "A change that is done at once waits for one that writes the whole table.",
     .why =
          "An ALTER TABLE takes effect as a whole: what is INSTANT by itself comes with the last row of the "
          "copy, and goes with it where the copy fails.", .instead = "write two statements, the cheap one first",
     .aliases = "index_visibility_mixed" },
    { .code = "L207",
     .name = "index-dropped-unseen",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_OFF,
     .summary = "The index is dropped without having been hidden first.",
     .why = "A query that needed it is slow at once, and the index comes back only by building it again. An "
             "INVISIBLE (MySQL) or IGNORED (MariaDB) index is kept up and comes back at once.", .instead = "ALTER TABLE ... ALTER INDEX ... INVISIBLE (MariaDB: IGNORED) one release before",
     .aliases = "invisible_index_before_drop" },
    { .code = "L208",
     .name = "repartition-copies",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_ERROR,
     .summary = "PARTITION BY copies the whole table, even where only one partition is new.",
     .why = "A full list of partitions is a new partitioning: every row is copied and writers wait. REMOVE "
             "PARTITIONING copies too.", .instead =
          "ADD PARTITION, DROP PARTITION or REORGANIZE PARTITION change only the partitions that they name" },
    { .code = "L209",
     .name = "instant-versions-near-limit",
     .engines = ON_MYSQL,
     .level = LINT_WARNING,
     .summary = "The table has had nearly as many instant changes as it can take.",
     .why = "InnoDB keeps 255 row versions (64 before MySQL 9.1). The next instant ADD or DROP COLUMN after "
             "them rebuilds the table, or fails with error 4092 where ALGORITHM=INSTANT is asked for.", .instead = "rebuild it when there is time: OPTIMIZE TABLE, or ALTER TABLE ... FORCE" },
    { .code = "L210",
     .name = "lag-on-replicas",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_NOTICE,
     .summary = "Replicas fall behind for as long as the statement takes.",
     .why = "A replica begins with the ALTER TABLE when the source has finished it, and applies what comes "
             "after it only when it is done itself.", .instead = "read from the source meanwhile, or use gh-ost, spirit or pt-online-schema-change, which "
                 "heed the lag" },
    { 0                                                                     },
};

// What an ALTER TABLE, CREATE INDEX or DROP INDEX changes; name NULL: the statement is none, or its table is new.
static SqlName table_of(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    bool index = (s->verb == VERB_CREATE || s->verb == VERB_DROP) && strcmp(s->kind, "index") == 0;
    bool table = s->verb == VERB_ALTER && strcmp(s->kind, "table") == 0;
    SqlName name = index ? s->on : table ? s->object : (SqlName){ 0 };
    bool there = !judge->before || lint_table(judge->before, name);
    return there && !lint_table_is_new(judge, name) ? name : (SqlName){ 0 };
}

static bool is_algorithm(const Judge *judge, const char *word)
{
    return judge->cost && judge->cost->algorithm && strcmp(judge->cost->algorithm, word) == 0;
}

static bool is_repartitioned(const Sentence *s)
{
    return clause_after(&s->all, "PARTITION BY") || clause_after(&s->all, "REMOVE PARTITIONING");
}

// ADD, DROP, TRUNCATE and EXCHANGE PARTITION hold their lock for a moment; rows that move between partitions take long.
static bool is_brief(const Sentence *s)
{
    VEC_EACH (const Clause, it, &s->clauses)
        if (clause_begins(it, "DROP|TRUNCATE|EXCHANGE PARTITION") ||
            (clause_begins(it, "ADD PARTITION") && !clause_after(it, "PARTITIONS")))
            return true;
    return false;
}

// --- what the server said --------------------------------------------------

// Which of the server's ways the statement needs: copied, rewritten in place, or only its dictionary changed;
// and whether writers wait meanwhile.
static void judge_class(const Judge *judge, const char *table)
{
    const Sentence *s = judge->sentence;
    const LintFact *cost = judge->cost;
    bool copy = is_algorithm(judge, "COPY");
    bool asked = clause_after(&s->all, "LOCK [=] SHARED|EXCLUSIVE");
    bool waits = cost && cost->lock && !copy && !is_brief(s);
    if (is_repartitioned(s))
        lint_found(judge, "L208", table, cost, NULL, "table %s is partitioned again, which copies every row",
                   table);
    else if (copy)
        lint_found(judge, "L201", table, cost, NULL,
                   "table %s is copied: it can be read, but not written, meanwhile", table);
    else if (cost && cost->rewrites && !cost->lock)
        lint_found(judge, "L202", table, cost, NULL, "table %s is written again, while it is in use", table);
    if (waits || asked)
        lint_found(judge, "L203", table, cost, NULL,
                   "table %s cannot be written until the statement is done%s", table,
                   cost && cost->rewrites && !copy ? ", and every row is written again" : "");
    if ((cost && cost->rewrites) || is_repartitioned(s))
        lint_found(judge, "L210", table, cost, NULL,
                   "replicas are behind for as long as they write table %s again", table);
}

// --- what was asked for ----------------------------------------------------

static void judge_asked(const Judge *judge, const char *table)
{
    const Sentence *s = judge->sentence;
    if (clause_after(&s->all, "ALGORITHM [=] COPY"))
        lint_found(judge, "L205", table, judge->cost, NULL, "asks for a copy of table %s", table);
    else if (!clause_after(&s->all, "ALGORITHM [=] INSTANT|INPLACE|NOCOPY"))
        lint_found(judge, "L204", table, judge->cost, NULL,
                   "the way in which table %s is changed is left to the server%s%s", table,
                   judge->cost && judge->cost->algorithm ? "; here it was " : "",
                   judge->cost && judge->cost->algorithm ? judge->cost->algorithm : "");
}

// What is done at once when it stands alone, and is wanted soon.
static bool is_cheap(const Clause *clause)
{
    if (clause_begins(clause, "ADD [COLUMN]"))
        return !clause_begins(clause,
                              "ADD CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN|INDEX|KEY|FULLTEXT|SPATIAL|"
                              "PARTITION|PERIOD|SYSTEM|VECTOR") &&
               !clause_after(clause, "DEFAULT (") && !clause_after(clause, "DEFAULT UUID|RAND") &&
               !clause_after(clause, "CHECK|STORED|PERSISTENT|UNIQUE|PRIMARY|AUTO_INCREMENT|REFERENCES|KEY");
    return clause_begins(clause, "ALTER INDEX|KEY|COLUMN") || clause_begins(clause, "RENAME") ||
           clause_begins(clause, "COMMENT") ||
           (clause_begins(clause, "ALTER") &&
            (clause_after(clause, "SET DEFAULT") || clause_after(clause, "DROP DEFAULT")));
}

static bool is_modifier(const Clause *clause)
{
    return clause_begins(clause, "ALGORITHM|LOCK") || clause_begins(clause, "WITH|WITHOUT VALIDATION");
}

static void judge_mixed(const Judge *judge, const char *table)
{
    size_t cheap = 0, others = 0;
    if (!judge->cost || !judge->cost->rewrites || is_repartitioned(judge->sentence))
        return;
    VEC_EACH (const Clause, it, &judge->sentence->clauses) {
        if (is_modifier(it))
            continue;
        if (is_cheap(it))
            cheap++;
        else
            others++;
    }
    if (cheap && others)
        lint_found(
            judge, "L206", table, judge->cost, NULL,
            "%zu of the changes of table %s would be done at once, and wait until every row is written",
            cheap, table);
}

// --- indexes ---------------------------------------------------------------

static void judge_dropped_index(const Judge *judge, SqlName on, const char *name)
{
    const Table *before = lint_table(judge->before, on), *after = lint_table(judge->after, on);
    const Index *index = before && name ? table_index(before, name) : NULL;
    if (!name || (before && !index) || (after && table_index(after, name)) ||
        lint_made_here(judge->lint, OBJECT_INDEX, on.schema, on.name, name))
        return;
    if (!index || !option_is(&index->head.options, "invisible"))
        lint_found(judge, "L207", on.name, NULL, NULL, "index %s is dropped while queries may use it", name);
}

static void judge_indexes(const Judge *judge, SqlName table)
{
    const Sentence *s = judge->sentence;
    if (s->verb == VERB_DROP)
        judge_dropped_index(judge, table, s->object.name);
    VEC_EACH (const Clause, it, &s->clauses) {
        size_t at = clause_begins(it, "DROP INDEX|KEY") ? 2 : 0;
        if (at && clause_after(it, "IF EXISTS") == 4)
            at = 4;
        if (at)
            judge_dropped_index(judge, table, clause_name(judge->arena, judge->lint->dialect, it, at));
    }
}

// --- row versions ----------------------------------------------------------

enum { VERSIONS = 255, VERSIONS_BEFORE_9_1 = 64, NEAR = 200, NEAR_BEFORE_9_1 = 50 };

static unsigned long versions_in(Db *db, Arena *arena, const char *table)
{
    const char *text = NULL;
    Error ignored = { 0 };
    StrBuf query;
    strbuf_init(&query, arena);
    strbuf_puts(&query, "SELECT total_row_versions FROM information_schema.innodb_tables WHERE name = "
                        "CONCAT(DATABASE(), '/', ");
    strbuf_quoted(&query, '\'', "'\\", table);
    strbuf_puts(&query, ")");
    return db_value(db, arena, query.text, &text, &ignored) && text ? strtoul(text, NULL, 10) : 0;
}

// Of the table that the revision will meet, where it can be asked. That of the scratch database counts none: it is empty.
static void judge_versions(const Judge *judge, const char *table)
{
    Lint *lint = judge->lint;
    if (!lint_is_on(lint, "L209") || !lint->target || !is_algorithm(judge, "INSTANT"))
        return;
    bool few = lint->server.version < 90100;
    unsigned long count = versions_in(lint->target, judge->arena, table);
    if (count >= (few ? NEAR_BEFORE_9_1 : NEAR))
        lint_found(judge, "L209", table, judge->cost, NULL, "table %s has %lu of %d row versions", table,
                   count, few ? VERSIONS_BEFORE_9_1 : VERSIONS);
}

// OPTIMIZE TABLE a, b
static void judge_optimized(const Judge *judge)
{
    if (!judge->cost || !judge->measured)
        return;
    VEC_EACH (const TableCost, it, &judge->measured->tables) {
        LintFact cost = *judge->cost;
        cost.lock = it->lock;
        cost.rewrites = it->rewritten;
        cost.scans = it->scanned;
        Judge one = *judge;
        one.cost = &cost;
        if (!lint_table_is_new(judge, (SqlName){ it->schema, it->table }))
            judge_class(&one, it->table);
    }
}

static void judge_statement(const Judge *judge)
{
    if (!lint_is_engine(judge->lint, ON_BOTH_MYSQL))
        return;
    if (judge->sentence->verb == VERB_MAINTAIN) {
        judge_optimized(judge);
        return;
    }
    SqlName table = table_of(judge);
    if (!table.name)
        return;
    judge_class(judge, table.name);
    judge_asked(judge, table.name);
    judge_mixed(judge, table.name);
    judge_indexes(judge, table);
    judge_versions(judge, table.name);
}

const LintFamily lint_locks_mysql = { .group = "locks", .rules = rules, .statement = judge_statement };
