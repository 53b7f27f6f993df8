#!/usr/bin/env python3
"""dialects: one history for SQLite, PostgreSQL and, where there is one, MySQL or MariaDB: up, check and down on each."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import sqlclient
from kit import case, main, truth

FIRST = """tables:
  person:
    columns:
      id: {type: integer, primary_key: true}
      name: {type: string(80), nullable: false}
      born: date
    indexes: {ix_person_name: [name]}
  note: {columns: {id: {type: integer, primary_key: true}, person_id: {type: integer, references: person.id}, body: text}}
"""
SECOND = FIRST.replace("string(80)", "string(120)").replace("      born: date\n", "").replace("body: text", "body: text, seen: {type: boolean, default: false, nullable: false}")
PORTABLE = SECOND.replace("ix_person_name: [name]", "ix_person_name: [name], ix_person_both: [name, id]")


def servers(t, mysql):
    """The URL of each engine's database, and where its scratch places are made: on MariaDB the database that is named for it has
    another character set."""
    urls, scratch = {"sqlite": "sqlite:///app.db", "postgresql": t.url}, {"postgresql": f"{t.server}/postgres"}
    if mysql:
        urls["mysql"], scratch["mysql"] = f"{mysql}/{t.database}", f"{mysql}/mysql"
        sqlclient.of(mysql).run(f"create database {t.database};\n", "mysql")
    return urls, scratch


def history(t, mysql):
    urls, scratch = servers(t, mysql)
    try:
        t.config(url="${DATABASE_URL:-sqlite:///app.db}", dialects=list(urls), scratch_url=scratch)
        for number, model in enumerate((FIRST, SECOND, PORTABLE)):
            t.write("schema.yaml", model)
            text = t.migrate("--rev-id", f"r{number}")
            truth("cmigrate: dialect" not in text, text)
            marked = [engine for engine in urls if f"cmigrate: upgrade ({engine})" in text]
            truth(marked == ([] if number == 2 and len(urls) == 2 else list(urls)), text)
            for url in urls.values():
                t.must("upgrade", env={"DATABASE_URL": url})
                t.must("check", "--history", env={"DATABASE_URL": url})
        truth(not t.migrate(says="No changes in schema detected"), "a revision without a difference")
        for url in urls.values():
            for back in ("r1", "r0", "base"):
                t.must("downgrade", back, env={"DATABASE_URL": url})
            t.must("upgrade", env={"DATABASE_URL": url})
            t.must("check", env={"DATABASE_URL": url})
    finally:
        for url in urls.values():
            if not url.startswith(("sqlite", "postgresql")):
                server = url.rpartition("/")[0]
                sqlclient.of(server).run(f"drop database if exists {t.database};\n", "mysql")


@case
def a_history_serves_every_engine(t):
    history(t, os.environ.get("CMIGRATE_TEST_MYSQL", "").rstrip("/"))


@case
def a_history_serves_mariadb_too(t):
    history(t, os.environ.get("CMIGRATE_TEST_MARIADB", "").rstrip("/"))


@case
def the_policy_and_json_speak_of_each_engine(t):
    t.config(url="${DATABASE_URL:-sqlite:///app.db}", dialects=["sqlite", "postgresql"], scratch_url={"postgresql": f"{t.server}/postgres"}, destructive="refuse")
    t.write("schema.yaml", FIRST)
    said = t.must("migrate", "-q", "-m", "first", "--sql", "--format", "json")
    answer = json.loads(said[said.index("{"):])
    truth([d["dialect"] for d in answer["dialects"]] == ["sqlite", "postgresql"] and answer["path"] is None, said)
    t.migrate()
    t.write("schema.yaml", SECOND)
    t.must("migrate", "-m", "less", status=2, says="born of table person")
    t.migrate("--allow-destructive")
    t.must("upgrade", status=2, says="born")
    t.must("upgrade", env={"DATABASE_URL": t.url}, status=2, says="born")


@case
def the_scratch_place_of_an_engine_must_answer(t):
    t.config(url="sqlite:///app.db", dialects=["sqlite", "postgresql"], scratch_url={"postgresql": "postgresql://127.0.0.1:1/none"})
    t.write("schema.yaml", FIRST)
    t.must("migrate", "-m", "first", status=3, says="postgresql: ")


if __name__ == "__main__":
    sys.exit(main())
