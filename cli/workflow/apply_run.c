#include "cli/workflow/apply_run.h"

#include <stdlib.h>
#include <string.h>

#include "cli/output/json.h"
#include "cli/output/progress.h"
#include "cli/workflow/destructive.h"
#include "cli/workflow/wait.h"
#include "core/revision/target.h"
#include "core/yaml/node.h"

#define AT(member) offsetof(MoveOptions, member)
const Opt move_options[] = {
    {.name = "sql",
     .kind = OPT_FLAG,
     .offset = AT(sql),
     .help = "print the script for FROM:TO, without connecting" },
    { .name = "dry-run",
     .kind = OPT_FLAG,
     .offset = AT(dry_run),
     .help = "print what would run on this database, run nothing" },
    { .name = "single-transaction",
     .kind = OPT_FLAG,
     .offset = AT(single_transaction),
     .help = "all revisions or none, where the engine can" },
    { .name = "allow-irreversible",
     .kind = OPT_FLAG,
     .offset = AT(allow_irreversible),
     .help = "downgrade past a script without a downgrade section: move the version only" },
    { .name = "allow-destructive",
     .kind = OPT_FLAG,
     .offset = AT(allow_destructive),
     .help = DESTRUCTIVE_HELP },
    { .name = "contract",
     .kind = OPT_FLAG,
     .offset = AT(contract),
     .help = "run contract revisions too: no old version of the application runs any more" },
    { .name = "tag",
     .kind = OPT_TEXT,
     .offset = AT(tag),
     .value_name = "TEXT",
     .help = "a word of your own: ${x.tag} in scripts, and in the head of one made by --sql" },
    { .name = "resume-at",
     .kind = OPT_TEXT,
     .offset = AT(resume_at),
     .value_name = "N",
     .help = "resume the interrupted revision at statement N" },
    { .name = "resume-after",
     .kind = OPT_TEXT,
     .offset = AT(resume_after),
     .value_name = "N",
     .help = "resume after statement N, which is done" },
    { .name = "wait",
     .kind = OPT_TEXT,
     .offset = AT(wait),
     .value_name = "DURATION",
     .help = "wait for the database to answer first, so long at most: 60s" },
    FLEET_OPTIONS(MoveOptions, fleet),
    { 0                                                        },
};

typedef struct Run {
    const Dialect *dialect;
    Session *session;
    Direction direction;
    size_t index, total;
} Run;

static const char *move_title(Arena *arena, const Move *move)
{
    const Revision *revision = move->revision;
    NameList parents = { 0 };
    VEC_EACH (Revision *, it, &revision->parents)
        *VEC_PUSH(arena, &parents) = (*it)->id;
    const char *below = names_joined(arena, &parents, move->direction == UPGRADE ? "" : "base");
    const char *message = revision->script->message ? revision->script->message : "";
    const char *from = move->direction == UPGRADE ? below : revision->id;
    const char *to = move->direction == UPGRADE ? revision->id : below;
    return safe(arena, arena_printf(arena, "%s -> %s%s%s", from, to, *message ? ", " : "", message));
}

static void on_begins(void *payload, const Move *move, size_t statements, size_t index, size_t total)
{
    (void)statements;
    Run *run = payload;
    run->index = index;
    run->total = total;
    if (move->direction == DOWNGRADE)
        tell_losses(run->session, run->dialect, move);
    progress_begin(run->session->progress, move_title(run->session->arena, move), index, total);
}

static void on_starts(void *payload, size_t number, size_t total)
{
    progress_step(((Run *)payload)->session->progress, number, total);
}

static void on_statement(void *payload, const ScriptStatement *statement, double ms)
{
    Run *run = payload;
    Report *report = &run->session->report;
    if (report->verbose < 1)
        return;
    size_t n = statement->sql.n;
    const char *end = memchr(statement->sql.p, '\n', n);
    bool whole = report->verbose > 1 || !end;
    const char *text =
        arena_strndup(run->session->arena, statement->sql.p, whole ? n : (size_t)(end - statement->sql.p));
    report_note(report, "  %s:%u  %s%s  (%.0f ms)",
                path_shown(run->session->arena, statement->at.file ? statement->at.file : ""),
                statement->at.line, text, whole ? "" : " …", ms);
}

