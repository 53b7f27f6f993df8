#!/usr/bin/env python3
"""Two projects in one database, each with its own version table and the same ids: neither sees, waits for or blocks the other.

    test_two_projects.py CMIGRATE [--only sqlite,pg15,...]     0 all hold, 1 some do not, 77 no engine
"""
import atexit
import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "fault"))
import engines

OLD_LAYOUT = {
    "sqlite": ["CREATE TABLE h (id BIGINT NOT NULL, {0}, CONSTRAINT cmigrate_history_pkc PRIMARY KEY (id))",
               "INSERT INTO h SELECT id, {1} FROM cmigrate_history", "DROP TABLE cmigrate_history",
               "ALTER TABLE h RENAME TO cmigrate_history"],
    "postgresql": ["ALTER TABLE cmigrate_history DROP CONSTRAINT cmigrate_history_pkc, DROP COLUMN version_table,"
                   " ADD CONSTRAINT cmigrate_history_pkc PRIMARY KEY (id)"],
    "mysql": ["ALTER TABLE cmigrate_history DROP PRIMARY KEY, DROP COLUMN version_table, ADD PRIMARY KEY (id)"],
}
COLUMNS = ("revision direction state checksum file_checksum statements statements_done running done_checksum running_checksum "
           "started finished error who tool").split()
SLEEP = {"postgresql": "SELECT pg_sleep(60) WHERE NOT EXISTS (SELECT 1 FROM calm)",
         "mysql": "DO (SELECT SLEEP(60) FROM dual WHERE NOT EXISTS (SELECT 1 FROM calm))"}


class Failed(Exception):
    pass


def truth(holds, what):
    if not holds:
        raise Failed(what)


class Project:
    """One of the two: its scripts make tables of its own, under ids that the other has too."""

    def __init__(self, program, url, name, middle="", header="upgrade"):
        self.program, self.name = program, name
        self.folder = tempfile.mkdtemp(prefix="cmigrate-two-")
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        os.mkdir(os.path.join(self.folder, "migrations"))
        self.write("cmigrate.yaml", f'url: "{url}"\nversion_table: {name}_version\nlock_timeout: 30s\n')
        os.chmod(os.path.join(self.folder, "cmigrate.yaml"), 0o600)
        self.script("r1", "", f"CREATE TABLE {name}_one (id INTEGER)", f"DROP TABLE {name}_one")
        self.script("r2", "r1", f"CREATE TABLE {name}_two (id INTEGER)" + middle, f"DROP TABLE {name}_two", header)
        self.script("r3", "r2", f"INSERT INTO {name}_one VALUES (3)", f"DELETE FROM {name}_one")

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def script(self, revision, parent, up, down, header="upgrade"):
        self.write(f"migrations/{revision}.sql", f"-- cmigrate: revision {revision}\n-- cmigrate: parents {parent}\n\n"
                                                 f"-- cmigrate: {header}\n{up};\n\n-- cmigrate: downgrade\n{down};\n")

    def start(self, *words):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("CMIGRATE_", "PG"))}
        return subprocess.Popen([self.program, *words], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, env={**env, "HOME": self.folder})

    def end(self, run, status=0):
        said = run.communicate(timeout=120)[0]
        truth(run.returncode == status, f"{self.name}: {' '.join(run.args[1:])}: exit {run.returncode}, not {status}\n{said}")
        truth("changed after it was applied" not in said, f"{self.name} takes the other's scripts for its own:\n{said}")
        return said

    def must(self, *words, status=0):
        return self.end(self.start(*words), status)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Place:
    """An engine, its database, and the two projects on it."""

    def __init__(self, program, engine):
        self.program, self.engine = program, engine
        self.kind = ("sqlite" if isinstance(engine, engines.SQLite) else
                     "postgresql" if isinstance(engine, engines.Postgres) else "mysql")
        self.projects = []

    def two(self, **of_a):
        self.url = self.engine.fresh("two")
        self.projects = [Project(self.program, self.url, "a", **of_a), Project(self.program, self.url, "b")]
        return self.projects

    def sql(self, statement):
        if self.kind == "sqlite":
            import sqlite3
            con = sqlite3.connect(self.url[len("sqlite:///"):])
            con.execute(statement)
            con.commit()
            con.close()
            return
        done = self.engine.call(self.url.rsplit("/", 1)[1], statement)
        truth(done.returncode == 0, done.stderr)

    def rows(self, query):
        return self.engine.rows(self.url, query)

    def history(self, name):
        return [row[0] for row in self.rows("SELECT revision FROM cmigrate_history WHERE state = 'done' AND "
                                            f"version_table = '{name}_version' ORDER BY id")]

    def old_layout(self):
        for statement in OLD_LAYOUT[self.kind]:
            self.sql(statement.format(", ".join(c + " TEXT" for c in COLUMNS), ", ".join(COLUMNS)))

    def close(self):
        for project in self.projects:
            project.close()


