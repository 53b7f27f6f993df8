#!/usr/bin/env python3
"""docs/configuration.md has every key that the reader of cmigrate.yaml takes, and no other.

    config_keys.py CMIGRATE ROOT
"""
import os
import re
import subprocess
import sys
import tempfile


def reader(root):
    """The keys of the reader's own table, which rejects all others."""
    source = open(os.path.join(root, "core/config/config_read.c"), encoding="utf-8").read()
    table = re.search(r"KeyInfo keys\[\] = \{\n(.*?)\n\};", source, re.S).group(1)
    return set(re.findall(r'^    \{\s*"(\w+)",', table, re.M))


def documented(root):
    page = open(os.path.join(root, "docs/configuration.md"), encoding="utf-8").read()
    table = page.split("## Every key", 1)[1].split("\n## ", 1)[0].split("\n# ", 1)[0]
    return [key for line in table.split("\n") if line.startswith("| `") for key in re.findall(r"`(\w+)`", line.split("|")[1])]


def main():
    program, root = os.path.abspath(sys.argv[1]), sys.argv[2]
    keys, rows = reader(root), documented(root)
    said = set(rows)
    faults = [f"not in docs/configuration.md: {key}" for key in sorted(keys - said)]
    faults += [f"twice in docs/configuration.md: {key}" for key in sorted(said) if rows.count(key) > 1]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "cmigrate.yaml")
        for key in sorted(said | {"surely_no_key"}):
            with open(path, "w", encoding="utf-8") as f:
                f.write(f"url: sqlite:///a.db\n{key}: ~\n" if key != "url" else "url: sqlite:///a.db\n")
            done = subprocess.run([program, "heads"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if ("unknown key" in done.stdout) != (key == "surely_no_key"):
                faults.append(f"{key}: {done.stdout}")
    print("\n".join(faults) or f"{len(said)} keys")
    return 1 if faults or len(said) < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
