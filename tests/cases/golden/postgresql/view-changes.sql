-- cmigrate: upgrade
DROP VIEW "w";
DROP VIEW "v";
DROP VIEW "x";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ADD COLUMN "b" integer;
CREATE VIEW "v" AS
SELECT id,
    b
   FROM t;
CREATE VIEW "w" AS
SELECT id,
    b
   FROM v;
CREATE VIEW "y" AS
SELECT 2 AS two;

-- cmigrate: downgrade
DROP VIEW "w";
DROP VIEW "v";
DROP VIEW "y";

-- loses data: column b of table t; locks: ACCESS EXCLUSIVE; the values of b are gone
ALTER TABLE "t" DROP COLUMN "b";
CREATE VIEW "v" AS
SELECT id
   FROM t;
CREATE VIEW "w" AS
SELECT id
   FROM v;
CREATE VIEW "x" AS
SELECT 1 AS one;
