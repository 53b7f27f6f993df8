// apply_kit.h -- what tests of applying share: runs on a database file, and looks at what is in it afterwards.
#ifndef TESTS_SUPPORT_APPLY_KIT_H
#define TESTS_SUPPORT_APPLY_KIT_H

#include "tests/support/project_kit.h"

#include "core/apply/apply.h"
#include "tests/support/fake_driver.h"

static const VersionStore store = { NULL, "cmigrate_version", "cmigrate_history", NULL };

static inline ApplyRequest request_for(Kit *kit, Direction direction, const char *target)
{
    return (ApplyRequest){ .store = &store,
                           .graph = &kit->graph,
                           .direction = direction,
                           .target = target,
                           .who = "me",
                           .tool = "test" };
}

static inline const char *value_of(Kit *kit, const char *query)
{
    FakeDb *fake = fake_open(kit->arena, kit->path, true);
    const char *value = NULL;
    Error err = { 0 };
    if (!db_value(fake->inner, kit->arena, query, &value, &err))
        value = arena_strdup(kit->arena, err.message);
    db_close(&fake->db);
    return value ? value : "NULL";
}

static inline const char *tables(Kit *kit)
{
    return value_of(kit, "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_master WHERE type = "
                         "'table' AND name NOT LIKE "
                         "'cmigrate_%' ORDER BY name)");
}

static inline const char *rows(Kit *kit)
{
    return value_of(kit, "SELECT group_concat(version_num, ' ') FROM cmigrate_version");
}

// One run on a fresh connection; the error's words, or "ok".
static inline bool run_on(Kit *kit, FakeDb *fake, const ApplyRequest *request, Error *err)
{
    size_t moved;
    *err = (Error){ 0 };
    bool ok = apply_run(&fake->db, kit->arena, request, &moved, err);
    db_close(&fake->db);
    return ok;
}

static inline const char *run(Kit *kit, bool transactional, Direction direction, const char *target)
{
    Error err;
    ApplyRequest request = request_for(kit, direction, target);
    bool ok = run_on(kit, fake_open(kit->arena, kit->path, transactional), &request, &err);
    return ok ? "ok" : arena_strdup(kit->arena, err.message);
}

static inline void make_two(Kit *kit)
{
    kit_script(kit, "a1", "", "",
               "CREATE TABLE one (x INTEGER);\nINSERT INTO one VALUES (1);\nCREATE TABLE two (x INTEGER);",
               "DROP TABLE two;\nDROP TABLE one;");
    kit_script(kit, "b2", "a1", "-- cmigrate: message more",
               "CREATE TABLE three (x INTEGER);\nINSERT INTO one VALUES (2);\nCREATE TABLE four (x);",
               "DROP TABLE four;\nDELETE FROM one WHERE x = 2;\nDROP TABLE three;");
    kit_graph(kit);
}

#endif
