"""What the tests of hostile input share: a project in a folder of its own, calls of the program that are bounded in time and
memory, and databases that are asked by something that is not this program."""
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from urllib.parse import unquote, urlsplit

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import sqlclient

SECONDS, MEMORY = 60, 3 << 30  # of one call


def bounded():
    if not os.environ.get("ASAN_OPTIONS") and not os.environ.get("CMIGRATE_TEST_SANITIZED"):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


class Answer:
    def __init__(self, words, done):
        self.words, self.status = words, done.returncode
        self.out, self.err = done.stdout, done.stderr

    @property
    def said(self):
        return self.out + self.err

    def text(self):
        return self.said.decode("utf-8", "replace")


class Project:
    """A folder with cmigrate.yaml for `url`; `heard` keeps all that was ever said here."""

    def __init__(self, program, url, config=""):
        self.program, self.url = os.path.abspath(program), url
        self.folder = tempfile.mkdtemp(prefix="cmigrate-hostile-")
        self.heard = b""
        os.mkdir(self.path("migrations"))
        self.write("cmigrate.yaml", f'url: "{url}"\n{config}'.encode(), 0o600)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def write(self, name, content, mode=0o644):
        with open(self.path(name), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        os.chmod(self.path(name), mode)

    def call(self, *words, env=None, stdin=None, status=None):
        full = dict(os.environ, LC_ALL="C.UTF-8", NO_COLOR="1")
        for name in ("CMIGRATE_URL", "CMIGRATE_CONFIG", "DATABASE_URL"):
            full.pop(name, None)
        full.update(env or {})
        done = subprocess.run([self.program, *words], cwd=self.folder, env=full, stdin=stdin or subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=SECONDS, preexec_fn=bounded)
        answer = Answer(words, done)
        self.heard += answer.said
        if b"Sanitizer" in done.stderr or b"runtime error" in done.stderr or done.returncode < 0:
            raise AssertionError(f"{words}: {done.returncode}\n{answer.text()[-4000:]}")
        if status is not None and done.returncode != status:
            raise AssertionError(f"{words}: exit {done.returncode}, not {status}\n{answer.text()[-4000:]}")
        return answer

    def scripts(self):
        return [self.path("migrations", name) for name in sorted(os.listdir(self.path("migrations")))]

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class SQLite:
    name, key = "SQLite", "sqlite"
    names_may_hold = staticmethod(lambda name: True)

    def __init__(self):
        self.file = None

    def fresh(self, label):
        self.file = os.path.join(tempfile.gettempdir(), f"cmigrate-hostile-{os.getpid()}-{label}.db")
        self.drop()
        return "sqlite:///" + self.file

    def drop(self):
        if self.file and os.path.exists(self.file):
            os.remove(self.file)

    def rows(self, sql):
        with sqlite3.connect(self.file) as db:
            return [tuple(row) for row in db.execute(sql)]

    def script(self, text):
        with sqlite3.connect(self.file) as db:
            db.executescript(text)

    def columns(self):
        """{(table, column)} as the engine names them."""
        return set(self.rows("SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c "
                             "WHERE m.type = 'table' AND m.name NOT LIKE 'cmigrate%' AND m.name NOT LIKE 'sqlite%'"))

    def comments(self):
        return None


class Server:
    """A database of its own on a server; asked by the server's client, which prints each row as JSON."""

    def __init__(self, name, key, url):
        self.name, self.key, self.base = name, key, url
        parts = urlsplit(url)
        self.user, self.password, self.host, self.port = parts.username, unquote(parts.password or ""), parts.hostname, parts.port
        self.database = None

    def fresh(self, label):
        self.database = f"hostile_{os.getpid()}_{label}"
        self.script(f"DROP DATABASE IF EXISTS {self.database}{self.drop_how};\nCREATE DATABASE {self.database}{self.create_how}", self.maintenance)
        return f"{self.base}/{self.database}"

    def drop(self):
        if self.database:
            self.script(f"DROP DATABASE IF EXISTS {self.database}{self.drop_how}", self.maintenance)

    def script(self, text, database=None, ok=True):
        """By a client that stays."""
        done = self.session.run(text, database or self.database)
        if ok and done.returncode:
            raise AssertionError(f"{self.name}: {text[:500]}\n{done.stderr.decode('utf-8', 'replace')[:2000]}")
        return done


class Postgres(Server):
    maintenance, drop_how, create_how = "postgres", " WITH (FORCE)", " STRATEGY FILE_COPY"
    marks = "-F", "\x1f", "-R", "\x1e"

    @property
    def session(self):
        return sqlclient.of(self.base, *self.marks)

    def client(self, text):
        """psql as a person calls it."""
        return subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", *self.marks, f"{self.base}/{self.database}"],
                              input=text.encode(), capture_output=True)

    def rows(self, sql):
        text = self.script(sql).stdout.decode()
        text = text[:-1] if text.endswith("\n") else text
        return [tuple(line.split("\x1f")) for line in text.split("\x1e")] if text else []

    @staticmethod
    def names_may_hold(name):
        return len(name.encode()) <= 63

    def columns(self):
        return set(self.rows("SELECT relname, attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE relkind = 'r' "
                             "AND relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped AND relname NOT LIKE 'cmigrate%'"))

    def comments(self):
        return {row[0] for row in self.rows("SELECT description FROM pg_description JOIN pg_class c ON c.oid = objoid "
                                            "WHERE relnamespace = 'public'::regnamespace")}


