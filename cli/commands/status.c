// Where the database is among the revisions, and how it came there. Everything is read; nothing is compared with the model.
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/output/json.h"
#include "cli/workflow/fleet.h"
#include "cli/workflow/pending.h"
#include "core/yaml/node.h"

typedef struct StatusOptions {
    bool exit_code;
    const char *last;
    FleetOptions fleet;
} StatusOptions;

#define AT(member) offsetof(StatusOptions, member)
static const Opt options[] = {
    {.name = "exit-code",
     .kind = OPT_FLAG,
     .offset = AT(exit_code),
     .help = "status 1 where a revision is pending or interrupted" },
    { .name = "last",
     .kind = OPT_TEXT,
     .offset = AT(last),
     .value_name = "N",
     .help = "how many entries of the history are shown (default: 10; 0: all of them)" },
    FLEET_OPTIONS(StatusOptions, fleet),
    { 0                     },
};

typedef struct Status {
    Project project;
    Graph graph;
    Standing standing;
    NameList unknown; // rows that no script has
    Error problem;    // why nobody can say what is pending; ERR_NONE: it is known
    RevisionList pending;
    const Interrupted *interrupted;
    ChangedScriptList changed;
    HistoryList history; // newest first
} Status;

static bool parse_last(const char *text, size_t *out, Error *err)
{
    enum { USUAL = 10 };
    char *end = NULL;
    *out = USUAL;
    if (!text)
        return true;
    unsigned long n = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || n > INT32_MAX)
        return error_set(err, ERR_USAGE, "--last takes a number, not '%s'", text);
    *out = n;
    return true;
}

// A database that is at a revision which no script has still has a state to be told: the rows as they are.
static bool read_standing(Session *session, Status *s, Error *err)
{
    if (standing_read(session, &s->project, &s->graph, &s->standing, &s->problem))
        return pending_read(session, &s->graph, &s->standing.current, &s->pending, err);
    if (s->problem.code != ERR_STATE) {
        *err = s->problem;
        return false;
    }
    VEC_EACH (const char *, row, &s->standing.rows) {
        Revision *revision = graph_by_row(&s->graph, *row);
        if (revision)
            *VEC_PUSH(session->arena, &s->standing.current) = revision;
        else
            *VEC_PUSH(session->arena, &s->unknown) = *row;
    }
    return true;
}

static bool read_status(Session *session, Status *s, Error *err)
{
    const StatusOptions *o = session->options;
    Arena *arena = session->arena;
    size_t last;
    if (!parse_last(o->last, &last, err) || !project_look(session, &s->project, &s->graph, err) ||
        !read_standing(session, s, err))
        return false;
    Db *db = s->project.db;
    const VersionStore *store = &s->project.store;
    return history_changed(db, arena, store, &s->graph, &s->changed, err) &&
           history_read(db, arena, store, last, &s->history, err) &&
           history_interrupted(db, arena, store, &s->graph, &s->standing.current, &s->interrupted, err);
}

// ---- For programs

static void entry_members(Json *json, const HistoryEntry *entry)
{
    json_put_text(json, "revision", entry->revision);
    json_put_text(json, "direction", entry->direction);
    json_put_text(json, "state", entry->state);
    json_put_int(json, "statements", entry->statements);
    json_put_int(json, "statements_done", entry->statements_done);
    json_put_text(json, "started", entry->started);
    json_put_text(json, "finished", entry->finished);
    json_put_text(json, "who", entry->who);
    json_put_text(json, "tool", entry->tool);
    json_put_text(json, "error", entry->error && *entry->error ? entry->error : NULL);
}

static void interrupted_json(Json *json, const Interrupted *it)
{
    json_key(json, "interrupted");
    if (!it) {
        json_null(json);
        return;
    }
    json_open(json, '{');
    entry_members(json, &it->entry);
    json_put_int(json, "running", it->entry.running);
    json_put_text(json, "at_work", it->at_work);
    json_put_text(json, "goes_on", it->goes_on);
    json_put_text(json, "undone", it->undone);
    json_close(json, '}');
}

