#!/usr/bin/env python3
"""Every kind of object with a name that tries to break out, made, changed, renamed and taken back; every word that the engine
reserves as a name; texts of 10,000 characters.

    objects.py CMIGRATE sqlite|pg15|pg18|mariadb|mysql

What names.py asks of tables as they are made, this asks of what changes them: each statement of ALTER, RENAME, COMMENT and DROP carries
the names too. Each revision is run by the program and, as offline SQL, by the engine's own client; both must leave the same.
"""
import ctypes
import ctypes.util
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit
from names import flatten, is_clean, key_of, run_by_client

# pairs: what a thing is called, and what it is renamed to
HOSTILE = [
    ("it's; --", 'say "hi"; --'), ("`; DROP TABLE victim; --", "'); DROP TABLE victim; --"), ("/* open", "*/ close /*"),
    ("back\\slash\\", "\\'; DROP TABLE victim; --"), ("$$; DROP TABLE victim; $$", "new\nline; --"), ("\x1b[2J\x07", "\u202eleft\u2066"),
    ("-- cmigrate: upgrade", "\n-- cmigrate: downgrade"), ("/*!50000 x */ # y", "DELIMITER //"), ("a.b", 'c."d".e'), ("%s %n {table} ${HOME}", "{revision}?:x"),
]


def quoted(engine, name):
    mark = "`" if isinstance(engine, kit.MySQL) else '"'
    return mark + name.replace(mark, mark * 2) + mark


def literal(engine, text):
    text = text.replace("'", "''")
    return "'" + (text.replace("\\", "\\\\") if isinstance(engine, kit.MySQL) else text) + "'"


def text_column(engine, name, length, old=None):
    """Its default and its comment try what its name does."""
    made = {"type": f"string({length})", "default": name, "nullable": False}
    if engine.key != "sqlite":
        made["comment"] = name
    if old is not None:
        made["renamed_from"] = old
    return made


def doubles_backticks(engine):
    """MariaDB before 10.11.19 does not, in the foreign keys that it prints: nobody can read such a name there."""
    if engine.key != "mariadb":
        return True
    engine.script("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int, CONSTRAINT `k``` FOREIGN KEY (id) REFERENCES a (id))")
    printed = engine.client("SHOW CREATE TABLE b").stdout
    engine.script("DROP TABLE b; DROP TABLE a")
    return b"CONSTRAINT `k``` FOREIGN KEY" in printed


def table(engine, turn, i):
    """Turn 1 is turn 0 with other names and texts, a column less and one more."""
    old, name, other = HOSTILE[i][0], HOSTILE[i][turn], HOSTILE[(i + 1) % len(HOSTILE)][turn]
    parent = "parent of " + name
    columns = {"id": {"type": "integer", "primary_key": True}, name: text_column(engine, name, 100 + turn, old if turn else None),
               parent: {"type": "integer", **({"renamed_from": "parent of " + old} if turn else {})}}
    columns["kind"] = {"type": f"type {i}" if engine.key.startswith("pg") else {"enum": values(turn, i)}, "default": values(turn, i)[turn]}
    columns[f"only in {turn} {name}"] = text_column(engine, other, 100)
    made = {"columns": columns, "unique": {f"uq {i} {name}": [parent, name]}, "indexes": {f"ix {i} {name}": {"columns": [name, "id"]}},
            "checks": {f"ck {i} {name}": f"{quoted(engine, name)} <> {literal(engine, other)}"},
            "foreign_keys": {f"fk {i} {name}": {"columns": [parent], "references": '"' + other.replace('"', '""') + '"("id")'}}}
    if not engine.doubles_backticks and "`" in name + other:
        del made["foreign_keys"]
    if engine.key != "sqlite":
        made["comment"] = "comment " + name
    if turn:
        made["renamed_from"] = key_of(old)
    return made


def values(turn, i):
    return [*HOSTILE[i], *(["third " + HOSTILE[i][1]] if turn else [])]


