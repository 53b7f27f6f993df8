#!/usr/bin/env python3
"""migrate --phased on PostgreSQL: two versions of an application write beside each other, and nothing of either is lost."""
import sys

from kit import case, main, truth

OLD = "tables: {person: {columns: {id: {type: integer, primary_key: true}, name: {type: text, nullable: false}, age: text}}}\n"
NEW = ("tables: {person: {columns: {id: {type: integer, primary_key: true}, title: {type: text, nullable: false, unique: true, renamed_from: name}, "
       "age: {type: integer, index: true}}}}\n")


@case
def a_rename_and_a_type_are_changed_under_both_versions(t):
    t.write("schema.yaml", OLD)
    t.must("migrate", "-m", "first", "--rev-id", "aaa1")
    t.must("upgrade")
    t.sql("insert into person select i, 'n' || i, i::text from generate_series(1, 50) i")
    t.write("schema.yaml", NEW)
    t.must("migrate", "-m", "change", "--phased", "--online", "--rev-id", "bbb2", says="contract")
    t.must("upgrade", says="Stopped before bbb2_contract")
    t.sql("insert into person (id, name, age) values (51, 'old', '51')", "insert into person (id, title, age_new) values (52, 'new', 52)",
          "update person set name = 'n1b' where id = 1", "update person set title = 'n2b', age_new = 3 where id = 2")
    truth(t.sql("select count(*) from person where name is distinct from title or age is distinct from age_new::text") == "0",
          t.sql("select * from person where name is distinct from title or age is distinct from age_new::text"))
    truth(t.sql("select string_agg(name || age, ',' order by id) from person where id in (1, 2, 51, 52)") == "n1b1,n2b3,old51,new52", "a value is lost")
    t.must("upgrade", "--contract")
    t.must("check")
    truth(t.sql("select count(*) from pg_proc where proname like 'cmigrate%'") == "0", "a function is left")
    t.must("downgrade", "aaa1")
    t.write("schema.yaml", OLD)
    t.must("diff", "--exit-code")
    truth(t.sql("select count(*), max(name) from person") == "52|old", t.sql("select count(*), max(name) from person"))
    t.must("upgrade", "--contract")


@case
def the_role_of_the_project_owns_what_it_makes(t):
    owner = t.role("owner")
    t.sql(f"grant create, usage on schema public to {owner}")
    t.write("schema.yaml", OLD)
    t.config(on_connect=[f"set role {owner}"])
    t.must("migrate", "-m", "first")
    t.must("upgrade")
    truth(t.sql("select tableowner from pg_tables where tablename = 'person'") == owner, "somebody else owns the table")
    t.must("check")
    t.sql("drop owned by " + owner)


@case
def urls_of_sqlalchemy_and_asyncpg_are_understood(t):
    at = t.server.split("@")[1]
    database = t.url.rsplit("/", 1)[1]
    t.must("current", "--url", f"postgresql+psycopg2://postgres@/{database}?host={at}")
    t.must("current", "--url", f"postgresql+psycopg2://postgres@/{database}?host=127.0.0.1:1&host={at}")
    t.must("current", "--url", f"{t.url}?ssl=prefer")
    t.must("current", "--url", f"{t.url}?ssl=maybe", status=2, says="'ssl' in the database URL cannot be 'maybe'")


if __name__ == "__main__":
    sys.exit(main())
