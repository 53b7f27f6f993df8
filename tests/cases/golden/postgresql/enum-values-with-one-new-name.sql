-- cmigrate: upgrade
-- drops values of enum mood: ok
ALTER TYPE "mood" RENAME VALUE 'sad' TO 'fine';
ALTER TYPE "mood" RENAME TO "mood_old";
CREATE TYPE "mood" AS ENUM ('fine');

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "m" TYPE mood USING "m"::text::mood;
DROP TYPE "mood_old";

-- cmigrate: downgrade
ALTER TYPE "mood" RENAME VALUE 'fine' TO 'sad';
ALTER TYPE "mood" ADD VALUE 'ok';
