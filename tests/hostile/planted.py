#!/usr/bin/env python3
"""What a lesser role puts in a schema of the search_path is never run by a superuser who calls the program.

    planted.py CMIGRATE pg14|pg15|pg18

A role that may create in public, as everybody may before PostgreSQL 15, makes operators, functions, aggregates, types, casts and
tables there under each name that our own queries use, for types that fit them better than what the server has. Each says that it
ran, and fails. Then a superuser does all of the work. And the tables that the program keeps are there before it: made by that
role, with a trigger, a rule or a view of the role's.
"""
import glob
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
TYPES = ["text", "varchar", "name", "bpchar", '"char"', "oid", "int2", "int4", "int8", "regclass", "regtype", "bool", "text[]", "name[]", "float8"]
OPERATORS = ["=", "<>", "<", ">", "<=", ">=", "||", "+", "-", "*", "/", "%", "~", "!~", "~~", "!~~", "~*", "&&", "@>", "&"]
AGGREGATES = ["count", "max", "min", "sum", "array_agg", "string_agg", "bool_or", "bool_and", "every", "json_agg", "jsonb_agg"]

MODEL = """
tables:
  author:
    columns: {id: {type: integer, primary_key: true}, name: {type: string(80), nullable: true}, born: {type: string(20), nullable: true}}
  book:
    columns:
      id: {type: integer, primary_key: true}
      author_id: {type: integer, references: author.id}
      kind: {enum: [a, b, c], default: a}
      note: {type: text, nullable: true, comment: who}
      price: {type: "numeric(10,2)", check: "price IS NOT NULL"}
    indexes: {ix_book_price: {columns: [price]}}
views: {cheap: "SELECT id FROM book"}
"""
LATER = (MODEL.replace("string(80), nullable: true", "string(40), nullable: false").replace(", born: {type: string(20), nullable: true}", "")
         .replace("      note: {type: text, nullable: true, comment: who}\n", "").replace("[a, b, c]", "[a, b]")
         .replace("views:", "  wordbook: {columns: {code: {type: string(5), primary_key: true}, word: text}}\nviews:") +
         "data: {wordbook: {file: words.csv}}\n")
ROWS = "INSERT INTO author VALUES (1, 'x', 'y'); INSERT INTO book (id, author_id, note, price) VALUES (1, 1, 'n', 1)"


def names_in_use():
    """Each word before a parenthesis in the queries of the program, and each relation and type of the catalogue."""
    text = ""
    for pattern in ("drivers/postgresql/*/*.sql", "drivers/postgresql/*/*.c", "core/apply/*.c", "cli/output/*.c"):
        for name in glob.glob(os.path.join(ROOT, pattern)):
            with open(name, encoding="utf-8") as file:
                text += file.read()
    return set(re.findall(r"\b([a-z_]+)\s?\(", text)), set(re.findall(r"\b((?:pg|information)_[a-z_]+)\b", text))


