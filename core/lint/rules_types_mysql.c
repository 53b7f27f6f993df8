// S3 and S5 of MySQL and MariaDB: what is declared and has no effect, and what a project may not want.
#include <string.h>
#include <strings.h>

#include "core/lint/internal.h"
#include "core/lint/model.h"
#include "core/lint/values.h"

static const LintRule rules[] = {
    {.code = "S312",
     .name = "display-width",
     .engines = ON_MYSQL,
     .level = LINT_NOTICE,
     .summary = "The number after an integer type limits nothing.",
     .why = "int(3) holds as much as int. MySQL 8.0.17 and later warn about it (1681) and forget it; only "
             "tinyint(1) and ZEROFILL keep theirs.", .instead = "leave the width out",
     .aliases = "display_width" },
    { .code = "S503",
     .name = "charset-not-allowed",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_OFF,
     .summary = "The character set is not utf8mb4.",
     .why = "For projects that store every text as utf8mb4, so that no join converts.",
     .instead = "use utf8mb4",
     .aliases = "system.charset.allowlist" },
    { .code = "S504",
     .name = "definer-not-allowed",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_OFF,
     .summary = "The statement names a DEFINER.",
     .why = "The account may not exist on another server: then the view or routine fails when it is used "
             "(1449). "
             "To name another one takes SET_ANY_DEFINER or SET USER.", .instead = "leave DEFINER out, so that it is the account that runs the revisions",
     .aliases = "definer" },
    { .code = "S506",
     .name = "routine-present",
     .engines = ON_BOTH_MYSQL,
     .level = LINT_OFF,
     .summary = "The revision makes a stored routine.",
     .why = "For projects that keep their logic out of the database.",
     .aliases = "has-routine" },
    { .code = "S507",
     .name = "srid-missing",
     .engines = ON_MYSQL,
     .level = LINT_WARNING,
     .summary = "A spatial index is never used, because its column has no SRID.",
     .why = "MySQL 8.0 and later build the index and keep it up, but no query uses it: shapes of several "
             "reference "
             "systems could be in the column.", .instead = "say SRID 4326, or 0 for a plane, at the column",
     .aliases = "dupe-index-spatial" },
    { 0                                },
};

static void judge_table(const JudgeRevision *judge, const Table *table, bool whole)
{
    const char *t = table->head.name;
    (void)whole;
    VEC_EACH (Column *, it, &table->columns) {
        const char *charset = values_charset(judge->arena, judge->after, *it);
        if (charset && strcasecmp(charset, "utf8mb4") != 0 && model_is_new(judge, table, &(*it)->head))
            lint_found_in(judge, "S503", lint_place_of(judge, &(*it)->head), t, "%s.%s is stored as %s", t,
                          (*it)->head.name, charset);
    }
    VEC_EACH (Index *, it, &table->indexes) {
        const Column *column = (*it)->parts.count && (*it)->parts.items[0].column
                                   ? table_column(table, (*it)->parts.items[0].column)
                                   : NULL;
        if (column && (*it)->method && strcasecmp((*it)->method, "spatial") == 0 &&
            !option_get(&column->head.options, "srid") && model_is_new(judge, table, &(*it)->head))
            lint_found_in(judge, "S507", lint_place_of(judge, &(*it)->head), t,
                          "no query uses index %s: %s.%s has no SRID", (*it)->head.name, t,
                          column->head.name);
    }
}

static void judge_revision(const JudgeRevision *judge)
{
    if (lint_is_engine(judge->lint, ON_BOTH_MYSQL))
        model_each_changed(judge, judge_table);
}

// The catalogue forgets the width, so the text is what tells.
static void judge_widths(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    bool defines = (s->verb == VERB_CREATE || s->verb == VERB_ALTER) && strcmp(s->kind, "table") == 0;
    for (size_t i = 1; defines && i + 3 < s->all.count; i++) {
        const Token *t = &s->all.tokens[i];
        bool integer = token_is(t, "INT") || token_is(t, "INTEGER") || token_is(t, "BIGINT") ||
                       token_is(t, "SMALLINT") || token_is(t, "MEDIUMINT") || token_is(t, "TINYINT");
        if (!integer || !token_is(t + 1, "(") || t[2].kind != TOKEN_NUMBER || !token_is(t + 3, ")"))
            continue;
        bool flag = token_is(t, "TINYINT") && t[2].text.n == 1 && t[2].text.p[0] == '1';
        bool filled = i + 4 < s->all.count && (token_is(t + 4, "ZEROFILL") || token_is(t + 5, "ZEROFILL"));
        if (!flag && !filled)
            lint_found(judge, "S312", s->object.name, NULL, NULL, "%.*s(%.*s) holds as much as %.*s",
                       (int)t->text.n, t->text.p, (int)t[2].text.n, t[2].text.p, (int)t->text.n, t->text.p);
    }
}

// ALTER TABLE t ENGINE = …: a table that the revision makes is judged as a whole.
static void judge_engine(const Judge *judge)
{
    const Table *before = lint_table(judge->before, judge->sentence->object),
                *after = lint_table(judge->after, judge->sentence->object);
    const char *engine = after ? option_get(&after->head.options, "engine") : NULL;
    if (before && engine && strcasecmp(engine, "InnoDB") != 0 &&
        !lint_table_is_new(judge, judge->sentence->object) &&
        !same_text(option_get(&before->head.options, "engine"), engine))
        lint_found(judge, "S501", after->head.name, NULL, NULL, "table %s uses the engine %s",
                   after->head.name, engine);
}

static void judge_statement(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    if (!lint_is_engine(judge->lint, ON_BOTH_MYSQL))
        return;
    judge_widths(judge);
    judge_engine(judge);
    bool makes = s->verb == VERB_CREATE || s->verb == VERB_ALTER;
    if (makes && clause_after(&s->all, "DEFINER ="))
        lint_found(judge, "S504", NULL, NULL, NULL, "%s %s names its DEFINER", s->kind,
                   s->object.name ? s->object.name : "");
    if (s->verb == VERB_CREATE && (strcmp(s->kind, "function") == 0 || strcmp(s->kind, "procedure") == 0))
        lint_found(judge, "S506", NULL, NULL, NULL, "makes %s %s", s->kind,
                   s->object.name ? s->object.name : "");
}

const LintFamily lint_types_mysql = {
    .group = "schema", .rules = rules, .statement = judge_statement, .revision = judge_revision
};
