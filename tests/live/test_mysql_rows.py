#!/usr/bin/env python3
"""MySQL and MariaDB: rows that a revision cannot take are found before its first statement, and no value is lost unsaid."""
import re
import sys

import mykit
from mykit import case, truth

SECRET = "bob@example.com"

# name: tables and rows, the model afterwards, what the refusal says
REFUSED = {
    "a new column refers to rows that are not there": (
        "create table a (id int primary key); create table t (id int primary key); insert into a values (1); insert into t values (1),(2)",
        "tables: {a: {columns: {id: {type: integer, primary_key: true, autoincrement: false}}}, t: {columns: {id: {type: integer, primary_key: true, "
        "autoincrement: false}, a_id: {type: integer, nullable: false, references: a.id}}}}",
        "t refers to a"),
    "a key over orphans": (
        "create table a (id int primary key); create table t (id int primary key, a_id int); insert into a values (1); insert into t values (7,1),(8,2)",
        "tables: {a: {columns: {id: {type: integer, primary_key: true, autoincrement: false}}}, t: {columns: {id: {type: integer, primary_key: true, "
        "autoincrement: false}, a_id: {type: integer, references: a.id}, more: {type: integer}}}}",
        "first row: 8"),
    "a key into a table that is new": (
        "create table t (id int primary key, a_id int); insert into t values (7,1)",
        "tables: {a: {columns: {id: {type: integer, primary_key: true, autoincrement: false}}}, t: {columns: {id: {type: integer, primary_key: true, "
        "autoincrement: false}, a_id: {type: integer, references: a.id}}}}",
        "t refers to a"),
    "a unique key over duplicates": (
        f"create table t (id int primary key, m varchar(80)); insert into t values (3,'{SECRET}'),(4,'{SECRET}')",
        "tables: {n: {columns: {id: {type: integer, primary_key: true}}}, t: {columns: {id: {type: integer, primary_key: true, autoincrement: false}, "
        "m: {type: string(80), unique: true}}}}",
        "first row: 3"),
    "a collation in which unique texts are equal": (
        "create table t (id int primary key, m varchar(80) collate utf8mb4_bin, unique key m (m)); insert into t values (3,'a'),(4,'A')",
        "tables: {n: {columns: {id: {type: integer, primary_key: true}}}, t: {columns: {id: {type: integer, primary_key: true, autoincrement: false}, "
        "m: {type: string(80), unique: {name: m}}}}}",
        "several rows have the same"),
    "a check that does not hold": (
        f"create table t (id int primary key, m varchar(80), n int); insert into t values (3,'{SECRET}',-1)",
        "tables: {n: {columns: {id: {type: integer, primary_key: true}}}, t: {columns: {id: {type: integer, primary_key: true, autoincrement: false}, "
        "m: {type: string(80)}, n: {type: integer, check: n > 0}}}}",
        "first row: 3"),
    "NULLs where none may be": (
        f"create table t (id int primary key, m varchar(80), n int); insert into t values (3,'{SECRET}',NULL)",
        "tables: {n: {columns: {id: {type: integer, primary_key: true}}}, t: {columns: {id: {type: integer, primary_key: true, autoincrement: false}, "
        "m: {type: string(80)}, n: {type: integer, nullable: false}}}}",
        "first row: 3"),
    "a number that becomes AUTO_INCREMENT": (
        "create table t (id int primary key); insert into t values (0)",
        "tables: {t: {columns: {id: {type: integer, primary_key: true, autoincrement: true}}}}",
        "would get a new number"),
}
for new in ("date", "datetime", "polygon"):
    REFUSED[f"a new {new} that is not null"] = (
        "create table t (id int primary key); insert into t values (1)",
        "tables: {n: {columns: {id: {type: integer, primary_key: true}}}, t: {columns: {id: {type: integer, primary_key: true, autoincrement: false}, "
        f"d: {{type: {new}, nullable: false}}}}}}}}",
        "is NOT NULL without a default")


