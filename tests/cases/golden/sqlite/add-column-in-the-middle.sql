-- cmigrate: upgrade
ALTER TABLE "t" ADD COLUMN "x" INTEGER;
ALTER TABLE "t" ADD COLUMN "y" INTEGER NOT NULL DEFAULT 7;

-- cmigrate: downgrade
-- loses data: column x of table t
ALTER TABLE "t" DROP COLUMN "x";

-- loses data: column y of table t
ALTER TABLE "t" DROP COLUMN "y";
