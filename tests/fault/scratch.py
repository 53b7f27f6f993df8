"""`prove`, `test`, `migrate` and `check --history` killed at any time: their scratch databases are gone a few seconds later, though nothing else runs."""
import os
import signal
import subprocess
import time

from bench import LIMIT, Tally, clean_environment
from engines import Postgres, SQLite

SECONDS = 20  # on a machine that does much else; a second or two otherwise
COMMANDS = (("prove", "--rows", "3"), ("test",), ("migrate", "-m", "more"), ("check", "--history"))
MODEL = """tables:
  author: {columns: {id: {type: integer, primary_key: true}, name: {type: string(40), nullable: false, default: "concat('a', 'b')"}}}
"""


def left(engine, pid):
    """Scratch databases of this process: their names have its number."""
    if isinstance(engine, Postgres):
        query = f"select datname from pg_database where datname like 'cmigrate_scratch_{pid}_%' or datname like 'cmigrate_scratch_pooled_{pid}_%'"
    else:
        query = f"select schema_name from information_schema.schemata where schema_name like 'cmigrate\\_scratch\\_%\\_{pid}\\_%'"
    done = engine.call(engine.maintenance, query)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.split()


def guardians(pid):
    """Children that outlive it, by their parent or by the group that they were forked from: they are named as it is."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="ascii", errors="replace") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(entry))
    return found


def is_clean(engine, pid, kept):
    """Waits until there is no scratch database, and no process that was to drop it."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if not left(engine, pid) and not any(os.path.exists(f"/proc/{each}") for each in kept):
            return True
        time.sleep(0.1)
    return False


def killed(bench, command, tries):
    tally = Tally(f"scratch databases: {command[0]} killed")
    url, folder = bench.start("scratch", [("upgrade",)])
    with open(os.path.join(folder, "schema.yaml"), "w", encoding="utf-8") as file:
        file.write(MODEL)
    began = time.monotonic()
    bench.call(folder, *command)
    took = max(time.monotonic() - began, 0.05)
    for i in range(tries):
        if command[0] == "migrate":
            url, folder = bench.start("scratch", [("upgrade",)])
            with open(os.path.join(folder, "schema.yaml"), "w", encoding="utf-8") as file:
                file.write(MODEL)
        process = subprocess.Popen([bench.program, *command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                   env=clean_environment(), start_new_session=True)
        time.sleep(took * (i + 0.5) / tries)
        kept = guardians(process.pid)
        os.killpg(process.pid, signal.SIGKILL)  # with all that is of its group
        said = process.communicate(timeout=LIMIT)[0].decode()  # nobody else holds its output
        tally.points += 1
        if is_clean(bench.engine, process.pid, kept):
            tally.recovered += 1
        else:
            bench.fail(tally, f"killed after {i + 0.5}/{tries} of {took:.2f} s", f"{left(bench.engine, process.pid)} stay, or a process of {kept}\n{said}")
    return tally


def kinds(bench):
    if isinstance(bench.engine, SQLite) or hasattr(bench.engine, "elsewhere"):  # in memory; as MariaDB
        return
    for command in COMMANDS if bench.long else COMMANDS[:1]:
        yield lambda command=command: killed(bench, command, 12 if bench.long else 6)
