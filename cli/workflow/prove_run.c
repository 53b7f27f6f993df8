#include "cli/workflow/prove_run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output/diff_print.h"
#include "cli/output/progress.h"
#include "cli/workflow/pending.h"
#include "cli/workflow/prove_copy.h"
#include "cli/workflow/prove_heads.h"
#include "cli/workflow/replay.h"
#include "cli/workflow/since.h"
#include "core/base/file.h"

// --- options -------------------------------------------------------------------

static bool read_number(const char *option, const char *text, unsigned long long most,
                        unsigned long long *out, Error *err)
{
    char *end;
    if (!text)
        return true;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || errno || value > most)
        return error_set(err, ERR_USAGE, "--%s takes a number up to %llu, not '%s'", option, most, text);
    *out = value;
    return true;
}

static bool read_numbers(ProveRun *run, Error *err)
{
    const ProveRequest *o = run->request;
    unsigned long long rows = ROWS_USUAL, seed = 1, sample = 100;
    if (!read_number("rows", o->rows, 100000, &rows, err) ||
        !read_number("seed", o->seed, UINT64_MAX, &seed, err) ||
        !read_number("sample", o->sample, 1000000, &sample, err))
        return false;
    if (rows == 0)
        return error_set(err, ERR_USAGE, "--rows takes a number from 1");
    if (o->sample && !o->from_copy)
        return error_set(err, ERR_USAGE, "--sample goes with --from-copy only");
    run->sample = (size_t)sample;
    run->prove.rows = (size_t)rows;
    run->prove.seed = seed;
    run->prove.kill = o->kill;
    return true;
}

// --- which revisions -----------------------------------------------------------

static bool has(const RevisionList *list, const Revision *revision)
{
    VEC_EACH (Revision *, it, list)
        if (*it == revision)
            return true;
    return false;
}

// The marked ones, parents first.
static void keep_in_order(ProveRun *run, const RevisionList *chosen)
{
    VEC_EACH (Revision *, it, &run->graph.revisions)
        if (has(chosen, *it))
            *VEC_PUSH(run->session->arena, &run->selected) = *it;
}

static bool select_pending(ProveRun *run, RevisionList *out, Error *err)
{
    Standing standing = { 0 };
    return project_connect(run->session, &run->project, true, err) &&
           standing_read(run->session, &run->project, &run->graph, &standing, err) &&
           pending_read(run->session, &run->graph, &standing.current, out, err);
}

// The revisions that the options choose, all if none does, in the order of the graph.
static bool select_revisions(ProveRun *run, Error *err)
{
    const ProveRequest *o = run->request;
    Arena *arena = run->session->arena;
    RevisionList chosen = { 0 }, none = { 0 };
    LintNoteList notes = { 0 };
    if ((o->revisions != NULL) + o->pending + (o->since != NULL) > 1)
        return error_set(err, ERR_USAGE, "of REVISION, --pending and --since only one can be given");
    bool ok = true;
    if (o->revisions && strchr(o->revisions, ':'))
        ok = graph_range(arena, &run->graph, &none, o->revisions, &chosen, err);
    else if (o->revisions)
        ok = graph_resolve(arena, &run->graph, &none, o->revisions, &chosen, err);
    else if (o->pending)
        ok = select_pending(run, &chosen, err);
    else if (o->since)
        ok = since_select(run->session, &run->project, &run->graph, o->since, &chosen, &notes, err);
    else
        chosen = run->graph.revisions;
    if (ok)
        keep_in_order(run, &chosen);
    return ok;
}

// --- the model -----------------------------------------------------------------

static bool compare_model_now(void *payload, Db *db, const NameList *made, NameList *differences, Error *err)
{
    ProveRun *run = payload;
    Session *session = run->session;
    Comparison comparison = { 0 };
    if (!compare_project(session, &run->project, db, "the revisions", NULL, &comparison, err))
        return false;
    VEC_EACH (Change, it, &comparison.changes)
        if (it->kind != CHANGE_DROP || !names_have(made, prove_object_key(session->arena, it->have)))
            *VEC_PUSH(session->arena, differences) = change_phrase(session->arena, db->dialect, it);
    return true;
}

static bool has_model(const Project *project)
{
    return project->schema.count &&
           (file_exists(project->schema.items[0]) || folder_exists(project->schema.items[0]));
}

// --- progress ------------------------------------------------------------------

static bool tell(void *payload, const Revision *revision, ProveStep step)
{
    ProveRun *run = payload;
    const char *what =
        arena_printf(run->session->arena, "%s, %s: %s", revision->id,
                     revision->script->message ? revision->script->message : "", prove_step_names[step]);
    progress_begin(run->session->progress, what, run->results.count, run->selected.count);
    return !progress_interrupted(run->session->progress);
}

