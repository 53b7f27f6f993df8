#!/usr/bin/env python3
"""MySQL and MariaDB: a long ALTER can be interrupted, and who holds the lock that it waits for is said."""
from concurrent.futures import ThreadPoolExecutor
import os
import signal
import subprocess
import sys
import time

import mykit
from mykit import case, truth

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fault"))
from network import open_proxy

REVISION = "-- cmigrate: revision aaaa\n-- cmigrate: parents\n-- cmigrate: message m\n-- cmigrate: dialect mysql\n\n-- cmigrate: upgrade\n"


def start(t, *args):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("CMIGRATE_", "MYSQL"))}
    return subprocess.Popen([t.program, *args], cwd=t.path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            env={**env, "HOME": t.path})


def running(t, words):
    return t.admin(f"select count(*) from information_schema.processlist where db = '{t.database}' and info like '{words}%'") != "0"


@case
def an_interrupt_ends_an_alter_that_copies(t):
    t.sql("create table big (id int primary key auto_increment, a int, pad varchar(200))", "insert into big (a, pad) values (1, repeat('x', 200))",
          *["insert into big (a, pad) select a, pad from big"] * 18)
    t.write("migrations/1_aaaa.sql", REVISION + "ALTER TABLE big MODIFY COLUMN a bigint NOT NULL DEFAULT 7, ADD KEY ix_a (a), ADD KEY ix_p (pad, a);\n")
    run = start(t, "upgrade")
    end = time.time() + 30
    while not running(t, "ALTER TABLE big") and run.poll() is None and time.time() < end:
        time.sleep(0.05)
    time.sleep(0.7)
    if run.poll() is not None:
        return  # too quick a machine to interrupt it
    run.send_signal(signal.SIGINT)
    said = run.communicate(timeout=60)[0]
    truth(run.returncode == 130, f"exit {run.returncode}\n{said}")
    truth("ix_a" not in t.dump(), "the ALTER went on to its end")


@case
def the_holder_of_a_lock_is_said_though_it_only_reads(t):
    t.sql("create table held (id int primary key, v int)", "insert into held values (1, 1)")
    t.write("migrations/1_aaaa.sql", REVISION + "ALTER TABLE held MODIFY v bigint;\n")
    t.config(lock_timeout="2s")
    holder = subprocess.Popen(t.client + ["--unbuffered", t.database], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True, env=t.environment)
    holder.stdin.write("begin; select * from held; select 'held', sleep(60);\n")
    holder.stdin.flush()
    end = time.time() + 20
    while not running(t, "select ''held''") and time.time() < end:
        time.sleep(0.05)
    number = t.admin(f"select id from information_schema.processlist where db = '{t.database}' and info like 'select ''held''%'")
    try:
        t.must("upgrade", status=4, says=f"connection {number}")
    finally:
        t.admin(f"kill {number}")
        holder.stdin.close()
        holder.wait(20)


def wait_for(t, query):
    end = time.time() + 30
    while t.admin(query) in ("", "0"):
        truth(time.time() < end, f"this did not come: {query}")
        time.sleep(0.05)


@case
def a_run_that_ends_a_deadlock_is_retried(t):
    """A statement, and a transaction that the script begins: each is done once, and in full."""
    for script in ("UPDATE t SET n = n + 1 ORDER BY id;\n",
                   "BEGIN;\nUPDATE t SET n = n + 1 WHERE id = 1;\nUPDATE t SET n = n + 1 WHERE id = 2;\nCOMMIT;\n"):
        t.fresh()
        t.sql("create table t (id int primary key, n int)", "insert into t values (1, 1), (2, 1)",
              "create table much (id int primary key auto_increment, v int)")
        t.write("migrations/1_aaaa.sql", REVISION + script)
        t.config(lock_timeout="60s")
        other = subprocess.Popen(t.client + ["--unbuffered", t.database], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL, text=True, env=t.environment)
        # The server ends the transaction that has changed less: this one changes more
        other.stdin.write(f"begin; insert into much (v) values {', '.join(['(1)'] * 200)};"
                          " update t set n = n + 10 where id = 2; select get_lock('other_has_row_2', 0);\n")
        other.stdin.flush()
        try:
            wait_for(t, "select is_used_lock('other_has_row_2') is not null")
            run = start(t, "upgrade")
            wait_for(t, "select count(*) from information_schema.processlist where state <> '' and info like 'UPDATE t SET n%'"
                        f" and db = '{t.database}'")
            time.sleep(1)  # it waits for row 2 by now: InnoDB's own tables of who waits may be stale for as long as others read them
            other.stdin.write("update t set n = n + 10 where id = 1; commit;\n")
        finally:
            other.stdin.close()
            other.wait(30)
        said = run.communicate(timeout=60)[0]
        truth(run.returncode == 0 and "was ended by a deadlock" in said, f"exit {run.returncode}\n{said}")
        truth(t.sql("select group_concat(n order by id) from t") == "12,12", t.sql("select * from t"))


@case
def a_server_that_falls_silent_at_any_byte_is_given_up(t):
    """Also in the middle of a login: of the first connection, and of those that follow it."""
    t.write("migrations/1_aaaa.sql", REVISION + "CREATE TABLE silent (id int);\n")
    proxy, through = open_proxy(t.url)
    t.must("upgrade", "--url", through)
    total, many = proxy.passed, 48
    proxy.close()

    def one(number):
        broken, through = open_proxy(t.url, budget=number * total // many, how="silent")
        run = start(t, "upgrade", "--url", through)
        try:
            run.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            run.kill()
            run.communicate()
            return number
        finally:
            broken.close()
        return None

    with ThreadPoolExecutor(24) as pool:
        hang = [number for number in pool.map(one, range(many)) if number is not None]
    truth(not hang, f"it waits for ever behind {[n * total // many for n in hang]} of {total} bytes")


if __name__ == "__main__":
    sys.exit(mykit.main())
