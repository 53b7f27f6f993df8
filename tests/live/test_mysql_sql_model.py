#!/usr/bin/env python3
"""A model of plain SQL on MySQL and MariaDB: a dump is the model of the database that it was made of."""
import subprocess
import sys

from mykit import case, main, truth

SCHEMA = ("create table person (id int auto_increment primary key, mail varchar(80) not null, age int, key ix_age (age), check (age > 0)) comment 'people'",
          "create table log (id bigint primary key, person_id int, constraint fk_p foreign key (person_id) references person (id) on delete cascade)",
          "create view grown as select id, mail from person where age >= 18",
          "create trigger tr before insert on person for each row set new.mail = lower(new.mail)")


@case
def a_dump_is_the_model_of_its_database(t):
    t.sql(*SCHEMA)
    dump = subprocess.run(["mariadb-dump", *t.client[1:-2], "--no-data", "--routines", "--skip-dump-date", t.database],
                          capture_output=True, text=True, env=t.environment)
    truth(dump.returncode == 0, dump.stderr)
    dump = dump.stdout
    t.fresh()
    t.write("schema.sql", dump)
    t.config(schema="schema.sql")
    t.client_run([t.database], dump)
    t.must("check")
    t.sql("alter table person drop key ix_age, drop column mail", "drop view grown")
    t.must("check", status=1, says=("ix_age", "mail"))
    t.must("apply", "--yes")
    t.must("check")


@case
def another_database_is_not_reached(t):
    t.config(schema="schema.sql")
    for line in ("use mysql;", "create table mysql.t (a int);", "drop table if exists mysql.user;", "insert into mysql.user values (1);",
                 "create database x;", "drop schema x;", "create table t (a int);\nload data infile '/x' into table t;"):
        t.write("schema.sql", line + "\n")
        t.must("check", status=2, says="a model cannot")
    t.write("schema.sql", "create table t (a int);\ncreate table u (a nonsense);\n")
    t.must("check", status=2, says="schema.sql:2:1")


if __name__ == "__main__":
    sys.exit(main())
