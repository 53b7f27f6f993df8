#!/usr/bin/env python3
"""Declared rows: run.py CMIGRATE ENGINE [-k TEXT]; on servers with TESTS_THIRD=0, 1 or 2 each third case, on SQLite with
CASES_SHARE=K/N each N-th.

A journey goes through models one after another. At each step two laws hold: after the upgrade `check` finds no difference, and
after the downgrade all rows are what they were before, also those that are not ours. Then it goes up again, and on.
Other cases look at what is said. 77: there is no such server.
"""
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cases"))
import engines
from engines import Failed

cases = []


def case(function):
    cases.append(function)
    return function


def truth(holds, what):
    if not holds:
        raise Failed(what)


class Project:
    def __init__(self, program, engine):
        self.program, self.engine = program, engine
        self.path = tempfile.mkdtemp(prefix="cmdata-")
        self.url = engine.fresh(self.path)
        os.mkdir(os.path.join(self.path, "migrations"))
        self.write("cmigrate.yaml", f"url: {self.url}\n")

    def close(self):
        self.engine.drop()
        shutil.rmtree(self.path, ignore_errors=True)

    def write(self, name, text):
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(text)

    def call(self, *arguments, status=0):
        done = subprocess.run([self.program, *arguments], cwd=self.path, capture_output=True, text=True, timeout=120)
        done.said = done.stdout + done.stderr
        truth(status is None or done.returncode == status,
              f"cmigrate {' '.join(arguments)}: status {done.returncode}, not {status}\n{done.said}")
        return done

    def sql(self, text):
        self.engine.run(text)

    def ask(self, query):
        return self.engine.ask(query).strip()

    def script(self):
        folder = os.path.join(self.path, "migrations")
        return open(max((os.path.join(folder, n) for n in os.listdir(folder) if n.endswith(".sql")), key=os.path.getmtime)).read()

    def step(self, model, *options, sure=True):
        """A model becomes a revision; up, down and up again by the laws."""
        self.write("schema.yaml", model)
        self.call("migrate", "-m", "step", "--no-lint", *options)
        before = self.engine.rows()
        self.call("upgrade")
        self.call("check")
        after = self.engine.rows()
        self.call("downgrade")
        now = self.engine.rows()
        truth(now == before, f"after the downgrade:\n{now}\nbefore:\n{before}\n{self.script()}")
        self.call("upgrade")
        self.call("check")
        if sure and self.engine.dialect == "sqlite":  # elsewhere a counter has gone on
            truth(self.engine.rows() == after, f"the second upgrade does not make what the first did: {self.engine.rows()} {after}")
        again = self.call("migrate", "-m", "again")
        truth("No changes" in again.said, again.said)
        return after


CURRENCY = """
tables:
  currency:
    columns:
      code: {type: string(3), primary_key: true}
      name: {type: string(40), nullable: false, unique: true}
      digits: {type: integer, nullable: false, default: 2}
      rate: {type: "numeric(12,4)"}
      active: {type: boolean}
      since: {type: date}
      note: {type: text}
"""


def names(p):
    return sorted(p.ask("select name from currency").split("\n"))


@case
def rows_are_added_changed_and_deleted(p):
    p.step(CURRENCY + "data:\n  currency: [{code: EUR, name: Euro, rate: 1.0, active: yes, since: 1999-01-01}, {code: JPY, name: Yen, digits: 0}]\n")
    p.sql("insert into currency (code, name, note) values ('XXX', 'nobody''s', 'a user''s')")
    p.step(CURRENCY + "data:\n  currency: [{code: EUR, name: Euros, rate: 2.5, active: no, since: 1999-01-02, note: ''}, {code: GBP, name: Pound}]\n")
    truth(names(p) == ["Euros", "Pound", "Yen", "nobody's"], names(p))
    p.step(CURRENCY + "data:\n  currency: {mode: sync, owns: \"code <> 'XXX'\", rows: [{code: GBP, name: Pound}]}\n")
    truth(names(p) == ["Pound", "nobody's"], names(p))


@case
def upserts_are_what_the_server_wants(p):
    for table in ("thing", "declared"):
        model = "tables:\n  %s: {columns: {id: {type: integer, primary_key: true}, name: {type: string(20)}}}\n" % table
        p.write("schema.yaml", model + "data:\n  %s: [{id: 1, name: a}, {id: 2, name: b}]\n" % table)
        p.call("migrate", "-m", table, "--no-lint")
        p.sql("create table %s (id int primary key, name varchar(20))" % table)
        p.sql("insert into %s values (1, 'another')" % table)
        p.write("migrations/z.sql", re.sub(r"CREATE TABLE[^;]*;", "", p.script()))
        os.remove(max((os.path.join(p.path, "migrations", n) for n in os.listdir(os.path.join(p.path, "migrations")) if n != "z.sql"), key=os.path.getmtime))
        said = p.call("upgrade").said
        truth("deprecated" not in said, said)
        truth(p.ask("select id, name from %s order by 1" % table) == "1|a\n2|b", "the row that was there is changed")
        p.sql("drop table %s" % table)
        p.call("stamp", "base")
        os.remove(os.path.join(p.path, "migrations", "z.sql"))


@case
def the_engine_says_what_is_equal(p):
    p.step(CURRENCY + "data:\n  currency: [{code: EUR, name: Euro, rate: 1.0, active: true, digits: '2', since: 1999-01-01, note: ''}]\n")
    for row in ("rate: 1.00, active: yes, digits: 2, note: ''", "rate: '1.0000', active: on, digits: 2, note: ''"):
        p.write("schema.yaml", CURRENCY + "data:\n  currency: [{code: EUR, name: Euro, since: '1999-01-01', " + row + "}]\n")
        p.call("check")
    p.write("schema.yaml", CURRENCY + "data:\n  currency: [{code: EUR, name: Euro, note: null}]\n")
    truth("row EUR: note" in p.call("check", status=1).said, "NULL is not ''")
    p.call("check", "--no-data")
    p.write("schema.yaml", CURRENCY + "data:\n  currency: [{code: EUR, name: euro}]\n")
    truth("row EUR: name" in p.call("check", status=1).said, "euro is not Euro, whatever the collation says")


@case
def texts_and_bytes_of_every_kind(p):
    long = "x'\\\"" * 1250
    tables = CURRENCY + "  thing: {columns: {id: {type: integer, primary_key: true}, body: {type: text}, bytes: {type: blob}, doc: {type: json}}}\n"
    rows = [{"id": 1, "body": long, "bytes": "AAECAycx//8=", "doc": {"a": [1, "zwei", None], "b": {}}},
            {"id": 2, "body": "Grüße, 世界 🙂\n-- cmigrate: downgrade\n; DROP TABLE thing; /* ' */ $$ \\", "bytes": "", "doc": [1, 2]},
            {"id": 3, "body": "", "bytes": None, "doc": None}]
    p.step(tables + "data:\n  thing: " + json.dumps(rows, ensure_ascii=False) + "\n")
    rows[0]["body"], rows[0]["bytes"], rows[2]["body"] = "short", "AA==", None
    rows[1]["doc"] = [1, 2, 3]
    p.step(tables + "data:\n  thing: " + json.dumps(rows, ensure_ascii=False) + "\n")
    p.step(tables + "data:\n  thing: {mode: sync, rows: []}\n", "--allow-delete")


