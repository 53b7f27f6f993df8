-- cmigrate: upgrade
ALTER TYPE "a_range_of_numbers" RENAME TO "a_range_of_numbers_old";
ALTER FUNCTION "a_range_of_numbers"(integer, integer) RENAME TO "a_range_of_numbers_old";
ALTER FUNCTION "a_range_of_numbers"(integer, integer, text) RENAME TO "a_range_of_numbers_old";
ALTER TYPE "a_multirange_of_numbers" RENAME TO "a_multirange_of_numbers_old";
ALTER FUNCTION "a_multirange_of_numbers"() RENAME TO "a_multirange_of_numbers_old";
ALTER FUNCTION "a_multirange_of_numbers"("a_range_of_numbers_old") RENAME TO "a_multirange_of_numbers_old";
ALTER FUNCTION "a_multirange_of_numbers"("a_range_of_numbers_old"[]) RENAME TO "a_multirange_of_numbers_old";
CREATE TYPE a_range_of_numbers AS RANGE (
    subtype = bigint,
    multirange_type_name = a_multirange_of_numbers
);
ALTER TYPE "float_range" RENAME TO "float_range_old";
ALTER FUNCTION "float_range"(double precision, double precision) RENAME TO "float_range_old";
ALTER FUNCTION "float_range"(double precision, double precision, text) RENAME TO "float_range_old";
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
ALTER TABLE "t" ALTER COLUMN "f" TYPE float_range USING "f"::text::float_range;
DROP TYPE "float_range_old";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "n" TYPE a_range_of_numbers USING "n"::text::a_range_of_numbers;
DROP TYPE "a_range_of_numbers_old";

-- cmigrate: downgrade
ALTER TYPE "a_range_of_numbers" RENAME TO "a_range_of_numbers_old";
ALTER FUNCTION "a_range_of_numbers"(bigint, bigint) RENAME TO "a_range_of_numbers_old";
ALTER FUNCTION "a_range_of_numbers"(bigint, bigint, text) RENAME TO "a_range_of_numbers_old";
ALTER TYPE "a_multirange_of_numbers" RENAME TO "a_multirange_of_numbers_old";
ALTER FUNCTION "a_multirange_of_numbers"() RENAME TO "a_multirange_of_numbers_old";
ALTER FUNCTION "a_multirange_of_numbers"("a_range_of_numbers_old") RENAME TO "a_multirange_of_numbers_old";
ALTER FUNCTION "a_multirange_of_numbers"("a_range_of_numbers_old"[]) RENAME TO "a_multirange_of_numbers_old";
CREATE TYPE a_range_of_numbers AS RANGE (
    subtype = integer,
    multirange_type_name = a_multirange_of_numbers
);
ALTER TYPE "float_range" RENAME TO "float_range_old";
ALTER FUNCTION "float_range"(double precision, double precision) RENAME TO "float_range_old";
ALTER FUNCTION "float_range"(double precision, double precision, text) RENAME TO "float_range_old";
ALTER TYPE "float_multirange" RENAME TO "float_multirange_old";
ALTER FUNCTION "float_multirange"() RENAME TO "float_multirange_old";
ALTER FUNCTION "float_multirange"("float_range_old") RENAME TO "float_multirange_old";
ALTER FUNCTION "float_multirange"("float_range_old"[]) RENAME TO "float_multirange_old";
CREATE TYPE float_range AS RANGE (
    subtype = double precision,
    multirange_type_name = float_multirange
);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "f" TYPE float_range USING "f"::text::float_range;
DROP TYPE "float_range_old";

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t" ALTER COLUMN "n" TYPE a_range_of_numbers USING "n"::text::a_range_of_numbers;
DROP TYPE "a_range_of_numbers_old";