def plant(engine, role):
    functions, relations = names_in_use()
    known = {row[0] for row in engine.rows("SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace")}
    catalogue = {row[0] for row in engine.rows("SELECT relname FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind IN ('r', 'v')")}
    engine.script(f"DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN; GRANT CREATE, USAGE ON SCHEMA public TO {role}")
    text = [f"SET ROLE {role}; SET client_min_messages = error; SET check_function_bodies = off;"]
    body = ("$$ BEGIN RAISE WARNING 'planted code ran as %', current_user; RAISE EXCEPTION 'planted code ran as %', current_user; END $$")
    for left in TYPES:
        for right in TYPES:
            text.append(f"CREATE FUNCTION public.evil(l {left}, r {right}) RETURNS bool LANGUAGE plpgsql AS {body};")
            text.append(f"CREATE FUNCTION public.evil_text(l {left}, r {right}) RETURNS text LANGUAGE plpgsql AS {body};")
            for operator in OPERATORS:
                function = "evil_text" if operator in ("||", "+", "-", "*", "/", "%", "&") else "evil"
                text.append(f"CREATE OPERATOR public.{operator} (FUNCTION = public.{function}, LEFTARG = {left}, RIGHTARG = {right});")
    for name in sorted(functions & known | {"unnest", "lower", "format", "concat", "concat_ws"}):
        for types in TYPES + ["text, text", "name, name", "int4, int4", "text, text, bool", "varchar, varchar", "VARIADIC text[]"]:
            text.append(f'CREATE FUNCTION public."{name}"({types}) RETURNS text LANGUAGE plpgsql AS {body};')
    text.append(f"CREATE FUNCTION public.evil_state(s int8, v anyelement) RETURNS int8 LANGUAGE plpgsql AS {body};")
    for name in AGGREGATES:
        for one in TYPES:
            text.append(f'DROP FUNCTION IF EXISTS public."{name}"({one});')
            text.append(f'CREATE FUNCTION public.evil_step(s int8, v {one}) RETURNS int8 LANGUAGE plpgsql AS {body};' if name == "count" else "")
            text.append(f'CREATE AGGREGATE public."{name}"({one}) (SFUNC = public.evil_step, STYPE = int8, INITCOND = \'0\');')
    for name in ("text", "name", "oid", "regclass", "regtype", "int4", "int8", "bool", "regnamespace", "regproc"):
        text.append(f'CREATE DOMAIN public."{name}" AS pg_catalog.int2 CHECK (VALUE OPERATOR(public.=) VALUE);')
    text.append(f"CREATE TYPE public.mood AS ENUM ('a'); CREATE FUNCTION public.to_mood(pg_catalog.text) RETURNS public.mood LANGUAGE plpgsql AS {body};"
                "CREATE CAST (pg_catalog.text AS public.mood) WITH FUNCTION public.to_mood(pg_catalog.text) AS IMPLICIT;")
    for name in sorted(relations & catalogue):
        text.append(f'CREATE TABLE public."{name}" (oid pg_catalog.int2);')
    done = subprocess.run(["psql", "-XqAt", engine.base + "/" + engine.database], input="\n".join(text).encode(), capture_output=True)
    if done.returncode:
        raise AssertionError(done.stderr.decode()[-2000:])
    planted = int(engine.rows(f"SELECT count(*) FROM pg_proc WHERE proowner = '{role}'::regrole")[0][0])
    planted += int(engine.rows(f"SELECT count(*) FROM pg_operator WHERE oprowner = '{role}'::regrole")[0][0])
    assert planted > 3000, planted
    return planted


def forget(engine, role):
    engine.script(f"DROP OWNED BY {role} CASCADE; DROP ROLE {role}")


def call(project, *words, status=0):
    answer = project.call(*words)
    if b"planted code ran as postgres" in answer.said or answer.status != status:
        raise AssertionError(f"{words}: exit {answer.status}\n{answer.text()}")
    return answer


def a_superuser_never_runs_planted_code(program, engine):
    url, role = engine.fresh("planted"), f"hostile_p{os.getpid()}"
    others = "exclude: ['pg_*', mood, text, name, oid, regclass, regtype, int4, int8, bool, regnamespace, regproc]\n"
    planted = plant(engine, role)
    project = kit.Project(program, url, others)
    project.write("schema.yaml", "#\n")
    project.write("migrations/0001_first.sql", "-- cmigrate: revision 0001\n-- cmigrate: parents\n"
                  "-- cmigrate: upgrade\nCREATE TABLE note (id int4 PRIMARY KEY);\n-- cmigrate: upgrade no-transaction\n"
                  "CREATE INDEX CONCURRENTLY ix_note ON note (id);\n-- cmigrate: downgrade\nDROP TABLE note;\n")
    for words in (["upgrade"], ["current", "-v"], ["history", "-v"], ["heads"], ["stamp", "base"], ["stamp", "0001"], ["upgrade"],
                  ["downgrade", "base"], ["upgrade"], ["inspect"], ["upgrade", "--dry-run"], ["downgrade", "base"]):
        call(project, *words)
    project.close()
    forget(engine, role)
    engine.drop()
    return planted


