"""Schemas as flat lists of parts that refer to each other by number, so that a rename reaches all of them: what engines share.

A part is a dict: number, kind, name, table (the number of the table that it is a part of, or None), on (the numbers of all that
it needs), and what else its kind has. An engine's class has
    KINDS                       kind -> how often one is added
    RENAMED                     the kinds whose renames a model can state
    make_<kind>(rng, schema, table)   a new part, without number and kind; None: none can be made here
    is_sound(part, schema)      False: it cannot be as it is, now that other parts have changed
"""
import copy

NAMES = ["user", "order", "a b", "Größe", "we'ird", "group", "t1", "select", "x-y", "A.b", 'q"q', "name", "Index", "n2", "value"]


class Parts:
    KINDS, RENAMED = {}, ()

    def __init__(self):
        self.number = 0

    def next(self):
        self.number += 1
        return self.number

    def called(self, rng, taken, stem="n"):
        free = [n for n in NAMES if n.lower() not in {t.lower() for t in taken}]
        return rng.choice(free) if free and rng.random() < 0.7 else f"{stem}{self.next()}"

    def is_sound(self, part, schema):
        return True

    # ---- looking

    @staticmethod
    def of_kind(schema, *kinds):
        return [p for p in schema if p["kind"] in kinds]

    @staticmethod
    def parts_of(schema, table, *kinds):
        return [p for p in schema if p.get("table") == table["number"] and p["kind"] in kinds]

    @staticmethod
    def get(schema, number):
        return next(p for p in schema if p["number"] == number)

    # ---- making

    def make(self, rng, schema, kind, table=None):
        part = getattr(self, "make_" + kind.replace(" ", "_"))(rng, schema, table)
        if part:
            part = {"number": self.next(), "kind": kind, "table": None, "on": [], **part}
            if part["table"]:
                part["on"] = [part["table"], *part["on"]]
        return part

    def add(self, rng, schema, kind=None, table=None):
        kind = kind or rng.choices(list(self.KINDS), list(self.KINDS.values()))[0]
        part = self.make(rng, schema, kind, table)
        if part:
            schema.append(part)
            if kind == "table":
                for _ in range(rng.randint(1, 4)):
                    self.add(rng, schema, "column", part)
        return part

    def generate(self, rng):
        schema = []
        for _ in range(rng.randint(1, 3)):
            self.add(rng, schema, "table")
        for _ in range(rng.randint(2, 9)):
            self.add(rng, schema)
        self.prune(schema)
        return schema

    # ---- editing

    def edit(self, rng, schema):
        schema = copy.deepcopy(schema)
        for _ in range(rng.randint(1, 4)):
            if not schema:
                break
            what = rng.choice(["add", "add", "add", "drop", "drop", "rename", "change", "change", "change"])
            part = rng.choice(schema)
            if what == "add":
                self.add(rng, schema)
            elif what == "drop":
                schema.remove(part)
            elif what == "rename" and part["kind"] in self.RENAMED:
                part["name"] = self.called(rng, [p["name"] for p in schema])
            elif what == "change":
                self.change(rng, schema, part)
            self.prune(schema)
        return schema

    def change(self, rng, schema, part):
        """Another part of the same kind and name in its place."""
        table = self.get(schema, part["table"]) if part["table"] else None
        new = self.make(rng, [p for p in schema if p is not part], part["kind"], table)
        if not new or any(self.needs(schema, n, part["number"]) for n in new["on"]):
            return
        new.update(number=part["number"], name=part["name"])
        schema[schema.index(part)] = new

    def needs(self, schema, number, other):
        return number == other or any(self.needs(schema, n, other) for n in self.get(schema, number)["on"])

    def prune(self, schema):
        """Takes away what refers to parts that are gone."""
        while True:
            there = {p["number"] for p in schema}
            kept = [p for p in schema if set(p["on"]) <= there]
            if len(kept) == len(schema):
                kept = [p for p in schema if self.is_sound(p, schema)]
            if len(kept) == len(schema):
                return
            schema[:] = kept

    def shrink(self, schema):
        for part in schema:
            smaller = [copy.deepcopy(p) for p in schema if p is not part]
            self.prune(smaller)
            yield smaller
        for i, part in enumerate(schema):
            for key in part.get("extra", ()):
                smaller = copy.deepcopy(schema)
                del smaller[i]["extra"][key]
                yield smaller
