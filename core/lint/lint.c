// Walks through the revisions: replays those that are not judged, and steps through those that are.
#include "core/lint/lint.h"

#include <stdlib.h>
#include <string.h>

#include "core/apply/apply.h"
#include "core/lint/internal.h"
#include "core/lint/model.h"

typedef struct Walk {
    Lint *lint;
    LintState *now;  // NULL: depth text
    LintState *kept; // before the revision that is judged
    bool refused;    // a statement of the revision that is judged
    bool undone;     // a statement may have taken back what was seen: a savepoint was rolled back
    size_t count;    // statements so far, of a planned revision
    const StepsOfStatement *steps; // of a planned revision
} Walk;

// Where a section is one transaction on this engine, and can be: SQLite's pragmas have no effect inside one, and nothing
// else looks at the scratch database.
static bool in_transaction(const Lint *lint, const Section *section)
{
    return !section->no_transaction && (lint->dialect->caps & CAN_TRANSACTIONAL_DDL) &&
           !lint_is_engine(lint, ON_SQLITE);
}

// --- one statement ---------------------------------------------------------

// Could it have changed the schema? Rows and settings do not.
static bool may_change_schema(const Sentence *s)
{
    switch ((int)s->verb) {
    case VERB_INSERT:
    case VERB_UPDATE:
    case VERB_DELETE:
    case VERB_SET:
    case VERB_TRANSACTION:
    case VERB_TRUNCATE:
    case VERB_LOCK:
    case VERB_MAINTAIN: return false;
    default: return true;
    }
}

// What the planner itself takes care of and asserts: whether the rows fit, the form of the script, the way back.
static bool is_planners(const LintFamily *family)
{
    return strcmp(family->group, "fails") == 0 || strcmp(family->group, "form") == 0 ||
           strcmp(family->group, "reverts") == 0;
}

static void run_rules(const Judge *judge)
{
    static const ChangeList none = { 0 };
    for (size_t i = 0; lint_families[i]; i++)
        if (lint_families[i]->statement && !(judge->lint->planned && is_planners(lint_families[i])))
            lint_families[i]->statement(judge);
    VEC_EACH (const Sentence, it, judge->inner) {
        Judge inside = *judge;
        inside.sentence = it;
        inside.inner = NULL;
        inside.changes = &none;
        for (size_t i = 0; lint_families[i]; i++)
            if (lint_families[i]->inner)
                lint_families[i]->inner(&inside);
    }
}