// The members that docs/operations.md lists; programs rely on them.
static void answer_json(Session *session, const Status *s)
{
    Json json;
    if (!session_answer_begin(session, &json, '{'))
        return;
    json_put_text(&json, "url", s->project.url_title);
    json_put_names(&json, "current", &s->standing.rows);
    json_put_bool(&json, "at_head", s->standing.at_head);
    json_key(&json, "heads");
    json_open(&json, '[');
    VEC_EACH (Revision *, it, &s->graph.heads)
        json_text(&json, (*it)->id);
    json_close(&json, ']');
    json_put_names(&json, "unknown", &s->unknown);
    pending_json(&json, session, &s->pending);
    interrupted_json(&json, s->interrupted);
    changed_scripts_json(&json, session, &s->changed);
    json_key(&json, "history");
    json_open(&json, '[');
    VEC_EACH (HistoryEntry, entry, &s->history) {
        json_open(&json, '{');
        entry_members(&json, entry);
        json_put_text(&json, "checksum", entry->checksum);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    session_answer_end(session, &json, '{');
}

// ---- For people

// Milliseconds since 1970 of a time as the history has it; below 0: it is none.
static double time_of(const char *text)
{
    struct tm tm = { 0 };
    double fraction = 0;
    const char *rest = text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &tm) : NULL;
    if (!rest)
        return -1;
    if (*rest == '.')
        fraction = strtod(rest, NULL);
    return ((double)timegm(&tm) + fraction) * 1000;
}

static const char *duration_text(Arena *arena, const HistoryEntry *entry)
{
    enum { SECOND = 1000, MINUTE = 60 * SECOND };
    double from = time_of(entry->started), to = time_of(entry->finished), ms = to - from;
    if (from < 0 || ms < 0 || strcmp(entry->direction, "stamp") == 0)
        return "";
    return ms < 10 * SECOND  ? arena_printf(arena, ", %.0f ms", ms)
           : ms < 2 * MINUTE ? arena_printf(arena, ", %.1f s", ms / SECOND)
                             : arena_printf(arena, ", %.0f min", ms / MINUTE);
}

// To the second, as it was recorded.
static const char *when_text(Arena *arena, const char *started)
{
    const char *dot = strchr(started, '.');
    return dot ? arena_printf(arena, "%.*sZ", (int)(dot - started), started) : started;
}

static const char *amount_text(Arena *arena, const HistoryEntry *entry)
{
    bool part = strcmp(entry->state, "done") != 0;
    if (strcmp(entry->direction, "stamp") == 0)
        return "";
    return part ? arena_printf(arena, "   %u of %u statement%s", entry->statements_done, entry->statements,
                               entry->statements == 1 ? "" : "s")
                : arena_printf(arena, "   %u statement%s", entry->statements,
                               entry->statements == 1 ? "" : "s");
}

static void print_history(Session *session, const Status *s)
{
    Arena *arena = session->arena;
    Report *report = &session->report;
    if (!s->history.count)
        return;
    report_line(report, "History, newest first:");
    VEC_EACH (HistoryEntry, entry, &s->history) {
        bool done = strcmp(entry->state, "done") == 0;
        report_line(report, "  %s  %s  %-9s %s%s%s%s", safe(arena, when_text(arena, entry->started)),
                    safe(arena, entry->who), safe(arena, entry->direction), safe(arena, entry->revision),
                    amount_text(arena, entry), duration_text(arena, entry),
                    done ? "" : arena_printf(arena, ", %s", safe(arena, entry->state)));
        if (entry->error && *entry->error)
            report_line(report, "    %s", safe(arena, entry->error));
    }
}

static void print_interrupted(Session *session, const Interrupted *it)
{
    Arena *arena = session->arena;
    Report *report = &session->report;
    const HistoryEntry *entry = &it->entry;
    if (it->at_work) {
        report_line(report, "At work: the %s of %s (%s)", entry->direction, safe(arena, entry->revision),
                    safe(arena, it->at_work));
        return;
    }
    report_line(report, "Interrupted: the %s of %s, begun %s by %s: %s", entry->direction,
                safe(arena, entry->revision), safe(arena, when_text(arena, entry->started)),
                safe(arena, entry->who), it->done);
    if (entry->error && *entry->error)
        report_line(report, "  It failed with: %s", safe(arena, entry->error));
    if (it->goes_on)
        report_line(report, "  To resume it: %s", safe(arena, it->goes_on));
    else
        report_line(report, "  Its script is missing: put it back to resume it");
    report_line(report, "  Or undo its statements by hand, then: %s", safe(arena, it->undone));
}

