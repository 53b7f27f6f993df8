"""A Python program that is slow to import, and called often: each call is a fork of a process that has imported it.

    alembic = warm.Program("alembic", "alembic.config", "main", path)     # the program as PATH has it
    status, out, err = alembic.call(["upgrade", "head"], folder, environment)

The process ends when its standard input does. SQLAlchemy is imported with Alembic, and is most of the time.
"""
import atexit
import contextlib
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import traceback


class Program:
    def __init__(self, name, module, function, path=None):
        self.lock = threading.Lock()
        with open(shutil.which(name, path=path), encoding="utf-8") as file:
            python = file.readline()[2:].split()  # what its first line says runs it
        self.process = subprocess.Popen([*python, os.path.abspath(__file__), name, module, function], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        atexit.register(self.close)

    def call(self, words, cwd, env):
        with tempfile.TemporaryDirectory(prefix="cmigrate-warm-") as folder:
            out, err = os.path.join(folder, "out"), os.path.join(folder, "err")
            with self.lock:
                self.process.stdin.write(json.dumps({"words": words, "cwd": cwd, "env": env, "out": out, "err": err}) + "\n")
                self.process.stdin.flush()
                status = int(self.process.stdout.readline())
            texts = []
            for name in (out, err):
                with open(name, encoding="utf-8", errors="replace") as file:
                    texts.append(file.read())
            return status, *texts

    def close(self):
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def run(function, name, asked):
    """In the fork: what the program would be by itself, to its exit status."""
    for number, stream in ((0, os.devnull), (1, asked["out"]), (2, asked["err"])):
        given = os.open(stream, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(given, number)
        os.close(given)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    sys.argv = [name, *asked["words"]]
    try:
        ended = function()
    except SystemExit as e:
        ended = e.code
    except BaseException:
        traceback.print_exc()
        ended = 1
    if isinstance(ended, str):
        print(ended, file=sys.stderr)
        ended = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return int(ended or 0)


def serve(name, module, function):
    sys.path.pop(0)  # this folder: a program finds its own things
    sys.path.insert(0, os.path.dirname(os.path.realpath(shutil.which(name) or name)))
    function = getattr(importlib.import_module(module), function)
    with contextlib.suppress(ImportError):
        for each in ("sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.mysql", "psycopg2", "pymysql"):
            importlib.import_module(each)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(run(function, name, json.loads(line)) & 255)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    serve(*sys.argv[1:4])
