"""What the live tests share: servers by their addresses, databases that are dropped, projects, and a list of cases.

    @case
    def a_sentence_that_holds(t): ...

    main()      # test_x.py CMIGRATE [-k TEXT]: all cases on each server; 0 all hold, 1 some do not, 77 no server

A case gets a Test: its server's address, its database, its project, and what it asks of them.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import sqlclient

POSTGRESQL = ("pg15", "pg18")
cases = []


class Failed(Exception):
    pass


def case(function):
    cases.append(function)
    return function


def truth(holds, what):
    if not holds:
        raise Failed(what)


class Test:
    def __init__(self, program, name, url):
        self.program, self.name, self.server = program, name, url.rstrip("/")
        self.database = f"cmlive_{os.getpid()}"
        self.url = f"{self.server}/{self.database}"
        self.path = tempfile.mkdtemp(prefix="cmlive-")
        self.roles, self.databases = [], [self.database]
        self.admin(f"drop database if exists {self.database} with (force)", f"create database {self.database} template template0 strategy file_copy")
        os.mkdir(os.path.join(self.path, "migrations"))
        self.config()

    def close(self):
        for database in self.databases:
            self.admin(f"drop database if exists {database} with (force)")
        for role in self.roles:
            self.admin(f"drop role if exists {role}")
        shutil.rmtree(self.path, ignore_errors=True)

    # ---- the server

    def psql(self, url, *statements):
        server, _, database = url.rpartition("/")
        done = sqlclient.of(server).run("".join(s + ";\n" for s in ("set client_min_messages = error",) + statements), database)
        if done.returncode:
            raise Failed(f"the server refused the test's SQL: {done.stderr.decode('utf-8', 'replace').strip()}")
        return done.stdout.decode()

    def admin(self, *statements):
        self.psql(f"{self.server}/postgres", *statements)

    def sql(self, *statements):
        return self.psql(self.url, *statements).strip()

    def role(self, name, options=""):
        """A role of this test alone; dropped with it."""
        name = f"{name}_{os.getpid()}"
        self.admin(f"create role {name} {options}")
        self.roles.append(name)
        return name

    def session(self):
        """A session that stays open; what is written to it is run at once."""
        return Session(self.url)

    def wait(self, query, seconds=15):
        """Until the query gives something."""
        end = time.time() + seconds
        while not (got := self.sql(query)):
            truth(time.time() < end, f"waited in vain for: {query}")
            time.sleep(0.05)
        return got

    # ---- the project

    def config(self, **settings):
        self.write("cmigrate.yaml", "".join(f"{k}: {json.dumps(v)}\n" for k, v in {"url": self.url, **settings}.items()))

    def write(self, name, text):
        with open(os.path.join(self.path, name), "w", encoding="utf-8") as f:
            f.write(text)

    def read(self, name):
        with open(os.path.join(self.path, name), encoding="utf-8") as f:
            return f.read()

    def model(self, change=None):
        """The database as the model, with some words put in others' place."""
        self.must("inspect", "-o", os.path.join(self.path, "read.yaml"))
        text = self.read("read.yaml")
        os.remove(os.path.join(self.path, "read.yaml"))
        for old, new in (change or {}).items():
            truth(old in text, f"the model has no '{old}':\n{text}")
            text = text.replace(old, new)
        self.write("schema.yaml", text)

    def start(self, *args, env=None):
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("CMIGRATE_", "PG"))}
        return subprocess.Popen([self.program, *args], cwd=self.path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, env={**clean, "HOME": self.path, **(env or {})})

    @staticmethod
    def hear(run, words):
        """Until a run that was started says these words; all that it has said."""
        said = ""
        while words not in said:
            line = run.stderr.readline()
            truth(line, f"it ended without '{words}':\n{said}")
            said += line
        return said

    def call(self, *args, env=None):
        p = self.start(*args, env=env)
        out, err = p.communicate(timeout=120)
        return p.returncode, out if "json" in args and out else out + err  # a wait for a lock is told beside the answer

    def must(self, *args, env=None, status=0, says=()):
        code, said = self.call(*args, env=env)
        truth(code == status, f"cmigrate {' '.join(args)}: exit {code}, not {status}\n{said}")
        for text in (says,) if isinstance(says, str) else says:
            truth(text in " ".join(said.split()) or text in said, f"cmigrate {' '.join(args)} does not say '{text}':\n{said}")
        return said

    def scripts(self):
        folder = os.path.join(self.path, "migrations")
        return [os.path.join(folder, f) for f in sorted(os.listdir(folder)) if f.endswith(".sql")]

    def migrate(self, *args, status=0, says=()):
        """Writes a revision; its text."""
        before = self.scripts()
        self.must("migrate", "-m", "change", *args, status=status, says=says)
        new = [s for s in self.scripts() if s not in before]
        return open(new[0], encoding="utf-8").read() if new else ""


class Session:
    def __init__(self, url):
        self.p = subprocess.Popen(["psql", "-XqAt", url], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, text=True)

    def run(self, sql):
        self.p.stdin.write(sql + ";\n\\echo done\n")
        self.p.stdin.flush()
        out = []
        while (line := self.p.stdout.readline().rstrip("\n")) not in ("done", ""):
            out.append(line)
        return out

    def close(self):
        self.p.stdin.close()
        self.p.wait()


def left_to_the_newer(function, name):
    """With TESTS_THIRD=0, 1 or 2 the older of two versions that are there has each third case, by its name."""
    third = os.environ.get("TESTS_THIRD")
    older = name == "pg15" and os.environ.get("CMIGRATE_TEST_PG18")
    return third and older and zlib.crc32(function.__name__.encode()) % 3 != int(third)


def main(engines=POSTGRESQL):
    ap = argparse.ArgumentParser()
    ap.add_argument("program")
    ap.add_argument("-k", default="", help="only cases whose name holds this text")
    args = ap.parse_args()
    ran = failed = 0
    for name in engines:
        url = os.environ.get("CMIGRATE_TEST_" + name.upper())
        for function in cases if url else ():
            if args.k not in function.__name__ or left_to_the_newer(function, name):
                continue
            title = re.sub("_", " ", function.__name__)
            ran += 1
            t = Test(os.path.abspath(args.program), name, url)
            try:
                function(t)
            except (Failed, subprocess.TimeoutExpired) as e:
                failed += 1
                print(f"FAIL on {name}: {title}\n  " + str(e).replace("\n", "\n  "))
            finally:
                t.close()
    print(f"{ran - failed} of {ran} hold")
    return 77 if not ran else 1 if failed else 0
