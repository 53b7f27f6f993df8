// A table recreated keeps all it had: rows, rowids, counters, triggers, views, children. What cannot be kept is said.
#include "tests/support/sqlite_kit.h"

static Db *carried(void **state, const char *have, const char *want)
{
    Db *db = kit_build(*state, have);
    const char *failed = kit_carry(db, *state, want);
    if (failed)
        fail_msg("%s", failed);
    return db;
}

static const char *refused(void **state, const char *have, const char *want)
{
    Db *db = kit_build(*state, have);
    const char *failed = kit_carry(db, *state, want);
    db_close(db);
    if (!failed)
        fail_msg("was done: %s", want);
    return failed;
}

#define GIVES(db, query, value) assert_string_equal(kit_value((db), *state, (query)), (value))

static void children_of_a_rebuilt_parent_stay(void **state)
{
    Db *db = kit_build(
        *state, "PRAGMA foreign_keys = ON; CREATE TABLE p (id INTEGER PRIMARY KEY, a text);"
                "CREATE TABLE c (p REFERENCES p ON DELETE CASCADE); CREATE TABLE n (p REFERENCES p ON DELETE "
                "SET NULL); INSERT INTO p VALUES (1, 'x'), (2, 'y'); INSERT INTO c VALUES (1), (2);"
                "INSERT INTO n VALUES (1)");
    assert_null(kit_carry(db, *state,
                          "CREATE TABLE p (id INTEGER PRIMARY KEY, a text NOT NULL);"
                          "CREATE TABLE c (p REFERENCES p ON DELETE CASCADE);"
                          "CREATE TABLE n (p REFERENCES p ON DELETE SET NULL)"));
    GIVES(db, "SELECT count(*) FROM c", "2");
    GIVES(db, "SELECT p FROM n", "1");
    db_close(db);
}

static void rowids_are_kept(void **state)
{
    Db *db = carried(
        state, "CREATE TABLE t (a text); INSERT INTO t (rowid, a) VALUES (5, 'x'), (900, 'y'), (-3, 'z')",
        "CREATE TABLE t (a text NOT NULL)");
    GIVES(db, "SELECT group_concat(rowid || a) FROM (SELECT rowid, a FROM t ORDER BY rowid)", "-3z,5x,900y");
    db_close(db);
}

static void rowids_are_kept_where_a_column_is_called_rowid(void **state)
{
    Db *db = carried(
        state, "CREATE TABLE t (rowid text, a); INSERT INTO t (_rowid_, rowid, a) VALUES (7, 'seven', 1)",
        "CREATE TABLE t (rowid text, a NOT NULL)");
    GIVES(db, "SELECT _rowid_ || rowid FROM t", "7seven");
    db_close(db);
}

static void a_new_integer_key_takes_the_rowids(void **state)
{
    Db *db = carried(state, "CREATE TABLE t (a text); INSERT INTO t (rowid, a) VALUES (5, 'x'), (900, 'y')",
                     "CREATE TABLE t (id INTEGER PRIMARY KEY, a text)");
    GIVES(db, "SELECT group_concat(id || a) FROM t", "5x,900y");
    db_close(db);
}

static void the_autoincrement_counter_goes_on(void **state)
{
    Db *db = carried(
        state,
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a); INSERT INTO t (a) VALUES (1), (2), (3);"
        "DELETE FROM t WHERE id > 1",
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a NOT NULL)");
    kit_run(db, "INSERT INTO t (a) VALUES (9)");
    GIVES(db, "SELECT max(id) FROM t", "4");
    GIVES(db, "SELECT count(*) FROM sqlite_sequence", "1");
    db_close(db);
}

static void a_counter_of_an_empty_table_goes_on(void **state)
{
    Db *db = carried(state,
                     "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a); INSERT INTO t VALUES (41, 1);"
                     "DELETE FROM t",
                     "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a NOT NULL)");
    kit_run(db, "INSERT INTO t (a) VALUES (9)");
    GIVES(db, "SELECT id FROM t", "42");
    db_close(db);
}

static void triggers_indexes_and_views_come_back(void **state)
{
    const char *rest = "; CREATE TABLE log (x); CREATE TABLE o (x); CREATE INDEX i ON t (a COLLATE nocase "
                       "DESC) WHERE a > '';"
                       "CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END;"
                       "CREATE TRIGGER q AFTER INSERT ON o BEGIN INSERT INTO t (a) VALUES (new.x); END;"
                       "CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT * FROM v";
    Db *db =
        carried(state, arena_printf(*state, "CREATE TABLE t (a text)%s; INSERT INTO t VALUES ('b')", rest),
                arena_printf(*state, "CREATE TABLE t (a text NOT NULL)%s", rest));
    GIVES(db, "SELECT count(*) FROM log", "1"); // of the insert above: copying rows fires nothing
    kit_run(db, "INSERT INTO o VALUES ('c')");
    GIVES(db, "SELECT group_concat(a) FROM w", "b,c");
    GIVES(db, "SELECT count(*) FROM log", "2");
    db_close(db);
}

