"""The engines that cases run on: how a database is made, asked and dropped. Those of servers are asked through clients that stay."""
import os
import re
import sqlite3
import subprocess
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import sqlclient


class Failed(Exception):
    pass


def statements_of(sql):
    """Python's sqlite3 takes one statement at a time."""
    begun = ""
    for piece in re.split(r"(?<=;)", sql):
        begun += piece
        if sqlite3.complete_statement(begun):
            yield begun
            begun = ""
    if begun.strip():
        yield begun


class SQLite:
    dialect = name = "sqlite"

    def fresh(self, work):
        self.path = os.path.join(work, "case.db")
        if os.path.exists(self.path):
            os.remove(self.path)
        return "sqlite:///" + self.path

    def run(self, sql):
        con = sqlite3.connect(self.path, isolation_level=None)
        try:
            con.executescript(sql)
        except sqlite3.Error as e:
            raise Failed(f"the engine refused the case's SQL: {e}")
        finally:
            con.close()

    def client(self, script):
        return subprocess.run(["sqlite3", "-batch", self.path], input=script, capture_output=True, text=True)

    def ask(self, sql):
        con = sqlite3.connect(self.path, isolation_level=None)
        try:
            con.execute("begin")  # what is asked changes nothing for good
            for statement in statements_of(sql):
                rows = con.execute(statement).fetchall()
            con.execute("rollback")
        except sqlite3.Error as e:
            raise Failed(f"{e}: {sql}")
        finally:
            con.close()
        return "".join("|".join("" if v is None else str(v) for v in row) + "\n" for row in rows)

    def counts(self):
        con = sqlite3.connect(self.path)
        try:
            names = [r[0] for r in con.execute("select name from sqlite_master where type = 'table'")
                     if not r[0].lower().startswith(("sqlite_", "cmigrate_"))]
            return {n.lower(): con.execute('select count(*) from "%s"' % n.replace('"', '""')).fetchone()[0] for n in names}
        finally:
            con.close()

    def rows(self):
        """What stands in the tables, without regard to its order."""
        con = sqlite3.connect(self.path)
        try:
            return {n: sorted(map(repr, con.execute('select * from "%s"' % n.replace('"', '""')))) for n in self.counts()}
        finally:
            con.close()

    def drop(self):
        pass


class Server:
    """A server, and a database of one worker on it. What a case makes in it stays in the database: two workers share a server."""

    def __init__(self, name, dialect, url, worker=0):
        self.name, self.dialect, self.url = name, dialect, url.rstrip("/")
        self.database = f"cmcase_{os.getpid()}_{worker}"
        self.session = sqlclient.Psql(self.url) if dialect == "postgresql" else sqlclient.MariaDB(self.url)

    def client(self, script):
        """The engine's own client, as a person would call it."""
        where, env = urllib.parse.urlparse(self.url), dict(os.environ)
        if self.dialect == "postgresql":
            command = ["psql", "-X", f"{self.url}/{self.database}"]
        else:
            command = ["mariadb", "--skip-ssl", "-h", where.hostname, "-P", str(where.port or 3306), "-u", where.username or "root",
                       "--default-character-set=utf8mb4", self.database]
            env["MYSQL_PWD"] = where.password or ""
        return subprocess.run(command, input=script, capture_output=True, text=True, env=env)

    def call(self, database, sql):
        done = self.session.run(sql, database)
        if done.returncode:
            raise Failed(f"the server refused the case's SQL: {done.stderr.decode('utf-8', 'replace').strip()}")
        text = done.stdout.decode("utf-8", "backslashreplace")
        return text if self.dialect == "postgresql" else text.replace("\t", "|")

    def fresh(self, work):
        try:
            self.call(None, f"{self.dropping()}; {self.creating()}")
        except Failed:  # a subscription keeps its database
            self.drop()
            self.call(None, self.creating())
        return f"{self.url}/{self.database}"

    def creating(self):
        if self.dialect == "mysql":
            return f"create database {self.database} character set utf8mb4"
        # the files are copied: what the log would tell of them takes longer, and is for those who replicate
        quick = "" if self.name in ("pg13", "pg14") else " strategy file_copy"
        return f"create database {self.database} template template0{quick}"

    def dropping(self):
        if self.dialect == "mysql":
            return f"drop database if exists {self.database}"
        return f"set client_min_messages = error; drop database if exists {self.database} with (force)"

    def run(self, sql):
        self.call(self.database, sql)

    def ask(self, sql):
        return self.call(self.database, sql)

    def tables(self):
        """(schema, name) of the tables that are not cmigrate's own."""
        schema = "table_schema not in ('pg_catalog', 'information_schema')" if self.dialect == "postgresql" else \
            f"table_schema = '{self.database}'"
        lines = self.call(self.database, f"select table_schema, table_name from information_schema.tables where {schema} "
                                         "and table_type = 'BASE TABLE'").splitlines()
        return [line.split("|", 1) for line in lines if not line.split("|", 1)[1].startswith("cmigrate_")]

    def quoted(self, schema, name):
        quote = '"' if self.dialect == "postgresql" else "`"
        return ".".join(quote + word.replace(quote, quote * 2) + quote for word in (schema, name))

    def counts(self):
        tables = self.tables()
        if not tables:
            return {}
        numbers = self.call(self.database, "".join(f"select count(*) from {self.quoted(*table)};\n" for table in tables)).split()
        return {".".join(table).lower(): int(number) for table, number in zip(tables, numbers)}

    def rows(self):
        """What stands in the tables, without regard to its order."""
        tables, mark = self.tables(), "-- the next table --"
        if not tables:
            return {}
        text = self.call(self.database, "".join(f"select '{mark}';\nselect * from {self.quoted(*table)};\n" for table in tables))
        contents = [part.splitlines()[1:] for part in text.split(mark)[1:]]  # what is no text comes with its bytes escaped
        return {".".join(table): sorted(lines) for table, lines in zip(tables, contents) if lines}

    def end_subscriptions(self):
        for name in self.call(self.database, "select quote_ident(subname) from pg_subscription s join pg_database d "
                              "on d.oid = s.subdbid where d.datname = current_database()").splitlines():
            self.call(self.database, f"alter subscription {name} disable; alter subscription {name} set (slot_name = none); "
                                     f"drop subscription {name}")

    def drop(self):
        try:
            self.call(None, self.dropping())
        except Failed:  # a subscription keeps its database
            if self.dialect == "mysql":
                raise
            self.end_subscriptions()
            self.call(None, self.dropping())
