-- cmigrate: upgrade
DROP VIEW "lots";
ALTER TYPE "grade" RENAME TO "grade_old";
CREATE TYPE "grade" AS ENUM ('high', 'mid', 'low', 'none');
ALTER DOMAIN "fair" RENAME TO "fair_old";
CREATE DOMAIN "fair" AS grade CONSTRAINT "fair_check" CHECK (VALUE <> 'low'::grade);
ALTER DOMAIN "sure" RENAME TO "sure_old";
CREATE DOMAIN "sure" AS fair CONSTRAINT "sure_not_null" NOT NULL;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "lot"
  ALTER COLUMN "a" DROP DEFAULT,
  ALTER COLUMN "a" TYPE grade USING "a"::text::grade,
  ALTER COLUMN "a" SET DEFAULT 'low'::grade,
  ALTER COLUMN "b" DROP DEFAULT,
  ALTER COLUMN "b" TYPE fair USING "b"::text::fair,
  ALTER COLUMN "b" SET DEFAULT 'mid'::grade,
  ALTER COLUMN "c" TYPE sure USING "c"::text::sure;
DROP DOMAIN "sure_old";
DROP DOMAIN "fair_old";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "lot" ALTER COLUMN "d" TYPE grade[] USING "d"::text[]::grade[];
DROP TYPE "grade_old";
CREATE VIEW "lots" AS
SELECT b,
    c
   FROM lot;

-- cmigrate: downgrade
DROP VIEW "lots";

-- drops values of enum grade: none
ALTER TYPE "grade" RENAME TO "grade_old";
CREATE TYPE "grade" AS ENUM ('low', 'mid', 'high');
ALTER DOMAIN "fair" RENAME TO "fair_old";
CREATE DOMAIN "fair" AS grade CONSTRAINT "fair_check" CHECK (VALUE <> 'low'::grade);
ALTER DOMAIN "sure" RENAME TO "sure_old";
CREATE DOMAIN "sure" AS fair CONSTRAINT "sure_not_null" NOT NULL;

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "lot"
  ALTER COLUMN "a" DROP DEFAULT,
  ALTER COLUMN "a" TYPE grade USING "a"::text::grade,
  ALTER COLUMN "a" SET DEFAULT 'low'::grade,
  ALTER COLUMN "b" DROP DEFAULT,
  ALTER COLUMN "b" TYPE fair USING "b"::text::fair,
  ALTER COLUMN "b" SET DEFAULT 'mid'::grade,
  ALTER COLUMN "c" TYPE sure USING "c"::text::sure;
DROP DOMAIN "sure_old";
DROP DOMAIN "fair_old";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "lot" ALTER COLUMN "d" TYPE grade[] USING "d"::text[]::grade[];
DROP TYPE "grade_old";
CREATE VIEW "lots" AS
SELECT b,
    c
   FROM lot;
