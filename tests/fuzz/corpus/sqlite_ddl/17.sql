CREATE TABLE s (a, b); CREATE TABLE t AS SELECT a, b + 1, 'x' AS "c d" FROM s
