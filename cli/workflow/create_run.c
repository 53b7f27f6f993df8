#include "cli/workflow/create_run.h"

#include "cli/output/progress.h"
#include "core/db/row_files.h"

typedef struct FirstRow {
    bool seen;
} FirstRow;

static bool see_row(void *payload, const Row *row, Error *err)
{
    (void)row;
    (void)err;
    ((FirstRow *)payload)->seen = true;
    return true;
}

static bool run_statement(Db *db, const Statement *statement, const char *folder, Error *err)
{
    if (!statement->assertion)
        return db_exec_rows(db, SCOPE_SCRIPT, statement->sql, folder, err);
    FirstRow first = { 0 };
    return db_query_in(db, SCOPE_SCRIPT, statement->sql, see_row, &first, err) &&
           (!first.seen || error_set(err, ERR_SQL, "%s", statement->assertion));
}

bool create_run(Session *session, Db *db, const StatementList *statements, const char *folder, Error *err)
{
    bool open = false, ok = true;
    for (size_t i = 0; ok && i < statements->count; i++) {
        const Statement *statement = &statements->items[i];
        bool wants = (db->dialect->caps & CAN_TRANSACTIONAL_DDL) && !statement->no_transaction;
        if (open && (!wants || statement->starts_section)) {
            ok = db->driver->commit(db, err);
            open = false;
        }
        if (ok && wants && !open)
            ok = open = db->driver->begin(db, err);
        progress_begin(session->progress, "creating", i, statements->count);
        ok = ok && run_statement(db, statement, folder, err);
        progress_end(session->progress);
    }
    if (open && ok)
        return db->driver->commit(db, err);
    Error ignored = { 0 };
    if (open)
        (void)db->driver->rollback(db, &ignored);
    return ok;
}
