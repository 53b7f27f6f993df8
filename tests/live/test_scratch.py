#!/usr/bin/env python3
"""Where revisions are replayed: a database that is made, or, without the right to make one, the one that scratch_url names."""
import os
import signal
import socket
import sys
import time

from kit import case, main, truth

MODEL = """enums: {mood: {values: [sad, happy]}}
tables:
  stock:
    columns:
      id: {type: integer, primary_key: true}
      code: {type: string(10), nullable: false, index: true, default: "'x'"}
      mood: {type: mood}
    checks:
      code_fits: "length(code) BETWEEN 1 AND 9"
views:
  shelf: {query: "SELECT id, code FROM stock WHERE code <> 'x'"}
"""


def guest(t, **settings):
    """A role that may not make databases, and one that is empty."""
    role = t.role("guest", "login")
    spare = t.database + "_spare"
    t.admin(f"drop database if exists {spare} with (force)", f"create database {spare} template template0")
    t.databases.append(spare)
    t.sql(f"grant create on database {t.database} to {role}", f"grant create on schema public to {role}")
    t.psql(f"{t.server}/{spare}", f"grant create on database {spare} to {role}", f"grant create on schema public to {role}")
    url = t.server.replace("postgres@", role + "@")
    t.config(url=f"{url}/{t.database}", **{k: v.format(url=url, spare=spare) for k, v in settings.items()})
    t.write("schema.yaml", MODEL)
    return role, f"{t.server}/{spare}"


@case
def without_the_right_it_says_what_gives_it(t):
    role, _ = guest(t)
    t.migrate()
    t.must("upgrade")
    t.must("check", "--history", status=3, says=("cannot make a scratch database: permission denied", f"ALTER ROLE {role} CREATEDB",
                                                 "set scratch_url in cmigrate.yaml to an empty database"))


@case
def the_database_of_scratch_url_serves_and_stays_empty(t):
    role, spare = guest(t, scratch_url="{url}/{spare}")
    t.migrate()
    t.must("upgrade")
    t.must("check", "--history", says="equal")
    t.write("schema.yaml", MODEL.replace("string(10)", "text").replace("BETWEEN 1 AND 9", "< 9"))
    t.must("check", "--history", status=1, says=("Drifted: the model", "column code"))
    t.migrate("--from-history")
    t.must("upgrade")
    t.must("check", "--history", says="equal")
    t.sql("alter table stock add column stray int")
    t.must("check", "--history", status=1, says="Drifted: the database")
    t.sql("alter table stock drop column stray")
    t.must("diff", "migrations", "model", "--exit-code")
    t.must("squash", "-m", "all")
    left = t.psql(spare, "select count(*) from pg_class where relnamespace = 'public'::regnamespace",
                  "select count(*) from pg_namespace where nspname like 'cmigrate%'")
    truth(left.split() == ["0", "0"], f"something stayed: {left}")


@case
def what_cannot_be_in_one_transaction_is_said_and_leaves_nothing(t):
    role, spare = guest(t, scratch_url="{url}/{spare}")
    t.migrate()
    t.must("upgrade")
    t.write("migrations/9_apart.sql", "-- cmigrate: revision apart9\n-- cmigrate: parents " +
            t.must("heads", "-q").split()[0] + "\n-- cmigrate: upgrade no-transaction\n"
            "CREATE INDEX CONCURRENTLY ix_apart ON stock (code, id);\n-- cmigrate: downgrade\nDROP INDEX ix_apart;\n")
    t.must("check", "--history", status=4, says=("9_apart.sql:4", "cannot run inside a transaction block", f"ALTER ROLE {role} CREATEDB"))
    left = t.psql(spare, "select relname from pg_class where relnamespace = 'public'::regnamespace")
    truth(not left, f"something stayed: {left}")
    t.psql(spare, "create table precious (a int)")
    t.must("check", "--history", status=2, says=f"{t.database}_spare, which is not empty: it has public.precious")
    truth(t.psql(spare, "select count(*) from precious").strip() == "0", "it was touched")


def scratches(t, *started):
    """Those of the processes that were started here, and what has no name of ours: other tests work on the server meanwhile."""
    names = t.psql(f"{t.server}/postgres", "select datname from pg_database where datname like 'cmigrate_scratch%' order by 1").split()
    return [n for n in names if n == "cmigrate_scratch_precious" or n.split("_")[2] in [str(p.pid) for p in started]]


