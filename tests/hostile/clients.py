#!/usr/bin/env python3
"""What we split, the engine executes as its own client does.

    clients.py CMIGRATE sqlite|pg15|pg18|mariadb|mysql [SCRIPTS [SEED]]

Scripts are put together at random of what is hard to split. Each runs twice: as a revision, by `upgrade`; and as it stands, by
sqlite3, psql or mariadb. Afterwards both databases must hold the same rows and the same objects.
"""
import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit

HEAD = "-- cmigrate: revision aaa\n-- cmigrate: parents\n-- cmigrate: message generated\n-- cmigrate: upgrade\n"
COMMON = [
    "INSERT INTO log VALUES ('a;b');", "INSERT INTO log VALUES ('it''s; ok');", "INSERT INTO log VALUES ('--'); -- a comment; '\n",
    "INSERT INTO log VALUES ('/*'); /* a comment; ' \" */", "-- ; alone '\n", "/* ; ' */", ";;", "INSERT INTO log\n  VALUES\n  ('lines\n;\n');",
    "INSERT INTO log VALUES ('x') /* inside ; */ ;", "INSERT INTO log VALUES ('''');", "INSERT INTO log VALUES ('');INSERT INTO log VALUES (';');",
    "INSERT INTO log SELECT CASE WHEN 1 = 1 THEN 'case;' ELSE 'no' END;", "INSERT INTO log VALUES ('$$;'), ('#;'), ('\"'), ('`');",
    "INSERT INTO log VALUES ('begin'); INSERT INTO log VALUES ('end');", "CREATE TABLE t{n} (a INTEGER); INSERT INTO t{n} VALUES (1);",
    "INSERT INTO log SELECT 'sub' FROM (SELECT 1 AS a) x WHERE a IN (1, 2) AND 'a;b' <> ';';",
]
ANSI_NAMES = ['CREATE TABLE "a;b{n}" ("c;""d" INTEGER); INSERT INTO "a;b{n}" VALUES (1);', "CREATE TABLE \"it's{n}\" (a INTEGER);"]
SQLITE = COMMON + ANSI_NAMES + [
    "CREATE TABLE [br;{n}] (a);", "CREATE TABLE `back;{n}` (a);", "INSERT INTO log VALUES ('back\\'); INSERT INTO log VALUES ('\\');",
    "CREATE TRIGGER tr{n} AFTER INSERT ON log BEGIN INSERT INTO seen VALUES ('t;'); INSERT INTO seen SELECT CASE WHEN 1 THEN 'a' ELSE ';' END; END;",
    "CREATE TRIGGER IF NOT EXISTS \"end;{n}\" BEFORE DELETE ON log WHEN 1 BEGIN SELECT ';'; -- END;\n SELECT 1; /* END; */ END;",
    "CREATE TEMP TRIGGER te{n} AFTER UPDATE ON log BEGIN SELECT 1; END;", "CREATE VIEW v{n} AS SELECT 'end' AS \"end\";",
    "INSERT INTO log VALUES (x'3b'), ('a' || char(59));", "CREATE TRIGGER x{n} INSTEAD OF INSERT ON vv BEGIN INSERT INTO seen VALUES (';'); END;",
    "CREATE TABLE \"begin{n}\" (\"end\" TEXT DEFAULT ';');", "CREATE INDEX i{n} ON log (v) WHERE v <> ';end;';",
]
POSTGRES = COMMON + ANSI_NAMES + [
    "INSERT INTO log VALUES ($$a;b$$), ($q$ $$;'$q$), ($$'$$);", "INSERT INTO log VALUES (E'it\\'s;'), (E'\\\\'), (e'a;\\\\');",
    "INSERT INTO log VALUES ('back\\'); INSERT INTO log VALUES ('\\');", "/* outer /* ; ' */ still ; */ INSERT INTO log VALUES ('nested');",
    "INSERT INTO log VALUES (U&'\\0041;'), ('a;'\n  'b;');", "DO $$ BEGIN INSERT INTO log VALUES ('do;'); IF true THEN NULL; END IF; END $$;",
    "DO $body$ BEGIN EXECUTE $$INSERT INTO log VALUES ('deep;')$$; END $body$ LANGUAGE plpgsql;",
    "CREATE FUNCTION f{n}(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN a > 1 THEN 1 ELSE 2 END; SELECT a; END;",
    "CREATE FUNCTION g{n}() RETURNS int LANGUAGE sql RETURN CASE WHEN true THEN 1 END;", "INSERT INTO log SELECT 1 - -1;",
    "CREATE FUNCTION h{n}() RETURNS trigger LANGUAGE plpgsql AS $fn$ BEGIN -- '\n RETURN NEW; END; $fn$;",
    "CREATE PROCEDURE p{n}() LANGUAGE sql BEGIN ATOMIC INSERT INTO log VALUES ('p;'); END; CALL p{n}();",
    "CREATE RULE r{n} AS ON DELETE TO log DO ALSO (INSERT INTO seen VALUES ('a;'); INSERT INTO seen VALUES ('b'));",
    "CREATE TABLE a$b{n} (c$d int); INSERT INTO a$b{n} VALUES (1);", "INSERT INTO log VALUES ('a' || $x$;$x$ || E'\\';');",
    "CREATE TABLE \"begin{n}\" (\"atomic\" text DEFAULT 'end;');", "INSERT INTO log SELECT 'jsonb' WHERE '{\"a;\": 1}'::jsonb ? 'a;';",
    "PREPARE q{n} AS INSERT INTO log VALUES ($1); EXECUTE q{n}('p;1');",
]
MYSQL = COMMON + [
    "INSERT INTO log VALUES ('it\\'s;'), ('\\\\'), ('a\\\\;');", "INSERT INTO log VALUES (\"dq;\"), (\"dq\"\"'\"), (\"\\\";\");",
    "CREATE TABLE `a;b{n}` (`c;``d` INT);", "INSERT INTO log VALUES ('h'); # hash; '\n", "INSERT INTO log SELECT 5--1;", "INSERT INTO log VALUES ('n') -- ; '\n;",
    "/*! INSERT INTO log VALUES ('executable;') */;", "/*!40101 SET @x{n} = ';' */;", "INSERT /*! IGNORE */ INTO log VALUES ('part;');",
    "INSERT INTO log VALUES (N'n;'), (_utf8mb4'u;'), (x'3b');", "CREATE TABLE d{n} (a INT COMMENT 'it''s; \\' ok') COMMENT = \"x;\";",
    "DELIMITER //\nCREATE PROCEDURE p{n}()\nBEGIN\n  DECLARE i INT DEFAULT 0;\n  WHILE i < 2 DO SET i = i + 1; IF i = 1 THEN INSERT INTO log VALUES ('w;'); "
    "ELSE INSERT INTO log VALUES ('else'); END IF; END WHILE;\n  l: LOOP SET i = i + 1; IF i > 4 THEN LEAVE l; END IF; END LOOP l;\n"
    "  REPEAT SET i = i - 1; UNTIL i < 1 END REPEAT;\n  CASE i WHEN 0 THEN INSERT INTO log VALUES ('zero;'); ELSE BEGIN END; END CASE;\nEND//\nDELIMITER ;\nCALL p{n}();",
    "DELIMITER $$\nCREATE FUNCTION f{n}(a INT) RETURNS INT DETERMINISTIC RETURN CASE WHEN a > 1 THEN 1 ELSE 2 END$$\n"
    "CREATE TRIGGER t{n} BEFORE INSERT ON seen FOR EACH ROW BEGIN SET NEW.v = CONCAT(NEW.v, ';'); END$$\nDELIMITER ;",
    "SET sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES'); CREATE TABLE \"q;{n}\" (\"c;\" INT); SET sql_mode = REPLACE(@@sql_mode, 'ANSI_QUOTES', '');",
    "SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'; INSERT INTO log VALUES ('a\\'); INSERT INTO log VALUES ('b;\\'); SET SESSION sql_mode = 'STRICT_TRANS_TABLES';",
    "SET @@session.sql_mode = 'ANSI_QUOTES'; CREATE TABLE \"n\\{n}\" (a INT); SET sql_mode = DEFAULT;",
    "CREATE EVENT e{n} ON SCHEDULE EVERY 1 DAY DISABLE DO INSERT INTO log VALUES ('e;');", "INSERT INTO log VALUES ('a'\n'b;');",
    "DELIMITER ;;\nINSERT INTO log VALUES ('dd;');;\nDELIMITER ;", "delimiter |\nINSERT INTO log VALUES (';|;') |\ndelimiter ;",
]
FIRST = "CREATE TABLE log (v {text}); CREATE TABLE seen (v {text}); CREATE VIEW vv AS SELECT 1 AS a;\n"


