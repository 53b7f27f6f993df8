#!/usr/bin/env python3
"""MySQL and MariaDB: lint says what the server does with a table, what a change does to values, and nothing besides.

All statements of one table below stand in one revision, each with a table {t} of its own, so that a server is asked once for many."""
import json
import os
import sys

import mykit
from mykit import case, truth

BASE = """CREATE TABLE {t} (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, a int, b int NOT NULL DEFAULT 0, s20 varchar(20), s60 varchar(60), s70 varchar(70),
  l200 varchar(200) CHARACTER SET latin1, tx text, d decimal(10,2), e enum('x','y'), st set('p','q'), u int unsigned, dt datetime, dt6 datetime(6),
  fl float, n varchar(20) NOT NULL DEFAULT 'x' COMMENT 'c', KEY ka (a), KEY kb (b), KEY ks (s20), fa int, UNIQUE KEY ab (a, b), CONSTRAINT {t}_c CHECK (u < fa))
  ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"""

HEAD = "-- cmigrate: revision {id}\n{parents}-- cmigrate: message case\n-- cmigrate: created 2026-11-30T00:00:00Z\n-- cmigrate: dialect mysql\n\n"

# statement: the classes that the server answers with (MySQL, MariaDB), as the codes that say so; "" is done at once
CLASSES = {
    "ALTER TABLE {t} ADD COLUMN x int": ("", ""),
    "ALTER TABLE {t} ADD COLUMN x int NOT NULL DEFAULT 5, ADD COLUMN y int": ("", ""),
    "ALTER TABLE {t} ADD COLUMN x int DEFAULT (3)": ("L201", ""),
    "ALTER TABLE {t} ADD COLUMN x int CHECK (x > 0)": ("L201", ""),
    "ALTER TABLE {t} ADD COLUMN x int AS (a * 2) STORED": ("L201", "L201"),
    "ALTER TABLE {t} DROP COLUMN s60": ("", ""),
    "ALTER TABLE {t} DROP COLUMN s20": ("L202", ""),
    "ALTER TABLE {t} MODIFY s60 varchar(60) AFTER id": ("L202", ""),
    "ALTER TABLE {t} MODIFY s60 varchar(63)": ("", ""),
    "ALTER TABLE {t} MODIFY s60 varchar(64)": ("L201", "L201"),
    "ALTER TABLE {t} MODIFY l200 varchar(255) CHARACTER SET latin1": ("", ""),
    "ALTER TABLE {t} MODIFY l200 varchar(256) CHARACTER SET latin1": ("L201", "L201"),
    "ALTER TABLE {t} MODIFY a bigint": ("L201", "L201"),
    "ALTER TABLE {t} MODIFY e enum('x','y','z')": ("", ""),
    "ALTER TABLE {t} MODIFY s60 varchar(60) COLLATE utf8mb4_bin": ("", ""),
    "ALTER TABLE {t} MODIFY s20 varchar(20) COLLATE utf8mb4_bin": ("L201", ""),
    "ALTER TABLE {t} ADD INDEX x (s60)": ("", ""),
    "CREATE INDEX x ON {t} (s60)": ("", ""),
    "CREATE UNIQUE INDEX x ON {t} (s60) -- the last": ("", ""),
    "CREATE FULLTEXT INDEX x ON {t} (tx)": ("L203", "L203"),
    "DROP INDEX kb ON {t}": ("", ""),
    "ALTER TABLE {t} RENAME INDEX kb TO kc": ("", ""),
    "ALTER TABLE {t} ADD CHECK (a > 0)": ("L201", "L201"),
    "ALTER TABLE {t} DROP CONSTRAINT {t}_c": ("", ""),
    "ALTER TABLE {t} FORCE": ("L202", "L202"),
    "OPTIMIZE LOCAL TABLE {t}": ("L202", "L202"),
    "ANALYZE TABLE {t}": ("", ""),
    "ALTER TABLE {t} COMMENT = 'x', AUTO_INCREMENT = 100": ("", ""),
    "ALTER TABLE {t} CONVERT TO CHARACTER SET latin1": ("L201", "L201"),
    "ALTER TABLE {t} ENGINE = MyISAM": ("L201", "L201"),
    "ALTER TABLE {t} PARTITION BY HASH (id) PARTITIONS 2": ("L208", "L208"),
    # what the statement asks for itself
    "ALTER TABLE {t} ADD INDEX x (s60), ALGORITHM=INPLACE": ("", ""),
    "ALTER TABLE {t} ADD INDEX x (s60), LOCK = NONE": ("", ""),
    "ALTER TABLE {t} ADD INDEX x (s60), LOCK=DEFAULT, ALGORITHM=DEFAULT": ("", ""),
    "ALTER TABLE {t} ADD INDEX x (s60), LOCK=SHARED": ("L203", "L203"),
    "CREATE INDEX x ON {t} (s60) LOCK=EXCLUSIVE": ("L203", "L203"),
    "ALTER TABLE {t} ADD COLUMN x int, ALGORITHM=INPLACE": ("L202", ""),
    "ALTER TABLE {t} ADD COLUMN x int, LOCK=NONE": ("", ""),
    "ALTER TABLE {t} ADD INDEX x (s60), ALGORITHM = COPY": ("L201 L205", "L201 L205"),
    "ALTER TABLE {t} ALTER COLUMN b SET DEFAULT 3, MODIFY a bigint": ("L201 L206", "L201 L206"),
    "ALTER TABLE {t} ADD COLUMN x int, ADD INDEX x (s60)": ("L202 L206", "L202 L206"),
    "ALTER TABLE {t} MODIFY a bigint, MODIFY u bigint unsigned": ("L201", "L201"),
}

