CREATE TABLE t (a DEFAULT (1 + 2), key, replace, abort, generated, always, row, x generated)
