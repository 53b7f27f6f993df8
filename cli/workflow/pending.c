#include "cli/workflow/pending.h"

#include "cli/output/json.h"

enum { MOST_LINES = 12 };

bool pending_read(Session *session, const Graph *graph, const RevisionList *current, RevisionList *out,
                  Error *err)
{
    MoveList moves = { 0 };
    if (graph->revisions.count && !graph_upgrade_moves(session->arena, graph, current, "heads", &moves, err))
        return false;
    VEC_EACH (Move, move, &moves)
        *VEC_PUSH(session->arena, out) = move->revision;
    return true;
}

void pending_print(Session *session, const RevisionList *pending)
{
    Arena *arena = session->arena;
    size_t shown = session->report.verbose || pending->count <= MOST_LINES ? pending->count : MOST_LINES - 1;
    for (size_t i = 0; i < shown; i++) {
        const Revision *revision = pending->items[i];
        const char *message = revision->script->message ? revision->script->message : "";
        report_line(&session->report, "  %s%s%s   %s", revision->id, *message ? ", " : "",
                    safe(arena, message), path_shown(arena, revision->script->path));
    }
    if (shown < pending->count)
        report_line(&session->report, "  and %zu more (-v shows them)", pending->count - shown);
}

void pending_next(Session *session, const Graph *graph)
{
    report_note(&session->report,
                graph->heads.count > 1 ? "Next: cmigrate upgrade heads" : "Next: cmigrate upgrade");
}

void pending_json(Json *json, Session *session, const RevisionList *pending)
{
    json_key(json, "pending");
    json_open(json, '[');
    VEC_EACH (Revision *, it, pending) {
        const Script *script = (*it)->script;
        json_open(json, '{');
        json_put_text(json, "revision", (*it)->id);
        json_put_text(json, "message", script->message ? script->message : "");
        json_put_text(json, "path", path_shown(session->arena, script->path));
        json_close(json, '}');
    }
    json_close(json, ']');
}

void changed_scripts_json(Json *json, Session *session, const ChangedScriptList *list)
{
    json_key(json, "changed_scripts");
    json_open(json, '[');
    VEC_EACH (ChangedScript, it, list) {
        json_open(json, '{');
        json_put_text(json, "revision", it->revision->id);
        json_put_text(json, "path", path_shown(session->arena, it->revision->script->path));
        json_put_text(json, "applied", it->then);
        json_put_text(json, "now", it->now);
        json_close(json, '}');
    }
    json_close(json, ']');
}