static void broken_views_hinder_nothing(void **state)
{
    const char *view = "; CREATE VIEW bad AS SELECT x FROM nowhere";
    Db *db = carried(state,
                     arena_printf(*state, "CREATE TABLE t (a, b, c); INSERT INTO t VALUES (1, 2, 3)%s", view),
                     arena_printf(*state, "CREATE TABLE t (a)%s", view));
    GIVES(db, "SELECT a FROM t", "1");
    db_close(db);
}

static void checks_that_name_their_table_survive(void **state)
{
    const char *view = "; CREATE VIEW v AS SELECT a FROM t; CREATE TABLE o (x);"
                       "CREATE TRIGGER q AFTER INSERT ON o BEGIN INSERT INTO t (a) VALUES (new.x); END";
    Db *db = carried(
        state, arena_printf(*state, "CREATE TABLE t (a CHECK (t.a > 0)); INSERT INTO t VALUES (1)%s", view),
        arena_printf(*state, "CREATE TABLE t (a int CHECK (t.a > 0))%s", view));
    GIVES(db, "SELECT a FROM v", "1");
    db_close(db);
}

static void a_self_reference_stays_one(void **state)
{
    Db *db = carried(state,
                     "CREATE TABLE t (id INTEGER PRIMARY KEY, up REFERENCES t (id)); INSERT INTO t VALUES "
                     "(1, NULL), (2, 1)",
                     "CREATE TABLE t (id INTEGER PRIMARY KEY, up int REFERENCES t (id))");
    GIVES(db, "SELECT \"table\" FROM pragma_foreign_key_list('t')", "t");
    db_close(db);
}

static void generated_columns_are_not_copied(void **state)
{
    Db *db =
        carried(state, "CREATE TABLE t (a int, b AS (a * 2), c AS (a * 3) STORED); INSERT INTO t VALUES (2)",
                "CREATE TABLE t (a int NOT NULL, b AS (a * 5), c)");
    GIVES(db, "SELECT a || ' ' || b || ' ' || c FROM t", "2 10 6");
    db_close(db);
}

static void rows_go_into_and_out_of_without_rowid(void **state)
{
    Db *db = carried(state, "CREATE TABLE t (a text PRIMARY KEY NOT NULL, b); INSERT INTO t VALUES ('x', 1)",
                     "CREATE TABLE t (a text PRIMARY KEY NOT NULL, b) WITHOUT ROWID");
    GIVES(db, "SELECT a || b FROM t", "x1");
    assert_null(kit_carry(db, *state, "CREATE TABLE t (a text PRIMARY KEY NOT NULL, b)"));
    GIVES(db, "SELECT a || b FROM t", "x1");
    db_close(db);
}

static void nulls_are_filled_from_the_default(void **state)
{
    Db *db = carried(state, "CREATE TABLE t (a); INSERT INTO t VALUES (NULL), ('x')",
                     "CREATE TABLE t (a NOT NULL DEFAULT 'none')");
    GIVES(db, "SELECT group_concat(a) FROM t", "none,x");
    db_close(db);
}

static void several_changes_are_one_rebuild(void **state)
{
    Db *a = kit_build(*state, "CREATE TABLE t (a, b, c, d)"),
       *b = kit_build(*state, "CREATE TABLE t (a int, b text, e UNIQUE)");
    Schema have = kit_see(a, *state), want = kit_see(b, *state);
    Plan plan = kit_plan(*state, &have, &want, NULL);
    const char *text = kit_sql(*state, &plan), *first = strstr(text, "CREATE TABLE");
    assert_non_null(first);
    assert_null(strstr(first + 1, "CREATE TABLE"));
    db_close(a);
    db_close(b);
}

