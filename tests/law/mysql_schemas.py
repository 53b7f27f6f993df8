"""Random schemas for MySQL and MariaDB, and edits of them; what is in a database is asked of SHOW CREATE."""
import os
import re
import sys

from parts import Parts

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import sqlclient

# type: a default of it, as SQL; None: it takes none
TYPES = {"integer": "1", "bigint": "2", "smallint": "3", "tinyint": "4", "int unsigned": "5", "numeric(10,2)": "1.5", "double": "0.5", "string(40)": "'y'",
         "char(3)": "'abc'", "text": None, "date": "'2020-01-02'", "datetime": "CURRENT_TIMESTAMP", "timestamp": "'2020-01-02 03:04:05'",
         "time": "'01:02:03'", "binary(16)": None, "varbinary(20)": "'b'", "blob": None, "boolean": "true", "year": "2020", "json": None, "bit(4)": "b'101'",
         "enum('a','b c')": "'a'", "set('x','y')": "'x,y'", "mediumtext": None}
SORTED = ["integer", "bigint", "smallint", "int unsigned", "numeric(10,2)", "string(40)", "char(3)", "date", "datetime", "binary(16)", "year"]
LONG = ["text", "blob", "mediumtext"]
TEXTS = ["string(40)", "char(3)", "text"]
NUMBERS = ["integer", "bigint", "smallint", "int unsigned"]
ROUTINES = {"function": ("FUNCTION", "functions"), "procedure": ("PROCEDURE", "procedures"), "event": ("EVENT", "events"), "trigger": ("TRIGGER", "triggers")}


def quoted(name):
    return "`" + name.replace("`", "``") + "`"


def key(name):
    return '"' + name.replace('"', '""') + '"' if re.search(r'[."]', name) else name


