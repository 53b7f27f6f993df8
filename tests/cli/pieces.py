#!/usr/bin/env python3
"""Statements with `-- cmigrate: batch` on SQLite: each row once, whatever happens in between; and what is refused, with its place.

    pieces.py CMIGRATE
"""
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

FIRST = """-- cmigrate: revision aaa1
-- cmigrate: message first

-- cmigrate: upgrade
CREATE TABLE t (a INTEGER NOT NULL, b TEXT NOT NULL, n INTEGER, PRIMARY KEY (a, b));
WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 50) INSERT INTO t SELECT i / 8, 'it''s ' || i, 0 FROM c;
CREATE TABLE u (id INTEGER PRIMARY KEY, a INTEGER NOT NULL UNIQUE, n INTEGER CHECK (n < 30), w INTEGER UNIQUE);
INSERT INTO u (a, n) SELECT rowid * 10, 0 FROM t;
CREATE TABLE most (n INTEGER);
INSERT INTO most VALUES (1);
CREATE TRIGGER slow AFTER UPDATE ON u WHEN NEW.id = 25 BEGIN
  UPDATE most SET n = n + (SELECT count(*) * 0 FROM (WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c, most WHERE i < most.n) SELECT i FROM c));
END;

-- cmigrate: downgrade
"""
HEAD = "-- cmigrate: revision bbb2\n-- cmigrate: parents aaa1\n-- cmigrate: message second\n\n-- cmigrate: upgrade no-transaction\n"
REFUSED = (  # what is written, what is said, line:column
    ("batch ten by id\nUPDATE u SET n = 1;", "batch needs the number of rows of a piece", "6:20"),
    ("batch 0 by id\nUPDATE u SET n = 1;", "from 1 to 999999999 rows", "6:20"),
    ("batch 10\nUPDATE u SET n = 1;", "batch needs `by` and the columns of a key", "6:22"),
    ("batch 10 by\nUPDATE u SET n = 1;", "batch needs the columns of a key", "6:25"),
    ("batch 10 by id n\nUPDATE u SET n = 1;", "separated by commas", "6:29"),
    ("batch 10 by id\nCREATE TABLE x (id INTEGER);", "batch belongs above an UPDATE", "7:1"),
    ("batch 10 by id\nINSERT INTO u (n) VALUES (1);", "batch belongs above an UPDATE", "7:1"),
    ("batch 10 by id\nDELETE FROM u LIMIT 3;", "LIMIT would count for each piece", "7:15"),
    ("batch 10 by id\nINSERT INTO u (n)\nSELECT n FROM u GROUP BY n;", "GROUP would count for each piece", "8:17"),
    ("batch 10 by id\nUPDATE u SET n = 1, id = id + 1;", "changes the key by which it runs", "7:21"),
    ("batch 10 by x.id\nUPDATE u SET n = 1;", "the statement has no table 'x'", "6:14"),
    ("batch 10 by id", "no statement follows this batch", "6:14"),
    ("batch 10 by id\n-- cmigrate: batch 10 by id\nUPDATE u SET n = 1;", "a second batch", "7:14"),
    ("batch 10 by id\nBEGIN;", "batch belongs above", "7:1"),
)


