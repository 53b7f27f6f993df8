"""Random schemas for SQLite, and edits of them. Parts refer to each other by number, so that a rename reaches all of them."""
import copy
import re
import sqlite3

TABLES = ["user", "order", "a b", "Größe", "we'ird", "group", "t1", "select", "Note", "x-y"]
COLUMNS = ["id", "name", "order", "a b", "straße", "q'q", "Index", "n1", "n2", "v", "when", 'd"q']
TYPES = ["int", "text", "numeric(10, 2)", "boolean", "date", "blob", "float", "string(40)", "bigint", "json"]
STRICT_TYPES = ["INTEGER", "TEXT", "REAL", "BLOB", "ANY"]


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


class SQLite:
    name = "sqlite"

    def fresh(self, stem):
        return f"sqlite:///{stem}.db"

    def close(self):
        pass

    # ---- schemas

    def __init__(self):
        self.number = 0

    def next(self):
        self.number += 1
        return self.number

    def pick(self, rng, names, taken):
        free = [n for n in names if n.lower() not in {t.lower() for t in taken}]
        return rng.choice(free) if free else f"n{self.next()}"

    def column(self, rng, table):
        name = self.pick(rng, COLUMNS, [c["name"] for c in table["columns"]])
        c = {"number": self.next(), "name": name, "type": rng.choice(STRICT_TYPES if table["strict"] else TYPES)}
        if rng.random() < 0.3:
            # a plain value must be one of its type; as SQL it may be anything
            plain = {"integer": [0, 1], "text": ["x"]}.get(c["type"], [])
            c["default"] = rng.choice([None, {"sql": "0"}, {"sql": "'x'"}, {"sql": "CURRENT_TIMESTAMP"}, {"sql": "(1 + 2)"},
                                       {"sql": "x'0a'"}, *plain])
        if rng.random() < 0.2 and c.get("default") is not None:
            c["not_null"] = True
        if rng.random() < 0.15:
            c["collation"] = rng.choice(["NOCASE", "RTRIM", "BINARY"])
        return c

    def table(self, rng, schema):
        t = {"number": self.next(), "name": self.pick(rng, TABLES, self.names(schema)), "columns": [], "checks": [],
             "indexes": [], "uniques": [], "keys": [], "strict": rng.random() < 0.15, "rowid": True, "generated": []}
        t["key"] = rng.choice(["integer", "integer", "auto", "text", "pair", "none"])
        t["rowid"] = not (t["key"] in ("text", "pair") and rng.random() < 0.5)
        for name in ("id", "sub")[:self.key_columns(t)]:
            t["columns"].append({"number": self.next(), "name": name,
                                 "type": ("TEXT" if t["strict"] else "text") if t["key"] == "text" else "integer"})
        for _ in range(rng.randint(1, 4)):
            t["columns"].append(self.column(rng, t))
        for _ in range(rng.randint(0, 2)):
            self.add_part(rng, schema, t)
        return t

    def names(self, schema):
        return [x["name"] for kind in ("tables", "views", "triggers", "fulltext") for x in schema[kind]]

    @staticmethod
    def key_columns(t):
        return {"none": 0, "pair": 2}.get(t["key"], 1)

    def free_columns(self, t):
        return t["columns"][self.key_columns(t):]

    def add_part(self, rng, schema, t):
        free = self.free_columns(t)
        if not free:
            return
        c = rng.choice(free)["number"]
        what = rng.choice(["check", "index", "unique", "foreign key", "generated"])
        part = {"number": self.next(), "column": c, "name": f"p{self.next()}"}
        if what == "check":
            t["checks"].append(dict(part, form=rng.randrange(3)))
        elif what == "index":
            t["indexes"].append(dict(part, form=rng.randrange(4)))
        elif what == "unique":
            t["uniques"].append(part)
        elif what == "generated":
            t["generated"].append(dict(part, name=f"g{part['number']}", stored=rng.random() < 0.5))
        else:
            others = [x["number"] for x in free if x["number"] != c]
            parents = [p for p in schema["tables"] if p["key"] in ("integer", "auto", *["pair"][:len(others)])]
            if parents:
                parent = rng.choice(parents)
                also = [rng.choice(others)] if parent["key"] == "pair" else []
                t["keys"].append(dict(part, parent=parent["number"], also=also,
                                      on_delete=rng.choice([None, "cascade", "set null"])))

    def generate(self, rng):
        schema = {"tables": [], "views": [], "triggers": [], "fulltext": []}
        for _ in range(rng.randint(1, 4)):
            schema["tables"].append(self.table(rng, schema))
        for _ in range(rng.randint(0, 3)):
            self.add_object(rng, schema)
        return schema

    def add_object(self, rng, schema):
        if not schema["tables"]:
            return
        t = rng.choice(schema["tables"])
        o = {"number": self.next(), "name": f"o{self.next()}", "table": t["number"],
             "column": rng.choice(t["columns"])["number"], "form": rng.randrange(3)}
        kind = rng.choice(["views", "triggers", "fulltext"])
        if kind == "fulltext":
            o["module"] = rng.choice(["fts5", "fts4", "rtree"])
            o["columns"] = ["x", "y"][:rng.randint(1, 2)]
        schema[kind].append(o)

    def edit(self, rng, schema):
        schema = copy.deepcopy(schema)
        for _ in range(rng.randint(1, 4)):
            self.edit_once(rng, schema)
        self.prune(schema)
        return schema

    def edit_once(self, rng, schema):
        what = rng.choice(["add table", "drop table", "rename table", "add column", "add column", "drop column", "rename column",
                           "change column", "part", "drop part", "object", "drop object", "change object", "strict"])
        tables = schema["tables"]
        t = rng.choice(tables) if tables else None
        free = self.free_columns(t) if t else []
        if what == "add table" or not t:
            tables.append(self.table(rng, schema))
        elif what == "drop table":
            tables.remove(t)
        elif what == "rename table":
            t["name"] = self.pick(rng, TABLES, self.names(schema))
        elif what == "add column":
            t["columns"].append(self.column(rng, t))
        elif what == "drop column" and len(free) > 1:
            t["columns"].remove(rng.choice(free))
        elif what == "rename column" and free:
            rng.choice(free)["name"] = self.pick(rng, COLUMNS, [c["name"] for c in t["columns"]])
        elif what == "change column" and free:
            c = rng.choice(free)
            new = self.column(rng, t)
            c.update({k: v for k, v in new.items() if k not in ("number", "name")})
            for k in ("default", "not_null", "collation"):
                if k not in new:
                    c.pop(k, None)
        elif what == "part":
            self.add_part(rng, schema, t)
        elif what == "drop part":
            kind = rng.choice(["checks", "indexes", "uniques", "keys", "generated"])
            if t[kind]:
                t[kind].pop(rng.randrange(len(t[kind])))
        elif what == "object":
            self.add_object(rng, schema)
        elif what in ("drop object", "change object"):
            kind = rng.choice(["views", "triggers", "fulltext"])
            if schema[kind] and what == "drop object":
                schema[kind].pop(rng.randrange(len(schema[kind])))
            elif schema[kind]:
                rng.choice(schema[kind])["form"] = rng.randrange(3)
        elif what == "strict" and t["strict"]:
            t["strict"] = False

    def prune(self, schema):
        """Takes away what refers to parts that are gone."""
        columns = {c["number"] for t in schema["tables"] for c in t["columns"]}
        tables = {t["number"]: t for t in schema["tables"]}
        for t in schema["tables"]:
            for kind in ("checks", "indexes", "uniques", "generated", "keys"):
                t[kind] = [p for p in t[kind] if p["column"] in columns]
            t["keys"] = [k for k in t["keys"] if k["parent"] in tables and set(k["also"]) <= columns]
        for kind in ("views", "triggers"):
            schema[kind] = [o for o in schema[kind] if o["table"] in tables and o["column"] in columns]

    def shrink(self, schema):
        for kind in ("fulltext", "triggers", "views", "tables"):
            for i in range(len(schema[kind])):
                yield self.without(schema, lambda s: s[kind].pop(i))
        for n, t in enumerate(schema["tables"]):
            for kind in ("checks", "indexes", "uniques", "keys", "generated"):
                for i in range(len(t[kind])):
                    yield self.without(schema, lambda s: s["tables"][n][kind].pop(i))
            for i in range(self.key_columns(t), len(t["columns"])):
                if len(t["columns"]) > 1:
                    yield self.without(schema, lambda s: s["tables"][n]["columns"].pop(i))

    def without(self, schema, remove):
        smaller = copy.deepcopy(schema)
        remove(smaller)
        self.prune(smaller)
        return smaller

    # ---- the model

    def render(self, schema, before):
        was = {}
        for t in (before or {"tables": []})["tables"]:
            was[t["number"]] = t["name"]
            was.update({c["number"]: c["name"] for c in t["columns"]})
        columns = {c["number"]: c["name"] for t in schema["tables"] for c in t["columns"]}
        tables = {t["number"]: t for t in schema["tables"]}
        model = {"tables": {t["name"]: self.render_table(t, was, columns, tables) for t in schema["tables"]},
                 "views": {}, "triggers": {}}
        for f in schema["fulltext"]:
            words = {"fts5": f["columns"] + ["tokenize = porter"][f["form"] != 1:], "fts4": f["columns"] + ["tokenize=porter"][f["form"] != 1:],
                     "rtree": ["nr", "x0", "x1", "y0", "y1"][:1 + 2 * len(f["columns"])] + ["+more TEXT"][f["form"] != 1:]}[f["module"]]
            model["tables"][f["name"]] = {"definition": f"CREATE VIRTUAL TABLE {f['name']} USING {f['module']}({', '.join(words)})"}
        for v in schema["views"]:
            t, c = quoted(tables[v["table"]]["name"]), quoted(columns[v["column"]])
            model["views"][v["name"]] = [f"SELECT {c} AS value FROM {t}", f"SELECT count(*) AS n, max({t}.{c}) AS m FROM {t}",
                                         f"SELECT s.{c} FROM (SELECT {c} FROM {t}) AS s WHERE s.{c} <> 'x'"][v["form"]]
        for g in schema["triggers"]:
            t, c = quoted(tables[g["table"]]["name"]), quoted(columns[g["column"]])
            event = ["AFTER INSERT", f"BEFORE UPDATE OF {c}", "AFTER DELETE"][g["form"]]
            row = "old" if g["form"] == 2 else "new"
            model["triggers"][g["name"]] = {
                "table": tables[g["table"]]["name"],
                "definition": f"CREATE TRIGGER {g['name']} {event} ON {t} WHEN {row}.{c} = 'x' BEGIN SELECT CASE WHEN {row}.{c} "
                              f"IS NULL THEN 1 ELSE 2 END FROM {t}; END"}
        return {k: v for k, v in model.items() if v}

    def render_table(self, t, was, columns, tables):
        out = {"columns": {}}
        if t["number"] in was and was[t["number"]] != t["name"]:
            out["renamed_from"] = was[t["number"]]
        for i, c in enumerate(t["columns"]):
            col = {"type": c["type"]}
            if i < self.key_columns(t):
                col["primary_key"] = True
                if t["key"] == "auto":
                    col["autoincrement"] = True
            elif c.get("not_null"):
                col["nullable"] = False
            for k in ("default", "collation"):
                if c.get(k) is not None:
                    col[k] = c[k]
            if c["number"] in was and was[c["number"]] != c["name"]:
                col["renamed_from"] = was[c["number"]]
            out["columns"][c["name"]] = col
        for g in t["generated"]:
            c = quoted(columns[g["column"]])
            out["columns"][g["name"]] = {"type": "ANY" if t["strict"] else "text", "generated": f"{c} || 'x'",
                                         "stored": g["stored"]}
        checks, uniques, keys, indexes = {}, {}, {}, {}
        for p in t["checks"]:
            c = quoted(columns[p["column"]])
            checks[p["name"]] = [f"{c} <> 'no'", f"{c} IS NOT NULL OR {quoted(t['name'])}.{c} = 1", f"length({c}) < 99"][p["form"]]
        for p in t["uniques"]:
            uniques[p["name"]] = [columns[p["column"]]]
        for p in t["keys"]:
            parent = tables[p["parent"]]
            referred = [quoted(c["name"]) for c in parent["columns"][:self.key_columns(parent)]]
            keys[p["name"]] = {"columns": [columns[c] for c in (p["column"], *p["also"])],
                               "references": f"{quoted(parent['name'])}({', '.join(referred)})"}
            if p["on_delete"]:
                keys[p["name"]]["on_delete"] = p["on_delete"]
        for p in t["indexes"]:
            c = columns[p["column"]]
            indexes[p["name"]] = [{"columns": [c]}, {"columns": [c], "where": f"{quoted(c)} > 1"}, {"columns": [c], "unique": True},
                                  {"columns": [{"expression": f"lower({quoted(c)})"}]}][p["form"]]
        for key, value in (("checks", checks), ("unique", uniques), ("foreign_keys", keys), ("indexes", indexes)):
            if value:
                out[key] = value
        options = {k: True for k, on in (("strict", t["strict"]), ("without_rowid", not t["rowid"])) if on}
        if options:
            out["options"] = {"sqlite": options}
        return out

    # ---- the database

    def state(self, url):
        """Lines about everything in it; texts without quotes and spaces, columns in any order."""
        con = sqlite3.connect(url[len("sqlite:///"):])
        lines = []
        try:
            for kind, name, table, text in con.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2"):
                if name.startswith(("sqlite_", "cmigrate_")) or table.startswith("cmigrate_"):
                    continue
                if kind != "table" or text.startswith("CREATE VIRTUAL"):
                    lines.append(f"{kind} {name} on {table}: {bare(text)}")
                    continue
                lines.append(f"table {name}: {'STRICT' in text.rsplit(')', 1)[-1]} {'ROWID' in text.rsplit(')', 1)[-1]}")
                lines += sorted(f"{name} check {x}" for x in checks_of(text))
                for pragma, drop in (("table_xinfo", 1), ("foreign_key_list", 2), ("index_list", 1)):
                    rows = con.execute(f"SELECT * FROM pragma_{pragma}(?)", (name,)).fetchall()
                    lines += sorted(f"{name} {pragma} {row[drop:]}" for row in rows if not str(row[1]).startswith("sqlite_auto"))
                lines += sorted(f"{name} key {key}" for key in self.keys(con, name))
        finally:
            con.close()
        return lines

    def keys(self, con, table):
        for _, index, unique, origin, partial in con.execute("SELECT * FROM pragma_index_list(?)", (table,)).fetchall():
            yield origin, unique, partial, [r[2:5] for r in con.execute("SELECT * FROM pragma_index_xinfo(?)", (index,)) if r[5]]


def bare(text):
    return re.sub(r'[\s"]+', "", text)


def checks_of(text):
    for found in re.finditer(r"\bCHECK \(", text):
        depth, at = 1, found.end()
        while depth and at < len(text):
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            at += 1
        yield bare(text[found.start():at])
