// R: is the downgrade the way back? It is executed after the upgrade, and the schema compared with the one before. Where DDL
// can be rolled back, so is all of this; elsewhere it is done only where no other revision is judged afterwards.
#include <string.h>

#include "core/apply/apply.h"
#include "core/lint/internal.h"

static bool is_transactional(const Lint *lint) { return lint->dialect->caps & CAN_TRANSACTIONAL_DDL; }

// What needs to be outside of a transaction cannot be rolled back; SQLite's pragmas have no effect inside one.
static bool can_try(const JudgeRevision *judge)
{
    size_t statements = 0;
    VEC_EACH (Section *, it, &judge->down) {
        statements += (*it)->statements.count;
        if (is_transactional(judge->lint) && (*it)->no_transaction)
            return false;
    }
    return judge->lint->direction == UPGRADE && statements && judge->before && judge->lint->scratch &&
           lint_is_on(judge->lint, "R103") && (is_transactional(judge->lint) || judge->lint->is_last);
}

// The new value of an enum, and what cannot be in a transaction, may be refused only because all sections are tried in one.
static bool is_our_doing(const Error *err)
{
    return strcmp(err->native, "55P04") == 0 || strcmp(err->native, "25001") == 0;
}

// False: a statement is refused, with the finding made.
static bool execute(const JudgeRevision *judge)
{
    Lint *lint = judge->lint;
    VEC_EACH (Section *, section, &judge->down)
        VEC_EACH (ScriptStatement, it, &(*section)->statements) {
            const char *sql;
            Error err = { 0 };
            if (variables_fill(judge->arena, lint->variables, it, &sql, &err) &&
                db_exec_scratch(lint->scratch, sql, &err))
                continue;
            if (!is_our_doing(&err))
                lint_found_in(judge, "R103", lint_place_at(it->at), NULL,
                              "the downgrade is refused after the upgrade: %s", err.message);
            return false;
        }
    return true;
}

static void found_difference(const JudgeRevision *judge, const Change *change)
{
    const Object *object = change->want ? change->want : change->have;
    const char *what = change->kind == CHANGE_CREATE ? "is left over"
                       : change->kind == CHANGE_DROP ? "is missing"
                                                     : "is not what it was";
    const Section *first = judge->down.items[0];
    SourcePos at = first->statements.count ? first->statements.items[0].at : judge->script->revision_at;
    const char *name = object->name ? object->name : "(unnamed)";
    bool part = object->table && object->kind != OBJECT_TABLE;
    lint_found_in(judge, "R103", lint_place_at(at), object->table ? object->table : object->name,
                  "after upgrade and downgrade %s %s%s%s %s", object_kinds[object->kind].word, name,
                  part ? " of table " : "", part ? object->table : "", what);
}

static void compare(const JudgeRevision *judge, LintState *now)
{
    Lint *lint = judge->lint;
    Arena *arena = judge->arena;
    LintState *back;
    ChangeList changes = { 0 };
    RenameList renames = { 0 };
    const Schema *renamed;
    Error ignored = { 0 };
    if (!lint_state_read(lint, now, &back, &ignored))
        return;
    if (diff_schemas(arena, lint->dialect, judge->before, &back->schema, &renames, &changes, &renamed,
                     &ignored))
        VEC_EACH (Change, it, &changes)
            found_difference(judge, it);
    lint_state_free(back);
}

void lint_judge_way_back(const JudgeRevision *judge, LintState *now)
{
    Db *db = judge->lint->scratch;
    Error ignored = { 0 };
    if (!can_try(judge) || (is_transactional(judge->lint) && !db->driver->begin(db, &ignored)))
        return;
    if (execute(judge))
        compare(judge, now);
    if (is_transactional(judge->lint))
        (void)db->driver->rollback(db, &ignored);
}