# statement: codes of what it does to values and rows
VALUES = {
    "ALTER TABLE {t} MODIFY d decimal(10,1)": ("D108", "D108"),
    "ALTER TABLE {t} MODIFY d decimal(12,2)": ("", ""),
    "ALTER TABLE {t} MODIFY d decimal(8,2)": ("F106", "F106"),
    "ALTER TABLE {t} MODIFY d int": ("D108", "D108"),
    "ALTER TABLE {t} MODIFY d double": ("", ""),
    "ALTER TABLE {t} MODIFY a float": ("D108", "D108"),
    "ALTER TABLE {t} MODIFY a double": ("", ""),
    "ALTER TABLE {t} MODIFY a bigint": ("", ""),
    "ALTER TABLE {t} MODIFY a smallint": ("F106", "F106"),
    "ALTER TABLE {t} MODIFY a int unsigned": ("F106", "F106"),
    "ALTER TABLE {t} MODIFY u bigint": ("", ""),
    "ALTER TABLE {t} MODIFY dt6 datetime": ("D108 M113", "D108 M113"),
    "ALTER TABLE {t} MODIFY dt datetime(3)": ("", ""),
    "ALTER TABLE {t} MODIFY dt date": ("D108", "D108"),
    "ALTER TABLE {t} MODIFY dt timestamp NULL": ("F106", "F106"),
    "ALTER TABLE {t} MODIFY s20 varchar(10)": ("F106", "F106"),
    "ALTER TABLE {t} MODIFY s60 text": ("", ""),
    "ALTER TABLE {t} MODIFY s20 text": ("F114", ""),
    "ALTER TABLE {t} MODIFY tx varchar(100)": ("F106", "F106"),
    "ALTER TABLE {t} MODIFY tx tinytext": ("F106", "F106"),
    "ALTER TABLE {t} MODIFY s60 int": ("F106", "F106"),
    "ALTER TABLE {t} MODIFY a varchar(20)": ("", ""),
    "ALTER TABLE {t} MODIFY e enum('x')": ("D110", "D110"),
    "ALTER TABLE {t} MODIFY e enum('y','x')": ("M105", "M105"),
    "ALTER TABLE {t} MODIFY e enum('x','z','y')": ("M105", "M105"),
    "ALTER TABLE {t} MODIFY e enum('x','y','z')": ("", ""),
    "ALTER TABLE {t} MODIFY st set('q')": ("D110", "D110"),
    "ALTER TABLE {t} MODIFY e varchar(5)": ("", ""),
    "ALTER TABLE {t} MODIFY s60 varchar(60) CHARACTER SET latin1": ("D113", "D113"),
    "ALTER TABLE {t} MODIFY l200 varchar(200) CHARACTER SET utf8mb4": ("", ""),
    "ALTER TABLE {t} CONVERT TO CHARACTER SET latin1": ("D113", "D113"),
    "ALTER TABLE {t} MODIFY n varchar(30)": ("M104", "M104"),
    "ALTER TABLE {t} MODIFY n varchar(30) NOT NULL DEFAULT 'x'": ("M104", "M104"),
    "ALTER TABLE {t} CHANGE n m varchar(30) NOT NULL COMMENT 'c'": ("M104", "M104"),
    "ALTER TABLE {t} MODIFY n varchar(30) NOT NULL DEFAULT 'x' COMMENT 'c'": ("", ""),
    "ALTER TABLE {t} MODIFY n varchar(30) NULL DEFAULT NULL COMMENT 'c'": ("", ""),
    "ALTER TABLE {t} MODIFY id int": ("M104", "M104"),
    "ALTER TABLE {t} MODIFY id bigint AUTO_INCREMENT": ("", ""),
    "ALTER TABLE {t} MODIFY l200 varchar(210)": ("M104", "M104"),
    "ALTER TABLE {t} ADD COLUMN x int NOT NULL": ("M101", "M101"),
    "ALTER TABLE {t} ADD COLUMN x enum('a','b') NOT NULL": ("M101", "M101"),
    "ALTER TABLE {t} ADD COLUMN x datetime NOT NULL": ("F103", "M101"),
    "ALTER TABLE {t} ADD COLUMN x timestamp NOT NULL": ("M101", "M101"),
    "ALTER TABLE {t} ADD COLUMN x json NOT NULL": ("M101", "M101"),
    "ALTER TABLE {t} ADD COLUMN x datetime NOT NULL DEFAULT CURRENT_TIMESTAMP": ("", ""),
    "ALTER TABLE {t} ADD COLUMN x int AS (a + 1) VIRTUAL NOT NULL": ("", ""),
    "ALTER TABLE {t} DROP COLUMN b": ("F116", "F116"),
    "ALTER TABLE {t} DROP COLUMN b, DROP INDEX ab": ("", ""),
    "ALTER TABLE {t} DROP COLUMN u": ("F111", "F111"),
    "ALTER TABLE {t} ADD INDEX x (tx)": ("F114", ""),
    "ALTER TABLE {t} ADD COLUMN w varchar(20000)": ("F114", "F114"),
    "ALTER TABLE {t} PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (10))": ("F108", "F108"),
    "ALTER TABLE {t} PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (10), PARTITION q VALUES LESS THAN MAXVALUE)": ("", ""),
    "UPDATE {t} SET a = 1 WHERE a IS NULL": ("", ""),
}


