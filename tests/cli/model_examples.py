#!/usr/bin/env python3
"""Every example of docs/model.md does what it shows: it becomes a revision that runs, `check` finds nothing, and the way back leads to an empty database.

    model_examples.py CMIGRATE sqlite|pg15|pg18|mariadb|mysql

A fence says ```yaml for all engines, or names those it is for.
"""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
import sqlclient

KIND = {"sqlite": "sqlite", "pg15": "postgresql", "pg18": "postgresql", "mariadb": "mysql", "mysql": "mysql"}
# What an example takes from outside of the model, and which engines do without it.
OUTSIDE = {"billing(id)": {"sqlite"}, "citext": {"sqlite", "mysql", "mariadb"}, '"&&"': set(), "TO reporting": set(),
           "expression: lower": {"sqlite", "pg15", "pg18", "mysql"}}  # MariaDB has no index of an expression


def examples(engine):
    text = open(os.path.join(HERE, "..", "..", "docs", "model.md"), encoding="utf-8").read()
    for match in re.finditer(r"^```yaml([^\n]*)\n(.*?)^```", text, re.M | re.S):
        lacks = any(word in match[2] and engine not in engines for word, engines in OUTSIDE.items())
        if not lacks and (not match[1].strip() or KIND[engine] in match[1]):
            yield text.count("\n", 0, match.start()) + 2, match[2]


class Database:
    """A database of its own, a new one for each example."""

    def __init__(self, engine, server, folder):
        self.client = sqlclient.of(server) if server else None
        self.admin = "postgres" if KIND[engine] == "postgresql" else "mysql"
        self.name = f"cmexamples_{os.getpid()}"
        self.url = f"{server}/{self.name}" if server else "sqlite:///" + os.path.join(folder, "app.db")
        self.run(f"create database {self.name};")

    def run(self, text):
        if self.client:
            done = self.client.run(text, self.admin)
            assert done.returncode == 0, done.stderr

    def close(self):
        self.run(f"drop database {self.name};")


def run(program, engine, server, model):
    """What went wrong, or ""."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(engine, server, folder)

        def call(*words):
            env = {k: v for k, v in os.environ.items() if not k.startswith(("CMIGRATE_", "PG"))}
            return subprocess.run([program, *words], cwd=folder, env={**env, "TEST_URL": database.url}, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)

        try:
            for name, text in (("cmigrate.yaml", 'url: "${TEST_URL}"\n'), ("schema.yaml", model)):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                    f.write(text)
            for words in (("migrate", "-m", "example"), ("upgrade",), ("check",), ("downgrade",), ("upgrade",)):
                done = call(*words)
                if done.returncode:
                    return f"{words[0]} says\n{done.stdout}\n{model}"
            return ""
        finally:
            database.close()


def main():
    program, engine = os.path.abspath(sys.argv[1]), sys.argv[2]
    server = os.environ.get(f"CMIGRATE_TEST_{engine.upper()}", "").rstrip("/")
    if engine != "sqlite" and not server:
        print(f"no server {engine}")
        return 1 if os.environ.get("CMIGRATE_TEST_REQUIRE") == "all" else 77
    done = [(line, run(program, engine, server, model)) for line, model in examples(engine)]
    faults = [f"docs/model.md:{line}: {fault}" for line, fault in done if fault]
    print("\n".join(faults) or f"{len(done)} examples")
    return 1 if faults or len(done) < 8 else 0


if __name__ == "__main__":
    sys.exit(main())
