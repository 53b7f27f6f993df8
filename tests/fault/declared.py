"""Revisions that carry declared rows, killed, failing and cut off at every step: rows in the revision, small files and large ones, added,
changed and deleted, in each mode, beside rows that are not ours. Afterwards every row is there once, and counters are past their ids."""
import os
import shutil
import signal
import subprocess
import threading
import time

from bench import LIMIT, Tally, clean_environment
from engines import Postgres, SQLite

TABLES = """
tables:
  role: {columns: {id: {type: integer, primary_key: true}, name: {type: string(40), nullable: false, unique: true}}}
  permission: {columns: {id: {type: integer, primary_key: true}, name: {type: string(40), nullable: false, unique: true}}}
  role_permission:
    columns: {role: {type: integer, nullable: false, references: role.id}, permission: {type: integer, nullable: false, references: permission.id},
              level: {type: integer}}
    primary_key: [role, permission]
  node: {columns: {id: {type: integer, primary_key: true}, name: {type: string(40), nullable: false, unique: true},
                   parent: {type: integer, references: node.id}}}
  team: {columns: {id: {type: integer, primary_key: true}, name: {type: string(40), nullable: false, unique: true}, head: {type: integer}},
         foreign_keys: {fk_team_head: {columns: [head], references: member(id)}}}
  member: {columns: {id: {type: integer, primary_key: true}, name: {type: string(40), nullable: false, unique: true},
           team: {type: integer, nullable: false, references: team.id}}}
  item: {columns: {id: {type: integer, primary_key: true}, name: {type: string(20)}}}
  tag: {columns: {name: {type: string(20), primary_key: true}, note: {type: text}}}
  country: {columns: {id: {type: integer, primary_key: true}, name: {type: string(60)}, big: {type: boolean}}}
  word: {columns: {id: {type: integer, primary_key: true}, name: {type: string(60), unique: true}}}
  currency: {columns: {code: {type: string(3), primary_key: true}, name: {type: string(40), nullable: false, unique: true}, %s
             rate: {type: "%s"}, note: {type: text}}}
"""
BEFORE = TABLES % ("digits: {type: integer, nullable: false, default: 2},", "numeric(12,4)")
AFTER = TABLES % ("places: {renamed_from: digits, type: bigint, nullable: false, default: 2},", "numeric(14,5)")

# What others have written: some of it is in the way of a declared row
USERS = ("insert into role (name) values ('user'); insert into country (id, name) values (7, 'mine'), (9999, 'a user''s');"
         "insert into currency (code, name, note) values ('XXX', 'nobody''s', 'kept'), ('EUR', 'euro', ''), ('USR', 'a user''s', null);"
         "insert into tag (name, note) values ('b', 'mine'); insert into word (id, name) values (3, 'word 3')")

FIRST = """data:
  role: {key: name, mode: insert, rows: [{name: admin}, {name: user}]}
  permission: {key: name, rows: [{name: edit}, {name: read}]}
  role_permission: [{role: {role.name: admin}, permission: {permission.name: edit}, level: 1}]
  node: {key: name, rows: [{name: leaf, parent: {node.name: twig}}, {name: twig, parent: {node.name: root}}, {name: root},
                           {name: hen, parent: {node.name: egg}}, {name: egg, parent: {node.name: hen}}]}
  team: {key: name, rows: [{name: red, head: {member.name: ann}}]}
  member: {key: name, rows: [{name: ann, team: {team.name: red}}]}
  item: [{id: 5, name: five}, {id: 100, name: hundred}]
  tag: {file: tag.csv}
  country: {file: country.csv}
  word: {mode: insert, file: word.jsonl}
  currency: [{code: EUR, name: Euro, rate: 1.5}, {code: JPY, name: Yen, digits: 0, note: ''}, {code: XXX, name: 'No one''s'}]
"""
SECOND = """data:
  role_permission: {mode: sync, rows: [{role: {role.name: user}, permission: {permission.name: read}, level: 2}]}
  node: {key: name, mode: sync, rows: [{name: root}]}
  item: [{id: 5, name: changed}, {id: 700, name: more}]
  tag: {mode: sync, file: tag.csv}
  country: {mode: sync, owns: "id < 5000", file: country.csv}
  currency: {mode: sync, owns: "code <> 'USR'", rows: [{code: EUR, name: Euros, places: 3}, {code: CHF, name: Franken, rate: 1.25, note: null}]}
"""

