#!/usr/bin/env python3
"""Every option of every command with values that nobody means: empty, huge, not UTF-8, negative, repeated, left out.

    words.py CMIGRATE

The calls take turns (tests/support/turns.py), which leaves nearly every option with some of its values.
The options are those that `cmigrate help --markdown` lists. Whatever is given, the program ends in time with one of its own
statuses, says something, and no sanitizer reports.
"""
import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import kit
from turns import take_turns

VALUES = [b"", b"x" * 100_000, b"\xff\xfe\x80", b"-1", b"--", b"-", b"0", b"99999999999999999999", b"%s%n", b"a=b", b"\n", b"/", b"../../x", b"\x1b[2J"]
STATUSES = {0, 1, 2, 3, 4, 5, 130}

def commands_of(project):
    """The options of every command, and {command: [(option, takes a value)]}"""
    text = project.call("help", "--markdown", status=0).out.decode()
    common, found, command = [], {}, None
    for line in text.split("\n"):
        head = re.match(r"#+ +(?:cmigrate )?`?(?:cmigrate )?([a-z-]+)", line)
        if head and line.startswith("## "):
            command = head.group(1)
            found.setdefault(command, [])
        for option, value in re.findall(r"`(?:-\w, )?(--[a-z-]+)( [^`]+)?`", line):
            (found[command] if command else common).append((option, bool(value)))
    found = {name: options for name, options in found.items() if project.call("help", name).status == 0}
    if len(found) < 20 or sum(map(len, found.values())) < 40:
        raise AssertionError(f"help --markdown is read wrongly: {sorted(found)}")
    return common, found


def tries_of(command, common, own):
    """The words of every call of one command."""
    tries = [[command], [command, *["x"] * 3], [command, *[b"\xff" * 300] * 2], [command, "--", "--"], [command, ""], [command] + ["-v"] * 500]
    for option, takes in {**dict(common), **dict(own)}.items():
        if option in ("--url", "--config") and command in ("init",):
            continue
        tries.append([command, option])
        if not takes:
            tries += [[command, option, option], [command, option + "=x"]]
            continue
        once = option in dict(common) and command != "upgrade"  # those of every command are tried whole with one
        for value in VALUES[:4] if once else VALUES:
            tries.append([command, option.encode() + b"=" + value])
        tries += [[command, option, "a", option, "b"], [option, b"\xff", command]]
    return tries


def call(project, words):
    answer = project.call(*words, env={"EDITOR": "true", "VISUAL": "true"})
    shown = [word[:40] for word in words]
    if answer.status not in STATUSES:
        raise AssertionError(f"{shown}: exit {answer.status}\n{answer.text()[-2000:]}")
    if answer.status not in (0, 1) and not answer.err and not answer.out:  # `status --targets` reports failures in its table
        raise AssertionError(f"{shown}: exit {answer.status} without a word")
    if len(answer.err) > 20_000 + 2 * sum(map(len, words)):
        raise AssertionError(f"{shown}: {len(answer.err)} bytes of error")


def main():
    # The project lies deep in folders of this run alone: what climbs out of it is seen, and what others leave beside it is not.
    top = tempfile.mkdtemp(prefix="cmigrate-words-")
    above = tempfile.tempdir = os.path.join(top, "a", "b", "c")
    os.makedirs(above)
    try:
        project = kit.Project(sys.argv[1], "sqlite:///app.db")
        project.write("schema.yaml", "tables: {t: {columns: {id: integer}}}\n")
        common, found = commands_of(project)
        tries = [words for command in sorted(found) for words in tries_of(command, common, found[command])]
        tries = take_turns(tries)
        for words in tries:
            call(project, words)
        project.close()
        left = [os.path.join(where, name) for where, folders, files in os.walk(top) for name in folders + files]
        # `inspect --output=../../x` goes where it is sent, and the pages of `docs` into that folder
        named = os.path.normpath(os.path.join(project.folder, "../../x"))
        left = [path for path in left if not (path + "/").startswith(named + "/") and not (above + "/").startswith(path + "/")]
        if left:
            raise AssertionError(f"a path led out of the project: {left}")
    finally:
        shutil.rmtree(top, ignore_errors=True)
    print(f"ok {len(tries)} calls of {len(found)} commands")
    return 0


if __name__ == "__main__":
    sys.exit(main())
