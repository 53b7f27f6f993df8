// D: rows, values or whole objects are gone afterwards.
#include <string.h>
#include <strings.h>

#include "core/lint/internal.h"
#include "core/lint/model.h"

static const LintRule rules[] = {
    {.code = "D101",
     .name = "drop-table",
     .engines = ON_ALL,
     .level = LINT_ERROR,
     .summary = "The table and all of its rows are dropped.",
     .why = "A dropped table comes back only from a backup, and an application that still uses it fails at "
             "its next query.", .instead = "rename the table first, and drop it a release later",
     .aliases = "ban-drop-table DS102 drop_table DROP_TABLE" },
    { .code = "D102",
     .name = "drop-column",
     .engines = ON_ALL,
     .level = LINT_ERROR,
     .summary = "The column and all of its values are dropped.",
     .why = "The values come back only from a backup. An application that names the column fails at once; "
             "one whose ORM "
             "caches the columns fails until it is restarted.", .instead = "stop reading and writing the column in one release, and drop it in the next",
     .aliases = "ban-drop-column DS103 remove_column DROP_COLUMN" },
    { .code = "D103",
     .name = "drop-schema",
     .engines = ON_POSTGRESQL | ON_BOTH_MYSQL,
     .level = LINT_ERROR,
     .summary = "The schema and what it holds are dropped.",
     .why = "With CASCADE all of its tables go; on MySQL and MariaDB a schema is a database, and goes with "
             "all of its tables.", .instead = "drop its tables one by one, so that a reader sees what is lost",
     .aliases = "DS101" },
    { .code = "D104",
     .name = "drop-database",
     .engines = ON_POSTGRESQL | ON_BOTH_MYSQL,
     .level = LINT_ERROR,
     .summary = "A database is dropped.",
     .why = "It comes back only from a backup.",
     .aliases = "ban-drop-database" },
    { .code = "D105",
     .name = "truncate",
     .engines = ON_ALL,
     .level = LINT_ERROR,
     .summary = "All rows of the table are removed.",
     .why = "TRUNCATE takes the strongest lock, fires no row triggers, and on MySQL and MariaDB cannot be "
             "rolled back.", .instead = "DELETE with a condition, in batches" },
    { .code = "D106",
     .name = "truncate-cascade",
     .engines = ON_POSTGRESQL,
     .level = LINT_ERROR,
     .summary = "Every table that references this one is emptied too.",
     .why = "CASCADE follows foreign keys through any number of tables, whatever their ON DELETE says.",
     .instead = "name the tables",
     .aliases = "ban-truncate-cascade" },
    { .code = "D107",
     .name = "delete-without-where",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "The statement deletes every row.",
     .why = "A missing condition is the commonest way to lose a table's rows, and the lock is held until "
             "the last row.", .instead = "write the condition, and WHERE true where every row is meant" },
    { .code = "D109",
     .name = "drop-partition",
     .engines = ON_POSTGRESQL | ON_BOTH_MYSQL,
     .level = LINT_ERROR,
     .summary = "A partition is dropped with its rows, or emptied, or loses a value of its list.",
     .why =
          "The rows come back only from a backup. On PostgreSQL this is DROP TABLE of a partition (and "
          "not D101 "
          "besides), on MySQL and MariaDB DROP PARTITION, TRUNCATE PARTITION, and REORGANIZE PARTITION that "
          "names fewer values than before: both servers delete the rows of the others without an error.", .instead = "detach it, and drop it when nobody has missed it" },
    { .code = "D111",
     .name = "drop-cascade",
     .engines = ON_POSTGRESQL,
     .level = LINT_ERROR,
     .summary = "Whatever depends on the object is dropped with it.",
     .why = "What CASCADE takes along is decided at the time of the run, by what the database then holds.",
     .instead = "drop the dependents by name",
     .aliases = "ban-drop-cascade" },
    { .code = "D112",
     .name = "replace-table",
     .engines = ON_MARIADB,
     .level = LINT_ERROR,
     .summary = "CREATE OR REPLACE TABLE drops the table that is there.",
     .why = "The rows are gone without a word.",
     .instead = "create it under another name, copy the rows, and rename" },
    { .code = "D114",
     .name = "cascade-empties-children",
     .engines = ON_SQLITE,
     .level = LINT_ERROR,
     .summary = "Dropping the table deletes or changes rows that reference it.",
     .why = "With foreign keys enforced, DROP TABLE deletes every row first, and ON DELETE CASCADE follows. "
             "cmigrate carries out PRAGMA foreign_keys around the transaction of a section that has it.", .instead = "write PRAGMA foreign_keys = OFF in the section, or let cmigrate write the rebuild" },
    { .code = "D115",
     .name = "drop-sequence",
     .engines = ON_POSTGRESQL | ON_MARIADB,
     .level = LINT_NOTICE,
     .summary = "The sequence and its position are dropped.",
     .why = "A new one begins at its start, so numbers are given out again." },
    { .code = "D116",
     .name = "enum-value-missing",
     .engines = ON_POSTGRESQL | ON_BOTH_MYSQL,
     .level = LINT_WARNING,
     .summary = "A value is no longer one of the enum.",
     .why =
          "A row that has it stops the change on a server that looks, and is emptied on MySQL without strict "
          "mode. An application that still writes it fails.", .instead = "stop writing the value in one release, and drop it in the next" },
    { 0                                                                          },
};

