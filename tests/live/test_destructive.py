#!/usr/bin/env python3
"""destructive: what destroys data on a server, however it is written; and migrate tells of a database changed by hand."""
import re
import sys

from kit import case, main, truth

HEAD = "-- cmigrate: revision {}\n-- cmigrate: parents {}\n-- cmigrate: upgrade\n{}\n-- cmigrate: downgrade\n"
MODEL = """schemas: {audit: {}}
extensions: {pg_trgm: {}}
types: {mood: {enum: [sad, ok, happy]}}
tables:
  audit.log: {columns: {id: {type: integer, primary_key: true}, at: {type: "timestamp with time zone", default: {sql: now()}}}}
  person:
    columns: {id: {type: integer, primary_key: true}, mood: mood, nick: text, age: {type: integer, check: "age > 0"}}
    indexes: {ix_nick: {columns: [nick], where: nick is not null}}
views: {grown: "select id, nick from person where age >= 18"}
"""


def first(t, policy):
    t.write("schema.yaml", MODEL)
    t.config(destructive="allow")
    t.must("migrate", "-m", "first", "--rev-id", "aaa1")
    t.must("upgrade")
    t.config(destructive=policy)


@case
def what_a_model_drops_is_refused_by_name(t):
    first(t, "refuse")
    t.write("schema.yaml", "extensions: {pg_trgm: {}}\ntypes: {mood: {enum: [sad, ok, happy]}}\n"
            "tables: {person: {columns: {id: {type: integer, primary_key: true}, mood: mood, age: integer}}}\n")
    t.must("migrate", "-m", "less", status=2, says=("--allow-destructive", "drops schema audit"))
    t.must("migrate", "-m", "less", "--rev-id", "bbb2", "--allow-destructive")
    said = t.must("upgrade", status=2, says="drops column nick of table person")
    for what in ("drops table audit.log with its rows", "drops schema audit"):
        truth(what in said, said)
    t.must("upgrade", "--allow-destructive")
    t.must("check")


@case
def a_value_of_an_enum_is_not_lost_unasked(t):
    first(t, "refuse")
    t.write("schema.yaml", MODEL.replace("[sad, ok, happy]", "[ok, happy]"))
    t.must("migrate", "-m", "less", status=2, says="drops values of enum mood: sad")
    t.must("migrate", "-m", "less", "--allow-destructive")
    t.must("upgrade", status=2, says="sad")
    t.must("upgrade", "--allow-destructive")


@case
def views_indexes_and_keys_hold_no_data_of_their_own(t):
    first(t, "refuse")
    t.write("schema.yaml", MODEL.split("    indexes:")[0].replace(', check: "age > 0"', ""))
    t.must("migrate", "-m", "less", "--rev-id", "bbb2")
    t.must("upgrade")


@case
def a_block_of_code_is_tried_in_a_scratch_place(t):
    first(t, "refuse")
    t.write("migrations/b.sql", HEAD.format("bbb2", "aaa1", "DO $$ begin create table more (id int); execute 'alter table person drop column mood'; end $$;"))
    t.must("upgrade", status=2, says="drops column person.mood")
    t.write("migrations/b.sql", HEAD.format("bbb2", "aaa1", "DO $$ begin create table more (id int); end $$;"))
    t.must("upgrade")
    role = t.role("plain", "login password 'x'")
    t.sql(f"grant all on schema public to {role}", f"grant all on all tables in schema public to {role}")
    t.write("migrations/c.sql", HEAD.format("ccc3", "bbb2", "DO $$ begin perform 1; end $$;"))
    t.config(destructive="refuse", url=re.sub("//([^@/]*@)?", f"//{role}:x@", t.url, count=1))
    t.must("upgrade", status=2, says="may destroy data")


@case
def a_database_changed_by_hand_is_told_of(t):
    first(t, "allow")
    t.write("schema.yaml", MODEL.replace("age: {", "born: date, age: {"))
    said = t.must("migrate", "-m", "born", "--sql")
    truth("not what its revisions make" not in said, said)
    t.sql("alter table person add column hand text", "create function hand() returns int language sql as 'select 1'",
          "alter table audit.log alter column at drop default")
    said = t.must("migrate", "-m", "born", "--sql", says="is not what its revisions make")
    for what in ("column hand of table person: no revision makes it", "column at of table audit.log: it is not as the revisions make it", "function hand"):
        truth(what in said, said)


if __name__ == "__main__":
    sys.exit(main())
