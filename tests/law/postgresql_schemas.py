"""Random schemas for PostgreSQL, and edits of them; what is in a database is asked of pg_dump."""
import os
import re
import subprocess
import sys

from parts import Parts

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import sqlclient

# type: a default of it, as SQL; types of one row can be cast to each other without a loss of rows
TYPES = {"integer": "1", "bigint": "2", "smallint": "3", "numeric(10,2)": "1.5", "text": "'x'", "string(40)": "'y'", "boolean": "true",
         "date": "CURRENT_DATE", "datetime": "now()", "timestamp with time zone": "CURRENT_TIMESTAMP", "uuid": "gen_random_uuid()",
         "json": "'{}'", "jsonb": "'[]'", "bytea": "'\\x00'", "double": "0.5", "integer[]": "'{1}'", "text[]": "ARRAY['a','b']",
         "int4range": "'[1,2)'", "inet": "'::1'", "char(3)": "'abc'", "interval": "'1 day'", "bit varying(8)": "B'101'", "tsvector": "''"}
SORTED = ["integer", "bigint", "smallint", "text", "string(40)", "date", "uuid", "numeric(10,2)", "inet", "char(3)"]
TEXTS = ["text", "string(40)", "char(3)"]
NUMBERS = ["integer", "bigint", "smallint"]


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def key(name):
    """A name as a key of the model: in double quotes where it has a dot or a quote."""
    return quoted(name) if re.search(r'[."]', name) else name


