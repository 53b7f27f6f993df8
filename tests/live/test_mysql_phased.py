#!/usr/bin/env python3
"""migrate --phased on MySQL and MariaDB: two versions of an application write beside each other."""
import sys

from mykit import case, main, truth

OLD = "tables: {person: {columns: {id: {type: integer, primary_key: true}, name: {type: string(40), nullable: false}, age: string(10)}}}\n"
NEW = ("tables: {person: {columns: {id: {type: integer, primary_key: true}, title: {type: string(40), nullable: false, renamed_from: name}, "
       "age: {type: integer, index: true}}}}\n")


@case
def a_rename_and_a_type_are_changed_under_both_versions(t):
    t.write("schema.yaml", OLD)
    t.must("migrate", "-m", "first", "--rev-id", "aaa1")
    t.must("upgrade")
    t.sql("insert into person values (1, 'a', '1'), (2, 'b', '2')")
    t.write("schema.yaml", NEW)
    t.must("migrate", "-m", "change", "--phased", "--rev-id", "bbb2", says="contract")
    t.must("upgrade", says="Stopped before bbb2_contract")
    t.sql("insert into person (id, name, age) values (3, 'old', '3')", "insert into person (id, title, age_new) values (4, 'new', 4)",
          "update person set name = 'a1' where id = 1", "update person set title = 'b1', age_new = 22 where id = 2")
    truth(t.sql("select concat(name, title, age, age_new) from person order by id").split() == ["a1a111", "b1b12222", "oldold33", "newnew44"],
          t.sql("select * from person"))
    t.must("upgrade", "--contract")
    t.must("check")
    truth(t.sql("show triggers") == "", "a trigger is left")
    t.must("downgrade", "aaa1")
    truth(t.sql("select concat(name, age) from person order by id").split() == ["a11", "b122", "old3", "new4"], t.sql("select * from person"))
    t.must("upgrade", "--contract")
    t.must("check")


if __name__ == "__main__":
    sys.exit(main())
