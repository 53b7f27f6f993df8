-- cmigrate: upgrade
ALTER DOMAIN "amount" RENAME TO "amount_old";
CREATE DOMAIN "amount" AS integer;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "a" DROP DEFAULT,
  ALTER COLUMN "a" TYPE amount USING "a"::integer::amount,
  ALTER COLUMN "a" SET DEFAULT 1;
DROP DOMAIN "amount_old";

-- cmigrate: downgrade
ALTER DOMAIN "amount" RENAME TO "amount_old";
CREATE DOMAIN "amount" AS numeric;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "a" DROP DEFAULT,
  ALTER COLUMN "a" TYPE amount USING "a"::numeric::amount,
  ALTER COLUMN "a" SET DEFAULT 1;
DROP DOMAIN "amount_old";
