// MySQL's and MariaDB's spelling: types both ways, literals, what the server implies, and one ALTER TABLE.
#include "tests/support/cmocka_arena.h"

#include <string.h>

#include "core/diff/diff.h"
#include "core/plan/plan.h"
#include "core/schema/schema_read.h"
#include "drivers/mysql/dialect/dialect.h"

static const char *native(Arena *arena, const char *spelling)
{
    const char *wrong = NULL;
    return mysql_dialect.type_native(arena, spelling, &wrong);
}

static void every_spelling_of_a_type_becomes_one(void **state)
{
    static const char *const pairs[][2] = {
        {"integer",                                       "int"                         },
        { "INT(11)",                                      "int"                         },
        { "int(10) unsigned",                             "int unsigned"                },
        { "int(5)",                                       "int(5)"                      },
        { "boolean",                                      "tinyint(1)"                  },
        { "tinyint(4)",                                   "tinyint"                     },
        { "bigint(20) UNSIGNED ZEROFILL",                 "bigint(20) unsigned zerofill"},
        { "numeric",                                      "decimal(10,0)"               },
        { "numeric(12)",                                  "decimal(12,0)"               },
        { "numeric(12, 2)",                               "decimal(12,2)"               },
        { "double precision",                             "double"                      },
        { "float(30)",                                    "double"                      },
        { "float(7,3)",                                   "float(7,3)"                  },
        { "string(80)",                                   "varchar(80)"                 },
        { "character varying(40)",                        "varchar(40)"                 },
        { "char",                                         "char(1)"                     },
        { "year(4)",                                      "year"                        },
        { "datetime(0)",                                  "datetime"                    },
        { "datetime(6)",                                  "datetime(6)"                 },
        { "uuid",                                         "char(36)"                    },
        { "uuid()",                                       "uuid"                        },
        { "enum('a','it''s')",                            "enum('a','it''s')"           },
        { "enum('a\\\\b')",                               "enum('a\\\\b')"              },
        { "set(\"x\",\"y\")",                             "set('x','y')"                },
        { "geometrycollection",                           "geomcollection"              },
        { "varchar(9) charset latin1 collate latin1_bin",
         "varchar(9) character set latin1 collate latin1_bin"                           },
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        assert_string_equal(native(*state, pairs[i][0]), pairs[i][1]);
}

static void a_type_is_portable_only_where_it_reads_back_the_same(void **state)
{
    static const char *const natives[] = { "int",           "tinyint(1)",    "tinyint",     "varchar(80)",
                                           "decimal(10,2)", "uuid",          "char(36)",    "longtext",
                                           "int unsigned",  "enum('a','b')", "datetime(6)", "json",
                                           "double" };
    const char *wrong = NULL;
    for (size_t i = 0; i < COUNT_OF(natives); i++) {
        const char *portable = mysql_dialect.type_portable(*state, natives[i]);
        assert_string_equal(mysql_dialect.type_native(*state, portable, &wrong), natives[i]);
    }
    assert_string_equal(mysql_dialect.type_portable(*state, "varchar(80)"), "string(80)");
    assert_null(mysql_dialect.type_native(*state, "integer[]", &wrong));
    assert_null(mysql_dialect.type_native(*state, "strng(80)", &wrong));
    assert_null(mysql_dialect.type_native(*state, "datetim", &wrong));
    assert_non_null(mysql_dialect.type_native(*state, "linestring", &wrong));
    assert_non_null(mysql_dialect.type_native(*state, "national varchar(3)", &wrong));
}

static const char *quoted(Arena *arena, const char *text)
{
    StrBuf out;
    strbuf_init(&out, arena);
    mysql_dialect.put_literal(&out, text);
    return out.text;
}

static void no_byte_breaks_out_of_a_literal(void **state)
{
    static const char *const texts[] = { "it's",        "back\\slash", "\\'; DROP TABLE x; --",
                                         "line\nbreak", "\\",          "''" };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const char *literal = quoted(*state, texts[i]);
        unsigned other = mysql_dialect.lex & ~(unsigned)LEX_BACKSLASH_ESCAPES; // NO_BACKSLASH_ESCAPES
        TokenList tokens = lex_all(*state, (Text){ literal, strlen(literal) }, mysql_dialect.lex);
        assert_int_equal(tokens.count, 2);
        assert_string_equal(my_string_value(*state, &tokens.items[0]), texts[i]);
        assert_int_equal(lex_all(*state, (Text){ literal, strlen(literal) }, other).count, 2);
    }
}

