#!/usr/bin/env python3
"""migrate --online, with rows in the tables and other sessions at work."""
import signal
import sys
import time

from kit import case, main, truth

STOCK = ("create table shelf (id int primary key)", "insert into shelf select generate_series(1, 5)",
         "create table stock (id int not null, code text, shelf int, amount int)",
         "insert into stock select i, 'c' || i, i % 5 + 1, i from generate_series(1, 1000) i")
CHANGE = {"shelf: integer": "shelf: {type: integer, references: shelf.id}", "code: text": "code: {type: text, nullable: false, index: true}",
          "amount: integer": "amount: {type: integer, check: 'amount > 0'}"}


def up(script):
    return script.split("-- cmigrate: downgrade")[0]


def sections(script):
    return up(script).split("-- cmigrate: upgrade")[1:]


def prepare(t):
    t.sql(*STOCK)
    t.model(CHANGE)
    t.write("schema.yaml", t.read("schema.yaml").replace("  stock:\n", "  stock:\n    unique: {uq_stock_id: [id]}\n"))
    return t.migrate("--online")


@case
def everything_is_done_in_parts_and_leads_to_the_model_both_ways(t):
    script = prepare(t)
    for words in ('CREATE INDEX CONCURRENTLY "ix_stock_code"', 'CREATE UNIQUE INDEX CONCURRENTLY "uq_stock_id"', 'UNIQUE USING INDEX "uq_stock_id"',
                  "NOT VALID", 'VALIDATE CONSTRAINT "fk_stock_shelf_shelf"', "lock_timeout = '800ms'", "DROP INDEX CONCURRENTLY IF EXISTS"):
        truth(words in up(script), f"no {words} in\n{script}")
    truth(any("no-transaction" in s.split("\n")[0] for s in sections(script)), script)
    for section in sections(script):
        truth("lock_timeout" in section.split(";")[0], f"a section does not begin with its lock_timeout:\n{section}")
        for line in section.splitlines():
            truth(not line.endswith("SET NOT NULL,") and "SET NOT NULL, DROP" not in line, f"the proof goes with the constraint: {line}")
            truth("CONCURRENTLY" not in line or "no-transaction" in section.split("\n")[0], f"{line} in a transaction")
    t.must("upgrade")
    t.must("check")
    truth(t.sql("select bool_and(convalidated) from pg_constraint where connamespace = 'public'::regnamespace") == "t", "not validated")
    truth(t.sql("select attnotnull from pg_attribute where attrelid = 'stock'::regclass and attname = 'code'") == "t", "nullable")
    truth(t.sql("select count(*) from pg_constraint where conname like '%set_not_null%'") == "0", "the help of NOT NULL stays")
    t.must("downgrade")
    t.must("upgrade")
    t.must("check")
    truth(t.sql("select count(*) from stock") == "1000", "rows are gone")


@case
def the_setting_online_is_the_same_as_the_option(t):
    t.config(online=True)
    t.sql(*STOCK)
    t.model({"code: text": "code: {type: text, index: true}"})
    truth("CONCURRENTLY" in t.migrate(), "online: true writes no CONCURRENTLY")
    t.must("upgrade")
    t.must("check")


@case
def without_it_all_is_one_transaction(t):
    t.sql(*STOCK)
    t.model(CHANGE)
    script = t.migrate()
    truth(len(sections(script)) == 1 and "CONCURRENTLY" not in script and "lock_timeout" not in script, script)


@case
def a_table_of_the_same_plan_is_made_at_once(t):
    t.sql(*STOCK)
    t.model()
    t.write("schema.yaml", t.read("schema.yaml") + "\n  extra:\n    columns:\n      id: {type: integer, primary_key: true}\n"
            "      shelf: {type: integer, nullable: false, index: true, references: shelf.id}\n")
    script = t.migrate("--online")
    truth("CONCURRENTLY" not in up(script) and "VALIDATE" not in up(script), script)
    t.must("upgrade")
    t.must("check")


@case
def a_failed_build_leaves_no_invalid_index(t):
    t.sql(*STOCK)
    t.model({"code: text": "code: {type: text, unique: true}"})
    t.migrate("--online")
    t.sql("insert into stock values (1001, 'c1', 1, 1)")  # no unique index can be built
    t.must("upgrade", status=4, says=("could not create unique index", "(SQLSTATE 23505)", "resumes at statement"))
    truth(t.sql("select count(*) from pg_class where relname = 'uq_stock_code'") == "0", "an invalid index was left")
    t.sql("delete from stock where id = 1001")
    t.must("upgrade")
    t.must("check")


