// The outline of a statement: what rules read of its text.
#include <string.h>

#include "tests/support/cmocka_arena.h"

#include "core/lint/sentence.h"

static Sentence read_as(Arena *arena, const Dialect *dialect, const char *sql)
{
    Sentence out;
    sentence_read(arena, dialect, sql, &out);
    return out;
}
#define PG(sql)     read_as(*state, &postgresql_dialect, sql)
#define MY(sql)     read_as(*state, &mysql_dialect, sql)
#define SQLITE(sql) read_as(*state, &sqlite_dialect, sql)

static void verbs_are_told_apart(void **state)
{
    static const struct {
        const char *sql;
        Verb verb;
    } cases[] = {
        {"create table t (a int)",                          VERB_CREATE     },
        { "/* ALTER */ DROP TABLE t",                       VERB_DROP       },
        { "RENAME TABLE a TO b",                            VERB_RENAME     },
        { "TRUNCATE t",                                     VERB_TRUNCATE   },
        { "REPLACE INTO t VALUES (1)",                      VERB_INSERT     },
        { "WITH x AS (DELETE FROM a RETURNING 1) SELECT 1", VERB_SELECT     },
        { "WITH x AS (SELECT 1) UPDATE t SET a = 1",        VERB_UPDATE     },
        { "PRAGMA foreign_keys = ON",                       VERB_SET        },
        { "BEGIN",                                          VERB_TRANSACTION},
        { "REVOKE ALL ON t FROM PUBLIC",                    VERB_GRANT      },
        { "COMMENT ON TABLE t IS 'DROP'",                   VERB_COMMENT    },
        { "VACUUM FULL t",                                  VERB_MAINTAIN   },
        { "DO $$ BEGIN NULL; END $$",                       VERB_RUN        },
        { "LOCK TABLE t",                                   VERB_LOCK       },
        { "FROBNICATE t",                                   VERB_OTHER      },
        { "",                                               VERB_OTHER      },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(PG(cases[i].sql).verb, cases[i].verb);
}

static void names_are_read_as_the_engine_folds_them(void **state)
{
    Sentence s = PG("ALTER TABLE IF EXISTS ONLY Shop.\"Odd \"\"Name\" ADD a int, DROP b");
    assert_string_equal(s.kind, "table");
    assert_string_equal(s.object.schema, "shop");
    assert_string_equal(s.object.name, "Odd \"Name");
    assert_true(s.if_exists && s.only);
    assert_int_equal(s.clauses.count, 2);
    assert_string_equal(MY("DROP TABLE `a``b`, C").object.name, "a`b");
    assert_string_equal(MY("DROP TABLE `a``b`, C").others.items[0].name, "C");
    assert_string_equal(SQLITE("DROP TABLE [a b]").object.name, "a b");
}

static void indexes_know_their_table(void **state)
{
    Sentence s = PG("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.t USING gin ((lower(a)), b)");
    assert_true(s.unique && s.concurrently && s.if_not_exists && s.only);
    assert_string_equal(s.object.name, "i");
    assert_string_equal(s.on.schema, "s");
    assert_string_equal(s.on.name, "t");
    s = PG("CREATE INDEX ON t (a)");
    assert_null(s.object.name);
    assert_string_equal(s.on.name, "t");
    s = MY("DROP INDEX i ON t");
    assert_string_equal(s.object.name, "i");
    assert_string_equal(s.on.name, "t");
    s = MY("CREATE DEFINER = `a`@`%` SQL SECURITY DEFINER VIEW v AS SELECT 1");
    assert_string_equal(s.kind, "view");
    assert_string_equal(s.object.name, "v");
}

static void renames_of_tables_are_not_those_of_columns(void **state)
{
    assert_string_equal(PG("ALTER TABLE a RENAME TO b").to.name, "b");
    assert_null(PG("ALTER TABLE a RENAME COLUMN x TO y").to.name);
    assert_null(PG("ALTER TABLE a RENAME x TO y").to.name);
    assert_null(PG("ALTER TABLE a RENAME CONSTRAINT x TO y").to.name);
    assert_string_equal(MY("ALTER TABLE a RENAME AS b").to.name, "b");
    assert_string_equal(MY("RENAME TABLE a TO b").to.name, "b");
}

static void clauses_end_at_commas_outside_of_parentheses(void **state)
{
    Sentence s =
        MY("ALTER TABLE t ADD COLUMN d decimal(10,2) DEFAULT (f(1, 2)), ADD KEY k (a, b), ENGINE = InnoDB");
    assert_int_equal(s.clauses.count, 3);
    assert_true(clause_begins(&s.clauses.items[0], "ADD [COLUMN]"));
    assert_true(clause_begins(&s.clauses.items[1], "ADD INDEX|KEY"));
    assert_false(clause_begins(&s.clauses.items[2], "ADD"));
    assert_int_equal(clause_after(&s.clauses.items[1], "b"), 0);
    assert_int_not_equal(clause_after_anywhere(&s.clauses.items[1], "b"), 0);
}

static void words_in_strings_and_comments_are_none(void **state)
{
    Sentence s = PG("DELETE FROM t -- WHERE\n RETURNING 'WHERE', \"where\", $$ WHERE $$");
    assert_string_equal(s.object.name, "t");
    assert_int_equal(clause_after(&s.all, "WHERE"), 0);
    assert_true(PG("TRUNCATE a, b CASCADE").cascade);
    assert_false(PG("DROP TABLE \"cascade\"").cascade);
    assert_true(PG("ALTER TABLE a ADD x int, DROP COLUMN b CASCADE").cascade);
    assert_false(PG("ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c (d) ON DELETE CASCADE").cascade);
}

// Whatever is cut off, nothing is read beyond the end.
static void every_prefix_can_be_read(void **state)
{
    static const char text[] =
        "CREATE OR REPLACE TEMP UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a.b ON c.d (e, (f)) WHERE g; "
        "ALTER TABLE a RENAME TO b, DROP c CASCADE";
    static const Dialect *const dialects[] = { &postgresql_dialect, &mysql_dialect, &sqlite_dialect };
    for (size_t d = 0; d < COUNT_OF(dialects); d++)
        for (size_t from = 0; from < sizeof(text); from++)
            for (size_t n = 0; from + n < sizeof(text); n += 7) {
                Sentence s;
                sentence_read(*state, dialects[d], arena_strndup(*state, text + from, n), &s);
                assert_non_null(s.kind);
            }
}

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verbs_are_told_apart),
        cmocka_unit_test(names_are_read_as_the_engine_folds_them),
        cmocka_unit_test(indexes_know_their_table),
        cmocka_unit_test(renames_of_tables_are_not_those_of_columns),
        cmocka_unit_test(clauses_end_at_commas_outside_of_parentheses),
        cmocka_unit_test(words_in_strings_and_comments_are_none),
        cmocka_unit_test(every_prefix_can_be_read),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
