-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ADD COLUMN "b" integer;

-- cmigrate: downgrade
-- loses data: column b of table t; locks: ACCESS EXCLUSIVE; the values of b are gone
ALTER TABLE "t" DROP COLUMN "b";
