-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on the index and v
DROP INDEX "ix";
DROP MATERIALIZED VIEW "v";
ALTER TYPE "p" ADD ATTRIBUTE "y" text;
ALTER TYPE "q.q" ADD ATTRIBUTE "y" text;

-- runs the query and keeps its rows
CREATE MATERIALIZED VIEW "v" AS
SELECT (p).x AS x,
    (p).y AS y
   FROM t;

-- locks: SHARE; builds an index
CREATE INDEX "ix" ON "v" ("x");
CREATE VIEW "w" AS
SELECT (q[1]).y FROM t;

-- cmigrate: downgrade
DROP VIEW "w";

-- locks: ACCESS EXCLUSIVE on the index and v
DROP INDEX "ix";
DROP MATERIALIZED VIEW "v";

-- may lose data: the values of attribute y of type p are dropped
ALTER TYPE "p" DROP ATTRIBUTE "y";

-- may lose data: the values of attribute y of type q.q are dropped
ALTER TYPE "q.q" DROP ATTRIBUTE "y";

-- runs the query and keeps its rows
CREATE MATERIALIZED VIEW "v" AS
SELECT (p).x AS x
   FROM t;

-- locks: SHARE; builds an index
CREATE INDEX "ix" ON "v" ("x");