@case
def a_lock_that_is_held_for_a_while_is_waited_for_in_short_tries(t):
    t.sql(*STOCK)
    t.model({"code: text": "code: {type: text, nullable: false}"})
    t.migrate("--online")
    other = t.session()
    other.run("begin")
    other.run("insert into stock values (0, 'x', 1, 1)")
    run = t.start("upgrade")
    t.wait("select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'ALTER TABLE \"stock\"%'")
    said = t.hear(run, "try 2 follows")
    other.run("commit")
    other.close()
    out, err = run.communicate(timeout=60)
    err = said + err
    truth(run.returncode == 0, f"exit {run.returncode}\n{out}{err}")
    truth("got no lock in time (held by pid" in err and "insert into stock values (0" in err and "try 2 follows" in err, err)
    t.must("check")


@case
def a_concurrent_build_that_gave_up_is_cleared_and_tried_again(t):
    t.sql(*STOCK)
    t.model({"code: text": "code: {type: text, index: true}"})
    t.migrate("--online")
    other = t.session()
    other.run("begin")
    other.run("insert into stock values (0, 'x', 1, 1)")
    run = t.start("upgrade")
    t.wait("select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'CREATE INDEX CONCURRENTLY%'")
    said = t.hear(run, "try 2 follows")
    other.run("commit")
    other.close()
    out, err = run.communicate(timeout=60)
    err = said + err
    truth(run.returncode == 0 and "try 2 follows" in err, f"exit {run.returncode}\n{out}{err}")
    t.must("check")


@case
def a_lock_that_is_never_given_up_ends_the_run_and_says_who_holds_it(t):
    t.sql(*STOCK)
    t.model({"code: text": "code: {type: text, nullable: false}"})
    script = t.migrate("--online")
    t.config(lock_timeout="4s")
    path = t.scripts()[0]
    with open(path, "w", encoding="utf-8") as f:
        f.write(script.replace("SET lock_timeout = '5s'", "SET lock_timeout = '1500ms'"))
    other = t.session()
    other.run("begin")
    other.run("lock table stock in access exclusive mode")
    t.must("upgrade", status=4, says=("SQLSTATE 55P03", "HELD BY: pid", "lock table stock in access exclusive mode", "try 5 follows",
                                      "The database is at the base"))
    other.run("commit")
    other.close()
    t.must("upgrade")
    t.must("check")


@case
def a_run_that_is_killed_between_sections_goes_on_behind_them(t):
    script = prepare(t)
    other = t.session()
    other.run("begin")
    other.run("lock table stock in share update exclusive mode")  # lets ALTERs wait, and concurrent builds too
    run = t.start("upgrade")
    t.wait("select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and application_name = 'cmigrate'")
    run.send_signal(signal.SIGKILL)
    run.communicate()
    other.run("commit")
    other.close()
    t.must("upgrade")
    t.must("check")
    # once more, killed as soon as the first section is done
    t.must("downgrade")
    run = t.start("upgrade")
    end = time.time() + 20
    while run.poll() is None and time.time() < end and \
            t.sql("select count(*) from cmigrate_history where state = 'running' and statements_done > 2") == "0":
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    run.communicate()
    t.must("upgrade")
    t.must("check")
    truth(t.sql("select count(*) from stock") == "1000", script)


@case
def a_partitioned_table_gets_its_index_part_by_part(t):
    t.sql("create table log (at date not null, what text) partition by range (at)",
          "create table log_2025 partition of log for values from ('2025-01-01') to ('2026-01-01')",
          "create table log_2026 partition of log for values from ('2026-01-01') to ('2027-01-01')",
          "insert into log select '2025-06-01'::date + i, 'x' from generate_series(1, 400) i")
    t.model({"      at: {type: date, nullable: false}\n      what: text": "      at: {type: date, nullable: false}\n      what: {type: text, index: true}"})
    script = t.migrate("--online")
    truth(up(script).count("CREATE INDEX CONCURRENTLY") == 2 and up(script).count("ATTACH PARTITION") == 2, script)
    t.must("upgrade")
    t.must("check")
    truth(t.sql("select indisvalid from pg_index where indexrelid = 'ix_log_what'::regclass") == "t", "the parent's index is invalid")
    t.must("downgrade")
    truth(t.sql("select count(*) from pg_index where indrelid in ('log'::regclass, 'log_2025'::regclass)") == "0", "an index stays")


