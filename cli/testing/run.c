#include "cli/testing/run.h"

#include <string.h>

#include "cli/output/progress.h"
#include "cli/workflow/replay.h"
#include "core/apply/apply.h"
#include "core/base/clock.h"

// ---- revisions

static bool where_it_is(TestRun *run, RevisionList *out, Error *err)
{
    NameList rows = { 0 };
    VersionStore store = run->bench->project->store;
    store.schema = store.history_schema = NULL;
    return version_read(run->db, run->arena, &store, &rows, NULL, err) &&
           version_resolve(run->arena, run->bench->graph, &rows, out, err);
}

static bool make_moves(TestRun *run, const MoveList *moves, Error *err)
{
    const TestBench *bench = run->bench;
    return !moves->count ||
           replay_moves(bench->session, bench->project, bench->graph, moves, &run->variables, run->db, err);
}

static bool is_applied(const Graph *graph, const RevisionList *current, const Revision *revision)
{
    VEC_EACH (Revision *, it, current)
        if (graph_is_ancestor(graph, revision, *it))
            return true;
    return false;
}

// Up to what a revision builds on, without itself.
static bool up_before(TestRun *run, const Revision *revision, Error *err)
{
    const RevisionList *const lists[] = { &revision->parents, &revision->depends_on };
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        VEC_EACH (Revision *, it, lists[i]) {
            RevisionList current = { 0 };
            MoveList moves = { 0 };
            if (!where_it_is(run, &current, err))
                return false;
            if (!is_applied(run->bench->graph, &current, *it) &&
                (!graph_upgrade_moves(run->arena, run->bench->graph, &current, (*it)->id, &moves, err) ||
                 !make_moves(run, &moves, err)))
                return false;
        }
    return true;
}

static bool to_revision(TestRun *run, const TestStep *step, const RevisionList *current, Error *err)
{
    const Graph *graph = run->bench->graph;
    MoveList moves = { 0 };
    Revision *revision = graph_find(graph, step->target, err);
    if (!revision)
        return false;
    bool applied = is_applied(graph, current, revision);
    if (step->side == TEST_BEFORE && !applied)
        return up_before(run, revision, err);
    bool found = step->side == TEST_BEFORE
                     ? (graph_undo_moves(run->arena, graph, current, revision, &moves), true)
                 : applied ? graph_downgrade_moves(run->arena, graph, current, revision->id, &moves, err)
                           : graph_upgrade_moves(run->arena, graph, current, revision->id, &moves, err);
    return found && make_moves(run, &moves, err);
}

// base, head, heads, and what counts from where it is; everything else is a revision.
static bool go_to(TestRun *run, const TestStep *step, Error *err)
{
    const Graph *graph = run->bench->graph;
    const char *target = step->target;
    RevisionList current = { 0 };
    MoveList moves = { 0 };
    bool down = strcmp(target, "base") == 0 || target[0] == '-';
    bool up = strcmp(target, "head") == 0 || strcmp(target, "heads") == 0 || target[0] == '+';
    if (!where_it_is(run, &current, err))
        return false;
    if (!up && !down)
        return to_revision(run, step, &current, err);
    return (up ? graph_upgrade_moves : graph_downgrade_moves)(run->arena, graph, &current, target, &moves,
                                                              err) &&
           make_moves(run, &moves, err);
}

static bool count_moves(TestRun *run, const TestStep *step, Error *err)
{
    const char *target = arena_printf(run->arena, "%c%u", step->kind == TEST_UP ? '+' : '-', step->count);
    const TestStep relative = { .target = target };
    return go_to(run, &relative, err);
}

// ---- statements

// Every statement of the text, and of each what runs it; a query among them is run like the others.
static bool run_sql(TestRun *run, const TestStep *step, Error *err)
{
    Section section = { 0 };
    if (!script_split(run->arena, run->db->dialect, (Text){ step->sql, strlen(step->sql) }, step->sql_at,
                      &section, err))
        return false;
    VEC_EACH (ScriptStatement, statement, &section.statements)
        if (!db_exec_in(run->db, SCOPE_SCRIPT, arena_strndup(run->arena, statement->sql.p, statement->sql.n),
                        err))
            return false;
    return true;
}

