#include "cli/workflow/destructive.h"

#include "cli/output/ask.h"
#include "cli/workflow/replay.h"
#include "cli/workflow/version.h"
#include "core/lint/destructive.h"

static Lint lint_of(Session *session, const Project *project, const Graph *graph, Direction direction)
{
    return (Lint){ .arena = session->arena,
                   .dialect = project->dialect,
                   .graph = graph,
                   .variables = &session->common.variables,
                   .filter = &project->filter,
                   .direction = direction };
}

static bool all_certain(const DestructiveList *list)
{
    VEC_EACH (Destructive, it, list)
        if (it->uncertain)
            return false;
    return true;
}

// What only the engine can tell is asked of it, in a scratch place. Where that cannot be had, or the revisions do not run in it,
// what is uncertain stays in the list: a policy does not pass what nobody knows.
static void ask_engine(Session *session, const Project *project, Lint *how, const RevisionList *revisions,
                       DestructiveList *out)
{
    Error why = { 0 };
    DestructiveList certain = { 0 };
    Url url = project->url;
    if (!replay_open(session, project, &url, project->url_folder, &how->scratch, &why)) {
        report_note(&session->report, "The revisions were not tried in a scratch place: %s", why.message);
        return;
    }
    if (lint_destructive(how, revisions, &certain, &why))
        *out = certain;
    else
        report_note(&session->report, "The revisions do not run in a scratch place: %s", why.message);
    db_close(how->scratch);
    progress_watch(session->progress, project->db);
}

static bool find(Session *session, const Project *project, const Graph *graph, const MoveList *moves,
                 DestructiveList *out, Error *err)
{
    if (!moves->count)
        return true;
    Direction direction = moves->items[0].direction;
    Lint how = lint_of(session, project, graph, direction);
    RevisionList revisions = { 0 };
    VEC_EACH (Move, move, moves)
        *VEC_PUSH(session->arena, &revisions) = move->revision;
    if (!lint_destructive(&how, &revisions, out, err))
        return false;
    if (direction == UPGRADE && !all_certain(out))
        ask_engine(session, project, &how, &revisions, out);
    return true;
}

static const char *phrase(Arena *arena, const Destructive *it)
{
    return arena_printf(arena, it->uncertain ? "may destroy data: %s" : "destroys data: %s", it->message);
}

static bool refuse(Session *session, const DestructiveList *list, Error *err)
{
    const Config *config = &session->config;
    Issues issues = { .arena = session->arena };
    Error *last = NULL;
    VEC_EACH (Destructive, it, list)
        last = issues_add(&issues, ERR_USAGE, it->at, "%s %s", it->revision->id, phrase(session->arena, it));
    bool confirms = config->destructive == DESTRUCTIVE_CONFIRM;
    error_hint(last, "Nothing was changed: `destructive: %s`%s. Where this is meant: --allow-destructive",
               confirms ? "confirm" : "refuse",
               confirms ? ", and nobody can be asked without a terminal" : "");
    return issues_raise(&issues, err);
}

static void tell(Session *session, const DestructiveList *list)
{
    VEC_EACH (Destructive, it, list)
        fprintf(stderr, "%s%s%s%s %s\n", it->at.file ? path_shown(session->arena, it->at.file) : "",
                it->at.file ? arena_printf(session->arena, ":%u", it->at.line) : "", it->at.file ? ": " : "",
                it->revision->id, safe(session->arena, phrase(session->arena, it)));
}

static bool ask(Session *session, const DestructiveList *list, const char *question, Error *err)
{
    bool yes = false;
    fflush(stdout);
    tell(session, list);
    if (!ask_yes_no(session->progress, question, &yes, err))
        return error_hint(err, "Nothing was changed. --allow-destructive answers beforehand.");
    return yes || error_set(err, ERR_USAGE, "not confirmed: nothing was changed");
}

static bool asks(const Session *session)
{
    return session->config.destructive == DESTRUCTIVE_CONFIRM && session->report.interactive &&
           !session->json;
}

static bool permit(Session *session, const DestructiveList *list, const char *question, Error *err)
{
    if (!list->count)
        return true;
    return asks(session) ? ask(session, list, question, err) : refuse(session, list, err);
}