def losses_are_counted_by_the_server_alone(program, engine):
    """The model is made before, so that what is planted is left out by its names."""
    url, role = engine.fresh("losses"), f"hostile_p{os.getpid()}"
    project = kit.Project(program, url, "include: [author, book, cheap, '*book*']\n")
    project.write("schema.yaml", MODEL)
    call(project, "migrate", "-m", "first")
    call(project, "upgrade")
    engine.script(ROWS)
    plant(engine, role)
    call(project, "check")
    call(project, "check", "--history")
    project.write("schema.yaml", LATER)
    project.write("words.csv", "code,word\n" + "".join(f"{n},x\n" for n in range(1200)))  # so many are loaded by COPY
    answer = call(project, "migrate", "-m", "second")
    if b"loses data: 1 of 1 row has a value" not in answer.said:
        raise AssertionError(answer.text())
    for words in (["upgrade"], ["check"], ["downgrade", "-1"], ["upgrade"], ["stamp", "--purge", "head"], ["downgrade", "base"]):
        call(project, *words)
    script = call(project, "upgrade", "--sql", "base:head").out
    done = engine.client(script.decode())
    if done.returncode or b"planted code ran as postgres" in done.stderr:
        raise AssertionError(done.stderr.decode())
    call(project, "current")
    project.close()
    forget(engine, role)
    engine.drop()


# From, to, a value that stays itself: each makes the script look for values that do not fit or would change
CHANGES = (
    ("numeric(10,4)", "numeric(6,2)", "12.3400"), ("float8", "real", "0.5"), ("float8", "integer", "2"), ("numeric", "integer", "2"),
    ("int8", "integer", "5"), ("int8", "real", "5"), ("int8", "float8", "5"), ("numeric", "float8", "0.5"), ("float8", "numeric", "0.5"),
    ("timestamp", "date", "2020-02-03"), ("timestamptz", "timestamp", "2020-02-03"), ("timestamp(6)", "timestamp(0)", "2020-02-03 10:00:00"),
    ("time", "time(0)", "10:00"), ("interval", "interval day", "1 day"), ("varchar(9)", "char(5)", "a"), ("text", "varchar(3)", "abc"),
    ("varchar(9)", "varchar(3)", "abc"), ("varchar(20)", "name", "x"), ("varchar(40)", "timestamp", "2020-02-03 10:00"), ("text", "date", "2020-02-03"),
    ("varchar(9)", "integer", "7"), ("varchar(9)", "numeric(5,1)", "7.5"), ("varchar(9)", "boolean", "yes"), ("integer", "boolean", "1"),
    ("json", "jsonb", "{}"), ("varchar(9)", "jsonb", "{}"), ("text[]", "text", "{a}"), ("varchar(9)[]", "varchar(9)", "{a}"), ("integer[]", "integer", "{1}"),
    ("numeric[]", "integer[]", "{2}"), ("varchar(9)[]", "varchar(3)[]", "{abc}"), ("oid", "integer", "7"), ("integer", "oid", "7"),
    ("inet", "cidr", "10.0.0.0/8"), ("bytea", "text", "a"), ("uuid", "varchar(40)", "6a7e0d5c-8f1c-4c8e-9a53-5a4f3c1f2b11"), ("integer", "smallint", "5"),
    ("varchar(9)", "uuid", None), ("int8", "varchar(4)", "5"),
)
MORE_TYPES = ("numeric", "float4", "timestamp", "timestamptz", "date", "time", "timetz", "interval", "json", "jsonb", "varchar[]", "int4[]", "numeric[]",
              "float8[]", "bytea", "uuid", "inet", "cidr", "text[]", "bpchar[]")
BESIDE = ("int4", "int8", "text", "varchar", "numeric", "float8")


