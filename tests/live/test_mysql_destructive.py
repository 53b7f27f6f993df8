#!/usr/bin/env python3
"""destructive and drift on MySQL and MariaDB: what is lost is refused by name, and a database changed by hand is told of."""
import sys

import mykit
from mykit import case, truth

MODEL = """tables:
  old: {columns: {id: {type: integer, primary_key: true}}}
  person:
    columns:
      id: {type: integer, primary_key: true}
      mood: {type: "enum('sad','ok')", nullable: false}
      nick: string(40)
    indexes: {ix_nick: [nick]}
views: {grown: "select id, nick from person"}
"""


def first(t, **settings):
    t.write("schema.yaml", MODEL)
    t.must("migrate", "-m", "first", "--rev-id", "aaa1")
    t.must("upgrade")
    t.config(**settings)


@case
def what_a_model_drops_is_refused_by_name(t):
    first(t, destructive="refuse")
    t.write("schema.yaml", MODEL.replace("  old: {columns: {id: {type: integer, primary_key: true}}}\n", ""))
    t.must("migrate", "-m", "less", status=2, says="drops table old with its rows")
    t.write("schema.yaml", MODEL.replace("'sad',", ""))
    t.must("migrate", "-m", "less", status=2, says="drops values of column mood: 'sad'")
    t.must("migrate", "-m", "less", "--allow-destructive")
    t.must("upgrade", status=2, says="'sad'")
    t.must("upgrade", "--allow-destructive")


@case
def scripts_by_hand_are_judged(t):
    first(t, destructive="refuse")
    for sql, says in (("TRUNCATE person", "removes all rows of table person"), ("ALTER TABLE person DROP nick", "drops column nick"),
                      ("DELETE FROM person", "deletes every row"), ("DROP TABLE old", "drops table old")):
        t.write("migrations/b.sql", f"-- cmigrate: revision bbb2\n-- cmigrate: parents aaa1\n-- cmigrate: upgrade\n{sql};\n-- cmigrate: downgrade\n")
        t.must("upgrade", status=2, says=says)


@case
def a_database_changed_by_hand_is_told_of(t):
    first(t)
    t.write("schema.yaml", MODEL.replace("nick: string(40)", "nick: string(40)\n      born: date"))
    said = t.must("migrate", "-m", "born", "--sql")
    truth("not what its revisions make" not in said, said)
    t.sql("alter table person add column hand text")
    t.must("migrate", "-m", "born", "--sql", says=("is not what its revisions make", "column hand of table person: no revision makes it"))


if __name__ == "__main__":
    sys.exit(mykit.main())
