#include "cli/workflow/engines.h"

#include <string.h>

#include "cli/output/progress.h"
#include "cli/workflow/destructive.h"
#include "cli/workflow/replay.h"
#include "core/revision/script_engines.h"

bool engines_several(const Config *config) { return config->dialects.count > 1; }

bool engines_project(Session *session, const Project *project, const char *name, Project *out, Error *err)
{
    const Url bare = { .scheme = name, .database = strcmp(name, "sqlite") == 0 ? ":memory:" : "" };
    const char *text = session_scratch_url(session, &bare);
    *out = *project;
    out->db = NULL;
    out->model_ahead = NULL;
    out->claims = (NameList){ 0 };
    out->made = NULL;
    if (project->dialect && strcmp(project->dialect->name, name) == 0)
        return true;
    out->dialect = dialect_by_scheme(name);
    out->url = bare;
    out->url_title = name;
    out->url_folder = NULL;
    out->scratch_only = true;
    if (strcmp(name, "sqlite") == 0)
        return true;
    if (!session->config.scratch_urls.count || !text) {
        error_set(err, ERR_CONFIG,
                  "dialects names %s, and there is no server on which its statements could be tried", name);
        return error_hint(
            err,
            "Name one: scratch_url: {%s: %s://user@host/database}. Scratch databases are made there "
            "and dropped again.",
            name, name);
    }
    if (!url_parse(session->arena, text, &out->url, err))
        return error_prefix(err, "scratch_url: ");
    out->url_title = url_redacted(session->arena, &out->url);
    return true;
}

static bool compare(Session *session, const Graph *graph, const NameList *renames, const PlanOptions *how,
                    EngineSide *side, Error *err)
{
    Project *project = &side->project;
    Comparison *c = &side->comparison;
    project->filter.default_schema = filter_default_schema(session->arena, project->dialect, &project->url);
    if (!replay_open(session, project, &project->url, project->url_folder, &side->scratch, err))
        return false;
    if (side->scratch->server.default_schema)
        project->filter.default_schema = side->scratch->server.default_schema;
    return replay_to(session, project, graph, "heads", side->scratch, err) &&
           compare_project(session, project, side->scratch, project->directory, renames, c, err) &&
           compare_plan_up(session->arena, c, how, &side->up, err) &&
           compare_plan_down(session->arena, c, how, &side->down, err) &&
           losses_count(session, NULL, c, &side->up, how->allow_loss, &side->losses, err);
}

// What the model is warned of for this engine and was not for the first.
static void warn_of_more(Session *session, const Comparison *first, const Comparison *c)
{
    WarningList more = { 0 };
    VEC_EACH (Warning, warning, &c->want.warnings) {
        bool said = false;
        VEC_EACH (Warning, other, &first->want.warnings)
            said = said || strcmp(warning->text, other->text) == 0;
        if (!said)
            *VEC_PUSH(session->arena, &more) = *warning;
    }
    report_warnings(&session->report, &more);
}

bool engines_compare(Session *session, const Project *project, const Graph *graph, const NameList *renames,
                     const PlanOptions *how, EngineSides *out, Error *err)
{
    const NameList *names = &session->config.dialects;
    // the sides are pointed to while they are made: they do not move
    out->items = arena_alloc(session->arena, names->count * sizeof(EngineSide));
    out->capacity = names->count;
    VEC_EACH (const char *, name, names) {
        EngineSide *side = &out->items[out->count++];
        *side = (EngineSide){ 0 };
        if (!engines_project(session, project, *name, &side->project, err))
            return false;
        if (!compare(session, graph, renames, how, side, err))
            return error_prefix(err, "%s: ", *name);
        if (out->count == 1)
            compare_report(session, &side->project, &side->comparison);
        else
            warn_of_more(session, &out->items[0].comparison, &side->comparison);
    }
    return true;
}

bool engines_differ(const EngineSides *sides)
{
    VEC_EACH (EngineSide, side, sides)
        if (compare_differs(&side->comparison))
            return true;
    return false;
}

void engines_write(const EngineSides *sides, const Script *head, StrBuf *out)
{
    ScriptPart *parts = arena_alloc(out->arena, sides->count * sizeof(*parts));
    for (size_t i = 0; i < sides->count; i++)
        parts[i] = (ScriptPart){ sides->items[i].project.dialect, &sides->items[i].up.statements,
                                 &sides->items[i].down.statements };
    script_write_engines(out, head, parts, sides->count);
}

bool engines_permit(Session *session, const EngineSides *sides, const Script *head, const StrBuf *text,
                    Error *err)
{
    VEC_EACH (EngineSide, side, sides)
        if (!destructive_permit_script(session, &side->project, head, text, err))
            return false;
    return true;
}

void engines_print(Session *session, const EngineSides *sides)
{
    VEC_EACH (EngineSide, side, sides) {
        const char *name = side->project.dialect->name;
        report_line(&session->report, compare_differs(&side->comparison) ? "%s:" : "%s: no changes", name);
        diff_print(session, &side->comparison, &side->losses);
    }
}

void engines_json(Json *json, Arena *arena, const EngineSides *sides)
{
    json_key(json, "dialects");
    json_open(json, '[');
    VEC_EACH (EngineSide, side, sides) {
        json_open(json, '{');
        json_put_text(json, "dialect", side->project.dialect->name);
        json_key(json, "changes");
        diff_json(json, arena, &side->comparison, &side->losses);
        json_key(json, "upgrade");
        plan_json(json, &side->up);
        json_key(json, "downgrade");
        plan_json(json, &side->down);
        json_close(json, '}');
    }
    json_close(json, ']');
}

void engines_close(EngineSides *sides)
{
    VEC_EACH (EngineSide, side, sides) {
        if (side->scratch)
            db_close(side->scratch);
        side->scratch = NULL;
    }
}
