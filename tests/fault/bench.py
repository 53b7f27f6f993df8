"""One engine and one program: makes databases and projects, runs commands that stop at a step, and judges what is left."""
import atexit
import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

import work

LIMIT = 180  # seconds for one call


class Tally:
    """What came of a row's points."""

    def __init__(self, name):
        self.name, self.points, self.recovered, self.explained, self.lost = name, 0, 0, 0, 0


class Run:
    """A program that was started, and stops by itself (SIGSTOP) at one of its steps."""

    def __init__(self, program, folder, command, number, url):
        env = clean_environment()
        env["CMIGRATE_FAULT"] = f"stop:{number}"
        if url:
            env["CMIGRATE_URL"] = url
        self.process = subprocess.Popen([program, *command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        stdin=subprocess.DEVNULL, text=True, env=env)
        self.said = ""
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        self.said = self.process.stdout.read()

    def stopped(self):
        """Waits until it stands still; False: it ended before."""
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            with open(f"/proc/{self.process.pid}/stat", encoding="ascii", errors="replace") as file:
                state = file.read().rsplit(")", 1)[1].split()[0]
            if state in "TZ":
                return state == "T"
            time.sleep(0.002)
        raise RuntimeError("it neither stops nor ends")

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def end(self, limit=LIMIT):
        """Status and what it said; a program that hangs is killed, and its status is None."""
        try:
            status = self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = None
        self.reader.join()
        self.process.stdout.close()
        return status, self.said


def clean_environment():
    env = dict(os.environ)
    for name in ("CMIGRATE_FAULT", "CMIGRATE_URL", "CMIGRATE_CONFIG"):
        env.pop(name, None)
    return env


class Bench:
    def __init__(self, program, engine, long):
        self.program, self.engine, self.long = program, engine, long
        self.folder = tempfile.mkdtemp(prefix="cmigrate-fault-project-")
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.scratch = os.path.join(self.folder, "scratch")  # TMPDIR: what is killed leaves nothing there
        os.mkdir(self.scratch)
        self.lost = []
        self.calm = {}

    def start(self, label, before=()):
        """A new database and its project, brought where `before` leads; gives (url, folder)."""
        url = self.engine.fresh(label)
        folder = os.path.join(self.folder, label)
        shutil.rmtree(folder, ignore_errors=True)
        work.write_project(folder, url)
        for command in before:
            status, said = self.call(folder, *command)
            if status:
                raise RuntimeError(f"{self.engine.name}: {command} fails before anything was disturbed: {said}")
        return url, folder

    @staticmethod
    def configure(folder, **settings):
        path = os.path.join(folder, "cmigrate.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for key, value in settings.items():
            text = re.sub(f"{key}: .*", f"{key}: {value}", text)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def call(self, folder, *args, fault=None, url=None, program=None):
        env = clean_environment()
        env["TMPDIR"] = self.scratch
        if fault:
            env["CMIGRATE_FAULT"] = fault
        if url:
            env["CMIGRATE_URL"] = url
        done = subprocess.run([program or self.program, *args], cwd=folder, capture_output=True, text=True, env=env,
                              stdin=subprocess.DEVNULL, timeout=LIMIT, check=False)
        return done.returncode, done.stdout + done.stderr

    def popen(self, folder, *args, url=None):
        env = clean_environment()
        if url:
            env["CMIGRATE_URL"] = url
        return subprocess.Popen([self.program, *args], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                stdin=subprocess.DEVNULL, text=True, env=env)

    def state(self, url, folder):
        """Schema, rows, version and history: what must come out the same."""
        other = self.engine.elsewhere(url) if hasattr(self.engine, "elsewhere") else None
        status, schema = self.call(folder, "inspect", "-q", url=other)
        rows = {table: self.engine.rows(url, f"SELECT * FROM {table} ORDER BY {key}") for table, key in work.TABLES.items()}
        version = sorted(self.engine.rows(url, "SELECT version_num FROM cmigrate_version"))
        done = self.engine.rows(url, "SELECT revision, direction, count(*) FROM cmigrate_history WHERE state = 'done' "
                                     "GROUP BY revision, direction ORDER BY revision, direction")
        return status, schema, rows, version, done

    def undisturbed(self, *commands):
        if commands not in self.calm:
            url, folder = self.start("calm", commands)
            self.calm[commands] = self.state(url, folder)
        return self.calm[commands]

    def points(self, before, command):
        """The names of the steps of a command, as the program itself lists them."""
        _, folder = self.start("list", before)
        return self.listed(folder, command)

    def listed(self, folder, command):
        path = os.path.join(self.folder, "points")
        with contextlib.suppress(FileNotFoundError):
            os.remove(path)
        status, said = self.call(folder, *command, fault="list:" + path)
        if status or not os.path.exists(path):
            raise RuntimeError(f"{self.program} does not list its steps: is it built with -DCMIGRATE_FAULTS=ON? {said}")
        with open(path, encoding="utf-8") as file:
            return file.read().split("\n")[:-1]

    def sample(self, names, short, long=None):
        """Numbers of steps, from 1: all of them, or `long` many, in the long form, else `short`; the first and the last are
        among them. Of an engine where each takes long, fewer."""
        count = len(names)
        if self.long:
            short = long or count
        if hasattr(self.engine, "elsewhere"):
            short = min(short, 20 if self.long else 3)
        if count <= short:
            return range(1, count + 1)
        return sorted({1 + round(i * (count - 1) / (short - 1)) for i in range(short)})

    def run_to(self, folder, command, number, url=None):
        return Run(self.program, folder, command, number, url)

    def fail(self, tally, what, said):
        tally.lost += 1
        self.lost.append(f"{self.engine.name}, {tally.name}, {what}\n{said}")

    def judge(self, tally, url, folder, command, want, what, before=""):
        """The same command again; recovered, explained or lost."""
        tally.points += 1
        other = self.engine.elsewhere(url) if hasattr(self.engine, "elsewhere") else None
        status, said = self.call(folder, *command, url=other)
        if status == 4 and "--resume" in said:
            tally.explained += 1
            return
        got = self.state(url, folder)
        if status == 0 and got == want:
            tally.recovered += 1
            return
        parts = ("status", "schema", "rows", "version", "history")
        differs = [part for part, a, b in zip(parts, got, want) if a != b]
        self.fail(tally, what, f"status {status}, differs: {differs}\nfirst it said: {before}\nthen: {said}")

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.engine.close()