class PostgreSQL(Parts):
    name = "postgresql"
    KINDS = {"table": 2, "column": 4, "primary key": 2, "unique": 3, "check": 3, "foreign key": 3, "index": 5, "exclude": 1, "partition": 2,
             "schema": 1, "enum": 2, "domain": 2, "composite": 1, "sequence": 2, "view": 3, "materialized": 1, "function": 2,
             "trigger": 2, "policy": 1, "rule": 1, "statistics": 1, "range": 1, "collation": 1, "aggregate": 1, "operator": 1, "cast": 1,
             "publication": 1, "dictionary": 1, "server": 1, "extension": 1, "grant": 1, "privileges": 1, "child": 1, "foreign table": 1}
    RENAMED = ("table", "column", "child", "view", "materialized", "enum", "domain", "composite", "sequence", "index", "partition", "unique", "check",
               "foreign table")

    def __init__(self, url):
        super().__init__()
        self.server, self.made = url.rstrip("/"), []

    # ---- the database

    def fresh(self, stem):
        database = f"cmlaw_{os.getpid()}_{os.path.basename(os.path.dirname(stem))}"
        drop = f"set client_min_messages = error; drop database if exists {database} with (force);\n"
        done = sqlclient.of(self.server).run(drop + f"create database {database} template template0 strategy file_copy;\n", "postgres")
        if done.returncode:
            raise OSError(done.stderr.decode("utf-8", "replace"))
        if database not in self.made:
            self.made.append(database)
        return f"{self.server}/{database}"

    def close(self):
        for database in self.made:
            sqlclient.of(self.server).run(f"drop database if exists {database} with (force);\n", "postgres")

    def state(self, url):
        """The statements of pg_dump, columns of a table in any order."""
        command = os.environ.get("CMIGRATE_TEST_PG_DUMP", "pg_dump").split()
        done = subprocess.run([*command, "--schema-only", "--exclude-table=cmigrate_*", url], capture_output=True, text=True)
        if done.returncode:
            raise OSError(done.stderr)
        statements, lines = [], []
        for line in done.stdout.splitlines():
            if not line or line.startswith(("--", "\\", "SET ", "SELECT pg_catalog.set_config")):
                continue
            lines.append(line.rstrip())
            if line.endswith(";"):
                statements.append(lines)
                lines = []
        return sorted("\n".join(self.ordered(s)) for s in statements)

    @staticmethod
    def ordered(lines):
        if not lines[0].startswith(("CREATE TABLE", "CREATE FOREIGN TABLE", "CREATE UNLOGGED TABLE")) or len(lines) < 3:
            return lines
        end = next(i for i, line in enumerate(lines) if line.startswith(")"))
        return [lines[0], *sorted(line.rstrip(",") for line in lines[1:end]), *lines[end:]]

    # ---- tables and columns

    @staticmethod
    def some(rng, *pairs):
        """Of (key, value, likelihood) those that fall."""
        return {k: v for k, v, p in pairs if rng.random() < p}

    def tables(self, schema, *kinds):
        return self.of_kind(schema, *(kinds or ("table", "child")))

    def columns(self, schema, table, types=None, free=False):
        out = [c for c in self.parts_of(schema, table, "column") if types is None or c["type"] in types]
        return [c for c in out if not (free and c.get("fixed"))]

    def taken(self, schema):
        return [p["name"] for p in schema if p["kind"] != "column"]

    def make_schema(self, rng, schema, table):
        return {"name": self.called(rng, self.taken(schema), "s")} if len(self.of_kind(schema, "schema")) < 2 else None

    def make_table(self, rng, schema, table):
        home = [s["number"] for s in self.of_kind(schema, "schema") if rng.random() < 0.3][:1]
        return {"name": self.called(rng, self.taken(schema)), "on": home, "schema": home[0] if home else None, "partitioned": rng.random() < 0.15,
                "extra": self.some(rng, ("comment", "it's a table", 0.15), ("with", "fillfactor=70", 0.1), ("unlogged", True, 0.1),
                                   ("row_security", True, 0.1), ("replica_identity", "full", 0.05))}

    def make_child(self, rng, schema, table):
        parents = [t for t in self.tables(schema) if not t.get("partitioned")]
        if not parents:
            return None
        parent = rng.choice(parents)
        return {"name": self.called(rng, self.taken(schema)), "on": [parent["number"]], "parent": parent["number"], "schema": None, "extra": {}}

    def make_partition(self, rng, schema, table):
        parents = [t for t in self.tables(schema) if t.get("partitioned")]
        if not parents:
            return None
        parent, bound = rng.choice(parents), rng.randrange(1, 9)
        siblings = [p["bound"] for p in self.of_kind(schema, "partition") if p["parent"] == parent["number"]]
        if bound in siblings:
            return None
        return {"name": self.called(rng, self.taken(schema), "part"), "on": [parent["number"]], "parent": parent["number"], "bound": bound,
                "schema": None, "extra": {}}

    def make_column(self, rng, schema, table):
        table = table or self.pick(rng, [t for t in self.tables(schema)])
        if not table:
            return None
        columns = self.columns(schema, table)
        if table.get("partitioned") and not columns:
            return {"table": table["number"], "name": "k", "type": "integer", "default": None, "fixed": True, "extra": {"nullable": False}}
        own = self.of_kind(schema, "enum", "domain", "composite", "range")
        type, on, default = rng.choice(list(TYPES)), [], None
        if own and rng.random() < 0.25:
            made = rng.choice(own)
            type, on = made["number"], [made["number"]]
            default = literal(made["values"][0]) if made["kind"] == "enum" and rng.random() < 0.5 else None
        elif rng.random() < 0.35:
            default = TYPES[type]
        calls = [f for f in self.of_kind(schema, "function") if f["returns"] == type]
        if calls and rng.random() < 0.3:
            default, on = calls[0]["number"], [calls[0]["number"]]
        sequences = self.of_kind(schema, "sequence")
        if type in NUMBERS and sequences and rng.random() < 0.3:
            default, on = sequences[0]["number"], [sequences[0]["number"]]
        extra = self.some(rng, ("comment", "a column", 0.1), ("nullable", False, 0.2), ("statistics", "300", 0.05))
        if type in TEXTS:
            extra.update(self.some(rng, ("collation", "C", 0.1), ("storage", "external", 0.1)))
        others = [c for c in columns if c["type"] in NUMBERS and not c.get("generated")]
        made = {"table": table["number"], "name": self.called(rng, [c["name"] for c in self.of_kind(schema, "column")], "c"), "type": type, "on": on,
                "default": default, "extra": extra}
        if type in NUMBERS and others and rng.random() < 0.3:
            made.update(default=None, generated=rng.choice(others)["number"], on=[])
            made["on"] = [made["generated"]]
        elif type in NUMBERS and default is None and not table.get("partitioned") and rng.random() < 0.2:
            made["extra"] = {"identity": rng.choice(["always", {"mode": "by default", "start": 100, "increment": 5}])}
        return made

    @staticmethod
    def pick(rng, things):
        return rng.choice(things) if things else None

    # ---- parts of tables

    def table_for(self, rng, schema, table, *kinds):
        return table or self.pick(rng, self.tables(schema, *kinds))

    def make_primary_key(self, rng, schema, table):
        table = self.table_for(rng, schema, table)
        columns = self.columns(schema, table, SORTED) if table else []
        if not columns or self.parts_of(schema, table, "primary key"):
            return None
        chosen = self.with_fixed(schema, table, rng.sample(columns, min(len(columns), rng.choice([1, 1, 2]))))
        return {"name": f"pk_{table['number']}", "table": table["number"], "columns": [c["number"] for c in chosen],
                "on": [c["number"] for c in chosen], "extra": {}}

    def with_fixed(self, schema, table, chosen):
        """A key of a partitioned table has the columns that it is partitioned by."""
        fixed = [c for c in self.columns(schema, table) if c.get("fixed")]
        return fixed + [c for c in chosen if c not in fixed]

    def make_unique(self, rng, schema, table):
        table = self.table_for(rng, schema, table)
        columns = self.columns(schema, table, SORTED) if table else []
        if not columns:
            return None
        chosen = self.with_fixed(schema, table, rng.sample(columns, min(len(columns), rng.choice([1, 1, 2]))))
        extra = self.some(rng, ("nulls_distinct", False, 0.2), ("comment", "once", 0.1), ("deferrable", "deferred", 0.15))
        return {"name": f"uq_{self.next()}", "table": table["number"], "columns": [c["number"] for c in chosen],
                "on": [c["number"] for c in chosen], "extra": extra}

    def make_check(self, rng, schema, table):
        table = self.table_for(rng, schema, table)
        column = self.pick(rng, self.columns(schema, table)) if table else None
        if not column:
            return None
        form = "number" if column["type"] in NUMBERS else "text" if column["type"] in TEXTS else "any"
        extra = self.some(rng, ("not_valid", True, 0.1), ("no_inherit", True, 0.0 if table.get("partitioned") else 0.1), ("comment", "why", 0.1))
        return {"name": f"ck_{self.next()}", "table": table["number"], "column": column["number"], "on": [column["number"]], "form": form,
                "type": column["type"], "variant": rng.randrange(3), "extra": extra}

    def make_foreign_key(self, rng, schema, table):
        keys = self.of_kind(schema, "primary key", "unique")
        target, table = self.pick(rng, keys), self.table_for(rng, schema, table)
        if not target or not table or target["extra"].get("deferrable"):
            return None
        columns = []
        for c in target["columns"]:
            alike = [x for x in self.columns(schema, table, [self.get(schema, c)["type"]]) if x["number"] not in columns and "generated" not in x]
            if not alike:
                return None
            columns.append(rng.choice(alike)["number"])
        extra = self.some(rng, ("on_delete", "cascade", 0.3), ("on_update", "restrict", 0.2), ("deferrable", "deferred", 0.2),
                          ("not_valid", True, 0.0 if table.get("partitioned") else 0.1), ("comment", "to there", 0.1))
        logged = not self.get(schema, target["table"])["extra"].get("unlogged")
        if logged != (not table["extra"].get("unlogged")):
            return None
        return {"name": f"fk_{self.next()}", "table": table["number"], "columns": columns, "referred": target["columns"], "target": target["table"],
                "types": [self.get(schema, c)["type"] for c in columns],
                "on": [target["number"], target["table"], *columns, *target["columns"]], "extra": extra}

    def make_index(self, rng, schema, table):
        table = self.table_for(rng, schema, table, "table", "child", "materialized")
        if not table:
            return None
        if table["kind"] == "materialized":
            return {"name": f"ix_{self.next()}", "table": table["number"], "columns": [], "form": "view", "extra": {}}
        column = self.pick(rng, self.columns(schema, table, [*SORTED, "jsonb", "integer[]", "int4range"]))
        if not column:
            return None
        form = {"jsonb": ["gin"], "integer[]": ["gin"], "int4range": ["gist"]}.get(column["type"]) or \
            ["plain", "desc", "where", "include", "hash", "brin"] + (["lower", "pattern"] if column["type"] in ("text", "string(40)") else [])
        return {"name": f"ix_{self.next()}", "table": table["number"], "columns": [column["number"]], "on": [column["number"]],
                "types": [column["type"]], "form": rng.choice(form), "extra": self.some(rng, ("comment", "quick", 0.1))}

    def make_exclude(self, rng, schema, table):
        table = self.table_for(rng, schema, table)
        column = self.pick(rng, self.columns(schema, table, ["int4range"])) if table and not table.get("partitioned") else None
        return column and {"name": f"ex_{self.next()}", "table": table["number"], "columns": [column["number"]], "on": [column["number"]],
                           "types": ["int4range"], "extra": {}}

    # ---- types, sequences, routines

    def make_enum(self, rng, schema, table):
        values = rng.sample(["sad", "ok", "it's", "very happy", "Ä"], rng.randint(1, 4))
        return {"name": self.called(rng, self.taken(schema), "e"), "values": values, "extra": {}}

    def make_domain(self, rng, schema, table):
        return {"name": self.called(rng, self.taken(schema), "d"), "extra": {
            "base": rng.choice(["text", "string(40)"]), **self.some(rng, ("check", "length(VALUE) > 1", 0.5), ("default", "ab", 0.3), ("comment", "d", 0.2))}}

    def make_composite(self, rng, schema, table):
        return {"name": self.called(rng, self.taken(schema), "t"), "extra": {}, "attributes":
                {n: rng.choice(["integer", "text", "date"]) for n in rng.sample(["x", "y", "the z", "select"], rng.randint(1, 3))}}

    def make_sequence(self, rng, schema, table):
        column = self.pick(rng, [c for c in self.of_kind(schema, "column") if c["type"] in NUMBERS and "identity" not in c["extra"]
                                 and not self.get(schema, c["table"])["extra"].get("unlogged")])
        owner = column["number"] if column and rng.random() < 0.3 else None
        return {"name": self.called(rng, self.taken(schema), "q"), "on": [owner] if owner else [], "owner": owner,
                "extra": self.some(rng, ("increment", 5, 0.5), ("start", 10, 0.5), ("cycle", True, 0.2), ("cache", 7, 0.2), ("comment", "s", 0.1))}

    def make_range(self, rng, schema, table):
        return {"name": self.called(rng, self.taken(schema), "r"), "subtype": rng.choice(["integer", "float8", "text"]), "extra": {}}

    def make_collation(self, rng, schema, table):
        return {"name": self.called(rng, self.taken(schema), "l"), "locale": rng.choice(["C", "POSIX"]), "extra": {}}

    def make_function(self, rng, schema, table):
        enum = self.pick(rng, self.of_kind(schema, "enum")) if rng.random() < 0.3 else None
        return {"name": self.called(rng, self.taken(schema), "f"), "on": [enum["number"]] if enum else [], "argument": enum and enum["number"],
                "returns": "integer" if not enum else "none", "body": rng.randrange(3), "volatile": rng.choice(["IMMUTABLE", "STABLE", "VOLATILE"]),
                "extra": self.some(rng, ("comment", "f", 0.2))}

    def make_aggregate(self, rng, schema, table):
        return {"name": self.called(rng, self.taken(schema), "a"), "start": rng.choice(["0", "1"]), "extra": {}}

    def make_operator(self, rng, schema, table):
        return None if self.of_kind(schema, "operator") else {"name": rng.choice(["<=>", "@@@", "##"]), "procedure": rng.choice(["int4pl", "int4mi"]), "extra": {}}

    def make_cast(self, rng, schema, table):
        enum = self.pick(rng, [e for e in self.of_kind(schema, "enum") if not any(c["enum"] == e["number"] for c in self.of_kind(schema, "cast"))])
        return enum and {"name": f"cast{self.next()}", "enum": enum["number"], "on": [enum["number"]], "how": rng.choice(["ASSIGNMENT", ""]), "extra": {}}

    def make_dictionary(self, rng, schema, table):
        return {"name": self.called(rng, self.taken(schema), "x"), "accept": rng.choice(["true", "false"]), "extra": {}}

    def make_extension(self, rng, schema, table):
        there = [e["name"] for e in self.of_kind(schema, "extension")]
        free = [e for e in ("citext", "hstore", "btree_gist", "pg_trgm") if e not in there]
        home = self.pick(rng, self.of_kind(schema, "schema")) if rng.random() < 0.3 else None
        return {"name": rng.choice(free), "schema": home and home["number"], "on": [home["number"]] if home else [], "extra": {}} if free else None

    # ---- what stands upon tables

    def make_view(self, rng, schema, table):
        source = self.pick(rng, [t for t in self.tables(schema, "table", "child", "view", "materialized") if t["kind"] in ("view", "materialized") or self.columns(schema, t)])
        if not source:
            return None
        column = self.pick(rng, self.columns(schema, source)) if source["kind"] in ("table", "child") else None
        form = rng.randrange(4) if column else 0
        extra = self.some(rng, ("comment", "v", 0.1), ("security_barrier", True, 0.1))
        if form == 2:
            extra.update(self.some(rng, ("check_option", "local", 0.3)))
        return {"name": self.called(rng, self.taken(schema), "v"), "source": source["number"], "column": column and column["number"],
                "on": [source["number"], *([column["number"]] if column else [])], "form": form, "extra": extra}

    def make_materialized(self, rng, schema, table):
        made = self.make_view(rng, schema, table)
        if made:
            made["extra"] = self.some(rng, ("comment", "m", 0.1), ("with_no_data", True, 0.2))
        return made

    def make_trigger(self, rng, schema, table):
        table = self.table_for(rng, schema, table)
        column = self.pick(rng, self.columns(schema, table)) if table else None
        return column and {"name": f"tr{self.next()}", "table": table["number"], "column": column["number"], "on": [column["number"]],
                           "form": rng.randrange(3), "extra": self.some(rng, ("comment", "t", 0.1), ("enabled", "disabled", 0.1))}

    def make_policy(self, rng, schema, table):
        table = self.table_for(rng, schema, table)
        column = self.pick(rng, self.columns(schema, table)) if table else None
        return column and {"name": f"po{self.next()}", "table": table["number"], "column": column["number"], "on": [column["number"]],
                           "form": rng.randrange(2), "extra": {}}

    def make_rule(self, rng, schema, table):
        table = self.table_for(rng, schema, table, "table")
        return table and {"name": f"ru{self.next()}", "table": table["number"], "form": rng.randrange(2), "extra": {}}

    def make_statistics(self, rng, schema, table):
        table = self.table_for(rng, schema, table, "table")
        columns = self.columns(schema, table, SORTED) if table else []
        chosen = [c["number"] for c in rng.sample(columns, 2)] if len(columns) > 1 else None
        return chosen and {"name": f"st{self.next()}", "table": table["number"], "columns": chosen, "on": chosen, "extra": {}}

    def make_publication(self, rng, schema, table):
        table = self.table_for(rng, schema, table, "table")
        return table and not table["extra"].get("unlogged") and {"name": self.called(rng, self.taken(schema), "p"), "source": table["number"],
                                                                  "on": [table["number"]], "extra": {}} or None

    def make_server(self, rng, schema, table):
        return {"name": self.called(rng, self.taken(schema), "w"), "options": rng.choice(["", " OPTIONS (host 'there')"]), "extra": {}}

    def make_foreign_table(self, rng, schema, table):
        server = self.pick(rng, self.of_kind(schema, "server"))
        return server and {"name": self.called(rng, self.taken(schema), "ft"), "server": server["number"], "on": [server["number"]],
                           "type": rng.choice(["integer", "text"]), "extra": self.some(rng, ("server_options", "a=b", 0.4))}

    def make_grant(self, rng, schema, table):
        table = self.table_for(rng, schema, table, "table", "view")
        return table and {"name": f"grant{self.next()}", "target": table["number"], "on": [table["number"]],
                          "right": rng.choice(["SELECT", "INSERT", "ALL"]), "extra": {}}

    def make_privileges(self, rng, schema, table):
        return None if self.of_kind(schema, "privileges") else {"name": f"priv{self.next()}", "right": rng.choice(["SELECT", "UPDATE"]), "extra": {}}

    # ---- what stays possible

    def is_sound(self, part, schema):
        kind = part["kind"]
        if kind in ("table",) and not self.parts_of(schema, part, "column"):
            return False
        if kind in ("primary key", "unique") and any(self.get(schema, c)["type"] not in SORTED for c in part["columns"]):
            return False
        if kind in ("primary key", "unique") and self.get(schema, part["table"]).get("partitioned") and \
                not any(self.get(schema, c).get("fixed") for c in part["columns"]):
            return False
        if kind == "column":
            return self.column_is_sound(part, schema)
        if kind == "foreign key":
            return self.key_is_sound(part, schema)
        if kind == "view" and "check_option" in part["extra"] and self.get(schema, part["source"])["kind"] == "materialized":
            return False
        if kind == "check":
            return self.get(schema, part["column"])["type"] == part["type"]
        if kind in ("index", "exclude"):
            return all(self.get(schema, c)["type"] == t for c, t in zip(part["columns"], part.get("types", ())))
        if kind == "statistics":
            return all(self.get(schema, c)["type"] in SORTED for c in part["columns"])
        if kind in ("child", "partition"):
            return bool(self.get(schema, part["parent"]).get("partitioned")) == (kind == "partition")
        if kind == "publication":
            return not self.get(schema, part["source"])["extra"].get("unlogged")
        if kind == "sequence" and part["owner"]:
            owner = self.get(schema, part["owner"])
            return owner["type"] in NUMBERS and "identity" not in owner["extra"] and not self.get(schema, owner["table"])["extra"].get("unlogged")
        return True

    def column_is_sound(self, c, schema):
        table = self.get(schema, c["table"])
        if table.get("partitioned") and not any(x.get("fixed") for x in self.parts_of(schema, table, "column")):
            return False
        if "generated" in c:
            other = self.get(schema, c["generated"])
            return other["type"] in NUMBERS and "generated" not in other
        if isinstance(c["default"], int):
            made = self.get(schema, c["default"])
            return made["kind"] != "function" or made["returns"] == c["type"]
        if c["default"] and isinstance(c["type"], int):
            return c["default"] in [literal(v) for v in self.get(schema, c["type"]).get("values", [])]
        return True

    def key_is_sound(self, fk, schema):
        pairs = zip(fk["columns"], fk["referred"], fk["types"])
        logged = [self.get(schema, n)["extra"].get("unlogged") for n in (fk["table"], fk["target"])]
        target = self.get(schema, fk["on"][1])
        return logged[0] == logged[1] and target["columns"] == fk["referred"] and "deferrable" not in target["extra"] and \
            all(self.get(schema, a)["type"] == self.get(schema, b)["type"] == t and "generated" not in self.get(schema, a) for a, b, t in pairs)

    # ---- the model

    def render(self, schema, before):
        from postgresql_model import Model
        return Model(self, schema, before).model()
