-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ALTER COLUMN "a" DROP NOT NULL;

-- cmigrate: assert column t.b becomes NOT NULL, but has rows with NULL
SELECT "id" FROM "t" WHERE "b" IS NULL LIMIT 1;

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t" ADD CONSTRAINT "t_a_not_null" NOT NULL "b";

-- loses data: column only_if of table t; locks: ACCESS EXCLUSIVE; the values of only_if are gone
ALTER TABLE "t" DROP COLUMN "only_if";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ADD COLUMN "in_list" boolean DEFAULT false CONSTRAINT "t_only_if_not_null" NOT NULL;

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ALTER COLUMN "b" DROP NOT NULL;

-- cmigrate: assert column t.a becomes NOT NULL, but has rows with NULL
SELECT "id" FROM "t" WHERE "a" IS NULL LIMIT 1;

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "t" ALTER COLUMN "a" SET NOT NULL;

-- loses data: column in_list of table t; locks: ACCESS EXCLUSIVE; the values of in_list are gone
ALTER TABLE "t" DROP COLUMN "in_list";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ADD COLUMN "only_if" boolean DEFAULT false NOT NULL;
