CREATE TABLE t (a, "b c"); CREATE INDEX i ON t ('a', "b c", (a), (a + 1) DESC, a COLLATE nocase || 'q')
