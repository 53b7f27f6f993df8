"""A database and a project of a test's own on each server, and what is asked of them.

    Place(name, server): .url, .engine, .script(...), .write(...), .run(...), .close()
    main((test, ...)): each test on each server that the environment names; 0 all hold, 1 some do not, 77 no server
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import sqlclient

PROGRAM = os.path.abspath(sys.argv[1])


class Place:
    def __init__(self, name, server):
        self.engine = "postgresql" if name.startswith("pg") else "mysql"
        self.server, self.database = server.rstrip("/"), f"cmops_{os.getpid()}"
        self.url = f"{self.server}/{self.database}"
        self.folder = tempfile.mkdtemp(prefix="cmops-")
        os.mkdir(os.path.join(self.folder, "migrations"))

    def script(self, revision, parents, *sections):
        with open(os.path.join(self.folder, "migrations", revision + ".sql"), "w", encoding="utf-8") as f:
            f.write(f"-- cmigrate: revision {revision}\n" + (f"-- cmigrate: parents {parents}\n" if parents else "") + "".join(sections))

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    def start(self, *args, url=None):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("CMIGRATE_", "PG"))}
        return subprocess.Popen([PROGRAM, "--url", url or self.url, *args], cwd=self.folder, env=env, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, *args, url=None, status=0):
        run = self.start(*args, url=url)
        out, err = run.communicate(timeout=60)
        assert run.returncode == status, f"cmigrate {' '.join(args)}: status {run.returncode}, not {status}\n{out}{err}"
        return out if "json" in args else out + err

    def status(self):
        return json.loads(self.run("status", "--format", "json"))

    def close(self):
        home = "postgres" if self.engine == "postgresql" else "mysql"
        sqlclient.of(self.server).run(f"drop database if exists {self.database};\n", home)
        shutil.rmtree(self.folder, ignore_errors=True)


def main(tests):
    failed = ran = 0
    for name in ("pg15", "pg18", "mariadb", "mysql"):
        server = os.environ.get("CMIGRATE_TEST_" + name.upper())
        if not server:
            continue
        place = Place(name, server)
        try:
            for test in tests:
                ran += 1
                try:
                    test(place)
                except (AssertionError, subprocess.TimeoutExpired, OSError) as e:
                    failed += 1
                    print(f"FAIL on {name}: {test.__name__.replace('_', ' ')}\n  {e}")
        finally:
            place.close()
    print(f"{ran - failed} of {ran} hold")
    return 77 if not ran else 1 if failed else 0
