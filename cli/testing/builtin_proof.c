// The check that runs each revision up, down and up again on rows: what `cmigrate prove` does, as a test.
#include "cli/output/progress.h"
#include "cli/testing/builtin.h"
#include "cli/workflow/prove_run.h"
#include "core/base/file.h"

enum { MOST_FINDINGS = 20 };

static const char *const step_words[PROVE_STEP_COUNT] = {
    [PROVE_ROWS] = "the rows before the upgrade",
    [PROVE_UP] = "the upgrade",
    [PROVE_MODEL] = "the model after the upgrade",
    [PROVE_VALUES] = "the rows after the upgrade",
    [PROVE_WRITES] = "one row more after the upgrade",
    [PROVE_KILL] = "the resumed upgrade",
    [PROVE_DOWN] = "the downgrade",
    [PROVE_AGAIN] = "the second upgrade",
};

static const char *finding_text(Arena *arena, const ProveResult *result, const ProveFinding *finding)
{
    return arena_printf(arena, "%s of %s: %s%s%s", step_words[finding->step], result->revision->id,
                        finding->object ? finding->object : "", finding->object ? ": " : "", finding->text);
}

// The first finding is the message, with its place; the others are lines below it.
static void take_findings(const BuiltinBench *bench, const ProveResult *result, TestOutcome *out)
{
    Arena *arena = bench->session->arena;
    VEC_EACH (ProveFinding, it, &result->findings) {
        const char *text = finding_text(arena, result, it);
        if (out->status != TEST_FAILED) {
            builtin_fails(out, text, it->hint);
            out->at = it->at;
        } else if (out->details.count < MOST_FINDINGS) {
            builtin_detail(bench, out, text);
        }
    }
}

// The model is compared by a check of its own.
static bool prove_all(const BuiltinBench *bench, ProveRun *run, Error *err)
{
    static const ProveRequest usual = { 0 };
    if (!prove_run_with(bench->session, &usual, bench->project, bench->graph, &bench->graph->revisions, run,
                        err))
        return false;
    run->prove.model = NULL;
    return prove_run_all(run, NULL, err);
}

bool builtin_up_down_up(const BuiltinBench *bench, TestOutcome *out, Error *err)
{
    Arena *arena = bench->session->arena;
    ProveRun run = { .session = bench->session };
    Error why = { 0 };
    size_t irreversible = 0;
    if (!bench->graph->revisions.count)
        return builtin_skips(out, "there are no revisions");
    bool ok = prove_all(bench, &run, &why);
    VEC_EACH (ProveResult, it, &run.results) {
        take_findings(bench, it, out);
        irreversible += prove_holds(it) && it->steps[PROVE_DOWN].state == PROVE_NOT_RUN;
    }
    prove_run_close(&run);
    if (!ok)
        return builtin_takes_error(bench, out, &why, err);
    if (out->status == TEST_PASSED && irreversible)
        out->message = arena_printf(arena, "%zu of %zu revisions cannot be undone", irreversible,
                                    bench->graph->revisions.count);
    return true;
}
