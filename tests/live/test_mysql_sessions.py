#!/usr/bin/env python3
"""MySQL and MariaDB: what depends on the session that makes or reads it comes out the same whatever the server's settings are."""
import subprocess
import sys

import mykit
from mykit import case, truth

CONTEXT = ("select concat_ws(' ', routine_name, sql_mode, character_set_client, collation_connection) from information_schema.routines where routine_schema = database()",
           "select concat_ws(' ', trigger_name, sql_mode, character_set_client, collation_connection) from information_schema.triggers where trigger_schema = database()",
           "select concat_ws(' ', table_name, character_set_client, collation_connection) from information_schema.views where table_schema = database()",
           "select concat_ws(' ', event_name, sql_mode, character_set_client, collation_connection, time_zone) from information_schema.events where event_schema = database()")


def made_elsewhere(t):
    t.sql("set names utf8mb4 collate utf8mb4_unicode_ci", "set sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,NO_ZERO_DATE,STRICT_TRANS_TABLES'", "create table t (v varchar(20))",
          "create function h() returns int deterministic return 'a ' = 'a'", "create procedure p(x varchar(20)) insert into t values (x)",
          "create trigger tr before insert on t for each row set new.v = if('\u00df' = 'ss' and 'a ' = 'a', 'yes', 'no')",
          "create view w as select 'a' = 'a ' as same from t", "create event e on schedule every 1 day disable do delete from t")


@case
def a_stored_program_keeps_the_session_that_made_it_through_an_edit(t):
    made_elsewhere(t)
    before = t.sql(*CONTEXT)
    t.model({"'yes'": "'YES'"})
    t.migrate()
    t.must("upgrade")
    truth(t.sql(*CONTEXT) == before, f"before:\n{before}\nafter:\n{t.sql(*CONTEXT)}")
    t.sql("insert into t values ('x')")
    truth(t.sql("select v from t") == "YES", t.sql("select v from t"))
    t.must("check")
    t.must("downgrade", "-1")
    truth(t.sql(*CONTEXT) == before, t.sql(*CONTEXT))


@case
def a_replaced_routine_keeps_what_others_were_granted(t):
    user = f"{t.database}_u"
    t.admin(f"drop user if exists {user}@localhost", f"create user {user}@localhost")
    t.sql("create procedure Pay() select 1", "create function rate() returns int deterministic return 1",
          f"grant execute, alter routine on procedure Pay to {user}@localhost", f"grant execute on function rate to {user}@localhost with grant option")
    before = t.sql(f"show grants for {user}@localhost")
    t.model({"select 1": "select 2", "return 1": "return 2"})
    t.migrate()
    t.must("upgrade")
    truth(t.sql(f"show grants for {user}@localhost") == before, t.sql(f"show grants for {user}@localhost"))
    t.must("downgrade", "-1")
    truth(t.sql(f"show grants for {user}@localhost") == before, t.sql(f"show grants for {user}@localhost"))
    t.admin(f"drop user {user}@localhost")


@case
def a_routine_whose_text_may_not_be_read_is_not_taken_for_missing(t):
    user = f"{t.database}_r"
    t.users.append(f"{user}@'%'")
    t.sql("create table t (id int primary key)", "create function f() returns int deterministic return 1", "create procedure P() select 1")
    t.model()
    t.admin(f"drop user if exists {user}@'%'", f"create user {user}@'%' identified by 'Not-the-definer-1'", f"grant all on {t.database}.* to {user}@'%'")
    t.config(url=f"mysql://{user}:Not-the-definer-1@{t.host}/{t.database}")
    said = t.must("diff", "model", "database") + t.must("check")
    truth("function 'f' is not compared: this user may not read it" in said and "+ function" not in said and "+ procedure" not in said, said)
    with open(f"{t.path}/schema.yaml", encoding="utf-8") as f:
        model = f.read()
    for known in (model, t.inspect()):  # with the routines, and without
        t.write("schema.yaml", known.replace("      id:", "      more: integer\n      id:", 1))
        script = t.migrate("--replace") if t.script() else t.migrate()
        truth("`more`" in script and "CREATE" not in script and "DROP FUNCTION" not in script and "DROP PROCEDURE" not in script, script)


