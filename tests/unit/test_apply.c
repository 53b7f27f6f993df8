// Applying revisions on SQLite, seen through a driver that fails and dies where a test says.
#include "tests/support/apply_kit.h"

static void a_run_goes_up_and_comes_down(void **state)
{
    Kit *kit = *state;
    make_two(kit);
    assert_string_equal(run(kit, true, UPGRADE, "head"), "ok");
    assert_string_equal(tables(kit), "four one three two");
    assert_string_equal(rows(kit), "b2");
    assert_string_equal(run(kit, true, UPGRADE, "head"), "ok");
    assert_string_equal(value_of(kit, "SELECT count(*) FROM cmigrate_history"), "2");
    assert_string_equal(run(kit, true, DOWNGRADE, "-1"), "ok");
    assert_string_equal(tables(kit), "one two");
    assert_string_equal(run(kit, true, DOWNGRADE, "base"), "ok");
    assert_string_equal(tables(kit), "NULL");
    assert_string_equal(rows(kit), "NULL");
    assert_string_equal(
        value_of(
            kit,
            "SELECT group_concat(revision || direction || state || statements_done) FROM cmigrate_history"),
        "a1upgradedone3,b2upgradedone3,b2downgradedone3,a1downgradedone2");
}

static void a_revision_is_one_transaction(void **state)
{
    Kit *kit = *state;
    make_two(kit);
    assert_string_equal(run(kit, true, UPGRADE, "a1"), "ok"); // it makes the tables, in another one
    FakeDb *fake = fake_open(kit->arena, kit->path, true);
    ApplyRequest request = request_for(kit, UPGRADE, "b2");
    Error err;
    assert_true(run_on(kit, fake, &request, &err));
    size_t begins = 0, commits = 0;
    VEC_EACH (const char *, text, &fake->log) {
        begins += strcmp(*text, "BEGIN") == 0;
        commits += strcmp(*text, "COMMIT") == 0;
    }
    assert_int_equal(begins, 1);
    assert_int_equal(commits, 1);
    assert_string_equal(fake->log.items[fake->log.count - 1], "COMMIT");
}

static void nothing_to_do_takes_no_lock_and_makes_nothing(void **state)
{
    Kit *kit = *state;
    kit_graph(kit);
    FakeDb *fake = fake_open(kit->arena, kit->path, true);
    ApplyRequest request = request_for(kit, UPGRADE, "head");
    Error err;
    assert_true(run_on(kit, fake, &request, &err));
    assert_int_equal(fake->locks, 0);
    assert_string_equal(value_of(kit, "SELECT count(*) FROM sqlite_master"), "0");
}

// What the tables say must be what the version says: a revision is there as a whole or not at all.
static void assert_whole(Kit *kit, size_t at, FakeFault fault)
{
    const char *there = tables(kit), *want = "NULL", *version = "NULL";
    if (strcmp(value_of(kit, "SELECT count(*) FROM sqlite_master WHERE name = 'cmigrate_version'"), "1") == 0)
        version = rows(kit);
    if (strcmp(version, "a1") == 0)
        want = "one two";
    if (strcmp(version, "b2") == 0)
        want = "four one three two";
    if (strcmp(there, want) != 0)
        fail_msg("fault %d at call %zu: at %s with tables %s", (int)fault, at, version, there);
}

static void wherever_it_fails_or_dies_revisions_are_whole(void **state)
{
    Kit *kit = *state;
    make_two(kit);
    for (FakeFault fault = FAKE_FAILS; fault <= FAKE_DIES_AFTER; fault++)
        for (size_t at = 1;; at++) {
            unlink(kit->path);
            FakeDb *fake = fake_open(kit->arena, kit->path, true);
            fake->fault = fault;
            fake->at = at;
            ApplyRequest request = request_for(kit, UPGRADE, "head");
            Error err;
            bool ok = run_on(kit, fake, &request, &err);
            if (ok && fake->calls < at)
                break;
            assert_whole(kit, at, fault);
            assert_string_equal(run(kit, true, UPGRADE, "head"), "ok");
            assert_string_equal(tables(kit), "four one three two");
            assert_string_equal(value_of(kit, "SELECT group_concat(x) FROM one"), "1,2");
        }
}