class Project:
    def __init__(self, program, folder):
        self.program, self.folder, self.faults = program, folder, []
        os.mkdir(os.path.join(folder, "migrations"))
        self.write("cmigrate.yaml", "url: sqlite:///app.db\n")
        self.write("schema.yaml", "tables: {}\n")
        self.write("migrations/a.sql", FIRST)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as f:
            f.write(text)

    def start(self, *words):
        return subprocess.Popen([self.program, *words], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def call(self, *words, status=0, says=()):
        p = self.start(*words)
        said = p.communicate(timeout=120)[0]
        if p.returncode != status:
            self.faults.append(f"{' '.join(words)}: status {p.returncode}, not {status}\n{said}")
        for text in (says,) if isinstance(says, str) else says:
            if text not in said:
                self.faults.append(f"{' '.join(words)} does not say '{text}':\n{said}")
        return said

    def ask(self, query):
        con = sqlite3.connect(os.path.join(self.folder, "app.db"), timeout=60)
        try:
            got = con.execute(query).fetchall()
            con.commit()
            return got
        finally:
            con.close()

    def fresh(self, script, *words):
        path = os.path.join(self.folder, "app.db")
        if os.path.exists(path):
            os.remove(path)
        self.write("migrations/b.sql", HEAD + script + "\n-- cmigrate: downgrade\n")
        if words:
            self.call(*words)

    def same(self, query, want, what):
        got = self.ask(query)
        if got != want:
            self.faults.append(f"{what}: {got}, not {want}")


def each_row_once(p):
    p.fresh("-- cmigrate: batch 7 by a, b\nUPDATE t SET n = n + 1 WHERE a = 3 OR a <> 3 -- each\n;\n"
            "-- cmigrate: batch 9 by s.a\nINSERT INTO u (a, n) SELECT s.a + 1000, 1 FROM u AS s WHERE s.id > 0 ORDER BY 1 ON CONFLICT DO NOTHING;\n"
            "-- cmigrate: batch 10 by (id)\nDELETE FROM u WHERE id IN (SELECT id FROM u WHERE a > 1400);\n"
            "-- cmigrate: batch 1000 by id\nWITH x AS (SELECT 2 AS k) UPDATE u SET n = (SELECT k FROM x) WHERE id < 4 RETURNING id;\n")
    p.call("validate")
    if "at once: only cmigrate itself runs it in pieces, by batch 7 by a, b" not in p.call("upgrade", "head", "--sql"):
        p.faults.append("--sql does not say that it does not run in pieces")
    p.call("upgrade")
    p.same("select n, count(*) from t group by n", [(1, 50)], "rows of t")
    p.same("select n, count(*) from u group by n order by n", [(0, 47), (1, 40), (2, 3)], "rows of u")
    p.same("select group_concat(batch) from cmigrate_history", [(None,)], "what is left in the history")


def a_run_that_fails_goes_on(p):
    script = "-- cmigrate: batch 10 by id\nUPDATE u SET n = n + 20;\n"
    p.fresh(script, "upgrade", "aaa1")
    p.ask("update u set n = 15 where id = 33")
    p.call("upgrade", status=4, says=("3 pieces of statement 1 are committed", "it resumes statement 1 after its last committed piece"))
    p.same("select n, count(*) from u group by n order by n", [(0, 19), (15, 1), (20, 30)], "after the failure")
    p.write("migrations/b.sql", HEAD + script.replace("+ 20", "+ 19") + "\n-- cmigrate: downgrade\n")
    p.call("upgrade", status=4, says=("it ran in pieces, and 3 of them were committed", "The script was changed"))
    p.write("migrations/b.sql", HEAD + script.replace("by id", "by a") + "\n-- cmigrate: downgrade\n")
    p.call("upgrade", status=4, says="by another key: id")
    p.ask("update u set n = 0 where id = 33")
    p.write("migrations/b.sql", HEAD + script.replace("10", "4") + "\n-- cmigrate: downgrade\n")  # how many rows may change
    p.call("upgrade")
    p.same("select n, count(*) from u group by n", [(20, 50)], "after the next run")


def a_run_that_is_killed_in_a_piece_goes_on(p):
    p.fresh("-- cmigrate: batch 10 by id\nUPDATE u SET n = n + 1;\n", "upgrade", "aaa1")
    p.ask("update most set n = 1000000000000")
    run = p.start("upgrade")
    end = time.monotonic() + 60
    while not p.ask("select 1 from pragma_table_info('cmigrate_history') where name = 'batch'") or \
            "pieces 2" not in str(p.ask("select batch from cmigrate_history where revision = 'bbb2'")):
        if run.poll() is not None or time.monotonic() > end:
            p.faults.append("it does not come to its third piece: " + (run.communicate()[0] if run.poll() is not None else ""))
            return
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    run.communicate()
    p.ask("update most set n = 1")
    p.same("select n, count(*) from u group by n order by n", [(0, 30), (1, 20)], "after the kill")
    p.call("status", says="was running when the process ended")
    p.call("upgrade")
    p.same("select n, count(*) from u group by n", [(1, 50)], "after the next run")


def keys_are_looked_at(p):
    for key, says in (("n", "no primary key or unique index of table u has just these columns"), ("z", "table u has no column 'z'"),
                      ("w", "a row has NULL in the key")):
        p.fresh(f"-- cmigrate: batch 10 by {key}\nUPDATE u SET a = a;\n", "upgrade", "aaa1")
        p.call("upgrade", status=4, says=(says, "--> migrations/b.sql:6:14"))
    p.fresh("BEGIN;\n-- cmigrate: batch 10 by id\nUPDATE u SET n = 1;\nCOMMIT;\n", "upgrade", "aaa1")
    p.call("upgrade", status=2, says="the script has begun a transaction")


def in_one_transaction(p):
    p.fresh("-- cmigrate: batch 10 by id\nUPDATE u SET n = n + 20;\n", "upgrade", "aaa1")
    with open(os.path.join(p.folder, "migrations/b.sql"), encoding="utf-8") as f:
        text = f.read()
    p.write("migrations/b.sql", text.replace(" no-transaction", ""))
    p.ask("update u set n = 15 where id = 33")
    p.call("upgrade", status=4, says=("runs in pieces, but they commit together", "upgrade no-transaction", "nothing of this revision remains"))
    p.same("select n, count(*) from u group by n order by n", [(0, 49), (15, 1)], "after the failure")
    p.ask("update u set n = 0")
    p.call("lint", "--latest", "1", "--fail-on", "never", says="all rows of table u are changed at once")
    p.call("upgrade")
    p.same("select n, count(*) from u group by n", [(20, 50)], "after the next run")


def what_is_refused(p):
    for script, says, place in REFUSED:
        p.fresh("-- cmigrate: " + script)
        p.call("validate", status=2, says=(says, f"--> migrations/b.sql:{place}"))
    p.fresh("-- cmigrate: batch 10 by id\nUPDATE u SET n = 1;\n")
    if "all rows of table u" in p.call("lint", "--latest", "1", "--fail-on", "never"):
        p.faults.append("lint does not see that the statement runs in pieces")


def main():
    with tempfile.TemporaryDirectory() as folder:
        p = Project(os.path.abspath(sys.argv[1]), folder)
        for case in (each_row_once, a_run_that_fails_goes_on, a_run_that_is_killed_in_a_piece_goes_on, keys_are_looked_at, in_one_transaction,
                     what_is_refused):
            case(p)
    print("\n".join(p.faults) or "each row once")
    return 1 if p.faults else 0


if __name__ == "__main__":
    sys.exit(main())