class MySQL(Parts):
    name = "mysql"
    KINDS = {"table": 2, "column": 5, "primary key": 2, "unique": 3, "check": 3, "foreign key": 4, "index": 5, "partitions": 1, "view": 3, "trigger": 2,
             "function": 1, "procedure": 1, "event": 1}
    RENAMED = ("table", "column", "index")

    def __init__(self, url):
        super().__init__()
        self.server, self.made = url.rstrip("/"), []

    # ---- the database

    def ask(self, text, database=None):
        done = sqlclient.of(self.server).run(text, database)
        if done.returncode:
            raise OSError(done.stderr.decode("utf-8", "replace"))
        return done.stdout.decode("utf-8", "backslashreplace")

    def fresh(self, stem):
        database = f"cmlaw_{os.getpid()}_{os.path.basename(os.path.dirname(stem))}"
        self.ask(f"drop database if exists {database}; create database {database} character set utf8mb4;\n")
        if database not in self.made:
            self.made.append(database)
        return f"{self.server}/{database}"

    def close(self):
        for database in self.made:
            self.ask(f"drop database if exists {database};\n")

    def state(self, url):
        database = url.rsplit("/", 1)[1]
        listed = self.ask("select 'TABLE', table_name from information_schema.tables where table_schema = database() and table_type <> 'VIEW' union all "
                          "select 'VIEW', table_name from information_schema.views where table_schema = database() union all "
                          "select routine_type, routine_name from information_schema.routines where routine_schema = database() union all "
                          "select 'TRIGGER', trigger_name from information_schema.triggers where trigger_schema = database() union all "
                          "select 'EVENT', event_name from information_schema.events where event_schema = database();\n", database)
        objects = sorted(tuple(line.split("\t")) for line in listed.splitlines() if not line.split("\t")[1].startswith("cmigrate_"))
        text = self.ask("".join(f"select '\x02'; show create {kind} {quoted(name)};\n" for kind, name in objects), database)
        return [self.normal(kind, name, shown) for (kind, name), shown in zip(objects, text.split("\x02")[1:])]

    @staticmethod
    def normal(kind, name, shown):
        shown = re.sub(r" AUTO_INCREMENT=\d+", "", shown.strip())
        shown = re.sub(r"\t\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?(?=\t|$)", "", shown)  # when a trigger was made
        shown = re.sub(r"(STARTS|AT) '[^']*'", r"\1", shown)
        lines = shown.splitlines()
        if kind == "TABLE":
            end = next(i for i, line in enumerate(lines) if line.startswith(")"))
            lines = [lines[0], *sorted(line.rstrip(",") for line in lines[1:end]), *lines[end:]]
        return f"{kind} {name}: " + "\n".join(lines)

    # ---- parts

    @staticmethod
    def some(rng, *pairs):
        return {k: v for k, v, p in pairs if rng.random() < p}

    @staticmethod
    def pick(rng, things):
        return rng.choice(things) if things else None

    def taken(self, schema):
        return [p["name"] for p in schema if p["kind"] != "column"]

    def columns(self, schema, table, types=None):
        return [c for c in self.parts_of(schema, table, "column") if types is None or c["type"] in types]

    def make_table(self, rng, schema, table):
        return {"name": self.called(rng, self.taken(schema)), "extra": self.some(rng, ("comment", "it's a table", 0.2), ("charset", "latin1", 0.1),
                ("row_format", "DYNAMIC", 0.1), ("collation", "utf8mb4_bin", 0.0))}

    def make_column(self, rng, schema, table):
        table = table or self.pick(rng, self.of_kind(schema, "table"))
        if not table:
            return None
        columns, type = self.columns(schema, table), rng.choice(list(TYPES))
        extra = self.some(rng, ("comment", "a column", 0.1), ("nullable", False, 0.2), ("invisible", True, 0.05 if columns else 0))
        if type in TEXTS:
            extra.update(self.some(rng, ("collation", "utf8mb4_bin", 0.15)))
        made = {"table": table["number"], "name": self.called(rng, [c["name"] for c in self.of_kind(schema, "column")], "c"), "type": type,
                "default": TYPES[type] if rng.random() < 0.3 else None, "extra": extra}
        others = [c for c in columns if c["type"] in NUMBERS and "generated" not in c]
        if type in NUMBERS and others and rng.random() < 0.3:
            made.update(default=None, generated=rng.choice(others)["number"], stored=rng.random() < 0.5, extra={})
            made["on"] = [made["generated"]]
        return made

    def keyed(self, rng, schema, table, types, most):
        table = table or self.pick(rng, self.of_kind(schema, "table"))
        columns = [c for c in self.columns(schema, table, types) if "generated" not in c and "invisible" not in c["extra"]] if table else []
        if not columns:
            return None, None
        return table, [c["number"] for c in rng.sample(columns, min(len(columns), rng.randint(1, most)))]

    def make_primary_key(self, rng, schema, table):
        table, chosen = self.keyed(rng, schema, table, SORTED, 2)
        if not chosen or self.parts_of(schema, table, "primary key") or self.parts_of(schema, table, "partitions"):
            return None
        counts = len(chosen) == 1 and self.get(schema, chosen[0])["type"] in NUMBERS and rng.random() < 0.5
        return {"name": "PRIMARY", "table": table["number"], "columns": chosen, "on": chosen, "counts": counts, "extra": {}}

    def make_unique(self, rng, schema, table):
        table, chosen = self.keyed(rng, schema, table, SORTED, 2)
        if not chosen or self.parts_of(schema, table, "partitions"):
            return None
        return {"name": f"uq_{self.next()}", "table": table["number"], "columns": chosen, "on": chosen, "extra": self.some(rng, ("comment", "once", 0.1))}

    def make_check(self, rng, schema, table):
        table, chosen = self.keyed(rng, schema, table, [*NUMBERS, "string(40)"], 1)
        return chosen and {"name": f"ck_{self.next()}", "table": table["number"], "columns": chosen, "on": chosen, "form": rng.randrange(3), "extra": {}}

    def make_index(self, rng, schema, table):
        table, chosen = self.keyed(rng, schema, table, [*SORTED, *LONG], 2)
        if not chosen:
            return None
        text = self.get(schema, chosen[0])["type"] == "string(40)"
        return {"name": f"ix_{self.next()}", "table": table["number"], "columns": chosen, "on": chosen,
                "form": rng.choice(["plain", "plain", "desc"] + (["fulltext", "length"] if text else [])), "extra": self.some(rng, ("comment", "quick", 0.1))}

    def make_foreign_key(self, rng, schema, table):
        target, table = self.pick(rng, self.of_kind(schema, "primary key", "unique")), table or self.pick(rng, self.of_kind(schema, "table"))
        if not target or not table:
            return None
        columns = []
        for c in target["columns"]:
            there = self.get(schema, c)
            alike = [x for x in self.columns(schema, table, [there["type"]]) if x["number"] not in columns and "generated" not in x]
            if not alike:
                return None
            columns.append(rng.choice(alike)["number"])
        return {"name": f"fk_{self.next()}", "table": table["number"], "columns": columns, "referred": list(target["columns"]), "target": target["table"],
                "key": target["number"], "on": [target["number"], target["table"], *columns, *target["columns"]],
                "extra": self.some(rng, ("on_delete", "cascade", 0.3), ("on_update", "restrict", 0.2))}

    def make_partitions(self, rng, schema, table):
        table, chosen = self.keyed(rng, schema, table, ["integer", "bigint"], 1)
        if not chosen or self.parts_of(schema, table, "partitions", "primary key", "unique"):
            return None
        return {"name": f"by{self.next()}", "table": table["number"], "columns": chosen, "on": chosen, "form": rng.randrange(3), "extra": {}}

    def make_view(self, rng, schema, table):
        column = self.pick(rng, [c for c in self.of_kind(schema, "column")])
        return column and {"name": self.called(rng, self.taken(schema), "v"), "source": column["table"], "column": column["number"], "form": rng.randrange(3),
                           "on": [column["table"], column["number"]], "extra": {}}

    def make_trigger(self, rng, schema, table):
        table, chosen = self.keyed(rng, schema, table, list(TYPES), 1)
        return chosen and {"name": f"tr{self.next()}", "table": table["number"], "columns": chosen, "on": chosen, "form": rng.randrange(2), "extra": {}}

    def make_function(self, rng, schema, table):
        return {"name": self.called(rng, self.taken(schema), "f"), "form": rng.randrange(2), "extra": {}}

    make_procedure = make_event = make_function

    # ---- what stays possible

    def is_sound(self, part, schema):
        kind = part["kind"]
        if kind == "table":
            return any("generated" not in c and "invisible" not in c["extra"] for c in self.parts_of(schema, part, "column"))
        if kind == "column" and "generated" in part:
            other = self.get(schema, part["generated"])
            return other["type"] in NUMBERS and "generated" not in other and not any(
                part["generated"] in p["columns"] and p.get("counts") for p in self.parts_of(schema, self.get(schema, part["table"]), "primary key"))
        columns = [self.get(schema, c) for c in part.get("columns", ())]
        types = [c["type"] for c in columns]
        if any("generated" in c or "invisible" in c["extra"] for c in columns):
            return False
        table = part["table"] and self.get(schema, part["table"])
        if kind in ("primary key", "unique"):
            return all(t in SORTED for t in types) and not self.parts_of(schema, table, "partitions") and \
                not (part.get("counts") and (types[0] not in NUMBERS or columns[0]["default"] is not None))
        if kind == "check":
            return types[0] in [*NUMBERS, "string(40)"] and not any(p.get("counts") and p["columns"][0] == part["columns"][0]
                                                                    for p in self.parts_of(schema, table, "primary key"))
        if kind == "index":
            return all(t in [*SORTED, *LONG] for t in types) and (part["form"] not in ("fulltext", "length") or types[0] == "string(40)")
        if kind == "partitions":
            return types[0] in ("integer", "bigint") and not self.parts_of(schema, table, "foreign key")
        return kind != "foreign key" or self.key_is_sound(part, schema)

    def key_is_sound(self, fk, schema):
        tables = [self.get(schema, n) for n in (fk["table"], fk["target"])]
        if self.get(schema, fk["key"])["columns"] != fk["referred"] or any(self.parts_of(schema, t, "partitions") for t in tables) or \
                tables[0]["extra"].get("charset") != tables[1]["extra"].get("charset"):
            return False
        sides = [[self.get(schema, n) for n in side] for side in (fk["columns"], fk["referred"])]
        return all((a["type"], a["extra"].get("collation")) == (b["type"], b["extra"].get("collation")) for a, b in zip(*sides))

    # ---- the model

    def render(self, schema, before):
        was = {p["number"]: p["name"] for p in before or []}
        number = {p["number"]: p for p in schema}
        model = {"tables": {}}
        for t in self.of_kind(schema, "table"):
            model["tables"][key(t["name"])] = self.render_table(schema, t, was, number)
        for v in self.of_kind(schema, "view"):
            t, c = quoted(number[v["source"]]["name"]), quoted(number[v["column"]]["name"])
            model.setdefault("views", {})[key(v["name"])] = [f"SELECT {c} AS c1 FROM {t}", f"SELECT {c} AS c1, count(*) AS n FROM {t} GROUP BY {c}",
                                                              f"SELECT {c} AS c1 FROM {t} WHERE {c} IS NOT NULL"][v["form"]]
        for kind, (word, section) in ROUTINES.items():
            for r in self.of_kind(schema, kind):
                text = getattr(self, "text_of_" + kind)(r, number)
                model.setdefault(section, {})[key(r["name"])] = f"CREATE {word} {quoted(r['name'])}{text}"
        return model

    @staticmethod
    def text_of_function(f, number):
        return "(a int) RETURNS int DETERMINISTIC NO SQL RETURN " + ["a + 1", "a * 2"][f["form"]]

    @staticmethod
    def text_of_procedure(f, number):
        return "(IN a int) BEGIN " + ["SELECT a;", "DECLARE b int; SET b = a;"][f["form"]] + " END"

    @staticmethod
    def text_of_event(f, number):
        return " ON SCHEDULE EVERY " + ["1 DAY", "2 WEEK"][f["form"]] + " STARTS '2035-01-01 00:00:00' DO SELECT 1"

    @staticmethod
    def text_of_trigger(t, number):
        c = quoted(number[t["columns"][0]]["name"])
        return f" {['BEFORE', 'AFTER'][t['form']]} UPDATE ON {quoted(number[t['table']]['name'])} FOR EACH ROW SET @a = new.{c}"

    def render_table(self, schema, t, was, number):
        def renamed(p, words=key):
            return {"renamed_from": words(was[p["number"]])} if was.get(p["number"], p["name"]) != p["name"] else {}

        def names(p):
            return [number[c]["name"] for c in p["columns"]]
        extra = dict(t["extra"])
        out = {"columns": {}, **renamed(t), **({"comment": extra.pop("comment")} if "comment" in extra else {})}
        parts = {k: self.parts_of(schema, t, k) for k in self.KINDS}
        counting = [p["columns"][0] for p in parts["primary key"] if p["counts"]]
        for c in parts["column"]:
            column = {"type": c["type"], **renamed(c, str), **c["extra"]}
            if "generated" in c:
                column.update(generated=f"{quoted(number[c['generated']]['name'])} + 1", stored=c["stored"])
            if c["default"] is not None:
                column["default"] = {"sql": c["default"]}
            if c["number"] in counting:
                column["autoincrement"] = True
            out["columns"][c["name"]] = column
        for p in parts["primary key"]:
            out["primary_key"] = {"name": None, "columns": names(p)}
            if not p["counts"] and len(p["columns"]) == 1 and number[p["columns"][0]]["type"] in NUMBERS:
                out["columns"][names(p)[0]]["autoincrement"] = False
        for p in parts["unique"]:
            out.setdefault("unique", {})[p["name"]] = {"columns": names(p), **p["extra"]}
        for p in parts["check"]:
            c = quoted(names(p)[0])
            out.setdefault("checks", {})[p["name"]] = [f"{c} <> 3", f"{c} IN (1, 2)", f"length({c}) < 9"][p["form"]]
        for p in parts["foreign key"]:
            out.setdefault("foreign_keys", {})[p["name"]] = {
                "columns": names(p), **p["extra"],
                "references": f"{quoted(number[p['target']]['name'])}({', '.join(quoted(number[c]['name']) for c in p['referred'])})".replace("`", '"')}
        for p in parts["index"]:
            columns = [{"column": number[c]["name"], "length": 10} if number[c]["type"] in LONG or (p["form"] == "length" and i == 0) else number[c]["name"]
                       for i, c in enumerate(p["columns"])]
            index = {"plain": {"columns": columns}, "length": {"columns": columns}, "desc": {"columns": [
                {**(x if isinstance(x, dict) else {"column": x}), "order": "desc"} for x in columns]},
                "fulltext": {"columns": names(p)[:1], "method": "fulltext"}}[p["form"]]
            out.setdefault("indexes", {})[p["name"]] = {**index, **p["extra"], **renamed(p, str)}
        for p in parts["partitions"][:1]:
            c = quoted(names(p)[0])
            extra["partition_by"] = [f"HASH ({c}) PARTITIONS 3", f"RANGE ({c}) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)",
                                     f"KEY ({c}) PARTITIONS 2"][p["form"]]
        if extra:
            out["options"] = {"mysql": extra}
        return out
