#!/usr/bin/env python3
"""What a reader cannot know without the body is said above it: what a function of a header takes and gives, what a long one does and why."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
LONG = 20  # lines of a body
DECLARED = re.compile(r"^(?:MUST_USE |static inline |extern )*(?:const )?[A-Za-z_][\w ]*?[ *]+(\w+)\(")
bad = []


def files(ending):
    return sorted(path for folder in ("core", "drivers", "cli") for path in (ROOT / folder).rglob("*" + ending))


def above(lines, i):
    """The index of the comment above the declarations that i is one of, or of the comment there instead."""
    i -= 1
    while i >= 0 and lines[i].strip() and not lines[i].startswith(("//", "#")):
        i -= 1
    return i


def explained(path, explains):
    """Notes for each function that the header declares whether it is explained: above it, beside it, or above its group."""
    lines = path.read_text().split("\n")
    for i, line in enumerate(lines):
        declared = DECLARED.match(line)
        if not declared or line.startswith(("typedef", "return")):
            continue
        end = i
        while end + 1 < len(lines) and not re.search(r"[;{]\s*(//.*)?$", lines[end]):
            end += 1
        good = "//" in " ".join(lines[i:end + 1]) or lines[above(lines, i)].startswith("//")
        explains[declared[1]] = explains.get(declared[1], False) or good
        if not good:
            bad.append(f"{path.relative_to(ROOT)}:{i + 1}: {declared[1]} needs a comment: what it takes and gives, who owns it, how it fails")


def long_functions(path, explains):
    lines = path.read_text().split("\n")
    for i, line in enumerate(lines):
        if line != "{":
            continue
        first = i - 1
        while first >= 0 and lines[first] and not lines[first].startswith(("//", "#", "}")) and not lines[first].endswith(";"):
            first -= 1
        name = re.search(r"(\w+)\(", " ".join(lines[first + 1:i]))
        end = next(k for k in range(i, len(lines)) if lines[k].startswith("}"))
        if not name or end - i - 1 < LONG or lines[first].startswith("//"):
            continue
        if lines[first + 1].startswith("static") or not explains.get(name[1]):
            bad.append(f"{path.relative_to(ROOT)}:{first + 2}: {name[1]} has {end - i - 1} lines and no comment: what it does, and why so")


explains = {}
for header in files(".h"):
    explained(header, explains)
for source in files(".c"):
    long_functions(source, explains)
print("\n".join(bad))
sys.exit(bool(bad))
