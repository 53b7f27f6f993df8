-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "c" TO "d";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "b" TO "c";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "a" TO "b";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ADD COLUMN "a" character varying(9);

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "a" TO "cmigrate_gone_1";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "b" TO "a";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "c" TO "b";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "d" TO "c";

-- loses data: column cmigrate_gone_1 of table t; locks: ACCESS EXCLUSIVE; the values of cmigrate_gone_1 are gone
ALTER TABLE "t" DROP COLUMN "cmigrate_gone_1";