static void what_alter_table_can_do_it_does(void **state)
{
    static const char *const pairs[][2] = {
        {"CREATE TABLE t (a)",                                            "CREATE TABLE t (a, b int)"                           },
        { "CREATE TABLE t (a)",                                           "CREATE TABLE t (a, b int NOT NULL DEFAULT 0)"        },
        { "CREATE TABLE t (a)",                                           "CREATE TABLE t (a, b int CHECK (b > 0) REFERENCES t)"},
        { "CREATE TABLE t (a)",
         "CREATE TABLE t (a, b int, c int, CHECK (b < c), FOREIGN KEY (b) REFERENCES t (a))"                                    },
        { "CREATE TABLE t (a)",                                           "CREATE TABLE t (a, g AS (a || 'x'))"                 },
        { "CREATE TABLE t (a, b)",                                        "CREATE TABLE t (a)"                                  },
        { "CREATE TABLE t (a, b CHECK (b > 0)); CREATE INDEX i ON t (b)", "CREATE TABLE t (a)"                                  },
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        Db *a = kit_build(*state, pairs[i][0]), *b = kit_build(*state, pairs[i][1]);
        Schema have = kit_see(a, *state), want = kit_see(b, *state);
        Plan plan = kit_plan(*state, &have, &want, NULL);
        if (strstr(kit_sql(*state, &plan), "CREATE TABLE"))
            fail_msg("%s", kit_sql(*state, &plan));
        assert_null(kit_carry(a, *state, pairs[i][1]));
        db_close(a);
        db_close(b);
    }
}

static void a_dropped_column_takes_no_string_in_double_quotes_along(void **state)
{
    Db *db = carried(state, "CREATE TABLE t (a CHECK (a <> \"no\"), b); INSERT INTO t VALUES (1, 2)",
                     "CREATE TABLE t (a CHECK (a <> \"no\"))");
    GIVES(db, "SELECT instr(sql, '\"no\"') > 0 FROM sqlite_master", "1");
    db_close(db);
}

