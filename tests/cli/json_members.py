#!/usr/bin/env python3
"""The answers in JSON have the members that docs/json.md lists, each of them and no other.

    json_members.py CMIGRATE ROOT
"""
import json
import os
import re
import subprocess
import sys
import tempfile

MODEL = "tables:\n  user: {columns: {id: {type: integer, primary_key: true}, nick: text}}\n"


class Project:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.write("cmigrate.yaml", "url: sqlite:///app.db\n")
        self.write("schema.yaml", MODEL)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as f:
            f.write(text)

    def call(self, *words):
        env = {k: v for k, v in os.environ.items() if not k.startswith("CMIGRATE_")}
        done = subprocess.run([self.program, *words, "--format", "json"], cwd=self.folder, env=env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return [json.loads(line) for line in done.stdout.splitlines()]


def main():
    page = open(os.path.join(sys.argv[2], "docs/json.md"), encoding="utf-8").read()
    rows = {}
    for line in page.split("\n"):
        if line.startswith("| `"):
            commands, what = line.split("|")[1], re.sub(r"\([^)]*\)", "", line.split("|")[2])
            for command in re.findall(r"`([^`]+)`", commands):
                rows[command] = set(re.findall(r"`(\w+)`", what))
    revision = set(re.findall(r"`(\w+)`", page.split("A **revision** has", 1)[1].split("\n\n")[0]))
    change = set(re.findall(r"`(\w+)`", re.sub(r"\([^)]*\)", "", page.split("A **change** has", 1)[1].split("\n\n")[0]))) - {"null"}
    faults = []

    def same(command, got, want, may=()):
        if set(got) - set(may) != want - set(may):
            faults.append(f"{command}: {sorted(got)}, and docs/json.md lists {sorted(want)}")

    with tempfile.TemporaryDirectory() as folder:
        p = Project(os.path.abspath(sys.argv[1]), folder)
        written = p.call("migrate", "-m", "first", "--rev-id", "aaa1")[0]
        same("migrate", written, rows["migrate"])
        same("a change", written["changes"][0], change, may=["renamed_from"])
        same("upgrade --dry-run", p.call("upgrade", "--dry-run")[0], rows["upgrade --dry-run"])
        same("validate", p.call("validate")[0], rows["validate"])
        events = p.call("upgrade")
        same("upgrade", events[0], {"event", "revision", "message", "before", "after", "statements", "ms"})
        same("done", events[-1], {"event", "url", "revisions", "at"})
        for command in ("current", "check", "diff", "stamp", "ensure-version", "lint"):
            same(command, p.call(command)[0], rows[command])
        for command in ("history", "heads"):
            same(command, p.call(command)[0][0], revision, may=["current"])
        same("show", p.call("show")[0], revision, may=["current"])
        same("show -v", p.call("show", "-v")[0], revision | rows["show"], may=["current"])
        same("merge", p.call("merge")[0], rows["merge"])
        same("revision", p.call("revision", "-m", "x")[0], rows["revision"])
        same("list-templates", p.call("list-templates")[0][0], rows["list-templates"])
        same("an error", p.call("create")[0], {"errors", "exit_status"})
        os.remove(os.path.join(folder, "app.db"))
        same("create", p.call("create")[0], rows["create"])
    print("\n".join(faults) or f"{len(rows)} commands")
    return 1 if faults or len(rows) < 15 else 0


if __name__ == "__main__":
    sys.exit(main())
