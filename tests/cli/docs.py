#!/usr/bin/env python3
"""Does what a page says: writes the files it shows, runs its commands, and compares what they answer.

    docs.py CMIGRATE PAGE.md...      UPDATE_CASES=1 writes the answers that came into the pages

A block fenced as ```console holds commands behind `$ ` and below each what it prints (both outputs, in their order).
A block that stands behind `<!-- file: NAME -->` is written to that file; behind `<!-- append: NAME -->` it is added.
All blocks of a page run in one new folder. Ids, times and the folder may differ from run to run.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile


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
                    done = subprocess.run(line[2:], shell=True, cwd=folder, env=env, stdin=subprocess.DEVNULL, timeout=60,
                                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                    ran += 1
                    got += [line] + done.stdout.decode().replace(folder, "/home/you/app").rstrip("\n").split("\n")
            got = [g for i, g in enumerate(got) if g or (0 < i < len(got) - 1)]
            said.append((first, body, got))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    # ids are compared over the whole page: one that comes back must be the same
    want_all = settled("\n".join("\n".join(b) for _, b, _ in said))
    got_all = settled("\n".join("\n".join(g) for _, _, g in said))
    if update:
        for first, body, got in reversed(said):
            lines[first:first + len(body)] = got
        with open(path, "w", encoding="utf-8") as f:
            f.write("\n".join(lines))
    elif want_all != got_all:
        import difflib
        wrong = list(difflib.unified_diff(want_all.split("\n"), got_all.split("\n"), path, "what came", lineterm=""))
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
