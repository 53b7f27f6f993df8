#include "cli/output/prove_print.h"

#include <string.h>

static const char *state_word(const ProveResult *result, ProveStep step)
{
    switch (result->steps[step].state) {
    case PROVE_HOLDS: return "ok";
    case PROVE_FAILS: return "FAIL";
    case PROVE_NOT_RUN: break;
    }
    return "-";
}

static const char *counted(Arena *arena, size_t count, const char *one, const char *many)
{
    return arena_printf(arena, "%zu %s", count, count == 1 ? one : many);
}

static void print_finding(Session *session, const ProveFinding *finding)
{
    Report *report = &session->report;
    Arena *arena = session->arena;
    const char *object = finding->object ? arena_printf(arena, "%s: ", safe(arena, finding->object)) : "";
    report_line(report, "          %s%s", object, safe(arena, finding->text));
    if (finding->at.file)
        report_line(report, "            --> %s:%u", path_shown(arena, finding->at.file), finding->at.line);
    if (finding->hint)
        report_line(report, "            = hint: %s", safe(arena, finding->hint));
}

void prove_print_findings(Session *session, const ProveResult *result)
{
    VEC_EACH (ProveFinding, it, &result->findings)
        print_finding(session, it);
}

static void print_step(Session *session, const ProveResult *result, ProveStep step)
{
    Report *report = &session->report;
    const ProveStepResult *s = &result->steps[step];
    bool fails = s->state == PROVE_FAILS;
    if (s->state == PROVE_NOT_RUN && !s->note)
        return;
    report_line(report, "  %-7s %s%-4s%s  %s", prove_step_names[step],
                style_on(report, report->out, fails ? STYLE_DROP : STYLE_ADD), state_word(result, step),
                style_off(report, report->out), s->note ? safe(session->arena, s->note) : "");
    VEC_EACH (ProveFinding, it, &result->findings)
        if (it->step == step)
            print_finding(session, it);
}

void prove_print_revision(ProveRun *run, const ProveResult *result)
{
    Session *session = run->session;
    Report *report = &session->report;
    Arena *arena = session->arena;
    const Revision *revision = result->revision;
    report_line(report, "prove %s%s%s", revision->id, revision->script->message ? ", " : "",
                revision->script->message ? safe(arena, revision->script->message) : "");
    for (ProveStep step = 0; step < PROVE_STEP_COUNT; step++)
        print_step(session, result, step);
    VEC_EACH (const char *, it, &result->losses)
        report_line(report, "          declared loss: %s", safe(arena, *it));
    VEC_EACH (ProveGap, it, &result->gaps)
        report_line(report, "          %s: table %s: %s", it->empty ? "not covered" : "covered in part",
                    safe(arena, it->table), safe(arena, it->why));
}

static size_t count_failed(const ProveRun *run)
{
    size_t failed = 0;
    VEC_EACH (ProveResult, it, &run->results)
        failed += !prove_holds(it);
    return failed;
}

// The summary: heads, how many revisions were refuted, and what was not covered.
static void print_end(ProveRun *run)
{
    Session *session = run->session;
    Report *report = &session->report;
    Arena *arena = session->arena;
    size_t failed = count_failed(run), gaps = prove_run_gaps(run);
    VEC_EACH (const char *, it, &run->heads_differ)
        report_line(report, "heads     %s", safe(arena, *it));
    if (run->heads_proved && !run->heads_differ.count)
        report_line(report, run->graph.heads.count > 1
                                ? "The heads commute: both orders give the same schema and the same rows."
                                : "There is one head: nothing to put in another order.");
    if (!run->results.count) {
        report_line(report, "Nothing to prove: %s",
                    run->graph.revisions.count ? "no revision was chosen." : "there is no revision.");
        return;
    }
    const char *where =
        arena_printf(arena, "%s, seed %llu, %zu rows a table", run->place ? run->place : "scratch",
                     (unsigned long long)run->prove.seed, run->prove.rows);
    if (failed)
        report_line(report, "%zu of %s refuted (%s)", failed,
                    counted(arena, run->results.count, "revision", "revisions"), where);
    else
        report_line(report, "%s proved (%s)", counted(arena, run->results.count, "revision", "revisions"),
                    where);
    if (gaps)
        report_line(report, "%s not covered%s", counted(arena, gaps, "place", "places"),
                    run->request->strict ? ", which --strict does not allow" : "");
}

// --- JSON ----------------------------------------------------------------------

static void finding_json(Json *json, const ProveFinding *finding)
{
    json_open(json, '{');
    json_put_text(json, "step", prove_step_names[finding->step]);
    json_put_text(json, "object", finding->object);
    json_put_text(json, "message", finding->text);
    json_put_text(json, "hint", finding->hint);
    json_put_text(json, "file", finding->at.file);
    json_put_int(json, "line", finding->at.line);
    json_close(json, '}');
}

static void steps_json(Json *json, const ProveResult *result)
{
    static const char *const words[] = { "not run", "ok", "failed" };
    json_key(json, "steps");
    json_open(json, '[');
    for (ProveStep step = 0; step < PROVE_STEP_COUNT; step++) {
        const ProveStepResult *s = &result->steps[step];
        if (s->state == PROVE_NOT_RUN && !s->note)
            continue;
        json_open(json, '{');
        json_put_text(json, "step", prove_step_names[step]);
        json_put_text(json, "state", words[s->state]);
        json_put_text(json, "note", s->note);
        json_key(json, "ms");
        json_ms(json, s->ms);
        json_close(json, '}');
    }
    json_close(json, ']');
}

// The result for one revision, with its steps, findings and gaps.
static void revision_result_json(Json *json, const ProveResult *result)
{
    json_open(json, '{');
    json_put_text(json, "revision", result->revision->id);
    json_put_text(json, "message", result->revision->script->message);
    json_put_text(json, "path", result->revision->script->path);
    json_put_bool(json, "proved", prove_holds(result));
    steps_json(json, result);
    json_key(json, "findings");
    json_open(json, '[');
    VEC_EACH (ProveFinding, it, &result->findings)
        finding_json(json, it);
    json_close(json, ']');
    json_put_names(json, "losses", &result->losses);
    json_put_int(json, "tables", (long long)result->tables);
    json_put_int(json, "tables_with_rows", (long long)result->tables_filled);
    json_put_int(json, "rows", (long long)result->rows);
    json_key(json, "not_covered");
    json_open(json, '[');
    VEC_EACH (ProveGap, it, &result->gaps) {
        json_open(json, '{');
        json_put_text(json, "table", it->table);
        json_put_text(json, "why", it->why);
        json_put_bool(json, "empty", it->empty);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
}

void prove_json(Json *json, const ProveRun *run)
{
    json_put_bool(json, "proved", prove_run_holds(run));
    json_put_text(json, "scratch", run->place);
    json_put_int(json, "seed", (long long)run->prove.seed);
    json_put_int(json, "rows", (long long)run->prove.rows);
    json_key(json, "revisions");
    json_open(json, '[');
    VEC_EACH (ProveResult, it, &run->results)
        revision_result_json(json, it);
    json_close(json, ']');
    json_put_int(json, "refuted", (long long)count_failed(run));
    json_put_int(json, "not_covered", (long long)prove_run_gaps(run));
    if (run->heads_proved)
        json_put_names(json, "heads_differ", &run->heads_differ);
}

void prove_print_end(ProveRun *run)
{
    Json json;
    if (session_answer_begin(run->session, &json, '{')) {
        prove_json(&json, run);
        session_answer_end(run->session, &json, '{');
    } else {
        print_end(run);
    }
}
