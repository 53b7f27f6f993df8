#!/usr/bin/env python3
"""Lint on a server: what the rules find, and what they leave alone. One history holds all cases, each in two revisions:
what is there before, and what is judged; one run of lint judges them all."""
import json
import sys

from kit import Failed, case, main, truth

# what is there before; what is judged; codes that must be found; codes that must not
TRAPS = [
    # a new table, in the same script
    ("", "CREATE TABLE t1 (a int); CREATE INDEX i1 ON t1 (a); ALTER TABLE t1 ALTER a TYPE bigint;"
     " ALTER TABLE t1 ADD CONSTRAINT c1 CHECK (a > 0); ALTER TABLE t1 ALTER a SET NOT NULL; ALTER TABLE t1 ADD PRIMARY KEY (a)",
     "", "L101 L104 L110 L109 L114 L001 L002 L006 D101"),
    ("CREATE TABLE t2 (a int)", "CREATE INDEX i2 ON t2 (a)", "L101", ""),
    # a rename is no drop
    ("CREATE TABLE t3 (a int, CONSTRAINT old3 CHECK (a > 0))", "ALTER TABLE t3 RENAME CONSTRAINT old3 TO new3", "", "D102 L110 F104"),
    ("CREATE TABLE t4 (a int)", "ALTER TABLE t4 RENAME a TO b", "B102", "D102 B105"),
    # CONCURRENTLY
    ("CREATE TABLE t5 (a int)", "!CREATE INDEX CONCURRENTLY i5 ON t5 (a); DROP INDEX CONCURRENTLY i5", "", "L101 L102 T101"),
    ("CREATE TABLE t6 (a int)", "!CREATE INDEX i6 ON t6 (a)", "L101", ""),
    # types that rewrite nothing, and those that do
    ("CREATE TABLE t7 (a varchar(20), b varchar, c numeric(10,2), d timestamp(3), e cidr, f varbit(4), g text)",
     "ALTER TABLE t7 ALTER a TYPE varchar(40); ALTER TABLE t7 ALTER a TYPE text; ALTER TABLE t7 ALTER b TYPE text;"
     " ALTER TABLE t7 ALTER c TYPE numeric(12,2); ALTER TABLE t7 ALTER c TYPE numeric; ALTER TABLE t7 ALTER d TYPE timestamp;"
     " ALTER TABLE t7 ALTER e TYPE inet; ALTER TABLE t7 ALTER f TYPE varbit(9); ALTER TABLE t7 ALTER g TYPE varchar", "", "L104 F106 D108 L006"),
    ("CREATE TABLE t8 (a int)", "ALTER TABLE t8 ALTER a TYPE bigint", "L104", "F106 D108 L110"),
    ("CREATE TABLE t9 (a bigint)", "ALTER TABLE t9 ALTER a TYPE int", "L104 F106", "D108"),
    ("CREATE TABLE t10 (a numeric(10,2), b timestamp)", "ALTER TABLE t10 ALTER a TYPE numeric(10,0), ALTER b TYPE timestamp(0)",
     "D108 L104", "F106"),
    ("CREATE TABLE t11 (a text)", "ALTER TABLE t11 ALTER a TYPE int USING a::int", "F107 L104", ""),
    ("CREATE TABLE t12 (a varchar(9), CHECK (a <> ''))", "ALTER TABLE t12 ALTER a TYPE varchar(12)", "L110", "L104"),
    ("CREATE TABLE t13 (a timestamp)", "ALTER TABLE t13 ALTER a TYPE timestamptz", "M103", ""),
    ("CREATE TABLE t14 (a timestamp)", "SET LOCAL timezone = 'UTC'; ALTER TABLE t14 ALTER a TYPE timestamptz", "", "M103 L104"),
    ("CREATE TABLE t15 (a text COLLATE \"C\"); CREATE INDEX i15 ON t15 (a)", "ALTER TABLE t15 ALTER a TYPE text COLLATE \"POSIX\"", "", "L104"),
    ("CREATE TABLE t16 (a text); CREATE INDEX i16 ON t16 (a)", "ALTER TABLE t16 ALTER a TYPE text COLLATE \"C\"", "L124", "L104"),
    # defaults and new columns
    ("CREATE TABLE t17 (a int)", "ALTER TABLE t17 ADD b timestamptz DEFAULT now(); ALTER TABLE t17 ADD c int DEFAULT 3", "", "L105 L106 L006"),
    ("CREATE TABLE t18 (a int)", "ALTER TABLE t18 ADD b uuid DEFAULT gen_random_uuid()", "L105", "L106 L108"),
    ("CREATE TABLE t19 (a int)", "ALTER TABLE t19 ADD b int GENERATED ALWAYS AS (a + 1) STORED", "L106", "L105 L108"),
    ("CREATE TABLE t20 (a int)", "ALTER TABLE t20 ADD b int GENERATED ALWAYS AS IDENTITY", "L106", "L105"),
    ("CREATE TABLE t21 (a int); CREATE DOMAIN d21 AS int CHECK (value > 0)", "ALTER TABLE t21 ADD b d21", "L107", "L105"),
    ("CREATE TABLE t22 (a int); CREATE DOMAIN d22 AS int", "ALTER TABLE t22 ADD b d22", "", "L107 L108"),
    ("CREATE DOMAIN d23 AS int; CREATE TABLE t23 (a d23)", "ALTER DOMAIN d23 ADD CHECK (value > 0)", "L122", ""),
    ("CREATE DOMAIN d24 AS int; CREATE TABLE t24 (a d24)", "ALTER DOMAIN d24 ADD CHECK (value > 0) NOT VALID", "", "L122"),
    ("CREATE TABLE t25 (a int)", "ALTER TABLE t25 SET UNLOGGED", "L108", ""),
    ("CREATE TABLE t26 (a int)", "!VACUUM FULL t26", "L108", "T101"),
    ("CREATE TABLE t27 (a int)", "!VACUUM (FULL false) t27; VACUUM t27", "", "L108"),
    # NOT NULL, checks and keys: what is proved already is not read
    ("CREATE TABLE t28 (a int)", "ALTER TABLE t28 ALTER a SET NOT NULL", "L109 F102", ""),
    ("CREATE TABLE t29 (a int, CONSTRAINT nn29 CHECK (a IS NOT NULL))", "ALTER TABLE t29 ALTER a SET NOT NULL", "", "L109 F102"),
    ("CREATE TABLE t30 (a int)", "ALTER TABLE t30 ADD CONSTRAINT c30 CHECK (a > 0) NOT VALID", "B114", "L110 F104"),
    ("CREATE TABLE t31 (a int, CONSTRAINT c31 CHECK (a > 0) NOT VALID)", "ALTER TABLE t31 VALIDATE CONSTRAINT c31", "", "L110 L112 L001"),
    ("CREATE TABLE t32 (a int)",
     "ALTER TABLE t32 ADD CONSTRAINT c32 CHECK (a > 0) NOT VALID; ALTER TABLE t32 VALIDATE CONSTRAINT c32", "L112", "L110"),
    ("CREATE TABLE t33 (a int PRIMARY KEY); CREATE TABLE u33 (b int)", "ALTER TABLE u33 ADD FOREIGN KEY (b) REFERENCES t33", "L111 L123", ""),
    ("CREATE TABLE t34 (a int PRIMARY KEY); CREATE TABLE u34 (b int)", "ALTER TABLE u34 ADD FOREIGN KEY (b) REFERENCES t34 NOT VALID",
     "L123", "L111 F105"),
    ("CREATE TABLE t35 (a int PRIMARY KEY); CREATE TABLE u35 (c int)", "ALTER TABLE u35 ADD b int REFERENCES t35", "L123", "L111 F105"),
    ("CREATE TABLE t36 (a int PRIMARY KEY)", "CREATE TABLE u36 (b int REFERENCES t36)", "L123", "L111 F105 L002"),
    ("CREATE TABLE t37 (a int PRIMARY KEY); CREATE TABLE u37 (b int CONSTRAINT k37 REFERENCES t37)", "ALTER TABLE u37 DROP CONSTRAINT k37", "L119", ""),
    ("CREATE TABLE t38 (a int)", "ALTER TABLE t38 ADD UNIQUE (a)", "L113 F101", ""),
    ("CREATE TABLE t39 (a int); CREATE UNIQUE INDEX k39 ON t39 (a)", "ALTER TABLE t39 ADD CONSTRAINT k39 UNIQUE USING INDEX k39", "", "L113 F101"),
    ("CREATE TABLE t40 (a int)", "ALTER TABLE t40 ADD PRIMARY KEY (a)", "L114 L109", "L113"),
    ("CREATE TABLE t41 (a int4range)", "ALTER TABLE t41 ADD EXCLUDE USING gist (a WITH &&)", "L115", ""),
    # partitions
    ("CREATE TABLE t42 (a int) PARTITION BY RANGE (a)", "CREATE INDEX i42 ON ONLY t42 (a)", "", "L101"),
    ("CREATE TABLE t43 (a int) PARTITION BY RANGE (a); CREATE TABLE u43 (a int)",
     "ALTER TABLE t43 ATTACH PARTITION u43 FOR VALUES FROM (0) TO (9)", "L116 F108", "L118"),
    ("CREATE TABLE t44 (a int NOT NULL) PARTITION BY RANGE (a); CREATE TABLE u44 (a int NOT NULL, CHECK (a >= 0 AND a < 9))",
     "ALTER TABLE t44 ATTACH PARTITION u44 FOR VALUES FROM (0) TO (9)", "", "L116 F108"),
    ("CREATE TABLE t45 (a int) PARTITION BY RANGE (a); CREATE TABLE u45 PARTITION OF t45 DEFAULT",
     "CREATE TABLE v45 PARTITION OF t45 FOR VALUES FROM (0) TO (9)", "L118", ""),
    ("CREATE TABLE t46 (a int) PARTITION BY RANGE (a)", "CREATE TABLE v46 PARTITION OF t46 FOR VALUES FROM (0) TO (9)", "", "L118 L116 F108"),
    ("CREATE TABLE t47 (a int) PARTITION BY RANGE (a); CREATE TABLE v47 PARTITION OF t47 FOR VALUES FROM (0) TO (9)",
     "ALTER TABLE t47 DETACH PARTITION v47", "L117", ""),
    ("CREATE TABLE t47b (a int NOT NULL, b text NOT NULL) PARTITION BY RANGE (a); CREATE TABLE v47b PARTITION OF t47b FOR VALUES FROM (0) TO (9)",
     "ALTER TABLE t47b DETACH PARTITION v47b", "L117", "F103 B105 T101 T102"),
    ("CREATE TABLE t47c (a int NOT NULL); CREATE TABLE v47c (b int) INHERITS (t47c)", "ALTER TABLE v47c NO INHERIT t47c", "", "F103 B105"),
    ("CREATE TABLE t47d (a int NOT NULL); CREATE TABLE v47d () INHERITS (t47d)", "ALTER TABLE v47d ADD b int NOT NULL", "F103 B105", ""),
    ("CREATE TABLE t47f (a int)", "CREATE SCHEMA cmigrate_old; ALTER TABLE t47f SET SCHEMA cmigrate_old; ALTER TABLE cmigrate_old.t47f SET SCHEMA public; "
     "DROP SCHEMA cmigrate_old", "", "D103"),
    ("CREATE TABLE t47e (a serial PRIMARY KEY)", "ALTER TABLE t47e ALTER a TYPE smallint; ALTER SEQUENCE t47e_a_seq AS smallint", "F106", "B107"),
    ("CREATE TABLE t48 (a int) PARTITION BY RANGE (a); CREATE TABLE v48 PARTITION OF t48 FOR VALUES FROM (0) TO (9)",
     "!ALTER TABLE t48 DETACH PARTITION v48 CONCURRENTLY", "", "L117"),
    # rows in the same transaction; several statements of one table
    ("CREATE TABLE t49 (id int PRIMARY KEY, a int)", "ALTER TABLE t49 ADD b int; UPDATE t49 SET b = a", "L001 L004 L005", ""),
    ("CREATE TABLE t50 (id int PRIMARY KEY, a int)", "UPDATE t50 SET a = 1 WHERE id BETWEEN 1 AND 1000", "", "L004 L005 L001"),
    ("CREATE TABLE t51 (a int, b int)", "ALTER TABLE t51 ALTER a TYPE bigint; ALTER TABLE t51 ALTER b TYPE bigint", "L006", ""),
    ("CREATE TABLE t52 (a int, b int)", "ALTER TABLE t52 ALTER a TYPE bigint, ALTER b TYPE bigint", "L104", "L006"),
    ("CREATE TABLE t52f (a int, b int); CREATE TABLE t52p (id int PRIMARY KEY)", "ALTER TABLE t52f ALTER b TYPE bigint;"
     " ALTER TABLE t52f ADD CONSTRAINT f52 FOREIGN KEY (a) REFERENCES t52p", "L104 L111", "L006"),
    ("CREATE TABLE t53 (a int); CREATE TABLE u53 (a int)", "ALTER TABLE t53 ADD b int; ALTER TABLE u53 ADD b int", "L002", "L001"),
    # views, indexes
    ("CREATE TABLE t54 (a int); CREATE MATERIALIZED VIEW m54 AS SELECT a FROM t54", "REFRESH MATERIALIZED VIEW m54", "L120", "L108"),
    ("CREATE TABLE t55 (a int); CREATE INDEX i55 ON t55 (a)", "DROP INDEX i55", "L102", ""),
    ("CREATE TABLE t56 (a int); CREATE INDEX i56 ON t56 (a)", "REINDEX TABLE t56", "L103", "L108"),
    # meaning
    ("CREATE TABLE t57 (a int)", "ALTER TABLE t57 ADD b timestamp DEFAULT 'now'; ALTER TABLE t57 ADD c date DEFAULT 'today'::date", "M108", ""),
    ("CREATE TABLE t58 (a int)", "ALTER TABLE t58 ADD b text DEFAULT 'now'; ALTER TABLE t58 ADD c timestamp DEFAULT now()", "", "M108"),
    ("CREATE TYPE e59 AS ENUM ('a', 'b', 'c'); CREATE TABLE t59 (a e59)",
     "ALTER TYPE e59 RENAME TO o59; CREATE TYPE e59 AS ENUM ('b', 'a'); ALTER TABLE t59 ALTER a TYPE e59 USING a::text::e59; DROP TYPE o59",
     "D110 M105 F107", ""),
    ("CREATE TYPE e60 AS ENUM ('a', 'b')", "ALTER TYPE e60 ADD VALUE 'c' BEFORE 'a'; ALTER TYPE e60 RENAME VALUE 'b' TO 'd'", "", "D110 M105"),
    # filled before it is required; a guard is asked for only where nothing is rolled back
    ("CREATE TABLE t62 (id int PRIMARY KEY, a int)", "ALTER TABLE t62 ADD b int; UPDATE t62 SET b = 0; ALTER TABLE t62 ALTER b SET NOT NULL", "L001", "F102"),
    ("CREATE TABLE t63 (a int)", "ALTER TABLE t63 ADD b int; CREATE TABLE u63 (a int)", "", "T104"),
    ("CREATE TABLE t64 (a int)", "!CREATE INDEX CONCURRENTLY i64 ON t64 (a)", "T104", "L101"),
    # a table is not new because of its name
    ("CREATE TABLE t65 (a int PRIMARY KEY); CREATE TABLE u65 (b int REFERENCES t65)", "ALTER TABLE u65 RENAME TO v65; ALTER TABLE v65 RENAME b TO c",
     "B101 B102", "S102 S101 D101 D102"),
    # what the script made itself, and what it puts back, is nobody's loss
    ("", "CREATE TABLE t66 (a int); CREATE VIEW v66 AS SELECT a FROM t66; DROP TABLE t66 CASCADE", "", "D111 B108"),
    ("CREATE TABLE t67 (a int); CREATE VIEW v67 AS SELECT a FROM t67", "DROP TABLE t67 CASCADE", "D111 D101", ""),
    ("", "CREATE SCHEMA s68; ALTER SCHEMA s68 RENAME TO r68", "", "B103"),
    ("CREATE SCHEMA s69", "ALTER SCHEMA s69 RENAME TO r69", "B103", ""),
    ("CREATE TABLE t70 (a int, b int)",
     "ALTER TABLE t70 RENAME TO r70; ALTER TABLE r70 RENAME a TO c; CREATE VIEW t70 AS SELECT c AS a, b FROM r70", "", "B101 B102"),
    ("CREATE TABLE t71 (a int, b int)", "ALTER TABLE t71 RENAME TO r71; ALTER TABLE r71 RENAME a TO c; CREATE VIEW t71 AS SELECT * FROM r71",
     "B102", "B101"),
    ("CREATE FUNCTION f72(a int, b text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
     "DROP FUNCTION f72(int, text); CREATE FUNCTION f72(a integer, b text) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'", "", "B108"),
    ("CREATE FUNCTION f174(a int) RETURNS int LANGUAGE sql AS 'SELECT a'",
     "DROP FUNCTION f174(int); CREATE FUNCTION f174(a int, b numeric(9,2) DEFAULT 0) RETURNS int LANGUAGE sql AS 'SELECT a'", "", "B108"),
    ("CREATE FUNCTION f176(a int) RETURNS int LANGUAGE sql AS 'SELECT a'",
     "DROP FUNCTION f176(int); CREATE FUNCTION f176(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT a'", "B108", ""),
    ("", 'CREATE TABLE "order" (id int PRIMARY KEY)', "N102", ""),
    ("CREATE FUNCTION f73(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
     "DROP FUNCTION f73(int); CREATE FUNCTION f73() RETURNS int LANGUAGE sql AS 'SELECT 1'", "B108", ""),
    ("", "CREATE FUNCTION f74() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; ALTER FUNCTION f74() SET search_path = ''", "", "S603"),
    ("", "CREATE FUNCTION f75() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; ALTER FUNCTION f75() SET work_mem = '8MB'", "S603", ""),
    # what a block does is seen, too
    ("CREATE TABLE t61 (a int)", "DO $$ BEGIN EXECUTE 'ALTER TABLE t61 ALTER a TYPE bigint'; END $$", "L104", "L108"),
    ("CREATE TABLE t76 (a int)", "DO $$ BEGIN CREATE INDEX i76 ON t76 (a); END $$", "L101", ""),
    ("", "DO $$ BEGIN CREATE TABLE t77 (a int); CREATE INDEX i77 ON t77 (a); END $$", "", "L101"),
    # what a part of the statement does
    ("CREATE TABLE t78 (a int)", "WITH d AS (DELETE FROM t78 RETURNING a) SELECT count(*) FROM d", "D107", ""),
    ("CREATE TABLE t79 (a int)", "WITH d AS (DELETE FROM t79 WHERE a > 1 RETURNING a) SELECT count(*) FROM d", "", "D107"),
    ("CREATE TABLE t80 (id int, m text NOT NULL, CONSTRAINT k80 PRIMARY KEY (id))",
     "ALTER TABLE t80 DROP CONSTRAINT k80, ADD CONSTRAINT k80 PRIMARY KEY (id, m)", "B111 L114", ""),
    ("CREATE TABLE t81 (id int NOT NULL, a int) PARTITION BY RANGE (id); CREATE TABLE p81 PARTITION OF t81 FOR VALUES FROM (0) TO (9)",
     "ALTER TABLE t81 ADD CONSTRAINT c81 CHECK (a > 0)", "L110", ""),
    ("CREATE TABLE t82 (a int)", "ALTER TABLE t82 ADD COLUMN IF NOT EXISTS a bigint", "M107", ""),
    ("CREATE TABLE t83 (a int)", "ALTER TABLE t83 ADD COLUMN IF NOT EXISTS b bigint", "", "M107"),
    ("CREATE TABLE t84 (a int); ALTER TABLE t84 ADD CONSTRAINT c84 CHECK (a > 0) NOT VALID", "ALTER TABLE t84 VALIDATE CONSTRAINT c84", "F104", ""),
    ("CREATE TABLE t85 (a int); ALTER TABLE t85 ADD CONSTRAINT c85 CHECK (a > 0) NOT VALID",
     "UPDATE t85 SET a = 1 WHERE a <= 0; ALTER TABLE t85 VALIDATE CONSTRAINT c85", "", "F104"),
    ("CREATE TABLE t86 (a int)", "!ALTER TABLE t86 ADD b int; CREATE TABLE u86 (a int)", "T104", ""),
    ("CREATE TABLE t87 (a int)", "!ALTER TABLE t87 ADD IF NOT EXISTS b int; CREATE TABLE IF NOT EXISTS u87 (a int)", "", "T104"),
    ("CREATE TABLE t88 (a int)", "SET LOCAL lock_timeout = 0; ALTER TABLE t88 ADD b int", "L003", ""),
    ("CREATE TABLE t89 (a int)", "SET LOCAL lock_timeout = '0.5s'; ALTER TABLE t89 ADD b int", "", "L003"),
    # rows of the scratch database stop no rule: what the statement does without them is judged
    ("CREATE TABLE t90 (a int, b text); INSERT INTO t90 VALUES (1, NULL), (1, 'x')",
     "ALTER TABLE t90 ALTER b SET NOT NULL; CREATE UNIQUE INDEX i90 ON t90 (a); ALTER TABLE t90 ADD c int NOT NULL",
     "F102 L109 B106 F101 L101 B105 F103 L006", ""),
    ("CREATE TABLE t91 (a text); INSERT INTO t91 VALUES ('x')", "ALTER TABLE t91 ALTER a TYPE int USING a::int; ALTER TABLE t91 ADD b int", "L104 F107", "X103"),
    ("CREATE TABLE t92 (a int)", "ALTER TABLE t92 ADD b int CHECK (b > 0); ALTER TABLE t92 ADD c int CHECK (c IS NOT NULL)", "F104", ""),
    ("CREATE TABLE t93 (a int)", "ALTER TABLE t93 ADD b int CHECK (b > 0)", "L110", "F104"),
    # code: a block, a function, a procedure
    ("CREATE TABLE t94 (a int, z int)", "DO $$ BEGIN ALTER TABLE t94 RENAME z TO y; EXECUTE 'ALTER TABLE t94 RENAME TO r94'; END $$", "B101 B102", "D101 D102"),
    ("CREATE TABLE t95 (a int); CREATE INDEX i95 ON t95 (a); CREATE SEQUENCE s95",
     "DO $$ BEGIN UPDATE t95 SET a = 1; DELETE FROM t95; TRUNCATE t95; DROP INDEX i95; DROP SEQUENCE s95; END $$", "L005 D107 D105 L102 D115", ""),
    ("CREATE TABLE t96 (a int); CREATE FUNCTION f96() RETURNS void LANGUAGE plpgsql AS"
     " $f$ BEGIN ALTER TABLE t96 ALTER a TYPE bigint; CREATE INDEX i96 ON t96 (a); END $f$", "SELECT f96()", "L104 L101", ""),
    ("CREATE TABLE t97 (a int); CREATE PROCEDURE p97() LANGUAGE plpgsql AS $f$ BEGIN ALTER TABLE t97 ADD PRIMARY KEY (a); END $f$",
     "CALL p97()", "L114", ""),
    ("CREATE TABLE t98 (a int)", "WITH w AS (UPDATE t98 SET a = 0 RETURNING a) SELECT count(*) FROM w", "L005", ""),
    # names: of several tables, with their schema, in quotes
    ("CREATE TABLE t99 (a int); CREATE TABLE u99 (a int)", "CREATE TABLE v99 (a int); TRUNCATE v99, t99; DELETE FROM u99 WHERE true", "D105 D107", ""),
    ("CREATE TABLE t100 (a int)", "ALTER TABLE public.t100 RENAME COLUMN \"a\" TO \"B\"", "B102", "D102"),
    ("CREATE SCHEMA s101; CREATE DOMAIN s101.d AS int CHECK (value > 0); CREATE TABLE t101 (a int)", "ALTER TABLE t101 ADD b s101.d DEFAULT 1", "L107", "L105"),
    ("CREATE FUNCTION f102(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
     "DROP FUNCTION f102(int); CREATE FUNCTION f102(a text) RETURNS int LANGUAGE sql AS 'SELECT 1'", "B108", ""),
    ("CREATE FUNCTION f103(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
     "DROP FUNCTION f103; DO $$ BEGIN CREATE FUNCTION f103(b int4) RETURNS int LANGUAGE sql AS 'SELECT 2'; END $$", "", "B108"),
    # what cannot be done twice outside of a transaction: the server is asked
    ("CREATE TABLE t104 (a int)", "!CREATE POLICY p104 ON t104 USING (true); ALTER TABLE t104 ADD CONSTRAINT c104 CHECK (a > 0) NOT VALID", "T104", ""),
    ("CREATE TABLE t105 (a int, CONSTRAINT c105 CHECK (a > 0) NOT VALID)",
     "!ALTER TABLE t105 VALIDATE CONSTRAINT c105; ALTER TABLE t105 ALTER a SET DEFAULT 1; CREATE OR REPLACE VIEW v105 AS SELECT 1 AS a", "", "T104"),
    ("", "CREATE TABLE t106 (a timestamptz DEFAULT 'now'::text::timestamptz)", "", "M108"),
    ("", "CREATE TABLE t107 (a timestamptz DEFAULT CAST('now' AS timestamptz))", "M108", ""),
    ("", "SELECT set_config('work_mem', '8MB', false)", "T105", ""),
    ("", "SELECT set_config('work_mem', '8MB', true)", "", "T105"),
]


