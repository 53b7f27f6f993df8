#!/usr/bin/env python3
"""Texts of the model that the server refuses are errors of the model, with their place and the server's words."""
import os
import sys

from kit import case, main, truth

MODEL = """tables:
  stock:
    columns:
      id: integer
      code: {type: text, default: {sql: "%s"}}
    checks:
      code_fits: "%s"
"""


def model(t, default="'x'", check="code <> ''"):
    t.write("schema.yaml", MODEL % (default, check))


def there(t):
    t.sql("create table stock (id int, code text default 'x', constraint code_fits check (code <> ''))")


@case
def a_default_that_calls_a_missing_function(t):
    there(t)
    model(t, default="nowhere(1)")
    t.must("check", status=2, says=("function nowhere(integer) does not exist (SQLSTATE 42883)", "schema.yaml:5:7"))
    t.must("migrate", "-m", "x", status=2, says="schema.yaml:5:7")


@case
def a_check_that_compares_what_cannot_be_compared(t):
    there(t)
    model(t, check="id = code")
    t.must("check", status=2, says=("operator does not exist: integer = text", "schema.yaml:7:7"))


@case
def a_column_that_a_new_table_does_not_have(t):
    model(t, check="cod <> ''")
    t.must("migrate", "-m", "x", status=2, says=('column "cod" does not exist (SQLSTATE 42703)', "schema.yaml:7:7"))
    truth(not t.scripts(), t.scripts())


@case
def an_added_column_whose_default_calls_a_missing_function(t):
    t.sql("create table stock (id int)")
    model(t, default="pg_catalog.nowhere(id := 3)", check="true")
    t.must("check", status=2, says=("function pg_catalog.nowhere(id => integer) does not exist", "schema.yaml:5:7"))


@case
def virtual_columns_before_they_were_there(t):
    virtual = "tables: {stock: {columns: {id: integer, twice: {type: integer, generated: id * 2}}}}\n"
    t.write("schema.yaml", virtual)
    older = int(t.name[2:]) < 18
    said = ("no virtual generated columns, which column 'twice' of table 'stock' is", "schema.yaml:1:41", "Write stored: true") if older else ()
    t.must("migrate", "-m", "x", status=2 if older else 0, says=said)
    t.sql("create table stock (id int, twice int)")
    t.must("diff", status=2 if older else 0, says=said)


@case
def a_function_that_the_model_adds_is_not_missing(t):
    there(t)
    model(t, default="made(1)")
    t.write("schema.yaml", t.read("schema.yaml") + "functions:\n  made(integer): CREATE FUNCTION made(integer) RETURNS text LANGUAGE sql AS $$ SELECT $1::text $$\n")
    t.migrate()
    t.must("upgrade")
    t.must("check")


@case
def a_function_for_a_type_that_changes_is_not_missing(t):
    t.sql("create type mood as enum ('a', 'b')", "create function fits(m mood) returns bool language sql as 'select true'",
          "create table stock (m mood, constraint ok check (fits(m)))")
    t.model({"[a, b]": "[b, a]"})
    t.migrate()
    t.must("upgrade")
    t.must("check")


@case
def what_only_the_search_path_finds_is_not_missing(t):
    t.sql("create schema tools", "create function tools.made(int) returns text language sql as 'select $1::text'")
    there(t)
    t.sql(f"alter database {t.database} set search_path = public, tools")
    t.config(exclude=["tools", "tools.*"])
    model(t, default="made(1)")
    t.migrate()
    t.must("upgrade")
    t.must("check")


@case
def what_is_new_and_names_what_is_not_there_is_warned_of(t):
    t.write("schema.yaml", """tables:
  other: {columns: {id: integer}}
views:
  seen: {query: "SELECT missing FROM other"}
""")
    said = t.must("migrate", "-m", "x", says=('column "missing" does not exist', "schema.yaml:4:3"))
    truth(len(t.scripts()) == 1 and said.count("warning") == 1, said)


@case
def what_is_new_and_stands_on_what_is_new_is_not(t):
    t.write("schema.yaml", """types:
  mood: {enum: [sad, ok]}
  short: {base: text, check: "made(VALUE)"}
functions:
  made(text): CREATE FUNCTION made(text) RETURNS bool LANGUAGE sql AS $$ SELECT length($1) < 9 $$
schemas: {app: {}}
tables:
  app.stock:
    columns:
      id: {type: integer, default: {sql: "nextval('app.numbers')"}}
      code: {type: short}
      mood: {type: mood, check: "mood <> 'sad'"}
      up: {type: text, generated: "upper(code)", stored: true}
    indexes:
      app_stock_low: {columns: [{expression: "lower(up)"}], where: "mood = 'ok'"}
sequences: {app.numbers: {}}
views:
  a_seen: {query: "SELECT up FROM b_seen"}
  b_seen: {query: "SELECT up FROM app.stock WHERE mood = 'ok'"}
""")
    said = t.must("migrate", "-m", "x")
    truth("warning" not in said, said)
    t.must("upgrade")
    t.must("check")


@case
def who_may_make_no_scratch_schema_is_not_told_of_a_comparison_that_there_is_not(t):
    name = t.role("maker", "login")
    t.sql(f"grant create on schema public to {name}")
    t.write("schema.yaml", 'tables: {stock: {columns: {id: {type: integer, check: "id > 0"}}}}\n')
    said = t.must("migrate", "-m", "x", "--url", t.url.replace("//postgres@", f"//{name}@"))
    truth("compared as they stand" not in said, said)