static bool see_row(void *payload, const Row *row, Error *err)
{
    (void)row;
    (void)err;
    ++*(size_t *)payload;
    return true;
}

static bool gives_none(TestRun *run, const TestStep *step, Error *err)
{
    size_t rows = 0;
    if (!db_query_in(run->db, SCOPE_SCRIPT, step->sql, see_row, &rows, err))
        return false;
    return !rows || error_set(err, ERR_STATE, "%s: %zu row%s", step->with, rows, rows == 1 ? "" : "s");
}

// The code counts as well as a part of the words, for these may be of another version or language.
static bool must_fail(TestRun *run, const TestStep *step, Error *err)
{
    Error got = { 0 }, ignored = { 0 };
    const Driver *driver = run->db->driver;
    if (!driver->begin(run->db, err)) // what fails takes nothing else along
        return false;
    bool ran = run_sql(run, step, &got);
    if (!driver->rollback(run->db, ran ? err : &ignored) && ran)
        return false;
    if (ran)
        return error_set(err, ERR_STATE, "this should fail%s%s, and it does not", *step->with ? " with " : "",
                         step->with);
    if (got.code != ERR_SQL) {
        *err = got;
        return false;
    }
    if (!*step->with || strstr(got.message, step->with) || strcmp(got.native, step->with) == 0 ||
        strstr(got.detail, step->with))
        return true;
    return error_set(err, ERR_STATE, "this should fail with %s, and failed with: %s%s%s%s", step->with,
                     got.message, *got.native ? " (" : "", got.native, *got.native ? ")" : "");
}

static bool is_true(const char *value)
{
    static const char *const words[] = { "1", "t", "true", "TRUE" };
    for (size_t i = 0; value && i < COUNT_OF(words); i++)
        if (strcmp(value, words[i]) == 0)
            return true;
    return false;
}

static bool holds(TestRun *run, const TestStep *step, Error *err)
{
    const char *value = NULL;
    run->db->scope = SCOPE_SCRIPT;
    bool ok = db_value(run->db, run->arena, step->sql, &value, err);
    run->db->scope = SCOPE_OWN;
    if (!ok || is_true(value))
        return ok;
    return error_set(err, ERR_STATE, "this does not hold: it gives %s", value ? value : "NULL");
}

static bool uses_index(TestRun *run, const TestStep *step, Error *err)
{
    const Driver *driver = run->db->driver;
    bool uses = false;
    if (!driver->plan_uses)
        return error_set(err, ERR_UNSUPPORTED, "%s does not tell which index a query uses", driver->name);
    if (!driver->plan_uses(run->db, run->arena, step->sql, step->with, &uses, &run->details, err))
        return false;
    if (uses)
        run->details.count = 0;
    return uses || error_set(err, ERR_STATE, "the plan does not use the index %s", step->with);
}

static bool took_less(const TestRun *run, const TestStep *step, Error *err)
{
    return run->last_ms < step->milliseconds ||
           error_set(err, ERR_STATE, "the step before took %.0f ms, not less than %u ms", run->last_ms,
                     step->milliseconds);
}

static void set_variables(TestRun *run, const TestStep *step)
{
    VEC_EACH (const char *, it, &step->columns)
        *VEC_PUSH(run->arena, &run->variables) = *it;
}