def write(t, number, parent, section, sql, down="SELECT 1"):
    revision = f"a{number:011d}"
    parents = f"-- cmigrate: parents {parent}\n" if parent else ""
    t.write(f"migrations/{number:04d}_{revision}.sql", f"-- cmigrate: revision {revision}\n{parents}-- cmigrate: message {number}\n"
            f"-- cmigrate: dialect postgresql\n\n-- cmigrate: {section}\n{sql};\n\n-- cmigrate: downgrade\n{down};\n")
    return revision


@case
def the_rules_find_what_the_server_does_and_nothing_else(t):
    t.config(lock_timeout="5s")
    parent, judged = None, {}
    for i, (before, sql, must, must_not) in enumerate(TRAPS):
        if before:
            parent = write(t, 2 * i + 1, parent, "upgrade", before)
        apart = sql.startswith("!")
        parent = write(t, 2 * i + 2, parent, "upgrade no-transaction" if apart else "upgrade", sql.lstrip("!"))
        judged[parent] = (sql, set(must.split()), set(must_not.split()))
    code, said = t.call("lint", "--all", "--format", "json", "--fail-on", "never")
    truth(code == 0 and said.startswith("{"), f"exit {code}\n{said}")
    found = {}
    for finding in json.loads(said.splitlines()[0])["findings"]:  # the rest are NOTICEs of the server
        found.setdefault(finding["revision"], set()).add(finding["code"])
    wrong = []
    for revision, (sql, must, must_not) in judged.items():
        have = found.get(revision, set())
        if must - have or must_not & have:
            wrong.append(f"{sql}\n    missed {sorted(must - have)}, false {sorted(must_not & have)}, found {sorted(have)}")
    truth(not wrong, "\n".join(wrong))


