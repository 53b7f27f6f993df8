#!/usr/bin/env python3
"""Random tables with rows, edits of them in one revision, and the values, which must stay what they were.

    rows.py [--engine sqlite|pg15|pg18|mariadb|mysql] [--seed N] [--pairs N] [--first N] [--keep FOLDER] CMIGRATE

upgrade reaches the model; each value of each column that stays is the same after it, whatever its column and table are called then; downgrade
gives back all of them but those of dropped columns, and the counters of keys; and all of it again. A project that breaks this is
copied to FOLDER. Pair K of a seed is the same on every machine. Exit status: 0 all hold, 1 not, 77 no server.
"""
import argparse
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
from decimal import Decimal, InvalidOperation

from filled import Filled, column_of, default_of, table_of, value_of
from laws import Broken, Project
from run import ENGINES, open_engine

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import sqlclient


def quoted_key(name):
    return '"' + name.replace('"', '""') + '"' if '"' in name or "." in name else name


class Side:
    """One engine: how it spells things, and how its rows are read."""

    def __init__(self, engine, url):
        self.engine, self.name = engine, engine.name
        self.client = sqlclient.of(engine.server) if url else None

    def quoted(self, name):
        mark = "`" if self.name == "mysql" else '"'
        return mark + name.replace(mark, mark * 2) + mark

    def text(self, text):
        return "'" + (text.replace("\\", "\\\\") if self.name == "mysql" else text).replace("'", "''") + "'"

    def literal(self, column, value):
        if value is None:
            return "NULL"
        if column["family"] == "bool":
            return "true" if value else "false"
        if isinstance(value, bytes):
            return f"'\\x{value.hex()}'" if self.name == "postgresql" else f"x'{value.hex()}'"
        return str(value) if isinstance(value, int) else self.text(value)

    def ask(self, url, text):
        """Lines of fields; a field is None, or a text."""
        if self.name == "sqlite":
            connection = sqlite3.connect(url.removeprefix("sqlite:///"))
            connection.text_factory = lambda b: b.decode("utf-8", "replace")
            try:
                if not text.startswith("SELECT"):
                    connection.executescript(text)
                    return []
                return [[None if f is None else f.hex() if isinstance(f, bytes) else str(f) for f in row] for row in connection.execute(text)]
            finally:
                connection.close()
        done = self.client.run(text, url.rsplit("/", 1)[1])
        if done.returncode:
            raise Broken(done.stderr.decode("utf-8", "replace"))
        return [[None if f == "-" else f for f in line.split("|")] for line in done.stdout.decode().splitlines() if line.startswith("=")]

    def field(self, name, family):
        """An expression for the column's text, in hexadecimal digits on a server, where a value may hold anything."""
        name = self.quoted(name)
        if self.name == "sqlite":
            return name
        if self.name == "mysql":
            return f"COALESCE(HEX({name if family == 'blob' else f'CAST({name} AS CHAR)'}),'-')"
        bytes_of = name if family == "blob" else f"convert_to({name}::text,'UTF8')"
        return f"coalesce(encode({bytes_of},'hex'),'-')"

    def rows(self, url, schema):
        """{table: {key: {column: text}}}"""
        found = {}
        for table in schema:
            columns = [(0, table["key"], "int")] + [(c["number"], c["name"], c["family"]) for c in table["columns"]]
            fields = [self.field(name, family) for _, name, family in columns]
            listed = ", ".join(fields) if self.name == "sqlite" else f"concat_ws('|', '=', {', '.join(fields)})"
            found[table["number"]] = {}
            for row in self.ask(url, f"SELECT {listed} FROM {self.quoted(table['name'])}" + ("" if self.name == "sqlite" else ";\n")):
                if self.name != "sqlite":
                    row = [f and (f.lower() if family == "blob" else bytes.fromhex(f).decode()) for f, (_, _, family) in zip(row[1:], columns)]
                found[table["number"]][int(row[0])] = {number: same_form(text) for (number, _, _), text in zip(columns, row)}
        return found

    def counter(self, url, table):
        name, key = self.quoted(table["name"]), self.text(table["key"])
        if self.name == "sqlite":
            return self.ask(url, f"SELECT seq FROM sqlite_sequence WHERE name = {self.text(table['name'])}")
        if self.name == "mysql":
            shown = self.client.run(f"SHOW CREATE TABLE {name};\n", url.rsplit("/", 1)[1]).stdout.decode()
            return shown[shown.find("AUTO_INCREMENT="):].split()[0]
        return self.ask(url, f"SELECT '=|' || nextval(pg_get_serial_sequence({self.text(name)}, {key})) / 100;\n")

    def insert(self, schema, rng):
        """Statements that fill the tables, and let a counter run ahead of its keys."""
        text, keys = [], {}
        for table in schema:
            name = self.quoted(table["name"])
            keys[table["number"]] = [row * 2 for row in range(1, rng.randint(3, 9) + 1)]
            for row in keys[table["number"]]:
                values = [str(row)] + [self.literal(c, value_of(c, row, rng, keys.get(c["refers"]))) for c in table["columns"]]
                columns = [table["key"]] + [c["name"] for c in table["columns"]]
                text.append(f"INSERT INTO {name} ({', '.join(map(self.quoted, columns))}) VALUES ({', '.join(values)});")
            if table["auto"]:
                text.append({"sqlite": f"UPDATE sqlite_sequence SET seq = 500 WHERE name = {self.text(table['name'])};",
                             "mysql": f"ALTER TABLE {name} AUTO_INCREMENT = 501;",
                             "postgresql": f"SELECT setval(pg_get_serial_sequence({self.text(name)}, {self.text(table['key'])}), 500);"}[self.name])
        return "\n".join(text) + "\n"

    # ---- the model

    def column(self, column, schema, before):
        made = {"enum": column["values"]} if column["family"] == "enum" else {"type": column["type"]}
        if not column["null"]:
            made["nullable"] = False
        if column["default"] and default_of(column) is not None and not (self.name == "mysql" and column["type"] == "text"):
            made["default"] = default_of(column)
        if column["comment"] and self.name != "sqlite":
            made["comment"] = column["comment"]
        if column["check"]:
            made["check"] = f"{self.quoted(column['name'])} > -100"
        for key in "unique", "index":
            if column[key] and column["type"] != "text":
                made[key] = True
        if column["refers"]:
            referred = table_of(schema, column["refers"])
            made["references"] = '"{}"("{}")'.format(*(n.replace('"', '""') for n in (referred["name"], referred["key"])))
            if column["on_delete"]:
                made["on_delete"] = column["on_delete"]
        if before and before["name"] != column["name"]:
            made["renamed_from"] = before["name"]
        return made

    def table(self, table, schema, old):
        key = {"type": "integer", "primary_key": True}
        if not table["auto"] or self.name == "sqlite":
            key["autoincrement"] = table["auto"]
        if old and old["key"] != table["key"]:
            key["renamed_from"] = old["key"]
        columns = {table["key"]: key}
        for column in table["columns"]:
            columns[column["name"]] = self.column(column, schema, old and column_of(old, column["number"]))
        of = table["generated"] and column_of(table, table["generated"]["of"])
        if of:
            columns[table["generated"]["name"]] = {"type": "integer", "generated": f"{self.quoted(of['name'])} + 1", "stored": True}
            if old and old["generated"] and old["generated"]["name"] != table["generated"]["name"]:
                columns[table["generated"]["name"]]["renamed_from"] = old["generated"]["name"]
        made = {"columns": columns}
        paired = [c for c in table["columns"] if c["family"] in ("int", "date") and not c["refers"]]
        if table["pair"] and paired:
            made["unique"] = {f"pair{table['number']}": [table["key"], paired[0]["name"]]}
        if old and old["name"] != table["name"]:
            made["renamed_from"] = old["name"]
        return made

    def trigger(self, table):
        name, column = self.quoted(table["name"]), self.quoted(table["columns"][0]["name"])
        body = (f"AFTER UPDATE OF {column} ON {name} BEGIN DELETE FROM {name} WHERE {self.quoted(table['key'])} < -5; END" if self.name == "sqlite"
                else f"BEFORE UPDATE ON {name} FOR EACH ROW SET @x = NEW.{column}")
        return {"table": table["name"], "definition": f"CREATE TRIGGER tr{table['number']} {body}"}

    def model(self, schema, before):
        made = {"tables": {quoted_key(t["name"]): self.table(t, schema, before and table_of(before, t["number"])) for t in schema}, "views": {},
                "triggers": {f"tr{t['number']}": self.trigger(t) for t in schema if t["trigger"] and self.name != "postgresql"}}
        for table in schema:
            if table["view"]:
                listed = "".join(f", {self.quoted(c['name'])} AS c{c['number']}" for c in table["columns"][:2])
                made["views"][f"v{table['number']}"] = f"SELECT {self.quoted(table['key'])} AS id{listed} FROM {self.quoted(table['name'])}"
        return made


