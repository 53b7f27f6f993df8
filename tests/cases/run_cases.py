#!/usr/bin/env python3
"""Runs .case files: a state to come from, a state to go to, on real engines, through the built program.

    run_cases.py [-k TEXT] [--engine NAME]... [--jobs N] [--share K/N] [--update] CMIGRATE [CASE...]

For each case and engine: the first state is made, rows are put in, `migrate` and `upgrade` lead to the second,
`check` finds nothing, `downgrade` leads back, `upgrade` again; rows stay all the while, and between the states
`inspect` gives the same model each time. Then the same once more by the scripts of `upgrade --sql` and `downgrade --sql`
in the engine's own client (psql, sqlite3, mariadb), which must leave the same rows (on MySQL as many)
and, but for MySQL, refuse what `upgrade` refuses. SQLite is always there; servers by CMIGRATE_TEST_PG13 to _PG18, _MARIADB and
_MYSQL (URLs without a database).

A case is a line that says what holds, then sections, each opened by `-- NAME --`:

    have.yaml, want.yaml          the two states as models; have may be missing (an empty database)
    have.sql, want.sql            the same as SQL for the engine's own client; have.sqlite.sql … for one engine
    data, data.sqlite …           rows, as SQL, put in before the first step
    engines                       the engines that the case speaks of, by words; default: sqlite postgresql mysql; -mariadb: not it
    config                        more lines of cmigrate.yaml
    says                          a text that `migrate` prints or writes into the script
    options                       more arguments of `migrate`
    nodiff                        the two states are one: `check` says so, and `migrate` writes nothing
    refused                       `upgrade` exits 4 with this text in its message, and the rows and the schema stay
    loses                         rows may be gone afterwards
    up                            SQL run after the upgrade; what its last statement puts out (values by |) must be the section `gives`

The script that `migrate` writes, with its comments, is golden/ENGINE/CASE.sql, to the letter: for SQLite, PostgreSQL 18, MySQL and
MariaDB. Other versions of PostgreSQL may write another one, which is not compared.

A case makes nothing that belongs to the whole server (a role, a tablespace): with --jobs several run at once.
With --share K/N (or CASES_SHARE=K/N) only each N-th case runs, by its name; every K from 0 to N-1 gives all.
With CASES_BUT=K/N all but these run on servers, for another build has them (.ci/run), and those of the next K run their scripts of --sql.
With --without-offline (or CASES_WITHOUT_OFFLINE=1) the scripts of --sql are left out: a third of the time.
With TESTS_THIRD=0, 1 or 2 they are run on servers for each third case, and with --beside ENGINE, where the environment names a
server of that name, only each third case is run at all, by its name; the three numbers together give all.
With --update (or UPDATE_CASES=1) the golden scripts are written instead of compared: read what changed before you commit it. Exit status: 0 all pass, 1 some fail, 77 none ran.
"""
import argparse
import glob
import json
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from engines import Failed, Server, SQLite

GOLDEN = {"sqlite": "sqlite", "pg18": "postgresql", "mysql": "mysql", "mariadb": "mariadb"}  # the folder of an engine's scripts
SECTION = re.compile(r"^-- ([a-z0-9.]+) --$", re.M)


class Case:
    def __init__(self, path):
        self.path = path
        self.name = os.path.splitext(os.path.basename(path))[0]
        text = open(path, encoding="utf-8").read()
        parts = SECTION.split(text)
        self.title = parts[0].strip()
        self.sections = {}
        for name, body in zip(parts[1::2], parts[2::2]):
            self.sections[name] = body.lstrip("\n") if name.endswith(".sql") else body.strip("\n") + "\n"

    def get(self, name, engine=None):
        if engine and f"{name}.{engine}" in self.sections:
            return self.sections[f"{name}.{engine}"]
        return self.sections.get(name)

    def sql(self, side, engine):
        return self.sections.get(f"{side}.{engine}.sql", self.sections.get(f"{side}.sql"))

    def speaks_of(self, engine):
        words = (self.get("engines") or "sqlite postgresql mysql").split()
        return (engine.dialect in words or engine.name in words) and "-" + engine.name not in words

    def may_write(self, folder):
        """Whether a script of this case may be golden in that folder."""
        words = (self.get("engines") or "sqlite postgresql mysql").split()
        names = {"postgresql": ("postgresql", "pg18"), "mariadb": ("mysql", "mariadb")}.get(folder, (folder,))
        return self.get("nodiff") is None and any(name in words for name in names) and "-" + names[-1] not in words


