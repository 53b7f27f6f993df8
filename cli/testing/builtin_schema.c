// The checks that read schemas in scratch places and compare them.
#include <string.h>

#include "cli/output/diff_print.h"
#include "cli/testing/builtin.h"
#include "cli/workflow/create_run.h"
#include "cli/workflow/replay.h"
#include "core/base/file.h"
#include "core/compare/unmanaged.h"

enum { MOST_CHANGES = 20 };

// "+ column email text of table user": the arrow leads from what is there to what should be.
static void add_changes(const BuiltinBench *bench, const Comparison *c, TestOutcome *out)
{
    static const char marks[] = { [CHANGE_CREATE] = '+', [CHANGE_DROP] = '-', [CHANGE_ALTER] = '~' };
    Arena *arena = bench->session->arena;
    for (size_t i = 0; i < c->changes.count && i < MOST_CHANGES; i++) {
        const Change *change = &c->changes.items[i];
        const Object *object = change->want ? change->want : change->have;
        const Table *table = change->want_table ? change->want_table : change->have_table;
        bool inside = table && object->kind != OBJECT_TABLE;
        builtin_detail(bench, out,
                       arena_printf(arena, "%c %s%s%s", marks[change->kind],
                                    change_phrase(arena, c->dialect, change), inside ? " of table " : "",
                                    inside ? table->head.name : ""));
    }
    if (c->changes.count > MOST_CHANGES)
        builtin_detail(bench, out, arena_printf(arena, "and %zu more", c->changes.count - MOST_CHANGES));
}

static bool has_model(const BuiltinBench *bench)
{
    VEC_EACH (const char *, path, &bench->project->schema)
        if (!file_exists(*path) && !folder_exists(*path))
            return false;
    return true;
}

// An empty scratch place, and with `replays` what all revisions make in it.
static bool open_place(const BuiltinBench *bench, bool replays, Db **db, Error *err)
{
    Project *project = bench->project;
    if (!replay_open(bench->session, project, &project->url, project->url_folder, db, err))
        return false;
    if ((*db)->server.default_schema)
        project->filter.default_schema = arena_strdup(bench->session->arena, (*db)->server.default_schema);
    return !replays || replay_to(bench->session, project, bench->graph, "heads", *db, err);
}

// ---- model-equals-history

bool builtin_model(const BuiltinBench *bench, TestOutcome *out, Error *err)
{
    Session *session = bench->session;
    Project *project = bench->project;
    Db *db = NULL;
    Comparison c = { 0 };
    Error why = { 0 };
    if (!has_model(bench))
        return builtin_skips(out, arena_printf(session->arena, "there is no %s", project->schema_title));
    bool ok = open_place(bench, true, &db, &why) &&
              compare_project(session, project, db, project->directory, NULL, &c, &why);
    if (ok && c.changes.count) {
        add_changes(bench, &c, out);
        builtin_fails(
            out, arena_printf(session->arena, "%s is not what the revisions make", project->schema_title),
            "Write what is missing: cmigrate migrate -m MESSAGE");
    }
    db_close(db);
    return ok || builtin_takes_error(bench, out, &why, err);
}

// ---- create-equals-upgrade

static bool create_in(const BuiltinBench *bench, Db *db, Error *err)
{
    Comparison c = { 0 };
    Plan plan = { 0 };
    return compare_project(bench->session, bench->project, db, "an empty database", NULL, &c, err) &&
           compare_plan_up(bench->session->arena, &c, NULL, &plan, err) &&
           create_run(bench->session, db, &plan.statements, ".", err);
}

// What a constraint is called where nobody named it is for whoever makes it: a model without its name takes every name.
static void drop_mere_names(ChangeList *changes)
{
    size_t kept = 0;
    VEC_EACH (Change, change, changes)
        if (change->facets != FACET_NAME || !object_kind_is_part(change->want->kind))
            changes->items[kept++] = *change;
    changes->count = kept;
}

// Both as the engine itself tells them: no text is compared that the model wrote.
static bool compare_places(const BuiltinBench *bench, Db *have, Db *want, Comparison *out, Error *err)
{
    const Filter *filter = &bench->project->filter;
    Arena *arena = bench->session->arena;
    *out = (Comparison){ .dialect = have->dialect };
    if (!have->driver->introspect(have, arena, filter, &out->have, err) ||
        !want->driver->introspect(want, arena, filter, &out->want, err))
        return false;
    unmanaged_remove(filter, &out->have);
    unmanaged_remove(filter, &out->want);
    schema_sort(&out->have);
    schema_sort(&out->want);
    if (!compare_schemas(arena, NULL, NULL, out, err))
        return false;
    drop_mere_names(&out->changes);
    return true;
}

