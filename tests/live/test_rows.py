#!/usr/bin/env python3
"""Changes that the rows may refuse: migrate says so in the script and to the person, upgrade fails with all that is known."""
import sys

from kit import case, main, truth


def there(t):
    t.sql("create table stock (id int primary key, code text, amount bigint)",
          "insert into stock values (1, 'a', 5), (2, null, 5000000000), (3, '9999999999999', 7)")


def change(t, before, after):
    t.model({before: after})
    said = t.must("migrate", "-m", "change")
    with open(t.scripts()[-1], encoding="utf-8") as f:
        return said, f.read()


def fails(t, *says):
    rows = t.sql("select * from stock order by id")
    script = t.scripts()[-1].rsplit("/", 1)[1]
    t.must("upgrade", status=4, says=(f"migrations/{script}:", "statement ", "nothing of this revision remains", *says))
    truth(t.sql("select * from stock order by id") == rows, "rows changed")


@case
def a_column_without_a_default_that_is_not_null(t):
    there(t)
    said, script = change(t, "amount: bigint", "amount: bigint\n      kind: {type: text, nullable: false}")
    truth("kind" in said and "rows" in said, f"migrate does not say that rows are in the way:\n{said}")
    truth("rows" in script.split("-- cmigrate: downgrade")[0], f"the script does not say it:\n{script}")
    fails(t, "kind")
    t.sql("delete from stock")
    t.must("upgrade")
    t.must("check")


@case
def a_column_that_becomes_not_null_with_nulls(t):
    there(t)
    said, script = change(t, "code: text", "code: {type: text, nullable: false}")
    truth("has rows with NULL" in script, script)
    truth("1 of" in said, f"migrate does not say it:\n{said}")
    fails(t, "first row: 2")
    t.sql("update stock set code = '' where code is null")
    t.must("upgrade")
    t.must("check")


@case
def a_number_that_does_not_fit(t):
    there(t)
    said, script = change(t, "amount: bigint", "amount: integer")
    truth("cannot hold" in script, f"the script does not say it:\n{script}")
    truth("upgrade will fail: " in said and "value that integer cannot hold" in said, f"migrate does not say it:\n{said}")
    fails(t, "cannot hold (first row: 2)")


@case
def a_text_that_is_no_number(t):
    there(t)
    said, script = change(t, "code: text", "code: integer")
    truth("USING" in script, script)
    fails(t, "SQLSTATE 22P02")


@case
def a_text_that_is_too_long(t):
    there(t)
    said, script = change(t, "code: text", "code: string(5)")
    truth("cannot hold" in script and "upgrade will fail" in said, f"neither script nor message says it:\n{script}\n{said}")
    fails(t, "cannot hold (first row: 3)")


@case
def what_fits_passes_without_a_word(t):
    there(t)
    t.sql("delete from stock where id > 1", "insert into stock values (4, 'b', 32767)", "alter table stock add num numeric(8,3) default 999.99")
    said, script = change(t, "amount: bigint", "amount: smallint")
    truth("fail" not in said, said)
    t.must("upgrade")
    t.model({"code: text": "code: string(5)", "numeric(8,3)": "numeric(5,2)"})
    truth("fail" not in t.must("migrate", "-m", "more"), "more")
    t.must("upgrade")
    t.must("check")


@case
def a_number_that_only_rounding_makes_too_great(t):
    t.sql("create table stock (id int, n numeric(8,3))", "insert into stock values (1, 999.995)")
    said, script = change(t, "numeric(8,3)", "numeric(5,2)")
    truth("upgrade will fail" in said, said)
    fails(t, "cannot hold (first row: (0,1))")


if __name__ == "__main__":
    sys.exit(main())