MANY = """
tables:
  role: {columns: {id: {type: integer, primary_key: true}, name: {type: string(40), nullable: false, unique: true}}}
  permission: {columns: {id: {type: integer, primary_key: true}, name: {type: string(40), nullable: false, unique: true}}}
  role_permission:
    columns:
      role: {type: integer, nullable: false, references: role.id}
      permission: {type: integer, nullable: false, references: permission.id}
      level: {type: integer}
    primary_key: [role, permission]
"""


@case
def references_by_natural_keys_and_composite_keys(p):
    p.step(MANY + "data:\n  role_permission: {rows: [{role: {role.name: admin}, permission: {permission.name: edit}, level: 1}]}\n"
           "  permission: {key: name, rows: [{name: edit}, {name: read}]}\n  role: {key: name, rows: [{name: admin}]}\n")
    p.sql("insert into role (name) values ('user')")
    p.step(MANY + "data:\n  role_permission: {mode: sync, rows: [{role: {role.name: user}, permission: {permission.name: read}, level: 2}]}\n"
           "  permission: {key: name, rows: [{name: edit}, {name: read}]}\n  role: {key: name, rows: [{name: admin}]}\n", "--allow-delete")
    truth(p.ask("select r.name, q.name, x.level from role_permission x join role r on r.id = x.role join permission q "
                "on q.id = x.permission") == "user|read|2", "the one row")
    p.write("schema.yaml", MANY + "data:\n  role_permission: {rows: [{role: {role.name: nobody}, permission: {permission.name: read}}]}\n")
    said = p.call("migrate", "-m", "x", status=2).said
    truth("table 'role' has no such row" in said, said)


@case
def rows_that_refer_are_the_same_where_ids_are_others(p):
    """A revision is written on one database and runs on another, whose server gave the same rows other ids."""
    data = ("  permission: {key: name, rows: [{name: edit}, {name: read}]}\n  role: {key: name, rows: [{name: admin}, {name: user}]}\n"
            "  badge: {key: name, rows: [{name: star, role: {role.name: %s}}]}\n")
    tables = MANY + "  badge: {columns: {id: {type: integer, primary_key: true}, name: {type: string(20), unique: true}, role: {type: integer, references: role.id}}}\ndata:\n"
    p.step(tables.replace("data:\n", ""))
    p.step(tables + data % "admin" + "  role_permission: [{role: {role.name: admin}, permission: {permission.name: edit}, level: 1},"
           " {role: {role.name: user}, permission: {permission.name: read}, level: 2}]\n")
    p.step(tables + data % "user" + "  role_permission: {mode: sync, rows: [{role: {role.name: user}, permission: {permission.name: read}, level: 2}]}\n", "--allow-delete")
    truth("1 row of table role_permission" in p.script(), p.script())
    p.write("schema.yaml", tables + data % "user" + "  role_permission: {mode: sync, rows: []}\n")
    said = p.call("check", status=1).said
    truth("user, read" in said, f"rows are named by what people know: {said}")
    p.call("migrate", "-m", "none", "--no-lint", "--allow-delete")
    p.engine.fresh(p.path)
    p.call("upgrade", "+1")
    p.sql("insert into role (id, name) values (1, 'user'), (2, 'guest'), (7, 'admin')")  # admin is 1 and user 2 where it was written
    p.sql("insert into permission (id, name) values (1, 'read'), (2, 'list'), (9, 'edit')")
    p.sql("insert into role_permission (role, permission, level) values (2, 2, 3)")  # nobody's of the model
    links = "select r.name, q.name, x.level from role_permission x join role r on r.id = x.role join permission q on q.id = x.permission order by 1, 2"
    badge = "select b.name, r.name from badge b join role r on r.id = b.role"
    p.call("upgrade", "+1")
    both = "admin|edit|1\nguest|list|3\nuser|read|2"
    truth((p.ask(links), p.ask(badge)) == (both, "star|admin"), p.ask(links))
    p.call("upgrade", "+1", "--allow-destructive")
    truth((p.ask(links), p.ask(badge)) == ("guest|list|3\nuser|read|2", "star|user"), f"another row than the one that was meant: {p.ask(links)}")
    p.call("upgrade", "+1", "--allow-destructive")
    truth(p.ask(links) == "guest|list|3", p.ask(links))
    p.call("downgrade", "-2")
    truth((p.ask(links), p.ask(badge)) == (both, "star|admin"), f"not what was there: {p.ask(links)} {p.ask(badge)}")


NAMED = """
tables:
  role: {columns: {id: {type: integer, primary_key: true}, code: {type: string(5), nullable: false, unique: true}, name: {type: string(40), unique: true},
                   boss: {type: integer, references: role.id}}}
  badge: {columns: {id: {type: integer, primary_key: true}, name: {type: string(20), unique: true}, role: {type: integer, references: role.id}}}
  duty: {columns: {role: {type: integer, references: role.id}, what: {type: string(20)}, level: {type: integer}}, primary_key: [role, what]}
data:
"""


@case
def names_that_others_refer_by_change(p):
    """Names change, change places and pass to a new row, while rows that refer by them stay, change, come and go."""
    first, then = (NAMED + "  role: {key: code, rows: [%s]}\n  badge: {key: name, rows: [%s]}\n  duty: {mode: sync, rows: [%s]}\n" % rows for rows in (
        ("{code: a, name: admin}, {code: u, name: user, boss: {role.name: admin}}, {code: g, name: guest}",
         "{name: star, role: {role.name: admin}}, {name: moon, role: {role.name: user}}",
         "{role: {role.name: admin}, what: edit, level: 1}, {role: {role.name: admin}, what: read, level: 1}, {role: {role.name: user}, what: read, level: 2}"),
        ("{code: a, name: chief}, {code: u, name: guest, boss: {role.name: user}}, {code: g, name: user, boss: {role.name: chief}}, {code: n, name: admin}",
         "{name: star, role: {role.name: user}}, {name: moon, role: {role.name: admin}}, {name: sun, role: {role.name: chief}}",
         "{role: {role.name: chief}, what: edit, level: 5}, {role: {role.name: user}, what: edit, level: 2}, {role: {role.name: admin}, what: edit, level: 2}")))
    badges = "select b.name, r.code from badge b join role r on r.id = b.role order by 1"
    duties = "select r.code, what, level from duty d join role r on r.id = d.role order by 1, 2"
    bosses = "select r.code, b.code from role r join role b on b.id = r.boss order by 1"
    seen = lambda: (p.ask(badges), p.ask(duties), p.ask(bosses))
    p.step(NAMED.replace("data:\n", ""))
    p.step(first)
    before = seen()
    p.step(then, "--allow-delete")
    after = ("moon|n\nstar|g\nsun|a", "a|edit|5\ng|edit|2\nn|edit|2", "g|a\nu|g")
    truth(seen() == after, seen())
    p.engine.fresh(p.path)  # where the server gave other ids
    p.call("upgrade", "+1")
    p.sql("insert into role (id, code, name) values (1, 'x', 'theirs'), (20, 'g', 'guest'), (30, 'a', 'admin')")
    p.sql("insert into duty (role, what, level) values (1, 'read', 9)")
    p.call("upgrade", "+1")
    theirs = lambda rows: rows.replace("x|read|9", "").strip()
    truth((p.ask(badges), theirs(p.ask(duties)), p.ask(bosses)) == before, seen())
    p.call("upgrade", "+1", "--allow-destructive")
    truth((p.ask(badges), theirs(p.ask(duties)), p.ask(bosses)) == after, seen())
    p.call("downgrade", "-1")
    truth((p.ask(badges), theirs(p.ask(duties)), p.ask(bosses)) == before, seen())
    truth("x|read|9" in p.ask(duties), "a user's row")