def same_form(text):
    """Numbers, times and truth values in one form, so that a wider type shows no difference."""
    text = {"t": "1", "f": "0", "true": "1", "false": "0"}.get(text, text)
    try:
        return str(Decimal(text).normalize()) if text and text.strip() == text else text
    except InvalidOperation:
        pass
    if text.startswith("{"):
        return json.dumps(json.loads(text), sort_keys=True)
    return text.removesuffix(" 00:00:00").removesuffix(".0")


def compare(what, before, after, stays):
    """`stays`: the columns that must have their values, by table."""
    for table, columns in stays.items():
        if set(before[table]) != set(after[table]):
            raise Broken(f"{what}: table {table} has other rows")
        for key, row in before[table].items():
            for column in columns:
                if row[column] != after[table][key][column]:
                    raise Broken(f"{what}: table {table}, column {column}, row {key}: {row[column]!r} is {after[table][key][column]!r}")


def uncertain(old, new):
    """Whether what happened to `old`, names by number, cannot be told from the names: a new thing has the name of one that goes, or a renamed one,
    or names go round."""
    gone = {name.lower() for number, name in old.items() if number not in new}
    if any(number not in old and name.lower() in gone for number, name in new.items()):
        return True
    for number, name in new.items():
        passed = set()
        while number is not None and number in old and number in new and old[number] != new[number]:
            if number in passed:
                return True
            passed.add(number)
            number = next((n for n, held in old.items() if held.lower() == new[number].lower()), None)
        if number is not None and passed and number not in new:
            return True
    return False