@case
def an_index_that_changes_serves_until_the_new_one_is_ready(t):
    t.sql(*STOCK, "create index on_code on stock (code)")
    t.model({"on_code: {columns: [code]}": "on_code: {columns: [code, id]}"} if "on_code: {columns" in inspect(t) else {"on_code: [code]": "on_code: [code, id]"})
    script = t.migrate("--online")
    truth("RENAME TO" in up(script) and up(script).index("RENAME TO") < up(script).index("CREATE INDEX CONCURRENTLY"), script)
    t.must("upgrade")
    t.must("check")
    t.must("downgrade")
    truth(t.sql("select count(*) from pg_index where indrelid = 'stock'::regclass") == "1", "more than one index is left")


def inspect(t):
    return t.must("inspect")


@case
def a_run_gives_up_before_the_server_looks_for_deadlocks(t):
    for looks, waits in (("1s", "800ms"), ("200ms", "160ms"), ("1h", "800ms"), ("1ms", "10ms")):
        t.sql(f"alter database {t.database} set deadlock_timeout = '{looks}'")
        t.write("migrations/one.sql", "-- cmigrate: revision one\n-- cmigrate: upgrade\nCREATE TABLE seen AS SELECT current_setting('lock_timeout') AS v;\n"
                "-- cmigrate: downgrade\nDROP TABLE seen;\n")
        t.must("upgrade")
        truth(t.sql("select v from seen") == waits, f"{looks}: {t.sql('select v from seen')}")
        t.must("downgrade", "base")


@case
def a_run_that_ends_a_deadlock_is_tried_again(t):
    t.sql("create table s (id int)", "create table t (id int)")
    t.model({"id: integer": "id: integer\n      n: integer"})
    script = t.migrate()
    with open(t.scripts()[0], "w", encoding="utf-8") as f:  # it is the one that finds the deadlock, and is ended for it
        f.write(script.replace("-- cmigrate: upgrade\n", "-- cmigrate: upgrade\nSET LOCAL deadlock_timeout = '1500ms';\nSET LOCAL lock_timeout = '30s';\n", 1))
    other = t.session()
    other.run("set deadlock_timeout = '60s'")
    other.run("begin")
    other.run("lock table t")
    run = t.start("upgrade")
    t.wait("select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and application_name = 'cmigrate'")
    other.run("lock table s")  # which that one has: until it is ended
    other.run("commit")
    other.close()
    out, err = run.communicate(timeout=60)
    truth(run.returncode == 0 and "was ended by a deadlock" in err, f"exit {run.returncode}\n{out}{err}")
    t.must("check")


@case
def an_index_of_partitions_that_the_model_does_not_have(t):
    t.sql("create table p (id int, n int) partition by range (id)", "create table p_1 partition of p for values from (0) to (10)",
          "create table p_2 partition of p for values from (10) to (20)")
    t.model()
    t.write("schema.yaml", t.read("schema.yaml").replace("  p:\n", "  p:\n    indexes: {p_n: [n]}\n"))
    t.migrate("--online")
    t.sql("create table p_3 partition of p for values from (20) to (30)")
    t.must("upgrade", status=4, says="is built partition by partition")
    t.sql("drop table p_3")
    t.must("upgrade")
    t.must("check")
    truth(t.sql("select indisvalid from pg_index where indexrelid = 'p_n'::regclass") == "t", "the index is not valid")


@case
def an_assertion_reads_before_any_lock_is_held(t):
    t.sql(*STOCK)
    t.model({"code: text": "code: {type: text, nullable: false}", "amount: integer": "amount: integer\n      more: integer"})
    for section in sections(t.migrate("--online")):
        before = section.split("-- cmigrate: assert")[0] if "-- cmigrate: assert" in section else ""
        truth("ALTER TABLE" not in before, f"a lock is held while the rows are read:\n{section}")
    t.must("upgrade")
    t.must("check")


if __name__ == "__main__":
    sys.exit(main())
