// What Alembic cannot write as SQL it can run, on SQLite, where a database costs nothing.
#define _GNU_SOURCE
#include <string.h>

#include "core/import/alembic_internal.h"
#include "core/import/alembic_trace.h"

static bool refuse_upgrade(const Alembic *alembic, const ProcessResult *result, Text traced, Text sure,
                           Error *err)
{
    const Text rest = { traced.p + sure.n, traced.n - sure.n };
    const char *end = memchr(rest.p, '\n', rest.n);
    const Imported *at =
        alembic_last_running(alembic->import, (Text){ rest.p, end ? (size_t)(end - rest.p) : rest.n });
    if (result->status != 0)
        alembic_refused(alembic, "run its revisions on an empty database", result, err);
    else
        error_set(err, ERR_UNSUPPORTED,
                  "a revision reads rows while it runs: what it makes of them is not SQL");
    if (at && err)
        err->at = at->head.revision_at;
    return false;
}

// Up and down again on the database of the trace. Whether Python loads the trace is tried with a command that changes nothing:
// without it the project's own database would be upgraded.
static bool run_traced(const Alembic *alembic, const AlembicTrace *trace, bool *ran, Error *err)
{
    Alembic traced = *alembic;
    Import *import = alembic->import;
    ProcessResult result;
    Text text;
    bool whole;
    traced.before = trace->words;
    if (!alembic_ask(&traced, (const char *const[]){ "history", NULL }, &result, err) ||
        !alembic_trace_is_on(trace))
        return false;
    *ran = true;
    if (!alembic_ask(&traced, (const char *const[]){ "upgrade", "heads", NULL }, &result, err) ||
        !alembic_trace_take(trace, &text, err))
        return false;
    const Text sure = alembic_trace_sure(text, result.status != 0, &whole);
    if (!whole)
        return refuse_upgrade(alembic, &result, text, sure, err);
    if (!alembic_take_output(import, UPGRADE, text, err) ||
        !alembic_ask(&traced, (const char *const[]){ "downgrade", "base", NULL }, &result, err) ||
        !alembic_trace_take(trace, &text, err))
        return false;
    return alembic_take_output(import, DOWNGRADE, alembic_trace_sure(text, result.status != 0, &whole), err);
}

bool alembic_read_by_running(const Alembic *alembic, bool *ran, Error *err)
{
    AlembicTrace trace;
    *ran = false;
    if (alembic->import->dialect != dialect_by_name("sqlite"))
        return false;
    bool ok =
        alembic_trace_begin(alembic->import->arena, &trace, err) && run_traced(alembic, &trace, ran, err);
    alembic_trace_end(&trace);
    return ok;
}
