-- cmigrate: upgrade
DROP VIEW "w";
ALTER VIEW "v" RENAME TO "w";
DROP VIEW "w";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "a" TYPE bigint;
CREATE VIEW "w" AS
SELECT id, a FROM t;

-- cmigrate: downgrade
ALTER VIEW "w" RENAME TO "v";
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
   FROM t;
