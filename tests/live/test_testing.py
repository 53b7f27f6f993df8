#!/usr/bin/env python3
"""cmigrate test on servers: the built-in checks, and a project's own tests, in scratch places.

    test_testing.py CMIGRATE      0 all hold, 1 some do not, 77 no server
"""
import json
import os
import re
import sys

from place import main

MODEL = """tables:
  person:
    columns:
      id: {type: integer, primary_key: true}
      name: {type: string(80), nullable: false}
      active: {type: boolean, nullable: false, default: true}
      worth: "numeric(8,2)"
    indexes: {ix_person_name: [name]}
"""
TESTS = """name: persons
steps:
- to: head
- insert: {person: [{id: 1, name: "Ada", worth: 1.5}, {id: 2, name: "it's", active: false}]}
- rows: {query: "SELECT id, name, active, worth FROM person ORDER BY id", equal: [[1, Ada, true, 1.50], [2, it's, false, ~]]}
- fails: {sql: "INSERT INTO person (id, name) VALUES (1, 'x')", with: "CODE"}
- fails: {sql: "INSERT INTO person (id) VALUES (3)"}
- none: SELECT id FROM person WHERE name IS NULL
- holds: SELECT count(*) = 2 FROM person
- plan: {sql: "SELECT * FROM person WHERE name = 'x'", uses: ix_person_name}
- mark: here
- sql: UPDATE person SET worth = 2 WHERE id = 2
- rows: {table: person, equal: [[1, Ada, true, 1.5], [2, it's, false, 2]]}
- sql: UPDATE person SET worth = NULL WHERE id = 2
- same: here
- down: 1
- fails: SELECT * FROM person
"""

ROWS = """- name: rows of a file
  steps:
  - to: head
  - insert: {person: {file: person.csv}}
  - rows: {query: "SELECT worth, id, active, name FROM person ORDER BY id", file: expected.csv}
- name: made rows
  each: [{n: 7}, {n: 30}]
  steps:
  - to: head
  - fill: {rows: 30, tables: [person]}
  - holds: SELECT count(*) = 30 AND ${x.n} IN (7, 30) FROM person
"""


def the_checks_hold_and_find_faults(p):
    p.run("create-database")
    p.write("schema.yaml", MODEL)
    p.run("migrate", "-m", "persons", "--rev-id", "aaa1")
    said = json.loads(p.run("test", "--format", "json"))
    assert said["ok"] and said["passed"] == 6 and said["skipped"] == 1, said
    (script,) = (f for f in os.listdir(os.path.join(p.folder, "migrations")) if f.endswith(".sql"))
    path = os.path.join("migrations", script)
    with open(os.path.join(p.folder, path), encoding="utf-8") as f:
        text = f.read()
    p.write(path, re.sub("DROP TABLE [^;]*;", "ALTER TABLE person DROP COLUMN worth;", text))
    said = json.loads(p.run("test", "--format", "json", "--run", "up-down-up", status=1))
    assert said["failed"] == 1 and "downgrade of aaa1" in said["tests"][0]["message"], said
    p.write(path, text)


def a_projects_own_tests_run(p):
    code = "23505" if p.engine == "postgresql" else "1062"
    p.write("migrations/tests/person.test.yaml", TESTS.replace("CODE", code))
    p.run("test", "migrations/tests")
    p.write("migrations/tests/person.test.yaml", TESTS.replace("CODE", code).replace("uses: ix_person_name", "uses: ix_other"))
    assert "the plan does not use the index ix_other" in p.run("test", "migrations/tests", status=1)


def rows_of_files_and_made_rows_go_in(p):
    p.write("migrations/tests/person.test.yaml", ROWS)
    p.write("migrations/tests/person.csv", 'id,name,worth,active\n1,"a ""b"", c",1.5,true\n2,"",,false\n')
    p.write("migrations/tests/expected.csv", 'worth,id,active,name\n1.50,1,true,"a ""b"", c"\n,2,false,""\n')
    p.run("test", "migrations/tests")


if __name__ == "__main__":
    sys.exit(main((the_checks_hold_and_find_faults, a_projects_own_tests_run, rows_of_files_and_made_rows_go_in)))