@case
def a_row_that_goes_gives_its_name_away(p):
    """A row is deleted, its unique name passes to another one, and a row that referred to it is to refer to that one."""
    first, moved, then = (NAMED + "  role: {key: code, mode: sync, rows: [%s]}\n  badge: {key: name, rows: [{name: star, role: {role.%s}}]}\n" % rows for rows in (
        ("{code: a, name: user}, {code: b, name: admin}", "name: admin"), ("{code: a, name: user}, {code: b, name: admin}", "code: a"),
        ("{code: a, name: admin}", "name: admin")))
    p.step(NAMED.replace("data:\n", ""))
    p.step(first)
    p.write("schema.yaml", then)
    said = p.call("migrate", "-m", "x", "--allow-delete", status=2).said
    truth("refers to a row of table 'role' that is no longer declared" in said and "Make two revisions" in said, said)
    p.step(moved)
    p.step(then, "--allow-delete")
    truth(p.ask("select r.code, r.name from badge b join role r on r.id = b.role") == "a|admin", "moved first, then renamed")


TREE = """
tables:
  node: {columns: {id: {type: integer, primary_key: true}, name: {type: string(40), nullable: false, unique: true},
                   parent: {type: integer, references: node.id}}}
"""


@case
def rows_that_refer_to_each_other(p):
    p.step(TREE + "data:\n  node: {key: name, rows: [{name: leaf, parent: {node.name: twig}}, {name: twig, parent: {node.name: root}}, {name: root}]}\n")
    truth(p.ask("select n.name, p.name from node n join node p on p.id = n.parent order by 1") == "leaf|twig\ntwig|root", "the tree")
    p.step(TREE + "data:\n  node: {key: name, rows: [{name: leaf, parent: {node.name: twig}}, {name: twig, parent: {node.name: root}}, {name: root},"
           "{name: hen, parent: {node.name: egg}}, {name: egg, parent: {node.name: hen}}, {name: me, parent: {node.name: me}}]}\n")
    p.step(TREE + "data:\n  node: {key: name, mode: sync, rows: [{name: root}]}\n", "--allow-delete")
    p.step(TREE + "data:\n  node: [{id: 70, name: b, parent: 71}, {id: 71, name: a}, {id: 72, name: c, parent: 72}]\n")


CIRCLE = """
tables:
  team: {columns: {id: {type: integer, primary_key: true}, name: {type: string(40), nullable: false, unique: true}, head: {type: integer}},
         foreign_keys: {fk_team_head: {columns: [head], references: member(id)}}}
  member: {columns: {id: {type: integer, primary_key: true}, name: {type: string(40), nullable: false, unique: true},
           team: {type: integer, nullable: false, references: team.id}}}
"""


@case
def tables_that_refer_to_each_other(p):
    p.step(CIRCLE)
    p.step(CIRCLE + "data:\n  team: {key: name, rows: [{name: red, head: {member.name: ann}}]}\n  member: {key: name, rows: [{name: ann, team: {team.name: red}}]}\n")
    truth(p.ask("select t.name, m.name from team t join member m on m.id = t.head and m.team = t.id") == "red|ann", "the circle")


LEVELS = """
tables:
  level: {columns: {id: {type: smallint, primary_key: true}, name: {type: string(40), nullable: false, unique: true}}}
  country: {columns: {id: {type: integer, primary_key: true}, name: {type: string(40), nullable: false}, level: {type: smallint, references: level.id}}}
data:
  level: [{id: 1, name: low}%s]
"""


@case
def prove_makes_no_rows_with_the_keys_of_declared_ones(p):
    p.write("schema.yaml", LEVELS % "")
    p.call("migrate", "-m", "one")
    p.call("upgrade")
    p.write("rows.csv", "id,name,level\n" + "".join(f"{i},name {i},1\n" for i in range(1, 1201)))
    p.write("schema.yaml", LEVELS % ", {id: 2, name: mid}, {id: 7, name: high}" + "  country: {key: id, file: rows.csv}\n")
    p.call("migrate", "-m", "two")
    p.call("upgrade")
    truth("41 in 2 of 2 tables" in p.call("prove", "head").said, "20 rows for each table, beside the declared one")


WIDTHS = """
tables:
  currency: {columns: {code: {type: string(%d), primary_key: true}, name: {type: string(40), nullable: false}}}
  price: {columns: {id: {type: %s, primary_key: true, autoincrement: false}, code: {type: string(%d), references: currency.code}}}
data:
  currency: {mode: sync, rows: [{code: EUR, name: Euro}%s]}
  price: {mode: sync, rows: [{id: 1, code: EUR}%s]}
"""


@case
def a_key_grows_together_with_rows_that_need_it(p):
    p.step(WIDTHS % (3, "smallint", 3, "", ""))
    p.step(WIDTHS % (10, "bigint", 10, ", {code: USDOLLAR, name: Dollar}", ", {id: 70000, code: USDOLLAR}"))
    truth(p.ask("select name from currency where code = 'USDOLLAR'") == "Dollar", p.script())
    p.call("prove", "head")
    if p.engine.dialect != "sqlite":  # which holds longer texts, too
        p.sql("insert into currency (code, name) values ('TOOLONG', 'a user''s')")
        before = p.engine.rows()
        said = p.call("downgrade", status=4).said
        truth("cannot hold" in said and p.engine.rows() == before, f"nothing is changed before it is known that a user's row is in the way: {said}")
        p.sql("delete from currency where code = 'TOOLONG'")
        p.call("downgrade")
        truth(p.ask("select count(*) from currency") == "1", "and back")
        p.call("upgrade")
    p.write("schema.yaml", WIDTHS % (20, "bigint", 20, ", {code: MORE THAN TEN, name: null}", ""))
    said = p.call("migrate", "-m", "x", status=None)
    truth(said.returncode and "name" in said.said, said.said)


