#!/usr/bin/env python3
"""No connection is ever used by two threads at once.

    threads.py CMIGRATE mariadb|mysql ONE_THREAD.so

Another session has the lock of the work, as the statement of a killed run has it on the server for a while. A run waits for it
while its heart keeps the other lock alive. Then the lock is given free, and the run must end well.
"""
import hashlib
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit

SCRIPT = "-- cmigrate: revision aaa\n-- cmigrate: parents\n-- cmigrate: message first\n-- cmigrate: upgrade\nCREATE TABLE t (id INTEGER);\n" \
         "-- cmigrate: downgrade\nDROP TABLE t;\n"
HOLD = 6  # seconds: three beats


def lock_name(whole):
    """As driver_lock.c says it: the server takes 64 characters."""
    return whole if len(whole) <= 64 else "cmigrate:" + hashlib.sha256(whole.encode()).hexdigest()[:50]


def main():
    program, word, watcher = sys.argv[1:4]
    engine = kit.engines(word)
    if engine is None:
        print(f"no {word}")
        return 77
    project = kit.Project(program, engine.fresh("threads"))
    project.write("migrations/a.sql", SCRIPT)
    lock = lock_name(f"cmigrate:{engine.database}:{engine.database}.cmigrate_version:work")
    holder = engine.hold(f"DO GET_LOCK('{lock}', 0); DO SLEEP({HOLD})")
    while engine.rows(f"SELECT HEX(COALESCE(IS_USED_LOCK('{lock}'), 'free'))") == [("free",)]:
        time.sleep(0.05)
    began = time.monotonic()
    answer = project.call("upgrade", env={"LD_PRELOAD": os.path.abspath(watcher)}, status=0)
    waited = time.monotonic() - began
    holder.wait()
    if waited < HOLD / 2 or b"waiting for the lock" not in answer.err:
        raise AssertionError(f"{engine.name}: did not wait ({waited:.1f} s): the lock has another name\n{answer.text()}")
    engine.drop()
    project.close()
    print(f"ok {engine.name}: waited {waited:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