// What went before in the section, again: a refused statement has ended its transaction.
static bool redo(Lint *lint, const Section *section, size_t count, const bool *refused, Error *err)
{
    Db *db = lint->scratch;
    if (!db->driver->begin(db, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *sql;
        if (refused[i])
            continue;
        if (!variables_fill(lint->arena, lint->variables, &section->statements.items[i], &sql, err) ||
            !db_exec_scratch(db, sql, err))
            return false;
    }
    return true;
}

// At replay too: PostgreSQL answers two small queries, and on MySQL and MariaDB the way that is found is the execution.
static bool is_measured(const Judge *judge)
{
    const Lint *lint = judge->lint;
    if (!lint->scratch->driver->exec_measured || judge->sentence->verb == VERB_TRANSACTION ||
        judge->sentence->verb == VERB_SET)
        return false;
    return lint->depth == LINT_TRACE || lint_is_engine(lint, ON_BOTH_MYSQL) ||
           (lint_is_engine(lint, ON_POSTGRESQL) && lint_may_cost(judge));
}

static bool exec(Judge *judge, LintFact *cost, StatementCost *measured, Error *err)
{
    Db *db = judge->lint->scratch;
    if (!is_measured(judge) || db_reaches_out(judge->lint->dialect, judge->sql) ||
        strstr(judge->sql, "(:rows '"))
        return db_exec_scratch(db, judge->sql, err);
    if (!db->driver->exec_measured(db, judge->arena, judge->sql, measured, err))
        return false;
    *cost = (LintFact){ .lock = measured->lock,
                        .algorithm = measured->algorithm,
                        .rewrites = measured->rewrites,
                        .scans = measured->scans,
                        .rows = -1,
                        .measured = true };
    judge->cost = cost;
    judge->measured = measured;
    return true;
}

// A refused statement on the table without its rows: what it does is judged besides. Of a section that is a transaction,
// what went before is done again, without the rows that it wrote. *refused: it is so again.
static bool run_without_rows(Judge *judge, bool *refused, LintFact *cost, StatementCost *measured, Error *err)
{
    Lint *lint = judge->lint;
    Db *db = lint->scratch;
    const Section *section = judge->section;
    size_t before = judge->number - 1;
    bool transaction = in_transaction(lint, section);
    bool *left_out = arena_alloc(judge->arena, before + 1);
    Error again = { 0 };
    memcpy(left_out, refused - before, before);
    if (transaction && !db->driver->rollback(db, err))
        return false;
    bool emptied = lint_empties(judge, judge->refused);
    for (size_t i = 0; emptied && i < before; i++)
        left_out[i] |= judge->sentences[i].verb == VERB_INSERT;
    if (transaction && !redo(lint, section, before, left_out, err))
        return false;
    *measured = (StatementCost){ 0 };
    *refused = !emptied || !exec(judge, cost, measured, &again);
    if (emptied && *refused && transaction)
        return db->driver->rollback(db, err) && redo(lint, section, before, left_out, err);
    return true;
}

// Executes the statement, judges it, and leaves walk->now in the state after it.
static bool step(Walk *walk, Judge *judge, bool *refused, Error *err)
{
    Lint *lint = walk->lint;
    ChangeList changes = { 0 };
    LintFact cost = { 0 };
    StatementCost measured = { 0 };
    Error refusal = { 0 };
    LintState *after = NULL;
    Arena *differences = NULL;
    bool stays = false;
    SentenceList inner = { 0 };
    judge->changes = &changes;
    judge->inner = &inner;
    if (!lint->planned && walk->now)
        judge->before = judge->renamed = &walk->now->schema;
    lint_inner_read(judge, &inner);
    if (lint->planned) {
        lint_planned(judge, lint->planned, walk->steps, walk->count++, &changes, &cost, &measured);
    } else if (walk->now) {
        *refused = !exec(judge, &cost, &measured, &refusal);
        if (*refused) {
            if (refusal.code != ERR_SQL || !lint->scratch->driver->alive(lint->scratch)) {
                *err = refusal;
                return false;
            }
            judge->refused = &refusal;
            walk->refused = true;
            // an index that could not be built concurrently stays, and is not valid
            stays = judge->sentence->concurrently && judge->section->no_transaction;
            if (!stays && !run_without_rows(judge, refused, &cost, &measured, err))
                return false;
        }
        if (*refused && !stays) {
            judge->after = NULL;
        } else if (may_change_schema(judge->sentence)) {
            if (!lint_state_read(lint, walk->undone ? NULL : walk->now, &after, err))
                return false;
            walk->undone = false;
            differences = arena_new();
            lint_state_changes(judge, differences, walk->now, after, &changes);
            judge->after = &after->schema;
        } else {
            judge->after = &walk->now->schema;
        }
        lint->coverage.traced += !*refused;
    }
    walk->undone |= judge->sentence->verb == VERB_TRANSACTION;
    run_rules(judge);
    lint_set_note(judge);
    lint->coverage.statements++;
    lint->coverage.understood += judge->sentence->verb != VERB_OTHER || changes.count > 0;
    arena_free(differences);
    if (after) {
        if (walk->now != walk->kept)
            lint_state_free(walk->now);
        walk->now = after;
    }
    return true;
}

// --- one section, one revision ---------------------------------------------

// Every statement as it is sent, and its outline: rules look back and ahead.
static bool read_sentences(const JudgeRevision *revision, const Section *section, const char ***sql,
                           Sentence **out, Error *err)
{
    const Lint *lint = revision->lint;
    size_t count = section->statements.count;
    *sql = arena_alloc(revision->arena, (count + 1) * sizeof(**sql));
    *out = arena_alloc(revision->arena, (count + 1) * sizeof(**out));
    for (size_t i = 0; i < count; i++) {
        if (!variables_fill(revision->arena, lint->variables, &section->statements.items[i], &(*sql)[i], err))
            return false;
        sentence_read(revision->arena, lint->dialect, (*sql)[i], &(*out)[i]);
    }
    return true;
}

// Runs and judges the statements of a section one by one, in one transaction where the section has one: locks
// and what was made before count from its start.
static bool judge_section(Walk *walk, const JudgeRevision *revision, const Section *section, Error *err)
{
    Lint *lint = walk->lint;
    Db *db = lint->scratch;
    bool transaction = walk->now && in_transaction(lint, section);
    const char **sql;
    Sentence *sentences;
    bool *refused = arena_alloc(revision->arena, section->statements.count + 1);
    memset(refused, 0, section->statements.count + 1);
    if (!read_sentences(revision, section, &sql, &sentences, err) ||
        (transaction && !db->driver->begin(db, err)))
        return false;
    for (size_t i = 0; i < section->statements.count; i++) {
        Judge judge = { .arena = revision->arena,
                        .lint = lint,
                        .revision = revision->revision,
                        .section = section,
                        .direction = lint->direction,
                        .statement = &section->statements.items[i],
                        .number = i + 1,
                        .sql = sql[i],
                        .sentence = &sentences[i],
                        .sentences = sentences };
        const char *prepared = lint_prepared(&judge);
        if (prepared) {
            judge.sql = sql[i] = prepared;
            sentence_read(revision->arena, lint->dialect, prepared, &sentences[i]);
        }
        bool ok = step(walk, &judge, &refused[i], err);
        if (lint->interrupted &&
            lint->interrupted(lint->payload)) // what the cancelled statement did says nothing of it
            return error_set(err, ERR_INTERRUPTED, "interrupted");
        if (!ok)
            return false;
    }
    return !transaction || db->driver->commit(db, err);
}

static bool restore_session(Lint *lint, Error *err)
{
    return !lint->scratch || !lint->scratch->driver->restore ||
           lint->scratch->driver->restore(lint->scratch, err);
}

// Judges each statement, then the revision as a whole, then the way back. Its arena goes over to the lint's at
// the end, because findings keep names and places of it.
static bool judge_revision(Walk *walk, const Revision *revision, Error *err)
{
    Lint *lint = walk->lint;
    Arena *arena = arena_new();
    Script script = { 0 };
    JudgeRevision judge = { .arena = arena, .lint = lint, .revision = revision, .script = &script };
    judge.keys = model_keys_new(arena);
    LintAllow allow = { 0 };
    if (lint->one_by_one)
        *lint->set = (LintSet){ 0 };
    walk->kept = walk->now;
    walk->refused = false;
    judge.before = lint->planned ? lint->planned->have : walk->kept ? &walk->kept->schema : NULL;
    bool ok = script_read_whole(arena, revision->script, &script, err) &&
              script_sections(arena, &script, lint->dialect, UPGRADE, &judge.up, err) &&
              script_sections(arena, &script, lint->dialect, DOWNGRADE, &judge.down, err) &&
              script_verifications(arena, &script, lint->dialect, &judge.verify, err);
    if (ok) {
        lint_allow_read(&judge, &allow);
        lint->allow = &allow;
    }
    const SectionList *judged = lint->direction == UPGRADE ? &judge.up : &judge.down;
    for (size_t i = 0; ok && i < judged->count; i++) {
        allow.section_index = i;
        ok = judge_section(walk, &judge, judged->items[i], err);
    }
    bool verifies = lint->direction == UPGRADE && !lint->planned;
    for (size_t i = 0; ok && verifies && i < judge.verify.count; i++) {
        allow.section_index = judge.up.count + i;
        ok = judge_section(walk, &judge, judge.verify.items[i], err);
    }
    ok = ok && restore_session(lint, err);
    judge.after = lint->planned ? lint->planned->want : walk->now ? &walk->now->schema : NULL;
    for (size_t i = 0; ok && lint_families[i]; i++)
        if (lint_families[i]->revision && !(lint->planned && is_planners(lint_families[i])))
            lint_families[i]->revision(&judge);
    if (ok && lint->direction == UPGRADE)
        lint_judge_rebuilt(&judge);
    if (ok && !walk->refused && !lint->planned) {
        lint_judge_way_back(&judge, walk->now);
        ok = restore_session(lint, err);
    }
    if (ok)
        lint_allow_end(&judge, &allow);
    lint->allow = NULL;
    if (walk->kept != walk->now)
        lint_state_free(walk->kept);
    walk->kept = NULL;
    arena_adopt(lint->arena, arena); // findings point to places and names in it
    return ok;
}

// A revision that is not judged: its effect is what counts.
static bool replay_revision(Lint *lint, const Revision *revision, Error *err)
{
    Arena *arena = arena_new();
    Db *db = lint->scratch;
    Script script = { 0 };
    SectionList sections = { 0 };
    bool ok = script_read_whole(arena, revision->script, &script, err) &&
              script_sections(arena, &script, lint->dialect, UPGRADE, &sections, err);
    for (size_t i = 0; ok && i < sections.count; i++) {
        const Section *section = sections.items[i];
        bool transaction = in_transaction(lint, section);
        ok = !transaction || db->driver->begin(db, err);
        for (size_t k = 0; ok && k < section->statements.count; k++) {
            const char *sql;
            ok = variables_fill(arena, lint->variables, &section->statements.items[k], &sql, err) &&
                 db_exec_scratch(db, sql, err);
            if (!ok && !err->at.file)
                err->at = section->statements.items[k].at;
        }
        ok = ok && (!transaction || db->driver->commit(db, err));
    }
    ok = ok && restore_session(lint, err);
    if (!ok) {
        error_prefix(err, "replaying %s: ", revision->id);
        err->at.file = arena_strdup(lint->arena, err->at.file);
    }
    arena_free(arena);
    return ok;
}

static bool is_selected(const RevisionList *selected, const Revision *revision)
{
    VEC_EACH (Revision *, it, selected)
        if (*it == revision)
            return true;
    return false;
}

static bool is_ignored(const Lint *lint, const Revision *revision)
{
    return revision->id && names_have(&lint->settings->ignore_revisions, revision->id);
}

// Revisions in their order, until the last selected one is judged. Those that are not judged are only run, and
// the state that was read becomes stale and is freed.
static bool walk_through(Walk *walk, const RevisionList *selected, Error *err)
{
    Lint *lint = walk->lint;
    size_t left = selected->count;
    VEC_EACH (Revision *, it, &lint->graph->revisions) {
        bool judged = is_selected(selected, *it);
        if (!left)
            break;
        left -= judged;
        lint->is_last = !left;
        if (judged && !is_ignored(lint, *it)) {
            if (lint->scratch && !walk->now && !lint_state_read(lint, NULL, &walk->now, err))
                return false;
            if (!judge_revision(walk, *it, err))
                return false;
        } else if (lint->scratch && !replay_revision(lint, *it, err)) {
            return false;
        } else if (walk->now) {
            lint_state_free(walk->now);
            walk->now = NULL;
        }
    }
    return true;
}

// By revision, file and line; by rule at one line. What is of no revision comes last.
static int by_place(const void *a, const void *b)
{
    const LintFinding *x = a, *y = b;
    if (x->revision != y->revision)
        return !x->revision ? 1 : !y->revision ? -1 : x->revision->order < y->revision->order ? -1 : 1;
    int file = x->revision || x->at.file == y->at.file ? 0
               : !x->at.file || !y->at.file            ? (x->at.file ? -1 : 1)
                                                       : strcmp(x->at.file, y->at.file);
    if (file)
        return file;
    if (x->at.line != y->at.line)
        return x->at.line < y->at.line ? -1 : 1;
    int order = strcmp(x->rule->code, y->rule->code);
    return order ? order : strcmp(x->message, y->message);
}

bool lint_run(Lint *lint, const RevisionList *selected, Error *err)
{
    LintSet set = { 0 };
    Walk walk = { .lint = lint };
    lint->set = &set;
    if (lint->planned)
        walk.steps = lint_steps_of_statements(lint->arena, lint->planned);
    lint->depth = lint->scratch ? lint->settings->depth : LINT_TEXT;
    if (lint->scratch)
        lint->server = lint->scratch->server;
    bool ok = walk_through(&walk, selected, err);
    lint_state_free(walk.now);
    lint->set = NULL;
    return ok;
}

void lint_schema_run(Lint *lint, const Schema *schema)
{
    const JudgeRevision judge = { .arena = lint->arena, .lint = lint, .after = schema };
    for (size_t i = 0; lint_families[i]; i++)
        if (lint_families[i]->schema)
            lint_families[i]->schema(&judge);
}

void lint_end(Lint *lint)
{
    VEC_EACH (LintNote, it, &lint->notes)
        if (!it->reported)
            lint_found_at(lint, it->code, it->revision, it->at, "%s", it->text);
    if (lint->findings.count)
        qsort(lint->findings.items, lint->findings.count, sizeof(lint->findings.items[0]), by_place);
}