def plant_more(engine, role):
    """Operators for the types that a change of type compares, and functions of two arguments."""
    engine.script(f"DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN; GRANT CREATE, USAGE ON SCHEMA public TO {role}")
    text = [f"SET ROLE {role}; SET client_min_messages = error;"]
    body = "$$ BEGIN RAISE WARNING 'planted code ran as %', current_user; RAISE EXCEPTION 'planted code ran as %', current_user; END $$"
    pairs = {(one, one) for one in MORE_TYPES} | {(one, other) for one in MORE_TYPES for other in BESIDE} | {(other, one) for one in MORE_TYPES for other in BESIDE}
    for left, right in sorted(pairs | {(a, b) for a in BESIDE for b in BESIDE}):
        text.append(f"CREATE OR REPLACE FUNCTION public.evil(l {left}, r {right}) RETURNS bool LANGUAGE plpgsql AS {body};")
        text.append(f"CREATE OR REPLACE FUNCTION public.evil_number(l {left}, r {right}) RETURNS numeric LANGUAGE plpgsql AS {body};")
        for operator in ("=", "<>", "<", ">", "<=", ">=", "~", "!~", "^", "+", "-", "*"):
            function = "evil_number" if operator in "^+-*" else "evil"
            text.append(f"CREATE OPERATOR public.{operator} (FUNCTION = public.{function}, LEFTARG = {left}, RIGHTARG = {right});")
    for name in ("round", "abs", "substr", "rtrim", "btrim", "lower", "length", "regexp_matches", "convert_from", "encode", "to_json", "to_jsonb", "power", "trunc",
                 "array_length", "cardinality", "array_ndims", "array_lower", "pg_input_is_valid"):
        for types in ("numeric", "varchar", "varchar, int4", "numeric, int4", "numeric, numeric", "float8, int4", "varchar, varchar", "varchar, text", "text, varchar",
                      "varchar, varchar, varchar", "varchar[], int4", "varchar[]", "int4[]", "numeric[]"):
            text.append(f"CREATE OR REPLACE FUNCTION public.{name}({types}) RETURNS numeric LANGUAGE plpgsql AS {body};")
    done = subprocess.run(["psql", "-XqAt", engine.base + "/" + engine.database], input="\n".join(text).encode(), capture_output=True)
    if done.returncode:
        raise AssertionError(done.stderr.decode()[-2000:])


def what_a_script_asserts_is_asked_of_the_server_alone(program, engine):
    """Where the types of a comparison are no exact match for the server's operator, one that is planted would be a better one."""
    url, role = engine.fresh("asserted"), f"hostile_p{os.getpid()}"
    project = kit.Project(program, url, "include: ['t[0-9]*']\n")
    for n, (kind, _, value) in enumerate(CHANGES):
        engine.script(f"CREATE TABLE t{n} (id integer PRIMARY KEY, v {kind}); " + (f"INSERT INTO t{n} VALUES (1, '{value}')" if value else "SELECT 1"))
    project.write("schema.yaml", "naming_convention: {primary_key: null}\ntables:\n" + "".join(
        f"  t{n}: {{columns: {{id: {{type: integer, primary_key: true, autoincrement: false}}, v: {{type: {{sql: '{kind}'}}}}}}}}\n" for n, (_, kind, _) in enumerate(CHANGES)))
    plant_more(engine, role)
    answer = call(project, "migrate", "-m", "x")
    if b"would change values" in answer.said:
        raise AssertionError(answer.text())
    script = call(project, "upgrade", "--sql").out
    asserted = script.count(b"$assert")
    assert asserted > 60, asserted
    for statement in re.finditer(rb"DO (\$assert\d+\$).*?\1;", script, re.S):
        text = statement.group(0)
        done = engine.client(text.decode())
        if b"planted code" in done.stderr:
            raise AssertionError(f"{text.decode()}\n{done.stderr.decode()}")
    call(project, "upgrade")
    call(project, "check")
    call(project, "downgrade", "base")
    project.close()
    forget(engine, role)
    engine.drop()


# An extension's type, what it becomes, a value: the extension is in another schema than the one that comes first on the path
OF_EXTENSIONS = (("ltree", "ltree", "varchar(9)", "a.b"), ("cube", "cube", "varchar(9)", "(1, 2)"), ("seg", "seg", "varchar(9)", "1 .. 2"),
                 ("isn", "ean13", "varchar(40)", "978-0-393-04002-9"), ("hstore", "hstore", "varchar(30)", "a=>1"), ("citext", "citext", "varchar(9)", "A"))


