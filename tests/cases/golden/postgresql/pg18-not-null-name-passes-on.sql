-- cmigrate: upgrade
-- cmigrate: assert column t.b becomes NOT NULL, but has rows with NULL
SELECT "id" FROM "t" WHERE "b" IS NULL LIMIT 1;

-- loses data: column only_if of table t; locks: ACCESS EXCLUSIVE; reads the table; the values of only_if are gone
ALTER TABLE "t"
  ALTER COLUMN "a" DROP NOT NULL,
  ADD CONSTRAINT "t_a_not_null" NOT NULL "b",
  DROP COLUMN "only_if",
  ADD COLUMN "in_list" boolean DEFAULT false CONSTRAINT "t_only_if_not_null" NOT NULL;

-- cmigrate: downgrade
-- cmigrate: assert column t.a becomes NOT NULL, but has rows with NULL
SELECT "id" FROM "t" WHERE "a" IS NULL LIMIT 1;

-- loses data: column in_list of table t; locks: ACCESS EXCLUSIVE; reads the table; the values of in_list are gone
ALTER TABLE "t"
  ALTER COLUMN "b" DROP NOT NULL,
  ALTER COLUMN "a" SET NOT NULL,
  DROP COLUMN "in_list",
  ADD COLUMN "only_if" boolean DEFAULT false NOT NULL;
