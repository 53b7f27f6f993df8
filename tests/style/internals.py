#!/usr/bin/env python3
"""What docs/internals says of the code: the files and functions that it names exist, and its lists are in the code's order."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs/internals").glob("*.md"))
CODE = subprocess.run(["git", "grep", "-hwoE", "[A-Za-z_][A-Za-z0-9_]+", "--", "*.c", "*.h"], cwd=ROOT, capture_output=True, text=True).stdout
WORDS = set(CODE.split()) or {w for p in ROOT.rglob("*.[ch]") for w in re.findall(r"\w+", p.read_text(errors="replace"))}
bad = []

for page in PAGES:
    text = page.read_text()
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if not (page.parent / target).exists():
            bad.append(f"{page.name}: no file {target}")
    for name in re.findall(r"`([a-z]+_[a-z_]+)`", text):
        if name not in WORDS:
            bad.append(f"{page.name}: nothing in the code is called {name}")

passes = (ROOT / "drivers/postgresql/plan/passes.c").read_text().split("bool pg_expand(", 1)[1]
called = [name for name in re.findall(r"\b(\w+)\(graph(?:, err)?\)", passes)]
listed = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/internals/planner.md").read_text(), re.M)
if called != listed:
    bad.append(f"planner.md lists the passes {listed}, pg_expand calls {called}")

kinds = (ROOT / "docs/internals/kinds.md").read_text()
for bit in re.findall(r"^    (KIND_\w+) = 1 <<", (ROOT / "core/model/object.h").read_text(), re.M):
    if bit not in kinds:
        bad.append(f"kinds.md does not name {bit}")

print("\n".join(bad))
sys.exit(bool(bad))
