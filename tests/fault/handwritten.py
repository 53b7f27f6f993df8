"""Scripts as people write them, killed at every step: a swap by one RENAME or CHANGE, what a session hands on, names from variables,
engines without transactions, functions that write, indexes in other schemas.

Each is run undisturbed and by hand in the same order first. Killed at a step and run again it must either give the same rows, or
end with status 4 and say what to look at; status 0 and other rows is lost."""
import os

from bench import Tally
from engines import Postgres, SQLite

# name -> (engines, setup, script, what to look at, words)
SCRIPTS = {
    "in pieces": ("sqlite postgresql mysql", "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, n INT); CREATE TABLE u (n INT);"
                                             "INSERT INTO t VALUES (1, 1), (2, 2), (3, 3), (5, 5), (8, 8), (13, 13)",
                  "INSERT INTO u VALUES (0);\n-- cmigrate: batch 2 by id\nUPDATE t SET n = n + 100;\n"
                  "-- cmigrate: batch 4 by id\nINSERT INTO u SELECT n FROM t;\nINSERT INTO u VALUES (-1);",
                  "SELECT 't', n FROM t UNION ALL SELECT 'u', n FROM u ORDER BY 1, 2"),
    "swap by RENAME": ("mysql", "CREATE TABLE a (x INT); CREATE TABLE b (x INT); INSERT INTO a VALUES (1); INSERT INTO b VALUES (2)",
                       "RENAME TABLE a TO tmp, b TO a, tmp TO b;\nINSERT INTO a VALUES (10);", "SELECT 'a', x FROM a UNION ALL SELECT 'b', x FROM b ORDER BY 1, 2"),
    "three by RENAME": ("mysql", "CREATE TABLE live (x INT); CREATE TABLE next (x INT); INSERT INTO live VALUES (1)",
                        "RENAME TABLE live TO old, next TO live;\nINSERT INTO live VALUES (2);",
                        "SELECT 'live', x FROM live UNION ALL SELECT 'old', x FROM old ORDER BY 1, 2"),
    "swap by CHANGE": ("mysql", "CREATE TABLE t (a INT, b INT); INSERT INTO t VALUES (1, 2)",
                       "ALTER TABLE t CHANGE a b INT, CHANGE b a INT;\nINSERT INTO t (a, b) VALUES (20, 10);", "SELECT a, b FROM t ORDER BY 1"),
    "swap by RENAME COLUMN": ("mysql", "CREATE TABLE t (a INT, b INT); INSERT INTO t VALUES (1, 2)",
                              "ALTER TABLE t RENAME COLUMN a TO b, RENAME COLUMN b TO a;\nINSERT INTO t (a, b) VALUES (20, 10);",
                              "SELECT a, b FROM t ORDER BY 1"),
    "column emptied": ("mysql", "CREATE TABLE t (a INT, b INT); INSERT INTO t VALUES (1, 2)",
                       "ALTER TABLE t DROP COLUMN b, ADD COLUMN b INT;\nUPDATE t SET b = 3;", "SELECT a, b FROM t ORDER BY 1"),
    "name from a variable": ("mysql", "CREATE TABLE gone (x INT); CREATE TABLE t (x INT)",
                             "DROP TABLE ${x.name};\nCREATE TABLE ${x.name}_new (x INT);\nINSERT INTO t VALUES (1);",
                             "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name LIKE 'gone%' "
                             "UNION ALL SELECT x FROM t"),
    "LAST_INSERT_ID": ("mysql", "CREATE TABLE p (id INT AUTO_INCREMENT PRIMARY KEY, n INT); CREATE TABLE t (p INT, n INT);"
                                "INSERT INTO p (n) VALUES (7), (8)",
                       "INSERT INTO p (n) VALUES (9);\nINSERT INTO t VALUES (LAST_INSERT_ID(), 1);\nINSERT INTO t VALUES (0, 2);",
                       "SELECT p.n, t.n FROM t LEFT JOIN p ON p.id = t.p ORDER BY 2"),
    "LAST_INSERT_ID across a change": ("mysql", "CREATE TABLE p (id INT AUTO_INCREMENT PRIMARY KEY, n INT); CREATE TABLE t (p INT)",
                                       "INSERT INTO p (n) VALUES (9);\nALTER TABLE t ADD n INT;\nINSERT INTO t VALUES (LAST_INSERT_ID(), 1);",
                                       "SELECT p.n, t.n FROM t LEFT JOIN p ON p.id = t.p ORDER BY 2"),
    "@variables": ("mysql", "CREATE TABLE p (n INT); INSERT INTO p VALUES (1); CREATE TABLE t (n INT)",
                   "SET @n = (SELECT COUNT(*) FROM p);\nINSERT INTO p VALUES (2);\nALTER TABLE p ADD m INT;\nINSERT INTO t VALUES (@n);",
                   "SELECT n FROM t"),
    "@constants": ("mysql", "CREATE TABLE t (n INT)",
                   "SET @n = 5;\nALTER TABLE t ADD m INT;\nINSERT INTO t VALUES (@n, 1);", "SELECT n, m FROM t"),
    "temporary table": ("mysql", "CREATE TABLE t (n INT); INSERT INTO t VALUES (1)",
                        "CREATE TEMPORARY TABLE k AS SELECT n + 1 AS n FROM t;\nALTER TABLE t ADD m INT;\nINSERT INTO t SELECT n, 0 FROM k;",
                        "SELECT n, m FROM t ORDER BY 1"),
    "MyISAM": ("mysql", "CREATE TABLE t (n INT) ENGINE = MyISAM; CREATE TABLE u (n INT)",
               "INSERT INTO t VALUES (1), (2);\nINSERT INTO u VALUES (1);\nUPDATE t SET n = n + 10;", "SELECT n FROM t ORDER BY 1"),
    "TRUNCATE": ("mysql", "CREATE TABLE t (n INT); INSERT INTO t VALUES (1)", "TRUNCATE t;\nINSERT INTO t VALUES (2);", "SELECT n FROM t"),
    "function that writes": ("mysql", "CREATE TABLE t (n INT); CREATE FUNCTION f() RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO t VALUES (1); RETURN 1; END",
                             "SELECT f();\nCREATE TABLE u (n INT);", "SELECT n FROM t"),
    "WITH that writes": ("mysql9", "CREATE TABLE t (n INT); INSERT INTO t VALUES (1)",
                         "WITH k AS (SELECT 1 AS x) UPDATE t, k SET n = n + k.x;\nCREATE TABLE u (n INT);", "SELECT n FROM t"),
    "lastval": ("postgresql", "CREATE TABLE p (id serial, n int); INSERT INTO p (n) VALUES (1), (2); CREATE TABLE t (p int, n int)",
                "INSERT INTO p (n) VALUES (9);\nINSERT INTO t VALUES (lastval(), 1);\nINSERT INTO t VALUES (currval('p_id_seq'), 2);",
                "SELECT p.n, t.n FROM t LEFT JOIN p ON p.id = t.p ORDER BY 2"),
    "temporary table outside": ("postgresql", "CREATE TABLE t (n int)",
                                "CREATE TEMP TABLE k AS SELECT 5 AS n;\nVACUUM t;\nINSERT INTO t SELECT n FROM k;", "SELECT n FROM t"),
    "function that writes outside": ("postgresql", "CREATE TABLE t (n int); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'INSERT INTO t VALUES (1) RETURNING n'",
                                     "SELECT f();\nVACUUM t;", "SELECT n FROM t"),
    "WITH that writes outside": ("postgresql", "CREATE TABLE t (n int); INSERT INTO t VALUES (1)",
                                 "WITH k AS (UPDATE t SET n = n + 1 RETURNING n) SELECT n FROM k;\nVACUUM t;", "SELECT n FROM t"),
    "TRUNCATE outside": ("postgresql", "CREATE TABLE t (n int); INSERT INTO t VALUES (1)", "TRUNCATE t;\nINSERT INTO t VALUES (2);", "SELECT n FROM t"),
    "index in another schema": ("postgresql", "CREATE SCHEMA s; CREATE TABLE s.t (n int); INSERT INTO s.t VALUES (1)",
                                "CREATE INDEX CONCURRENTLY ix_n ON s.t (n);\nINSERT INTO s.t VALUES (2);",
                                "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = indexrelid WHERE relname = 'ix_n' "
                                "UNION ALL SELECT n::text, null FROM s.t ORDER BY 1"),
    "last_insert_rowid": ("sqlite", "CREATE TABLE p (id INTEGER PRIMARY KEY, n INT); INSERT INTO p (n) VALUES (7); CREATE TABLE t (p INT, n INT)",
                          "INSERT INTO p (n) VALUES (9);\nINSERT INTO t VALUES (last_insert_rowid(), 1);\nVACUUM;\nINSERT INTO t VALUES (0, 2);",
                          "SELECT p, n FROM t ORDER BY 2"),
    "temporary table in a file": ("sqlite", "CREATE TABLE t (n INT)",
                                  "CREATE TEMP TABLE k AS SELECT 5 AS n;\nVACUUM;\nINSERT INTO t SELECT n FROM k;", "SELECT n FROM t"),
}
QUICK = ("in pieces", "swap by RENAME", "swap by CHANGE", "name from a variable", "LAST_INSERT_ID", "@variables", "MyISAM", "lastval",
         "function that writes outside", "index in another schema", "last_insert_rowid")