static bool kind_is(const Sentence *s, const char *kind) { return strcmp(s->kind, kind) == 0; }

// INSERT INTO … SELECT … FROM name, or CREATE TABLE … AS the same, before the statement: the rows were copied.
static bool is_copied(const Judge *judge, const char *name)
{
    for (size_t i = 0; i + 1 < judge->number; i++) {
        const Sentence *earlier = &judge->sentences[i];
        const Clause *all = &earlier->all;
        bool copies = earlier->verb == VERB_INSERT || earlier->verb == VERB_CREATE;
        size_t select = copies ? clause_after_anywhere(all, "SELECT|TABLE") : 0;
        for (size_t k = select; select && k < all->count; k++)
            if (token_named(&all->tokens[k], name))
                return true;
    }
    return false;
}

// Did an earlier statement of the section give the table this name, and another take its old one with its rows?
static bool was_replaced(const Judge *judge, SqlName name)
{
    for (size_t i = 0; i + 1 < judge->number; i++) {
        const Sentence *earlier = &judge->sentences[i];
        if (kind_is(earlier, "table") && earlier->to.name && strcmp(earlier->to.name, name.name) == 0 &&
            earlier->object.name && lint_table(judge->before, earlier->object))
            return is_copied(judge, name.name);
    }
    return false;
}

// A table that takes the name of a dropped one in the same section is a rebuild: what it keeps is judged column by column.
static bool comes_back(const Judge *judge, SqlName name)
{
    if (was_replaced(judge, name))
        return true;
    if (!is_copied(judge, name.name))
        return false;
    for (size_t i = judge->number; i < judge->section->statements.count; i++) {
        const Sentence *later = &judge->sentences[i];
        bool table = kind_is(later, "table");
        const char *made = table && later->verb == VERB_CREATE ? later->object.name
                           : table                             ? later->to.name
                                                               : NULL;
        if (made && strcmp(made, name.name) == 0)
            return true;
    }
    return false;
}

static bool is_partition(const Table *table)
{
    return table &&
           (option_get(&table->head.options, "partition_of") || option_get(&table->head.options, "parent"));
}

static void judge_dropped_table(const Judge *judge, SqlName name)
{
    const Table *table = lint_table(judge->before, name);
    const char *title = lint_title(judge->arena, name);
    if (!name.name || lint_table_is_new(judge, name) || (judge->before && !table))
        return;
    if (comes_back(judge, name))
        return;
    if (is_partition(table))
        lint_found(judge, "D109", name.name, NULL, NULL, "drops partition %s with its rows", title);
    else
        lint_found(judge, "D101", name.name, NULL, NULL, "drops table %s with its rows", title);
}

static void judge_drop(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    const char *title = s->object.name ? lint_title(judge->arena, s->object) : "";
    if (kind_is(s, "table") && !s->temporary) {
        judge_dropped_table(judge, s->object);
        VEC_EACH (const SqlName, it, &s->others)
            judge_dropped_table(judge, *it);
    } else if (kind_is(s, "schema")) {
        if (!lint_made_here(judge->lint, OBJECT_SCHEMA, NULL, NULL, s->object.name))
            lint_found(judge, "D103", NULL, NULL, NULL, "drops schema %s", title);
    } else if (kind_is(s, "database")) {
        lint_found(judge, "D104", NULL, NULL, NULL, "drops database %s", title);
    } else if (kind_is(s, "sequence") &&
               !lint_made_here(judge->lint, OBJECT_SEQUENCE, s->object.schema, NULL, s->object.name)) {
        lint_found(judge, "D115", NULL, NULL, NULL, "drops sequence %s, and the number it had come to",
                   title);
    }
}

