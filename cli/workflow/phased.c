#include "cli/workflow/phased.h"

#include "cli/output/json.h"
#include "cli/workflow/destructive.h"

typedef struct Written {
    Phase phase;
    Script head;
    StrBuf text;
    const char *path;
} Written;
typedef VEC(Written) WrittenList;

static const char *id_of(Arena *arena, const Graph *graph, const Script *first, Phase phase, bool named)
{
    const char *id;
    if (named)
        return arena_printf(arena, "%s_%s", first->revision, phase_words[phase]);
    do
        id = revision_new_id(arena);
    while (graph_by_id(graph, id));
    return id;
}

// Labels and dependencies are the first one's: the others build on it.
static void make(Arena *arena, const Project *project, const Graph *graph, const Phases *phases,
                 const Script *first, bool named, WrittenList *out)
{
    const char *before = NULL;
    for (Phase phase = PHASE_EXPAND; phase < PHASE_COUNT; phase++) {
        if (!phases->up[phase].count)
            continue;
        Written *it = VEC_PUSH(arena, out);
        *it = (Written){ .phase = phase, .head = *first };
        it->head.phase = phase_words[phase];
        it->head.message = arena_printf(arena, "%s (%s)", first->message, phase_words[phase]);
        if (before) {
            it->head.revision = id_of(arena, graph, first, phase, named);
            it->head.parents = it->head.labels = it->head.depends_on = (NameList){ 0 };
            *VEC_PUSH(arena, &it->head.parents) = before;
        }
        before = it->head.revision;
        strbuf_init(&it->text, arena);
        script_write(&it->text, &it->head, project->dialect, &phases->up[phase], &phases->down[phase]);
    }
}

static void put_statements(Json *json, const char *key, const StatementList *statements)
{
    json_key(json, key);
    json_open(json, '[');
    VEC_EACH (const Statement, it, statements)
        json_text(json, it->sql);
    json_close(json, ']');
}

static void answer(Session *session, const Project *project, const Comparison *c, const Losses *losses,
                   const Phases *phases, const WrittenList *written)
{
    Json json;
    if (!session_answer_begin(session, &json, '{'))
        return;
    json_put_text(&json, "url", project->url_title);
    json_key(&json, "changes");
    diff_json(&json, session->arena, c, losses);
    json_key(&json, "revisions");
    json_open(&json, '[');
    VEC_EACH (const Written, it, written) {
        json_open(&json, '{');
        json_put_text(&json, "phase", phase_words[it->phase]);
        json_put_text(&json, "revision", it->head.revision);
        json_put_text(&json, "path", it->path);
        put_statements(&json, "upgrade", &phases->up[it->phase]);
        put_statements(&json, "downgrade", &phases->down[it->phase]);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    session_answer_end(session, &json, '{');
}

static bool save_all(Session *session, const Project *project, WrittenList *written, Error *err)
{
    VEC_EACH (Written, it, written) {
        if (!revision_save_text(session, project, &it->head, &it->text, &it->path, err) ||
            !revision_note_head(session, project, it->head.revision, err))
            return false;
        report_line(&session->report, "Wrote %s", it->path);
    }
    return true;
}

bool phased_write(Session *session, Project *project, const Graph *graph, const Comparison *c,
                  const Losses *losses, const Phases *phases, const Script *head, bool named,
                  const PhasedOptions *options, Error *err)
{
    WrittenList written = { 0 };
    make(session->arena, project, graph, phases, head, named, &written);
    VEC_EACH (Written, it, &written)
        if (!options->allow_destructive &&
            !destructive_permit_script(session, project, &it->head, &it->text, err))
            return false;
    if (options->sql && !session->json) {
        StrBuf all;
        strbuf_init(&all, session->arena);
        VEC_EACH (const Written, it, &written)
            strbuf_printf(&all, "%s%s", all.length ? "\n" : "", it->text.text);
        session_print_sql(session, &all);
        return true;
    }
    if (!options->sql && !save_all(session, project, &written, err))
        return false;
    answer(session, project, c, losses, phases, &written);
    if (!options->sql)
        report_note(&session->report,
                    "Next: read them, then: cmigrate upgrade, which stops before the contract; and when "
                    "no old version of the application runs any more: cmigrate upgrade --contract");
    return true;
}
