CREATE TABLE t (a CHECK (t.a > 0), b CHECK ("t".b <> T.a))
