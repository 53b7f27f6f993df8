-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on the index and p
DROP INDEX "pu";

-- locks: ACCESS EXCLUSIVE; builds an index
ALTER TABLE "p" ADD CONSTRAINT "p_pkey" PRIMARY KEY ("a", "b");

-- locks: SHARE; builds an index
CREATE UNIQUE INDEX "pu" ON "p" ("a", "b" DESC);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p1" REPLICA IDENTITY USING INDEX "p1_a_b_idx";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p2x" REPLICA IDENTITY USING INDEX "p2x_pkey";

-- locks: SHARE UPDATE EXCLUSIVE
ALTER TABLE "p2x" CLUSTER ON "p2x_a_b_idx";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p" DROP CONSTRAINT "p_pkey";

-- locks: ACCESS EXCLUSIVE on the index and p
DROP INDEX "pu";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p2x" REPLICA IDENTITY DEFAULT;

-- locks: SHARE UPDATE EXCLUSIVE
ALTER TABLE "p2x" SET WITHOUT CLUSTER;

-- locks: SHARE; builds an index
CREATE UNIQUE INDEX "pu" ON "p" ("a", "b");

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "p1" REPLICA IDENTITY USING INDEX "p1_a_b_idx";