static void a_failure_says_where_what_and_how_to_go_on(void **state)
{
    Kit *kit = *state;
    make_two(kit);
    kit_script(kit, "c3", "b2", "", "CREATE TABLE five (x);\nINSERT INTO nowhere VALUES (1);", "");
    kit_graph(kit);
    FakeDb *fake = fake_open(kit->arena, kit->path, true);
    ApplyRequest request = request_for(kit, UPGRADE, "head");
    Error err;
    assert_false(run_on(kit, fake, &request, &err));
    assert_int_equal(err.code, ERR_REVISION);
    assert_string_equal(err.message, "upgrade of c3, statement 2 of 2: no such table: nowhere");
    assert_string_equal(path_base(err.at.file), "0003_c3.sql");
    assert_int_equal(err.at.line, 6);
    assert_non_null(
        strstr(err.detail,
               "Its transaction was rolled back: nothing of this revision remains. The database is at b2."));
    assert_non_null(strstr(err.hint, "0003_c3.sql and run `cmigrate upgrade` again."));
    assert_string_equal(tables(kit), "four one three two");
    assert_string_equal(
        value_of(kit, "SELECT state || ' ' || error FROM cmigrate_history WHERE revision = 'c3'"),
        "failed no such table: nowhere");
}

static void an_unknown_revision_can_be_purged(void **state)
{
    Kit *kit = *state;
    make_two(kit);
    assert_string_equal(run(kit, true, UPGRADE, "head"), "ok");
    value_of(kit, "UPDATE cmigrate_version SET version_num = 'elsewhere'");
    assert_string_equal(run(kit, true, UPGRADE, "head"), "Can't locate revision identified by 'elsewhere'");
    FakeDb *fake = fake_open(kit->arena, kit->path, true);
    ApplyRequest request = request_for(kit, UPGRADE, "head");
    NameList targets = kit_names(kit, "a1"), before = { 0 }, after = { 0 };
    Error err = { 0 };
    assert_false(apply_stamp(&fake->db, kit->arena, &request, &targets, false, &before, &after, &err));
    assert_int_equal(err.code, ERR_STATE);
    assert_true(apply_stamp(&fake->db, kit->arena, &request, &targets, true, &before, &after, &err));
    db_close(&fake->db);
    assert_string_equal(rows(kit), "a1");
}

static void a_row_that_somebody_changed_stops_it(void **state)
{
    Kit *kit = *state;
    kit_script(kit, "a1", "", "", "", "");
    kit_script(kit, "b2", "a1", "", "UPDATE cmigrate_version SET version_num = 'stolen';", "");
    kit_graph(kit);
    assert_string_equal(run(kit, true, UPGRADE, "head"),
                        "upgrade of b2, recording the version: Online migration expected to match one row "
                        "when updating 'a1' to 'b2' in "
                        "'cmigrate_version'; 0 found");
    assert_string_equal(rows(kit), "a1");
}

static void assertions_fail_with_their_words_and_the_row(void **state)
{
    Kit *kit = *state;
    kit_script(kit, "a1", "", "",
               "CREATE TABLE one (x, y);\nINSERT INTO one VALUES (7, NULL);\n-- cmigrate: assert y is "
               "filled\nSELECT x, y FROM one WHERE y IS NULL;",
               "");
    kit_graph(kit);
    assert_string_equal(run(kit, true, UPGRADE, "head"),
                        "upgrade of a1, statement 3 of 3: y is filled (first row: 7)");
    assert_string_equal(tables(kit), "NULL");
}

static void foreign_keys_are_off_around_the_transaction(void **state)
{
    Kit *kit = *state;
    kit_script(kit, "a1", "", "",
               "CREATE TABLE p (id INTEGER PRIMARY KEY);\nCREATE TABLE c (p REFERENCES p (id) ON DELETE "
               "CASCADE);\nINSERT INTO p VALUES (1);\n"
               "INSERT INTO c VALUES (1);",
               "");
    kit_script(kit, "b2", "a1", "",
               "PRAGMA foreign_keys = OFF;\nDROP TABLE p;\nCREATE TABLE p (id INTEGER PRIMARY KEY, "
               "n);\nINSERT INTO p (id) VALUES (1);\nPRAGMA foreign_key_check;",
               "");
    kit_script(kit, "c3", "b2", "", "PRAGMA foreign_keys = OFF;\nDELETE FROM p;\nPRAGMA foreign_key_check;",
               "");
    kit_graph(kit);
    FakeDb *fake = fake_open(kit->arena, kit->path, true);
    Error err = { 0 };
    size_t moved;
    assert_true(fake->inner->driver->exec(fake->inner, "PRAGMA foreign_keys = ON", &err));
    ApplyRequest request = request_for(kit, UPGRADE, "head");
    assert_false(apply_run(&fake->db, kit->arena, &request, &moved, &err));
    assert_string_equal(err.message,
                        "upgrade of c3, statement 3 of 3: row 1 of table c refers to no row of table p");
    const char *value = NULL;
    assert_true(db_value(fake->inner, kit->arena, "PRAGMA foreign_keys", &value, &err));
    assert_string_equal(value, "1");
    db_close(&fake->db);
    assert_string_equal(value_of(kit, "SELECT count(*) FROM c"), "1");
    assert_string_equal(value_of(kit, "SELECT count(*) FROM p"), "1");
    assert_string_equal(rows(kit), "b2");
}