@case
def rows_in_the_way_are_found_before_anything_is_changed(t):
    for title, (have, model, says) in REFUSED.items():
        t.fresh()
        t.sql(have)
        before = t.dump()
        t.write("schema.yaml", model)
        script = t.migrate()
        up = script.split("-- cmigrate: downgrade")[0]
        first = next((n for n, line in enumerate(up.splitlines()) if line.startswith(("ALTER", "CREATE", "DROP"))), 0)
        last = max((n for n, line in enumerate(up.splitlines()) if line.startswith("-- cmigrate: assert")), default=-1)
        truth(-1 < last < first, f"{title}: the assertions do not come first:\n{script}")
        said = t.must("upgrade", status=4, says=says)
        truth(SECRET not in said, f"{title}: a value is shown:\n{said}")
        truth(t.dump() == before, f"{title}: something was changed:\n{t.dump()}")


@case
def rows_that_fit_pass(t):
    t.sql("create table a (id int primary key, m varchar(80))", "create table t (id int primary key, a_id int, m varchar(80), d datetime(6), n decimal(10,4))",
          "insert into a values (1,'x')", "insert into t values (1,1,'x','2020-01-02 00:00:00',1.2500),(2,NULL,NULL,NULL,NULL)")
    t.write("schema.yaml", """
tables:
  a: {columns: {id: {type: bigint, primary_key: true, autoincrement: false}, m: {type: string(80), unique: true}}}
  t2:
    renamed_from: t
    columns:
      id: {type: integer, primary_key: true, autoincrement: true}
      owner: {type: bigint, references: a.id, renamed_from: a_id}
      m: {type: string(80), unique: true, check: "m <> ''"}
      d: {type: date}
      n: {type: "numeric(10,2)"}
      e: {type: "enum('x','y')", nullable: false}
""")
    t.migrate()
    t.must("upgrade")
    truth(t.sql("select id, owner, m, d, n, e from t2 order by id") == "1\t1\tx\t2020-01-02\t1.25\tx\n2\tNULL\tNULL\tNULL\tNULL\tx", t.sql("select * from t2"))
    t.must("check")
    t.must("downgrade", "-1")
    t.must("upgrade")


@case
def a_new_timestamp_is_never_a_date_that_is_none(t):
    t.sql("create table t (id int primary key)", "insert into t values (1)")
    t.write("schema.yaml", "tables: {t: {columns: {id: {type: integer, primary_key: true, autoincrement: false}, s: {type: timestamp, nullable: false}}}}\n")
    truth("get the time of the revision in s" in t.migrate(), t.script())
    t.must("upgrade")
    truth(t.sql("select s > '2001-01-01' from t") == "1", t.sql("select s from t"))
    t.must("check")


