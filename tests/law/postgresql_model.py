"""The model of a random schema for PostgreSQL."""
from postgresql_schemas import key, literal, quoted

PARTS_OF_TABLES = ("primary key", "unique", "exclude", "check", "foreign key", "index")


class Model:
    def __init__(self, engine, schema, before):
        self.engine, self.schema = engine, schema
        self.by_number = {p["number"]: p for p in schema}
        self.was = {p["number"]: p for p in before or []}

    def model(self):
        self.out = {"schemas": [p["name"] for p in self.of("schema")]}
        for kind in sorted(self.engine.KINDS, key=lambda k: k in PARTS_OF_TABLES):
            for part in self.of(kind):
                put = getattr(self, "put_" + kind.replace(" ", "_"), None)
                if put:
                    put(part)
        return {k: v for k, v in self.out.items() if v}

    # ---- words

    def of(self, *kinds):
        return self.engine.of_kind(self.schema, *kinds)

    def get(self, number):
        return self.by_number[number]

    def home(self, part):
        number = part.get("schema")
        return self.get(number)["name"] if number else None

    def path(self, part, words=quoted):
        """An object's name as SQL, or as a key of the model."""
        return ".".join(words(n) for n in (self.home(part), part["name"]) if n)

    def type(self, type):
        return self.path(self.get(type)) if isinstance(type, int) else type

    def column(self, number):
        return quoted(self.get(number)["name"])

    def renamed(self, part, words=key):
        old = self.was.get(part["number"])
        return {"renamed_from": words(old["name"])} if old and old["name"] != part["name"] else {}

    def section(self, name):
        return self.out.setdefault(name, {})

    # ---- tables

    def put_table(self, t):
        extra = dict(t["extra"])
        comment = {"comment": extra.pop("comment")} if "comment" in extra else {}
        if t.get("partitioned"):
            fixed = next(c for c in self.engine.parts_of(self.schema, t, "column") if c.get("fixed"))
            extra["partition_by"] = f"RANGE ({quoted(fixed['name'])})"
            for unfit in ("with", "unlogged", "replica_identity"):
                extra.pop(unfit, None)
        self.table(t, comment, extra)

    def put_child(self, t):
        self.table(t, {}, {"inherits": [self.path(self.get(t["parent"]), key)]})

    def put_partition(self, t):
        bound = f"FOR VALUES FROM ({t['bound'] * 10}) TO ({t['bound'] * 10 + 10})"
        self.table(t, {}, {"partition_of": self.path(self.get(t["parent"]), key), "partition_bound": bound})

    def put_foreign_table(self, t):
        self.table(t, {"columns": {"a": t["type"]}}, {"server": key(self.get(t["server"])["name"]), **t["extra"]})

    def table(self, t, words, options):
        out = {**words, **self.renamed(t)}
        columns = {c["name"]: self.one_column(c) for c in self.engine.parts_of(self.schema, t, "column")}
        if columns:
            out["columns"] = columns
        if options:
            out["options"] = {"postgresql": options}
        self.section("tables")[self.path(t, key)] = out

    def one_column(self, c):
        extra = dict(c["extra"])
        out = {"type": {"sql": self.type(c["type"])} if isinstance(c["type"], int) else c["type"], **self.renamed(c, str)}
        default = c["default"]
        if isinstance(default, int):
            made = self.get(default)
            default = f"{self.path(made)}(3)" if made["kind"] == "function" else f"nextval({literal(self.path(made))}::regclass)"
        if default:
            out["default"] = {"sql": default}
        if "generated" in c:
            out.update(generated=f"{self.column(c['generated'])} + 1", stored=True)
        options = {k: extra.pop(k) for k in ("statistics", "storage") if k in extra}
        out.update(extra)
        if options:
            out["options"] = {"postgresql": options}
        return out

    def owner(self, part):
        return self.section("tables")[self.path(self.get(part["table"]), key)]

    def put_primary_key(self, k):
        self.owner(k)["primary_key"] = {"name": k["name"], "columns": [self.get(c)["name"] for c in k["columns"]], **k["extra"]}

    def put_unique(self, k):
        self.owner(k).setdefault("unique", {})[k["name"]] = {
            "columns": [self.get(c)["name"] for c in k["columns"]], **k["extra"], **self.renamed(k, str)}

    def put_exclude(self, k):
        self.owner(k).setdefault("exclude", {})[k["name"]] = {
            "method": "gist", "columns": [{"column": self.get(k["columns"][0])["name"], "with": "&&"}]}

    def put_check(self, k):
        c = self.column(k["column"])
        forms = {"number": [f"{c} > 0", f"{c} BETWEEN 1 AND 9", f"{c} IN (1, 2)"], "text": [f"{c} <> ''", f"length({c}) < 5", f"{c} IN ('a', 'b')"],
                 "any": [f"{c} IS NOT NULL", f"NOT ({c} IS NULL)", f"({c} IS NULL) IS FALSE"]}
        self.owner(k).setdefault("checks", {})[k["name"]] = {"expression": forms[k["form"]][k["variant"]], **k["extra"], **self.renamed(k, str)}

    def put_foreign_key(self, k):
        target = f"{self.path(self.get(k['target']))}({', '.join(self.column(c) for c in k['referred'])})"
        self.owner(k).setdefault("foreign_keys", {})[k["name"]] = {
            "columns": [self.get(c)["name"] for c in k["columns"]], "references": target, **k["extra"]}

    def put_index(self, i):
        out = {**i["extra"], **self.renamed(i, str)}
        name = self.get(i["columns"][0])["name"] if i["columns"] else "c1"
        c = quoted(name)
        form = {"view": {"columns": [name]}, "plain": {"columns": [name]}, "desc": {"columns": [{"column": name, "order": "desc", "nulls": "last"}]},
                "where": {"columns": [name], "where": f"{c} IS NOT NULL", "unique": False}, "include": {"columns": [name], "include": [name]},
                "hash": {"columns": [name], "method": "hash"}, "brin": {"columns": [name], "method": "brin"}, "gin": {"columns": [name], "method": "gin"},
                "gist": {"columns": [name], "method": "gist"}, "lower": {"columns": [{"expression": f"lower({c})"}]},
                "pattern": {"columns": [{"column": name, "opclass": "text_pattern_ops"}]}}[i["form"]]
        table = self.get(i["table"])
        holder = self.section("views")[self.path(table, key)] if table["kind"] == "materialized" else self.owner(i)
        holder.setdefault("indexes", {})[i["name"]] = {**form, **out}

    # ---- types and sequences

    def put_enum(self, e):
        self.section("enums")[key(e["name"])] = {"values": e["values"], **self.renamed(e)}

    def put_domain(self, d):
        self.section("domains")[key(d["name"])] = {**{"base": "text"}, **d["extra"], **self.renamed(d)}

    def put_composite(self, t):
        self.section("composites")[key(t["name"])] = {"attributes": t["attributes"], **self.renamed(t)}

    def put_sequence(self, s):
        out = {**s["extra"], **self.renamed(s)}
        if s["owner"]:
            column = self.get(s["owner"])
            out["owned_by"] = f"{self.path(self.get(column['table']))}.{quoted(column['name'])}"
        self.section("sequences")[key(s["name"])] = out

    # ---- views

    def put_view(self, v, **more):
        source, c = self.get(v["source"]), v["column"] and self.column(v["column"])
        name = self.path(source)
        first = "c1" if source["kind"] in ("view", "materialized") else "1"
        query = [f"SELECT {first} AS c1 FROM {name}", f"SELECT {c} AS c1, count(*) AS n FROM {name} GROUP BY {c}",
                 f"SELECT {c} AS c1 FROM {name} WHERE {c} IS NOT NULL", f"SELECT s.{c} AS c1 FROM (SELECT x.{c} FROM {name} AS x LIMIT 3) AS s"][v["form"]]
        extra = dict(v["extra"])
        options = {k: extra.pop(k) for k in ("security_barrier", "check_option") if k in extra}
        self.section("views")[self.path(v, key)] = {"query": query, **more, **extra, **({"options": {"postgresql": options}} if options else {}),
                                                    **self.renamed(v)}

    def put_materialized(self, v):
        self.put_view(v, materialized=True)

    # ---- statements

    def statement(self, section, name, text, part, **more):
        comment = {"comment": part["extra"]["comment"]} if "comment" in part["extra"] else {}
        self.section(section)[name] = {"definition": text, **comment, **more}

    def put_function(self, f):
        name, argument = quoted(f["name"]), self.type(f["argument"]) if f["argument"] else "integer"
        if f["argument"]:
            body = ["SELECT 'x'::text", "SELECT $1::text", "SELECT NULL::text"][f["body"]]
            text = f"CREATE FUNCTION {name}({argument}) RETURNS text LANGUAGE sql {f['volatile']} AS $$ {body} $$"
        else:
            body = ["SELECT $1 + 1", "SELECT 7", "SELECT $1 * $1"][f["body"]]
            text = f"CREATE FUNCTION {name}({argument}) RETURNS integer LANGUAGE sql {f['volatile']} AS $$ {body} $$"
        self.statement("functions", f"{key(f['name'])}({argument})", text, f)

    def put_aggregate(self, a):
        self.statement("aggregates", f"{key(a['name'])}(integer)", f"CREATE AGGREGATE {quoted(a['name'])}(integer) (SFUNC = int4pl, STYPE = integer, "
                       f"INITCOND = '{a['start']}')", a)

    def put_operator(self, o):
        self.statement("operators", f"{o['name']}(integer, integer)", f"CREATE OPERATOR {o['name']} (FUNCTION = {o['procedure']}, LEFTARG = integer, "
                       "RIGHTARG = integer)", o)

    def put_cast(self, c):
        enum = self.path(self.get(c["enum"]))
        self.statement("casts", f"{enum} AS boolean", f"CREATE CAST ({enum} AS boolean) WITH INOUT{' AS ' + c['how'] if c['how'] else ''}", c)

    def put_range(self, r):
        self.statement("ranges", key(r["name"]), f"CREATE TYPE {quoted(r['name'])} AS RANGE (SUBTYPE = {r['subtype']})", r)

    def put_collation(self, c):
        self.statement("collations", key(c["name"]), f"CREATE COLLATION {quoted(c['name'])} (LOCALE = '{c['locale']}')", c)

    def put_dictionary(self, d):
        self.statement("text_search_dictionaries", key(d["name"]),
                       f"CREATE TEXT SEARCH DICTIONARY {quoted(d['name'])} (TEMPLATE = pg_catalog.simple, accept = '{d['accept']}')", d)

    def put_trigger(self, t):
        table, c = self.path(self.get(t["table"])), self.column(t["column"])
        when = ["BEFORE UPDATE", f"AFTER UPDATE OF {c}", "AFTER INSERT"][t["form"]]
        options = {"options": {"postgresql": {"enabled": t["extra"]["enabled"]}}} if "enabled" in t["extra"] else {}
        text = f"CREATE TRIGGER {t['name']} {when} ON {table} FOR EACH ROW WHEN (new.{c} IS NOT NULL) EXECUTE FUNCTION law_trigger()"
        self.section("functions")["law_trigger()"] = "CREATE FUNCTION law_trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$"
        self.statement("triggers", t["name"], text, t, **options)

    def put_policy(self, p):
        table, c = self.path(self.get(p["table"])), self.column(p["column"])
        text = [f"FOR SELECT USING ({c} IS NOT NULL)", f"AS RESTRICTIVE FOR INSERT WITH CHECK ({c} IS NULL)"][p["form"]]
        self.statement("policies", p["name"], f"CREATE POLICY {p['name']} ON {table} {text}", p)

    def put_rule(self, r):
        table = self.path(self.get(r["table"]))
        self.statement("rules", r["name"], f"CREATE RULE {r['name']} AS ON {['DELETE', 'UPDATE'][r['form']]} TO {table} DO INSTEAD NOTHING", r)

    def put_statistics(self, s):
        table = self.path(self.get(s["table"]))
        self.statement("statistics", s["name"], f"CREATE STATISTICS {s['name']} ON {', '.join(self.column(c) for c in s['columns'])} FROM {table}", s)

    def put_publication(self, p):
        self.statement("publications", key(p["name"]), f"CREATE PUBLICATION {quoted(p['name'])} FOR TABLE {self.path(self.get(p['source']))}", p)

    def put_server(self, s):
        self.section("foreign_data_wrappers")["law"] = "CREATE FOREIGN DATA WRAPPER law"
        self.statement("servers", key(s["name"]), f"CREATE SERVER {quoted(s['name'])} FOREIGN DATA WRAPPER law{s['options']}", s)

    def put_extension(self, e):
        self.section("extensions")[e["name"]] = {"schema": self.get(e["schema"])["name"]} if e["schema"] else {}

    def put_grant(self, g):
        self.out.setdefault("grants", []).append(f"GRANT {g['right']} ON {self.path(self.get(g['target']))} TO PUBLIC")

    def put_privileges(self, p):
        self.out.setdefault("default_privileges", []).append(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {p['right']} ON TABLES TO PUBLIC")
