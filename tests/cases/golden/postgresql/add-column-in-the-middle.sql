-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ADD COLUMN "x" integer;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ADD COLUMN "y" integer DEFAULT 7 NOT NULL;

-- cmigrate: downgrade
-- loses data: column x of table t; locks: ACCESS EXCLUSIVE; the values of x are gone
ALTER TABLE "t" DROP COLUMN "x";

-- loses data: column y of table t; locks: ACCESS EXCLUSIVE; the values of y are gone
ALTER TABLE "t" DROP COLUMN "y";
