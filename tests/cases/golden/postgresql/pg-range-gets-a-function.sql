-- cmigrate: upgrade
DROP VIEW "v";
SET LOCAL check_function_bodies = off;
CREATE OR REPLACE FUNCTION span_distance(double precision, double precision)
 RETURNS double precision
 LANGUAGE sql
 IMMUTABLE
AS $function$select $1 - $2$function$;
ALTER TYPE "span" RENAME TO "span_old";
ALTER FUNCTION "span"(integer, integer) RENAME TO "span_old";
ALTER FUNCTION "span"(integer, integer, text) RENAME TO "span_old";
ALTER TYPE "span_multirange" RENAME TO "span_multirange_old";
ALTER FUNCTION "span_multirange"() RENAME TO "span_multirange_old";
ALTER FUNCTION "span_multirange"("span_old") RENAME TO "span_multirange_old";
ALTER FUNCTION "span_multirange"("span_old"[]) RENAME TO "span_multirange_old";
CREATE TYPE span AS RANGE (
    subtype = double precision,
    subtype_diff = span_distance,
    multirange_type_name = span_multirange
);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE span USING "a"::text::span,
  ALTER COLUMN "b" TYPE span[] USING "b"::text[]::span[];
DROP TYPE "span_old";
CREATE VIEW "v" AS
SELECT a
   FROM t;

-- cmigrate: downgrade
DROP VIEW "v";
ALTER TYPE "span" RENAME TO "span_old";
ALTER FUNCTION "span"(double precision, double precision) RENAME TO "span_old";
ALTER FUNCTION "span"(double precision, double precision, text) RENAME TO "span_old";
ALTER TYPE "span_multirange" RENAME TO "span_multirange_old";
ALTER FUNCTION "span_multirange"() RENAME TO "span_multirange_old";
ALTER FUNCTION "span_multirange"("span_old") RENAME TO "span_multirange_old";
ALTER FUNCTION "span_multirange"("span_old"[]) RENAME TO "span_multirange_old";
CREATE TYPE span AS RANGE (
    subtype = integer,
    multirange_type_name = span_multirange
);

-- locks: ACCESS EXCLUSIVE; rewrites the table and its indexes
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE span USING "a"::text::span,
  ALTER COLUMN "b" TYPE span[] USING "b"::text[]::span[];
DROP TYPE "span_old";
CREATE VIEW "v" AS
SELECT a
   FROM t;
DROP FUNCTION "span_distance"(double precision, double precision);