OUTSIDE = ("postgresql", "sqlite")  # where a revision is one transaction otherwise


def kind_of(engine):
    return "sqlite" if isinstance(engine, SQLite) else "postgresql" if isinstance(engine, Postgres) else "mysql"


def execute(engine, url, sql):
    if isinstance(engine, SQLite):
        import sqlite3
        con = sqlite3.connect(url[len("sqlite:///"):])
        con.executescript(sql)
        con.close()
        return
    sql = sql if "FUNCTION" not in sql or isinstance(engine, Postgres) else sql.replace("CREATE FUNCTION", "\nDELIMITER //\nCREATE FUNCTION") + "//\n"
    done = engine.call(url.rsplit("/", 1)[1], sql)
    if done.returncode:
        raise RuntimeError(f"{engine.name} refuses what a test needs: {done.stderr}")


def make(bench, kind, setup, script):
    url = bench.engine.fresh("hand")
    folder = os.path.join(bench.folder, "hand")
    os.makedirs(os.path.join(folder, "migrations"), exist_ok=True)
    execute(bench.engine, url, setup)
    with open(os.path.join(folder, "cmigrate.yaml"), "w", encoding="utf-8") as file:
        file.write(f'url: "{url}"\nlock_timeout: 30s\n')
    os.chmod(os.path.join(folder, "cmigrate.yaml"), 0o600)
    header = "upgrade no-transaction" if kind in OUTSIDE else "upgrade"
    with open(os.path.join(folder, "migrations", "r1.sql"), "w", encoding="utf-8") as file:
        file.write(f"-- cmigrate: revision r1\n-- cmigrate: parents\n\n-- cmigrate: {header}\n{script}\n\n-- cmigrate: downgrade\n")
    return url, folder


