#!/usr/bin/env python3
"""Time of `cmigrate prove` for ten new revisions of a project of 100 tables: prove_speed.py BUILD [--only sqlite,pg18] [--runs N]

A line for each engine: the least seconds, those of the processor that cmigrate took, and the goal; with --strict status 1 where it is missed.
Servers come from CMIGRATE_TEST_PG15 and so on. --steps tells how long each step took, over all revisions.
"""
import argparse
import collections
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

import workload

GOALS = {"sqlite": 1, "pg15": 5, "pg18": 5, "mariadb": 15, "mysql": 15}


def edits(model):
    """The model after each of ten changes, as they are made: columns, keys, indexes, checks, tables, types."""
    def column(table, text, number=0):
        return lambda m: m.replace(f"  {workload.table(table)}:\n    columns:\n", f"  {workload.table(table)}:\n    columns:\n      {text}\n")

    def change(table, old, new):
        def done(m):
            parts = re.split(r"(?m)^(?=  \w)", m)
            return "".join(p.replace(old, new) if p.startswith(f"  {workload.table(table)}:") else p for p in parts)
        return done

    for change_one in (
            column(3, 'nick: {type: "string(40)"}'),
            column(50, 'rank: {type: integer, nullable: false, default: 0}'),
            change(7, 'title: {type: "string(120)"', 'title: {type: "string(200)"'),
            change(8, "ix_thing_00008_owner: {columns: [owner_id]}", "ix_thing_00008_owner: {columns: [owner_id, code]}"),
            change(10, "    indexes:\n", "    checks:\n      ck_price: price >= -99999999999\n    indexes:\n"),
            lambda m: m + '  label:\n    columns:\n      id: {type: integer, primary_key: true}\n      name: {type: "string(80)", nullable: false}\n',
            change(20, 'remark: {type: "text"}', 'remark: {type: "text", default: none}'),
            change(30, '      amount: {type: "bigint"}\n', ""),
            change(40, 'code: {type: "string(40)"', 'code: {type: "string(60)"'),
            column(60, 'label_id: {type: integer, references: label(id)}')):
        model, before = change_one(model), model
        assert model != before
        yield model


class Project:
    def __init__(self, program, folder, url):
        self.program, self.folder = program, folder
        os.makedirs(os.path.join(folder, "migrations"))
        self.write("cmigrate.yaml", f"url: {json.dumps(url)}\nschema: schema.yaml\n")
        os.chmod(os.path.join(folder, "cmigrate.yaml"), 0o600)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def call(self, *words):
        done = subprocess.run([self.program, *words], cwd=self.folder, capture_output=True, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            sys.exit(f"cmigrate {' '.join(words)}: {(done.stdout + done.stderr).decode(errors='replace')[-1500:]}")
        return done.stdout

    def make_history(self, model):
        self.write("schema.yaml", model)
        self.call("migrate", "--from-history", "--no-lint", "-m", "start")
        for number, after in enumerate(edits(model)):
            self.write("schema.yaml", after)
            self.call("migrate", "--from-history", "--no-lint", "--allow-destructive", "-m", f"step {number}", "--rev-id", f"{number + 1:012}")


def measure(project, runs):
    """The least seconds of so many runs, with those of the processor, and the answer of that run."""
    best = None
    for _ in range(runs):
        before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        answer = json.loads(project.call("prove", "000000000001:head", "--format", "json"))
        seconds, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
        busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"  run: {seconds:.2f} s, of them {busy:.2f} s of the processor", flush=True)
        if not best or seconds < best[0]:
            best = seconds, busy, answer
    return best


def server(url, name):
    """Makes a database for `url` to name, and gives what drops it."""
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
    import sqlclient  # noqa: PLC0415
    client, idle = sqlclient.of(url), "postgres" if url.startswith("postgresql") else "mysql"
    client.run(f"create database {name}", idle)
    return lambda: client.run(f"drop database if exists {name}", idle)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("build")
    ap.add_argument("--only", default=",".join(GOALS))
    ap.add_argument("--tables", type=int, default=100)
    ap.add_argument("--runs", type=int, default=3)
    ap.add_argument("--steps", action="store_true")
    ap.add_argument("--strict", action="store_true")
    ap.add_argument("--keep", help="folder of the projects, which stay")
    args = ap.parse_args()
    work, missed = args.keep or tempfile.mkdtemp(prefix="cmigrate-prove-speed-"), 0
    program = os.path.abspath(os.path.join(args.build, "cmigrate"))
    for what in args.only.split(","):
        url, drop = os.environ.get(f"CMIGRATE_TEST_{what.upper()}"), None
        if what != "sqlite" and not url:
            print(f"{what}: no server (CMIGRATE_TEST_{what.upper()}), left out")
            continue
        try:
            if what == "sqlite":
                url = "sqlite:///app.db"
            else:
                name = f"cmigrate_prove_speed_{os.getpid()}"
                drop = server(url, name)
                url = f"{url.rstrip('/')}/{name}"
            project = Project(program, os.path.join(work, what), url)
            project.make_history(workload.model(args.tables))
            seconds, busy, answer = measure(project, args.runs)
        finally:
            if drop:
                drop()
        missed += seconds > GOALS[what]
        print(f"{what}: {len(answer['revisions'])} revisions, {args.tables} tables: {seconds:.2f} s, {busy:.2f} s of the processor;"
              f" goal {GOALS[what]} s{'' if seconds <= GOALS[what] else ' MISSED'}{'' if answer['proved'] else ' REFUTED'}", flush=True)
        if args.steps:
            steps = collections.Counter()
            for revision in answer["revisions"]:
                for step in revision["steps"]:
                    steps[step["step"]] += step["ms"] or 0
            print("  " + ", ".join(f"{step} {ms:.0f} ms" for step, ms in steps.items()))
    if not args.keep:
        shutil.rmtree(work)
    return 1 if args.strict and missed else 0


if __name__ == "__main__":
    sys.exit(main())
