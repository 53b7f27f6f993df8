"""What the program writes itself: killed at every step of it, and with no room on the file system. No file is half written."""
import os
import shutil
import sys

from bench import Tally
from servers import Mount
from together import MODEL

REVISION = "-- cmigrate: revision {0}\n-- cmigrate: parents {1}\n\n-- cmigrate: upgrade\nCREATE TABLE t{0} (x INTEGER);\n\n" \
           "-- cmigrate: downgrade\nDROP TABLE t{0};\n"
LINE, FORK = (("a1", ""), ("b2", "a1")), (("a1", ""), ("b2", "a1"), ("c3", "a1"))
COMMANDS = [  # what is typed, and which revisions are there
    (("init",), None),
    (("migrate", "-m", "add author"), ()),
    (("revision", "-m", "by hand"), LINE),
    (("inspect", "-o", "schema.yaml", "--force"), LINE),
    (("squash",), LINE),
    (("rebase", "c3"), FORK),
    (("merge", "-m", "both", "heads"), FORK),
]


def lay_out(bench, folder, revisions):
    """A project as it is before the command; its database is elsewhere."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(os.path.join(folder, "migrations"))
    url = bench.engine.fresh("files")
    if revisions is None:
        os.rmdir(os.path.join(folder, "migrations"))
        return
    texts = {"cmigrate.yaml": f'url: "{url}"\n', "schema.yaml": MODEL + "".join(f"  # {i:060}\n" for i in range(200))}
    for revision, parent in revisions:
        texts[f"migrations/{revision}.sql"] = REVISION.format(revision, parent)
    for name, text in texts.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)


def read_all(folder):
    found = {}
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = file.read()
    return found


def is_whole(bench, folder, before, complete):
    """Each file is what it was, or all that it should become; what is half written is told."""
    bad = []
    for name, text in read_all(folder).items():
        kept = text == before.get(name) or text in complete
        if not kept and name in before:
            bad.append(name)
    status, said = bench.call(folder, "validate") if os.path.exists(os.path.join(folder, "cmigrate.yaml")) else (0, "")
    return not bad and status in (0, 1), f"half written: {bad}; validate: {status} {said}"


def look(bench, tally, folder, command, before, complete, what, said, killed):
    tally.points += 1
    whole, why = is_whole(bench, folder, before, complete)
    left = [name for name in read_all(folder) if "." in name and name.rpartition(".")[2].partition("-")[0].isdigit()]
    litter = os.listdir(bench.scratch)
    status, again = bench.call(folder, *command)
    valid, answer = bench.call(folder, "validate")
    if not whole or (left and not killed) or litter or valid not in (0, 1):
        bench.fail(tally, what, f"{why}, left behind: {left + litter}\nfirst: {said}\nagain: {status} {again}\n{answer}")
    elif status == 0:
        tally.recovered += 1
    elif status in (1, 2) and "hint" in again:
        tally.explained += 1
    else:
        bench.fail(tally, what, f"first: {said}\nagain: {status} {again}")


def result_of(bench, folder, command, revisions):
    lay_out(bench, folder, revisions)
    status, said = bench.call(folder, *command)
    if status:
        raise RuntimeError(f"{command} fails undisturbed: {said}")
    return set(read_all(folder).values())


def killed(bench):
    tally = Tally("own files: killed")
    folder = os.path.join(bench.folder, "own")
    for command, revisions in COMMANDS:
        complete = result_of(bench, folder, command, revisions)
        lay_out(bench, folder, revisions)
        names = bench.listed(folder, command)
        for number, name in enumerate(names, 1):
            lay_out(bench, folder, revisions)
            before = read_all(folder)
            _, said = bench.call(folder, *command, fault=f"kill:{number}")
            look(bench, tally, folder, command, before, complete, f"{command[0]} killed at {number} ({name})", said, True)
    return tally


def no_room(bench, mount):
    tally = Tally("own files: disk full")
    folder = os.path.join(mount.folder, "own")
    for command, revisions in COMMANDS:
        complete = result_of(bench, folder, command, revisions)
        for left in range(8 if bench.long else 4):
            lay_out(bench, folder, revisions)
            before = read_all(folder)
            mount.fill(left)
            status, said = bench.call(folder, *command)
            mount.empty()
            what = f"{command[0]} with room for {left} pages"
            if status and (status != 2 or "No space" not in said or "hint" not in said):
                tally.points += 1
                bench.fail(tally, what, f"status {status}: {said}")
            else:
                look(bench, tally, folder, command, before, complete, what, said, False)
    return tally


def kinds(bench):
    if bench.engine.name != "SQLite":
        return
    yield lambda: killed(bench)
    try:
        mount = Mount(1)
    except OSError as why:
        print(f"*** NOT TRIED: a full disk under the program's own files: {why} ***", file=sys.stderr)
        return
    try:
        yield lambda: no_room(bench, mount)
    finally:
        mount.close()
