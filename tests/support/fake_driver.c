#include "tests/support/fake_driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FakeDb *fake_of(Db *db) { return (FakeDb *)(void *)db; }

static void write_down(FakeDb *fake, const char *what)
{
    *VEC_PUSH(fake->db.arena, &fake->log) = arena_strdup(fake->db.arena, what);
}

static bool lost(Error *err) { return error_set(err, ERR_SQL, "the connection was lost"); }

static bool die(FakeDb *fake, Error *err)
{
    fake->dead = true;
    fake->inner->driver->close(fake->inner);
    fake->inner = NULL;
    return lost(err);
}

// Before a call: false when it does not come to it.
static bool comes_to(FakeDb *fake, const char *what, Error *err)
{
    if (fake->dead)
        return lost(err);
    write_down(fake, what);
    fake->calls++;
    if (fake->calls != fake->at)
        return true;
    if (fake->fault == FAKE_FAILS)
        return error_set(err, ERR_SQL, "made to fail");
    return fake->fault != FAKE_DIES_BEFORE || die(fake, err);
}

// After a call.
static bool heard_of(FakeDb *fake, bool ok, Error *err)
{
    if (ok && fake->calls == fake->at && fake->fault == FAKE_DIES_AFTER)
        return die(fake, err);
    return ok;
}

static bool is_ddl(const char *sql)
{
    Lexer lexer;
    lex_init(&lexer, (Text){ sql, strlen(sql) }, LEX_SQLITE, false);
    Token first = lex_next(&lexer);
    return token_is(&first, "CREATE") || token_is(&first, "DROP") || token_is(&first, "ALTER");
}

static bool fake_exec(Db *db, const char *statement, Error *err)
{
    FakeDb *fake = fake_of(db);
    if (!comes_to(fake, statement, err))
        return false;
    bool ddl = fake->implicit_commits && is_ddl(statement);
    Error ignored;
    if (ddl && !fake->inner->driver->commit(fake->inner, &ignored))
        ddl = true; // nothing was open
    bool ok = fake->inner->driver->exec(fake->inner, statement, err);
    db->affected = fake->inner->affected;
    return heard_of(fake, ok, err);
}

static bool fake_query(Db *db, const char *statement, RowFn *row, void *payload, Error *err)
{
    FakeDb *fake = fake_of(db);
    return comes_to(fake, statement, err) &&
           heard_of(fake, fake->inner->driver->query(fake->inner, statement, row, payload, err), err);
}

static bool fake_begin(Db *db, Error *err)
{
    FakeDb *fake = fake_of(db);
    return comes_to(fake, "BEGIN", err) && heard_of(fake, fake->inner->driver->begin(fake->inner, err), err);
}

static bool fake_commit(Db *db, Error *err)
{
    FakeDb *fake = fake_of(db);
    return comes_to(fake, "COMMIT", err) &&
           heard_of(fake, fake->inner->driver->commit(fake->inner, err), err);
}

static bool fake_rollback(Db *db, Error *err)
{
    FakeDb *fake = fake_of(db);
    if (fake->dead)
        return lost(err);
    write_down(fake, "ROLLBACK");
    return fake->inner->driver->rollback(fake->inner, err);
}

static bool fake_alive(Db *db) { return !fake_of(db)->dead; }

static bool fake_lock(Db *db, const LockRequest *request, Error *err)
{
    FakeDb *fake = fake_of(db);
    if (!comes_to(fake, "LOCK", err))
        return false;
    bool ok = fake->inner->driver->lock(fake->inner, request, err);
    fake->locks += ok;
    return heard_of(fake, ok, err);
}

static void fake_unlock(Db *db)
{
    FakeDb *fake = fake_of(db);
    if (!fake->dead)
        fake->inner->driver->unlock(fake->inner);
}

static bool fake_probe(Db *db, Text statement, Tristate *done, const char **look_at, Error *err)
{
    FakeDb *fake = fake_of(db);
    Lexer lexer;
    lex_init(&lexer, statement, LEX_SQLITE, false);
    Token verb = lex_next(&lexer), kind = lex_next(&lexer), name = lex_next(&lexer);
    *done = UNSET;
    *look_at = arena_printf(db->arena, "table %s", token_name(db->arena, &name));
    if (!fake->probes || !token_is(&kind, "TABLE"))
        return true;
    const char *found = NULL;
    const char *query = arena_printf(db->arena, "SELECT 1 FROM sqlite_master WHERE name = '%s'",
                                     token_name(db->arena, &name));
    if (!db_value(fake->inner, db->arena, query, &found, err))
        return false;
    *done = token_is(&verb, "CREATE") == (found != NULL) ? YES : NO;
    return true;
}

static void fake_close(Db *db)
{
    FakeDb *fake = fake_of(db);
    if (!fake->dead)
        fake->inner->driver->close(fake->inner);
    fake->dead = true;
}

FakeDb *fake_open(Arena *arena, const char *path, bool transactional_ddl)
{
    FakeDb *fake = ARENA_NEW(arena, FakeDb);
    Error err = { 0 };
    Url url;
    ConnectOptions options = { .create = true };
    if (!url_parse(arena, arena_printf(arena, "sqlite:///%s", path), &url, &err) ||
        !db_open(arena, &url, &options, &fake->inner, &err)) {
        fprintf(stderr, "cannot open %s: %s\n", path, err.message);
        abort();
    }
    fake->driver = (Driver){ .name = "fake",
                             .close = fake_close,
                             .exec = fake_exec,
                             .query = fake_query,
                             .begin = fake_begin,
                             .commit = fake_commit,
                             .rollback = fake_rollback,
                             .alive = fake_alive,
                             .lock = fake_lock,
                             .unlock = fake_unlock,
                             .probe = fake_probe };
    fake->dialect = *fake->inner->dialect;
    if (!transactional_ddl)
        fake->dialect.caps &= ~(uint64_t)CAN_TRANSACTIONAL_DDL;
    fake->implicit_commits = !transactional_ddl;
    fake->db = (Db){ .driver = &fake->driver, .dialect = &fake->dialect, .arena = arena, .title = path };
    return fake;
}
