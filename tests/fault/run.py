#!/usr/bin/env python3
"""Disturbs real runs and looks at what is left. Prints a table; its last column must be 0.

    tests/fault/run.py PROGRAM [--long] [--only sqlite,pg15,pg18,pgbouncer,mariadb,mysql] [--kinds steps,network,…]
                               [--markdown]

PROGRAM is a build with -DCMIGRATE_FAULTS=ON: it says by itself which steps a run has (CMIGRATE_FAULT=list:FILE) and is
killed, fails or stands still at the n-th (kill:N, fail:N, stop:N), so a new step is covered without anyone remembering
it. Servers come from CMIGRATE_TEST_PG15, _PG18, _PGBOUNCER, _MARIADB, _MYSQL; what must be stopped, filled or clustered
is started by the kinds themselves (tests/support/servers.sh).
After each disturbance the same command is run again, undisturbed. Then either schema, rows, version and history equal
those of a run that nothing disturbed (recovered), or the program ends with status 4 and names the statement and the
ways on (explained); anything else is lost, and is printed.
"""
import argparse
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import disk
import engines
import files
import fleet
import longrun
import network
import outage
import steps
import together
import traffic
from bench import Bench

KINDS = {"steps": steps, "network": network, "outage": outage, "disk": disk, "together": together,
         "traffic": traffic, "files": files, "fleet": fleet, "longrun": longrun}


def rows_of(program, args, wanted):
    """(engine, tally, seconds, what was lost) of each row, as it is done."""
    for engine in engines.engines([name for name in args.only.lower().split(",") if name]):
        bench = Bench(program, engine, args.long)
        try:
            for kind in wanted:
                for run in KINDS[kind].kinds(bench):
                    began = time.monotonic()
                    tally = run()
                    yield engine.name, tally, time.monotonic() - began, bench.lost
        finally:
            bench.close()


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program")
    ap.add_argument("--long", action="store_true", help="every step, and everything in its full number; else a sample")
    ap.add_argument("--only", default="", help="engines, by comma")
    ap.add_argument("--kinds", default=",".join(KINDS), help="kinds of faults, by comma: " + ", ".join(KINDS))
    ap.add_argument("--markdown", action="store_true")
    args = ap.parse_args()
    rows, lost = [], []
    for engine, tally, seconds, gone in rows_of(os.path.abspath(args.program), args, args.kinds.split(",")):
        rows.append((engine, tally.name, tally.points, tally.recovered, tally.explained, tally.lost))
        print("%-14s %-34s %5d tried %5d recovered %3d explained %3d lost" % rows[-1], "%6.1f s" % seconds, flush=True)
        lost += [text for text in gone if text not in lost]
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
