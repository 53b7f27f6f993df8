#!/usr/bin/env python3
"""Proofs on a server: the rows that are made there, what is refuted, and that nothing stays behind."""
import json
import os
import sys

from kit import case, main, truth

TABLES = """CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN plate AS text CHECK (VALUE ~ '^[A-Z]{2}-[0-9]{3}$');
CREATE TYPE place AS (x integer, y text);
CREATE TYPE "Kind of" AS ENUM ('One', 'two');
CREATE TABLE a (id serial PRIMARY KEY, name varchar(20) NOT NULL UNIQUE, m mood NOT NULL, n numeric(8,2) CHECK (n > 10 AND n < 20),
  tags text[], j jsonb NOT NULL, r int4range, at timestamptz NOT NULL DEFAULT now(), b bytea, u uuid, p plate NOT NULL, ip inet, l place,
  low integer, high integer, CHECK (low < high), bits bit(8), pt point, code char(2) NOT NULL,
  kind "Kind of" NOT NULL);
CREATE UNIQUE INDEX a_lower ON a (lower(name));
CREATE TABLE b (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a_id integer NOT NULL REFERENCES a, boss integer REFERENCES b,
  twice integer GENERATED ALWAYS AS (id * 2) STORED, during tsrange, x integer, y integer, CHECK ((x IS NULL) <> (y IS NULL)));
CREATE TABLE c (a_id integer REFERENCES a, b_id integer REFERENCES b, PRIMARY KEY (a_id, b_id));
CREATE TABLE rooms (room integer, during int4range, EXCLUDE USING gist (during WITH &&));
CREATE TABLE logs (id bigint NOT NULL, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE logs_2 PARTITION OF logs FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');"""
BACK = """DROP TABLE logs, rooms, c, b, a;
DROP TYPE place;
DROP DOMAIN plate;
DROP TYPE mood, "Kind of";"""


def revision(t, number, up, down):
    parents = f"-- cmigrate: parents {number - 1:012}\n" if number > 1 else ""
    t.write(f"migrations/{number}.sql", f"-- cmigrate: revision {number:012}\n{parents}-- cmigrate: dialect postgresql\n\n"
            f"-- cmigrate: upgrade\n{up}\n\n-- cmigrate: downgrade\n{down}\n")


def prove(t, *args, status=0):
    said = t.must("prove", "--format", "json", *args, status=status)
    return json.loads(next(line for line in said.splitlines() if line.startswith("{")))


@case
def every_table_gets_rows_and_what_is_wrong_is_refuted(t):
    revision(t, 1, TABLES, BACK)
    revision(t, 2, "ALTER TABLE a ALTER name TYPE varchar(40);\nALTER TABLE b ADD note text DEFAULT 'x';",
             "ALTER TABLE b DROP note;\nALTER TABLE a ALTER name TYPE varchar(20);")
    answer = prove(t)["revisions"][1]
    truth(not answer["not_covered"] and answer["tables_with_rows"] == answer["tables"] == 5, f"tables are left out: {answer}")
    revision(t, 2, "ALTER TABLE a ALTER code TYPE char(1) USING left(code, 1);", "ALTER TABLE a ALTER code TYPE char(2);")
    found = prove(t, "head", status=1)["revisions"][0]["findings"]
    truth(any(f["object"] == "column a.code" and f["step"] == "down" for f in found), f"a cast that cuts is not found: {found}")
    revision(t, 2, "ALTER TABLE a ADD k integer;\nSELECT setval('a_id_seq', 1);", "ALTER TABLE a DROP k;")
    revision(t, 3, "CREATE TABLE z (i integer);\nSELECT setval('a_id_seq', 5, false);", "DROP TABLE z;")
    found = prove(t, "head", status=1)["revisions"][0]["findings"]
    truth(any(f["step"] == "writes" for f in found), f"a sequence behind its keys is not found: {found}")
    left = t.psql(f"{t.server}/postgres", f"select datname from pg_database where datname like 'cmigrate_scratch_{os.getpid()}%'").strip()
    truth(not left and not t.sql("select relname from pg_class where relnamespace = 'public'::regnamespace"), f"something stays: {left}")


