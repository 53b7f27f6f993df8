#!/usr/bin/env python3
"""The false alarms that people turn linters off for, each with the test that shows that it is not raised.

    traps.py      0 each test is there, 1 some are not
"""
import os
import sys

# the alarm that others raise; the file of tests/ that shows it absent; a text of that test
TRAPS = [
    ("a table that the same script makes", "cli/cases/lint-traps.case", "message what a script makes itself is nobody's yet"),
    ("the same, on PostgreSQL", "live/test_lint.py", '"L101 L104 L110 L109 L114 L001 L002 L006 D101"'),
    ("the same, on MySQL and MariaDB", "live/test_lint_mysql.py", "def what_is_new_is_not_dear"),
    ("the reverse: a history that is judged as a whole hides what its later revisions do", "cli/cases/lint-traps.case", "--- $ cmigrate lint --all --format json"),
    ("a rename that is read as a drop and an addition", "cli/cases/lint-traps.case", "message a rename drops nothing"),
    ("RENAME CONSTRAINT", "live/test_lint.py", "RENAME CONSTRAINT old3 TO new3"),
    ("CONCURRENTLY that is not seen", "live/test_lint.py", "!CREATE INDEX CONCURRENTLY i5 ON t5 (a)"),
    ("varchar without a limit", "live/test_lint.py", "ALTER TABLE t7 ALTER b TYPE text"),
    ("types that only get wider", "live/test_lint.py", "ALTER TABLE t7 ALTER a TYPE varchar(40)"),
    ("guards that are asked for inside a transaction", "live/test_lint.py", 'CREATE TABLE u63 (a int)", "", "T104"'),
    ("NOT NULL that a check of an earlier revision proves", "live/test_lint.py", 'ALTER TABLE t29 ALTER a SET NOT NULL", "", "L109 F102"'),
    ("indexes of partitioned tables, which cannot be built concurrently", "live/test_lint.py", 'CREATE INDEX i42 ON ONLY t42 (a)", "", "L101"'),
    ("a column that the same script fills", "live/test_lint.py", 'ALTER TABLE t62 ALTER b SET NOT NULL", "L001", "F102"'),
    ("the same, through the rebuild of SQLite", "cli/cases/lint-traps.case", "what was filled is not empty"),
    ("tables of a few rows", "cli/cases/lint-rows.case", "small_table: 3"),
    ("a rebuild of SQLite that is read as DROP TABLE", "cli/cases/lint-traps.case", '"D101", "D102", "D114"'),
    ("VALIDATE CONSTRAINT, which holds nobody up", "live/test_lint.py", 'VALIDATE CONSTRAINT c31", "", "L110 L112 L001"'),
    ("taste among the rules of safety", "cli/cases/lint-traps.case", "message taste is no safety, and is asked for by name"),
    ("one class under two names, which has to be allowed twice", "cli/cases/lint-traps.case", "message a foreign name allows each rule that has it"),
    ("no way to say that it is known", "cli/cases/lint-traps.case", "message what is known is said once, by whatever name"),
    ("sizes that only a login to production tells", "cli/cases/lint-rows.case", "--stats"),
]
tests = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
missing = []
for trap, name, text in TRAPS:
    with open(os.path.join(tests, name), encoding="utf-8") as f:
        if text not in f.read():
            missing.append(f"{trap}: {name} has no '{text}'")
print("\n".join(missing) or f"{len(TRAPS)} traps have their test")
sys.exit(1 if missing else 0)
