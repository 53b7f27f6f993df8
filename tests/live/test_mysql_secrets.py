#!/usr/bin/env python3
"""Values of rows that MySQL and MariaDB quote in an error are in no message and no history."""
import sys

from mykit import case, main, truth

SECRET = "s3cret' for you"
# A statement, and what is still said of the value that stops it
AT_ROWS = (
    ("CREATE UNIQUE INDEX uq ON person (mail)", "Duplicate entry '...' for key '"),
    ("ALTER TABLE person MODIFY mail int", "value: '...'"),
    ("ALTER TABLE person MODIFY mail date", "value: '...' for column "),
    ("UPDATE person SET id = mail + 1", "Truncated incorrect DOUBLE value: '...'"),
    ("ALTER TABLE person PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (10))", "Table has no partition for value ..."),
)


@case
def a_statement_that_fails_at_a_row_does_not_print_it(t):
    t.sql("create table person (id int primary key, mail varchar(40))", 'insert into person values (71771, "{0}"), (71772, "{0}")'.format(SECRET))
    for statement, message in AT_ROWS:
        t.write("migrations/one.sql", f"-- cmigrate: revision one\n-- cmigrate: parents\n-- cmigrate: upgrade\n{statement};\n")
        said = t.must("upgrade", status=4, says=(message, "LEFT OUT: values of rows"))
        for words in (said, t.sql("select * from cmigrate_history")):
            truth("s3cret" not in words and "for you" not in words and "7177" not in words, f"{statement}\n{words}")


sys.exit(main())