def generate(rng, pieces):
    out = []
    for n in range(rng.randint(3, 25)):
        piece, end = rng.choice(pieces).replace("{n}", str(n)), rng.choice(["\n", " ", "\n\n", "\t", "\n-- x\n", "/**/\n"])
        # What follows DELIMITER is the client's word up to a space: a tab or a comment would be part of it.
        out.append(piece + ("\n" if piece.lower().endswith("delimiter ;") else end))
    return "\n".join(out) + rng.choice(["", "\n", "-- end", "/* end */\n"])


def mutate(rng, text):
    """A character less, or one more of those that open and close things: what we run of it, the client runs alike."""
    at = rng.randrange(len(text))
    put, rest = rng.choice(["", rng.choice("'\";$/*-\\\n()`[]#!")]), text[at + rng.randrange(2):]
    if put == "\\" and rest.startswith("\n"):  # at the end of a line mariadb takes it for a sign of its own, and drops it
        put = ""
    return text[:at] + put + rest


def state(engine):
    """Rows in their order, and every object by its text."""
    if isinstance(engine, kit.SQLite):
        objects = engine.rows("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'cmigrate%' AND tbl_name NOT LIKE 'cmigrate%' ORDER BY 1, 2")
        return engine.rows("SELECT v FROM log ORDER BY rowid"), engine.rows("SELECT v FROM seen"), objects
    if isinstance(engine, kit.Postgres):
        objects = engine.rows("SELECT relname || relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '%cmigrate%' "
                              "UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
                              "UNION ALL SELECT pg_get_ruledef(oid) FROM pg_rewrite WHERE rulename LIKE 'r%' AND ev_class = 'log'::regclass ORDER BY 1")
        return engine.rows("SELECT v FROM log"), engine.rows("SELECT v FROM seen"), objects
    names = engine.rows("SELECT HEX(table_name), HEX(CONCAT_WS('|', table_comment)) FROM information_schema.tables WHERE table_schema = DATABASE() "
                        "AND table_name NOT LIKE 'cmigrate%' ORDER BY 1")
    routines = engine.rows("SELECT HEX(routine_name), HEX(routine_definition) FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY 1")
    triggers = engine.rows("SELECT HEX(trigger_name), HEX(action_statement) FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY 1")
    return engine.rows("SELECT HEX(v) FROM log"), engine.rows("SELECT HEX(v) FROM seen"), (names, routines, triggers)