class MySQL(Server):
    maintenance, drop_how, create_how = "mysql", "", ""

    @property
    def session(self):
        return sqlclient.of(self.base)

    def words(self, database):
        return {"args": ["mariadb", "--skip-ssl", "-h", self.host, "-P", str(self.port), "-u", self.user, "--default-character-set=utf8mb4", "--batch",
                         "--raw", "-N", database], "env": dict(os.environ, MYSQL_PWD=self.password)}

    def client(self, text):
        """mariadb as a person calls it."""
        return subprocess.run(**self.words(self.database), input=text.encode(), capture_output=True)

    def hold(self, text):
        """Statements that take their time, beside what else is done."""
        words = self.words(self.database)
        return subprocess.Popen([*words["args"], "-e", text], env=words["env"], stdin=subprocess.DEVNULL)

    def rows(self, sql):
        """Each value in hex, so that no byte of it can be taken for an end."""
        text = self.script(sql).stdout.decode()
        return [tuple(bytes.fromhex(value).decode() for value in line.split("\t")) for line in text.split("\n") if line]

    @staticmethod
    def names_may_hold(name):
        return len(name) <= 64 and not name.endswith(" ") and all(ord(c) < 0x10000 for c in name)

    def columns(self):
        return set(self.rows("SELECT HEX(table_name), HEX(column_name) FROM information_schema.columns "
                             "WHERE table_schema = DATABASE() AND table_name NOT LIKE 'cmigrate%'"))

    def comments(self):
        return {row[0] for row in self.rows("SELECT HEX(table_comment) FROM information_schema.tables WHERE "
                                            "table_schema = DATABASE() AND table_comment <> '' UNION SELECT HEX(column_comment) "
                                            "FROM information_schema.columns WHERE table_schema = DATABASE() AND column_comment <> ''")}


def engines(wanted):
    """SQLite, or the server that the environment names for a word like pg15."""
    if wanted == "sqlite":
        return SQLite()
    base = os.environ.get("CMIGRATE_TEST_" + wanted.upper())
    if not base:
        return None
    return {"pg14": Postgres, "pg15": Postgres, "pg18": Postgres, "mariadb": MySQL, "mysql": MySQL}[wanted](wanted, wanted, base)


def run(*tests):
    """The main program of a file of tests: its arguments are cmigrate and the word of an engine."""
    program, word = sys.argv[1:3]
    engine = engines(word)
    if engine is None:
        print(f"no {word}")
        return 77
    for test in tests:
        test(program, engine)
        print(f"ok {engine.name}: {test.__name__}")
    return 0
