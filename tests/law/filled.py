"""Random tables with rows in them, and edits that keep the values: renames, wider types, keys, checks and defaults, new and dropped columns.

A table is a dict: number, name, key (the name of its primary key, always called with the number 0), auto (it counts), columns, generated
(None, or a generated column), view, trigger, pair (a unique key of two columns). A column is a dict: number, name, family, type, null,
default, comment, check, unique, index, refers (the number of a table), on_delete, values (of an enum), few (a text with an enum's values).
"""
import copy

NAMES = ["a b", "Größe", "we'ird", "group", "t1", "select", "x-y", 'q"q', "name", "index", "n2", "value", "user", "order", "p", "code", "kind"]
FAMILIES = {"int": ["smallint", "integer", "bigint"], "text": ["string(20)", "string(60)", "text"], "number": ["numeric(8,2)", "numeric(12,4)"],
            "bool": ["boolean"], "date": ["date"], "time": ["datetime"], "enum": ["enum"], "blob": ["blob"], "json": ["json"]}
OFTEN = ["int", "int", "text", "text", "number", "bool", "date", "time", "enum", "enum", "blob", "json"]
DEFAULTS = {"int": 5, "text": "it's", "number": "1.50", "bool": True, "date": "2020-01-02", "time": "2020-01-02 03:04:05"}
TEXTS = ["a'b", "ü\\", "x ", "NULL", "", "-- c", "${x}", "😀", "1", "\\n"]


def table_of(schema, number):
    return next((t for t in schema if t["number"] == number), None)


def column_of(table, number):
    return next((c for c in table["columns"] if c["number"] == number), None)


def default_of(column):
    if column["family"] == "enum":
        return column["values"][0]
    return "red" if column["few"] else DEFAULTS.get(column["family"])


def value_of(column, row, rng, referred):
    """What row number `row` has in the column: None, a number, bytes, or the text that its literal has."""
    if column["null"] and rng.random() < 0.25:
        return None
    if column["refers"]:
        return rng.choice(referred)
    text = ["red", "green"][row % 2] if column["few"] else TEXTS[row % len(TEXTS)] + (str(row) if column["unique"] else "")
    return {"int": row * 7 - 3, "text": text, "number": f"{row}.{row % 100:02d}", "bool": row % 2, "date": f"2024-02-{row % 28 + 1:02d}",
            "time": f"2024-02-01 12:00:{row % 60:02d}", "enum": (column["values"] or [None])[row % len(column["values"] or [None])],
            "blob": b"\x00\xff'" + bytes([row]), "json": '{"k": %d, "s": "a\'b"}' % row}[column["family"]]


