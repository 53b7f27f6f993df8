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
