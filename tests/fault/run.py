#!/usr/bin/env python3
"""Disturbs real runs and looks at what is left. Prints a table; its last column must be 0.

    tests/fault/run.py PROGRAM [--long] [--only sqlite,pg15,pg18,pgbouncer,mariadb,mysql,galera]
                               [--kinds steps,network,…] [--jobs N] [--markdown]

PROGRAM is a build with -DCMIGRATE_FAULTS=ON: it says by itself which steps a run has (CMIGRATE_FAULT=list:FILE) and is
killed, fails or stands still at the n-th (kill:N, fail:N, stop:N), so a new step is covered without anyone remembering
it. Servers come from CMIGRATE_TEST_PG15, _PG18, _PGBOUNCER, _MARIADB, _MYSQL, _GALERA1 to 3; what must be stopped or filled
is started by the kinds themselves (tests/support/servers.sh).
After each disturbance the same command is run again, undisturbed. Then either schema, rows, version and history equal
those of a run that nothing disturbed (recovered), or the program ends with status 4 and names the statement and the
ways on (explained); anything else is lost, and is printed.
"""
import argparse
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import declared
import disk
import engines
import files
import fleet
import handwritten
import longrun
import network
import outage
import scratch
import statements
import steps
import together
import traffic
from bench import Bench

KINDS = {"steps": steps, "statements": statements, "handwritten": handwritten, "declared": declared, "scratch": scratch, "network": network, "outage": outage, "disk": disk, "together": together,
         "traffic": traffic, "files": files, "fleet": fleet, "longrun": longrun}


def rows_of(program, args, engine):
    """The rows of one engine, each printed when it is done, and what was lost."""
    bench, rows = Bench(program, engine, args.long), []
    try:
        for kind in args.kinds.split(","):
            for run in KINDS[kind].kinds(bench):
                began = time.monotonic()
                tally = run()
                rows.append((engine.name, tally.name, tally.points, tally.recovered, tally.explained, tally.lost))
                print("%-14s %-40s %5d tried %5d recovered %3d explained %3d lost" % rows[-1],
                      "%6.1f s" % (time.monotonic() - began), flush=True)
    finally:
        bench.close()
    return rows, bench.lost


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program")
    ap.add_argument("--long", action="store_true", help="every step where a try is cheap, and everything in its full number; else a sample")
    ap.add_argument("--only", default="", help="engines, by comma")
    ap.add_argument("--kinds", default=",".join(KINDS), help="kinds of faults, by comma: " + ", ".join(KINDS))
    ap.add_argument("--mark", default="", help="stands in the names of databases, where two of these run at once on one server")
    ap.add_argument("--jobs", type=int, default=1, help="so many engines at once")
    ap.add_argument("--markdown", action="store_true")
    args = ap.parse_args()
    rows, lost = [], []
    engines.Client.mark = args.mark
    wanted = engines.engines([name for name in args.only.lower().split(",") if name])
    if not wanted:
        print("none of these servers is named in the environment")
        return 1 if os.environ.get("CMIGRATE_TEST_REQUIRE") else 77
    with ThreadPoolExecutor(args.jobs) as pool:
        for found, gone in pool.map(lambda engine: rows_of(os.path.abspath(args.program), args, engine), wanted):
            rows += found
            lost += gone
    if args.markdown:
        print("\n| engine | fault | points tried | recovered by itself | explained | lost |\n| --- | --- | --: | --: | --: | --: |")
        for row in rows:
            print("| %s | %s | %d | %d | %d | %d |" % row)
    for text in lost[:10]:
        print("\nLOST " + text)
    failed = sum(1 for row in rows if row[5])
    print(f"{len(rows) - failed} passed, {failed} failed")
    return 1 if failed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
