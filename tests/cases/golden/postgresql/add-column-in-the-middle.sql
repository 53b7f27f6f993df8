-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t"
  ADD COLUMN "x" integer,
  ADD COLUMN "y" integer DEFAULT 7 NOT NULL;

-- cmigrate: downgrade
-- loses data: column x of table t; loses data: column y of table t; locks: ACCESS EXCLUSIVE; the values of x are gone; the values of y are gone
ALTER TABLE "t"
  DROP COLUMN "x",
  DROP COLUMN "y";
