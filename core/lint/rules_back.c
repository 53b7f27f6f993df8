// R and H: the way back, and the history as a whole.
#include <string.h>
#include <strings.h>

#include "core/lint/internal.h"

static const LintRule rules[] = {
    {.code = "R101",
     .name = "no-way-back",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "The revision has no way back.",
     .why = "Its upgrade has statements and its downgrade has none, so `downgrade` leaves what it made.",
     .instead = "write the downgrade, or leave the section out so that `downgrade` refuses",
     .aliases = "RUNSQL_REVERSIBLE" },
    { .code = "R102",
     .name = "way-back-loses",
     .engines = ON_ALL,
     .level = LINT_NOTICE,
     .summary = "The downgrade drops values.",
     .why = "What was written since the upgrade into the table or column that the downgrade drops is gone. "
             "Of a table that the revision itself makes nothing is said: everybody expects it to go.", .instead = "copy the values elsewhere before the downgrade, where they matter" },
    { .code = "R103",
     .name = "not-the-way-back",
     .engines = ON_ALL,
     .level = LINT_ERROR,
     .summary = "After upgrade and downgrade the schema is not what it was.",
     .why = "Both were executed in the scratch database, and the schema compared with the one before: a "
             "second upgrade, "
             "or the next downgrade, meets another database than it was written for.", .instead = "write the downgrade so that it puts back what the upgrade changed" },
    { .code = "R104",
     .name = "rows-without-way-back",
     .engines = ON_ALL,
     .level = LINT_NOTICE,
     .summary = "Rows are changed, and the downgrade does not touch the table.",
     .why = "After a downgrade the rows are what the upgrade made of them.",
     .instead = "undo the change in the downgrade, or say in a comment why it need not be" },
    { 0                                                                                    },
};

static const LintRule history_rules[] = {
    {.code = "H101",
     .name = "several-heads",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "The history has more than one head.",
     .why = "`upgrade head` does not know which one is meant.",
     .instead = "cmigrate merge" },
    { .code = "H102",
     .name = "below-the-head",
     .engines = ON_ALL,
     .level = LINT_ERROR,
     .summary = "The revision builds on one that the base branch has built on already.",
     .why =
          "After the merge the history has two heads, or a revision runs before one that databases already "
          "have. Databases that are at the head of the base branch have never run it in this order.", .instead = "`cmigrate rebase` puts it on the head of the base branch",
     .aliases = "non-linear" },
    { .code = "H103",
     .name = "changed-after-merge",
     .engines = ON_ALL,
     .level = LINT_ERROR,
     .summary = "A revision that the base branch has was changed or removed.",
     .why = "Databases that have run it keep what the old text made; those that run it later get "
             "something else.", .instead = "restore the script, and write a new revision for the change" },
    { .code = "H104",
     .name = "changed-after-run",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "The script is not what the database has run.",
     .why = "The history of the database has the checksum of what was run. What the change adds is missing "
             "there.", .instead = "restore the script and write a new revision, or `cmigrate stamp` to accept it as it is" },
    { .code = "H105",
     .name = "model-ahead",
     .engines = ON_ALL,
     .level = LINT_WARNING,
     .summary = "The model declares what no revision makes.",
     .why = "The revisions and the model differ, so what is deployed is not what the code expects.",
     .instead = "`cmigrate migrate` writes the missing revision" },
    { .code = "H106",
     .name = "branches-do-not-commute",
     .engines = ON_ALL,
     .level = LINT_ERROR,
     .summary = "Two heads lead to another database when they are run in the other order.",
     .why = "Both orders were replayed, each in a scratch database, and the schema and the numbers of rows "
             "compared. "
             "Where branches are merged, databases run them in either order.", .instead = "make one branch follow the other: `cmigrate rebase`" },
    { .code = "H107",
     .name = "created-out-of-order",
     .engines = ON_ALL,
     .level = LINT_NOTICE,
     .summary = "The revision was created before its parent.",
     .why = "Its file is listed before its parent's, and it was most likely rebased by hand." },
    { 0            },
};

static size_t count_statements(const SectionList *sections)
{
    size_t count = 0;
    VEC_EACH (Section *, it, sections)
        count += (*it)->statements.count;
    return count;
}

// SELECT f(…)
static bool calls_code(const Clause *all)
{
    return clause_after_anywhere(all, "(") && !clause_after(all, "FROM");
}

// Does a statement of the sections write rows of the table, or run code that may?
static bool writes_rows(const JudgeRevision *judge, const SectionList *sections, const char *table)
{
    VEC_EACH (Section *, section, sections)
        VEC_EACH (ScriptStatement, it, &(*section)->statements) {
            Sentence s;
            sentence_read(judge->arena, judge->lint->dialect,
                          arena_strndup(judge->arena, it->sql.p, it->sql.n), &s);
            bool rows = s.verb == VERB_INSERT || s.verb == VERB_UPDATE || s.verb == VERB_DELETE ||
                        s.verb == VERB_TRUNCATE || s.verb == VERB_DROP;
            if (s.verb == VERB_RUN || (rows && s.object.name && strcasecmp(s.object.name, table) == 0))
                return true;
            // WITH back AS (UPDATE t …) SELECT …, and SELECT f()
            if (s.verb == VERB_SELECT &&
                (clause_after_anywhere(&s.all, "INSERT|UPDATE|DELETE") || calls_code(&s.all)))
                return true;
        }
    return false;
}

