#!/usr/bin/env python3
"""A model of plain SQL on a server: a dump is the model of the database that it was made of, and nothing else is touched."""
import subprocess
import sys

from kit import case, main, truth

SCHEMA = """create schema audit;
create type mood as enum ('sad', 'ok');
create domain email as text check (value like '%@%');
create table person (id int generated always as identity primary key, mood mood default 'ok', mail email not null, age int check (age > 0));
create table audit.log (id bigserial primary key, person_id int references person on delete cascade, at timestamptz default now());
create index ix_mail on person (lower(mail)) where age > 3;
create materialized view grown as select id, mail from person where age >= 18;
create function f(a int) returns int language sql as $$ select a + 1 $$;
create trigger tr before update on person for each row execute function suppress_redundant_updates_trigger();
comment on column person.age is 'in years';
"""


@case
def a_dump_is_the_model_of_its_database(t):
    t.sql(*SCHEMA.strip().rstrip(";").split(";\n"))
    dump = subprocess.run(["pg_dump", "--schema-only", "--no-owner", t.url], capture_output=True, text=True)
    truth(dump.returncode == 0 or "version mismatch" in dump.stderr, dump.stderr)
    t.write("schema.sql", dump.stdout if dump.returncode == 0 else SCHEMA)
    t.config(schema="schema.sql")
    t.must("check")
    t.sql("drop index ix_mail", "alter table person drop column age cascade")
    t.must("check", status=1, says=("ix_mail", "age"))
    t.must("apply", "--yes")
    t.must("check")


@case
def what_the_server_refuses_is_placed_in_the_file(t):
    t.config(schema="schema.sql")
    t.write("schema.sql", "create table t (id int);\n\n  create table u (id nonsense);\n")
    t.must("check", status=2, says=('type "nonsense" does not exist', "schema.sql:3:3", "42704"))
    for line in ("create role r;", "create database d;", "alter system set work_mem = 1;", "copy t to program 'true';"):
        t.write("schema.sql", "create table t (id int);\n" + line + "\n")
        t.must("check", status=2, says=("a model cannot", "schema.sql:2:1"))
    t.write("schema.sql", "\\restrict abc\ncreate table t (id int);\n\\unrestrict abc\n")
    t.must("check", status=1, says="table t")
    t.write("schema.sql", "\\connect postgres\n")
    t.must("check", status=2, says="is a command of the engine's client")


if __name__ == "__main__":
    sys.exit(main())
