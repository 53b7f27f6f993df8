-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on the index and m
DROP INDEX "mi";

-- locks: ACCESS EXCLUSIVE on the index and m
DROP INDEX "mj";
DROP MATERIALIZED VIEW "m";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "a" TYPE bigint;

-- runs the query and keeps its rows
CREATE MATERIALIZED VIEW "m" AS
SELECT a,
    b AS "b""=, b"
   FROM t;
COMMENT ON COLUMN "m"."b""=, b" IS 'quoted, too';

-- locks: SHARE; builds an index
CREATE INDEX "mi" ON "m" ("a");

-- locks: SHARE; builds an index
CREATE INDEX "mj" ON "m" ("a", "b""=, b");

-- locks: SHARE UPDATE EXCLUSIVE
ALTER MATERIALIZED VIEW "m" CLUSTER ON "mj";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on the index and m
DROP INDEX "mi";

-- locks: ACCESS EXCLUSIVE on the index and m
DROP INDEX "mj";
DROP MATERIALIZED VIEW "m";

-- cmigrate: assert column t.a has values that integer cannot hold
SELECT ctid FROM "t" WHERE "a" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "a" TYPE integer;

-- runs the query and keeps its rows
CREATE MATERIALIZED VIEW "m" AS
SELECT a,
    b AS "b""=, b"
   FROM t;
COMMENT ON COLUMN "m"."b""=, b" IS 'quoted';

-- locks: SHARE; builds an index
CREATE INDEX "mi" ON "m" ("a");

-- locks: SHARE UPDATE EXCLUSIVE
ALTER MATERIALIZED VIEW "m" CLUSTER ON "mi";

-- locks: SHARE; builds an index
CREATE INDEX "mj" ON "m" ("a", "b""=, b");