// Tables of which the upgrade changes rows, and the downgrade says nothing.
static void judge_rows(const JudgeRevision *judge)
{
    if (!lint_is_on(judge->lint, "R104") || !count_statements(&judge->down))
        return;
    VEC_EACH (Section *, section, &judge->up)
        VEC_EACH (ScriptStatement, it, &(*section)->statements) {
            Sentence s;
            sentence_read(judge->arena, judge->lint->dialect,
                          arena_strndup(judge->arena, it->sql.p, it->sql.n), &s);
            bool rows = s.verb == VERB_INSERT || s.verb == VERB_UPDATE || s.verb == VERB_DELETE;
            bool was_there = !judge->before || lint_table(judge->before, s.object);
            if (rows && s.object.name && was_there &&
                !lint_made_here(judge->lint, OBJECT_TABLE, s.object.schema, NULL, s.object.name) &&
                !writes_rows(judge, &judge->down, s.object.name))
                lint_found_in(judge, "R104", lint_place_at(it->at), s.object.name,
                              "rows of %s are changed, and the downgrade does not touch it", s.object.name);
        }
}

// DROP TABLE and DROP COLUMN of the downgrade. That a new table goes with its rows surprises nobody.
static void judge_losses(const JudgeRevision *judge)
{
    const Dialect *dialect = judge->lint->dialect;
    if (!lint_is_on(judge->lint, "R102"))
        return;
    VEC_EACH (Section *, section, &judge->down)
        VEC_EACH (ScriptStatement, it, &(*section)->statements) {
            Sentence s;
            sentence_read(judge->arena, dialect, arena_strndup(judge->arena, it->sql.p, it->sql.n), &s);
            const Table *table = lint_table(judge->after, s.object);
            if (strcmp(s.kind, "table") != 0 || !s.object.name || (judge->after && !table) ||
                (table && lint_made_by(judge, &table->head)))
                continue;
            if (s.verb == VERB_DROP)
                lint_found_in(judge, "R102", lint_place_at(it->at), s.object.name,
                              "the downgrade drops table %s with its rows", s.object.name);
            VEC_EACH (const Clause, clause, &s.clauses) {
                size_t at = clause_begins(clause, "DROP COLUMN") ? 2 : clause_begins(clause, "DROP") ? 1 : 0;
                at += at && clause_begins(clause, "DROP [COLUMN] IF EXISTS") ? 2 : 0;
                const char *name = at ? clause_name(judge->arena, dialect, clause, at) : NULL;
                const Column *column = name && table ? table_column(table, name) : NULL;
                if (column && !column->generated)
                    lint_found_in(judge, "R102", lint_place_at(it->at), s.object.name,
                                  "the downgrade drops column %s of table %s with its values", name,
                                  s.object.name);
            }
        }
}

static void judge_back(const JudgeRevision *judge)
{
    if (!judge->revision->id) // a file of plain SQL goes one way
        return;
    size_t up = count_statements(&judge->up);
    if (up && !count_statements(&judge->down))
        lint_found_in(judge, "R101", lint_place_at(judge->script->revision_at), NULL,
                      "the upgrade has %zu statement%s and the downgrade none", up, up == 1 ? "" : "s");
    judge_rows(judge);
    judge_losses(judge);
}

static void report_notes(const JudgeRevision *judge)
{
    VEC_EACH (LintNote, it, &judge->lint->notes)
        if (it->revision == judge->revision) {
            it->reported = true;
            lint_found_in(judge, it->code, lint_place_at(judge->script->revision_at), NULL, "%s", it->text);
        }
}

static void judge_history(const JudgeRevision *judge)
{
    if (!judge->revision->id) // a file of plain SQL has no history
        return;
    report_notes(judge);
    const Graph *graph = judge->lint->graph;
    const Revision *revision = judge->revision;
    if (revision->is_head && graph->heads.count > 1 && graph->heads.items[0] == revision)
        lint_found_in(judge, "H101", lint_place_at(judge->script->revision_at), NULL,
                      "the history has %zu heads", graph->heads.count);
    VEC_EACH (Revision *, it, &revision->parents)
        if ((*it)->script->created && judge->script->created &&
            strcmp((*it)->script->created, judge->script->created) > 0)
            lint_found_in(judge, "H107", lint_place_at(judge->script->revision_at), NULL,
                          "this was created before its parent %s", (*it)->id);
}

const LintFamily lint_back = { .group = "reverts", .rules = rules, .revision = judge_back };
const LintFamily lint_history = { .group = "history", .rules = history_rules, .revision = judge_history };
