-- cmigrate: upgrade
CREATE VIEW "z" AS SELECT t.m AS m, t.k AS b FROM t;
CREATE VIEW "m" AS SELECT z.m AS z, z.b AS k FROM z;
CREATE VIEW "b" AS SELECT m.k AS m FROM m;

-- cmigrate: downgrade
DROP VIEW "b";
DROP VIEW "m";
DROP VIEW "z";