static void on_ends(void *payload, const Move *move, size_t statements, double ms)
{
    Run *run = payload;
    Session *session = run->session;
    progress_end(session->progress);
    Json json;
    if (session_answer_begin(session, &json, '{')) {
        json_put_text(&json, "event", direction_word(move->direction));
        json_put_text(&json, "revision", move->revision->id);
        json_put_text(&json, "message", move->revision->script->message);
        json_put_names(&json, "before", &move->before);
        json_put_names(&json, "after", &move->after);
        json_put_int(&json, "statements", (long long)statements);
        json_key(&json, "ms");
        json_ms(&json, ms);
        session_answer_end(session, &json, '{');
        fflush(stdout);
    }
    report_note(&session->report, "Running %s %s   (%zu statement%s, %.0f ms)",
                direction_word(move->direction), move_title(session->arena, move), statements,
                statements == 1 ? "" : "s", ms);
}

static void on_warns(void *payload, const char *text)
{
    Run *run = payload;
    Json json;
    if (session_answer_begin(run->session, &json, '{')) {
        json_put_text(&json, "event", "warning");
        json_put_text(&json, "text", text);
        session_answer_end(run->session, &json, '{');
    }
    report_warning(&run->session->report, "%s", text);
}

static bool on_interrupted(void *payload)
{
    const Run *run = payload;
    return progress_interrupted(run->session->progress);
}

static void fill_request(Session *session, const Project *project, const Graph *graph, Direction direction,
                         const char *target, ApplyRequest *out)
{
    *out = (ApplyRequest){
        .store = &project->store,
        .graph = graph,
        .direction = direction,
        .target = target,
        .lock_timeout_ms = project->config->lock_timeout_ms,
        .who = session_who(session->arena),
        .tool = "cmigrate " CMIGRATE_VERSION,
        .variables = &session->common.variables,
    };
}

static bool moves_between(Session *session, const Graph *graph, Direction direction,
                          const RevisionList *current, const char *target, const MoveOptions *options,
                          MoveList *out, Error *err)
{
    if (!(direction == UPGRADE ? graph_upgrade_moves(session->arena, graph, current, target, out, err)
                               : graph_downgrade_moves(session->arena, graph, current, target, out, err)))
        return false;
    if (!options->contract)
        version_say_stopped(session, graph_stop_before_contract(out));
    return true;
}

static bool answer_script(Session *session, const Project *project, Direction direction,
                          const MoveList *moves, const StrBuf *sql)
{
    if (!session->json) {
        session_print_sql(session, sql);
        return true;
    }
    Json json;
    session_answer_begin(session, &json, '{');
    json_put_text(&json, "url", project->url_title);
    json_put_text(&json, "direction", direction_word(direction));
    json_key(&json, "revisions");
    json_open(&json, '[');
    VEC_EACH (Move, move, moves)
        json_text(&json, move->revision->id);
    json_close(&json, ']');
    json_put_text(&json, "sql", sql->text);
    session_answer_end(session, &json, '{');
    return true;
}

// An end in the middle of what a squash replaces takes it apart.
static bool graph_for_ends(Session *session, const char *from, const char *to, Graph *graph, Error *err)
{
    Graph own;
    const Graph *needed;
    NameList ends = { 0 };
    *VEC_PUSH(session->arena, &ends) = from;
    *VEC_PUSH(session->arena, &ends) = to;
    if (!graph_for_rows(session->arena, graph, &ends, &own, &needed, err))
        return false;
    if (needed == &own)
        *graph = own;
    return true;
}

