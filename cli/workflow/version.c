#include "cli/workflow/version.h"

#include <string.h>

#include "cli/output/json.h"
#include "core/yaml/node.h"

bool standing_toward(Session *session, const Project *project, Graph *graph, const char *target,
                     Standing *out, Error *err)
{
    Graph own;
    const Graph *needed = graph;
    NameList all = { 0 };
    *out = (Standing){ 0 };
    if (!version_read(project->db, session->arena, &project->store, &out->rows, NULL, err))
        return false;
    VEC_EACH (const char *, row, &out->rows)
        *VEC_PUSH(session->arena, &all) = *row;
    if (target)
        *VEC_PUSH(session->arena, &all) = target;
    if (!graph_for_rows(session->arena, graph, &all, &own, &needed, err))
        return false;
    if (needed == &own)
        *graph = own;
    if (!version_resolve(session->arena, graph, &out->rows, &out->current, err))
        return false;
    out->at_head = graph_at_head(session->arena, graph, &out->current);
    return true;
}

bool standing_read(Session *session, const Project *project, Graph *graph, Standing *out, Error *err)
{
    return standing_toward(session, project, graph, NULL, out, err);
}

const char *standing_text(Arena *arena, const NameList *rows, const Graph *graph)
{
    if (!rows->count)
        return "the base";
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (const char *, row, rows) {
        const Revision *revision = graph_by_row(graph, *row);
        strbuf_printf(&out, "%s%s%s", out.length ? ", " : "", *row,
                      revision && revision->is_head ? " (head)" : "");
    }
    return out.text;
}

const char *names_joined(Arena *arena, const NameList *names, const char *none)
{
    if (names->count < 2)
        return names->count ? names->items[0] : none;
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (const char *, name, names)
        strbuf_printf(&out, "%s%s", out.length ? ", " : "", *name);
    return out.text;
}

static const char *ids_joined(Arena *arena, const RevisionList *list, const char *none)
{
    NameList names = { 0 };
    if (list->count == 1)
        return list->items[0]->id;
    VEC_EACH (Revision *, it, list)
        *VEC_PUSH(arena, &names) = (*it)->id;
    return names_joined(arena, &names, none);
}

static bool is_current(const RevisionList *current, const Revision *revision)
{
    if (!current)
        return false;
    VEC_EACH (Revision *, it, current)
        if (*it == revision)
            return true;
    return false;
}

static void put_marks(StrBuf *out, const Revision *revision, const RevisionList *current, unsigned parts)
{
    if ((parts & LINE_LABELS) && revision->labels.count)
        strbuf_printf(out, " (%s)", names_joined(out->arena, &revision->labels, ""));
    if (revision->is_head)
        strbuf_puts(out, revision->is_needed && !(parts & LINE_BLOCK) ? " (effective head)" : " (head)");
    if (is_current(current, revision))
        strbuf_puts(out, " (current)");
    if ((parts & LINE_TREE) && revision->is_branch_point)
        strbuf_puts(out, " (branchpoint)");
    if ((parts & LINE_TREE) && revision->is_merge_point)
        strbuf_puts(out, " (mergepoint)");
}

const char *revision_marks(Arena *arena, const Revision *revision, const RevisionList *current)
{
    StrBuf out;
    strbuf_init(&out, arena);
    put_marks(&out, revision, current, LINE_TREE | LINE_BLOCK);
    return out.text;
}

void put_revision_line(StrBuf *out, const Revision *revision, const RevisionList *current, unsigned parts)
{
    if (parts & LINE_PARENTS) {
        strbuf_puts(out, ids_joined(out->arena, &revision->parents, "<base>"));
        if (revision->depends_on.count)
            strbuf_printf(out, " (%s)", ids_joined(out->arena, &revision->depends_on, ""));
        strbuf_puts(out, " -> ");
    }
    strbuf_puts(out, revision->id);
    put_marks(out, revision, current, parts);
    if ((parts & LINE_PARENTS) && revision->script->message && *revision->script->message) {
        strbuf_puts(out, ", ");
        strbuf_puts(out, revision->script->message);
    }
}

const char *revision_line(Arena *arena, const Revision *revision, const RevisionList *current, unsigned parts)
{
    StrBuf out;
    strbuf_init(&out, arena);
    put_revision_line(&out, revision, current, parts);
    return safe(arena, out.text);
}

