-- cmigrate: upgrade
DROP VIEW "v";

-- locks: ACCESS EXCLUSIVE on the index and word
DROP INDEX "word_w";
ALTER COLLATION "folded" RENAME TO "folded_old";
CREATE COLLATION folded (provider = icu, deterministic = false, locale = 'und-u-ks-level1');
ALTER TYPE "gaps" RENAME TO "holes";
ALTER FUNCTION "gaps"() RENAME TO "holes";
ALTER FUNCTION "gaps"("gap") RENAME TO "holes";
ALTER FUNCTION "gaps"("gap"[]) RENAME TO "holes";
ALTER TYPE "span" RENAME TO "span_old";
ALTER FUNCTION "span"(double precision, double precision) RENAME TO "span_old";
ALTER FUNCTION "span"(double precision, double precision, text) RENAME TO "span_old";
ALTER TYPE "span_multirange" RENAME TO "span_multirange_old";
ALTER FUNCTION "span_multirange"() RENAME TO "span_multirange_old";
ALTER FUNCTION "span_multirange"("span_old") RENAME TO "span_multirange_old";
ALTER FUNCTION "span_multirange"("span_old"[]) RENAME TO "span_multirange_old";
CREATE TYPE span AS RANGE (
    subtype = numeric,
    multirange_type_name = span_multirange
);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "gs" TYPE holes USING "gs"::text::holes,
  ALTER COLUMN "s" DROP DEFAULT,
  ALTER COLUMN "s" TYPE span USING "s"::text::span,
  ALTER COLUMN "s" SET DEFAULT '[1,2]'::span;
DROP TYPE "span_old";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "word" ALTER COLUMN "w" TYPE text COLLATE "folded";
DROP COLLATION "folded_old";

-- locks: SHARE; builds an index
CREATE UNIQUE INDEX "word_w" ON "word" ("w");
CREATE VIEW "v" AS
SELECT s,
    gs
   FROM t;

-- cmigrate: downgrade
DROP VIEW "v";
ALTER COLLATION "folded" RENAME TO "folded_old";
CREATE COLLATION folded (provider = icu, deterministic = false, locale = 'und-u-ks-level2');
ALTER TYPE "holes" RENAME TO "gaps";
ALTER FUNCTION "holes"() RENAME TO "gaps";
ALTER FUNCTION "holes"("gap") RENAME TO "gaps";
ALTER FUNCTION "holes"("gap"[]) RENAME TO "gaps";
ALTER TYPE "span" RENAME TO "span_old";
ALTER FUNCTION "span"(numeric, numeric) RENAME TO "span_old";
ALTER FUNCTION "span"(numeric, numeric, text) RENAME TO "span_old";
ALTER TYPE "span_multirange" RENAME TO "span_multirange_old";
ALTER FUNCTION "span_multirange"() RENAME TO "span_multirange_old";
ALTER FUNCTION "span_multirange"("span_old") RENAME TO "span_multirange_old";
ALTER FUNCTION "span_multirange"("span_old"[]) RENAME TO "span_multirange_old";
CREATE TYPE span AS RANGE (
    subtype = double precision,
    subtype_diff = float8mi,
    multirange_type_name = span_multirange
);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "gs" TYPE gaps USING "gs"::text::gaps,
  ALTER COLUMN "s" DROP DEFAULT,
  ALTER COLUMN "s" TYPE span USING "s"::text::span,
  ALTER COLUMN "s" SET DEFAULT '[1,2]'::span;
DROP TYPE "span_old";

-- locks: ACCESS EXCLUSIVE
ALTER TABLE "word" ALTER COLUMN "w" TYPE text COLLATE "folded";
DROP COLLATION "folded_old";
CREATE VIEW "v" AS
SELECT s,
    gs
   FROM t;
