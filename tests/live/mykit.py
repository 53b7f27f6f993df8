"""As kit.py, for MySQL and MariaDB: a database of the test's own, a project, and what a case asks of them.

    @case
    def a_sentence_that_holds(t): ...

    main()      # test_x.py CMIGRATE [-k TEXT] [--server NAME]
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.parse

SERVERS = ("mariadb", "mysql")
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
        self.path = tempfile.mkdtemp(prefix="cmlive-")
        self.users = []
        at = urllib.parse.urlsplit(self.server)
        self.client = ["mariadb", "-h", at.hostname, "-P", str(at.port), "-u", at.username, "--default-character-set=utf8mb4", "-N", "-B"]
        self.environment = dict(os.environ, MYSQL_PWD=at.password or "")
        self.host = f"{at.hostname}:{at.port}"
        self.fresh()

    def fresh(self):
        """The database empty, and a project without a revision."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.makedirs(os.path.join(self.path, "migrations"))
        self.url = f"{self.server}/{self.database}"
        self.admin(f"drop database if exists {self.database}", f"create database {self.database} character set utf8mb4 collate utf8mb4_general_ci")
        self.config()

    def close(self):
        self.admin(f"drop database if exists {self.database}", *(f"drop user if exists {u}" for u in self.users))
        shutil.rmtree(self.path, ignore_errors=True)

    def client_run(self, database, text):
        p = subprocess.run(self.client + database, input=text, capture_output=True, text=True, env=self.environment)
        truth(p.returncode == 0, f"the server refused the test's SQL: {p.stderr.strip()}\n{text}")
        return p.stdout.strip()

    def admin(self, *statements):
        return self.client_run([], ";\n".join(statements) + ";\n")

    def sql(self, *statements):
        return self.client_run([self.database], ";\n".join(statements) + ";\n")

    def client_force(self, statements):
        """What the statements give; those that the server refuses are passed over."""
        p = subprocess.run(self.client + ["--force", self.database], input=";\n".join(statements) + ";\n", capture_output=True, text=True,
                           env=self.environment)
        return p.stdout.strip()

    def config(self, **settings):
        self.write("cmigrate.yaml", "".join(f"{k}: {json.dumps(v)}\n" for k, v in {"url": self.url, **settings}.items()))

    def write(self, name, text):
        with open(os.path.join(self.path, name), "w", encoding="utf-8") as f:
            f.write(text)

    def inspect(self):
        code, out, err = self.run("inspect")
        truth(code == 0, err)
        return out

    def model(self, change=None):
        """The database as the model, with some words put in others' place."""
        text = self.inspect()
        for old, new in (change or {}).items():
            truth(old in text, f"the model has no '{old}':\n{text}")
            text = text.replace(old, new)
        self.write("schema.yaml", text)

    def run(self, *args, env=None):
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("CMIGRATE_", "MYSQL"))}
        p = subprocess.run([self.program, *args], cwd=self.path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
                           env={**clean, "HOME": self.path, **(env or {})})
        return p.returncode, p.stdout, p.stderr

    def must(self, *args, status=0, says=(), env=None):
        code, out, err = self.run(*args, env=env)
        said = out + err
        truth(code == status, f"cmigrate {' '.join(args)}: exit {code}, not {status}\n{said}")
        for text in (says,) if isinstance(says, str) else says:
            truth(text in " ".join(said.split()) or text in said, f"cmigrate {' '.join(args)} does not say '{text}':\n{said}")
        return said

    def forget(self):
        """The project without its revisions."""
        shutil.rmtree(os.path.join(self.path, "migrations"))
        os.mkdir(os.path.join(self.path, "migrations"))

    def script(self):
        """The text of the newest revision."""
        folder = os.path.join(self.path, "migrations")
        files = sorted((os.path.join(folder, f) for f in os.listdir(folder) if f.endswith(".sql")), key=os.path.getmtime)
        return open(files[-1], encoding="utf-8").read() if files else ""

    def migrate(self, *args, status=0, says=()):
        self.must("migrate", "-m", "change", *args, status=status, says=says)
        return self.script() if status == 0 else ""

    def dump(self):
        """SHOW CREATE TABLE of all tables but cmigrate's own."""
        names = [n for n in self.sql("show full tables where table_type = 'BASE TABLE'").splitlines()]
        names = [n.split("\t")[0] for n in names if not n.startswith("cmigrate_")]
        return self.sql(*(f"show create table `{n}`" for n in names)) if names else ""


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("program")
    ap.add_argument("-k", default="", help="only cases whose name holds this text")
    ap.add_argument("--server", choices=SERVERS, action="append")
    args = ap.parse_args()
    ran = failed = 0
    for name in args.server or SERVERS:
        url = os.environ.get("CMIGRATE_TEST_" + name.upper())
        if not url:
            continue
        t = Test(os.path.abspath(args.program), name, url)
        try:
            for function in cases:
                if args.k not in function.__name__:
                    continue
                ran += 1
                try:
                    t.fresh()
                    function(t)
                except (Failed, subprocess.TimeoutExpired) as e:
                    failed += 1
                    print(f"FAIL on {name}: {re.sub('_', ' ', function.__name__)}\n  " + str(e).replace("\n", "\n  "), flush=True)
        finally:
            t.close()
    print(f"{ran - failed} of {ran} hold")
    return 77 if not ran else 1 if failed else 0
