#!/usr/bin/env python3
"""Does what a page says: writes the files it shows, runs its commands, and compares what they answer.

    docs.py CMIGRATE PAGE.md...      UPDATE_CASES=1 writes the answers that came into the pages

A block fenced as ```console holds commands behind `$ ` and below each what it prints (both outputs, in their order; `…` alone in a line
stands for any lines).
A block that stands behind `<!-- file: NAME -->` is written to that file; behind `<!-- append: NAME -->` it is added.
All blocks of a page run in one new folder. Ids, times and the folder may differ from run to run.
"""
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile

BREAK = "\n\0\n"  # between blocks


def settled(text):
    text = re.sub(r"\b\d+ ms\b", "<ms>", text)
    text = re.sub(r"(?<!\d)20\d{12}(?!\d)", "<timestamp>", text)
    text = re.sub(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?", "<time>", text)
    seen = {}
    return re.sub(r"(?<![0-9a-f])[0-9a-f]{12}(?![0-9a-f])", lambda m: seen.setdefault(m.group(), f"<id {len(seen)}>"), text)


def blocks_of(lines):
    """(kind, name, first line number, lines) of each fenced block."""
    mark, start, kind = None, None, None
    for number, line in enumerate(lines):
        found = re.fullmatch(r"<!-- (file|append): (\S+) -->", line.strip())
        if found and start is None:
            mark = found.groups()
        elif line.startswith("```") and start is None:
            start, kind = number + 1, line[3:].strip()
        elif line.startswith("```"):
            yield (mark[0], mark[1], start, lines[start:number]) if mark else (kind, "", start, lines[start:number])
            mark = start = None


def matches(want, got):
    """Line by line; `…` stands for any number of lines."""
    if not want:
        return not got
    if want[0] == "…":
        return any(matches(want[1:], got[i:]) for i in range(len(got) + 1))
    return bool(got) and want[0] == got[0] and matches(want[1:], got[1:])


def run_page(path, program, update):
    folder = os.path.realpath(tempfile.mkdtemp(prefix="cmigrate-docs-"))
    env = {k: v for k, v in os.environ.items() if not k.startswith(("CMIGRATE_", "DATABASE_URL"))}
    env.update(PATH=os.path.dirname(program) + ":" + env["PATH"], LC_ALL="C.UTF-8", HOME=folder)
    text = open(path, encoding="utf-8").read()
    lines, wrong, said, new = text.split("\n"), [], [], {}
    ran = 0
    try:
        for kind, name, first, body in blocks_of(lines):
            if kind in ("file", "append"):
                os.makedirs(os.path.dirname(os.path.join(folder, name)) or folder, exist_ok=True)
                with open(os.path.join(folder, name), "w" if kind == "file" else "a", encoding="utf-8") as f:
                    f.write("\n".join(body) + "\n")
            if kind != "console":
                continue
            got = []
            for line in body:
                if line.startswith("$ "):
                    done = subprocess.run(line[2:], shell=True, cwd=folder, env=env, stdin=subprocess.DEVNULL, timeout=300,
                                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                    ran += 1
                    got += [line] + done.stdout.decode().replace(folder, "/home/you/app").rstrip("\n").split("\n")
            got = [g for i, g in enumerate(got) if g or (0 < i < len(got) - 1)]
            said.append((first, body, got))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    # ids are compared over the whole page: one that comes back must be the same
    want = settled(BREAK.join("\n".join(body) for _, body, _ in said)).split(BREAK)
    came = settled(BREAK.join("\n".join(got) for _, _, got in said)).split(BREAK)
    for (first, body, got), w, c in reversed(list(zip(said, want, came))):
        if matches(w.split("\n"), c.split("\n")):
            continue
        wrong += difflib.unified_diff(w.split("\n"), c.split("\n"), f"{path}:{first}", "what came", lineterm="")
        lines[first:first + len(body)] = got
    if update and wrong:
        wrong = []
        with open(path, "w", encoding="utf-8") as f:
            f.write("\n".join(lines))
    if not ran:
        wrong.append(f"{path}: no commands")
    return ran, wrong


def main():
    program, bad = os.path.abspath(sys.argv[1]), 0
    for path in sys.argv[2:]:
        ran, wrong = run_page(path, program, os.environ.get("UPDATE_CASES"))
        bad += bool(wrong)
        print("\n".join(wrong + [f"{path}: {ran} commands"]))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
