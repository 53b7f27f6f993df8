#!/usr/bin/env python3
"""Texts of the model that the server refuses are errors of the model, with their place and the server's words."""
import sys

from kit import case, main

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
def an_added_column_whose_default_calls_a_missing_function(t):
    t.sql("create table stock (id int)")
    model(t, default="pg_catalog.nowhere(id := 3)", check="true")
    t.must("check", status=2, says=("function pg_catalog.nowhere(id => integer) does not exist", "schema.yaml:5:7"))


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


if __name__ == "__main__":
    sys.exit(main())
