"""The disk is full: where SQLite's file is, and where a server keeps its data."""
import sqlite3
import sys
import threading

import engines
from bench import Bench, Tally
from servers import Mount, Server
from steps import DOWN, UP

MOST_FULL = 6  # seconds: servers wait for room, and somebody makes it


class Journaled(engines.SQLite):
    """SQLite's file in a folder of ours, in one of its journal modes."""

    def __init__(self, folder, mode):
        super().__init__(folder)
        self.mode = mode

    def fresh(self, label):
        url = super().fresh(label)
        con = sqlite3.connect(url[len("sqlite:///"):])
        con.execute("PRAGMA journal_mode = " + self.mode)
        con.execute("CREATE TABLE before_all (id INTEGER)")
        con.close()
        return url


def filled(bench, mount, name, before, command, short, pages):
    """Full from each step on; and from the first on with so many pages left."""
    tally = Tally(f"{name}, {command[0]}")
    want = bench.undisturbed(*before, command)
    names = bench.points(before, command)
    tries = [(number, 0) for number in bench.sample(names, short, 12)] + [(1, left) for left in pages]
    for number, left in tries:
        url, folder = bench.start("f", before)
        run = bench.run_to(folder, command, number)
        if run.stopped():
            mount.fill(left)
            run.go_on()
        room = threading.Timer(MOST_FULL, mount.empty)
        room.start()
        status, said = run.end()
        room.cancel()
        mount.empty()
        what = f"full but {left} pages from {number} ({names[number - 1]})"
        if status is None:
            bench.fail(tally, what, "it hangs: " + said)
        else:
            bench.revive()
            bench.judge(tally, url, folder, command, want, what, said)
    return tally


class Filled(Bench):
    def __init__(self, bench, engine, server=None):
        super().__init__(bench.program, engine, bench.long)
        self.lost, self.server = bench.lost, server

    def revive(self):
        """A server may have gone down for want of room."""
        if self.server:
            self.server.start()


def kinds(bench):
    try:
        yield from of_server(bench) if hasattr(bench.engine, "key") else of_sqlite(bench)
    except OSError as why:
        print(f"*** NOT TRIED: a full disk for {bench.engine.name}: {why} ***", file=sys.stderr)


def of_sqlite(bench):
    mount = Mount(2)
    try:
        for mode in ("delete", "wal"):
            mine = Filled(bench, Journaled(mount.folder, mode))
            pages = range(1, 40) if bench.long else (1, 3, 6, 10)
            yield lambda: filled(mine, mount, f"disk full ({mode})", [], UP, 5, pages)
            yield lambda: filled(mine, mount, f"disk full ({mode})", [UP], DOWN, 3, pages[:2])
    finally:
        mount.close()


def of_server(bench):
    if bench.engine.key in ("pgbouncer", "galera"):
        return
    server = Server(bench.engine.key, Mount(700))
    mine = Filled(bench, server.engine(bench.engine.name), server)
    try:
        pages = range(1, 64, 4) if bench.long else (2, 16)
        yield lambda: filled(mine, server.mount, "disk full", [], UP, 2, pages)
        yield lambda: filled(mine, server.mount, "disk full", [UP], DOWN, 2, [])
    finally:
        mine.close()
        server.close()