def project(t, revisions):
    """One script per list of statements; their tables are in the first."""
    t.fresh()
    t.write("schema.yaml", "tables: {}\n")
    for i, statements in enumerate(revisions):
        parents = f"-- cmigrate: parents {i:012x}\n" if i else ""
        text = HEAD.format(id=f"{i + 1:012x}", parents=parents) + "-- cmigrate: upgrade\n" + "\n".join(s + "\n;" for s in statements) + "\n\n-- cmigrate: downgrade\n"
        t.write(f"migrations/{i + 1}_{i + 1:012x}_case.sql", text)


def findings(t, *rules):
    t.config(lint={"rules": {rule: "warning" for rule in rules}})
    code, out, err = t.run("lint", "--latest", "1", "--format", "json", "--fail-on", "never")
    truth(code == 0, f"lint: exit {code}\n{out}{err}")
    return [f for f in json.loads(out)["findings"] if f["code"] in rules]


def compare(t, table, *rules):
    names = [f"t{i:02d}" for i in range(len(table))]
    project(t, [[BASE.format(t=n) for n in names], [s.format(t=n) for s, n in zip(table, names)]])
    found = findings(t, *rules)
    wrong = []
    for i, (statement, expected) in enumerate(table.items(), 1):
        want = set(expected[t.name == "mariadb"].split())
        have = {f["code"] for f in found if f["statement"] == i}
        if want != have:
            wrong.append(f"{statement}: {sorted(have)}, not {sorted(want)}")
    truth(not wrong, "\n".join(wrong))
    return found