class Project:
    def __init__(self, program, path, url, config=""):
        self.program, self.path = program, path
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(os.path.join(path, "migrations"))
        self.write("cmigrate.yaml", f"url: {json.dumps(url)}\n{config}")

    def write(self, name, text):
        with open(os.path.join(self.path, name), "w", encoding="utf-8") as f:
            f.write(text)

    def call(self, *args):
        p = subprocess.run([self.program, *args], cwd=self.path, capture_output=True, text=True, timeout=120,
                           stdin=subprocess.DEVNULL, env={k: v for k, v in os.environ.items() if not k.startswith("CMIGRATE_")})
        return p.returncode, p.stdout, p.stderr

    def must(self, *args):
        code, out, err = self.call(*args)
        if code:
            raise Failed(f"cmigrate {' '.join(args)}: exit {code}\n{out}{err}")
        return out

    def scripts(self):
        return sorted(glob.glob(os.path.join(self.path, "migrations", "*.sql")))


def body(script):
    """The sections of a script, without its head, which has another revision and time in each run."""
    text = open(script, encoding="utf-8").read()
    return text[text.index("-- cmigrate: upgrade"):]


def golden(case, engine, script, update):
    """Compares the script that people read with the one that was read before, or keeps it."""
    if engine.name not in GOLDEN:
        return
    path, got = os.path.join(HERE, "golden", GOLDEN[engine.name], case.name + ".sql"), body(script)
    if update:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(got)
        return
    if not os.path.exists(path):
        raise Failed(f"there is no {path}: run_cases.py --update --engine {engine.name} writes it\n{got}")
    expected = open(path, encoding="utf-8").read()
    if expected != got:
        raise Failed(f"migrate writes another script than {path}\n{difference(expected, got)}")


def without_case(cases):
    """Golden scripts whose case is gone, or speaks no more of their engine."""
    names = {dialect: {case.name for case in cases if case.may_write(dialect)} for dialect in GOLDEN.values()}
    return [path for path in glob.glob(os.path.join(HERE, "golden", "*", "*.sql"))
            if os.path.basename(path)[:-4] not in names.get(os.path.basename(os.path.dirname(path)), ())]


def state(case, side, engine, program, work):
    """The model of one side of the case: as it stands, or read from a database that its SQL makes."""
    model = case.get(f"{side}.yaml")
    if model is not None:
        return model
    sql = case.sql(side, engine.dialect)
    if sql is None:
        return "tables: {}\n" if side == "have" else None
    url = engine.fresh(work)
    engine.run(sql)
    return Project(program, os.path.join(work, "other"), url).must("inspect")


def kept(before, after):
    return [name for name, count in before.items() if name in after and after[name] != count]


def run_case(case, engine, program, work, args):
    want = state(case, "want", engine, program, work)
    if want is None:
        raise Failed("the case has no want.yaml and no want.sql")
    url = engine.fresh(work)
    project = Project(program, os.path.join(work, "project"), url, case.get("config") or "")
    have_sql = case.sql("have", engine.dialect) if case.get("have.yaml") is None else None
    if have_sql is not None:
        engine.run(have_sql)
    else:
        project.write("schema.yaml", state(case, "have", engine, program, work))
        project.must("migrate", "-m", "have")
        project.must("upgrade")
        project.must("check")
    data = case.get("data", engine.dialect)
    if data:
        engine.run(data)
    first, rows = project.must("inspect"), engine.counts()
    known = len(project.scripts())
    project.write("schema.yaml", want)
    if case.get("nodiff") is not None:
        project.must("check")
        project.must("migrate", "-m", "want")
        if len(project.scripts()) != known:
            raise Failed("migrate wrote a revision:\n" + body(project.scripts()[-1]))
        return
    said = project.must("migrate", "-m", "want", *(case.get("options") or "").split())
    if len(project.scripts()) == known:
        raise Failed("migrate wrote no revision")
    written = [s for s in project.scripts() if "_want" in os.path.basename(s)][0]
    for text in (case.get("says") or "").splitlines():
        if text not in said and text not in open(written, encoding="utf-8").read():
            raise Failed(f"migrate does not say '{text}':\n{said}{open(written, encoding='utf-8').read()}")
    golden(case, engine, written, args.update)
    if case.get("refused"):
        code, out, err = project.call("upgrade")
        if code != 4 or case.get("refused").strip() not in " ".join((out + err).split()):
            raise Failed(f"upgrade was to be refused (exit 4), but: exit {code}\n{out}{err}")
        if project.must("inspect") != first or engine.counts() != rows:
            raise Failed("the refused upgrade changed something")
        if engine.dialect == "mysql":  # what was done before the refusal stays
            return
        lower = json.loads(project.must("current", "--format", "json"))["current"]
        p = engine.client(project.must("upgrade", "--sql", f"{lower[0] if lower else 'base'}:head"))
        if not p.returncode or project.must("inspect") != first or engine.counts() != rows:
            raise Failed(f"the script of the refused upgrade was not refused by the client, or changed something: {p.stderr}")
        return
    second, after = up(case, engine, project, want, first, rows, written)
    if not args.without_offline and (engine.name == "sqlite" or is_in_share(case, args.third)):
        offline(case, engine, project, Start(have_sql, data, first, known > 0), second, after, work)