@case
def one_that_a_killed_run_left_is_dropped_by_the_next(t):
    t.admin("drop database if exists cmigrate_scratch_precious", "drop database if exists cmigrate_scratch_1_2147483647")
    t.write("schema.yaml", MODEL)
    t.migrate()
    t.write("migrations/9_slow.sql", "-- cmigrate: revision slow9\n-- cmigrate: parents " + t.must("heads", "-q").split()[0] +
            "\n-- cmigrate: upgrade\nSELECT pg_sleep(30);\n-- cmigrate: downgrade\n")
    one, two = t.start("diff", "migrations", "model"), t.start("diff", "migrations", "model")
    end = time.time() + 20
    while len(scratches(t, one, two)) < 2 or t.psql(t.server + "/postgres", "select count(*) from pg_stat_activity where query like "
                                          "'%SELECT pg_sleep(30)' and pid <> pg_backend_pid()").strip() != "2":
        truth(time.time() < end and one.poll() is None and two.poll() is None, f"no scratch databases: {scratches(t, one, two)} {[p.communicate() for p in (one, two) if p.poll() is not None]}")
        time.sleep(0.05)
    with open(f"/proc/{one.pid}/task/{one.pid}/children", encoding="ascii") as children:  # its guardian first, which would not leave it
        for child in children.read().split():
            os.kill(int(child), signal.SIGKILL)
    one.send_signal(signal.SIGKILL)
    one.communicate()
    t.psql(t.server + "/postgres", "select pg_terminate_backend(pid) from pg_stat_activity where datname in (select datname from "
           f"pg_database where datname like 'cmigrate_scratch_{one.pid}_%')")
    t.admin("create database cmigrate_scratch_precious")  # no name of ours
    os.remove(t.path + "/migrations/9_slow.sql")
    t.wait(f"select not exists (select from pg_stat_activity where datname like 'cmigrate_scratch_{one.pid}_%') or null")
    t.must("check", "--history", status=1)
    left = scratches(t, one, two)
    two.send_signal(signal.SIGINT)
    said = two.communicate(timeout=60)
    t.admin("drop database cmigrate_scratch_precious")
    truth([n for n in left if n.startswith(f"cmigrate_scratch_{two.pid}_")] and "cmigrate_scratch_precious" in left and len(left) == 2,
          f"left: {left}, living: {two.pid}, killed: {one.pid}")
    truth(two.returncode == 130 and not scratches(t, one, two), f"left: {scratches(t, one, two)} {said}")


@case
def a_replay_reaches_no_publisher(t):
    with socket.create_server(("127.0.0.1", 0)) as publisher:
        made = f"CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port={publisher.getsockname()[1]}' PUBLICATION p"
        t.write("migrations/one.sql", "-- cmigrate: revision one\n-- cmigrate: parents\n-- cmigrate: upgrade no-transaction\n"
                f"CREATE TABLE t (id integer);\n{made};\nCOMMENT ON SUBSCRIPTION s IS 'x';\n-- cmigrate: downgrade no-transaction\n"
                "DROP SUBSCRIPTION s;\nDROP TABLE t;\n")
        t.write("schema.yaml", f'subscriptions: {{s: {{definition: "{made}", comment: x}}}}\ntables: {{t: {{columns: {{id: integer}}}}}}\n')
        t.sql("create table t (id integer)")
        t.must("stamp", "one")
        t.must("diff", "migrations", "schema.yaml", says=("Subscriptions are not compared", "No changes"))
        said = t.must("check", "--history", status=1, says="Subscriptions are not compared")  # for the database has none
        truth(said.count("they differ") == 0, said)
        t.must("migrate", "-m", "none", "--from-history", says="No changes in schema detected")
        t.must("prove", "one")
        t.write("migrations/two.sql", "-- cmigrate: revision two\n-- cmigrate: parents one\n-- cmigrate: upgrade no-transaction\n"
                "DO $$ BEGIN EXECUTE 'ALTER SUBSCRIPTION s ENABLE'; END $$;\n-- cmigrate: downgrade\nSELECT 1;\n")
        t.must("diff", "migrations", "schema.yaml", status=4, says="this block may change a subscription")
        publisher.setblocking(False)
        try:
            publisher.accept()
            truth(False, "the publisher was called")
        except BlockingIOError:
            pass


if __name__ == "__main__":
    sys.exit(main())
