-- cmigrate: upgrade
ALTER TABLE "t" ADD COLUMN "b" INTEGER;

-- cmigrate: downgrade
-- loses data: column b of table t
ALTER TABLE "t" DROP COLUMN "b";