@case
def a_key_grows_together_with_a_large_file(p):
    tables = "tables:\n  word: {columns: {id: {type: %s, primary_key: true, autoincrement: false}, name: {type: string(60)}}}\n"
    lines = lambda numbers: "id,name\n" + "".join(f"{i},name {i % 7}\n" for i in numbers)
    p.write("word.csv", lines(range(1, 1201)))
    p.step(tables % "smallint" + "data:\n  word: {mode: sync, file: word.csv}\n")
    p.sql("update word set name = 'other' where id = 5")
    p.write("word.csv", lines([*range(1, 1150), *range(32700, 32850)]))  # some of a batch fit, and others do not
    p.step(tables % "bigint" + "data:\n  word: {mode: sync, file: word.csv}\n", "--allow-delete")
    truth(p.ask("select count(*), max(id) from word") == "1299|32849", "all are there")
    p.write("word.csv", lines([*range(1, 1150), *range(32700, 32850)]) + "9000000000,%s\n" % ("x" * 61))
    if p.engine.dialect != "sqlite":  # which takes longer texts
        p.write("schema.yaml", tables % "bigint" + "data:\n  word: {mode: sync, file: word.csv}\n")
        said = p.call("migrate", "-m", "x", status=2).said
        truth("word.csv:1202" in said or "next" in said, said)


@case
def renames_and_changes_of_type_are_followed(p):
    data = "data:\n  currency: [{code: EUR, name: Euro, digits: 2, rate: 1.5}, {code: JPY, name: Yen, digits: 0}]\n"
    p.step(CURRENCY + data)
    p.sql("insert into currency (code, name) values ('XXX', 'user')")
    moved = CURRENCY.replace("  currency:", "  money:\n    renamed_from: currency").replace("digits: {", "places: {renamed_from: digits, ")
    p.step(moved + "data:\n  money: [{code: EUR, name: Euro, places: 3, rate: 1.5}, {code: CHF, name: Franken, places: 2}]\n")
    truth(p.ask("select code, places from money order by code") == "CHF|2\nEUR|3\nJPY|0\nXXX|2", p.ask("select code, places from money order by code"))
    typed = moved.replace("numeric(12,4)", "numeric(14,5)").replace("{renamed_from: digits, type: integer", "{type: bigint").replace("    renamed_from: currency\n", "")
    p.step(typed + "data:\n  money: {mode: sync, owns: \"code <> 'XXX'\", rows: [{code: EUR, name: Euro, places: 4, rate: 1.25}]}\n")


@case
def a_new_column_is_filled_and_an_old_one_goes(p):
    p.step(CURRENCY + "data:\n  currency: [{code: EUR, name: Euro}, {code: JPY, name: Yen}]\n")
    more = CURRENCY.replace("      note: {type: text}\n", "      sign: {type: string(5)}\n")
    p.step(CURRENCY + "      sign: {type: string(5)}\ndata:\n  currency: [{code: EUR, name: Euro, sign: €}, {code: JPY, name: Yen, sign: ¥}]\n")
    truth(p.ask("select code, sign from currency order by code") == "EUR|€\nJPY|¥", "signs")


@case
def a_foreign_key_finds_its_rows(p):
    invoice = "  invoice: {columns: {id: {type: integer, primary_key: true}%s}}\n"
    p.step(CURRENCY + invoice % "")
    p.sql("insert into invoice (id) values (1), (2)")
    p.step(CURRENCY + invoice % ", currency: {type: string(3), nullable: false, default: EUR, references: currency.code}" +
           "data:\n  currency: [{code: EUR, name: Euro}]\n")


@case
def modes_leave_alone_what_is_not_theirs(p):
    p.step(CURRENCY + "data:\n  currency: {mode: insert, rows: [{code: EUR, name: Euro, digits: 2}]}\n")
    p.sql("update currency set name = 'changed' where code = 'EUR'")
    p.call("check")
    p.step(CURRENCY + "data:\n  currency: {mode: insert, rows: [{code: EUR, name: Euro, digits: 2}, {code: JPY, name: Yen}]}\n")
    truth(names(p) == ["Yen", "changed"], names(p))
    p.sql("update currency set digits = 9, note = 'mine', rate = 7")
    p.call("check")
    p.step(CURRENCY + "data:\n  currency: {columns: {rate: initial, note: ignore}, rows: [{code: EUR, name: Euro, rate: 1, digits: 2},"
           " {code: USD, name: Dollar, rate: 1.1}]}\n")
    p.sql("update currency set rate = 3, note = 'n'")
    p.call("check")
    truth(p.ask("select digits from currency where code = 'EUR'") == "2", "changed")


@case
def rows_of_environments(p):
    p.write("cmigrate.yaml", f"url: {p.url}\nenvironments:\n  production: {{}}\n  test: {{}}\n")
    p.step(CURRENCY + "data:\n  currency:\n    rows:\n      default: [{code: EUR, name: Euro}, {code: JPY, name: Yen}]\n"
           "      environments:\n        production: [{code: JPY, name: Production yen}, {code: USD, name: Dollar}]\n", "-n", "test")
    truth(names(p) == ["Euro", "Yen"], names(p))
    said = p.call("check", "-n", "production", status=1).said
    truth("row USD" in said and "row JPY: name" in said and "EUR" not in said, said)
    p.call("check", "-n", "test")


@case
def rows_of_others_in_the_way_are_found_while_planning(p):
    p.step(CURRENCY)
    p.sql("insert into currency (code, name) values ('EU', 'Euro'), ('XXX', 'x')")
    p.write("schema.yaml", CURRENCY + "data:\n  currency: [{code: EUR, name: Euro}]\n")
    said = p.call("migrate", "-m", "x", status=2).said
    truth("row EUR of table 'currency' has a name that row EU of the database has" in said and "schema.yaml:13" in said, said)
    p.write("schema.yaml", CURRENCY + "data:\n  currency: {mode: sync, rows: [{code: EUR, name: Euro}]}\n")
    said = p.call("migrate", "-m", "x", status=2).said
    truth("would delete 2 rows of table 'currency'" in said and "EU; XXX" in said, said)
    p.step(CURRENCY + "data:\n  currency: {mode: sync, rows: [{code: EUR, name: Euro}]}\n", "--allow-delete")
    p.sql("insert into currency (code, name) values ('XXX', 'x')")
    p.write("schema.yaml", CURRENCY + "data:\n  currency: {mode: sync, owns: \"code <> 'XXX'\", rows: [{code: EUR, name: Euro}, {code: XXX, name: y}]}\n")
    said = p.call("migrate", "-m", "x", status=2).said
    truth("row XXX of table 'currency' is there, and not ours" in said, said)


@case
def rows_that_are_referred_to_are_not_deleted(p):
    invoice = "  invoice: {columns: {id: {type: integer, primary_key: true}, currency: {type: string(3), references: currency.code%s}}}\n"
    p.step(CURRENCY + invoice % "" + "data:\n  currency: [{code: EUR, name: Euro}, {code: JPY, name: Yen}]\n")
    p.sql("insert into invoice (id, currency) values (1, 'JPY')")
    p.write("schema.yaml", CURRENCY + invoice % "" + "data:\n  currency: {mode: sync, rows: [{code: EUR, name: Euro}]}\n")
    said = p.call("migrate", "-m", "x", "--allow-delete", status=2).said
    truth("1 row of 'invoice' refers to them" in said, said)