# old type, new type, values that the engine changes without an error, values that it keeps
EDGES = [
    ("datetime", "date", ["2020-01-02 03:04:05"], ["2020-01-02 00:00:00"]),
    ("datetime(6)", "datetime", ["2020-12-31 23:59:59.9"], ["2020-12-31 23:59:59"]),
    ("datetime", "time", ["2020-01-02 03:04:05"], []),
    ("time(3)", "time", ["10:00:00.5"], ["10:00:00"]),
    ("date", "time", ["2020-01-02"], []),
    ("decimal(10,4)", "decimal(10,2)", ["1.2345"], ["1.2300"]),
    ("decimal(10,4)", "int", ["1.5"], ["2"]),
    ("decimal(30,10)", "double", ["12345678901234567890.0123456789"], ["1.5"]),
    ("double", "int", ["1.75"], ["2"]),
    ("double", "decimal(10,2)", ["0.333"], ["0.5"]),
    ("double", "float", ["0.1234567890123"], []),
    ("bigint", "double", ["9007199254740993"], ["5"]),
    ("bigint", "float", ["9007199254740993"], ["5"]),
    ("int", "float", ["16777217"], ["5"]),
    ("int", "year", ["5"], ["2005"]),
    ("int", "time", ["5"], []),
    ("int", "enum('x','y')", ["1"], []),
    ("enum('x','y')", "int", ["x"], []),
    ("varchar(10)", "char(10)", ["a  "], ["a"]),
    ("text", "varchar(3)", ["a    "], ["abc"]),
    ("varchar(10)", "varchar(3)", ["a    "], ["abc"]),
    ("varchar(10)", "int", ["007", "1 "], ["7"]),
    ("varchar(10)", "decimal(10,1)", ["1.25", "007"], ["1.5"]),
    ("varchar(30)", "date", ["2020-01-02 10:00:00"], ["2020-01-02"]),
    ("varchar(10)", "enum('x','y')", ["X"], ["x"]),
    ("varchar(10)", "binary(5)", ["abc"], ["abcde"]),
    ("varbinary(10)", "binary(5)", ["abc"], ["abcde"]),
    ("varchar(30)", "json", ['{"a":1, "a":2}'], []),
    ("decimal(10,4)", "double(8,2)", ["1.2345"], ["1.2300"]),
    ("double", "double(8,2)", ["0.125"], ["0.5"]),
    ("float", "double(8,2)", ["0.125"], []),
    ("double", "bigint", ["1e19", "-1e19"], ["5"]),
    ("double", "bigint unsigned", ["1e20"], ["5"]),
    ("float", "bigint", ["1e30"], ["5"]),
    ("blob", "varchar(3)", ["a    "], ["abc"]),
]


@case
def values_that_would_change_stop_the_revision_or_are_told_as_a_loss(t):
    have, want, rows, lossy = [], [], [], []
    for n, (old, new, bent, kept) in enumerate(EDGES):
        have.append(f"create table t{n} (id int primary key, v {old})")
        want.append(f"  t{n}: {{columns: {{id: {{type: integer, primary_key: true, autoincrement: false}}, v: {{type: \"{new}\"}}}}}}")
    t.sql(*have)
    t.write("schema.yaml", "tables:\n" + "\n".join(want) + "\n")
    script = t.migrate()
    up = script.split("-- cmigrate: downgrade")[0]
    for n, (old, new, bent, kept) in enumerate(EDGES):
        asserted = [part.split(";")[0] for part in up.split("-- cmigrate: assert")[1:] if f"`t{n}`" in part.split(";")[0]]
        told = f"may lose data: column v: {old} to {new}" in up
        if t.name == "mariadb" and new == "json":
            continue  # a text there, which stays
        truth(asserted or told, f"{old} to {new}: nothing is said\n{up}")
        queries = [q.split("\n", 1)[1] for q in asserted]
        for value, stops in [(v, True) for v in bent] + [(v, False) for v in kept]:
            t.sql(f"delete from t{n}", f"insert into t{n} values (1, '{value}')")
            found = any(t.sql(q) for q in queries)
            truth(found == stops or (told and stops), f"{old} to {new}, '{value}': {'passes' if stops else 'is refused'}\n{queries}")


# have, the model afterwards, what the list says, what the script says; those of sequences on MariaDB alone
ID = "id: {type: integer, primary_key: true, autoincrement: false}"
UNASKED = [
    ("create table t (id int primary key)", f"tables: {{t: {{columns: {{{ID}}}, options: {{mysql: {{engine: MEMORY}}}}}}}}",
     "may lose data: table t is kept in memory, which the server forgets when it stops", None),
    ("create table t (id int primary key auto_increment)", f"tables: {{t: {{columns: {{{ID}}}}}}}",
     "may lose data: column id: numbers of deleted rows may be given again", None),
    ("create sequence s; select setval(s, 500)", "sequences: {s: {increment: -1}}",
     "may lose data: the counter of sequence s begins again at -1", None),
    ("create sequence s; select setval(s, 500)", "sequences: {r: {}}", "- sequence s loses data: its counter",
     "-- loses data: the counter of sequence s\nDROP SEQUENCE `s`;"),
]


