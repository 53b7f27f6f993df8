#!/usr/bin/env python3
"""A file of many declared rows beside the engine's own loader: data.py CMIGRATE [--rows 1000000] [--only sqlite,pg15,mysql]

Prints for each engine the seconds of `migrate`, `upgrade` and the loader (sqlite3 .import, psql \\copy, LOAD DATA LOCAL), how many times the
loader's time `upgrade` takes, and the most memory that cmigrate used, for a tenth of the rows and for all of them: it must not grow with
them. Servers come from CMIGRATE_TEST_PG15 and so on. On a machine that does other work no number means anything.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

MODEL = """tables:
  country:
    columns:
      id: {type: integer, primary_key: true}
      name: {type: string(60), nullable: false}
      score: {type: "numeric(10,2)"}
data:
  country: {file: country.csv}
"""


def timed(command, cwd, env=None, input=None):
    """Seconds, and kilobytes at most."""
    began = time.monotonic()
    pid = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.PIPE if input else None, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if input:
        pid.stdin.write(input.encode())
        pid.stdin.close()
    said = pid.stderr.read().decode()
    _, status, usage = os.wait4(pid.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)}: {said}")
    return time.monotonic() - began, usage.ru_maxrss


def write_rows(path, rows):
    with open(path, "w") as f:
        f.write("id,name,score\n")
        for i in range(1, rows + 1):
            f.write(f"{i},name of row {i},{i % 1000}.25\n")


class SQLite:
    url = "sqlite:///app.db"

    def fresh(self, folder):
        pass

    def load(self, folder):
        script = "create table country (id integer primary key, name varchar(60) not null, score numeric(10,2));\n.mode csv\n.import --skip 1 country.csv country\n"
        return timed(["sqlite3", "loaded.db"], folder, input=script)[0]

    def drop(self):
        pass


class Server:
    def __init__(self, url):
        self.server, self.database = url.rstrip("/"), f"cmbench_{os.getpid()}"
        self.url = f"{self.server}/{self.database}"
        self.where = urllib.parse.urlparse(self.server)

    def fresh(self, folder):
        self.drop()
        self.admin(f"create database {self.database}")


class PostgreSQL(Server):
    def client(self, folder, script, database):
        return timed(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", f"{self.server}/{database}"], folder, input=script)[0]

    def admin(self, sql):
        self.client(".", sql + ";\n", "postgres")

    def load(self, folder):
        return self.client(folder, "create table loaded (id integer primary key, name varchar(60) not null, score numeric(10,2));\n"
                                   "\\copy loaded from 'country.csv' with (format csv, header)\n", self.database)

    def drop(self):
        self.admin(f"drop database if exists {self.database} with (force)")


class MySQL(Server):
    def client(self, folder, script, database):
        w = self.where
        env = dict(os.environ, MYSQL_PWD=w.password or "")
        return timed(["mariadb", "--skip-ssl", "--local-infile=1", "-h", w.hostname, "-P", str(w.port or 3306), "-u", w.username or "root", database],
                     folder, env, script)[0]

    def admin(self, sql):
        self.client(".", sql + ";\n", "mysql")

    def load(self, folder):
        return self.client(folder, "create table loaded (id integer primary key, name varchar(60) not null, score numeric(10,2));\n"
                                   "load data local infile 'country.csv' into table loaded fields terminated by ',' ignore 1 lines;\n", self.database)

    def drop(self):
        self.admin(f"drop database if exists {self.database}")


def measure(program, name, engine, rows):
    folder = tempfile.mkdtemp(prefix="cmbench-")
    try:
        engine.fresh(folder)
        with open(os.path.join(folder, "cmigrate.yaml"), "w") as f:
            f.write(f"url: {engine.url}\n")
        os.chmod(os.path.join(folder, "cmigrate.yaml"), 0o600)
        with open(os.path.join(folder, "schema.yaml"), "w") as f:
            f.write(MODEL)
        os.mkdir(os.path.join(folder, "migrations"))
        write_rows(os.path.join(folder, "country.csv"), rows)
        migrate, memory = timed([program, "migrate", "-m", "rows", "--no-lint"], folder)
        upgrade, more = timed([program, "upgrade"], folder)
        loader = engine.load(folder)
        print(f"{name:8} {rows:9} rows  migrate {migrate:6.2f} s  upgrade {upgrade:6.2f} s  loader {loader:6.2f} s  "
              f"{upgrade / loader:5.1f} times  {max(memory, more) // 1024:5} MiB", flush=True)
    finally:
        engine.drop()
        shutil.rmtree(folder)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program")
    ap.add_argument("--rows", type=int, default=1000000)
    ap.add_argument("--only", default="sqlite,pg15,mysql")
    args = ap.parse_args()
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for name in args.only.split(","):
        url = os.environ.get("CMIGRATE_TEST_" + name.upper())
        if name != "sqlite" and not url:
            print(f"{name:8} no server")
            continue
        for rows in (args.rows // 10, args.rows):
            engine = SQLite() if name == "sqlite" else PostgreSQL(url) if name.startswith("pg") else MySQL(url)
            measure(os.path.abspath(args.program), name, engine, rows)


if __name__ == "__main__":
    main()
