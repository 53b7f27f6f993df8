// Statements that the engine may refuse: each under a savepoint, so that the transaction stays usable.
#include "core/rows/internal.h"

#define SAVEPOINT "cmigrate_row"

static bool begin_asking(Maker *maker, Error *err)
{
    return maker->db->driver->exec(maker->db, "SAVEPOINT " SAVEPOINT, err);
}

static bool end_asking(Maker *maker, const char *refusal, Error *err)
{
    Db *db = maker->db;
    Error gone = { 0 };
    if (!refusal)
        return db->driver->exec(db, "RELEASE SAVEPOINT " SAVEPOINT, err);
    if (db->driver->exec(db, "ROLLBACK TO SAVEPOINT " SAVEPOINT, &gone))
        return db->driver->exec(db, "RELEASE SAVEPOINT " SAVEPOINT, err);
    maker->ended = maker->current && gone.code == ERR_SQL && db->driver->alive(db);
    if (maker->ended)
        *VEC_PUSH(maker->kept, &maker->ended_by) =
            (EndedBy){ maker->current, arena_strdup(maker->kept, refusal) };
    if (err)
        *err = gone;
    return false;
}

// A refusal is an answer; a lost connection and an interruption are not.
static bool answered(Maker *maker, bool ok, const Error *said, const char **refusal, Error *err)
{
    *refusal = ok ? NULL : arena_strdup(maker->arena, said->message);
    if (!ok && (said->code != ERR_SQL || !maker->db->driver->alive(maker->db))) {
        if (err)
            *err = *said;
        return false;
    }
    return true;
}

bool ask_exec(Maker *maker, const char *statement, const char **refusal, Error *err)
{
    Error said = { 0 };
    if (!begin_asking(maker, err))
        return false;
    bool ok = db_exec_in(maker->db, SCOPE_SCRIPT, statement, &said);
    return answered(maker, ok, &said, refusal, err) && end_asking(maker, *refusal, err);
}

bool ask_change(Maker *maker, const char *statement, const char **refusal, Error *err)
{
    const char *const statements[] = { "SAVEPOINT " SAVEPOINT, statement, "RELEASE SAVEPOINT " SAVEPOINT };
    const Batch batch = { statements, COUNT_OF(statements), 1, 1 };
    Error said = { 0 };
    size_t done;
    if (!maker->db->driver->batch)
        return ask_exec(maker, statement, refusal, err);
    *refusal = NULL;
    if (maker->db->driver->batch(maker->db, &batch, &done, &said))
        return true;
    if (done == 1)
        return answered(maker, false, &said, refusal, err) && end_asking(maker, *refusal, err);
    if (err)
        *err = said;
    return false;
}

bool ask_query(Maker *maker, const char *statement, RowFn *row, void *payload, const char **refusal,
               Error *err)
{
    Error said = { 0 };
    if (!begin_asking(maker, err))
        return false;
    bool ok = db_query_in(maker->db, SCOPE_SCRIPT, statement, row, payload, &said);
    return answered(maker, ok, &said, refusal, err) && end_asking(maker, *refusal, err);
}