// The columns that ALTER TABLE drops by its text: where the server refused it, the catalogue does not tell.
static void judge_dropped_columns(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    const Table *table = lint_table(judge->before, s->object);
    if (lint_table_is_new(judge, s->object))
        return;
    VEC_EACH (const Clause, it, &s->clauses) {
        bool other = clause_begins(
            it, "DROP CONSTRAINT|INDEX|KEY|PRIMARY|FOREIGN|CHECK|PARTITION|DEFAULT|PERIOD|SYSTEM");
        size_t at = other ? 0 : clause_begins(it, "DROP COLUMN") ? 2 : clause_begins(it, "DROP") ? 1 : 0;
        if (at && clause_after(it, "IF EXISTS"))
            at += 2;
        const char *name = at ? clause_name(judge->arena, judge->lint->dialect, it, at) : NULL;
        const Column *column = name && table ? table_column(table, name) : NULL;
        if (!name || (table && (!column || column->generated)) ||
            lint_made_here(judge->lint, OBJECT_COLUMN, s->object.schema, s->object.name, name))
            continue;
        lint_found(judge, "D102", s->object.name, NULL, NULL, "drops column %s of table %s with its values",
                   name, s->object.name);
    }
}

// Is there a WHERE that is not true for every row: TRUE, 1, 1 = 1?
static bool has_test(const Clause *all)
{
    size_t at = clause_after(all, "WHERE");
    size_t left = at ? all->count - at : 0;
    const Token *token = all->tokens + at;
    bool always = left == 1 && (token_is(token, "TRUE") || token_is(token, "1"));
    if (left == 3 && token_is(token + 1, "="))
        always = token->kind == TOKEN_NUMBER && token[2].kind == TOKEN_NUMBER &&
                 token->text.n == token[2].text.n &&
                 memcmp(token->text.p, token[2].text.p, token->text.n) == 0;
    return at && !always;
}

static void judge_emptied(const Judge *judge, SqlName table)
{
    if (!table.name || lint_table_is_new(judge, table))
        return;
    lint_found(judge, "D105", table.name, NULL, NULL, "removes all rows of table %s", table.name);
    if (judge->sentence->cascade)
        lint_found(judge, "D106", table.name, NULL, NULL, "empties every table that references %s too",
                   table.name);
}

static void judge_rows(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    if (s->verb == VERB_TRUNCATE) {
        judge_emptied(judge, s->object);
        VEC_EACH (const SqlName, it, &s->others)
            judge_emptied(judge, *it);
    }
    if (!s->object.name || lint_table_is_new(judge, s->object))
        return;
    if (s->verb == VERB_DELETE && !clause_after(&s->all, "LIMIT|USING|ON") && !has_test(&s->all))
        lint_found(judge, "D107", s->object.name, NULL, NULL, "deletes every row of table %s",
                   s->object.name);
}

// The values of all lists VALUES IN (…) of a text that the server wrote, and whether a partition takes all others (MariaDB).
static NameList listed_values(const Judge *judge, const char *text, bool *has_rest)
{
    NameList values = { 0 };
    TokenList all = lex_all(judge->arena, (Text){ text, strlen(text) }, judge->lint->dialect->lex);
    size_t depth = 0, from = 0, list = 0; // `list`: the depth inside of VALUES IN (…)
    for (size_t i = 0; i + 1 < all.count; i++) {
        const Token *it = &all.items[i];
        bool closes = token_is(it, ")");
        *has_rest |= token_is(it, "DEFAULT");
        if (list && depth == list && (closes || token_is(it, ","))) {
            const char *first = all.items[from].text.p;
            *VEC_PUSH(judge->arena, &values) =
                arena_strndup(judge->arena, first, (size_t)(it[-1].text.p + it[-1].text.n - first));
            from = i + 1;
        }
        depth += token_is(it, "(");
        depth -= closes;
        list = depth < list ? 0 : list;
        if (i > 1 && token_is(it, "(") && token_is(it - 1, "IN") && token_is(it - 2, "VALUES")) {
            list = depth;
            from = i + 1;
        }
    }
    return values;
}

