-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE on the parent and the partition
ALTER TABLE "lot" DETACH PARTITION "lot_b";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "lot_b" RENAME CONSTRAINT "lot_k_not_null" TO "lot_b_k_not_null";

-- locks: SHARE UPDATE EXCLUSIVE on the parent, ACCESS EXCLUSIVE on the partition; reads the partition
ALTER TABLE "lot" ATTACH PARTITION "lot_b" FOR VALUES IN ('b');

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "lot_b" ALTER COLUMN "m" SET NOT NULL;

-- locks: ACCESS EXCLUSIVE on the parent and the partition
ALTER TABLE "lot" DETACH PARTITION "lot_a";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "lot_a" RENAME CONSTRAINT "lot_a_k_not_null" TO "lot_k_not_null";

-- locks: SHARE UPDATE EXCLUSIVE on the parent, ACCESS EXCLUSIVE on the partition; reads the partition
ALTER TABLE "lot" ATTACH PARTITION "lot_a" FOR VALUES IN ('a');

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "lot_a" ALTER COLUMN "n" DROP NOT NULL;

-- cmigrate: assert column lot.n becomes NOT NULL, but has rows with NULL
SELECT "k", "id" FROM "lot" WHERE "n" IS NULL LIMIT 1;

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "lot" ALTER COLUMN "n" SET NOT NULL;

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE on the parent and the partition
ALTER TABLE "lot" DETACH PARTITION "lot_a";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "lot_a" RENAME CONSTRAINT "lot_k_not_null" TO "lot_a_k_not_null";

-- locks: SHARE UPDATE EXCLUSIVE on the parent, ACCESS EXCLUSIVE on the partition; reads the partition
ALTER TABLE "lot" ATTACH PARTITION "lot_a" FOR VALUES IN ('a');

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "lot" ALTER COLUMN "n" DROP NOT NULL;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "lot_a" ALTER COLUMN "n" SET NOT NULL;

-- locks: ACCESS EXCLUSIVE on the parent and the partition
ALTER TABLE "lot" DETACH PARTITION "lot_b";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "lot_b" RENAME CONSTRAINT "lot_b_k_not_null" TO "lot_k_not_null";

-- locks: SHARE UPDATE EXCLUSIVE on the parent, ACCESS EXCLUSIVE on the partition; reads the partition
ALTER TABLE "lot" ATTACH PARTITION "lot_b" FOR VALUES IN ('b');

-- locks: ACCESS EXCLUSIVE
ALTER TABLE ONLY "lot_b" ALTER COLUMN "m" DROP NOT NULL;
