// L3: what locks the file of SQLite for long.
#include <string.h>

#include "core/lint/internal.h"

static const LintRule rules[] = {
    {.code = "L301",
     .name = "rebuilds-table",
     .engines = ON_SQLITE,
     .level = LINT_NOTICE,
     .summary = "The table is copied row by row.",
     .why = "The whole database file is locked for writers meanwhile, and grows by the size of the table.",
     .instead = "run it when nobody writes; SQLite 3.53 and later change NOT NULL and CHECK in place" },
    { .code = "L302",
     .name = "column-drop-rewrites",
     .engines = ON_SQLITE,
     .level = LINT_NOTICE,
     .summary = "DROP COLUMN writes every row again.",
     .why = "The whole database file is locked for writers meanwhile.",
     .instead = "run it when nobody writes" },
    { 0},
};

static void judge_statement(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    if (s->verb == VERB_ALTER && strcmp(s->kind, "table") == 0 && !lint_table_is_new(judge, s->object))
        VEC_EACH (const Clause, it, &s->clauses)
            if (clause_begins(it, "DROP") && !clause_begins(it, "DROP CONSTRAINT"))
                lint_found(judge, "L302", s->object.name, NULL, NULL,
                           "every row of table %s is written again", s->object.name);
}

static void judge_revision(const JudgeRevision *judge)
{
    if (!judge->before || !judge->after || !lint_is_engine(judge->lint, ON_SQLITE))
        return;
    VEC_EACH (Table *, it, &judge->after->tables) {
        const Table *before = schema_table(judge->before, (*it)->head.schema, (*it)->head.name);
        if (before && lint_made_by(judge, &(*it)->head))
            lint_found_in(judge, "L301", lint_place_of(judge, &(*it)->head), (*it)->head.name,
                          "table %s is copied row by row", (*it)->head.name);
    }
}

const LintFamily lint_locks_sqlite = {
    .group = "locks", .rules = rules, .statement = judge_statement, .revision = judge_revision
};
