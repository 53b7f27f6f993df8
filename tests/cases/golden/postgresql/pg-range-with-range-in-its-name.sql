-- cmigrate: upgrade
ALTER TYPE "float_range" RENAME TO "float_range_old";
ALTER FUNCTION "float_range"(double precision, double precision) RENAME TO "float_range_old";
ALTER FUNCTION "float_range"(double precision, double precision, text) RENAME TO "float_range_old";
ALTER TYPE "float_multirange" RENAME TO "float_multirange_old";
ALTER FUNCTION "float_multirange"() RENAME TO "float_multirange_old";
ALTER FUNCTION "float_multirange"("float_range_old") RENAME TO "float_multirange_old";
ALTER FUNCTION "float_multirange"("float_range_old"[]) RENAME TO "float_multirange_old";
CREATE TYPE float_range AS RANGE (
    subtype = numeric,
    multirange_type_name = float_multirange
);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "m" TYPE float_multirange USING "m"::text::float_multirange,
  ALTER COLUMN "s" DROP DEFAULT,
  ALTER COLUMN "s" TYPE float_range USING "s"::text::float_range,
  ALTER COLUMN "s" SET DEFAULT '[1,2]'::float_range;
DROP TYPE "float_range_old";

-- cmigrate: downgrade
ALTER TYPE "float_range" RENAME TO "float_range_old";
ALTER FUNCTION "float_range"(numeric, numeric) RENAME TO "float_range_old";
ALTER FUNCTION "float_range"(numeric, numeric, text) RENAME TO "float_range_old";
ALTER TYPE "float_multirange" RENAME TO "float_multirange_old";
ALTER FUNCTION "float_multirange"() RENAME TO "float_multirange_old";
ALTER FUNCTION "float_multirange"("float_range_old") RENAME TO "float_multirange_old";
ALTER FUNCTION "float_multirange"("float_range_old"[]) RENAME TO "float_multirange_old";
CREATE TYPE float_range AS RANGE (
    subtype = double precision,
    subtype_diff = float8mi,
    multirange_type_name = float_multirange
);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "m" TYPE float_multirange USING "m"::text::float_multirange,
  ALTER COLUMN "s" DROP DEFAULT,
  ALTER COLUMN "s" TYPE float_range USING "s"::text::float_range,
  ALTER COLUMN "s" SET DEFAULT '[1,2]'::float_range;
DROP TYPE "float_range_old";
