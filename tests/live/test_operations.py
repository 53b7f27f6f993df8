#!/usr/bin/env python3
"""A database that is made, waited for and asked where it is: status, wait, create-database on each server.

    test_operations.py CMIGRATE      0 all hold, 1 some do not, 77 no server
"""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import sqlclient

PROGRAM = os.path.abspath(sys.argv[1])
SLEEP = {"postgresql": "SELECT pg_sleep(1.5);", "mysql": "DO SLEEP(1.5);"}


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


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def forward(listener, to):
    """One connection after another, to the server; until the listener is closed."""
    def pump(a, b):
        try:
            while data := a.recv(65536):
                b.sendall(data)
        except OSError:
            pass
        finally:
            for s in (a, b):
                try:
                    s.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        server = socket.create_connection(to)
        for pair in ((client, server), (server, client)):
            threading.Thread(target=pump, args=pair, daemon=True).start()


def makes_the_database(p):
    assert "does not exist" in p.run("current", status=3) or p.engine == "mysql"
    assert "was created" in p.run("create-database")
    assert "is there already" in p.run("create-database", "--wait", "10s")
    assert p.status()["current"] == []


def waits_until_the_server_answers(p):
    at = urllib.parse.urlsplit(p.url)
    port = free_port()
    url = p.url.replace(f"{at.hostname}:{at.port}", f"127.0.0.1:{port}")
    assert "no answer within 200ms" in p.run("wait", "--timeout", "200ms", url=url, status=3)
    waiting = p.start("upgrade", "--wait", "20s", url=url)
    said = waiting.stderr.readline()
    assert said.startswith("Waiting for"), said
    listener = socket.create_server(("127.0.0.1", port))
    threading.Thread(target=forward, args=(listener, (at.hostname, at.port)), daemon=True).start()
    out, err = waiting.communicate(timeout=30)
    listener.close()
    assert waiting.returncode == 0, out + err


def tells_a_run_at_work_from_one_that_stopped(p):
    p.script("aaa1", "", "-- cmigrate: upgrade\nCREATE TABLE one (a integer);\n", f"-- cmigrate: upgrade no-transaction\n{SLEEP[p.engine]}\nINSERT INTO missing VALUES (1);\n")
    run = p.start("upgrade")
    end = time.time() + 20
    while not (found := p.status()["interrupted"]) and time.time() < end and run.poll() is None:
        time.sleep(0.05)
    assert found and found["at_work"], found
    run.communicate(timeout=30)
    assert run.returncode == 4
    stopped = p.status()["interrupted"]
    assert stopped["at_work"] is None and stopped["statements_done"] == 2 and stopped["goes_on"] == "cmigrate upgrade aaa1", stopped
    assert "Interrupted: the upgrade of aaa1" in p.run("status")
    p.script("aaa1", "", "-- cmigrate: upgrade\nCREATE TABLE one (a integer);\n", f"-- cmigrate: upgrade no-transaction\n{SLEEP[p.engine]}\nCREATE TABLE two (a integer);\n")
    p.run("upgrade")
    after = p.status()
    assert after["interrupted"] is None and after["at_head"] and [h["state"] for h in after["history"]] == ["done", "resumed"], after


def main():
    failed = ran = 0
    for name in ("pg15", "pg18", "mariadb", "mysql"):
        server = os.environ.get("CMIGRATE_TEST_" + name.upper())
        if not server:
            continue
        place = Place(name, server)
        try:
            for test in (makes_the_database, waits_until_the_server_answers, tells_a_run_at_work_from_one_that_stopped):
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


if __name__ == "__main__":
    sys.exit(main())
