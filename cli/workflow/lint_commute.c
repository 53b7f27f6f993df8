// H106: do branches that nobody has merged yet lead to the same, whichever comes first? Both orders are replayed, each in a
// scratch database of its own, and what comes out is compared: the schema, and how many rows each table has.
#include <string.h>

#include "cli/workflow/lint_run.h"
#include "cli/workflow/replay.h"
#include "core/diff/diff.h"
#include "core/dialect/sql.h"
#include "core/lint/judge.h"

static void note(Session *session, LintRun *run, const Revision *at, const char *text)
{
    *VEC_PUSH(session->arena, &run->lint.notes) =
        (LintNote){ .code = "H106", .revision = at, .at = at->script->revision_at, .text = text };
}

// False with `err` where there is no scratch database; a script that fails in this order is a finding.
static bool replay_in_order(Session *session, LintRun *run, const Revision *first, const Revision *second,
                            Db **scratch, Schema *out, bool *done, Error *err)
{
    Error why = { 0 };
    *done = false;
    if (!replay_open(session, &run->project, &run->project.url, run->project.url_folder, scratch, err))
        return false;
    if (!replay_to(session, &run->project, &run->graph, first->id, *scratch, &why)) {
        *err = why; // it fails by itself, as it is judged elsewhere
        return false;
    }
    if (!replay_to(session, &run->project, &run->graph, second->id, *scratch, &why)) {
        note(session, run, second,
             arena_printf(session->arena, "%s cannot be run after %s: %s", second->id, first->id,
                          why.message));
        return true;
    }
    *done = true;
    return compare_read_database(session, &run->project, *scratch, out, err);
}

static const char *count_rows(Session *session, Db *db, const Table *table)
{
    const char *count = NULL;
    Error ignored = { 0 };
    StrBuf query;
    strbuf_init(&query, session->arena);
    sql(&query, db->dialect, KW("SELECT count(*) FROM"),
        QID(table->head.schema ? table->head.schema : db->server.default_schema, table->head.name));
    return db_value(db, session->arena, query.text, &count, &ignored) ? count : NULL;
}

static void compare_rows(Session *session, LintRun *run, const Schema *schema, Db *one, Db *other,
                         const Revision *a, const Revision *b)
{
    VEC_EACH (Table *, it, &schema->tables) {
        const char *before = count_rows(session, one, *it), *after = count_rows(session, other, *it);
        if (!before || !after || strcmp(before, after) == 0)
            continue;
        note(session, run, b,
             arena_printf(session->arena, "table %s has other rows when %s is run before %s",
                          object_title(session->arena, &(*it)->head), b->id, a->id));
        return;
    }
}

// Replays both orders, each in a database of its own, and notes the first difference of the schemas, or of the
// rows.
static bool compare_orders(Session *session, LintRun *run, const Revision *a, const Revision *b, Error *err)
{
    Db *one = NULL, *other = NULL;
    Schema first = { 0 }, second = { 0 };
    ChangeList changes = { 0 };
    RenameList none = { 0 };
    const Schema *renamed;
    bool there = false, back = false;
    bool ok =
        replay_in_order(session, run, a, b, &one, &first, &there, err) &&
        replay_in_order(session, run, b, a, &other, &second, &back, err) &&
        (!there || !back ||
         diff_schemas(session->arena, run->lint.dialect, &first, &second, &none, &changes, &renamed, err));
    if (ok && changes.count) {
        const Change *change = &changes.items[0];
        const Object *object = change->want ? change->want : change->have;
        note(session, run, b,
             arena_printf(session->arena, "%s %s is another one when %s is run before %s",
                          object_kinds[object->kind].word, object_title(session->arena, object), b->id,
                          a->id));
    } else if (ok && there && back) {
        compare_rows(session, run, &first, one, other, a, b);
    }
    db_close(one);
    db_close(other);
    return ok;
}

static bool is_judged(const LintRun *run, const Revision *revision)
{
    VEC_EACH (Revision *, it, &run->selected)
        if (*it == revision)
            return true;
    return false;
}

bool lint_commute(Session *session, LintRun *run, Error *err)
{
    const RevisionList heads = run->graph.heads;
    if (run->settings.depth == LINT_TEXT || !run->scratch || !lint_is_on(&run->lint, "H106"))
        return true;
    for (size_t i = 0; i + 1 < heads.count; i++)
        for (size_t k = i + 1; k < heads.count; k++) {
            Revision *a = heads.items[i], *b = heads.items[k];
            if ((is_judged(run, a) || is_judged(run, b)) && !compare_orders(session, run, a, b, err))
                return false;
        }
    return true;
}
