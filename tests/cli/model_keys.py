#!/usr/bin/env python3
"""Every key of the model, present and absent, right and wrong, in every command, on a SQLite database.

    model_keys.py CMIGRATE

The keys are asked of the reader itself: a key that nobody knows is refused with the list of those that are known. A command
may refuse a model in words (status 1 to 5); it may not crash, stay silent, or print what a sanitizer says. The keys of
a place take turns (tests/support/turns.py).
"""
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from turns import take_turns

CMIGRATE = os.path.abspath(sys.argv[1])
UNKNOWN = "QQQQQQQQQQ"

# Where keys are read: a model with a place for more of them.
PLACES = {
    "table": "tables: {t: {columns: {id: {type: integer, primary_key: true}, a: text}, %s}}",
    "column": "tables: {t: {columns: {id: {type: integer, primary_key: true}, a: {type: text, %s}}}}",
    "index": "tables: {t: {columns: {id: integer, a: text}, indexes: {ix: {columns: [a], %s}}}}",
    "unique": "tables: {t: {columns: {id: integer, a: text}, unique: {uq: {columns: [a], %s}}}}",
    "check": "tables: {t: {columns: {id: integer, a: text}, checks: {ck: {expression: a <> '', %s}}}}",
    "foreign key": "tables: {t: {columns: {id: {type: integer, primary_key: true}, a: text}, foreign_keys: {fk: {columns: [a], "
    "references: t(id), %s}}}}",
    "reference": "tables: {t: {columns: {id: {type: integer, primary_key: true}, a: {type: integer, references: {table: t, column: id, %s}}}}}",
    "primary key": "tables: {t: {columns: {id: integer, a: text}, primary_key: {columns: [id], %s}}}",
    "part": "tables: {t: {columns: {id: integer, a: text}, indexes: {ix: {columns: [{column: a, %s}]}}}}",
    "identity": "tables: {t: {columns: {id: {type: integer, primary_key: true, identity: {mode: always, %s}}}}}",
    "view": "tables: {t: {columns: {id: integer, a: text}}}\nviews: {v: {query: SELECT id FROM t, %s}}",
    "trigger": "tables: {t: {columns: {id: integer, a: text}}}\n"
    "triggers: {tr: {definition: CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END, %s}}",
    "sequence": "sequences: {s: {start: 1, %s}}",
    "enum": "types: {m: {enum: [x, y], %s}}\ntables: {t: {columns: {id: integer, a: m}}}",
    "domain": "types: {m: {base: text, %s}}\ntables: {t: {columns: {id: integer, a: m}}}",
    "many to many": "tables: {t: {columns: {id: {type: integer, primary_key: true}}}}\n"
    "many_to_many: {l: {between: [t, {table: t, column: other}], %s}}",
    "convention": "naming_convention: {%s}\ntables: {t: {columns: {id: {type: integer, primary_key: true}, "
    "a: {type: text, unique: true, index: true, check: a > 1, references: t.id}}}}",
    "section": "tables: {t: {columns: {id: integer, a: text}}}\n%s",
}
VALUES = ["x", "true", "null", "[a]", "{a: 1}", "7"]
# What a key is meant to hold, where none of the values above is right.
RIGHT = {
    "type": "integer", "references": "t.id", "columns": "[id]", "order": "desc", "nulls": "first", "check": "a <> ''",
    "on_delete": "cascade", "on_update": "cascade", "deferrable": "deferred", "match": "simple", "where": "a > 0",
    "expression": "a > 0", "generated": "1 + 1", "default": "{sql: 1 + 1}", "definition": "CREATE VIRTUAL TABLE t USING fts5(a)",
    "options": "{sqlite: {strict: false}}", "enum": "[x, y]", "identity": "always", "between": "[t, t]", "table": "t",
    "unique": "[a]", "exclude": "[{columns: [a]}]", "mixins": "[]", "foreign_keys": "[]", "indexes": "[a]", "checks": "[a > 0]",
}
COMMANDS = [
    ["validate"], ["migrate", "-m", "x", "--dry-run"], ["migrate", "-m", "x"], ["upgrade"], ["check"], ["diff"], ["inspect"],
    ["history"], ["downgrade", "base"], ["upgrade", "--sql"], ["create", "--url", "sqlite:///new.db"],
]


def run(folder, words):
    env = {**os.environ, "NO_COLOR": "1", "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1"}
    return subprocess.run([CMIGRATE, *words], cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")


def keys_of(place, folder):
    with open(os.path.join(folder, "schema.yaml"), "w") as file:
        mark = f"{UNKNOWN}: 1" if place != "section" else f"{UNKNOWN}: {{}}"
        file.write(PLACES[place] % mark)
    said = run(folder, ["validate"]).stderr
    found = re.search(r"(?:Known keys are|A model has) (.*?)\.?$", said, re.M)
    if not found:
        sys.exit(f"{place}: the reader does not list its keys:\n{said}")
    return [key for key in re.split(r", (?:and )?", found.group(1)) if re.fullmatch(r"\w+", key)]


def faults(folder, model, what):
    """The commands, one after another, on a project of this model."""
    with open(os.path.join(folder, "schema.yaml"), "w") as file:
        file.write(model)
    for name in os.listdir(folder):
        if name.endswith(".db"):
            os.remove(os.path.join(folder, name))
    for name in os.listdir(os.path.join(folder, "migrations")):
        os.remove(os.path.join(folder, "migrations", name))
    for words in COMMANDS:
        done = run(folder, words)
        silent = done.returncode not in (0, 1) and not done.stderr.strip()
        if done.returncode not in (0, 1, 2, 3, 4, 5) or silent or "Sanitizer" in done.stderr or "runtime error" in done.stderr:
            yield f"{what}: {' '.join(words)}: status {done.returncode}\n{model}\n{done.stderr[-2000:]}"
        if words == ["validate"] and done.returncode == 2:
            # a model that is refused is refused by all; once is enough to see that they say so
            words = COMMANDS[2]
            done = run(folder, words)
            if done.returncode != 2 or not done.stderr.strip():
                yield f"{what}: {' '.join(words)} takes a model that validate refuses\n{model}\n{done.stderr[-2000:]}"
            return


def try_place(place):
    found = []
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "migrations"))
        with open(os.path.join(folder, "cmigrate.yaml"), "w") as file:
            file.write("url: sqlite:///a.db\n")
        found.extend(faults(folder, PLACES[place] % ("" if place == "section" else "comment: c" if "comment" in keys_of(place, folder) else ""), f"{place} without more"))
        keys = keys_of(place, folder)
        for key in take_turns(keys):
            values = [RIGHT[key]] if key in RIGHT else []
            for value in values + VALUES[: 6 if key in ("name", "comment", "renamed_from") else 3]:
                found.extend(faults(folder, PLACES[place] % f"{key}: {value}", f"{place}: {key}: {value}"))
    return len(keys), found


def main():
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(try_place, PLACES))
    count = sum(keys for keys, _ in results)
    wrong = [text for _, found in results for text in found]
    for text in wrong[:20]:
        print(text)
    print(f"{count} keys in {len(PLACES)} places, {len(wrong)} faults")
    sys.exit(1 if wrong or count < 100 else 0)


main()
