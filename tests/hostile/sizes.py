#!/usr/bin/env python3
"""Models and databases with very many of one thing: processor time grows with their number, not with its square.

    sizes.py CMIGRATE ENGINE [-k TEXT] [--times N]

Each kind is taken through `validate`, `migrate`, `upgrade`, `check` and `downgrade` with N things and with four times as many.
What is quadratic takes sixteen times as long then; more than nine times is a failure. Only the program's own processor time is
counted, and what takes no longer than START_UP is not compared. Renames of tables are compared each with each: a `migrate` with
800 of them takes some 0.7 s on PostgreSQL.
"""
import argparse
import os
import resource
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit

GROWTH, START_UP = 9, 0.4


def tables(n, more="", columns="n: integer"):
    return "tables:\n" + "".join(f"  t{i}: {{columns: {{id: {{type: integer, primary_key: true}}, {columns}}}{more.format(i=i)}}}\n" for i in range(n))


def one_table(part=""):
    """A table with `part`, beside one that it can refer to."""
    return ("tables:\n  p: {columns: {id: {type: integer, primary_key: true}}}\n"
            "  t:\n    columns: {id: {type: integer, primary_key: true}, a: integer, b: string(40)}\n" + part)


def members(key, text):
    """A model by the number of members that `key` of its one table has."""
    return lambda n: one_table(f"    {key}:\n" + "".join(f"      {text.format(i=i)}\n" for i in range(n)))


def chain(n):
    return "tables:\n" + "".join(f"  t{i}: {{columns: {{id: {{type: integer, primary_key: true}}"
                                 + (f", up: {{type: integer, references: t{i - 1}.id}}" if i else "") + "}}\n" for i in range(n))


def columns(n, changed=""):
    return "tables:\n  t:\n    columns:\n      id: {type: integer, primary_key: true}\n" + "".join(
        f"      c{i}{changed and 'x'}: {{type: integer{changed.format(i=i)}}}\n" for i in range(n))


def enum(n):
    return "tables:\n  t: {columns: {id: {type: integer, primary_key: true}, e: {enum: [" + ", ".join(f"v{i}" for i in range(n)) + "]}}}\n"


def rows(n, value):
    return one_table() + "data:\n  t:\n" + "".join(f"    - {{id: {i}, a: {value}, b: x}}\n" for i in range(n))


# SQLite reads the whole schema again for each ALTER TABLE, and all indexes of a table for another one: what is quadratic there
# is its own.
NOT_ON_SQLITE = ("a column more in each table", "renamed tables", "tables that look renamed", "renamed columns", "columns that look renamed",
                 "indexes of one table")
EMPTY = "tables: {}\n"
# name: (N, the model of N, the model after it)
KINDS = {
    "a column more in each table": (400, tables, lambda n: tables(n, columns="n: integer, m: string(20)")),
    "tables": (400, tables, lambda n: EMPTY),
    "renamed tables": (200, tables, lambda n: tables(n, ", renamed_from: t{i}").replace("  t", "  u")),
    "tables that look renamed": (200, tables, lambda n: tables(n).replace("  t", "  u")),
    "a chain of foreign keys": (300, chain, lambda n: EMPTY),
    "columns": (100, columns, lambda n: EMPTY),
    "renamed columns": (100, columns, lambda n: columns(n, ", renamed_from: c{i}")),
    "columns that look renamed": (100, columns, lambda n: columns(n, " ")),
    "foreign keys of one table": (400, members("foreign_keys", "- {{name: f{i}, columns: [a], references: p.id}}"), lambda n: one_table()),
    "indexes of one table": (400, members("indexes", "- {{name: i{i}, columns: [a]}}"), lambda n: one_table()),
    "checks of one table": (400, members("checks", "c{i}: a > {i}"), lambda n: one_table()),
    "rows": (2000, lambda n: rows(n, 1), lambda n: rows(n, 2)),
    "views": (400, lambda n: one_table() + "views:\n" + "".join(f"  v{i}: {{query: SELECT id FROM t}}\n" for i in range(n)), lambda n: EMPTY),
    "values of an enum": (400, enum, lambda n: enum(n + 1)),
    "words of a comment": (20000, lambda n: "tables:\n  t: {comment: '" + "it''s " * n + "', columns: {id: integer}}\n", lambda n: EMPTY),
}


def spent(project, *words):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    project.call(*words, status=0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def through(program, url, first, second):
    """(what was done, seconds of processor time) of each command."""
    project = kit.Project(program, url)
    taken = []
    try:
        for at, model in enumerate((first, second)):
            project.write("schema.yaml", model)
            for words in (("validate",), ("migrate", "-m", f"number {at}"), ("upgrade",), ("check",)):
                taken.append((f"{words[0]} {at + 1}", spent(project, *words)))
        taken.append(("downgrade", spent(project, "downgrade", "base")))
    finally:
        project.close()
    return taken


def grows(program, engine, name, times):
    number, first, second = KINDS[name]
    number *= times
    few = through(program, engine.fresh("sizes"), first(number), second(number))
    many = through(program, engine.fresh("sizes"), first(4 * number), second(4 * number))
    print(f"{engine.name}: {name}, {number} and {4 * number}: " + ", ".join(f"{what} {a:.2f} and {b:.2f} s" for (what, a), (_, b) in zip(few, many)), flush=True)
    return [f"{name}: {what}: {a:.2f} s for {number}, {b:.2f} s for {4 * number}" for (what, a), (_, b) in zip(few, many)
            if b > START_UP and b > GROWTH * a]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("engine")
    parser.add_argument("-k", default="")
    parser.add_argument("--times", type=int, default=1)
    args = parser.parse_args()
    engine = kit.engines(args.engine)
    if engine is None:
        return 77
    try:
        failed = [line for name in KINDS
                  if args.k in name and not (engine.key == "sqlite" and name in NOT_ON_SQLITE) for line in grows(args.program, engine, name, args.times)]
    finally:
        engine.drop()
    print("\n".join(failed), file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