// Writes the SQL between two revisions without a connection. Only an upgrade, or a downgrade by one step, may leave out FROM.
static bool run_offline(Session *session, Direction direction, const char *target, const MoveOptions *options,
                        Error *err)
{
    Project project;
    Graph graph;
    RevisionList from = { 0 };
    MoveList moves = { 0 };
    ApplyRequest request;
    if (!project_open(session, NEEDS_DIALECT, &project, err) ||
        !project_graph(session, &project, &graph, err))
        return false;
    const char *colon = strchr(target, ':');
    const char *to = colon ? colon + 1 : target;
    const char *start = colon ? arena_strndup(session->arena, target, (size_t)(colon - target)) : "base";
    if (!colon && direction == DOWNGRADE) {
        if (strcmp(target, "-1") != 0) {
            error_set(err, ERR_USAGE, "downgrade with --sql requires <fromrev>:<torev>");
            return error_hint(
                err, "Without a connection the revision of the database is not known: write, say, head:%s.",
                target);
        }
        start = "head";
    }
    if (!*to)
        to = direction == UPGRADE ? "head" : "base";
    start = *start ? start : "base";
    if (!graph_for_ends(session, start, to, &graph, err) ||
        !graph_resolve(session->arena, &graph, NULL, start, &from, err) ||
        !moves_between(session, &graph, direction, &from, to, options, &moves, err))
        return false;
    fill_request(session, &project, &graph, direction, to, &request);
    request.tag = options->tag;
    request.allow_irreversible = options->allow_irreversible;
    if (!moves.count)
        report_note(&session->report, "Nothing to do: %s is where %s leads.", start, to);
    if (!options->allow_destructive && !destructive_permit_moves(session, &project, &graph, &moves, err))
        return false;
    StrBuf sql;
    strbuf_init(&sql, session->arena);
    return (!moves.count || apply_offline(session->arena, project.dialect, &request, &moves, &sql, err)) &&
           answer_script(session, &project, direction, &moves, &sql);
}

// The statements of a revision as they would be sent, without the tool's own. The first `done` of them were done by a run that was interrupted.
static bool put_statements(Session *session, const Project *project, const Move *move,
                           const MoveOptions *options, size_t done, StrBuf *out, Error *err)
{
    Arena *arena = session->arena;
    Script script;
    SectionList sections = { 0 };
    if (!script_read(arena, move->revision->script->path, &script, err) ||
        (!options->allow_irreversible && !apply_can_undo(arena, project->dialect, &script, move, err)) ||
        !script_sections(arena, &script, project->dialect, move->direction, &sections, err) ||
        (move->direction == UPGRADE &&
         !script_verifications(arena, &script, project->dialect, &sections, err)))
        return false;
    strbuf_printf(out, "-- %s %s\n", direction_word(move->direction), move_title(arena, move));
    VEC_EACH (Section *, section, &sections) {
        if ((*section)->no_transaction)
            strbuf_puts(out, "-- outside a transaction:\n");
        VEC_EACH (ScriptStatement, statement, &(*section)->statements) {
            const char *sql;
            if (done) {
                done--;
                strbuf_printf(out, "-- done already: %.*s\n", (int)strcspn(statement->sql.p, "\n;"),
                              statement->sql.p);
                continue;
            }
            if (!variables_fill(arena, &session->common.variables, statement, &sql, err))
                return false;
            put_losses(arena, out, &(*section)->body, statement);
            if (statement->assertion)
                strbuf_printf(out, "-- must give no row: %s\n", safe(arena, statement->assertion));
            strbuf_printf(out, "%s;\n", sql);
        }
    }
    strbuf_putc(out, '\n');
    return true;
}

// A version that no script has must be told here too.
static bool no_revisions(Session *session, const Project *project, Graph *graph, const char *target,
                         Error *err)
{
    static const char *const ends[] = { "head", "heads", "base", "-1" };
    Standing standing;
    if (!standing_read(session, project, graph, &standing, err))
        return false;
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (strcmp(ends[i], target) == 0)
            return true;
    Target parsed;
    if (!target_parse(session->arena, target, &parsed, err))
        return false;
    if (parsed.relative && !parsed.symbol)
        return target_overshoots(&parsed, err);
    return graph_find(graph, target, err) != NULL;
}

