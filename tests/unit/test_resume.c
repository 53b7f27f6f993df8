// Going on after a run that failed or died, on an engine whose DDL commits by itself.
#include "tests/support/apply_kit.h"

static void without_transactional_ddl_it_goes_on_behind_what_is_done(void **state)
{
    Kit *kit = *state;
    make_two(kit);
    const char *path = kit_script(
        kit, "c3", "b2", "",
        "CREATE TABLE five (x);\nCREATE TABLE six (x);\nINSERT INTO nowhere VALUES (1);\nDROP TABLE six;",
        "");
    kit_graph(kit);
    ApplyRequest request = request_for(kit, UPGRADE, "head");
    Error err;
    assert_false(run_on(kit, fake_open(kit->arena, kit->path, false), &request, &err));
    assert_non_null(
        strstr(err.detail, "Done and committed: statements 1-2 of 4. The database is still recorded at b2."));
    assert_non_null(strstr(
        err.hint,
        "leaving statements 1-2 as they are, and run `cmigrate upgrade` again: it resumes at statement 3."));
    assert_string_equal(rows(kit), "b2");

    // Other ways are closed until it is settled
    const char *words = run(kit, false, DOWNGRADE, "-1");
    assert_string_equal(words, "the upgrade of c3 was interrupted part-way: 2 of 4 statements are done");

    // What was done must not change
    static const char head[] = "-- cmigrate: revision c3\n-- cmigrate: parents b2\n\n-- cmigrate: upgrade\n";
    kit_write(path, arena_printf(kit->arena,
                                 "%sCREATE TABLE five (y);\nCREATE TABLE six (x);\nDROP TABLE six;\n", head));
    words = run(kit, false, UPGRADE, "head");
    assert_non_null(strstr(words, "these were changed in the script since"));

    kit_write(path, arena_printf(kit->arena,
                                 "%sCREATE TABLE five (x);\r\n-- a comment\nCREATE TABLE six (x);\nINSERT "
                                 "INTO one VALUES (3);\nDROP TABLE six;\n",
                                 head));
    assert_string_equal(run(kit, false, UPGRADE, "head"), "ok");
    assert_string_equal(tables(kit), "five four one three two");
    assert_string_equal(rows(kit), "c3");
    assert_string_equal(
        value_of(kit, "SELECT group_concat(state) FROM cmigrate_history WHERE revision = 'c3'"),
        "resumed,done");
}

// Goes on as the message says, having looked at the table that the statement makes.
static const char *settle(Kit *kit, const Error *err)
{
    static const char *const made[2][3] = {
        {"one",    "", "two" },
        { "three", "", "four"}
    };
    const char *number = strstr(err->hint, "--resume-at ");
    assert_non_null(number);
    unsigned n = (unsigned)strtoul(number + strlen("--resume-at "), NULL, 10);
    const char *table = made[strstr(err->message, "of b2") != NULL][n - 1];
    bool there =
        strcmp(value_of(kit, arena_printf(kit->arena, "SELECT count(*) FROM sqlite_master WHERE name = '%s'",
                                          table)),
               "1") == 0;
    ApplyRequest request = request_for(kit, UPGRADE, "head");
    request.resume_at = there ? n + 1 : n;
    Error again;
    return run_on(kit, fake_open(kit->arena, kit->path, false), &request, &again)
               ? "ok"
               : arena_strdup(kit->arena, again.message);
}

// Every call fails, or the connection dies before or after it: the next run completes, or says what to look at.
static void try_everywhere(Kit *kit, bool probes, size_t *asked)
{
    for (FakeFault fault = FAKE_FAILS; fault <= FAKE_DIES_AFTER; fault++)
        for (size_t at = 1;; at++) {
            unlink(kit->path);
            FakeDb *fake = fake_open(kit->arena, kit->path, false);
            fake->fault = fault;
            fake->at = at;
            ApplyRequest request = request_for(kit, UPGRADE, "head");
            Error err;
            bool ok = run_on(kit, fake, &request, &err);
            if (ok && fake->calls < at)
                break;
            FakeDb *next = fake_open(kit->arena, kit->path, false);
            next->probes = probes;
            const char *result = "ok";
            if (!run_on(kit, next, &request, &err)) {
                if (!strstr(err.message, "was killed in statement"))
                    fail_msg("fault %d at call %zu: %s", (int)fault, at, err.message);
                assert_int_equal(err.code, ERR_REVISION);
                (*asked)++;
                result = settle(kit, &err);
            }
            if (strcmp(result, "ok") != 0)
                fail_msg("fault %d at call %zu: %s", (int)fault, at, result);
            if (strcmp(tables(kit), "four one three two") != 0 ||
                strcmp(value_of(kit, "SELECT group_concat(x) FROM one"), "1,2") != 0)
                fail_msg("fault %d at call %zu: %s with %s", (int)fault, at, tables(kit),
                         value_of(kit, "SELECT group_concat(x) FROM one"));
            assert_string_equal(rows(kit), "b2");
        }
}

