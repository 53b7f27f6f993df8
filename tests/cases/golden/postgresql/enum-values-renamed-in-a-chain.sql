-- cmigrate: upgrade
ALTER TYPE "mood" RENAME VALUE 'good' TO 'great';
ALTER TYPE "mood" RENAME VALUE 'ok' TO 'good';
ALTER TYPE "mood" RENAME VALUE 'sad' TO 'ok';

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ALTER COLUMN "n" SET DEFAULT 'good'::mood;

-- cmigrate: downgrade
ALTER TYPE "mood" RENAME VALUE 'ok' TO 'sad';
ALTER TYPE "mood" RENAME VALUE 'good' TO 'ok';
ALTER TYPE "mood" RENAME VALUE 'great' TO 'good';

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" ALTER COLUMN "n" SET DEFAULT 'ok'::mood;
