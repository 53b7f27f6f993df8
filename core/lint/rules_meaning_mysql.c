// M1 of MySQL and MariaDB: statements that do more, or less, than they say.
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/lint/internal.h"
#include "core/lint/model.h"
#include "core/lint/values.h"

static const LintRule rules[] = {
    {.code = "M101",
     .name = "filled-by-engine",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_ERROR,
     .summary = "Rows that are there get a value that nobody chose.",
     .why =
          "A new column that is NOT NULL and has no default gets 0, '', the first value of the enum, or "
          "'null' "
          "as JSON in every row, without a warning. MariaDB writes 0000-00-00 for dates; MySQL refuses those "
          "(1292).", .instead = "say a DEFAULT, or add the column nullable, fill it, and set NOT NULL",
     .aliases = "MY101" },
    { .code = "M102",
     .name = "reference-ignored",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_ERROR,
     .summary = "REFERENCES at a column makes no foreign key on this version.",
     .why = "MySQL before 9.0 and MariaDB before 10.5 read the clause and forget it, without a warning.",
     .instead = "write FOREIGN KEY (column) REFERENCES table (column) at the end of the table",
     .aliases = "MY102" },
    { .code = "M104",
     .name = "attribute-lost",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_ERROR,
     .summary = "MODIFY or CHANGE takes away what it does not repeat.",
     .why = "Both replace the whole definition: NOT NULL, DEFAULT, AUTO_INCREMENT, ON UPDATE, COMMENT, the "
             "character set and GENERATED are gone where they are not written again, without a warning.", .instead = "repeat every attribute, as SHOW CREATE TABLE prints it; for a default alone use ALTER "
                 "COLUMN ... SET "
                 "DEFAULT" },
    { .code = "M110",
     .name = "touched-by-on-update",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_WARNING,
     .summary = "The UPDATE changes a column with ON UPDATE CURRENT_TIMESTAMP too.",
     .why = "Every row that changes counts as changed now, which what follows the column takes for news.",
     .instead = "add `column = column` to SET" },
    { .code = "M113",
     .name = "fraction-rounded",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_WARNING,
     .summary = "Fractions of a second are lost.",
     .why = "MySQL rounds: 23:59:59.9 becomes the next day. MariaDB cuts.",
     .instead = "keep the precision, as in datetime(6)" },
    { 0                                                       },
};

// --- new columns -----------------------------------------------------------

// Shapes and dates have no empty value: MySQL refuses the column where the table has rows. A TIMESTAMP gets 0000-00-00.
static bool is_refused(const Judge *judge, const Column *column)
{
    return lint_is_engine(judge->lint, ON_MYSQL) &&
           column_has_type(column, "date|datetime|geometry|point|linestring|polygon|multipoint|"
                                   "multilinestring|multipolygon|geometrycollection|geomcollection");
}

static void judge_new_column(const Judge *judge, const Column *column)
{
    const char *table = column->head.table, *name = column->head.name;
    SqlName at = { column->head.schema, table };
    if (!lint_table(judge->before, at) || lint_table_is_new(judge, at) || !column_leaves_rows_empty(column))
        return;
    if (is_refused(judge, column))
        lint_found(judge, "F103", table, NULL, NULL,
                   "column %s takes no NULL and has no default: table %s may have rows", name, table);
    else if (column_has_type(column, "enum"))
        lint_found(judge, "M101", table, NULL, NULL,
                   "rows of table %s get the first value of the enum in the new column %s", table, name);
    else
        lint_found(judge, "M101", table, NULL, NULL,
                   "rows of table %s get the empty value of %s in the new column %s", table, column->type,
                   name);
}

// What production runs, where the settings say so; else the server that was asked.
static unsigned version_of(const Lint *lint)
{
    const char *flavor = lint_is_engine(lint, ON_MARIADB) ? "mariadb" : "mysql";
    const NameList *pairs = &lint->settings->versions;
    unsigned major = 0, minor = 0;
    for (size_t i = 0; i + 1 < pairs->count; i += 2)
        // NOLINTNEXTLINE(cert-err34-c): a version that is none is 0.0
        if (strcmp(pairs->items[i], flavor) == 0 && sscanf(pairs->items[i + 1], "%u.%u", &major, &minor) > 0)
            return major * 10000 + minor * 100;
    return lint->server.version;
}

// REFERENCES in the definition of a column: no FOREIGN KEY stands in front of it.
static void judge_references(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    unsigned version = version_of(judge->lint);
    bool maria = lint_is_engine(judge->lint, ON_MARIADB), key = false;
    bool defines = (s->verb == VERB_CREATE || s->verb == VERB_ALTER) && strcmp(s->kind, "table") == 0;
    if (!defines || !version || version >= (maria ? 100500U : 90000U))
        return;
    for (size_t i = 0; i < s->all.count; i++) {
        const Token *token = &s->all.tokens[i];
        key |= token_is(token, "FOREIGN");
        if (!token_is(token, "REFERENCES"))
            continue;
        if (!key)
            lint_found(judge, "M102", s->object.name, NULL, NULL,
                       "REFERENCES at a column of table %s makes no foreign key on %s %u.%u", s->object.name,
                       maria ? "MariaDB" : "MySQL", version / 10000, version / 100 % 100);
        key = false;
    }
}

