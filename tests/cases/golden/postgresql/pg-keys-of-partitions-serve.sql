-- cmigrate: upgrade
-- locks: SHARE; builds an index
CREATE UNIQUE INDEX "pu" ON "p" ("a", "b");

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on the index and p
DROP INDEX "pu" CASCADE;

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "p1" ADD CONSTRAINT "own_pk" PRIMARY KEY ("a", "b");

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "p2" ADD CONSTRAINT "own_u" UNIQUE ("a", "b");
