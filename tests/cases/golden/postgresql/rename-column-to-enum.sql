-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "state" TO "standing";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "mood" TO "temper";
ALTER TYPE "feel" ADD VALUE 'odd';

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "temper" TYPE feel USING "temper"::feel;

-- cmigrate: downgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "temper" TO "mood";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "standing" TO "state";

-- drops values of enum feel: odd
ALTER TYPE "feel" RENAME TO "feel_old";
CREATE TYPE "feel" AS ENUM ('sad', 'glad');

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "mood" TYPE character varying(10),
  ALTER COLUMN "state" TYPE feel USING "state"::text::feel;
DROP TYPE "feel_old";
