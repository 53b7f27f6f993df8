CREATE TABLE t (/* a */ a -- b, c
 int, b /*)*/ DEFAULT (1 /* x */ + 2) -- the end
)
