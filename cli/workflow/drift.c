#include "cli/workflow/drift.h"

#include "cli/output/progress.h"
#include "cli/workflow/replay.h"
#include "core/compare/kept_partitions.h"
#include "core/compare/unmanaged.h"

static bool compare(Session *session, const Project *project, const Graph *graph, const Comparison *model,
                    Db **scratch, Comparison *c, Error *err)
{
    Url url = project->url;
    if (!replay_history(session, project, graph, &url, project->url_folder, scratch, &c->want, err))
        return false;
    partitions_leave(session->arena, &model->model, &model->renames, c);
    unmanaged_leave(session->arena, &project->filter, project->config->unmanaged, false, c);
    return compare_diff(session, *scratch, c, err);
}

void drift_look(Session *session, const Project *project, const Graph *graph,
                const Comparison *model_database, Drift *out)
{
    *out = (Drift){
        .comparison = {.dialect = model_database->dialect,
                       .have = model_database->have,
                       .have_title = project->url_title,
                       .want_title = project->directory}
    };
    Db *scratch = NULL;
    Error why = { 0 };
    if (!graph->revisions.count || project->config->drift_ignored)
        return;
    out->known = compare(session, project, graph, model_database, &scratch, &out->comparison, &why);
    if (!out->known)
        report_note(&session->report, "Not compared with what the revisions make: %s", why.message);
    if (scratch)
        db_close(scratch);
    progress_watch(session->progress, project->db);
}

static const char *which(Arena *arena, const Change *change)
{
    static const char *const says[] = {
        [CHANGE_CREATE] = "the revisions make it, and it is not there",
        [CHANGE_DROP] = "no revision makes it",
        [CHANGE_ALTER] = "it is not as the revisions make it",
    };
    const Object *object = change->have ? change->have : change->want;
    const Table *table = change->have_table ? change->have_table : change->want_table;
    bool part = object_kind_is_part(object->kind) && table;
    const char *name = object->name ? object->name : "without a name";
    return arena_printf(arena, "%s %s%s%s: %s", object_kinds[object->kind].word,
                        part ? name : object_title(arena, object), part ? " of table " : "",
                        part ? object_title(arena, &table->head) : "", says[change->kind]);
}

void drift_warn(Session *session, const Drift *drift)
{
    const Comparison *c = &drift->comparison;
    if (!drift->known || !c->changes.count)
        return;
    report_warning(&session->report, "%s is not what its revisions make", c->have_title);
    VEC_EACH (Change, change, &c->changes)
        report_note(&session->report, "  %s", safe(session->arena, which(session->arena, change)));
    report_note(&session->report,
                "This revision was written from the database as it is, and may fail on others. "
                "'cmigrate diff database migrations' prints what leads back; --from-history writes "
                "the revision from the scripts alone.");
}

void drift_json(Json *json, Arena *arena, const Drift *drift)
{
    json_key(json, "drift");
    if (drift->known)
        diff_json(json, arena, &drift->comparison, NULL);
    else
        json_null(json);
}