def model(engine, turn):
    whole = {"tables": {"victim": {"columns": {"id": {"type": "integer", "primary_key": True}}}}, "views": {}}
    for i, pair in enumerate(HOSTILE):
        name, here = pair[turn], quoted(engine, pair[turn])
        whole["tables"][key_of(name)] = table(engine, turn, i)
        whole["views"][key_of(f"view of {name}")] = f"SELECT {here} FROM {here} WHERE {here} <> {literal(engine, name)}"
        if engine.key.startswith("pg"):
            whole.setdefault("types", {})[f"type {i}"] = {"enum": values(turn, i), "comment": name}
            whole.setdefault("schemas", []).append(key_of("schema " + name))
        if engine.key.startswith("pg") or engine.key == "mariadb":
            whole.setdefault("sequences", {})[key_of("seq " + name)] = {"start": 5 + turn, "comment": name}
    return whole


def columns_of(engine):
    return {(table, name) for table, name in engine.columns() if not table.startswith(("view of", "seq "))}


def wanted(engine, turn):
    tables = model(engine, turn)["tables"]
    names = {key_of(pair[turn]): pair[turn] for pair in HOSTILE}
    return {(names.get(key, key), name) for key, made in tables.items() for name in made["columns"]}


def objects(program, engine):
    """Made, changed to other names, and taken back: by the program, and by the client from what `--sql` writes."""
    project = kit.Project(program, engine.fresh("objects"))
    engine.doubles_backticks = doubles_backticks(engine)
    said, offline = [], []
    for turn in (0, 1):
        project.write("schema.yaml", json.dumps(model(engine, turn)))
        said.append(project.call("migrate", "-m", HOSTILE[turn][turn], "--rev-id", f"r{turn}", status=0))
        said += [project.call("upgrade", "-v", status=0), project.call("check", status=0)]
        if columns_of(engine) != wanted(engine, turn):
            raise AssertionError(f"{engine.name}: turn {turn}: {columns_of(engine) ^ wanted(engine, turn)}")
        offline.append((project.call("upgrade", "--sql", "r0:r1" if turn else "r0", status=0).out, wanted(engine, turn)))
    for back, turn in (("r1:r0", 0), ("r0:base", None)):
        offline.append((project.call("downgrade", "--sql", back, status=0).out, set() if turn is None else wanted(engine, turn)))
        said.append(project.call("downgrade", back.split(":")[1], status=0))
        if columns_of(engine) != offline[-1][1]:
            raise AssertionError(f"{engine.name}: back {back}: {columns_of(engine) ^ offline[-1][1]}")
    said += [project.call(*words, status=0) for words in (["history", "-v"], ["show", "r1"], ["history", "--format", "json"])]
    for answer in said:
        is_clean(answer)
    for sql, want in offline:
        run_by_client(engine, sql)
        if columns_of(engine) != want:
            raise AssertionError(f"{engine.name}: offline SQL made {columns_of(engine) ^ want}")
    project.close()
    engine.drop()


def reserved_of(engine):
    """The words that the engine itself says it knows."""
    if isinstance(engine, kit.Postgres):
        return [row[0] for row in engine.rows("SELECT word FROM pg_get_keywords() ORDER BY 1")]
    if isinstance(engine, kit.MySQL):
        found = [row[0].lower() for row in engine.rows("SELECT HEX(word) FROM information_schema.keywords ORDER BY 1")]
        return [word for word in found if re.fullmatch("[a-z_]+", word) and word != "primary"]  # no index may be called that
    library = ctypes.CDLL(ctypes.util.find_library("sqlite3"))
    found, text, size = [], ctypes.c_char_p(), ctypes.c_int()
    for i in range(library.sqlite3_keyword_count()):
        library.sqlite3_keyword_name(i, ctypes.byref(text), ctypes.byref(size))
        found.append(text.value[:size.value].decode().lower())
    return found