class Start:
    """The first state of a case, to be made once more."""

    def __init__(self, sql, data, model, by_revision):
        self.sql, self.data, self.model, self.by_revision = sql, data, model, by_revision


def offline(case, engine, project, start, second, after, work):
    """What `upgrade --sql` and `downgrade --sql` print, run by the engine's own client, gives what `upgrade` gave."""
    engine.fresh(work)
    heads = [r["revision"] for r in reversed(json.loads(project.must("history", "--format", "json")))]
    lower = heads[-2] if len(heads) > 1 else "base"
    if start.sql is not None:
        engine.run(start.sql)
    if lower != "base":
        by_client(engine, project, "upgrade", f"base:{lower}")
    if start.data:
        engine.run(start.data)
    by_client(engine, project, "upgrade", f"{lower}:head")
    project.must("check")
    same("the offline script did not lead to what upgrade made", second, project.must("inspect"))
    if engine.rows() != after:
        raise Failed(f"the offline script left other rows:\n{engine.rows()}\n{after}")
    by_client(engine, project, "upgrade", f"{lower}:head", again=True)
    same("the same script, run again, changed something", second, project.must("inspect"))
    if engine.rows() != after:
        raise Failed(f"the same script, run again, changed rows:\n{engine.rows()}\n{after}")
    schema = re.search(r"^version_table: (\w+\.)", case.get("config") or "", re.M)
    history = (schema.group(1) if schema else "") + "cmigrate_history"
    entries = engine.ask(f"select direction, state, revision from {history} order by id").split()
    if entries != [f"upgrade|done|{head}" for head in heads]:
        raise Failed(f"the offline script wrote another history: {entries}")
    by_client(engine, project, "downgrade", f"head:{lower}")
    same("the offline downgrade did not lead back", start.model, project.must("inspect"))


def by_client(engine, project, command, span, again=False):
    script = project.must(command, "--sql", span)
    p = engine.client(script)
    if again and not p.returncode:
        raise Failed(f"the engine's client ran the script of {command} --sql {span} a second time\n{script}")
    if p.returncode and not again:
        raise Failed(f"the engine's client refused the script of {command} --sql {span}: {p.stderr.strip()}\n{script}")


def same(what, expected, got):
    # a column that comes back stands last where the engine cannot place it
    if sorted(expected.splitlines()) != sorted(got.splitlines()):
        raise Failed(what + "\n" + difference(expected, got))


def up(case, engine, project, want, first, rows, written):
    project.must("upgrade")
    project.must("check")
    project.must("diff", "model", "database", "--exit-code")
    if case.get("up"):
        given = engine.ask(case.get("up"))
        if given.split() != (case.get("gives") or "").split():
            raise Failed(f"after the upgrade, {case.get('up').strip()} gives\n{given}")
    second, after, contents = project.must("inspect"), engine.counts(), engine.rows()
    if kept(rows, after) and case.get("loses") is None:
        raise Failed(f"rows were lost in {kept(rows, after)}: {rows} became {after}")
    # a server makes a database for it, so there it is a fourth of the cases
    if case.get("have.yaml") is not None and (engine.dialect == "sqlite" or sum(case.name.encode()) % 4 == 0):
        project.must("check", "--history")
    project.must("downgrade", "-1")
    same("downgrade did not lead back\n" + open(written).read(), first, project.must("inspect"))
    if kept(rows, engine.counts()) and case.get("loses") is None:
        raise Failed(f"rows were lost by the downgrade in {kept(rows, engine.counts())}")
    project.must("upgrade")
    same("the second upgrade did not lead to the same", second, project.must("inspect"))
    if engine.dialect != "postgresql":  # there `check` has already found nothing in a schema that reads the same
        project.must("check")
    return second, contents


