#!/usr/bin/env python3
"""What an engine answers, altered, for every query of every command: NULLs, empty, huge and negative values, other counts of columns.

    answers.py CMIGRATE sqlite|pg15|pg18|mariadb|mysql LIBRARY.so

The library stands in front of the client's (odd_answers.h) and alters its results: of introspection, and of the version table,
the history, locks, grants, statistics, probes and measurements as well. Nothing may crash, hang or fail without a word; what
it says is not judged. ANSWERS_SEEDS=100 tries more of them, ANSWERS_FIRST=7 begins elsewhere.
"""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit

MODEL = """
tables:
  author: {columns: {id: {type: integer, primary_key: true}, name: {type: string(40), unique: true, comment: who}}}
  book:
    columns:
      id: {type: integer, primary_key: true}
      author_id: {type: integer, references: author.id, nullable: true}
      price: {type: "numeric(10,2)", check: "price > 0", nullable: true}
    indexes: {ix_book_price: {columns: [price]}}
views: {cheap: "SELECT id FROM book"}
"""
LATER = MODEL.replace("string(40)", "string(30)").replace("numeric(10,2)", "numeric(8,1)").replace("ix_book_price", "ix_book_cost")
MORE = {
    "postgresql": "types: {mood: [sad, ok]}\nsequences: {counter: {}}\ndomains: {cents: {type: integer, check: VALUE > 0}}\n",
    "mysql": "",
    "sqlite": "",
}
# those that change the database come last: it is made again after them
COMMANDS = (
    ["current", "-v"], ["status", "-v"], ["history", "-v"], ["heads"], ["check"], ["check", "--history"], ["inspect"], ["inspect", "--data"], ["diff"],
    ["lint"], ["erd"], ["docs", "--check"], ["validate"], ["create"], ["wait"], ["create-database"], ["prove"], ["test"], ["ensure-version"],
    ["migrate", "-m", "x"], ["migrate", "-m", "x", "--online"], ["migrate", "-m", "x", "--from-history"], ["upgrade", "--dry-run"],
    ["upgrade", "--sql"], ["upgrade"], ["downgrade", "-1"], ["stamp", "head"], ["apply", "--yes"],
)
CHANGES = ("ensure-version", "upgrade", "downgrade", "stamp", "apply", "migrate")


class Place:
    """A project with an applied, a failed and a pending revision, over a database of its own that can be made again."""

    def __init__(self, program, engine):
        self.engine, self.program = engine, program
        self.project = None

    def make(self):
        if self.project:
            self.project.close()
        self.project = kit.Project(self.program, self.engine.fresh("answers"))
        self.project.write("schema.yaml", MODEL)
        self.project.call("migrate", "-m", "first", status=0)
        self.project.call("upgrade", status=0)
        first = re.search(r"revision (\S+)", open(self.project.scripts()[0], encoding="utf-8").read()).group(1)
        self.engine.script("INSERT INTO author VALUES (1, 'x'); INSERT INTO book VALUES (1, 1, 1.5);")
        self.project.write("migrations/second.sql", f"-- cmigrate: revision second\n-- cmigrate: parents {first}\n-- cmigrate: no-transaction\n"
                           "-- cmigrate: upgrade\nCREATE TABLE more (id integer);\nINSERT INTO nothing_there VALUES (1);\n"
                           "-- cmigrate: downgrade\nDROP TABLE more;\n")
        self.project.call("upgrade")  # fails at its second statement
        self.project.write("schema.yaml", LATER)

    def tries(self, words, seed):
        env = {"LD_PRELOAD": os.path.abspath(sys.argv[3]), "ODD_SEED": str(seed), "ODD_AFTER": str((0, 1, 3, 8, 20)[seed % 5]), "ODD_PART": str((5, 20, 60)[seed % 3])}
        for name in self.project.scripts()[2:]:
            os.remove(name)
        if os.environ.get("ASAN_OPTIONS"):
            env["ASAN_OPTIONS"] = os.environ["ASAN_OPTIONS"] + ":verify_asan_link_order=0"
        try:
            answer = self.project.call(*words, env=env)
        except (AssertionError, subprocess.TimeoutExpired) as error:
            return f"seed {seed}, {' '.join(words)}: {error}"
        if answer.status > 4 and answer.status != 130 or (answer.status == 2 and not answer.said.strip()):
            return f"seed {seed}, {' '.join(words)}: exit {answer.status}\n{answer.text()[-1000:]}"
        return None


def answers_of_any_kind(program, engine):
    place, wrong = Place(program, engine), []
    place.make()
    first = int(os.environ.get("ANSWERS_FIRST", "0"))
    for seed in range(first, first + int(os.environ.get("ANSWERS_SEEDS", "1"))):
        for n, words in enumerate(COMMANDS):
            found = place.tries(words, seed * len(COMMANDS) + n)
            if found:
                wrong.append(found)
            if found or words[0] in CHANGES and "--sql" not in words and "--dry-run" not in words and words[0] != "migrate":
                place.make()
    place.project.close()
    engine.drop()
    if wrong:
        raise AssertionError(f"{len(wrong)} calls\n" + "\n".join(wrong[:20]))


if __name__ == "__main__":
    sys.exit(kit.run(answers_of_any_kind))