@case
def what_rights_hide_is_told_of_and_never_created_or_dropped(t):
    user = f"{t.database}_h"
    t.users.append(f"{user}@'%'")
    t.sql("create table t (id int primary key)", "create trigger tr before insert on t for each row set new.id = 1",
          "create event ev on schedule every 1 day do do 1", "create procedure p() select 1")
    t.model()
    t.admin(f"drop user if exists {user}@'%'", f"create user {user}@'%' identified by 'Sees-no-trigger-1'",
            f"grant select, show view on {t.database}.* to {user}@'%'")
    t.config(url=f"mysql://{user}:Sees-no-trigger-1@{t.host}/{t.database}")
    for kind in ("triggers", "events", "routines"):
        t.must("inspect", says=f"this user sees no {kind} of others here")
    said = t.must("check")
    for what in ("trigger 'tr'", "event 'ev'", "procedure 'p'"):
        truth(f"The {what} is not compared: this user lacks the right to see it" in said, said)
    t.admin(f"grant select, insert, update, delete, create, alter, drop, index on {t.database}.* to {user}@'%'",
            f"grant all on `cmigrate\\_scratch\\_%`.* to {user}@'%'")
    with open(f"{t.path}/schema.yaml", encoding="utf-8") as f:
        model = f.read()
    t.write("schema.yaml", model.replace("      id:", "      more: integer\n      id:", 1))
    script = t.migrate()
    truth("`more`" in script and "TRIGGER" not in script and "EVENT" not in script and "PROCEDURE" not in script, script)
    t.admin(f"grant trigger, event, create routine on `{t.database}`.* to {user}@'%'")
    said = t.must("check", status=1)
    truth("sees no" not in said and "lacks the right" not in said and "trigger" not in said, said)


@case
def a_database_made_from_the_model_has_the_same_sessions(t):
    made_elsewhere(t)
    before, model = t.sql(*CONTEXT), t.inspect()
    t.fresh()
    t.write("schema.yaml", model)
    t.migrate()
    t.must("upgrade")
    truth(t.sql(*CONTEXT) == before, f"before:\n{before}\nafter:\n{t.sql(*CONTEXT)}")
    t.must("check")


@case
def the_database_s_own_collation_is_carried_and_tables_keep_theirs(t):
    t.sql(f"alter database {t.database} character set latin1 collate latin1_swedish_ci", "create table old (v varchar(20))",
          "create table other (v varchar(20)) character set utf8mb4 collate utf8mb4_bin")
    model, before = t.inspect(), t.dump()
    truth("latin1_swedish_ci" in model, model)
    t.fresh()
    t.sql("create table old (v varchar(20))", "insert into old values ('x')")
    t.write("schema.yaml", model)
    t.migrate()
    t.must("upgrade")
    truth(t.dump() == before, f"{before}\n{t.dump()}")
    truth(t.sql("select @@collation_database") == "latin1_swedish_ci", "the database's collation is not carried")
    t.must("check")
    t.must("downgrade", "base")
    truth(t.sql("select @@collation_database") == "utf8mb4_general_ci", "the database's collation does not come back")
    t.must("upgrade")
    t.must("check")


@case
def a_model_that_does_not_name_the_database_leaves_it(t):
    t.sql(f"alter database {t.database} character set latin1")
    t.write("schema.yaml", "tables: {t: {columns: {id: {type: integer, primary_key: true}, v: {type: string(9)}}}}\n")
    truth("ALTER DATABASE" not in t.migrate(), "it is altered")
    t.must("upgrade")
    t.must("check")