@case
def values_that_change_by_themselves_are_refused(p):
    now = {"sqlite": "datetime('now')", "mysql": "now()", "postgresql": "now()"}[p.engine.dialect]
    model = CURRENCY + "      made: {type: datetime}\ndata:\n  currency: {%%srows: [{code: EUR, name: Euro, made: {sql: \"%s\"}}]}\n" % now
    p.step(CURRENCY)
    p.write("schema.yaml", model % "")
    said = p.call("migrate", "-m", "x", status=2).said
    truth("changes by itself" in said and "initial" in said, said)
    p.step(model % "columns: {made: initial}, ", sure=False)
    p.step(CURRENCY + "      made: {type: datetime}\ndata:\n  currency: [{code: EUR, name: {sql: \"upper('euro')\"}}]\n", sure=False)
    truth(names(p) == ["EURO"], names(p))


@case
def counters_go_past_ids_that_are_given(p):
    tables = "tables:\n  item: {columns: {id: {type: integer, primary_key: true}, name: {type: string(20)}}}\n"
    p.step(tables + "data:\n  item: [{id: 5, name: five}, {id: 100, name: hundred}]\n")
    p.sql("insert into item (name) values ('next')")
    truth(int(p.ask("select id from item where name = 'next'")) > 100, "the counter")


@case
def generated_columns_triggers_and_identity(p):
    always = "identity: always" if p.engine.dialect == "postgresql" else "primary_key: true"
    tables = ("tables:\n  item: {columns: {id: {type: integer, primary_key: true, %s}, a: {type: integer}, b: {type: integer, generated: \"a * 2\", stored: true}}}\n"
              "  log: {columns: {id: {type: integer, primary_key: true}, item: {type: integer}}}\n" % (always if "identity" in always else "nullable: false"))
    p.step(tables)
    p.sql({"sqlite": "create trigger noted after insert on item begin insert into log (item) values (new.id); end",
           "mysql": "create trigger noted after insert on item for each row insert into log (item) values (new.id)",
           "postgresql": "create function note() returns trigger language plpgsql as $$ begin insert into log (item) values (new.id); return new; end $$;"
                         "create trigger noted after insert on item for each row execute function note()"}[p.engine.dialect])
    p.write("cmigrate.yaml", f"url: {p.url}\nunmanaged: keep\n")
    p.write("schema.yaml", tables + "data:\n  item: {mode: sync, rows: [{id: 1, a: 5}]}\n")
    p.call("migrate", "-m", "rows", "--no-lint")
    p.call("upgrade")
    p.call("check")
    truth(p.ask("select id, b from item") == "1|10" and p.ask("select item from log") == "1", "the trigger ran once")
    p.write("schema.yaml", tables + "data:\n  item: {mode: sync, rows: []}\n")
    p.call("migrate", "-m", "none", "--no-lint", "--allow-delete")
    p.call("upgrade")
    p.call("downgrade")
    truth(p.ask("select id, a, b from item") == "1|5|10", "the row is back")
    p.write("schema.yaml", tables + "data:\n  item: [{id: 1, b: 5}]\n")
    truth("is generated" in p.call("validate", status=2).said, "generated")


@case
def what_is_wrong_is_told_with_its_place(p):
    wrong = [("[{code: EUR, nam: x}]", "has no column 'nam'", "did you mean 'name'"),
             ("[{name: Euro}]", "the row has no 'code'", "13:14"),
             ("[{code: EUR, name: a}, {code: EUR, name: b}]", "declared twice", "13:"),
             ("[{code: EUR, name: a, digits: two}]", "is a whole number, which the value 'two' is not", "13:"),
             ("{key: digits, rows: []}", "neither the primary key nor a unique key", ""),
             ("{mode: upset}", "upset", "did you mean 'upsert'"),
             ("{owns: \"1 = 1\"}", "'owns' is for mode: sync alone", ""),
             ("{columns: {code: ignore}}", "is of the key", ""),
             ("[{code: {role.name: x}, name: a}]", "table 'role' does not exist", ""),
             ("[{code: [1], name: a}]", "takes one value", "")]
    for data, what, more in wrong:
        p.write("schema.yaml", CURRENCY + "data:\n  currency: " + data + "\n")
        said = p.call("validate", status=2).said
        truth(what in said and more in said, said)
    p.write("schema.yaml", CURRENCY + "data:\n  currenzy: []\n")
    said = p.call("validate", status=2).said
    truth("did you mean 'currency'" in said, said)


@case
def answers_for_programs(p):
    p.step(CURRENCY + "data:\n  currency: [{code: EUR, name: Euro}]\n")
    p.sql("update currency set name = 'x'")
    answer = json.loads(p.call("check", "--format", "json", status=1).stdout)
    truth(answer["not_compared"] == [], "rows are compared, whatever the texts of the schema are")
    truth(answer["ok"] is False and [(c["change"], c["kind"], c["table"], c["name"]) for c in answer["changes"]] == [("alter", "row", "currency", "EUR")],
          answer)
    truth("UPDATE" in p.call("diff").stdout, "diff prints it")
    truth(p.call("diff", "--exit-code", status=1).stdout.count("\n") >= 1, "diff --exit-code")


@case
def rows_of_files(p):
    tables = CURRENCY
    model = tables + "data:\n  currency: {file: data/currency%s}\n"
    p.write("data/currency.csv", 'code,name,digits,active,note\nEUR,Euro,2,yes,\nJPY,"Yen, ""円""",0,no,""\n')
    p.step(model % ".csv")
    truth(p.ask("select code from currency where note is null") == "EUR", "nothing is NULL, and quotes are a text")
    truth(p.ask("select name from currency where code = 'JPY'") == 'Yen, "円"', "quotes")
    p.write("data/currency.tsv", "code\tname\tnote\nEUR\tEuro\ta\\tb\nJPY\tYen\t\\N\n")
    p.step(model % ".tsv")
    truth(p.ask("select code from currency where note is null") == "JPY", "\\N is NULL")
    p.write("data/currency.jsonl", '{"code": "EUR", "name": "\\u20ac\\ud83d\\ude42", "digits": 3, "note": "n"}\n{"name": "Yen", "code": "JPY", "note": null}\n')
    p.step(model % ".jsonl")
    truth(p.ask("select name from currency where code = 'EUR'") == "€🙂", "JSON")
    p.write("data/currency.csv", "code,nam\nEUR,x\n")
    p.write("schema.yaml", model % ".csv")
    said = p.call("validate", status=2).said
    truth("has no column 'nam'" in said and "data/currency.csv:1" in said, said)
    p.write("data/currency.csv", "code,digits,name\nEUR,2,x\nUSD,two,y\n")
    said = p.call("validate", status=2).said
    truth("is a whole number" in said and "data/currency.csv:3" in said, said)
    p.write("data/currency.csv", "code,digits,name\nEUR,2\n")
    truth("2 fields, and 3 columns are named" in p.call("validate", status=2).said, "fields")


