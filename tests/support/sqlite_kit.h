// sqlite_kit.h -- SQLite databases in memory for tests: build one from SQL, see it, carry it to what another holds.
#ifndef TESTS_SUPPORT_SQLITE_KIT_H
#define TESTS_SUPPORT_SQLITE_KIT_H

#include <string.h>

#include "tests/support/cmocka_arena.h"

#include "core/db/driver.h"
#include "core/diff/diff.h"
#include "core/plan/plan.h"

static inline Db *kit_open(Arena *arena)
{
    Db *db = NULL;
    Error err = { 0 };
    const Url url = { .scheme = "sqlite", .database = "" };
    const ConnectOptions options = { 0 };
    if (!db_open(arena, &url, &options, &db, &err))
        fail_msg("%s", err.message);
    return db;
}

static inline void kit_run(Db *db, const char *sql)
{
    Error err = { 0 };
    if (!db->driver->exec(db, sql, &err))
        fail_msg("%s\nin: %s", err.message, sql);
}

static inline Db *kit_build(Arena *arena, const char *sql)
{
    Db *db = kit_open(arena);
    kit_run(db, sql);
    return db;
}

static inline Schema kit_see(Db *db, Arena *arena)
{
    Schema schema;
    Error err = { 0 };
    const Filter all = { 0 };
    if (!db->driver->introspect(db, arena, &all, &schema, &err))
        fail_msg("%s", err.message);
    return schema;
}

// One value as text; "" for NULL or no row.
static inline const char *kit_value(Db *db, Arena *arena, const char *query)
{
    const char *value = NULL;
    Error err = { 0 };
    if (!db_value(db, arena, query, &value, &err))
        fail_msg("%s\nin: %s", err.message, query);
    return value ? value : "";
}

static inline Plan kit_plan(Arena *arena, const Schema *have, const Schema *want, const RenameList *renames)
{
    ChangeList changes = { 0 };
    const Schema *renamed = NULL;
    Plan plan = { 0 };
    Error err = { 0 };
    if (!diff_schemas(arena, &sqlite_dialect, have, want, renames, &changes, &renamed, &err) ||
        !plan_build(arena, &sqlite_dialect, renamed, want, &changes, renames, NULL, &plan, &err))
        fail_msg("%s", err.message);
    return plan;
}

// Runs a plan as a revision runs. The text of the assertion that failed; NULL: all was done.
static inline const char *kit_apply(Db *db, Arena *arena, const Plan *plan)
{
    VEC_EACH (Statement, statement, &plan->statements) {
        if (statement->assertion &&
            kit_value(db, arena, arena_printf(arena, "SELECT count(*) FROM (%s)", statement->sql))[0] != '0')
            return statement->assertion;
        if (!statement->assertion)
            kit_run(db, statement->sql);
    }
    return NULL;
}

static inline const char *kit_sql(Arena *arena, const Plan *plan)
{
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (Statement, statement, &plan->statements)
        strbuf_printf(&out, "%s%s;\n", statement->assertion ? "-- assert\n" : "", statement->sql);
    return out.text;
}

// Carries `db` to the schema that `want_sql` makes; nothing may be left to do afterwards.
static inline const char *kit_carry(Db *db, Arena *arena, const char *want_sql)
{
    Db *other = kit_build(arena, want_sql);
    Schema have = kit_see(db, arena), want = kit_see(other, arena);
    db_close(other);
    Plan plan = kit_plan(arena, &have, &want, NULL);
    const char *failed = kit_apply(db, arena, &plan);
    if (failed)
        return failed;
    Schema now = kit_see(db, arena);
    Plan rest = kit_plan(arena, &now, &want, NULL);
    if (rest.statements.count)
        fail_msg("not there yet:\n%s", kit_sql(arena, &rest));
    return NULL;
}

#endif