def types_of_extensions_are_not_compared_by_what_is_on_the_path(program, engine):
    url, role = engine.fresh("extensions"), f"hostile_p{os.getpid()}"
    there = [e for e in OF_EXTENSIONS if engine.rows(f"SELECT 1 FROM pg_available_extensions WHERE name = '{e[0]}'")]
    engine.script(f"DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN; CREATE SCHEMA ext; GRANT USAGE ON SCHEMA ext TO {role};"
                  f"GRANT CREATE, USAGE ON SCHEMA public TO {role}; ALTER DATABASE {engine.database} SET search_path = public, ext")
    for n, (extension, kind, _, value) in enumerate(there):
        engine.script(f"CREATE EXTENSION {extension} SCHEMA ext; CREATE TABLE t{n} (id integer PRIMARY KEY, v ext.{kind}); INSERT INTO t{n} VALUES (1, '{value}')")
        engine.script(f"SET ROLE {role}; CREATE FUNCTION public.evil{n}(l ext.{kind}, r ext.{kind}) RETURNS bool LANGUAGE plpgsql AS "
                      "$$ BEGIN RAISE EXCEPTION 'planted code ran as %', current_user; END $$;" + "".join(
                          f"CREATE OPERATOR public.{o} (FUNCTION = public.evil{n}, LEFTARG = ext.{kind}, RIGHTARG = ext.{kind});" for o in ("=", "<>")))
    project = kit.Project(program, url, "include: ['t[0-9]*']\n")
    project.write("schema.yaml", "naming_convention: {primary_key: null}\ntables:\n" + "".join(
        f"  t{n}: {{columns: {{id: {{type: integer, primary_key: true, autoincrement: false}}, v: {{type: {{sql: '{to}'}}}}}}}}\n"
        for n, (_, _, to, _) in enumerate(there)))
    call(project, "migrate", "-m", "x")
    assert open(project.scripts()[0], "rb").read().count(b"assert") >= len(there)
    call(project, "upgrade")
    call(project, "check")
    call(project, "downgrade", "base")
    project.close()
    forget(engine, role)
    engine.drop()


PREPARED = {
    "it belongs to the role": "SET ROLE {role}; CREATE TABLE public.{table} ({columns})",
    "not a plain table": "SET ROLE {role}; CREATE TABLE public.hidden ({columns}); CREATE VIEW public.{table} AS SELECT * FROM public.hidden",
    "it has the trigger": "CREATE TABLE public.{table} ({columns}); GRANT TRIGGER ON public.{table} TO {role}; SET ROLE {role};"
                          "CREATE FUNCTION public.evil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'planted'; END $$;"
                          "CREATE TRIGGER t BEFORE INSERT ON public.{table} FOR EACH ROW EXECUTE FUNCTION public.evil()",
    "it has a rule": "CREATE TABLE public.{table} ({columns}); CREATE RULE r AS ON INSERT TO public.{table} DO INSTEAD NOTHING",
    "it has child tables": "CREATE TABLE public.{table} ({columns}); CREATE TABLE public.child () INHERITS (public.{table})",
}
COLUMNS = {
    "cmigrate_version": "version_num varchar(128) PRIMARY KEY",
    "cmigrate_history": "id bigint PRIMARY KEY, revision varchar(128), direction varchar(16), state varchar(16), checksum varchar(64),"
                        "file_checksum varchar(64), statements int, statements_done int, running int, done_checksum varchar(64),"
                        "running_checksum varchar(64), started varchar(32), finished varchar(32), error text, who varchar(255), tool varchar(64)",
}