def difference(a, b):
    a, b = a.splitlines(), b.splitlines()
    return "\n".join(["- " + l for l in a if l not in b] + ["+ " + l for l in b if l not in a]) + "\n"


def engines_of(wanted, worker):
    """SQLite and the servers that the environment names, for one worker."""
    found = [SQLite()]
    for name, dialect in (*((f"pg{v}", "postgresql") for v in range(13, 19)), ("mariadb", "mysql"), ("mysql", "mysql")):
        url = os.environ.get("CMIGRATE_TEST_" + name.upper())
        if url:
            found.append(Server(name, dialect, url, worker))
    return [engine for engine in found if not wanted or engine.name in wanted]


def is_in_share(case, share):
    part, _, whole = share.partition("/")
    return zlib.crc32(case.name.encode()) % int(whole) == int(part)


def run_one(case, engine, args):
    """Whether the case holds; says it when not."""
    work = tempfile.mkdtemp(prefix="cmcase-")
    try:
        run_case(case, engine, os.path.abspath(args.program), work, args)
        return True
    except (Failed, subprocess.TimeoutExpired) as e:
        print(f"FAIL {case.name} on {engine.name}: {case.title}\n  " + str(e).replace("\n", "\n  "), flush=True)
        return False
    finally:
        try:
            engine.drop()
        except Failed as e:
            print(f"  (could not drop the database: {e})", flush=True)
        shutil.rmtree(work, ignore_errors=True)


def work_off(todo, worker, args, results):
    """One of the workers: takes cases, each with the number of its engine, until there are none."""
    engines = engines_of(args.engine, worker)
    while True:
        try:
            case, number = todo.get_nowait()
        except queue.Empty:
            return
        held = False
        try:
            held = run_one(case, engines[number], args)
        finally:
            results.append(held)


def arguments():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program")
    ap.add_argument("cases", nargs="*")
    ap.add_argument("-k", default="", help="only cases whose name holds this text")
    ap.add_argument("--engine", action="append", help="sqlite, pg13 to pg18, mariadb, mysql; default: all that are there")
    ap.add_argument("--jobs", type=int, default=1, help="so many cases at once")
    ap.add_argument("--share", default=os.environ.get("CASES_SHARE") or "0/1", metavar="K/N", help="each N-th case")
    ap.add_argument("--without-offline", action="store_true", default=bool(os.environ.get("CASES_WITHOUT_OFFLINE")),
                    help="leave out the scripts of --sql in the engine's own client")
    ap.add_argument("--beside", metavar="ENGINE", help="where the environment names a server of that name: without the scripts "
                    "of --sql, and with TESTS_THIRD only each third case")
    ap.add_argument("--update", action="store_true", default=bool(os.environ.get("UPDATE_CASES")))
    ap.add_argument("--list", action="store_true", help="only name them: a case and its engine a line")
    args = ap.parse_args()
    third = os.environ.get("TESTS_THIRD")
    args.third = f"{third}/3" if third else "0/1"
    args.but = os.environ.get("CASES_BUT")
    if args.but:
        part, _, whole = args.but.partition("/")
        args.third = f"{(int(part) + 1) % int(whole)}/{whole}"
    if args.beside and os.environ.get("CMIGRATE_TEST_" + args.beside.upper()):
        args.without_offline, args.but = True, None
        args.share = f"{third}/3" if third else args.share
    return args


def main():
    args = arguments()
    engines = engines_of(args.engine, "list")
    paths = args.cases or sorted(glob.glob(os.path.join(HERE, "*.case")))
    cases = [case for case in map(Case, paths) if args.k in case.name]
    chosen = [(case, number) for case in cases for number, engine in enumerate(engines)
              if case.speaks_of(engine) and is_in_share(case, args.share)
              and (engine.name == "sqlite" or not args.but or not is_in_share(case, args.but))]
    if args.list:
        print("".join(f"{case.name} {engines[number].name}\n" for case, number in chosen), end="")
        return 0
    todo, results = queue.Queue(), []
    for each in chosen:
        todo.put(each)
    workers = [threading.Thread(target=work_off, args=(todo, worker, args, results))
               for worker in range(max(1, args.jobs))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    stale = [] if args.cases else without_case([Case(path) for path in paths])
    for path in stale:
        print(f"FAIL {path}: no case writes it")
    passed = sum(results)
    print(f"{passed} of {len(chosen)} pass")
    return 77 if not chosen else 0 if passed == len(chosen) and not stale else 1


if __name__ == "__main__":
    sys.exit(main())
