-- cmigrate: upgrade
ALTER DOMAIN "amount" RENAME TO "amount_old";
CREATE DOMAIN "amount" AS integer;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ALTER COLUMN "a" DROP DEFAULT;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "a" TYPE amount USING "a"::integer::amount;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT 1;
DROP DOMAIN "amount_old";

-- cmigrate: downgrade
ALTER DOMAIN "amount" RENAME TO "amount_old";
CREATE DOMAIN "amount" AS numeric;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ALTER COLUMN "a" DROP DEFAULT;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "a" TYPE amount USING "a"::numeric::amount;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ALTER COLUMN "a" SET DEFAULT 1;
DROP DOMAIN "amount_old";