// REORGANIZE PARTITION deletes the rows whose value no new partition names, without an error; and MariaDB's ADD PARTITION leaves
// rows in the partition DEFAULT, where no query finds them. Both servers, asked.
static void judge_lists(const Judge *judge, const Clause *clause)
{
    const Table *before = lint_table(judge->before, judge->sentence->object),
                *after = judge->after ? lint_table(judge->after, judge->sentence->object) : NULL;
    const char *old = before ? option_get(&before->head.options, "partition_by") : NULL,
               *new = after ? option_get(&after->head.options, "partition_by") : NULL;
    if (!old || !new || strncasecmp(old, "LIST", 4) != 0)
        return;
    bool had_rest = false, has_rest = false;
    NameList have = listed_values(judge, old, &had_rest), want = listed_values(judge, new, &has_rest);
    const char *table = judge->sentence->object.name;
    if (clause_begins(clause, "ADD PARTITION") && had_rest)
        lint_found(
            judge, "D109", table, NULL, NULL,
            "rows of table %s that are in the partition DEFAULT stay there, where no query for a value "
            "of the new partition finds them",
            table);
    if (!clause_begins(clause, "REORGANIZE PARTITION") || had_rest || has_rest)
        return;
    VEC_EACH (const char *, it, &have)
        if (!names_have(&want, *it)) {
            lint_found(judge, "D109", table, NULL, NULL,
                       "deletes the rows of table %s whose value no partition lists any more", table);
            return;
        }
}

static void judge_partitions(const Judge *judge)
{
    VEC_EACH (const Clause, it, &judge->sentence->clauses)
        if (lint_is_engine(judge->lint, ON_BOTH_MYSQL) && !lint_table_is_new(judge, judge->sentence->object))
            judge_lists(judge, it);
    VEC_EACH (const Clause, it, &judge->sentence->clauses)
        if ((clause_begins(it, "DROP PARTITION") || clause_begins(it, "TRUNCATE PARTITION")) &&
            !lint_table_is_new(judge, judge->sentence->object))
            lint_found(judge, "D109", judge->sentence->object.name, NULL, NULL,
                       "removes partitions of table %s with their rows", judge->sentence->object.name);
}

// Are foreign keys not enforced when the statement runs? A switch anywhere in a transaction is carried out before it begins
// (core/apply, keys_suspend); elsewhere the scratch database, which runs without transactions, is asked.
static bool keys_are_off(const Judge *judge, Db *db)
{
    const KeySwitch *keys = judge->lint->dialect->key_switch;
    if (!judge->section->no_transaction) {
        VEC_EACH (const ScriptStatement, it, &judge->section->statements)
            if (keys->kind(it->sql) == KEY_STATEMENT_SWITCH)
                return true;
        return false;
    }
    const char *value = NULL;
    Error ignored = { 0 };
    return db_value(db, judge->arena, keys->state, &value, &ignored) && value && value[0] == '0';
}

// Tables whose foreign keys change rows when those of this one go.
static void judge_children(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    Db *db = judge->lint->scratch;
    if (!judge->before || !db || !lint_is_engine(judge->lint, ON_SQLITE))
        return;
    bool switched_off = keys_are_off(judge, db);
    VEC_EACH (Table *, it, &judge->before->tables)
        VEC_EACH (Constraint *, key, &(*it)->constraints)
            if ((*key)->head.kind == OBJECT_FOREIGN_KEY && (*key)->on_delete && !switched_off &&
                strcasecmp((*key)->referred_table, s->object.name) == 0 &&
                strcasecmp((*it)->head.name, s->object.name) != 0 &&
                strcasecmp((*key)->on_delete, "RESTRICT") != 0)
                lint_found(judge, "D114", s->object.name, NULL, NULL,
                           "dropping %s applies ON DELETE %s to the rows of %s", s->object.name,
                           (*key)->on_delete, (*it)->head.name);
}

// What a block of code, a call or a function in a query dropped: its text does not say it, the catalogue does.
static void judge_hidden(const Judge *judge)
{
    static const struct {
        ObjectKind kind;
        const char *code;
    } kinds[] = {
        {OBJECT_TABLE,     "D101"},
        { OBJECT_COLUMN,   "D102"},
        { OBJECT_SCHEMA,   "D103"},
        { OBJECT_SEQUENCE, "D115"}
    };
    if (!lint_runs_code(judge))
        return;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        size_t from = 0;
        for (const Change *it; (it = lint_change(judge, CHANGE_DROP, kinds[i].kind, &from)) != NULL;) {
            const Object *have = it->have;
            if (lint_made_here(judge->lint, have->kind, have->schema, have->table, have->name))
                continue;
            bool partition = have->kind == OBJECT_TABLE && is_partition((const Table *)(const void *)have);
            lint_found(judge, partition ? "D109" : kinds[i].code, have->table ? have->table : have->name,
                       NULL, NULL, "drops %s %s, and what it holds", object_kinds[have->kind].word,
                       object_title(judge->arena, have));
        }
    }
}