@case
def what_a_script_sets_holds_for_its_later_statements(t):
    first = write(t, 1, None, "upgrade", "CREATE SCHEMA apart", "DROP SCHEMA apart")
    write(t, 2, first, "upgrade", "SET search_path = apart; CREATE TABLE a (id int); CREATE INDEX a_id ON a (id); ALTER TABLE a ADD b int",
          "DROP TABLE apart.a")
    answer = json.loads(t.must("lint", "--all", "--format", "json", "--fail-on", "never"))
    truth(answer["coverage"] == {"statements": 5, "understood": 5, "traced": 5}, str(answer["coverage"]))
    truth([f for f in answer["findings"] if f["code"] == "R103"] == [], str(answer["findings"]))


@case
def the_downgrade_is_tried_and_leaves_no_trace(t):
    first = write(t, 1, None, "upgrade", "CREATE TABLE a (id int, level int)", "DROP TABLE a")
    second = write(t, 2, first, "upgrade", "ALTER TABLE a DROP COLUMN level", "ALTER TABLE a ADD COLUMN level bigint")
    third = write(t, 3, second, "upgrade", "ALTER TABLE a ADD COLUMN note text", "ALTER TABLE a DROP COLUMN note")
    write(t, 4, third, "upgrade", "CREATE TYPE mood AS ENUM ('sad'); ALTER TABLE a ADD m mood; CREATE INDEX i ON a (note)",
          "DROP INDEX i; ALTER TABLE a DROP m; DROP TYPE mood")
    code, said = t.call("lint", "--all", "--format", "json", "--fail-on", "never")
    truth(code == 0, said)
    found = [(f["revision"], f["message"]) for f in json.loads(said)["findings"] if f["code"] == "R103"]
    truth(found == [(second, "after upgrade and downgrade column level of table a is not what it was")], str(found))


