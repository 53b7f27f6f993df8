#!/usr/bin/env python3
"""The program's `check` and the library's cmigrate_check() find the same number of differences in every .case.

    parity.py [--engine ENGINE] CMIGRATE PARITY

For each case that speaks of the engine, a database is made from its first state and compared with the model of its second,
once with `column_order: exact`. ENGINE: sqlite (the default), or a server that CMIGRATE_TEST_<ENGINE> names.
"""
import argparse
import glob
import json
import os
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(here, "..", "cases"), os.path.join(here, "..", "support")]
import run_cases  # noqa: E402


def by_program(project):
    code, out, err = project.call("check", "--format", "json")
    return str(len(json.loads(out)["changes"])) if code in (0, 1) and out.startswith("{") and '"changes"' in out else "error", err


def by_library(project, parity):
    # the modules lie beside the program
    env = {**{k: v for k, v in os.environ.items() if k != "CMIGRATE_URL"}, "CMIGRATE_MODULE_DIR": os.path.dirname(project.program)}
    p = subprocess.run([parity, "cmigrate.yaml"], cwd=project.path, capture_output=True, text=True, timeout=120, env=env)
    return p.stdout.strip() or f"status {p.returncode}", p.stderr


def compare(case, engine, program, parity, work, order):
    want = run_cases.state(case, "want", engine, program, work)
    if want is None:
        return None
    have = case.sql("have", engine.dialect)
    model = None if have is not None else run_cases.state(case, "have", engine, program, work)
    url = engine.fresh(work)
    project = run_cases.Project(program, os.path.join(work, "project"), url, f"column_order: {order}\n" + (case.get("config") or ""))
    if have is not None:
        engine.run(have)
    else:
        project.write("schema.yaml", model)
        project.call("migrate", "-q", "-m", "first")
        project.call("upgrade", "-q")
    project.write("schema.yaml", want)
    (program_says, program_err), (library_says, library_err) = by_program(project), by_library(project, parity)
    if program_says == library_says:
        return None
    return f"{case.name} ({order}): the program says {program_says}, the library {library_says}\n{program_err}{library_err}"


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--engine", default="sqlite")
    ap.add_argument("cmigrate"), ap.add_argument("parity")
    args = ap.parse_args()
    program, parity = os.path.abspath(args.cmigrate), os.path.abspath(args.parity)
    engines = run_cases.engines_of([args.engine], 0)
    if not engines:
        print(f"no server {args.engine}")
        return 77
    engine, bad, tried = engines[0], 0, 0
    with tempfile.TemporaryDirectory() as work:
        for n, path in enumerate(sorted(glob.glob(os.path.join(here, "..", "cases", "**", "*.case"), recursive=True))):
            case = run_cases.Case(path)
            if not case.speaks_of(engine):
                continue
            tried += 1
            try:
                fault = compare(case, engine, program, parity, work, "exact" if n % 2 else "any")
            except run_cases.Failed:
                continue  # the case is about a refusal, which run_cases.py looks at
            if fault:
                bad += 1
                print("FAIL", fault)
    print(f"{tried - bad} of {tried} cases agree")
    return 1 if bad or tried < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
