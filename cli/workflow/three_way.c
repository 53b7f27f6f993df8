#include "cli/workflow/three_way.h"

#include "cli/workflow/replay.h"
#include "core/compare/kept_partitions.h"
#include "core/compare/unmanaged.h"

bool three_way_equal(const ThreeWay *three)
{
    return !compare_differs(&three->model_history) && !compare_differs(&three->history_database);
}

void three_way_close(ThreeWay *three)
{
    if (three->scratch)
        db_close(three->scratch);
    three->scratch = NULL;
}

// The scratch place first goes as far as the database has come, then to the heads.
static bool replay(Session *session, const Project *project, const Graph *graph, ThreeWay *out, Error *err)
{
    if (!replay_open(session, project, &project->url, project->url_folder, &out->scratch, err))
        return false;
    VEC_EACH (Revision *, it, &out->standing->current)
        if (!replay_to(session, project, graph, (*it)->id, out->scratch, err))
            return false;
    return compare_read_database(session, project, out->scratch, &out->history_database.want, err) &&
           replay_to(session, project, graph, "heads", out->scratch, err) &&
           compare_read_database(session, project, out->scratch, &out->model_history.have, err);
}

static void leave(Session *session, const Project *project, Comparison *c)
{
    unmanaged_leave(session->arena, &project->filter, project->config->unmanaged, false, c);
}

bool three_way_compare(Session *session, const Project *project, const Graph *graph, const Standing *standing,
                       const Comparison *model_database, ThreeWay *out, Error *err)
{
    *out = (ThreeWay){
        .asked = true,
        .standing = standing,
        .model_database = model_database,
        .model_history = {.dialect = model_database->dialect,
                          .want = model_database->model,
                          .renames = model_database->renames,
                          .have_title = project->directory,
                          .want_title = model_database->want_title },
        .history_database = { .dialect = model_database->dialect,
                          .have = model_database->have,
                          .have_title = project->url_title,
                          .want_title = project->directory},
    };
    if (!replay(session, project, graph, out, err))
        return false;
    schema_sort(&out->model_history.want); // its objects were numbered with others
    leave(session, project, &out->model_history);
    partitions_leave(session->arena, &model_database->model, &model_database->renames,
                     &out->history_database);
    leave(session, project, &out->history_database);
    return compare_diff(session, out->scratch, &out->model_history, err) &&
           compare_diff(session, project->db, &out->history_database, err);
}

typedef struct Drift {
    const char *word, *next;
} Drift;

// Who is to be changed: the two that agree stand against the third.
static Drift drift_of(const ThreeWay *three)
{
    bool model = compare_differs(&three->model_history), database = compare_differs(&three->history_database);
    if (model && database && !compare_differs(three->model_database))
        return (Drift){ "history", "what model and database both have, no revision makes: cmigrate migrate "
                                   "--from-history -m MESSAGE, then: cmigrate stamp head" };
    if (model && database)
        return (Drift){ "model and database",
                        "bring the database back first (cmigrate diff database migrations), "
                        "then: cmigrate migrate -m MESSAGE" };
    if (database)
        return (Drift){ "database",
                        "it was changed by other hands: 'cmigrate diff database migrations' prints what "
                        "leads back" };
    if (model)
        return (Drift){ "model",
                        three->standing->at_head
                            ? "no revision makes this yet: cmigrate migrate -m MESSAGE"
                            : "no revision makes this yet: cmigrate upgrade, then: cmigrate migrate -m "
                              "MESSAGE" };
    return (Drift){ NULL, NULL };
}

static void print_pair(Session *session, const Comparison *c, const char *from, const char *to)
{
    report_line(&session->report, "%s and %s: %s", from, to, compare_differs(c) ? "they differ" : "equal");
    if (compare_differs(c))
        diff_print(session, c, NULL);
}

void three_way_print(Session *session, const ThreeWay *three)
{
    Arena *arena = session->arena;
    const Comparison *with_model = &three->model_history, *with_database = &three->history_database;
    const char *part = three->standing->at_head
                           ? with_database->want_title
                           : arena_printf(arena, "%s up to %s", with_database->want_title,
                                          names_joined(arena, &three->standing->rows, "the base"));
    print_pair(session, with_model, with_model->want_title, with_model->have_title);
    print_pair(session, with_database, part, with_database->have_title);
    Drift drift = drift_of(three);
    if (drift.word)
        report_line(&session->report, "Drifted: the %s", drift.word);
    if (drift.next)
        report_note(&session->report, "Next: %s", drift.next);
}

static void pair_json(Json *json, Arena *arena, const char *key, const Comparison *c)
{
    json_key(json, key);
    json_open(json, '{');
    json_put_bool(json, "equal", !compare_differs(c));
    json_key(json, "changes");
    diff_json(json, arena, c, NULL);
    json_close(json, '}');
}

void three_way_json(Json *json, Arena *arena, const ThreeWay *three)
{
    json_key(json, "history");
    json_open(json, '{');
    pair_json(json, arena, "model", &three->model_history);
    pair_json(json, arena, "database", &three->history_database);
    json_close(json, '}');
    json_put_text(json, "drift", drift_of(three).word);
}
