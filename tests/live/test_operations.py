#!/usr/bin/env python3
"""A database that is made, waited for and asked where it is: status, wait, create-database on each server.

    test_operations.py CMIGRATE      0 all hold, 1 some do not, 77 no server
"""
import socket
import sys
import threading
import time
import urllib.parse

from place import main

SLEEP = {"postgresql": "SELECT pg_sleep(1.5);", "mysql": "DO SLEEP(1.5);"}


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


if __name__ == "__main__":
    sys.exit(main((makes_the_database, waits_until_the_server_answers, tells_a_run_at_work_from_one_that_stopped)))