@case
def a_large_file_is_kept_beside_the_revision(p):
    tables = "tables:\n  country: {columns: {id: {type: integer, primary_key: true}, name: {type: string(60)}, big: {type: boolean}}}\n"
    model = tables + "data:\n  country: {file: data/country.csv}\n"
    lines = [f"{i},name {i},{'true' if i % 2 else 'false'}" for i in range(1, 2501)]
    p.step(tables)
    p.sql("insert into country (id, name) values (7, 'mine'), (9999, 'a user''s')")
    p.write("data/country.csv", "id,name,big\n" + "\n".join(lines) + "\n")
    p.step(model)
    truth(p.ask("select count(*) from country") == "2501" and p.ask("select name from country where id = 7") == "name 7", "all are there")
    kept = os.listdir(os.path.join(p.path, "migrations", "data"))
    truth(len(kept) == 1 and len(kept[0]) == 68, kept)
    lines[10] = "11,other,true"
    p.write("data/country.csv", "id,name,big\n" + "\n".join(lines) + "\n")
    p.step(model)
    truth(p.ask("select name from country where id = 11") == "other", "one row changed")
    truth(len(p.script()) < 2000, "and the revision says no more than that")
    p.call("downgrade", "base")
    p.call("upgrade", "+1")
    with open(os.path.join(p.path, "migrations", "data", kept[0]), "a") as f:
        f.write("5000,new,0\n")
    said = p.call("upgrade", status=4).said
    truth("was changed: it is not what its name says" in said, said)


@case
def a_large_file_goes_in_at_once(p):
    tables = "tables:\n  word: {columns: {id: {type: integer, primary_key: true}, name: {type: string(60)}, note: {type: text}}}\n"
    odd = ["", None, "\\N", "NULL", "a\tb", "a\\tb", "a\nb", "\\", 'say "x", \'y\'', "Grüße 🙂", "a\rb", " blanks "]
    fields = [(i, f"name {i}", odd[i % len(odd)]) for i in range(1, 1601)]
    quoted = lambda text: "" if text is None else '"' + text.replace('"', '""') + '"'
    p.write("data/word.csv", "id,name,note\n" + "".join(f"{i},{name},{quoted(note)}\n" for i, name, note in fields))
    loads = "show global status like 'Com_load'"
    loaded = p.engine.dialect == "mysql" and p.ask("select @@global.local_infile") == "1" and p.ask(loads)
    p.step(tables)
    p.step(tables + "data:\n  word: {file: data/word.csv}\n")
    for i, text in enumerate(odd):
        literal = "note is null" if text is None else "note = '" + (text.replace("\\", "\\\\") if p.engine.dialect == "mysql" else text).replace("'", "''") + "'"
        right = sum(1 for one in fields if one[2] == text)
        truth(p.ask(f"select count(*) from word where {literal}") == str(right), f"{text!r} {i}")
    truth(not loaded or p.ask(loads) != loaded, "LOAD DATA was not used where the server allows it")
    p.call("downgrade", "-1")
    narrow = "alter table word modify name varchar(7)"  # there any unique key that is met makes it a change
    p.sql(narrow if p.engine.dialect == "mysql" else "create unique index one_note on word (note)")
    said = p.call("upgrade", status=4).said
    truth("uplicate" in said or "UNIQUE" in said or "too long" in said, said)
    truth(p.ask("select count(*) from word") == "0", "all rows or none")


@case
def a_large_file_goes_straight_into_a_table_where_it_may(p):
    if p.engine.dialect != "postgresql":
        return
    tables = "tables:\n  word: {columns: {id: {type: integer, primary_key: true}, name: {type: string(60)}}}\n"
    p.write("data/word.csv", "id,name\n" + "".join(f"{i},name {i}\n" for i in range(1, 1601)))
    p.step(tables)
    p.write("schema.yaml", tables + "data:\n  word: {file: data/word.csv}\n")
    p.call("migrate", "-m", "rows", "--no-lint")
    p.sql("create function stop() returns event_trigger language plpgsql as $$ begin raise 'by way of a temporary table'; end $$;"
          "create event trigger stop on ddl_command_end when tag in ('CREATE TABLE AS') execute function stop()")
    count = lambda: p.ask("select count(*) from word")
    p.call("upgrade")
    truth(count() == "1600", "an empty table takes them at once")
    p.call("downgrade", "-1")
    ways = {  # what COPY does not do: before, and after
        "insert into word values (1, 'mine')": "delete from word",
        "create function f() returns trigger language plpgsql as $$ begin return new; end $$; create trigger t before update on word execute function f()":
            "drop function f() cascade",
        "create rule r as on insert to word do also select 1": "drop rule r on word",
    }
    for before, after in ways.items():
        p.sql(before)
        said = p.call("upgrade", status=4).said
        truth("by way of a temporary table" in said, said)
        p.sql(after)
    p.sql("drop event trigger stop")
    p.sql("create rule r as on insert to word do instead nothing")
    p.call("upgrade")
    truth(count() == "0", "a rule holds")
    p.sql("drop rule r on word")
    p.call("downgrade", "-1")
    path = os.path.join(p.path, "migrations", "data")
    (kept,) = os.listdir(path)
    script = max((n for n in os.listdir(os.path.dirname(path)) if n.endswith(".sql")), key=lambda n: os.path.getmtime(os.path.join(p.path, "migrations", n)))
    with open(os.path.join(path, kept)) as f:
        text = f.read() + "7,once more\n"
    name = hashlib.sha256(text.encode()).hexdigest() + ".csv"
    p.write("migrations/data/" + name, text)
    with open(os.path.join(p.path, "migrations", script)) as f:
        upgrade = f.read().replace(kept, name)
    p.write("migrations/" + script, upgrade)
    said = p.call("upgrade", status=4).said
    truth("a second time" in said and count() == "0", "a key that comes twice is for the statement to refuse: " + said)
    p.write("migrations/" + script, re.sub(r"ON CONFLICT[^;]*", "ON CONFLICT DO NOTHING", upgrade))
    p.call("upgrade")
    truth(p.ask("select name from word where id = 7") == "name 7" and count() == "1600", "or to pass over")
    p.call("downgrade", "-1")
    p.write("migrations/" + script, re.sub(r"ON CONFLICT[^;]*", "ON CONFLICT (name) DO NOTHING", upgrade))
    said = p.call("upgrade", status=4).said
    truth("no unique or exclusion constraint" in said, said)


