-- cmigrate: upgrade
-- cmigrate: assert new column t.b is NOT NULL without a default, and there are rows
SELECT "id" FROM "t" LIMIT 1;

-- cmigrate: assert column t.a becomes NOT NULL, but has rows with NULL
SELECT "id" FROM "t" WHERE "a" IS NULL LIMIT 1;

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t"
  ADD COLUMN "b" integer NOT NULL,
  ALTER COLUMN "a" SET NOT NULL;

-- cmigrate: downgrade
-- loses data: column b of table t; locks: ACCESS EXCLUSIVE; the values of b are gone
ALTER TABLE "t"
  ALTER COLUMN "a" DROP NOT NULL,
  DROP COLUMN "b";