@case
def the_class_is_what_the_server_accepts(t):
    found = compare(t, CLASSES, "L201", "L202", "L203", "L205", "L206", "L208")
    first = next(f for f in found if f["code"] == "L201")
    truth(first["fact"]["algorithm"] == "COPY" and first["fact"]["measured"] and first["fact"]["rewrites"], first)


@case
def a_prepared_statement_is_judged_by_its_text(t):
    project(t, [[BASE.format(t="t00"), BASE.format(t="t01")],
                ["PREPARE later FROM 'ALTER TABLE t00 MODIFY a bigint'", "EXECUTE later", "DEALLOCATE PREPARE later",
                 "SET @later = CONCAT('ALTER TABLE t01 ', 'FORCE')", "PREPARE later FROM @later", "EXECUTE later"]])
    found = {(f["code"], f["table"], f["statement"]) for f in findings(t, "L201", "L202", "X103")}
    truth(found == {("L201", "t00", 2), ("L202", "t01", 6)}, found)
    project(t, [[BASE.format(t="t00")],
                ["PREPARE later FROM 'UPDATE t00 SET a = ? WHERE id > ? LIMIT ?'", "SET @a = 'x?', @b = 5", "EXECUTE later USING @b, @b, @b",
                 "PREPARE later FROM 'DELETE FROM t00'", "EXECUTE later", "PREPARE later FROM 'UPDATE t00 SET s60 = ?'", "EXECUTE later USING @a"]])
    found = {(f["code"], f["table"], f["statement"]) for f in findings(t, "D107", "L005", "X103")}
    truth(found == {("D107", "t00", 5), ("L005", "t00", 5), ("L005", "t00", 7)}, found)


@case
def each_table_of_an_optimize_is_judged(t):
    project(t, [[BASE.format(t="t00"), BASE.format(t="t01")],
                ["CREATE TABLE t02 (id int PRIMARY KEY)", "OPTIMIZE LOCAL TABLE t00, `t01`, t02", "ANALYZE TABLE t00, t01"]])
    found = sorted((f["code"], f["table"], f["statement"]) for f in findings(t, "L201", "L202", "L203", "X103"))
    truth(found == [("L202", "t00", 2), ("L202", "t01", 2)], found)


# columns keep their collation when the table's default changes; a temporary table commits nothing; nobody chose the name PRIMARY
BESIDES = {
    "ALTER TABLE {t} DEFAULT COLLATE utf8mb4_bin": ("", ""),
    "ALTER TABLE {t} MODIFY s60 varchar(60) COLLATE utf8mb4_bin": ("M112", "M112"),
    "ALTER TABLE {t} ENGINE=MyISAM": ("S501", "S501"),
    "UPDATE {t} SET a = 1 WHERE a IS NULL": ("", ""),
    "DELETE FROM {t} ORDER BY id": ("D107", "D107"),
    "DELETE x FROM {t} AS x JOIN {t} AS o ON x.id = o.a": ("", ""),
    "CREATE TEMPORARY TABLE {t}_copy (id int)": ("", ""),
    "CREATE TABLE {t}_copy (id int PRIMARY KEY)": ("T103", "T103"),
    "CREATE TABLE {t}_other (id int PRIMARY KEY, Aa int)": ("N103 T103", "N103 T103"),
    "RENAME TABLE {t}_copy TO {t}_new, {t} TO {t}_old": ("B101 T103", "B101 T103"),
    "DROP TABLES IF EXISTS {t}_nothing, {t}": ("D101 T103", "D101 T103"),
}


