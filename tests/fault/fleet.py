"""One command for many databases: files, databases of a server, schemas of one database; one of them is broken."""
import json
import os
import subprocess

import work
from bench import Tally, clean_environment
from steps import UP


def run(bench, folder, targets, *more, command=UP):
    """(status, a document for each target, peak memory in KiB of the largest process)"""
    process = subprocess.Popen([bench.program, *command, "--targets", targets, "--format", "json", *more], cwd=folder,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True,
                               env=clean_environment())
    lines = process.stdout.read().splitlines()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, [json.loads(line) for line in lines], usage.ru_maxrss


def fleet(bench, name, folder, targets, count, broken, mend):
    """`broken`: the title of the one that is no good, by a word of it; `mend` makes it good."""
    tally = Tally(f"{count} {name}, one broken")
    status, said, memory = run(bench, folder, targets, "--jobs", "8")
    good = [line for line in said if line["status"] == 0 and line["answer"]["revisions"] == 3]
    bad = [line for line in said if line["status"] != 0]
    tally.points = count
    if len(said) != count or len(good) != count - 1 or len(bad) != 1 or broken not in bad[0]["target"] or status == 0:
        bench.fail(tally, f"first run: status {status}", f"{len(said)} lines, {len(good)} good, bad: {bad[:3]}")
        return tally
    _, said, _ = run(bench, folder, targets, "--stop-on-error", "--jobs", "1")
    if said[-1]["status"] == 0 or any(line["status"] for line in said[:-1]) or len(said) == count:
        bench.fail(tally, "--stop-on-error goes on", str(said[-2:]))
        return tally
    mend()
    status, said, more = run(bench, folder, targets, "--jobs", "8")
    left = [line for line in said if line["answer"]["revisions"] != 0]
    if status or len(said) != count or len(left) != 1 or broken not in left[0]["target"] or more > memory * 1.2 + 2000:
        bench.fail(tally, f"second run: status {status}, {memory} KiB, then {more} KiB", f"{len(said)} lines, left: {left[:3]}")
        return tally
    tally.recovered = count
    tally.name += f" ({memory // 1024} MiB)"
    return tally


def project(bench, url):
    folder = os.path.join(bench.folder, "fleet")
    work.write_project(folder, url)
    return folder


def files(bench, count):
    folder = project(bench, "sqlite:///main.db")
    paths = [os.path.join(folder, f"tenant-{i}.db") for i in range(count)]
    broken = paths[count // 2]
    with open(broken, "wb") as file:
        file.write(b"no database at all" * 1000)
    with open(os.path.join(folder, "targets"), "w", encoding="utf-8") as file:
        file.writelines(f"sqlite:///{path}\n" for path in paths)
    return fleet(bench, "SQLite files", folder, "targets", count, broken, lambda: os.remove(broken))


def sql(bench, database, text):
    done = bench.engine.call(database, text)
    if done.returncode:
        raise RuntimeError(done.stderr)


def databases(bench, count):
    engine = bench.engine
    names = [f"cmigrate_fleet_{i}" for i in range(count)]
    for name in names:
        for statement in engine.recreate(name):
            sql(bench, "postgres", statement)
    folder = project(bench, engine.base + "/postgres")
    sql(bench, names[1], "create table book (x integer)")
    try:
        return fleet(bench, "databases", folder, "select datname from pg_database where datname like 'cmigrate_fleet_%' order by 1",
                     count, names[1], lambda: sql(bench, names[1], "drop table book"))
    finally:
        for name in names:
            sql(bench, "postgres", f"drop database {name} with (force)")


def schemas(bench, count):
    url = bench.engine.fresh("schemas")
    database = url.rsplit("/", 1)[1]
    names = [f"tenant_{i}" for i in range(count)]
    sql(bench, database, "; ".join(f"create schema {name}" for name in names) + f"; create table {names[1]}.book (x integer)")
    folder = project(bench, url)
    with open(os.path.join(folder, "targets"), "w", encoding="utf-8") as file:
        file.writelines(f"{url}?options=-csearch_path%3D{name}\n" for name in names)
    # a title shows no parameters: the line says which it is
    return fleet(bench, "schemas", folder, "targets", count, "", lambda: sql(bench, database, f"drop table {names[1]}.book"))


def kinds(bench):
    if bench.engine.name == "SQLite":
        yield lambda: files(bench, 2000 if bench.long else 100)
    elif bench.engine.key.startswith("pg1"):
        yield lambda: databases(bench, 500 if bench.long else 20)
        yield lambda: schemas(bench, 200 if bench.long else 20)