// --- MODIFY and CHANGE -----------------------------------------------------

// The clause that defines the column again; NULL: none does.
static const Clause *clause_of(const Judge *judge, const char *column)
{
    VEC_EACH (const Clause, it, &judge->sentence->clauses) {
        bool change = clause_begins(it, "CHANGE");
        if (!change && !clause_begins(it, "MODIFY"))
            continue;
        size_t at = clause_begins(it, "CHANGE|MODIFY COLUMN") ? 2 : 1;
        if (clause_after(it, "IF EXISTS") == at + 2)
            at += 2;
        const char *name = clause_name(judge->arena, judge->lint->dialect, it, at + change);
        if (name && strcasecmp(name, column) == 0)
            return it;
    }
    return NULL;
}

static void add_lost(StrBuf *lost, bool gone, const char *what)
{
    if (gone)
        strbuf_printf(lost, "%s%s", lost->length ? ", " : "", what);
}

static bool option_is_lost(const Column *have, const Column *want, const char *key)
{
    const char *old = option_get(&have->head.options, key);
    return old && strcmp(old, "false") != 0 && !option_get(&want->head.options, key);
}

// Each attribute that was there, is not any more, and that the clause does not speak of.
static const char *find_lost(const Judge *judge, const Clause *clause, const Column *have, const Column *want)
{
    StrBuf lost;
    strbuf_init(&lost, judge->arena);
    bool null = clause_after(clause, "NULL") != 0;
    bool text = values_charset(judge->arena, judge->renamed, have) &&
                values_charset(judge->arena, judge->after, want);
    add_lost(&lost, !have->nullable && want->nullable && !null, "NOT NULL");
    add_lost(&lost,
             have->default_sql && !want->default_sql && !clause_after(clause, "DEFAULT") && !want->generated,
             "DEFAULT");
    add_lost(&lost, have->autoincrement && !want->autoincrement, "AUTO_INCREMENT");
    add_lost(&lost, have->generated && !want->generated, "GENERATED");
    add_lost(&lost, option_is_lost(have, want, "on_update"), "ON UPDATE");
    add_lost(&lost, have->head.comment && !want->head.comment && !clause_after(clause, "COMMENT"), "COMMENT");
    add_lost(&lost,
             text &&
                 !same_text(values_collation(judge->renamed, have), values_collation(judge->after, want)) &&
                 !clause_after(clause, "COLLATE|CHARSET|CHARACTER|ASCII|UNICODE|BINARY"),
             "the character set or collation");
    add_lost(&lost, option_is_lost(have, want, "invisible"), "INVISIBLE");
    add_lost(&lost, option_is_lost(have, want, "srid"), "SRID");
    return lost.length ? lost.text : NULL;
}

static void judge_redefined(const Judge *judge, const Change *change)
{
    const Column *have = (const Column *)(const void *)change->have,
                 *want = (const Column *)(const void *)change->want;
    SqlName table = { want->head.schema, want->head.table };
    const Clause *clause = clause_of(judge, want->head.name);
    const char *lost =
        clause && !lint_table_is_new(judge, table) ? find_lost(judge, clause, have, want) : NULL;
    if (lost)
        lint_found(judge, "M104", want->head.table, NULL, NULL, "column %s of table %s loses %s",
                   want->head.name, want->head.table, lost);
}

// --- UPDATE ----------------------------------------------------------------

static bool assigns(const Clause *all, const char *column)
{
    for (size_t i = clause_after(all, "SET"); i && i + 1 < all->count && !token_is(&all->tokens[i], "WHERE");
         i++) {
        const Token *token = &all->tokens[i];
        bool name = token->kind == TOKEN_WORD || token->kind == TOKEN_NAME;
        if (name && token_named(token, column) && token_is(token + 1, "="))
            return true;
    }
    return false;
}

static void judge_update(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    const Table *table = lint_table(judge->before, s->object);
    if (s->verb != VERB_UPDATE || !table || lint_table_is_new(judge, s->object))
        return;
    VEC_EACH (Column *, it, &table->columns)
        if (option_get(&(*it)->head.options, "on_update") && !assigns(&s->all, (*it)->head.name))
            lint_found(judge, "M110", table->head.name, NULL, NULL,
                       "the update sets %s.%s to the current time too", table->head.name, (*it)->head.name);
}

static void judge_statement(const Judge *judge)
{
    if (!lint_is_engine(judge->lint, ON_BOTH_MYSQL))
        return;
    VEC_EACH (Change, it, judge->changes) {
        const Object *object = it->want ? it->want : it->have;
        if (object->kind != OBJECT_COLUMN)
            continue;
        if (it->kind == CHANGE_CREATE)
            judge_new_column(judge, (const Column *)(const void *)object);
        else if (it->kind == CHANGE_ALTER)
            judge_redefined(judge, it);
    }
    judge_references(judge);
    judge_update(judge);
}

const LintFamily lint_meaning_mysql = { .group = "meaning", .rules = rules, .statement = judge_statement };