@case
def literals_of_timestamps_mean_the_same_in_every_zone(t):
    t.sql("set time_zone = '+00:00'", "create table t (id int primary key, a timestamp not null default '2001-01-01 00:00:00', c timestamp not null default '1970-01-01 00:00:01')")
    model = t.inspect()
    t.write("schema.yaml", model)
    t.must("check", says="equal")
    zone = t.sql("select @@global.time_zone")
    for other in ("+05:00", "-05:00"):
        try:
            t.admin(f"set global time_zone = '{other}'")
            read, checked = t.inspect(), t.run("check")
        finally:
            t.admin(f"set global time_zone = '{zone}'")
        truth(read == model and checked[0] == 0, f"in zone {other}:\n{read}\n{checked}")


@case
def a_script_in_the_engine_s_client_refuses_what_a_run_refuses(t):
    t.sql("create table t (id int primary key, v varchar(20), n int)", "insert into t values (1, 'abcdefgh', 70000)")
    t.write("schema.yaml", "tables: {t: {columns: {id: {type: integer, primary_key: true, autoincrement: false}, v: {type: string(4)}, n: {type: smallint}}},\n"
            "  s: {columns: {id: {type: integer, primary_key: true}, a: {type: timestamp, nullable: false}}}}\n")
    t.migrate()
    script = t.run("upgrade", "--sql")[1]
    lenient = "set sql_mode = '';\n" + script
    p = subprocess.run(t.client + [t.database], input=lenient, capture_output=True, text=True, env=t.environment)
    truth(p.returncode != 0, f"the client took it: {t.sql('select * from t')}")
    truth(t.sql("select v, n from t") == "abcdefgh\t70000", t.sql("select * from t"))
    t.sql("delete from t")
    p = subprocess.run(t.client + [t.database], input=lenient, capture_output=True, text=True, env=t.environment)
    truth(p.returncode == 0, p.stderr)
    truth("ON UPDATE" not in t.dump().upper(), t.dump())
    t.must("check")


@case
def words_that_are_calls_are_taken_as_defaults(t):
    t.write("schema.yaml", "tables: {t: {columns: {id: {type: integer, primary_key: true}, d: {type: date, default: {sql: CURRENT_DATE}}, "
            "u: {type: string(200), default: {sql: CURRENT_USER}}}}}\n")
    t.migrate()
    t.must("upgrade")
    t.must("check")


@case
def bytes_of_a_default_are_kept_with_zeros_among_them(t):
    t.sql("create table t (id int primary key, b varbinary(4) default 0x0041, g binary(4) not null default 0x00112233, f varbinary(4) default 0x00ff)", "insert into t (id) values (1)")
    before = t.sql("select hex(b), hex(g), hex(f) from t")
    t.model({"b: {": "b: {comment: hello, "})
    t.migrate()
    t.must("upgrade")
    t.must("check")
    t.sql("delete from t", "insert into t (id) values (1)")
    truth(t.sql("select hex(b), hex(g), hex(f) from t") == before, f"{before} became {t.sql('select hex(b), hex(g), hex(f) from t')}")
    model = t.inspect()
    t.fresh()
    t.write("schema.yaml", model)
    t.migrate()
    t.must("upgrade")
    t.sql("insert into t (id) values (1)")
    truth(t.sql("select hex(b), hex(g), hex(f) from t") == before, "made from the model: " + t.sql("select hex(b), hex(g), hex(f) from t"))


@case
def each_warning_of_the_server_is_said_once(t):
    t.write("schema.yaml", "tables:\n" + "".join(f"  t{i}: {{columns: {{id: {{type: integer, primary_key: true}}, b: {{type: boolean}}, "
                                                "v: {type: string(9), charset: utf8mb3}}}\n" for i in range(5)))
    t.migrate()
    said = t.must("upgrade")
    lines = [line for line in said.splitlines() if "warning" in line and "cmigrate.yaml" not in line]
    truth(len(lines) == len(set(lines)) and not any("display width" in line for line in lines), said)


if __name__ == "__main__":
    sys.exit(mykit.main())