static void transaction_control_is_refused_before_anything_runs(void **state)
{
    Kit *kit = *state;
    kit_script(kit, "a1", "", "", "CREATE TABLE one (x);\nCOMMIT;", "");
    kit_graph(kit);
    ApplyRequest request = request_for(kit, UPGRADE, "head");
    Error err;
    assert_false(run_on(kit, fake_open(kit->arena, kit->path, true), &request, &err));
    assert_int_equal(err.code, ERR_SCRIPT);
    assert_int_equal(err.at.line, 6);
    assert_string_equal(value_of(kit, "SELECT count(*) FROM sqlite_master"), "0");
}

static void a_later_script_that_cannot_run_stops_it_before_the_first(void **state)
{
    Kit *kit = *state;
    make_two(kit);
    kit_script(kit, "c3", "b2", "", "SELECT 'open;", "");
    kit_graph(kit);
    assert_string_equal(run(kit, true, UPGRADE, "head"), "this quote does not end");
    assert_string_equal(value_of(kit, "SELECT count(*) FROM sqlite_master"), "0");
}

static bool always(void *payload)
{
    unsigned *asked = payload;
    return ++*asked > 2;
}

static void an_interruption_rolls_back(void **state)
{
    Kit *kit = *state;
    make_two(kit);
    unsigned asked = 0;
    ApplyEvents events = { .interrupted = always, .payload = &asked };
    ApplyRequest request = request_for(kit, UPGRADE, "head");
    request.events = &events;
    Error err;
    assert_false(run_on(kit, fake_open(kit->arena, kit->path, true), &request, &err));
    assert_int_equal(err.code, ERR_INTERRUPTED);
    assert_string_equal(tables(kit), "NULL");
}

static void a_whole_run_can_be_one_transaction(void **state)
{
    Kit *kit = *state;
    make_two(kit);
    const char *path = kit_script(kit, "c3", "b2", "", "SELECT missing;", "");
    kit_graph(kit);
    ApplyRequest request = request_for(kit, UPGRADE, "head");
    request.single_transaction = true;
    Error err;
    assert_false(run_on(kit, fake_open(kit->arena, kit->path, true), &request, &err));
    assert_string_equal(tables(kit), "NULL");
    kit_write(path, "-- cmigrate: revision c3\n-- cmigrate: parents b2\n-- cmigrate: upgrade\n");
    FakeDb *fake = fake_open(kit->arena, kit->path, true);
    assert_true(run_on(kit, fake, &request, &err));
    size_t commits = 0;
    VEC_EACH (const char *, text, &fake->log)
        commits += strcmp(*text, "COMMIT") == 0;
    assert_int_equal(commits, 1);
    assert_string_equal(rows(kit), "c3");
}

static void a_changed_script_is_reported_until_it_is_accepted(void **state)
{
    Kit *kit = *state;
    make_two(kit);
    assert_string_equal(run(kit, true, UPGRADE, "head"), "ok");
    kit_write(kit->graph.bases.items[0]->script->path, "-- cmigrate: revision a1\n-- cmigrate: parents\n\n-- "
                                                       "cmigrate: upgrade\nCREATE TABLE one (x TEXT);\n");
    FakeDb *fake = fake_open(kit->arena, kit->path, true);
    WarningList warnings = { 0 };
    Error err = { 0 };
    assert_true(history_changed_scripts(&fake->db, kit->arena, &store, &kit->graph, &warnings, &err));
    assert_int_equal(warnings.count, 1);
    assert_non_null(strstr(warnings.items[0].text, "0001_a1.sql was changed after it was applied"));
    ApplyRequest request = request_for(kit, UPGRADE, "head");
    NameList targets = kit_names(kit, "head"), before = { 0 }, after = { 0 };
    assert_true(apply_stamp(&fake->db, kit->arena, &request, &targets, false, &before, &after, &err));
    warnings.count = 0;
    assert_true(history_changed_scripts(&fake->db, kit->arena, &store, &kit->graph, &warnings, &err));
    assert_int_equal(warnings.count, 0);
    db_close(&fake->db);
}

