// PostgreSQL's dialect: types both ways, literals that nothing breaks out of, the server's own names.
#include "tests/support/cmocka_arena.h"

#include <string.h>

#include "core/db/driver.h"
#include "drivers/postgresql/dialect/dialect.h"

static void becomes(Arena *arena, const char *spelling, const char *native)
{
    const char *wrong = NULL;
    const char *got = pg_type_native(arena, spelling, &wrong);
    if (!got)
        fail_msg("'%s' is refused at '%s'", spelling, wrong);
    if (strcmp(got, native) != 0)
        fail_msg("'%s' becomes '%s', not '%s'", spelling, got, native);
    const char *again = pg_type_native(arena, got, &wrong);
    if (!again || strcmp(again, got) != 0)
        fail_msg("'%s' read again is '%s'", got, again ? again : "refused");
}

static void every_spelling_has_one_canonical_form(void **state)
{
    static const char *const pairs[][2] = {
        {"int",                           "integer"                    },
        { "INT4",                         "integer"                    },
        { "int8",                         "bigint"                     },
        { "tinyint",                      "smallint"                   },
        { "bool",                         "boolean"                    },
        { "float",                        "double precision"           },
        { "float(24)",                    "real"                       },
        { "float(25)",                    "double precision"           },
        { "double",                       "double precision"           },
        { "decimal(10, 2)",               "numeric(10,2)"              },
        { "numeric(10)",                  "numeric(10,0)"              },
        { "numeric(3,-2)",                "numeric(3,-2)"              },
        { "numeric",                      "numeric"                    },
        { "string",                       "character varying"          },
        { "string(80)",                   "character varying(80)"      },
        { "VarChar( 80 )",                "character varying(80)"      },
        { "char",                         "character(1)"               },
        { "nchar(3)",                     "character(3)"               },
        { "bpchar",                       "bpchar"                     },
        { "bpchar(4)",                    "character(4)"               },
        { "datetime",                     "timestamp without time zone"},
        { "timestamptz(3)",               "timestamp(3) with time zone"},
        { "timestamp (3) with time zone", "timestamp(3) with time zone"},
        { "time with time zone",          "time with time zone"        },
        { "timetz(2)",                    "time(2) with time zone"     },
        { "interval day to second(3)",    "interval day to second(3)"  },
        { "interval year to month",       "interval year to month"     },
        { "bit",                          "bit(1)"                     },
        { "varbit(7)",                    "bit varying(7)"             },
        { "binary(16)",                   "bytea"                      },
        { "blob",                         "bytea"                      },
        { "integer[]",                    "integer[]"                  },
        { "int[3][]",                     "integer[]"                  },
        { "text ARRAY",                   "text[]"                     },
        { "int ARRAY[4]",                 "integer[]"                  },
        { "string(5)[]",                  "character varying(5)[]"     },
        { "pg_catalog.int4",              "integer"                    },
        { "public.mood",                  "mood"                       },
        { "app.mood[]",                   "app.mood[]"                 },
        { "geometry(Point, 4326)",        "geometry(Point,4326)"       },
        { "\"Odd Type\"",                 "\"Odd Type\""               },
        { "\"char\"",                     "\"char\""                   },
        { "CITEXT",                       "citext"                     },
        { "tstzrange",                    "tstzrange"                  },
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        becomes(*state, pairs[i][0], pairs[i][1]);
}

static void portable_types_come_back(void **state)
{
    static const char *const pairs[][2] = {
        {"character varying(80)",        "string(80)"    },
        { "character varying",           "string"        },
        { "double precision",            "double"        },
        { "timestamp without time zone", "datetime"      },
        { "timestamp(3) with time zone", "timestamptz(3)"},
        { "bytea",                       "blob"          },
        { "integer[]",                   "integer[]"     },
        { "character varying(5)[]",      "string(5)[]"   },
        { "real",                        "real"          },
        { "tstzrange",                   "tstzrange"     },
        { "\"string\"",                  "\"string\""    },
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        assert_string_equal(pg_type_portable(*state, pairs[i][0]), pairs[i][1]);
}

static void misspelt_portable_types_are_refused(void **state)
{
    static const char *const texts[] = { "strng(80)", "integr", "string(x)", "string(1,2)", "",
                                         "(3)",       "int[",   "uuid(3)",   "integer(3" };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const char *wrong = NULL;
        const char *got = pg_type_native(*state, texts[i], &wrong);
        if (got || !wrong)
            fail_msg("'%s' becomes '%s'", texts[i], got ? got : "nothing, nowhere");
    }
}

static void names_of_the_server(void **state)
{
    Arena *arena = *state;
    assert_string_equal(pg_object_name(arena, "user", NULL, "pkey"), "user_pkey");
    assert_string_equal(pg_object_name(arena, "user", "email", "key"), "user_email_key");
    const char *table = "a_table_with_a_name_that_is_nearly_as_long_as_names_may_ever_be";
    const char *name = pg_object_name(arena, table, "and_a_column_with_a_long_name_of_its_own", "fkey");
    assert_int_equal(strlen(name), 63);
    assert_string_equal(name + 58, "_fkey");
    // no character is cut in two
    const char *wide =
        "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
        "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
        "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4";
    assert_int_equal(strlen(pg_name_clip(arena, wide)), 62);
}

static void routines_carry_their_types(void **state)
{
    Arena *arena = *state;
    static const char *const cases[][2] = {
        {"CREATE FUNCTION f(a int, b text DEFAULT 'x, y') RETURNS int",            "f(integer, text)"   },
        { "CREATE OR REPLACE FUNCTION f() RETURNS int",                            "f()"                },
        { "CREATE FUNCTION f(IN a varchar(80), OUT b int, VARIADIC c text[]) ...",
         "f(character varying, text[])"                                                                 },
        { "CREATE FUNCTION f(double precision, timestamp with time zone) ...",
         "f(double precision, timestamp with time zone)"                                                },
        { "CREATE FUNCTION f(n numeric(10,2) = 1) ...",                            "f(numeric)"         },
        { "CREATE PROCEDURE f(a int, OUT b int) ...",                              "f(integer, integer)"},
        { "CREATE AGGREGATE f(int) (sfunc = int4pl)",                              "f(integer)"         },
        { "CREATE AGGREGATE f(*) (sfunc = int8inc)",                               "f()"                },
        { "CREATE FUNCTION f(\"Odd, name\" app.mood[]) ...",                       "f(app.mood[])"      },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(pg_routine_name(arena, "f", cases[i][0]), cases[i][1]);
    const char *arguments = NULL;
    assert_string_equal(pg_routine_split(arena, "f(integer, \"od)d\")", &arguments), "f");
    assert_string_equal(arguments, "integer, \"od)d\"");
    assert_string_equal(pg_routine_split(arena, "plain", &arguments), "plain");
    assert_null(arguments);
}

static void nothing_breaks_out_of_a_literal(void **state)
{
    static const char *const texts[] = { "",     "'",        "\\",      "\\'", "'; DROP TABLE t; --",
                                         "a\nb", "\xff\xfe", "''''\\\\" };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        StrBuf out;
        strbuf_init(&out, *state);
        postgresql_dialect.put_literal(&out, texts[i]);
        TokenList tokens = lex_all(*state, (Text){ out.text, out.length }, LEX_POSTGRESQL);
        assert_int_equal(tokens.count, 2);
        assert_int_equal(tokens.items[0].kind, TOKEN_STRING);
    }
}

static void defaults_are_written_as_the_server_shows_them(void **state)
{
    static const struct {
        const char *type, *scalar;
        bool quoted;
        const char *sql;
    } cases[] = {
        {"text",                            "ok",                  false, "'ok'::text"                },
        { "character varying(80)",          "it's",                true,  "'it''s'::character varying"},
        { "character(3)",                   "a",                   false, "'a'::bpchar"               },
        { "integer",                        "0",                   false, "0"                         },
        { "integer",                        "-1",                  false, "'-1'::integer"             },
        { "bigint",                         "5000000000",          false, "'5000000000'::bigint"      },
        { "boolean",                        "yes",                 false, "true"                      },
        { "boolean",                        "off",                 true,  "false"                     },
        { "numeric(10,2)",                  "1.5",                 false, "1.5"                       },
        { "numeric",                        "-1.5",                false, "'-1.5'::numeric"           },
        { "jsonb",                          "{}",                  false, "'{}'::jsonb"               },
        { "text[]",                         "{}",                  false, "'{}'::text[]"              },
        { "timestamp(3) without time zone", "2020-01-01 00:00:00", false,
         "'2020-01-01 00:00:00'::timestamp without time zone"                                         },
        { "mood",                           "ok",                  false, "'ok'"                      },
        { "text",                           "null",                false, "NULL"                      },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(
            postgresql_dialect.default_literal(*state, cases[i].type, cases[i].scalar, cases[i].quoted),
            cases[i].sql);
}

static bool same(Arena *arena, const char *a, const char *b)
{
    return postgresql_dialect.same_sql(arena, a, b);
}

static void texts_are_equal_only_where_the_server_reads_the_same(void **state)
{
    assert_true(same(*state, "a > 0", "( A>0 )"));
    assert_true(same(*state, "\"a\" > 0", "a > 0"));
    assert_false(same(*state, "\"A\" > 0", "a > 0"));
    assert_false(same(*state, "\"current_user\" = x", "current_user = x"));
    assert_false(same(*state, "'a' = x", "'A' = x"));
    assert_false(same(*state, "(a) + (b)", "a) + (b"));
}

static void secrets_are_left_out(void **state)
{
    static const char *const pairs[][2] = {
        {"CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'x', password 'it''s')",
         "CREATE USER MAPPING FOR a SERVER s OPTIONS (\"user\" 'x')"                                                                          },
        { "CREATE USER MAPPING FOR a SERVER s OPTIONS (password 'y')",                                 "CREATE USER MAPPING FOR a SERVER s"   },
        { "CREATE USER MAPPING FOR a SERVER s OPTIONS (password_required 'false')",
         "CREATE USER MAPPING FOR a SERVER s OPTIONS (password_required 'false')"                                                             },
        { "CREATE SUBSCRIPTION s CONNECTION 'host=h password = ''a b'' dbname=d' PUBLICATION p",
         "CREATE SUBSCRIPTION s CONNECTION 'host=h dbname=d' PUBLICATION p"                                                                   },
        { "CREATE SUBSCRIPTION s CONNECTION 'postgresql://u:p@w@h/d?sslpassword=x&a=b' PUBLICATION p",
         "CREATE SUBSCRIPTION s CONNECTION 'postgresql://u@h/d?a=b' PUBLICATION p"                                                            },
        { "CREATE SUBSCRIPTION s CONNECTION 'postgres://h/d?password=x' PUBLICATION p",
         "CREATE SUBSCRIPTION s CONNECTION 'postgres://h/d' PUBLICATION p"                                                                    },
        { "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'h', passcode 'x', \"Passfile\" 'y')",
         "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'h')"                                                                          },
        { "CREATE FOREIGN DATA WRAPPER w OPTIONS (api_key 'x')",                                       "CREATE FOREIGN DATA WRAPPER w"        },
        { "CREATE TABLE password (password text)",                                                     "CREATE TABLE password (password text)"},
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        assert_string_equal(pg_without_secrets(*state, pairs[i][0]), pairs[i][1]);
}

static void subscriptions_are_equal_by_what_they_say(void **state)
{
    static const char one[] =
        "CREATE SUBSCRIPTION s CONNECTION 'host=h' PUBLICATION a, b WITH (connect = false)";
    static const char *const same[] = {
        "create subscription \"s\" connection 'host=h password=x' publication b, a with (slot_name = s, "
        "binary = off)",
        "CREATE SUBSCRIPTION s CONNECTION 'host=h' PUBLICATION a, b",
    };
    static const char *const other[] = {
        "CREATE SUBSCRIPTION s CONNECTION 'host=h' PUBLICATION a",
        "CREATE SUBSCRIPTION s CONNECTION 'host=g' PUBLICATION a, b",
        "CREATE SUBSCRIPTION s CONNECTION 'host=h' PUBLICATION a, b WITH (slot_name = NONE)",
        "CREATE SUBSCRIPTION s CONNECTION 'host=h' PUBLICATION a, b WITH (what = ever)",
    };
    for (size_t i = 0; i < COUNT_OF(same); i++)
        assert_true(postgresql_dialect.same_sql(*state, one, same[i]));
    for (size_t i = 0; i < COUNT_OF(other); i++)
        assert_false(postgresql_dialect.same_sql(*state, one, other[i]));
}

static void what_runs_alone(void **state)
{
    (void)state;
    static const char *const alone[] = { "VACUUM t",
                                         "create unique index concurrently i on t (a)",
                                         "DROP INDEX CONCURRENTLY IF EXISTS i",
                                         "reindex table concurrently t",
                                         "ALTER TABLE p DETACH PARTITION c CONCURRENTLY",
                                         "CREATE DATABASE d",
                                         "ALTER SYSTEM SET a = 1",
                                         "CLUSTER" };
    static const char *const inside[] = { "CREATE INDEX i ON t (a)", "CREATE TABLE concurrently (a int)",
                                          "ALTER TABLE t ADD a int",
                                          "REFRESH MATERIALIZED VIEW CONCURRENTLY v", "SELECT 'vacuum'" };
    for (size_t i = 0; i < COUNT_OF(alone); i++)
        assert_true(postgresql_dialect.needs_no_transaction((Text){ alone[i], strlen(alone[i]) }));
    for (size_t i = 0; i < COUNT_OF(inside); i++)
        assert_false(postgresql_dialect.needs_no_transaction((Text){ inside[i], strlen(inside[i]) }));
}

static void resolve_fills_in_what_the_server_would(void **state)
{
    Arena *arena = *state;
    Schema schema = { .dialect = &postgresql_dialect };
    Table *table = table_new(arena, NULL, "user");
    *VEC_PUSH(arena, &schema.tables) = table;
    Column *id = column_new(arena, table, "id"), *age = column_new(arena, table, "age");
    id->type = "bigserial";
    age->type = "integer";
    age->default_sql = "NULL";
    *VEC_PUSH(arena, &table->columns) = id;
    *VEC_PUSH(arena, &table->columns) = age;
    Constraint *check = constraint_new(arena, table, OBJECT_CHECK, NULL),
               *key = constraint_new(arena, table, OBJECT_UNIQUE, NULL);
    check->expression = "age >= 0";
    VEC_PUSH(arena, &key->parts)->column = "age";
    *VEC_PUSH(arena, &table->constraints) = check;
    *VEC_PUSH(arena, &table->constraints) = key;
    Error err = { 0 };
    assert_true(pg_resolve(arena, &schema, &err));
    assert_true(id->autoincrement);
    assert_false(id->nullable);
    assert_string_equal(id->type, "bigint");
    assert_null(age->default_sql);
    assert_string_equal(check->head.name, "user_age_check");
    assert_string_equal(key->head.name, "user_age_key");
    assert_true(key->named_by_convention);
}

static void globs_know_names_of_the_default_schema_with_and_without_it(void **state)
{
    Arena *arena = *state;
    Filter filter = { .default_schema = "public" };
    *VEC_PUSH(arena, &filter.include) = "public.*";
    *VEC_PUSH(arena, &filter.include) = "audit.log";
    *VEC_PUSH(arena, &filter.exclude) = "public.old_*";
    assert_true(filter_takes(&filter, NULL, "user"));
    assert_true(filter_takes(&filter, "audit", "log"));
    assert_false(filter_takes(&filter, "audit", "other"));
    assert_false(filter_takes(&filter, NULL, "old_user"));
    *VEC_PUSH(arena, &filter.exclude) = "legacy.*";
    *VEC_PUSH(arena, &filter.exclude) = "audit.o*";
    assert_true(filter_takes_schema(&filter, "audit"));
    assert_false(filter_takes_schema(&filter, "legacy"));
    assert_false(filter_takes_schema(&filter, "not_included"));
    filter.include.count = 0;
    assert_true(filter_takes_schema(&filter, "not_included"));
    *VEC_PUSH(arena, &filter.include) = "u*";
    assert_true(filter_takes(&filter, NULL, "user"));
    assert_false(filter_takes(&filter, "audit", "user"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_spelling_has_one_canonical_form),
        TEST(portable_types_come_back),
        TEST(misspelt_portable_types_are_refused),
        TEST(names_of_the_server),
        TEST(routines_carry_their_types),
        TEST(nothing_breaks_out_of_a_literal),
        TEST(defaults_are_written_as_the_server_shows_them),
        TEST(texts_are_equal_only_where_the_server_reads_the_same),
        TEST(secrets_are_left_out),
        TEST(subscriptions_are_equal_by_what_they_say),
        TEST(what_runs_alone),
        TEST(resolve_fills_in_what_the_server_would),
        TEST(globs_know_names_of_the_default_schema_with_and_without_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