@case
def collations_engines_and_names(t):
    compare(t, BESIDES, "M112", "S501", "T103", "N103", "B101", "D101", "D107")


@case
def values_and_rows(t):
    compare(t, VALUES, "D108", "D110", "D113", "F103", "F106", "F108", "F111", "F114", "F116", "M101", "M104", "M105", "M110", "M113")


@case
def values_that_leave_a_list_of_partitions(t):
    """REORGANIZE PARTITION deletes the rows of a value that no new partition names, on both servers."""
    before = ["CREATE TABLE a (y int) PARTITION BY LIST (y) (PARTITION p VALUES IN (1, 2), PARTITION q VALUES IN (3), PARTITION r VALUES IN (NULL))",
              "CREATE TABLE r (y int) PARTITION BY RANGE (y) (PARTITION p VALUES LESS THAN (10), PARTITION q VALUES LESS THAN (20))",
              "CREATE TABLE c (y varchar(9), z int) PARTITION BY LIST COLUMNS (y, z) (PARTITION p VALUES IN (('a', 1), ('b', 2)), PARTITION q VALUES IN (('c,d', 3)))"]
    for change, loses in (("ALTER TABLE a REORGANIZE PARTITION p INTO (PARTITION p VALUES IN (1))", True),
                          ("ALTER TABLE a REORGANIZE PARTITION p, q INTO (PARTITION p VALUES IN (3, 1))", True),
                          ("ALTER TABLE a REORGANIZE PARTITION r INTO (PARTITION r VALUES IN (7))", True),
                          ("ALTER TABLE c REORGANIZE PARTITION p INTO (PARTITION p VALUES IN (('b', 2)))", True),
                          ("ALTER TABLE a DROP PARTITION p", True), ("ALTER TABLE a TRUNCATE PARTITION p", True), ("ALTER TABLE r DROP PARTITION q", True),
                          ("ALTER TABLE a REORGANIZE PARTITION p INTO (PARTITION p1 VALUES IN (1), PARTITION p2 VALUES IN (2, 4))", False),
                          ("ALTER TABLE a REORGANIZE PARTITION p, q, r INTO (PARTITION p VALUES IN (NULL, 3, 2, 1))", False),
                          ("ALTER TABLE c REORGANIZE PARTITION p, q INTO (PARTITION p VALUES IN (('c,d', 3), ('b', 2), ('a', 1)))", False),
                          ("ALTER TABLE r REORGANIZE PARTITION p, q INTO (PARTITION p VALUES LESS THAN (20))", False),
                          ("ALTER TABLE r REORGANIZE PARTITION q INTO (PARTITION q VALUES LESS THAN MAXVALUE)", False),
                          ("ALTER TABLE a ADD PARTITION (PARTITION s VALUES IN (9))", False)):
        project(t, [before, [change]])
        found = findings(t, "D109")
        truth(len(found) == loses, f"{change}: {found}")
    project(t, [before, ["CREATE TABLE n (y int) PARTITION BY LIST (y) (PARTITION p VALUES IN (1, 2))", "ALTER TABLE n REORGANIZE PARTITION p INTO (PARTITION p VALUES IN (1))"]])
    truth(not findings(t, "D109"), "the table is new")