@case
def a_function_that_a_table_is_partitioned_by_cannot_give_another_type(t):
    t.sql("create function part(a int) returns int immutable language sql as 'select a / 10'",
          "create table t (a int) partition by range (part(a))")
    t.model({"RETURNS integer": "RETURNS bigint"})
    t.must("migrate", "-m", "x", status=2, says="table 't' is partitioned by function 'part(integer)'")


@case
def a_function_that_a_range_uses_cannot_get_other_names_of_its_arguments(t):
    t.sql("create function far(a float8, b float8) returns float8 immutable language sql as 'select a - b'",
          "create type span as range (subtype = float8, subtype_diff = far)", "create table t (s span)")
    t.model({"far(a double precision, b double precision)\n": "far(x double precision, b double precision)\n"})
    t.must("migrate", "-m", "x", status=2, says="range 'span' uses function 'far(double precision, double precision)'")


@case
def an_extension_that_requires_one_that_the_model_does_not_have(t):
    t.write("schema.yaml", "extensions:\n  - earthdistance\n")
    said = ("extension 'earthdistance' requires extension 'cube', which the model does not have", "schema.yaml:2:5")
    t.must("migrate", "-m", "x", status=2, says=said)
    t.sql("create extension earthdistance cascade")
    t.must("migrate", "-m", "x", status=2, says=said)


CIRCLES = (("views:\n  v: SELECT * FROM v\n", "view 'v' reads itself", "2:3"),
           ("views:\n  v: SELECT x FROM w\n  w: SELECT x FROM v\n", "view 'v' uses view 'w', which uses view 'v'", "2:3"),
           ("schemas: [s]\nviews:\n  s.v: SELECT f(1) AS x\nfunctions:\n"
            "  f(integer): CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql RETURN (SELECT x FROM s.v)\n",
            "view 'v' uses function 'f(integer)', which uses view 'v'", "3:3"),
           ("views:\n  v: SELECT x FROM f() x\nfunctions:\n"
            "  f(): CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'SELECT 1'\n", "view 'v' uses function 'f()', which uses view 'v'", "2:3"))


@case
def views_and_functions_that_use_each_other_are_refused(t):
    for text, said, place in CIRCLES:
        t.write("schema.yaml", text)
        t.must("migrate", "-m", "x", status=2, says=(said, "schema.yaml:" + place))


@case
def views_of_the_database_that_read_each_other_are_not_dropped_one_by_one(t):
    """CREATE OR REPLACE led there. No order of DROP leads back."""
    t.sql("create view a as select 1 as x", "create view b as select x from a", "create or replace view a as select x from b", "create table t (id int)")
    t.write("schema.yaml", "tables: {t: {columns: {id: integer}}}\n")
    t.must("migrate", "-m", "x", status=2, says=("the views a, b read each other: none of them can be dropped first", "DROP VIEW a, b"))
    t.sql("drop view a, b")
    truth(not t.migrate(), "nothing is left to do")


@case
def views_named_like_columns_of_each_other_are_no_cycle(t):
    """A model that no server has read yet knows of them by their texts alone."""
    t.write("full.yaml", "tables:\n  x: {columns: {id: integer, customers: text}}\n  y: {columns: {id: integer, orders: text}}\n"
            'views:\n  orders: {query: "SELECT id, customers FROM x"}\n  customers: {query: "SELECT id, orders FROM y"}\n')
    t.write("empty.yaml", "tables: {}\n")
    for names in (("full.yaml", "empty.yaml"), ("empty.yaml", "full.yaml")):
        t.must("diff", *(os.path.join(t.path, name) for name in names), says='VIEW "orders"')


@case
def what_only_has_the_name_of_another_is_no_circle(t):
    t.write("schema.yaml", """schemas: [s]
views:
  v: SELECT v.x FROM (SELECT 1 AS x) v
  s.v: SELECT * FROM v
  w: WITH w AS (SELECT 1) SELECT * FROM w
functions:
  f(): CREATE FUNCTION f() RETURNS integer LANGUAGE sql RETURN (SELECT x FROM v)
  f(integer): CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql RETURN f() + (SELECT x FROM s.v)
""")
    t.migrate()
    t.must("upgrade")
    t.must("check")
    t.must("downgrade", "-1")


@case
def what_lies_in_a_schema_that_nobody_makes_is_refused(t):
    for text, said in (("tables:\n  shop.t: {columns: {id: integer}}\n", "the schema 'shop' of table 't' is not in the database"),
                       ("views:\n  shop.v: SELECT 1 AS x\n", "the schema 'shop' of view 'v'"),
                       ("enums:\n  shop.e: [a, b]\n", "the schema 'shop' of enum 'e'")):
        t.write("schema.yaml", text)
        t.must("migrate", "-m", "x", status=2, says=(said, "schema.yaml:2:3", "schemas: [shop]"))
    t.sql("create schema shop")  # by somebody else, and it stays theirs
    truth("SCHEMA" not in t.migrate(), "the script makes or drops the schema")
    t.must("upgrade")
    t.must("check")
    t.must("downgrade", "base")
    truth(t.sql("select 1 from pg_namespace where nspname = 'shop'") == "1", "the schema is gone")


if __name__ == "__main__":
    sys.exit(main())