LOOK = {  # without the numbers that the server counted: where a try was taken back these have gone on
    "role": "select name from role order by 1",
    "permission": "select name from permission order by 1",
    "role_permission": "select r.name, p.name, level from role_permission x join role r on r.id = x.role join permission p on p.id = x.permission order by 1, 2",
    "node": "select n.name, p.name from node n left join node p on p.id = n.parent order by 1",
    "circle": "select t.name, m.name, n.name from team t left join member m on m.id = t.head left join member n on n.team = t.id order by 1",
    "item": "select id, name from item order by 1",
    "tag": "select name, note, note is null from tag order by 1",
    "country": "select id, name, big from country order by 1",
    "word": "select id, name from word order by 1",
    "currency": "select x.*, note is null from currency x order by code",
    "version": "select version_num from cmigrate_version order by 1",
    "counter": "select last_value >= (select coalesce(max(id), 0) from item) from item_id_seq",  # PostgreSQL's alone
}
UP, DOWN = ("upgrade", "--allow-destructive"), ("downgrade", "{tables}", "--allow-destructive")
ROWS = 1101  # more than a model takes over: they stay in a file of their own, and go in at once


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def country(first, last, changed=()):
    return "id,name,big\n" + "".join(f"{i},{'other' if i in changed else 'name'} {i},{'true' if i % 2 else 'false'}\n" for i in range(first, last + 1))


class Journey:
    """Three revisions, made once for an engine: tables, rows of all kinds, and what changes them; others' rows come after the first."""

    def __init__(self, bench):
        self.bench, self.calm = bench, {}
        self.master = os.path.join(bench.folder, "declared")
        os.makedirs(os.path.join(self.master, "migrations"))
        url = self.connect(self.master, "declared")
        self.revise(BEFORE)
        self.tables = self.newest()
        self.execute(url, USERS)
        write(self.master, "tag.csv", 'name,note\na,\nb,""\n"c, d","say ""x"""\n')
        write(self.master, "country.csv", country(1, ROWS))
        write(self.master, "word.jsonl", "".join('{"id": %d, "name": "word %d"}\n' % (i, i) for i in range(1, ROWS + 1)))
        self.revise(BEFORE + FIRST)
        write(self.master, "tag.csv", 'name,note\na,now\nnew,""\n')
        write(self.master, "country.csv", country(4, ROWS + 3, (11, 12)))
        self.revise(AFTER + SECOND)

    def call(self, folder, *command, **more):
        return self.bench.call(folder, *(word.format(tables=getattr(self, "tables", "")) for word in command), **more)

    def connect(self, folder, label):
        url = self.bench.engine.fresh(label)
        write(folder, "cmigrate.yaml", f'url: "{url}"\nlock_timeout: 30s\n')
        os.chmod(os.path.join(folder, "cmigrate.yaml"), 0o600)
        return url

    def sure(self, folder, *command):
        status, said = self.call(folder, *command)
        if status:
            raise RuntimeError(f"{self.bench.engine.name}: {command} fails before anything was disturbed: {said}")

    def revise(self, model):
        write(self.master, "schema.yaml", model)
        self.sure(self.master, "migrate", "-m", "step", "--no-lint", "--allow-delete")
        self.sure(self.master, *UP)
        self.sure(self.master, "check")

    def newest(self):
        return [name for name in os.listdir(os.path.join(self.master, "migrations")) if name.endswith(".sql")][0].split("_")[1]

    def execute(self, url, sql):
        if isinstance(self.bench.engine, SQLite):
            import sqlite3
            con = sqlite3.connect(url[len("sqlite:///"):])
            con.executescript(sql)
            con.close()
            return
        done = self.bench.engine.call(url.rsplit("/", 1)[1], sql)
        if done.returncode:
            raise RuntimeError(done.stderr)

    def start(self, before):
        """A database with the tables and what others wrote, then brought where `before` leads."""
        folder = os.path.join(self.bench.folder, "declared_try")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.master, folder)
        url = self.connect(folder, "declared_try")
        self.sure(folder, "upgrade", "{tables}")
        self.execute(url, USERS)
        for command in before:
            self.sure(folder, *command)
        return url, folder

    def state(self, url, folder):
        other = self.bench.engine.elsewhere(url) if hasattr(self.bench.engine, "elsewhere") else None
        _, schema = self.call(folder, "inspect", "-q", url=other)
        return {"schema": schema, **{name: self.bench.engine.rows(url, query) for name, query in LOOK.items()}}

    def undisturbed(self, before, command):
        """What must come out, by looking at it; and it is what the laws say."""
        key = (before, command)
        if key not in self.calm:
            url, folder = self.start(())
            first = self.state(url, folder)
            for one in (*before, command):
                self.sure(folder, *one)
            self.calm[key] = self.state(url, folder)
            if command == DOWN and {**self.calm[key], "counter": 0} != {**first, "counter": 0}:
                raise RuntimeError(f"{self.bench.engine.name}: the downgrade does not give back the rows that were there")
        return self.calm[key]

    def judge(self, tally, url, folder, command, want, what, before):
        tally.points += 1
        other = self.bench.engine.elsewhere(url) if hasattr(self.bench.engine, "elsewhere") else None
        status, said = self.call(folder, *command, url=other)
        got = self.state(url, folder)
        if status == 0 and got == want:
            tally.recovered += 1
            return
        differs = [f"{part}: {got[part]}, not {want[part]}"[:400] for part in want if got[part] != want[part]]
        self.bench.fail(tally, what, f"status {status}, differs: {differs}\nfirst it said: {before}\nthen: {said}")