// First where it is, for whoever reads one line only; then what is to be done; then what was.
static void print_status(Session *session, const Status *s)
{
    Arena *arena = session->arena;
    Report *report = &session->report;
    const char *where = standing_text(arena, &s->standing.rows, &s->graph);
    const char *caveat = s->standing.rows.count ? NULL : s->project.db->caveat;
    report_line(report, "%s is at %s%s%s%s", s->project.url_title, safe(arena, where),
                s->problem.code    ? ""
                : s->pending.count ? arena_printf(arena, ", %zu pending", s->pending.count)
                                   : ", nothing is pending",
                caveat ? ": " : "", caveat ? caveat : "");
    VEC_EACH (const char *, id, &s->unknown)
        report_line(report, "Unknown: no script has the revision %s", safe(arena, *id));
    if (s->pending.count) {
        report_line(report, "Pending:");
        pending_print(session, &s->pending);
    }
    if (s->interrupted)
        print_interrupted(session, s->interrupted);
    VEC_EACH (ChangedScript, it, &s->changed)
        report_line(report, "Changed: %s", safe(arena, changed_script_text(arena, it)));
    if (s->changed.count)
        report_note(report, "%s", changed_script_advice);
    print_history(session, s);
    if (s->problem.code) {
        report_warning(report, "%s", s->problem.message);
        report_note(report, "%s", s->problem.hint);
    } else if (s->pending.count && !s->interrupted) {
        pending_next(session, &s->graph);
    }
}

static bool run(Session *session, Error *err)
{
    const StatusOptions *o = session->options;
    Status s = { 0 };
    bool ok = project_open(session, NEEDS_READING, &s.project, err) && read_status(session, &s, err);
    if (ok) {
        answer_json(session, &s);
        print_status(session, &s);
        if (o->exit_code && (s.pending.count || s.interrupted || s.problem.code))
            session->status = 1;
    }
    project_close(session, &s.project);
    return ok;
}

// "at 3f2a9c1b8e07 (head)", "at 9d1e0c55ab12, 2 pending, interrupted: the upgrade of 3f2a9c1b8e07".
static const char *gist(const Session *session, Arena *arena, const Node *answer)
{
    (void)session;
    StrBuf out;
    strbuf_init(&out, arena);
    const Node *interrupted = node_get(answer, "interrupted"), *pending = node_get(answer, "pending");
    const Node *unknown = node_get(answer, "unknown"), *changed = node_get(answer, "changed_scripts");
    strbuf_printf(&out, "at %s%s", answer_current(arena, answer),
                  node_is_plain(node_get(answer, "at_head"), "true") ? " (head)" : "");
    if (pending && pending->count)
        strbuf_printf(&out, ", %u pending", pending->count);
    if (unknown && unknown->count)
        strbuf_puts(&out, ", which no script has");
    if (!node_is_null(interrupted))
        strbuf_printf(&out, ", %s: the %s of %s",
                      node_is_null(node_get(interrupted, "at_work")) ? "interrupted" : "at work",
                      node_string(node_get(interrupted, "direction")),
                      safe(arena, node_string(node_get(interrupted, "revision"))));
    if (changed && changed->count)
        strbuf_printf(&out, ", %u changed script%s", changed->count, changed->count == 1 ? "" : "s");
    return out.text;
}

static const char *const examples[] = {
    "In a script: is there anything to do?",
    "cmigrate status --exit-code > /dev/null || echo pending",
    "Where all databases of a fleet are, on one screen",
    "cmigrate status --targets tenants.txt",
    "The whole history, for a program",
    "cmigrate status --last 0 --format json",
    NULL,
};

const Command cmd_status = {
    .name = "status",
    .summary = "where the database is, what is pending, what was interrupted, who ran what when",
    .arguments = "",
    .details =
        "Reads the version table, cmigrate_history and the revisions. The model is not compared: 'cmigrate "
        "check' does that. Creates and changes nothing.\n\n"
        "A revision that was interrupted is shown with the two ways out: to resume it, or to undo what is "
        "done of it. A run that is at work just now is told apart by its lock.\n\n"
        "Status 0; with --exit-code 1 where a revision is pending, interrupted, or known to no script.",
    .examples = examples,
    .options = options,
    .options_size = sizeof(StatusOptions),
    .per_database = true,
    OF_FLEET(StatusOptions, fleet),
    .gist = gist,
    .run = run,
};