@case
def what_other_revisions_renamed_dropped_and_took_back_is_measured_under_its_name(t):
    first = write(t, 1, None, "upgrade", "CREATE SCHEMA s; CREATE TABLE s.a (id int, n int, m int); CREATE INDEX a_n ON s.a (n); CREATE TABLE b (id int)",
                  "DROP TABLE s.a; DROP SCHEMA s; DROP TABLE b")
    second = write(t, 2, first, "upgrade", "ALTER TABLE b ALTER id TYPE bigint; ALTER TABLE s.a RENAME TO c; DROP TABLE b; CREATE TABLE b (id int)",
                   "DROP TABLE b; ALTER TABLE s.c RENAME TO a; CREATE TABLE b (id int)")
    third = write(t, 3, second, "upgrade", "ALTER TABLE b ALTER id TYPE bigint; ALTER SCHEMA s RENAME TO z", "ALTER SCHEMA z RENAME TO s")
    fourth = write(t, 4, third, "upgrade", "ALTER TABLE z.c ALTER n TYPE bigint", "ALTER TABLE z.c ALTER n TYPE int")
    write(t, 5, fourth, "upgrade", "ALTER TABLE z.c ALTER m TYPE bigint; ALTER TABLE z.c ADD k int; ALTER TABLE b ADD k int")
    answer = json.loads(t.must("lint", "--all", "--format", "json", "--fail-on", "never"))
    found = sorted((int(f["revision"][1:]), f["table"]) for f in answer["findings"] if "is written again" in f["message"] and f["fact"]["rewrites"])
    truth(found == [(2, "b"), (3, "b"), (4, "c"), (5, "c")], str(found))