@case
def keys_of_partitions_and_tables_that_triggers_make_are_seen(t):
    revision(t, 1, "CREATE TABLE zone (id integer PRIMARY KEY);\nCREATE TABLE sale (id integer NOT NULL, zone_id integer NOT NULL) PARTITION BY RANGE (id);\n"
             "CREATE TABLE sale_1 PARTITION OF sale FOR VALUES FROM (0) TO (1000000);\n"
             "ALTER TABLE sale_1 ADD CONSTRAINT sale_1_zone FOREIGN KEY (zone_id) REFERENCES zone;\n"
             "CREATE TABLE team (id integer PRIMARY KEY);\n"
             "CREATE FUNCTION give_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('CREATE TABLE room_%s (i int)', NEW.id); RETURN NEW; END $$;\n"
             "CREATE TRIGGER team_room AFTER INSERT ON team FOR EACH ROW EXECUTE FUNCTION give_room();",
             "DROP TABLE team, sale, zone;\nDROP FUNCTION give_room();")
    revision(t, 2, "CREATE TABLE q (i integer);", "DROP TABLE q;")
    t.must("upgrade")
    t.must("inspect", "-o", "schema.yaml")  # a model knows nothing of the rooms
    answer = prove(t, "head", "--rows", "3")["revisions"][0]
    gaps = [gap for gap in answer["not_covered"] if not gap["table"].startswith("room_")]
    truth(answer["proved"] and not gaps, f"refuted, or left out: {answer}")


@case
def tables_that_need_each_other_get_rows_or_say_why(t):
    make = ("CREATE TABLE staff (id integer PRIMARY KEY, store_id integer NOT NULL);\n"
            "CREATE TABLE store (id integer PRIMARY KEY, chief_id integer NOT NULL CONSTRAINT store_chief REFERENCES staff);\n"
            "ALTER TABLE staff ADD CONSTRAINT staff_store FOREIGN KEY (store_id) REFERENCES store;\n")
    back = "ALTER TABLE staff DROP CONSTRAINT staff_store;\nDROP TABLE store, staff;"
    revision(t, 1, make, back)
    revision(t, 2, "CREATE TABLE q (i integer);", "DROP TABLE q;")
    answer = prove(t, "head")["revisions"][0]
    truth(answer["proved"] and answer["rows"] == 40 and not answer["not_covered"], f"the circle has no rows: {answer}")
    revision(t, 1, "CREATE TABLE concept (id integer PRIMARY KEY, class varchar(20) NOT NULL, domain varchar(20) NOT NULL);\n"
             "CREATE TABLE class (name varchar(20) PRIMARY KEY, concept integer NOT NULL REFERENCES concept);\n"
             "CREATE TABLE domain (name varchar(20) PRIMARY KEY, concept integer NOT NULL REFERENCES concept);\n"
             "ALTER TABLE concept ADD CONSTRAINT in_class FOREIGN KEY (class) REFERENCES class, ADD CONSTRAINT in_domain FOREIGN KEY (domain) REFERENCES domain;",
             "ALTER TABLE concept DROP CONSTRAINT in_class, DROP CONSTRAINT in_domain;\nDROP TABLE class, domain, concept;")
    answer = prove(t, "head")["revisions"][0]
    truth(answer["proved"] and answer["rows"] == 60 and not answer["not_covered"], f"two circles of one table have no rows: {answer}")
    refuse = ("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;\n"
              "CREATE TRIGGER no BEFORE INSERT ON store FOR EACH ROW EXECUTE FUNCTION refuse();")
    revision(t, 1, make + refuse, back + "\nDROP FUNCTION refuse();")
    answer = prove(t, "head")["revisions"][0]
    truth(answer["proved"] and {gap["table"] for gap in answer["not_covered"]} == {"staff", "store"}, f"a circle without a way in: {answer}")