@case
def what_no_query_can_tell_is_said_by_migrate_and_the_script(t):
    for have, model, said, written in UNASKED:
        if "sequence" in have and t.name != "mariadb":
            continue
        t.fresh()
        t.sql(have)
        t.write("schema.yaml", model + "\n")
        up = t.migrate(says=said).split("-- cmigrate: downgrade")[0]
        truth((written or "-- " + said) in up, f"the script does not say '{said}':\n{up}")


@case
def the_engine_changes_nothing_that_no_one_tells(t):
    """The engine itself is asked: each of many values in each type, changed to each other type, as the revision would."""
    types = ["tinyint", "int", "bigint", "bigint unsigned", "decimal(10,4)", "decimal(6,2)", "decimal(30,10)", "double", "float", "year", "date", "time",
             "time(3)", "datetime", "datetime(3)", "timestamp", "char(5)", "varchar(5)", "varchar(30)", "text", "binary(5)", "varbinary(30)", "blob",
             "enum('a','b','2')", "set('a','b')"]
    values = ["0", "1", "-1", "5", "127", "2005", "16777217", "9007199254740993", "1.5", "1.2345", "0.1", "12345.6789", "007", "2020-01-02", "10:20:30",
              "10:20:30.5", "2020-01-02 10:20:30.4", "2020-01-02 10:20:30", "2020-01-02 00:00:00", "a", "b", "abc", "a    ", "A", ""]
    mode = "set sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00'"
    t.sql(*(f"create table f{i} (id int primary key, v {a})" for i, a in enumerate(types)))
    pairs = [(i, j) for i in range(len(types)) for j in range(len(types)) if i != j]
    wrong = []
    for j, new in enumerate(types):
        t.forget()
        t.write("schema.yaml", "tables:\n" + "\n".join(
            f"  f{i}: {{columns: {{id: {{type: integer, primary_key: true, autoincrement: false}}, v: {{type: \"{new}\"}}}}}}" for i in range(len(types))) + "\n")
        up = t.migrate().split("-- cmigrate: downgrade")[0]
        asserted = {i: [part.split(";")[0].split("\n", 1)[1] for part in up.split("-- cmigrate: assert")[1:] if f"`f{i}`" in part.split(";")[0]]
                    for i in range(len(types))}
        told = {i for i, a in enumerate(types) if f"may lose data: column v: {a} to {new}" in up}
        steps = [mode]
        for i in range(len(types)):
            if i == j or i in told:
                continue
            old = types[i]
            steps += ["drop table if exists x", f"create table x (id int primary key auto_increment, v {old}, w {new}, b {old}, seen int not null default 0)"]
            steps += [f"insert ignore into x (v) values ('{v}')" for v in values]
            for q in asserted[i]:  # rows that the revision refuses
                condition = q.split(" WHERE ", 1)[1].rsplit(" LIMIT 1", 1)[0]
                steps.append(f"update ignore x as t set t.seen = 1 where {condition}")
            steps += [f"update x set w = v where id = {k + 1} and seen = 0" for k in range(len(values))]
            steps += ["update ignore x set b = w where w is not null"]
            steps.append(f"select '{old}', '{new}', v, w from x where w is not null and not (cast(b as binary) <=> cast(v as binary))")
        p = t.client_force(steps)
        for line in p.splitlines():  # zeros that a decimal puts behind a number are no other value
            fields = line.split("\t")
            number = fields[1].startswith("decimal") and re.fullmatch(r"-?[0-9]+([.][0-9]+)?", fields[2])
            if not number or float(fields[2]) != float(fields[3]):
                wrong.append(line)
    truth(not wrong, f"{len(wrong)} of {len(pairs)} pairs with {len(values)} values change something unsaid:\n" + "\n".join(wrong[:60]))


if __name__ == "__main__":
    sys.exit(mykit.main())
