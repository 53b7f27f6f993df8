#!/usr/bin/env python3
"""Every option of every command with values that nobody means: empty, huge, not UTF-8, negative, repeated, left out.

    words.py CMIGRATE

The options are those that `cmigrate help --markdown` lists. Whatever is given, the program ends in time with one of its own
statuses, says something, and no sanitizer reports.
"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit

VALUES = [b"", b"x" * 100_000, b"\xff\xfe\x80", b"-1", b"--", b"-", b"0", b"99999999999999999999", b"%s%n", b"a=b", b"\n", b"/", b"../../x", b"\x1b[2J"]
STATUSES = {0, 1, 2, 3, 4, 5, 130}

def options_of(program):
    """{command: [(option, takes a value)]}"""
    text = kit.Project(program, "sqlite://").call("help", "--markdown", status=0).out.decode()
    common, found, command = [], {}, None
    for line in text.split("\n"):
        head = re.match(r"#+ +(?:cmigrate )?`?(?:cmigrate )?([a-z-]+)", line)
        if head and line.startswith("## "):
            command = head.group(1)
            found.setdefault(command, [])
        for option, value in re.findall(r"`(?:-\w, )?(--[a-z-]+)( [^`]+)?`", line):
            (found[command] if command else common).append((option, bool(value)))
    return common, found


def main():
    program = sys.argv[1]
    common, found = options_of(program)
    commands = sorted(name for name in found if kit.Project(program, "sqlite://").call("help", name).status == 0)
    if len(commands) < 20 or sum(map(len, found.values())) < 40:
        raise AssertionError(f"help --markdown is read wrongly: {commands}")
    project = kit.Project(program, "sqlite:///app.db")
    project.write("schema.yaml", "tables: {t: {columns: {id: integer}}}\n")
    calls = 0
    for command in commands:
        options = {option: takes for option, takes in [*common, *found[command]]}
        tries = [[command], [command, *["x"] * 3], [command, *[b"\xff" * 300] * 2], [command, "--", "--"], [command, ""], [command] + ["-v"] * 500]
        for option, takes in options.items():
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
        for words in tries:
            answer = project.call(*words, env={"EDITOR": "true", "VISUAL": "true"})
            calls += 1
            if answer.status not in STATUSES:
                raise AssertionError(f"{[word[:40] for word in words]}: exit {answer.status}\n{answer.text()[-2000:]}")
            if answer.status not in (0, 1) and not answer.err:
                raise AssertionError(f"{[word[:40] for word in words]}: exit {answer.status} without a word")
            if len(answer.err) > 20_000 + 2 * sum(map(len, words)):
                raise AssertionError(f"{[word[:40] for word in words]}: {len(answer.err)} bytes of error")
    outside = set(os.listdir(os.path.dirname(project.folder)))
    if "x" in outside:
        raise AssertionError("a path led out of the project")
    project.close()
    print(f"ok {calls} calls of {len(commands)} commands")
    return 0


if __name__ == "__main__":
    sys.exit(main())