@case
def partitions_for_the_rest_on_mariadb(t):
    """Rows stay in the partition DEFAULT when one for their value is added, and no query for the value finds them."""
    if t.name != "mariadb":
        return
    project(t, [["CREATE TABLE a (y int) PARTITION BY LIST (y) (PARTITION p VALUES IN (1, 2), PARTITION d DEFAULT)"],
                ["ALTER TABLE a ADD PARTITION (PARTITION q VALUES IN (3))", "ALTER TABLE a REORGANIZE PARTITION p INTO (PARTITION p VALUES IN (1))"]])
    found = [f["statement"] for f in findings(t, "D109")]
    truth(found == [1], found)


@case
def rows_in_the_way_hide_no_cost(t):
    """A statement that rows of the history refuse is judged as on an empty table."""
    project(t, [["CREATE TABLE a (id int PRIMARY KEY, s varchar(20))", "INSERT INTO a VALUES (1, 'abcdefgh'), (2, 'abcdefgh')"],
                ["ALTER TABLE a MODIFY s varchar(5)", "CREATE UNIQUE INDEX u ON a (s)", "ALTER TABLE a ADD COLUMN x int"]])
    codes = {f["code"] for f in findings(t, "F101", "F106", "L201", "F104")}
    truth(codes == {"F101", "F106", "L201"}, codes)


@case
def a_view_that_breaks(t):
    before = ["CREATE TABLE c (id int PRIMARY KEY, city varchar(20), zip int)", "CREATE VIEW v AS SELECT city FROM c", "CREATE VIEW w AS SELECT zip FROM c"]
    for change, broken in (("ALTER TABLE c RENAME COLUMN city TO town", 1), ("ALTER TABLE c DROP COLUMN city", 1), ("RENAME TABLE c TO d", 2),
                           ("DROP TABLE c", 2), ("ALTER TABLE c ADD COLUMN x int", 0)):
        project(t, [before, [change]])
        found = findings(t, "B113")
        truth(len(found) == broken, f"{change}: {found}")
    project(t, [before, ["ALTER TABLE c RENAME COLUMN city TO town", "CREATE OR REPLACE VIEW v AS SELECT town AS city FROM c"]])
    truth(not findings(t, "B113"), "the view is replaced in the same section")


@case
def what_is_new_is_not_dear(t):
    project(t, [["CREATE TABLE old (id int PRIMARY KEY)"],
                ["CREATE TABLE a (id int PRIMARY KEY, b int, c enum('x','y'))", "ALTER TABLE a MODIFY b bigint", "ALTER TABLE a MODIFY c enum('x')",
                 "ALTER TABLE a ADD COLUMN d int NOT NULL", "ALTER TABLE a ADD FULLTEXT f (t)", "ALTER TABLE old ADD COLUMN n int", "ALTER TABLE old DROP COLUMN n"]])
    found = findings(t, "L201", "L202", "L203", "L204", "D110", "M101", "M104", "L210")
    truth({f["code"] for f in found} <= {"L204"} and all(f["table"] == "old" for f in found), found)


@case
def columns_that_follow_updates(t):
    project(t, [["CREATE TABLE a (id int PRIMARY KEY, n int, changed timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)"],
                ["UPDATE a SET n = 1 WHERE changed = '2024-01-01'", "UPDATE a SET n = 1, changed = changed", "ALTER TABLE a MODIFY changed timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP"]])
    found = [(f["code"], f["statement"]) for f in findings(t, "M110", "M104")]
    truth(sorted(found) == [("M104", 3), ("M110", 1)], found)


@case
def what_production_runs(t):
    """`lint.versions` decides about what the version of the scratch server does not do any more."""
    project(t, [["CREATE TABLE a (id int PRIMARY KEY)"], ["CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a (id))", "CREATE TABLE c (a_id int, FOREIGN KEY (a_id) REFERENCES a (id))"]])
    truth(not findings(t, "M102"), "the server makes a key")
    t.config(lint={"versions": {"mysql": "8.4", "mariadb": "10.4"}})
    code, out, err = t.run("lint", "--latest", "1", "--format", "json", "--fail-on", "never")
    found = [f["statement"] for f in json.loads(out)["findings"] if f["code"] == "M102"]
    truth(found == [1], out + err)