def names(table):
    return {0: table["key"], -1: table["generated"] and table["generated"]["name"] or "", **{c["number"]: c["name"] for c in table["columns"]}}


def check(side, project, rng):
    """Raises Broken where a value changes, or a command fails. A pair that states no new model, or no certain rename, is passed over."""
    maker = Filled(rng)
    first = maker.schema()
    project.model(side.model(first, None))
    project.run("migrate", "-m", "first")
    project.run("upgrade")
    side.ask(project.url, side.insert(first, rng))
    before = side.rows(project.url, first)
    second = maker.edit(first, before)
    if side.model(first, None) == side.model(second, first) or uncertain(*({t["number"]: t["name"] for t in s} for s in (first, second))):
        return
    if any(uncertain(names(t), names(table_of(second, t["number"]))) for t in first if table_of(second, t["number"])):
        return
    stays = {t["number"]: [0] + [c["number"] for c in t["columns"] if column_of(table_of(second, t["number"]), c["number"])]
             for t in first if table_of(second, t["number"])}
    counting = [(t, table_of(second, t["number"])) for t in first if t["auto"] and t["number"] in stays and table_of(second, t["number"])["auto"]]
    counters = [side.counter(project.url, table) for table, _ in counting]
    project.model(side.model(second, first))
    project.run("migrate", "-m", "second")
    for turn in "upgrade", "second upgrade":
        project.run("upgrade")
        project.run("check")
        compare(turn, before, side.rows(project.url, second), stays)
        if counters != [side.counter(project.url, table) for _, table in counting]:
            raise Broken(f"{turn}: a key counts from elsewhere")
        project.run("downgrade")
        compare("downgrade", before, side.rows(project.url, first), stays)
        if counters != [side.counter(project.url, table) for table, _ in counting]:
            raise Broken("downgrade: a key counts from elsewhere")


def main():
    p = argparse.ArgumentParser(usage=__doc__)
    p.add_argument("--engine", choices=sorted(ENGINES), default="sqlite")
    p.add_argument("--seed", default="1")
    p.add_argument("--pairs", type=int, default=10)
    p.add_argument("--first", type=int, default=0)
    p.add_argument("--keep", default="law-failures")
    p.add_argument("program")
    o = p.parse_args()
    engine = open_engine(o.engine)
    if not engine:
        print(f"no server for {o.engine}")
        return 77
    side, work, failures = Side(engine, o.engine != "sqlite"), tempfile.mkdtemp(prefix="cmrows-"), 0
    try:
        for number in range(o.first, o.first + o.pairs):
            project = Project(os.path.abspath(o.program), engine, work, "a")
            try:
                check(side, project, random.Random(f"{o.engine} {o.seed} {number}"))
            except Broken as e:
                failures += 1
                kept = os.path.join(o.keep, f"rows-{o.engine}-{o.seed}-{number}")
                shutil.copytree(project.folder, kept, dirs_exist_ok=True)
                print(f"pair {number}: {e}\n  kept: {kept}\n", flush=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        engine.close()
    print(f"{o.engine}, seed {o.seed}: the values stay in {o.pairs - failures} of {o.pairs} pairs")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
