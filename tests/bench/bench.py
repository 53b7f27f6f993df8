"""Time and memory of cmigrate beside a peer that does the nearest thing, in the same run, turn by turn.

Prints one line for each measurement: medians, their ratio, and the limit that the ratio is held to. Exit status 1 when
a limit is passed (with --strict) or a command fails; a peer or a server that is not there is told and left out.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from urllib.parse import urlparse

import lint_speed
import workload

HERE = os.path.dirname(os.path.abspath(__file__))
SID = os.path.join(HERE, "..", "support", "sid.sh")


class Failed(Exception):
    pass


class Bench:
    def __init__(self, args, work):
        self.args, self.work, self.over = args, work, 0
        self.measure = os.path.abspath(os.path.join(args.build, "tests", "bench", "bench_measure"))
        self.cmigrate = os.path.abspath(os.path.join(args.build, "cmigrate"))

    def run(self, command, cwd=None, stdin=None):
        """Seconds, peak memory (KiB) and seconds of processor of one process."""
        taken, said = os.path.join(self.work, "taken"), os.path.join(self.work, "said")
        with open(stdin or os.devnull, "rb") as given, open(said, "wb") as out:
            status = subprocess.run([self.measure, taken, *command], cwd=cwd, stdin=given, stdout=out, stderr=out, check=False)
        if status.returncode != 0:
            with open(said, errors="replace") as f:
                raise Failed(f"{' '.join(command)}: exit {status.returncode}\n{f.read()[-1500:]}")
        with open(taken) as f:
            seconds, memory, busy = f.read().split()
        return float(seconds), int(memory), float(busy)

    def compare(self, title, ours, peer, peer_name, limit=None):
        """Prints medians of seconds, and the most memory that either took. Each is a function that gives what run() gives.
        Turn by turn, so that a busy machine disturbs both."""
        mine, theirs, busy, memory, its = [], [], ([], []), 0, 0
        if peer:
            peer()  # warm
        ours()
        for _ in range(self.args.runs):
            seconds, used, processor = ours()
            mine.append(seconds)
            busy[0].append(processor)
            memory = max(memory, used)
            if peer:
                seconds, used, processor = peer()
                its = max(its, used)
                theirs.append(seconds)
                busy[1].append(processor)
        a = statistics.median(mine)
        line = f"{title:<46} {a * 1000:9.1f} ms {memory / 1024:6.1f} MB"
        if peer:
            b = statistics.median(theirs)
            ratio = a / b
            processor = statistics.median(busy[0]) / statistics.median(busy[1])
            line += f"   {peer_name} {b * 1000:9.1f} ms {its / 1024:6.1f} MB   ratio {ratio:.3g} (of processor {processor:.3g})"
            if limit is not None:
                over = ratio > limit
                self.over += over
                line += f" {'OVER' if over else 'within'} {limit:g}"
        print(line, flush=True)

    def project(self, name, url, model=None):
        path = os.path.join(self.work, name)
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(os.path.join(path, "migrations"))
        with open(os.path.join(path, "cmigrate.yaml"), "w") as f:
            f.write(f"url: {url}\nschema: schema.yaml\ndirectory: migrations\n")
        with open(os.path.join(path, "schema.yaml"), "w") as f:
            f.write(model or "tables: {}\n")
        return path

    def ours(self, project, *words):
        return lambda: self.run([self.cmigrate, *words], cwd=project)

    def upgraded(self, name, url, model):
        project = self.project(name, url, model)
        self.run([self.cmigrate, "migrate", "-q", "-m", "all"], cwd=project)
        self.run([self.cmigrate, "upgrade", "-q"], cwd=project)
        return project

    # --- engines ---------------------------------------------------------------------------------

    def sqlite(self, count, model):
        db = os.path.join(self.work, "bench.db")
        project = self.upgraded("sqlite", f"sqlite:///{db}", model)
        self.compare(f"sqlite check, {count} tables", self.ours(project, "check"),
                     lambda: self.run(["sqlite3", db, ".schema"]), "sqlite3 .schema", 2)
        self.compare(f"sqlite current, {count} tables", self.ours(project, "current"),
                     lambda: self.run(["sqlite3", db, "select * from cmigrate_version"]), "sqlite3 select", 2)

        (script,) = os.listdir(os.path.join(project, "migrations"))
        with open(os.path.join(project, "migrations", script)) as f:
            upgrade = re.split(r"(?m)^-- cmigrate: (?:upgrade|downgrade).*\n", f.read())[1]
        plain = os.path.join(self.work, "plain.sql")
        with open(plain, "w") as f:
            f.write(f"BEGIN IMMEDIATE;\n{upgrade}\nCOMMIT;\n")

        def from_nothing():
            fresh = self.project("fresh", f"sqlite:///{self.work}/fresh.db", model)
            remove(f"{self.work}/fresh.db")
            a = self.run([self.cmigrate, "migrate", "-q", "-m", "all"], cwd=fresh)
            b = self.run([self.cmigrate, "upgrade", "-q"], cwd=fresh)
            return a[0] + b[0], max(a[1], b[1]), a[2] + b[2]

        def by_shell():
            remove(f"{self.work}/shell.db")
            return self.run(["sqlite3", "-bail", f"{self.work}/shell.db"], stdin=plain)

        self.compare(f"sqlite migrate + upgrade, {count} tables", from_nothing, by_shell, "sqlite3 < script", 1.5)

    def database(self, url, create, client):
        """A new database on a server; its URL. `client` runs one statement."""
        name = f"cmigrate_bench_{os.getpid()}"
        client(f"DROP DATABASE IF EXISTS {name}")
        client(create.format(name))
        return name, f"{url}/{name}"

    def postgresql(self, label, url, dump, count, model):
        def client(sql):
            self.run(["psql", "-qX", f"{url}/postgres", "-c", sql])

        name, database = self.database(url, "CREATE DATABASE {}", client)
        try:
            project = self.upgraded(label, database, model)
            self.compare(f"{label} check, {count} tables", self.ours(project, "check"),
                         lambda: self.run([*dump, "--schema-only", database]), "pg_dump --schema-only", 1)
        finally:
            client(f"DROP DATABASE {name}")

    def mysql(self, label, url, dump, limit, count, model):
        parts = urlparse(url)
        login = ["-h", parts.hostname, "-P", str(parts.port), "-u", parts.username, f"-p{parts.password}"]

        def client(sql):
            self.run(["mariadb", *login, "-e", sql])

        name, database = self.database(url, "CREATE DATABASE {}", client)
        try:
            project = self.upgraded(label, database, model)
            self.compare(f"{label} check, {count} tables", self.ours(project, "check"),
                         lambda: self.run([*dump, *login, "--no-data", name]), f"{os.path.basename(dump[-1])} --no-data", limit)
            if self.alembic("pymysql"):
                self.compare(f"{label} check, {count} tables", self.ours(project, "check"),
                             self.alembic_check(label, database, count), "alembic check", 0.1)
        finally:
            client(f"DROP DATABASE {name}")

    def lint(self, label, dialect, url, client, limit=None):
        """100 revisions of ten statements and half of them, beside the engine's own client that only executes what lint executes:
        both grow alike, for SQLite reads its whole schema for each ALTER TABLE."""
        for count in (50, 100):
            folder, script = os.path.join(self.work, f"lint-{label}-{count}"), os.path.join(self.work, "lint.sql")
            lint_speed.write_history(folder, dialect, url, count)
            lint_speed.write_engine_script(script, dialect, count)
            self.compare(f"{label} lint, {count} revisions", self.ours(folder, *lint_speed.LINT),
                         lambda: client(script), "executing alone", limit)

    def lint_sqlite(self):
        self.lint("sqlite", "sqlite", "sqlite:///lint.db", lambda script: self.run(["sqlite3", "-bail", ":memory:"], stdin=script), 3)

    def lint_postgresql(self, label, url):
        def execute(script):
            self.run(["psql", "-qX", f"{url}/postgres", "-c", f"DROP DATABASE IF EXISTS {name}", "-c", f"CREATE DATABASE {name}"])
            return self.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", f"{url}/{name}", "-f", script])

        name = f"cmigrate_bench_lint_{os.getpid()}"
        try:
            execute(os.devnull)
            self.lint(label, "postgresql", f"{url}/{name}", execute)
        finally:
            self.run(["psql", "-qX", f"{url}/postgres", "-c", f"DROP DATABASE IF EXISTS {name}"])

    # --- many revisions --------------------------------------------------------------------------

    def history(self, count):
        project = self.project("history", "sqlite:///bench.db")
        shutil.rmtree(os.path.join(project, "migrations"))
        workload.revisions(os.path.join(project, "migrations"), count)
        peer = None
        if self.alembic():
            folder = self.alembic_project("alembic-history", "sqlite:///bench.db", "metadata = None\n")
            workload.alembic_revisions(os.path.join(folder, "versions"), count)
            peer = folder
        for word in ("heads", "history", "validate"):
            self.compare(f"{word}, {count} revisions", self.ours(project, word),
                         peer and (lambda: self.run([*self.alembic(), "heads"], cwd=peer)), "alembic heads", 0.02)

    def python(self, *modules):
        """An interpreter that has Alembic: this one, or the system's."""
        probe = ", ".join(["import alembic, sqlalchemy, alembic.config", *modules])
        for python in (sys.executable, "/usr/bin/python3"):
            if not self.args.no_alembic and \
                    subprocess.run([python, "-c", probe], stderr=subprocess.DEVNULL, check=False).returncode == 0:
                return python
        return None

    def alembic(self, *modules):
        python = self.python(*modules)
        return python and [python, "-c", "from alembic.config import main; main()"]

    def alembic_project(self, name, url, models):
        path = os.path.join(self.work, name)
        os.makedirs(path)
        files = {
            "alembic.ini": f"[alembic]\nscript_location = .\nsqlalchemy.url = {url}\n",
            "script.py.mako": "",
            "models.py": models,
            "env.py": "import sys\nsys.path.insert(0, '.')\nfrom alembic import context\nfrom sqlalchemy import create_engine\n"
                      "import models\nengine = create_engine(context.config.get_main_option('sqlalchemy.url'))\n"
                      "with engine.connect() as connection:\n"
                      "    context.configure(connection=connection, target_metadata=models.metadata,\n"
                      "                      include_name=lambda n, t, p: not (t == 'table' and n.startswith('cmigrate_')))\n"
                      "    with context.begin_transaction():\n        context.run_migrations()\n",
        }
        for file, text in files.items():
            with open(os.path.join(path, file), "w") as f:
                f.write(text)
        return path

    def alembic_check(self, label, url, count):
        """What `alembic check` does since 1.9, by the functions that it calls, so that older ones take part."""
        folder = self.alembic_project(f"alembic-{label}", url, workload.models(count))
        with open(os.path.join(folder, "check.py"), "w") as f:
            f.write("import alembic.config, sys\nfrom alembic.autogenerate import compare_metadata\n"
                    "from alembic.migration import MigrationContext\nfrom sqlalchemy import create_engine\nimport models\n"
                    f"with create_engine({url.replace('mysql://', 'mysql+pymysql://')!r}).connect() as connection:\n"
                    "    context = MigrationContext.configure(connection, opts={'compare_type': True})\n"
                    "    print(len(compare_metadata(context, models.metadata)))\n")
        return lambda: self.run([self.python("pymysql"), "check.py"], cwd=folder)