bool destructive_permit_moves(Session *session, const Project *project, const Graph *graph,
                              const MoveList *moves, Error *err)
{
    DestructiveList list = { 0 };
    return session->config.destructive == DESTRUCTIVE_ALLOW ||
           (find(session, project, graph, moves, &list, err) && permit(session, &list, "Run this?", err));
}

bool destructive_foretell(Session *session, const Project *project, const Graph *graph, const MoveList *moves,
                          Error *err)
{
    DestructiveList list = { 0 };
    if (session->config.destructive == DESTRUCTIVE_ALLOW)
        return true;
    if (!find(session, project, graph, moves, &list, err))
        return false;
    VEC_EACH (Destructive, it, &list)
        report_note(&session->report, "%s %s: needs --allow-destructive%s", it->revision->id,
                    phrase(session->arena, it),
                    session->config.destructive == DESTRUCTIVE_CONFIRM ? ", or a terminal" : "");
    return true;
}

// What a script that is in no folder destroys, without places: nobody has its file.
static bool find_in_text(Session *session, const Project *project, const Script *head, const StrBuf *text,
                         DestructiveList *out, Error *err)
{
    Arena *arena = session->arena;
    Script *script = ARENA_NEW(arena, Script);
    Revision *revision = ARENA_NEW(arena, Revision);
    *script = *head;
    script->text = (Text){ text->text, text->length };
    *revision = (Revision){ .script = script, .id = head->revision };
    Graph graph = { 0 };
    RevisionList revisions = { 0 };
    *VEC_PUSH(arena, &graph.revisions) = revision;
    *VEC_PUSH(arena, &revisions) = revision;
    Lint how = lint_of(session, project, &graph, UPGRADE);
    return lint_destructive(&how, &revisions, out, err);
}

// What is asked about of one script. Of one that the planner has just made, it says itself what its statements lose: where the
// text does not tell, nothing is lost, and its places are in no file. A file (`head->path`) may have been changed by hand.
static bool permit_text(Session *session, const Project *project, const Script *head, const StrBuf *text,
                        const char *question, bool *asked, Error *err)
{
    DestructiveList all = { 0 }, list = { 0 };
    *asked = false;
    if (session->config.destructive == DESTRUCTIVE_ALLOW)
        return true;
    if (!find_in_text(session, project, head, text, &all, err))
        return false;
    VEC_EACH (Destructive, it, &all)
        if (head->path || !it->uncertain) {
            it->at = head->path ? it->at : (SourcePos){ 0 };
            *VEC_PUSH(session->arena, &list) = *it;
        }
    *asked = list.count && asks(session);
    return permit(session, &list, question, err);
}

bool destructive_permit_script(Session *session, const Project *project, const Script *head,
                               const StrBuf *text, Error *err)
{
    Script made = *head;
    bool asked;
    made.path = NULL; // where it will be written
    return permit_text(session, project, &made, text, "Write it?", &asked, err);
}

bool destructive_permit_plan(Session *session, const Project *project, const Script *head, const StrBuf *text,
                             bool *asked, Error *err)
{
    return permit_text(session, project, head, text, "Run this?", asked, err);
}

bool destructive_ask_beforehand(Session *session, Project *project, Graph *graph, Direction direction,
                                const char *target, bool stops_at_contract, NameList *permitted, Error *err)
{
    Standing standing;
    MoveList moves = { 0 };
    if (!graph->revisions.count)
        return true;
    if (!standing_toward(session, project, graph, target, &standing, err) ||
        !(direction == UPGRADE ? graph_upgrade_moves : graph_downgrade_moves)(
            session->arena, graph, &standing.current, target, &moves, err))
        return false;
    if (stops_at_contract)
        (void)graph_stop_before_contract(&moves);
    if (!destructive_permit_moves(session, project, graph, &moves, err))
        return false;
    VEC_EACH (Move, move, &moves)
        *VEC_PUSH(session->arena, permitted) = move->revision->id;
    return true;
}

bool destructive_was_asked(const void *payload, const MoveList *moves, Error *err)
{
    VEC_EACH (Move, move, moves)
        if (!names_have(payload, move->revision->id)) {
            error_set(err, ERR_STATE,
                      "the version of the database changed before the run began: %s was not looked at",
                      move->revision->id);
            return error_hint(err, "Nothing was run. Run the command again.");
        }
    return true;
}