def asks_for(name, port, heard):
    """A proxy that answers LOAD DATA by asking for this file, as the protocol permits. What it is given then is heard. Gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def back(server, client):
        try:
            while data := server.recv(65536):
                client.sendall(data)
        except OSError:
            pass

    def serve(client):
        with client, socket.create_connection(("127.0.0.1", port)) as server:
            threading.Thread(target=back, args=(server, client), daemon=True).start()
            while data := client.recv(65536):
                if b"LOAD DATA" not in data:
                    server.sendall(data)
                    continue
                body = b"\xfb" + name.encode()
                client.sendall(len(body).to_bytes(3, "little") + b"\x01" + body)
                heard.append(client.recv(65536))
                break
            server.shutdown(socket.SHUT_RDWR)  # while `back` reads, closing does not end the session, which holds the lock

    def accept():
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


@case
def a_server_that_asks_for_another_file_gets_nothing(p):
    if p.engine.dialect != "mysql":
        return
    heard = []
    port = re.search(r":(\d+)/", p.url).group(1)
    p.write("secret.txt", "the secret of this machine\n")
    p.write("cmigrate.yaml", "url: " + p.url.replace(f":{port}/", f":{asks_for(os.path.join(p.path, 'secret.txt'), int(port), heard)}/") + "?ssl_mode=disabled\n")
    p.write("migrations/a.sql", "-- cmigrate: revision aaaaaaaaaaaa\n-- cmigrate: parents\n-- cmigrate: message a\n\n-- cmigrate: upgrade\n"
            "LOAD DATA LOCAL INFILE 'another.csv' INTO TABLE a;\n\n-- cmigrate: downgrade\nSELECT 1;\n")
    p.call("upgrade", status=None)
    truth(len(heard) == 1 and b"the secret" not in heard[0], "the server was given a file that the statement does not name")


@case
def a_model_of_live_rows(p):
    tables = "tables:\n  thing: {columns: {id: {type: integer, primary_key: true}, name: {type: string(30)}, bytes: {type: blob}, yes: {type: boolean}, rate: {type: \"numeric(8,3)\"}}}\n"
    p.step(tables + "data:\n  thing: [{id: 1, name: '007', bytes: AAH/, yes: true, rate: 1.5}, {id: 2, name: 'a: b, #c', bytes: '', yes: false}, {id: 3}]\n")
    p.call("inspect", "-o", "schema.yaml", "--data", "thing", "--force")
    p.call("check")
    text = open(os.path.join(p.path, "schema.yaml")).read()
    truth("AAH/" in text and "'007'" in text.replace('"', "'"), text)
    truth("Did you mean 'thing'" in p.call("inspect", "--data", "thinc", status=2).said, "a near name")


@case
def create_makes_declared_rows_and_names_others(p):
    p.step(CURRENCY + "data:\n  currency: [{code: EUR, name: Euro}]\n")
    p.call("revision", "-m", "by hand")
    folder = os.path.join(p.path, "migrations")
    newest = max((os.path.join(folder, n) for n in os.listdir(folder)), key=os.path.getmtime)
    with open(newest) as f:
        text = f.read()
    with open(newest, "w") as f:
        f.write(text.replace("-- cmigrate: upgrade\n", "-- cmigrate: upgrade\nINSERT INTO tag VALUES (1);\nUPDATE currency SET name = 'x' WHERE code = 'ZZZ';\n"))
    p.url = p.engine.fresh(p.path)
    p.write("schema.yaml", CURRENCY + "  tag: {columns: {id: {type: integer, primary_key: true}}}\ndata:\n  currency: [{code: EUR, name: Euro}]\n")
    said = p.call("create").said
    truth("not run: " in said and "changes rows of table tag" in said and said.count("not run") == 1, said)
    truth(names(p) == ["Euro"], names(p))


@case
def rows_take_unique_values_from_each_other(p):
    tables = "tables:\n  place: {columns: {id: {type: integer, primary_key: true}, name: {type: string(10), unique: true}, at: {type: integer%s}}, unique: {uq_at: [at]}}\n"
    some = tables % ""
    p.step(some + "data:\n  place: [{id: 1, name: a, at: 1}, {id: 2, name: b, at: 2}, {id: 3, name: c, at: 3}]\n")
    p.step(some + "data:\n  place: [{id: 1, name: z, at: 1}, {id: 2, name: a, at: 2}, {id: 3, name: b, at: 3}]\n")
    p.step(some + "data:\n  place: [{id: 1, name: a, at: 1}, {id: 2, name: b, at: 2}, {id: 3, name: z, at: 3}]\n")  # the other way round
    p.step(some + "data:\n  place: [{id: 1, name: a, at: 3}, {id: 2, name: b, at: 1}, {id: 3, name: z, at: 2}]\n")  # a circle
    p.step(some + "data:\n  place: [{id: 1, name: b, at: 3}, {id: 2, name: a, at: 1}, {id: 3, name: c, at: 2}, {id: 4, name: z, at: 4}]\n")  # and one that is added
    p.step(some + "data:\n  place: {mode: sync, rows: [{id: 1, name: z, at: 4}, {id: 2, name: b, at: 3}, {id: 3, name: c, at: 2}]}\n", "--allow-delete")  # and one that goes
    firm = tables % ", nullable: false"
    p.step(firm + "data:\n  place: [{id: 1, name: z, at: 4}]\n")
    p.write("schema.yaml", firm + "data:\n  place: [{id: 1, name: z, at: 2}, {id: 3, name: c, at: 4}]\n")
    said = p.call("migrate", "-m", "x", status=2).said
    truth("exchanges unique values with other rows, and none of them can be NULL" in said and "schema.yaml:4" in said, said)


@case
def rows_of_a_circle_of_tables_go_and_come_back(p):
    def data(teams, members):
        return f"data:\n  team: {{key: name, mode: sync, rows: {teams}}}\n  member: {{key: name, mode: sync, rows: {members}}}\n"
    p.step(CIRCLE + data("[{name: red, head: {member.name: ann}}, {name: blue, head: {member.name: bob}}]",
                         "[{name: ann, team: {team.name: red}}, {name: bob, team: {team.name: red}}]"))
    p.step(CIRCLE + data("[{name: red, head: {member.name: cid}}]", "[{name: cid, team: {team.name: red}}]"), "--allow-delete")
    p.step(CIRCLE + data("[]", "[]"), "--allow-delete")


@case
def what_rows_refer_to_is_renamed(p):
    tables = ("tables:\n  role: {columns: {id: {type: integer, primary_key: true}, %s: {%stype: string(40), nullable: false, unique: true}}}\n"
              "  duty: {columns: {role: {type: integer, references: role.id, primary_key: true}, what: {type: string(20)}}}\n")
    data = "data:\n  duty: {mode: sync, rows: [{role: {role.%s: %s}, what: %s}]}\n  role: {key: %s, rows: [{%s: admin}, {%s: user}]}\n"
    p.step(tables % ("name", "") + data % ("name", "admin", "x", "name", "name", "name"))
    p.step(tables % ("title", "renamed_from: name, ") + data % ("title", "admin", "y", "title", "title", "title"))
    p.step((tables % ("title", "")).replace("  role: {", "  rolle: {renamed_from: role, ").replace("role.id", "rolle.id") +
           (data % ("title", "user", "y", "title", "title", "title")).replace("role.t", "rolle.t").replace("  role: {", "  rolle: {"), "--allow-delete")
    truth(p.ask("select title, what from duty d join rolle r on r.id = d.role") == "user|y", "the one row")


@case
def rows_of_composite_keys_and_of_every_type(p):
    tables = ("tables:\n  pair: {columns: {a: {type: string(60)}, b: {type: integer}, note: {type: text}, d: {type: \"numeric(20,6)\"}, f: {type: double},"
              " at: {type: datetime}, day: {type: date}, ok: {type: boolean}, bytes: {type: blob}}, primary_key: [a, b]}\n")
    text = "äöü🙂'\\\"\n\t;--$$%s" * 300
    first = [{"a": "日本語", "b": 1, "note": text, "d": "12345678901234.123456", "f": 1e-5, "at": "2024-02-29 23:59:59", "day": "2024-02-29", "ok": True, "bytes": "AAECAw=="},
             {"a": "q'\\\"`", "b": 2, "note": "", "d": 0, "f": -1.5e10, "ok": False, "bytes": ""}, {"a": " blank ", "b": 3, "note": None}]
    then = [dict(first[0], note=text + "x", f=2, ok=False, at="2024-03-01 00:00:00", bytes="//8="), dict(first[1], note=None, bytes=None, b=3)]
    p.step(tables)
    p.sql("insert into pair (a, b, note) values ('user', 1, 'theirs')")
    for rows in (first, then, []):
        p.step(tables + "data:\n  pair: {mode: sync, owns: \"a <> 'user'\", rows: " + json.dumps(rows, ensure_ascii=False) + "}\n", "--allow-delete")


@case
def triggers_see_each_row_once(p):
    ident = "identity: always" if p.engine.dialect == "postgresql" else "nullable: false"
    tables = ("tables:\n  item: {columns: {id: {type: integer, primary_key: true, %s}, a: {type: integer}, b: {type: integer, generated: \"a * 2\", stored: true}}}\n"
              "  log: {columns: {what: {type: string(10)}, item: {type: integer}}}\n" % ident)
    p.step(tables)
    for event, row in (("insert", "new"), ("update", "new"), ("delete", "old")):
        body = f"insert into log values ('{event}', {row}.id)"
        p.sql({"sqlite": f"create trigger on_{event} after {event} on item begin {body}; end",
               "mysql": f"create trigger on_{event} after {event} on item for each row {body}",
               "postgresql": f"create function note_{event}() returns trigger language plpgsql as $$ begin {body}; return {row}; end $$;"
                             f"create trigger on_{event} after {event} on item for each row execute function note_{event}()"}[p.engine.dialect])
    p.write("cmigrate.yaml", f"url: {p.url}\nunmanaged: keep\n")
    seen = ("insert 1,insert 50", "delete 50,insert 60,update 1", "delete 1,delete 60")
    for rows, events in zip(("[{id: 1, a: 5}, {id: 50, a: 6}]", "[{id: 1, a: 7}, {id: 60, a: null}]", "[]"), seen):
        p.write("schema.yaml", tables + "data:\n  item: {mode: sync, rows: " + rows + "}\n")
        p.call("migrate", "-m", "rows", "--no-lint", "--allow-delete")
        before = p.ask("select id, a, b from item order by 1")
        for _ in range(2):
            p.sql("delete from log")
            p.call("upgrade")
            p.call("check")
            got = p.ask("select what, item from log order by 1, 2").replace("|", " ").replace("\n", ",")
            truth(got == events, f"{got}, not {events}")
            if _ == 0:
                p.call("downgrade")
                truth(p.ask("select id, a, b from item order by 1") == before, "the rows are back")


@case
def a_large_file_is_followed_with_its_owner(p):
    tables = "tables:\n  word: {columns: {a: {type: string(20)}, b: {type: integer}, note: {type: text}, n: {type: \"numeric(10,2)\"}}, primary_key: [a, b]}\n"
    model = tables + "data:\n  word: {mode: sync, owns: \"a <> 'user'\", file: word.csv}\n"

    def write(numbers, changed=()):
        p.write("word.csv", "a,b,note,n\n" + "".join(f"k {i},{i},{'changed' if i in changed else '' if i % 3 else chr(34) * 2},{i}.50\n" for i in numbers))
    p.step(tables)
    p.sql("insert into word values ('user', 1, 'x', null), ('k 5', 5, 'theirs', 1)")
    write(range(1, 1201))
    p.step(model)
    write(range(300, 1500), (600, 603))
    p.step(model, "--allow-delete")
    truth(p.ask("select count(*) from word") == "1201", "the user's row stays")


@case
def what_a_large_file_does_not_declare_is_found_in_one_pass(p):
    if p.engine.dialect != "sqlite":  # the engine that loops where no index tells it
        return
    tables = "tables:\n  word: {columns: {id: {type: integer, primary_key: true}, name: {type: string(60)}}}\n"
    p.write("word.csv", "id,name\n" + "".join(f"{i},name {i}\n" for i in range(80000)))
    p.write("schema.yaml", tables + "data:\n  word: {mode: sync, file: word.csv}\n")
    p.call("migrate", "-m", "words", "--no-lint")
    p.call("upgrade")
    p.call("check")  # within the time that a call has: row by row it took minutes


@case
def a_revision_that_fails_goes_on_when_the_row_in_its_way_is_gone(p):
    tables = CURRENCY + "  role: {columns: {id: {type: integer, primary_key: true}, name: {type: string(40), nullable: false, unique: true}}}\n"
    p.step(tables + "data:\n  currency: [{code: EUR, name: Euro}]\n")
    p.write("schema.yaml", tables + "data:\n  currency: [{code: EUR, name: changed}, {code: JPY, name: Yen}]\n  role: [{id: 1, name: admin}]\n")
    p.call("migrate", "-m", "both", "--no-lint")
    before = p.engine.rows()
    p.sql("insert into role (id, name) values (7, 'admin')")
    p.call("upgrade", status=4)
    p.sql("delete from role where id = 7")
    if p.engine.dialect != "mysql":  # there each statement stays done
        truth(p.engine.rows() == before, "nothing of it is there")
    p.call("upgrade")
    p.call("check")
    p.call("downgrade")
    truth(p.engine.rows() == before, "and back")


@case
def deleted_rows_are_destructive(p):
    p.step(CURRENCY + "data:\n  currency: {mode: sync, rows: [{code: EUR, name: Euro}, {code: JPY, name: Yen}]}\n")
    p.write("schema.yaml", CURRENCY + "data:\n  currency: {mode: sync, rows: [{code: EUR, name: Euro}]}\n")
    p.call("migrate", "-m", "less", "--no-lint", "--allow-delete")
    p.write("cmigrate.yaml", f"url: {p.url}\ndestructive: refuse\n")
    said = p.call("upgrade", status=2).said
    truth("1 row of table currency" in said, said)
    p.call("upgrade", "--allow-destructive")
    p.call("check")


def main():
    program, name = os.path.abspath(sys.argv[1]), sys.argv[2]
    only = sys.argv[4] if len(sys.argv) > 4 else ""
    if name == "sqlite":
        engine = engines.SQLite()
    else:
        url = os.environ.get("CMIGRATE_TEST_" + name.upper())
        if not url:
            return 77
        engine = engines.Server(name, "postgresql" if name.startswith("pg") else "mysql", url, "data")
    third = os.environ.get("TESTS_THIRD")
    share = os.environ.get("CASES_SHARE") if name == "sqlite" else third and f"{third}/3"
    part, _, whole = (share or "0/1").partition("/")
    failed, chosen = 0, [c for i, c in enumerate(cases) if only in c.__name__ and i % int(whole) == int(part)]
    for one in chosen:
        p = Project(program, engine)
        started = time.time()
        try:
            one(p)
        except (Failed, AssertionError, subprocess.TimeoutExpired) as e:
            failed += 1
            print(f"FAILED {name}: {one.__name__}: {e}")
        finally:
            p.close()
        if "-v" in sys.argv:
            print(f"{time.time() - started:5.1f} s {one.__name__}")
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
