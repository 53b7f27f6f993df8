#include "cli/workflow/prove_copy.h"

#include "cli/output/progress.h"
#include "cli/workflow/compare.h"
#include "cli/workflow/prove_run.h"
#include "core/rows/copy.h"

bool prove_copy_rows(void *payload, Db *db, const Schema *schema, Error *err)
{
    ProveRun *run = payload;
    Session *session = run->session;
    Url url;
    Db *from;
    Schema *have = ARENA_NEW(session->arena, Schema);
    RowsCopied copied;
    if (!url_parse(session->arena, run->request->from_copy, &url, err))
        return error_prefix(err, "--from-copy: ");
    if (dialect_by_scheme(url.scheme) != db->dialect)
        return error_set(err, ERR_USAGE, "--from-copy names another engine than the project's");
    if (!session_connect(session, &url, NULL, true, &from, err))
        return error_prefix(err, "--from-copy: ");
    bool ok = compare_read_database(session, &run->project, from, have, err) &&
              rows_copy(from, have, db, schema, session->arena, run->sample, &copied, err);
    db_close(from);
    progress_watch(session->progress, db);
    if (ok && copied.refused)
        report_note(&session->report,
                    "%zu of %zu rows of the copy are left out: the scratch database refuses them",
                    copied.refused, copied.refused + copied.rows);
    return ok;
}