class Filled:
    def __init__(self, rng):
        self.rng, self.number = rng, 0

    def next(self):
        self.number += 1
        return self.number

    def called(self, taken):
        free = [n for n in NAMES if n.lower() not in {t.lower() for t in taken}]
        return self.rng.choice(free) if free and self.rng.random() < 0.6 else f"n{self.next()}"

    @staticmethod
    def names_in(table):
        return [c["name"] for c in table["columns"]] + [table["key"]] + ([table["generated"]["name"]] if table["generated"] else [])

    # ---- making

    def column(self, table, **stated):
        chance, family = self.rng.random, self.rng.choice(OFTEN)
        few = family == "text" and chance() < 0.4
        c = {"number": self.next(), "name": self.called(self.names_in(table)), "family": family, "type": self.rng.choice(FAMILIES[family][:2]),
             "null": chance() < 0.6, "default": chance() < 0.3, "comment": "it's" if chance() < 0.15 else None, "check": family == "int" and chance() < 0.3,
             "unique": (family == "int" or (family == "text" and not few)) and chance() < 0.25,
             "index": family in ("int", "number", "date", "enum") and chance() < 0.3, "refers": None, "on_delete": None,
             "values": ["red", "green", "b'lue"][:self.rng.randint(2, 3)] if family == "enum" else None, "few": few}
        return {**c, **stated}

    def reference(self, table, schema):
        null = self.rng.random() < 0.5
        return self.column(table, family="int", type="integer", refers=self.rng.choice(schema)["number"], null=null, check=False, default=False, unique=False,
                           values=None, few=False, on_delete=self.rng.choice([None, "cascade", "set null"] if null else [None, "cascade"]))

    def table(self, schema):
        t = {"number": self.next(), "name": self.called([x["name"] for x in schema]), "key": "id", "auto": self.rng.random() < 0.5, "columns": [],
             "generated": None, "view": self.rng.random() < 0.3, "trigger": self.rng.random() < 0.2, "pair": self.rng.random() < 0.3}
        for _ in range(self.rng.randint(2, 5)):
            t["columns"].append(self.column(t))
        if schema and self.rng.random() < 0.6:
            t["columns"].append(self.reference(t, schema))
        if self.rng.random() < 0.3:
            self.generate(t)
        return t

    def generate(self, table):
        numbers = [c for c in table["columns"] if c["family"] == "int" and not c["refers"]]
        if numbers and not table["generated"]:
            table["generated"] = {"name": self.called(self.names_in(table)), "of": self.rng.choice(numbers)["number"]}

    def schema(self):
        schema = []
        for _ in range(self.rng.randint(1, 3)):
            schema.append(self.table(schema))
        return schema

    # ---- editing; each edit leaves alone what it would lose a value of, but for the drops

    def edit(self, schema, rows):
        """Another schema, a rename first. `rows`: {table: {key: {column: value}}} of `schema`."""
        schema = copy.deepcopy(schema)
        edits = [name[5:] for name in dir(self) if name.startswith("edit_")]
        names = ["rename_column", "rename_table", "rename_key", "pass_on_name", "reuse_name"]
        for number in range(self.rng.randint(1, 4)):
            table = self.rng.choice(schema)
            column = self.rng.choice(table["columns"])
            held = [row[column["number"]] for row in rows.get(table["number"], {}).values() if column["number"] in row]
            getattr(self, "edit_" + self.rng.choice(edits if number else names))(schema, table, column, held)
        return schema

    def edit_rename_column(self, schema, table, column, held):
        column["name"] = self.called(self.names_in(table))

    def edit_rename_table(self, schema, table, column, held):
        table["name"] = self.called([t["name"] for t in schema])

    def edit_rename_key(self, schema, table, column, held):
        table["key"] = self.called(self.names_in(table))

    def edit_pass_on_name(self, schema, table, column, held):
        other = self.rng.choice(table["columns"])
        if other is not column:
            other["name"], column["name"] = column["name"], self.called(self.names_in(table))

    def edit_reuse_name(self, schema, table, column, held):
        name, column["name"] = column["name"], self.called(self.names_in(table))
        table["columns"].append(self.column(table, name=name, null=True, unique=False))

    def edit_rename_generated(self, schema, table, column, held):
        if table["generated"]:
            table["generated"]["name"] = self.called(self.names_in(table))

    def edit_widen(self, schema, table, column, held):
        types = FAMILIES[column["family"]]
        if not column["refers"] and column["type"] in types[:-1]:
            column["type"] = types[types.index(column["type"]) + 1]
            if column["type"] == "text":
                column["unique"] = column["index"] = False

    def edit_null(self, schema, table, column, held):
        if held and not (column["null"] and None in held):
            column["null"] = not column["null"]
            if not column["null"] and column["on_delete"] == "set null":
                column["on_delete"] = None

    def edit_default(self, schema, table, column, held):
        column["default"] = not column["default"] and not column["refers"]

    def edit_comment(self, schema, table, column, held):
        column["comment"] = "new; one"

    def edit_check(self, schema, table, column, held):
        column["check"] = column["family"] == "int" and not column["refers"] and not column["check"]

    def edit_unique(self, schema, table, column, held):
        column["unique"] = column["family"] in ("int", "date") and not column["refers"] and not column["unique"]

    def edit_index(self, schema, table, column, held):
        column["index"] = column["family"] in ("int", "number", "date", "enum") and not column["index"]

    def edit_pair(self, schema, table, column, held):
        table["pair"] = not table["pair"]

    def edit_add_column(self, schema, table, column, held):
        new = self.column(table, unique=False)
        if not new["null"]:
            new["null"] = default_of(new) is None or new["type"] == "text"
            new["default"] = not new["null"]
        table["columns"].insert(self.rng.randint(0, len(table["columns"])), new)

    def edit_drop_column(self, schema, table, column, held):
        """Not one that downgrade could not fill again."""
        needed = table["generated"] and table["generated"]["of"] == column["number"]
        if len(table["columns"]) > 1 and not needed and (column["null"] or column["default"]):
            table["columns"].remove(column)

    def edit_drop_table(self, schema, table, column, held):
        if len(schema) > 1 and not any(c["refers"] == table["number"] for t in schema if t is not table for c in t["columns"]):
            schema.remove(table)

    def edit_add_table(self, schema, table, column, held):
        schema.append(self.table(schema))

    def edit_move(self, schema, table, column, held):
        table["columns"].remove(column)
        table["columns"].insert(self.rng.randint(0, len(table["columns"])), column)

    def edit_values(self, schema, table, column, held):
        if column["family"] == "enum":
            new = f"v{self.next()}"
            column["values"] = self.rng.choice([column["values"] + [new], [new] + column["values"], column["values"][::-1]])

    def edit_to_enum(self, schema, table, column, held):
        if column["few"] and not column["unique"]:
            column.update(family="enum", type="enum", values=["red", "green", "other"], few=False)

    def edit_from_enum(self, schema, table, column, held):
        if column["family"] == "enum":
            column.update(family="text", type="string(20)", values=None)

    def edit_to_text(self, schema, table, column, held):
        needed = table["generated"] and table["generated"]["of"] == column["number"]
        if column["family"] in ("int", "date") and not column["refers"] and not column["check"] and not needed:
            column.update(family="text", type="string(60)", default=False)

    def edit_to_time(self, schema, table, column, held):
        if column["family"] == "date":
            column.update(family="time", type="datetime")

    def edit_action(self, schema, table, column, held):
        if column["refers"]:
            column["on_delete"] = self.rng.choice([None, "cascade"])

    def edit_generate(self, schema, table, column, held):
        self.generate(table)

    def edit_counter(self, schema, table, column, held):
        table["auto"] = not table["auto"]