def both_at_once(place):
    for _ in range(3):
        a, b = place.two()
        runs = [(project, project.start("upgrade")) for project in (a, b)]
        for project, run in runs:
            project.end(run)
        for project in (a, b):
            truth(place.history(project.name) == ["r1", "r2", "r3"], f"history of {project.name}: {place.history(project.name)}")
            project.must("upgrade")
        a.must("downgrade", "base")
        truth(place.rows("SELECT version_num FROM b_version") == [("r3",)], "the other's version has moved")
        for project in (a, b):
            project.close()


def a_failure_is_its_own(place):
    a, b = place.two()
    a.script("r2", "r1", "CREATE TABLE a_two (id INTEGER);\nINSERT INTO nowhere VALUES (1)", "DROP TABLE a_two")
    a.must("upgrade", status=4)
    b.must("upgrade")
    b.must("downgrade", "r1")
    b.must("upgrade")
    a.script("r2", "r1", "CREATE TABLE a_two (id INTEGER);\nINSERT INTO a_one VALUES (1)", "DROP TABLE a_two")
    a.must("upgrade")
    truth(place.rows("SELECT count(*) FROM a_one") == [("2",)], "rows of the project that failed")


def a_live_run_is_not_dead(place):
    if place.kind not in SLEEP:
        return
    a, b = place.two(middle=";\nCREATE TABLE a_more (id INTEGER);\n" + SLEEP[place.kind], header="upgrade no-transaction")
    place.sql("CREATE TABLE calm (id INTEGER)")
    run = a.start("upgrade")
    end = time.time() + 30
    while place.rows("SELECT running FROM cmigrate_history WHERE version_table = 'a_version' AND running = 3") != [("3",)]:
        truth(time.time() < end and run.poll() is None, "the first never came to its third statement")
        time.sleep(0.05)
    b.must("upgrade")
    b.must("downgrade", "base")
    run.send_signal(signal.SIGKILL)
    run.communicate()
    b.must("upgrade")
    place.engine.cut(place.url)
    place.sql("INSERT INTO calm VALUES (1)")
    a.must("upgrade", *(["--resume-at", "3"] if place.kind == "mysql" else []))
    truth(place.history("a") == ["r1", "r2", "r3"], f"history of a: {place.history('a')}")


def the_old_layout_is_taken_over(place):
    a, b = place.two()
    a.must("upgrade", "r2")
    place.old_layout()
    truth("r2" in a.must("current") and not a.must("upgrade", "r2").count("warning"), "it cannot be read as it is")
    a.must("upgrade")
    truth(place.history("a") == ["r1", "r2", "r3"], f"its rows are not its own: {place.history('a')}")
    b.must("upgrade")
    truth(place.history("b") == ["r1", "r2", "r3"], f"history of b: {place.history('b')}")
    a.must("downgrade", "base")
    # Two that shared it: neither can say whose rows they are, and each goes on by itself
    a, b = place.two()
    b.script("s1", "r3", "INSERT INTO b_one VALUES (4)", "DELETE FROM b_one")
    b.must("upgrade")
    place.old_layout()
    for run in [(project, project.start("upgrade")) for project in (a, b)]:
        run[0].end(run[1])
    truth(place.history("a") == ["r1", "r2", "r3"], f"history of a: {place.history('a')}")
    owners = place.rows("SELECT DISTINCT version_table FROM cmigrate_history WHERE revision = 's1'")
    truth(owners in ([("",)], [("b_version",)]), f"the rows of b belong to {owners}")
    b.must("downgrade", "base")
    a.must("downgrade", "base")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("program")
    ap.add_argument("--only", default="sqlite,pg15,pg18,mariadb,mysql")
    args = ap.parse_args()
    engines.Client.mark = f"{os.getpid()}_"
    ran = failed = 0
    for engine in engines.engines(args.only.split(",")):
        for case in (both_at_once, a_failure_is_its_own, a_live_run_is_not_dead, the_old_layout_is_taken_over):
            place = Place(os.path.abspath(args.program), engine)
            ran += 1
            try:
                case(place)
            except (Failed, subprocess.TimeoutExpired) as e:
                failed += 1
                print(f"FAIL on {engine.name}: {case.__name__.replace('_', ' ')}\n  " + str(e).replace("\n", "\n  "))
            finally:
                place.close()
                if hasattr(engine, "recreate"):
                    engine.call(engine.maintenance, engine.recreate(place.url.rsplit("/", 1)[1])[0].split(";")[0])
        engine.close()
    print(f"{ran - failed} of {ran} hold")
    return 77 if not ran else 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