@case
def rules_that_a_project_switches_on(t):
    wanted = {"N102": "warning", "S316": "warning", "S405": "warning", "S605": "warning", "S403": {"level": "warning", "columns": "b, made_at"}}
    t.config(lint={"rules": wanted})
    first = write(t, 1, None, "upgrade", 'CREATE TABLE "order" (a boolean, b bigint); CREATE DOMAIN pos AS int CHECK (value > 0);'
                  ' GRANT SELECT ON "order" TO PUBLIC')
    write(t, 2, first, "upgrade", "CREATE TABLE fine (b bigint, made_at timestamptz, c int, d boolean, level text);"
          " CREATE DOMAIN plain AS int; GRANT SELECT ON fine TO pg_read_all_settings")
    said = t.must("lint", "--all", "--format", "json", "--fail-on", "never")
    found = sorted((f["revision"], f["code"]) for f in json.loads(said)["findings"] if f["code"] in wanted)
    truth(found == [(first, code) for code in sorted(wanted)], str(found))


@case
def what_the_server_counts_is_found_in_the_database(t):
    t.sql("create table k (id serial primary key, a int)", "create index k_a on k (a)", "insert into k (a) values (1), (1)",
          "select setval('k_id_seq', 1900000000)", "create table calm (id bigserial primary key, a int)", "insert into calm (a) values (1)")
    truth(t.call("lint", "--database")[0] == 0, "something is an error")
    try:
        t.sql("create unique index concurrently k_bad on k (a)")
    except Failed:
        pass  # which leaves the index behind, as meant
    t.config(lint={"rules": {"S203": "notice"}})
    code, said = t.call("lint", "--database", "--format", "json")
    found = sorted((f["code"], f["table"], f["message"]) for f in json.loads(said)["findings"] if f["code"] in ("S106", "S203", "S204"))
    truth(code == 1 and found == [("S106", "k", "88 % of the numbers of k.id are used"), ("S203", "k", "index k_a of table k was never used"),
                                  ("S204", "k", "index k_bad of table k is not valid")], f"{code} {found}")