static size_t statements_done(const Interrupted *part, const Move *move)
{
    bool same = part && strcmp(part->entry.revision, move->revision->id) == 0 &&
                strcmp(part->entry.direction, direction_word(move->direction)) == 0;
    return same ? part->entry.statements_done : 0;
}

// Prints what would run, from where the database is. It connects for reading only.
static bool dry_run(Session *session, Project *project, Graph *graph, Direction direction, const char *target,
                    const MoveOptions *options, Error *err)
{
    Standing standing;
    MoveList moves = { 0 };
    const Interrupted *part = NULL;
    if (!project_connect(session, project, true, err) ||
        !standing_toward(session, project, graph, target, &standing, err) ||
        !interrupted_warn(session, project, graph, &standing.current, &part, err) ||
        !(graph->revisions.count == 0
              ? no_revisions(session, project, graph, target, err)
              : moves_between(session, graph, direction, &standing.current, target, options, &moves, err)))
        return false;
    StrBuf sql;
    strbuf_init(&sql, session->arena);
    VEC_EACH (Move, move, &moves) {
        report_note(&session->report, "Would run %s %s", direction_word(direction),
                    move_title(session->arena, move));
        if (!put_statements(session, project, move, options, statements_done(part, move), &sql, err))
            return false;
    }
    if (!moves.count)
        report_note(&session->report, "Nothing to do: %s is at %s.", project->url_title,
                    standing_text(session->arena, &standing.rows, graph));
    if (!options->allow_destructive && !destructive_foretell(session, project, graph, &moves, err))
        return false;
    return answer_script(session, project, direction, &moves, &sql);
}

// Reports where the database is afterwards, read back from it rather than assumed.
static bool say_where(Session *session, const Project *project, const Graph *graph, size_t moved,
                      const char *target, const MoveOptions *options, bool up, Error *err)
{
    NameList rows = { 0 };
    if (!version_read(project->db, session->arena, &project->store, &rows, NULL, err))
        return false;
    if (!moved)
        interrupted_warn_at(session, project, graph, &rows);
    const Revision *before =
        up && !options->contract ? version_stopped_before(session, graph, &rows, target) : NULL;
    report_line(&session->report, "%s is%s at %s", project->url_title, moved ? "" : " already",
                standing_text(session->arena, &rows, graph));
    version_say_stopped(session, before);
    Json json;
    if (session_answer_begin(session, &json, '{')) {
        json_put_text(&json, "event", "done");
        json_put_text(&json, "url", project->url_title);
        json_put_int(&json, "revisions", (long long)moved);
        json_put_names(&json, "at", &rows);
        if (before)
            json_put_text(&json, "stopped_before", before->id);
        session_answer_end(session, &json, '{');
    }
    return true;
}

static bool parse_statement(const char *option, const char *text, unsigned *out, Error *err)
{
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || n > 1000000)
        return error_set(err, ERR_USAGE, "--%s takes the number of a statement, not '%s'", option, text);
    *out = (unsigned)n;
    return true;
}

static bool parse_resume(const MoveOptions *options, unsigned *out, Error *err)
{
    *out = 0;
    if (options->resume_at && options->resume_after)
        return error_set(err, ERR_USAGE, "--resume-at and --resume-after exclude each other");
    if (options->resume_at)
        return parse_statement("resume-at", options->resume_at, out, err) &&
               (*out || error_set(err, ERR_USAGE, "--resume-at counts statements from 1"));
    if (options->resume_after && !parse_statement("resume-after", options->resume_after, out, err))
        return false;
    *out += options->resume_after != NULL;
    return true;
}

