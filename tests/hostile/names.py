#!/usr/bin/env python3
"""Names, comments, defaults, enum values and messages that try to break out of where they stand.

    names.py CMIGRATE sqlite|pg15|pg18|mariadb|mysql

Each goes through migrate, upgrade, offline SQL (run by the engine's own client), inspect, check, history and downgrade. The
engine itself says afterwards what its objects are called: exactly what the model says, and nothing else came into being.
Nothing that is printed carries a control character or one that turns the direction of writing.
"""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit

HOSTILE = [
    "it's", 'say "hi"', "back`tick", "br[ack]et", "semi;colon", "a; DROP TABLE victim; --", "'); DROP TABLE victim; --",
    '"; DROP TABLE victim; --', "`; DROP TABLE victim; --", "/* open", "close */ DROP TABLE victim", "*/", "--", "-- cmigrate: upgrade",
    "back\\slash", "end\\", "\\'; DROP TABLE victim; --", "$$", "$a$; DROP TABLE victim; $a$", "new\nline", "carriage\rreturn",
    "\n-- cmigrate: downgrade\nDROP TABLE victim", "tab\there", "\x1b[2Jescape", "bell\x07", "\u202eright to left", "zero\u200bwidth", "marks\u200e\u200f\u061c\ufeff\u2064",
    "\u2066isolate\u2069", "percent %s %n %d", "${HOME}", "{revision}", "/*!50000 DROP TABLE victim */", "#hash", "select", "order", "user",
    "DELIMITER //", "\\g", "\\! touch pwned", ".shell touch pwned", "ünïcödé ☃", "?", ":name", "a.b", '"a"."b"', "a,b", "(a)", "null",
    "~", "true", "- list", "key: value", "&anchor", "*alias", "!tag", "|", ">", "@x",
]
DIRTY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def is_clean(answer):
    for text in (answer.out, answer.err):
        found = DIRTY.search(text.decode("utf-8"))  # invalid UTF-8 in an answer is a fault too
        if found:
            raise AssertionError(f"{answer.words}: prints {found.group()!r}: {text[:300]!r}")


def comments_are_clean(text):
    """In SQL that is printed or written a name stands as it is, in its quotes; what we say beside it is escaped."""
    for line in text.decode("utf-8", "replace").split("\n"):
        if line.startswith("-- ") and DIRTY.search(line):
            raise AssertionError(f"a comment carries {DIRTY.search(line).group()!r}: {line!r}")


def key_of(name):
    """As the model writes a table's name: a dot in it stands in double quotes."""
    return '"' + name.replace('"', '""') + '"' if re.search(r'[."\x00-\x1f]', name) else name


def model(engine, names, comment):
    """One table for each name, with a column of that name; defaults, enum values and comments carry the others."""
    tables = {"victim": {"columns": {"id": {"type": "integer", "primary_key": True}}}}
    for i, name in enumerate(names):
        other = names[(i + 1) % len(names)]
        columns = {"id": {"type": "integer", "primary_key": True}, name: {"type": "string(200)", "default": other}}
        if i % 3 == 0:
            columns["kind"] = {"type": {"enum": [name, other]}, "default": other}
        table = tables[key_of(name)] = {"columns": columns, "indexes": {f"ix {i} {name}"[:50]: {"columns": [name]}}}
        if comment:
            table["comment"] = other
    return {"tables": tables}


def writable(engine, name):
    return engine.names_may_hold(name) and name.strip() == name


def history_of(project):
    answer = project.call("history", "--format", "json", status=0)
    return json.loads(answer.out)


def run(program, engine):
    names = [name for name in HOSTILE if writable(engine, name)]
    project = kit.Project(program, engine.fresh("names"))
    folded = {}
    for name in names:  # engines that fold case keep one of two that differ in case only
        folded.setdefault(name.lower(), name)
    names = list(folded.values())
    project.write("schema.yaml", json.dumps(model(engine, names, engine.comments() is not None), ensure_ascii=True))
    want = {("victim", "id")} | {(name, column) for name in names for column in ("id", name)}
    kinds = {(name, "kind") for i, name in enumerate(names) if i % 3 == 0}
    message = " ".join(HOSTILE)
    said = [project.call("migrate", "-m", message, status=0), project.call("upgrade", "-v", status=0)]
    have = engine.columns()
    if have != want | kinds:
        raise AssertionError(f"{engine.name}: missing {want | kinds - have}, too many {have - want - kinds}")
    if engine.comments() is not None and not set(names) <= engine.comments():
        raise AssertionError(f"{engine.name}: comments altered: {set(names) - engine.comments()}")
    said.append(project.call("check", status=0))
    said += [project.call("history", status=0), project.call("history", "-v", status=0), project.call("current", "-v", status=0)]
    if not any(message == entry.get("message") for entry in flatten(history_of(project))):
        raise AssertionError(f"{engine.name}: the message came back as another")
    inspected = project.call("inspect", status=0)
    project.write("again.yaml", inspected.out)
    said.append(project.call("diff", project.url, "again.yaml", "--exit-code", status=0))
    offline = project.call("upgrade", "--sql", status=0).out
    back = project.call("downgrade", "--sql", "head:base", status=0).out
    said.append(project.call("downgrade", "base", status=0))
    if engine.columns():
        raise AssertionError(f"{engine.name}: left behind: {engine.columns()}")
    for answer in said:
        is_clean(answer)
    comments_are_clean(offline + back)
    for path in project.scripts():
        with open(path, "rb") as file:
            comments_are_clean(file.read())
    by_client(engine, offline, want | kinds)
    by_client(engine, back, set())
    if os.path.exists(project.path("pwned")) or os.path.exists("pwned"):
        raise AssertionError("a name was run as a command")
    project.close()
    engine.drop()


