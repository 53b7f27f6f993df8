#!/usr/bin/env python3
"""Time of `cmigrate lint --all` for a history of REVISIONS revisions of ten statements, and of twice as many.

Usage: lint_speed.py BUILD [--url URL] [--revisions N] [--depth DEPTH] [--keep FOLDER]
Without --url on SQLite. A line per size: seconds, milliseconds per statement, findings. A linter that reads the whole catalogue
after each statement takes four times as long for twice as many statements.
"""
import argparse
import json
import os
import shutil
import subprocess
import tempfile
import time


def statements(dialect, n):
    """Two tables with keys and indexes, and changes of the tables of the revision before; and the way back."""
    key = {"sqlite": "INTEGER PRIMARY KEY", "postgresql": "bigint PRIMARY KEY", "mysql": "bigint PRIMARY KEY"}[dialect]
    text = "varchar(80)"
    a, b, old = f"order_{n}", f"line_{n}", f"order_{n - 1}"
    drop_index = f"DROP INDEX ix_{{1}} ON {{0}}" if dialect == "mysql" else "DROP INDEX ix_{1}"
    up = [
        f"CREATE TABLE {a} (id {key}, code {text} NOT NULL, name {text}, amount numeric(12,2), created timestamp, CONSTRAINT ck_{a} CHECK (amount > 0))",
        f"CREATE UNIQUE INDEX ix_{a}_code ON {a} (code)",
        f"CREATE INDEX ix_{a}_name ON {a} (name, created)",
        f"CREATE TABLE {b} (id {key}, parent bigint NOT NULL, note {text}, quantity integer NOT NULL DEFAULT 1, CONSTRAINT fk_{b} FOREIGN KEY (parent) REFERENCES {a} (id))",
        f"CREATE INDEX ix_{b}_parent ON {b} (parent)",
        f"ALTER TABLE {a} ADD COLUMN state {text} NOT NULL DEFAULT 'new'",
        f"INSERT INTO {a} (id, code, amount, state) VALUES (1, 'a', 1, 'new')",
    ]
    down = [drop_index.format(b, f"{b}_parent") if dialect != "mysql" else "", f"DROP TABLE {b}", f"DROP TABLE {a}"]
    if n:
        up += [
            f"ALTER TABLE {old} ADD COLUMN extra integer",
            f"ALTER TABLE {old} RENAME COLUMN name TO title",
            f"CREATE INDEX ix_{old}_extra ON {old} (extra)",
        ]
        down = [drop_index.format(old, f"{old}_extra"), f"ALTER TABLE {old} RENAME COLUMN title TO name", f"ALTER TABLE {old} DROP COLUMN extra"] + down
    else:
        up += [f"ALTER TABLE {a} ADD COLUMN c{i} integer" for i in range(3)]
    return up, [s for s in down if s]


def write_history(folder, dialect, url, revisions):
    """A project of this many revisions; the functions above say what is in them."""
    os.makedirs(os.path.join(folder, "migrations"), exist_ok=True)
    with open(os.path.join(folder, "cmigrate.yaml"), "w") as f:
        json.dump({"url": url, "schema": "schema.yaml", "directory": "migrations"}, f)
    with open(os.path.join(folder, "schema.yaml"), "w") as f:
        f.write("tables: {}\n")
    for n in range(revisions):
        up, down = statements(dialect, n)
        with open(os.path.join(folder, f"migrations/{n:05}_a{n:011x}_step.sql"), "w") as f:
            f.write(f"-- cmigrate: revision a{n:011x}\n" + (f"-- cmigrate: parents a{n - 1:011x}\n" if n else "")
                    + f"-- cmigrate: message step {n}\n-- cmigrate: created 2026-11-30T00:00:00Z\n-- cmigrate: dialect {dialect}\n\n"
                    + "-- cmigrate: upgrade\n" + "".join(s + ";\n" for s in up)
                    + "\n-- cmigrate: downgrade\n" + "".join(s + ";\n" for s in down))


LINT = ["lint", "--all", "--format", "json", "--fail-on", "never"]


def write_engine_script(path, dialect, revisions):
    """What the engine itself must execute for lint: each revision, and its way back, which is rolled back."""
    with open(path, "w") as f:
        for n in range(revisions):
            up, down = statements(dialect, n)
            f.write("".join(s + ";\n" for s in ["BEGIN", *up, "COMMIT", "BEGIN", *down, "ROLLBACK"]))


def lint(program, folder, depth):
    return subprocess.run([program, *LINT, "--depth", depth], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("build"), ap.add_argument("--url", default="sqlite:///app.db")
    ap.add_argument("--revisions", type=int, default=100), ap.add_argument("--depth", default="replay")
    ap.add_argument("--keep")
    a = ap.parse_args()
    program = os.path.abspath(os.path.join(a.build, "cmigrate"))
    scheme = a.url.split(":")[0].split("+")[0]
    dialect = {"mariadb": "mysql", "postgres": "postgresql"}.get(scheme, scheme)
    for revisions in (a.revisions, 2 * a.revisions):
        folder = a.keep or tempfile.mkdtemp(prefix="cmigrate-lint-speed-")
        write_history(folder, dialect, a.url, revisions)
        begin = time.monotonic()
        answer = lint(program, folder, a.depth)
        seconds = time.monotonic() - begin
        if not a.keep:
            shutil.rmtree(folder)
        if answer.returncode:
            raise SystemExit(answer.stderr)
        found = json.loads(answer.stdout)
        print(f"{scheme}: {revisions} revisions, {found['coverage']['statements']} statements: {seconds:.2f} s,"
              f" {1000 * seconds / found['coverage']['statements']:.2f} ms each, {len(found['findings'])} findings")
        if a.keep:
            break


if __name__ == "__main__":
    main()
