#!/usr/bin/env python3
"""What a MySQL or MariaDB server, or its user's rights, must not change: run against CMIGRATE_TEST_MARIADB and _MYSQL.

    mysql_session.py PROGRAM

The server's own sql_mode (ANSI_QUOTES, NO_BACKSLASH_ESCAPES) and the URL's charset change neither what is written nor
what is read; without a right for scratch databases scratch_url serves, or a warning names what was compared as text; a
table that somebody else holds ends the run after lock_timeout, and the next run goes on.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

MODEL = r"""
tables:
  t:
    comment: 'it''s "quoted" \ ä ☃'
    columns:
      id: {type: integer, primary_key: true}
      "say \"so\"": {type: string(40), default: 'back\slash ''quote'' "double" ☃'}
      n: {type: integer, check: "n > 0 AND `say \"so\"` <> 'a b'"}
      e: {type: {enum: ['a''b', 'c\d', 'ä']}}
triggers:
  up:
    table: t
    definition: "CREATE TRIGGER up BEFORE INSERT ON t FOR EACH ROW SET NEW.n = IF(NEW.e = 'ä', 2, \"7\")"
"""
HOSTILE = "ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,STRICT_ALL_TABLES"


class Server:
    def __init__(self, name, url):
        self.name, self.where = name, urllib.parse.urlparse(url)
        self.database, self.user = f"cmsession_{os.getpid()}", f"cms{os.getpid()}"

    def sql(self, text, database=None, user=None):
        user, password = user or (self.where.username, self.where.password or "")
        p = subprocess.run(["mariadb", "-h", self.where.hostname, "-P", str(self.where.port), "-u", user, "--batch", "--raw",
                            "--skip-column-names", "--default-character-set=utf8mb4"] + ([database] if database else []),
                           input=text, capture_output=True, text=True, env=dict(os.environ, MYSQL_PWD=password))
        if p.returncode:
            raise AssertionError(f"{self.name}: {text}: {p.stderr}")
        return p.stdout.rstrip("\n")

    def url(self, user=None, database=None, params=""):
        user, password = user or (self.where.username, self.where.password or "")
        return f"mysql://{user}:{password}@{self.where.hostname}:{self.where.port}/{database or self.database}{params}"

    def fresh(self):
        self.sql(f"DROP DATABASE IF EXISTS {self.database}; CREATE DATABASE {self.database} CHARACTER SET utf8mb4")


class Project:
    def __init__(self, program, url, model, config=""):
        self.program, self.path = program, tempfile.mkdtemp(prefix="cmsession-")
        os.mkdir(os.path.join(self.path, "migrations"))
        self.write("cmigrate.yaml", f"url: {url}\n{config}")
        os.chmod(os.path.join(self.path, "cmigrate.yaml"), 0o600)
        self.write("schema.yaml", model)

    def write(self, name, text):
        with open(os.path.join(self.path, name), "w", encoding="utf-8") as file:
            file.write(text)

    def call(self, *args):
        p = subprocess.run([self.program, *args], cwd=self.path, capture_output=True, text=True, timeout=120,
                           stdin=subprocess.DEVNULL, env={k: v for k, v in os.environ.items() if not k.startswith("CMIGRATE_")})
        return p.returncode, p.stdout + p.stderr

    def expect(self, status, *args, says=None):
        got, said = self.call(*args)
        if got != status or (says or "") not in said:
            raise AssertionError(f"cmigrate {' '.join(args)}: exit {got}, expected {status} and '{says}'\n{said}")
        return said

    def close(self):
        shutil.rmtree(self.path, ignore_errors=True)


def texts_hold(program, server, params):
    project = Project(program, server.url(params=params), MODEL)
    project.expect(0, "migrate", "-m", "texts")
    project.expect(0, "upgrade")
    project.expect(0, "check", says="equal to schema.yaml")
    server.sql("SET sql_mode = ''; INSERT INTO t (id, e) VALUES (1, 'ä'), (2, 'c\\\\d')", server.database)
    got = server.sql('SELECT n, `say "so"`, e FROM t ORDER BY id', server.database)
    want = "\n".join(f"{n}\tback\\slash 'quote' \"double\" ☃\t{e}" for n, e in ((2, "ä"), (7, "c\\d")))
    if got != want:
        raise AssertionError(f"rows are\n{got}\nand should be\n{want}")
    project.expect(0, "downgrade", "base")
    project.close()


def the_servers_mode_says_nothing(program, server):
    before = server.sql("SELECT @@global.sql_mode")
    server.sql(f"SET GLOBAL sql_mode = '{HOSTILE}'")
    try:
        texts_hold(program, server, "")
    finally:
        server.sql(f"SET GLOBAL sql_mode = '{before}'")


def the_charset_of_the_url_says_nothing(program, server):
    texts_hold(program, server, "?charset=latin1")


def rights(program, server):
    limited, scratch = (server.user, "x"), server.database + "_scratch"
    server.sql(f"CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0 AND a IN (1, 2)))", server.database)
    server.sql(f"DROP USER IF EXISTS {server.user}; CREATE USER {server.user} IDENTIFIED BY 'x';"
               f"GRANT ALL ON {server.database}.* TO {server.user}; DROP DATABASE IF EXISTS {scratch}; CREATE DATABASE {scratch}")
    model = "tables: {t: {columns: {a: integer}, checks: {c: '((a) > 0) AND (a) IN (1, 2)'}}}\n"
    project = Project(program, server.url(limited), model)
    config = f"url: {server.url(limited)}\n"
    try:
        project.expect(1, "check", says="table 't': declared and live SQL were compared as text")
        project.write("cmigrate.yaml", config + f"scratch_url: {server.url(database=scratch)}\n")
        project.expect(0, "check", says="equal to schema.yaml")
        server.sql(f"GRANT ALL ON {scratch}.* TO {server.user}")
        project.write("cmigrate.yaml", config + f"scratch_url: {server.url(limited, scratch)}\n")
        project.expect(0, "check", says="equal to schema.yaml")
        if server.sql("SHOW TABLES", scratch):
            raise AssertionError("the scratch database was not left empty")
        server.sql("CREATE TABLE somebodys (a int)", scratch)
        project.expect(1, "check", says="is not empty")
        if server.sql("SHOW TABLES", scratch) != "somebodys":
            raise AssertionError("a table of somebody else is gone")
    finally:
        server.sql(f"DROP DATABASE {scratch}; DROP USER {server.user}")
        project.close()


def a_held_table(program, server):
    server.sql("CREATE TABLE t (a int)", server.database)
    project = Project(program, server.url(), "tables: {t: {columns: {a: integer, b: integer}}}\n", "lock_timeout: 1s\n")
    project.expect(0, "migrate", "-m", "b")
    holder = subprocess.Popen(["mariadb", "-h", server.where.hostname, "-P", str(server.where.port), "-u", server.where.username,
                               "--batch", "--unbuffered", "--skip-column-names", server.database], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True, env=dict(os.environ, MYSQL_PWD=server.where.password or ""))
    holder.stdin.write("LOCK TABLES t READ; SELECT 'held';\n")
    holder.stdin.flush()
    holder.stdout.readline()
    try:
        project.expect(4, "upgrade", says="Lock wait timeout exceeded")
    finally:
        holder.stdin.close()
        holder.wait(60)
    project.expect(0, "upgrade")
    project.expect(0, "check")
    project.close()


def main():
    program, failed, ran = os.path.abspath(sys.argv[1]), 0, 0
    for name in ("MARIADB", "MYSQL"):
        url = os.environ.get("CMIGRATE_TEST_" + name)
        for test in (the_servers_mode_says_nothing, the_charset_of_the_url_says_nothing, rights, a_held_table) if url else ():
            server = Server(name, url)
            ran += 1
            try:
                server.fresh()
                test(program, server)
            except (AssertionError, subprocess.TimeoutExpired) as e:
                failed += 1
                print(f"FAIL {test.__name__} on {name}: {e}")
            finally:
                server.sql(f"DROP DATABASE IF EXISTS {server.database}")
    print(f"{ran - failed} passed, {failed} failed")
    return 77 if not ran else 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
