#!/usr/bin/env python3
"""A role that has no more than the documented rights, and what is said where one is missing."""
import json
import sys

from kit import case, main, truth

MODEL = """tables:
  stock:
    columns:
      id: {type: integer, primary_key: true}
      code: {type: %s, nullable: false, index: true}
    checks:
      code_fits: "length(code) BETWEEN 1 AND 9"
views:
  shelf: {query: "SELECT id, code FROM stock WHERE code <> 'x'"}
"""


def deploy(t, on_database=True):
    """Owns a schema of its own; nothing in public."""
    role = t.role("deploy", "login")
    t.sql(f"create schema shop authorization {role}", f"alter role {role} in database {t.database} set search_path = shop")
    if on_database:
        t.sql(f"grant create on database {t.database} to {role}")
    t.config(url=t.url.replace("postgres@", role + "@"))
    return role


@case
def create_on_the_database_and_a_schema_of_its_own_are_enough(t):
    role = deploy(t)
    t.write("schema.yaml", MODEL % "string(10)")
    t.migrate()
    t.must("upgrade")
    t.must("check")
    t.write("schema.yaml", MODEL % "text")
    t.migrate()
    t.must("upgrade")
    said = t.must("check")
    truth("warning" not in said, said)
    t.must("downgrade", "base")
    t.must("upgrade")
    truth(t.sql(f"select tableowner from pg_tables where tablename = 'stock'") == role, "not its own")


@case
def without_create_on_the_database_texts_are_compared_in_pg_temp(t):
    deploy(t, on_database=False)
    t.write("schema.yaml", MODEL % "string(10)")
    t.migrate()
    t.must("upgrade")
    said = t.must("check")
    truth("warning" not in said, said)


@case
def without_create_on_the_database_routines_are_compared_too(t):
    deploy(t, on_database=False)
    t.write("schema.yaml", """
functions:
  f: "CREATE FUNCTION f(a integer DEFAULT 1+1) RETURNS integer LANGUAGE sql AS 'select a'"
procedures:
  p: "CREATE PROCEDURE p(a int4 DEFAULT 2*3) LANGUAGE sql AS 'select a'"
tables:
  t: {columns: {id: {type: integer, primary_key: true}, a: integer, b: integer}}
statistics:
  s: {table: t, definition: "CREATE STATISTICS s (dependencies) ON a, b FROM t"}
""")
    t.migrate()
    t.must("upgrade")
    said = t.must("check")
    truth("warning" not in said, said)


@case
def a_role_that_may_only_select_sees_no_false_difference(t):
    reader = t.role("reader", "login")
    t.write("schema.yaml", MODEL % "string(10)")
    t.migrate()
    t.must("upgrade")
    t.sql(f"grant usage on schema public to {reader}", f"grant select on all tables in schema public to {reader}")
    t.config(url=t.url.replace("postgres@", reader + "@"))
    said = t.must("check")
    truth("warning" not in said, said)


@case
def without_temporary_tables_too_what_cannot_be_compared_is_no_difference(t):
    role = deploy(t, on_database=False)
    t.sql(f"revoke temporary on database {t.database} from public")
    t.write("schema.yaml", MODEL % "string(10)")
    t.migrate()
    t.must("upgrade")
    said = t.must("check", says=("no scratch schema could be made: permission denied for database",
                                 f"GRANT CREATE ON DATABASE {t.database} TO {role}", "Could not compare: check",
                                 "Could not compare: view shelf", "as far as it could be compared equal to schema.yaml"))
    truth("SQLSTATE" not in said.split("\n")[0], said)
    answer = json.loads(t.must("check", "--format", "json", "-q"))
    truth(answer["ok"] and not answer["changes"] and len(answer["not_compared"]) == 2, str(answer))
    t.write("schema.yaml", MODEL % "string(20)")  # more than a text
    answer = json.loads(t.must("check", "--format", "json", "-q", status=1))
    truth(len(answer["changes"]) == 1 and answer["changes"][0]["name"] == "code", str(answer))
    t.write("schema.yaml", MODEL % "string(10)")
    t.must("inspect", "-o", t.path + "/read.yaml")
    t.write("schema.yaml", t.read("read.yaml"))
    t.must("check")


@case
def where_the_version_table_cannot_be_made_it_says_which_right_is_missing(t):
    role = t.role("guest", "login")
    t.sql("revoke create on schema public from public", f"grant create on database {t.database} to {role}")
    t.config(url=t.url.replace("postgres@", role + "@"))
    t.write("schema.yaml", MODEL % "text")
    t.migrate()
    t.must("upgrade", status=3, says=("cannot prepare the tables cmigrate_version and cmigrate_history: "
                                      "permission denied for schema public (SQLSTATE 42501)", "GRANT"))
    t.must("check", status=1)


@case
def somebody_elses_tables_can_be_read_and_not_changed(t):
    role = t.role("guest", "login")
    t.sql("create table stock (id int primary key, code text)", f"grant create, usage on schema public to {role}",
          f"grant create on database {t.database} to {role}")
    t.model()
    t.config(url=t.url.replace("postgres@", role + "@"))
    t.must("check")
    t.model({"code: text": "code: text\n      more: text"})
    t.migrate()
    t.must("upgrade", status=4, says=("must be owner of table stock (SQLSTATE 42501)", "connect as the owner"))
    truth(t.sql("select to_regclass('cmigrate_version') is null or (select count(*) from cmigrate_version) = 0") == "t", "recorded")


if __name__ == "__main__":
    sys.exit(main())
