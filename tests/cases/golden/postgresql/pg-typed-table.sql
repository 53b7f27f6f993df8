-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "ceases" NOT OF;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "of_pair" NOT OF;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "ceases" ADD COLUMN "d" integer;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "of_pair" ADD COLUMN "w" integer DEFAULT 4;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "becomes"
  ALTER COLUMN "a" DROP NOT NULL,
  ALTER COLUMN "b" SET DEFAULT 'q'::text;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "ceases" ALTER COLUMN "a" DROP NOT NULL;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "of_pair" ALTER COLUMN "x" TYPE bigint;

-- loses data: column c of table becomes; locks: ACCESS EXCLUSIVE; the values of c are gone
ALTER TABLE "becomes" DROP COLUMN "c";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "becomes" OF "other";

-- loses data: column z of table of_pair; locks: ACCESS EXCLUSIVE; the values of z are gone
ALTER TABLE "of_pair" DROP COLUMN "z";
ALTER TYPE "pair" RENAME TO "pair_old";
CREATE TYPE "pair" AS ("x" bigint, "y" text, "w" integer);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "of_pair" ALTER COLUMN "y" DROP DEFAULT;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "of_pair" OF "pair";
DROP TYPE "pair_old";

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "becomes" NOT OF;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "of_pair" NOT OF;
ALTER TYPE "pair" RENAME TO "pair_old";
CREATE TYPE "pair" AS ("x" integer, "y" text, "z" date);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "becomes" ADD COLUMN "c" date;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "of_pair" ADD COLUMN "z" date;

-- cmigrate: assert column becomes.a becomes NOT NULL, but has rows with NULL
SELECT ctid FROM "becomes" WHERE "a" IS NULL LIMIT 1;

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "becomes"
  ADD CONSTRAINT "becomes_a_not_null" NOT NULL "a",
  ALTER COLUMN "b" DROP DEFAULT;

-- cmigrate: assert column ceases.a becomes NOT NULL, but has rows with NULL
SELECT ctid FROM "ceases" WHERE "a" IS NULL LIMIT 1;

-- locks: ACCESS EXCLUSIVE; reads the table
ALTER TABLE "ceases" ADD CONSTRAINT "ceases_a_not_null" NOT NULL "a";

-- cmigrate: assert column of_pair.x has values that integer cannot hold
SELECT "x" FROM "of_pair" WHERE "x" NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "of_pair"
  ALTER COLUMN "x" TYPE integer,
  ALTER COLUMN "y" SET DEFAULT 'none'::text;

-- loses data: column d of table ceases; locks: ACCESS EXCLUSIVE; the values of d are gone
ALTER TABLE "ceases" DROP COLUMN "d";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "ceases" OF "other";

-- loses data: column w of table of_pair; locks: ACCESS EXCLUSIVE; the values of w are gone
ALTER TABLE "of_pair" DROP COLUMN "w";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "of_pair" OF "pair";
DROP TYPE "pair_old";
