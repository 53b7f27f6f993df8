#!/usr/bin/env python3
"""Disturbs real runs at every step and looks at what is left. Prints a table; its last column must be 0.

    tests/fault/run.py PROGRAM [--long] [--only sqlite,pg15,pg18,mariadb,mysql] [--markdown]

PROGRAM is a build with -DCMIGRATE_FAULTS=ON: it says by itself which steps a run has (CMIGRATE_FAULT=list:FILE) and
stops at the n-th (kill:N by SIGKILL, fail:N by an error), so a new step is covered without anyone remembering it.
Servers come from CMIGRATE_TEST_PG15, CMIGRATE_TEST_PG18, CMIGRATE_TEST_MARIADB and CMIGRATE_TEST_MYSQL.
After each disturbance the same command is run again, undisturbed. Then either schema, rows, version and history equal
those of a run that nothing disturbed (recovered), or the program ends with status 4 and names the statement and the
ways on (explained); anything else is lost, and is printed.
"""
import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import engines
import work

LIMIT = 120  # seconds for one call


class Bench:
    """One engine and one program."""

    def __init__(self, program, engine, keep):
        self.program, self.engine, self.keep = program, engine, keep
        self.folder = tempfile.mkdtemp(prefix="cmigrate-fault-project-")
        self.lost = []

    def start(self, label):
        """A new database and its project; gives (url, folder)."""
        url = self.engine.fresh(label)
        folder = os.path.join(self.folder, label)
        shutil.rmtree(folder, ignore_errors=True)
        work.write_project(folder, url)
        return url, folder

    def call(self, folder, *args, fault=None):
        env = dict(os.environ)
        env.pop("CMIGRATE_FAULT", None)
        if fault:
            env["CMIGRATE_FAULT"] = fault
        done = subprocess.run([self.program, *args], cwd=folder, capture_output=True, text=True, env=env,
                              stdin=subprocess.DEVNULL, timeout=LIMIT)
        return done.returncode, done.stdout + done.stderr

    def state(self, url, folder):
        """Schema, rows and version: what must come out the same."""
        status, schema = self.call(folder, "inspect", "-q")
        rows = {table: self.engine.rows(url, f"SELECT * FROM {table} ORDER BY {key}") for table, key in work.TABLES.items()}
        version = sorted(self.engine.rows(url, "SELECT version_num FROM cmigrate_version"))
        done = self.engine.rows(url, "SELECT revision, direction, count(*) FROM cmigrate_history WHERE state = 'done' "
                                     "GROUP BY revision, direction ORDER BY revision, direction")
        return status, schema, rows, version, done

    def undisturbed(self, commands):
        url, folder = self.start("calm")
        for command in commands:
            status, said = self.call(folder, *command)
            if status:
                raise RuntimeError(f"{self.engine.name}: an undisturbed {command} fails: {said}")
        return self.state(url, folder)

    def points(self, before, command):
        _, folder = self.start("list")
        for each in before:
            self.call(folder, *each)
        path = os.path.join(self.folder, "points")
        if os.path.exists(path):
            os.remove(path)
        status, said = self.call(folder, *command, fault="list:" + path)
        if status or not os.path.exists(path):
            raise RuntimeError(f"{self.program} does not list its steps: is it built with -DCMIGRATE_FAULTS=ON? {said}")
        with open(path, encoding="utf-8") as file:
            return file.read().split("\n")[:-1]

    def judge(self, url, folder, command, want, what, tally):
        """The same command again; recovered, explained or lost."""
        status, said = self.call(folder, *command)
        if status == 4 and "--resume" in said:
            tally["explained"] += 1
            return
        got = self.state(url, folder)
        if status == 0 and got == want:
            tally["recovered"] += 1
            return
        tally["lost"] += 1
        parts = ("status", "schema", "rows", "version", "history")
        differs = [part for part, a, b in zip(parts, got, want) if a != b]
        self.lost.append(f"{self.engine.name}, {what}: status {status}, differs: {differs}\n{said}")

    def at_every_point(self, kind, before, command):
        want = self.undisturbed([*before, command])
        names = self.points(before, command)
        tally = {"points": 0, "recovered": 0, "explained": 0, "lost": 0}
        for number, name in enumerate(names, 1):
            if number % self.keep and number != len(names):
                continue
            if kind == "fail" and name == "committed":
                continue  # all is done there: nothing is left that could fail, only a process that can end
            url, folder = self.start("x")
            for each in before:
                self.call(folder, *each)
            self.call(folder, *command, fault=f"{kind}:{number}")
            tally["points"] += 1
            self.judge(url, folder, command, want, f"{kind} at {number} ({name}) of {' '.join(command)}", tally)
        return tally

    def by_signal(self, number):
        """SIGINT and SIGTERM while a run is under way, at growing delays."""
        want = self.undisturbed([("upgrade",)])
        tally = {"points": 0, "recovered": 0, "explained": 0, "lost": 0}
        for delay in (0.002, 0.005, 0.01, 0.02, 0.05):
            url, folder = self.start("s")
            process = subprocess.Popen([self.program, "upgrade"], cwd=folder, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            time.sleep(delay)
            process.send_signal(number)
            process.wait(LIMIT)
            tally["points"] += 1
            self.judge(url, folder, ("upgrade",), want, f"signal {number} after {delay} s", tally)
        return tally

    def cut_off(self):
        """Every session of the database is ended by the server while a run is under way, at growing delays."""
        want = self.undisturbed([("upgrade",)])
        tally = {"points": 0, "recovered": 0, "explained": 0, "lost": 0}
        for delay in (0.005, 0.01, 0.02, 0.03, 0.05):
            url, folder = self.start("cut")
            process = subprocess.Popen([self.program, "upgrade"], cwd=folder, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            time.sleep(delay)
            self.engine.cut(url)
            process.wait(LIMIT)
            tally["points"] += 1
            self.judge(url, folder, ("upgrade",), want, f"sessions ended after {delay} s", tally)
        return tally

    def together(self, count):
        """Many processes at once: each revision once, all exit 0."""
        want = self.undisturbed([("upgrade",)])
        url, folder = self.start("many")
        crowd = [subprocess.Popen([self.program, "upgrade"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  stdin=subprocess.DEVNULL, text=True) for _ in range(count)]
        said = [(process.communicate(timeout=LIMIT)[0], process.returncode) for process in crowd]
        tally = {"points": count, "recovered": 0, "explained": 0, "lost": 0}
        good = self.state(url, folder) == want
        for text, status in said:
            tally["recovered" if status == 0 and good else "lost"] += 1
            if status or not good:
                self.lost.append(f"{self.engine.name}, {count} at once: status {status}: {text}")
        return tally

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.engine.close()


def faults(bench, long):
    up, down = ("upgrade",), ("downgrade", "base")
    yield "killed, upgrade", lambda: bench.at_every_point("kill", [], up)
    yield "killed, downgrade", lambda: bench.at_every_point("kill", [up], down)
    yield "step fails, upgrade", lambda: bench.at_every_point("fail", [], up)
    yield "SIGINT", lambda: bench.by_signal(signal.SIGINT)
    yield "SIGTERM", lambda: bench.by_signal(signal.SIGTERM)
    if hasattr(bench.engine, "cut"):
        yield "connection cut", bench.cut_off
    crowd = 50 if long else 20
    yield f"{crowd} at once", lambda: bench.together(crowd)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program")
    ap.add_argument("--long", action="store_true", help="every point and 50 processes; else every third point and 20")
    ap.add_argument("--only", default="", help="engines, by comma")
    ap.add_argument("--markdown", action="store_true")
    args = ap.parse_args()
    rows, lost = [], []
    for engine in engines.engines([name for name in args.only.lower().split(",") if name]):
        bench = Bench(os.path.abspath(args.program), engine, 1 if args.long else 3)
        for name, run in faults(bench, args.long):
            tally = run()
            rows.append((engine.name, name, tally["points"], tally["recovered"], tally["explained"], tally["lost"]))
            print("%-14s %-20s %4d tried %4d recovered %4d explained %4d lost" % rows[-1], flush=True)
        lost += bench.lost
        bench.close()
    if args.markdown:
        print("\n| engine | fault | points tried | recovered by itself | explained | lost |\n| --- | --- | --: | --: | --: | --: |")
        for row in rows:
            print("| %s | %s | %d | %d | %d | %d |" % row)
    for text in lost[:10]:
        print("\nLOST " + text)
    failed = sum(1 for row in rows if row[5])
    print(f"{len(rows) - failed} passed, {failed} failed")
    return 1 if failed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
