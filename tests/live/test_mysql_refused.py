#!/usr/bin/env python3
"""What MySQL and MariaDB must refuse is refused by `migrate`, with its line of the model, and not by `upgrade` half way."""
import sys

import mykit
from mykit import case, truth

KEY = "columns: {id: {type: integer, primary_key: true}}"

# name: the model, the line at fault, what is said
MODELS = {
    "set null on a NOT NULL column": ("tables:\n  a:\n    columns: {id: {type: integer, primary_key: true}}\n  t:\n    columns:\n      id: {type: integer, primary_key: true}\n"
                                      "      a_id: {type: integer, nullable: false, references: a.id, on_delete: set null}\n", 7, ""),
    "a key of another type": ("tables:\n  a:\n    columns: {id: {type: bigint, primary_key: true}}\n  t:\n    columns:\n      id: {type: integer, primary_key: true}\n"
                              "      a_id: {type: integer, references: a.id}\n", 7, ""),
    "a key to a date": ("tables:\n  a:\n    columns: {id: {type: integer, primary_key: true}}\n  t:\n    columns:\n      id: {type: integer, primary_key: true}\n"
                      "      a_id: {type: date, references: a.id}\n", 7, ""),
    "a key on a partitioned table": ("tables:\n  a:\n    columns: {id: {type: integer, primary_key: true}}\n  t:\n    columns:\n      id: {type: integer, primary_key: true}\n"
                                     "      a_id: {type: integer, references: a.id}\n    options: {mysql: {partition_by: HASH (`id`) PARTITIONS 2}}\n", 7, ""),
    "a key that is too long": ("tables:\n  t:\n    columns:\n      id: {type: integer, primary_key: true}\n      a: {type: string(100), index: true}\n"
                               "      b: {type: string(2000), index: true}\n", 6, "too long"),
    "a row that is too large": ("tables:\n  t:\n    columns:\n" + "".join(f"      c{i}: {{type: string(9000)}}\n" for i in range(3)), 2, "too large"),
    "a text in a key without a length": ("tables:\n  t:\n    columns:\n      id: {type: integer, primary_key: true}\n      b: {type: text, index: true}\n", 5, "without a key length"),
    "a text that is too long": ("tables:\n  t:\n    columns:\n      id: {type: integer, primary_key: true}\n      b: {type: string(20000)}\n", 5, "too big"),
    "a date that is none": ("tables:\n  t:\n    columns:\n      id: {type: integer, primary_key: true}\n      d: {type: date, default: {sql: \"'2020-13-45'\"}}\n", 5, "Invalid default"),
    "a unique key without the partition's column": ("tables:\n  t:\n    columns:\n      id: {type: integer, primary_key: true}\n      u: {type: integer, unique: true}\n"
                                                    "    options: {mysql: {partition_by: HASH (`id`) PARTITIONS 2}}\n", 5, ""),
    "a check that calls what it may not": ("tables:\n  t:\n    columns:\n      id: {type: integer, primary_key: true}\n      u: {type: integer, check: \"sleep(u) = 0\"}\n", 5, ""),
    "a function that does not parse": ("functions:\n  f: CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURNN 1\n", 2, "syntax"),
    "a trigger that does not parse": ("tables:\n  t: {columns: {id: {type: integer, primary_key: true}}}\ntriggers:\n"
                                      "  g: {table: t, definition: CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SETT NEW.id = 1}\n", 4, "syntax"),
    "a trigger that sets no column": ("tables:\n  t: {columns: {id: {type: integer, primary_key: true}}}\ntriggers:\n"
                                      "  g: {table: t, definition: CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.nothing = 1}\n", 4, "nothing"),
    "an event that does not parse": ("events:\n  e: CREATE EVENT e ON SCHEDULE EVERYY 1 DAY DO SELECT 1\n", 2, "syntax"),
}
TAKEN = {"a check that calls what it may not", "a key that is too long", "a text in a key without a length"}  # by MariaDB


@case
def each_is_refused_at_migrate_with_its_line(t):
    wrong = []
    for title, (model, line, says) in MODELS.items():
        if title in TAKEN and t.name == "mariadb":
            continue
        t.forget()
        t.write("schema.yaml", model)
        code, out, err = t.run("migrate", "-m", "change")
        if code == 0 or f"schema.yaml:{line}:" not in err or f"{t.name.replace('mysql', 'MySQL').replace('mariadb', 'MariaDB')} refuses " not in err or says not in err:
            wrong.append(f"{title}: exit {code}, should name line {line} and say '{says}'\n{err}")
    truth(not wrong, "\n".join(wrong))


@case
def the_same_in_tables_that_are_there(t):
    wrong = []
    for title, (model, line, says) in MODELS.items():
        if not model.startswith("tables:\n  t:\n") or title in TAKEN and t.name == "mariadb":
            continue
        t.fresh()
        t.sql("create table t (id int primary key)" if "id:" in model else "create table t (c0 varchar(9000))")
        t.write("schema.yaml", model)
        code, out, err = t.run("migrate", "-m", "change")
        if code == 0 or f"schema.yaml:{line}:" not in err or f"{t.name.replace('mysql', 'MySQL').replace('mariadb', 'MariaDB')} refuses " not in err or says not in err:
            wrong.append(f"{title}: exit {code}, should name line {line} and say '{says}'\n{err}")
    truth(not wrong, "\n".join(wrong))


@case
def mariadb_says_why_a_foreign_key_is_refused(t):
    if t.name != "mariadb":
        return
    t.sql("create table p (id bigint primary key)", "create table c (id int primary key, p int, key (p))")
    t.model({"p: integer": "p: {type: integer, references: p.id}"})
    t.must("migrate", "-m", "x", status=2, says="does not match")


@case
def bars_that_do_not_join_texts_are_warned_of(t):
    t.write("schema.yaml", "tables: {t: {columns: {id: {type: integer, primary_key: true}, a: {type: string(9)}, "
            "f: {type: string(20), generated: \"a || ' ' || a\", stored: true}}}}\n")
    t.must("migrate", "-m", "x", says="|| is OR on MySQL and MariaDB")


@case
def a_server_that_takes_no_changes_is_not_the_script_s_fault(t):
    name = f"reader_{t.database}"
    t.admin(f"create user {name}@'127.0.0.1' identified by 'pw'", f"grant all on {t.database}.* to {name}@'127.0.0.1'")
    t.users.append(f"{name}@'127.0.0.1'")
    t.config(url=f"mysql://{name}:pw@{t.host}/{t.database}")
    t.write("migrations/1_aaaa.sql", "-- cmigrate: revision aaaa\n-- cmigrate: parents\n-- cmigrate: message m\n-- cmigrate: dialect mysql\n\n"
            "-- cmigrate: upgrade\nCREATE TABLE x (a int);\nSIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1290, MESSAGE_TEXT = 'read-only';\n")
    said = t.must("upgrade", status=4, says="connect to the primary")
    truth("Mend" not in said and "not at fault" in said, said)


if __name__ == "__main__":
    sys.exit(mykit.main())
