#!/usr/bin/env python3
"""Another process holds a SQLite file: each command gives up after lock_timeout, once and not for each statement, with status 5.

    lock_wait.py CMIGRATE
"""
import os
import sqlite3
import subprocess
import sys
import tempfile
import time

MODEL = "tables:\n  user: {columns: {id: {type: integer, primary_key: true}, nick: text}}\n"
TIMEOUT, MOST = 0.5, 6  # seconds: the machine may be busy, but twelve times the timeout is a wait for each statement


def main():
    program, faults = os.path.abspath(sys.argv[1]), []
    with tempfile.TemporaryDirectory() as folder:
        def call(*words):
            start = time.monotonic()
            done = subprocess.run([program, *words], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  text=True, timeout=120)
            return done.returncode, done.stdout, time.monotonic() - start

        for name, text in (("cmigrate.yaml", f"url: sqlite:///app.db\nlock_timeout: {int(TIMEOUT * 1000)}ms\n"), ("schema.yaml", MODEL)):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(text)
        assert call("migrate", "-m", "first")[0] == 0
        holder = sqlite3.connect(os.path.join(folder, "app.db"), isolation_level=None)
        holder.execute("create table held (a)")
        holder.execute("begin exclusive")
        for words in (("current",), ("check",), ("upgrade",), ("stamp", "head")):
            status, said, seconds = call(*words)
            if status != 5 or "another process holds" not in said or not TIMEOUT <= seconds < MOST:
                faults.append(f"{words[0]}: status {status} after {seconds:.1f} s\n{said}")
        status, said, _ = call("history")  # the files can be listed all the same
        if status or "first" not in said or "another process holds" not in said:
            faults.append(f"history: status {status}\n{said}")
        holder.execute("rollback")
        holder.close()
        status, said, _ = call("upgrade")
        if status:
            faults.append(f"upgrade, when the lock is free: status {status}\n{said}")
    print("\n".join(faults) or "each gave up in time")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