// --- the scratch database ------------------------------------------------------

static void leave_scratch(ProveRun *run)
{
    if (!run->scratch)
        return;
    progress_watch(run->session->progress, NULL);
    db_close(run->scratch);
    run->scratch = run->prove.db = NULL;
    run->at = NULL;
}

static bool replay_parents(ProveRun *run, const Revision *revision, Error *err)
{
    VEC_EACH (Revision *, it, &revision->parents)
        if (!replay_to(run->session, &run->project, &run->graph, (*it)->id, run->scratch, err))
            return false;
    VEC_EACH (Revision *, it, &revision->depends_on)
        if (!replay_to(run->session, &run->project, &run->graph, (*it)->id, run->scratch, err))
            return false;
    return true;
}

static bool enter_scratch(ProveRun *run, const Revision *revision, Error *err)
{
    leave_scratch(run);
    if (!replay_open(run->session, &run->project, &run->project.url, run->project.url_folder, &run->scratch,
                     err))
        return false;
    const ServerInfo *server = &run->scratch->server;
    run->prove.db = run->scratch;
    run->prove.filled = run->prove.made = (NameList){ 0 };
    run->place = arena_printf(run->session->arena, "%s %s",
                              server->flavor ? server->flavor : run->scratch->dialect->name,
                              server->version_text ? server->version_text : "");
    return replay_parents(run, revision, err);
}

// Is what was proved last all that the revision builds on?
static bool goes_on(const ProveRun *run, const Revision *revision)
{
    return run->scratch && run->at && revision->parents.count == 1 && revision->parents.items[0] == run->at &&
           revision->depends_on.count == 0;
}

static bool prove_one(ProveRun *run, const Revision *revision, ProveResult *out, Error *err)
{
    bool fresh = !goes_on(run, revision);
    if (!fresh && !prove_needs_fresh(&run->prove, revision, &fresh, err))
        return false;
    if ((fresh && !enter_scratch(run, revision, err)) ||
        !prove_revision(&run->prove, revision, fresh, out, err))
        return false;
    run->at = revision;
    if (out->spoiled)
        leave_scratch(run);
    return true;
}

// --- all of it -----------------------------------------------------------------

static bool set_up(ProveRun *run, Error *err)
{
    Session *session = run->session;
    run->prove = (Prove){ .arena = session->arena,
                          .graph = &run->graph,
                          .store = &run->project.store,
                          .filter = &run->project.filter,
                          .variables = &session->common.variables,
                          .who = session_who(session->arena),
                          .tool = "cmigrate " CMIGRATE_VERSION,
                          .tells = tell,
                          .reached_out = &session->reached_out,
                          .model = has_model(&run->project) ? compare_model_now : NULL,
                          .payload = run };
    if (run->request->from_copy)
        run->prove.copies = prove_copy_rows;
    return read_numbers(run, err);
}

bool prove_run_open(Session *session, const ProveRequest *request, ProveRun *run, Error *err)
{
    *run = (ProveRun){ .request = request, .session = session };
    return project_open(session, NEEDS_DIALECT, &run->project, err) &&
           project_graph(session, &run->project, &run->graph, err) && set_up(run, err) &&
           select_revisions(run, err);
}

bool prove_run_with(Session *session, const ProveRequest *request, const Project *project, const Graph *graph,
                    const RevisionList *selected, ProveRun *run, Error *err)
{
    *run = (ProveRun){
        .request = request, .session = session, .project = *project, .graph = *graph, .selected = *selected
    };
    run->project.db = NULL; // the caller's
    return set_up(run, err);
}

bool prove_run_all(ProveRun *run, void (*each)(ProveRun *run, const ProveResult *result), Error *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < run->selected.count; i++) {
        ProveResult result;
        ok = prove_one(run, run->selected.items[i], &result, err);
        progress_end(run->session->progress);
        if (!ok)
            break;
        *VEC_PUSH(run->session->arena, &run->results) = result;
        if (each)
            each(run, &run->results.items[run->results.count - 1]);
    }
    leave_scratch(run);
    return ok && (!run->request->heads || prove_heads(run, err));
}

size_t prove_run_gaps(const ProveRun *run)
{
    size_t count = 0;
    VEC_EACH (ProveResult, it, &run->results)
        count += it->gaps.count + (it->steps[PROVE_DOWN].state == PROVE_NOT_RUN && prove_holds(it));
    return count;
}

bool prove_run_holds(const ProveRun *run)
{
    VEC_EACH (ProveResult, it, &run->results)
        if (!prove_holds(it))
            return false;
    return !run->heads_differ.count && !(run->request->strict && prove_run_gaps(run));
}

void prove_run_close(ProveRun *run)
{
    leave_scratch(run);
    project_close(run->session, &run->project);
}
