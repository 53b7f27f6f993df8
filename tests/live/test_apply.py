#!/usr/bin/env python3
"""apply: a development database is brought to the model without a revision, with the care of upgrade."""
import sys

from kit import case, main, truth

MODEL = """types: {mood: {enum: [sad, ok]}}
tables:
  person: {columns: {id: {type: integer, primary_key: true}, mood: mood, nick: text}}
"""


def first(t):
    t.write("schema.yaml", MODEL)
    t.must("apply", "--yes", says="Applied")
    t.must("check")


@case
def it_makes_changes_and_keeps_no_tables_of_its_own(t):
    first(t)
    t.sql("insert into person values (1, 'ok', 'x')")
    t.write("schema.yaml", MODEL.replace("[sad, ok]", "[sad, ok, happy]").replace("mood: mood,", "mood: {type: mood, default: happy},")
            .replace("nick: text", "nick: {type: text, index: true}"))
    t.must("apply", "--yes", "--online", says="Applied")
    t.must("check")
    truth(t.sql("select count(*) from pg_tables where tablename like 'cmigrate%'") == "0", "it made tables of its own")
    t.must("apply", says="Nothing to apply")


@case
def a_statement_that_fails_leaves_nothing_behind(t):
    first(t)
    t.sql("insert into person values (1, 'ok', 'Ann'), (2, 'ok', 'Ann')")
    t.write("schema.yaml", MODEL.replace("nick: text", "nick: {type: text, unique: true}") + "  another: {columns: {id: integer}}\n")
    t.must("apply", "--yes", status=4, says=("nothing of it remains", "run `cmigrate apply` again"))
    truth(t.sql("select to_regclass('another')") == "", "a table of the failed plan is there")


@case
def a_plan_fits_one_state_and_no_other(t):
    first(t)
    t.write("schema.yaml", MODEL.replace(", nick: text", "") + "schemas: {audit: {}}\n")
    t.must("apply", "--plan", f"{t.path}/plan.sql", says="Wrote")
    t.sql("create view v as select id from person")
    t.must("apply", f"{t.path}/plan.sql", "--yes", status=1, says="is not in the state that")
    t.sql("drop view v")
    t.sql("create schema audit", "create table audit.log (id int)")
    t.must("apply", f"{t.path}/plan.sql", "--yes", status=1, says="is not in the state that")
    t.sql("drop schema audit cascade")
    t.must("apply", f"{t.path}/plan.sql", "--yes", says="Applied")
    t.must("check")


@case
def it_waits_for_the_lock_of_a_run(t):
    first(t)
    t.write("schema.yaml", MODEL.replace(", nick: text", ""))
    t.config(lock_timeout="1s")
    holder = t.session()
    holder.run("begin")
    holder.run("lock table person in access share mode")
    code, said = t.call("apply", "--yes")
    holder.close()
    truth(code in (4, 5), f"exit {code}\n{said}")
    t.must("apply", "--yes")


sys.exit(main())
