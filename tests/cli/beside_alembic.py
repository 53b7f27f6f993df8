#!/usr/bin/env python3
"""The graph's answers beside Alembic's: random graphs, the same commands, the same rows afterwards.

    beside_alembic.py CMIGRATE [--graphs N] [--steps N] [--seed N]      exit 77: Alembic is not installed

Both have a project with the same revisions (branches, merges, several bases, labels, dependencies) and an SQLite database of
their own. After each upgrade, downgrade and stamp, taken at random, the rows of both version tables must be the same; a
command that one refuses the other must refuse too. What differs on purpose stands in `on_purpose`.
"""
import argparse
import contextlib
import io
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

try:
    import alembic.command
    import alembic.config
    import alembic.util
except ImportError:
    if sys.executable != "/usr/bin/python3" and subprocess.run(
            ["/usr/bin/python3", "-c", "import alembic.command"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    print("Alembic is not installed")
    sys.exit(77)

ENV = """from alembic import context
from sqlalchemy import create_engine
engine = create_engine(context.config.get_main_option('sqlalchemy.url'))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


class Revision:
    def __init__(self, name, parents, depends_on, label):
        self.name, self.parents, self.depends_on, self.label = name, parents, depends_on, label


def random_graph(rng):
    """In topological order. Names differ in their first letters, so that partial ids are unique."""
    graph, heads = [], []
    for i in range(rng.randint(3, 14)):
        name = f"{'abcdefghijklmnop'[i]}{rng.randint(100, 999)}x{i}"
        kind = rng.random()
        if not graph or kind < 0.12:
            parents = []
        elif kind < 0.28 and len(heads) > 1:
            parents = rng.sample(heads, rng.randint(2, min(3, len(heads))))
        elif kind < 0.45:
            parents = [rng.choice(graph).name]
        else:
            parents = [rng.choice(heads)]
        ancestors = reached(graph, parents)
        others = [r.name for r in graph if r.name not in ancestors]
        depends_on = [rng.choice(others)] if others and rng.random() < 0.15 else []
        label = f"label{i}" if rng.random() < 0.2 else None
        graph.append(Revision(name, parents, depends_on, label))
        heads = [h for h in heads if h not in parents] + [name]
    return graph


def reached(graph, names):
    by_name, out, todo = {r.name: r for r in graph}, set(), list(names)
    while todo:
        name = todo.pop()
        if name not in out:
            out.add(name)
            todo += by_name[name].parents + by_name[name].depends_on
    return out


def write_ours(folder, graph):
    os.makedirs(os.path.join(folder, "migrations"))
    with open(os.path.join(folder, "cmigrate.yaml"), "w") as f:
        f.write("url: sqlite:///ours.db\n")
    for i, r in enumerate(graph):
        with open(os.path.join(folder, "migrations", f"{i:02}_{r.name}.sql"), "w") as f:
            f.write(f"-- cmigrate: revision {r.name}\n-- cmigrate: parents {', '.join(r.parents)}\n"
                    + (f"-- cmigrate: labels {r.label}\n" if r.label else "")
                    + (f"-- cmigrate: depends_on {', '.join(r.depends_on)}\n" if r.depends_on else "")
                    + "-- cmigrate: upgrade\n-- cmigrate: downgrade\n")


def write_theirs(folder, graph):
    os.makedirs(os.path.join(folder, "versions"))
    for name, text in (("env.py", ENV), ("script.py.mako", "")):
        with open(os.path.join(folder, name), "w") as f:
            f.write(text)
    for r in graph:
        with open(os.path.join(folder, "versions", f"{r.name}.py"), "w") as f:
            parents = tuple(r.parents) if len(r.parents) > 1 else r.parents[0] if r.parents else None
            f.write(f"revision = {r.name!r}\ndown_revision = {parents!r}\nbranch_labels = {r.label!r}\n"
                    f"depends_on = {tuple(r.depends_on) or None!r}\n"
                    "def upgrade():\n    pass\ndef downgrade():\n    pass\n")
    config = alembic.config.Config()
    config.set_main_option("script_location", folder)
    config.set_main_option("sqlalchemy.url", f"sqlite:///{folder}/theirs.db")
    return config


def rows(path, table):
    if not os.path.exists(path):
        return []
    con = sqlite3.connect(path)
    try:
        return sorted(r[0] for r in con.execute(f"select version_num from {table}"))
    except sqlite3.OperationalError:
        return []
    finally:
        con.close()


def random_command(rng, graph):
    names, labels = [r.name for r in graph], [r.label for r in graph if r.label]
    name = rng.choice(names)
    anywhere = [name, name, name[:3], "heads"] + ([f"{rng.choice(labels)}@head"] if labels else [])
    word = rng.choice(["upgrade", "upgrade", "downgrade", "stamp"])
    if word == "upgrade":
        return word, rng.choice(anywhere + ["head", f"+{rng.randint(1, 3)}", f"{name}+1", f"{name}-1"])
    if word == "downgrade":
        return word, rng.choice([name, name, name, "base", f"-{rng.randint(1, 2)}", f"{name}-1"]
                                + ([f"{rng.choice(labels)}@base"] if labels else []))
    return word, rng.choice([name, name, "base", "heads"])


def undoes_merge(graph, name, steps):
    by_name = {r.name: r for r in graph}
    for _ in range(steps):
        parents = by_name[name].parents
        if len(parents) != 1:
            return len(parents) > 1
        name = parents[0]
    return False


def on_purpose(word, target, before, graph):
    """Differences that are meant."""
    if word == "downgrade" and target[0] == "-" and len(before) > 1:
        return "-N from several rows: Alembic takes the first of them, here it is refused as ambiguous"
    if word == "downgrade" and target[0] == "-" and before and undoes_merge(graph, before[0], int(target[1:])):
        return "-N down to a merge: Alembic calls the walk ambiguous, here it is undone and both its sides stand there"
    bases = [r.name for r in graph if not r.parents]
    if target[-2:] in ("-1", "-2") and target[:-2] in bases:
        return "a base less one is the base; Alembic ends with an AssertionError"
    if word == "stamp" and target == "heads" and len(before) > 1:
        return "stamp heads from several rows: Alembic 1.8 deletes rows that are heads already"
    return None


def theirs(config, word, target):
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            getattr(alembic.command, word)(config, target)
        return None
    except alembic.util.CommandError as e:
        return str(e)
    except Exception as e:  # a traceback of Alembic's is a refusal too
        return f"{type(e).__name__}: {e}"


def run_graph(rng, program, steps, work, told):
    graph = random_graph(rng)
    ours, other = os.path.join(work, "ours"), os.path.join(work, "theirs")
    write_ours(ours, graph)
    config = write_theirs(other, graph)
    story, differences = [], 0
    for _ in range(steps):
        before = rows(f"{ours}/ours.db", "cmigrate_version")
        word, target = random_command(rng, graph)
        if on_purpose(word, target, before, graph):
            continue
        story.append(f"{word} {target}")
        p = subprocess.run([program, word, "-q", "--", target], cwd=ours, capture_output=True, text=True, check=False)
        refused = theirs(config, word, target)
        if p.returncode not in (0, 1, 2):
            refused = refused or f"but exit {p.returncode}"
        after = rows(f"{ours}/ours.db", "cmigrate_version"), rows(f"{other}/theirs.db", "alembic_version")
        if after[0] != after[1] or (p.returncode == 0) != (refused is None):
            differences += 1
            told.append("\n".join(
                [f"{r.name} <- {r.parents} depends on {r.depends_on} label {r.label}" for r in graph]
                + [f"at {before}: {word} {target}", f"ours:    exit {p.returncode} {after[0]} {p.stderr.strip()}",
                   f"Alembic: {refused or 'done'} {after[1]}", ""]))
            for database in (f"{ours}/ours.db", f"{other}/theirs.db"):
                if os.path.exists(database):
                    os.remove(database)
    return len(story), differences


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program")
    ap.add_argument("--graphs", type=int, default=8)
    ap.add_argument("--steps", type=int, default=15)
    ap.add_argument("--seed", type=int, default=1)
    args = ap.parse_args()
    told, commands, differences = [], 0, 0
    for i in range(args.graphs):
        work = tempfile.mkdtemp(prefix="cmigrate-beside-")
        try:
            ran, differ = run_graph(random.Random(args.seed * 1000 + i), os.path.abspath(args.program), args.steps, work, told)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        commands += ran
        differences += differ
    print("\n".join(told) + f"{commands} commands on {args.graphs} graphs beside Alembic {alembic.__version__}: "
          f"{differences} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
