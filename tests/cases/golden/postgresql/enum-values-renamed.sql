-- cmigrate: upgrade
ALTER TYPE "mood" RENAME TO "feel";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME TO "u";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" RENAME CONSTRAINT "t_id_not_null" TO "u_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" RENAME CONSTRAINT "t_n_not_null" TO "u_n_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" RENAME COLUMN "n" TO "f";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" RENAME CONSTRAINT "u_n_not_null" TO "u_f_not_null";
ALTER TYPE "feel" RENAME VALUE 'ok' TO 'fine';
ALTER TYPE "feel" RENAME VALUE 'it''s' TO 'that''s';
ALTER TYPE "feel" ADD VALUE 'great' AFTER 'fine';

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" ALTER COLUMN "f" SET DEFAULT 'fine'::feel;

-- cmigrate: downgrade
ALTER TYPE "feel" RENAME TO "mood";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "u" RENAME TO "t";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME CONSTRAINT "u_id_not_null" TO "t_id_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME CONSTRAINT "u_f_not_null" TO "t_f_not_null";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME COLUMN "f" TO "n";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "t" RENAME CONSTRAINT "t_f_not_null" TO "t_n_not_null";

-- drops values of enum mood: great
ALTER TYPE "mood" RENAME VALUE 'fine' TO 'ok';
ALTER TYPE "mood" RENAME VALUE 'that''s' TO 'it''s';
ALTER TYPE "mood" RENAME TO "mood_old";
CREATE TYPE "mood" AS ENUM ('sad', 'ok', 'it''s');

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "m" TYPE mood USING "m"::text::mood,
  ALTER COLUMN "n" DROP DEFAULT,
  ALTER COLUMN "n" TYPE mood USING "n"::text::mood,
  ALTER COLUMN "n" SET DEFAULT 'ok'::mood;
DROP TYPE "mood_old";