static void values_that_a_type_cannot_hold_are_refused(void **state)
{
    static const char *const cases[][3] = {
        {"text",     "integer",        "'abc'"                 },
        { "text",    "integer",        "'12abc'"               },
        { "text",    "integer",        "'99999999999999999999'"},
        { "real",    "integer",        "1.5"                   },
        { "text",    "real",           "'x'"                   },
        { "text",    "numeric(10, 2)", "'x'"                   },
        { "text",    "date",           "'007'"                 },
        { "blob",    "integer",        "x'00'"                 },
        { "integer", "real",           "9007199254740993"      },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_non_null(
            strstr(refused(state,
                           arena_printf(*state, "CREATE TABLE t (a %s); INSERT INTO t VALUES (%s)",
                                        cases[i][0], cases[i][2]),
                           arena_printf(*state, "CREATE TABLE t (a %s)", cases[i][1])),
                   "t.a"));
}

static void values_that_a_type_can_hold_are_converted(void **state)
{
    static const char *const cases[][4] = {
        {"text",        "integer",    "'12'",         "12"        },
        { "real",       "integer",    "3.0",          "3"         },
        { "text",       "real",       "'1.5'",        "1.5"       },
        { "integer",    "text",       "12",           "12"        },
        { "text",       "date",       "'2020-01-02'", "2020-01-02"},
        { "text",       "integer",    "NULL",         ""          },
        { "varchar(3)", "varchar(2)", "'abc'",        "abc"       },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Db *db = carried(state,
                         arena_printf(*state, "CREATE TABLE t (a %s); INSERT INTO t VALUES (%s)", cases[i][0],
                                      cases[i][2]),
                         arena_printf(*state, "CREATE TABLE t (a %s)", cases[i][1]));
        GIVES(db, "SELECT a FROM t", cases[i][3]);
        db_close(db);
    }
}

static void a_strict_table_takes_no_other_values(void **state)
{
    assert_non_null(strstr(
        refused(state, "CREATE TABLE t (a INT); INSERT INTO t VALUES ('x')", "CREATE TABLE t (a INT) STRICT"),
        "t.a"));
    assert_non_null(strstr(refused(state, "CREATE TABLE t (a TEXT); INSERT INTO t VALUES (x'00')",
                                   "CREATE TABLE t (a TEXT) STRICT"),
                           "t.a"));
    Db *db = carried(state, "CREATE TABLE t (a INT, b TEXT); INSERT INTO t VALUES (1, 'x')",
                     "CREATE TABLE t (a INT, b TEXT) STRICT");
    GIVES(db, "SELECT a || b FROM t", "1x");
    db_close(db);
}

static void nulls_without_a_default_are_refused(void **state)
{
    assert_non_null(strstr(
        refused(state, "CREATE TABLE t (a); INSERT INTO t VALUES (NULL)", "CREATE TABLE t (a NOT NULL)"),
        "t.a becomes NOT NULL"));
    assert_non_null(strstr(
        refused(state, "CREATE TABLE t (a); INSERT INTO t VALUES (1)", "CREATE TABLE t (a, b NOT NULL)"),
        "give it a default"));
    assert_non_null(strstr(refused(state, "CREATE TABLE t (a); INSERT INTO t VALUES (1)",
                                   "CREATE TABLE t (a int, b NOT NULL UNIQUE)"),
                           "give it a default"));
    db_close(carried(state, "CREATE TABLE t (a)", "CREATE TABLE t (a, b NOT NULL)"));
}

static void rows_stay_where_no_column_is_the_same(void **state)
{
    Db *db = carried(state, "CREATE TABLE t (a int PRIMARY KEY) WITHOUT ROWID; INSERT INTO t VALUES (1), (2)",
                     "CREATE TABLE t (b AS (1), c int DEFAULT 5)");
    GIVES(db, "SELECT count(*) || sum(c) FROM t", "210");
    db_close(db);
    assert_non_null(strstr(refused(state, "CREATE TABLE t (a); INSERT INTO t VALUES (1)",
                                   "CREATE TABLE t (b int, PRIMARY KEY (b)) WITHOUT ROWID"),
                           "give it a default"));
}

static void a_rename_carries_everything_along(void **state)
{
    Db *db = kit_build(
        *state,
        "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, x int CHECK (x > 0)); INSERT INTO a VALUES "
        "(5, 6);"
        "CREATE TABLE c (a REFERENCES a (id)); CREATE VIEW v AS SELECT x FROM a; CREATE INDEX i ON a (x);"
        "CREATE TRIGGER r AFTER INSERT ON c BEGIN UPDATE a SET x = x + 1; END");
    Db *other = kit_build(
        *state,
        "CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT, y int NOT NULL CHECK (y > 0));"
        "CREATE TABLE c (a REFERENCES b (id)); CREATE VIEW v AS SELECT y FROM b; CREATE INDEX i ON b (y);"
        "CREATE TRIGGER r AFTER INSERT ON c BEGIN UPDATE b SET y = y + 1; END");
    Schema have = kit_see(db, *state), want = kit_see(other, *state);
    RenameList renames = { 0 };
    *VEC_PUSH(*state, &renames) = (Rename){ .kind = OBJECT_TABLE, .from = "a", .to = "b" };
    *VEC_PUSH(*state, &renames) = (Rename){ .kind = OBJECT_COLUMN, .table = "b", .from = "x", .to = "y" };
    Plan plan = kit_plan(*state, &have, &want, &renames);
    assert_null(kit_apply(db, *state, &plan));
    GIVES(db, "SELECT id || ' ' || y FROM b", "5 6");
    kit_run(db, "INSERT INTO c VALUES (5)");
    GIVES(db, "SELECT max(y) FROM v", "7");
    Schema now = kit_see(db, *state);
    assert_int_equal(kit_plan(*state, &now, &want, NULL).statements.count, 0);
    db_close(db);
    db_close(other);
}

static void names_that_differ_in_case_only_are_one(void **state)
{
    Db *a = kit_build(*state, "CREATE TABLE Users (Id INTEGER PRIMARY KEY, Name VARCHAR(10) UNIQUE); CREATE "
                              "INDEX Ix ON users (NAME)");
    Db *b = kit_build(*state, "CREATE TABLE users (id integer primary key, name varchar (10), unique "
                              "(NAME)); CREATE INDEX ix ON USERS (name)");
    Schema have = kit_see(a, *state), want = kit_see(b, *state);
    assert_string_equal(
        kit_sql(*state, &(Plan){ .statements = kit_plan(*state, &have, &want, NULL).statements }), "");
    db_close(a);
    db_close(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(children_of_a_rebuilt_parent_stay),
        TEST(rowids_are_kept),
        TEST(rowids_are_kept_where_a_column_is_called_rowid),
        TEST(a_new_integer_key_takes_the_rowids),
        TEST(the_autoincrement_counter_goes_on),
        TEST(a_counter_of_an_empty_table_goes_on),
        TEST(triggers_indexes_and_views_come_back),
        TEST(broken_views_hinder_nothing),
        TEST(checks_that_name_their_table_survive),
        TEST(a_self_reference_stays_one),
        TEST(generated_columns_are_not_copied),
        TEST(rows_go_into_and_out_of_without_rowid),
        TEST(nulls_are_filled_from_the_default),
        TEST(several_changes_are_one_rebuild),
        TEST(what_alter_table_can_do_it_does),
        TEST(a_dropped_column_takes_no_string_in_double_quotes_along),
        TEST(values_that_a_type_cannot_hold_are_refused),
        TEST(values_that_a_type_can_hold_are_converted),
        TEST(a_strict_table_takes_no_other_values),
        TEST(nulls_without_a_default_are_refused),
        TEST(rows_stay_where_no_column_is_the_same),
        TEST(a_rename_carries_everything_along),
        TEST(names_that_differ_in_case_only_are_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
