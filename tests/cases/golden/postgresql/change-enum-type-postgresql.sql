-- cmigrate: upgrade
ALTER TYPE "old" RENAME TO "new";

-- drops values of enum mood: sad
ALTER TYPE "mood" RENAME TO "mood_old";
CREATE TYPE "mood" AS ENUM ('happy', 'fine', 'ok');

-- loses data: column l of table t; locks: ACCESS EXCLUSIVE; rewrites the table and its indexes; the values of l are gone
ALTER TABLE "t"
  ADD COLUMN "more" mood,
  ALTER COLUMN "m" DROP DEFAULT,
  ALTER COLUMN "m" TYPE mood USING "m"::text::mood,
  ALTER COLUMN "m" SET DEFAULT 'ok'::mood,
  DROP COLUMN "l";
DROP TYPE "last";
DROP TYPE "mood_old";

-- cmigrate: downgrade
ALTER TYPE "new" RENAME TO "old";
CREATE TYPE "last" AS ENUM ('y');

-- loses data: column more of table t; locks: ACCESS EXCLUSIVE; the values of more are gone
ALTER TABLE "t"
  ADD COLUMN "l" last,
  DROP COLUMN "more";

-- drops values of enum mood: fine
ALTER TYPE "mood" RENAME TO "mood_old";
CREATE TYPE "mood" AS ENUM ('sad', 'ok', 'happy');

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "m" DROP DEFAULT,
  ALTER COLUMN "m" TYPE mood USING "m"::text::mood,
  ALTER COLUMN "m" SET DEFAULT 'ok'::mood;
DROP TYPE "mood_old";