@case
def schemas(t):
    project(t, [["CREATE TABLE old (id int PRIMARY KEY)"],
                ["CREATE TABLE a (id int(11) PRIMARY KEY, f tinyint(1), z int(5) zerofill, s varchar(9) CHARACTER SET latin1)",
                 "CREATE TABLE g (id int PRIMARY KEY, g geometry NOT NULL, SPATIAL INDEX sg (g))",
                 "CREATE FUNCTION f1() RETURNS int DETERMINISTIC RETURN 1"]])
    found = sorted((f["code"], f["statement"]) for f in findings(t, "S312", "S503", "S506", "S507"))
    want = [("S503", 1), ("S506", 3)] + ([("S312", 1), ("S507", 2)] if t.name == "mysql" else [])
    truth(found == sorted(want), found)


@case
def indexes_that_were_hidden(t):
    hide = "IGNORED" if t.name == "mariadb" else "INVISIBLE"
    project(t, [["CREATE TABLE a (id int PRIMARY KEY, x int, y int, KEY kx (x), KEY ky (y))", f"ALTER TABLE a ALTER INDEX kx {hide}"],
                ["DROP INDEX kx ON a", "ALTER TABLE a DROP KEY ky"]])
    truth([f["statement"] for f in findings(t, "L207")] == [2], "L207")


@case
def work_that_one_statement_could_do(t):
    project(t, [["CREATE TABLE a (id int PRIMARY KEY, x int, y int)", "CREATE TABLE b (id int PRIMARY KEY, x int, y int)", "CREATE TABLE c (id int PRIMARY KEY)"],
                ["ALTER TABLE a MODIFY x bigint", "ALTER TABLE a MODIFY y bigint", "ALTER TABLE b ADD INDEX bx (x)", "ALTER TABLE b ADD INDEX byy (y)",
                 "ALTER TABLE c ADD COLUMN x int", "ALTER TABLE c ADD COLUMN y int", "ALTER TABLE c RENAME COLUMN y TO z"]])
    truth([f["statement"] for f in findings(t, "L006")] == [2, 4], "L006")
    truth([f["table"] for f in findings(t, "L210")] == ["a", "a"], "L210")
    truth([f["table"] for f in findings(t, "L003")] == ["a"], "the first statement waits for its lock")
    asked = [f["statement"] for f in findings(t, "L204")]
    truth(asked == [1, 2, 3, 4, 5, 6, 7], asked)


@case
def settings_that_are_put_back(t):
    project(t, [["CREATE TABLE a (id int PRIMARY KEY)"],
                ["SET SESSION foreign_key_checks = 0", "ALTER TABLE a ADD COLUMN b int", "SET SESSION foreign_key_checks = 1", "SET @old = @@unique_checks",
                 "SET unique_checks = 0", "SET unique_checks = @old", "SET sql_mode = ''"]])
    truth([f["statement"] for f in findings(t, "T105")] == [7], "T105")


@case
def row_versions(t):
    """MySQL rebuilds the table of the 256th instant change: the database says so before."""
    if t.name == "mariadb":
        return
    changes = [s for i in range(105) for s in (f"ALTER TABLE a ADD COLUMN c{i} int", f"ALTER TABLE a DROP COLUMN c{i}")]
    project(t, [["CREATE TABLE a (id int PRIMARY KEY)", "INSERT INTO a VALUES (1)"] + changes, ["ALTER TABLE a ADD COLUMN x int"]])
    t.must("upgrade", "000000000001")
    code, out, err = t.run("lint", "--pending", "--format", "json")
    found = [f for f in json.loads(out)["findings"] if f["code"] == "L209"]
    truth(len(found) == 1 and "210 of" in found[0]["message"], out + err)


sys.exit(mykit.main())