void revision_block(Session *session, const Revision *revision, const RevisionList *current)
{
    Arena *arena = session->arena;
    Report *report = &session->report;
    const Script *script = revision->script;
    report_line(report, "Rev: %s%s", revision->id, revision_marks(arena, revision, current));
    report_line(report, "%s: %s", revision->is_merge_point ? "Merges" : "Parent",
                ids_joined(arena, &revision->parents, "<base>"));
    if (revision->depends_on.count)
        report_line(report, "Also depends on: %s", ids_joined(arena, &revision->depends_on, ""));
    if (revision->is_branch_point)
        report_line(report, "Branches into: %s", ids_joined(arena, &revision->children, ""));
    if (revision->labels.count)
        report_line(report, "Branch names: %s", names_joined(arena, &revision->labels, ""));
    report_line(report, "Path: %s", path_shown(arena, script->path));
    report_line(report, "\n    %s\n", safe(arena, script->message ? script->message : ""));
    report_line(report, "    Revision ID: %s", revision->id);
    report_line(report, "    Revises: %s", ids_joined(arena, &revision->parents, ""));
    if (script->created)
        report_line(report, "    Create Date: %s", safe(arena, script->created));
    report_line(report, "%s", "");
}

const char *answer_current(Arena *arena, const Node *answer)
{
    const Node *current = node_get(answer, "current");
    NameList names = { 0 };
    for (unsigned i = 0; node_item(current, i); i++)
        *VEC_PUSH(arena, &names) = safe(arena, node_string(node_item(current, i)));
    return names_joined(arena, &names, "no revision");
}

static void json_ids(Json *json, const char *key, const RevisionList *list)
{
    json_key(json, key);
    json_open(json, '[');
    VEC_EACH (Revision *, it, list)
        json_text(json, (*it)->id);
    json_close(json, ']');
}

void revision_json(Json *json, Session *session, const Revision *revision, const RevisionList *current)
{
    const Script *script = revision->script;
    json_open(json, '{');
    if (session->database)
        json_put_text(json, "database", session->database);
    json_put_text(json, "revision", revision->id);
    json_ids(json, "parents", &revision->parents);
    json_ids(json, "children", &revision->children);
    json_ids(json, "depends_on", &revision->depends_on);
    json_put_names(json, "labels", &revision->labels);
    json_put_text(json, "message", script->message ? script->message : "");
    json_put_text(json, "created", script->created);
    json_put_text(json, "path", path_shown(session->arena, script->path));
    json_put_bool(json, "head", revision->is_head);
    json_put_bool(json, "base", revision->is_base);
    json_put_bool(json, "branch_point", revision->is_branch_point);
    json_put_bool(json, "merge_point", revision->is_merge_point);
    if (current)
        json_put_bool(json, "current", is_current(current, revision));
    if (script->text.p)
        json_put_text(json, "script", script->text.p);
    json_close(json, '}');
}

// A revision of `phase contract` is for when no old version of the application runs any more: that has to be said.
void version_say_stopped(Session *session, const Revision *before)
{
    if (before)
        report_note(
            &session->report,
            "Stopped before %s, a contract revision. When no old version of the application runs any more: "
            "cmigrate upgrade --contract",
            before->id);
}

// The contract revision that an upgrade to the target ended before; NULL: none.
const Revision *version_stopped_before(Session *session, const Graph *graph, const NameList *rows,
                                       const char *target)
{
    RevisionList current = { 0 };
    MoveList moves = { 0 };
    Error ignored = { 0 };
    if (target[0] == '+' || !version_resolve(session->arena, graph, rows, &current, &ignored) ||
        !graph_upgrade_moves(session->arena, graph, &current, target, &moves, &ignored))
        return NULL;
    return graph_stop_before_contract(&moves);
}

bool interrupted_warn(Session *session, const Project *project, const Graph *graph,
                      const RevisionList *current, const Interrupted **out, Error *err)
{
    Arena *arena = session->arena;
    const Interrupted *it = NULL;
    if (!history_interrupted(project->db, arena, &project->store, graph, current, &it, err))
        return false;
    if (it && it->at_work)
        report_warning(&session->report, "the %s of %s is at work: %s", it->entry.direction,
                       safe(arena, it->entry.revision), safe(arena, it->at_work));
    else if (it && it->goes_on)
        report_warning(&session->report, "the %s of %s was interrupted part-way: %s; resume it with: %s",
                       it->entry.direction, safe(arena, it->entry.revision), it->done,
                       safe(arena, it->goes_on));
    else if (it)
        report_warning(
            &session->report,
            "the %s of %s was interrupted part-way: %s; its script is missing: put it back, or undo "
            "its statements by hand, then: %s",
            it->entry.direction, safe(arena, it->entry.revision), it->done, safe(arena, it->undone));
    if (out)
        *out = it;
    return true;
}

void interrupted_warn_at(Session *session, const Project *project, const Graph *graph, const NameList *rows)
{
    RevisionList current = { 0 };
    Error ignored = { 0 };
    if (version_resolve(session->arena, graph, rows, &current, &ignored))
        (void)!interrupted_warn(session, project, graph, &current, NULL, &ignored);
}

void version_run_failed(Session *session, const Project *project, Graph *graph, const Error *err)
{
    Standing standing;
    Error ignored = { 0 };
    session->report.answered = false; // events came before; the error is one more
    if (err->code == ERR_USAGE && project->db && standing_read(session, project, graph, &standing, &ignored))
        (void)!interrupted_warn(session, project, graph, &standing.current, NULL, &ignored);
}
