-- cmigrate: upgrade
-- locks: ACCESS EXCLUSIVE
ALTER TABLE "typed" NOT OF;
ALTER TABLE "t"
  ALTER COLUMN "a" DROP DEFAULT,
  ALTER COLUMN "b" DROP DEFAULT;
DROP FUNCTION "twice"(mood);
DROP FUNCTION "usual"(integer);

-- drops values of enum mood: sad
ALTER TYPE "mood" RENAME TO "mood_old";
CREATE TYPE "mood" AS ENUM ('ok', 'fine');
ALTER TYPE "pair" RENAME TO "pair_old";
CREATE TYPE "pair" AS ("a" mood, "b" integer);
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION twice(mood)
 RETURNS mood[]
 LANGUAGE sql
 IMMUTABLE
AS $function$select array[$1]$function$;
CREATE OR REPLACE FUNCTION usual(integer)
 RETURNS mood
 LANGUAGE sql
 IMMUTABLE
AS $function$select 'ok'::mood$function$;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE mood USING "a"::text::mood,
  ALTER COLUMN "a" SET DEFAULT usual(1),
  ALTER COLUMN "b" TYPE mood[] USING "b"::text[]::mood[],
  ALTER COLUMN "b" SET DEFAULT twice('fine'::mood);

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "there" ALTER COLUMN "a" TYPE mood;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "typed" ALTER COLUMN "a" TYPE mood USING "a"::text::mood;

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "typed" OF "pair";
DROP TYPE "pair_old";
DROP TYPE "mood_old";

-- cmigrate: downgrade
ALTER TYPE "mood" ADD VALUE 'sad' BEFORE 'ok';