bool builtin_create(const BuiltinBench *bench, TestOutcome *out, Error *err)
{
    Session *session = bench->session;
    Db *upgraded = NULL, *created = NULL;
    Comparison c = { 0 };
    Error why = { 0 };
    if (!has_model(bench))
        return builtin_skips(out,
                             arena_printf(session->arena, "there is no %s", bench->project->schema_title));
    bool ok = open_place(bench, false, &created, &why) && create_in(bench, created, &why) &&
              open_place(bench, true, &upgraded, &why) && compare_places(bench, upgraded, created, &c, &why);
    if (ok && c.changes.count) {
        add_changes(bench, &c, out);
        builtin_fails(out, "'create' makes something else than the revisions", NULL);
    }
    db_close(created);
    db_close(upgraded);
    return ok || builtin_takes_error(bench, out, &why, err);
}

// ---- up-down-up

typedef struct Walk {
    const BuiltinBench *bench;
    Db *db;
    TestOutcome *out;
    Schema *before; // of the revision that is looked at
    Arena *arena;   // that it lies in
    size_t irreversible;
} Walk;

static bool read_schema(const Walk *walk, Arena *arena, Schema **out, Error *err)
{
    *out = ARENA_NEW(arena, Schema);
    if (!walk->db->driver->introspect(walk->db, arena, &walk->bench->project->filter, *out, err))
        return false;
    unmanaged_remove(&walk->bench->project->filter, *out);
    schema_sort(*out);
    return true;
}

// Is the schema as it was? Where it is not, that is the finding.
static bool is_as(const Walk *walk, Arena *arena, Schema *was, const Revision *revision, const char *when,
                  bool *same, Error *err)
{
    Schema *now;
    if (!read_schema(walk, arena, &now, err))
        return false;
    Comparison c = { .dialect = walk->db->dialect, .have = *now, .want = *was };
    if (!compare_schemas(arena, NULL, NULL, &c, err))
        return false;
    *same = c.changes.count == 0;
    if (*same)
        return true;
    Arena *kept = walk->bench->session->arena;
    walk->out->at = revision->script->revision_at;
    walk->out->at.file = revision->script->path;
    add_changes(walk->bench, &c, walk->out);
    builtin_fails(walk->out,
                  arena_printf(kept, "after %s of %s the schema is not as it was before", when, revision->id),
                  "The lines above lead from what is there to what was there.");
    return true;
}

static bool run_move(const Walk *walk, const Move *move, Error *err)
{
    MoveList one = { 0 };
    *VEC_PUSH(walk->bench->session->arena, &one) = *move;
    return replay_moves(walk->bench->session, walk->bench->project, walk->bench->graph, &one,
                        &walk->bench->session->common.variables, walk->db, err);
}

static bool is_reversible(const Walk *walk, Arena *arena, const Revision *revision, bool *out, Error *err)
{
    Script script;
    return script_read_whole(arena, revision->script, &script, err) &&
           script_reversible(arena, &script, walk->db->dialect, out, err);
}

// Up, down, up. *same false: something was found, and the walk ends.
static bool walk_revision(Walk *walk, const Move *up, bool *same, Error *err)
{
    Arena *arena = arena_new();
    Schema *after = NULL;
    bool reversible = false, ok;
    const Move down = { up->revision, DOWNGRADE, up->after, up->before };
    *same = true;
    ok = run_move(walk, up, err) && read_schema(walk, arena, &after, err) &&
         is_reversible(walk, arena, up->revision, &reversible, err);
    walk->irreversible += ok && !reversible;
    if (ok && reversible)
        ok = run_move(walk, &down, err) &&
             is_as(walk, arena, walk->before, up->revision, "the downgrade", same, err) &&
             (!*same || (run_move(walk, up, err) &&
                         is_as(walk, arena, after, up->revision, "the second upgrade", same, err)));
    arena_free(walk->arena);
    walk->arena = arena;
    walk->before = after;
    return ok;
}

bool builtin_up_down_up(const BuiltinBench *bench, TestOutcome *out, Error *err)
{
    Session *session = bench->session;
    Walk walk = { .bench = bench, .out = out, .arena = arena_new() };
    RevisionList nowhere = { 0 };
    MoveList moves = { 0 };
    Error why = { 0 };
    bool same = true;
    if (!bench->graph->revisions.count)
        return builtin_skips(out, "there are no revisions");
    bool ok = open_place(bench, false, &walk.db, &why) &&
              read_schema(&walk, walk.arena, &walk.before, &why) &&
              graph_upgrade_moves(session->arena, bench->graph, &nowhere, "heads", &moves, &why);
    for (size_t i = 0; ok && same && i < moves.count; i++)
        ok = walk_revision(&walk, &moves.items[i], &same, &why);
    db_close(walk.db);
    arena_free(walk.arena);
    if (!ok)
        return builtin_takes_error(bench, out, &why, err);
    if (same && walk.irreversible)
        out->message = arena_printf(session->arena, "%zu of %zu revisions cannot be undone",
                                    walk.irreversible, moves.count);
    return true;
}
