#!/usr/bin/env python3
"""What other sessions and the server do to a run: locks, interruptions, lost connections, notices."""
import signal
import sys

from kit import case, main, truth

def revision(t, *statements, header="upgrade"):
    t.must("revision", "-m", "by hand")
    path = t.scripts()[-1]
    with open(path, encoding="utf-8") as f:
        text = f.read()
    head = text.split("-- cmigrate: upgrade")[0]
    with open(path, "w", encoding="utf-8") as f:
        f.write(head + f"-- cmigrate: {header}\n" + "".join(s + ";\n" for s in statements) + "\n-- cmigrate: downgrade\n")


@case
def who_holds_a_lock_is_said_while_a_statement_waits_for_it(t):
    app = t.role("app", "login superuser")
    t.config(lock_timeout="60s")
    t.sql("create table stock (id int)")
    revision(t, "ALTER TABLE stock ADD COLUMN code text")
    other = t.session()
    other.run(f"set role {app}")
    pid = other.run("select pg_backend_pid()")[0]
    other.run("begin")
    other.run("insert into stock values (42)")
    run = t.start("upgrade")
    said = t.hear(run, "waiting for a lock")
    other.run("commit")
    other.close()
    out, err = run.communicate(timeout=60)
    err = said + err
    truth(run.returncode == 0, f"exit {run.returncode}\n{out}{err}")
    for words in ("waiting for a lock", f"pid {pid}", "postgres", "idle in transaction", "insert into stock values (42)"):
        truth(words in err, f"no '{words}' in\n{err}")
    truth(err.count("waiting for a lock") == 1, f"said more than once:\n{err}")


@case
def an_interruption_cancels_the_statement_on_the_server(t):
    revision(t, "CREATE TABLE first (id int)", "SELECT pg_sleep(60)")
    for signum in (signal.SIGINT, signal.SIGTERM):
        run = t.start("upgrade")
        t.wait("select 1 from pg_stat_activity where datname = current_database() and query like 'SELECT pg_sleep%' and state = 'active'")
        run.send_signal(signum)
        out, err = run.communicate(timeout=30)  # half of what the statement would take
        truth(run.returncode == 130, f"exit {run.returncode}\n{out}{err}")
        truth("interrupted" in err and "rolled back" in err, err)
        t.wait("select 1 where not exists (select from pg_stat_activity where datname = current_database() and query like 'SELECT pg_sleep%' and state = 'active')")
        truth(t.sql("select to_regclass('first') is null") == "t", "something of it stays")


@case
def a_connection_that_is_lost_in_a_statement_is_exit_4_with_the_state(t):
    revision(t, "CREATE TABLE first (id int)", "SELECT pg_sleep(60)")
    run = t.start("upgrade")
    pid = t.wait("select pid from pg_stat_activity where datname = current_database() and query like 'SELECT pg_sleep%' and state = 'active'")
    t.sql(f"select pg_terminate_backend({pid})")
    out, err = run.communicate(timeout=30)
    truth(run.returncode == 4, f"exit {run.returncode}\n{out}{err}")
    truth("statement 2 of 2" in err and "The connection was lost" in err and "at the base" in err and "cmigrate upgrade" in err, err)
    truth(t.sql("select to_regclass('first') is null") == "t", "something of it stays")


@case
def one_that_is_lost_outside_a_transaction_says_what_stays_done(t):
    revision(t, "CREATE TABLE first (id int)", "SELECT pg_sleep(60) WHERE to_regclass('calm') IS NULL", header="upgrade no-transaction")
    run = t.start("upgrade")
    pid = t.wait("select pid from pg_stat_activity where datname = current_database() and query like 'SELECT pg_sleep%' and state = 'active'")
    t.sql(f"select pg_terminate_backend({pid})")
    out, err = run.communicate(timeout=30)
    truth(run.returncode == 4 and "Done and committed: statement 1 of 2" in err, f"exit {run.returncode}\n{out}{err}")
    t.sql("create table calm ()")
    t.must("upgrade", says="1 statement,")
    truth(t.sql("select to_regclass('first') is not null") == "t", "the first statement is gone")


@case
def a_server_that_ends_the_session_before_anything_runs_is_exit_3(t):
    t.sql(f"alter database {t.database} connection limit 0", f"create role {t.database}_u login")
    t.roles.append(t.database + "_u")
    code, said = t.call("check", "--url", t.url.replace("postgres@", t.database + "_u@"))
    truth(code == 3 and "too many connections" in said, f"exit {code}\n{said}")


@case
def notices_and_warnings_of_the_server_are_shown(t):
    revision(t, "DO $$ BEGIN RAISE NOTICE 'half done'; RAISE WARNING 'look at this'; END $$", "DROP TABLE IF EXISTS nothing_there")
    said = t.must("upgrade")
    for words in ("half done", "look at this", 'table "nothing_there" does not exist'):
        truth(words in said, f"no '{words}' in\n{said}")


@case
def settings_of_the_database_change_neither_what_is_read_nor_what_is_written(t):
    t.sql("create table t (id int primary key, s text default 'a\\b', b bytea default '\\x00ff', d date default '2020-02-01',"
          " z timestamptz default '2020-01-01 00:00:00+00', f float8 default 0.1, check (s is distinct from 'x\\y'))")
    t.must("inspect", "-o", "schema.yaml")
    before = t.read("schema.yaml")
    t.admin(*(f"alter database {t.database} set {setting}" for setting in (
        "standard_conforming_strings = off", "timezone = 'Asia/Tokyo'", "datestyle = 'SQL, DMY'", "intervalstyle = sql_standard",
        "bytea_output = escape", "extra_float_digits = -5", "quote_all_identifiers = on")))
    t.must("check")
    t.must("inspect", "-o", "again.yaml")
    truth(t.read("again.yaml") == before, f"read otherwise:\n{t.read('again.yaml')}\nnot\n{before}")
    t.write("schema.yaml", before.replace("a\\b", "c\\d"))
    t.migrate()
    t.must("upgrade")
    t.must("check")
    t.sql("insert into t values (1)")
    truth(t.sql("select s = 'c' || chr(92) || 'd' from t") == "t", "the default is another text")


@case
def a_second_run_waits_and_past_its_time_says_who_holds_the_lock(t):
    t.config(lock_timeout="2s")
    revision(t, "CREATE TABLE first (id int)", "SELECT pg_sleep(300) WHERE to_regclass('calm') IS NULL")
    first = t.start("upgrade")
    pid = t.wait("select pid from pg_stat_activity where datname = current_database() and query like 'SELECT pg_sleep%' and state = 'active'")
    t.must("upgrade", status=5, says=("another cmigrate is at work", "pid "))
    truth(first.poll() is None and t.sql("select to_regclass('first') is null") == "t", "the first run was disturbed")
    t.sql(f"select pg_cancel_backend({pid})", "create table calm ()")
    first.communicate(timeout=60)
    t.must("upgrade", says="2 statements,")


if __name__ == "__main__":
    sys.exit(main())