def tables_of_others_are_not_used(program, engine):
    role = f"hostile_q{os.getpid()}"
    for table, columns in COLUMNS.items():
        for reason, text in PREPARED.items():
            url = engine.fresh("kept")
            engine.script(f"DROP ROLE IF EXISTS {role}; CREATE ROLE {role}; GRANT CREATE, USAGE ON SCHEMA public TO {role}")
            engine.script(text.format(role=role, table=table, columns=columns) + "; RESET ROLE")
            project = kit.Project(program, url)
            project.write("migrations/0001_first.sql", "-- cmigrate: revision 0001\n-- cmigrate: parents\n"
                          "-- cmigrate: upgrade\nCREATE TABLE note (id int4 PRIMARY KEY);\n-- cmigrate: downgrade\nDROP TABLE note;\n")
            for words in (["upgrade"], ["stamp", "0001"]):
                answer = project.call(*words, status=3)
                if reason.encode() not in answer.said or table.encode() not in answer.said:
                    raise AssertionError(f"{table}, {reason}: {answer.text()}")
            offline = project.call("upgrade", "--sql", "base:head", status=0).out.decode()
            refused = engine.client(offline).stderr.decode()
            if reason not in refused or table not in refused or "planted" in refused or engine.rows("SELECT to_regclass('note') IS NULL") != [("t",)]:
                raise AssertionError(f"{table}, {reason}, offline: {refused}")
            project.close()
            engine.drop()
            engine.script(f"DROP ROLE {role}", "postgres")


def a_script_sees_the_path_of_its_connection(program, engine):
    url = engine.fresh("path")
    engine.script('CREATE SCHEMA app; CREATE SCHEMA "Other"')
    project = kit.Project(program, url + "?options=-csearch_path%3Dapp%2Cpublic")
    project.write("migrations/0001_first.sql", "-- cmigrate: revision 0001\n-- cmigrate: parents\n-- cmigrate: upgrade\n"
                  "CREATE TABLE note (id int4 PRIMARY KEY);\nCREATE TABLE late (id int4);\n"
                  "CREATE FUNCTION at_end() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO late VALUES (NEW.id); RETURN NULL; END $$;\n"
                  "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON note DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION at_end();\n"
                  "INSERT INTO note VALUES (1);\n-- cmigrate: downgrade\nDROP TABLE note, late;\nDROP FUNCTION at_end;\n")
    project.write("migrations/0002_second.sql", "-- cmigrate: revision 0002\n-- cmigrate: parents 0001\n-- cmigrate: upgrade no-transaction\n"
                  "CREATE INDEX CONCURRENTLY ix_note ON note (id);\nINSERT INTO note VALUES (2);\nSET search_path = \"Other\";\nCREATE TABLE far (id int4);\n"
                  "CREATE TABLE farther (id int4);\n-- cmigrate: downgrade\nDROP TABLE \"Other\".far, \"Other\".farther;\nDROP INDEX ix_note;\n")
    project.write("migrations/0003_third.sql", "-- cmigrate: revision 0003\n-- cmigrate: parents 0002\n-- cmigrate: upgrade\n"
                  "CREATE TABLE near (id int4);\n-- cmigrate: downgrade\nDROP TABLE near;\n")
    call(project, "upgrade")
    found = set(engine.rows("SELECT relnamespace::regnamespace || '.' || relname FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text "
                            "IN ('app', '\"Other\"', 'public')"))
    wanted = {("app.note",), ("app.late",), ('"Other".far',), ('"Other".farther',), ("app.near",), ("app.cmigrate_version",), ("app.cmigrate_history",)}
    if found != wanted:
        raise AssertionError(found ^ wanted)
    if engine.rows("SELECT id FROM app.late ORDER BY id") != [("1",), ("2",)]:
        raise AssertionError("the deferred trigger")
    bad = "-- cmigrate: revision 0004\n-- cmigrate: parents 0003\n-- cmigrate: upgrade\nSELECT 1\n  , nothing FROM near;\n-- cmigrate: downgrade\n"
    project.write("migrations/0004_fourth.sql", bad)
    answer = project.call("upgrade", status=4)
    if b"0004_fourth.sql" not in answer.said:
        raise AssertionError(answer.text())
    os.remove(project.path("migrations", "0004_fourth.sql"))
    call(project, "downgrade", "base")
    call(project, "current")
    project.close()
    engine.drop()


if __name__ == "__main__":
    sys.exit(kit.run(what_a_script_asserts_is_asked_of_the_server_alone, types_of_extensions_are_not_compared_by_what_is_on_the_path, a_script_sees_the_path_of_its_connection, tables_of_others_are_not_used, losses_are_counted_by_the_server_alone,
                     a_superuser_never_runs_planted_code))