def killed_everywhere(bench, name):
    kind = kind_of(bench.engine)
    _, setup, script, query = SCRIPTS[name]
    command = ("upgrade", "-x", "name=gone")
    tally = Tally("by hand: " + name)
    _, folder = make(bench, kind, setup, script)
    names = bench.listed(folder, command)
    url, folder = make(bench, kind, setup, script)
    status, said = bench.call(folder, *command)
    want = bench.engine.rows(url, query)
    if status or not want:
        bench.fail(tally, "undisturbed", said)
        return tally
    # around the statements, where something can be half known; the rest is what every run does
    points = [n for n, step in enumerate(names, 1) if step in ("statement", "piece", "note", "commit", "committed", "begin")]
    for number in [points[i - 1] for i in bench.sample(points, 7)]:
        url, folder = make(bench, kind, setup, script)
        _, first = bench.call(folder, *command, fault=f"kill:{number}")
        status, said = bench.call(folder, *command)
        got = bench.engine.rows(url, query)
        tally.points += 1
        if status == 0 and got == want:
            tally.recovered += 1
        elif status == 4 and "--resume" in said and "batch" not in script:  # how far a batch came is always known
            tally.explained += 1
        else:
            bench.fail(tally, f"killed at {number} ({names[number - 1]})", f"status {status}: {got}, not {want}\n{first}\n{said}")
    return tally


def kinds(bench):
    kind = kind_of(bench.engine)
    if hasattr(bench.engine, "elsewhere") or getattr(bench.engine, "key", "") == "pgbouncer":
        return
    for name, (of, *_) in SCRIPTS.items():
        if kind in of and (of != "mysql9" or "MySQL" in bench.engine.name) and (bench.long or name in QUICK):
            yield lambda name=name: killed_everywhere(bench, name)