def remove(path):
    for suffix in ("", "-journal", "-wal", "-shm"):
        if os.path.exists(path + suffix):
            os.remove(path + suffix)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("build", nargs="?", default="build")
    ap.add_argument("--tables", type=int, default=1000)
    ap.add_argument("--revisions", type=int, default=10000)
    ap.add_argument("--runs", type=int, default=7)
    ap.add_argument("--quick", action="store_true", help="100 tables, 1,000 revisions, 5 runs")
    ap.add_argument("--strict", action="store_true", help="exit 1 where a limit is passed")
    ap.add_argument("--no-alembic", action="store_true")
    ap.add_argument("--only", help="sqlite, pg15, pg18, mysql, mariadb, history; several with commas")
    args = ap.parse_args()
    if args.quick:
        args.tables, args.revisions, args.runs = 100, 1000, 5

    wanted = args.only.split(",") if args.only else ["sqlite", "pg15", "pg18", "mysql", "mariadb", "history"]
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # the disk is not what is measured
    work = tempfile.mkdtemp(prefix="cmigrate-bench-", dir=memory)
    bench, failed = Bench(args, work), 0
    model = workload.model(args.tables)
    sid = subprocess.run([SID, "check"], check=False).returncode == 0
    try:
        for what in wanted:
            url = os.environ.get(f"CMIGRATE_TEST_{what.upper()}")
            try:
                if what == "sqlite":
                    bench.sqlite(args.tables, model)
                    bench.lint_sqlite()
                elif what == "history":
                    bench.history(args.revisions)
                elif not url:
                    print(f"{what}: no server (CMIGRATE_TEST_{what.upper()}), left out")
                elif what.startswith("pg"):
                    dump = [SID, "run", "pg_dump"] if sid else ["pg_dump"]
                    bench.postgresql(what, url, dump, args.tables, model)
                    bench.lint_postgresql(what, url)
                elif what == "mysql":
                    bench.mysql(what, url, [SID, "run", "mysqldump"] if sid else ["mariadb-dump"], 0.1, args.tables, model)
                else:
                    bench.mysql(what, url, ["mariadb-dump"], None, args.tables, model)
            except Failed as e:
                print(f"{what}: FAILED: {e}")
                failed += 1
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return 1 if failed or (args.strict and bench.over) else 0


if __name__ == "__main__":
    sys.exit(main())