@case
def sarif_carries_the_safe_form_of_a_check_that_is_read_at_once(t):
    first = write(t, 1, None, "upgrade", "CREATE TABLE a (id int); INSERT INTO a VALUES (1)")
    write(t, 2, first, "upgrade", "ALTER TABLE a ADD CONSTRAINT c\n  CHECK (id > 0)")
    code, said = t.call("lint", "--latest", "1", "--format", "sarif", "--fail-on", "never")
    truth(code == 0, said)
    fixes = [f for r in json.loads(said)["runs"][0]["results"] if r["ruleId"] == "L110" for f in r["fixes"]]
    truth(len(fixes) == 1 and len(fixes[0]["artifactChanges"]) == 1, str(fixes))
    change = fixes[0]["artifactChanges"][0]
    where, text = change["replacements"][0]["deletedRegion"], change["replacements"][0]["insertedContent"]["text"]
    lines = t.read(change["artifactLocation"]["uri"]).split("\n")
    line = lines[where["startLine"] - 1]
    at = where["startColumn"] - 1
    truth((line[:at] + text + line[at:]).strip() == "CHECK (id > 0) NOT VALID;", f"{fixes} of {line}")


@case
def a_new_script_names_the_option_that_writes_it_in_the_safe_form(t):
    model = "tables:\n  a:\n    columns:\n      id: {type: integer, primary_key: true}\n      b: integer\n"
    t.write("schema.yaml", model)
    t.must("migrate", "-m", "first")
    t.must("upgrade")
    t.write("schema.yaml", model + "    indexes: {a_b: {columns: [b]}}\n")
    said = t.call("migrate", "-m", "second")[1]
    truth("[L101 index-not-concurrent]" in said and "migrate --replace --online writes line" in said, said)
    said = t.call("migrate", "--replace", "--online")[1]
    truth("L101" not in said and "--replace --online" not in said, said)
    t.must("upgrade")
    t.write("schema.yaml", model.replace("b: integer", "b: bigint"))
    said = t.call("migrate", "-m", "third")[1]  # what cannot be had otherwise is not promised
    truth("Details: cmigrate lint --latest 1" in said and "--replace --online" not in said, said)


@case
def what_migrate_has_written_is_judged_by_the_cost_that_it_planned(t):
    first = "tables: {t: {columns: {id: {type: bigint, primary_key: true}, a: integer, c: text}}}\n"
    t.write("schema.yaml", first)
    t.must("migrate", "-m", "first")
    t.must("upgrade")
    t.write("schema.yaml", first.replace("a: integer", "a: bigint").replace("c: text", "c: {type: text, nullable: false}")
            .replace("text, nullable: false}}", "text, nullable: false}}, indexes: [{name: i, columns: [c]}]"))
    said = t.must("migrate", "-m", "second", "--format", "json")
    answer = next(line for line in said.splitlines() if line.startswith("{"))
    found = {f["code"]: f["fact"] for f in json.loads(answer)["findings"] if f["fact"]}
    truth({"L104", "L109", "L101"} <= set(found), str(found))
    truth(found["L104"]["lock"] == "ACCESS EXCLUSIVE" and found["L104"]["rewrites"] and not found["L104"]["measured"], str(found["L104"]))


if __name__ == "__main__":
    sys.exit(main())
