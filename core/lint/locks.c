#include "core/lint/locks.h"

#include <string.h>

#include "core/base/base.h"

const TableCost *locks_cost_of(const Judge *judge, SqlName table)
{
    const Table *found = lint_table(judge->before, table);
    if (!judge->measured || !table.name || lint_table_is_new(judge, table))
        return NULL;
    const char *schema = found ? found->head.schema : table.schema;
    VEC_EACH (TableCost, it, &judge->measured->tables)
        if (same_text(it->schema, schema) && strcmp(it->table, table.name) == 0)
            return it;
    return NULL;
}

const LintFact *locks_fact(const Judge *judge, const TableCost *cost)
{
    if (!cost)
        return judge->cost;
    LintFact *fact = ARENA_NEW(judge->arena, LintFact);
    *fact = (LintFact){ .lock = cost->lock,
                        .rewrites = cost->rewritten,
                        .scans = cost->scanned,
                        .rows = -1,
                        .measured = !judge->lint->planned };
    return fact;
}

const TableCost *locks_read(const Judge *judge)
{
    if (judge->measured)
        VEC_EACH (TableCost, it, &judge->measured->tables)
            if ((it->scanned || it->rewritten) &&
                !lint_made_here(judge->lint, OBJECT_TABLE, it->schema, NULL, it->table))
                return it;
    return NULL;
}

bool locks_rows_refused(const Judge *judge, const char *states)
{
    const char *state = judge->refused && !judge->after ? judge->refused->native : "";
    return strlen(state) == 5 && strstr(states, state) != NULL;
}

const View *locks_old_view(const Judge *judge, SqlName name)
{
    if (!judge->before || !name.name ||
        lint_made_here(judge->lint, OBJECT_VIEW, name.schema, NULL, name.name))
        return NULL;
    const char *schema =
        name.schema && same_text(name.schema, judge->before->server.default_schema) ? NULL : name.schema;
    const Object *view = schema_object(judge->before, OBJECT_VIEW, schema, NULL, name.name);
    return (const View *)(const void *)view;
}

const Clause *locks_clause(const Sentence *sentence, const char *words)
{
    VEC_EACH (const Clause, it, &sentence->clauses)
        if (clause_begins(it, words))
            return it;
    return NULL;
}
