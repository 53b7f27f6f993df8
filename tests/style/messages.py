#!/usr/bin/env python3
"""No message, hint, help text or document has a word of tests/style/words.list. Comments of the sources are not looked at.

    messages.py        in the root of the tree
"""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOKEN = re.compile(r"//[^\n]*|/\*.*?\*/|^[ \t]*#[ \t]*include[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])'", re.S | re.M)
# Right English all the same: who waits in a queue is behind others, and so is who has fallen there.
RIGHT = re.compile(r"\b(wait\w*|fall\w*|leav\w*|left|replicas are|database is|hidden|use|library)\b.{0,24}\bbehind\b|\bbehind (a pooler|PgBouncer)|(?<!\w)\w+/\w+", re.I)


def words():
    for line in open(os.path.join(HERE, "words.list"), encoding="utf-8"):
        if not line.startswith("#"):
            pattern, _, instead = line.rstrip("\n").partition("\t")
            yield re.compile(pattern, re.I), instead


def texts_of_source(text):
    """Each text with the line it begins in; adjacent literals are one."""
    found, end = [], -1
    for match in TOKEN.finditer(text):
        if not match.group().startswith('"'):
            continue
        if found and not text[end:match.start()].strip():
            found[-1][1] += match.group()[1:-1]
        else:
            found.append([text.count("\n", 0, match.start()) + 1, match.group()[1:-1]])
        end = match.end()
    return found


def main():
    listed = subprocess.run(["git", "ls-files", "-z", "cli", "core", "drivers", "docs/*.md", "README.md", "SECURITY.md", "CONTRIBUTING.md"],
                            stdout=subprocess.PIPE, text=True, check=True).stdout.split("\0")
    patterns, faults, looked = list(words()), 0, 0
    for name in listed:
        if not name.endswith((".c", ".h", ".md")) or not os.path.exists(name):
            continue
        text = open(name, encoding="utf-8").read()
        for line, said in texts_of_source(text) if not name.endswith(".md") else enumerate(text.split("\n"), 1):
            looked += 1
            said = RIGHT.sub("", said)
            for pattern, instead in patterns:
                match = pattern.search(said)
                if match:
                    faults += 1
                    print(f"{name}:{line}: '{match.group()}' in \"{said[max(0, match.start() - 40):match.end() + 40]}\": write {instead}")
    if looked < 5000:
        print(f"only {looked} texts were found: is this the root of the tree?")
        return 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
