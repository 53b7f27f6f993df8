"""psql and mariadb, started once and used for many scripts: most of what a short script costs is the client's start.

    client = sqlclient.of("postgresql://postgres@127.0.0.1:5432")    # or mysql://root:secret@127.0.0.1:3306
    done = client.run("select 1", "a_database")                     # .returncode, .stdout, .stderr, as of subprocess.run

Each script has a session of its own, as if a client had been started for it, and the first error ends it. The client is started
again when it has ended. Tests that compare with what a client does with a script start it themselves.
"""
import atexit
import os
import re
import subprocess
import tempfile
import threading
from urllib.parse import unquote, urlsplit

PATIENCE = 120  # seconds for one script


class Done:
    def __init__(self, returncode, stdout, stderr):
        self.returncode, self.stdout, self.stderr = returncode, stdout, stderr


class Client:
    end = b"\x01 end of the script \x01"  # a line that no script prints
    idle = None  # the database that a client is started in

    def __init__(self, url):
        self.url, self.process = url.rstrip("/"), None
        self.lock = threading.Lock()
        self.said = tempfile.TemporaryFile()  # a pipe of errors could be full while nobody reads it
        atexit.register(self.close)

    def run(self, text, database=None):
        """One script in a session of its own."""
        text = text.encode() if isinstance(text, str) else text
        with self.lock:
            if self.process is None:
                self.process = self.start()
            self.said.seek(0)
            self.said.truncate()
            alarm = threading.Timer(PATIENCE, self.process.kill)  # a quote without an end takes our mark for a part of it
            alarm.start()
            try:
                sender = threading.Thread(target=self.send, args=(self.script(text, database or self.idle),))
                sender.start()
                out, whole = self.answer()
                sender.join()
            finally:
                alarm.cancel()
            status = 0
            if not whole:
                status = self.process.wait() or 1
                self.forget()
            self.said.seek(0)
            return Done(status, out, self.said.read())

    def send(self, script):
        try:
            self.process.stdin.write(script)
            self.process.stdin.flush()
        except OSError:  # it has ended
            pass

    def answer(self):
        """What was printed, and whether the script came to its end."""
        out, mark = bytearray(), self.end + b"\n"
        while not out.endswith(mark):
            got = os.read(self.process.stdout.fileno(), 65536)
            if not got:
                return bytes(out), False
            out += got
        return bytes(out[:-len(mark)]), True

    def spawn(self, words, env=None):
        return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said, bufsize=0, env=env)

    def forget(self):
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                pipe.close()
            except OSError:
                pass
        self.process = None

    def close(self):
        if self.process is not None:
            process = self.process
            self.forget()
            process.wait()


class Psql(Client):
    idle = "postgres"

    def __init__(self, url, *options):
        super().__init__(url)
        self.options = options
        self.file = tempfile.NamedTemporaryFile(suffix=".sql")

    def start(self):
        return self.spawn(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", *self.options, f"{self.url}/{self.idle}"])

    def script(self, text, database):
        self.file.seek(0)
        self.file.truncate()
        self.file.write(text)
        self.file.flush()
        where = f"{self.url}/{database}".replace("'", "''")
        return f"\\connect '{where}'\n\\i {self.file.name}\n\\echo {self.end.decode()!r}\n".encode().replace(b"\\x01", b"\x01")


class MariaDB(Client):
    idle = "information_schema"

    def start(self):
        where = urlsplit(self.url)
        return self.spawn(["mariadb", "--skip-ssl", "-h", where.hostname, "-P", str(where.port or 3306), "-u", where.username or "root",
                           "--default-character-set=utf8mb4", "--batch", "--raw", "--unbuffered", "--skip-column-names"],
                          dict(os.environ, MYSQL_PWD=unquote(where.password or "")))

    def script(self, text, database):
        # the statement that is open is ended by the delimiter that the script has set last
        delimiters = re.findall(rb"^[ \t]*delimiter[ \t]+(\S+)", text, re.IGNORECASE | re.MULTILINE)
        last = delimiters[-1] if delimiters else b";"
        return b"delimiter ;\n\\r %s\n%s\n%s\ndelimiter ;\nselect '%s';\n" % (database.encode(), text, last, self.end)


opened = {}


def of(url, *options):
    """The client of an address without a database, the same one each time."""
    key = (url.rstrip("/"), *options)
    if key not in opened:
        opened[key] = Psql(url, *options) if url.startswith("postgresql:") else MariaDB(url)
    return opened[key]