// One step of a test, with its variables filled in. False with the reason where it does not hold, or cannot be run.
static bool run_step(TestRun *run, const TestStep *written, Error *err)
{
    TestStep filled;
    const TestStep *step = &filled;
    if (!step_fill_variables(run, written, &filled, err))
        return false;
    switch (step->kind) {
    case TEST_TO: return go_to(run, step, err);
    case TEST_UP:
    case TEST_DOWN: return count_moves(run, step, err);
    case TEST_INSERT: return step_insert(run, step, err);
    case TEST_LOAD: return step_load(run, step, err);
    case TEST_FILL: return step_fill(run, step, err);
    case TEST_SQL: return run_sql(run, step, err);
    case TEST_ROWS: return step_rows(run, step, err);
    case TEST_NONE: return gives_none(run, step, err);
    case TEST_FAILS: return must_fail(run, step, err);
    case TEST_HOLDS: return holds(run, step, err);
    case TEST_MARK: return step_mark(run, step, err);
    case TEST_SAME: return step_same(run, step, err);
    case TEST_USES: return uses_index(run, step, err);
    case TEST_TIME: return took_less(run, step, err);
    case TEST_SET: set_variables(run, step); return true;
    }
    return true;
}

// ---- the test

// Is it the test that failed, and not what it runs on?
static bool is_finding(const TestRun *run, const Error *err)
{
    if (progress_interrupted(run->bench->session->progress))
        return false;
    return err->code != ERR_INTERRUPTED && err->code != ERR_CONNECT && err->code != ERR_BUG &&
           (!run->db->driver->alive || run->db->driver->alive(run->db));
}

static void note_failure(const TestRun *run, const TestStep *step, const Error *why, TestOutcome *out)
{
    Arena *arena = run->bench->session->arena;
    out->status = TEST_FAILED;
    out->at = step->at;
    out->message = arena_strdup(arena, why->message);
    if (why->at.file && (why->at.line != step->at.line || strcmp(why->at.file, step->at.file) != 0))
        *VEC_PUSH(arena, &out->details) =
            arena_printf(arena, "%s:%u", path_shown(arena, why->at.file), why->at.line);
    VEC_EACH (const char *, line, &run->details)
        *VEC_PUSH(arena, &out->details) = arena_strdup(arena, *line);
    if (*why->native)
        *VEC_PUSH(arena, &out->details) = arena_printf(arena, "code %s", why->native);
}

static bool run_steps(TestRun *run, const ProjectTest *test, TestOutcome *out, Error *err)
{
    VEC_EACH (TestStep, step, &test->steps) {
        Error why = { 0 };
        double start = now_ms();
        bool ok = run_step(run, step, &why);
        run->last_ms = step->kind == TEST_TIME ? run->last_ms : now_ms() - start;
        if (ok)
            continue;
        if (!is_finding(run, &why)) {
            *err = why;
            return false;
        }
        note_failure(run, step, &why, out);
        return true;
    }
    return true;
}

// That it cannot be kept is said, and changes nothing else.
static void keep_place(const TestRun *run, TestOutcome *out)
{
    Arena *arena = run->bench->session->arena;
    const Driver *driver = run->db->driver;
    const char *url = NULL;
    Error why = { 0 };
    if (!driver->keep_scratch)
        error_set(&why, ERR_UNSUPPORTED, "%s cannot keep a scratch place", driver->name);
    else if (driver->keep_scratch(run->db, arena, &url, &why))
        why.code = ERR_NONE;
    *VEC_PUSH(arena, &out->details) =
        why.code ? arena_printf(arena, "not kept: %s", why.message) : arena_printf(arena, "kept: %s", url);
}

bool test_run(const TestBench *bench, const ProjectTest *test, TestOutcome *out, Error *err)
{
    Session *session = bench->session;
    TestRun run = { .bench = bench, .arena = arena_new() };
    double start = now_ms();
    VEC_EACH (const char *, it, &session->common.variables)
        *VEC_PUSH(run.arena, &run.variables) = *it;
    VEC_EACH (const char *, it, &test->variables)
        *VEC_PUSH(run.arena, &run.variables) = *it;
    out->status = TEST_PASSED;
    out->at = test->at;
    bool ok = replay_open(session, bench->project, &bench->project->url, bench->project->url_folder, &run.db,
                          err) &&
              run_steps(&run, test, out, err);
    if (ok && bench->keep && out->status == TEST_FAILED)
        keep_place(&run, out);
    db_close(run.db);
    progress_watch(session->progress, NULL);
    arena_adopt(session->arena, run.arena); // the rows of updates lie in it
    out->ms = now_ms() - start;
    return ok;
}