static bool is_new(const Judge *judge, const Object *object)
{
    const SqlName table = { object->schema, object->table };
    return (object->table && lint_table_is_new(judge, table)) ||
           lint_made_here(judge->lint, object->kind, object->schema, object->table, object->name);
}

// Was everything that went made by the set itself? Then CASCADE takes nothing along that anybody has.
static bool drops_only_new(const Judge *judge)
{
    bool any = false;
    VEC_EACH (Change, it, judge->changes) {
        if (it->kind != CHANGE_DROP)
            continue;
        if (!is_new(judge, it->have))
            return false;
        any = true;
    }
    return any;
}

static void judge_inner(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    if (s->verb == VERB_DROP && s->cascade)
        lint_found(judge, "D111", s->object.name, NULL, NULL, "CASCADE drops whatever depends on %s",
                   s->object.name ? s->object.name : "it");
    judge_rows(judge);
}

static void judge_statement(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    judge_hidden(judge);
    if (s->verb == VERB_DROP)
        judge_drop(judge);
    if (s->verb == VERB_DROP && kind_is(s, "table") && s->object.name)
        judge_children(judge);
    if (s->verb == VERB_ALTER && kind_is(s, "table") && s->object.name) {
        judge_dropped_columns(judge);
        judge_partitions(judge);
    }
    if ((s->verb == VERB_DROP || s->verb == VERB_ALTER) && s->cascade && !drops_only_new(judge))
        lint_found(judge, "D111", s->object.name, NULL, NULL, "CASCADE drops whatever depends on %s",
                   s->object.name ? s->object.name : "it");
    if (s->verb == VERB_CREATE && s->or_replace && kind_is(s, "table") &&
        lint_table(judge->before, s->object) && !lint_table_is_new(judge, s->object))
        lint_found(judge, "D112", s->object.name, NULL, NULL, "replaces table %s, whose rows are dropped",
                   s->object.name);
    judge_rows(judge);
}

// A table that was dropped and made again under its name has lost the columns that it does not have any more.
static void judge_rebuilt(const JudgeRevision *judge)
{
    if (!judge->before || !judge->after)
        return;
    VEC_EACH (Table *, it, &judge->after->tables) {
        const Table *before = schema_table(judge->before, (*it)->head.schema, (*it)->head.name);
        if (!before || !lint_made_by(judge, &(*it)->head))
            continue;
        VEC_EACH (Column *, column, &before->columns)
            if (!table_column(*it, (*column)->head.name) && !(*column)->generated)
                lint_found_in(judge, "D102", lint_place_of(judge, &(*it)->head), (*it)->head.name,
                              "drops column %s of table %s with its values", (*column)->head.name,
                              (*it)->head.name);
    }
}

static void judge_lost_values(const JudgeRevision *judge, const Object *before, const Object *after)
{
    const char *lost = after ? enum_values_lost(judge->arena, before, after) : NULL;
    if (lost)
        lint_found_in(judge, "D116", lint_place_of(judge, after), before->table,
                      "drops values of enum %s: %s", object_title(judge->arena, before), lost);
}

// Enums before and after the revision, however the type was replaced.
static void judge_enums(const JudgeRevision *judge)
{
    if (!judge->before || !judge->after)
        return;
    VEC_EACH (Object *, it, &judge->before->objects)
        if ((*it)->kind == OBJECT_ENUM)
            judge_lost_values(judge, *it, schema_counterpart(judge->after, *it));
    VEC_EACH (Table *, it, &judge->before->tables) {
        const Table *after = schema_table(judge->after, (*it)->head.schema, (*it)->head.name);
        VEC_EACH (Column *, column, &(*it)->columns) {
            const Column *other = after ? table_column(after, (*column)->head.name) : NULL;
            judge_lost_values(judge, &(*column)->head, other ? &other->head : NULL);
        }
    }
}

static void judge_revision(const JudgeRevision *judge)
{
    judge_rebuilt(judge);
    judge_enums(judge);
}

const LintFamily lint_destroys = { .group = "destroys",
                                   .rules = rules,
                                   .statement = judge_statement,
                                   .inner = judge_inner,
                                   .revision = judge_revision };
