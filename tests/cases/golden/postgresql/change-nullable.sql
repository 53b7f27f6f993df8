-- cmigrate: upgrade
-- cmigrate: assert column t.a becomes NOT NULL, but has rows with NULL
SELECT "id" FROM "t" WHERE "a" IS NULL LIMIT 1;

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t"
  ALTER COLUMN "a" SET NOT NULL,
  ALTER COLUMN "b" DROP NOT NULL;

-- cmigrate: downgrade
-- cmigrate: assert column t.b becomes NOT NULL, but has rows with NULL
SELECT "id" FROM "t" WHERE "b" IS NULL LIMIT 1;

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t"
  ALTER COLUMN "a" DROP NOT NULL,
  ALTER COLUMN "b" SET NOT NULL;
