#include "cli/workflow/prove_new.h"

#include <string.h>

#include "cli/output/progress.h"
#include "cli/output/prove_print.h"
#include "core/base/file.h"

static bool build_graph(Session *session, const Project *project, const Graph *graph, const Script *head,
                        const StrBuf *text, Graph *out, Error *err)
{
    Arena *arena = session->arena;
    ScriptList scripts = { 0 };
    Script *script = ARENA_NEW(arena, Script);
    const Text whole = { text->text, text->length };
    const char *path = path_join(arena, project->directory, arena_printf(arena, "%s.sql", head->revision));
    if (!script_read_text_as(arena, path, whole, project->dialect, script, err))
        return false;
    script->text = whole;
    VEC_EACH (Revision *, it, &graph->revisions)
        *VEC_PUSH(arena, &scripts) = (*it)->script;
    *VEC_PUSH(arena, &scripts) = script;
    return graph_build(arena, &scripts, out, err);
}

static bool refuse(const ProveRun *run, Error *err)
{
    const ProveResult *result = &run->results.items[0];
    const ProveFinding *first = &result->findings.items[0];
    error_set(err, ERR_STATE, "the revision is refuted, so nothing was written: %s%s%s",
              first->object ? first->object : "", first->object ? ": " : "", first->text);
    return error_hint(err, "%s",
                      first->hint
                          ? first->hint
                          : "Change the model, or write the revision without --prove and correct it.");
}

bool prove_new(Session *session, const Project *project, const Graph *graph, const Script *head,
               const StrBuf *text, Error *err)
{
    static const ProveRequest request = { 0 };
    Graph whole = { 0 };
    RevisionList selected = { 0 };
    ProveRun run;
    if (!build_graph(session, project, graph, head, text, &whole, err))
        return false;
    *VEC_PUSH(session->arena, &selected) = graph_by_id(&whole, head->revision);
    bool ok = prove_run_with(session, &request, project, &whole, &selected, &run, err) &&
              prove_run_all(&run, prove_print_revision, err);
    bool holds = ok && prove_run_holds(&run);
    if (ok && !holds)
        refuse(&run, err);
    prove_run_close(&run);
    progress_watch(session->progress, project->db);
    return holds;
}
