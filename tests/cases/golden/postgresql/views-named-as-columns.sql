-- cmigrate: upgrade
CREATE VIEW "z" AS
SELECT m,
    k AS b
   FROM t;
CREATE VIEW "m" AS
SELECT m AS z,
    b AS k
   FROM z;
CREATE VIEW "b" AS
SELECT k AS m
   FROM m;

-- cmigrate: downgrade
DROP VIEW "b";
DROP VIEW "m";
DROP VIEW "z";
