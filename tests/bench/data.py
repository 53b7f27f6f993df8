#!/usr/bin/env python3
"""A file of many declared rows beside the engine's own loader: data.py CMIGRATE [--rows 1000000] [--only sqlite,pg15,mysql]

Prints for each engine the seconds of the processor that `migrate`, `upgrade` and the loader (sqlite3 .import, psql \\copy, LOAD DATA LOCAL)
take, of the client and of the server, which is found by its port on this machine; how many times the loader's `upgrade` takes; and the most
memory that cmigrate used, for a tenth of the rows and for all of them: it must not grow with them. Then the same of `create`, `check`, `lint`,
`prove` and of `downgrade` to the revision that made the table, which deletes the rows by their keys. MySQL's loader needs local_infile = 1. Servers come from CMIGRATE_TEST_PG15 and so on; nobody else may be at work on them, or their work is counted, too.
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


def processes():
    """Of every process: its parent, and the seconds of the processor that it and its ended children took."""
    ticks = os.sysconf("SC_CLK_TCK")
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as f:
                    rest = f.read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            found[int(name)] = (int(rest[1]), sum(int(n) for n in rest[11:15]) / ticks)
    return found


def listener(port):
    """The process that listens at a port of this machine, the eldest of those that share it."""
    sockets = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if os.path.exists(table):
            with open(table) as f:
                for line in f.readlines()[1:]:
                    words = line.split()
                    if words[3] == "0A" and int(words[1].rsplit(":", 1)[1], 16) == port:
                        sockets.add(f"socket:[{words[9]}]")
    for pid in sorted(processes()):
        try:
            held = {os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")}
        except OSError:
            continue
        if held & sockets:
            return pid
    return None


class Meter:
    """Seconds of the processor of a server and all that it starts."""

    def __init__(self, port):
        self.root = listener(port) if port else None

    def read(self):
        if not self.root:
            return 0.0
        all_of_them, total, wanted = processes(), 0.0, {self.root}
        for pid in sorted(all_of_them):
            parent, seconds = all_of_them[pid]
            if pid in wanted or parent in wanted:
                wanted.add(pid)
                total += seconds
        return total


class Cost:
    def __init__(self, client, server, memory):
        self.client, self.server, self.memory = client, server, memory
        self.all = client + server

    def __str__(self):
        return f"{self.client:5.2f} + {self.server:5.2f} s"


def measured(command, cwd, meter=None, env=None, input=None, status=0):
    before = meter.read() if meter else 0.0
    pid = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.PIPE if input else None, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if input:
        pid.stdin.write(input.encode())
        pid.stdin.close()
    said = pid.stderr.read().decode()
    _, ended, usage = os.wait4(pid.pid, 0)
    if os.waitstatus_to_exitcode(ended) != status:
        sys.exit(f"{' '.join(command)}: {said}")
    if meter and meter.root:
        time.sleep(0.3)  # the server counts a session when it has ended
    return Cost(usage.ru_utime + usage.ru_stime, (meter.read() if meter else 0.0) - before, usage.ru_maxrss)


def write_rows(path, rows):
    with open(path, "w") as f:
        f.write("id,name,score\n")
        for i in range(1, rows + 1):
            f.write(f"{i},name of row {i},{i % 1000}.25\n")


class SQLite:
    url = "sqlite:///app.db"
    meter = None

    def fresh(self, folder):
        for name in ("app.db", "loaded.db"):
            if os.path.exists(os.path.join(folder, name)):
                os.remove(os.path.join(folder, name))

    def load(self, folder):
        script = "create table country (id integer primary key, name varchar(60) not null, score numeric(10,2));\n.mode csv\n.import --skip 1 country.csv country\n"
        return measured(["sqlite3", "loaded.db"], folder, input=script)

    def drop(self):
        pass


class Server:
    def __init__(self, url):
        self.server, self.database = url.rstrip("/"), f"cmbench_{os.getpid()}"
        self.url = f"{self.server}/{self.database}"
        self.where = urllib.parse.urlparse(self.server)
        self.meter = Meter(self.where.port)

    def fresh(self, folder):
        self.drop()
        self.admin(f"create database {self.database}")


class PostgreSQL(Server):
    def client(self, folder, script, database):
        return measured(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", f"{self.server}/{database}"], folder, self.meter, input=script)

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
        return measured(["mariadb", "--skip-ssl", "--local-infile=1", "-h", w.hostname, "-P", str(w.port or 3306), "-u", w.username or "root", database],
                        folder, self.meter, env, script)

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
            f.write(MODEL.split("data:")[0])
        os.mkdir(os.path.join(folder, "migrations"))
        write_rows(os.path.join(folder, "country.csv"), rows)
        for words in ("migrate -m table --rev-id aaaa --no-lint", "upgrade"):
            measured([program, *words.split()], folder)
        with open(os.path.join(folder, "schema.yaml"), "w") as f:
            f.write(MODEL)
        cost = {}
        for words in ("migrate -m rows --no-lint", "upgrade", "check", "lint", "prove", "downgrade aaaa"):
            cost[words.split()[0]] = measured([program, *words.split()], folder, engine.meter)
        loader = engine.load(folder)
        engine.fresh(folder)
        cost["create"] = measured([program, "create"], folder, engine.meter)
        print(f"{name:8} {rows:9} rows  loader {loader}  " +
              "  ".join(f"{command} {one} ({one.all / loader.all:.1f} times, {one.memory // 1024} MiB)" for command, one in cost.items()), flush=True)
    finally:
        engine.drop()
        shutil.rmtree(folder)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program")
    ap.add_argument("--rows", type=int, default=1000000)
    ap.add_argument("--only", default="sqlite,pg15,mysql")
    args = ap.parse_args()
    print("seconds of the processor: client + server")
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
