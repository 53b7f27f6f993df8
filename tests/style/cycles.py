#!/usr/bin/env python3
"""Calls between the folders of each engine, read from the object files of a build.

   cycles.py BUILD [ENGINE FROM TO]   prints the number of calls from folder to folder, or each call from FROM to TO

Fails where two folders of an engine call each other, in one step or in several, and where render/ calls plan/. A table of
functions (a Dialect, a Driver) names them and calls none, so only what the code of functions refers to is counted.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENGINES = ("sqlite", "postgresql", "mysql")


def by_object(*command):
    """{path of an object file: what binutils print of it}, all files in one call"""
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    parts = re.split(r"^(\S+\.o):.*\n", printed, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def read_objects(build, engine):
    """{folder/file.c: (defined, called)} of an engine, each object once."""
    objects = {}
    for path in sorted(build.rglob(f"drivers/{engine}/**/*.c.o")):
        file = str(path).split(f"/drivers/{engine}/", 1)[1].removesuffix(".o")
        if (ROOT / "drivers" / engine / file).exists():  # else left by an older build
            objects.setdefault(file, str(path))
    if not objects:
        return {}
    symbols = by_object("nm", *objects.values())
    listings = by_object("objdump", "-r", *objects.values())
    found = {}
    for file, path in objects.items():
        called = set()
        for section in listings[path].split("RELOCATION RECORDS FOR ")[1:]:
            if section.startswith("[.text"):
                called |= set(re.findall(r"R_\S+ +([A-Za-z_]\w*)", section))
        found[file] = (set(re.findall(r" T (\w+)$", symbols[path], re.M)), called)
    return found


def calls_between_folders(objects):
    """{(from, to): [(caller file, function)]}"""
    owner = {name: file for file, (defined, _) in objects.items() for name in defined}
    arrows = {}
    for file, (_, called) in objects.items():
        for name in sorted(called):
            there = owner.get(name, file)
            pair = file.split("/")[0], there.split("/")[0]
            if pair[0] != pair[1]:
                arrows.setdefault(pair, []).append((file, name))
    return arrows


def reachable(arrows, start):
    seen, todo = set(), [start]
    while todo:
        here = todo.pop()
        for a, b in arrows:
            if a == here and b not in seen:
                seen.add(b)
                todo.append(b)
    return seen


def main():
    build = pathlib.Path(sys.argv[1])
    status = 0
    for engine in ENGINES:
        arrows = calls_between_folders(read_objects(build, engine))
        if not arrows:
            print(f"{engine}: no object files under {build}")
            status = 1
        if sys.argv[2:3] == [engine]:
            for file, name in arrows.get((sys.argv[3], sys.argv[4]), []):
                print(f"{file} calls {name}")
            return 0
        print(f"{engine}:", ", ".join(f"{a} > {b} {len(c)}" for (a, b), c in sorted(arrows.items())))
        cycle = sorted({a for a, _ in arrows if a in reachable(arrows, a)})
        if cycle:
            print(f"{engine}: a cycle of calls among {', '.join(cycle)}")
            status = 1
        for file, name in arrows.get(("render", "plan"), []):
            print(f"{engine}: {file} calls {name} of plan/")
            status = 1
    return status


sys.exit(main())
