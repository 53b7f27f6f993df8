"""Real databases for the tests under fault: how to make one, look into it, and disturb it."""
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time


class SQLite:
    name = "SQLite"

    def __init__(self, folder=None):
        self.own = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix="cmigrate-fault-")

    def fresh(self, label):
        for end in ("", "-wal", "-shm", "-journal"):
            path = os.path.join(self.folder, label + ".db" + end)
            if os.path.exists(path):
                os.remove(path)
        return "sqlite:///" + os.path.join(self.folder, label + ".db")

    def rows(self, url, query):
        con = sqlite3.connect(url[len("sqlite:///"):])
        try:
            return [tuple(map(str, row)) for row in con.execute(query).fetchall()]
        except sqlite3.OperationalError:
            return []
        finally:
            con.close()

    def close(self):
        if self.own:
            shutil.rmtree(self.folder, ignore_errors=True)


def held(client, query):
    process = subprocess.Popen(client, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    process.stdin.write(f"BEGIN;\n{query};\n")
    process.stdin.flush()
    process.stdout.readline()  # it has begun
    return process


class Client:
    """A server reached through its own command-line client."""

    mark = ""  # in the names of databases: two runs at once on one server do not meet

    def __init__(self, name, base, key):
        self.name, self.base, self.key = name, base.rstrip("/"), key

    def rows(self, url, query):
        done = self.call(url.rsplit("/", 1)[1], query)
        if done.returncode:
            return []
        return [tuple(line.split(self.separator)) for line in done.stdout.splitlines()]

    def fresh(self, label):
        database = f"cmigrate_fault_{self.mark}{label.lower()}"
        for statement in self.recreate(database):
            done = self.call(self.maintenance, statement)
            if done.returncode:
                raise RuntimeError(f"{self.name}: {done.stderr}")
        return f"{self.base}/{database}"

    def close(self):
        pass


class Postgres(Client):
    separator, maintenance = "|", "postgres"

    def call(self, database, sql):
        return subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", f"{self.base}/{database}"], input=sql,
                              capture_output=True, text=True)

    def recreate(self, database):
        return [f"drop database if exists {database} with (force)", f"create database {database} template template0"]

    def hold(self, url, query):
        """A client in a transaction that has read; it goes on with what it is told."""
        return held(["psql", "-Xq", f"{self.base}/{url.rsplit('/', 1)[1]}"], query)

    def cut(self, url):
        """Ends every session of a database but our own."""
        self.call(self.maintenance, "select pg_terminate_backend(pid) from pg_stat_activity "
                                    f"where datname = '{url.rsplit('/', 1)[1]}' and pid <> pg_backend_pid()")


class Pooled(Postgres):
    """PgBouncer in transaction mode: the program goes through it, and what looks and makes does not."""

    def __init__(self, name, base, key):
        super().__init__(name, os.environ["CMIGRATE_TEST_PG15"], key)
        self.pool = base.rstrip("/")

    def fresh(self, label):
        url = self.pool + "/" + super().fresh("pool_" + label).rsplit("/", 1)[1]
        self.settle(url)
        return url

    def cut(self, url):
        super().cut(url)
        self.settle(url)

    @staticmethod
    def settle(url):
        """Until the pool has seen that its sessions were ended: what is tried is the program, not what the pool hands out."""
        for _ in range(100):
            if subprocess.run(["psql", "-XqAt", "-c", "select 1", url], capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.05)


class MySQL(Client):
    separator, maintenance = "\t", "mysql"
    notes = True  # each statement is noted by itself: changes of the schema commit there at once

    def call(self, database, sql):
        return self.call_on(self.base, database, sql)

    @staticmethod
    def client(base):
        rest = base.split("://", 1)[1]
        account, host = rest.rsplit("@", 1)
        user, _, password = account.partition(":")
        host, _, port = host.partition(":")
        os.environ["MYSQL_PWD"] = password
        return ["mariadb", "-h", host, "-P", port or "3306", "-u", user, "--batch", "--raw", "--skip-column-names"]

    @classmethod
    def call_on(cls, base, database, sql):
        return subprocess.run([*cls.client(base), database], input=sql, capture_output=True, text=True, check=False)

    def hold(self, url, query):
        return held([*self.client(self.base), "--unbuffered", url.rsplit("/", 1)[1]], query)

    def recreate(self, database):
        return [f"drop database if exists {database}; create database {database} character set utf8mb4"]

    def cut(self, url):
        """Ends every session of a database."""
        database = url.rsplit("/", 1)[1]
        found = self.call(self.maintenance, f"select concat('kill ', id, ';') from information_schema.processlist "
                                            f"where db = '{database}'")
        for statement in found.stdout.splitlines():  # one may have ended by itself meanwhile
            self.call(self.maintenance, statement)


class Galera(MySQL):
    """Three nodes: what one was told is looked at, and gone on with, through another."""

    def __init__(self, name, base, key):
        super().__init__(name, base, key)
        self.nodes = [os.environ[f"CMIGRATE_TEST_GALERA{n}"].rstrip("/") for n in (1, 2, 3)]

    def fresh(self, label):
        url = super().fresh(label)
        for node in self.nodes[1:]:  # until they know the database too
            self.call_on(node, "mysql", "SET wsrep_sync_wait = 15; SELECT 1")
        return url

    def everywhere(self, url):
        return [node + "/" + url.rsplit("/", 1)[1] for node in self.nodes]

    def elsewhere(self, url):
        """Through another node, which has been waited for: what is read there is what the cluster has agreed on."""
        self.call_on(self.nodes[1], "mysql", "SET wsrep_sync_wait = 15; SELECT 1")
        return self.everywhere(url)[1]

    def rows(self, url, query):
        return super().rows(url, "SET wsrep_sync_wait = 15; " + query)


def engines(wanted):
    """SQLite, and the servers that the environment names."""
    found = [SQLite()] if not wanted or "sqlite" in wanted else []
    for key, kind, name in (("PG15", Postgres, "PostgreSQL 15"), ("PG18", Postgres, "PostgreSQL 18"),
                            ("PGBOUNCER", Pooled, "PgBouncer"), ("MARIADB", MySQL, "MariaDB 10.11"),
                            ("MYSQL", MySQL, "MySQL 9"), ("GALERA", Galera, "Galera")):
        base = os.environ.get("CMIGRATE_TEST_" + key + ("1" if kind is Galera else ""))
        if base and (not wanted or key.lower() in wanted):
            found.append(kind(name, base, key.lower()))
    return found
