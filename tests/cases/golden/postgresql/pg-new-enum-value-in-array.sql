-- cmigrate: upgrade
ALTER TYPE "e" ADD VALUE 'c' AFTER 'a';
ALTER TYPE "e" ADD VALUE 'd';

-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t"
  ADD COLUMN "y" e[] DEFAULT '{d}'::e[],
  ALTER COLUMN "x" SET DEFAULT 'c'::e;

-- cmigrate: downgrade
-- loses data: column y of table t; locks: ACCESS EXCLUSIVE; the values of y are gone
ALTER TABLE "t" DROP COLUMN "y";

-- drops values of enum e: c, d
ALTER TYPE "e" RENAME TO "e_old";
CREATE TYPE "e" AS ENUM ('a', 'b');

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "x" DROP DEFAULT,
  ALTER COLUMN "x" TYPE e USING "x"::text::e,
  ALTER COLUMN "x" SET DEFAULT 'a'::e;
DROP TYPE "e_old";
