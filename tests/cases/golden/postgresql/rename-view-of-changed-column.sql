-- cmigrate: upgrade
ALTER VIEW "v" RENAME TO "v2";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "a" TO "b";
DROP VIEW "w";
DROP VIEW "v2";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "b" TYPE bigint;
CREATE VIEW "v2" AS
SELECT id, b FROM t;
CREATE VIEW "w" AS
SELECT id
   FROM v2
  WHERE (b > 0);

-- cmigrate: downgrade
ALTER VIEW "v2" RENAME TO "v";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "b" TO "a";
DROP VIEW "w";
DROP VIEW "v";

-- cmigrate: assert column t.a has values that integer cannot hold
SELECT "id" FROM "t" WHERE "a" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "a" TYPE integer;
CREATE VIEW "v" AS
SELECT id,
    a
   FROM t;
CREATE VIEW "w" AS
SELECT id
   FROM v
  WHERE (a > 0);