static void a_default_has_one_spelling(void **state)
{
    static const char *const cases[][3] = {
        {"int",           "'0'",                  "0"                   },
        { "decimal(5,2)", "'1.50'",               "1.50"                },
        { "varchar(9)",   "'0'",                  "'0'"                 },
        { "datetime",     "now()",                "CURRENT_TIMESTAMP"   },
        { "datetime(3)",  "current_timestamp(3)", "CURRENT_TIMESTAMP(3)"},
        { "text",         "(_utf8mb4'x')",        "('x')"               },
        { "text",         "'x'",                  "('x')"               },
        { "text",         "_utf8mb4'x'",          "_utf8mb4'x'"         },
        { "text",         "('a\\0b')",            "('a\\0b')"           },
        { "blob",         "'a\\0b'",              "('a\\0b')"           },
        { "varchar(9)",   "'a\\0b'",              "0x610062"            },
        { "varchar(9)",   "((_utf8mb4'x'))",      "('x')"               },
        { "blob",         "X'00ff'",              "X'00ff'"             },
        { "tinyint(1)",   "true",                 "1"                   },
        { "bit(3)",       "5",                    "b'101'"              },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(my_default_canonical(*state, cases[i][0], cases[i][1]), cases[i][2]);
    assert_null(my_default_canonical(*state, "int", "NULL"));
}

static Schema read_model(Arena *arena, const char *yaml, RenameList *renames)
{
    Schema schema = { 0 };
    Error err = { 0 };
    if (!schema_read_text(arena, "schema.yaml", (Text){ yaml, strlen(yaml) }, &mysql_dialect, &schema,
                          renames, &err))
        fail_msg("%s", err.message);
    return schema;
}

static const char *plan_between(Arena *arena, const char *from, const char *to, const char *flavor)
{
    RenameList none = { 0 }, renames = { 0 };
    Schema have = read_model(arena, from, &none), want = read_model(arena, to, &renames);
    have.server.flavor = flavor;
    ChangeList changes = { 0 };
    const Schema *renamed;
    Plan plan;
    Error err = { 0 };
    assert_true(diff_schemas(arena, &mysql_dialect, &have, &want, &renames, &changes, &renamed, &err));
    if (!plan_build(arena, &mysql_dialect, renamed, &want, &changes, &renames, NULL, &plan, &err))
        fail_msg("%s", err.message);
    StrBuf out;
    strbuf_init(&out, arena);
    VEC_EACH (Statement, statement, &plan.statements)
        if (!statement->assertion)
            strbuf_printf(&out, "%s;\n", statement->sql);
    return out.text;
}

static void a_foreign_key_brings_its_index(void **state)
{
    Schema schema = read_model(
        *state,
        "tables:\n"
        "  a: {columns: {id: {type: integer, primary_key: true}}}\n"
        "  b:\n"
        "    columns: {id: {type: integer, primary_key: true}, a_id: {type: integer, references: a.id}}\n",
        &(RenameList){ 0 });
    const Table *b = schema_table(&schema, NULL, "b");
    assert_int_equal(b->indexes.count, 1);
    assert_string_equal(b->indexes.items[0]->parts.items[0].column, "a_id");
    assert_true(table_column(b, "id")->autoincrement);
    assert_false(table_column(b, "id")->nullable);
}

static void unique_is_an_index(void **state)
{
    Schema schema =
        read_model(*state, "tables: {a: {columns: {id: {type: integer, unique: true}}}}", &(RenameList){ 0 });
    const Table *a = schema_table(&schema, NULL, "a");
    assert_int_equal(a->constraints.count, 0);
    assert_true(a->indexes.items[0]->unique);
}

static void changes_of_a_table_are_one_statement_that_restates_the_column(void **state)
{
    const char *text =
        plan_between(*state,
                     "tables: {t: {columns: {id: {type: integer, primary_key: true}, a: {type: string(10), "
                     "nullable: false, default: x, comment: c}, b: integer}}}",
                     "tables: {t: {columns: {id: {type: integer, primary_key: true}, a: {type: string(20), "
                     "nullable: false, default: x, comment: c}, d: {type: date, index: true}}}}",
                     "mysql");
    assert_string_equal(text, "ALTER TABLE `t`\n"
                              "  DROP COLUMN `b`,\n"
                              "  MODIFY COLUMN `a` varchar(20) NOT NULL DEFAULT 'x' COMMENT 'c',\n"
                              "  ADD COLUMN `d` date,\n"
                              "  ADD KEY `ix_t_d` (`d`);\n");
}

static const char parent_and_child[] = "tables:\n"
                                       "  p: {columns: {id: {type: %s, primary_key: true}}}\n"
                                       "  c:\n"
                                       "    columns: {id: {type: integer, primary_key: true}, p: %s}\n"
                                       "    foreign_keys: {fk: {columns: [p], references: p(id)}}\n";

static void both_ends_of_a_key_change_type_with_the_key_taken_down(void **state)
{
    const char *text = plan_between(*state, arena_printf(*state, parent_and_child, "integer", "integer"),
                                    arena_printf(*state, parent_and_child, "bigint", "bigint"), "mysql");
    const char *drop = strstr(text, "DROP FOREIGN KEY `fk`"),
               *add = strstr(text, "ADD CONSTRAINT `fk` FOREIGN KEY");
    const char *parent = strstr(text, "MODIFY COLUMN `id` bigint"),
               *child = strstr(text, "MODIFY COLUMN `p` bigint");
    assert_non_null(drop);
    assert_non_null(add);
    assert_true(drop < parent && parent < add);
    assert_true(drop < child && child < add);
}

static void a_renamed_column_that_a_check_mentions_is_renamed_with_it(void **state)
{
    const char *from = "tables: {t: {columns: {a: integer}, checks: {c: \"a > 0\"}}}";
    const char *to = "tables: {t: {columns: {b: {type: integer, renamed_from: a}}, checks: {c: \"b > 0\"}}}";
    assert_string_equal(plan_between(*state, from, to, "mysql"), "ALTER TABLE `t`\n"
                                                                 "  DROP CHECK `c`,\n"
                                                                 "  CHANGE COLUMN `a` `b` int,\n"
                                                                 "  ADD CONSTRAINT `c` CHECK (b > 0);\n");
    assert_string_equal(plan_between(*state, from, to, "mariadb"),
                        "ALTER TABLE `t` RENAME COLUMN `a` TO `b`;\n");
}

static void checks_are_dropped_in_each_servers_words(void **state)
{
    const char *from = "tables: {t: {columns: {a: integer}, checks: {c: \"a > 0\"}}}",
               *to = "tables: {t: {columns: {a: integer}}}";
    assert_non_null(strstr(plan_between(*state, from, to, "mysql"), "DROP CHECK `c`"));
    assert_non_null(strstr(plan_between(*state, from, to, "mariadb"), "DROP CONSTRAINT `c`"));
}

static void names_may_hold_anything(void **state)
{
    const char *text = plan_between(
        *state, "tables: {}", "tables: {\"\\\"a`b; */ --\\\"\": {columns: {\"x`y'\": integer}}}", "mysql");
    assert_non_null(strstr(text, "CREATE TABLE `a``b; */ --`"));
    assert_non_null(strstr(text, "`x``y'` int"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_spelling_of_a_type_becomes_one),
        TEST(a_type_is_portable_only_where_it_reads_back_the_same),
        TEST(no_byte_breaks_out_of_a_literal),
        TEST(a_default_has_one_spelling),
        TEST(a_foreign_key_brings_its_index),
        TEST(unique_is_an_index),
        TEST(changes_of_a_table_are_one_statement_that_restates_the_column),
        TEST(both_ends_of_a_key_change_type_with_the_key_taken_down),
        TEST(a_renamed_column_that_a_check_mentions_is_renamed_with_it),
        TEST(checks_are_dropped_in_each_servers_words),
        TEST(names_may_hold_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
