// S: what a revision makes on PostgreSQL besides types and keys: rules of domains, the order of columns, rights; and the columns
// that a project wants in every table.
#include <string.h>
#include <strings.h>

#include "core/lint/internal.h"
#include "core/lint/model.h"

static const LintRule rules[] = {
    {.code = "S316",
     .name = "domain-with-check",
     .engines = ON_POSTGRESQL,
     .level = LINT_OFF,
     .summary = "The domain has a check.",
     .why = "Adding a column of it rewrites the table, even where every value is NULL, and a change of the "
             "check reads "
             "every table that uses it.", .instead = "put the check on the columns, where it can be added NOT VALID",
     .aliases = "ban-create-domain-with-constraint" },
    { .code = "S403",
     .name = "missing-columns",
     .engines = ON_ALL,
     .level = LINT_OFF,
     .summary = "The table lacks a column that every table is to have.",
     .why = "`rules: {missing-columns: {level: warning, columns: \"created_at, updated_at\"}}` names them.",
     .aliases = "column.required" },
    { .code = "S405",
     .name = "padding",
     .engines = ON_POSTGRESQL,
     .level = LINT_OFF,
     .summary = "The order of the columns leaves gaps in every row.",
     .why = "A value of 8 bytes begins at a multiple of 8, one of 4 bytes at a multiple of 4: what lies "
             "between is lost.", .instead = "put the columns of 8 bytes first, then those of 4, 2 and 1, and texts last",
     .aliases = "PG110" },
    { .code = "S605",
     .name = "granted-to-public",
     .engines = ON_POSTGRESQL,
     .level = LINT_OFF,
     .summary = "A right is granted to everybody.",
     .why = "PUBLIC is every role of the server, those that are made later too.",
     .instead = "grant it to a role" },
    { 0                                                                         },
};

static void judge_statement(const Judge *judge)
{
    size_t from = 0;
    for (const Change *it; (it = lint_change(judge, CHANGE_CREATE, OBJECT_DOMAIN, &from));) {
        const DomainType *domain = (const DomainType *)(const void *)it->want;
        if (domain->checks.count)
            lint_found(judge, "S316", NULL, NULL, NULL, "domain %s has a check", it->want->name);
    }
    const Clause *all = &judge->sentence->all;
    size_t at = clause_begins(all, "GRANT") ? clause_after(all, "TO PUBLIC") : 0;
    if (at)
        lint_found(judge, "S605", NULL, NULL, NULL, "everybody is granted: %s",
                   clause_text(judge->arena, all, 1, at));
}

typedef struct Width {
    const char *words;
    unsigned size, align;
} Width;

static const Width widths[] = {
    {"bigint|double precision|timestamp|timestamp without time zone|timestamp with time zone|time|time "
      "without time "
      "zone|money",       8,  8},
    { "interval",              16, 8},
    { "time with time zone",   12, 8},
    { "integer|real|date|oid", 4,  4},
    { "smallint",              2,  2},
    { "boolean|\"char\"",      1,  1},
    { "uuid",                  16, 1},
};

static const Width *width_of(const Column *column)
{
    for (size_t i = 0; i < COUNT_OF(widths) && !strchr(column->type, '['); i++)
        if (column_has_type(column, widths[i].words))
            return &widths[i];
    return NULL;
}

// The gaps between the values of fixed width, from the beginning or the last value of another width.
static unsigned gaps_of(const Table *table)
{
    unsigned offset = 0, gaps = 0;
    VEC_EACH (Column *, it, &table->columns) {
        const Width *width = width_of(*it);
        if (!width) {
            offset = 0;
            continue;
        }
        unsigned gap = (width->align - offset % width->align) % width->align;
        gaps += gap;
        offset += gap + width->size;
    }
    return gaps;
}

static void judge_wanted(const JudgeRevision *judge, const Table *table, const char *wanted)
{
    for (const char *p = wanted; p && *p;) {
        p += strspn(p, ", ");
        size_t n = strcspn(p, ", ");
        const char *name = arena_strndup(judge->arena, p, n);
        if (n && !table_column(table, name))
            lint_found_in(judge, "S403", lint_place_of(judge, &table->head), table->head.name,
                          "table %s has no column %s", table->head.name, name);
        p += n;
    }
}

static void judge_table(const JudgeRevision *judge, const Table *table, bool whole)
{
    unsigned gaps = whole && lint_is_engine(judge->lint, ON_POSTGRESQL) ? gaps_of(table) : 0;
    if (gaps)
        lint_found_in(judge, "S405", lint_place_of(judge, &table->head), table->head.name,
                      "each row of table %s has gaps of %u byte%s", table->head.name, gaps,
                      gaps == 1 ? "" : "s");
    if (whole)
        judge_wanted(judge, table, lint_pattern(judge->lint, "S403", "columns"));
}

static void judge_revision(const JudgeRevision *judge) { model_each_changed(judge, judge_table); }

const LintFamily lint_columns = {
    .group = "schema", .rules = rules, .statement = judge_statement, .revision = judge_revision
};
