#!/usr/bin/env python3
"""What a MySQL or MariaDB server, or its user's rights, must not change: run against CMIGRATE_TEST_MARIADB and _MYSQL.

    mysql_session.py PROGRAM

The server's own sql_mode (ANSI_QUOTES, NO_BACKSLASH_ESCAPES) and the URL's charset change neither what is written nor
what is read; without a right for scratch databases scratch_url serves, or a warning names what was compared as text; a
table that somebody else holds ends the run after lock_timeout, and the next run goes on. Where the server keeps names of
tables in lower case (a MariaDB of its own, CMIGRATE_TEST_FOLDING, started where that is not set), those of the model stay.
"""
import glob
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import sqlclient

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
        self.session = sqlclient.of(url)

    def sql(self, text, database=None):
        done = self.session.run(text, database)
        if done.returncode:
            raise AssertionError(f"{self.name}: {text}: {done.stderr.decode('utf-8', 'replace')}")
        return done.stdout.decode().rstrip("\n")

    def client(self, **pipes):
        return subprocess.Popen(["mariadb", "--skip-ssl", "-h", self.where.hostname, "-P", str(self.where.port), "-u", self.where.username,
                                 "--batch", "--unbuffered", "--skip-column-names", self.database], text=True,
                                env=dict(os.environ, MYSQL_PWD=self.where.password or ""), **pipes)

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
        project.expect(0, "check", says="table 't': declared and live SQL were compared as text")
        project.expect(0, "check", says="Could not compare: check c: expression of table t")
        project.write("schema.yaml", model.replace("{a: integer}", "{a: {type: integer, default: 1}}"))
        project.expect(1, "check", says="~ column a: default")  # no way of writing explains it
        project.write("schema.yaml", model)
        project.write("cmigrate.yaml", config + f"scratch_url: {server.url(database=scratch)}\n")
        project.expect(0, "check", says="equal to schema.yaml")
        server.sql(f"GRANT ALL ON {scratch}.* TO {server.user}")
        project.write("cmigrate.yaml", config + f"scratch_url: {server.url(limited, scratch)}\n")
        project.expect(0, "check", says="equal to schema.yaml")
        if server.sql("SHOW TABLES", scratch):
            raise AssertionError("the scratch database was not left empty")
        server.sql("CREATE TABLE somebodys (a int)", scratch)
        project.expect(0, "check", says="is not empty")
        if server.sql("SHOW TABLES", scratch) != "somebodys":
            raise AssertionError("a table of somebody else is gone")
    finally:
        server.sql(f"DROP DATABASE {scratch}; DROP USER {server.user}")
        project.close()


