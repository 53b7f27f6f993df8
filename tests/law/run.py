#!/usr/bin/env python3
"""Random pairs of schemas, and the laws that must hold between them.

    run.py [--engine sqlite|pg15|pg18|mariadb|mysql] [--seed N] [--pairs N] [--first N] [--keep FOLDER] CMIGRATE

Pair K of a seed is the same on every machine. What breaks a law is made smaller and written to FOLDER as a .case, which
tests/cases/run_cases.py runs. A server is named by CMIGRATE_TEST_<NAME>; without it, exit status 77. `--seed new` takes one that was not seen before, and says it. Exit status: 0 all hold, 1 not.
"""
import argparse
import os
import random
import sys

import laws
import mysql_schemas
import postgresql_schemas
import sqlite_schemas

ENGINES = {"sqlite": sqlite_schemas.SQLite, "pg15": postgresql_schemas.PostgreSQL, "pg18": postgresql_schemas.PostgreSQL,
           "mariadb": mysql_schemas.MySQL, "mysql": mysql_schemas.MySQL}


def open_engine(name):
    """None: its server is not there."""
    if name == "sqlite":
        return ENGINES[name]()
    url = os.environ.get("CMIGRATE_TEST_" + name.upper())
    return ENGINES[name](url) if url else None


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
    engine = open_engine(o.engine)
    if not engine:
        print(f"no server for {o.engine}")
        return 77
    failures = laws.run(o.program, engine, lambda number: random.Random(f"{o.engine} {seed} {number}"),
                        range(o.first, o.first + o.pairs), o.keep)
    print(f"{o.engine}, seed {seed}: the laws hold for {o.pairs - failures} of {o.pairs} pairs")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