static void of_a_long_history_only_the_last_of_each_revision_is_read(void **state)
{
    Kit *kit = *state;
    make_two(kit);
    for (int i = 0; i < 5; i++) {
        assert_string_equal(run(kit, true, UPGRADE, "head"), "ok");
        assert_string_equal(run(kit, true, DOWNGRADE, i < 4 ? "base" : "a1"), "ok");
    }
    FakeDb *fake = fake_open(kit->arena, kit->path, true);
    HistoryList entries = { 0 };
    Error err = { 0 };
    assert_true(history_read_last(&fake->db, kit->arena, &store, &entries, &err));
    assert_int_equal(entries.count, 2);
    assert_string_equal(entries.items[0].revision, "a1");
    assert_string_equal(entries.items[0].direction, "upgrade");
    assert_string_equal(entries.items[1].revision, "b2");
    assert_string_equal(entries.items[1].direction, "downgrade");
    db_close(&fake->db);
}

static void a_squash_takes_over_the_row_of_what_it_replaces(void **state)
{
    Kit *kit = *state;
    make_two(kit);
    assert_string_equal(run(kit, true, UPGRADE, "head"), "ok");
    kit_script(kit, "s9", "", "-- cmigrate: replaces a1, b2", "CREATE TABLE all_of_it (x);", "");
    kit_script(kit, "c3", "s9", "", "CREATE TABLE next (x);", "DROP TABLE next;");
    kit_graph(kit);
    assert_string_equal(run(kit, true, UPGRADE, "head"), "ok");
    assert_string_equal(tables(kit), "four next one three two");
    assert_string_equal(rows(kit), "c3");
    assert_string_equal(run(kit, true, DOWNGRADE, "-1"), "ok");
    assert_string_equal(rows(kit), "s9");
}

static void variables_are_filled_in(void **state)
{
    Kit *kit = *state;
    kit_script(kit, "a1", "", "", "CREATE TABLE one_${x.who} (x DEFAULT '${y} $ {');", "");
    kit_graph(kit);
    ApplyRequest request = request_for(kit, UPGRADE, "head");
    Error err;
    assert_false(run_on(kit, fake_open(kit->arena, kit->path, true), &request, &err));
    assert_string_equal(err.message, "the variable 'who' is not set");
    assert_int_equal(err.at.line, 5);
    assert_int_equal(err.at.column, 18);
    NameList variables = kit_names(kit, "who=me");
    request.variables = &variables;
    assert_true(run_on(kit, fake_open(kit->arena, kit->path, true), &request, &err));
    assert_string_equal(tables(kit), "one_me");
}

static void an_alembic_table_is_adopted(void **state)
{
    Kit *kit = *state;
    make_two(kit);
    static const VersionStore alembic = { NULL, "alembic_version", "cmigrate_history", NULL };
    value_of(kit, "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)");
    value_of(kit, "INSERT INTO alembic_version VALUES ('a1')");
    value_of(kit, "CREATE TABLE one (x)");
    ApplyRequest request = request_for(kit, UPGRADE, "head");
    request.store = &alembic;
    Error err;
    assert_true(run_on(kit, fake_open(kit->arena, kit->path, true), &request, &err));
    assert_string_equal(tables(kit), "alembic_version four one three");
    assert_string_equal(value_of(kit, "SELECT version_num FROM alembic_version"), "b2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KIT_TEST(a_run_goes_up_and_comes_down),
        KIT_TEST(a_revision_is_one_transaction),
        KIT_TEST(nothing_to_do_takes_no_lock_and_makes_nothing),
        KIT_TEST(wherever_it_fails_or_dies_revisions_are_whole),
        KIT_TEST(a_failure_says_where_what_and_how_to_go_on),
        KIT_TEST(an_unknown_revision_can_be_purged),
        KIT_TEST(a_row_that_somebody_changed_stops_it),
        KIT_TEST(assertions_fail_with_their_words_and_the_row),
        KIT_TEST(foreign_keys_are_off_around_the_transaction),
        KIT_TEST(transaction_control_is_refused_before_anything_runs),
        KIT_TEST(a_later_script_that_cannot_run_stops_it_before_the_first),
        KIT_TEST(an_interruption_rolls_back),
        KIT_TEST(a_whole_run_can_be_one_transaction),
        KIT_TEST(a_changed_script_is_reported_until_it_is_accepted),
        KIT_TEST(of_a_long_history_only_the_last_of_each_revision_is_read),
        KIT_TEST(a_squash_takes_over_the_row_of_what_it_replaces),
        KIT_TEST(variables_are_filled_in),
        KIT_TEST(an_alembic_table_is_adopted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