static void with_a_probe_it_goes_on_by_itself_wherever_it_died(void **state)
{
    Kit *kit = *state;
    size_t asked = 0;
    make_two(kit);
    try_everywhere(kit, true, &asked);
    assert_int_equal(asked, 0);
}

static void without_a_probe_it_asks_where_a_statement_was_running(void **state)
{
    Kit *kit = *state;
    size_t asked = 0;
    make_two(kit);
    try_everywhere(kit, false, &asked);
    assert_in_range(asked, 4, 20); // four CREATEs, each before and after; rows and notes commit together
}

static void sections_are_transactions_of_their_own(void **state)
{
    Kit *kit = *state;
    kit_script(kit, "a1", "", "",
               "CREATE TABLE one (x);\n-- cmigrate: upgrade no-transaction\nVACUUM;\n-- cmigrate: "
               "upgrade\nCREATE TABLE two (x);\nSELECT missing;",
               "DROP TABLE two;");
    kit_graph(kit);
    const char *words = run(kit, true, UPGRADE, "head");
    assert_string_equal(words, "upgrade of a1, statement 4 of 4: no such column: missing");
    assert_string_equal(tables(kit), "one");
    assert_string_equal(value_of(kit, "SELECT state || statements_done FROM cmigrate_history"), "failed2");
    assert_string_equal(run(kit, true, UPGRADE, "head"),
                        "upgrade of a1, statement 4 of 4: no such column: missing");
    assert_string_equal(tables(kit), "one");
}

static void stamping_gives_up_what_was_broken_off(void **state)
{
    Kit *kit = *state;
    kit_script(kit, "a1", "", "", "CREATE TABLE one (x);\nSELECT missing;", "DROP TABLE one;");
    kit_graph(kit);
    run(kit, false, UPGRADE, "head");
    FakeDb *fake = fake_open(kit->arena, kit->path, false);
    ApplyRequest request = request_for(kit, UPGRADE, "head");
    NameList targets = kit_names(kit, "head"), before = { 0 }, after = { 0 };
    Error err = { 0 };
    assert_true(apply_stamp(&fake->db, kit->arena, &request, &targets, false, &before, &after, &err));
    db_close(&fake->db);
    assert_string_equal(kit_join(kit, &after), "a1");
    assert_string_equal(value_of(kit, "SELECT group_concat(direction || state) FROM cmigrate_history"),
                        "upgradeabandoned,stampdone");
    assert_string_equal(run(kit, false, DOWNGRADE, "base"), "ok");
}

// A downgrade is half way, by somebody who has the lock: that is no wreck for an upgrade to report.
static void what_goes_on_just_now_is_not_called_broken_off(void **state)
{
    Kit *kit = *state;
    make_two(kit);
    assert_string_equal(run(kit, false, UPGRADE, "head"), "ok");
    FakeDb *other = fake_open(kit->arena, kit->path, false);
    LockRequest lock = { .name = "cmigrate_version" };
    Error err = { 0 };
    assert_true(other->db.driver->lock(&other->db, &lock, &err));
    assert_true(other->db.driver->exec(
        &other->db,
        "INSERT INTO cmigrate_history SELECT 99, revision, 'downgrade', 'running', checksum, file_checksum, "
        "3, 1, 2, "
        "'', '', started, NULL, NULL, who, tool, version_table FROM cmigrate_history WHERE revision = 'b2'",
        &err));
    ApplyRequest request = request_for(kit, UPGRADE, "head");
    assert_false(run_on(kit, fake_open(kit->arena, kit->path, false), &request, &err));
    assert_int_equal(err.code, ERR_LOCKED);
    db_close(&other->db);
    assert_false(run_on(kit, fake_open(kit->arena, kit->path, false), &request, &err));
    assert_int_equal(err.code, ERR_REVISION); // now it is one
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KIT_TEST(without_transactional_ddl_it_goes_on_behind_what_is_done),
        KIT_TEST(with_a_probe_it_goes_on_by_itself_wherever_it_died),
        KIT_TEST(without_a_probe_it_asks_where_a_statement_was_running),
        KIT_TEST(sections_are_transactions_of_their_own),
        KIT_TEST(stamping_gives_up_what_was_broken_off),
        KIT_TEST(what_goes_on_just_now_is_not_called_broken_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
