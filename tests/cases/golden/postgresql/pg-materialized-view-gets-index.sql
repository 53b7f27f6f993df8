-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on the index and lots
DROP INDEX "lots_old";
DROP MATERIALIZED VIEW "lots";

-- loses data: column spare of table lot; locks: ACCESS EXCLUSIVE; the values of spare are gone
ALTER TABLE "lot" DROP COLUMN "spare";

-- runs the query and keeps its rows
CREATE MATERIALIZED VIEW "lots" AS
SELECT id,
    tag
   FROM lot;

-- locks: SHARE; builds an index
CREATE INDEX "lots_new" ON "lots" ("tag");

-- locks: SHARE; builds an index
CREATE INDEX "lots_old" ON "lots" ("id" DESC);

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on the index and lots
DROP INDEX "lots_new";

-- locks: ACCESS EXCLUSIVE on the index and lots
DROP INDEX "lots_old";
DROP MATERIALIZED VIEW "lots";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "lot" ADD COLUMN "spare" integer;

-- runs the query and keeps its rows
CREATE MATERIALIZED VIEW "lots" AS
SELECT id,
    tag,
    spare
   FROM lot;

-- locks: SHARE; builds an index
CREATE INDEX "lots_old" ON "lots" ("id");
