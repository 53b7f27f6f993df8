// F on SQLite: what its ALTER TABLE cannot do, and keys that it takes and that fit nothing.
#include <strings.h>

#include "core/lint/model.h"

static const LintRule rules[] = {
    {.code = "F109",
     .name = "sqlite-cannot-add",
     .engines = ON_SQLITE,
     .level = LINT_ERROR,
     .summary = "ALTER TABLE ADD COLUMN of SQLite cannot add this column.",
     .why = "It takes no UNIQUE, PRIMARY KEY or STORED column, no REFERENCES with a default while keys are "
             "enforced, and with "
             "rows in the table no NOT NULL without default and no default that is not constant.", .instead = "rebuild the table; `cmigrate migrate` writes the rebuild" },
    { .code = "F110",
     .name = "sqlite-cannot-drop",
     .engines = ON_SQLITE,
     .level = LINT_ERROR,
     .summary = "ALTER TABLE DROP COLUMN of SQLite cannot drop this column.",
     .why = "It refuses a column that an index, a constraint, a generated column, a trigger or a view uses.",
     .instead = "drop what uses it first, or rebuild the table" },
    { 0},
};

// --- columns ---------------------------------------------------------------

static void judge_refusal(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    const char *table = s->object.name, *message = judge->refused->message;
    if (s->verb == VERB_ALTER && clause_after(&s->all, "ADD"))
        lint_found(judge, "F109", table, NULL, NULL, "SQLite refuses: %s", message);
    if (s->verb == VERB_ALTER && clause_after(&s->all, "DROP"))
        lint_found(judge, "F110", table, NULL, NULL, "SQLite refuses: %s", message);
}

// Is the default one that SQLite gives to rows that are there? It is asked, with a row of its own.
static bool gives_to_rows(const Judge *judge, const char *expression)
{
    Db *db = judge->lint->scratch;
    const Driver *driver = db ? db->driver : NULL;
    Error ignored = { 0 };
    if (!db || !driver->exec(db, "CREATE TEMPORARY TABLE cmigrate_probe (a)", &ignored))
        return true;
    bool ok =
        driver->exec(db, "INSERT INTO temp.cmigrate_probe VALUES (1)", &ignored) &&
        driver->exec(db,
                     arena_printf(judge->arena, "ALTER TABLE temp.cmigrate_probe ADD COLUMN b DEFAULT (%s)",
                                  expression),
                     &ignored);
    return driver->exec(db, "DROP TABLE temp.cmigrate_probe", &ignored) && ok;
}

// What SQLite adds to an empty table only, as that of the scratch database may be.
static void judge_added(const Judge *judge, const Column *column, const Table *before)
{
    const char *what = column->generated && column->stored ? "is stored"
                       : column->default_sql && !gives_to_rows(judge, column->default_sql)
                           ? "has a default that is not constant"
                           : NULL;
    if (!what)
        return;
    Tristate rows = lint_ask_rows(judge, &before->head, NULL);
    if (rows != NO)
        lint_found(judge, "F109", before->head.name, NULL, NULL,
                   "SQLite refuses column %s, which %s, where table %s has rows%s", column->head.name, what,
                   before->head.name, rows == YES ? ", and it has" : "");
}

static void judge_statement(const Judge *judge)
{
    if (!lint_is_engine(judge->lint, ON_SQLITE))
        return;
    if (judge->refused)
        judge_refusal(judge);
    size_t from = 0;
    if (judge->rebuilt || judge->sentence->verb != VERB_ALTER)
        return;
    for (const Change *it; (it = lint_change(judge, CHANGE_CREATE, OBJECT_COLUMN, &from)) != NULL;) {
        const SqlName name = { it->want->schema, it->want->table };
        const Table *before = lint_table(judge->renamed, name);
        if (before && !lint_table_is_new(judge, name))
            judge_added(judge, (const Column *)(const void *)it->want, before);
    }
}

// --- keys that fit nothing -------------------------------------------------

// SQLite takes a reference to a table that is not there, in whatever case it is written.
static bool is_there(const Schema *schema, const char *table)
{
    VEC_EACH (Table *, it, &schema->tables)
        if (strcasecmp((*it)->head.name, table) == 0)
            return true;
    return false;
}

static void judge_reference(const JudgeRevision *judge, const Table *table, const Constraint *key)
{
    const Table *parent = schema_table(judge->after, key->referred_schema, key->referred_table);
    NameList columns = key->referred_columns;
    bool unique = false;
    if (!parent && !is_there(judge->after, key->referred_table))
        lint_found_in(judge, "F112", lint_place_of(judge, &key->head), table->head.name,
                      "table %s references table %s, which does not exist, so SQLite refuses every write",
                      table->head.name, key->referred_table);
    if (!parent || !columns.count)
        return;
    VEC_EACH (Index *, it, &parent->indexes) {
        bool all = (*it)->unique && !(*it)->where && (*it)->parts.count == columns.count;
        VEC_EACH (const char *, name, &columns)
            all = all && parts_have_column(&(*it)->parts, *name);
        unique |= all;
    }
    if (!unique && !table_key_of(parent, &columns))
        lint_found_in(judge, "F112", lint_place_of(judge, &key->head), table->head.name,
                      "table %s references columns of %s that are no key, so SQLite refuses every write",
                      table->head.name, parent->head.name);
}

static void judge_table(const JudgeRevision *judge, const Table *table, bool whole)
{
    (void)whole;
    VEC_EACH (Constraint *, it, &table->constraints)
        if ((*it)->head.kind == OBJECT_FOREIGN_KEY && model_is_new(judge, table, &(*it)->head))
            judge_reference(judge, table, *it);
}

static void judge_revision(const JudgeRevision *judge)
{
    if (!judge->before || !judge->after || !lint_is_engine(judge->lint, ON_SQLITE))
        return;
    model_each_changed(judge, judge_table);
}

const LintFamily lint_fails_sqlite = {
    .group = "fails", .rules = rules, .statement = judge_statement, .revision = judge_revision
};
