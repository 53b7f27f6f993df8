#!/usr/bin/env python3
"""Random pairs of schemas, and the laws that must hold between them.

    run.py [--engine NAME] [--seed N] [--pairs N] [--first N] [--keep FOLDER] CMIGRATE

Pair K of a seed is the same on every machine. What breaks a law is made smaller and written to FOLDER as a .case, which
tests/cases/run_cases.py runs. `--seed new` takes one that was not seen before, and says it. Exit status: 0 all hold, 1 not.
"""
import argparse
import os
import random
import sys

import laws
import sqlite_schemas

ENGINES = {"sqlite": sqlite_schemas.SQLite}


def main():
    p = argparse.ArgumentParser(usage=__doc__)
    p.add_argument("--engine", choices=sorted(ENGINES), default="sqlite")
    p.add_argument("--seed", default="1")
    p.add_argument("--pairs", type=int, default=10)
    p.add_argument("--first", type=int, default=0)
    p.add_argument("--keep", default="law-failures")
    p.add_argument("program")
    o = p.parse_args()
    o.program = os.path.abspath(o.program)
    seed = str(random.SystemRandom().randrange(10**9)) if o.seed == "new" else o.seed
    engine = ENGINES[o.engine]()
    failures = laws.run(o.program, engine, lambda number: random.Random(f"{o.engine} {seed} {number}"),
                        range(o.first, o.first + o.pairs), o.keep)
    print(f"{o.engine}, seed {seed}: the laws hold for {o.pairs - failures} of {o.pairs} pairs")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
