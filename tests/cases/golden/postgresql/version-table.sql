-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "a" ADD COLUMN "n" integer;

-- cmigrate: downgrade
-- loses data: column n of table a; locks: ACCESS EXCLUSIVE; the values of n are gone
ALTER TABLE "a" DROP COLUMN "n";
