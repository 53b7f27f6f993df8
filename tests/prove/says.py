#!/usr/bin/env python3
"""What `cmigrate prove` says, how it ends, and what it leaves alone.

    says.py CMIGRATE [-k TEXT]      0: all cases hold
"""
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

cases = []
HEAD = "-- cmigrate: revision {0}\n{1}-- cmigrate: dialect sqlite\n\n-- cmigrate: upgrade\n{2}\n\n-- cmigrate: downgrade\n{3}\n"


def case(function):
    cases.append(function)
    return function


class Failed(Exception):
    pass


class Project:
    def __init__(self, program):
        self.program, self.path = program, tempfile.mkdtemp(prefix="cmprove-")
        os.mkdir(self.path + "/migrations")
        self.write("cmigrate.yaml", "url: sqlite:///app.db\n")

    def write(self, name, text):
        with open(os.path.join(self.path, name), "w", encoding="utf-8") as f:
            f.write(text)

    def revision(self, number, up, down, parent=None):
        """Revision 1 is 000000000001; `parent` 0: none."""
        parent = number - 1 if parent is None else parent
        self.write(f"migrations/{number}.sql", HEAD.format(f"{number:012}", f"-- cmigrate: parents {parent:012}\n" if parent else "", up, down))

    def run(self, *args, status=0, says=(), not_says=()):
        env = {k: v for k, v in os.environ.items() if not k.startswith("CMIGRATE_")}
        p = subprocess.run([self.program, *args], cwd=self.path, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
        said = p.stdout + p.stderr
        if p.returncode != status:
            raise Failed(f"{' '.join(args)}: status {p.returncode}, not {status}\n{said}")
        for text in (says,) if isinstance(says, str) else says:
            if text not in said:
                raise Failed(f"{' '.join(args)} does not say '{text}':\n{said}")
        for text in not_says:
            if text in said:
                raise Failed(f"{' '.join(args)} says '{text}':\n{said}")
        return p.stdout

    def json(self, *args, status=0):
        return json.loads(self.run(*args, "--format", "json", status=status))


@case
def nothing_to_prove_is_status_0(p):
    p.run("prove", says="Nothing to prove")


@case
def a_right_history_is_proved_and_no_database_is_made(p):
    p.revision(1, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL);", "DROP TABLE t;")
    p.revision(2, "ALTER TABLE t ADD COLUMN b INTEGER;", "ALTER TABLE t DROP COLUMN b;")
    p.run("prove", says=("2 revisions proved", "20 in 1 of 1 tables", "seed 1, 20 rows a table"))
    p.run("prove", "head", "--rows", "5", "--seed", "7", says=("1 revision proved", "5 in 1 of 1 tables", "seed 7, 5 rows"))
    p.run("prove", "000000000001:head", "--kill", says=("stopped and resumed", "proved"))
    if os.path.exists(p.path + "/app.db"):
        raise Failed("prove made the project's database")


@case
def a_loss_is_refuted_until_it_is_declared(p):
    p.revision(1, "CREATE TABLE t (id INTEGER PRIMARY KEY, nick TEXT, n INTEGER);", "DROP TABLE t;")
    p.revision(2, "ALTER TABLE t DROP COLUMN nick;", "ALTER TABLE t ADD COLUMN nick TEXT;")
    p.run("prove", "head", status=1, says=("column t.nick:", "values are not what they were", "-- cmigrate: loses t.nick", "1 of 1 revision refuted"))
    answer = p.json("prove", "head", status=1)
    finding = answer["revisions"][0]["findings"][0]
    if answer["proved"] or finding["step"] != "down" or finding["object"] != "column t.nick" or not finding["file"].endswith("2.sql"):
        raise Failed(f"the JSON is {answer}")
    p.revision(2, "-- cmigrate: loses t.nick nobody uses it\nALTER TABLE t DROP COLUMN nick;", "ALTER TABLE t ADD COLUMN nick TEXT;")
    p.run("prove", "head", says=("declared loss: column t.nick", "proved"))
    p.revision(2, "-- loses data: column nick of table t\nALTER TABLE t DROP COLUMN nick;", "ALTER TABLE t ADD COLUMN nick TEXT;")
    if p.json("prove", "head")["revisions"][0]["losses"] != ["column t.nick"]:
        raise Failed("the comment of migrate does not declare the loss")
    p.revision(2, "-- cmigrate: loses\nALTER TABLE t DROP COLUMN nick;", "ALTER TABLE t ADD COLUMN nick TEXT;")
    p.run("prove", "head", status=1, says="names no table")


@case
def what_the_script_asserts_the_rows_keep(p):
    p.revision(1, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);", "DROP TABLE t;")
    unique = "CREATE UNIQUE INDEX ix ON t (a);"
    p.revision(2, unique, "DROP INDEX ix;")
    p.run("prove", "head", status=1, says=("UNIQUE constraint failed: t.a", "-- cmigrate: assert"))
    p.revision(2, "-- cmigrate: assert no a comes twice\nSELECT a FROM t GROUP BY a HAVING count(*) > 1;\n" + unique, "DROP INDEX ix;")
    p.run("prove", "head", says="proved")
    p.run("prove", says="2 revisions proved")


@case
def the_model_is_compared_at_the_head(p):
    p.revision(1, "CREATE TABLE t (id INTEGER PRIMARY KEY);", "DROP TABLE t;")
    p.write("schema.yaml", "tables:\n  t:\n    columns:\n      id: {type: integer, primary_key: true}\n      b: {type: text}\n")
    p.run("prove", status=1, says=("model   FAIL", "the model differs: column b text"))


@case
def a_script_without_a_way_back_is_said_and_strict_refuses(p):
    p.write("migrations/1.sql", HEAD.format("000000000001", "", "CREATE TABLE t (id INTEGER PRIMARY KEY);", "").replace("-- cmigrate: downgrade\n", ""))
    p.run("prove", says=("the script has no downgrade", "proved"))
    p.run("prove", "--strict", status=1, says="not covered, which --strict does not allow")


@case
def a_table_that_takes_no_row_is_named(p):
    p.revision(1, "CREATE TABLE t (id INTEGER PRIMARY KEY);\nCREATE TRIGGER no BEFORE INSERT ON t BEGIN SELECT raise(ABORT, 'closed for good'); END;",
               "DROP TABLE t;")
    p.revision(2, "CREATE TABLE u (id INTEGER PRIMARY KEY);", "DROP TABLE u;")
    p.run("prove", says=("not covered: table t: no refuses: closed for good", "proved"))
    p.run("prove", "--strict", status=1)


@case
def columns_that_have_changed_places_are_found(p):
    p.revision(1, "CREATE TABLE t (id INTEGER PRIMARY KEY, first TEXT NOT NULL, last TEXT NOT NULL);", "DROP TABLE t;")
    p.revision(2, "ALTER TABLE t RENAME COLUMN first TO x;\nALTER TABLE t RENAME COLUMN last TO first;\nALTER TABLE t RENAME COLUMN x TO last;", "SELECT 1;")
    p.run("prove", "head", says=("column t.first",), status=1)


@case
def a_trigger_that_takes_rows_away_is_named(p):
    p.revision(1, "CREATE TABLE t (id INTEGER PRIMARY KEY);\nCREATE TRIGGER away BEFORE INSERT ON t BEGIN SELECT raise(IGNORE); END;", "DROP TABLE t;")
    p.revision(2, "CREATE TABLE u (id INTEGER PRIMARY KEY);", "DROP TABLE u;")
    p.run("prove", says=("not covered: table t: away takes away 20 of 20 rows", "proved"))


@case
def triggers_that_may_take_rows_away_are_those_that_run_on_insert(p):
    trigger = "CREATE TRIGGER {} {} ON t BEGIN SELECT {}; END;"
    p.revision(1, "\n".join(["CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);", trigger.format("b_insert", "BEFORE INSERT", "raise(IGNORE)"),
                             trigger.format("a_update", "AFTER UPDATE OF a", "1"), trigger.format("c_looks", "AFTER INSERT", "1"),
                             trigger.format("d_goes", "BEFORE DELETE", "'INSERT'")]), "DROP TABLE t;")
    p.revision(2, "CREATE TABLE u (id INTEGER PRIMARY KEY);", "DROP TABLE u;")
    p.run("prove", says=("not covered: table t: b_insert, c_looks take away 20 of 20 rows", "proved"))


WIDE = """CREATE TABLE store (id INTEGER PRIMARY KEY, staff_id INTEGER NOT NULL REFERENCES staff (id));
CREATE TABLE staff (id INTEGER PRIMARY KEY, store_id INTEGER NOT NULL REFERENCES store (id), mail VARCHAR(20) NOT NULL UNIQUE COLLATE NOCASE);
CREATE TABLE node (id INTEGER PRIMARY KEY, up INTEGER REFERENCES node (id), must INTEGER NOT NULL REFERENCES node (id));
CREATE TABLE unit (country CHAR(2), number SMALLINT, PRIMARY KEY (country, number)) WITHOUT ROWID;
CREATE TABLE part (id INTEGER PRIMARY KEY, country CHAR(2) NOT NULL, number SMALLINT NOT NULL, size INTEGER CHECK (size BETWEEN 41 AND 43),
  low INTEGER NOT NULL, high INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('nut', 'bolt')), label TEXT CHECK (length(label) = 7),
  a INTEGER, b INTEGER, price DECIMAL(6,2) NOT NULL, twice INTEGER AS (low * 2), made DATE, CHECK (low < high), CHECK ((a IS NULL) <> (b IS NULL)),
  FOREIGN KEY (country, number) REFERENCES unit (country, number));
CREATE TABLE part_staff (part_id INTEGER REFERENCES part (id), staff_id INTEGER REFERENCES staff (id), PRIMARY KEY (part_id, staff_id));
CREATE TABLE flag (yes BOOLEAN NOT NULL, word TEXT NOT NULL, PRIMARY KEY (yes, word));
CREATE TABLE one (part_id INTEGER NOT NULL UNIQUE REFERENCES part (id), note TEXT);
CREATE UNIQUE INDEX ix ON part (kind, label) WHERE size = 42;
CREATE UNIQUE INDEX iy ON staff (lower(mail));"""


@case
def every_table_of_a_wide_schema_gets_rows(p):
    p.revision(1, WIDE, "".join(f"DROP TABLE {t};\n" for t in "one flag part_staff part unit node staff store".split()))
    p.revision(2, "PRAGMA foreign_key_check;\nCREATE TABLE last (id INTEGER PRIMARY KEY);", "DROP TABLE last;")
    for seed in "12":
        answer = p.json("prove", "head", "--seed", seed)["revisions"][0]
        if answer["not_covered"] or answer["tables_with_rows"] != 8 or answer["rows"] < 150:
            raise Failed(f"not all tables have rows: {answer}")


@case
def a_row_that_does_not_go_in_any_more_is_found(p):
    p.revision(1, "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);\nCREATE TABLE u (id INTEGER PRIMARY KEY);", "DROP TABLE u;\nDROP TABLE t;")
    p.revision(2, "CREATE TABLE v (a INTEGER);\nUPDATE sqlite_sequence SET seq = 9223372036854775807 WHERE name = 't';", "DROP TABLE v;")
    p.run("prove", "head", status=1, says=("table t: takes no row any more",))


@case
def migrate_proves_before_it_writes(p):
    p.write("schema.yaml", "tables:\n  t:\n    columns:\n      id: {type: integer, primary_key: true}\n      a: {type: text}\n")
    p.run("migrate", "-m", "one", "--prove", says=("up      ok", "Wrote migrations/"))
    p.run("upgrade")
    p.write("schema.yaml", "tables:\n  t:\n    columns:\n      id: {type: integer, primary_key: true}\n      a: {type: text, unique: true}\n")
    before = os.listdir(p.path + "/migrations")
    p.run("migrate", "-m", "two", "--prove", status=1, says=("refuted", "nothing was written"))
    if os.listdir(p.path + "/migrations") != before:
        raise Failed("a refuted revision was written")
    p.write("schema.yaml", "tables:\n  t:\n    columns:\n      id: {type: integer, primary_key: true}\n      a: {type: text}\n      b: {type: integer}\n")
    p.run("migrate", "-m", "two", "--prove", says="Wrote migrations/")
    p.run("prove", "--pending", says="1 revision proved")


@case
def heads_that_commute_and_heads_that_do_not(p):
    p.revision(1, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);", "DROP TABLE t;")
    p.revision(2, "ALTER TABLE t ADD COLUMN b TEXT;", "ALTER TABLE t DROP COLUMN b;")
    p.revision(3, "CREATE TABLE u (id INTEGER PRIMARY KEY);", "DROP TABLE u;", parent=1)
    p.run("prove", "--heads", says=("The heads commute", "3 revisions proved"))
    p.revision(3, "CREATE TABLE u AS SELECT * FROM t;", "DROP TABLE u;", parent=1)
    p.run("prove", "--heads", status=1, says="or the other way round")
    p.revision(1, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, at TEXT DEFAULT (random()));\nINSERT INTO t (id, a) VALUES (7, 'x');", "DROP TABLE t;")
    p.revision(3, "INSERT INTO t (id, a) VALUES (800, 'z');", "DELETE FROM t WHERE id = 800;", parent=1)
    p.run("prove", "--heads", status=1, says="The heads commute")  # 1: again, the random number is another one
    p.revision(2, "-- cmigrate: loses t.a\nUPDATE t SET a = 'y';", "UPDATE t SET a = 'x';")
    p.run("prove", "--heads", status=1, says="column t.a has another value in 1 row, the first id = 800")
    p.revision(2, "DELETE FROM t WHERE id = 800;", "")
    p.run("prove", "--heads", status=1, says="table t has other rows")


@case
def rows_of_a_copy_are_used_and_not_shown(p):
    p.revision(1, "CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT);\nCREATE TABLE u (id INTEGER PRIMARY KEY, t_id INTEGER NOT NULL REFERENCES t (id));",
               "DROP TABLE u;\nDROP TABLE t;")
    p.revision(2, "UPDATE t SET email = lower(email);", "")
    with sqlite3.connect(p.path + "/live.db") as db:
        db.executescript("CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT); CREATE TABLE u (id INTEGER PRIMARY KEY, t_id INTEGER NOT NULL);"
                         "INSERT INTO t VALUES (50001, 'Ann.Secret@example.org'), (50002, 'b'); INSERT INTO u VALUES (1, 50001);")
    before = open(p.path + "/live.db", "rb").read()
    p.run("prove", "head", "--from-copy", "sqlite:///live.db", status=1, says="column t.email", not_says=("Secret", "50001"))
    p.run("prove", "head", "--from-copy", "sqlite:///live.db", "--sample", "1", status=1)
    if open(p.path + "/live.db", "rb").read() != before:
        raise Failed("the copy's source was changed")


@case
def wrong_calls_are_status_2(p):
    p.revision(1, "CREATE TABLE t (id INTEGER PRIMARY KEY);", "DROP TABLE t;")
    p.run("prove", "--rows", "0", status=2)
    p.run("prove", "--rows", "x", status=2, says="--rows takes a number")
    p.run("prove", "nosuch", status=2)
    p.run("prove", "head", "--pending", status=2, says="only one can be given")
    p.run("prove", "--sample", "3", status=2, says="--from-copy")


@case
def what_needs_tables_of_a_circle_waits_for_them(p):
    p.revision(1, "CREATE TABLE a_customer (id INTEGER PRIMARY KEY, store INTEGER NOT NULL REFERENCES store (id));\n"
               "CREATE TABLE staff (id INTEGER PRIMARY KEY, store INTEGER NOT NULL REFERENCES store (id));\n"
               "CREATE TABLE store (id INTEGER PRIMARY KEY, chief INTEGER NOT NULL REFERENCES staff (id));",
               "DROP TABLE a_customer;\nDROP TABLE staff;\nDROP TABLE store;")
    p.revision(2, "CREATE TABLE t (i INTEGER);", "DROP TABLE t;")
    answer = p.json("prove", "head")["revisions"][0]
    if answer["not_covered"] or answer["rows"] != 60:
        raise Failed(f"a table of the circle, or behind it, has no rows: {answer}")
    p.revision(1, "CREATE TABLE concept (id INTEGER PRIMARY KEY, class VARCHAR(20) NOT NULL REFERENCES class (name), domain VARCHAR(20) NOT NULL REFERENCES domain (name));\n"
               "CREATE TABLE class (name VARCHAR(20) PRIMARY KEY, concept INTEGER NOT NULL REFERENCES concept (id));\n"
               "CREATE TABLE domain (name VARCHAR(20) PRIMARY KEY, concept INTEGER NOT NULL REFERENCES concept (id));",
               "DROP TABLE concept;\nDROP TABLE class;\nDROP TABLE domain;")
    answer = p.json("prove", "head")["revisions"][0]
    if answer["not_covered"] or answer["rows"] != 60:
        raise Failed(f"a circle whose keys are texts has no rows: {answer}")


@case
def rows_without_a_key_are_known_by_what_nothing_changes(p):
    p.revision(1, "CREATE TABLE t (id INTEGER, foo TEXT, bar TEXT);\nCREATE TABLE one (some INTEGER);", "DROP TABLE t;\nDROP TABLE one;")
    p.revision(2, "-- loses data: column foo of table t\nALTER TABLE t DROP COLUMN foo;", "ALTER TABLE t ADD COLUMN foo TEXT;")
    p.revision(3, "CREATE TABLE n (some TEXT);\nINSERT INTO n SELECT some FROM one;\nDROP TABLE one;\nALTER TABLE n RENAME TO one;",
               "CREATE TABLE n (some INTEGER);\nINSERT INTO n SELECT some FROM one;\nDROP TABLE one;\nALTER TABLE n RENAME TO one;")
    p.run("prove", "000000000002:000000000003", says="2 revisions proved")
    p.revision(2, "-- loses data: column foo of table t\nALTER TABLE t DROP COLUMN foo;\nCREATE TABLE x (i INTEGER);",
               "ALTER TABLE t ADD COLUMN foo TEXT;\nDROP TABLE x;\nUPDATE t SET bar = 'x';")
    p.run("prove", "000000000002", status=1, says="rows are not there any more after the downgrade")


@case
def rows_whose_key_is_a_declared_loss_are_known_by_the_rest(p):
    p.revision(1, "CREATE TABLE t (id TEXT PRIMARY KEY, label TEXT);", "DROP TABLE t;")
    p.revision(2, "-- loses data: column id of table t\nCREATE TABLE n (label TEXT);\nINSERT INTO n SELECT label FROM t;\nDROP TABLE t;\nALTER TABLE n RENAME TO t;",
               "CREATE TABLE n (id TEXT PRIMARY KEY, label TEXT);\nINSERT INTO n (label) SELECT label FROM t;\nDROP TABLE t;\nALTER TABLE n RENAME TO t;")
    p.run("prove", "head", says="1 revision proved")


@case
def a_table_of_as_many_columns_as_the_engine_takes_is_read(p):
    p.revision(1, f"CREATE TABLE wide (c0 INTEGER PRIMARY KEY, {', '.join(f'c{i}' for i in range(1, 2000))});\nCREATE TABLE t (i INTEGER);", "DROP TABLE t;\nDROP TABLE wide;")
    p.revision(2, "CREATE TABLE u (i INTEGER);", "DROP TABLE u;")
    answer = p.json("prove", "head", "--rows", "3")["revisions"][0]
    if answer["not_covered"] or answer["rows"] != 6:
        raise Failed(f"the wide table is left out: {answer}")


@case
def keys_over_columns_of_few_values_are_filled(p):
    p.revision(1, "CREATE TABLE env (id INTEGER PRIMARY KEY);\n"
               "CREATE TABLE lang (code VARCHAR(6) PRIMARY KEY CHECK (code GLOB '[a-z][a-z]'), label TEXT UNIQUE CHECK (length(label) = 9));\n"
               "CREATE TABLE kind (id INTEGER PRIMARY KEY CHECK (id IN (1, 2, 3, 4)), word TEXT);\n"
               "CREATE TABLE file (ref INTEGER NOT NULL CHECK (ref = 0), name TEXT NOT NULL, class INTEGER NOT NULL CHECK (class = 7), PRIMARY KEY (ref, name, class));\n"
               "CREATE TABLE hook (on_it BOOLEAN NOT NULL CHECK (on_it IN (0, 1)), small TINYINT NOT NULL CHECK (small IN (1, 2)), env_id INTEGER NOT NULL REFERENCES env (id), "
               "UNIQUE (small, env_id));",
               "".join(f"DROP TABLE {t};\n" for t in "hook file kind lang env".split()))
    p.revision(2, "CREATE TABLE u (i INTEGER);", "DROP TABLE u;")
    answer = p.json("prove", "head")["revisions"][0]
    if answer["not_covered"] or answer["rows"] != 84:
        raise Failed(f"not all tables have the rows that they take: {answer}")


@case
def what_became_full_takes_no_row_more_and_is_not_refuted(p):
    p.revision(1, "CREATE TABLE animal (id INTEGER PRIMARY KEY, age INTEGER UNIQUE CHECK (age IN (1, 2, 3)));\n"
               "CREATE TABLE late (id INTEGER PRIMARY KEY CHECK (id > 1));", "DROP TABLE animal;\nDROP TABLE late;")
    p.revision(2, "CREATE TABLE t (i INTEGER);", "DROP TABLE t;")
    answer = p.json("prove")
    if not answer["proved"] or any(gap["table"] == "late" for gap in answer["revisions"][1]["not_covered"]):
        raise Failed(f"refuted, or a number that must be said is not: {answer}")


@case
def what_an_assertion_kept_empty_has_rows_for_the_next_revision(p):
    p.revision(1, "CREATE TABLE a (id INTEGER PRIMARY KEY, b TEXT);\nCREATE TABLE c (a_id INTEGER NOT NULL REFERENCES a (id));", "DROP TABLE c;\nDROP TABLE a;")
    p.revision(2, "-- cmigrate: assert a is empty\nSELECT id FROM a LIMIT 1;\nALTER TABLE a ADD COLUMN d TEXT;", "ALTER TABLE a DROP COLUMN d;")
    p.revision(3, "CREATE TABLE t (i INTEGER);", "DROP TABLE t;")
    second, third = p.json("prove")["revisions"][1:]
    why = {gap["table"]: gap["why"] for gap in second["not_covered"]}
    if set(why) != {"a", "c"} or "table a has no rows" not in why["c"] or third["not_covered"]:
        raise Failed(f"no reason, or no rows when it is gone: {why}, {third}")


@case
def many_rows_have_keys_of_their_own(p):
    p.revision(1, "CREATE TABLE a (code VARCHAR(20) PRIMARY KEY, n INTEGER NOT NULL UNIQUE);", "DROP TABLE a;")
    p.revision(2, "UPDATE a SET n = n + 100000 WHERE n % 100 = 3;\nALTER TABLE a ADD COLUMN d TEXT;",
               "ALTER TABLE a DROP COLUMN d;\nUPDATE a SET n = n - 100000 WHERE n > 100000;")
    p.run("prove", "head", "--rows", "6000", says=("6000 in 1 of 1 tables", "1 revision proved"))
    p.revision(2, "UPDATE a SET n = n + 100000 WHERE n % 100 = 3;", "UPDATE a SET n = n - 200000 WHERE n > 100000;")
    p.run("prove", "head", "--rows", "6000", status=1, says=("column a.n", "of 6000 values are not what they were"))


def main():
    program, only = os.path.abspath(sys.argv[1]), sys.argv[3] if len(sys.argv) > 3 else ""
    failed = 0
    for function in cases:
        if only not in function.__name__:
            continue
        p = Project(program)
        try:
            function(p)
        except (Failed, KeyError, ValueError) as e:
            failed += 1
            print(f"FAIL: {function.__name__.replace('_', ' ')}\n  " + str(e).replace("\n", "\n  "))
        finally:
            shutil.rmtree(p.path, ignore_errors=True)
    print(f"{len(cases) - failed} of {len(cases)} hold")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