@case
def a_row_of_a_trigger_that_a_deferred_key_refuses_is_the_table_s_fault(t):
    revision(t, 1, "CREATE TABLE person (id integer PRIMARY KEY);\n"
             "CREATE TABLE last_seen (person_id integer PRIMARY KEY REFERENCES person DEFERRABLE INITIALLY DEFERRED);\n"
             "CREATE TABLE visit (id integer PRIMARY KEY, who integer);\n"
             "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO last_seen VALUES (100000 + NEW.id); RETURN NEW; END $$;\n"
             "CREATE TRIGGER visit_note AFTER INSERT ON visit FOR EACH ROW EXECUTE FUNCTION note();", "DROP TABLE visit, last_seen, person;\nDROP FUNCTION note();")
    revision(t, 2, "CREATE TABLE q (i integer);", "DROP TABLE q;")
    answer = prove(t, "head")["revisions"][0]
    truth(answer["proved"] and [gap["table"] for gap in answer["not_covered"]] == ["visit"] and answer["rows"] == 40, f"not as it should be: {answer}")


@case
def a_partition_that_is_declared_lost_is_lost_to_its_table_too(t):
    make = ("CREATE TABLE ev (id integer, at integer) PARTITION BY RANGE (at);\nCREATE TABLE ev_1 PARTITION OF ev FOR VALUES FROM (0) TO (10);\n"
            "CREATE TABLE ev_2 PARTITION OF ev FOR VALUES FROM (10) TO (20);")
    revision(t, 1, make, "DROP TABLE ev;")
    again = "CREATE TABLE ev_2 PARTITION OF ev FOR VALUES FROM (10) TO (20);"
    revision(t, 2, "-- cmigrate: loses ev_2\nDROP TABLE ev_2;", again)
    answer = prove(t, "head")["revisions"][0]
    truth(answer["proved"] and answer["losses"] == ["table ev_2"], f"a declared loss is refuted: {answer}")
    revision(t, 2, "-- cmigrate: loses ev_2\nDROP TABLE ev_2;\nDELETE FROM ev WHERE id IS NOT NULL;", again)
    found = prove(t, "head", status=1)["revisions"][0]["findings"]
    truth(any(f["object"] == "table ev" for f in found), f"rows of another partition are lost as well: {found}")


@case
def an_empty_partition_has_a_reason_of_its_own(t):
    revision(t, 1, "CREATE TABLE ev (id integer) PARTITION BY LIST (id);\nCREATE TABLE ev_1 PARTITION OF ev (PRIMARY KEY (id)) FOR VALUES IN (7);\n"
             "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;\n"
             "CREATE TRIGGER no BEFORE INSERT ON ev FOR EACH ROW EXECUTE FUNCTION refuse();", "DROP TABLE ev;\nDROP FUNCTION refuse();")
    revision(t, 2, "CREATE TABLE q (i integer);", "DROP TABLE q;")
    why = {gap["table"]: gap["why"] for gap in prove(t, "head")["revisions"][0]["not_covered"]}
    truth(why.get("ev_1") == "no row of the partitioned table falls into it", f"nothing says why: {why}")


@case
def no_lock_is_taken_in_a_scratch_database(t):
    nobody = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    revision(t, 1, f"-- cmigrate: assert no lock is held\n{nobody};\nCREATE TABLE a (i integer);", "DROP TABLE a;")
    revision(t, 2, f"-- cmigrate: assert no lock is held\n{nobody};\nCREATE TABLE b (i integer);", "DROP TABLE b;")
    truth(prove(t)["proved"], "prove waits for a lock that nobody else can hold")
    t.write("schema.yaml", "tables: {a: {columns: {i: integer}}, b: {columns: {i: integer}}}\n")
    said = t.must("check", "--history", status=1)  # the database has neither
    truth("schema.yaml and migrations: equal" in said, said)


if __name__ == "__main__":
    sys.exit(main())
