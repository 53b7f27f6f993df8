// D: rows, values or whole objects are gone afterwards.
#include <string.h>

#include "core/lint/internal.h"

static const LintRule rules[] = {
    {.code = "D101",
     .name = "drop-table",
     .engines = ON_ALL,
     .level = LINT_ERROR,
     .summary = "The table and all of its rows are dropped.",
     .why = "A dropped table comes back only from a backup, and the application that still runs fails at "
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
    { 0},
};

// A table that takes the name of a dropped one in the same revision is a rebuild: what it keeps is judged column by column.
static bool comes_back(const Judge *judge, SqlName name)
{
    for (size_t i = judge->number; i < judge->section->statements.count; i++) {
        const Sentence *later = &judge->sentences[i];
        bool table = strcmp(later->kind, "table") == 0;
        const char *made = table && later->verb == VERB_CREATE ? later->object.name : table ? later->to.name : NULL;
        if (made && strcmp(made, name.name) == 0)
            return true;
    }
    return false;
}

static void judge_statement(const Judge *judge)
{
    const Sentence *s = judge->sentence;
    if (s->verb == VERB_DROP && strcmp(s->kind, "table") == 0 && !s->temporary)
        for (size_t i = 0; i <= s->others.count; i++) {
            SqlName name = i ? s->others.items[i - 1] : s->object;
            if (!name.name || lint_table_is_new(judge, name) || comes_back(judge, name) ||
                (judge->before && !lint_table(judge->before, name)))
                continue;
            lint_found(judge, "D101", name.name, NULL, NULL, "drops table %s with its rows",
                       lint_title(judge->arena, name));
        }
    size_t from = 0;
    for (const Change *it; (it = lint_change(judge, CHANGE_DROP, OBJECT_COLUMN, &from));)
        if (!lint_made_here(judge->lint, OBJECT_COLUMN, it->have->schema, it->have->table, it->have->name) &&
            !((const Column *)(const void *)it->have)->generated)
            lint_found(judge, "D102", it->have->table, NULL, NULL,
                       "drops column %s of table %s with its values", it->have->name, it->have->table);
}

const LintFamily lint_destroys = { .group = "destroys", .rules = rules, .statement = judge_statement };