// Applies revisions. What may lose rows is asked about before the lock is taken; apply_run() then permits only
// what was asked.
static bool run_online(Session *session, Project *project, Graph *graph, Direction direction,
                       const char *target, const MoveOptions *options, Error *err)
{
    Run run = { .session = session, .direction = direction, .dialect = project->dialect };
    const bool tells = session->report.verbose > 0; // statements timed one by one are sent so
    const ApplyEvents events = {
        .begins = on_begins,
        .starts = progress_shown(session->progress) ? on_starts : NULL,
        .statement = tells ? on_statement : NULL,
        .ends = on_ends,
        .warns = on_warns,
        .interrupted = on_interrupted,
        .payload = &run,
    };
    ApplyRequest request;
    size_t moved = 0;
    NameList permitted = { 0 };
    bool asks = project->config->destructive != DESTRUCTIVE_ALLOW && !options->allow_destructive;
    if (asks && !destructive_ask_beforehand(session, project, graph, direction, target, !options->contract,
                                            &permitted, err))
        return false;
    fill_request(session, project, graph, direction, target, &request);
    request.permits = asks ? destructive_was_asked : NULL;
    request.permits_payload = &permitted;
    request.stops_at_contract = direction == UPGRADE && !options->contract;
    request.single_transaction = options->single_transaction;
    request.allow_irreversible = options->allow_irreversible;
    request.events = &events;
    if (!parse_resume(options, &request.resume_at, err))
        return false;
    bool ok = graph->revisions.count == 0 ? no_revisions(session, project, graph, target, err)
                                          : apply_run(project->db, session->arena, &request, &moved, err);
    progress_end(session->progress);
    if (!ok)
        version_run_failed(session, project, graph, err);
    return ok && say_where(session, project, graph, moved, target, options, direction == UPGRADE, err);
}

const char *moves_gist(const Session *session, Arena *arena, const Node *answer)
{
    const MoveOptions *options = session->options;
    const Node *revisions = node_get(answer, "revisions");
    NameList ids = { 0 };
    if (!options->dry_run)
        return NULL;
    for (unsigned i = 0; node_item(revisions, i); i++)
        *VEC_PUSH(arena, &ids) = node_string(node_item(revisions, i));
    return ids.count ? arena_printf(arena, "would %s %s", node_string(node_get(answer, "direction")),
                                    names_joined(arena, &ids, ""))
                     : "nothing to do";
}

bool run_moves(Session *session, Direction direction, const char *target, const MoveOptions *options,
               Error *err)
{
    if (options->allow_irreversible && direction == UPGRADE)
        return error_set(err, ERR_USAGE, "--allow-irreversible goes with downgrade only");
    if (options->contract && direction == DOWNGRADE)
        return error_set(err, ERR_USAGE, "--contract goes with upgrade only");
    if (options->tag)
        *VEC_PUSH(session->arena, &session->common.variables) =
            arena_printf(session->arena, "tag=%s", options->tag);
    if (options->dry_run && options->sql) {
        error_set(err, ERR_USAGE, "--dry-run and --sql exclude each other");
        return error_hint(err,
                          "--dry-run asks the database what would run there; --sql connects to nothing.");
    }
    if (options->wait && options->sql)
        return error_set(err, ERR_USAGE, "--wait does not go with --sql, which connects to nothing");
    if (options->sql)
        return run_offline(session, direction, target, options, err);
    if (strchr(target, ':')) {
        error_set(err, ERR_USAGE, "Range revision not allowed");
        return error_hint(err,
                          "FROM:TO needs --sql; without it, the database itself is asked for its revision.");
    }
    Project project;
    Graph graph;
    bool ok = project_open(session, NEEDS_DIALECT, &project, err) &&
              project_graph(session, &project, &graph, err) &&
              (!options->wait || wait_for_database(session, &project, options->wait, NULL, err));
    if (ok && options->dry_run) {
        ok = dry_run(session, &project, &graph, direction, target, options, err);
    } else if (ok) {
        // without revisions there is nothing to write, and no reason to make a database
        bool reads_only = graph.revisions.count == 0;
        ok = project_connect(session, &project, reads_only, err) &&
             run_online(session, &project, &graph, direction, target, options, err);
    }
    project_close(session, &project);
    return ok;
}