def flatten(value):
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from flatten(item)
    elif isinstance(value, list):
        for item in value:
            yield from flatten(item)


def run_by_client(engine, sql):
    if isinstance(engine, kit.SQLite):
        done = subprocess.run(["sqlite3", "-bail", engine.file], input=sql, capture_output=True)
        if done.returncode or done.stderr:
            raise AssertionError(f"sqlite3: {done.stderr[:2000]!r}")
    else:
        engine.script(sql)


def by_client(engine, sql, want):
    """The offline script, run by the engine's own client."""
    run_by_client(engine, sql)
    if engine.columns() != want:
        raise AssertionError(f"{engine.name}: offline SQL made {engine.columns() ^ want}")


def long_names(program, engine):
    """10,000 characters: kept whole, or refused where the engine has a limit; never cut in silence."""
    name = "n" * 10000
    project = kit.Project(program, engine.fresh("long"))
    project.write("schema.yaml", json.dumps({"tables": {name: {"columns": {"id": {"type": "integer", "primary_key": True}}}}}))
    answer = project.call("migrate", "-m", "m" * 10000)
    if answer.status == 0:
        project.call("upgrade", status=0)
        if engine.columns() != {(name, "id")}:
            raise AssertionError(f"{engine.name}: a long name was cut: {[len(t) for t, _ in engine.columns()]}")
    elif answer.status != 2 or len(answer.said) > 8192:
        raise AssertionError(f"{engine.name}: a long name: exit {answer.status}: {answer.text()[:1000]}")
    project.close()
    engine.drop()


def bytes_that_are_no_text(program, engine):
    """NUL and invalid UTF-8 in the model, in a script, in a message: refused with words, or kept; nothing is written by halves."""
    project = kit.Project(program, engine.fresh("bytes"))
    for model_text in (b"tables:\n  a\x00b: {columns: {id: integer}}\n", b"tables:\n  \xff\xfe: {columns: {id: integer}}\n",
                       b'tables:\n  "a\\0b": {columns: {id: integer}}\n', b"\xff", b"\x00"):
        project.write("schema.yaml", model_text)
        answer = project.call("migrate", "-m", "bytes")
        if answer.status != 2 or not answer.err or project.scripts():
            raise AssertionError(f"{engine.name}: {model_text!r}: exit {answer.status}: {answer.text()}")
        is_clean(answer)
    project.write("schema.yaml", b"tables: {}\n")
    answer = project.call("migrate", "--empty", b"-m", b"\xff\xfe\x1b[2J")
    is_clean(answer)
    if answer.status == 0:
        is_clean(project.call("history", status=0))
        is_clean(project.call("upgrade", status=0))
    project.write("migrations/zz.sql", b"-- cmigrate: revision zz\n-- cmigrate: parents\n-- cmigrate: upgrade\nSELECT 1;\x00DROP TABLE x;\n")
    answer = project.call("upgrade", "zz")
    is_clean(answer)
    if answer.status == 0:
        raise AssertionError(f"{engine.name}: a script with NUL was run: {answer.text()}")
    project.close()
    engine.drop()


def errors(program, engine):
    """What the engine says of a hostile name or a hostile text is shown escaped, as text and as JSON, at once and in the history."""
    mark = "`" if isinstance(engine, kit.MySQL) else '"'
    dirty = "\x1b[2J\x07\u202egnol\u2066 \r\n\x7f\u200b\x9b31m"
    statements = [f"SELECT * FROM {mark}not {dirty} there{mark};", f"nonsense {dirty};", f"CREATE TABLE t (a INTEGER, {mark}{dirty}{mark} INTEGER, {mark}{dirty}{mark} INTEGER);"]
    if isinstance(engine, kit.Postgres):
        statements += [f"DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = '{dirty}', DETAIL = '{dirty}', HINT = '{dirty}'; END $$;",
                       f"DO $$ BEGIN RAISE WARNING '{dirty}'; RAISE NOTICE '{dirty}'; END $$;"]
    elif isinstance(engine, kit.MySQL):
        statements += [f"SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{dirty}';", f"SIGNAL SQLSTATE '01000' SET MESSAGE_TEXT = '{dirty}';"]
    else:
        statements.append(f"CREATE TABLE t (a); CREATE TRIGGER g BEFORE INSERT ON t BEGIN SELECT raise(ABORT, '{dirty}'); END; INSERT INTO t VALUES (1);")
    for statement in statements:
        project = kit.Project(program, engine.fresh("errors"))
        project.write("schema.yaml", b"tables: {}\n")
        project.write("migrations/a.sql", "-- cmigrate: revision aa\n-- cmigrate: parents\n-- cmigrate: message m\n-- cmigrate: upgrade\n" + statement + "\n")
        answer = project.call("upgrade", "-vv")
        if answer.status not in (0, 2, 4) or (answer.status == 0) != ("WARNING" in statement or "'01000'" in statement):
            raise AssertionError(f"{engine.name}: {statement!r}: exit {answer.status}: {answer.text()}")
        for each in (answer, project.call("upgrade", "--format", "json"), project.call("history", "-v"), project.call("history", "--format", "json"),
                     project.call("current", "-v"), project.call("check")):  # what prints SQL prints it as it is
            is_clean(each)
        project.close()
        engine.drop()


if __name__ == "__main__":
    sys.exit(kit.run(run, long_names, bytes_that_are_no_text, errors))
