"""One command for many databases: files, databases of a server, schemas of one database; one of them is broken."""
import json
import os

import work
from bench import Tally
from measure import measured
from steps import UP


def run(bench, folder, targets, *more, command=UP):
    """(status, a document for each target, peak memory in KiB of the largest process)"""
    status, said, _, memory = measured(bench, folder, [*command, "--targets", targets, "--format", "json", *more])
    return status, [json.loads(line) for line in said.splitlines()], memory


FEW = 10
MOST_PER_TARGET = 0.5  # KiB: its line in the list


def fleet(bench, name, folder, targets, few, count, broken, mend):
    """`targets`: all, `few`: FEW of them; `broken`: the title of the one that is no good, by a word of it; `mend` makes it good."""
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
    _, said, little = run(bench, folder, few, "--jobs", "8")
    grown = 0 if os.environ.get("CMIGRATE_TEST_SANITIZED") else max(memory, more) - little  # sanitizers keep what is freed
    if len(said) != FEW or grown > 1024 + count * MOST_PER_TARGET:
        bench.fail(tally, "memory grows", f"{little} KiB with {len(said)} of them, {memory} and {more} KiB with {count}")
        return tally
    tally.recovered = count
    tally.name += f" ({memory / 1024:.0f} MiB)"
    return tally


def write_targets(folder, lines):
    for name, wanted in (("targets", lines), ("few", lines[:FEW])):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.writelines(wanted)


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
    write_targets(folder, [f"sqlite:///{path}\n" for path in paths])
    return fleet(bench, "SQLite files", folder, "targets", "few", count, broken, lambda: os.remove(broken))


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
        query = "select datname from pg_database where datname like 'cmigrate_fleet_%' order by 1"
        return fleet(bench, "databases", folder, query, f"{query} limit {FEW}", count, names[1], lambda: sql(bench, names[1], "drop table book"))
    finally:
        for name in names:
            sql(bench, "postgres", f"drop database {name} with (force)")


def schemas(bench, count):
    url = bench.engine.fresh("schemas")
    database = url.rsplit("/", 1)[1]
    names = [f"tenant_{i}" for i in range(count)]
    sql(bench, database, "; ".join(f"create schema {name}" for name in names) + f"; create table {names[1]}.book (x integer)")
    folder = project(bench, url)
    write_targets(folder, [f"{url}?options=-csearch_path%3D{name}\n" for name in names])
    # a title shows no parameters: the line says which it is
    return fleet(bench, "schemas", folder, "targets", "few", count, "", lambda: sql(bench, database, f"drop table {names[1]}.book"))


def kinds(bench):
    if bench.engine.name == "SQLite":
        yield lambda: files(bench, 2000 if bench.long else 100)
    elif bench.engine.key.startswith("pg1"):
        yield lambda: databases(bench, 500 if bench.long else 20)
        yield lambda: schemas(bench, 200 if bench.long else 20)
