"""Thousands of revisions up and down in one run: time grows as their number does, and memory with what the graph of the
folder takes, not with what runs: it stands still from the first moments of a run on."""
import os
import shutil
import subprocess
import time

from bench import Bench, Tally, clean_environment
from engines import SQLite
from measure import measured
from servers import Mount
from steps import DOWN, UP

MOST_PER_REVISION = 2.5  # KiB of memory for a revision more in the folder: its head, in the graph, and where it moves to
MOST_WHILE_IT_RUNS = 3  # MiB from a fifth of a run to its end: the cache of pages of the database, 2 MiB of SQLite's
SLACK = 1.8  # times as long as linear


def write_line(folder, url, count):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(os.path.join(folder, "migrations"))
    with open(os.path.join(folder, "cmigrate.yaml"), "w", encoding="utf-8") as file:
        file.write(f'url: "{url}"\n')
    make, drop = "CREATE TABLE t{0} (x INTEGER);", "DROP TABLE t{0};"
    for i in range(count):
        up, down = (make.format(i), drop.format(i)) if i % 2 == 0 else (drop.format(i - 1), make.format(i - 1))
        with open(os.path.join(folder, "migrations", f"{i:012x}.sql"), "w", encoding="utf-8") as file:
            file.write(f"-- cmigrate: revision {i:012x}\n-- cmigrate: parents {f'{i - 1:012x}' if i else ''}\n"
                       f"-- cmigrate: message number {i}\n\n-- cmigrate: upgrade\n{up}\n\n-- cmigrate: downgrade\n{down}\n")


def taken(bench, folder, command):
    """(seconds, KiB at the most)"""
    status, _, seconds, memory = measured(bench, folder, [*command, "-q"])
    if status:
        raise RuntimeError(f"{command} ends with {status}")
    return seconds, memory


def held(process):
    """KiB of a process now; 0: it has ended"""
    with open(f"/proc/{process.pid}/status", encoding="ascii", errors="replace") as file:
        return next((int(line.split()[1]) for line in file if line.startswith("VmRSS:")), 0)


def while_it_runs(bench, folder, command):
    """What it holds, looked at all the time: by how many KiB does that grow behind the first fifth?"""
    process = subprocess.Popen([bench.program, *command, "-q"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               stdin=subprocess.DEVNULL, env=clean_environment())
    seen = []
    while process.poll() is None:
        seen.append(held(process))
        time.sleep(0.01)
    seen = [each for each in seen if each]
    return max(seen) - max(seen[:len(seen) // 5 + 1])


def grows(bench, counts):
    tally = Tally("")
    figures = []
    folder = os.path.join(bench.folder, "long")
    for count in counts:
        url = bench.engine.fresh("long")
        write_line(folder, url, count)
        figures.append([taken(bench, folder, command) for command in (UP, DOWN)])
        at, = bench.engine.rows(url, "SELECT count(*) FROM cmigrate_history WHERE state = 'done'")
        if at != (str(2 * count),):
            bench.fail(tally, f"{count} revisions", f"{at[0]} rows of history")
    few, many = figures[0], figures[-1]
    times = counts[-1] / counts[0]
    for i, command in enumerate((UP, DOWN)):
        tally.points += 1
        more = while_it_runs(bench, folder, command) if bench.long else 0  # in a short run there is too little to see
        slow = bench.long and many[i][0] > few[i][0] * times * SLACK  # and to time
        fat = many[i][1] - few[i][1] > 1024 + (counts[-1] - counts[0]) * MOST_PER_REVISION
        if slow or fat or more > MOST_WHILE_IT_RUNS * 1024:
            bench.fail(tally, command[0], f"{counts}: (s, KiB) {[each[i] for each in figures]}, and {more} KiB while it runs")
        else:
            tally.recovered += 1
    said = ", ".join(f"{count}: {up[0]:.1f}+{down[0]:.1f} s, {max(up[1], down[1]) / 1024:.0f} MiB"
                     for count, (up, down) in zip(counts, figures))
    tally.name = f"revisions up+down ({said})"
    return tally


def in_memory(bench, counts):
    """SQLite's file on a tmpfs, where it can be mounted: it is the program that is measured, not what a disk takes to sync."""
    try:
        mount = Mount(200)
    except OSError:
        return grows(bench, counts)
    mine = Bench(bench.program, SQLite(mount.folder), bench.long)
    mine.lost = bench.lost
    try:
        return grows(mine, counts)
    finally:
        mine.close()
        mount.close()


def kinds(bench):
    counts = (1000, 3000, 10000) if bench.long else (100, 400)
    if bench.engine.name == "SQLite":
        yield lambda: in_memory(bench, counts)
    elif bench.engine.key == "pg18":
        yield lambda: grows(bench, counts)