def by_client(engine, text):
    if isinstance(engine, kit.SQLite):
        return subprocess.run(["sqlite3", "-bail", engine.file], input=text.encode(), capture_output=True)
    return engine.client(text)


def compare(program, engine, text, faulty=False):
    project = kit.Project(program, engine.fresh("ours"))
    project.write("migrations/a.sql", HEAD + text)
    answer = project.call("upgrade")
    ours = state(engine) if answer.status == 0 else None
    engine.drop()
    project.close()
    if faulty and answer.status == 2:
        return False  # refused before anything ran: a client may take a comment without an end for a comment
    engine.fresh("client")
    done = by_client(engine, text)
    theirs = state(engine) if done.returncode == 0 else None
    engine.drop()
    if ours != theirs:
        raise AssertionError(f"{engine.name}: upgrade (exit {answer.status}) and the client (exit {done.returncode}) differ on\n{text}\n"
                             f"--- ours: {ours}\n--- the client's: {theirs}\n{answer.text()[-1500:]}\n{done.stderr.decode('utf-8', 'replace')[-1500:]}")
    return ours is not None


def main():
    program, word = sys.argv[1:3]
    count, seed = (int(word) for word in (sys.argv[3:] + ["20", "1"][len(sys.argv[3:]):]))
    engine = kit.engines(word)
    if engine is None:
        print(f"no {word}")
        return 77
    pieces = {kit.SQLite: SQLITE, kit.Postgres: POSTGRES, kit.MySQL: MYSQL}[type(engine)]
    first = FIRST.replace("{text}", "VARCHAR(200)")
    compare(program, engine, first + "\n".join(piece.replace("{n}", str(i)) for i, piece in enumerate(pieces)))  # each once
    ran = sum(compare(program, engine, first + generate(random.Random(seed + i), pieces)) for i in range(count))
    broken = [random.Random(seed + 100_000 + i) for i in range(count)]
    alike = sum(compare(program, engine, first + mutate(rng, generate(rng, pieces)), faulty=True) for rng in broken)
    if ran < count / 2:
        raise AssertionError(f"{engine.name}: only {ran} of {count} scripts ran: what is generated is wrong")
    print(f"ok {engine.name}: {ran} of {count} scripts ran alike, and {alike} of {count} with a fault, the others were refused by both")
    return 0


if __name__ == "__main__":
    sys.exit(main())