def at_every_step(journey, name, kind, before, command, short):
    bench, tally = journey.bench, Tally("declared rows: " + name)
    want = journey.undisturbed(before, command)
    _, folder = journey.start(before)
    command = tuple(word.format(tables=journey.tables) for word in command)
    names = bench.listed(folder, command)
    for number in bench.sample(names, short, 40 if kind == "kill" else 12):
        if kind == "fail" and names[number - 1] == "committed":
            continue
        url, folder = journey.start(before)
        if kind == "cut":
            run = bench.run_to(folder, command, number)
            if run.stopped():
                bench.engine.cut(url)
                run.go_on()
            _, said = run.end()
        else:
            _, said = journey.call(folder, *command, fault=f"{kind}:{number}")
        journey.judge(tally, url, folder, command, want, f"{kind} at {number} ({names[number - 1]})", said)
    return tally


def at_any_time(journey, before, command, tries):
    """Killed after a part of the time that it takes: also within a statement, while a file is sent."""
    tally = Tally(f"declared rows: killed at any time, {command[0]}")
    want = journey.undisturbed(before, command)
    _, folder = journey.start(before)
    began = time.monotonic()
    journey.sure(folder, *command)
    took = time.monotonic() - began
    for i in range(tries):
        url, folder = journey.start(before)
        words = [word.format(tables=journey.tables) for word in command]
        process = subprocess.Popen([journey.bench.program, *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   stdin=subprocess.DEVNULL, text=True, env=clean_environment())
        timer = threading.Timer(took * (i + 0.5) / tries, process.send_signal, (signal.SIGKILL,))
        timer.start()
        said = process.communicate(timeout=LIMIT)[0]
        timer.cancel()
        journey.judge(tally, url, folder, command, want, f"killed after {i + 0.5}/{tries} of {took:.2f} s", said)
    return tally


def kinds(bench):
    if getattr(bench.engine, "key", "") in ("pgbouncer", "galera"):  # the statements are those of the engine behind it
        return
    made = []

    def run(work, *args):
        if not made:
            made.append(Journey(bench))
        return work(made[0], *args)

    server = not isinstance(bench.engine, SQLite)
    few = 3 if isinstance(bench.engine, (SQLite, Postgres)) else 6  # one transaction each, or a journal
    yield lambda: run(at_every_step, "killed, upgrade", "kill", (), UP, few)
    yield lambda: run(at_every_step, "killed, downgrade", "kill", (UP,), DOWN, few)
    if not bench.long:
        return
    yield lambda: run(at_every_step, "step fails, upgrade", "fail", (), UP, few)
    yield lambda: run(at_every_step, "step fails, downgrade", "fail", (UP,), DOWN, few)
    yield lambda: run(at_any_time, (), UP, 8)
    yield lambda: run(at_any_time, (UP,), DOWN, 8)
    if server:
        yield lambda: run(at_every_step, "sessions ended, upgrade", "cut", (), UP, few)
        yield lambda: run(at_every_step, "sessions ended, downgrade", "cut", (UP,), DOWN, few)