def a_held_table(program, server):
    server.sql("CREATE TABLE t (a int)", server.database)
    project = Project(program, server.url(), "tables: {t: {columns: {a: integer, b: integer}}}\n", "lock_timeout: 1s\n")
    project.expect(0, "migrate", "-m", "b")
    holder = server.client(stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    holder.stdin.write("LOCK TABLES t READ; SELECT 'held';\n")
    holder.stdin.flush()
    holder.stdout.readline()
    try:
        project.expect(4, "upgrade", says="Lock wait timeout exceeded")
        project.write("cmigrate.yaml", f"url: {server.url()}\nlock_timeout: 4s\n")
        said = project.expect(4, "upgrade", says="waiting for a lock that is held by connection ")
        if said.count("waiting for a lock") != 1 or "HELD BY: connection " not in said or \
                "When that lock is free, run `cmigrate upgrade` again" not in said:
            raise AssertionError(f"{server.name}: who holds the table is not said once\n{said}")
    finally:
        holder.stdin.close()
        holder.wait(60)
    project.expect(0, "upgrade")
    project.expect(0, "check")
    project.close()


def a_held_row(program, server):
    """Who waits for a row asks what goes on and whose the row is in one question at a time."""
    server.sql("CREATE TABLE t (a int primary key); INSERT INTO t VALUES (1)", server.database)
    project = Project(program, server.url(), "tables: {t: {columns: {a: integer}}}\n", "lock_timeout: 3s\n")
    project.expect(0, "revision", "-m", "rows")
    script = glob.glob(os.path.join(project.path, "migrations", "*.sql"))[0]
    with open(script, encoding="utf-8") as file:
        text = file.read()
    with open(script, "w", encoding="utf-8") as file:
        file.write(text.replace("-- cmigrate: upgrade\n", "-- cmigrate: upgrade\nUPDATE t SET a = 2;\n", 1))
    holder = server.client(stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    holder.stdin.write("BEGIN; SELECT a FROM t FOR UPDATE;\n")
    holder.stdin.flush()
    holder.stdout.readline()
    log = server.sql("SELECT CONCAT(@@global.log_output, ' ', @@global.general_log)").split()
    server.sql("SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = 1")
    try:
        project.expect(4, "upgrade", says="HELD BY: connection ")
        server.sql("SET GLOBAL general_log = 0")
        asks = "argument REGEXP 'innodb_lock_waits|data_lock_waits'"
        others = server.sql(f"SELECT argument FROM mysql.general_log WHERE command_type = 'Query' AND NOT {asks} AND thread_id IN "
                            f"(SELECT thread_id FROM mysql.general_log WHERE {asks} AND argument NOT LIKE '%general_log%')")
        told = [line for line in others.split("\n") if "@me" in line or "processlist" in line]
        if told:
            raise AssertionError(f"more questions than one: {told}")
    finally:
        server.sql(f"SET GLOBAL general_log = {log[1]}, log_output = '{log[0]}'")
        holder.stdin.close()
        holder.wait(60)
    project.close()


def lock_held(server, name):
    """A session that holds GET_LOCK; its standard input ends it."""
    held = server.client(stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    held.stdin.write(f"SELECT GET_LOCK('{name}', 0);\n")
    held.stdin.flush()
    if held.stdout.readline().strip() != "1":
        raise AssertionError(f"GET_LOCK('{name}') is not to be had")
    return held


def let_go(held):
    held.stdin.close()
    held.wait(60)


def the_lock_is_of_one_database(program, server):
    """MySQL takes names of locks that differ in case for one."""
    other = server.database.upper()
    server.sql(f"DROP DATABASE IF EXISTS {other}; CREATE DATABASE {other}")
    project = Project(program, server.url(database=other), "tables: {t: {columns: {a: integer}}}\n", "lock_timeout: 1s\n")
    project.expect(0, "migrate", "-m", "a")
    held = lock_held(server, f"cmigrate:{server.database}:{server.database}.cmigrate_version")
    try:
        project.expect(0, "upgrade")
        project.write("cmigrate.yaml", f"url: {server.url()}\nlock_timeout: 1s\n")
        project.expect(5, "upgrade", says="another cmigrate is at work")
    finally:
        let_go(held)
        server.sql(f"DROP DATABASE {other}")
        project.close()


def what_is_left_out_stays(program, server):
    """The version table under another name, and what include and exclude leave out, on both sides."""
    server.sql("CREATE TABLE kept (a int); CREATE TABLE old_one (a int); CREATE VIEW old_view AS SELECT a FROM kept", server.database)
    server.sql("CREATE TRIGGER old_trigger BEFORE INSERT ON old_one FOR EACH ROW SET NEW.a = 1", server.database)
    model = "tables:\n  kept: {columns: {a: integer, b: integer}, indexes: {ix: [a]}}\n  old_new: {columns: {a: integer}}\n"
    project = Project(program, server.url(), model, "exclude: ['old_*']\nversion_table: steps\n")
    project.expect(0, "migrate", "-m", "kept", says="~ table kept")
    project.expect(0, "upgrade")
    project.expect(0, "check")
    project.expect(0, "downgrade", "base")
    if server.sql("SHOW TABLES", server.database).split() != ["cmigrate_history", "kept", "old_one", "old_view", "steps"]:
        raise AssertionError(server.sql("SHOW TABLES", server.database))
    project.write("cmigrate.yaml", f"url: {server.url()}\ninclude: [old_new]\nversion_table: steps\n")
    project.expect(1, "check", says="+ table old_new")
    project.write("schema.yaml", model + "  steps: {columns: {version_num: {type: string(128), primary_key: true}}}\n")
    project.expect(1, "check", says="+ table old_new")
    project.close()


def a_nul_is_told(program, server):
    """A text of the model ends at a NUL character: what the server has behind one is not lost in silence."""
    server.sql("CREATE TABLE n (e enum('a\\0b', 'c')); CREATE TABLE m (e enum('a\\\\0b'))", server.database)
    project = Project(program, server.url(), "tables: {}\n")
    said = project.expect(0, "inspect", says="table 'n': a text with a NUL character is carried only up to that")
    if "table 'm': a text" in said:
        raise AssertionError(said)
    project.close()


FOLDED = """
tables:
  Customer:
    columns: {Id: {type: integer, primary_key: true, autoincrement: false}, Name: string(40)}
  OrderLine:
    columns: {Id: {type: integer, primary_key: true, autoincrement: false}, Customer: integer}
    foreign_keys: {FkCustomer: {columns: [Customer], references: Customer(Id)}}
views: {BigView: {query: "SELECT c.Id, o.Id AS Line FROM Customer c JOIN OrderLine o ON o.Customer = c.Id"}}
triggers:
  Upper: {table: Customer, definition: "CREATE TRIGGER Upper BEFORE INSERT ON Customer FOR EACH ROW SET NEW.Name = upper(NEW.Name)"}
"""


def the_models_names_stay(program, server):
    """On a server that folds: equal, and scripts say what the model says; a run has one lock, however the URL is spelt."""
    server.sql("CREATE TABLE NotMine (a int)", server.database)
    config = "version_table: Steps\nexclude: [NotMine]\nlock_timeout: 1s\n"
    project = Project(program, server.url(database=server.database.upper()), FOLDED, config)
    project.expect(0, "migrate", "-m", "one", says="+ table OrderLine")
    project.expect(0, "upgrade")
    project.expect(0, "check", "--history")
    server.sql("INSERT INTO customer VALUES (1, 'x')", server.database)
    project.write("schema.yaml", FOLDED.replace("string(40)", "string(50)"))
    said = project.expect(0, "migrate", "-m", "two", says="~ table Customer")
    if "-" in [line.strip()[:1] for line in said.splitlines()]:
        raise AssertionError(said)
    project.expect(0, "upgrade")
    project.expect(0, "check", "--history")
    project.write("cmigrate.yaml", f"url: {server.url(database=server.database.title())}\n{config}")
    held = lock_held(server, f"cmigrate:{server.database}:{server.database}.steps")
    try:
        project.expect(5, "downgrade", "base", says="another cmigrate is at work")
    finally:
        let_go(held)
    project.expect(0, "downgrade", "-1")
    if server.sql("SELECT Name FROM customer", server.database) != "X":
        raise AssertionError("the row is gone")
    project.expect(0, "downgrade", "base")
    if server.sql("SHOW TABLES", server.database).split() != ["cmigrate_history", "notmine", "steps"]:
        raise AssertionError(server.sql("SHOW TABLES", server.database))
    project.close()


def what_is_new_is_tried(program, server):
    project = Project(program, server.url(), """
tables:
  a: {columns: {id: {type: integer, primary_key: true}, n: integer}}
  b:
    columns:
      id: {type: integer, primary_key: true}
      g: {type: integer, generated: "nope + 1", stored: true}
""")
    said = project.expect(2, "migrate", "-m", "wrong", says="refuses column 'g' of table 'b': Unknown column 'nope'")
    if "schema.yaml:7:7" not in said:
        raise AssertionError(f"{server.name}: an unknown column of a new table is not told\n{said}")
    project.close()
    project = Project(program, server.url(), """
tables:
  a: {columns: {id: {type: integer, primary_key: true}, n: integer}}
views:
  v: {query: "SELECT missing FROM a"}
""")
    said = project.expect(0, "migrate", "-m", "wrong", says="refuses view 'v': Unknown column 'missing'")
    if "schema.yaml:5:3" not in said:
        raise AssertionError(f"{server.name}: an unknown column of a new view is not told\n{said}")
    project.close()
    project = Project(program, server.url(), """
functions:
  made: CREATE FUNCTION made(n int) RETURNS int DETERMINISTIC RETURN n + 1
tables:
  a: {columns: {id: {type: integer, primary_key: true}, n: integer, g: {type: integer, generated: "n + 1"}}, checks: {c: "n > 0"}}
views:
  above: {query: "SELECT m FROM below"}
  below: {query: "SELECT made(g) AS m FROM a"}
  there: {query: "SELECT n FROM DATABASE.a"}
""".replace("DATABASE", server.database))
    said = project.expect(0, "migrate", "-m", "right")
    if "refuses" in said:
        raise AssertionError(f"{server.name}: what is right is refused\n{said}")
    project.expect(0, "upgrade")
    project.expect(0, "check")
    project.close()


BOTH = (the_servers_mode_says_nothing, the_charset_of_the_url_says_nothing, rights, a_held_table, a_held_row, the_lock_is_of_one_database,
        what_is_left_out_stays, a_nul_is_told, what_is_new_is_tried)


def folding_server(folder):
    """Its URL: the one that is there, or of one that is started here."""
    url = os.environ.get("CMIGRATE_TEST_FOLDING")
    if url or not os.environ.get("CMIGRATE_TEST_MARIADB"):
        return url
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support", "servers.sh")
    os.chmod(folder, 0o755)
    subprocess.run([script, "start", folder, "folding"], check=True)
    with open(os.path.join(folder, "folding.url"), encoding="utf-8") as file:
        return file.read().strip()


def main():
    folder = tempfile.mkdtemp(prefix="cmfolding-")
    try:
        return run({"MARIADB": (os.environ.get("CMIGRATE_TEST_MARIADB"), BOTH), "MYSQL": (os.environ.get("CMIGRATE_TEST_MYSQL"), BOTH),
                    "FOLDING": (folding_server(folder), (the_models_names_stay,))})
    finally:
        subprocess.run([os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support", "servers.sh"), "stop", folder])
        shutil.rmtree(folder, ignore_errors=True)


def run(servers):
    program, failed, ran = os.path.abspath(sys.argv[1]), 0, 0
    for name, (url, tests) in servers.items():
        for test in tests if url else ():
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