def reserved_words(program, engine):
    """Each as table, column, index, constraint and view: in no place is one left without its quotes."""
    project = kit.Project(program, engine.fresh("words"))
    words = sorted(set(reserved_of(engine)))
    if len(words) < 100:
        raise AssertionError(f"{engine.name}: only {len(words)} words")
    first = {}
    for i in range(0, len(words), 24):
        some = words[i:i + 24]
        made = first[some[0] + "_"] = {"columns": {"id": {"type": "integer", "primary_key": True}, **{word: "integer" for word in some}},
                                       "checks": {word: f"{quoted(engine, word)} > 0" for word in some}}
        made["indexes"] = {word if isinstance(engine, kit.MySQL) else "ix " + word: {"columns": [word]} for word in some}
        first[some[-1]] = {"columns": {some[-1]: {"type": "integer", "primary_key": True}, "x": "integer"}}
    project.write("schema.yaml", json.dumps({"tables": first}))
    want = {(table, name) for table, made in first.items() for name in made["columns"]}
    project.call("migrate", "-m", "words", "--rev-id", "r0", status=0)
    offline = project.call("upgrade", "--sql", status=0).out
    project.call("upgrade", status=0)
    project.call("check", status=0)
    if engine.columns() != want:
        raise AssertionError(f"{engine.name}: {engine.columns() ^ want}")
    for made in first.values():  # every word once more, in what alters
        for name, column in made["columns"].items():
            if column == "integer":
                made["columns"][name] = {"type": "bigint", "nullable": False, "default": 7}
    project.write("schema.yaml", json.dumps({"tables": first}))
    project.call("migrate", "-m", "altered", "--rev-id", "r1", status=0)
    project.call("upgrade", status=0)
    project.call("check", status=0)
    back = project.call("downgrade", "--sql", "r0:base", status=0).out
    project.call("downgrade", "base", status=0)
    run_by_client(engine, offline)
    if engine.columns() != want:
        raise AssertionError(f"{engine.name}: offline SQL made {engine.columns() ^ want}")
    run_by_client(engine, back)
    if engine.columns():
        raise AssertionError(f"{engine.name}: offline SQL left {engine.columns()}")
    project.close()
    engine.drop()


def long_texts(program, engine):
    """10,000 characters of everything that is no name: kept whole, or refused by an error of a bounded size; never cut in silence."""
    text = "'\\;*/\n\u202e--" * 1111
    refused = 0
    for i, made in enumerate(({"columns": {"a": {"type": "integer", "comment": text}}}, {"columns": {"a": "integer"}, "comment": text},
                              {"columns": {"a": {"type": "text" if engine.key in ("sqlite", "pg15", "pg18") else "string(12000)", "default": text}}},
                              {"columns": {"a": {"type": {"enum": ["a", text]}}}}, {"columns": {"a": "string(12000)"}, "checks": {"c": f"a <> {literal(engine, text)}"}},
                              {"columns": {"a": "integer"}, "indexes": {text: {"columns": ["a"]}}}, {"columns": {"a": "integer", text: "integer"}},
                              {"columns": {"a": {"type": text}}}, {"columns": {"a": {"type": "integer", "collation": text}}})):
        project = kit.Project(program, engine.fresh(f"long{i}"))
        project.write("schema.yaml", json.dumps({"tables": {"t": made}}))
        answer = project.call("migrate", "-m", text)
        if answer.status == 0:
            offline = project.call("upgrade", "--sql", status=0).out
            answer = project.call("upgrade")
            if answer.status == 0:
                project.call("check", status=0)
                if not any(entry.get("message") == text for entry in flatten(json.loads(project.call("history", "--format", "json", status=0).out))):
                    raise AssertionError(f"{engine.name}: a long message was altered")
                project.call("downgrade", "base", status=0)
                run_by_client(engine, offline)
                project.call("check", status=0)
        if answer.status:
            refused += 1
            if answer.status not in (2, 4) or len(answer.err) > 20_000:
                raise AssertionError(f"{engine.name}: {i}: exit {answer.status}, {len(answer.err)} bytes: {answer.text()[:1000]}")
        is_clean(answer)
        project.close()
        engine.drop()
    if refused > 7:
        raise AssertionError(f"{engine.name}: nothing long is taken")


if __name__ == "__main__":
    sys.exit(kit.run(objects, reserved_words, long_texts))
